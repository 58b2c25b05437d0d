"""How many of a home's nearest neighbours are municipal, and would be after any one of many moves.

Around each municipal home lie its nearest dwellings, a hundred or so. The mean municipal share
among them, over all municipal homes, is a sum of products: homes of each unit, times how much each
place counts for it, times the municipal homes there. A sale changes one term on either side and a
new dwelling the places that count for homes near it, so that each move is a few additions.

Which dwellings are nearest is the rule of `nearest_share`.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array, vstack
from scipy.spatial import cKDTree

from tomteanalyse.measures.concentration.evenness import Counts, Floats
from tomteanalyse.measures.concentration.nearest import SAME_M

Numbers = npt.NDArray[np.int64]
Row = tuple[Numbers, Floats]
"""Places and how much each counts."""


@dataclass(frozen=True)
class Neighbourhoods:
    """What every unit has around it.

    Parameters
    ----------
    xy
        Where the units are [m], shape (n, 2).
    homes
        Municipal homes of each unit, shape (n,).
    belonging
        What part of each unit's homes is among the dwellings of each place, shape (n, k); each row
        adds up to 1. When a unit gives up some of its homes, it does so in these proportions.
    place_xy
        Places of dwellings [m], shape (k, 2).
    dwellings
        How many there, shape (k,).
    counting
        How much a dwelling of each place counts for each unit: 1 divided by `nearest` where it is
        among the nearest, less where it is one of several that are equally near, shape (n, k).
    reach_m
        How far from each unit the last of its nearest lies [m], shape (n,).
    nearest
        How many dwellings count.
    """

    xy: Floats
    homes: Counts
    belonging: csr_array
    place_xy: Floats
    dwellings: Counts
    counting: csr_array
    reach_m: Floats
    nearest: int

    def mean_share(self) -> float:
        """Return the mean municipal share around a municipal home; NaN where there is none."""
        homes = int(self.homes.sum())
        if not homes or self.dwellings.sum() < self.nearest:
            return float("nan")
        return float(self.homes @ self._share / homes)

    def after_giving_up(self, unit: Numbers, homes: Counts) -> Floats:
        """Return the mean share after each of some sales by itself, shape (moves,).

        Parameters
        ----------
        unit, homes
            Which unit gives up how many homes, shape (moves,). They stay dwellings.
        """
        total = self.homes @ self._share
        lost = (self.belonging @ self._pull)[unit] + self._share[unit]
        return _ratio(
            total - homes * lost + homes**2 * self._own_share[unit], self.homes.sum() - homes
        )

    def after_buying(self, at: Floats, homes: int, unit: Numbers) -> tuple[float, Floats]:
        """Return the mean share after homes are bought, and after as many are given up as well.

        Parameters
        ----------
        at
            Where they are bought [m], shape (2,).
        homes
            How many; they are new dwellings.
        unit
            Units that give up as many, each by itself, shape (moves,).
        """
        if self.dwellings.sum() < self.nearest:
            return float("nan"), np.full(len(unit), np.nan)
        near, rows, _ = self._reached_by(at, homes)
        municipal = np.append(self._municipal, homes)
        share, own_share = self._share.copy(), self._own_share.copy()
        pull = np.append(self._pull, 0.0)
        for number, (place, counts) in zip(near.tolist(), rows[:-1], strict=True):
            old_place, old_counts = _row(self.counting, number)
            pull[old_place] -= self.homes[number] * old_counts
            pull[place] += self.homes[number] * counts
            share[number] = counts @ municipal[place]
            counted = dict(zip(place.tolist(), counts.tolist(), strict=True))
            own_share[number] = sum(
                part * counted.get(mine, 0.0)
                for mine, part in zip(*_row(self.belonging, number), strict=True)
            )
        place, counts = rows[-1]
        pull[place] += homes * counts
        total = self.homes @ share + homes * (counts @ municipal[place])
        lost = (self.belonging @ pull[:-1])[unit] + share[unit]
        both = total - homes * lost + homes**2 * own_share[unit]
        all_homes = self.homes.sum()
        return (
            float(total / (all_homes + homes)),
            _ratio(both, np.full(len(unit), all_homes)),
        )

    def with_given_up(self, unit: int, homes: int) -> "Neighbourhoods":
        """Return the neighbourhoods when a unit has given up some homes."""
        left = self.homes.copy()
        left[unit] -= homes
        return Neighbourhoods(
            self.xy,
            left,
            self.belonging,
            self.place_xy,
            self.dwellings,
            self.counting,
            self.reach_m,
            self.nearest,
        )

    def with_bought(self, at: Floats, homes: int) -> "Neighbourhoods":
        """Return the neighbourhoods when homes have been bought; their unit and place come last."""
        width = len(self.dwellings) + 1
        own = _matrix([(np.array([width - 1]), np.ones(1))], width)
        belonging = csr_array(vstack([_widened(self.belonging), own]))
        xy, all_homes = np.concatenate([self.xy, at.reshape(1, 2)]), np.append(self.homes, homes)
        place_xy = np.concatenate([self.place_xy, at.reshape(1, 2)])
        dwellings = np.append(self.dwellings, homes)
        if self.dwellings.sum() < self.nearest:
            return neighbourhoods(
                xy,
                all_homes,
                belonging,
                place_xy=place_xy,
                dwellings=dwellings,
                nearest=self.nearest,
            )
        near, rows, reaches = self._reached_by(at, homes)
        changed = np.append(near, len(self.homes))
        old = np.setdiff1d(np.arange(len(self.homes)), near)
        order = np.argsort(np.concatenate([old, changed]), kind="stable")
        stacked = vstack([_widened(self.counting)[old], _matrix(rows, width)])
        reach_m = np.append(self.reach_m, 0.0)
        reach_m[changed] = reaches
        return Neighbourhoods(
            xy,
            all_homes,
            belonging,
            place_xy,
            dwellings,
            csr_array(stacked)[order],
            reach_m,
            self.nearest,
        )

    def _reached_by(self, at: Floats, homes: int) -> tuple[Numbers, list[Row], Floats]:
        """Return the units that new homes lie among the nearest of, and what counts for them then.

        The last row is that of the new homes themselves, of whom the first returned says nothing;
        then come the reaches of all these rows [m].
        """
        away = np.hypot(*(self.xy - at).T)
        near = np.flatnonzero(away <= self.reach_m + SAME_M)
        around = _nearest(at.reshape(1, 2), self.place_xy, self.dwellings, nearest=self.nearest)
        known = [*(_row(self.counting, unit)[0] for unit in near.tolist()), around[0][0][0]]
        centres = np.concatenate([self.xy[near], at.reshape(1, 2)])
        new = len(self.dwellings)
        rows, reaches = [], []
        for place, centre, metres in zip(known, centres, np.append(away[near], 0.0), strict=True):
            counts, reach = _counting(
                np.append(np.hypot(*(self.place_xy[place] - centre).T), metres),
                np.append(self.dwellings[place], homes),
                nearest=self.nearest,
            )
            rows.append((np.append(place, new), counts))
            reaches.append(reach)
        return near, rows, np.array(reaches)

    @cached_property
    def _municipal(self) -> Floats:
        """Municipal homes by place, shape (k,)."""
        found: Floats = self.belonging.T @ self.homes.astype(np.float64)
        return found

    @cached_property
    def _share(self) -> Floats:
        """Municipal share around each unit, shape (n,)."""
        found: Floats = self.counting @ self._municipal
        return found

    @cached_property
    def _pull(self) -> Floats:
        """How much a municipal home in each place adds to the sum over all homes, shape (k,)."""
        found: Floats = self.counting.T @ self.homes.astype(np.float64)
        return found

    @cached_property
    def _own_share(self) -> Floats:
        """How much one home of each unit counts for the unit itself, shape (n,)."""
        found: Floats = self.counting.multiply(self.belonging).sum(axis=1)
        return found


def neighbourhoods(
    xy: Floats,
    homes: Counts,
    belonging: csr_array,
    *,
    place_xy: Floats,
    dwellings: Counts,
    nearest: int,
) -> Neighbourhoods:
    """Find the nearest dwellings of every unit; parameters as of `Neighbourhoods`."""
    rows, reach_m = _nearest(xy, place_xy, dwellings, nearest=nearest)
    counting = _matrix(rows, len(place_xy))
    return Neighbourhoods(xy, homes, belonging, place_xy, dwellings, counting, reach_m, nearest)


def _nearest(
    xy: Floats, place_xy: Floats, dwellings: Counts, *, nearest: int
) -> tuple[list[Row], Floats]:
    """Return what counts for each point, and how far off the last of it lies [m]."""
    inhabited = np.flatnonzero(dwellings > 0)
    if not len(xy) or dwellings.sum() < nearest:
        nothing = (np.zeros(0, dtype=np.int64), np.zeros(0))
        return [nothing] * len(xy), np.full(len(xy), np.inf)
    tree = cKDTree(place_xy[inhabited])
    # So many places hold enough; one more tells whether the last has its like.
    most = min(nearest + 1, len(inhabited))
    away, found = tree.query(xy, k=np.arange(1, most + 1))
    reached = np.argmax(np.cumsum(dwellings[inhabited][found], axis=1) >= nearest, axis=1)
    reach_m = away[np.arange(len(xy)), reached]
    rows = []
    for row, reach in enumerate(reach_m.tolist()):
        if away[row, -1] <= reach + SAME_M and most < len(inhabited):
            near = np.array(sorted(tree.query_ball_point(xy[row], reach + SAME_M)))
            metres = np.hypot(*(place_xy[inhabited[near]] - xy[row]).T)
        else:
            inside = int(np.searchsorted(away[row], reach + SAME_M, side="right"))
            near, metres = found[row, :inside], away[row, :inside]
        place = inhabited[near]
        rows.append((place, _counting(metres, dwellings[place], nearest=nearest)[0]))
    return rows, reach_m


def _counting(metres: Floats, dwellings: Counts, *, nearest: int) -> tuple[Floats, float]:
    """Return how much a dwelling of each place counts, and how far off the last of them lies [m].

    The places must hold `nearest` dwellings at least, and all that are as near as the last of them.
    """
    order = np.argsort(metres, kind="stable")
    reach = metres[order][np.searchsorted(np.cumsum(dwellings[order]), nearest)]
    inside, level = metres < reach - SAME_M, np.abs(metres - reach) <= SAME_M
    part = (nearest - dwellings[inside].sum()) / dwellings[level].sum()
    counts: Floats = (inside + part * level) / nearest
    return counts, float(reach)


def _row(matrix: csr_array, row: int) -> Row:
    span = slice(matrix.indptr[row], matrix.indptr[row + 1])
    return matrix.indices[span].astype(np.int64), matrix.data[span]


def _widened(matrix: csr_array) -> csr_array:
    """Return a matrix with one more empty column."""
    return csr_array(
        (matrix.data, matrix.indices, matrix.indptr), shape=(matrix.shape[0], matrix.shape[1] + 1)
    )


def _matrix(rows: list[Row], width: int) -> csr_array:
    ends = np.cumsum([0, *(len(place) for place, _ in rows)])
    places = np.concatenate([np.zeros(0, dtype=np.int64), *(place for place, _ in rows)])
    return csr_array(
        (np.concatenate([np.zeros(0), *(counts for _, counts in rows)]), places, ends),
        shape=(len(rows), width),
    )


def _ratio(above: Floats, below: Counts) -> Floats:
    with np.errstate(invalid="ignore", divide="ignore"):
        found: Floats = np.where(below > 0, above / below, np.nan)
    return found
