"""Unsafe shortcuts on the page: what is drawn and said of a chosen plot or crossing place."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from playwright.sync_api import Browser, Locator

from browsing import IN_A_BROWSER, Opened, opened
from fabricated import fabricated_assessment
from test_web_map_shortcuts import with_findings, without_findings
from tomteanalyse.assessment import Assessment
from tomteanalyse.scoring.shortcut_rows import lines_by_place, met_by_pair, rows_of
from tomteanalyse.scoring.shortcut_text import destination_names, pair_sentence, place_sentence
from tomteanalyse.scoring.wording import Words
from tomteanalyse.texts import Language, catalog
from tomteanalyse.views.web_map import build_map, page

pytestmark = IN_A_BROWSER
FIRST, SECOND, QUIET = "Møllehagen", "Gamle sagbruket", "Nordre jorde"
HOSTILE = "<img src=x onerror=alert(1)> </script> ${alert(1)} `{place}` {barrier} $& \\u003c"


@pytest.fixture(scope="module")
def html() -> str:
    return page(build_map(fabricated_assessment(), language="nb"))


@pytest.fixture
def shown(browser: Browser, folder: Path, html: str) -> Iterator[Opened]:
    seen = opened(browser, folder, html)
    yield seen
    assert seen.spotless()
    seen.tab.context.close()


def choose(seen: Opened, name: str) -> None:
    seen.row(name).get_by_role("button", name=name).click()


def ways(seen: Opened, kind: str) -> Locator:
    return seen.tab.locator(f"path.way-{kind}")


def symbol(seen: Opened, number: int) -> Locator:
    return seen.tab.locator(f'.crossing-button[data-place="{number}"]:visible')


def sentences(assessment: Assessment, plot_id: str, language: Language = "nb") -> list[str]:
    found = assessment.shortcuts
    met = met_by_pair(found)
    return [
        pair_sentence(pair, *met[plot_id, pair["destination_id"]], say=catalog(language))
        for pair in rows_of(found.pairs[found.pairs["plot_id"] == plot_id])
    ]


def place_words(assessment: Assessment, number: int) -> str:
    found, say = assessment.shortcuts, catalog("nb")
    words = Words(say, plot_names=assessment.study.plots["name"].to_dict())
    place = rows_of(found.places.loc[[number]])[0]
    names = destination_names(found, say)
    lines = lines_by_place(found)[number]
    return place_sentence(number, place, lines, names=names, words=words)


def many_places(moderate: int) -> Assessment:
    """Return an answer with one severe place and so many moderate ones, the last one doubtful."""
    assessment = fabricated_assessment()
    places = assessment.shortcuts.places
    street = places.iloc[[1] * moderate]
    moved = [
        shapely.affinity.translate(street.geometry.iloc[0], 90 * k, 40 * k) for k in range(moderate)
    ]
    street = street.assign(
        name=[f"Gate {k}" for k in range(moderate)],
        peak=gpd.GeoSeries(moved, index=street.index, crs=places.crs),
        edge=[k == moderate - 1 for k in range(moderate)],
    ).set_geometry(moved)
    several = pd.concat([places.iloc[:1], street])
    several.index = pd.RangeIndex(1, moderate + 2, name="place")
    return with_findings(assessment, places=several)


# --- a plot is chosen ----------------------------------------------------------------------------


def test_choosing_a_plot_draws_both_ways_and_marks_where_they_cross(shown: Opened) -> None:
    assert ways(shown, "tempting").count() == 0
    choose(shown, FIRST)
    assert ways(shown, "safe").count() == 2
    assert ways(shown, "tempting").count() == 2
    dashes = [
        ways(shown, kind).first.get_attribute("stroke-dasharray") for kind in ("safe", "tempting")
    ]
    assert dashes[0] is None
    assert dashes[1] is not None
    assert symbol(shown, 1).text_content() == "1"
    assert symbol(shown, 2).text_content() == "2"
    assert "Trygg vei" in shown.tab.locator("#legend").text_content()


def test_the_card_says_every_pair_as_python_does_the_heaviest_first(shown: Opened) -> None:
    choose(shown, FIRST)
    said = shown.tab.locator(".pairs .said").all_text_contents()
    assert said == sentences(fabricated_assessment(), "T01")
    section = shown.tab.locator(".shortcuts").text_content()
    assert "ikke en sannsynlighet" in section
    assert "Undersøk den til fots" in section
    assert "ved punkt 1" in section


def test_ways_of_another_plot_take_the_place_of_the_first_ones(shown: Opened) -> None:
    choose(shown, FIRST)
    choose(shown, SECOND)
    assert ways(shown, "tempting").count() == 1
    assert ways(shown, "safe").count() == 0, "there is no safe way"
    choose(shown, QUIET)
    assert shown.tab.locator("path.way").count() == 0
    assert shown.tab.locator(".pairs").count() == 0
    assert "Trygg vei" not in shown.tab.locator("#legend").text_content()


def test_one_pair_can_be_shown_alone_and_all_again(shown: Opened) -> None:
    choose(shown, FIRST)
    alone = shown.tab.get_by_role("button", name="Vis bare denne: Bakkebua")
    alone.click()
    assert ways(shown, "tempting").count() == 1
    assert symbol(shown, 2).count() == 1
    back = shown.tab.get_by_role("button", name="Vis alle: Bakkebua")
    assert back.get_attribute("aria-pressed") == "true"
    back.click()
    assert ways(shown, "tempting").count() == 2


def test_safe_and_tempting_ways_have_a_switch_each(shown: Opened) -> None:
    choose(shown, FIRST)
    shown.tab.locator("#layers summary").click()
    shown.tab.get_by_label("Trygg vei", exact=True).uncheck()
    assert ways(shown, "safe").count() == 0
    assert ways(shown, "tempting").count() == 2
    choose(shown, SECOND)
    choose(shown, FIRST)
    assert ways(shown, "safe").count() == 0
    shown.tab.get_by_label("Trygg vei", exact=True).check()
    assert ways(shown, "safe").count() == 2


def test_a_quiet_plot_says_that_nothing_was_found_and_what_was_looked_at(
    browser: Browser, folder: Path
) -> None:
    seen = opened(browser, folder, page(build_map(without_findings(), language="nb")))
    choose(seen, FIRST)
    said = seen.tab.locator(".shortcuts").text_content()
    assert "Fant ingen utrygg snarvei" in said
    assert "2 målpunkter" in said
    assert seen.tab.locator("path.way").count() == 0
    assert "alvorlige: 0, moderate: 0" in seen.tab.locator(".crossings summary").text_content()
    seen.tab.locator(".crossings summary").click()
    seen.tab.locator(".crossings h3").first.wait_for()
    assert "Ingen alvorlige steder er funnet." in seen.tab.locator(".crossings").text_content()
    assert seen.spotless()
    seen.tab.context.close()


def test_another_language_says_the_same_sentences_in_its_own_words(shown: Opened) -> None:
    choose(shown, FIRST)
    for language in ("nn", "en"):
        shown.tab.locator("#language").select_option(language)
        said = shown.tab.locator(".pairs .said").all_text_contents()
        assert said == sentences(fabricated_assessment(), "T01", language)
        assert (
            symbol(shown, 1)
            .get_attribute("aria-label")
            .startswith("Punkt 1" if language == "nn" else "Point 1")
        )


# --- a crossing place is chosen ------------------------------------------------------------------


def test_a_crossing_place_is_chosen_on_the_map_and_says_what_python_says(shown: Opened) -> None:
    symbol(shown, 1).click()
    assert shown.tab.locator("#card .said").text_content() == place_words(
        fabricated_assessment(), 1
    )
    assert symbol(shown, 1).get_attribute("aria-pressed") == "true"
    assert ways(shown, "tempting").count() == 2, "of both plots that cross there"
    assert "Punkt 1" in shown.tab.locator("#announce").text_content()
    shown.tab.locator("#card").get_by_role("button", name=SECOND).click()
    assert shown.tab.locator("#card-name").text_content() == SECOND
    assert ways(shown, "tempting").count() == 1


def test_crossing_places_are_reached_chosen_and_left_by_keyboard(shown: Opened) -> None:
    tab = shown.tab
    symbol(shown, 2).focus()
    tab.keyboard.press("Enter")
    assert tab.locator("#card-name").text_content() == "Punkt 2"
    assert tab.evaluate("document.activeElement.id") == "card-name"
    tab.keyboard.press("Escape")
    assert tab.locator("#card").is_hidden()
    assert tab.evaluate("document.activeElement.dataset.place") == "2"
    assert ways(shown, "tempting").count() == 0


def test_the_lists_hold_every_place_the_severe_ones_first(shown: Opened) -> None:
    tab = shown.tab
    tab.locator(".crossings summary").focus()
    tab.keyboard.press("Enter")
    rows = tab.locator(".crossing-row")
    rows.first.wait_for()
    assert [text[0] for text in rows.all_text_contents()] == ["1", "2"]
    headings = tab.locator(".crossings h3").all_text_contents()
    assert headings[0].startswith("Alvorlige (1)")
    assert headings[1].startswith("Moderate (1)")
    rows.first.focus()
    tab.keyboard.press("Enter")
    assert tab.locator("#card-name").text_content() == "Punkt 1"
    assert rows.first.get_attribute("aria-pressed") == "true"
    tab.get_by_role("button", name="Lukk punktet").click()
    assert tab.evaluate("document.activeElement.className") == "crossing-row"
    assert rows.first.get_attribute("aria-pressed") == "false"


def test_on_paper_the_lists_are_there_without_being_unfolded(shown: Opened) -> None:
    assert shown.tab.locator(".crossing-row").count() == 0
    shown.tab.evaluate("() => { window.dispatchEvent(new Event('beforeprint')); }")
    assert shown.tab.locator(".crossing-row").count() == 2


def test_many_moderate_places_wait_to_be_asked_for_and_doubtful_ones_are_marked(
    browser: Browser, folder: Path
) -> None:
    seen = opened(browser, folder, page(build_map(many_places(14), language="nb")))
    tab = seen.tab
    tab.locator("#layers summary").click()
    assert tab.get_by_label("Alvorlige kryssinger").is_checked()
    moderate = tab.get_by_label("Moderate kryssinger")
    assert not moderate.is_checked()
    assert tab.locator(".crossing-moderate .crossing-number:visible").count() == 0
    moderate.check()
    assert "Usikkert sted" in tab.locator("#legend").text_content()
    assert symbol(seen, 15).text_content() == "15?"
    assert "usikkert" in symbol(seen, 15).get_attribute("aria-label")
    assert "crossing-doubtful" in symbol(seen, 15).locator(".crossing").get_attribute("class")
    assert seen.spotless()
    tab.context.close()


def test_a_place_that_is_hidden_shows_itself_when_it_is_chosen_in_the_list(
    browser: Browser, folder: Path
) -> None:
    seen = opened(browser, folder, page(build_map(many_places(14), language="nb")))
    seen.tab.locator(".crossings summary").click()
    seen.tab.locator(".crossing-row").nth(5).click()
    assert symbol(seen, 6).get_attribute("aria-pressed") == "true"
    assert seen.spotless()
    seen.tab.context.close()


def test_the_address_opens_a_crossing_place(browser: Browser, folder: Path, html: str) -> None:
    seen = opened(browser, folder, html, fragment="punkt=2")
    assert seen.tab.locator("#card-name").text_content() == "Punkt 2"
    symbol(seen, 1).focus()
    seen.tab.keyboard.press("Enter")
    seen.tab.wait_for_function("() => location.hash === '#punkt=1'")
    seen.tab.keyboard.press("Escape")
    seen.tab.wait_for_function("() => !location.hash.includes('punkt')")
    assert seen.spotless()
    seen.tab.context.close()


# --- texts that others wrote ---------------------------------------------------------------------


def test_names_of_roads_and_stops_are_shown_as_they_stand_and_nothing_runs(
    browser: Browser, folder: Path
) -> None:
    assessment = fabricated_assessment(
        barrier_name=HOSTILE, amenity_name=HOSTILE, plot_names=[HOSTILE]
    )
    pairs = assessment.shortcuts.pairs
    assessment = replace(
        assessment, shortcuts=replace(assessment.shortcuts, pairs=pairs.assign(name=HOSTILE))
    )
    seen = opened(browser, folder, page(build_map(assessment, language="nb")))
    tab = seen.tab
    tab.locator(f"path.plot >> nth={seen.number_of('T01')}").focus()
    tab.keyboard.press("Enter")
    said = tab.locator(".pairs .said").all_text_contents()
    assert said[0] == sentences(assessment, "T01")[0]
    assert said[0].count(HOSTILE) == 2
    assert tab.locator(".goal-way .own").first.text_content() == HOSTILE
    symbol(seen, 1).click()
    assert tab.locator("#card .said").text_content() == place_words(assessment, 1)
    assert HOSTILE in symbol(seen, 1).get_attribute("aria-label")
    assert tab.locator(".crossing-plots button").first.text_content() == HOSTILE
    tab.locator(".crossings summary").click()
    tab.locator(".crossing-row").first.wait_for()
    assert HOSTILE in tab.locator(".crossing-row .own").first.text_content()
    assert seen.spotless()
    tab.context.close()
