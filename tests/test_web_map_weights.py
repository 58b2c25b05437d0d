"""The sliders and what follows them, used as a planner uses them."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import numpy as np
import pytest
from playwright.sync_api import Browser, expect

from browsing import IN_A_BROWSER, Opened, move, opened, rows
from fabricated import fabricated_assessment
from scoring_cases import KEYS
from tomteanalyse.assessment import Assessment
from tomteanalyse.config import WeightSetConfig
from tomteanalyse.scoring.evaluation import Evaluation, ranking_order
from tomteanalyse.scoring.profiles import profile
from tomteanalyse.texts import catalog
from tomteanalyse.views.web_map import build_map, page
from weighed import evaluated, random_swings, weighed_assessment

pytestmark = IN_A_BROWSER
NB = catalog("nb")


@pytest.fixture(scope="module")
def assessment() -> Assessment:
    return weighed_assessment(40)


@pytest.fixture(scope="module")
def html(assessment: Assessment) -> str:
    return page(build_map(assessment, language="nb"))


@pytest.fixture
def shown(browser: Browser, folder: Path, html: str) -> Iterator[Opened]:
    seen = opened(browser, folder, html)
    yield seen
    assert seen.spotless()
    seen.tab.context.close()


def expected_rows(assessment: Assessment, evaluation: Evaluation) -> list[list[str]]:
    names = assessment.study.plots["name"]
    order = ranking_order(evaluation)
    return [
        [
            "–" if evaluation.rank.isna()[each] else str(evaluation.rank[each]),
            "–" if evaluation.grade.isna()[each] else evaluation.grade[each],
            names[each],
            NB.number(float(evaluation.score[each]), decimals=1),
        ]
        for each in order
    ]


def test_sliders_rank_and_grade_as_python_does(shown: Opened, assessment: Assessment) -> None:
    rng = np.random.default_rng(11)
    assert [row[:4] for row in rows(shown.tab)] == expected_rows(assessment, assessment.evaluation)
    for _ in range(4):
        swings = random_swings(rng)
        move(shown.tab, swings)
        expected = expected_rows(assessment, evaluated(assessment, swings))
        assert [row[:4] for row in rows(shown.tab)] == expected


def test_map_badges_and_labels_follow_the_sliders(shown: Opened, assessment: Assessment) -> None:
    swings = dict.fromkeys(KEYS, 0.0) | {"doctor": 100.0, "recreation": 55.0}
    move(shown.tab, swings)
    found = evaluated(assessment, swings)
    ranked = found.rank.dropna()
    expected = sorted(f"{found.grade[each]}{rank}" for each, rank in ranked.items())
    badges = shown.tab.locator(".badge:has(.badge-rank)").evaluate_all(
        "all => all.map((each) => each.querySelector('.grade').textContent"
        " + each.querySelector('.badge-rank').textContent)"
    )
    assert sorted(badges) == expected
    best = ranking_order(found)[0]
    label = shown.tab.locator("path.plot").nth(shown.number_of(best)).get_attribute("aria-label")
    name = assessment.study.plots["name"][best]
    assert label.startswith(f"{name}, klasse {found.grade[best]}, Plass 1 av {len(ranked)}")


def test_a_banner_stands_as_long_as_the_weights_differ_and_takes_one_back(
    shown: Opened, assessment: Assessment
) -> None:
    tab = shown.tab
    banner = tab.locator("#deviates")
    assert banner.is_hidden()
    tab.locator("#weights summary").click()
    slider = tab.locator("#weight-0")
    slider.focus()
    tab.keyboard.press("Home")
    expect(banner).to_be_visible()
    assert "Avviker fra vedtatte vekter" in banner.text_content()
    assert "forslag" in banner.text_content()
    assert slider.get_attribute("aria-valuetext").startswith("0 poeng, 0")
    assert tab.locator("th.at-best .head-note").text_content() == "studiens vekter"
    tab.locator("tbody .pick").first.click()
    assert "studiens vekter" in tab.locator(".card-score").text_content()
    tab.locator("#back").click()
    assert banner.is_hidden()
    assert slider.input_value() == "100"
    assert tab.locator("th.at-best .head-note").text_content() == ""
    assert "studiens vekter" not in tab.locator(".card-score").text_content()
    assert [row[:4] for row in rows(tab)] == expected_rows(assessment, assessment.evaluation)


def test_moving_a_slider_back_by_hand_is_not_a_difference(shown: Opened) -> None:
    tab = shown.tab
    tab.locator("#weights summary").click()
    tab.locator("#weight-0").focus()
    tab.keyboard.press("ArrowLeft")
    expect(tab.locator("#deviates")).to_be_visible()
    tab.keyboard.press("ArrowRight")
    expect(tab.locator("#deviates")).to_be_hidden()


def test_without_any_weight_the_page_says_so_and_keeps_the_ranking(shown: Opened) -> None:
    tab = shown.tab
    tab.locator("#weights summary").click()
    one = dict.fromkeys(KEYS, 0.0) | {"bus": 40.0}
    move(tab, one)
    before = rows(tab)
    move(tab, dict.fromkeys(KEYS, 0.0))
    assert "Minst ett kriterium" in tab.locator(".fault").text_content()
    assert rows(tab) == before
    move(tab, one | {"grocery": 10.0})
    assert tab.locator(".fault").text_content() == ""


def test_profiles_and_weight_sets_of_the_study_are_a_button_away(
    browser: Browser, folder: Path, assessment: Assessment
) -> None:
    sets = [WeightSetConfig(name="Velet", source="oppdiktet", weights={"bus": 1, "school": 4})]
    config = assessment.study.config.model_copy(update={"weight_sets": sets})
    made = replace(assessment, study=replace(assessment.study, config=config))
    seen = opened(browser, folder, page(build_map(made, language="nb")))
    tab = seen.tab
    tab.locator("#weights summary").click()
    tab.get_by_role("button", name="Velet").click()
    velet = dict.fromkeys(KEYS, 0.0) | {"bus": 25.0, "school": 100.0}
    assert [row[:4] for row in rows(tab)] == expected_rows(made, evaluated(made, velet))
    assert tab.get_by_role("button", name="Velet").get_attribute("aria-pressed") == "true"
    tab.locator("#profiles").select_option(
        label="trinn 2: ordinære boliger med jevnlig oppfølging, ordinær bolig"
    )
    # The study names no dwellings.
    of_step = profile(2, "ordinaer_bolig", with_dwellings=False)
    second = {key: swing.points for key, swing in of_step.swings.items()}
    assert [row[:4] for row in rows(tab)] == expected_rows(made, evaluated(made, second))
    tab.locator("#weights").get_by_role("button", name="Studiens vekter").click()
    expect(tab.locator("#deviates")).to_be_hidden()
    assert seen.spotless()
    tab.context.close()


def test_the_address_restores_weights_plot_comparison_sorting_and_filter(
    browser: Browser, folder: Path, html: str, assessment: Assessment
) -> None:
    first = opened(browser, folder, html)
    tab = first.tab
    swings = random_swings(np.random.default_rng(3))
    move(tab, swings)
    tab.locator("th.at-score .sort").click()
    tab.locator("#filter").select_option("unknown")
    tab.locator("tbody .pick").nth(1).click()
    tab.locator("#compare").select_option(index=4)
    expect(tab.locator(".compare")).to_be_visible()
    expect(tab).to_have_url(re.compile("mot="))
    fragment = tab.evaluate("location.hash.slice(1)")
    heading, listed = tab.locator("#card-name").text_content(), rows(tab)
    assert first.spotless()
    tab.context.close()
    again = opened(browser, folder, html, fragment=fragment)
    tab = again.tab
    assert tab.locator("#card-name").text_content() == heading
    assert rows(tab) == listed
    assert tab.locator("#filter").input_value() == "unknown"
    assert tab.locator("th.at-score").get_attribute("aria-sort") == "descending"
    expect(tab.locator("#deviates")).to_be_visible()
    tab.evaluate("location.hash = ''")
    expect(tab.locator("#deviates")).to_be_hidden()
    expect(tab.locator("#card")).to_be_hidden()
    assert [row[:4] for row in rows(tab)] == expected_rows(assessment, assessment.evaluation)
    assert again.spotless()
    tab.context.close()


@pytest.mark.parametrize(
    "fragment",
    [
        "vekter=bus-0",
        "vekter=" + "*".join(f"{key}-0" for key in KEYS),
        "vekter=bus-1e9*grocery-NaN*x-5*-*__proto__-3&tomt=__proto__&mot=constructor",
        "sorter=__proto__-stigende&vis=<img>&tomt=&mot=T01",
        "%E0%A4%A",
        "ranking",
    ],
)
def test_an_address_nobody_wrote_opens_the_page_all_the_same(
    browser: Browser, folder: Path, html: str, fragment: str
) -> None:
    seen = opened(browser, folder, html, fragment=quote(fragment, safe="=&*-%"))
    assert len(rows(seen.tab)) == 40
    assert seen.tab.locator("#card").is_hidden()
    assert seen.spotless()
    seen.tab.context.close()


def test_an_open_card_follows_the_weights_and_keeps_what_was_unfolded(
    shown: Opened, assessment: Assessment
) -> None:
    tab = shown.tab
    tab.locator("tbody .pick").first.click()
    name = tab.locator("#card-name").text_content()
    tab.locator(".changes summary").first.click()
    swings = random_swings(np.random.default_rng(8))
    move(tab, swings)
    found = evaluated(assessment, swings)
    names = assessment.study.plots["name"]
    plot_id = names.index[names == name][0]
    assert tab.locator("#card-name").text_content() == name
    assert tab.locator(".card .score b").text_content() == NB.number(
        float(found.score[plot_id]), decimals=1
    )
    assert tab.locator(".changes details").first.get_attribute("open") is not None
    total = sum(
        float(each.replace(",", "."))
        for each in tab.locator(".measure-points b").all_text_contents()
    )
    assert total == pytest.approx(found.score[plot_id], abs=0.06)


@pytest.mark.parametrize(("language", "above"), [("nn", "Samanlikn med"), ("en", "Compare with")])
def test_another_language_keeps_weights_and_plot_and_says_all_of_it(
    shown: Opened, language: str, above: str
) -> None:
    tab = shown.tab
    move(tab, dict.fromkeys(KEYS, 0.0) | {"bus": 30.0, "doctor": 100.0})
    tab.locator("tbody .pick").nth(1).click()
    tab.locator("#weights summary").click()
    order = [row[2] for row in rows(tab)]
    tab.locator("#language").select_option(language)
    say = catalog(language)
    assert [row[2] for row in rows(tab)] == order
    assert above in tab.locator("#card").text_content()
    assert tab.locator("#deviates strong").text_content() == say("map.weights.deviates")
    assert tab.locator("#weights summary").text_content() == say("map.weights.heading")
    assert tab.locator("th.at-score .sort").text_content() == say("map.table.score")
    labels = tab.locator(".sliders label").all_text_contents()
    assert labels == [say(f"criterion.{key}.short") for key in KEYS]
    assert tab.locator(".changes h3").text_content() == say("map.card.changes")
    assert tab.locator(".card-heading h3").text_content() == say("map.card.criteria")


def test_where_only_the_best_are_on_the_page_the_banner_says_who_takes_part(
    browser: Browser, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tomteanalyse.views.web_map import payload

    monkeypatch.setattr(payload, "MOST_IN_FULL", 20)
    monkeypatch.setattr(payload, "LEADING", 15)
    seen = opened(browser, folder, page(build_map(fabricated_assessment(n=24), language="nb")))
    tab = seen.tab
    assert tab.locator("#count").text_content().startswith("De 15 beste av 24 tomter")
    tab.locator("tbody .pick").nth(1).click()
    assert tab.locator(".card-place").text_content() == "Plass 2 av 22"
    assert "blant tomtene på denne siden" in tab.locator(".changes").text_content()
    move(tab, {f"any{c}": 100.0 - 9 * c for c in range(11)})
    assert "Bare de 15 tomtene på siden" in tab.locator("#deviates").text_content()
    assert tab.locator(".card-place").text_content().endswith(" av 15")
    assert seen.spotless()
    tab.context.close()


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (1280, 720), (1024, 768)])
def test_sliders_card_and_ranking_are_seen_at_once(
    browser: Browser, folder: Path, html: str, width: int, height: int
) -> None:
    seen = opened(browser, folder, html, width=width, height=height)
    tab = seen.tab
    tab.locator("#weights summary").click()
    sliders = tab.locator(".weights-body").bounding_box()
    area = tab.locator("#map-area").bounding_box()
    assert sliders["x"] >= area["x"]
    assert sliders["x"] + sliders["width"] < area["x"] + area["width"]
    assert sliders["y"] + sliders["height"] <= height
    third = tab.locator("tbody tr").nth(2).bounding_box()
    assert third["y"] + third["height"] < height
    for plot in tab.locator("path.plot").all():  # no plot lies under the sliders
        assert plot.bounding_box()["x"] > sliders["x"] + sliders["width"]
    tab.locator("tbody .pick").first.click()
    card = tab.locator("#card").bounding_box()
    assert card["x"] > sliders["x"] + sliders["width"]
    assert card["x"] + card["width"] <= area["x"] + area["width"]
    legend = tab.locator(".corner").bounding_box()
    assert legend is None or legend["x"] > card["x"] + card["width"]
    tab.locator("#compare").select_option(index=3)
    assert tab.locator("#card").bounding_box()["x"] >= area["x"]
    legend, card = tab.locator(".corner").bounding_box(), tab.locator("#card").bounding_box()
    assert card["x"] + card["width"] <= area["x"] + area["width"]
    assert legend is None or legend["x"] > card["x"] + card["width"]
    tab.locator("#card .close").click()
    tab.locator("#weight-0").focus()
    tab.keyboard.press("Escape")
    assert tab.locator(".weights-body").is_hidden()
    assert tab.evaluate("document.activeElement.tagName") == "SUMMARY"
    assert tab.locator("#card").is_visible()
    assert seen.spotless()
    tab.context.close()
