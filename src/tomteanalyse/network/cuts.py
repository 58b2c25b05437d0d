"""Where safe ways meet a hazard without a crossing that counts, and are cut apart."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from tomteanalyse.extract import Lines, OsmExtract, Tags
from tomteanalyse.network.crossings import passable_on_foot
from tomteanalyse.network.segments import Nodes, Segments, segments_of
from tomteanalyse.network.way_classes import Grade, WayClass, layer

HAZARDS = (WayClass.RAIL, WayClass.FAST_ROAD, WayClass.MOTORWAY)


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


def cuts_at_nodes(
    extract: OsmExtract,
    classes: list[WayClass | None],
    grades: list[Grade],
    nodes: Nodes,
) -> tuple[list[Cut], Nodes]:
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


def cuts_between_nodes(
    lines: Lines,
    classes: list[WayClass | None],
    grades: list[Grade],
    safe: Segments,
) -> tuple[list[Cut], npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    """Find safe segments that cross or touch a hazard at ground level without a shared node.

    A bridge or tunnel that is not tagged as one looks the same, so the crossing is unknown, and
    what is unknown is not safe.

    Returns
    -------
    tuple
        The cuts, one per place; and which segment is to be parted where (0-1 along it).
    """
    ground = np.array([where is Grade.GROUND for where in grades], dtype=np.bool_)
    dangerous = np.array([kind in HAZARDS for kind in classes], dtype=np.bool_) & ground
    hazard = segments_of(lines, dangerous)
    candidates = np.flatnonzero(ground[safe.line])
    if not len(hazard.first) or not len(candidates):
        return [], np.empty(0, dtype=np.int64), np.empty(0)
    hazard_lines = _drawn(lines, hazard.first)
    safe_lines = _drawn(lines, safe.first[candidates])
    mine, theirs = shapely.STRtree(hazard_lines).query(safe_lines, predicate="intersects")
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
    mine, theirs = mine[apart], theirs[apart]
    where = shapely.centroid(shapely.intersection(safe_lines[mine], hazard_lines[theirs]))
    # A segment between two nodes in one spot has no intersection that can be computed.
    nothing = shapely.is_empty(where)
    between = shapely.shortest_line(safe_lines[mine[nothing]], hazard_lines[theirs[nothing]])
    where[nothing] = shapely.get_point(between, 0)
    share = np.nan_to_num(shapely.line_locate_point(safe_lines[mine], where, normalized=True))
    cuts: dict[tuple[float, float], Cut] = {}
    for line, (x, y) in zip(
        hazard.line[theirs].tolist(), shapely.get_coordinates(where).tolist(), strict=True
    ):
        # Two stretches that meet in the crossed place make one cut of it.
        place = (round(x, 2), round(y, 2))
        cuts.setdefault(place, Cut(_hazard(classes[line]), 0, int(lines.way[line]), (x, y)))
    parted = np.unique(np.column_stack([candidates[mine], share.round(9)]), axis=0)
    return [*cuts.values()], parted[:, 0].astype(np.int64), parted[:, 1]


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


def _drawn(lines: Lines, first: npt.NDArray[np.int64]) -> npt.NDArray[np.object_]:
    drawn: npt.NDArray[np.object_] = shapely.linestrings(
        np.stack([lines.xy[first], lines.xy[first + 1]], axis=1)
    )
    return drawn
