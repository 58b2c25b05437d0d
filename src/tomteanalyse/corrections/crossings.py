"""New safe crossings: a way across a road or railway, joined to the ways on both sides."""

from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np
import shapely
import shapely.ops

from tomteanalyse.corrections.draft import Draft, Floats, Line
from tomteanalyse.corrections.kinds import GRADE_SEPARATED
from tomteanalyse.corrections.misfit import Misfit
from tomteanalyse.corrections.touched import REACH_M, Touched, name_of
from tomteanalyse.extract import Tags
from tomteanalyse.network.shortcuts.crossing_classes import UNSAFE, Meeting, road_crossing
from tomteanalyse.network.shortcuts.severity import lane_count, rail_severity
from tomteanalyse.network.way_classes import (
    DEFAULT_SPEED_KMH,
    Grade,
    WayClass,
    grade,
    speed_kmh,
    way_class,
)

SIDE_M = 100.0
"""A crossing drawn as a point is joined to a way within this on either side (normative)."""
ONE_BARRIER_M = 30.0
"""Tracks and carriageways this near each other are crossed in one go."""
CLEAR_M = 2.0
"""A crossing reaches this far beyond what it crosses before it may meet a way."""
SAME_SPOT_M = 0.5
NODE_TAGS: dict[str, Tags] = {
    "marked": {"highway": "crossing", "crossing": "marked"},
    "signals": {"highway": "crossing", "crossing": "traffic_signals"},
    "level_crossing": {"railway": "crossing", "crossing:barrier": "full"},
}
WAY_TAGS: dict[str, Tags] = {
    "underpass": {"highway": "footway", "tunnel": "yes", "layer": "-1"},
    "bridge": {"highway": "footway", "bridge": "yes", "layer": "1"},
}
CROSSING_WAY: Tags = {"highway": "footway", "footway": "crossing"}
HAZARDS = frozenset({WayClass.RAIL, WayClass.MOTORWAY, WayClass.FAST_ROAD})
WALKED = frozenset({WayClass.FOOT, WayClass.STREET})

Fits = Callable[[Line], bool]


class _Crossing(Protocol):
    geometry: shapely.Geometry
    crossing: str
    name: str | None
    way: int | None


def new_crossing(draft: Draft, correction: _Crossing) -> Touched:
    """Build a safe crossing: along a line as it is drawn, or straight across at a point.

    Raises
    ------
    Misfit
        ``corrections.nothing_to_cross``, ``corrections.crossing_does_not_fit``,
        ``corrections.crosses_more``, ``corrections.no_way_on_side``, ``corrections.end_not_joined``
        or ``corrections.unknown_way``.
    """
    kind = correction.crossing
    crossable = _crossable(kind)
    if correction.way is not None and not draft.of_way(correction.way):
        raise Misfit("corrections.unknown_way", way=correction.way)
    if correction.geometry.geom_type == "Point":
        path = _straight_across(draft, correction, crossable)
    else:
        path = _as_drawn(draft, correction.geometry)
    drawn = shapely.LineString(path)
    # The ways it leads to are met, not crossed.
    between = shapely.ops.substring(drawn, SAME_SPOT_M, drawn.length - SAME_SPOT_M)
    crossed, _ = draft.within(between, crossable, reach_m=0.0)
    if not len(crossed):
        raise Misfit("corrections.nothing_to_cross", reach_m=REACH_M)
    names = [name_of(draft.lines[at].tags) for at in crossed.tolist()]
    ways = {draft.lines[at].way for at in crossed.tolist()}
    nodes: list[int] = []
    tags = WAY_TAGS.get(kind, CROSSING_WAY)
    joined: dict[int, int] = {}
    if kind not in GRADE_SEPARATED:
        _check_at_grade(draft, between, kind, crossed.tolist())
        path, joined = _with_nodes(draft, drawn, kind, crossed.tolist())
        nodes += joined.values()
    for end in (0, len(path) - 1):
        if end not in joined and (node := _join(draft, path[end])) is not None:
            joined[end] = node
    if len(path) > 1:
        named = {"name": correction.name} if correction.name else {}
        ways.add(draft.add(path, {**tags, **named}, joined=joined))
    told = sorted({name for name in names if name})
    return Touched(", ".join(told) or None, tuple(sorted(ways)), tuple(sorted({*nodes})))


def _crossable(kind: str) -> Fits:
    """Return what a crossing of this kind leads over or under."""
    return _is_rail if kind == "level_crossing" else _is_road if kind in NODE_TAGS else _is_either


def _straight_across(draft: Draft, correction: _Crossing, crossable: Fits) -> Floats:
    """Return the path from the nearest way on one side to that on the other [m]."""

    def meant(line: Line) -> bool:
        return crossable(line) and correction.way in (None, line.way)

    nearest = draft.nearest(correction.geometry, meant, reach_m=REACH_M)
    if nearest is None:
        raise Misfit("corrections.nothing_to_cross", reach_m=REACH_M)
    line = draft.lines[nearest]
    along_m = line.drawn.project(correction.geometry)
    at = max(1, min(int(np.searchsorted(line.metres, along_m)), len(line.metres) - 1))
    direction = (line.xy[at] - line.xy[at - 1]) / np.hypot(*(line.xy[at] - line.xy[at - 1]))
    here = shapely.get_coordinates(line.drawn.interpolate(along_m))[0]
    across = np.array([-direction[1], direction[0]])
    ends = [_end_on_side(draft, here, side * across, crossable) for side in (1.0, -1.0)]
    # On a street with kerbs one may cross without a path to it.
    walked = correction.crossing not in GRADE_SEPARATED and way_class(line.tags) is WayClass.STREET
    if any(end is None for end in ends) and not walked:
        raise Misfit("corrections.no_way_on_side", reach_m=SIDE_M)
    one, other = ends
    path = [each for each in (one, here, other) if each is not None]
    if len(path) == 1:
        path = [here - CLEAR_M * across, here + CLEAR_M * across]
    elif one is None or other is None:
        # A step beyond the kerb, so that the path leads across and not only up to it.
        step = -CLEAR_M * across if other is None else CLEAR_M * across
        path = [path[0], here, here + step] if other is None else [here + step, here, path[-1]]
    return np.array(path)


def _end_on_side(draft: Draft, here: Floats, across: Floats, crossable: Fits) -> Floats | None:
    """Return the nearest point of a way beyond all that is crossed to one side, None without."""
    ray = shapely.LineString([here, here + SIDE_M * across])
    crossed, _ = draft.within(ray, crossable, reach_m=0.0)
    own = {draft.lines[at].way for at in crossed.tolist()}
    origin = shapely.Point(here)
    met = sorted(
        origin.distance(each)
        for at in crossed.tolist()
        for each in shapely.get_parts(draft.lines[at].drawn.intersection(ray))
    )
    clear_m = 0.0
    for metres in met:
        if metres - clear_m <= ONE_BARRIER_M:
            clear_m = metres
    along = SIDE_M * np.array([-across[1], across[0]])
    near, far = here + (clear_m + CLEAR_M) * across, here + SIDE_M * across
    side = shapely.Polygon([near - along, near + along, far + along, far - along])
    ways, _ = draft.within(side, lambda line: _is_walked(line) and line.way not in own, reach_m=0.0)
    points = [
        shapely.shortest_line(origin, draft.lines[at].drawn.intersection(side)).coords[-1]
        for at in ways.tolist()
    ]
    reached = sorted(
        (round(origin.distance(shapely.Point(each)), 3), each)
        for each in points
        if origin.distance(shapely.Point(each)) <= SIDE_M
    )
    for _, each in reached:
        leg = shapely.LineString([near, each])
        stopped, _ = draft.within(leg, _is_hazard, reach_m=0.0)
        if not len(stopped):
            return np.array(each)
    return None


def _as_drawn(draft: Draft, drawn: shapely.Geometry) -> Floats:
    """Return the line as it is drawn, led on to the nearest way at both ends [m]."""
    path = shapely.get_coordinates(drawn)
    ends = []
    for end in (path[0], path[-1]):
        nearest = draft.nearest(shapely.Point(end), _is_walked, reach_m=REACH_M)
        if nearest is None:
            raise Misfit("corrections.end_not_joined", reach_m=REACH_M)
        line = draft.lines[nearest].drawn
        ends.append(shapely.get_coordinates(line.interpolate(line.project(shapely.Point(end))))[0])
    whole = np.vstack([ends[0], path, ends[1]])
    apart = np.hypot(*np.diff(whole, axis=0).T) > SAME_SPOT_M
    # Where the line begins on the way itself, the way's own point is kept.
    kept = np.ones(len(whole), dtype=np.bool_)
    kept[1:-1] = apart[:-1] if len(whole) > 2 else True
    kept[-2] &= bool(apart[-1])
    return whole[kept]


def _check_at_grade(draft: Draft, drawn: shapely.LineString, kind: str, crossed: list[int]) -> None:
    """Check that the crossing counts on what it crosses, and crosses nothing else.

    Raises
    ------
    Misfit
        ``corrections.crossing_does_not_fit``, ``corrections.crosses_more``.
    """
    for at in crossed:
        tags = draft.lines[at].tags
        speed = speed_kmh(tags)[0]
        if kind == "level_crossing":
            continue
        motorway = way_class(tags) is WayClass.MOTORWAY
        meeting = Meeting(NODE_TAGS[kind], foot=True, street=False, both_sides=True, unshared=False)
        found, _ = road_crossing(
            meeting, speed_kmh=speed, lanes=lane_count(tags), motorway=motorway
        )
        if found == UNSAFE:
            raise Misfit("corrections.crossing_does_not_fit", speed=speed, lanes=lane_count(tags))
    mine = {draft.lines[at].way for at in crossed}
    others, _ = draft.within(
        drawn, lambda line: _is_hazard(line) and line.way not in mine, reach_m=0.0
    )
    if len(others):
        raise Misfit("corrections.crosses_more")


def _with_nodes(
    draft: Draft, drawn: shapely.LineString, kind: str, crossed: Sequence[int]
) -> tuple[Floats, dict[int, int]]:
    """Put a node on all that is crossed; return the path through the nodes, and which they are."""
    stops: list[tuple[float, tuple[float, float], int | None]] = [
        (drawn.project(shapely.Point(xy)), (xy[0], xy[1]), None) for xy in drawn.coords
    ]
    for at in crossed:
        spots = shapely.get_parts(draft.lines[at].drawn.intersection(drawn))
        for spot in sorted(spots.tolist(), key=lambda each: drawn.project(each)):
            point = shapely.Point(shapely.get_coordinates(spot)[0])
            node = draft.node_on(at, draft.lines[at].drawn.project(point))
            xy = draft.xy_of(at, node)
            draft.tag_node(node, xy, NODE_TAGS[kind])
            stops.append((drawn.project(point), xy, node))
    stops.sort(key=lambda each: (each[0], each[2] is None))
    kept: list[tuple[float, tuple[float, float], int | None]] = []
    for stop in stops:
        # A vertex of the drawing on the road itself is the crossing.
        if kept and stop[2] is None and stop[0] - kept[-1][0] <= SAME_SPOT_M:
            continue
        if kept and stop[2] is not None and stop[2] == kept[-1][2]:
            continue
        if kept and kept[-1][2] is None and len(kept) > 1 and stop[0] - kept[-1][0] <= SAME_SPOT_M:
            kept.pop()
        kept.append(stop)
    path = np.array([xy for _, xy, _ in kept])
    return path, {at: node for at, (_, _, node) in enumerate(kept) if node is not None}


def _join(draft: Draft, xy: Floats) -> int | None:
    """Return the node of the way that a path ends on; None where it ends on none."""
    point = shapely.Point(xy)
    nearest = draft.nearest(point, _is_walked, reach_m=SAME_SPOT_M)
    if nearest is None:
        return None
    return draft.node_on(nearest, draft.lines[nearest].drawn.project(point))


def _is_rail(line: Line) -> bool:
    return rail_severity(line.tags) is not None and grade(line.tags) is Grade.GROUND


def _is_road(line: Line) -> bool:
    return line.tags.get("highway") in DEFAULT_SPEED_KMH and grade(line.tags) is Grade.GROUND


def _is_either(line: Line) -> bool:
    return _is_rail(line) or _is_road(line)


def _is_hazard(line: Line) -> bool:
    return way_class(line.tags) in HAZARDS and grade(line.tags) is Grade.GROUND


def _is_walked(line: Line) -> bool:
    return way_class(line.tags) in WALKED and grade(line.tags) is Grade.GROUND
