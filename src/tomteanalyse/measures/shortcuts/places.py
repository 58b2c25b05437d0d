"""Where residents of all plots would cross: places with a stretch, a peak and a load."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
import shapely.ops
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from tomteanalyse.measures.shortcuts.encounters import Crossing, Encounters
from tomteanalyse.measures.shortcuts.measure import ShortcutMeasure
from tomteanalyse.measures.shortcuts.pairs import Pair, temptation
from tomteanalyse.network.shortcuts.arrays import Ints

SHOWN_RISK = 0.05
SHOWN_SAVING_M = 25.0
SAME_BARRIER_M = 40.0
"""Crossings of the same way, name or number this near each other are one place."""
NEAR_M = 25.0
"""So are those of any lines of a kind this near: tracks and carriageways side by side."""
WINDING_M = 300.0
WINDING = 2.0
"""A road whose length within 300 m to either side is more than twice its chord winds: the straight
way up a slope is no shortcut."""


@dataclass(frozen=True)
class CrossingPlace:
    """A stretch of a hazard that ways of several pairs cross.

    Parameters
    ----------
    severe
        Whether it is a place of the severe list (rail, motorway, fast roads) or the moderate one.
    barrier, road_class, name, ref, speed_kmh, lanes, severity
        Of the peak's line; severity 0-1, the largest of one way over all its lines.
    peak
        The crossing with the largest load [m].
    stretch
        Points of all crossings as a line along the barrier [m]; a point where there is one.
    ways
        OSM way ids, sorted.
    load
        Sum over the pairs of what each counts times temptation times severity.
    median_saving_m
        What crossing saves, over the pairs [m].
    median_safe_distance_m
        Metres of the safe way instead, over the pairs; inf where most have none.
    plots, destinations
        Ids of those that it serves, sorted.
    visits
        The crossings that it holds: plot id, destination id, and where [m].
    edge
        Whether it depends on what lies outside the extract; such a place never leads a list.
    winding
        Whether the road's own winding makes the saving.
    """

    severe: bool
    barrier: str
    road_class: str
    name: str | None
    ref: str | None
    speed_kmh: float | None
    lanes: int | None
    severity: float
    peak: tuple[float, float]
    stretch: shapely.Geometry
    ways: tuple[int, ...]
    load: float
    median_saving_m: float
    median_safe_distance_m: float
    plots: tuple[str, ...]
    destinations: tuple[str, ...]
    visits: frozenset[tuple[str, str, tuple[float, float]]]
    edge: bool
    winding: bool


@dataclass(frozen=True)
class _Visit:
    """One crossing on the way of one pair."""

    plot: str
    destination: str
    crossing: Crossing
    load: float
    saving_m: float
    safe_m: float
    edge: bool

    @property
    def pair(self) -> tuple[str, str]:
        """The ids of the pair."""
        return self.plot, self.destination


def crossing_places(
    measures: Sequence[ShortcutMeasure],
) -> tuple[list[CrossingPlace], list[CrossingPlace]]:
    """Find the places where ways cross hazards.

    Parameters
    ----------
    measures
        Measures of the same extract. A plot that several of them hold counts as in the last.

    Returns
    -------
    tuple
        Severe and moderate places, each with those that are sure first, by load.
    """
    last = {plot: number for number, each in enumerate(measures) for plot in each.plots}
    visits = [
        visit
        for number, measure in enumerate(measures)
        for severe in (True, False)
        for visit in _visits(measure, severe=severe)
        if last[visit.plot] == number
    ]
    lists = []
    for severe in (True, False):
        mine = [each for each in visits if _on_severe_list(each.crossing) == severe]
        groups = _groups([each.crossing for each in mine])
        found = [
            _place(measures[0], [mine[row] for row in np.flatnonzero(groups == group).tolist()])
            for group in range(int(groups.max(initial=-1)) + 1)
        ]
        found.sort(key=lambda place: (place.edge or place.winding, -place.load, place.peak))
        lists.append(found)
    return lists[0], lists[1]


def _on_severe_list(crossing: Crossing) -> bool:
    """Tell on which list a crossing goes: of tracks, even a siding is no moderate matter."""
    return crossing.severe or crossing.barrier == "rail"


def _visits(measure: ShortcutMeasure, *, severe: bool) -> list[_Visit]:
    weight = measure.index.shares["weight"].to_numpy()
    found = []
    for number, pair in enumerate(measure.pairs):
        saving_m, meeting = _term(pair, severe=severe)
        tempted = temptation(saving_m, scale_m=measure.parameters.temptation_m)
        if saving_m < SHOWN_SAVING_M or tempted * meeting.severity < SHOWN_RISK:
            continue
        found += [
            _Visit(
                plot=measure.plots[pair.plot],
                destination=measure.destinations.index[pair.destination],
                crossing=each,
                load=float(weight[number]) * tempted * each.severity,
                saving_m=saving_m,
                safe_m=pair.safe_distance_m,
                edge="edge" in measure.flags[number],
            )
            for each in meeting.crossings
            if each.severe == severe
        ]
    return found


def _term(pair: Pair, *, severe: bool) -> tuple[float, Encounters]:
    if severe:
        return pair.saving_severe_m, pair.severe
    return pair.saving_moderate_m, pair.moderate


def _groups(crossings: list[Crossing]) -> Ints:
    """Return the place of each crossing, by single linkage."""
    points = shapely.points(np.array([each.xy for each in crossings]).reshape(-1, 2))
    a, b = shapely.STRtree(points).query(points, predicate="dwithin", distance=SAME_BARRIER_M)
    near = shapely.distance(points[a], points[b]) <= NEAR_M
    same = np.array(
        [
            _same_barrier(crossings[one], crossings[other], near=close)
            for one, other, close in zip(a.tolist(), b.tolist(), near.tolist(), strict=True)
        ],
        dtype=np.bool_,
    )
    links = coo_array((np.ones(same.sum()), (a[same], b[same])), shape=(len(points),) * 2)
    groups: Ints = connected_components(links, directed=False)[1].astype(np.int64)
    return groups


def _same_barrier(one: Crossing, other: Crossing, *, near: bool) -> bool:
    if one.barrier != other.barrier:
        return False
    named = (one.ref is not None and one.ref == other.ref) or (
        one.name is not None and one.name == other.name
    )
    return near or named or one.way == other.way


def _place(measure: ShortcutMeasure, visits: list[_Visit]) -> CrossingPlace:
    loads: dict[tuple[float, float], list[float]] = {}
    spared: dict[tuple[str, str], float] = {}
    for each in visits:
        loads.setdefault(each.crossing.xy, []).append(each.load)
        spared[each.pair] = spared.get(each.pair, 1.0) * (1.0 - each.crossing.severity)
    # Exact sums, so that the order of plots changes nothing.
    by_point = {xy: math.fsum(loads[xy]) for xy in sorted(loads)}
    peak = min(by_point, key=lambda xy: (-by_point[xy], xy))
    crossing = min(
        (each.crossing for each in visits if each.crossing.xy == peak),
        key=lambda each: (-each.severity, each.way),
    )
    saved = {each.pair: each.saving_m for each in visits}
    safe = {each.pair: each.safe_m for each in visits}
    return CrossingPlace(
        severe=_on_severe_list(crossing),
        barrier=crossing.barrier,
        road_class=crossing.road_class,
        name=crossing.name,
        ref=crossing.ref,
        speed_kmh=crossing.speed_kmh,
        lanes=crossing.lanes,
        severity=1.0 - min(spared.values()),
        peak=peak,
        stretch=_stretch(np.array(list(by_point))),
        ways=tuple(sorted({each.crossing.way for each in visits})),
        load=math.fsum(each.load for each in visits),
        median_saving_m=float(np.median(list(saved.values()))),
        median_safe_distance_m=middle(list(safe.values())),
        plots=tuple(sorted({each.plot for each in visits})),
        destinations=tuple(sorted({each.destination for each in visits})),
        visits=frozenset((*each.pair, each.crossing.xy) for each in visits),
        edge=any(each.edge for each in visits),
        winding=_winds(measure, crossing),
    )


def middle(metres: list[float]) -> float:
    """Return the median; of an even number that are not all finite, the larger of the two."""
    ordered = sorted(metres)
    lower, upper = ordered[(len(ordered) - 1) // 2], ordered[len(ordered) // 2]
    return upper if np.isinf(upper) else (lower + upper) / 2.0


def _stretch(xy: "np.ndarray[tuple[int, int], np.dtype[np.float64]]") -> shapely.Geometry:
    """Return the points as a line in the direction in which they spread most."""
    if len(xy) == 1:
        return shapely.Point(xy[0])
    middle = xy - xy.mean(axis=0)
    direction = np.linalg.eigh(middle.T @ middle)[1][:, -1]
    return shapely.LineString(xy[np.argsort(middle @ direction, kind="stable")])


def _winds(measure: ShortcutMeasure, crossing: Crossing) -> bool:
    """Tell whether the road that is crossed winds around the crossing."""
    if crossing.barrier != "road":
        return False
    lines, here = measure.levels.ground.network.extract.lines, shapely.Point(crossing.xy)
    drawn = [
        shapely.LineString(lines.xy[slice(*lines.start[row : row + 2])])
        for row in np.flatnonzero(lines.way == crossing.way).tolist()
    ]
    road = min(drawn, key=here.distance)
    at = road.project(here)
    part = shapely.ops.substring(road, max(0.0, at - WINDING_M), at + WINDING_M)
    first, last = part.coords[0], part.coords[-1]
    return bool(part.length > WINDING * max(np.hypot(first[0] - last[0], first[1] - last[1]), 1.0))
