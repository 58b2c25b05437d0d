"""The single pass over an OpenStreetMap file: what libosmium hands out, into flat buffers."""

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

from tomteanalyse.extract import Tags

NODE_KEYS = (
    "amenity",
    "barrier",
    "crossing",
    "crossing:island",
    "crossing:markings",
    "crossing:signals",
    "crossing_ref",
    "disused:highway",
    "emergency",
    "entrance",
    "government",
    "healthcare",
    "highway",
    "leisure",
    "natural",
    "office",
    "place",
    "post_office",
    "public_transport",
    "railway",
    "shop",
    "tourism",
)
"""A node without any of these means nothing to a person on foot."""
NOWHERE = 2_147_483_647
"""The coordinate libosmium gives a node that is not in the file."""


@dataclass
class RawExtract:
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
    timestamp: str | None = None

    def read(self, path: Path) -> None:
        """Read the file once, from beginning to end."""
        self.timestamp = header_timestamp(path)
        # Most tagged nodes are trees and house numbers: they stay inside libosmium.
        useful = osmium.filter.KeyFilter(*NODE_KEYS)
        useful.enable_for(osmium.osm.NODE)
        objects = osmium.FileProcessor(str(path)).with_locations().with_filter(useful)
        undated = self.timestamp is None
        newest = None
        for item in objects:
            if isinstance(item, osmium.osm.Node):
                self.node_id.append(item.id)
                self.node_x.append(item.location.x)
                self.node_y.append(item.location.y)
                self.node_tags.append(dict(item.tags))
            elif isinstance(item, osmium.osm.Way):
                self._add_way(item)
                if undated and (newest is None or item.timestamp > newest):
                    newest = item.timestamp
            elif isinstance(item, osmium.osm.Relation) and item.tags.get("type") == "multipolygon":
                ways = [member.ref for member in item.members if member.type == "w"]
                self.relations.append((item.id, ways, dict(item.tags)))
        # Files without edit times say 1970 for every object.
        if newest is not None and newest.year > 2000:
            self.timestamp = newest.strftime("%Y-%m-%dT%H:%M:%SZ")

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
        """Yield where each way begins and ends in the buffers."""
        return pairwise([0, *self.way_end])


def header_box(path: Path) -> tuple[float, float, float, float] | None:
    """Return west, south, east, north [degrees] of the file's header, if it has a box."""
    with osmium.io.Reader(str(path), osmium.osm.osm_entity_bits.NOTHING) as reader:
        box = reader.header().box()
        if not box.valid():
            return None
        west_south, east_north = box.bottom_left, box.top_right
        return (west_south.lon, west_south.lat, east_north.lon, east_north.lat)


def header_timestamp(path: Path) -> str | None:
    """Return when the data was taken from OpenStreetMap, if the file says so."""
    if path.name.endswith(".pbf"):
        with osmium.io.Reader(str(path), osmium.osm.osm_entity_bits.NOTHING) as reader:
            return reader.header().get("osmosis_replication_timestamp") or None
    # Overpass writes its data's date as an attribute that libosmium passes over.
    with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
        found = re.search(rb'osm_base="([^"]+)"', file.read(4096))
    return found.group(1).decode("ascii", "replace") if found else None


def unbroken(present: npt.NDArray[np.bool_], first: int, end: int) -> list[tuple[int, int]]:
    """Return the stretches of a way whose nodes are all in the file, as spans of the buffers."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], present[first:end], [False]])))
    return [(first + int(a), first + int(b)) for a, b in edges.reshape(-1, 2)]


def is_closed(node: npt.NDArray[np.int64], first: int, end: int) -> bool:
    """Tell whether a way with these nodes ends where it begins."""
    return end - first > 3 and node[first] == node[end - 1]
