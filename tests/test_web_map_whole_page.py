"""The page as a whole in a browser: its languages, its account of itself, paper and layout."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyproj
import pytest
from playwright.sync_api import Browser

from browsing import IN_A_BROWSER, Opened, opened
from fabricated import fabricated_assessment
from tomteanalyse.texts import LANGUAGES, catalog
from tomteanalyse.views.web_map import build_map, page

pytestmark = IN_A_BROWSER
NBSP = "\N{NO-BREAK SPACE}"


@pytest.fixture(scope="module")
def html() -> str:
    return page(build_map(fabricated_assessment(), language="nb"))


@pytest.fixture
def shown(browser: Browser, folder: Path, html: str) -> Iterator[Opened]:
    seen = opened(browser, folder, html)
    yield seen
    assert seen.spotless()
    seen.tab.context.close()


def on_map(seen: Opened, script: str, argument: Any = None) -> Any:
    """Run a script with the page's map as `map`."""
    found = re.search(r"var (map_\d+) = L\.map", seen.html)
    assert found
    return seen.tab.evaluate(f"(given) => {{ const map = {found[1]}; {script} }}", argument)


# --- languages -----------------------------------------------------------------------------------


def test_the_whole_page_changes_its_language_and_keeps_what_is_chosen(shown: Opened) -> None:
    tab = shown.tab
    shown.row("Hegglia").click()
    for language, score, heading in (("en", "57.3", "Ranking"), ("nn", "57,3", "Rangering")):
        say = catalog(language)
        tab.locator("#language").select_option(language)
        assert tab.evaluate("document.documentElement.lang") == language
        assert tab.locator("#ranking-heading").text_content() == heading
        assert tab.title().endswith(say("map.title"))
        assert tab.locator("#card-name").text_content() == "Hegglia"
        assert (
            re.search(r"\d+([.,])\d", tab.locator(".card .score b").text_content())[1] == score[2]
        )
        assert tab.locator("#legend summary").text_content() == say("map.legend.heading")
        assert tab.locator(".skip").text_content() == say("map.skip")
        assert say.date("2025-06-01") in tab.locator("#footer").text_content()
        assert tab.locator("#find").get_attribute("placeholder") == say("map.find.label")


WORDS = """() => {
  const texts = [document.title];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const passing = "script, noscript, #announce, [role=status]";
    if (!walk.currentNode.parentElement.closest(passing)) texts.push(walk.currentNode.data.trim());
  }
  const said = ["aria-label", "title", "placeholder"];
  for (const each of document.querySelectorAll("*")) {
    for (const name of said) texts.push(each.getAttribute(name) || "");
  }
  return texts.filter(Boolean);
}"""


@pytest.mark.parametrize("language", LANGUAGES)
def test_after_a_change_of_language_the_page_reads_as_if_made_in_it(
    browser: Browser, folder: Path, html: str, language: Any
) -> None:
    """Every word of the page, in a page that was made in the language and in one changed to it."""

    def words(seen: Opened) -> list[str]:
        seen.row("Hegglia").click()
        return seen.tab.evaluate(WORDS)

    native = opened(browser, folder, page(build_map(fabricated_assessment(), language=language)))
    expected = words(native)
    native.tab.context.close()
    changed = opened(browser, folder, html)
    changed.tab.locator("#language").select_option("nn" if language != "nn" else "en")
    changed.tab.locator("#language").select_option(language)
    assert words(changed) == expected
    assert len(expected) > 200
    assert changed.spotless()
    changed.tab.context.close()


# --- the account of the analysis -----------------------------------------------------------------


def test_about_the_analysis_tells_sources_settings_and_limits_and_gives_the_focus_back(
    shown: Opened,
) -> None:
    tab = shown.tab
    tab.get_by_role("button", name="Om analysen").focus()
    tab.keyboard.press("Enter")
    dialog = tab.locator("#about")
    assert dialog.is_visible()
    text = dialog.text_content()
    say = catalog("nb")
    for told in (
        "© OpenStreetMap-bidragsytere (ODbL), data fra 01.06.2025",
        "Register over kommunale boliger: enheter.csv (40 lest, 0 utelatt)",
        f"10{NBSP}000 trekninger",
        say("map.limit.network"),
        say("map.limit.terrain"),
        "EPSG:25832",
        "Utgave: INTERN",
    ):
        assert told in text, told
    tab.keyboard.press("Escape")
    assert dialog.is_hidden()
    assert tab.evaluate("document.activeElement.textContent") == "Om analysen"


# --- paper ---------------------------------------------------------------------------------------


def test_on_paper_stand_map_legend_scale_sources_the_whole_ranking_and_the_account(
    shown: Opened,
) -> None:
    tab = shown.tab
    tab.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    tab.emulate_media(media="print")
    for there in ("#map-area", ".legend", ".scale", ".scale-number", ".north", "#footer", "#about"):
        assert tab.locator(there).is_visible(), there
    for gone in (".tools", ".page-tools", "#layers", ".skip"):
        assert tab.locator(gone).is_hidden(), gone
    assert tab.locator("tbody tr").count() == 12
    assert tab.locator(".edition").is_visible()
    order = [
        tab.locator(each).bounding_box()["y"]
        for each in ("header", "#map-area", "#footer", "#ranking", "#about")
    ]
    assert order == sorted(order)
    tab.emulate_media(media="screen")
    tab.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert tab.locator("#about").is_hidden()
    assert tab.locator(".tools").is_visible()


def test_the_map_is_laid_out_for_the_paper_before_it_is_printed_and_put_back_after(
    shown: Opened,
) -> None:
    state = """const [at, size] = [map.getCenter(), map.getSize()];
    return [at.lat, at.lng, map.getZoom(), size.x, size.y];"""
    before = on_map(shown, state)
    shown.tab.evaluate(
        """() => {
          window.seen = [];
          window.addEventListener("beforeprint", () => window.seen.push("before"));
          window.addEventListener("afterprint", () => window.seen.push("after"));
        }"""
    )
    paper = shown.tab.pdf(prefer_css_page_size=True)
    assert shown.tab.evaluate("window.seen") == ["before", "after"]
    assert paper.startswith(b"%PDF")
    assert on_map(shown, state) == pytest.approx(before)


def test_the_scale_on_paper_is_that_of_the_map_on_paper(shown: Opened) -> None:
    tab = shown.tab
    tab.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    said = tab.locator(".scale-number").text_content()
    ratio = int(re.search(rf"1 : ([\d{NBSP}]+) på A4", said)[1].replace(NBSP, ""))
    places = on_map(
        shown,
        """const y = map.getSize().y / 2;
        const places = [0, 400].map((x) => map.containerPointToLatLng([x, y]));
        return places.map((at) => [at.lng, at.lat]);""",
    )
    across = pyproj.Geod(ellps="WGS84").inv(*places[0], *places[1])[2]
    assert ratio == pytest.approx(across / (400 * 0.0254 / 96), rel=0.05)
    tab.evaluate("window.dispatchEvent(new Event('afterprint'))")


def test_what_is_folded_on_a_telephone_is_unfolded_on_paper_and_folded_again(
    browser: Browser, folder: Path, html: str
) -> None:
    seen = opened(browser, folder, html, width=390, height=844)
    tab = seen.tab
    folded = "() => [...document.querySelectorAll('details:not([open])')].length"
    before = tab.evaluate(folded)
    assert tab.locator(".legend").is_hidden()
    tab.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    tab.emulate_media(media="print")
    assert tab.locator(".legend").is_visible()
    assert tab.locator("#map-area").bounding_box()["width"] > 1_000
    tab.emulate_media(media="screen")
    tab.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert tab.locator(".legend").is_hidden()
    assert tab.evaluate(folded) == before
    assert seen.spotless()
    tab.context.close()


# --- layout --------------------------------------------------------------------------------------

PANELS = ("#card", ".corner", ".tools", ".measure", "#ranking")


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (1024, 768), (390, 844)])
def test_nothing_lies_on_top_of_anything_else(
    browser: Browser, folder: Path, html: str, width: int, height: int
) -> None:
    seen = opened(browser, folder, html, width=width, height=height)
    for panel in ("#legend", "#layers"):
        seen.tab.locator(panel).evaluate("each => { each.open = true; }")
    for chosen in (False, True):
        if chosen:
            seen.row("Hegglia").click()
        boxes = {
            name: seen.tab.locator(name).bounding_box()
            for name in PANELS
            if seen.tab.locator(name).is_visible()
        }
        if width < 900:
            boxes.pop("#card", None)  # a sheet over the table, until it is closed
        for one, a in boxes.items():
            for other, b in boxes.items():
                if one < other:
                    apart = (
                        a["x"] + a["width"] <= b["x"] + 0.5
                        or b["x"] + b["width"] <= a["x"] + 0.5
                        or a["y"] + a["height"] <= b["y"] + 0.5
                        or b["y"] + b["height"] <= a["y"] + 0.5
                    )
                    assert apart, (one, other, chosen)
        assert seen.tab.evaluate("document.documentElement.scrollWidth") == width
    assert seen.spotless()
    seen.tab.context.close()


def test_a_small_map_has_room_for_one_panel_at_a_time(
    browser: Browser, folder: Path, html: str
) -> None:
    seen = opened(browser, folder, html, width=1024, height=768)
    tab = seen.tab
    legend, layers = tab.locator("#legend"), tab.locator("#layers")
    assert legend.get_attribute("open") is None
    legend.locator("summary").click()
    tab.wait_for_selector("#legend[open]")
    layers.locator("summary").click()
    tab.wait_for_selector("#legend:not([open])")
    assert layers.get_attribute("open") is not None
    assert seen.spotless()
    tab.context.close()
