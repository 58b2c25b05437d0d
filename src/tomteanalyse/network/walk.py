"""The safe walking network of an extract, as arrays of straight segments."""

from collections.abc import Mapping
from dataclasses import dataclass

import geopandas as gpd
import networkx as nx
import numpy as np
import numpy.typing as npt
import pyproj
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from tomteanalyse.errors import DataError, Notice
from tomteanalyse.extract import Lines, OsmExtract, Tags
from tomteanalyse.network.crossings import passable_on_foot
from tomteanalyse.network.way_classes import Grade, WayClass, grade, layer, way_class

SAFE = (WayClass.FOOT, WayClass.STREET)
HAZARDS = (WayClass.RAIL, WayClass.FAST_ROAD, WayClass.MOTORWAY)
SHORTEST_M = 1e-6
"""A segment is never shorter: a zero would vanish from a sparse matrix."""


@dataclass(frozen=True)
class Cut:
    """A place where safe ways meet a hazard without a crossing, and were cut apart.

    Parameters
    ----------
    kind
        Class of the hazard.
    node
        OSM id of the shared node, or 0 where the lines cross on the map without one.
    way
        OSM id of the hazard.
    xy
        Where [m].
    """

    kind: WayClass
    node: int
    way: int
    xy: tuple[float, float]


@dataclass(frozen=True)
class WalkNetwork:
    """Safe ways as segments between OSM nodes.

    Parameters
    ----------
    node
        OSM id per node, shape (n,). Where the network was cut, several nodes share one id.
    xy
        Coordinates [m], shape (n, 2).
    u, v
        Ends of each segment, shape (m,).
    length
        Metres, shape (m,).
    way
        OSM way id, shape (m,).
    at_ground
        False for bridges and tunnels, which nobody steps onto from the side, shape (m,).
    component
        Connected part that each node belongs to, shape (n,).
    component_length
        Metres of way per part.
    cuts
        Where the network was cut.
    counts
        Lines by class, clipped lines, connected parts, cuts.
    """

    node: npt.NDArray[np.int64]
    xy: npt.NDArray[np.float64]
    u: npt.NDArray[np.int64]
    v: npt.NDArray[np.int64]
    length: npt.NDArray[np.float64]
    way: npt.NDArray[np.int64]
    at_ground: npt.NDArray[np.bool_]
    component: npt.NDArray[np.int64]
    component_length: npt.NDArray[np.float64]
    cuts: tuple[Cut, ...]
    counts: Mapping[str, int]

    def to_networkx(self) -> nx.MultiGraph:
        """Return the segments as a graph for people: nodes with ``x``, ``y``, ``osm_id`` [m]."""
        graph = nx.MultiGraph()
        for place, (osm_id, (x, y)) in enumerate(
            zip(self.node.tolist(), self.xy.tolist(), strict=True)
        ):
            graph.add_node(place, x=x, y=y, osm_id=osm_id)
        graph.add_edges_from(
            (u, v, {"length": length, "way": way})
            for u, v, length, way in zip(
                self.u.tolist(),
                self.v.tolist(),
                self.length.tolist(),
                self.way.tolist(),
                strict=True,
            )
        )
        return graph


def build_network(extract: OsmExtract) -> WalkNetwork:
    """Build the safe walking network of an extract.

    Safe ways are joined where they share an OSM node. Where a safe way meets a railway, a motorway
    or a fast road without a crossing that counts, its ends are separated and the place is listed.

    Raises
    ------
    DataError
        ``network.no_safe_ways`` if the extract has none.
    """
    lines = extract.lines
    classes = [way_class(tags) for tags in lines.tags]
    grades = [grade(tags) for tags in lines.tags]
    is_safe = np.array([kind in SAFE for kind in classes])
    segments = _segments(lines, is_safe)
    if not len(segments.first):
        raise DataError(Notice("network.no_safe_ways", file=extract.path.name))
    nodes = _nodes(lines, segments)
    cuts, nodes = _cuts_at_nodes(extract, classes, grades, nodes)
    crossing_cuts, severed = _cuts_between_nodes(lines, classes, grades, segments)
    kept = np.ones(len(segments.first), dtype=np.bool_)
    kept[severed] = False
    u, v = nodes.ends.reshape(2, -1)
    u, v, line, xy = u[kept], v[kept], segments.line[kept], nodes.xy
    length = np.maximum(np.hypot(*(xy[u] - xy[v]).T), SHORTEST_M)
    links = coo_array((np.ones(len(u)), (u, v)), shape=(len(xy), len(xy)))
    parts, component = connected_components(links, directed=False)
    component_length = np.bincount(component[u], weights=length, minlength=parts).astype(float)
    all_cuts = (*cuts, *crossing_cuts)
    counts = {f"ways_{kind.value}": classes.count(kind) for kind in WayClass}
    return WalkNetwork(
        node=nodes.osm_id,
        xy=xy,
        u=u,
        v=v,
        length=length,
        way=lines.way[line],
        at_ground=np.array([where is Grade.GROUND for where in grades])[line],
        component=component.astype(np.int64),
        component_length=component_length,
        cuts=tuple(sorted(all_cuts, key=lambda cut: (cut.kind.value, cut.xy, cut.way))),
        counts={
            **counts,
            "clipped_lines": int((lines.clipped & is_safe).sum()),
            "connected_parts": int((component_length > 0).sum()),
            "cuts": len(all_cuts),
        },
    )


def cuts_table(network: WalkNetwork, *, crs: pyproj.CRS) -> gpd.GeoDataFrame:
    """Return the cuts as points: ``kind``, ``node`` and ``way`` (OSM ids), ``geometry`` [crs]."""
    return gpd.GeoDataFrame(
        {
            "kind": [cut.kind.value for cut in network.cuts],
            "node": np.array([cut.node for cut in network.cuts], dtype=np.int64),
            "way": np.array([cut.way for cut in network.cuts], dtype=np.int64),
        },
        geometry=[shapely.Point(cut.xy) for cut in network.cuts],
        crs=crs,
    )


@dataclass(frozen=True)
class _Segments:
    """Position of each segment's first vertex in the line arrays, and its line."""

    first: npt.NDArray[np.int64]
    line: npt.NDArray[np.int64]


def _segments(lines: Lines, chosen: npt.NDArray[np.bool_]) -> _Segments:
    counts = np.diff(lines.start)
    line_of_vertex = np.repeat(np.arange(len(counts)), counts)
    begins = np.ones(len(lines.node), dtype=np.bool_)
    begins[lines.start[1:] - 1] = False
    first = np.flatnonzero(begins & chosen[line_of_vertex])
    # A vertex repeated in a way leads nowhere.
    first = first[lines.node[first] != lines.node[first + 1]]
    return _Segments(first, line_of_vertex[first])


def _nodes(lines: Lines, segments: _Segments) -> "_Nodes":
    vertex = np.concatenate([segments.first, segments.first + 1])
    osm_id, first_seen, ends = np.unique(lines.node[vertex], return_index=True, return_inverse=True)
    return _Nodes(osm_id, lines.xy[vertex[first_seen]], ends.astype(np.int64))


def _cuts_at_nodes(
    extract: OsmExtract,
    classes: list[WayClass | None],
    grades: list[Grade],
    nodes: "_Nodes",
) -> tuple[list[Cut], "_Nodes"]:
    """Separate the safe ways on the two sides of a hazard that passes without a crossing.

    At such a node the hazard's arms divide the ground into sectors; ways in one sector stay joined.
    Where a hazard ends (one arm), one may walk round it and nothing is cut.
    """
    lines = extract.lines
    tags_of: dict[int, Tags] = dict(
        zip(extract.points.node.tolist(), extract.points.tags, strict=True)
    )
    arms: dict[int, list[tuple[float, int]]] = {}
    for line, (kind, where) in enumerate(zip(classes, grades, strict=True)):
        if kind not in HAZARDS or where is not Grade.GROUND:
            continue
        span = slice(lines.start[line], lines.start[line + 1])
        place = nodes.place(lines.node[span])
        for vertex in np.flatnonzero(place >= 0).tolist():
            at = int(place[vertex])
            if passable_on_foot(kind, lines.tags[line], tags_of.get(int(nodes.osm_id[at]), {})):
                continue
            for other in (vertex - 1, vertex + 1):
                if 0 <= other < len(place):
                    bearing = _bearing(nodes.xy[at], lines.xy[span][other])
                    arms.setdefault(at, []).append((float(bearing), line))

    order = np.argsort(nodes.ends, kind="stable")
    sorted_ends = nodes.ends[order]
    cuts: list[Cut] = []
    moved: list[tuple[int, npt.NDArray[np.int64]]] = []
    for at in sorted(at for at, found in arms.items() if len(found) > 1):
        here = order[np.searchsorted(sorted_ends, at) : np.searchsorted(sorted_ends, at, "right")]
        away = nodes.xy[nodes.ends[(here + len(nodes.ends) // 2) % len(nodes.ends)]]
        directions = np.sort([bearing for bearing, _ in arms[at]])
        sector = np.searchsorted(directions, _bearing(nodes.xy[at], away)) % len(directions)
        sides = np.unique(sector)
        if len(sides) < 2:
            continue
        moved += [(at, here[sector == side]) for side in sides[1:]]
        line = arms[at][0][1]
        x, y = nodes.xy[at].tolist()
        cuts.append(
            Cut(_hazard(classes[line]), int(nodes.osm_id[at]), int(lines.way[line]), (x, y))
        )
    return cuts, nodes.with_copies(moved)


def _bearing(
    start: npt.NDArray[np.float64], end: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    east, north = (end - start).T
    bearing: npt.NDArray[np.float64] = np.arctan2(north, east)
    return bearing


def _hazard(kind: WayClass | None) -> WayClass:
    if kind not in HAZARDS:
        raise ValueError(f"{kind} is no hazard")
    return kind


@dataclass(frozen=True)
class _Nodes:
    """Nodes of the safe segments: OSM ids (sorted, unique before cutting), places, and ends.

    ``ends`` holds the node of every segment's first end, then of every second end, shape (2m,).
    """

    osm_id: npt.NDArray[np.int64]
    xy: npt.NDArray[np.float64]
    ends: npt.NDArray[np.int64]

    def place(self, osm_ids: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Return the node of each OSM id, -1 where no safe way has it."""
        place = np.minimum(np.searchsorted(self.osm_id, osm_ids), len(self.osm_id) - 1)
        return np.where(self.osm_id[place] == osm_ids, place, -1)

    def with_copies(self, moved: list[tuple[int, npt.NDArray[np.int64]]]) -> "_Nodes":
        """Return the nodes with a copy for each group of ends that leaves a node."""
        ends = self.ends.copy()
        for copy, (_, group) in enumerate(moved):
            ends[group] = len(self.osm_id) + copy
        copied = np.array([at for at, _ in moved], dtype=np.int64)
        return _Nodes(
            np.concatenate([self.osm_id, self.osm_id[copied]]),
            np.concatenate([self.xy, self.xy[copied]]),
            ends,
        )


def _cuts_between_nodes(
    lines: Lines,
    classes: list[WayClass | None],
    grades: list[Grade],
    safe: _Segments,
) -> tuple[list[Cut], npt.NDArray[np.int64]]:
    """Find safe segments that cross a hazard on the map, both at ground level, without a node.

    A bridge or tunnel that is not tagged as one looks the same, so the crossing is unknown, and
    what is unknown is not safe.
    """
    ground = np.array([where is Grade.GROUND for where in grades], dtype=np.bool_)
    dangerous = np.array([kind in HAZARDS for kind in classes], dtype=np.bool_) & ground
    hazard = _segments(lines, dangerous)
    candidates = np.flatnonzero(ground[safe.line])
    if not len(hazard.first) or not len(candidates):
        return [], np.empty(0, dtype=np.int64)
    hazard_lines = _drawn(lines, hazard.first)
    safe_lines = _drawn(lines, safe.first[candidates])
    mine, theirs = shapely.STRtree(hazard_lines).query(safe_lines, predicate="crosses")
    a, b = safe.first[candidates[mine]], hazard.first[theirs]
    # Different layers say that one passes over the other, even where no bridge is tagged.
    level = np.array([layer(tags) for tags in lines.tags])
    apart = level[safe.line[candidates[mine]]] == level[hazard.line[theirs]]
    apart &= (
        (lines.node[a] != lines.node[b])
        & (lines.node[a] != lines.node[b + 1])
        & (lines.node[a + 1] != lines.node[b])
        & (lines.node[a + 1] != lines.node[b + 1])
    )
    cuts: list[Cut] = []
    for safe_at, hazard_at in zip(mine[apart].tolist(), theirs[apart].tolist(), strict=True):
        where = shapely.intersection(safe_lines[safe_at], hazard_lines[hazard_at])
        line = int(hazard.line[hazard_at])
        kind = classes[line]
        if kind is not None:
            cuts.append(Cut(kind, 0, int(lines.way[line]), (where.centroid.x, where.centroid.y)))
    return cuts, candidates[np.unique(mine[apart])]


def _drawn(lines: Lines, first: npt.NDArray[np.int64]) -> npt.NDArray[np.object_]:
    drawn: npt.NDArray[np.object_] = shapely.linestrings(
        np.stack([lines.xy[first], lines.xy[first + 1]], axis=1)
    )
    return drawn
