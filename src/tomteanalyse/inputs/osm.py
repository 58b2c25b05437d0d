"""Read an OpenStreetMap extract in one pass into arrays."""

import gzip
import re
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt
import osmium
import pyproj
import shapely

from tomteanalyse.errors import DataError, Notice
from tomteanalyse.extract import Areas, Lines, OsmExtract, Points, Tags

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

HEADER_SLACK_M = 5000.0
NOWHERE = 2_147_483_647
"""The coordinate libosmium gives a node that is not in the file."""
DEGREES = 1e-7


def read_extract(path: Path, *, crs: pyproj.CRS) -> OsmExtract:
    """Read ``.osm.pbf``, ``.osm`` or ``.osm.gz`` into arrays in a metric system.

    Parameters
    ----------
    path
        The extract. Nodes must come before ways, as in every file a service hands out.
    crs
        The study's metric coordinate system.

    Returns
    -------
    OsmExtract
        Coordinates in `crs` [m]. A way that misses nodes is cut where they are missing; the gap is
        never bridged.

    Raises
    ------
    DataError
        ``osm.unreadable`` if the file is broken off or not OpenStreetMap data, ``osm.unsorted`` if
        ways come before their nodes, ``osm.no_ways`` if nobody can walk in it.
    """
    raw = _Raw()
    try:
        raw.read(path)
        box = _header_box(path)
    except (RuntimeError, ValueError, OSError) as error:
        # libosmium's words may carry the full path, which has no place in a message.
        raise DataError(
            Notice("osm.unreadable", file=path.name, values={"kind": type(error).__name__})
        ) from error
    if not any("highway" in tags for tags in raw.way_tags):
        raise DataError(Notice("osm.no_ways", file=path.name))
    way_x = np.frombuffer(raw.way_x, dtype=np.int32)
    present = way_x != NOWHERE
    if not present.any():
        raise DataError(Notice("osm.unsorted", file=path.name))

    to_metres = pyproj.Transformer.from_crs("EPSG:4326", crs, always_xy=True)
    way_xy = _metres(to_metres, way_x, np.frombuffer(raw.way_y, dtype=np.int32), present)
    node_x = np.frombuffer(raw.node_x, dtype=np.int32)
    node_y = np.frombuffer(raw.node_y, dtype=np.int32)
    node_xy = _metres(to_metres, node_x, node_y, node_x != NOWHERE)
    if not np.isfinite(way_xy[present]).all():
        raise DataError(
            Notice("osm.outside_crs", file=path.name, values={"crs": crs.to_string() or crs.name})
        )
    x, y = way_xy[present].T
    bounds = (float(x.min()), float(y.min()), float(x.max()), float(y.max()))
    if box is not None:
        # A header may claim the whole planet; an honest one reaches a little past its ways.
        west, south, east, north = to_metres.transform_bounds(*box)
        bounds = (
            max(west, bounds[0] - HEADER_SLACK_M),
            max(south, bounds[1] - HEADER_SLACK_M),
            min(east, bounds[2] + HEADER_SLACK_M),
            min(north, bounds[3] + HEADER_SLACK_M),
        )
    return OsmExtract(
        path=path,
        timestamp=_header_timestamp(path) or raw.newest,
        bounds=bounds,
        lines=_lines(raw, way_xy, present),
        areas=_areas(raw, way_xy, present),
        points=Points(np.array(raw.node_id, dtype=np.int64), node_xy, raw.node_tags),
    )


@dataclass
class _Raw:
    """What the single pass collects: flat buffers, since a list of objects costs ten times more."""

    node_id: list[int] = field(default_factory=list)
    node_x: "array[int]" = field(default_factory=lambda: array("i"))
    node_y: "array[int]" = field(default_factory=lambda: array("i"))
    node_tags: list[Tags] = field(default_factory=list)
    way_id: list[int] = field(default_factory=list)
    way_end: list[int] = field(default_factory=list)
    way_ref: "array[int]" = field(default_factory=lambda: array("q"))
    way_x: "array[int]" = field(default_factory=lambda: array("i"))
    way_y: "array[int]" = field(default_factory=lambda: array("i"))
    way_tags: list[Tags] = field(default_factory=list)
    relations: list[tuple[int, list[int], Tags]] = field(default_factory=list)
    newest: str | None = None

    def read(self, path: Path) -> None:
        tagged = osmium.filter.EmptyTagFilter()
        tagged.enable_for(osmium.osm.NODE)
        objects = osmium.FileProcessor(str(path)).with_locations().with_filter(tagged)
        newest = None
        for item in objects:
            if isinstance(item, osmium.osm.Node):
                self.node_id.append(item.id)
                self.node_x.append(item.location.x)
                self.node_y.append(item.location.y)
                self.node_tags.append(dict(item.tags))
            elif isinstance(item, osmium.osm.Way):
                self._add_way(item)
                if newest is None or item.timestamp > newest:
                    newest = item.timestamp
            elif isinstance(item, osmium.osm.Relation) and item.tags.get("type") == "multipolygon":
                ways = [member.ref for member in item.members if member.type == "w"]
                self.relations.append((item.id, ways, dict(item.tags)))
        # Files without edit times say 1970 for every object.
        if newest is not None and newest.year > 2000:
            self.newest = newest.strftime("%Y-%m-%dT%H:%M:%SZ")

    def _add_way(self, way: osmium.osm.Way) -> None:
        add_ref, add_x, add_y = self.way_ref.append, self.way_x.append, self.way_y.append
        for node in way.nodes:
            add_ref(node.ref)
            add_x(node.x)
            add_y(node.y)
        self.way_id.append(way.id)
        self.way_end.append(len(self.way_ref))
        self.way_tags.append(dict(way.tags))

    def spans(self) -> Iterator[tuple[int, int]]:
        return pairwise([0, *self.way_end])


def _metres(
    to_metres: pyproj.Transformer,
    x: npt.NDArray[np.int32],
    y: npt.NDArray[np.int32],
    present: npt.NDArray[np.bool_],
) -> npt.NDArray[np.float64]:
    xy = np.full((len(x), 2), np.nan)
    east, north = to_metres.transform(x[present] * DEGREES, y[present] * DEGREES)
    xy[present, 0], xy[present, 1] = east, north
    return xy


def _header_box(path: Path) -> tuple[float, float, float, float] | None:
    with osmium.io.Reader(str(path), osmium.osm.osm_entity_bits.NOTHING) as reader:
        box = reader.header().box()
        if not box.valid():
            return None
        west_south, east_north = box.bottom_left, box.top_right
        return (west_south.lon, west_south.lat, east_north.lon, east_north.lat)


def _header_timestamp(path: Path) -> str | None:
    if path.name.endswith(".pbf"):
        with osmium.io.Reader(str(path), osmium.osm.osm_entity_bits.NOTHING) as reader:
            return reader.header().get("osmosis_replication_timestamp") or None
    # Overpass writes its data's date as an attribute that libosmium passes over.
    with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
        found = re.search(rb'osm_base="([^"]+)"', file.read(4096))
    return found.group(1).decode("ascii", "replace") if found else None


def _lines(raw: _Raw, xy: npt.NDArray[np.float64], present: npt.NDArray[np.bool_]) -> Lines:
    node = np.frombuffer(raw.way_ref, dtype=np.int64)
    ways: list[int] = []
    spans: list[tuple[int, int]] = []
    clipped: list[bool] = []
    tags: list[Tags] = []
    missing_before = np.concatenate([[0], np.cumsum(~present)])
    for way, (first, end), way_tags in zip(raw.way_id, raw.spans(), raw.way_tags, strict=True):
        if not _is_line(way_tags, closed=_closed(node, first, end)):
            continue
        whole = missing_before[first] == missing_before[end]
        for piece in [(first, end)] if whole else _unbroken(present, first, end):
            if piece[1] - piece[0] > 1:
                ways.append(way)
                spans.append(piece)
                clipped.append(not whole)
                tags.append(way_tags)
    counts = np.array([end - first for first, end in spans], dtype=np.int64)
    start = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    firsts = np.array([first for first, _ in spans], dtype=np.int64)
    index = np.arange(start[-1]) + np.repeat(firsts - start[:-1], counts)
    return Lines(
        way=np.array(ways, dtype=np.int64),
        start=start,
        node=node[index],
        xy=xy[index],
        clipped=np.array(clipped, dtype=np.bool_),
        tags=tags,
    )


def _unbroken(present: npt.NDArray[np.bool_], first: int, end: int) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate([[False], present[first:end], [False]])))
    return [(first + int(a), first + int(b)) for a, b in edges.reshape(-1, 2)]


def _closed(node: npt.NDArray[np.int64], first: int, end: int) -> bool:
    return end - first > 3 and node[first] == node[end - 1]


def _is_line(tags: Tags, *, closed: bool) -> bool:
    if "natural" in tags and tags["natural"] in LINEAR_NATURAL:
        return True
    if "highway" in tags or "barrier" in tags:
        return True
    if tags.get("public_transport") == "platform":
        return True
    if "railway" in tags or "waterway" in tags or "man_made" in tags:
        return not closed or "building" not in tags
    return False


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


def _areas(raw: _Raw, xy: npt.NDArray[np.float64], present: npt.NDArray[np.bool_]) -> Areas:
    node = np.frombuffer(raw.way_ref, dtype=np.int64)
    spans = list(raw.spans())
    ids: list[str] = []
    tags: list[Tags] = []
    rings: list[npt.NDArray[np.float64]] = []
    for way, (first, end), way_tags in zip(raw.way_id, spans, raw.way_tags, strict=True):
        if not _is_area(way_tags, closed=_closed(node, first, end)):
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
                drawn += [xy[a:b] for a, b in _unbroken(present, first, end) if b - a > 1]
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
