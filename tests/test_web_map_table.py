"""The table, the card and the comparison, used as a planner uses them."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from browsing import IN_A_BROWSER, Opened, move, opened, rows
from fabricated import fabricated_assessment
from tomteanalyse.assessment import Assessment
from tomteanalyse.scoring.comparison_text import comparison_text
from tomteanalyse.scoring.evaluation import ranking_order
from tomteanalyse.scoring.explanation import compare
from tomteanalyse.scoring.wording import Words
from tomteanalyse.texts import catalog
from tomteanalyse.views.web_map import build_map, page
from weighed import weighed_assessment

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
    # On paper the first 200, and where the others are.
    seen.tab.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert seen.tab.locator("tbody .pick").count() == 200
    last = seen.tab.locator("tbody tr").last.text_content()
    assert last == "De 200 beste av 300 tomter. De andre står i rangering.xlsx."
    seen.tab.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert seen.tab.locator("tbody .pick").count() < 80
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


def test_both_compared_plots_are_seen_beside_their_comparison(shown: Opened) -> None:
    tab = shown.tab
    tab.locator("tbody .pick").nth(3).click()
    for other in (5, 20, 35):
        tab.locator("#compare").select_option(index=other)
        card = tab.locator("#card").bounding_box()
        chosen = tab.locator("path.plot-chosen")
        assert chosen.count() == 2
        for number in range(2):
            box = chosen.nth(number).bounding_box()
            assert box["x"] > card["x"] + card["width"]
        tab.keyboard.press("Escape")


def test_with_the_keyboard_alone_every_plot_is_reached_read_and_left_and_the_table_sorted(
    browser: Browser, folder: Path
) -> None:
    seen = opened(browser, folder, page(build_map(fabricated_assessment(), language="nb")))
    tab = seen.tab
    tab.keyboard.press("Tab")
    tab.keyboard.press("Enter")  # past the map, to the ranking
    reached: list[str] = []
    sorted_by: list[str] = []
    for _ in range(60):
        tab.keyboard.press("Tab")
        kind, text = tab.evaluate(
            "[document.activeElement.className, document.activeElement.textContent]"
        )
        if kind == "sort":
            tab.keyboard.press("Enter")
            sorted_by.append(tab.locator("thead th:not([aria-sort=none])").get_attribute("class"))
        elif "pick" in kind:
            tab.keyboard.press("Enter")
            assert tab.locator("#card-name").text_content() == text
            assert tab.evaluate("document.activeElement.id") == "card-name"
            tab.keyboard.press("Escape")
            assert tab.evaluate("document.activeElement.textContent") == text
            reached.append(text)
        if len(reached) == 12:
            break
    assert sorted_by == ["at-rank", "at-grade", "at-plot", "at-score", "at-best"]
    assert sorted(reached) == sorted(fabricated_assessment().study.plots["name"])
    assert seen.spotless()
    tab.context.close()


def test_ids_that_name_javascripts_own_properties_are_chosen_compared_and_remembered(
    browser: Browser, folder: Path
) -> None:
    ids = ["__proto__", "constructor", "toString", "hasOwnProperty"]
    html = page(build_map(fabricated_assessment(ids, plot_ids=ids), language="nb"))
    seen = opened(browser, folder, html, fragment="tomt=__proto__&mot=constructor")
    tab = seen.tab
    heading = tab.locator("#card-name").text_content()
    assert set(heading.split(" sammenlignet med ")) == {"__proto__", "constructor"}
    move(tab, {f"any{c}": 10.0 * c for c in range(11)})
    assert set(ids) <= {row[2] for row in rows(tab)}
    assert tab.evaluate("Object.keys(Object.prototype).length") == 0
    assert seen.spotless()
    tab.context.close()


def test_the_table_says_the_interval_that_it_draws(shown: Opened, assessment: Assessment) -> None:
    found = assessment.evaluation
    cells = shown.tab.locator("tbody td.at-score")
    for number, plot_id in list(enumerate(ranking_order(found)))[:6]:
        low, high = (
            NB.number(float(each[plot_id]), decimals=1)
            for each in (found.score_low, found.score_high)
        )
        said = cells.nth(number).locator(".unseen").text_content()
        assert said == NB("map.card.interval", low=low, high=high)
        bar = cells.nth(number).locator(".bar-range").get_attribute("style")
        left, width = (float(each) for each in re.findall(r"([\d.]+)%", bar))
        assert left == pytest.approx(found.score_low[plot_id], abs=0.01)
        assert left + width == pytest.approx(found.score_high[plot_id], abs=0.02)
