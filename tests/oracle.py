"""Walking distances by brute force: networkx on OSM node ids, every segment tried for every leg.

Shares with the product only the meaning of tags (`way_class`, `grade`, `passable_on_foot`), which
has tests of its own; nothing of the product's arrays, cutting, snapping, contraction or search.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import count, pairwise

import networkx as nx
import numpy as np
import shapely

from tomteanalyse.extract import OsmExtract, Tags
from tomteanalyse.network.crossings import passable_on_foot
from tomteanalyse.network.way_classes import Grade, WayClass, grade, layer, way_class

HAZARDS = {WayClass.RAIL, WayClass.FAST_ROAD, WayClass.MOTORWAY}
SAFE = {WayClass.FOOT, WayClass.STREET}
XY = tuple[float, float]
Key = tuple[int, int]
"""A place on foot: the OSM node, and which side of the hazard that passes through it.

An end that arose where a segment was parted is a place of its own, with a negative number.
"""


@dataclass(frozen=True)
class Segment:
    """A safe segment between two places on foot."""

    a: Key
    b: Key
    a_xy: XY
    b_xy: XY
    ground: bool

    @property
    def length(self) -> float:
        return math.dist(self.a_xy, self.b_xy)

    def at(self, share: float) -> XY:
        """Return the point so far along the segment, 0-1 from a."""
        return _between(self.a_xy, self.b_xy, share)

    def onward(self, share: float) -> XY:
        """Return the point a step farther in than the point so far along it."""
        to_middle = abs(share - 0.5) * self.length
        if not to_middle:
            return self.at(share)
        return _between(self.at(share), self.at(0.5), min(0.3, to_middle) / to_middle)


@dataclass(frozen=True)
class Leg:
    """A straight step from a place to a point on a segment (its share from a to b)."""

    segment: int
    share: float
    length: float


class Oracle:
    """The safe network of an extract with some places attached to it."""

    def __init__(self, extract: OsmExtract, places: Sequence[shapely.Geometry]) -> None:
        self.segments = _safe_segments(extract)
        self._walls, self._buildings = _obstacles(extract)
        self._wall_tree = shapely.STRtree(self._walls)
        self._building_tree = shapely.STRtree(self._buildings)
        whole = nx.MultiGraph()
        for number, each in enumerate(self.segments):
            whole.add_edge(each.a, each.b, number=number, length=each.length)
        self.part_lengths: list[float] = []
        part_of: dict[int, float] = {}
        for part in nx.connected_components(whole):
            inside = [data for *_, data in whole.edges(part, data=True)]
            metres = sum(data["length"] for data in inside)
            self.part_lengths.append(metres)
            part_of.update({data["number"]: metres for data in inside})
        enough = min(1000.0, max(self.part_lengths))
        ground = [number for number, each in enumerate(self.segments) if each.ground]
        self._main = np.array([n for n in ground if part_of[n] >= enough], dtype=int)
        self._small = np.array([n for n in ground if part_of[n] < enough], dtype=int)
        raised = [number for number, each in enumerate(self.segments) if not each.ground]
        self._raised = np.array(raised, dtype=int)
        self._a = np.array([each.a_xy for each in self.segments])
        self._b = np.array([each.b_xy for each in self.segments])
        self._low, self._high = np.minimum(self._a, self._b), np.maximum(self._a, self._b)
        self.legs = [self.legs_of(place) for place in places]
        self.graph = self._with_places()

    def distance(self, start: int, end: int) -> float:
        """Return the metres on foot from one place to another, inf where there is no safe way."""
        return self.distances(start).get(("to", end), math.inf)

    def distances(self, start: int) -> dict[tuple[str, int], float]:
        """Return the metres on foot from a place to all places, by ("to", number)."""
        found = nx.single_source_dijkstra_path_length(self.graph, ("from", start))
        return {node: metres for node, metres in found.items() if node[0] == "to"}

    def nearest(self, point: XY) -> float:
        """Return the metres from a point to the nearest segment of all, whatever its grade."""
        _, apart = self._project(np.array(point), np.arange(len(self.segments)))
        return float(apart.min())

    def legs_of(self, place: shapely.Geometry) -> list[Leg]:
        """Return the usable legs of a place: all within 30 m, else the best of what is left."""
        doors = list(access_points(place))
        near = [leg for door in doors for leg in self._free_legs(door, self._main, 30.0)[:1]]
        if near:
            return near
        for among, within, houses in (
            (self._main, 150.0, True),
            (self._raised, 3.0, True),
            (self._main, 150.0, False),
            (self._small, 150.0, False),
        ):
            far = [
                leg
                for door in doors
                for leg in self._free_legs(door, among, within, deep=True, houses=houses)
            ]
            if far:
                return [min(far, key=lambda leg: leg.length)]
        return []

    def blocked(self, start: XY, segment: int, share: float, *, houses: bool = True) -> bool:
        """Tell whether a leg from a place to a point on a segment crosses what nobody steps across.

        A segment may end at a hazard: the leg must come from the side that the segment lies on.
        """
        end = self.segments[segment].at(share)
        length = math.dist(start, end)
        bit = min(0.3, 0.2 * length) / length if length else 0.0
        begun, arrived = _between(start, end, bit), _between(start, end, 1 - bit)
        leg = shapely.LineString([begun, arrived, self.segments[segment].onward(share)])
        if any(self._walls[at].intersects(leg) for at in self._wall_tree.query(leg)):
            return True
        if not houses:
            return False
        leg = shapely.LineString([begun, arrived])
        hit = [self._buildings[at] for at in self._building_tree.query(leg)]
        return any(
            house.intersects(leg) and not house.intersects(shapely.Point(start)) for house in hit
        )

    def _free_legs(
        self,
        door: XY,
        among: np.ndarray,
        within: float,
        *,
        deep: bool = False,
        houses: bool = True,
    ) -> list[Leg]:
        """Return the leg to the nearest segment if it is free; with `deep`, to the nearest free.

        Of several segments that are equally near, as where they meet, any that is free will do.
        """
        reach = (self._low[among] <= np.array(door) + within).all(axis=1)
        reach &= (self._high[among] >= np.array(door) - within).all(axis=1)
        among = among[reach]
        share, apart = self._project(np.array(door), among)
        if not deep:
            within = min(within, apart.min(initial=math.inf) + 1e-9)
        for at in np.argsort(apart, kind="stable").tolist():
            if apart[at] > within:
                break
            if not self.blocked(door, int(among[at]), float(share[at]), houses=houses):
                return [Leg(int(among[at]), float(share[at]), float(apart[at]))]
        return []

    def _project(self, point: np.ndarray, among: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        a, b = self._a[among], self._b[among]
        along = b - a
        square = (along * along).sum(axis=1)
        square[square == 0] = 1.0
        share = np.clip(((point - a) * along).sum(axis=1) / square, 0, 1)
        foot = a + share[:, None] * along
        return share, np.sqrt(((point - foot) ** 2).sum(axis=1))

    def _with_places(self) -> nx.DiGraph:
        feet: dict[int, set[float]] = defaultdict(set)
        for legs in self.legs:
            for leg in legs:
                feet[leg.segment].add(leg.share)
        graph = nx.DiGraph()

        def join(start: object, end: object, metres: float) -> None:
            known = graph.get_edge_data(start, end, default={"weight": math.inf})
            graph.add_edge(start, end, weight=min(metres, known["weight"]))

        for number, each in enumerate(self.segments):
            stops: list[tuple[float, object]] = [(0.0, each.a)]
            stops += [(share, ("foot", number, share)) for share in sorted(feet[number])]
            stops.append((1.0, each.b))
            for (share, stop), (next_share, next_stop) in pairwise(stops):
                for pair in ((stop, next_stop), (next_stop, stop)):
                    join(*pair, (next_share - share) * each.length)
        for place, legs in enumerate(self.legs):
            graph.add_node(("from", place))
            for leg in legs:
                foot = ("foot", leg.segment, leg.share)
                join(("from", place), foot, leg.length)
                join(foot, ("to", place), leg.length)
        return graph


def access_points(place: shapely.Geometry) -> Iterable[XY]:
    """Yield where a place may be left: points, or a polygon's corners and every 20 m between."""
    for part in getattr(place, "geoms", [place]):
        if part.geom_type == "Point":
            yield (part.x, part.y)
            continue
        for (x, y), (next_x, next_y) in pairwise(part.exterior.coords):
            pieces = max(1, math.ceil(math.dist((x, y), (next_x, next_y)) / 20.0))
            for piece in range(pieces):
                share = piece / pieces
                yield (x + share * (next_x - x), y + share * (next_y - y))


def _steps(
    extract: OsmExtract, wanted: set[WayClass]
) -> Iterable[tuple[Tags, WayClass, int, int, XY, XY]]:
    """Yield the segments of all ways of some classes: tags, class, nodes, where they lie."""
    lines = extract.lines
    for line, tags in enumerate(lines.tags):
        kind = way_class(tags)
        if kind is None or kind not in wanted:
            continue
        span = slice(lines.start[line], lines.start[line + 1])
        nodes = lines.node[span].tolist()
        xy = [(x, y) for x, y in lines.xy[span].tolist()]
        for at in range(len(nodes) - 1):
            if nodes[at] != nodes[at + 1]:
                yield tags, kind, nodes[at], nodes[at + 1], xy[at], xy[at + 1]


def _angle(start: XY, end: XY) -> float:
    return math.atan2(end[1] - start[1], end[0] - start[0]) % math.tau


def _safe_segments(extract: OsmExtract) -> list[Segment]:
    node_tags = dict(zip(extract.points.node.tolist(), extract.points.tags, strict=True))
    arms: dict[int, list[float]] = defaultdict(list)
    hazards = []
    for tags, kind, a, b, a_xy, b_xy in _steps(extract, HAZARDS):
        if grade(tags) is not Grade.GROUND:
            continue
        hazards.append((layer(tags), a, b, a_xy, b_xy))
        for node, here, there in ((a, a_xy, b_xy), (b, b_xy, a_xy)):
            if not passable_on_foot(kind, tags, node_tags.get(node, {})):
                arms[node].append(_angle(here, there))

    def side(node: int, here: XY, there: XY) -> int:
        """Count the hazard's arms that are passed, turning left from east to the way."""
        if len(arms[node]) < 2:
            return 0
        return sum(arm < _angle(here, there) for arm in arms[node]) % len(arms[node])

    drawn = [shapely.LineString([a_xy, b_xy]) for *_, a_xy, b_xy in hazards]
    tree = shapely.STRtree(drawn)
    fresh = count(1)
    segments: list[Segment] = []
    known: set[tuple[int, int, bool]] = set()
    for tags, _, a, b, a_xy, b_xy in _steps(extract, SAFE):
        ground = grade(tags) is Grade.GROUND
        # A stretch that two ways share is one stretch.
        stretch = (min(a, b), max(a, b), ground)
        if stretch in known:
            continue
        known.add(stretch)
        near = tree.query(shapely.LineString([a_xy, b_xy])) if ground else ()
        met = [
            _meeting(a_xy, b_xy, c_xy, d_xy)
            for level, c, d, c_xy, d_xy in (hazards[at] for at in near)
            if level == layer(tags) and not {a, b} & {c, d}
        ]
        stops = sorted({0.0, 1.0, *(share for share in met if share is not None)})
        for share, next_share in pairwise(stops):
            first = (-next(fresh), 0) if share in met else (a, side(a, a_xy, b_xy))
            last = (-next(fresh), 0) if next_share in met else (b, side(b, b_xy, a_xy))
            ends = _between(a_xy, b_xy, share), _between(a_xy, b_xy, next_share)
            segments.append(Segment(first, last, *ends, ground))
    return segments


def _between(start: XY, end: XY, share: float) -> XY:
    return start[0] + share * (end[0] - start[0]), start[1] + share * (end[1] - start[1])


def _meeting(a: XY, b: XY, c: XY, d: XY) -> float | None:
    """Return how far along a to b it meets c to d (0-1), the middle where they overlap."""

    def times(p: tuple[Fraction, ...], q: tuple[Fraction, ...]) -> Fraction:
        return p[0] * q[1] - p[1] * q[0]

    def dot(p: tuple[Fraction, ...], q: tuple[Fraction, ...]) -> Fraction:
        return p[0] * q[0] + p[1] * q[1]

    def away(p: XY, q: XY) -> tuple[Fraction, ...]:
        return tuple(Fraction(there) - Fraction(here) for here, there in zip(p, q, strict=True))

    mine, theirs, apart = away(a, b), away(c, d), away(a, c)
    turn = times(mine, theirs)
    if turn:
        share, other = times(apart, theirs) / turn, times(apart, mine) / turn
        return round(float(share), 9) if 0 <= share <= 1 and 0 <= other <= 1 else None
    if times(apart, mine) or times(apart, theirs):
        return None
    if not dot(mine, mine):  # two nodes in one spot
        along = dot(away(c, a), theirs)
        return 0.0 if 0 <= along <= dot(theirs, theirs) else None
    low, high = sorted(dot(away(a, end), mine) / dot(mine, mine) for end in (c, d))
    low, high = max(low, Fraction(0)), min(high, Fraction(1))
    return round(float((low + high) / 2), 9) if low <= high else None


def _obstacles(extract: OsmExtract) -> tuple[list[shapely.Geometry], list[shapely.Geometry]]:
    """Return walls in the wide sense (also water, track, fast roads), and buildings."""
    walls: list[shapely.Geometry] = []
    lines = extract.lines
    for line, tags in enumerate(lines.tags):
        stops = (
            tags.get("barrier") in ("wall", "retaining_wall", "city_wall", "noise_barrier")
            or tags.get("wall") == "noise_barrier"
            or tags.get("waterway") in ("river", "canal")
            or tags.get("natural") in ("cliff", "coastline")
            or way_class(tags) in HAZARDS
        )
        if stops and grade(tags) is Grade.GROUND:
            xy = lines.xy[lines.start[line] : lines.start[line + 1]]
            walls.append(shapely.LineString(xy))
    buildings = []
    for shape, tags in zip(extract.areas.geometry, extract.areas.tags, strict=True):
        if (
            tags.get("natural") == "water"
            or tags.get("waterway") == "riverbank"
            or tags.get("landuse") in ("basin", "reservoir")
        ):
            walls.append(shape.boundary)
        house = tags.get("building", "no") not in ("no", "roof", "carport", "bridge")
        if house and grade(tags) is Grade.GROUND:
            buildings.append(shape)
    return walls, buildings
