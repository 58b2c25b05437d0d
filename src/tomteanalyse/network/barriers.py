"""What nobody may step across between a place and the nearest way."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from tomteanalyse.extract import OsmExtract, Tags
from tomteanalyse.network.way_classes import Grade, WayClass, grade, way_class

WALLS = frozenset({"wall", "retaining_wall", "city_wall", "noise_barrier"})
STREAMS = frozenset({"river", "canal"})
STEEP = frozenset({"cliff", "coastline"})
OPEN_BUILDINGS = frozenset({"roof", "carport", "bridge", "no"})
WATER = frozenset({"basin", "reservoir"})
STEP_M = 0.3
"""A leg is tested without its first and last bit, so that it may begin at a wall of its own."""


@dataclass(frozen=True)
class Barriers:
    """Lines and areas a leg must not cross.

    Parameters
    ----------
    lines
        Straight stretches of track, motorways and fast roads at ground level, rivers, walls,
        cliffs and water's edges.
    buildings
        Buildings; a building that holds the leg's end does not stop it.
    """

    lines: shapely.STRtree
    buildings: shapely.STRtree

    def crossed_by(
        self,
        start: npt.NDArray[np.float64],
        end: npt.NDArray[np.float64],
        onward: npt.NDArray[np.float64],
        *,
        through_buildings: bool = False,
    ) -> npt.NDArray[np.bool_]:
        """Tell for each straight leg whether it crosses a barrier.

        Parameters
        ----------
        start, end
            Ends of the legs [m], shape (n, 2) each: ``start`` at the place, ``end`` on the way.
        onward
            A point a step farther on the way that is reached [m], shape (n, 2). Where a path was
            cut at a hazard its end lies on the hazard itself: a leg may step onto it only from the
            side the path leads away on.
        through_buildings
            Whether a building is no hindrance: a closed courtyard has a gateway nobody mapped.
        """
        along = end - start
        length = np.hypot(*along.T)[:, None]
        bit = np.minimum(STEP_M, 0.2 * length) / np.where(length > 0, length, 1.0)
        begun = start + bit * along
        crossed = np.zeros(len(start), dtype=np.bool_)
        arrived = end - bit * along
        legs = shapely.linestrings(np.stack([begun, arrived, onward], axis=1))
        crossed[self.lines.query(legs, predicate="intersects")[0]] = True
        if through_buildings:
            return crossed
        # Only legs that no line stops need be held against the houses.
        left = np.flatnonzero(~crossed)
        legs = shapely.linestrings(np.stack([begun[left], arrived[left]], axis=1))
        leg, building = self.buildings.query(legs, predicate="intersects")
        own = shapely.intersects_xy(self.buildings.geometries[building], *start[left[leg]].T)
        crossed[left[leg[~own]]] = True
        return crossed


def find_barriers(extract: OsmExtract) -> Barriers:
    """Collect the barriers of an extract."""
    lines, areas = extract.lines, extract.areas
    drawn = [
        shapely.LineString(lines.xy[lines.start[place] : lines.start[place + 1]])
        for place, tags in enumerate(lines.tags)
        if _is_barrier(tags)
    ]
    shores = shapely.boundary(areas.geometry[[_is_water(tags) for tags in areas.tags]])
    buildings = [
        tags.get("building", "no") not in OPEN_BUILDINGS and grade(tags) is Grade.GROUND
        for tags in areas.tags
    ]
    return Barriers(
        lines=shapely.STRtree(_stretches([*drawn, *shores])),
        buildings=shapely.STRtree(areas.geometry[buildings]),
    )


def _stretches(lines: list[shapely.Geometry]) -> npt.NDArray[np.object_]:
    """Return the straight stretches of lines: their boxes are tight, so few are looked at twice."""
    xy, line = shapely.get_coordinates(shapely.get_parts(lines), return_index=True)
    begins = np.flatnonzero(line[:-1] == line[1:]) if len(line) else np.zeros(0, dtype=np.int64)
    stretches: npt.NDArray[np.object_] = shapely.linestrings(
        np.stack([xy[begins], xy[begins + 1]], axis=1)
    )
    return stretches


def _is_barrier(tags: Tags) -> bool:
    if grade(tags) is not Grade.GROUND:
        return False
    if tags.get("barrier") in WALLS or tags.get("wall") == "noise_barrier":
        return True
    if tags.get("waterway") in STREAMS or tags.get("natural") in STEEP:
        return True
    return way_class(tags) in (WayClass.RAIL, WayClass.FAST_ROAD, WayClass.MOTORWAY)


def _is_water(tags: Tags) -> bool:
    return (
        tags.get("natural") == "water"
        or tags.get("waterway") == "riverbank"
        or tags.get("landuse") in WATER
    )
