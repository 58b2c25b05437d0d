import math
import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring_cases import (
    KEYS,
    UNKNOWN,
    UNREACHABLE,
    evaluated,
    figures,
    limit,
    measured_tables,
    measurement,
    measurements,
    plots,
    study,
)
from tomteanalyse.errors import UsageError
from tomteanalyse.scoring.comparison_text import comparison_text
from tomteanalyse.scoring.criteria import CRITERIA, source_text
from tomteanalyse.scoring.evaluation import Evaluation, evaluate, ranking_order
from tomteanalyse.scoring.explanation import Comparison, Explanation, compare, explain
from tomteanalyse.scoring.explanation_text import explanation_text
from tomteanalyse.scoring.flips import weight_ranges
from tomteanalyse.scoring.robustness import acceptability
from tomteanalyse.scoring.wording import Words, anchors_text, limit_text, percent_text
from tomteanalyse.texts import LANGUAGES, Language, catalog

THREE = study({"bus": 50, "grocery": 30, "doctor": 20})
# Values by hand. Bus: 1 to 150 m, 0 from 1000 m; grocery: 1, 0.5, 0 at 300, 800, 1500 m;
# doctor: 1 to 500 m, 0 from 2000 m.
TABLE = {
    "A": {"bus": 320, "grocery": 800, "doctor": 500},  # 0.8, 0.5, 1.0 -> 40 + 15 + 20 = 75
    "B": {"bus": 490, "grocery": 300, "doctor": 1250},  # 0.6, 1.0, 0.5 -> 30 + 30 + 10 = 70
    "C": {"bus": 830, "grocery": 300, "doctor": 500},  # 0.2, 1.0, 1.0 -> 10 + 30 + 20 = 60
    "D": {"bus": UNREACHABLE, "grocery": UNKNOWN, "doctor": 1250},  # 0, ½, 0.5 -> 15 + 10 = 25
}


def explained(table: dict[str, dict[str, float]], plot: str, **sections: object) -> Explanation:
    evaluation = evaluated(table, study({"bus": 50, "grocery": 30, "doctor": 20}, **sections))
    return explain(evaluation, acceptability(evaluation, draws=200, seed=1), plot)


def compared(evaluation: Evaluation, a: str, b: str) -> Comparison:
    return compare(evaluation, acceptability(evaluation, draws=200, seed=1), a, b)


def scores_at(evaluation: Evaluation, key: str, weight: float) -> dict[str, float]:
    """Return every ranked plot's score with another weight, straight from the definition."""
    rest = {k: w for k, w in evaluation.weights.items() if k != key}
    scale = (1 - weight) / sum(rest.values())
    value = evaluation.value.fillna(0.5)
    return {
        plot: weight * value.loc[plot, key]
        + scale * sum(w * value.loc[plot, k] for k, w in rest.items())
        for plot in evaluation.rank.dropna().index
    }


@settings(max_examples=20)
@given(measured_tables(figures))
def test_contributions_add_up_to_the_score_exactly(table: dict[str, dict[str, float]]) -> None:
    evaluation = evaluated(table, study(), doubt=20)
    robustness = acceptability(evaluation, draws=10, seed=1)
    for plot in table:
        told = explain(evaluation, robustness, plot)
        points = [each.points for each in told.contributions]
        assert sum(points) == math.fsum(points) == told.score
        for each in told.contributions:
            value = 0.5 if math.isnan(each.value) else each.value
            assert each.points == pytest.approx(100 * each.weight * value, abs=1e-9)


@settings(max_examples=15)
@given(measured_tables(figures, smallest=2))
def test_differences_add_up_to_the_difference_in_score_exactly(
    table: dict[str, dict[str, float]],
) -> None:
    one, other, *_ = table
    told = compared(evaluated(table, study()), one, other)
    assert sum(told.differences) == math.fsum(told.differences) == told.difference
    assert told.difference == told.a.score - told.b.score >= 0
    assert {told.a.plot_id, told.b.plot_id} == {one, other}


def test_place_and_neighbours_are_told() -> None:
    told = explained(TABLE, "B")
    assert (told.rank, told.ranked, told.above, told.below, told.tied) == (2, 4, "A", "C", ())
    assert explained(TABLE, "A").above is None
    assert explained(TABLE, "D").below is None
    tied = explained({**TABLE, "E": TABLE["B"]}, "E")
    assert (tied.rank, tied.tied, tied.above, tied.below) == (2, ("B",), "A", "C")


def test_the_weights_with_which_the_best_plot_stays_best_are_what_they_are_by_hand() -> None:
    # With bus weight t and the others 3 : 2, A scores 0.8 t + 0.7 (1 - t), B 0.6 t + 0.8 (1 - t)
    # and C 0.2 t + 1.0 (1 - t). A meets B at t = 1/3, C at t = 1/3.
    ranges = {each.criterion: each for each in explained(TABLE, "A").weight_ranges}
    assert ranges["bus"].low == pytest.approx(1 / 3)
    assert (ranges["bus"].high, ranges["bus"].above) == (1.0, None)
    # With grocery weight t, bus and doctor 5 : 2: A 0.5 t + 6/7 (1 - t), B 1.0 t + 4/7 (1 - t).
    assert ranges["grocery"].high == pytest.approx((2 / 7) / (2 / 7 + 0.5))
    assert (ranges["grocery"].low, ranges["grocery"].below) == (0.0, None)
    assert ranges["grocery"].above == "B"


def test_a_plot_that_is_never_best_by_one_weight_alone_has_no_ranges() -> None:
    assert explained(TABLE, "D").weight_ranges == ()


@settings(max_examples=20)
@given(measured_tables(figures, smallest=2), st.sampled_from(KEYS), st.floats(0.001, 0.999))
def test_a_plot_is_best_exactly_within_its_range_of_weights(
    table: dict[str, dict[str, float]], key: str, weight: float
) -> None:
    evaluation = evaluated(table, study())
    scores = scores_at(evaluation, key, weight)
    for plot in evaluation.rank.dropna().index:
        found = [each for each in weight_ranges(evaluation, plot) if each.criterion == key]
        inside = any(each.low + 1e-6 < weight < each.high - 1e-6 for each in found)
        outside = all(weight < each.low - 1e-6 or weight > each.high + 1e-6 for each in found)
        if inside:
            assert scores[plot] >= max(scores.values()) - 1e-9
        if outside:  # it may touch the best in one point, but not lead on a stretch
            near = (
                scores_at(evaluation, key, weight + 5e-4),
                scores_at(evaluation, key, weight - 5e-4),
            )
            assert any(each[plot] < max(each.values()) + 1e-12 for each in (scores, *near))
        for each in found:
            for rival, beyond in ((each.below, each.low - 1e-4), (each.above, each.high + 1e-4)):
                if rival is not None and 0 < beyond < 1:
                    there = scores_at(evaluation, key, beyond)
                    assert there[rival] > there[plot] - 1e-9


def test_swaps_are_the_weights_at_which_two_plots_score_alike() -> None:
    evaluation = evaluated(TABLE, THREE)
    swaps = {each.criterion: each for each in compared(evaluation, "B", "A").swaps}
    assert swaps["bus"].needed == pytest.approx(1 / 3)
    assert swaps["bus"].weight == pytest.approx(0.5)
    for key, each in swaps.items():
        scores = scores_at(evaluation, key, each.needed)
        assert scores["A"] == pytest.approx(scores["B"])


def test_what_one_measurement_would_have_to_be_is_told_in_metres() -> None:
    # B has 70 points and A 75. 5 points are 0.1 of the bus's value (85 m), 0.25 of the doctor's
    # (375 m); the grocery can give no more. Down to C: 0.2 of bus, 1/3 of grocery, 0.5 of doctor.
    flips = {(each.criterion, each.lifts): each for each in explained(TABLE, "B").measure_flips}
    assert flips["bus", True].needed == pytest.approx(405)
    assert flips["doctor", True].needed == pytest.approx(875)
    assert ("grocery", True) not in flips
    assert flips["bus", False].needed == pytest.approx(660)
    assert flips["grocery", False].needed == pytest.approx(300 + 500 * 2 / 3)
    assert flips["doctor", False].needed == pytest.approx(2000)
    assert {each.other for each in flips.values()} == {"A", "C"}


@settings(max_examples=15)
@given(measured_tables(figures, smallest=2))
def test_with_the_measurement_needed_a_plot_draws_level_with_its_neighbour(
    table: dict[str, dict[str, float]],
) -> None:
    evaluation = evaluated(table, study())
    plot = ranking_order(evaluation)[1]
    told = explain(evaluation, acceptability(evaluation, draws=10, seed=1), plot)
    for flip in told.measure_flips:
        changed = {**table, plot: {**table[plot], flip.criterion: flip.needed}}
        again = evaluated(changed, study())
        assert again.score[plot] == pytest.approx(again.score[flip.other], abs=1e-6)
        assert (evaluation.score[flip.other] > evaluation.score[plot]) == flip.lifts


def test_an_unknown_tells_between_which_places_the_plot_will_end_up() -> None:
    table = {**TABLE, "E": {"bus": 150, "grocery": UNKNOWN, "doctor": 2000}}  # 50 + 0 to 30
    (span,) = explained(table, "E").unknown_spans
    assert span.criterion == "grocery"
    assert (span.score_low, span.score_high) == pytest.approx((50, 80))
    assert (span.rank_best, span.rank_worst) == (1, 4)
    for metres, rank in ((100, 1), (5000, 4)):
        measured = {**table, "E": {**table["E"], "grocery": metres}}
        assert explained(measured, "E").rank == rank


def test_a_knocked_out_plot_is_explained_without_a_place() -> None:
    told = explained(TABLE, "A", constraints=[limit("bus", min=400, decision="12/25")])
    assert (told.rank, told.ranked, told.weight_ranges, told.measure_flips) == (None, 3, (), ())
    assert told.score == pytest.approx(75)
    assert [(each.state, each.decision) for each in told.verdicts] == [("violated", "12/25")]
    text = explanation_text(told, Words(catalog("nb")))
    assert "Ikke rangert på grunn av et stoppkriterium" in text
    assert "stoppkriterium, ikke oppfylt: for langt" in text
    assert "Dette ville endret" not in text


def test_knocked_out_plots_change_no_flips_of_the_others() -> None:
    out = explained(
        {**TABLE, "X": {"bus": 1, "grocery": 1, "doctor": 1}},
        "B",
        constraints=[limit("bus", min=100)],
    )
    assert out.weight_ranges == explained(TABLE, "B").weight_ranges
    assert out.measure_flips == explained(TABLE, "B").measure_flips


def test_an_unknown_plot_is_a_usage_error_with_a_guess() -> None:
    with pytest.raises(UsageError, match="Mente du «T03»") as caught:
        explained({"T03": {}, "X": {}}, "T3")
    assert caught.value.exit_code == 2
    evaluation = evaluated(TABLE, THREE)
    with pytest.raises(UsageError, match="seg selv"):
        compared(evaluation, "A", "A")
    with pytest.raises(UsageError, match="ingen tomt «Q»"):
        compared(evaluation, "A", "Q")


def full_story(language: Language) -> str:
    config = study(
        profile={"step": 5, "housing_form": "tun_med_base"},
        dwellings={"source": "buildings"},
        criteria={
            "bus": {"anchors": [[100, 1], [600, 0]], "source": "Temaplan", "decision": "12/25"}
        },
        constraints=[limit("school", min=200, effect="must_clear"), limit("doctor", max=900)],
    )
    table = {**TABLE, "E": {"doctor": 2500}}
    measured = measurements(table, doubt=15)
    shops = [row.get("grocery", 100) for row in table.values()]
    measured["walk_grocery"] = measurement(list(table), shops, reason="no_amenity")
    evaluation = evaluate(measured, plots=plots(list(table)), config=config)
    robustness = acceptability(evaluation, draws=200, seed=1)
    words = Words(catalog(language), {"A": "Øvre Eng"}, {"n1": "Stasjonen"})
    stories = []
    for plot in table:
        told = explain(evaluation, robustness, plot, measurements=measured)
        first, *others = told.contributions
        told = replace(told, contributions=(replace(first, nearest="n1"), *others))
        stories.append(explanation_text(told, words))
        if plot != "A":
            told_too = compare(evaluation, robustness, plot, "A", measurements=measured)
            stories.append(comparison_text(told_too, words))
    return "\n".join(stories)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_anchor_in_use_is_printed_with_its_source(language: Language) -> None:
    story, say = full_story(language), catalog(language)
    for criterion in CRITERIA[1:]:
        shown = f"{anchors_text(criterion, say)}. "
        assert shown in story
        after = story.split(shown)[1].split("\n")[0]
        assert source_text(criterion.source, say) in after
        assert say("explain.undecided") in after
    assert "Temaplan" in story
    assert say("explain.decided", decision="12/25") in story


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_story_holds_no_text_key_and_no_placeholder(language: Language) -> None:
    story = full_story(language)
    assert not re.search(r"source\.|[{}]|\bnan\b|None|<NA>", story)
    assert "A Øvre Eng" in story
    assert "Stasjonen" in story
    assert catalog(language)("reason.no_amenity") in story


def test_what_weighs_nothing_is_told_as_measured_but_not_counting() -> None:
    text = explanation_text(explained({"A": {"school": UNKNOWN}}, "A"), Words(catalog("nb")))
    assert "Avstand til skole (luftlinje): ukjent. Teller ikke: testen." in text
    assert "Gangvei til apotek: 100\N{NO-BREAK SPACE}m. Teller ikke: testen." in text
    assert text.count("Ankre:") == 3


def test_anchors_are_written_as_norwegians_write_numbers() -> None:
    words = anchors_text(CRITERIA[1], catalog("nb")).replace("\N{NO-BREAK SPACE}", " ")
    assert words == "1 ved 300 m eller mindre; 0,5 ved 800 m; 0 ved 1 500 m eller mer"


def test_an_unknown_is_told_as_unknown_with_its_reason() -> None:
    line = next(each for each in full_story("nb").split("\n") if "regnet som halvparten" in each)
    assert "ukjent (stedet finnes ikke i kartutsnittet), regnet som halvparten" in line


@pytest.mark.parametrize(
    "name", ["{0}", "{", "${1}", "`", "<script>alert(1)</script>", "C:\\users\\ola"]
)
def test_names_are_text_and_nothing_else(name: str) -> None:
    words = Words(catalog("nb"), {"A": name})
    assert f"Tomt A {name}" in explanation_text(explained(TABLE, "A"), words)
    assert name in comparison_text(compared(evaluated(TABLE, THREE), "A", "B"), words)


def test_equal_values_of_two_plots_are_shown_as_equal_points() -> None:
    # Ten criteria of unequal weight, and one plot with less to the bus: no other line may differ.
    table = {"A": {"grocery": UNKNOWN}, "B": {"bus": 431.0, "grocery": UNKNOWN}}
    evaluation = evaluated(table, study())
    robustness = acceptability(evaluation, draws=10, seed=1)
    words = Words(catalog("nb"))
    lines = [
        [
            line
            for line in explanation_text(explain(evaluation, robustness, plot), words).split("\n")
            if " av " in line and " poeng. " in line and "buss" not in line
        ]
        for plot in table
    ]
    assert lines[0] == lines[1]
    assert len(lines[0]) > 5


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_plot_mostly_unknown_is_told_so_and_not_as_knocked_out(language: Language) -> None:
    table = {**TABLE, "X": {"bus": UNKNOWN, "grocery": UNKNOWN, "doctor": 500}}
    evaluation = evaluated(table, THREE)
    robustness = acceptability(evaluation, draws=100, seed=1)
    words = Words(say := catalog(language))
    told = explanation_text(explain(evaluation, robustness, "X"), words)
    assert say("explain.too_little_measured") in told
    assert say("explain.knocked_out") not in told
    assert say("explain.changes") not in told
    beside = comparison_text(compare(evaluation, robustness, "X", "B"), words)
    share = percent_text(0.2, say)
    assert say("compare.too_little_measured", plot="X", share=share) in beside
    assert robustness.drawn == 4


def test_a_share_is_never_rounded_to_all_or_nothing_unless_it_is() -> None:
    say = catalog("en")
    shares = (0, 0.001, 0.005, 0.5, 0.9949, 0.999, 1)
    assert [percent_text(each, say) for each in shares] == [
        "0%",
        "under 1%",
        "under 1%",
        "50%",
        "99%",
        "over 99%",
        "100%",
    ]
    assert percent_text(0.1234, catalog("nb"), decimals=1) == "12,3\N{NO-BREAK SPACE}%"


def test_a_limit_near_the_end_is_written_without_a_second_over() -> None:
    say = catalog("nb")
    assert limit_text(0.99999, say, decimals=1) == "99,9\xa0%"
    assert limit_text(0.00001, say, decimals=1) == "0,1\xa0%"
    assert limit_text(1.0, say, decimals=1) == "100,0\xa0%"
    assert limit_text(0.4567, say, decimals=1) == "45,7\xa0%"
