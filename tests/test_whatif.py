"""What corrections would change: matched places, words, files, and the cases they are meant for."""

import json
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from python_calamine import CalamineWorkbook
from shapely import LineString, Point
from shapely.geometry.base import BaseGeometry
from typer.testing import CliRunner

from browsing import IN_A_BROWSER
from study_folders import CRS, at, contents, write_study
from tomteanalyse.cli import app
from tomteanalyse.difference import Difference, match_places
from tomteanalyse.errors import DataError
from tomteanalyse.inputs.reading import read_study
from tomteanalyse.texts import LANGUAGES, Language, catalog
from tomteanalyse.views.what_if.facts import facts
from tomteanalyse.views.what_if.outputs import default_what_if_folder, write_difference
from tomteanalyse.views.what_if.page import what_if_page
from tomteanalyse.views.what_if.screen import difference_text
from tomteanalyse.views.what_if.words import summary
from tomteanalyse.whatif import what_if
from worlds import FAST_ROAD, FOOTWAY, RAIL, World, study_in

DATA = Path(__file__).parents[1] / "data" / "eksempelvik"


def places(*rows: dict[str, Any]) -> gpd.GeoDataFrame:
    """Return crossing places as the findings give them; each row names its ``at``."""
    told = [
        {
            "severe": True,
            "barrier": "rail",
            "road_class": "rail",
            "name": None,
            "ref": None,
            "load": 1.0,
            "plots": ("A",),
            "edge": False,
            "winding": False,
            **{key: cell for key, cell in row.items() if key != "at"},
        }
        for row in rows
    ]
    shapes = [row["at"] for row in rows]
    table = gpd.GeoDataFrame(
        told,
        columns=[
            *("severe", "barrier", "road_class", "name", "ref", "load", "plots", "edge"),
            "winding",
        ],
        geometry=shapes,
        crs=CRS,
        index=pd.RangeIndex(1, 1 + len(rows), name="place"),
    )
    return table.assign(peak=[shape.centroid for shape in shapes])


def fates(before: gpd.GeoDataFrame, after: gpd.GeoDataFrame) -> list[tuple[Any, ...]]:
    table = match_places(before, after)
    numbers = table[["place_before", "place_after"]].astype("float").to_numpy()
    return [
        (change, *(None if np.isnan(each) else int(each) for each in row))
        for change, row in zip(table["change"], numbers, strict=True)
    ]


def test_places_are_told_by_what_has_become_of_them_the_worst_first() -> None:
    before = places(
        {"at": Point(0, 0), "load": 1.0},
        {"at": Point(1000, 0), "load": 1.0},
        {"at": Point(2000, 0), "load": 1.0},
        {"at": Point(3000, 0), "load": 1.0},
    )
    after = places(
        {"at": Point(3005, 0), "load": 1.02},
        {"at": Point(5000, 0), "load": 0.1},
        {"at": Point(1005, 0), "load": 0.5},
        {"at": Point(5, 0), "load": 2.0},
    )
    assert fates(before, after) == [
        ("new", None, 2),
        ("heavier", 1, 4),
        ("gone", 3, None),
        ("lighter", 2, 3),
        ("same", 4, 1),
    ]


def test_a_place_of_another_kind_or_farther_off_is_another_place() -> None:
    before = places({"at": Point(0, 0)}, {"at": Point(500, 0)})
    after = places({"at": Point(3, 0), "barrier": "road"}, {"at": Point(541, 0)})
    assert sorted(change for change, *_ in fates(before, after)) == ["gone", "gone", "new", "new"]


def test_each_place_is_matched_once_the_nearest_first_along_the_stretch() -> None:
    before = places({"at": LineString([(0, 0), (100, 0)])}, {"at": Point(180, 0)})
    after = places({"at": Point(110, 0)}, {"at": Point(150, 0)})
    assert fates(before, after) == [("same", 1, 1), ("same", 2, 2)]
    assert fates(places(), places()) == []
    assert fates(places(), after)[0][0] == "new"


def test_moderate_places_come_after_severe_ones_whatever_becomes_of_them() -> None:
    before = places({"at": Point(0, 0)}, {"at": Point(900, 0), "severe": False, "barrier": "road"})
    after = places({"at": Point(0, 0)})
    table = match_places(before, after)
    assert table[["change", "severe"]].to_numpy().tolist() == [["same", True], ["gone", False]]


def corrections(path: Path, rows: Sequence[tuple[BaseGeometry, dict[str, object]]]) -> Path:
    """Write a file of corrections."""
    always = {"dato": "2026-02-01", "kilde": "oppdiktet"}
    frame = gpd.GeoDataFrame(
        [{**always, **cells} for _, cells in rows], geometry=[shape for shape, _ in rows], crs=CRS
    )
    frame.to_file(path)
    return path


UNDERPASS = {"type": "ny_kryssing", "kryssing": "undergang"}


@pytest.fixture(scope="module")
def moved(tmp_path_factory: pytest.TempPathFactory) -> Difference:
    """A new underpass under the railway, behind a road that has its own underpass far away.

    A river beside the railway ends at x = 150. Before, those who cross the railway do so there;
    after, they need not, but crossing the road straight ahead has become worth more.
    """
    world = World()
    tunnel = {**FOOTWAY, "tunnel": "yes", "layer": "-1"}

    def way(ends: list[tuple[float, float]], tags: dict[str, str]) -> None:
        world.way([(EAST + x, NORTH + y) for x, y in ends], tags)

    for y in (-100, 0, 100):
        way([(0, y), (300, y)], FOOTWAY)
    for y in (-100, 0):
        way([(300, y), (300, y + 100)], tunnel)
    way([(-3000, -50), (3000, -50)], FAST_ROAD)
    way([(-3000, 50), (3000, 50)], RAIL)
    way([(-3000, 65), (150, 65)], {"waterway": "river"})
    world.node(EAST, NORTH + 100, {"highway": "bus_stop", "name": "Torget"})
    study = study_in(world, {"Sør": Point(EAST, NORTH - 100), "Midt": Point(EAST, NORTH)})
    folder = tmp_path_factory.mktemp("flyttet")
    line = LineString([(EAST, NORTH), (EAST, NORTH + 100)])
    return what_if(study, corrections(folder / "undergang.gpkg", [(line, UNDERPASS)]))


EAST, NORTH = 600_000.0, 6_600_000.0
"""Where the drawn world lies: nobody draws corrections at the equator."""


def test_a_new_crossing_can_move_the_problem_and_that_is_said(moved: Difference) -> None:
    found = moved.places.set_index("barrier")["change"]
    assert found["rail"] == "gone"
    assert found["road"] in ("heavier", "new")
    assert moved.moved
    for language in LANGUAGES:
        say = catalog(language)
        told = summary(moved, say)
        assert say("whatif.moved") in told
        assert any("Sør" in sentence and "80" in sentence for sentence in told)


def test_the_plot_that_gains_and_the_one_that_loses_are_told_apart(moved: Difference) -> None:
    change = moved.plots["index_change"]
    assert change["Midt"] < -0.1
    assert change["Sør"] > -0.1
    assert moved.plots["index_after"]["Midt"] == pytest.approx(0, abs=0.01)
    bus = moved.criteria[moved.criteria["criterion"] == "bus"].set_index("plot_id")
    # 300 m along, 100 m under and 300 m back; with the new underpass straight ahead. To the road's
    # own underpass and back it is as far as before.
    assert bus.loc["Midt", ["measured_before", "measured_after"]].tolist() == pytest.approx(
        [700, 100]
    )
    assert bus.index.tolist() == ["Midt"]


@pytest.fixture(scope="module")
def stop_removed() -> Difference:
    return what_if(read_study(DATA / "med_holdeplass.toml"), DATA / "holdeplass_fjernet.geojson")


def test_removing_the_stop_by_the_motorway_makes_crossing_it_more_tempting(
    stop_removed: Difference,
) -> None:
    plots, found = stop_removed.plots, stop_removed.places
    assert plots["index_change"]["T02"] > 0.1
    assert plots["score_change"]["T02"] < -10
    motorway = found[found["road_class"] == "motorway"]
    assert motorway["change"].tolist() == ["heavier"]
    assert motorway["load_after"].iloc[0] > 1.4 * motorway["load_before"].iloc[0]
    assert motorway["plots_after"].tolist() == [("T02",)]
    # Between the stop that is left and the plot, on the motorway.
    assert motorway["peak"].iloc[0].distance(Point(454_020, 7_122_390)) < 60


def test_only_the_neighbours_of_the_stop_change(stop_removed: Difference) -> None:
    assert set(stop_removed.plots.index[stop_removed.plots["changed"]]) == {"T02", "T10"}
    assert set(stop_removed.criteria["plot_id"]) == {"T02", "T10"}
    assert {*stop_removed.criteria["criterion"]} <= {"bus", "shortcuts"}
    assert not stop_removed.moved
    told = summary(stop_removed, catalog("nb"))
    assert "Verre for T02 Støyskjermen og T10 Åsbrinken." in told
    assert any("E 99 Eksempelvegen" in sentence and "punkt 1" in sentence for sentence in told)


def test_the_stop_added_and_removed_again_is_the_map_as_it_is(stop_removed: Difference) -> None:
    plain = read_study(DATA).extract
    after = stop_removed.after.study.extract
    stops = [
        sorted(
            tuple(xy.round(1))
            for xy, tags in zip(extract.points.xy, extract.points.tags, strict=True)
            if tags.get("highway") == "bus_stop"
        )
        for extract in (plain, after)
    ]
    assert stops[0] == stops[1]


def test_two_new_crossings_remove_two_places_and_open_a_third() -> None:
    found = what_if(read_study(DATA), DATA / "tiltak.geojson")
    assert (found.plots.loc[["T01", "T02"], "index_change"] < -0.5).all()
    gone = found.places[found.places["change"] == "gone"]
    served = {plot for plots in gone["plots_before"] for plot in plots}
    assert served == {"T01", "T02"}
    assert {*gone["barrier"]} == {"rail", "road"}
    new = found.places[found.places["change"] == "new"]
    assert new[["name", "severe", "plots_after"]].to_numpy().tolist() == [
        ["Strandvegen", False, ("T01",)]
    ]
    assert found.moved


def test_the_words_are_about_places_and_say_unsafe_before_shortcut(
    stop_removed: Difference, moved: Difference
) -> None:
    for found in (stop_removed, moved):
        for language in ("nb", "nn"):
            page = what_if_page(found, say=catalog(language))
            body = page[page.index("<body>") :].casefold()
            noun = "snarvei" if language == "nb" else "snarveg"
            assert body.count(noun) == body.count(f"utrygg {noun}") + body.count(f"utrygge {noun}")
            assert body.count(noun) > 0


def test_the_data_is_strict_json_with_every_figure(stop_removed: Difference) -> None:
    told = facts(stop_removed, catalog("en"))
    again = json.loads(json.dumps(told, allow_nan=False))
    assert again["moved"] is False
    assert [each["kind"] for each in again["corrections"]] == ["stop_removed"]
    assert again["corrections"][0]["touched"] == "Sletta"
    assert len(again["plots"]) == 16
    first = again["plots"][0]
    assert first["plot_id"] == "T02"
    assert first["index_after"] - first["index_before"] == pytest.approx(first["index_change"])
    assert {each["change"] for each in again["places"]} == {"heavier", "same"}
    assert again["run_before"] != again["run_after"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_screen_shows_both_states_in_every_language(
    stop_removed: Difference, language: Language
) -> None:
    text = difference_text(stop_removed, language=language)
    assert "T02 Støyskjermen" in text
    assert "E 99 Eksempelvegen" in text
    assert " → " in text
    assert max(len(line) for line in text.splitlines()) <= 140


def test_everything_is_written_whole_and_the_same_every_time(
    stop_removed: Difference, folder: Path
) -> None:
    one, _ = write_difference(stop_removed, folder / "én", language="nb")
    two, _ = write_difference(stop_removed, folder / "to", language="nb")
    assert [each.name for each in one] == [
        "hva_om.html",
        "hva_om.json",
        "hva_om.xlsx",
        "kjoring.json",
    ]
    assert [each.sha256 for each in one] == [each.sha256 for each in two]
    manifest = json.loads((folder / "én" / "kjoring.json").read_text("utf-8"))
    roles = [each["role"] for each in manifest["inputs"]]
    assert roles.count("corrections") == 2
    assert [each["kind"] for each in manifest["corrections"]] == ["stop_added", "stop_removed"]
    assert manifest["what_if"]["moved"] is False
    assert manifest["run_id"] != manifest["what_if"]["run_before"]
    # An earlier answer is replaced, and what lay beside it is carried over.
    (folder / "én" / "notat.txt").write_text("mitt", "utf-8")
    write_difference(stop_removed, folder / "én", language="en")
    assert (folder / "én" / "notat.txt").read_text("utf-8") == "mitt"
    assert "Before" in (folder / "én" / "hva_om.html").read_text("utf-8")


def test_the_workbook_has_a_sheet_for_each_question(stop_removed: Difference, folder: Path) -> None:
    write_difference(stop_removed, folder / "ut", language="nb")
    book = CalamineWorkbook.from_path(folder / "ut" / "hva_om.xlsx")
    assert book.sheet_names == ["Tomter", "Kriterier", "Kryssingssteder", "Rettelser", "Om"]
    _, heading, first, *_ = book.get_sheet_by_name("Tomter").to_python()
    row = dict(zip(heading, first, strict=True))
    assert row["Tomt"] == "T02"
    assert row["Poeng etter"] - row["Poeng før"] == pytest.approx(row["Endring i poeng"])
    assert len(book.get_sheet_by_name("Rettelser").to_python()) == 4
    with zipfile.ZipFile(folder / "ut" / "hva_om.xlsx") as parts:
        assert not any(b"<f>" in parts.read(name) for name in parts.namelist())


EVIL = "</script><img src=x onerror=alert(1)> ${1} `"


def with_evil_names(found: Difference) -> Difference:
    """Give the study, a plot, and a correction a name that would be code if it were let."""
    tried = found.tried.assign(note=EVIL, source=EVIL)
    plots = found.plots.assign(name=EVIL)
    config = found.after.study.config.model_copy(update={"name": EVIL})
    after = replace(found.after, study=replace(found.after.study, config=config))
    return replace(found, tried=tried, plots=plots, after=after)


def test_names_never_become_markup(moved: Difference) -> None:
    page = what_if_page(with_evil_names(moved), say=catalog("nb"))
    assert "<img" not in page
    assert page.count("</script>") == page.count("<script")
    assert "&lt;/script&gt;" in page


def test_the_page_asks_nobody_for_anything(moved: Difference) -> None:
    page = what_if_page(moved, say=catalog("nb"))
    outside = page[: page.index("<body>")].count("http-equiv")
    assert outside == 1
    assert "default-src 'none'" in page
    assert " src=" not in page[page.index("<body>") :]
    assert "<link" not in page


class TestInABrowser:
    """The page does what it promises."""

    pytestmark = IN_A_BROWSER

    def test_the_switch_changes_the_map_and_says_so(
        self, browser: Any, moved: Difference, folder: Path
    ) -> None:
        from axe_playwright_python.sync_playwright import Axe

        file = folder / "hva_om.html"
        file.write_text(what_if_page(with_evil_names(moved), say=catalog("nb")), "utf-8")
        tab = browser.new_page(viewport={"width": 1300, "height": 800})
        complaints: list[str] = []
        asked: list[str] = []
        tab.on("pageerror", lambda error: complaints.append(str(error)))
        tab.on("console", lambda said: complaints.append(said.text))
        tab.on("request", lambda request: asked.append(request.url))
        tab.goto(file.as_uri())
        # After: what is gone, and what is there; nothing is numbered that is gone.
        assert tab.locator("#map .place-gone").count() == 1
        assert tab.locator("#map .place-gone").get_attribute("data-number") == ""
        tab.get_by_role("radio", name="Før").check()
        assert tab.locator("#map .place-gone").get_attribute("data-number") != ""
        assert tab.locator("#map .place-new").count() == 0
        assert tab.locator("#announce").inner_text() == "Før"
        tab.locator("#map .place-gone").hover()
        assert EVIL.split()[0] in tab.locator(".leaflet-tooltip").inner_text()
        rules = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}
        found = Axe().run(tab, options=rules)
        assert found.violations_count == 0, found.generate_report()
        assert complaints == []
        assert asked == [file.as_uri()]
        tab.close()


# The command


def small(folder: Path) -> tuple[Path, Path]:
    """Write a small study and corrections for it."""
    study = write_study(folder / "studie")
    file = corrections(
        folder / "stengt.geojson", [(at(300, 302), {"type": "stengt_vei", "merknad": "anlegg"})]
    )
    return study, file


def test_the_command_writes_beside_the_studys_result_and_tells_the_difference(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    study, file = small(folder)
    monkeypatch.chdir(folder)
    before = contents(study)
    done = CliRunner().invoke(app, ["whatif", str(study), "--corrections", str(file)])
    assert done.exit_code == 0, done.output
    made = folder / "maps" / "Prøvestudie – hva om stengt"
    assert sorted(each.name for each in made.iterdir()) == [
        "hva_om.html",
        "hva_om.json",
        "hva_om.xlsx",
        "kjoring.json",
    ]
    assert "Vei stengt for gående" in done.stdout
    assert contents(study) == before


def test_the_command_prints_one_json_object_where_it_is_asked_to(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    study, file = small(folder)
    monkeypatch.chdir(folder)
    done = CliRunner().invoke(
        app, ["whatif", str(study), "--corrections", str(file), "--out", "ut", "--json"]
    )
    assert done.exit_code == 0, done.output
    answer = json.loads(done.stdout)
    assert {"plots", "places", "criteria", "summary", "moved", "warnings", "outputs"} <= set(answer)
    assert {each["name"] for each in answer["outputs"]} == {
        each.name for each in (folder / "ut").iterdir()
    }


def test_faulty_corrections_are_told_and_nothing_is_written(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    study, _ = small(folder)
    file = corrections(folder / "feil.geojson", [(at(300, 200), {"type": "stengt_vei"})])
    monkeypatch.chdir(folder)
    with pytest.raises(DataError) as told:
        what_if(read_study(study), file)
    assert [notice.code for notice in told.value.notices] == ["corrections.nothing_near"]
    done = CliRunner().invoke(app, ["whatif", str(study), "--corrections", str(file)])
    assert isinstance(done.exception, DataError)
    assert not (folder / "maps").exists()


def test_the_folder_of_an_answer_bears_a_name_any_disk_takes() -> None:
    made = default_what_if_folder("Felt 3/4: «Åsen»", Path("x/forslag.v2.gpkg"))
    assert made == Path("maps") / "Felt 3-4- «Åsen» – hva om forslag.v2"
