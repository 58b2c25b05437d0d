"""The barriers that crossing places lie on: how they run, and what leads across them."""

import numpy as np
import shapely
import shapely.ops

from tomteanalyse.measures.shortcuts.encounters import Crossing
from tomteanalyse.network.shortcuts.arrays import Bools, Floats, Geometries
from tomteanalyse.network.shortcuts.crossing_classes import UNSAFE
from tomteanalyse.network.shortcuts.edges import CROSSING
from tomteanalyse.network.shortcuts.hazards import NOTHING, RAIL
from tomteanalyse.network.shortcuts.network_edges import SidedNetwork

WINDING_M = 300.0
WINDING_STEP_M = 100.0
WINDING = 2.0
"""A road of which some stretch within 300 m to either side is more than twice its chord winds: the
straight way up a slope is no shortcut."""
PASSAGE_M = 10.0
"""A crossing this near the straight line between two places lies between them."""
LEAST_STRETCH_M = 1.0
BENDING_M = 100.0
"""So far beyond its crossings a barrier may bend away and still be the same stretch: carriageways
that are one road farther on are two here."""


class BarrierLines:
    """Roads and tracks of an extract, joined where the map cuts one into many ways.

    Parameters
    ----------
    network
        The lines, and the edges across them.
    """

    def __init__(self, network: SidedNetwork) -> None:
        lines, roles = network.extract.lines, network.roles
        self._rows = np.flatnonzero(roles.hazard)
        self._drawn = np.array(
            [_drawn(lines.xy[slice(*lines.start[row : row + 2])]) for row in self._rows.tolist()],
            dtype=object,
        )
        self._tree = shapely.STRtree(self._drawn)
        self._way = lines.way[self._rows]
        self._of_rail = roles.role[self._rows] == RAIL
        self._tags = [lines.tags[row] for row in self._rows.tolist()]
        edges = network.edges
        across = (edges.kind == CROSSING) & (edges.crossing != UNSAFE)
        at = network.sides.location[edges.u[across]]
        over = np.flatnonzero((roles.role != NOTHING) & (roles.role != RAIL) & ~roles.at_ground)
        self._passages = shapely.STRtree(shapely.points(network.pieces.xy[np.unique(at)]))
        self._bridges = shapely.STRtree(
            [_drawn(lines.xy[slice(*lines.start[row : row + 2])]) for row in over.tolist()]
        )

    def passed_between(self, start: Floats, end: Floats) -> Bools:
        """Tell whether a crossing, bridge or underpass lies between places [m], shape (n, 2) each.

        Nothing tells which barrier a bridge leads over: one that crosses the straight line between
        two places on a barrier leads over it or under it.
        """
        found = np.zeros(len(start), dtype=np.bool_)
        if len(start):
            between = shapely.linestrings(np.stack([start, end], axis=1))
            near = self._passages.query(between, predicate="dwithin", distance=PASSAGE_M)
            found[near[0]] = True
            found[self._bridges.query(between, predicate="intersects")[0]] = True
        return found

    def stretch(self, peak: Crossing, crossings: Floats) -> shapely.Geometry:
        """Return the part of the barrier that holds crossings [m], shape (n, 2).

        Returns
        -------
        shapely.Geometry
            A line along the barrier that the peak lies on; the peak's point where its crossings lie
            across from each other, as on tracks side by side.
        """
        here = shapely.Point(peak.xy)
        reach_m = float(shapely.distance(shapely.points(crossings), here).max(initial=0.0))
        joined = self._joined(peak, reach_m=reach_m + WINDING_M)
        around = shapely.intersection(joined, here.buffer(reach_m + BENDING_M))
        line = _nearest_part(shapely.line_merge(around), here)
        along = shapely.line_locate_point(line, shapely.points(crossings))
        if np.ptp(along) < LEAST_STRETCH_M:
            return here
        return shapely.ops.substring(line, float(along.min()), float(along.max()))

    def winds(self, crossing: Crossing) -> bool:
        """Tell whether the road that is crossed winds around the crossing."""
        if crossing.barrier != "road":
            return False
        road = self._joined(crossing, reach_m=2 * WINDING_M)
        at = float(road.project(shapely.Point(crossing.xy)))
        steps = np.arange(0.0, WINDING_M + WINDING_STEP_M / 2, WINDING_STEP_M)
        before, after = np.maximum(0.0, at - steps), np.minimum(road.length, at + steps)
        start, end = (each.ravel() for each in np.meshgrid(before, after))
        chord = shapely.distance(
            shapely.line_interpolate_point(road, start), shapely.line_interpolate_point(road, end)
        )
        long = end - start >= 2 * WINDING_STEP_M
        return bool((long & (end - start > WINDING * np.maximum(chord, 1.0))).any())

    def _joined(self, crossing: Crossing, *, reach_m: float) -> shapely.LineString:
        """Return the line that a crossing lies on, with the ways that carry it on."""
        here = shapely.Point(crossing.xy)
        rows = np.sort(self._tree.query(here, predicate="dwithin", distance=reach_m))
        mine = [row for row in rows.tolist() if self._carries_on(row, crossing)]
        return _nearest_part(shapely.line_merge(shapely.union_all(self._drawn[mine])), here)

    def _carries_on(self, row: int, crossing: Crossing) -> bool:
        tags = self._tags[row]
        if self._way[row] == crossing.way:
            return True
        if bool(self._of_rail[row]) != (crossing.barrier == "rail"):
            return False
        name, ref = tags.get("name"), tags.get("ref")
        if crossing.name is not None or crossing.ref is not None:
            return (name is not None and name == crossing.name) or (
                ref is not None and ref == crossing.ref
            )
        return name is None and ref is None and crossing.road_class in tags.values()


def _nearest_part(lines: shapely.Geometry, here: shapely.Point) -> shapely.LineString:
    parts: Geometries = shapely.get_parts(lines)
    return parts[int(np.argmin(shapely.distance(parts, here)))]


def _drawn(xy: Floats) -> shapely.LineString:
    return shapely.LineString(xy if len(xy) > 1 else np.repeat(xy, 2, axis=0))
