"""Tell dwellings that the municipality built or tore down from those that came and went by others.

A home the municipality builds is in the register and, sooner or later, among the dwellings too: one
event that two files tell, seldom with the same date. Counted twice it would be a home built, and
some months before or after it one more dwelling that others built. So every home that the register
says was built or torn down is paired with a dwelling, and the register's day holds.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from tomteanalyse.measures.concentration.evenness import Counts
from tomteanalyse.monitoring.happened import ALWAYS, NEVER, Flags, Happened, together

NEAR_DAYS = 730
"""Dates of two files this near each other may be of the same dwelling [days]."""


@dataclass(frozen=True)
class Spans:
    """Municipal homes, or dwellings, that are there for a span of time, shape (n,).

    Parameters
    ----------
    place
        Number of the place they are in.
    count
        How many.
    first, end
        The first day they are there, and the first they no longer are, counted from 1970
        (`ALWAYS`, `NEVER`).
    built, torn_down
        Whether they began by the municipality's building them, and ended by its tearing them down.
    building
        Number of their building, -1 where it is unknown.
    """

    place: Counts
    count: Counts
    first: Counts
    end: Counts
    built: Flags
    torn_down: Flags
    building: Counts


@dataclass(frozen=True)
class Paired:
    """Dwellings that agree with the register.

    Parameters
    ----------
    dwellings
        All of them.
    replaced
        Homes that were torn down though no dwelling went: others took their place at once. On
        ``unit`` (int: the row among the homes): ``homes`` (int64).
    added
        Dwellings that only the register knows of, as they came and went.
    """

    dwellings: Spans
    replaced: pd.Series
    added: Happened


def paired(homes: Spans, dwellings: Spans) -> Paired:
    """Pair the homes that were built or torn down with dwellings.

    Parameters
    ----------
    homes
        From the register, in the order of its units.
    dwellings
        From the file of dwellings, none of them ``built`` or ``torn_down``.

    Notes
    -----
    A home that was torn down is paired with a dwelling in its building, else in its place, that
    went within `NEAR_DAYS`, the nearest in time first. Where the file says of no dwelling at all
    when it went, it holds those of today only, and the home is added to it up to that day. One that
    was built is paired with its own dwelling if it was torn down later, else with one that was
    built within `NEAR_DAYS`, else with one that does not say when it was built; where there is
    none, it is added. Of a pair the register's place holds as well as its day. A row is parted
    where only some of its dwellings are meant.
    """
    rows = _Rows(dwellings)
    replaced = dict[int, int]()
    of_unit = defaultdict[int, list[int]](list)
    tells_of_ends = bool((dwellings.end < NEVER).any())
    for unit in _in_order(homes.torn_down & (homes.end < NEVER), homes.end):
        end, left = int(homes.end[unit]), int(homes.count[unit])
        for row in rows.gone_near(homes, unit):
            taken, used = rows.part(row, at_most=left)
            rows.place[taken] = int(homes.place[unit])
            rows.end[taken], rows.torn_down[taken] = end, True
            of_unit[unit].append(taken)
            left -= used
            if not left:
                break
        if left and not tells_of_ends:
            of_unit[unit].append(rows.add(homes, unit, left, first=ALWAYS, end=end))
        elif left:
            replaced[unit] = left
    for unit in _in_order(homes.built & (homes.first > ALWAYS), homes.first):
        first, left = int(homes.first[unit]), int(homes.count[unit])
        for row in rows.built_near(homes, unit, own=of_unit[unit]):
            taken, used = rows.part(row, at_most=left)
            rows.place[taken] = int(homes.place[unit])
            rows.first[taken], rows.built[taken] = first, True
            left -= used
            if not left:
                break
        if left:
            # The file may still hold it when the register no longer does: so it has no end.
            taken = rows.add(homes, unit, left, first=first, end=NEVER)
            rows.built[taken] = True
    series = pd.Series(replaced, dtype="int64", name="homes").rename_axis("unit").sort_index()
    return Paired(rows.finished(), series, rows.known_only())


def _in_order(chosen: Flags, days: Counts) -> list[int]:
    """Return the chosen rows, earliest first; those of one day stay in their order."""
    numbers = np.flatnonzero(chosen)
    return [int(each) for each in numbers[np.argsort(days[numbers], kind="stable")]]


class _Rows:
    """The dwellings' columns as lists that grow where a row is parted or one is added."""

    def __init__(self, dwellings: Spans) -> None:
        self.place = dwellings.place.tolist()
        self.count = dwellings.count.tolist()
        self.first = dwellings.first.tolist()
        self.end = dwellings.end.tolist()
        self.building = dwellings.building.tolist()
        self.built = [False] * len(self.place)
        self.torn_down = [False] * len(self.place)
        self.added = [False] * len(self.place)
        self._in_place = defaultdict[int, list[int]](list)
        self._in_building = defaultdict[int, list[int]](list)
        for row in range(len(self.place)):
            self._enter(row)

    def _enter(self, row: int) -> None:
        self._in_place[self.place[row]].append(row)
        if self.building[row] >= 0:
            self._in_building[self.building[row]].append(row)

    def _around(self, homes: Spans, unit: int) -> list[tuple[bool, int]]:
        """Return rows, and whether they lie only in the same place, not in the same building."""
        building = int(homes.building[unit])
        inside = [(False, row) for row in self._in_building[building]] if building >= 0 else []
        beside = [
            (True, row)
            for row in self._in_place[int(homes.place[unit])]
            if building < 0 or self.building[row] != building
        ]
        return inside + beside

    def gone_near(self, homes: Spans, unit: int) -> Iterator[int]:
        end = int(homes.end[unit])
        near = [
            (beside, abs(self.end[row] - end), row)
            for beside, row in self._around(homes, unit)
            if abs(self.end[row] - end) <= NEAR_DAYS
            and self.first[row] < end
            and not self.torn_down[row]
        ]
        return (row for *_, row in sorted(near))

    def built_near(self, homes: Spans, unit: int, *, own: list[int]) -> Iterator[int]:
        first = int(homes.first[unit])
        open_ = [
            (beside, row)
            for beside, row in self._around(homes, unit)
            if not self.built[row] and not self.torn_down[row] and self.end[row] > first
        ]
        dated = [
            (beside, abs(self.first[row] - first), row)
            for beside, row in open_
            if abs(self.first[row] - first) <= NEAR_DAYS
        ]
        undated = sorted((beside, row) for beside, row in open_ if self.first[row] == ALWAYS)
        yield from own
        yield from (row for *_, row in sorted(dated))
        yield from (row for _, row in undated)

    def part(self, row: int, *, at_most: int) -> tuple[int, int]:
        """Return a row with at most so many of the row's dwellings, and how many it has."""
        if self.count[row] <= at_most:
            return row, self.count[row]
        self.count[row] -= at_most
        for column in (self.place, self.first, self.end, self.building):
            column.append(column[row])
        self.built.append(self.built[row])
        self.torn_down.append(self.torn_down[row])
        self.added.append(self.added[row])
        self.count.append(at_most)
        self._enter(len(self.count) - 1)
        return len(self.count) - 1, at_most

    def add(self, homes: Spans, unit: int, count: int, *, first: int, end: int) -> int:
        """Add dwellings that only the register knows of, and return their row."""
        self.place.append(int(homes.place[unit]))
        self.count.append(count)
        self.first.append(first)
        self.end.append(end)
        self.building.append(int(homes.building[unit]))
        self.built.append(False)
        self.torn_down.append(end < NEVER)
        self.added.append(True)
        self._enter(len(self.count) - 1)
        return len(self.count) - 1

    def finished(self) -> Spans:
        numbers = (self.place, self.count, self.first, self.end)
        place, count, first, end = (np.array(each, dtype=np.int64) for each in numbers)
        return Spans(
            place=place,
            count=count,
            first=first,
            end=end,
            built=np.array(self.built, dtype=bool),
            torn_down=np.array(self.torn_down, dtype=bool),
            building=np.array(self.building, dtype=np.int64),
        )

    def known_only(self) -> Happened:
        """Return what was added, as it came and went."""
        rows = np.flatnonzero(self.added)
        place, count, first, end = (
            np.array(column, dtype=np.int64)[rows]
            for column in (self.place, self.count, self.first, self.end)
        )
        return together(Happened(place, first, count), Happened(place, end, -count))
