"""Somebody who has every release and reckons: one linear programme over all of them.

Written apart from `tomteanalyse.publishing.attack`: it knows only the numbers that were published,
how cells lie in each other, and the rules of telling.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import lil_array

Cell = tuple[int, int]
"""Side of a cell [m] and its id; (0, 0) is the whole."""
EVERYTHING = 10_000


@dataclass(frozen=True)
class Seen:
    """What is published at one time.

    Parameters
    ----------
    numbers
        By cell; one that is missing was held back.
    floor
        The lowest number that is told.
    """

    numbers: Mapping[Cell, int]
    floor: int


class Attacker:
    """Reckons out what every cell may have held at every time.

    Parameters
    ----------
    parts
        The cells in each cell.
    seen
        The releases, the first one first.
    """

    def __init__(self, parts: Mapping[Cell, Sequence[Cell]], seen: Sequence[Seen]) -> None:
        self._cells = sorted({*parts, *(each for inner in parts.values() for each in inner)})
        self._place = {cell: place for place, cell in enumerate(self._cells)}
        self._times = len(seen)
        width = len(self._cells)
        sums = lil_array((len(parts) * self._times, width * self._times))
        row = 0
        for time in range(self._times):
            for cell, inner in parts.items():
                sums[row, self._column(cell, time)] = -1.0
                for part in inner:
                    sums[row, self._column(part, time)] = 1.0
                row += 1
        self._sums = sums.tocsr()
        self._limits = [(0.0, float(EVERYTHING))] * (width * self._times)
        last: dict[Cell, int] = {}
        for time, release in enumerate(seen):
            for cell, number in release.numbers.items():
                # A number that is told again only says that the true one is nearer than the floor.
                again = last.get(cell) == number
                apart = release.floor - 1 if again else 0
                least = max(number - apart, release.floor)
                self._limits[self._column(cell, time)] = (float(least), float(number + apart))
                last[cell] = number

    def between(self, cell: Cell, time: int) -> tuple[int, int]:
        """Return the least and the most that a cell may have held at a time."""
        ends = []
        for sign in (1.0, -1.0):
            goal = np.zeros(len(self._limits))
            goal[self._column(cell, time)] = sign
            solved = linprog(
                goal,
                A_eq=self._sums,
                b_eq=np.zeros(self._sums.shape[0]),
                bounds=self._limits,
                method="highs",
            )
            assert solved.status == 0, "what was published contradicts itself"
            ends.append(sign * solved.fun)
        return int(np.ceil(ends[0] - 1e-6)), int(np.floor(ends[1] + 1e-6))

    def _column(self, cell: Cell, time: int) -> int:
        return time * len(self._cells) + self._place[cell]
