"""What the page reckons and says itself is what Python reckons and says."""

import itertools
import json
import math
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Page

from browsing import IN_A_BROWSER
from scoring_cases import KEYS
from tomteanalyse.assessment import Assessment
from tomteanalyse.scoring.comparison_text import comparison_text
from tomteanalyse.scoring.evaluation import Evaluation, ranking_order
from tomteanalyse.scoring.explanation import compare, explain
from tomteanalyse.scoring.explanation_text import explanation_text
from tomteanalyse.scoring.value_functions import PiecewiseLinear
from tomteanalyse.scoring.wording import Words, percent_text
from tomteanalyse.texts import LANGUAGES, Language, catalog
from tomteanalyse.views.ranking import plot_flags
from tomteanalyse.views.web_map.payload import as_json, payload
from weighed import evaluated, random_swings, weighed_assessment

pytestmark = IN_A_BROWSER

MODEL = ("decode.js", "say.js", "scoring.js", "model.js", "flips.js", "reasons.js")


def scripts() -> str:
    folder = files("tomteanalyse.views.web_map").joinpath("page")
    return "\n".join(folder.joinpath(name).read_text("utf-8") for name in MODEL)


@pytest.fixture(scope="module")
def assessment() -> Assessment:
    return weighed_assessment(40)


@pytest.fixture(scope="module")
def data(assessment: Assessment) -> Any:
    return json.loads(as_json(payload(assessment, say=catalog("nb"))))


@pytest.fixture(scope="module")
def tab(browser: Browser) -> Iterator[Page]:
    made = browser.new_page()
    yield made
    made.close()


def reckoned(tab: Page, asked: str, argument: Any = None) -> Any:
    """Run the page's own script on its own, then `asked`, an expression of `given`."""
    return tab.evaluate(f"(given) => {{ {scripts()}\n return {asked}; }}", argument)


@pytest.fixture(scope="module")
def trials(assessment: Assessment) -> list[tuple[dict[str, float], Evaluation]]:
    rng = np.random.default_rng(4)
    tried = [random_swings(rng) for _ in range(25)]
    one = dict.fromkeys(KEYS, 0.0) | {"bus": 100.0}
    return [(swings, evaluated(assessment, swings)) for swings in [*tried, one]]


STANDINGS = """given.trials.map((swings) => {
  const model = makeModel(given.data);
  model.weigh(swings);
  return {
    weights: model.weights,
    order: model.order.map((i) => model.plots[i].id),
    ranked: model.ranked,
    plots: model.plots.map((plot) => [
      plot.id, plot.score, plot.low, plot.high, plot.coverage, plot.grade, plot.rank, plot.shared,
    ]),
  };
})"""


def test_scores_classes_and_ranks_for_random_weights_are_those_of_python(
    tab: Page, data: Any, trials: list[tuple[dict[str, float], Evaluation]]
) -> None:
    swings = [list(each.values()) for each, _ in trials]
    answers = reckoned(tab, STANDINGS, {"data": data, "trials": swings})
    moved = 0
    for (_, expected), got in zip(trials, answers, strict=True):
        assert got["weights"] == pytest.approx(expected.weights.tolist(), abs=1e-12)
        assert got["order"] == ranking_order(expected).tolist()
        assert got["ranked"] == int(expected.rank.notna().sum())
        rank = expected.rank
        for plot_id, score, low, high, coverage, grade, place, shared in got["plots"]:
            assert score == pytest.approx(expected.score[plot_id], abs=1e-9)
            assert low == pytest.approx(expected.score_low[plot_id], abs=1e-9)
            assert high == pytest.approx(expected.score_high[plot_id], abs=1e-9)
            assert coverage == pytest.approx(expected.coverage[plot_id], abs=1e-9)
            assert grade == (None if expected.grade.isna()[plot_id] else expected.grade[plot_id])
            assert place == (None if rank.isna()[plot_id] else rank[plot_id])
            assert shared == (place is not None and int((rank == place).sum()) > 1)
        moved += got["order"] != answers[0]["order"]
    assert moved > 20  # the weights do make a difference


def test_the_trials_hold_every_hard_case(
    trials: list[tuple[dict[str, float], Evaluation]],
) -> None:
    first = trials[0][1]
    assert first.knocked_out.any()
    assert first.too_little_measured.any()
    assert len({bool(each.too_little_measured["T03"]) for _, each in trials}) == 2
    assert first.score["T01"] == first.score["T02"]
    assert np.isinf(first.measured.to_numpy()).any()
    assert (first.value_low < first.drawn_low).any().any()
    assert len({letter for _, each in trials for letter in each.grade.dropna()}) == 5


def test_with_the_adopted_weights_the_page_reckons_what_the_papers_say(
    tab: Page, data: Any, assessment: Assessment
) -> None:
    own, again = reckoned(
        tab,
        """(() => {
          const model = makeModel(given);
          const columns = model.criteria.map(
            (c) => ({ value: c.value, low: c.valueLow, high: c.valueHigh })
          );
          const out = model.plots.map((plot) => plot.out);
          const again = standings(shares(model.swings), columns, out, given.grades);
          return [
            model.plots.map((plot) => [plot.id, plot.score, plot.rank, plot.grade, plot.bare]),
            model.plots.map((plot, i) => [
              plot.id, again.score[i], again.rank[i], again.grade[i], again.bare[i],
            ]),
          ];
        })()""",
        data,
    )
    found = assessment.evaluation
    for (plot_id, score, rank, grade, bare), reckoned_again in zip(own, again, strict=True):
        assert score == found.score[plot_id]  # to the last bit: it is Python's own
        assert rank == (None if found.rank.isna()[plot_id] else found.rank[plot_id])
        assert bare == found.too_little_measured[plot_id]
        assert reckoned_again[1] == pytest.approx(score, abs=1e-5)  # swings are rounded
        assert [reckoned_again[0], *reckoned_again[2:]] == [plot_id, rank, grade, bare]


def test_no_weight_at_all_is_refused_and_changes_nothing(tab: Page, data: Any) -> None:
    done, before, after = reckoned(
        tab,
        """(() => {
          const model = makeModel(given);
          const before = model.plots.map((plot) => plot.score);
          const done = model.weigh(model.swings.map(() => 0));
          return [done, before, model.plots.map((plot) => plot.score)];
        })()""",
        data,
    )
    assert done is False
    assert before == after


def test_flags_are_those_of_the_tables(tab: Page, data: Any, assessment: Assessment) -> None:
    got = reckoned(
        tab,
        """(() => {
          const model = makeModel(given);
          return model.plots.map((plot, i) => [plot.id, model.flags(i)]);
        })()""",
        data,
    )
    expected = plot_flags(assessment)
    for plot_id, raised in got:
        assert set(raised) == set(expected[plot_id]) - {"undecided_defaults"}, plot_id
    assert {flag for _, raised in got for flag in raised} >= {"near_edge", "unknown", "must_clear"}


FUNCTIONS = (
    ((150.0, 1.0), (1000.0, 0.0)),
    ((300.0, 1.0), (800.0, 0.5), (1500.0, 0.0)),
    ((0.0, 0.3), (200.0, 1.0), (1500.0, 1.0), (5000.0, 0.0)),
    ((100.0, 0.0), (500.0, 1.0)),
    ((0.0, 0.7), (10.0, 0.7)),
    ((0.0, 0.1), (3.0, 0.9), (7.0, 0.9), (11.0, 0.2), (13.0, 0.4)),
)


@pytest.mark.parametrize("anchors", FUNCTIONS)
def test_value_functions_value_and_invert_as_python_does(tab: Page, anchors: Any) -> None:
    rng = np.random.default_rng(2)
    most = 1.3 * anchors[-1][0]
    x = [*rng.uniform(0, most, 60).round(1), *(each for each, _ in anchors), math.inf, math.nan]
    lows = rng.uniform(0, most, 60)
    spans = [(low, low + width) for low, width in zip(lows, rng.uniform(0, most, 60), strict=True)]
    spans[0] = (spans[0][0], math.inf)
    near = [*rng.uniform(0, most, 9), math.inf, math.nan]
    sought = [*rng.uniform(0, 1, 9).round(2), *(v for _, v in anchors), 0.0, 1.0]
    questions = list(itertools.product(sought, near))
    got = reckoned(
        tab,
        """(() => {
          const { value, image, inverse } = makeValue(given.anchors);
          return [
            given.x.map(value),
            given.spans.map(([a, b]) => image(a, b)),
            given.questions.map(([v, near]) => inverse(v, near)),
          ];
        })()""",
        {"anchors": anchors, "x": x, "spans": spans, "questions": questions},
    )
    function = PiecewiseLinear(anchors)
    assert got[0] == pytest.approx(function(x).tolist(), abs=1e-15, nan_ok=True)
    least, greatest = function.image(*np.array(spans).T)
    assert np.array(got[1]) == pytest.approx(np.column_stack([least, greatest]), abs=1e-15)
    inverted = [function.inverse(value, near=x_near) for value, x_near in questions]
    assert got[2] == pytest.approx(inverted, abs=1e-9, nan_ok=True)


@pytest.mark.parametrize("language", LANGUAGES)
def test_numbers_and_percentages_are_written_as_python_writes_them(
    tab: Page, data: Any, language: Language
) -> None:
    rng = np.random.default_rng(3)
    figures = [0, -0.0, 0.5, 1.5, 2.5, 0.125, 0.375, -0.125, 1.005, 2.675, 999.95, 1234567.891]
    figures += [-0.4, -1234.5, 1e-7, 0.0000005, math.inf, math.nan, *rng.uniform(-2e4, 2e4, 200)]
    shares = [0, 1, 0.5, 0.004, 0.996, 1e-9, 1 - 1e-9, 0.125, 0.005, *rng.uniform(0, 1, 100)]
    got = reckoned(
        tab,
        """(() => {
          const say = makeSay(given.data);
          say.language = given.language;
          return [
            given.figures.map((each) => [0, 1, 2, null].map((digits) => say.number(each, digits))),
            given.shares.map((each) => [0, 1].map((digits) => say.percent(each, digits))),
          ];
        })()""",
        {"data": data, "language": language, "figures": figures, "shares": shares},
    )
    say = catalog(language)
    for figure, written in zip(figures, got[0], strict=True):
        assert written == [say.number(float(figure), decimals=each) for each in (0, 1, 2, None)]
    for share, written in zip(shares, got[1], strict=True):
        assert written == [percent_text(float(share), say, decimals=each) for each in (0, 1)]


def words_of(assessment: Assessment, language: Language) -> Words:
    names = assessment.study.plots["name"]
    return Words(
        catalog(language), names.to_dict(), assessment.amenities["name"].dropna().to_dict()
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_comparisons_say_the_words_and_numbers_of_the_comparison_text(
    tab: Page, data: Any, assessment: Assessment, language: Language
) -> None:
    ids = data["plots"]["ids"]
    rng = np.random.default_rng(5)
    pairs = [rng.choice(len(ids), 2, replace=False).tolist() for _ in range(40)]
    alike = [ids.index("T01"), ids.index("T02")]
    bare = [ids.index("T03"), 0]
    out = [ids.index(assessment.evaluation.score.index[assessment.evaluation.knocked_out][0]), 1]
    pairs += [alike, bare, out]
    got = reckoned(
        tab,
        """(() => {
          const say = makeSay(given.data);
          const model = makeModel(given.data);
          say.language = given.language;
          return given.pairs.map(([i, j]) => {
            const compared = comparison(model, i, j);
            const words = comparisonWords(model, say, given.data.amenities, compared);
            const { swaps } = words;
            return [
              words.heading, words.result, ...words.unranked, words.share,
              words.terms_heading, ...words.terms.map((term) => say("compare.term", term)),
              words.same, words.sum,
              ...(swaps.length ? [words.swaps_heading, ...swaps] : [words.no_swap]),
            ].filter((line) => line !== null);
          });
        })()""",
        {"data": data, "language": language, "pairs": pairs},
    )
    words = words_of(assessment, language)
    for (i, j), lines in zip(pairs, got, strict=True):
        compared = compare(
            assessment.evaluation,
            assessment.robustness,
            ids[i],
            ids[j],
            measurements=assessment.measurements,
        )
        written = comparison_text(compared, words)
        assert lines == [line.strip(" ") for line in written.split("\n") if line]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_would_change_a_place_is_said_as_the_explanation_says_it(
    tab: Page,
    data: Any,
    assessment: Assessment,
    trials: list[tuple[dict[str, float], Evaluation]],
    language: Language,
) -> None:
    swings, tried = trials[0]
    for weights, evaluation in ((None, assessment.evaluation), (list(swings.values()), tried)):
        got = reckoned(
            tab,
            """(() => {
              const say = makeSay(given.data);
              const model = makeModel(given.data);
              say.language = given.language;
              if (given.weights) model.weigh(given.weights);
              return model.plots.filter((plot) => plot.rank !== null).map((plot) => {
                const { ranges, flips, spans } = changeWords(model, say, plot.number);
                return [plot.id, [...ranges, ...flips.map((each) => each.text), ...spans]];
              });
            })()""",
            {"data": data, "language": language, "weights": weights},
        )
        words = words_of(assessment, language)
        heading = catalog(language)("explain.changes")
        assert len(got) > 20
        for plot_id, lines in got:
            told = explain(evaluation, assessment.robustness, plot_id)
            _, _, written = explanation_text(told, words).partition(f"{heading}\n")
            expected = [line.strip(" ") for line in written.split("\n") if line]
            assert (lines or [catalog(language)("explain.no_change")]) == expected
