"""What the embedded study's outputs say of its unsafe shortcuts: words, layers, sheet."""

import json
from pathlib import Path

import numpy as np
import pytest
import shapely

from tomteanalyse.inputs.reading import read_study
from tomteanalyse.pipeline import Result, run
from tomteanalyse.scoring.explanation_text import explanation_text
from tomteanalyse.scoring.shortcut_rows import lines_by_place, rows_of
from tomteanalyse.texts import LANGUAGES, NBSP, Language, catalog
from tomteanalyse.views.screen import run_json
from tomteanalyse.views.shortcut_layers import shortcut_layers
from tomteanalyse.views.shortcut_sheet import shortcut_columns

FOLDER = Path(__file__).parents[1] / "data" / "eksempelvik"


@pytest.fixture(scope="module")
def result() -> Result:
    return run(read_study(FOLDER), closely=["T02"])


def told(result: Result, plot_id: str) -> str:
    text = explanation_text(result.explain(plot_id), result.words("nb"))
    return text.replace(NBSP, " ").split("\nUtrygge snarveier:\n")[1].split("\n\n")[0]


def test_the_motorway_at_the_noise_wall_is_told_with_both_carriageways(result: Result) -> None:
    text = told(result, "T02")
    assert "Den krysser E 99 Eksempelvegen (motorvei, 2 kjørebaner, 100 km/t) ved punkt " in text
    assert "Må avklares: kryssing av motorvei ved punkt " in text
    assert "Målt i det nærmere gjennomsynet." in text


def test_the_railway_is_told_by_its_name_and_as_unverified(result: Result) -> None:
    text = told(result, "T01")
    assert "Den krysser Eksempelbanen (jernbane" in text
    assert "Må avklares: kryssing av jernbane eller annet spor ved punkt " in text
    assert catalog("nb")("shortcut.flag.unverified") in text


def test_a_plot_from_which_nothing_is_crossed_is_told_so(result: Result) -> None:
    text = told(result, "T14")
    assert "Indeks 0,00 av 1" in text
    assert "Fant ingen utrygg snarvei av betydning" in text
    assert "Må avklares" not in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_pair_and_place_can_be_told_in_every_language(
    result: Result, language: Language
) -> None:
    words = result.words(language)
    for plot_id in result.ranking.index:
        text = explanation_text(result.explain(plot_id), words)
        assert "nan" not in text.lower().split()
        assert "{" not in text


def test_every_place_has_the_lines_that_cross_it(result: Result) -> None:
    found = result.assessment.shortcuts
    lines = lines_by_place(found)
    assert list(lines) == list(found.places.index)
    for number, place in zip(found.places.index, rows_of(found.places), strict=True):
        assert {each["barrier"] for each in lines[number]} == {place["barrier"]}


def test_the_layers_agree_with_each_other(result: Result) -> None:
    layers = shortcut_layers(result.assessment, catalog("nb"))
    places, shortcuts = layers["crossing_places"], layers["shortcuts"]
    tempting, safe = layers["tempting_paths"], layers["safe_paths"]
    named = {int(each) for text in shortcuts["places"] for each in text.split(", ") if each}
    assert named <= set(places["place"])
    ends = ["plot_id", "destination_id"]
    assert not shortcuts.duplicated(ends).any()
    for way in (tempting, safe):
        np.testing.assert_allclose(way.geometry.length, way["metres"], atol=0.01)
    ways = tempting.set_index(ends).geometry
    for row in rows_of(shortcuts[shortcuts["crossings"] > 0]):
        # The crossings lie on the way, and the way is no longer than it says.
        way = ways[row["plot_id"], row["destination_id"]]
        assert shapely.distance(shapely.get_parts(row["geometry"]), way).max() < 0.01
    both = safe.merge(shortcuts, on=ends)
    assert (both["metres"] >= both["tempting_distance_m"] - 1e-6).all()


def test_the_sheet_has_every_place_in_its_order_with_the_severe_ones_first(
    result: Result,
) -> None:
    columns = {
        each.key: list(each.cells) for each in shortcut_columns(result.assessment, catalog("nb"))
    }
    count = len(result.assessment.shortcuts.places)
    kinds = columns["kind"]
    assert kinds[:count] == sorted(kinds[:count])  # «alvorlig» before «moderat»
    assert columns["place"][:count] == list(range(1, count + 1))
    assert set(kinds[count:]) == {"Vei med utrygg snarvei"}
    assert all(columns["sentence"])


def test_the_json_is_strict_and_numbers_the_places_as_the_plots_name_them(
    result: Result,
) -> None:
    answer = json.loads(run_json(result.assessment, (), (), language="en"))
    by_number = {each["place"]: each for each in answer["crossing_places"]}
    for plot in answer["ranking"]:
        for number in plot["shortcuts"]["places"]:
            assert plot["plot_id"] in by_number[number]["plots"]
        for cleared in plot["shortcuts"]["must_clear"]:
            assert set(cleared["places"]) <= set(by_number)
