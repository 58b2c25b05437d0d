"""An extract while it is being corrected: the lines nearby as things that can be changed."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt
import shapely

from tomteanalyse.extract import Areas, Lines, OsmExtract, Points, Tags

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Xy = tuple[float, float]

AROUND_M = 300.0
"""Lines this near a correction may have to do with it; the others are left as they are."""
SAME_NODE_M = 0.5
"""A new node this near a vertex of the line it is put on is that vertex."""
LAST_OSM_ID = -(10**12)
"""Ids of new nodes and ways lie below this: OpenStreetMap's are positive, editors count down from
-1, and so does the walking network for places where it is cut."""


@dataclass(frozen=True, eq=False)
class Line:
    """One line of an extract (see `Lines`): ``node`` shape (k,), ``xy`` shape (k, 2) [m]."""

    way: int
    node: Ints
    xy: Floats
    clipped: bool
    tags: Tags

    @cached_property
    def drawn(self) -> shapely.LineString:
        """The line as geometry."""
        return shapely.LineString(self.xy)

    @cached_property
    def metres(self) -> Floats:
        """Metres from the line's start to each vertex, shape (k,)."""
        steps = np.hypot(*np.diff(self.xy, axis=0).T)
        return np.concatenate([[0.0], np.cumsum(steps)])

    @property
    def closed(self) -> bool:
        """Whether the line ends where it begins."""
        return bool(self.node[0] == self.node[-1])


class Draft:
    """A copy of an extract that can be changed near some places.

    Parameters
    ----------
    extract
        The extract; it is not changed.
    places
        Where it will be changed [m].
    ways
        Ways that will be changed wherever they are.
    """

    def __init__(
        self, extract: OsmExtract, *, places: Sequence[shapely.Geometry], ways: Iterable[int]
    ) -> None:
        lines = extract.lines
        self._extract = extract
        near = _near(lines, places) | np.isin(lines.way, [*ways])
        self._untouched = ~near
        self.lines: list[Line] = [
            Line(
                way=int(lines.way[at]),
                node=lines.node[lines.start[at] : lines.start[at + 1]],
                xy=lines.xy[lines.start[at] : lines.start[at + 1]],
                clipped=bool(lines.clipped[at]),
                tags=lines.tags[at],
            )
            for at in np.flatnonzero(near).tolist()
        ]
        self.points: dict[int, tuple[Xy, Tags]] = {
            node: ((x, y), tags)
            for node, (x, y), tags in zip(
                extract.points.node.tolist(),
                extract.points.xy.tolist(),
                extract.points.tags,
                strict=True,
            )
        }
        self._known_boxes: Floats | None = None
        self.area_tags: list[Tags] = list(extract.areas.tags)
        known = [ids.min(initial=0) for ids in (lines.node, lines.way, extract.points.node)]
        self._last_id = min(LAST_OSM_ID, *(int(one) for one in known))

    @property
    def areas(self) -> Areas:
        """The extract's areas, with the tags they had before."""
        return self._extract.areas

    def nearest(
        self, place: shapely.Geometry, fits: Callable[[Line], bool], *, reach_m: float
    ) -> int | None:
        """Return the line nearest to a place among those that fit, None where none is in reach."""
        at, distance = self.within(place, fits, reach_m=reach_m)
        if not len(at):
            return None
        rank = np.lexsort(([self.lines[one].way for one in at.tolist()], distance.round(3)))
        return int(at[rank[0]])

    def within(
        self, place: shapely.Geometry, fits: Callable[[Line], bool], *, reach_m: float
    ) -> tuple[Ints, Floats]:
        """Return the lines that fit within reach of a place, and how far off they are [m]."""
        west, south, east, north = place.bounds
        boxes = self._boxes()
        near = (boxes[:, :2] <= (east + reach_m, north + reach_m)).all(axis=1)
        near &= (boxes[:, 2:] >= (west - reach_m, south - reach_m)).all(axis=1)
        fitting = _ints(at for at in np.flatnonzero(near).tolist() if fits(self.lines[at]))
        drawn = np.array([self.lines[at].drawn for at in fitting.tolist()], dtype=object)
        distance = shapely.distance(drawn, place) if len(drawn) else np.zeros(0)
        reached = distance <= reach_m
        return fitting[reached], distance[reached]

    def of_way(self, way: int) -> list[int]:
        """Return the lines of a way: more than one where the extract's edge cuts it."""
        return [at for at, one in enumerate(self.lines) if one.way == way]

    def node_on(self, at: int, along_m: float) -> int:
        """Return the node of a line so far from its start [m]; a new one where there is none."""
        line = self.lines[at]
        nearest = int(np.abs(line.metres - along_m).argmin())
        if abs(line.metres[nearest] - along_m) <= SAME_NODE_M:
            return int(line.node[nearest])
        place = int(np.searchsorted(line.metres, along_m))
        x, y = shapely.get_coordinates(line.drawn.interpolate(along_m))[0].tolist()
        fresh = self.fresh_id()
        self.lines[at] = replace(
            line,
            node=np.insert(line.node, place, fresh),
            xy=np.insert(line.xy, place, (x, y), axis=0),
        )
        return fresh

    def xy_of(self, at: int, node: int) -> Xy:
        """Return where a node of a line lies [m]."""
        line = self.lines[at]
        x, y = line.xy[int(np.flatnonzero(line.node == node)[0])].tolist()
        return x, y

    def retag(self, at: int, tags: Tags) -> None:
        """Give a line other tags."""
        self.lines[at] = replace(self.lines[at], tags=tags)

    def part(self, at: int, start_m: float, end_m: float) -> int:
        """Make a stretch of a line [m along it] a line of its own, and return which.

        All parts keep the way's id; they stay joined where they part.
        """
        for along_m in (start_m, end_m):
            self.node_on(at, along_m)
        line = self.lines[at]
        first, last = (int(np.abs(line.metres - each).argmin()) for each in (start_m, end_m))
        parts = [(0, first), (first, last), (last, len(line.node) - 1)]
        made = [_piece(line, *span) for span in parts]
        self.lines[at] = made[1]
        self.lines += [made[k] for k in (0, 2) if len(made[k].node) > 1]
        self._known_boxes = None
        return at

    def keep_parts(self, at: int, spans: Iterable[tuple[float, float]]) -> None:
        """Leave only some stretches of a line [m along it], each longer than a metre or nothing.

        The numbers of the lines after it change.
        """
        whole = self.lines.pop(at)
        for start_m, end_m in spans:
            if end_m - start_m <= 2 * SAME_NODE_M:
                continue
            self.lines.append(whole)
            here = self.part(len(self.lines) - 1, start_m, end_m)
            kept = self.lines[here]
            del self.lines[here:]
            self.lines.append(kept)
        self._known_boxes = None

    def add(self, xy: Floats, tags: Tags, *, joined: dict[int, int]) -> int:
        """Add a line and return its id.

        Parameters
        ----------
        xy
            Its vertices [m], shape (k, 2).
        tags
            Its tags.
        joined
            Vertices that are nodes already, and their ids; the others get new ones.
        """
        node = [joined.get(at) or self.fresh_id() for at in range(len(xy))]
        way = self.fresh_id()
        self.lines.append(Line(way, np.array(node, dtype=np.int64), xy, clipped=False, tags=tags))
        self._known_boxes = None
        return way

    def tag_node(self, node: int, xy: Xy, tags: Tags) -> None:
        """Add tags to a node."""
        _, before = self.points.get(node, (xy, {}))
        self.points[node] = (xy, {**before, **tags})

    def fresh_id(self) -> int:
        """Return an id that nothing has."""
        self._last_id -= 1
        return self._last_id

    def extract(self) -> OsmExtract:
        """Return the corrected extract."""
        old = self._extract.lines
        kept = np.flatnonzero(self._untouched)
        counts = np.diff(old.start)
        vertices = np.repeat(self._untouched, counts)
        lengths = [*counts[kept].tolist(), *(len(one.node) for one in self.lines)]
        mine = self.lines
        nodes = [*self.points]
        return replace(
            self._extract,
            lines=Lines(
                way=np.concatenate([old.way[kept], _ints(one.way for one in mine)]),
                start=np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
                node=np.concatenate([old.node[vertices], *(one.node for one in mine)]),
                xy=np.concatenate([old.xy[vertices], *(one.xy for one in mine)]),
                clipped=np.concatenate(
                    [old.clipped[kept], np.array([one.clipped for one in mine], dtype=np.bool_)]
                ),
                tags=[*(old.tags[at] for at in kept.tolist()), *(one.tags for one in mine)],
            ),
            areas=replace(self._extract.areas, tags=self.area_tags),
            points=Points(
                node=_ints(nodes),
                xy=np.array([self.points[one][0] for one in nodes]).reshape(-1, 2),
                tags=[self.points[one][1] for one in nodes],
            ),
        )

    def _boxes(self) -> Floats:
        """Return west, south, east and north of every line, shape (n, 4) [m]."""
        if self._known_boxes is None:
            boxes = [(*one.xy.min(axis=0), *one.xy.max(axis=0)) for one in self.lines]
            self._known_boxes = np.array(boxes, dtype=np.float64).reshape(-1, 4)
        return self._known_boxes


def _near(lines: Lines, places: Sequence[shapely.Geometry]) -> npt.NDArray[np.bool_]:
    found = np.zeros(len(lines.way), dtype=np.bool_)
    if not len(lines.way):
        return found
    low = np.minimum.reduceat(lines.xy, lines.start[:-1])
    high = np.maximum.reduceat(lines.xy, lines.start[:-1])
    for place in places:
        west, south, east, north = place.bounds
        found |= (
            (low <= (east + AROUND_M, north + AROUND_M))
            & (high >= (west - AROUND_M, south - AROUND_M))
        ).all(axis=1)
    return found


def _piece(line: Line, first: int, last: int) -> Line:
    return replace(line, node=line.node[first : last + 1], xy=line.xy[first : last + 1])


def _ints(values: Iterable[int] | Iterator[int]) -> Ints:
    return np.array([*values], dtype=np.int64)
