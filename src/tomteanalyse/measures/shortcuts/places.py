"""Where residents of all plots would cross: places with a stretch, a peak and a load."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from tomteanalyse.measures.shortcuts.barrier_lines import BarrierLines
from tomteanalyse.measures.shortcuts.encounters import Crossing, Encounters
from tomteanalyse.measures.shortcuts.measure import ShortcutMeasure
from tomteanalyse.measures.shortcuts.pairs import Pair, temptation
from tomteanalyse.network.shortcuts.arrays import Ints

SHOWN_RISK = 0.05
SHOWN_SAVING_M = 25.0
SAME_BARRIER_M = 40.0
"""Crossings of the same way, name or number this near each other are one place."""
SAME_STRETCH_M = 100.0
"""So are those this near each other where no crossing, bridge or underpass lies between: they would
be closed off together. Measured along one suburban line: nine places become three, and none
reaches past a level crossing."""
NEAR_M = 25.0
"""So are those of any lines of a kind this near: tracks and carriageways side by side."""
MOSTLY = 0.5


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
        The part of the barrier that its crossings lie on [m]; the peak where they lie at one spot.
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
        Whether more than half its load hangs on what lies outside the extract; such a place never
        leads a list.
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
    if not visits:
        return [], []
    lines = BarrierLines(measures[0].levels.ground.network)
    lists = []
    for severe in (True, False):
        mine = [each for each in visits if _on_severe_list(each.crossing) == severe]
        groups = _groups([each.crossing for each in mine], lines)
        found = [
            _place(lines, [mine[row] for row in np.flatnonzero(groups == group).tolist()])
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


def _groups(crossings: list[Crossing], lines: BarrierLines) -> Ints:
    """Return the place of each crossing, by single linkage."""
    xy = np.array([each.xy for each in crossings]).reshape(-1, 2)
    points = shapely.points(xy)
    a, b = shapely.STRtree(points).query(points, predicate="dwithin", distance=SAME_STRETCH_M)
    away = shapely.distance(points[a], points[b])
    same = np.array(
        [
            _same_barrier(crossings[one], crossings[other], near=close)
            for one, other, close in zip(a.tolist(), b.tolist(), away <= NEAR_M, strict=True)
        ],
        dtype=np.bool_,
    )
    far = np.flatnonzero(same & (away > SAME_BARRIER_M))
    same[far] = ~lines.passed_between(xy[a[far]], xy[b[far]])
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


def _place(lines: BarrierLines, visits: list[_Visit]) -> CrossingPlace:
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
    load = math.fsum(each.load for each in visits)
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
        stretch=lines.stretch(crossing, np.array(list(by_point))),
        ways=tuple(sorted({each.crossing.way for each in visits})),
        load=load,
        median_saving_m=float(np.median(list(saved.values()))),
        median_safe_distance_m=middle(list(safe.values())),
        plots=tuple(sorted({each.plot for each in visits})),
        destinations=tuple(sorted({each.destination for each in visits})),
        visits=frozenset((*each.pair, each.crossing.xy) for each in visits),
        edge=math.fsum(each.load for each in visits if each.edge) > MOSTLY * load,
        winding=lines.winds(crossing),
    )


def middle(metres: list[float]) -> float:
    """Return the median; of an even number that are not all finite, the larger of the two."""
    ordered = sorted(metres)
    lower, upper = ordered[(len(ordered) - 1) // 2], ordered[len(ordered) // 2]
    return upper if np.isinf(upper) else (lower + upper) / 2.0
