"""The quiet map behind the plots, drawn from the study's own extract: no tiles, no requests."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyproj
import shapely
from shapely import Polygon

from tomteanalyse.extract import Lines, OsmExtract, Tags
from tomteanalyse.views.web_map.labels import place_labels, street_labels
from tomteanalyse.views.web_map.packing import Packed, Shapes, pack_shapes
from tomteanalyse.views.web_map.sea import sea

ROADS = {
    "motorway": "fast",
    "trunk": "fast",
    "motorway_link": "fast",
    "trunk_link": "fast",
    "primary": "main",
    "secondary": "main",
    "primary_link": "main",
    "secondary_link": "main",
    "tertiary": "street",
    "tertiary_link": "street",
    "unclassified": "street",
    "residential": "street",
    "living_street": "street",
    "pedestrian": "street",
    "road": "street",
    "service": "service",
    "track": "path",
    "footway": "path",
    "cycleway": "path",
    "path": "path",
    "steps": "path",
    "bridleway": "path",
}
BESIDE_THE_ROAD = frozenset({"sidewalk", "crossing", "traffic_island", "link"})
"""Footways of these kinds only thicken the street they belong to."""
RAIL = frozenset({"rail", "light_rail", "subway", "narrow_gauge"})
SIDINGS = frozenset({"yard", "siding", "spur", "crossover"})
"""Tracks beside the line, by ``service``: a station has dozens of them."""
RIVERS = frozenset({"river", "canal", "stream"})
UNDER_GROUND = frozenset({"yes", "covered", "culvert", "flooded"})

WOOD = frozenset({"wood", "forest"})
GREEN = frozenset(
    {
        "park",
        "garden",
        "pitch",
        "playground",
        "golf_course",
        "dog_park",
        "grass",
        "grassland",
        "meadow",
        "scrub",
        "heath",
        "cemetery",
        "recreation_ground",
        "village_green",
        "allotments",
        "orchard",
        "farmland",
    }
)
WATER = frozenset({"water", "reservoir", "basin", "riverbank", "dock"})


@dataclass(frozen=True)
class Layer:
    """How one layer of the background is prepared.

    Parameters
    ----------
    name
        Its name in the page, where `page/background.js` gives it a look.
    simplify_m
        How far a simplified line may leave the true one.
    least_m
        Shapes that are shorter (lines, length) or smaller (areas, side of the square) are left out.
    most
        At most so many shapes: those nearest to a plot.
    """

    name: str
    simplify_m: float
    least_m: float
    most: int


AREAS = (
    Layer("wood", 3, 20, 4_000),
    Layer("green", 2, 10, 4_000),
    Layer("water", 2, 8, 3_000),
    Layer("building", 0.6, 4, 16_000),
)
LINES = (
    Layer("river", 2, 10, 4_000),
    Layer("path", 1.5, 10, 12_000),
    Layer("service", 1.5, 15, 8_000),
    Layer("street", 1.5, 0, 12_000),
    Layer("main", 1.5, 0, 6_000),
    Layer("fast", 1.5, 0, 4_000),
    Layer("tram", 1.5, 0, 3_000),
    Layer("siding", 1.5, 0, 3_000),
    Layer("rail", 1.5, 0, 4_000),
)
MARGIN_M = 1_500.0
"""How far beyond the plots and their routes the background reaches."""
FEWEST_M = 1_000.0
"""The background is at least twice as wide and high as this."""


def frame(extract: OsmExtract, around: Shapes) -> Polygon:
    """Return the rectangle that is drawn: the plots and what belongs to them, with a margin.

    Parameters
    ----------
    extract
        Gives the outer limit. Where it lies quite elsewhere, it sets none.
    around
        What must be in the picture [m].
    """
    west, south, east, north = shapely.total_bounds(around)
    middle = ((west + east) / 2, (south + north) / 2)
    half = (
        max((east - west) / 2 + MARGIN_M, FEWEST_M),
        max((north - south) / 2 + MARGIN_M, FEWEST_M),
    )
    wanted = shapely.box(
        middle[0] - half[0], middle[1] - half[1], middle[0] + half[0], middle[1] + half[1]
    )
    common = wanted.intersection(shapely.box(*extract.bounds))
    return common if common.area > 0 else wanted


def background(
    extract: OsmExtract, *, drawn: Polygon, plots: Shapes, crs: pyproj.CRS
) -> dict[str, Any]:
    """Return everything the page needs to draw the ground the plots lie on.

    Parameters
    ----------
    extract
        The OpenStreetMap extract.
    drawn
        The rectangle to draw (`frame`).
    plots
        The plots: where a layer holds too many shapes, those nearest to them are kept.
    crs
        The study's system.

    Returns
    -------
    dict
        ``layers`` by name (packed shapes), ``frame`` (packed), ``places`` and ``streets`` (labels).
    """
    near = shapely.STRtree(shapely.centroid(plots))
    lines = _lines(extract.lines)
    road = [_line_layer(tags) for tags in extract.lines.tags]
    layers: dict[str, Packed] = {}
    for layer in LINES:
        shapes = lines[_where(road, layer.name)]
        layers[layer.name] = _prepared(shapes, layer, drawn, near, crs)
    ground = [_area_layer(tags) for tags in extract.areas.tags]
    for layer in AREAS:
        shapes = extract.areas.geometry[_where(ground, layer.name)]
        layers[layer.name] = _prepared(shapes, layer, drawn, near, crs)
    coast = lines[_tagged(extract.lines.tags, lambda tags: tags.get("natural") == "coastline")]
    layers["sea"] = pack_shapes(shapely.simplify(sea(coast, drawn), 2), crs=crs)
    named = _where(road, "main") | _where(road, "street")
    names = np.array([tags.get("name", "") for tags in extract.lines.tags], dtype=object)
    return {
        "layers": layers,
        "frame": pack_shapes(np.array([drawn], dtype=object), crs=crs),
        "places": place_labels(extract, drawn=drawn, crs=crs),
        "streets": street_labels(
            lines[named], names[named], _where(road, "main")[named], drawn=drawn, near=near, crs=crs
        ),
    }


def _lines(lines: Lines) -> Shapes:
    """Return the extract's lines as shapes, None where there is but one vertex."""
    count = np.diff(lines.start)
    made = np.full(count.size, None, dtype=object)
    whole = count > 1
    owner = np.repeat(np.arange(count.size), count)
    of_whole = whole[owner]
    # Numbered without gaps, as `linestrings` asks.
    index = (np.cumsum(whole) - 1)[owner][of_whole]
    made[whole] = shapely.linestrings(lines.xy[of_whole], indices=index)
    return made


def _line_layer(tags: Tags) -> str | None:
    if tags.get("tunnel") in UNDER_GROUND:
        return None
    if "highway" in tags and tags.get("footway") not in BESIDE_THE_ROAD:
        return ROADS.get(tags["highway"])
    if (railway := tags.get("railway")) is not None:
        if railway == "tram" or railway not in RAIL:
            return "tram" if railway == "tram" else None
        return "siding" if tags.get("service") in SIDINGS else "rail"
    return "river" if tags.get("waterway") in RIVERS else None


def _area_layer(tags: Tags) -> str | None:
    if tags.get("building", "no") != "no":
        return "building"
    kinds = {tags.get(key) for key in ("natural", "landuse", "leisure", "waterway")}
    for name, members in (("water", WATER), ("wood", WOOD), ("green", GREEN)):
        if kinds & members:
            return name
    return None


def _where(layer_of: list[str | None], name: str) -> npt.NDArray[np.bool_]:
    return np.array([layer == name for layer in layer_of], dtype=bool)


def _tagged(tags: list[Tags], test: Callable[[Tags], bool]) -> npt.NDArray[np.bool_]:
    return np.array([test(each) for each in tags], dtype=bool)


def _prepared(
    shapes: Shapes, layer: Layer, drawn: Polygon, near: shapely.STRtree, crs: pyproj.CRS
) -> Packed:
    """Clip, thin out, simplify and pack."""
    flat = layer in LINES
    kind = shapely.GeometryType.LINESTRING if flat else shapely.GeometryType.POLYGON
    parts = shapely.get_parts(shapely.clip_by_rect(shapes, *drawn.bounds))
    parts = parts[shapely.get_type_id(parts) == kind]
    size = shapely.length(parts) if flat else np.sqrt(shapely.area(parts))
    parts = parts[size >= layer.least_m]
    if parts.size > layer.most:
        (of_part, _), distance = near.query_nearest(
            shapely.centroid(parts), return_distance=True, all_matches=False
        )
        nearest = of_part[np.argsort(distance, kind="stable")[: layer.most]]
        parts = parts[np.sort(nearest)]
    parts = shapely.simplify(parts, layer.simplify_m, preserve_topology=not flat)
    return pack_shapes(parts[~shapely.is_empty(parts)], crs=crs)
