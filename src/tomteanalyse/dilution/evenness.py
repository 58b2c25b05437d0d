"""What every one of many moves would make of the indices, without counting the town anew.

All three indices follow from sums of whole numbers over cells, and a move touches two cells at
most. With m municipal and o other homes by cell, M and O in all:

- dissimilarity is Σ |O m - M o| / 2MO,
- the Gini index is Σ |m_i o_j - m_j o_i| / MO over pairs of cells,

and a sum of the form Σ |a o - b m| over all cells takes one look into cells in order of their
share. So the answers are exact but for one division.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tomteanalyse.measures.concentration.evenness import Counts, Floats

INDEX_NAMES = ("dissimilarity", "gini", "top_share")
NO_CELL = -1
_AT_A_TIME = 4_000_000


@dataclass(frozen=True)
class Shifts:
    """Moves as what they change in one or two different cells.

    Parameters
    ----------
    cell
        Place of the cell in the town's arrays, `NO_CELL` where there is no second, shape (n, 2).
    municipal, dwellings
        Change of municipal homes and of all dwellings there, shape (n, 2); 0 where no cell is.
    """

    cell: npt.NDArray[np.int64]
    municipal: Counts
    dwellings: Counts

    def __len__(self) -> int:
        return len(self.cell)

    def chosen(self, rows: npt.NDArray[np.int64]) -> "Shifts":
        """Return some of them, in that order; one may be asked for more than once."""
        return Shifts(self.cell[rows], self.municipal[rows], self.dwellings[rows])

    def added_to(self, municipal: Counts, dwellings: Counts) -> tuple[Counts, Counts]:
        """Return homes and dwellings by cell after all of them."""
        there = self.cell != NO_CELL
        after = municipal.copy(), dwellings.copy()
        np.add.at(after[0], self.cell[there], self.municipal[there])
        np.add.at(after[1], self.cell[there], self.dwellings[there])
        return after


class Evenness:
    """How evenly homes are spread over cells, and would be after any one of some moves.

    Parameters
    ----------
    municipal, dwellings
        By cell, shape (n,); no cell has more homes than dwellings.
    top_areas
        How many cells the top share counts.
    """

    def __init__(self, municipal: Counts, dwellings: Counts, *, top_areas: int) -> None:
        self.municipal, self.dwellings = municipal, dwellings
        self._top_areas = top_areas
        self._others = dwellings - municipal
        inhabited = np.flatnonzero(dwellings > 0)
        share = municipal[inhabited] / dwellings[inhabited]
        order = np.argsort(share, kind="stable")
        self._shares = share[order]
        at = inhabited[order]
        self._homes_below = np.append(0, np.cumsum(municipal[at]))
        self._others_below = np.append(0, np.cumsum(self._others[at]))
        self._homes, self._other = int(municipal.sum()), int(self._others.sum())
        self._apart = int(self._against_all(municipal, self._others).sum()) // 2
        # Two cells may be touched, so that two more than are counted can come among the first.
        most = np.lexsort((np.arange(len(municipal)), -municipal))[: top_areas + 2]
        self._most = most

    def now(self, *, index: str) -> float:
        """Return an index (of `INDEX_NAMES`) as it is."""
        nothing = np.zeros((1, 2), dtype=np.int64)
        return float(self.after(Shifts(nothing + NO_CELL, nothing, nothing), index=index)[0])

    def after(self, shifts: Shifts, *, index: str) -> Floats:
        """Return an index (of `INDEX_NAMES`) after each move by itself, shape (n,).

        NaN where no municipal home or no other dwelling is left.
        """
        there = shifts.cell != NO_CELL
        cell = np.where(there, shifts.cell, 0)
        old_m = np.where(there, self.municipal[cell], 0)
        old_o = np.where(there, self._others[cell], 0)
        new_m = old_m + shifts.municipal
        new_o = old_o + shifts.dwellings - shifts.municipal
        homes = self._homes + shifts.municipal.sum(axis=1)
        other = self._other + (shifts.dwellings - shifts.municipal).sum(axis=1)
        match index:
            case "dissimilarity":
                above = self._uneven(homes, other, old_m, old_o, new_m, new_o)
                below = 2 * homes * other
            case "gini":
                above, below = self._differing(old_m, old_o, new_m, new_o), homes * other
            case "top_share":
                above, below = self._top(shifts.cell, new_m), homes
            case _:
                raise ValueError(f"there is no index {index}")
        with np.errstate(invalid="ignore", divide="ignore"):
            found: Floats = np.where((homes > 0) & (other > 0), above / below, np.nan)
        return found

    def _against_all(self, a: Counts, b: Counts) -> Counts:
        """Return Σ |a o - b m| over all cells as they are, for each pair a, b."""
        both = a + b
        share = np.divide(a, both, out=np.zeros(both.shape), where=both > 0)
        below = np.searchsorted(self._shares, share, side="right")
        others, homes = 2 * self._others_below[below], 2 * self._homes_below[below]
        found: Counts = a * (others - self._other) - b * (homes - self._homes)
        return found

    def _uneven(
        self,
        homes: Counts,
        other: Counts,
        old_m: Counts,
        old_o: Counts,
        new_m: Counts,
        new_o: Counts,
    ) -> Counts:
        a, b = homes[:, None], other[:, None]
        changed = np.abs(a * new_o - b * new_m) - np.abs(a * old_o - b * old_m)
        found: Counts = self._against_all(homes, other) + changed.sum(axis=1)
        return found

    def _differing(self, old_m: Counts, old_o: Counts, new_m: Counts, new_o: Counts) -> Counts:
        """Return Σ |m_i o_j - m_j o_i| over pairs of cells after each move."""
        before = self._against_all(old_m, old_o).sum(axis=1)
        after = self._against_all(new_m, new_o).sum(axis=1)
        # What the touched cells differ from touched cells is counted otherwise.
        for one in (0, 1):
            for two in (0, 1):
                after -= np.abs(new_m[:, one] * old_o[:, two] - new_o[:, one] * old_m[:, two])
        before -= np.abs(old_m[:, 0] * old_o[:, 1] - old_o[:, 0] * old_m[:, 1])
        after += np.abs(new_m[:, 0] * new_o[:, 1] - new_o[:, 0] * new_m[:, 1])
        found: Counts = self._apart - before + after
        return found

    def _top(self, cell: npt.NDArray[np.int64], new_m: Counts) -> Counts:
        """Return the homes of the cells that hold the most of them after each move."""
        most, count = self._most, min(self._top_areas, len(self.municipal))
        found = np.zeros(len(cell), dtype=np.int64)
        step = max(1, _AT_A_TIME // (len(most) + 2))
        for first in range(0, len(cell), step):
            rows = slice(first, first + step)
            touched = (most == cell[rows, :1]) | (most == cell[rows, 1:])
            held = np.where(touched, 0, self.municipal[most])
            held = np.column_stack([held, np.where(cell[rows] != NO_CELL, new_m[rows], 0)])
            held = np.partition(held, held.shape[1] - count, axis=1)
            found[rows] = held[:, held.shape[1] - count :].sum(axis=1)
        return found
