"""Layers, legend, search, ruler and online background, in a browser."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyproj
import pytest
from playwright.sync_api import Browser

from browsing import IN_A_BROWSER, Opened, opened
from fabricated import fabricated_assessment
from tomteanalyse.texts import catalog
from tomteanalyse.views.web_map import build_map, page

pytestmark = IN_A_BROWSER
NBSP = "\N{NO-BREAK SPACE}"
ONE_PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)


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


def settled(seen: Opened) -> None:
    for _ in range(2):
        seen.tab.evaluate("() => new Promise(requestAnimationFrame)")


def legend(seen: Opened) -> list[str]:
    return [text.strip() for text in seen.tab.locator(".legend li .own").all_text_contents()]


# --- layers and legend ---------------------------------------------------------------------------


def test_the_legend_explains_what_is_shown_and_nothing_else(shown: Opened) -> None:
    before = legend(shown)
    assert before[:5] == [catalog("nb")(f"grade.{letter}") for letter in "ABCDE"]
    crossings = ["Alvorlig kryssing, med nummer", "Strekningen det gjelder"]
    crossings.append("Moderat kryssing, med nummer")
    assert before[5:] == ["Stoppkriterium", "Må avklares", *crossings]
    tab = shown.tab
    tab.locator("summary", has_text="Kartlag").click()
    for name in ("Dagligvare", "Kommunale boliger i registeret"):
        tab.get_by_label(name, exact=True).check()
        assert legend(shown)[-1] == name or name in legend(shown)
    tab.get_by_label("Dagligvare", exact=True).uncheck()
    assert "Dagligvare" not in legend(shown)
    assert "Kommunale boliger i registeret" in legend(shown)


def test_the_legend_tells_of_routes_while_one_is_drawn(shown: Opened) -> None:
    tab = shown.tab
    shown.row("Hegglia").click()
    way = "Gangvei til nærmeste tilbud"
    assert way not in legend(shown)
    button = tab.locator(".measures .route-button").first
    button.click()
    assert way in legend(shown)
    assert "Luftlinje" not in legend(shown)
    button.click()
    assert way not in legend(shown)


def test_without_a_stop_or_anything_to_clear_the_legend_is_silent_about_them(
    browser: Browser, folder: Path
) -> None:
    seen = opened(browser, folder, page(build_map(fabricated_assessment(n=3), language="nb")))
    assert not {"Stoppkriterium", "Må avklares"} & set(legend(seen))
    assert len(legend(seen)) == 8
    assert seen.spotless()
    seen.tab.context.close()


def test_layers_stand_in_groups_and_every_group_has_its_name(shown: Opened) -> None:
    groups = shown.tab.locator("#layers fieldset > legend").all_text_contents()
    assert groups == [
        "Utrygge snarveier",
        "Veier til fots",
        "Tilbud og tjenester",
        "Internt",
        "Gangnettet",
        "Bakgrunn",
    ]


# --- search --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("åsen", "Åsen vest"),
        ("ASEN", "Åsen vest"),
        ("aasen", "Åsen vest"),
        ("ovre tj", "Øvre Tjernsvei 12"),
    ],
)
def test_a_plot_is_found_however_its_letters_are_typed(
    shown: Opened, typed: str, first: str
) -> None:
    shown.tab.locator("#find").fill(typed)
    assert shown.tab.locator("#found li .own").first.text_content() == first


def test_a_plot_is_found_by_its_id_and_opened_by_keyboard(shown: Opened) -> None:
    tab = shown.tab
    field = tab.locator("#find")
    field.fill("T10")
    assert field.get_attribute("aria-expanded") == "true"
    tab.keyboard.press("ArrowDown")
    assert field.get_attribute("aria-activedescendant") == "found-0"
    assert tab.locator("#found-0").get_attribute("aria-selected") == "true"
    tab.keyboard.press("Enter")
    assert tab.locator("#card-name").text_content() == "Hegglia"
    assert tab.evaluate("document.activeElement.id") == "card-name"
    assert tab.locator("#found").is_hidden()


def test_a_place_and_an_amenity_are_found_and_shown_where_they_are(shown: Opened) -> None:
    tab = shown.tab
    tab.locator("#find").fill("sørmyra")
    kinds = dict(
        zip(
            tab.locator("#found li .quiet").all_text_contents(),
            tab.locator("#found li .own:first-child").all_text_contents(),
            strict=True,
        )
    )
    assert "Sted" in kinds
    tab.locator("#found li", has_text="Sted").click()
    assert tab.locator(".goal .own").text_content() == "Sørmyra"
    tab.locator("#find").fill("bakkebua 2")
    tab.locator("#found li").first.click()
    assert tab.get_by_label("Dagligvare", exact=True).is_checked()
    grocery = fabricated_assessment().amenities.to_crs(4326).geometry["n201"]
    settled(shown)
    at = on_map(
        shown,
        "const p = map.latLngToContainerPoint(given); return [p.x, p.y];",
        [grocery.y, grocery.x],
    )
    area = tab.locator("#map-area").bounding_box()
    assert 0 < at[0] < area["width"]
    assert 0 < at[1] < area["height"]


def test_what_is_nowhere_is_said_to_be_nowhere(shown: Opened) -> None:
    tab = shown.tab
    tab.locator("#find").fill("xyzzy")
    assert tab.locator(".nothing").text_content() == "Ingen treff"
    assert tab.locator("#find").get_attribute("aria-expanded") == "false"
    tab.keyboard.press("Enter")
    assert tab.locator("#card").is_hidden()


# --- ruler ---------------------------------------------------------------------------------------


def test_a_distance_is_measured_on_the_ellipsoid(shown: Opened) -> None:
    tab = shown.tab
    tab.get_by_role("button", name="Mål avstand").click()
    area = tab.locator("#map-area").bounding_box()
    clicked = [(250, 300), (600, 420), (420, 560)]
    for x, y in clicked:
        tab.mouse.click(area["x"] + x, area["y"] + y)
    places = [
        on_map(
            shown, "const at = map.containerPointToLatLng(given); return [at.lng, at.lat];", each
        )
        for each in clicked
    ]
    lon, lat = zip(*places, strict=True)
    expected = pyproj.Geod(ellps="WGS84").line_length(lon, lat)
    said = tab.locator(".length").text_content()
    metres, count = re.fullmatch(rf"([\d{NBSP}]+){NBSP}m i luftlinje, (\d) punkter", said).groups()
    assert int(count) == 3
    # The page rounds clicks to whole pixels, and the answer to metres.
    assert int(metres.replace(NBSP, "")) == pytest.approx(expected, abs=3)
    assert tab.locator("#card").is_hidden(), "a click that measures chooses no plot"


def test_a_distance_can_be_measured_without_a_pointer(shown: Opened) -> None:
    tab = shown.tab
    tab.get_by_role("button", name="Mål avstand").focus()
    tab.keyboard.press("Enter")
    assert tab.evaluate("document.activeElement.textContent") == "Sett punkt i midten"
    tab.keyboard.press("Enter")
    first = on_map(shown, "const at = map.getCenter(); return [at.lng, at.lat];")
    on_map(shown, "map.getContainer().focus(); map.panBy([130, -70], { animate: false });")
    tab.keyboard.press("Enter")
    second = on_map(shown, "const at = map.getCenter(); return [at.lng, at.lat];")
    expected = pyproj.Geod(ellps="WGS84").inv(*first, *second)[2]
    metres = re.match(rf"[\d{NBSP}]+", tab.locator(".length").text_content())[0]
    assert int(metres.replace(NBSP, "")) == pytest.approx(expected, abs=0.51)
    tab.keyboard.press("Backspace")
    assert tab.locator(".length").text_content() == "Klikk i kartet for å måle."
    tab.keyboard.press("Escape")
    assert tab.locator(".ruler").is_hidden()
    assert tab.locator(".leaflet-goals-pane path").count() == 0


# --- online background ---------------------------------------------------------------------------

ONLINE = "Kartverkets gråtonekart"


def test_nothing_is_fetched_until_the_online_background_is_switched_on(
    browser: Browser, folder: Path, html: str
) -> None:
    seen = opened(browser, folder, html)
    tab = seen.tab
    fetched: list[str] = []

    def tile(route: Any) -> None:
        fetched.append(route.request.url)
        route.fulfill(content_type="image/png", body=ONE_PIXEL)

    tab.route("https://cache.kartverket.no/**", tile)
    tab.locator("summary", has_text="Kartlag").click()
    box = tab.get_by_label(ONLINE)
    assert not box.is_checked()
    note = tab.locator("#note-online").text_content()
    assert "over nettet" in note
    assert "cache.kartverket.no" in note
    assert seen.requests == fetched == []
    with tab.expect_response("https://cache.kartverket.no/**"):
        box.check()
    assert all(
        re.fullmatch(
            r"https://cache\.kartverket\.no/v1/wmts/1\.0\.0/topograatone/default/webmercator/\d+/\d+/\d+\.png",
            url,
        )
        for url in fetched
    )
    assert "Bakgrunnskart © Kartverket" in legend(seen)
    box.uncheck()
    tab.wait_for_timeout(50)
    count = len(fetched)
    on_map(seen, "map.panBy([400, 300], { animate: false });")
    tab.wait_for_timeout(50)
    assert len(fetched) == count
    assert seen.spotless()
    tab.context.close()


def test_a_background_that_cannot_be_fetched_is_said_and_leaves_the_map(
    browser: Browser, folder: Path, html: str
) -> None:
    seen = opened(browser, folder, html)
    seen.tab.locator("summary", has_text="Kartlag").click()
    seen.tab.get_by_label(ONLINE).check()  # every request but the page's own is turned away
    failed = seen.tab.locator("#layers .note", has_text="Fikk ikke hentet kartbilder")
    failed.wait_for()
    assert {url.split("/")[2] for url in seen.requests} == {"cache.kartverket.no"}
    seen.tab.context.close()


def test_pictures_from_anywhere_else_are_refused(browser: Browser, folder: Path, html: str) -> None:
    seen = opened(browser, folder, html)
    seen.tab.evaluate(
        """() => new Promise((done) => {
          const picture = new Image();
          picture.onerror = done;
          picture.src = "https://evil.example/x.png";
        })"""
    )
    assert seen.requests == []
    assert len(seen.complaints) == 1
    assert "Content Security Policy" in seen.complaints[0]
    seen.tab.context.close()


def test_outside_norway_no_online_background_is_offered_and_no_host_allowed(
    browser: Browser, folder: Path
) -> None:
    austrian = fabricated_assessment(crs=pyproj.CRS("EPSG:31254"))
    made = page(build_map(austrian, language="nb"))
    assert "img-src" not in made
    assert "kartverket.no" not in made
    seen = opened(browser, folder, made)
    assert seen.tab.locator("[data-layer=online]").count() == 0
    assert seen.spotless()
    seen.tab.context.close()


# --- many plots ----------------------------------------------------------------------------------


def test_many_plots_are_drawn_on_a_canvas_chosen_by_pointer_and_no_stops_of_the_tab_key(
    browser: Browser, folder: Path
) -> None:
    seen = opened(browser, folder, page(build_map(fabricated_assessment(n=301), language="nb")))
    tab = seen.tab
    assert tab.locator("path.plot").count() == 0
    ids = fabricated_assessment(n=301).study.plots.to_crs(4326).geometry
    for plot_id in ("T001", "T150"):
        spot = ids[plot_id].representative_point()
        on_map(seen, "map.setView(given, 19, { animate: false });", [spot.y, spot.x])
        settled(seen)
        area = tab.locator("#map-area").bounding_box()
        at = on_map(
            seen,
            "const at = map.latLngToContainerPoint(given); return [at.x, at.y];",
            [spot.y, spot.x],
        )
        tab.mouse.click(area["x"] + at[0], area["y"] + at[1])
        assert tab.locator(".facts").text_content().split(" · ")[0] == plot_id
        tab.locator("#card .close").click()
    # The way to every plot without a pointer is the table.
    button = tab.locator("tbody tr th button").first
    button.focus()
    tab.keyboard.press("Enter")
    assert tab.locator("#card").is_visible()
    assert seen.spotless()
    tab.context.close()
