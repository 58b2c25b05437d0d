import math
import random

import pandas as pd
import pytest
from hypothesis import given, settings
from scipy import stats

from scoring_cases import (
    BUS_AND_SHOP,
    BY_HAND,
    UNKNOWN,
    evaluated,
    figures,
    limit,
    measured_tables,
    study,
)
from tomteanalyse.scoring.evaluation import Evaluation
from tomteanalyse.scoring.robustness import CONCENTRATION, acceptability

SEED = 20_200_101


def brute_force(evaluation: Evaluation, *, draws: int) -> dict[str, tuple[float, float, float]]:
    """Return best, top three and mean rank per plot, in plain Python, straight from the words."""
    dice = random.Random(7)
    taking_part = [plot for plot, rank in evaluation.rank.items() if not pd.isna(rank)]
    weights = {key: weight for key, weight in evaluation.weights.items() if weight > 0}
    counted = {plot: [0, 0, 0] for plot in taking_part}
    for _ in range(draws):
        parts = {key: dice.gammavariate(CONCENTRATION * w, 1) for key, w in weights.items()}
        scores = {
            plot: sum(
                part
                / sum(parts.values())
                * dice.uniform(
                    evaluation.drawn_low.loc[plot, key], evaluation.drawn_high.loc[plot, key]
                )
                for key, part in parts.items()
            )
            for plot in taking_part
        }
        for plot in taking_part:
            rank = 1 + sum(other > scores[plot] for other in scores.values())
            counted[plot][0] += rank == 1
            counted[plot][1] += rank <= 3
            counted[plot][2] += rank
    return {plot: (a / draws, b / draws, c / draws) for plot, (a, b, c) in counted.items()}


def test_acceptabilities_agree_with_an_independent_brute_force() -> None:
    table = {
        "A": {"bus": 400, "grocery": 700, "doctor": 900},
        "B": {"bus": 300, "grocery": 900, "doctor": 1200},
        "C": {"bus": 500, "grocery": UNKNOWN, "doctor": 800},
        "D": {"bus": 350, "grocery": 800, "doctor": UNKNOWN},
        "E": {"bus": 100, "grocery": 100, "doctor": 100, "school": 50},
    }
    config = study({"bus": 50, "grocery": 30, "doctor": 20}, constraints=[limit("school", min=80)])
    evaluation = evaluated(table, config, doubt=60)
    assert pd.isna(evaluation.rank["E"])
    ours = acceptability(evaluation, draws=20_000, seed=SEED)
    theirs = brute_force(evaluation, draws=6_000)
    assert all(0.02 < theirs[plot][0] < 0.9 for plot in "ACD"), "the case must be an open one"
    for plot, (best, top_three, mean_rank) in theirs.items():
        # Three standard errors of two shares from 6,000 and 20,000 draws are 0.022.
        assert ours.best[plot] == pytest.approx(best, abs=0.022)
        assert ours.top_three[plot] == pytest.approx(top_three, abs=0.022)
        assert ours.expected_rank[plot] == pytest.approx(mean_rank, abs=0.05)
    assert math.isnan(ours.best["E"])
    assert ours.drawn == 4


def test_weights_spread_as_the_beta_distribution_says() -> None:
    # A is better by bus alone, B by grocery alone: A is above B when the bus weighs over a half.
    table = {"A": {"bus": 100, "grocery": 2000}, "B": {"bus": 2000, "grocery": 100}}
    found = acceptability(evaluated(table, BUS_AND_SHOP), draws=40_000, seed=SEED)
    exact = stats.beta.sf(0.5, 0.6 * CONCENTRATION, 0.4 * CONCENTRATION)
    assert found.pairwise.loc["A", "B"] == pytest.approx(exact, abs=0.008)
    assert found.pairwise.loc["A", "B"] + found.pairwise.loc["B", "A"] == pytest.approx(1)
    assert math.isnan(found.pairwise.loc["A", "A"])


def test_an_unknown_is_drawn_evenly_between_0_and_1() -> None:
    # 745 m is worth 0.3 of the bus; of the shop, which weighs the same, both have all.
    table = {"known": {"bus": 745, "grocery": 9}, "unknown": {"bus": UNKNOWN, "grocery": 9}}
    found = acceptability(
        evaluated(table, study({"bus": 1, "grocery": 1})), draws=40_000, seed=SEED
    )
    assert found.best["unknown"] == pytest.approx(0.7, abs=0.008)


def test_a_weight_of_0_stays_0() -> None:
    table = {"A": {"bus": 300, "school": UNKNOWN}, "B": {"bus": 301, "school": 9000}}
    found = acceptability(evaluated(table, study({"bus": 1, "grocery": 1})), draws=500, seed=SEED)
    assert found.best.to_dict() == {"A": 1.0, "B": 0.0}


def test_plots_that_are_always_alike_share_the_better_rank() -> None:
    table = {"A": {"bus": 300}, "B": {"bus": 300}, "C": {"bus": 900}, "D": {"bus": 990}}
    found = acceptability(evaluated(table, study()), draws=500, seed=SEED)
    assert found.best.to_dict() == {"A": 1, "B": 1, "C": 0, "D": 0}
    assert found.expected_rank.to_dict() == {"A": 1, "B": 1, "C": 3, "D": 4}
    assert found.top_three.to_dict() == {"A": 1, "B": 1, "C": 1, "D": 0}
    assert found.pairwise.loc["A", "B"] == found.pairwise.loc["B", "A"] == 0


@settings(max_examples=20)
@given(measured_tables(figures, smallest=2))
def test_draws_depend_neither_on_the_order_of_the_plots_nor_on_the_other_plots(
    table: dict[str, dict[str, float]],
) -> None:
    evaluation = evaluated(table, study(), doubt=30)
    backward = evaluated(dict(reversed(table.items())), study(), doubt=30)
    found = acceptability(evaluation, draws=100, seed=SEED)
    again = acceptability(backward, draws=100, seed=SEED)
    pd.testing.assert_frame_equal(found.pairwise, again.pairwise)
    pd.testing.assert_series_equal(found.best, again.best.loc[list(table)])
    gone = next(iter(table))
    fewer = evaluated({plot: row for plot, row in table.items() if plot != gone}, study(), doubt=30)
    rest = acceptability(fewer, draws=100, seed=SEED).pairwise
    pd.testing.assert_frame_equal(rest, found.pairwise.loc[rest.index, rest.columns])


def test_the_same_seed_gives_the_same_answer_and_another_seed_another() -> None:
    evaluation = evaluated(BY_HAND, BUS_AND_SHOP, doubt=50)
    one, same, other = (acceptability(evaluation, draws=2_500, seed=seed) for seed in (1, 1, 2))
    pd.testing.assert_series_equal(one.best, same.best)
    assert not one.best.equals(other.best)
    assert one.best.sum() == pytest.approx(1)


def test_knocked_out_plots_take_no_part() -> None:
    config = study({"bus": 60, "grocery": 40}, constraints=[limit("grocery", max=700)])
    found = acceptability(evaluated(BY_HAND, config), draws=200, seed=SEED)
    assert found.best.isna().to_dict() == {"A": True, "B": False, "C": True, "D": False, "E": False}
    assert sorted(found.pairwise.index) == ["B", "D", "E"]
    all_out = study(constraints=[limit("grocery", min=5000)])
    nobody = acceptability(evaluated({"A": {}, "B": {}}, all_out), draws=200, seed=SEED)
    assert nobody.drawn == 0
    assert nobody.best.isna().all()
    assert nobody.pairwise.empty


def test_of_very_many_plots_only_the_leading_ones_are_drawn() -> None:
    table = {f"T{metres:04}": {"bus": float(metres)} for metres in range(150, 900)}
    found = acceptability(evaluated(table, study({"bus": 1})), draws=100, seed=SEED)
    assert found.drawn == 500
    assert found.best.notna().sum() == 500
    assert found.best["T0649"] == 0
    assert math.isnan(found.best["T0650"])
    assert found.pairwise.index.tolist() == [f"T{metres:04}" for metres in range(150, 180)]
    assert found.expected_rank["T0649"] == 500
