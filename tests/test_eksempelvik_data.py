"""The embedded study is what its script makes, and holds together as a real extract does."""

import csv
import importlib
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import geopandas as gpd
import osmium
import pytest

from tomteanalyse.ledger import FILE_NAME

DATA = Path(__file__).parents[1] / "data"
STUDY = DATA / "eksempelvik"
EXTRACT = STUDY / "eksempelvik.osm.pbf"
MAX_BYTES = 1_500_000
LEAVES_THE_EXTRACT = {
    "Strandvegen",
    "Kvernvegen",
    "Fjellgrendvegen",
    "Setervegen",
    "Eksempelvegen",
    "Eksempelbanen",
    "Eksempelelva",
    "Markastien",
    "Åsstien",
}


@pytest.fixture(scope="module")
def maker() -> Iterator[ModuleType]:
    sys.path.insert(0, str(DATA))
    yield importlib.import_module("make_eksempelvik")
    sys.path.remove(str(DATA))


@pytest.fixture(scope="module")
def made(maker: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    maker.make(folder)
    return folder


def tags_of(thing: osmium.osm.OSMObject) -> dict[str, str]:
    return {tag.k: tag.v for tag in thing.tags}


@pytest.fixture(scope="module")
def objects() -> dict[str, list[tuple[int, dict[str, str], list[int]]]]:
    found: dict[str, list[tuple[int, dict[str, str], list[int]]]] = {"n": [], "w": [], "r": []}
    for thing in osmium.FileProcessor(str(EXTRACT)):
        refs: list[int] = []
        if thing.is_way():
            refs = [node.ref for node in thing.nodes]
        elif thing.is_relation():
            refs = [member.ref for member in thing.members]
        found[thing.type_str()].append((thing.id, tags_of(thing), refs))
    return found


def test_the_committed_files_hold_what_the_script_makes(maker: ModuleType, made: Path) -> None:
    names = sorted(file.name for file in made.iterdir())
    # A run in the repository keeps its register there; git does not.
    assert names == sorted(file.name for file in STUDY.iterdir() if FILE_NAME not in file.name)
    assert [name for name in names if not maker.same(made / name, STUDY / name)] == []


def test_text_files_are_the_same_to_the_byte(made: Path) -> None:
    for name in ("enheter.csv", "boliger.csv", "tomteanalyse.toml"):
        assert (made / name).read_bytes() == (STUDY / name).read_bytes()


def test_another_run_writes_the_same_bytes(made: Path, tmp_path: Path) -> None:
    program = f"import make_eksempelvik as m; m.make(m.Path({str(tmp_path)!r}))"
    environment = {**os.environ, "PYTHONHASHSEED": "12345", "PYTHONPATH": str(DATA)}
    subprocess.run([sys.executable, "-c", program], check=True, env=environment)
    for file in made.iterdir():
        assert (tmp_path / file.name).read_bytes() == file.read_bytes(), file.name


def test_a_changed_or_missing_file_is_noticed(
    maker: ModuleType, made: Path, tmp_path: Path
) -> None:
    changed = tmp_path / "tomter.gpkg"
    plots = gpd.read_file(made / "tomter.gpkg")
    plots.loc[0, "navn"] = "Noe annet"
    plots.to_file(changed, layer="tomter")
    assert maker.same(made / "tomter.gpkg", STUDY / "tomter.gpkg")
    assert not maker.same(made / "tomter.gpkg", changed)
    assert not maker.same(made / "tomter.gpkg", tmp_path / "missing.gpkg")
    assert not maker.same(made / "enheter.csv", made / "tomteanalyse.toml")


def test_everything_together_is_small() -> None:
    files = [file for file in STUDY.iterdir() if FILE_NAME not in file.name]
    assert sum(file.stat().st_size for file in files) < MAX_BYTES


def test_ids_are_positive_unique_and_sorted_nodes_before_ways_before_relations() -> None:
    order = [(thing.type_str(), thing.id) for thing in osmium.FileProcessor(str(EXTRACT))]
    ranked = [("nwr".index(kind), number) for kind, number in order]
    assert ranked == sorted(set(ranked))
    assert min(number for _, number in order) > 0


def test_only_what_leaves_the_extract_misses_nodes(
    objects: dict[str, list[tuple[int, dict[str, str], list[int]]]],
) -> None:
    nodes = {number for number, _, _ in objects["n"]}
    clipped = [(tags, refs) for _, tags, refs in objects["w"] if not nodes.issuperset(refs)]
    named = {tags["name"] for tags, _ in clipped if "name" in tags}
    nameless = [tags for tags, _ in clipped if "name" not in tags]
    kinds = Counter(tags.get("highway", tags.get("landuse", "other")) for tags in nameless)
    assert named <= LEAVES_THE_EXTRACT
    assert len(named) >= 6
    assert kinds == {"cycleway": 1, "farmland": 1}
    assert all(nodes.intersection(refs) for _, refs in clipped)


def test_every_member_of_a_relation_is_there_and_every_node_is_used_or_tagged(
    objects: dict[str, list[tuple[int, dict[str, str], list[int]]]],
) -> None:
    ways = {number for number, _, _ in objects["w"]}
    used = {ref for _, _, refs in objects["w"] for ref in refs}
    assert len(objects["r"]) >= 3
    assert all(ways.issuperset(refs) for _, _, refs in objects["r"])
    assert all(tags["type"] == "multipolygon" for _, tags, _ in objects["r"])
    assert [number for number, tags, _ in objects["n"] if not tags and number not in used] == []


def test_the_header_tells_when_the_map_was_so() -> None:
    with osmium.io.Reader(str(EXTRACT)) as reader:
        header = reader.header()
    assert header.get("osmosis_replication_timestamp") == "2026-01-01T00:00:00Z"
    west = header.box().bottom_left
    assert (round(west.lon, 1), round(west.lat, 1)) == (8.0, 64.2)


def test_the_railway_meets_footways_at_crossings_and_at_two_places_without(
    objects: dict[str, list[tuple[int, dict[str, str], list[int]]]],
) -> None:
    on_rail = {
        ref for _, tags, refs in objects["w"] if tags.get("railway") == "rail" for ref in refs
    }
    met = {ref for _, tags, refs in objects["w"] if "highway" in tags for ref in refs} & on_rail
    tags_at = {number: tags for number, tags, _ in objects["n"] if number in met}
    kinds = Counter(tags.get("railway", "nothing mapped") for tags in tags_at.values())
    assert kinds == {"level_crossing": 2, "crossing": 1, "nothing mapped": 2}


def test_the_motorway_meets_nothing_but_its_own_ramps(
    objects: dict[str, list[tuple[int, dict[str, str], list[int]]]],
) -> None:
    def nodes_of(*kinds: str) -> set[int]:
        chosen = [refs for _, tags, refs in objects["w"] if tags.get("highway") in kinds]
        return {ref for refs in chosen for ref in refs}

    others = {tags["highway"] for _, tags, _ in objects["w"] if "highway" in tags}
    others -= {"motorway", "motorway_link"}
    assert nodes_of("motorway").isdisjoint(nodes_of(*others))
    assert nodes_of("motorway_link").isdisjoint(nodes_of("cycleway", "footway", "path"))


def test_every_thing_a_planner_asks_for_is_mapped_more_than_once_where_a_town_has_more(
    objects: dict[str, list[tuple[int, dict[str, str], list[int]]]],
) -> None:
    pairs = Counter(
        f"{key}={value}"
        for kind in "nwr"
        for _, tags, _ in objects[kind]
        for key, value in tags.items()
    )
    at_least = {
        "highway=bus_stop": 26,
        "shop=supermarket": 4,
        "amenity=pharmacy": 3,
        "amenity=doctors": 3,
        "amenity=kindergarten": 3,
        "leisure=park": 4,
        "natural=wood": 8,
    }
    once = ("office=government", "amenity=townhall", "amenity=library", "amenity=post_office")
    once += ("amenity=fire_station", "amenity=police", "amenity=school", "place=town")
    once += ("social_facility:for=refugee", "railway=station", "disused:highway=bus_stop")
    assert {tag: pairs[tag] for tag, least in at_least.items() if pairs[tag] < least} == {}
    assert [tag for tag in once if pairs[tag] != 1] == []


def test_the_register_has_at_least_250_homes_today_and_136_of_them_in_two_blocks() -> None:
    raw = (STUDY / "enheter.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(raw.decode("utf-8-sig").splitlines(), delimiter=";"))
    current = [
        row
        for row in rows
        if row["gyldig_fra"] <= "2026-01-01"
        and (not row["gyldig_til"] or row["gyldig_til"] >= "2026-01-01")
    ]
    blocks = [row for row in current if row["bygning_id"].startswith("SKY-")]
    assert sum(int(row["antall_boliger"]) for row in current) >= 250
    assert sum(int(row["antall_boliger"]) for row in blocks) == 136
    assert {row["trinn"] for row in current} == {"1", "2", "3", "4", "5", ""}
    assert all("," in row["x"] and "," in row["y"] for row in rows)


def test_the_plots_are_of_a_size_one_builds_on() -> None:
    plots = gpd.read_file(STUDY / "tomter.gpkg").set_index("tomt_id")
    kinds = Counter(plots.geometry.geom_type)
    areas = plots.geometry.area[plots.geometry.geom_type != "Point"]
    assert kinds == {"Polygon": 14, "MultiPolygon": 1, "Point": 1}
    assert areas.between(600, 4000).all()
    assert plots.geometry.is_valid.all()
