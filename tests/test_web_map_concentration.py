"""Concentration on the page: around the chosen plot, and of the municipality beside the sources."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from browsing import IN_A_BROWSER, Opened, opened
from fabricated import fabricated_assessment
from fabricated_concentration import fabricated_concentration
from tomteanalyse.assessment import Assessment
from tomteanalyse.scoring.concentration_text import municipality_lines
from tomteanalyse.texts import LANGUAGES, Language, catalog
from tomteanalyse.views.web_map import build_map, page

pytestmark = IN_A_BROWSER
UNPLANNED, PLANNED = "Møllehagen", "Gamle sagbruket"


@pytest.fixture(scope="module")
def assessment() -> Assessment:
    return fabricated_assessment()


@pytest.fixture
def shown(browser: Browser, folder: Path, assessment: Assessment) -> Iterator[Opened]:
    seen = opened(browser, folder, page(build_map(assessment, language="nb")))
    yield seen
    assert seen.spotless()
    seen.tab.context.close()


def choose(seen: Opened, name: str) -> None:
    seen.row(name).get_by_role("button", name=name).click()


def tables(seen: Opened) -> list[list[list[str]]]:
    """Return the cells of the tables around the chosen plot."""
    found = seen.tab.locator("#card table.around")
    return [
        [row.locator("th, td").all_text_contents() for row in table.locator("tr").all()]
        for table in found.all()
    ]


def test_the_card_tells_of_today_and_of_the_planned_homes(shown: Opened) -> None:
    choose(shown, PLANNED)
    homes, walk, straight = tables(shown)
    assert homes == [
        ["Avstand", "I dag", "Med 5 planlagte"],
        ["Innen 300\xa0m", "7", "12"],
        ["Innen 500\xa0m", "21", "26"],
        ["Innen 1\xa0000\xa0m", "77", "82"],
    ]
    assert walk[0] == ["Nabolag", "I dag", "Med 5 planlagte", "Tilfeldig"]
    assert walk[2] == ["100 nærmeste", "4\xa0%", "9\xa0%", "1–9\xa0%"]
    assert [row[0] for row in straight] == [row[0] for row in walk]
    told = shown.tab.locator("#card .homes").inner_text()
    assert "adresser med boliger (fil i studien), 2\xa0140 boliger i alt" in told


def test_where_no_number_is_planned_only_today_is_told(shown: Opened) -> None:
    choose(shown, UNPLANNED)
    homes, walk, _ = tables(shown)
    assert homes[0] == ["Avstand", "I dag"]
    assert walk[0] == ["Nabolag", "I dag", "Tilfeldig"]
    assert "ikke oppgitt" in shown.tab.locator("#card .homes").inner_text()


def test_a_study_without_dwellings_shows_homes_and_says_that_shares_are_unknown(
    browser: Browser, folder: Path, assessment: Assessment
) -> None:
    study = assessment.study
    bare = fabricated_concentration(
        study.plots, study.units, assessment.measurements, with_dwellings=False
    )
    made = replace(assessment, concentration=bare)
    seen = opened(browser, folder, page(build_map(made, language="nb")))
    choose(seen, PLANNED)
    (homes,) = tables(seen)
    assert homes[2] == ["Innen 500\xa0m", "21", "26"]
    assert "andeler er ukjente" in seen.tab.locator("#card .homes").inner_text()
    assert seen.spotless()
    seen.tab.context.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_municipality_is_told_of_beside_the_sources(
    shown: Opened, assessment: Assessment, language: Language
) -> None:
    tab = shown.tab
    tab.locator("#language").select_option(language)
    say = catalog(language)
    tab.get_by_role("button", name=say("map.header.about")).click()
    told = tab.locator("#about li").all_text_contents()
    for line in municipality_lines(assessment.concentration, say):
        assert line in told


def test_axe_finds_nothing_in_the_card(shown: Opened) -> None:
    choose(shown, PLANNED)
    found = Axe().run(shown.tab, context="#card")
    assert found.violations_count == 0, found.generate_report()
    shown.complaints.clear()  # axe tries things that the page's policy refuses
