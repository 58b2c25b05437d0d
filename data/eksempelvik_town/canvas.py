"""What is drawn, before it becomes OpenStreetMap objects: lines, areas and points with tags."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from shapely import LineString, Point, STRtree

from eksempelvik_town.geometry import Xy, curve, cut, rounded

Tags = dict[str, str]

WIDTH_M, HEIGHT_M = 6000.0, 4000.0
SNAP_M = 8.0
SAME_PLACE_M = 1.0


@dataclass
class Line:
    """A way drawn as a line; lines of one ``grade`` that meet share a node.

    ``grade`` is the level it lies on (0 ground, 1 bridge, -1 underpass), or None for lines that
    never share a node by themselves, such as fences.
    """

    points: list[Xy]
    tags: Tags
    grade: int | None = 0

    def insert(self, place: Xy) -> None:
        """Put a vertex at a place on the line, unless it has one there."""
        if place in self.points:
            return
        at = LineString(self.points).project(Point(place))
        passed, last = 0.0, len(self.points) - 1
        for i, (a, b) in enumerate(pairwise(self.points)):
            passed += Point(a).distance(Point(b))
            if at <= passed or i == last - 1:
                self.points.insert(i + 1, place)
                return


@dataclass
class Area:
    """A closed way, or a multipolygon where it has more than one ring."""

    outer: list[Xy]
    tags: Tags
    inner: list[list[Xy]] = field(default_factory=list)


@dataclass
class Canvas:
    """Everything drawn so far."""

    lines: list[Line] = field(default_factory=list)
    areas: list[Area] = field(default_factory=list)
    points: dict[Xy, Tags] = field(default_factory=dict)

    def line(
        self,
        points: Sequence[Xy],
        tags: Tags,
        *,
        sections: Iterable[tuple[Xy, Xy, Tags]] = (),
        smooth: bool = True,
        grade: int | None = 0,
    ) -> list[Xy]:
        """Draw a line; between the two places of each section it carries other tags as well.

        A section that says ``layer`` lies on that grade. Returns the vertices of the whole line.
        """
        whole = curve(points) if smooth else [rounded(p) for p in points]
        path = LineString(whole)
        spans = [(*sorted(path.project(Point(p)) for p in s[:2]), s[2]) for s in sections]
        ends = {0.0, path.length, *(d for span in spans for d in span[:2])}
        cuts = sorted(d for d in ends if d in (0.0, path.length) or 1 < d < path.length - 1)
        for a, b in pairwise(cuts):
            merged = dict(tags)
            for start, end, extra in spans:
                if start <= (a + b) / 2 <= end:
                    merged |= extra
            here = int(merged.get("layer", grade or 0)) if grade is not None else None
            self.lines.append(Line(cut(whole, a, b), merged, here))
        return whole

    def area(self, ring: Sequence[Xy], tags: Tags, *, inner: Sequence[Sequence[Xy]] = ()) -> None:
        """Draw an area; with ``inner`` rings it becomes a multipolygon relation."""
        closed = [[rounded(p) for p in r] for r in (ring, *inner)]
        for r in closed:
            if r[0] != r[-1]:
                r.append(r[0])
        self.areas.append(Area(closed[0], tags, closed[1:]))

    def point(self, place: Xy, tags: Tags) -> None:
        """Put tags on the node at a place."""
        self.points.setdefault(rounded(place), {}).update(tags)

    def nearest_line(self, place: Xy, *, name: str) -> Line:
        """Find the line with this name that passes nearest to a place."""
        named = [line for line in self.lines if line.tags.get("name") == name]
        return min(named, key=lambda line: LineString(line.points).distance(Point(place)))

    def join(self) -> None:
        """Give lines of one grade a shared vertex where they meet or nearly end on each other."""
        for grade in sorted({line.grade for line in self.lines if line.grade is not None}):
            level = [line for line in self.lines if line.grade == grade]
            self._join_ends(level)
            self._join_crossings(level)

    def _join_ends(self, level: list[Line]) -> None:
        for line in level:
            if "railway" in line.tags:
                continue
            for end in (0, -1):
                place = line.points[end]
                if any(place in o.points for o in self.lines if o is not line):
                    continue
                others = [o for o in level if o is not line and "railway" not in o.tags]
                near = min(others, key=lambda o: LineString(o.points).distance(Point(place)))
                if LineString(near.points).distance(Point(place)) <= SNAP_M:
                    line.points[end] = _vertex_near(near, place, SAME_PLACE_M * 4)
                    near.insert(line.points[end])

    @staticmethod
    def _join_crossings(level: list[Line]) -> None:
        drawn = [LineString(line.points) for line in level]
        pairs = STRtree(drawn).query(drawn, predicate="intersects").T.tolist()
        for i, k in sorted((i, k) for i, k in pairs if i < k):
            met = LineString(level[i].points).intersection(LineString(level[k].points))
            for part in getattr(met, "geoms", [met]):
                if part.geom_type != "Point":
                    continue
                place = _vertex_near(level[i], rounded(part.coords[0]), SAME_PLACE_M)
                if place not in level[i].points:
                    place = _vertex_near(level[k], place, SAME_PLACE_M)
                level[i].insert(place)
                level[k].insert(place)

    def add_gates(self) -> None:
        """Put a gate wherever a way on the ground passes a fence or wall."""
        barriers = [line for line in self.lines if "barrier" in line.tags]
        ground = [line for line in self.lines if line.grade == 0 and "highway" in line.tags]
        for barrier in barriers:
            for way in ground:
                met = LineString(barrier.points).intersection(LineString(way.points))
                for part in getattr(met, "geoms", [met]):
                    if not part.is_empty:
                        place = rounded(part.coords[0])
                        barrier.insert(place)
                        way.insert(place)
                        self.point(place, {"barrier": "gate"})

    def mark(self, place: Xy, tags: Tags, *, within_m: float = 15.0) -> None:
        """Tag the shared node of two lines nearest to a place; call `join` first.

        Raises
        ------
        LookupError
            If no two lines meet within ``within_m``.
        """
        count: dict[Xy, int] = {}
        for line in self.lines:
            if line.grade is not None:
                for p in set(line.points):
                    count[p] = count.get(p, 0) + 1
        near = [p for p in count if Point(p).distance(Point(place)) <= within_m]
        shared = [p for p in near if count[p] > 1]
        if not shared:
            raise LookupError(f"no two lines meet at {place}")
        self.point(min(shared, key=lambda p: (Point(p).distance(Point(place)), p)), tags)


def _vertex_near(line: Line, place: Xy, within_m: float) -> Xy:
    """Give the line's vertex near a place, or else the nearest place on the line."""
    vertex = min(line.points, key=lambda p: (Point(p).distance(Point(place)), p))
    if Point(vertex).distance(Point(place)) <= within_m:
        return vertex
    path = LineString(line.points)
    return rounded(path.interpolate(path.project(Point(place))).coords[0])
