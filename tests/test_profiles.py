import math
from typing import get_args

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring_cases import KEYS, study
from tomteanalyse.config import DwellingsConfig, HousingForm, Step
from tomteanalyse.scoring.checks import config_warnings
from tomteanalyse.scoring.profiles import profile, shares, swings_in_use
from tomteanalyse.texts import LANGUAGES, catalog

COMBINATIONS = [(step, form) for step in get_args(Step) for form in get_args(HousingForm)]
every_combination = pytest.mark.parametrize(("step", "form"), COMBINATIONS)


@every_combination
def test_the_most_important_swing_of_every_profile_has_100_points(
    step: Step, form: HousingForm
) -> None:
    swings = profile(step, form).swings
    assert list(swings) == KEYS
    assert max(each.points for each in swings.values()) == 100


@every_combination
def test_every_weight_says_in_every_language_where_it_comes_from(
    step: Step, form: HousingForm
) -> None:
    for swing in profile(step, form).swings.values():
        assert all(swing.source in catalog(language) for language in LANGUAGES)
        asked = swing.source != "source.weight.unasked"
        assert asked == (swing.points > 0)


@every_combination
def test_what_is_drawn_from_single_cases_counts_only_where_asked_and_says_so(
    step: Step, form: HousingForm
) -> None:
    swings = profile(step, form).swings
    assert (swings["school"].points > 0) == (step >= 4 or form == "smaahus")
    assert (swings["kindergarten"].points > 0) == (step >= 4)
    assert (swings["emergency"].points > 0) == (step == 5 or form == "tun_med_base")
    for key in ("school", "emergency"):
        if swings[key].points > 0:
            assert "enkelttilfelle" in catalog("nb")(swings[key].source)
            assert "single case" in catalog("en")(swings[key].source)


def test_the_lower_steps_ask_for_spread_and_the_higher_for_shop_and_bus() -> None:
    for step in (1, 2):
        swings = profile(step, "ordinaer_bolig").swings
        assert all(
            swings["concentration"].points > swings[key].points for key in ("bus", "grocery")
        )
    for step in (3, 4):
        swings = profile(step, "firemannsbolig").swings
        assert all(
            swings["concentration"].points < swings[key].points for key in ("bus", "grocery")
        )


def test_the_form_of_housing_can_only_add_to_what_the_step_asks_for() -> None:
    for step, form in COMBINATIONS:
        plain = profile(step, "ordinaer_bolig").swings
        assert all(
            each.points >= plain[key].points for key, each in profile(step, form).swings.items()
        )
    assert profile(1, "modulhus").swings["bus"].points == 100


def test_a_combination_the_sources_do_not_describe_is_used_with_a_warning() -> None:
    odd = study(profile={"step": 1, "housing_form": "tun_med_base"})
    assert [each.code for each in config_warnings(odd)] == ["profile.not_described"]
    assert "tun med base" in config_warnings(odd)[0].text("nb")
    assert config_warnings(study(profile={"step": 4, "housing_form": "modulhus"})) == ()


def test_a_weight_of_the_study_file_brings_its_source_and_decision() -> None:
    config = study(criteria={"bus": {"weight": 30, "source": "Temaplan", "decision": "12/25"}})
    table = swings_in_use(config)
    assert table.loc["bus"].tolist() == [30.0, "Temaplan", "12/25"]
    assert table.loc["grocery", "swing"] == 100
    assert table["decision"].drop("bus").isna().all()


def test_anchors_of_the_study_file_do_not_claim_the_default_weight() -> None:
    config = study(criteria={"bus": {"anchors": [[1, 1], [2, 0]], "decision": "12/25"}})
    table = swings_in_use(config)
    assert table.loc["bus", "source"] == "source.weight.shop_and_bus"
    assert pd.isna(table.loc["bus", "decision"])


@pytest.mark.parametrize("weight", [0.25, 2])
def test_a_weight_on_another_scale_than_the_profiles_is_pointed_out(weight: float) -> None:
    mixed = study(criteria={"bus": {"weight": weight}})
    (warning,) = config_warnings(mixed)
    assert warning.code == "scoring.slight_weight"
    for language in LANGUAGES:
        assert "bus" in warning.text(language)


@pytest.mark.parametrize("weights", [{"bus": 0.25, "grocery": 0.75}, {"bus": 2, "school": 1}])
def test_weights_that_are_all_the_study_files_own_may_be_on_any_scale(
    weights: dict[str, float],
) -> None:
    assert config_warnings(study(weights)) == ()


@pytest.mark.parametrize("weight", [0, 10, 80])
def test_a_weight_on_the_profiles_scale_is_taken_as_it_is(weight: float) -> None:
    assert config_warnings(study(criteria={"bus": {"weight": weight}})) == ()


@given(st.dictionaries(st.sampled_from(KEYS), st.floats(0, 1e6), min_size=1))
def test_weights_sum_to_exactly_1_in_any_order(points: dict[str, float]) -> None:
    swing = pd.Series(points)
    if swing.max() <= 0:
        with pytest.raises(ValueError, match="above 0"):
            shares(swing)
        return
    weights = shares(swing)
    assert (
        sum(weights) == sum(reversed(weights.tolist())) == math.fsum(weights) == weights.sum() == 1
    )
    assert weights[swing == 0].eq(0).all()
    assert weights.to_numpy() == pytest.approx((swing / swing.sum()).to_numpy(), abs=1e-10)


def test_a_share_of_dwellings_weighs_only_where_the_study_names_dwellings() -> None:
    swings = profile(2, "ordinaer_bolig").swings
    assert swings["municipal_share"].points > 0
    bare = profile(2, "ordinaer_bolig", with_dwellings=False).swings
    assert bare["municipal_share"].points == 0
    assert {**bare, "municipal_share": swings["municipal_share"]} == swings
    named = study(profile={"step": 2, "housing_form": "ordinaer_bolig"})
    assert swings_in_use(named)["swing"]["municipal_share"] == 0
    assert swings_in_use(named)["source"]["municipal_share"] == "source.weight.no_dwellings"
    asked = named.model_copy(update={"dwellings": DwellingsConfig(source="buildings")})
    assert swings_in_use(asked)["swing"]["municipal_share"] == 60
