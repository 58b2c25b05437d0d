"""The real extracts the figures are taken on."""

import os
from dataclasses import dataclass
from pathlib import Path

import osmium
import pyproj

from tomteanalyse.network.walk import SAFE
from tomteanalyse.network.way_classes import way_class

DATA = Path(os.environ.get("TOMTEANALYSE_DATA", Path(__file__).parents[1].parent / "shared/data"))


@dataclass(frozen=True)
class Case:
    """An extract and the metric system to work in."""

    name: str
    extract: Path
    crs: pyproj.CRS


OSLO = Case("Oslo centre", DATA / "osm" / "oslo-center.osm.pbf", pyproj.CRS("EPSG:25832"))
MILAN = Case("Milan", DATA / "osm" / "milan.osm.pbf", pyproj.CRS("EPSG:32632"))


def write_walkable(case: Case, path: Path) -> int:
    """Write the whole walkable ways of an extract and their nodes as ``.osm``; return their count.

    Ways that miss nodes are left out, since OSMnx cannot read them, and so are platforms, which
    OSMnx walks round where we take them for areas.
    """
    ways: set[int] = set()
    nodes: set[int] = set()
    known = {
        node.id for node in osmium.FileProcessor(str(case.extract), osmium.osm.osm_entity_bits.NODE)
    }
    for way in osmium.FileProcessor(str(case.extract), osmium.osm.osm_entity_bits.WAY):
        refs = [node.ref for node in way.nodes]
        tags = dict(way.tags)
        if "highway" in tags and way_class(tags) in SAFE and known.issuperset(refs):
            ways.add(way.id)
            nodes.update(refs)
    with osmium.SimpleWriter(str(path), overwrite=True) as writer:
        for item in osmium.FileProcessor(str(case.extract)):
            if (item.is_node() and item.id in nodes) or (item.is_way() and item.id in ways):
                writer.add(item)
    return len(ways)
