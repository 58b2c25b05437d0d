import pytest

from scoring_cases import measurement, measurements, plots, study
from tomteanalyse.inputs.study_file import CRITERION_KEYS
from tomteanalyse.scoring import checks, criteria, profiles
from tomteanalyse.scoring.criteria import CRITERIA, Criterion, criteria_in_use, source_text
from tomteanalyse.scoring.evaluation import evaluate
from tomteanalyse.scoring.value_functions import PiecewiseLinear
from tomteanalyse.texts import LANGUAGES, Language, catalog


def test_the_list_has_the_names_everybody_shares() -> None:
    assert {each.key: each.measure for each in CRITERIA} == {
        "bus": "walk_bus",
        "grocery": "walk_grocery",
        "pharmacy": "walk_pharmacy",
        "doctor": "walk_doctor",
        "services": "walk_services",
        "recreation": "walk_recreation",
        "centre": "walk_centre",
        "emergency": "straight_emergency",
        "school": "straight_school",
        "kindergarten": "straight_kindergarten",
        "concentration": "weighted_homes_500_to_be",
        "municipal_share": "share_100_walk_to_be",
        "shortcuts": "shortcut_index",
    }


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("criterion", CRITERIA, ids=lambda each: each.key)
def test_every_criterion_has_its_texts(criterion: Criterion, language: Language) -> None:
    say = catalog(language)
    for part in ("name", "short", "unit"):
        assert say(f"criterion.{criterion.key}.{part}").strip()
    assert source_text(criterion.source, say) != criterion.source


@pytest.mark.parametrize("criterion", CRITERIA, ids=lambda each: each.key)
def test_default_anchors_are_judgements_that_nobody_has_decided(criterion: Criterion) -> None:
    assert criterion.decision is None
    assert "skjønn (normativt)" in source_text(criterion.source, catalog("nb"))


def test_only_being_near_school_kindergarten_station_or_many_homes_counts_against_a_plot() -> None:
    near_is_bad = {each.key for each in CRITERIA if each.value([0.0])[0] < each.value([500.0])[0]}
    assert near_is_bad == {"emergency", "school", "kindergarten"}
    homes = next(each for each in CRITERIA if each.unit == "weighted_homes")
    assert homes.value([0, 136]).tolist() == [1.0, 0.0]


def test_a_study_file_replaces_anchors_with_source_and_decision() -> None:
    config = study(
        criteria={
            "bus": {"anchors": [[100, 1], [600, 0]], "source": "Temaplan", "decision": "12/25"}
        }
    )
    bus, grocery = criteria_in_use(config)[:2]
    assert (bus.value.anchors, bus.source, bus.decision) == (
        ((100, 1), (600, 0)),
        "Temaplan",
        "12/25",
    )
    assert grocery == CRITERIA[1]


def test_a_weight_of_its_own_does_not_claim_the_default_anchors() -> None:
    config = study(criteria={"bus": {"weight": 30, "source": "Temaplan", "decision": "12/25"}})
    assert criteria_in_use(config)[0] == CRITERIA[0]


def test_a_source_alone_adopts_the_default_anchors() -> None:
    config = study(criteria={"bus": {"source": "Temaplan", "decision": "12/25"}})
    bus = criteria_in_use(config)[0]
    assert (bus.value, bus.source, bus.decision) == (CRITERIA[0].value, "Temaplan", "12/25")


def test_words_of_the_study_file_are_not_taken_for_a_text_key() -> None:
    assert source_text("number.unknown", catalog("nb")) == "number.unknown"
    assert source_text("source.of.our.own", catalog("nb")) == "source.of.our.own"


def test_adding_a_criterion_is_one_declaration(monkeypatch: pytest.MonkeyPatch) -> None:
    value = PiecewiseLinear(((0, 1), (1000, 0)))
    library = Criterion("library", "walk_library", "m", value, "source.anchors.judgement")
    for module in (criteria, profiles):
        monkeypatch.setattr(module, "CRITERIA", (*CRITERIA, library))
    monkeypatch.setattr(checks, "KEYS", (*checks.KEYS, "library"))
    measured = measurements({"A": {}, "B": {}})
    measured["walk_library"] = measurement(["A", "B"], [250, 500])
    unweighted = evaluate(measured, plots=plots(["A", "B"]), config=study())
    assert unweighted.value["library"].tolist() == [0.75, 0.5]
    assert unweighted.weights["library"] == 0
    config = study({}, criteria={"library": {"weight": 100}})
    assert evaluate(measured, plots=plots(["A", "B"]), config=config).score.tolist() == [75, 50]


def test_a_study_file_may_name_exactly_the_criteria_on_the_list() -> None:
    """The inputs may not import the scoring, and so keep the names a second time."""
    assert tuple(criterion.key for criterion in CRITERIA) == CRITERION_KEYS
