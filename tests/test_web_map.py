import base64
import hashlib
import html
import itertools
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path
from typing import Any

import folium
import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import pytest
import shapely
from shapely import LineString, MultiPolygon, Point, Polygon, box

from fabricated import ORIGIN, fabricated_assessment, hardly_measured, with_warnings
from tomteanalyse.assessment import Assessment
from tomteanalyse.errors import Notice, TomteanalyseError
from tomteanalyse.texts import LANGUAGES, catalog
from tomteanalyse.views.palette import GRADE_COLOURS, INK_ON
from tomteanalyse.views.web_map import build_map, leaflet, page
from tomteanalyse.views.web_map.background import background, frame
from tomteanalyse.views.web_map.packing import pack_numbers, pack_points, pack_shapes
from tomteanalyse.views.web_map.page_figure import SCRIPTS
from tomteanalyse.views.web_map.payload import as_json, payload
from tomteanalyse.views.web_map.sea import sea

UTM32 = pyproj.CRS("EPSG:25832")


def at(east: float, north: float) -> Point:
    return Point(ORIGIN[0] + east, ORIGIN[1] + north)


def data_of(assessment: Assessment, language: Any = "nb") -> dict[str, Any]:
    return payload(assessment, say=catalog(language))


def unpacked_numbers(packed: str) -> list[int]:
    """Read numbers as `page/decode.js` does, written independently: byte by byte."""
    found, value, shift = [], 0, 0
    for byte in base64.b64decode(packed):
        value |= (byte & 127) << shift
        shift += 7
        if byte & 128:
            found.append(-(value + 1) // 2 if value % 2 else value // 2)
            value, shift = 0, 0
    return found


def unpacked_floats(packed: str) -> np.ndarray:
    return np.frombuffer(base64.b64decode(packed), dtype="<f8")


def unpacked_points(packed: str) -> np.ndarray:
    steps = np.array(unpacked_numbers(packed)).reshape(-1, 2)
    return steps.cumsum(axis=0) / 1e6


# --- packing -------------------------------------------------------------------------------------


def test_numbers_survive_packing_at_every_length_and_sign() -> None:
    numbers = [0, 1, -1, 63, 64, -64, -65, 8191, 8192, -(2**20), 2**27, -(2**27), 2**33, 1 - 2**34]
    assert unpacked_numbers(pack_numbers(np.array(numbers))) == numbers
    assert pack_numbers(np.array([], dtype=np.int64)) == ""


def test_points_come_back_within_half_a_millionth_of_a_degree() -> None:
    rng = np.random.default_rng(1)
    xy = ORIGIN + rng.uniform(-5e4, 5e4, (200, 2))
    to_degrees = pyproj.Transformer.from_crs(25832, 4326, always_xy=True)
    expected = np.column_stack(to_degrees.transform(xy[:, 0], xy[:, 1]))
    got = unpacked_points(pack_points(xy, crs=UTM32))
    assert np.abs(got - expected).max() <= 0.5e-6 + 1e-12


def test_shapes_of_every_kind_keep_their_parts_and_vertices() -> None:
    with_hole = Polygon(
        [(0, 0), (90, 0), (90, 90), (0, 90)], [[(30, 30), (60, 30), (60, 60), (30, 60)]]
    )
    shapes = [
        shapely.transform(shape, lambda xy: xy + ORIGIN)
        for shape in (Point(5, 5), with_hole, MultiPolygon([box(0, 0, 9, 9), box(20, 0, 29, 9)]))
    ]
    packed = pack_shapes(np.array(shapes, dtype=object), crs=UTM32)
    assert unpacked_numbers(packed["parts"]) == [1, 2, 2]
    assert unpacked_numbers(packed["points"]) == [1, 4, 4, 4, 4]
    line = LineString([at(0, 0), at(10, 0), at(10, 10)])
    packed = pack_shapes(np.array([line], dtype=object), crs=UTM32)
    assert unpacked_numbers(packed["points"]) == [3]


# --- background ----------------------------------------------------------------------------------

SQUARE = box(0, 0, 100, 100)


def is_sea(coast: list[list[tuple[float, float]]], *points: tuple[float, float]) -> list[bool]:
    lines = np.array([LineString(line) for line in coast], dtype=object)
    water = shapely.union_all(sea(lines, SQUARE))
    return [bool(water.contains(Point(point))) for point in points]


def test_the_sea_lies_right_of_a_coast_that_crosses_the_map() -> None:
    assert is_sea([[(50, -10), (50, 110)]], (75, 50), (25, 50)) == [True, False]
    assert is_sea([[(50, 110), (50, -10)]], (75, 50), (25, 50)) == [False, True]


def test_a_coast_that_stops_short_of_the_edge_is_drawn_on_to_it() -> None:
    assert is_sea([[(50, 3), (50, 60)], [(50, 60), (52, 98)]], (75, 50), (25, 50)) == [True, False]


def test_an_island_is_land_in_the_sea_and_a_bay_the_other_way_round() -> None:
    ring = [(40, 40), (60, 40), (60, 60), (40, 60), (40, 40)]
    assert is_sea([ring], (50, 50), (10, 10)) == [False, True]
    assert is_sea([ring[::-1]], (50, 50), (10, 10)) == [True, False]


def test_without_a_coast_or_with_one_at_odds_with_itself_no_sea_is_drawn() -> None:
    assert is_sea([], (50, 50)) == [False]
    at_odds = [[(50, -10), (50, 50)], [(50, 110), (50, 50)]]
    assert is_sea(at_odds, (75, 50), (25, 50)) == [False, False]


def test_the_frame_holds_the_plots_and_stays_inside_the_extract() -> None:
    assessment = fabricated_assessment()
    extract = assessment.study.extract
    one = np.array([at(2_000, 1_500)], dtype=object)
    assert frame(extract, one).bounds == pytest.approx(
        (ORIGIN[0] + 500, ORIGIN[1], ORIGIN[0] + 3_500, ORIGIN[1] + 3_000)
    )
    elsewhere = np.array([at(90_000, 0)], dtype=object)
    assert frame(extract, elsewhere).contains(elsewhere[0])


def test_the_background_shows_surface_roads_rail_water_and_buildings_of_the_extract() -> None:
    study = fabricated_assessment().study
    extract = study.extract
    tunnel = extract.lines.tags[0] | {"tunnel": "yes"}
    before = ground(study, extract)
    after = ground(study, with_tags(extract, {0: tunnel}))
    assert before["rail"] == 1
    assert before["building"] == 60
    assert before["water"] == 1
    assert before["main"] == 4  # two primary and two secondary
    assert before["path"] == 4
    assert after["main"] == before["main"] - 1


def test_a_stations_many_tracks_are_a_layer_of_their_own_for_close_by() -> None:
    study = fabricated_assessment().study
    (track,) = (i for i, tags in enumerate(study.extract.lines.tags) if "railway" in tags)
    siding = study.extract.lines.tags[track] | {"service": "yard"}
    made = ground(study, with_tags(study.extract, {track: siding}))
    assert (made["rail"], made["siding"]) == (0, 1)


def ground(study: Any, extract: Any) -> dict[str, int]:
    plots = study.plots.geometry.to_numpy()
    drawn = frame(extract, np.array([box(*extract.bounds)], dtype=object))
    made = background(extract, drawn=drawn, plots=plots, crs=study.crs)
    return {name: len(unpacked_numbers(layer["parts"])) for name, layer in made["layers"].items()}


def with_tags(extract: Any, changed: dict[int, dict[str, str]]) -> Any:
    tags = [changed.get(i, each) for i, each in enumerate(extract.lines.tags)]
    lines = type(extract.lines)(**{**vars(extract.lines), "tags": tags})
    return type(extract)(**{**vars(extract), "lines": lines})


def test_where_there_are_too_many_buildings_those_near_a_plot_are_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from tomteanalyse.views.web_map import background as module

    few = tuple(
        type(layer)(layer.name, layer.simplify_m, layer.least_m, 10) for layer in module.AREAS
    )
    monkeypatch.setattr(module, "AREAS", few)
    study = fabricated_assessment().study
    plot = at(400, 300)
    drawn = frame(study.extract, np.array([box(*study.extract.bounds)], dtype=object))
    made = background(
        study.extract, drawn=drawn, plots=np.array([plot], dtype=object), crs=study.crs
    )
    houses = [
        shape
        for shape, tags in zip(study.extract.areas.geometry, study.extract.areas.tags, strict=True)
        if "building" in tags
    ]
    ten = sorted(shape.centroid.distance(plot) for shape in houses)[:10]
    corners = unpacked_points(made["layers"]["building"]["xy"])
    to_metres = pyproj.Transformer.from_crs(4326, 25832, always_xy=True)
    xy = np.column_stack(to_metres.transform(corners[:, 0], corners[:, 1]))
    middles = xy.reshape(10, 4, 2).mean(axis=1)
    assert sorted(np.hypot(*(middles - (plot.x, plot.y)).T)) == pytest.approx(ten, abs=0.2)


def test_streets_are_named_along_their_longest_straight_stretch() -> None:
    streets = data_of(fabricated_assessment())["background"]["streets"]
    assert (
        streets["names"]
        == ["Gate 0", "Gate 1", "Gate 2", "Gate 3", "Gate 4", "Gate 5", "Gate 6"][
            : len(streets["names"])
        ]
    )
    assert len(streets["names"]) == 7


# --- what is said --------------------------------------------------------------------------------


def test_every_figure_goes_to_the_page_with_every_bit() -> None:
    assessment = fabricated_assessment()
    data = data_of(assessment)
    ids, found = data["plots"]["ids"], assessment.evaluation
    for criterion, column in zip(found.criteria, data["plots"]["columns"], strict=True):
        measured = found.measured[criterion.key].loc[ids].to_numpy()
        assert np.array_equal(unpacked_floats(column["measured"]), measured, equal_nan=True)
        for name, table in (("low", found.measured_low), ("high", found.measured_high)):
            expected = table[criterion.key].loc[ids].to_numpy()
            packed = column[name] or column["measured"]
            assert np.array_equal(unpacked_floats(packed), expected, equal_nan=True)
    for name, series in (("score", found.score), ("low", found.score_low)):
        got = unpacked_floats(data["plots"]["adopted"][name])
        assert got.tolist() == series.loc[ids].tolist()


def test_the_adopted_standing_is_that_of_the_evaluation() -> None:
    assessment = hardly_measured(fabricated_assessment(), "T02")
    plots = data_of(assessment)["plots"]
    grades, ranks = assessment.evaluation.grade, assessment.evaluation.rank
    for plot_id, grade, rank in zip(
        plots["ids"],
        plots["adopted"]["grade"],
        unpacked_numbers(plots["adopted"]["rank"]),
        strict=True,
    ):
        assert grade == ("-" if pd.isna(grades[plot_id]) else grades[plot_id])
        assert rank == (-1 if pd.isna(ranks[plot_id]) else ranks[plot_id])
    assert plots["ids"][-2:] == ["T02", "T05"]  # hardly measured, then knocked out
    assert plots["adopted"]["ranked"] == 10


def test_unknown_and_unreachable_are_no_numbers_and_say_why() -> None:
    plots = data_of(fabricated_assessment())["plots"]
    third, fourth = plots["ids"].index("T03"), plots["ids"].index("T04")
    grocery, doctor = plots["columns"][1], plots["columns"][3]
    assert np.isnan(unpacked_floats(grocery["measured"])[third])
    assert unpacked_floats(doctor["measured"])[fourth] == np.inf
    for column, number, why in ((grocery, third, "no_way_near"), (doctor, fourth, "no_safe_way")):
        assert plots["reasons"][unpacked_numbers(column["reason"])[number]] == why
        assert unpacked_numbers(column["place"])[number] == -1
        assert unpacked_numbers(column["route"])[number] == -1


def test_a_knocked_out_plot_is_last_and_says_what_stops_it() -> None:
    plots = data_of(fabricated_assessment(reason="Ligger i rasområde"))["plots"]
    assert plots["ids"][-1] == "T05"
    told = {plots["ids"][number]: rest for number, *rest in plots["verdicts"]}
    assert told["T05"][:4] == ["flomsone", "knock_out", "violated", "Ligger i rasområde"]
    assert told["T06"][1:3] == ["must_clear", "unknown"]
    assert told["T06"][-1] is None  # nobody has decided it


def test_weighted_homes_and_homes_are_told_apart() -> None:
    plots = data_of(fabricated_assessment())["plots"]
    second = plots["ids"].index("T02")
    concentration = plots["columns"][-1]
    # 21 homes, 1.5 each by their steps, and 5 planned at 3 each.
    assert unpacked_floats(concentration["measured"])[second] == 31.5 + 15
    around = data_of(fabricated_assessment())["concentration"]["homes"]
    assert [each["within"] for each in around] == [300, 500, 1000]
    assert unpacked_floats(around[1]["today"])[second] == 21
    assert unpacked_floats(around[1]["then"])[second] == 26


def test_what_has_no_degrees_is_left_out_and_counted() -> None:
    assessment = fabricated_assessment()
    nowhere = shapely.Point(1e30, 6_600_000.0)
    units, plots = assessment.study.units.copy(), assessment.study.plots.copy()
    units.loc["E02", "geometry"] = nowhere
    plots.loc["T01", "geometry"] = shapely.Point(np.inf, 0.0)
    study = replace(assessment.study, units=units, plots=plots)
    before, data = data_of(assessment), data_of(replace(assessment, study=study))
    assert len(before["plots"]["ids"]) == len(data["plots"]["ids"]) + 1
    assert "T01" not in data["plots"]["ids"]
    assert data["account"]["left_out"] == 2
    assert before["account"]["left_out"] == 0
    # What is left stands where it stood.
    assert data["amenities"] == before["amenities"]


def test_a_route_in_the_page_is_the_one_of_that_plot_and_class() -> None:
    assessment = fabricated_assessment()
    data = data_of(assessment)
    steps = unpacked_numbers(data["routes"]["points"])
    ends = np.cumsum(steps) - 1
    xy = unpacked_points(data["routes"]["xy"])
    bus = data["plots"]["columns"][0]
    groups, places, routes = (unpacked_numbers(bus[name]) for name in ("group", "place", "route"))
    for group, place, route in list(zip(groups, places, routes, strict=True))[:4]:
        amenity = unpacked_points(data["amenities"][group]["at"])[place]
        assert data["amenities"][group]["key"] == "bus"
        assert xy[ends[route]] == pytest.approx(amenity, abs=2e-6)


def test_the_nearest_place_is_named_as_in_the_amenities() -> None:
    assessment = fabricated_assessment()
    data = data_of(assessment)
    for criterion, column in zip(
        assessment.evaluation.criteria, data["plots"]["columns"], strict=True
    ):
        nearest = assessment.measurements[criterion.measure].nearest[data["plots"]["ids"]]
        address = zip(
            unpacked_numbers(column["group"]), unpacked_numbers(column["place"]), strict=True
        )
        for amenity_id, (group, place) in zip(nearest, address, strict=True):
            if pd.isna(amenity_id):
                assert (group, place) == (-1, -1)
                continue
            name = assessment.amenities.loc[amenity_id, "name"]
            shown = data["amenities"][group]["names"][place]
            assert shown == (None if pd.isna(name) else name)


def test_the_register_shows_only_homes_in_use_and_none_of_their_ids() -> None:
    assessment = fabricated_assessment()
    data = data_of(assessment)
    current = assessment.study.units.query("current")
    homes = unpacked_numbers(data["units"]["homes"])
    assert sorted(homes) == sorted(current["homes"].tolist())
    assert set(data["units"]) == {"at", "homes", "step"}
    steps = unpacked_numbers(data["units"]["step"])
    assert sorted(steps) == sorted(current["step"].fillna(0).astype(int).tolist())


def test_undecided_weights_and_sources_are_said() -> None:
    data = data_of(fabricated_assessment())
    assert data["undecided"] == [10, 11]
    bus, grocery = data["criteria"][:2]
    assert bus["decision"] == bus["weight_decision"] == "Vedtak 12/25 (oppdiktet)"
    assert (grocery["decision"], grocery["weight_decision"]) == (None, None)
    assert grocery["source"] == grocery["weight_source"] == "Oppdiktet for testene"
    assert bus["swing"] == 100
    assert grocery["swing"] == pytest.approx(100 * 10 / 11, abs=1e-6)


def test_warnings_and_left_out_rows_are_on_the_page() -> None:
    warned = with_warnings(
        fabricated_assessment(), Notice("map.foreign_asset", values={"asset": "x"})
    )
    told = data_of(warned)["account"]
    assert told["warnings"] == {
        language: [Notice("map.foreign_asset", values={"asset": "x"}).text(language)]
        for language in LANGUAGES
    }
    assert told["dropped"] == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_the_script_asks_for_is_there(language: Any) -> None:
    texts = data_of(fabricated_assessment(n=1), language)["texts"][language]
    asked = set(re.findall(r'say\(\s*"([a-z_.]+)"', page_script()))
    assert len(asked) > 60
    assert {key for key in asked if key not in texts and f"map.{key}" not in texts} == set()


def page_script() -> str:
    folder = files("tomteanalyse.views.web_map").joinpath("page")
    return "\n".join(folder.joinpath(name).read_text("utf-8") for name in SCRIPTS)


def test_a_single_plot_without_routes_or_amenities_still_makes_a_page() -> None:
    assessment = fabricated_assessment(n=1)
    nearest = {
        name: type(each)(**{**vars(each), "nearest": each.nearest.mask(each.nearest.notna())})
        for name, each in assessment.measurements.items()
    }
    bare = Assessment(
        **{
            **vars(assessment),
            "measurements": nearest,
            "routes": assessment.routes.iloc[:0],
            "amenities": assessment.amenities.iloc[:0],
            "network_cuts": assessment.network_cuts.iloc[:0],
        }
    )
    data = data_of(bare)
    assert data["count"] == 1
    assert [group["names"] for group in data["amenities"]] == [[]] * 10
    assert page(build_map(bare, language="nb")).startswith("<!DOCTYPE html>")


def test_thousands_of_plots_become_a_grid_and_the_page_stays_small() -> None:
    assessment = fabricated_assessment(n=5_001)
    data = data_of(assessment)
    assert len(data["plots"]["ids"]) == 500
    assert data["count"] == 5_001
    counted = unpacked_numbers(data["grid"]["count"])
    assert sum(counted) == 5_001
    assert len(unpacked_points(data["grid"]["corners"])) == 4 * len(counted)
    assert len(as_json(data)) < 1_500_000


# --- the page ------------------------------------------------------------------------------------

HOSTILE = (
    "<script>alert(1)</script>",
    "</script><!--",
    "${alert(1)}",
    "`${1}`",
    "C:\\users\\ola",
    "=cmd|' /C calc'!A1",
    "{{7*7}}",
    "line\u2028separator\u2029",
    "\"'><img src=x onerror=alert(1)>",
    "&lt;b&gt;",
    "__proto__",
    "\x00\x07\x1b",
)


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def split_page(text: str) -> tuple[str, str]:
    """Return the page without its data, and the data."""
    opening = '<script type="application/json" id="assessment">'
    before, _, rest = text.partition(opening)
    data, _, after = rest.partition("</script>")
    return f"{before}{opening}</script>{after}", data


@pytest.mark.parametrize("hostile", HOSTILE)
def test_what_users_wrote_stands_in_the_data_alone_and_comes_back_whole(hostile: str) -> None:
    assessment = fabricated_assessment(
        [hostile], n=2, amenity_name=hostile, study_name=f"x{hostile}x", reason=hostile
    )
    frame_text, data = split_page(page(build_map(assessment, language="nb")))
    assert frame_text == split_page(page(build_map(fabricated_assessment(n=2), language="nb")))[0]
    assert not re.search("[<>&\u2028\u2029]", data)
    read = json.loads(data)
    assert hostile in read["plots"]["names"]
    assert hostile in read["amenities"][0]["names"]
    data.encode("utf-8")


def test_a_text_no_encoding_can_write_is_written_as_ascii() -> None:
    data = as_json({"name": "lone\ud800surrogate"})
    assert data == '{"name":"lone\\ud800surrogate"}'
    assert json.loads(data) == {"name": "lone\ud800surrogate"}


@pytest.fixture(scope="module")
def finished() -> str:
    return page(build_map(fabricated_assessment(), language="nb"))


def test_the_same_answer_gives_the_same_bytes(finished: str) -> None:
    again = build_map(fabricated_assessment(), language="nb")
    assert page(again) == finished
    assert page(again) == finished  # asking twice changes nothing
    assert not re.search(r"_[0-9a-f]{32}\b", split_page(finished)[0])


def test_the_order_of_plots_amenities_and_routes_in_memory_does_not_show(finished: str) -> None:
    assessment = fabricated_assessment()
    shuffled = Assessment(
        **{
            **vars(assessment),
            "amenities": assessment.amenities.iloc[::-1],
            "routes": assessment.routes.iloc[::-1].reset_index(drop=True),
        }
    )
    assert page(build_map(shuffled, language="nb")) == finished


def test_nothing_on_the_page_points_outside(finished: str) -> None:
    text, _ = split_page(finished)
    tags = Tags()
    tags.feed(text)
    for tag, attributes in tags.found:
        assert tag not in {"link", "img", "iframe", "object", "embed", "base", "form"}
        assert "src" not in attributes
        assert not any(name.startswith("on") or name == "style" for name in attributes)
        assert attributes.get("href", "#").startswith("#")
    assert "url(" not in "".join(re.findall(r"<style>(.*?)</style>", text, re.DOTALL))


def test_the_policy_names_the_hash_of_every_script_and_style_and_no_exception(
    finished: str,
) -> None:
    text, _ = split_page(finished)
    policy = html.unescape(re.search(r'Content-Security-Policy" content="([^"]*)"', text)[1])
    rules = {name: set(rest) for name, *rest in (rule.split() for rule in policy.split(";"))}
    for kind in ("script", "style"):
        expected = {
            f"'sha256-{base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()}'"
            for code in re.findall(rf"<{kind}>(.*?)</{kind}>", text, re.DOTALL)
        }
        assert rules[f"{kind}-src"] == expected
    assert rules["default-src"] == {"'none'"}
    assert "unsafe" not in policy


def test_the_page_says_its_language_edition_source_date_run_and_version(finished: str) -> None:
    from tomteanalyse import __version__
    from tomteanalyse.views.provenance import run_id

    text, data = split_page(finished)
    told = json.loads(data)["account"]
    assert '<html lang="nb">' in text
    assert "INTERN" in text
    assert "user-scalable" not in text
    assert told["credit"] is None
    assert told["osm_date"].startswith("2025-06-01")
    assert told["run"] == run_id(fabricated_assessment())
    assert told["version"] == __version__
    assert [each[0] for each in told["inputs"]] == ["extract", "plots", "register", "study"]


def test_leaflet_is_only_taken_as_it_was_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(leaflet.SHA256, "leaflet.js", "0" * 64)
    with pytest.raises(TomteanalyseError) as caught:
        page(build_map(fabricated_assessment(n=1), language="nb"))
    assert [notice.code for notice in caught.value.notices] == ["map.wrong_leaflet"]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda m: folium.TileLayer("https://tile.example/{z}/{x}/{y}.png", attr="x").add_to(m),
        lambda m: m.add_js_link("extra", "extra.js"),
        lambda m: m.add_css_link("extra", "https://example.org/extra.css"),
        lambda m: m.get_root().html.add_child(folium.Element("<img src='x.png'>")),
        lambda m: m.get_root().header.add_child(folium.Element("<style>@import 'x';</style>")),
    ],
    ids=["tiles", "script", "style", "image", "import"],
)
def test_a_map_that_would_fetch_anything_cannot_be_saved(spoil: Any, finished: str) -> None:
    study_map = build_map(fabricated_assessment(n=1), language="nb")
    spoil(study_map)
    with pytest.raises(TomteanalyseError) as caught:
        page(study_map)
    assert [notice.code for notice in caught.value.notices] == ["map.foreign_asset"]
    assert page(build_map(fabricated_assessment(), language="nb")) == finished


def test_it_is_a_folium_map_that_takes_layers_and_keeps_its_bytes() -> None:
    def with_circle() -> str:
        study_map = build_map(fabricated_assessment(n=1), language="nb")
        folium.CircleMarker([59.9, 10.7], radius=5).add_to(study_map)
        return page(study_map)

    assert isinstance(build_map(fabricated_assessment(n=1), language="nb"), folium.Map)
    assert with_circle() == with_circle()
    assert "L.circleMarker" in split_page(with_circle())[0]


def test_in_a_notebook_the_map_shows_the_same_page(finished: str) -> None:
    shown = build_map(fabricated_assessment(), language="nb")._repr_html_()
    assert html.unescape(re.search(r'srcdoc="([^"]*)"', shown)[1]) == finished


def test_a_system_of_another_country_is_turned_into_degrees() -> None:
    austrian = pyproj.CRS("EPSG:31254")
    data = data_of(fabricated_assessment(n=1, crs=austrian))
    spot = unpacked_points(data["spots"])[0]
    plot = fabricated_assessment(n=1, crs=austrian).study.plots.to_crs(4326).geometry.iloc[0]
    assert plot.buffer(1e-5).contains(Point(spot))


# --- colours -------------------------------------------------------------------------------------

# Machado, Oliveira & Fernandes 2009, deuteranopia, for linear RGB.
DEUTERANOPIA = np.array(
    [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ]
)
TO_XYZ = np.array(
    [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
)


def linear(colour: str) -> np.ndarray:
    channels = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def lab(rgb: np.ndarray) -> np.ndarray:
    ratio = TO_XYZ @ np.clip(rgb, 0, 1) / (0.95047, 1.0, 1.08883)
    f = np.where(ratio > 216 / 24389, np.cbrt(ratio), (24389 / 27 * ratio + 16) / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def least_difference(colours: list[str], matrix: np.ndarray) -> float:
    seen = [lab(matrix @ linear(colour)) for colour in colours]
    return min(float(np.linalg.norm(a - b)) for a, b in itertools.combinations(seen, 2))


def test_classes_differ_for_people_who_do_not_see_red_from_green() -> None:
    # The yardstick first: what the design notes say of two known palettes.
    viridis = ["#440154", "#3b528b", "#21918c", "#5ec962", "#fde725"]
    assert least_difference(viridis, DEUTERANOPIA) == pytest.approx(19, abs=0.5)
    classes = list(GRADE_COLOURS.values())
    assert least_difference(classes, DEUTERANOPIA) >= 24
    assert least_difference(classes, np.eye(3)) >= 24


def test_every_letter_is_readable_on_its_colour() -> None:
    for letter, colour in GRADE_COLOURS.items():
        light, dark = sorted(
            (float(TO_XYZ[1] @ linear(each)) for each in (colour, INK_ON[letter])), reverse=True
        )
        assert (light + 0.05) / (dark + 0.05) >= 4.5, letter


def test_an_empty_register_gives_an_empty_layer() -> None:
    assessment = fabricated_assessment(n=2)
    units = gpd.GeoDataFrame(assessment.study.units.iloc[:0], crs=UTM32)
    study = type(assessment.study)(**{**vars(assessment.study), "units": units})
    data = data_of(Assessment(**{**vars(assessment), "study": study}))
    assert data["units"]["homes"] == ""


OSLO = Path(__file__).parents[2] / "shared" / "data" / "osm" / "oslo-center.osm.pbf"


@pytest.mark.skipif(not OSLO.exists(), reason="the real extracts are not on this machine")
def test_a_whole_city_centre_with_its_fjord_is_a_small_background() -> None:
    from tomteanalyse.inputs.osm import read_extract

    extract = read_extract(OSLO, crs=UTM32)
    plots = np.array([box(*extract.bounds)], dtype=object)
    made = background(extract, drawn=frame(extract, plots), plots=plots, crs=UTM32)
    assert len(as_json(made)) < 1_000_000
    assert len(unpacked_numbers(made["layers"]["building"]["parts"])) > 9_000
    assert "Grünerløkka" in made["places"]["names"]
    assert "Karl Johans gate" in made["streets"]["names"]
    shore = made["layers"]["sea"]
    ends = np.cumsum([0, *unpacked_numbers(shore["points"])])
    xy = unpacked_points(shore["xy"])
    water = shapely.union_all([Polygon(xy[a:b]) for a, b in itertools.pairwise(ends)])
    assert water.contains(Point(10.7285, 59.9040))  # the fjord between Tjuvholmen and Akershus
    assert not water.contains(Point(10.7387, 59.9133))  # Karl Johans gate is dry
