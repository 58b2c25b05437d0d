"""What every line of an extract is to the shortcut measure: walkable, a hazard, or nothing."""

from dataclasses import dataclass

import numpy as np
import shapely

from tomteanalyse.extract import OsmExtract, Tags
from tomteanalyse.network.shortcuts.arrays import Bools, Floats, Geometries, Ints
from tomteanalyse.network.shortcuts.severity import (
    GENERAL_LIMIT_CLASSES,
    is_road,
    lane_count,
    rail_severity,
    road_severity,
    road_speed,
)
from tomteanalyse.network.way_classes import (
    CLOSED,
    Grade,
    WayClass,
    grade,
    layer,
    speed_kmh,
    way_class,
)

NOTHING, FOOT, STREET, ROAD, RAIL = range(5)
"""Roles: nothing to us, made for walking, ordinary street, hazardous road, track."""

BUILT_UP = frozenset({"residential", "retail", "commercial", "industrial"})
"""Of 57 speeds mapped in industrial areas of Liechtenstein, 33 are 50, 21 are 60 and 3 are 80."""
DENSE_BUILDINGS, DENSE_M = 10, 100.0
"""So many buildings within so many metres of a road are a built-up area, whatever is mapped of
land use: in town centres it often is not (normative)."""
FAST_KMH = 60.0
EMBEDDED_M = 12.0
"""A tram this near the centre line of a road runs in the street (measured: 123 false barriers in
one Finnish city without this rule)."""


@dataclass(frozen=True)
class LineRoles:
    """One entry per line of the extract.

    Parameters
    ----------
    role
        NOTHING, FOOT, STREET, ROAD or RAIL, shape (n,).
    at_ground
        Whether the line lies on the ground, shape (n,).
    layer
        The mapped layer, shape (n,).
    severity, traffic
        0-1, 0 for what is no hazard, shape (n,).
    speed
        km/h; NaN for what is no road and for tracks without a mapped speed, shape (n,).
    speed_assumed
        Whether the speed was assumed, shape (n,).
    lanes
        Lanes; 0 for what is no road, shape (n,).
    kerb
        Whether one may walk along the left and the right side of a road, shape (n, 2).
    motorway
        Whether the road is a motorway or one of its ramps, shape (n,).
    tram
        Whether the line is a tram, shape (n,).
    indoor
        Whether the line leads through the rooms of a building, shape (n,).
    """

    role: Ints
    at_ground: Bools
    layer: Ints
    severity: Floats
    traffic: Floats
    speed: Floats
    speed_assumed: Bools
    lanes: Ints
    kerb: Bools
    motorway: Bools
    tram: Bools
    indoor: Bools

    @property
    def hazard(self) -> Bools:
        """Whether each line is a hazard."""
        return self.role >= ROAD

    @property
    def verge(self) -> Bools:
        """Whether each line is a fast road without a sidewalk on both sides."""
        fast: Bools = (self.role == ROAD) & (self.speed >= FAST_KMH) & ~self.kerb.any(axis=1)
        return fast & self.at_ground


def line_roles(extract: OsmExtract, *, least_severity: float) -> LineRoles:
    """Classify every line of an extract.

    Parameters
    ----------
    extract
        The extract.
    least_severity
        A road below this severity is an ordinary street.

    Notes
    -----
    Hazards in tunnels are dropped; a hazard on a bridge stays one, but cuts nothing below it.
    Source: the project's method for unsafe shortcuts, 4.2 to 4.5.
    """
    lines = extract.lines
    count = len(lines.tags)
    roles = LineRoles(
        role=np.zeros(count, dtype=np.int64),
        at_ground=np.array([grade(tags) is Grade.GROUND for tags in lines.tags], dtype=np.bool_),
        layer=np.array([layer(tags) for tags in lines.tags], dtype=np.int64),
        severity=np.zeros(count),
        traffic=np.zeros(count),
        speed=np.full(count, np.nan),
        speed_assumed=np.zeros(count, dtype=np.bool_),
        lanes=np.zeros(count, dtype=np.int64),
        kerb=np.zeros((count, 2), dtype=np.bool_),
        motorway=np.zeros(count, dtype=np.bool_),
        tram=np.array([tags.get("railway") == "tram" for tags in lines.tags], dtype=np.bool_),
        indoor=np.array([tags.get("indoor") == "yes" for tags in lines.tags], dtype=np.bool_),
    )
    built_up = _in_built_up_areas(extract)
    for place, tags in enumerate(lines.tags):
        # A pedestrian street with a tram in it is both; the tram is the line's own business.
        if is_road(tags):
            _add_road(roles, place, tags, built_up=bool(built_up[place]), least=least_severity)
        elif "railway" in tags and rail_severity(tags) is not None:
            _add_rail(roles, place, tags)
        elif way_class(tags) is WayClass.FOOT:
            roles.role[place] = FOOT
    return roles


def embedded_trams(extract: OsmExtract, roles: LineRoles, segments: Geometries) -> Bools:
    """Tell which segments of trams run in a street.

    Parameters
    ----------
    extract, roles
        The lines.
    segments
        Straight segments of trams, shape (n,).
    """
    roads = [
        shapely.LineString(extract.lines.xy[slice(*extract.lines.start[place : place + 2])])
        for place, tags in enumerate(extract.lines.tags)
        if (is_road(tags) or tags.get("highway") == "pedestrian") and roles.at_ground[place]
    ]
    embedded = np.zeros(len(segments), dtype=np.bool_)
    if roads and len(segments):
        middles = shapely.line_interpolate_point(segments, 0.5, normalized=True)
        tree = shapely.STRtree(roads)
        embedded[tree.query(middles, predicate="dwithin", distance=EMBEDDED_M)[0]] = True
    return embedded


def _in_built_up_areas(extract: OsmExtract) -> Bools:
    """Tell for each line whether its middle vertex lies in a built-up area."""
    lines, areas = extract.lines, extract.areas
    middle = shapely.points(lines.xy[(lines.start[:-1] + lines.start[1:]) // 2])
    inside = np.zeros(len(lines.tags), dtype=np.bool_)
    built_up = areas.geometry[[tags.get("landuse") in BUILT_UP for tags in areas.tags]]
    inside[shapely.STRtree(built_up).query(middle, predicate="intersects")[0]] = True
    open_land = np.flatnonzero(~inside & [_needs_limit(tags) for tags in lines.tags])
    buildings = areas.geometry[["building" in tags for tags in areas.tags]]
    near = shapely.STRtree(buildings).query(
        middle[open_land], predicate="dwithin", distance=DENSE_M
    )[0]
    count = np.bincount(near, minlength=len(open_land))
    inside[open_land[count >= DENSE_BUILDINGS]] = True
    return inside


def _needs_limit(tags: Tags) -> bool:
    return tags.get("highway") in GENERAL_LIMIT_CLASSES and speed_kmh(tags)[1]


def _add_road(roles: LineRoles, place: int, tags: Tags, *, built_up: bool, least: float) -> None:
    where = grade(tags)
    speed, assumed = road_speed(tags, built_up=built_up)
    lanes = lane_count(tags)
    severity, traffic = road_severity(tags, speed=speed, lanes=lanes)
    closed = _closed_to_foot(tags)
    if severity < least:
        if not closed:
            roles.role[place] = STREET
        return
    if where is Grade.TUNNEL:
        return
    motorway = tags["highway"] in ("motorway", "motorway_link")
    no_walking = motorway or tags.get("motorroad") == "yes"
    slow = speed <= 50.0 and not closed and not no_walking
    roles.role[place] = ROAD
    roles.severity[place], roles.traffic[place] = severity, traffic
    roles.speed[place], roles.speed_assumed[place] = speed, assumed
    roles.lanes[place], roles.motorway[place] = lanes, motorway
    roles.kerb[place] = [slow or _sidewalk(tags, side) for side in ("left", "right")]


def _add_rail(roles: LineRoles, place: int, tags: Tags) -> None:
    severity = rail_severity(tags)
    if severity is None or grade(tags) is Grade.TUNNEL:
        return
    written = tags.get("maxspeed", "")
    roles.role[place] = RAIL
    roles.severity[place] = roles.traffic[place] = severity
    if written.isdecimal():
        roles.speed[place] = float(written)
    roles.speed_assumed[place] = not written.isdecimal()


def _sidewalk(tags: Tags, side: str) -> bool:
    if tags.get("sidewalk") in ("both", "yes", side):
        return True
    return any(tags.get(f"sidewalk:{each}") == "yes" for each in ("both", side))


def _closed_to_foot(tags: Tags) -> bool:
    foot = tags.get("foot")
    if foot is not None:
        return foot in CLOSED or foot == "use_sidepath"
    return tags.get("access") in CLOSED
