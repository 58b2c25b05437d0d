import math
from itertools import pairwise

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring_cases import (
    BUS_AND_SHOP,
    BY_HAND,
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
from tomteanalyse.config import StudyConfig
from tomteanalyse.errors import DataError
from tomteanalyse.scoring.checks import config_faults, config_warnings
from tomteanalyse.scoring.evaluation import evaluate, ranking_order
from tomteanalyse.scoring.weight_sets import rank_by_weight_set
from tomteanalyse.texts import LANGUAGES


def test_scores_are_what_they_are_by_hand() -> None:
    found = evaluated(BY_HAND, BUS_AND_SHOP)
    assert found.score.to_dict() == pytest.approx({"A": 80, "B": 70, "C": 0, "D": 80, "E": 40})
    assert found.points.loc["B", ["bus", "grocery"]].tolist() == pytest.approx([30, 40])
    assert found.grade.to_dict() == {"A": "A", "B": "B", "C": "E", "D": "A", "E": "C"}
    assert found.rank.to_dict() == {"A": 1, "B": 3, "C": 5, "D": 1, "E": 4}
    assert ranking_order(found).tolist() == ["A", "D", "B", "E", "C"]


def test_unknown_is_neither_bad_nor_zero_and_unreachable_is_known() -> None:
    found = evaluated(BY_HAND, BUS_AND_SHOP)
    assert (found.score_low["D"], found.score_high["D"]) == pytest.approx((60, 100))
    assert found.coverage["D"] == pytest.approx(0.6)
    assert math.isnan(found.value.loc["D", "grocery"])
    assert (found.score_low["E"], found.score_high["E"]) == pytest.approx((40, 40))
    assert found.coverage["E"] == 1
    assert found.value.loc["E", "bus"] == 0


def test_doubt_about_a_measurement_widens_the_score_by_what_the_value_function_says() -> None:
    found = evaluated({"A": {"bus": 575, "grocery": 100}}, BUS_AND_SHOP, doubt=85)
    assert found.value_low.loc["A", "bus"] == pytest.approx(0.4)
    assert found.value_high.loc["A", "bus"] == pytest.approx(0.6)
    assert (found.score_low["A"], found.score["A"], found.score_high["A"]) == pytest.approx(
        (64, 70, 76)
    )


@settings(max_examples=30)
@given(measured_tables(figures))
def test_the_points_sum_to_the_score_exactly(table: dict[str, dict[str, float]]) -> None:
    found = evaluated(table, study(profile={"step": 5, "housing_form": "tun_med_base"}), doubt=10)
    for plot in table:
        row = found.points.loc[plot].tolist()
        assert sum(row) == sum(reversed(row)) == math.fsum(row) == found.score[plot]
        assert found.score_low[plot] <= found.score[plot] <= found.score_high[plot]
        assert found.score_low[plot] >= 0
        assert found.score_high[plot] <= 100


@settings(max_examples=20)
@given(measured_tables(figures, smallest=2))
def test_no_plot_has_a_part_in_another_plots_score(table: dict[str, dict[str, float]]) -> None:
    config = study(profile={"step": 5, "housing_form": "tun_med_base"})
    together = evaluated(table, config, doubt=10)
    for plot in table:
        alone = evaluated({plot: table[plot]}, config, doubt=10)
        for name in ("score", "score_low", "score_high", "coverage", "grade"):
            assert getattr(alone, name).get(plot) == getattr(together, name).get(plot) or (
                pd.isna(getattr(alone, name)[plot]) and pd.isna(getattr(together, name)[plot])
            )
        assert pd.isna(alone.rank[plot]) == pd.isna(together.rank[plot])
    gone = next(iter(table))
    fewer = evaluated({plot: row for plot, row in table.items() if plot != gone}, config, doubt=10)
    kept = together.rank.drop(gone).dropna().sort_values()
    for (one, its), (other, others) in pairwise(kept.items()):
        assert (its == others) == (fewer.rank[one] == fewer.rank[other])
        assert fewer.rank[one] <= fewer.rank[other]


@settings(max_examples=25)
@given(measured_tables(figures))
def test_the_order_of_the_plots_does_not_matter(table: dict[str, dict[str, float]]) -> None:
    config = study(constraints=[limit("bus", max=500)])
    forward = evaluated(table, config)
    backward = evaluated(dict(reversed(table.items())), config)
    assert ranking_order(forward).tolist() == ranking_order(backward).tolist()
    for name in ("score", "rank", "grade", "points"):
        there, back = getattr(forward, name), getattr(backward, name).loc[list(table)]
        (pd.testing.assert_frame_equal if name == "points" else pd.testing.assert_series_equal)(
            there, back
        )


@settings(max_examples=30)
@given(measured_tables(figures, largest=1), st.sampled_from(KEYS), st.floats(0, 6000))
def test_walking_less_never_costs_points(
    table: dict[str, dict[str, float]], key: str, metres: float
) -> None:
    falling = {"bus", "grocery", "pharmacy", "doctor", "services", "recreation", "centre"}
    (plot, row), *_ = table.items()
    if key not in falling or math.isnan(row[key]):
        return
    nearer = evaluated({plot: {**row, key: min(row[key], metres)}}, study())
    assert nearer.score[plot] >= evaluated(table, study()).score[plot]


@pytest.mark.parametrize(
    ("metres", "grade"),
    [(320.0, "A"), (320.1, "B"), (490, "B"), (660, "C"), (830, "D"), (830.1, "E"), (9999, "E")],
)
def test_grades_are_fixed_bands_and_their_lower_edge_belongs_to_them(
    metres: float, grade: str
) -> None:
    # 8.5 m of walk to the bus are worth a point: 320 m is exactly 80.
    assert evaluated({"A": {"bus": metres}}, study({"bus": 1})).grade["A"] == grade


def test_equal_plots_share_the_first_place() -> None:
    found = evaluated({name: {"bus": 400} for name in "CAB"}, study())
    assert found.rank.tolist() == [1, 1, 1]
    assert ranking_order(found).tolist() == ["A", "B", "C"]


def test_one_plot_and_no_plots_are_ranked_without_fuss() -> None:
    assert evaluated({"A": {}}, study()).rank.tolist() == [1]
    empty = evaluated({}, study())
    assert empty.rank.empty
    assert ranking_order(empty).empty


def test_a_knocked_out_plot_loses_its_rank_and_keeps_its_score() -> None:
    config = study({"bus": 60, "grocery": 40}, constraints=[limit("grocery", max=700)])
    found = evaluated(BY_HAND, config)
    assert found.rank.isna().to_dict() == {"A": True, "B": False, "C": True, "D": False, "E": False}
    assert found.rank.dropna().to_dict() == {"D": 1, "B": 2, "E": 3}
    assert found.score["A"] == pytest.approx(80)
    assert ranking_order(found).tolist() == ["D", "B", "E", "A", "C"]
    rows = found.verdicts.set_index("plot_id")
    assert rows["state"].to_dict() == {"A": "violated", "C": "violated", "D": "unknown"}
    assert rows.loc["A", ["effect", "reason", "source"]].tolist() == [
        "knock_out",
        "for langt",
        "Vedtak",
    ]
    assert pd.isna(rows.loc["A", "decision"])


def test_a_plot_mostly_unknown_has_no_rank_or_letter_and_comes_before_the_knocked_out() -> None:
    table = {
        "bad": {"bus": 1000, "grocery": 1400},  # 0 + 40 x 1/14
        "dark": {"bus": UNKNOWN, "grocery": UNKNOWN},
        "dim": {"bus": UNKNOWN, "grocery": 300},  # 40 % measured, 70 points
        "fair": {"bus": 150, "grocery": UNKNOWN},  # 60 % measured
        "out": {"bus": 150, "grocery": 300, "school": 50},
        "out and dark": {"bus": UNKNOWN, "grocery": UNKNOWN, "school": 50},
    }
    config = study({"bus": 60, "grocery": 40}, constraints=[limit("school", min=90)])
    found = evaluated(table, config)
    assert found.rank.dropna().to_dict() == {"fair": 1, "bad": 2}
    assert found.score["dim"] == pytest.approx(70)
    assert found.grade.isna().to_dict() == {
        each: each in {"dark", "dim", "out and dark"} for each in table
    }
    assert ranking_order(found).tolist() == ["fair", "bad", "dim", "dark", "out", "out and dark"]


def test_exactly_half_of_the_weight_is_enough() -> None:
    # Ten tenths do not sum to 1 in floats; half of them must be half all the same.
    config = study(dict.fromkeys(KEYS[:10], 0.1))
    row = dict.fromkeys(KEYS[:5], 100.0) | dict.fromkeys(KEYS[5:10], UNKNOWN)
    assert evaluated({"A": row}, config).rank.tolist() == [1]
    assert evaluated({"A": {**row, KEYS[0]: UNKNOWN}}, config).rank.isna().all()


def test_what_must_be_cleared_stays_in_the_ranking() -> None:
    found = evaluated(BY_HAND, study(constraints=[limit("bus", max=200, effect="must_clear")]))
    assert found.rank.notna().all()
    states = found.verdicts.set_index("plot_id")["state"].to_dict()
    assert states == {"B": "violated", "C": "violated", "E": "violated"}


def test_no_points_elsewhere_can_buy_off_a_knock_out() -> None:
    table = {"best": {"school": 40.0}, "worst": dict.fromkeys(KEYS, UNREACHABLE)}
    found = evaluated(table, study(constraints=[limit("school", min=200)]))
    assert found.score["best"] > found.score["worst"]
    assert found.rank.dropna().to_dict() == {"worst": 1}


def test_a_limit_within_the_doubt_of_the_measurement_is_unknown_not_met() -> None:
    config = study(constraints=[limit("school", min=200)])
    table = {"clear": {"school": 211}, "doubtful": {"school": 209}, "broken": {"school": 199}}
    states = evaluated(table, config, doubt=10).verdicts.set_index("plot_id")["state"].to_dict()
    assert states == {"doubtful": "unknown", "broken": "violated"}


def polygons(
    *bounds: tuple[float, float, float, float], crs: str = "EPSG:25832"
) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(geometry=[shapely.box(*each) for each in bounds], crs=crs)


def test_a_polygon_constraint_tells_hit_from_not_mapped_from_mapped_and_clear() -> None:
    # Plots are 10 m squares from x = 0, 100, 200, 300, 400.
    config = study(
        constraints=[
            {"key": "flom", "reason": "ligger i flomsone", "source": "NVE"} | {"file": "f"}
        ]
    )
    ids = ["A", "B", "C", "D", "E"]
    found = evaluate(
        measurements({each: {} for each in ids}),
        plots=plots(ids),
        config=config,
        constraint_layers={"flom": polygons((5, 5, 50, 50), (310, 0, 350, 50), (900, 0, 950, 9))},
        coverage_layers={
            "flom": polygons((-10, -10, 150, 50), (150, -10, 205, 50), (250, -10, 399, 99))
        },
    )
    states = found.verdicts.set_index("plot_id")["state"].to_dict()
    # A is hit; B lies in the mapped area; C is half in it; D touches the zone's edge; E is outside.
    assert states == {"A": "violated", "C": "unknown", "D": "violated", "E": "unknown"}
    assert found.rank.isna().to_dict() == {"A": True, "B": False, "C": False, "D": True, "E": False}


def test_without_a_coverage_the_planner_is_told_that_no_hit_is_not_clearance() -> None:
    config = study(constraints=[{"key": "flom", "reason": "flom", "source": "NVE", "file": "f"}])
    found = evaluate(
        measurements({"A": {}}),
        plots=plots(["A"]),
        config=config,
        constraint_layers={"flom": polygons((500, 0, 510, 10))},
    )
    assert found.verdicts.empty
    assert [each.code for each in config_warnings(config)] == ["scoring.no_coverage"]


def test_a_layer_in_another_coordinate_system_is_refused() -> None:
    config = study(constraints=[{"key": "flom", "reason": "flom", "source": "NVE", "file": "f"}])
    with pytest.raises(ValueError, match="coordinate system"):
        evaluate(
            measurements({"A": {}}),
            plots=plots(["A"]),
            config=config,
            constraint_layers={"flom": polygons((0, 0, 9, 9), crs="EPSG:25833")},
        )


def test_a_measurement_of_other_plots_is_refused() -> None:
    measured = measurements({"A": {}, "B": {}})
    measured["walk_bus"] = measurement(["B", "A"], [1, 2])
    with pytest.raises(ValueError, match="index"):
        evaluate(measured, plots=plots(["A", "B"]), config=study())


def test_every_weight_set_ranks_the_same_plots_its_own_way() -> None:
    config = study(
        {"bus": 60, "grocery": 40},
        constraints=[limit("bus", max=2000)],
        weight_sets=[
            {"name": "Velforeningen", "source": "møte", "weights": {"grocery": 1}},
            {"name": "Brukerrådet", "source": "møte", "weights": {"bus": 3, "grocery": 1}},
        ],
    )
    table = rank_by_weight_set(evaluated(BY_HAND, config), config.weight_sets)
    assert list(table.columns.get_level_values(0).unique()) == ["Velforeningen", "Brukerrådet"]
    first, second = table["Velforeningen"], table["Brukerrådet"]
    assert first["score"].to_dict() == pytest.approx({"A": 50, "B": 100, "C": 0, "D": 50, "E": 100})
    # D's grocery is unknown, and this set asks for nothing else.
    assert first["rank"].dropna().to_dict() == {"B": 1, "A": 2, "C": 3}
    assert first["rank"][["D", "E"]].isna().all()
    assert second["rank"]["D"] == 1
    assert second["score"].to_dict() == pytest.approx(
        {"A": 87.5, "B": 62.5, "C": 0, "D": 87.5, "E": 25}
    )


def test_no_weight_sets_give_an_empty_table_on_the_plots() -> None:
    table = rank_by_weight_set(evaluated(BY_HAND, study()), [])
    assert table.index.tolist() == list("ABCDE")
    assert table.empty


def test_all_faults_of_a_study_file_are_told_at_once() -> None:
    config = study(
        {},
        criteria={"grocry": {"weight": 3}, "doctor": {"anchors": [[0, 1], [math.inf, 0]]}},
        constraints=[
            limit("skole", min=1),
            limit("bus", min=5, max=4),
            {**limit("bus", max=1), "min": math.nan},
        ],
        weight_sets=[
            {"name": "Vel", "source": "s", "weights": {"bus": 0}},
            {"name": "Vel", "source": "s", "weights": {"buss": 1}},
        ],
    )
    with pytest.raises(DataError) as caught:
        evaluated(BY_HAND, config)
    assert [each.code for each in caught.value.notices] == [
        "scoring.unknown_criterion",
        "scoring.unknown_criterion",
        "scoring.unknown_criterion",
        "scoring.bad_anchors",
        "scoring.bad_limits",
        "scoring.bad_limits",
        "scoring.repeated_weight_set",
        "scoring.zero_weights",
        "scoring.zero_weights",
    ]
    assert "Mente du «grocery»?" in str(caught.value)
    for language in LANGUAGES:
        assert all(each.text(language) for each in caught.value.notices)


def test_the_errors_language_is_the_studys() -> None:
    config = StudyConfig.model_validate({**study({}).model_dump(by_alias=True), "language": "en"})
    with pytest.raises(DataError, match="All weights in"):
        evaluated(BY_HAND, config)


def test_a_study_file_in_order_has_no_faults() -> None:
    assert config_faults(study()) == ()
