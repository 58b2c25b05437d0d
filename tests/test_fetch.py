"""Fetching an extract, against a server on this machine that answers in Overpass's form."""

import json
import os
import re
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import osmium
import pyproj
import pytest
import shapely

from overpass_server import BASE, SLOTS_TAKEN, Reply, World, serving
from tomteanalyse.config import StudyConfig
from tomteanalyse.errors import DataError, NetworkError, UsageError
from tomteanalyse.inputs.fetch import Fetched, fetch_extract, fetch_study
from tomteanalyse.inputs.osm import read_extract
from tomteanalyse.inputs.overpass.answers import slot_wait_s
from tomteanalyse.inputs.overpass.area import boxes_to_fetch, quarters
from tomteanalyse.inputs.overpass.service import KEYS, Place, Services
from tomteanalyse.texts import LANGUAGES, catalog

PLOTS = shapely.box(10.0012, 60.0012, 10.0031, 60.0024)
AWKWARD = "Rådhus & \"Grøn<t>\" 'Ærlig'\nto linjer\tog \x0b slutt"
HTML = b"<!DOCTYPE html><html><body>The server is probably too busy</body></html>"
REMARK = json.dumps(
    {
        "osm3s": {"timestamp_osm_base": BASE},
        "elements": [],
        "remark": 'runtime error: Query timed out in "query" at line 1 after 181 seconds.',
    }
).encode()


def node(number: int, lat: float, lon: float, **tags: str) -> dict[str, Any]:
    element: dict[str, Any] = {"type": "node", "id": number, "lat": lat, "lon": lon}
    return element | ({"tags": tags} if tags else {})


def way(number: int, nodes: list[int], **tags: str) -> dict[str, Any]:
    return {"type": "way", "id": number, "nodes": nodes, "tags": tags}


def made_up() -> list[dict[str, Any]]:
    """A road with a crossing, a shop, and a wood with a hole; about 200 m across."""
    wood = [(20, 60.003, 10.000), (21, 60.003, 10.004), (22, 60.004, 10.004), (23, 60.004, 10.0)]
    glade = [(30, 60.0032, 10.001), (31, 60.0032, 10.002), (32, 60.0035, 10.002)]
    return [
        node(1, 60.0, 10.0),
        node(2, 60.0, 10.002, highway="crossing", crossing="marked"),
        node(3, 60.0, 10.0043219),
        node(12_345_678_901, 60.001, 10.002, shop="supermarket", name=AWKWARD),
        *(node(*corner) for corner in wood + glade),
        way(100, [1, 2, 3], highway="residential", name="Størsteveien"),
        way(101, [2, 20], highway="footway"),
        way(200, [20, 21, 22, 23, 20]),
        way(201, [30, 31, 32, 30]),
        {
            "type": "relation",
            "id": 300,
            "tags": {"type": "multipolygon", "natural": "wood", "name": "Skogen på Østås"},
            "members": [
                {"type": "way", "ref": 200, "role": "outer"},
                {"type": "way", "ref": 201, "role": "inner"},
            ],
        },
        node(999, 60.0005, 10.001, power="pole"),
    ]


def study(**extract: Any) -> StudyConfig:
    given = {"file": "omraade.osm", "margin_m": 500} | extract
    profile = {"step": 3, "housing_form": "samlokalisert"}
    return StudyConfig.model_validate({"name": "Prøve", "profile": profile, "extract": given})


@dataclass
class Desk:
    """A study folder, a world to ask, and every pause that was taken."""

    folder: Path
    world: World
    services: Services
    pauses: list[float] = field(default_factory=list)

    def fetch(self, config: StudyConfig | None = None, **options: Any) -> Fetched:
        given = {"plots": PLOTS, "services": self.services} | options
        return fetch_extract(config or study(), self.folder, **given)

    def fault(self, config: StudyConfig | None = None, **options: Any) -> tuple[str, ...]:
        """Fetch, expect a fault, and return its codes; nothing may be in the folder then."""
        before = snapshot(self.folder)
        with pytest.raises((NetworkError, UsageError, DataError)) as caught:
            self.fetch(config, **options)
        assert snapshot(self.folder) == before
        for language in LANGUAGES:
            for notice in caught.value.notices:
                assert notice.text(language)
        return caught.value.args


def snapshot(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    (tmp_path / "studie").mkdir()
    (tmp_path / "arbeid").mkdir()
    monkeypatch.chdir(tmp_path / "arbeid")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("TOMTEANALYSE_CACHE", str(tmp_path / "cache"))
    # OSMnx pauses a second before each question to Nominatim.
    monkeypatch.setattr("osmnx._nominatim.time.sleep", lambda _seconds: None)
    world = World(made_up())
    pauses: list[float] = []
    with serving(world) as url:
        services = Services(
            overpass_url=f"{url}/api",
            nominatim_url=url,
            waits_s=(1.0, 2.0),
            timeout_s=10,
            sleep=pauses.append,
        )
        yield Desk(tmp_path / "studie", world, services, pauses)


def contents(path: Path) -> dict[tuple[str, int], Any]:
    """Read a file with pyosmium, independently of the package's reader."""
    objects: dict[tuple[str, int], Any] = {}
    for item in osmium.FileProcessor(str(path)):
        if item.is_node():
            made_of: Any = (round(item.location.lat, 7), round(item.location.lon, 7))
        elif item.is_way():
            made_of = [ref.ref for ref in item.nodes]
        else:
            made_of = [(member.type, member.ref, member.role) for member in item.members]
        objects[item.type_str(), item.id] = (made_of, dict(item.tags))
    return objects


def expected(elements: list[dict[str, Any]]) -> dict[tuple[str, int], Any]:
    objects: dict[tuple[str, int], Any] = {}
    for element in elements:
        letter = element["type"][0]
        made_of: Any = {
            "n": lambda e: (e["lat"], e["lon"]),
            "w": lambda e: e["nodes"],
            "r": lambda e: [(m["type"][0], m["ref"], m["role"]) for m in e["members"]],
        }[letter](element)
        tags = {k: v.replace("\x0b", "") for k, v in element.get("tags", {}).items()}
        objects[letter, element["id"]] = (made_of, tags)
    return objects


@pytest.mark.parametrize("file", ["omraade.osm", "omraade.osm.gz", "omraade.osm.pbf"])
def test_the_extract_equals_what_the_server_has(desk: Desk, file: str) -> None:
    fetched = desk.fetch(study(file=file))
    unasked = ("n", 999)
    wanted = {key: what for key, what in expected(made_up()).items() if key != unasked}
    assert contents(fetched.path) == wanted
    assert (fetched.nodes, fetched.ways, fetched.relations) == (11, 4, 1)


def test_objects_lie_in_the_order_readers_expect(desk: Desk) -> None:
    fetched = desk.fetch()
    found = [(item.type_str(), item.id) for item in osmium.FileProcessor(str(fetched.path))]
    assert found == sorted(found, key=lambda key: ("nwr".index(key[0]), key[1]))


@pytest.mark.parametrize("file", ["omraade.osm", "omraade.osm.gz", "omraade.osm.pbf"])
def test_our_own_reader_finds_date_extent_and_the_wood_with_its_glade(
    desk: Desk, file: str
) -> None:
    fetched = desk.fetch(study(file=file))
    extract = read_extract(fetched.path, crs=pyproj.CRS("EPSG:25832"))
    assert extract.timestamp == BASE == fetched.timestamp
    assert list(extract.areas.osm_id) == ["r300", "w200", "w201"][:1]
    assert len(shapely.get_parts(extract.areas.geometry[0])[0].interiors) == 1
    west, south, east, north = extract.bounds
    assert 1100 < east - west < 1400
    assert 1100 < north - south < 1400


def test_the_same_answer_gives_the_same_bytes(desk: Desk) -> None:
    for file in ("a.osm", "b.osm.gz", "c.osm.pbf"):
        first = desk.fetch(study(file=file)).path.read_bytes()
        desk.world.elements.reverse()
        assert desk.fetch(study(file=file)).path.read_bytes() == first


def test_every_key_is_asked_for_as_node_way_and_relation_with_members(desk: Desk) -> None:
    desk.fetch()
    (query,) = desk.world.queries()
    for key in KEYS:
        for kind in ("node", "way", "relation"):
            assert re.search(rf"\({kind}\['{key}'\]\(poly:'[^']+'\);\(\._;>;\);\);", query)


def test_the_sidecar_tells_query_date_and_licence(desk: Desk) -> None:
    fetched = desk.fetch()
    about = json.loads((desk.folder / "omraade.osm.json").read_text("utf-8"))
    assert about["osm_base"] == BASE
    assert about["attribution"] == "© OpenStreetMap contributors"
    assert "ODbL" in about["licence"]
    rebuilt = about["query"].replace("{area}", about["pieces"][0]["area"])
    assert [rebuilt] == desk.world.queries()
    assert about["counts"] == {"nodes": 11, "ways": 4, "relations": 1}
    assert "ODbL" in fetched.path.read_text("utf-8")[:400]


def test_a_large_area_is_fetched_in_pieces_and_no_object_comes_twice(desk: Desk) -> None:
    # 14 km each way: 3 x 3 boxes, and a road that crosses all the columns.
    long_road = [node(5000 + i, 60.0, round(9.87 + 0.02 * i, 2)) for i in range(14)]
    desk.world.elements += [*long_road, way(500, [5000 + i for i in range(14)], highway="path")]
    seen: list[tuple[int, int]] = []
    fetched = desk.fetch(study(margin_m=7000), on_progress=lambda done, of: seen.append((done, of)))
    assert len(desk.world.queries()) == 9
    assert len(set(desk.world.queries())) == 9
    assert seen == [(done, 9) for done in range(10)]
    text = fetched.path.read_text("utf-8")
    assert text.count('<way id="500"') == 1
    assert text.count('<node id="5003"') == 1
    unasked = ("n", 999)
    wanted = {k: v for k, v in expected(desk.world.elements).items() if k != unasked}
    assert contents(fetched.path) == wanted


def test_an_object_in_two_pieces_comes_from_the_newer_and_the_oldest_gives_the_date(
    desk: Desk,
) -> None:
    whole = desk.world.answer
    seen: list[str] = []

    def renaming(query: str) -> dict[str, Any]:
        answer = whole(query)
        for element in answer["elements"]:
            if element["id"] == 100:
                seen.append(f"Navn {len(seen)}")
                element["tags"] = {"highway": "residential", "name": seen[-1]}
                answer["osm3s"]["timestamp_osm_base"] = f"2026-05-17T10:0{9 - len(seen)}:00Z"
                break
        return answer

    desk.world.elements[0] = node(1, 60.0, 9.9)  # the road now lies in two boxes side by side
    desk.world.answer = renaming  # type: ignore[method-assign] # what the server says
    fetched = desk.fetch(study(margin_m=7000))
    assert seen == ["Navn 0", "Navn 1"]
    assert contents(fetched.path)["w", 100][1]["name"] == "Navn 0"
    assert fetched.timestamp == BASE


def test_who_asks_is_told_to_both_services(desk: Desk) -> None:
    desk.world.places["Lillevik"] = [place_hit("Lillevik, Prøvefylket")]
    desk.fetch(study(place="Lillevik"))
    assert {path for path, _, _ in desk.world.asked} == {
        "/search",
        "/api/status",
        "/api/interpreter",
    }
    for _, _, headers in desk.world.asked:
        named = {name.lower(): value for name, value in headers.items()}
        assert named["user-agent"].startswith("tomteanalyse/")
        assert named["referer"].startswith("tomteanalyse/")


def test_osmnx_and_the_process_are_left_as_they_were(desk: Desk) -> None:
    from osmnx import settings

    before, resolve = dict(vars(settings)), socket.getaddrinfo
    desk.fetch()
    desk.world.always = Reply(504)
    desk.fault()
    assert dict(vars(settings)) == before
    assert socket.getaddrinfo is resolve


def test_nothing_is_left_in_the_working_folder_or_the_study(desk: Desk) -> None:
    desk.fetch()
    assert list(Path.cwd().iterdir()) == []
    assert list(snapshot(desk.folder)) == ["omraade.osm", "omraade.osm.json"]
    assert list(Path(os.environ["TOMTEANALYSE_CACHE"]).iterdir()) == []


def test_a_cache_folder_that_cannot_be_written_does_not_stop_a_fetch(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "fil").write_text("ikke en mappe")
    monkeypatch.setenv("TOMTEANALYSE_CACHE", str(tmp_path / "fil" / "cache"))
    assert desk.fetch().ways == 4


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_a_busy_service_is_asked_again_after_a_pause(desk: Desk, status: int) -> None:
    desk.world.replies = [Reply(status, HTML), Reply(status, HTML)]
    assert desk.fetch().ways == 4
    assert desk.pauses == [1.0, 2.0]


def test_the_service_decides_the_pause_when_it_asks_for_a_longer_one(desk: Desk) -> None:
    desk.world.replies = [
        Reply(429, headers={"Retry-After": "33"}),
        Reply(429, headers={"Retry-After": "86400"}),
    ]
    desk.fetch()
    assert desk.pauses == [33.0, 120.0]


def test_a_service_that_stays_busy_is_given_up_on(desk: Desk) -> None:
    desk.world.always = Reply(504, HTML)
    assert desk.fault() == ("fetch.busy",)
    assert desk.pauses == [1.0, 2.0]
    assert len(desk.world.queries()) == 3


def test_a_taken_slot_is_waited_for(desk: Desk) -> None:
    desk.world.status = SLOTS_TAKEN
    desk.fetch()
    assert desk.pauses == [42.0]


@pytest.mark.parametrize(
    ("text", "wait"),
    [
        ("Rate limit: 2\n2 slots available now.\nSlot available after: x, in 9 seconds.", 0),
        ("Rate limit: 2\n1 slot available now.\n", 0),
        ("Slot available after: x, in 9 seconds.\nSlot available after: y, in 4 seconds.", 4),
        ("Slot available after: x, in 0 seconds.", 1),
        ("Rate limit: 0\nCurrently running queries (pid, space limit):\n1 2 3", 0),
        ("<html>something else</html>", 0),
        ("", 0),
    ],
)
def test_the_status_text_tells_how_long_to_wait(text: str, wait: float) -> None:
    assert slot_wait_s(text) == wait


def test_an_answer_that_breaks_off_is_asked_for_again(desk: Desk) -> None:
    whole = json.dumps({"osm3s": {"timestamp_osm_base": BASE}, "elements": []}).encode()
    cut_json = Reply(body=whole[:40])
    cut_transfer = Reply(body=whole, cut_after=20)
    desk.world.replies = [cut_json, cut_transfer]
    assert desk.fetch().ways == 4
    desk.world.always = cut_json
    assert desk.fault() == ("fetch.broken_off",)
    desk.world.always = cut_transfer
    assert desk.fault() == ("fetch.broken_off",)


@pytest.mark.parametrize(
    "body",
    [
        HTML,
        b"[]",
        b'{"elements": 1}',
        b'{"elements": []}',
        b'{"osm3s": {"timestamp_osm_base": "\\"><x/>"}, "elements": []}',
        json.dumps({"osm3s": {"timestamp_osm_base": BASE}, "elements": [{"type": "way"}]}).encode(),
        json.dumps({"osm3s": {"timestamp_osm_base": BASE}, "elements": ["x"]}).encode(),
    ],
)
def test_something_else_than_map_data_is_refused(desk: Desk, body: bytes) -> None:
    desk.world.always = Reply(body=body)
    assert desk.fault() == ("fetch.not_understood",)
    desk.world.always = None
    assert desk.fetch().ways == 4


def test_an_area_the_server_gives_up_on_is_cut_in_four(desk: Desk) -> None:
    desk.world.replies = [Reply(body=REMARK)]
    fetched = desk.fetch()
    assert len(desk.world.queries()) == 5
    assert (fetched.nodes, fetched.ways, fetched.relations) == (11, 4, 1)


def test_a_server_that_always_gives_up_gives_no_half_map(desk: Desk) -> None:
    desk.world.always = Reply(body=REMARK)
    assert desk.fault() == ("fetch.incomplete",)
    assert len(desk.world.queries()) == 3


def test_a_refusal_is_not_asked_again(desk: Desk) -> None:
    desk.world.always = Reply(400, HTML)
    assert desk.fault() == ("fetch.refused",)
    assert len(desk.world.queries()) == 1


def test_no_network_is_said_at_once(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    nobody = replace(desk.services, overpass_url=f"http://127.0.0.1:{port}/api")
    assert desk.fault(services=nobody) == ("fetch.no_connection",)

    def no_name(*_: object, **__: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", no_name)
    monkeypatch.setattr(socket, "gethostbyname", no_name)
    nameless = replace(desk.services, overpass_url="http://overpass.invalid/api")
    assert desk.fault(services=nameless) == ("fetch.no_connection",)
    assert desk.pauses == []


def test_a_silent_server_is_given_up_on(desk: Desk) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/api"
        hasty = replace(desk.services, overpass_url=url, timeout_s=0.2, waits_s=())  # type: ignore[arg-type] # short
        assert desk.fault(services=hasty) == ("fetch.timeout",)


def test_a_fetch_goes_on_where_it_broke(desk: Desk) -> None:
    config = study(margin_m=7000)
    good = json.dumps(desk.world.answer("(poly:'60.0 10.0 60.0 10.0')")).encode()
    desk.world.replies = [Reply(body=good)] * 4
    desk.world.always = Reply(504)
    assert desk.fault(config) == ("fetch.busy",)
    desk.world.always = None
    desk.world.asked.clear()
    desk.fetch(config)
    assert len(desk.world.queries()) == 5


def test_pieces_older_than_a_day_are_fetched_again(desk: Desk) -> None:
    config = study(margin_m=7000)
    good = json.dumps(desk.world.answer("(poly:'60.0 10.0 60.0 10.0')")).encode()
    desk.world.replies = [Reply(body=good)] * 4
    desk.world.always = Reply(504)
    desk.fault(config)
    for kept in Path(os.environ["TOMTEANALYSE_CACHE"]).iterdir():
        os.utime(kept, (1, 1))
    desk.world.always = None
    desk.world.asked.clear()
    desk.fetch(config)
    assert len(desk.world.queries()) == 9


def test_a_damaged_piece_is_fetched_again(desk: Desk) -> None:
    config = study(margin_m=7000)
    good = json.dumps(desk.world.answer("(poly:'60.0 10.0 60.0 10.0')")).encode()
    desk.world.replies = [Reply(body=good)] * 4
    desk.world.always = Reply(504)
    desk.fault(config)
    for kept in Path(os.environ["TOMTEANALYSE_CACHE"]).iterdir():
        kept.write_bytes(kept.read_bytes()[:50])
    desk.world.always = None
    assert desk.fetch(config).ways == 4


def place_hit(name: str, **more: Any) -> dict[str, Any]:
    outline = shapely.geometry.mapping(PLOTS.buffer(0.005).envelope)
    return {
        "display_name": name,
        "lat": "60.0",
        "lon": "10.0",
        "boundingbox": ["59.996", "60.006", "9.996", "10.008"],
        "importance": 0.5,
        "geojson": outline,
    } | more


def test_a_place_with_norwegian_letters_gives_the_area(desk: Desk) -> None:
    desk.world.places["Ærø på Østås"] = [place_hit("Ærø på Østås, Prøvefylket, Norge")]
    fetched = desk.fetch(study(place="Ærø på Østås"), plots=None)
    assert fetched.place == "Ærø på Østås, Prøvefylket, Norge"
    assert fetched.ways == 4
    assert "Ærø på Østås, Prøvefylket, Norge" in fetched.text("nb")


def test_a_place_without_an_outline_gives_its_bounding_box(desk: Desk) -> None:
    point = {"type": "Point", "coordinates": [10.0, 60.0]}
    desk.world.places["Grenda"] = [place_hit("Grenda, Norge", geojson=point)]
    fetched = desk.fetch(study(place="Grenda"), plots=None)
    about = json.loads((desk.folder / "omraade.osm.json").read_text("utf-8"))
    west, south, east, north = about["bounds"]
    assert south == pytest.approx(59.996 - 500 / 111_320, abs=1e-4)
    assert north == pytest.approx(60.006 + 500 / 111_320, abs=1e-4)
    assert west == pytest.approx(9.996 - 500 / 111_320 * 2, abs=1e-4)
    assert east == pytest.approx(10.008 + 500 / 111_320 * 2, abs=1e-4)
    assert fetched.place == "Grenda, Norge"


def test_an_unknown_place_is_named(desk: Desk) -> None:
    assert desk.fault(study(place="Ingenstad")) == ("fetch.place_unknown",)


def test_a_place_far_from_the_plots_is_the_wrong_one(desk: Desk) -> None:
    desk.world.places["Nes"] = [place_hit("Nes, et helt annet sted")]
    far = shapely.transform(PLOTS, lambda xy: xy + 2)
    assert desk.fault(study(place="Nes"), plots=far) == ("fetch.place_elsewhere",)


def test_too_large_an_area_is_refused_before_anything_is_asked(desk: Desk) -> None:
    norway = shapely.box(4.0, 57.9, 31.2, 71.2)
    assert desk.fault(plots=norway) == ("fetch.too_large",)
    assert desk.world.asked == []


def test_an_area_without_a_way_is_refused(desk: Desk) -> None:
    desk.world.elements = [node(1, 60.001, 10.002, shop="supermarket")]
    assert desk.fault() == ("fetch.empty",)


def test_neither_place_nor_plots_is_a_fault_of_use(desk: Desk) -> None:
    assert desk.fault(plots=None) == ("fetch.no_area",)
    assert desk.fault(study(file="omraade.zip")) == ("fetch.suffix",)


def test_a_missing_folder_is_said_plainly(desk: Desk) -> None:
    assert desk.fault(study(file="finnes/ikke/omraade.osm")) == ("fetch.cannot_write",)


def test_the_previous_extract_stays_until_the_new_one_is_whole_and_is_kept_then(
    desk: Desk,
) -> None:
    desk.fetch()
    first = snapshot(desk.folder)
    desk.world.always = Reply(504)
    desk.fault()
    desk.world.always = None
    desk.world.elements.append(way(102, [1, 3], highway="path"))
    fetched = desk.fetch()
    assert fetched.previous == desk.folder / "omraade.forrige.osm"
    now = snapshot(desk.folder)
    assert now["omraade.forrige.osm"] == first["omraade.osm"]
    assert now["omraade.forrige.osm.json"] == first["omraade.osm.json"]
    assert now["omraade.osm"] != first["omraade.osm"]
    assert set(now) == {*first, "omraade.forrige.osm", "omraade.forrige.osm.json"}
    assert desk.fetch().previous is None
    assert snapshot(desk.folder) == now


def test_an_extract_outside_the_studys_coordinate_system_is_not_stored(desk: Desk) -> None:
    other_side_of_the_earth = "+proj=ortho +lat_0=-60 +lon_0=-170 +units=m"
    config = study().model_copy(update={"crs": other_side_of_the_earth})
    assert desk.fault(config) == ("osm.outside_crs",)


def test_what_a_killed_fetch_left_behind_is_cleared_away(desk: Desk) -> None:
    left = desk.folder / ".omraade.osm.tomteanalyse-fetch"
    left.mkdir()
    (left / "overpass.osm").write_text("<osm")
    desk.fetch()
    assert list(snapshot(desk.folder)) == ["omraade.osm", "omraade.osm.json"]


def test_the_plots_extent_is_blurred_before_it_leaves_the_machine() -> None:
    (box,) = boxes_to_fetch(None, PLOTS, margin_m=0)
    assert box.bounds == (10.001, 60.001, 10.004, 60.003)


def test_boxes_cover_place_and_margin_and_leave_out_the_rest() -> None:
    ell = shapely.union(shapely.box(10, 60, 10.4, 60.05), shapely.box(10, 60, 10.05, 60.4))
    boxes = boxes_to_fetch(Place("L", ell), None, margin_m=1000)
    union = shapely.union_all(boxes)
    assert union.covers(ell.buffer(999 / 111_320))
    assert union.area < 0.6 * shapely.box(*union.bounds).area
    assert sum(box.area for box in boxes) == pytest.approx(union.area)


def test_quarters_make_the_whole() -> None:
    box = shapely.box(10.0, 60.0, 10.1, 60.07)
    parts = quarters(box)
    assert shapely.union_all(parts).equals(box)
    assert sum(part.area for part in parts) == pytest.approx(box.area)


def written_study(folder: Path, extract: str, *, language: str = "nb") -> None:
    (folder / "tomteanalyse.toml").write_text(
        f'name = "Prøve"\nlanguage = "{language}"\n'
        '[profile]\nstep = 3\nhousing_form = "samlokalisert"\n'
        '[plots]\nfile = "tomter.geojson"\n'
        f'[extract]\nfile = "omraade.osm"\nmargin_m = 500\n{extract}',
        "utf-8",
    )


def written_plots(folder: Path, *ids: str) -> None:
    plots = gpd.GeoDataFrame({"plot_id": ids}, geometry=[PLOTS] * len(ids), crs="EPSG:4326")
    plots.to_file(folder / "tomter.geojson")


def test_a_study_is_fetched_around_its_plots_and_nothing_of_the_register_is_sent(
    desk: Desk,
) -> None:
    written_study(desk.folder, "")
    written_plots(desk.folder, "T01")
    (desk.folder / "enheter.csv").write_text("id;adresse\nE1;Hemmelig vei 1\n", "utf-8")
    fetched = fetch_study(desk.folder, services=desk.services)
    assert fetched.ways == 4
    about = json.loads((desk.folder / "omraade.osm.json").read_text("utf-8"))
    west, south, east, north = about["bounds"]
    assert shapely.box(west, south, east, north).covers(PLOTS)
    assert north - south == pytest.approx(0.002 + 1000 / 111_320, abs=1e-5)
    assert "Hemmelig" not in str(desk.world.asked)
    assert "E1" not in str(desk.world.asked)


def test_a_named_place_needs_no_plot_file(desk: Desk) -> None:
    desk.world.places["Lillevik"] = [place_hit("Lillevik, Prøvefylket")]
    written_study(desk.folder, 'place = "Lillevik"')
    assert fetch_study(desk.folder, services=desk.services).place == "Lillevik, Prøvefylket"


def test_faulty_plots_stop_a_fetch_in_the_studys_language(desk: Desk) -> None:
    written_study(desk.folder, "", language="nn")
    with pytest.raises(DataError) as caught:
        fetch_study(desk.folder, services=desk.services)
    assert caught.value.args == ("study.missing_input",)
    assert caught.value.language == "nn"
    assert desk.world.asked == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_was_fetched_is_told_in_the_studys_language(desk: Desk, language: Any) -> None:
    fetched = desk.fetch()
    told = fetched.text(language)
    assert "omraade.osm" in told
    assert catalog(language).date(BASE) in told
