"""Areas of an OpenStreetMap extract: closed ways, and relations put together from their members."""

import numpy as np
import numpy.typing as npt
import shapely

from tomteanalyse.extract import Areas, Tags
from tomteanalyse.inputs.osm_raw import RawExtract, is_closed, unbroken

AREA_KEYS = frozenset(
    {
        "amenity",
        "building",
        "healthcare",
        "landuse",
        "leisure",
        "natural",
        "office",
        "place",
        "public_transport",
        "railway",
        "shop",
        "tourism",
        "water",
        "waterway",
    }
)
LINEAR_NATURAL = frozenset({"coastline", "cliff", "tree_row", "ridge", "arete", "earth_bank"})
LINEAR_IF_CLOSED = frozenset({"highway", "barrier"})
"""A closed way with one of these is a line that ends where it began, unless ``area=yes``."""


def areas_of(raw: RawExtract, xy: npt.NDArray[np.float64], present: npt.NDArray[np.bool_]) -> Areas:
    """Return closed ways and multipolygon relations that stand for an area.

    Parameters
    ----------
    raw
        What was read.
    xy, present
        Coordinates of the ways' nodes [m], shape (k, 2), and whether they are in the file.
    """
    node = np.frombuffer(raw.way_ref, dtype=np.int64)
    spans = list(raw.spans())
    ids: list[str] = []
    tags: list[Tags] = []
    rings: list[npt.NDArray[np.float64]] = []
    for way, (first, end), way_tags in zip(raw.way_id, spans, raw.way_tags, strict=True):
        if not _is_area(way_tags, closed=is_closed(node, first, end)):
            continue
        ring = xy[first:end][present[first:end]]
        # A clipped outline keeps its true corners and is closed straight along the cut.
        if len(ring) >= 3:
            ids.append(f"w{way}")
            tags.append(way_tags)
            rings.append(ring)
    counts = np.array([len(ring) for ring in rings], dtype=np.int64)
    flat = np.concatenate(rings) if rings else np.empty((0, 2))
    outlines = shapely.polygons(
        shapely.linearrings(flat, indices=np.repeat(np.arange(len(rings)), counts))
    )
    geometry = [*np.atleast_1d(outlines)] if rings else []

    where = {way: place for place, way in enumerate(raw.way_id)}
    for relation, members, relation_tags in raw.relations:
        if not AREA_KEYS.intersection(relation_tags):
            continue
        drawn = []
        for member in members:
            if member in where:
                first, end = spans[where[member]]
                drawn += [xy[a:b] for a, b in unbroken(present, first, end) if b - a > 1]
        area = shapely.build_area(shapely.MultiLineString(drawn))
        if not area.is_empty:
            ids.append(f"r{relation}")
            tags.append(relation_tags)
            geometry.append(area)
    return _valid_areas(ids, geometry, tags)


def _valid_areas(ids: list[str], geometry: list[shapely.Geometry], tags: list[Tags]) -> Areas:
    outlines = np.array(geometry, dtype=object)
    broken = np.flatnonzero(~shapely.is_valid(outlines))
    for place in broken:
        # Mending can leave lines and points behind; only what has an area stands for the place.
        parts = shapely.get_parts(shapely.make_valid(outlines[place]))
        outlines[place] = shapely.union_all(parts[shapely.get_dimensions(parts) == 2])
    kept = np.flatnonzero(~shapely.is_empty(outlines))
    return Areas(
        np.array(ids, dtype=np.str_)[kept], outlines[kept], [tags[place] for place in kept]
    )


def _is_area(tags: Tags, *, closed: bool) -> bool:
    if not closed or tags.get("area") == "no":
        return False
    if tags.get("area") == "yes":
        return True
    if LINEAR_IF_CLOSED.intersection(tags) and not AREA_KEYS.intersection(tags):
        return False
    if "highway" in tags or tags.get("natural") in LINEAR_NATURAL:
        return False
    return bool(AREA_KEYS.intersection(tags))
