"""How many of the dwellings nearest on foot are municipal homes."""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely
from scipy.spatial import cKDTree

from tomteanalyse.measures.access import PlotFeet
from tomteanalyse.measures.concentration.evenness import Counts, Floats
from tomteanalyse.measures.concentration.homes import MILLIMETRE, SOURCES_AT_A_TIME
from tomteanalyse.network.routing import Feet, Router
from tomteanalyse.network.snapping import Snapper

LONGEST_WALK_M = 5000.0
"""Dwellings farther away than this on foot are nobody's neighbours (normative)."""
FIRST_TRY_M = 400.0
WIDER = 2.0
MILLIMETRES = 1000.0


@dataclass(frozen=True)
class Neighbours:
    """The dwellings around some plots, nearest on foot first.

    Parameters
    ----------
    municipal
        How many of the nearest dwellings are municipal homes, shape (plots, numbers); NaN where
        the number was not reached.
    surely
        How many of those would be so whatever lies beyond the extract's edge, shape as above.
    """

    municipal: Floats
    surely: Floats


def neighbours_on_foot(
    plots: PlotFeet,
    dwelling_xy: Floats,
    dwellings: Counts,
    municipal: Counts,
    *,
    nearest: Counts,
    router: Router,
    snapper: Snapper,
    longest_m: float = LONGEST_WALK_M,
) -> Neighbours:
    """Count the municipal homes among the dwellings nearest on foot.

    Parameters
    ----------
    plots
        The plots on the network.
    dwelling_xy
        Where dwellings are [m], shape (k, 2).
    dwellings, municipal
        How many there, and how many of them municipal, shape (k,).
    nearest
        How many of the nearest dwellings count at each plot, shape (plots, numbers).
    router, snapper
        The network, and what puts dwellings on it. Dwellings with no way near them are nobody's
        neighbours.
    longest_m
        No dwelling farther away is looked for [m].

    Notes
    -----
    The search runs from each plot, no farther than is needed: dwellings on foot are never nearer
    than in a straight line, so that all within the reach of the search are known when it ends. Of
    the dwellings that are equally near where the number is reached, each counts by the same part.
    """
    shape = nearest.shape
    found = Neighbours(np.full(shape, np.nan), np.full(shape, np.nan))
    search = _Search(plots, _Dwellings(dwelling_xy, dwellings, municipal, router, snapper), router)
    asked = np.where(nearest <= dwellings.sum(), nearest, 0).max(axis=1, initial=0)
    pending = np.flatnonzero(np.bincount(plots.feet.place, minlength=len(plots.plots)) > 0)
    edge_m = plots.edge_m.to_numpy(dtype=np.float64)
    reach_m = min(FIRST_TRY_M, longest_m)
    while len(pending):
        left = []
        for plot, metres, group in search.within(pending, reach_m=reach_m):
            all_, mine = search.dwellings.all[group], search.dwellings.municipal[group]
            if all_.sum() < asked[plot] and reach_m < longest_m:
                left.append(plot)
                continue
            found.municipal[plot], found.surely[plot] = _counted(
                metres, all_, mine, nearest=nearest[plot], edge_m=edge_m[plot]
            )
        pending = np.array(left, dtype=np.int64)
        reach_m = min(reach_m * WIDER, longest_m)
    return found


def _counted(
    metres: Floats, all_: Counts, mine: Counts, *, nearest: Counts, edge_m: float
) -> tuple[Floats, Floats]:
    """Count among the nearest: as it is, and of those that are nearer than the extract's edge."""
    order = np.argsort(metres, kind="stable")
    metres, all_, mine = metres[order], all_[order], mine[order]
    counted = np.cumsum(all_)
    municipal, surely = np.full(len(nearest), np.nan), np.full(len(nearest), np.nan)
    for column, number in enumerate(nearest.tolist()):
        if number == 0:
            municipal[column] = surely[column] = 0.0
        if number == 0 or not len(counted) or counted[-1] < number:
            continue
        at = metres[np.searchsorted(counted, number)]
        inside, level = metres < at - MILLIMETRE, np.abs(metres - at) <= MILLIMETRE
        part = (number - all_[inside].sum()) / all_[level].sum()
        share = np.where(inside, 1.0, np.where(level, part, 0.0))
        municipal[column] = (mine * share).sum()
        surely[column] = (mine * share)[metres < edge_m].sum()
    return municipal, surely


class _Dwellings:
    """Dwellings by place, put on the network only where a search comes near them."""

    def __init__(
        self,
        xy: Floats,
        dwellings: Counts,
        municipal: Counts,
        router: Router,
        snapper: Snapper,
    ) -> None:
        whole = np.rint(xy * MILLIMETRES).astype(np.int64)
        places, first, group = np.unique(whole, axis=0, return_index=True, return_inverse=True)
        self.xy: Floats = xy[first]
        self.all: Counts = np.zeros(len(places), dtype=np.int64)
        self.municipal: Counts = np.zeros(len(places), dtype=np.int64)
        np.add.at(self.all, group.ravel(), dwellings)
        np.add.at(self.municipal, group.ravel(), municipal)
        self._router, self._snapper = router, snapper
        self._asked = np.zeros(len(places), dtype=np.bool_)
        self.feet = _no_feet()

    def attach(self, near: Floats, *, reach_m: float) -> None:
        """Put the places within reach of some points on the network, if they are not there yet."""
        if not len(self.xy) or not len(near):
            return
        away, _ = cKDTree(near).query(self.xy, distance_upper_bound=reach_m)
        new = np.flatnonzero(np.isfinite(away) & ~self._asked)
        if not len(new):
            return
        self._asked[new] = True
        feet = self._router.feet(self._snapper.attach(shapely.points(self.xy[new])))
        parts = [
            self.feet,
            Feet(new[feet.place], feet.leg_m, feet.edge, feet.position, feet.start_xy),
        ]
        joined = Feet(
            *(
                np.concatenate([getattr(part, name) for part in parts])
                for name in ("place", "leg_m", "edge", "position", "start_xy")
            )
        )
        self.feet = joined.chosen(np.argsort(joined.place, kind="stable"))


class _Search:
    """Distances on foot from plots to dwellings."""

    def __init__(self, plots: PlotFeet, dwellings: _Dwellings, router: Router) -> None:
        self.plots, self.dwellings, self.router = plots, dwellings, router
        self._departures = router.leaving_from(plots.feet, places=len(plots.plots))

    def within(
        self, chosen: npt.NDArray[np.int64], *, reach_m: float
    ) -> "list[tuple[int, Floats, npt.NDArray[np.int64]]]":
        """Return each plot with the metres to the places of dwellings in reach, and which."""
        mine = np.isin(self.plots.feet.place, chosen)
        self.dwellings.attach(self.plots.feet.start_xy[mine], reach_m=reach_m)
        place, first = np.unique(self.plots.feet.place, return_index=True)
        xy = self.plots.feet.start_xy[first[np.searchsorted(place, chosen)]]
        # Neighbours are searched from together: only the dwellings around them need be looked at.
        order = np.argsort(_along_curve(xy), kind="stable")
        found = []
        for start in range(0, len(order), SOURCES_AT_A_TIME):
            chunk = np.sort(chosen[order[start : start + SOURCES_AT_A_TIME]])
            found += self._from(chunk, reach_m=reach_m)
        return found

    def _from(
        self, chunk: npt.NDArray[np.int64], *, reach_m: float
    ) -> "list[tuple[int, Floats, npt.NDArray[np.int64]]]":
        leaving = self.plots.feet.chosen(np.flatnonzero(np.isin(self.plots.feet.place, chunk)))
        low, high = leaving.start_xy.min(axis=0) - reach_m, leaving.start_xy.max(axis=0) + reach_m
        xy = self.dwellings.xy[self.dwellings.feet.place]
        around = self.dwellings.feet.chosen(
            np.flatnonzero(((xy >= low) & (xy <= high)).all(axis=1))
        )
        if not len(around.place):
            nothing = np.zeros(0, dtype=np.int64)
            return [(int(plot), np.zeros(0), nothing) for plot in chunk]
        field_m = self._departures.distances(chunk, limit_m=reach_m)
        by_leg, _ = self.router.at_feet(around, field_m)
        _along_the_same_edge(by_leg, np.searchsorted(chunk, leaving.place), leaving, around)
        group, first = np.unique(around.place, return_index=True)
        metres = np.minimum.reduceat(by_leg, first, axis=1)
        found = []
        for row, plot in enumerate(chunk.tolist()):
            reached = metres[row] <= reach_m
            found.append((plot, metres[row][reached], group[reached]))
        return found


def _along_the_same_edge(
    by_leg: Floats, row: npt.NDArray[np.int64], leaving: Feet, around: Feet
) -> None:
    """Shorten distances in place where both legs stand on one edge: no junction is passed."""
    order = np.argsort(around.edge, kind="stable")
    first = np.searchsorted(around.edge[order], leaving.edge, side="left")
    last = np.searchsorted(around.edge[order], leaving.edge, side="right")
    mine = np.repeat(np.arange(len(leaving.edge)), last - first)
    within = np.arange(len(mine)) - np.repeat(
        np.cumsum(last - first) - (last - first), last - first
    )
    leg = order[np.repeat(first, last - first) + within]
    metres = (
        np.abs(leaving.position[mine] - around.position[leg])
        + leaving.leg_m[mine]
        + around.leg_m[leg]
    )
    np.minimum.at(by_leg, (row[mine], leg), metres)


def _along_curve(xy: Floats) -> npt.NDArray[np.uint32]:
    curve: npt.NDArray[np.uint32] = gpd.GeoSeries(shapely.points(xy)).hilbert_distance().to_numpy()
    return curve


def _no_feet() -> Feet:
    whole, real = np.zeros(0, dtype=np.int64), np.zeros(0)
    return Feet(whole, real, whole, real, np.zeros((0, 2)))
