import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from fabricated import CRITERIA, fabricated_assessment
from reordered import reversed_input
from tomteanalyse.assessment import Assessment
from tomteanalyse.texts import LANGUAGES, catalog
from tomteanalyse.views.ranking import ranking_records, ranking_table, undecided


@pytest.fixture(scope="module")
def assessment() -> Assessment:
    return fabricated_assessment(n=24)


def test_the_best_plot_comes_first_and_those_knocked_out_last(assessment: Assessment) -> None:
    table = ranking_table(assessment)
    assert table.index.name == "plot_id"
    assert sorted(table.index) == sorted(assessment.study.plots.index)
    assert list(table["rank"][:22]) == sorted(assessment.evaluation.rank.dropna())
    # Plots 4 and 16, counted from 0, are knocked out.
    assert set(table.index[22:]) == {"T05", "T17"}
    assert table["rank"][22:].isna().all()
    assert table["score"].iloc[22] >= table["score"].iloc[23]


def test_plots_that_share_a_rank_follow_each_other_by_id(assessment: Assessment) -> None:
    evaluation = assessment.evaluation
    equal = replace(
        assessment,
        evaluation=replace(
            evaluation,
            rank=evaluation.rank.where(evaluation.rank.isna(), 1),
            score=evaluation.score * 0 + 50,
        ),
    )
    ids = list(ranking_table(reversed_input(equal)).index)
    assert ids[:22] == sorted(ids[:22])
    assert ids[22:] == ["T05", "T17"]


def test_the_points_of_the_criteria_sum_to_the_score(assessment: Assessment) -> None:
    table = ranking_table(assessment)
    points = table[[f"{key}_points" for key in CRITERIA]].sum(axis=1)
    np.testing.assert_allclose(points, table["score"], rtol=0, atol=1e-9)
    assert list(table.columns[:9]) == [
        "rank",
        "name",
        "grade",
        "score",
        "score_low",
        "score_high",
        "best",
        "top_three",
        "coverage",
    ]


def test_a_row_holds_what_was_measured_for_its_own_plot(assessment: Assessment) -> None:
    table = ranking_table(assessment)
    for plot_id in table.index:
        for key in CRITERIA:
            here = table.loc[plot_id, f"{key}_measured"]
            there = assessment.evaluation.measured.loc[plot_id, key]
            assert here == there or (np.isnan(here) and np.isnan(there))


def test_the_order_of_the_input_does_not_matter(assessment: Assessment) -> None:
    turned = reversed_input(assessment)
    pd.testing.assert_frame_equal(ranking_table(turned), ranking_table(assessment))
    assert ranking_records(turned, "nb") == ranking_records(assessment, "nb")


def test_every_plot_is_flagged_for_what_is_special_with_it(assessment: Assessment) -> None:
    flags = ranking_table(assessment)["flags"]
    special = {
        "T03": ["unknown"],
        "T04": ["unreachable"],
        "T05": ["knock_out"],
        "T06": ["must_clear"],
        "T07": ["outside_extract", "unknown"],
    }
    for plot_id in ("T01", "T02", *special, "T08", "T09"):
        assert flags[plot_id] == [*special.get(plot_id, []), "undecided_defaults"], plot_id


def test_a_criterion_that_weighs_nothing_raises_no_flag(assessment: Assessment) -> None:
    weights = assessment.evaluation.weights.copy()
    weights[["grocery", "doctor", "pharmacy"]] = 0.0
    light = replace(assessment, evaluation=replace(assessment.evaluation, weights=weights))
    flags = ranking_table(light)["flags"]
    for plot_id in ("T03", "T04", "T07"):
        assert flags[plot_id] == ["undecided_defaults"]
    assert "grocery" not in undecided(light)


def test_defaults_are_undecided_until_both_weight_and_anchors_are_decided(
    assessment: Assessment,
) -> None:
    assert undecided(assessment) == list(CRITERIA[1:])
    evaluation = assessment.evaluation
    decided = replace(
        evaluation,
        criteria=tuple(replace(each, decision="Vedtak 1") for each in evaluation.criteria),
        weight_decision=evaluation.weight_decision.fillna("Vedtak 2"),
    )
    all_decided = replace(assessment, evaluation=decided)
    assert undecided(all_decided) == []
    assert ranking_table(all_decided)["flags"]["T01"] == []
    only_anchors = replace(decided, weight_decision=evaluation.weight_decision)
    assert undecided(replace(assessment, evaluation=only_anchors)) == list(CRITERIA[1:])


def test_records_are_valid_json_with_null_and_a_state_where_there_is_no_figure(
    assessment: Assessment,
) -> None:
    records = ranking_records(assessment, "nb")
    read = json.loads(
        json.dumps(records, allow_nan=False), parse_constant=lambda name: pytest.fail(name)
    )
    assert read == records
    by_id = {record["plot_id"]: record for record in read}
    say = catalog("nb")
    assert by_id["T03"]["criteria"]["grocery"] == {
        "unit": "m",
        "weight": pytest.approx(10 / 66),
        "state": "unknown",
        "measured": None,
        "low": None,
        "high": None,
        "value": None,
        "points": pytest.approx(50 * 10 / 66),
        "nearest": None,
        "nearest_name": None,
        "reason": "no_way_near",
        "reason_text": say("reason.no_way_near"),
    }
    unreachable = by_id["T04"]["criteria"]["doctor"]
    assert (unreachable["state"], unreachable["measured"]) == ("unreachable", None)
    assert (unreachable["value"], unreachable["points"]) == (0.0, 0.0)
    assert by_id["T05"]["rank"] is None
    assert by_id["T05"]["best"] is None
    assert by_id["T05"]["verdicts"] == [
        {
            "constraint": "flomsone",
            "effect": "knock_out",
            "state": "violated",
            "reason": "Ligger i flomsone",
        }
    ]
    assert by_id["T01"]["verdicts"] == []


def test_records_name_the_place_that_was_measured_to(assessment: Assessment) -> None:
    records = {record["plot_id"]: record for record in ranking_records(assessment, "nb")}
    for plot_id, record in records.items():
        bus = record["criteria"]["bus"]
        assert bus["nearest"] == assessment.measurements["walk_bus"].nearest[plot_id]
        name = assessment.amenities["name"][bus["nearest"]]
        assert bus["nearest_name"] == (None if pd.isna(name) else name)
        assert record["criteria"]["concentration"]["nearest"] is None


def test_records_have_the_table_s_numbers_in_its_order(assessment: Assessment) -> None:
    table = ranking_table(assessment)
    records = ranking_records(assessment, "en")
    assert [record["plot_id"] for record in records] == list(table.index)
    assert [record["score"] for record in records] == list(table["score"])
    assert [record["flags"] for record in records] == list(table["flags"])
    for record in records:
        points = [part["points"] for part in record["criteria"].values()]
        assert sum(points) == pytest.approx(record["score"], abs=1e-9)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_flag_and_reason_has_words(language: str) -> None:
    say = catalog(language)
    for flag in (
        "knock_out",
        "must_clear",
        "outside_extract",
        "unknown",
        "unreachable",
        "undecided_defaults",
    ):
        assert say(f"flag.{flag}")
    for reason in ("no_amenity", "no_way_near", "outside_extract", "no_safe_way"):
        assert say(f"reason.{reason}")


def test_one_plot_alone_has_a_ranking() -> None:
    table = ranking_table(fabricated_assessment(n=1))
    assert list(table["rank"]) == [1]
