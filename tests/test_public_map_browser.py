"""The public map page opened from disk: what it says, what it cannot, and that it asks nobody."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

import tomteanalyse as ta
from browsing import IN_A_BROWSER, Opened, move, opened
from tomteanalyse.public_assessment import PublicAssessment
from tomteanalyse.publication import public_answer, with_next
from tomteanalyse.publishing.area import homes_by_cell
from tomteanalyse.publishing.disclosure import release
from tomteanalyse.publishing.release_register import Publication
from tomteanalyse.views.public.page import public_page

pytestmark = IN_A_BROWSER
STUDY = Path(__file__).parents[1] / "data" / "eksempelvik"
WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}


@pytest.fixture(scope="module")
def found() -> PublicAssessment:
    """Eksempelvik, published twice: a year later 15 homes have been bought in one cell."""
    study = ta.read_study(STUDY)
    first = with_next(study, ())[0][0]
    tree = first.released.tree
    homes, _ = homes_by_cell(study.units[study.units["current"]], tree)
    (grown, *_) = (node for node, count in homes.items() if count == 12)
    homes[grown] += 15
    later = Publication(date(2027, 1, 1), release(tree, homes, before=first.released))
    answer = public_answer(study, (first,))
    return replace(answer, publications=(first, later))


@pytest.fixture(scope="module")
def html(found: PublicAssessment) -> str:
    return public_page(found, language="nb")


@pytest.fixture
def shown(browser: Browser, folder: Path, html: str) -> Iterator[Opened]:
    seen = opened(browser, folder, html)
    yield seen
    assert seen.spotless()
    seen.tab.context.close()


def data_of(html: str) -> dict[str, Any]:
    found = re.search(r'id="assessment">(.*?)</script>', html, re.DOTALL)
    assert found
    data: dict[str, Any] = json.loads(found[1])
    return data


def test_the_page_carries_no_unit_and_no_count_of_homes(html: str) -> None:
    data = data_of(html)
    assert "units" not in data
    assert not {"homes", "concentration"} & set(data["plots"])
    assert data["account"]["edition"] == "public"
    assert data["account"]["step_weights"] == []
    assert {role for role, *_ in data["account"]["inputs"]}.isdisjoint({"register", "addresses"})
    classed = [each for each in data["criteria"] if "classes" in each]
    assert {each["key"] for each in classed} == {"concentration", "municipal_share"}


def test_the_band_says_that_it_is_public(shown: Opened) -> None:
    assert shown.tab.locator(".edition").text_content().startswith("Offentlig utgave")
    assert "INTERN" not in shown.tab.locator("body").inner_text()
    assert "offentlig utgave" in shown.tab.title()


def test_what_depends_on_the_register_is_told_as_a_class(shown: Opened) -> None:
    shown.row("Torget").locator("button").first.click()
    card = shown.tab.locator("#card").inner_text()
    assert "30 til 99 kommunale boliger" in card
    assert "5 til under 10 % kommunale boliger" in card
    assert not re.search(r"\d vektede boliger\b(?!.*ved)", card.split("Ankre")[0])
    assert "Boliger i nærheten" not in card


def test_a_slider_alone_gives_no_more_than_the_classes(shown: Opened) -> None:
    data = data_of(shown.html)
    for key in ("concentration", "municipal_share"):
        move(shown.tab, {each["key"]: 100.0 * (each["key"] == key) for each in data["criteria"]})
        scores = set(shown.tab.locator("tbody tr .figure").all_text_contents())
        classes = next(each["classes"] for each in data["criteria"] if each["key"] == key)
        # One more for the plots of which nothing is known.
        assert len(scores) <= len(classes) + 1


def test_the_released_grid_is_a_layer_with_its_own_legend(shown: Opened) -> None:
    tab = shown.tab
    legend = tab.locator("#legend").inner_text()
    assert "antall kommunale boliger i ruten" in legend
    assert "ikke oppgitt" in legend
    tab.locator("#layers summary").click()
    box = tab.locator('[data-layer="released"]')
    assert box.is_checked()
    assert tab.locator('[data-layer="units"]').count() == 0
    box.uncheck()
    assert "ikke oppgitt" not in tab.locator("#legend").inner_text()


def test_what_was_told_when_stands_below_the_ranking(shown: Opened) -> None:
    rows = shown.tab.locator("#released tbody tr")
    told = [row.split("\t") for row in rows.all_inner_texts()]
    assert [each[0] for each in told] == ["01.01.2026", "01.01.2027"]
    assert told[0][2] == "første gang"
    assert told[1][2] == "15"
    notes = shown.tab.locator("#released").inner_text()
    assert "kan avvike fra kommunens egen" in notes
    assert "Antall under 10 oppgis aldri" in notes


@pytest.mark.parametrize(
    ("language", "name", "words"),
    [
        ("nn", "Offentleg utgåve", "30 til 99 kommunale bustader"),
        ("en", "Public edition", "30 to 99 municipal homes"),
    ],
)
def test_the_page_is_public_in_every_language(
    shown: Opened, language: str, name: str, words: str
) -> None:
    shown.tab.locator("#language").select_option(language)
    shown.tab.locator("tbody tr button").first.click()
    assert shown.tab.locator(".edition").text_content().startswith(name)
    assert words in shown.tab.locator("#card").inner_text()


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (390, 844)])
def test_nothing_on_the_page_shuts_anybody_out(
    browser: Browser, folder: Path, html: str, width: int, height: int
) -> None:
    seen = opened(browser, folder, html, width=width, height=height)
    for state in ("open", "card"):
        if state == "card":
            seen.tab.locator("tbody tr button").first.click()
        violations = Axe().run(seen.tab, options=WCAG).response["violations"]
        assert [each["id"] for each in violations] == [], state
    assert seen.tab.evaluate("document.documentElement.scrollWidth") <= width
    assert seen.spotless()
    seen.tab.context.close()
