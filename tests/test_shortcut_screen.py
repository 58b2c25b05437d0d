"""What `run` prints and gives as JSON about unsafe shortcuts."""

import json
from dataclasses import replace
from typing import Any

import pytest

from fabricated import fabricated_assessment
from fabricated_shortcuts import no_shortcuts
from reordered import reversed_input
from tomteanalyse.assessment import Assessment
from tomteanalyse.scoring.constraints import clearing_verdicts
from tomteanalyse.scoring.evaluation import with_verdicts
from tomteanalyse.texts import catalog
from tomteanalyse.views.screen import ranking_lines, run_json


@pytest.fixture(scope="module")
def assessment() -> Assessment:
    made = fabricated_assessment()
    verdicts = clearing_verdicts(made.shortcuts.must_clear)
    return replace(made, evaluation=with_verdicts(made.evaluation, verdicts))


def answer(assessment: Assessment) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run_json(assessment, (), (), language="nb"))
    return found


def test_what_must_be_cleared_is_said_with_its_reason_and_plots(assessment: Assessment) -> None:
    text = ranking_lines(assessment, language="nb")
    assert f"Må avklares: {catalog('nb')('clear.rail')} (T01, T02)." in text
    # The plot that is knocked out has nothing to be cleared by that.
    assert "Må avklares: Ligger i flomsone (T06)." in text
    assert (
        "Kryssingspunkter for utrygge snarveier: 1 i den alvorlige listen, 1 i den moderate."
        in text
    )


def test_of_many_plots_with_one_reason_some_are_named() -> None:
    # Plots 5, 17, … of every twelve must be cleared: 8 of 96.
    text = ranking_lines(fabricated_assessment(n=96), language="en")
    assert "To be cleared: Ligger i flomsone (T06, T18, T30, T42, T54 … and 3 more)." in text


def test_where_nothing_was_found_nothing_is_said_of_it() -> None:
    made = fabricated_assessment()
    quiet = replace(made, shortcuts=no_shortcuts(made.shortcuts))
    assert "utrygge snarveier" not in ranking_lines(quiet, language="nb")


def test_the_json_has_the_unsafe_shortcuts_of_every_plot(assessment: Assessment) -> None:
    plots = {each["plot_id"]: each["shortcuts"] for each in answer(assessment)["ranking"]}
    assert plots["T01"] == {
        "index": 0.62,
        "index_fine": 0.64,
        "looked_at": 2,
        "found": 2,
        "places": [1, 2],
        "must_clear": [{"barrier": "rail", "risk": 0.53, "state": "violated", "places": [1]}],
        "not_reachable": ["visit"],
        "near_edge": False,
    }
    assert plots["T02"]["must_clear"][0]["state"] == "unknown"
    assert (plots["T02"]["index_fine"], plots["T02"]["near_edge"]) == (None, True)


def test_a_plot_from_which_no_way_was_looked_at_has_an_unknown_index(
    assessment: Assessment,
) -> None:
    plots = {each["plot_id"]: each["shortcuts"] for each in answer(assessment)["ranking"]}
    assert (plots["T03"]["looked_at"], plots["T03"]["index"]) == (0, None)


def test_the_json_has_the_crossing_places_with_their_words(assessment: Assessment) -> None:
    first, second = answer(assessment)["crossing_places"]
    peak = assessment.shortcuts.places["peak"][1]
    assert (first["place"], first["list"], first["crossed"]) == (
        1,
        "severe",
        "Heggdalsbanen (jernbane)",
    )
    assert (first["east"], first["north"]) == (peak.x, peak.y)
    assert (first["plots"], first["destinations"]) == (["T01", "T02"], ["Tjernsvingen"])
    # A track has neither lanes nor, here, a known speed.
    assert (first["speed_kmh"], first["lanes"], first["ref"]) == (None, None, None)
    assert (second["speed_kmh"], second["lanes"], second["ref"]) == (50, 2, "9900")
    assert first["sentence"].startswith(
        "Punkt 1 (alvorlig): Heggdalsbanen (jernbane), en strekning"
    )
    assert {"geometry", "stretch"} & set(first) == set()


def test_a_place_without_a_safe_way_has_no_distance_for_it() -> None:
    made = fabricated_assessment()
    places = made.shortcuts.places.assign(median_safe_distance_m=float("inf"))
    lost = replace(made, shortcuts=replace(made.shortcuts, places=places))
    first = answer(lost)["crossing_places"][0]
    assert first["median_safe_distance_m"] is None
    assert "ikke funnet noen trygg vei" in first["sentence"]


def test_the_json_does_not_hang_on_the_order_of_the_plots(assessment: Assessment) -> None:
    assert answer(reversed_input(assessment)) == answer(assessment)
