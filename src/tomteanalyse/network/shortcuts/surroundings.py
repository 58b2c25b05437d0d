"""What lies on the ground between the ways: obstacles, fences, cover."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import shapely

from tomteanalyse.extract import OsmExtract, Tags
from tomteanalyse.network.shortcuts.arrays import Bools, Floats, Geometries, Ints
from tomteanalyse.network.shortcuts.stretches import Stretches
from tomteanalyse.network.way_classes import Grade, grade

OPEN_BUILDINGS = frozenset({"roof", "carport", "bridge", "no"})
WATER = frozenset({"basin", "reservoir"})
STREAMS = frozenset({"river", "canal"})
STEEP = frozenset({"cliff", "coastline"})
FENCES = {
    "guard_rail": 5.0,
    "cable_barrier": 5.0,
    "jersey_barrier": 8.0,
    "handrail": 10.0,
    "hedge": 15.0,
    "railing": 15.0,
    "chain": 2.0,
    "fence": 40.0,
    "wall": 60.0,
    "noise_barrier": 80.0,
    "retaining_wall": 150.0,
    "city_wall": 200.0,
}
"""What it costs to climb something [m], or to find the hole in it. Normative."""
OPENINGS = frozenset({"gate", "entrance", "stile", "opening", "kissing_gate", "swing_gate"})
OPENING_M = 4.0
"""A gate opens so much of a fence [m]."""
COVER = {
    1.0: "parking pedestrian",
    1.05: "park pitch playground recreation_ground retail",
    1.1: "grass village_green cemetery commercial",
    1.2: "meadow",
    1.3: "residential industrial orchard",
    1.4: "heath farmland vineyard allotments",
    1.5: "garden bare_rock rock",
    1.67: "wood forest scrub",
    2.2: "wetland scree",
}
"""Cost of a metre by what covers the ground. Off-path 1.67: Tobler 1993; brush 1.2-1.5 and swamp
1.8: Soule & Goldman 1972; the rest normative."""
COVER_KEYS = ("landuse", "leisure", "natural", "amenity", "highway")
_FACTOR = {value: factor for factor, values in COVER.items() for value in values.split()}


@dataclass(frozen=True)
class Surroundings:
    """Search trees over what a step on open ground may meet.

    Parameters
    ----------
    obstacles
        Buildings and water as areas, rivers and cliffs as straight stretches.
    is_building
        Whether each obstacle is a building.
    fences, fence_stretches, fence_line, fence_cost
        Straight stretches of fences, the same for what crosses them, the line each belongs to, and
        what the line costs [m].
    cover, cover_cost
        Areas of known cover from the smallest to the largest, and the cost of a metre on each.
    unknown_cost
        Cost of a metre anywhere else.
    """

    obstacles: shapely.STRtree
    is_building: Bools
    fences: shapely.STRtree
    fence_stretches: Stretches
    fence_line: Ints
    fence_cost: Floats
    cover: shapely.STRtree
    cover_cost: Floats
    unknown_cost: float

    def blocked(self, links: Geometries) -> Bools:
        """Tell which straight links meet an obstacle."""
        blocked = np.zeros(len(links), dtype=np.bool_)
        blocked[_meeting(self.obstacles, links)[0]] = True
        return blocked

    def blocked_from_inside(self, links: Geometries, start: Floats) -> Bools:
        """Tell which links meet an obstacle, other than the building they start in."""
        link, obstacle = _meeting(self.obstacles, links)
        outlines = self.obstacles.geometries[obstacle]
        own = self.is_building[obstacle] & shapely.intersects_xy(outlines, *start[link].T)
        blocked = np.zeros(len(links), dtype=np.bool_)
        blocked[link[~own]] = True
        return blocked

    def within_building(self, places: Geometries) -> Bools:
        """Tell which points or lines lie within one building."""
        place, obstacle = self.obstacles.query(places, predicate="within")
        within = np.zeros(len(places), dtype=np.bool_)
        within[place[self.is_building[obstacle]]] = True
        return within

    def climbing(self, links: Geometries) -> Floats:
        """Return what the fences across each link cost [m]."""
        link, stretch = self.fence_stretches.met_by(links)
        pairs = np.unique(np.column_stack([link, self.fence_line[stretch]]), axis=0)
        cost: Floats = np.bincount(
            pairs[:, 0], weights=self.fence_cost[pairs[:, 1]], minlength=len(links)
        ).astype(np.float64)
        return cost

    def ground_cost(self, points: Geometries) -> Floats:
        """Return the cost of a metre at points: that of the smallest area around each."""
        cost = np.full(len(points), self.unknown_cost)
        point, area = _meeting(self.cover, points)
        smallest = np.full(len(points), len(self.cover_cost), dtype=np.int64)
        np.minimum.at(smallest, point, area)
        known = smallest < len(self.cover_cost)
        cost[known] = self.cover_cost[smallest[known]]
        return cost


def find_surroundings(extract: OsmExtract, *, unknown_ground: float) -> Surroundings:
    """Collect what lies on the ground in an extract."""
    areas = extract.areas
    building = np.array([_is_building(tags) for tags in areas.tags], dtype=np.bool_)
    water = np.array([_is_water(tags) for tags in areas.tags], dtype=np.bool_) & ~building
    steep, _ = straight_stretches(_lines(extract, _is_steep)[0])
    fence_geometry, fence_tags = _lines(extract, lambda tags: fence_cost(tags) > 0)
    fences, fence_line = straight_stretches(_with_openings(extract, fence_geometry))

    factor = np.array([_cover_cost(tags) for tags in areas.tags])
    known = np.flatnonzero(np.isfinite(factor))
    order = known[np.lexsort((areas.osm_id[known], shapely.area(areas.geometry[known])))]
    return Surroundings(
        obstacles=shapely.STRtree(
            np.concatenate([areas.geometry[building], areas.geometry[water], steep])
        ),
        is_building=np.arange(building.sum() + water.sum() + len(steep)) < building.sum(),
        fences=shapely.STRtree(fences),
        fence_stretches=Stretches(shapely.get_coordinates(fences).reshape(-1, 2, 2)),
        fence_line=fence_line,
        fence_cost=np.array([fence_cost(tags) for tags in fence_tags]),
        cover=shapely.STRtree(areas.geometry[order]),
        cover_cost=factor[order],
        unknown_cost=unknown_ground,
    )


def _meeting(tree: shapely.STRtree, geometries: Geometries) -> tuple[Ints, Ints]:
    """Return which geometries meet which areas of a tree.

    The areas are prepared once and for all; a tree's own predicate prepares what it is asked about,
    and would walk round every wood again for each of thousands of points.
    """
    geometry, area = tree.query(geometries)
    shapely.prepare(tree.geometries)
    meets = shapely.intersects(tree.geometries[area], geometries[geometry])
    return geometry[meets], area[meets]


def fence_cost(tags: Tags) -> float:
    """Return what it costs to climb a line [m], 0 for what is no hindrance."""
    if tags.get("wall") == "noise_barrier":
        return FENCES["noise_barrier"]
    return FENCES.get(tags.get("barrier", ""), 0.0)


def straight_stretches(lines: Geometries) -> tuple[Geometries, Ints]:
    """Return the straight stretches of lines, and the line each belongs to."""
    parts, owner = shapely.get_parts(lines, return_index=True)
    xy, part = shapely.get_coordinates(parts, return_index=True)
    begins = np.flatnonzero(part[:-1] == part[1:])
    straight: Geometries = shapely.linestrings(np.stack([xy[begins], xy[begins + 1]], axis=1))
    return straight, owner[part[begins]]


def _lines(extract: OsmExtract, fits: Callable[[Tags], bool]) -> tuple[Geometries, list[Tags]]:
    lines = extract.lines
    rows = [
        place for place, tags in enumerate(lines.tags) if fits(tags) and grade(tags) is Grade.GROUND
    ]
    drawn = np.empty(len(rows), dtype=object)
    for number, place in enumerate(rows):
        drawn[number] = shapely.LineString(lines.xy[slice(*lines.start[place : place + 2])])
    return drawn, [lines.tags[place] for place in rows]


def _with_openings(extract: OsmExtract, fences: Geometries) -> Geometries:
    points = extract.points
    gates = [tags.get("barrier") in OPENINGS or "entrance" in tags for tags in points.tags]
    holes = shapely.buffer(shapely.points(points.xy[gates]), OPENING_M / 2)
    if not len(holes) or not len(fences):
        return fences
    fence, hole = shapely.STRtree(holes).query(fences, predicate="intersects")
    opened = fences.copy()
    for number in np.unique(fence).tolist():
        mine = shapely.union_all(holes[hole[fence == number]])
        opened[number] = shapely.difference(fences[number], mine)
    return opened


def _is_building(tags: Tags) -> bool:
    return tags.get("building", "no") not in OPEN_BUILDINGS and grade(tags) is Grade.GROUND


def _is_water(tags: Tags) -> bool:
    return grade(tags) is Grade.GROUND and (
        tags.get("natural") == "water"
        or tags.get("waterway") == "riverbank"
        or tags.get("landuse") in WATER
    )


def _is_steep(tags: Tags) -> bool:
    return tags.get("waterway") in STREAMS or tags.get("natural") in STEEP


def _cover_cost(tags: Tags) -> float:
    found = [_FACTOR[tags[key]] for key in COVER_KEYS if tags.get(key) in _FACTOR]
    return min(found) if found else np.nan
