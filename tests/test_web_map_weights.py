"""The sliders, the table, the card and the comparison, used as a planner uses them."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect

from browsing import IN_A_BROWSER, Opened, opened
from fabricated import fabricated_assessment
from scoring_cases import KEYS
from tomteanalyse.assessment import Assessment
from tomteanalyse.config import WeightSetConfig
from tomteanalyse.scoring.comparison_text import comparison_text
from tomteanalyse.scoring.evaluation import Evaluation, ranking_order
from tomteanalyse.scoring.explanation import compare
from tomteanalyse.scoring.profiles import profile
from tomteanalyse.scoring.wording import Words
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


def move(tab: Page, swings: dict[str, float]) -> None:
    """Move every slider, as dragging them would, and let the page draw."""
    tab.evaluate(
        """async (swings) => {
          swings.forEach((swing, c) => {
            const slider = document.getElementById(`weight-${c}`);
            slider.value = swing;
            slider.dispatchEvent(new Event("input", { bubbles: true }));
          });
          for (let i = 0; i < 2; i += 1) await new Promise(requestAnimationFrame);
        }""",
        list(swings.values()),
    )


def rows(tab: Page) -> list[list[str]]:
    """Return rank, class, name, score and share of every row that is shown."""
    return tab.locator("tbody tr:not(.gap)").evaluate_all(
        """all => all.map((row) => [
          row.querySelector(".at-rank").textContent,
          row.querySelector(".grade").textContent,
          row.querySelector(".pick").textContent,
          row.querySelector(".figure").textContent,
          row.querySelector(".at-best").textContent,
        ])"""
    )


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
    second = {key: swing.points for key, swing in profile(2, "ordinaer_bolig").swings.items()}
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


@pytest.mark.parametrize(
    ("column", "first", "key"),
    [
        ("rank", "ascending", lambda row: int(row[0]) if row[0] != "–" else 99),
        ("grade", "ascending", lambda row: row[1] if row[1] != "–" else "F"),
        ("score", "descending", lambda row: float(row[3].replace(",", "."))),
    ],
)
def test_every_column_sorts_both_ways_by_its_button(
    shown: Opened, column: str, first: str, key: Any
) -> None:
    tab = shown.tab
    button, cell = tab.locator(f"th.at-{column} .sort"), tab.locator(f"th.at-{column}")
    if column != "rank":
        button.focus()
        tab.keyboard.press("Enter")
    assert cell.get_attribute("aria-sort") == first
    values = [key(row) for row in rows(tab)]
    assert values == sorted(values, reverse=first == "descending")
    button.focus()
    tab.keyboard.press("Enter")
    other = {"ascending": "descending", "descending": "ascending"}[first]
    assert cell.get_attribute("aria-sort") == other
    values = [key(row) for row in rows(tab)]
    assert values == sorted(values, reverse=other == "descending")
    assert tab.locator("th[aria-sort=none]").count() == 4
    assert "Sortert etter" in tab.locator("#announce").text_content()


def test_names_sort_as_norwegian_does(browser: Browser, folder: Path) -> None:
    names = ["Ås", "Ærfugl", "Ørn", "Zoo", "Tomt 10", "Tomt 9"]
    html = page(build_map(fabricated_assessment(names), language="nb"))
    seen = opened(browser, folder, html)
    seen.tab.locator("th.at-plot .sort").click()
    order = [row[2] for row in rows(seen.tab) if row[2] in names]
    assert order == ["Tomt 9", "Tomt 10", "Zoo", "Ærfugl", "Ørn", "Ås"]
    seen.tab.context.close()


def test_the_filter_shows_those_with_the_flag_and_counts_them(
    shown: Opened, assessment: Assessment
) -> None:
    tab = shown.tab
    out = assessment.evaluation.knocked_out
    tab.locator("#filter").select_option("knock_out")
    names = assessment.study.plots["name"]
    assert {row[2] for row in rows(tab)} == set(names[out])
    option = tab.locator("#filter option[value=knock_out]").text_content()
    assert option == f"stoppkriterium ({out.sum()})"
    assert tab.locator("#table").get_attribute("aria-rowcount") == str(out.sum() + 1)
    assert f"{out.sum()} av 40 tomter" in tab.locator("#announce").text_content()


def test_arrow_keys_walk_the_table_and_enter_opens_the_card(shown: Opened) -> None:
    tab = shown.tab
    names = [row[2] for row in rows(tab)]
    tab.locator("tbody .pick").first.focus()
    focused = "document.activeElement.textContent"
    for key, at in (("ArrowDown", 1), ("End", 39), ("ArrowUp", 38), ("Home", 0), ("PageDown", 10)):
        tab.keyboard.press(key)
        assert tab.evaluate(focused) == names[at]
    tab.keyboard.press("Enter")
    assert tab.locator("#card-name").text_content() == names[10]
    tab.keyboard.press("Escape")
    assert tab.locator("#card").is_hidden()
    assert tab.evaluate(focused) == names[10]


def test_a_table_of_thousands_holds_few_rows_and_every_plot_is_reached_by_keyboard(
    browser: Browser, folder: Path
) -> None:
    made = fabricated_assessment(n=1_200)
    seen = opened(browser, folder, page(build_map(made, language="nb")))
    tab = seen.tab
    order = json.loads(split_data(seen.html))["plots"]["names"]
    table = tab.locator("#table")
    assert table.get_attribute("aria-rowcount") == "1201"
    assert tab.locator("tbody tr").count() < 80
    tab.locator("tbody .pick").first.focus()
    focused = "document.activeElement.textContent"
    for at in range(1, 40):  # past the rows that are there at the start
        tab.keyboard.press("ArrowDown")
        assert tab.evaluate(focused) == order[at]
    tab.keyboard.press("Tab")
    assert tab.evaluate(focused) == order[40]
    tab.keyboard.press("End")
    assert tab.evaluate(focused) == order[-1]
    row = tab.locator("tbody tr", has=tab.locator(":focus"))
    assert row.get_attribute("aria-rowindex") == "1201"
    tab.keyboard.press("Enter")
    assert tab.locator("#card-name").text_content() == order[-1]
    assert tab.locator("tbody tr").count() < 80
    # Scrolled away, the row with the focus is still there.
    tab.keyboard.press("Escape")
    tab.locator("#ranking").evaluate("each => { each.scrollTop = 0; }")
    expect(tab.locator('tbody tr[aria-rowindex="2"]')).to_be_visible()
    assert tab.evaluate(focused) == order[-1]
    assert seen.spotless()
    tab.context.close()


def split_data(html: str) -> str:
    found = re.search(r'id="assessment">(.*?)</script>', html, re.DOTALL)
    assert found
    return found[1]


def test_rows_of_a_long_table_have_the_height_that_is_reckoned_with(
    browser: Browser, folder: Path
) -> None:
    long = "Et svært langt navn på en tomt som aldri får plass på én linje i tabellen"
    made = fabricated_assessment([long] * 30, n=300)
    seen = opened(browser, folder, page(build_map(made, language="nb")))
    heights = seen.tab.locator("tbody tr:not(.gap)").evaluate_all(
        "all => all.map((each) => each.getBoundingClientRect().height)"
    )
    assert set(heights) == {54}
    seen.tab.context.close()


def test_two_plots_are_compared_in_the_words_of_the_comparison(
    shown: Opened, assessment: Assessment
) -> None:
    tab = shown.tab
    tab.locator("tbody .pick").nth(3).click()
    tab.locator("#compare").focus()
    tab.locator("#compare").select_option(index=8)
    assert tab.evaluate("document.activeElement.id") == "card-name"
    ids = ranking_order(assessment.evaluation)
    compared = compare(
        assessment.evaluation,
        assessment.robustness,
        ids[3],
        ids[8],
        measurements=assessment.measurements,
    )
    names = assessment.study.plots["name"].to_dict()
    places = assessment.amenities["name"].dropna().to_dict()
    written = comparison_text(compared, Words(NB, names, places))
    lines = [line.strip(" ") for line in written.split("\n") if line]
    said = tab.locator("#card-name, .compare-line, .compare h3").all_text_contents()
    assert sorted(said) == sorted(lines)
    assert tab.locator("tr.chosen .pick").text_content() == names[ids[3]]
    assert tab.locator("tr.compared .pick").text_content() == names[ids[8]]
    tab.keyboard.press("Escape")
    assert tab.locator("#card-name").text_content() == names[ids[3]]
    tab.keyboard.press("Escape")
    assert tab.locator("#card").is_hidden()


def test_the_card_tells_points_value_source_and_what_would_change_the_rank(
    shown: Opened, assessment: Assessment
) -> None:
    tab, found = shown.tab, assessment.evaluation
    plot_id = ranking_order(found)[2]
    tab.locator("tbody .pick").nth(2).click()
    measures = tab.locator(".measures > li")
    for number, criterion in enumerate(found.criteria):
        told = measures.nth(number)
        assert NB(f"criterion.{criterion.key}.name") in told.text_content()
        if found.weights[criterion.key] == 0:
            assert "Teller ikke" in told.text_content()
            continue
        points = NB.number(float(found.points[criterion.key][plot_id]), decimals=2)
        assert told.locator(".measure-points b").text_content() == points
        told.locator("summary").click()
        rule = told.locator(".rule").text_content()
        assert "Ankre: " in rule
        assert "ikke vedtatt" in rule
    changes = tab.locator(".changes")
    assert changes.locator("details").count() >= 2
    assert "ville tomta nådd igjen" in changes.text_content()
    assert "ville tomta falt ned til" in changes.text_content()


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
