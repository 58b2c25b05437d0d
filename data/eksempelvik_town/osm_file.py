"""Write what was drawn as an OpenStreetMap extract (.osm.pbf)."""

from pathlib import Path

import osmium
import pyproj
from osmium.osm import Box, Location
from osmium.osm.mutable import Node, Relation, Way

from eksempelvik_town.canvas import HEIGHT_M, WIDTH_M, Canvas, Tags
from eksempelvik_town.geometry import Xy

CRS = "EPSG:25832"
# Open sea, some 40 km off the coast: nothing real lies here.
ORIGIN: Xy = (450_000.0, 7_120_000.0)
TIMESTAMP = "2026-01-01T00:00:00Z"
FIRST_NODE, FIRST_WAY, FIRST_RELATION = 1_000_001, 2_000_001, 3_000_001


def write_osm(canvas: Canvas, path: Path) -> None:
    """Write nodes, ways and relations, each sorted by id.

    Nodes outside the municipality are left out while ways keep their references to them, as in
    an extract that was cut from a larger map.
    """
    lines = [line for line in canvas.lines if any(map(_inside, line.points))]
    ways: list[tuple[list[Xy], Tags]] = [(line.points, line.tags) for line in lines]
    relations: list[tuple[list[tuple[int, str]], Tags]] = []
    for area in (area for area in canvas.areas if any(map(_inside, area.outer))):
        if not area.inner:
            ways.append((area.outer, area.tags))
            continue
        members = []
        for ring, role in ((area.outer, "outer"), *((r, "inner") for r in area.inner)):
            members.append((FIRST_WAY + len(ways), role))
            ways.append((ring, {}))
        relations.append((members, area.tags | {"type": "multipolygon"}))
    ids: dict[Xy, int] = {}
    for place in [*canvas.points, *(p for points, _ in ways for p in points)]:
        ids.setdefault(place, FIRST_NODE + len(ids))
    to_degrees = pyproj.Transformer.from_crs(CRS, "EPSG:4326", always_xy=True)
    east, north = zip(*((x + ORIGIN[0], y + ORIGIN[1]) for x, y in ids), strict=True)
    lon, lat = to_degrees.transform(east, north)
    header = osmium.io.Header()
    header.set("generator", "make_eksempelvik.py (fictional)")
    header.set("osmosis_replication_timestamp", TIMESTAMP)
    header.add_box(_extent(to_degrees))
    file = osmium.io.File(str(path), "pbf,add_metadata=false")
    with osmium.SimpleWriter(file, header=header, overwrite=True) as writer:
        for (place, node), x, y in zip(ids.items(), lon, lat, strict=True):
            if _inside(place):
                at = (round(x, 7), round(y, 7))
                writer.add_node(Node(id=node, location=at, tags=canvas.points.get(place, {})))
        for way, (points, tags) in enumerate(ways, start=FIRST_WAY):
            writer.add_way(Way(id=way, nodes=[ids[p] for p in points], tags=tags))
        for relation, (members, tags) in enumerate(relations, start=FIRST_RELATION):
            named = [("w", member, role) for member, role in members]
            writer.add_relation(Relation(id=relation, members=named, tags=tags))


def _inside(place: Xy) -> bool:
    return 0 <= place[0] <= WIDTH_M and 0 <= place[1] <= HEIGHT_M


def _extent(to_degrees: pyproj.Transformer) -> Box:
    west, south, east, north = to_degrees.transform_bounds(
        *ORIGIN, ORIGIN[0] + WIDTH_M, ORIGIN[1] + HEIGHT_M
    )
    return Box(Location(west, south), Location(east, north))
