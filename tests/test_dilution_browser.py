"""fortynning.html opened from disk, without a network: what it shows, and for whom."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from browsing import IN_A_BROWSER, Opened
from browsing import opened as opened_in
from diluted_towns import diluted_town, random_town
from test_dilution_outputs import EVIL, hostile
from test_web_map_accessibility import judge
from tomteanalyse.dilution.dilute import dilute
from tomteanalyse.dilution.found import Dilution, Terms
from tomteanalyse.texts import catalog
from tomteanalyse.views.dilution.map_data import map_data
from tomteanalyse.views.dilution.page import dilution_page
from tomteanalyse.views.dilution.words import homes_text, move_text

pytestmark = IN_A_BROWSER
NB = catalog("nb")


def opened(browser: Browser, folder: Path, html: str, **size: Any) -> Opened:
    return opened_in(browser, folder, html, ready=".leaflet-marker-icon .spot", **size)


@pytest.fixture(scope="module")
def found() -> Dilution:
    return dilute(random_town(21), Terms(3, buy_at=("T0", "T1")))


@pytest.fixture(scope="module")
def html(found: Dilution) -> str:
    return dilution_page(found, say=NB)


@pytest.fixture
def shown(browser: Browser, folder: Path, html: str) -> Iterator[Opened]:
    seen = opened(browser, folder, html)
    yield seen
    assert seen.spotless()
    seen.tab.context.close()


def cells_by_look(seen: Opened) -> tuple[int, int]:
    """Return how many cells are filled, and how many only outlined."""
    filled = seen.tab.locator("path.leaflet-interactive:not([stroke-dasharray])").count()
    return filled, seen.tab.locator("path.leaflet-interactive[stroke-dasharray]").count()


def test_the_map_shows_the_cells_today_and_after_the_plan(shown: Opened, found: Dilution) -> None:
    tab, cells = shown.tab, found.cells
    before, after = (int((cells[f"homes_{part}"] > 0).sum()) for part in ("before", "after"))
    ever = int(((cells["homes_before"] > 0) | (cells["homes_after"] > 0)).sum())
    assert tab.locator("canvas.ground").count() == 1
    assert cells_by_look(shown) == (before, ever - before)
    tab.locator("input[value=after]").check()
    assert cells_by_look(shown) == (after, ever - after)
    assert tab.locator("#announce").text_content() == NB("dilution.page.after")
    tab.locator("input[value=before]").check()
    assert cells_by_look(shown) == (before, ever - before)


def test_what_the_plan_gives_up_and_buys_can_be_reached_and_read_by_key(
    shown: Opened, found: Dilution
) -> None:
    labels = shown.tab.locator(".leaflet-marker-icon .spot").evaluate_all(
        "all => all.map((each) => each.getAttribute('aria-label'))"
    )
    for order, move in enumerate(found.plan, start=1):
        words = f"Trekk {order}: {move_text(found, move, NB)}"
        assert any(words in label for label in labels), words
    focusable = shown.tab.locator(".leaflet-marker-icon[tabindex='0']:has(.spot)").count()
    assert focusable == len(labels)


def test_the_tables_tell_what_the_plan_costs_without_the_map(
    shown: Opened, found: Dilution
) -> None:
    tab = shown.tab
    rows = tab.locator("#plan-heading + .wide tbody tr")
    assert rows.count() == len(found.steps)
    last = rows.last.locator("td").all_text_contents()
    assert last[0] == move_text(found, found.plan[-1], NB)
    assert NB.number(int(found.steps["homes"].iloc[-1])) in last
    assert tab.locator(".cost").is_visible()
    assert "Spredning kan koste noen en bolig" in tab.locator(".cost").inner_text()


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (390, 844)])
def test_the_legend_lies_beside_the_map_and_names_above_the_colours(
    browser: Browser, folder: Path, html: str, width: int, height: int
) -> None:
    seen = opened(browser, folder, html, width=width, height=height)
    legend = seen.tab.locator(".classes").bounding_box()
    drawn = seen.tab.locator("#map").bounding_box()
    assert legend is not None
    assert drawn is not None
    assert legend["y"] >= drawn["y"] + drawn["height"]
    level = "(name) => Number(getComputedStyle(document.querySelector(name)).zIndex)"
    names, colours = (
        seen.tab.evaluate(level, f".leaflet-{name}-pane") for name in ("names", "overlay")
    )
    assert names > colours
    assert seen.tab.locator(".leaflet-names-pane canvas.names").count() == 1
    assert seen.spotless()
    seen.tab.context.close()


def test_markers_carry_how_many_homes_in_words_with_their_sign(found: Dilution) -> None:
    spots = map_data(found, NB)["spots"]
    moved = found.moves.loc[list(found.plan)]
    for kind, end in (("given_up", "unit_id"), ("bought", "plot_id")):
        by_place = moved[moved[end].notna()].groupby(end)["homes"].sum()
        told = [
            each for each, its in zip(spots["homes"], spots["kind"], strict=True) if its == kind
        ]
        assert sorted(told) == sorted(homes_text(int(homes), NB) for homes in by_place)
    assert all(homes in label for homes, label in zip(spots["homes"], spots["label"], strict=True))


def test_markers_that_would_hide_each_other_carry_the_bare_number_until_there_is_room(
    browser: Browser, folder: Path
) -> None:
    private = [(900, 100 + 40 * number, 6, 0) for number in range(20)]
    found = dilute(diluted_town([(100, 100, 30, 8), (140, 100, 30, 8), *private]), Terms(4))
    seen = opened(browser, folder, dilution_page(found, say=NB), width=390, height=844)
    marks = seen.tab.locator(".leaflet-marker-icon .spot")
    assert marks.all_text_contents() == ["8", "4"]
    for _ in range(6):
        seen.tab.locator(".tools button").first.click()
        expect(seen.tab.locator(".leaflet-zoom-anim")).to_have_count(0)
    expect(marks).to_have_text(["8 boliger", "4 boliger"])
    assert seen.spotless()
    seen.tab.context.close()


def test_no_part_of_the_page_is_wider_than_a_telephone(
    browser: Browser, folder: Path, html: str
) -> None:
    seen = opened(browser, folder, html, width=390, height=844)
    assert seen.tab.evaluate("document.documentElement.scrollWidth") <= 390
    assert seen.tab.locator(".edition").is_visible()
    assert seen.spotless()
    seen.tab.context.close()


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (390, 844)])
def test_axe_finds_nothing_in_either_state_and_every_text_can_be_read(
    browser: Browser, folder: Path, html: str, width: int, height: int
) -> None:
    seen = opened(browser, folder, html, width=width, height=height)
    judge(seen.tab, "before")
    seen.tab.locator("input[value=after]").check()
    judge(seen.tab, "after")
    assert seen.spotless()
    seen.tab.context.close()


def test_hostile_names_stay_text(browser: Browser, folder: Path) -> None:
    page = dilution_page(dilute(hostile(), Terms(2, buy_at=("T1",))), say=NB)
    seen = opened(browser, folder, page)
    assert seen.tab.locator("img").count() == 0
    assert EVIL.split("\u2028")[0].strip() in seen.tab.locator("h1").inner_text()
    assert seen.tab.locator("h1").inner_text().count("{{7*7}}") == 1
    seen.tab.locator(".leaflet-marker-icon:has(.spot)").first.hover()
    assert seen.tab.locator(".leaflet-tooltip img").count() == 0
    assert seen.spotless()
    seen.tab.context.close()
