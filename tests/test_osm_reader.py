"""Reading OpenStreetMap extracts: every way whole or cut, every area closed, every fault told."""

import gzip
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import numpy as np
import osmium
import pyproj
import pytest
import shapely

from tomteanalyse.errors import DataError
from tomteanalyse.extract import OsmExtract, Tags
from tomteanalyse.inputs.osm import read_extract

CRS = pyproj.CRS("EPSG:25832")
REAL = Path(__file__).parents[2] / "shared" / "data" / "osm"


@dataclass
class Xml:
    """An .osm file; nodes lie `x` and `y` ten-thousandths of a degree from 60 N 9 E."""

    root: str = '<osm version="0.6">'
    nodes: list[str] = field(default_factory=list)
    ways: list[str] = field(default_factory=list)
    relations: list[str] = field(default_factory=list)

    def node(self, ref: int, x: float, y: float, tags: Tags | None = None) -> None:
        place = f'lon="{9 + x / 10_000:.7f}" lat="{60 + y / 10_000:.7f}"'
        self.nodes.append(f'<node id="{ref}" version="1" {place}>{_tags(tags)}</node>')

    def way(self, ref: int, nodes: list[int], tags: Tags, when: str = "") -> None:
        stamp = f' timestamp="{when}"' if when else ""
        inside = "".join(f'<nd ref="{node}"/>' for node in nodes)
        self.ways.append(f'<way id="{ref}" version="1"{stamp}>{inside}{_tags(tags)}</way>')

    def relation(self, ref: int, members: list[tuple[int, str]], tags: Tags) -> None:
        inside = "".join(f'<member type="way" ref="{way}" role="{role}"/>' for way, role in members)
        self.relations.append(f'<relation id="{ref}" version="1">{inside}{_tags(tags)}</relation>')

    def square(self, first: int, x: float, y: float, size: float) -> list[int]:
        """Add the four corners of a square and return its closed ring."""
        corners = [(x, y), (x + size, y), (x + size, y + size), (x, y + size)]
        for place, (east, north) in enumerate(corners):
            self.node(first + place, east, north)
        return [first, first + 1, first + 2, first + 3, first]

    def text(self) -> str:
        return "\n".join([self.root, *self.nodes, *self.ways, *self.relations, "</osm>"])

    def read(self, folder: Path) -> OsmExtract:
        (folder / "by.osm").write_text(self.text(), "utf-8")
        return read_extract(folder / "by.osm", crs=CRS)


def _tags(tags: Tags | None) -> str:
    return "".join(f'<tag k="{key}" v="{value}"/>' for key, value in (tags or {}).items())


def _street() -> Xml:
    xml = Xml()
    for ref in (1, 2, 3, 4):
        xml.node(ref, 10.0 * ref, 0)
    xml.way(10, [1, 2, 3, 4], {"highway": "residential"})
    return xml


def _fault(path: Path) -> str:
    with pytest.raises(DataError) as caught:
        read_extract(path, crs=CRS)
    assert str(path.parent) not in str(caught.value)
    assert [notice.file for notice in caught.value.notices] == [path.name]
    return caught.value.notices[0].code


def _drawn(extract: OsmExtract) -> list[tuple[int, list[int], bool]]:
    lines = extract.lines
    spans = pairwise(lines.start.tolist())
    return [
        (int(way), lines.node[first:end].tolist(), bool(clipped))
        for way, (first, end), clipped in zip(lines.way, spans, lines.clipped, strict=True)
    ]


def test_a_way_keeps_its_nodes_its_tags_and_its_place_in_metres(tmp_path: Path) -> None:
    extract = _street().read(tmp_path)
    assert _drawn(extract) == [(10, [1, 2, 3, 4], False)]
    assert extract.lines.tags == [{"highway": "residential"}]
    # 9 E is the middle of zone 32: east 500 km; a ten-thousandth of a degree at 60 N is 5.58 m.
    assert extract.lines.xy[0, 0] - 500_000.0 == pytest.approx(55.8, abs=0.1)
    assert np.diff(extract.lines.xy[:, 0]) == pytest.approx(55.8, abs=0.1)


def test_the_date_is_the_one_overpass_writes(tmp_path: Path) -> None:
    xml = _street()
    xml.root += '<meta osm_base="2026-03-01T12:00:00Z"/>'
    xml.way(11, [1, 2], {"highway": "path"}, when="2026-02-02T02:02:02Z")
    assert xml.read(tmp_path).timestamp == "2026-03-01T12:00:00Z"


def test_the_date_is_the_newest_edit_where_the_header_says_nothing(tmp_path: Path) -> None:
    xml = _street()
    xml.way(11, [1, 2], {"highway": "path"}, when="2024-02-02T02:02:02Z")
    xml.way(12, [2, 3], {"highway": "path"}, when="2023-01-01T00:00:00Z")
    assert xml.read(tmp_path).timestamp == "2024-02-02T02:02:02Z"


def test_there_is_no_date_where_the_file_has_none(tmp_path: Path) -> None:
    assert _street().read(tmp_path).timestamp is None


def test_the_date_of_a_pbf_stands_in_its_header(tmp_path: Path) -> None:
    header = osmium.io.Header()
    header.set("osmosis_replication_timestamp", "2025-06-16T10:55:00Z")
    path = _as_pbf(_street(), tmp_path, header)
    assert read_extract(path, crs=CRS).timestamp == "2025-06-16T10:55:00Z"


def test_a_clipped_way_is_cut_where_nodes_are_missing_and_never_bridged(tmp_path: Path) -> None:
    xml = _street()
    # 98 and 99 lie outside; 3 stands alone between two gaps.
    xml.way(11, [99, 1, 2, 98, 3, 98, 4, 3, 99], {"highway": "path"})
    extract = xml.read(tmp_path)
    pieces = [(nodes, clipped) for way, nodes, clipped in _drawn(extract) if way == 11]
    assert pieces == [([1, 2], True), ([4, 3], True)]
    assert np.isfinite(extract.lines.xy).all()


def test_the_bounds_are_those_the_header_gives(tmp_path: Path) -> None:
    xml = _street()
    xml.root += '<bounds minlon="9.0" minlat="59.99" maxlon="9.02" maxlat="60.01"/>'
    west, south, east, north = xml.read(tmp_path).bounds
    assert (west, east) == pytest.approx((500_000.0, 501_116.0), abs=2.0)
    assert north - south == pytest.approx(2228.0, abs=2.0)


def test_a_header_that_claims_the_planet_is_believed_a_little_way_past_the_data(
    tmp_path: Path,
) -> None:
    xml = _street()
    xml.root += '<bounds minlon="-170" minlat="50" maxlon="9.0004" maxlat="70"/>'
    extract = xml.read(tmp_path)
    x, y = extract.lines.xy.T
    assert extract.bounds[:2] == pytest.approx((x.min() - 5000.0, y.min() - 5000.0))
    assert extract.bounds[3] == pytest.approx(y.max() + 5000.0)
    assert extract.bounds[2] < x.max() + 5000.0


def test_the_bounds_are_the_extent_of_the_ways_where_the_header_gives_none(tmp_path: Path) -> None:
    extract = _street().read(tmp_path)
    assert extract.bounds[0] == extract.lines.xy[:, 0].min()
    assert extract.bounds[2] == extract.lines.xy[:, 0].max()


@pytest.mark.parametrize(
    ("tags", "is_line", "is_area"),
    [
        ({"building": "yes"}, False, True),
        ({"leisure": "park"}, False, True),
        ({"leisure": "park", "barrier": "fence"}, True, True),
        ({"barrier": "fence"}, True, False),
        ({"highway": "residential", "junction": "roundabout"}, True, False),
        ({"highway": "pedestrian", "area": "yes"}, True, True),
        ({"natural": "cliff"}, True, False),
        ({"natural": "water"}, False, True),
        ({"leisure": "track", "area": "no"}, False, False),
        ({"waterway": "riverbank"}, True, True),
        ({"note": "ingenting"}, False, False),
    ],
)
def test_a_closed_way_is_a_line_or_an_area_as_its_tags_say(
    tmp_path: Path, tags: Tags, is_line: bool, is_area: bool
) -> None:
    xml = _street()
    xml.way(20, xml.square(100, 0, 10, 20), tags)
    extract = xml.read(tmp_path)
    assert (20 in extract.lines.way, "w20" in extract.areas.osm_id) == (is_line, is_area)


def test_a_platform_drawn_as_an_open_way_is_a_line(tmp_path: Path) -> None:
    xml = _street()
    xml.way(20, [1, 2], {"public_transport": "platform", "bus": "yes"})
    extract = xml.read(tmp_path)
    assert _drawn(extract)[-1] == (20, [1, 2], False)
    assert len(extract.areas.osm_id) == 0


def test_an_open_way_is_never_an_area(tmp_path: Path) -> None:
    xml = _street()
    xml.way(20, xml.square(100, 0, 10, 20)[:-1], {"building": "yes"})
    assert len(xml.read(tmp_path).areas.osm_id) == 0


def test_a_multipolygon_has_its_outer_parts_joined_and_its_holes(tmp_path: Path) -> None:
    xml = _street()
    ring = xml.square(100, 0, 0, 40)
    xml.way(20, ring[:3], {})
    xml.way(21, ring[2:], {})
    xml.way(22, xml.square(110, 10, 10, 10), {})
    xml.way(23, xml.square(120, 60, 0, 20), {})
    members = [(20, "outer"), (21, "outer"), (22, "inner"), (23, "outer")]
    xml.relation(7, members, {"type": "multipolygon", "leisure": "park"})
    areas = xml.read(tmp_path).areas
    assert areas.osm_id.tolist() == ["r7"]
    # A square of one ten-thousandth of a degree is 5.58 m by 11.14 m.
    cells = (40 * 40 - 10 * 10 + 20 * 20) * 5.58 * 11.14
    assert areas.geometry[0].area == pytest.approx(cells, rel=0.01)
    assert sorted(len(part.interiors) for part in areas.geometry[0].geoms) == [0, 1]


def test_a_relation_that_draws_no_area_is_left_out(tmp_path: Path) -> None:
    xml = _street()
    xml.relation(7, [(10, "outer"), (999, "outer")], {"type": "multipolygon", "natural": "water"})
    xml.relation(8, [(10, "")], {"type": "route", "leisure": "park"})
    assert len(xml.read(tmp_path).areas.osm_id) == 0


def test_an_outline_that_crosses_itself_is_mended_to_an_area(tmp_path: Path) -> None:
    xml = _street()
    a, b, c, d, _ = xml.square(100, 0, 0, 20)
    xml.way(20, [a, b, d, c, a], {"leisure": "park"})
    areas = xml.read(tmp_path).areas
    assert shapely.is_valid(areas.geometry).all()
    assert areas.geometry[0].area == pytest.approx(20 * 20 / 2 * 5.58 * 11.14, rel=0.01)


def test_tagged_nodes_become_points_and_plain_ones_do_not(tmp_path: Path) -> None:
    xml = _street()
    xml.node(50, 5, 5, {"shop": "supermarket", "name": "Blåbær & Bær".replace("&", "&amp;")})
    points = xml.read(tmp_path).points
    assert points.node.tolist() == [50]
    assert points.tags == [{"shop": "supermarket", "name": "Blåbær & Bær"}]


def _as_pbf(xml: Xml, folder: Path, header: osmium.io.Header | None = None) -> Path:
    (folder / "kilde.osm").write_text(xml.text(), "utf-8")
    path = folder / "by.osm.pbf"
    with osmium.SimpleWriter(str(path), header=header or osmium.io.Header()) as writer:
        for item in osmium.FileProcessor(str(folder / "kilde.osm")):
            writer.add(item)
    return path


def test_all_three_formats_give_the_same_extract(tmp_path: Path) -> None:
    xml = _street()
    xml.node(50, 5, 5, {"shop": "supermarket"})
    xml.way(11, [99, 1, 2], {"highway": "path"})
    xml.way(20, xml.square(100, 0, 10, 20), {"building": "yes"})
    xml.relation(7, [(20, "outer")], {"type": "multipolygon", "leisure": "park"})
    plain = xml.read(tmp_path)
    (tmp_path / "by.osm.gz").write_bytes(gzip.compress(xml.text().encode()))
    for path in (tmp_path / "by.osm.gz", _as_pbf(xml, tmp_path)):
        other = read_extract(path, crs=CRS)
        assert _drawn(other) == _drawn(plain)
        assert np.array_equal(other.lines.xy, plain.lines.xy)
        assert other.lines.tags == plain.lines.tags
        assert other.areas.osm_id.tolist() == plain.areas.osm_id.tolist() == ["w20", "r7"]
        assert shapely.equals_exact(other.areas.geometry, plain.areas.geometry).all()
        assert np.array_equal(other.points.xy, plain.points.xy)
        assert (other.bounds, other.timestamp) == (plain.bounds, plain.timestamp)


@pytest.mark.parametrize("share", [0.05, 0.5, 0.95])
def test_a_broken_off_file_is_told(tmp_path: Path, share: float) -> None:
    whole = _as_pbf(_street(), tmp_path).read_bytes()
    xml = _street().text().encode()
    for name, content in (("a.osm.pbf", whole), ("b.osm", xml), ("c.osm.gz", gzip.compress(xml))):
        (tmp_path / name).write_bytes(content[: int(share * len(content))])
        assert _fault(tmp_path / name) == "osm.unreadable", name
        with pytest.raises(DataError) as caught:
            read_extract(tmp_path / name, crs=CRS)
        assert "Error" not in str(caught.value)


@pytest.mark.parametrize("name", ["a.osm.pbf", "b.osm", "c.osm.gz", "d.txt"])
def test_a_file_that_is_not_openstreetmap_is_told(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("<html><body>504 Gateway Timeout</body></html>", "utf-8")
    assert _fault(tmp_path / name) == "osm.unreadable"


def test_ways_before_their_nodes_are_told(tmp_path: Path) -> None:
    xml = _street()
    text = "\n".join([xml.root, *xml.ways, *xml.nodes, "</osm>"])
    (tmp_path / "by.osm").write_text(text, "utf-8")
    assert _fault(tmp_path / "by.osm") == "osm.unsorted"


def test_an_extract_without_roads_is_told(tmp_path: Path) -> None:
    xml = Xml()
    xml.way(20, xml.square(100, 0, 0, 20), {"building": "yes"})
    for name, content in (("hus.osm", xml), ("tom.osm", Xml())):
        (tmp_path / name).write_text(content.text(), "utf-8")
        assert _fault(tmp_path / name) == "osm.no_ways"


@pytest.mark.skipif(not REAL.exists(), reason="the real extracts are not on this machine")
def test_the_oslo_extract_holds_what_its_description_counts() -> None:
    path = REAL / "oslo-center.osm.pbf"
    extract = read_extract(path, crs=CRS)
    in_file: Counter[str] = Counter()
    drawable: Counter[str] = Counter()
    for way in osmium.FileProcessor(str(path)).with_locations():
        kind = way.tags.get("highway") if isinstance(way, osmium.osm.Way) else None
        if kind in ("footway", "cycleway"):
            in_file[kind] += 1
            valid = [node.location.valid() for node in way.nodes]
            drawable[kind] += any(a and b for a, b in pairwise(valid))
    assert in_file == {"footway": 8379, "cycleway": 395}
    ways = {
        (int(way), tags.get("highway", ""))
        for way, tags in zip(extract.lines.way, extract.lines.tags, strict=True)
    }
    read = Counter(kind for _, kind in ways)
    assert {kind: read[kind] for kind in drawable} == dict(drawable)
    assert sum(tags.get("highway") == "bus_stop" for tags in extract.points.tags) == 269
    assert sum(tags.get("highway") == "crossing" for tags in extract.points.tags) == 2695
    assert extract.timestamp == "2025-06-16T10:55:00Z"
    assert shapely.is_valid(extract.areas.geometry).all()
