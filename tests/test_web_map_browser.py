import re
from collections.abc import Iterator
from pathlib import Path

import pyproj
import pytest
from playwright.sync_api import Browser

from browsing import IN_A_BROWSER, Opened, opened
from fabricated import fabricated_assessment, hardly_measured
from tomteanalyse.views.web_map import build_map, page

pytestmark = IN_A_BROWSER
HOSTILE = (
    "<script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "${alert(1)}",
    "`${1}`",
    "C:\\users\\ola",
    "=cmd|' /C calc'!A1",
    "<!-- --> ]]>",
    "{{7*7}} {% x %}",
    "a\u2028b\u2029c",
    "\"quoted\" 'single' \\",
    '"><img src="https://evil.example/x.png" onerror="alert(1)">',
    "javascript:alert(1)",
    "&lt;b&gt;fet&lt;/b&gt;",
    "__proto__",
    "{plot} $& $1",
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


def test_hostile_texts_are_shown_as_they_stand_and_nothing_runs(
    browser: Browser, folder: Path
) -> None:
    everything = " ".join(HOSTILE)
    count = len(HOSTILE)
    assessment = fabricated_assessment(
        HOSTILE,
        plot_ids=[f"{hostile} {i}" for i, hostile in enumerate(HOSTILE)],
        amenity_name=everything,
        study_name=everything,
        reason=everything,
    )
    seen = opened(browser, folder, page(build_map(assessment, language="nb")))
    tab = seen.tab
    assert tab.locator("#study").text_content() == everything
    assert tab.title().startswith("INTERN: <script>alert(1)</script> </script><script>")
    shown_names = set()
    for i in range(count):
        row = tab.locator("tbody tr").nth(i)
        name = row.locator("th button").text_content()
        row.locator("th button").click()
        assert tab.locator("#card-name").text_content() == name
        assert tab.locator(".facts").text_content().startswith(f"{name} ")
        assert name in tab.locator("#announce").text_content()
        assert name in tab.locator("path.plot").nth(i).get_attribute("aria-label")
        assert tab.locator(".place").first.text_content() == everything
        shown_names.add(name)
    assert shown_names == set(HOSTILE)
    assert tab.locator(".stop p").first.text_content() == everything  # the last is knocked out
    tab.locator(".measures .route-button").first.click()
    assert tab.locator(".goal .own").text_content() == everything
    assert seen.spotless()
    tab.context.close()


def test_ids_that_name_javascripts_own_properties_are_ids_like_others(
    browser: Browser, folder: Path
) -> None:
    ids = ["__proto__", "constructor", "toString", "hasOwnProperty"]
    html = page(build_map(fabricated_assessment(n=4, plot_ids=ids), language="nb"))
    seen = opened(browser, folder, html)
    for i in range(4):
        seen.tab.locator("tbody tr").nth(i).click()
        facts = seen.tab.locator(".facts").text_content()
        assert facts.split(" · ")[0] in ids
    assert seen.spotless()
    seen.tab.context.close()


def test_a_text_that_became_markup_would_be_refused_by_the_browser(shown: Opened) -> None:
    refused = shown.tab.evaluate(
        """() => {
          try { document.getElementById("study").innerHTML = "<i>x</i>"; return "taken"; }
          catch (error) { return error.name; }
        }"""
    )
    assert refused == "TypeError"
    shown.complaints.clear()  # The browser reports the refusal; that is the point.


def test_a_plot_chosen_in_the_table_is_marked_on_the_map_and_explained(shown: Opened) -> None:
    tab = shown.tab
    assert tab.locator("#card").is_hidden()
    shown.row("Hegglia").click()
    number = shown.number_of("T10")
    plot = tab.locator("path.plot").nth(number)
    assert plot.get_attribute("aria-pressed") == "true"
    assert tab.locator("path.plot[aria-pressed=true]").count() == 1
    assert tab.locator("#card-name").text_content() == "Hegglia"
    assert tab.locator(".card-place").text_content() == "Plass 4 av 11"
    assert "Hegglia" in tab.locator("#announce").text_content()


def test_a_plot_chosen_on_the_map_is_marked_in_the_table(shown: Opened) -> None:
    tab = shown.tab
    tab.locator(".badge", has_text=re.compile("^B4$")).click()
    assert tab.locator("tbody tr.chosen th button").text_content() == "Hegglia"
    assert tab.locator("#card-name").text_content() == "Hegglia"
    tab.locator(".badge", has_text=re.compile("^A1$")).hover()
    assert tab.locator("tbody tr.hover th button").text_content() == "Gamle sagbruket"


def test_plots_are_reached_chosen_and_left_by_keyboard(shown: Opened) -> None:
    tab = shown.tab
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.className") == "skip"
    plots = tab.locator("path.plot")
    assert plots.count() == 12
    for i, key in ((0, "Enter"), (1, " ")):
        plot = plots.nth(i)
        assert plot.get_attribute("tabindex") == "0"
        assert plot.get_attribute("role") == "button"
        assert "klasse A" in plot.get_attribute("aria-label")
        plot.focus()
        tab.keyboard.press(key)
        assert tab.evaluate("document.activeElement.id") == "card-name"
        assert tab.locator("tbody tr").nth(i).get_attribute("class") == "chosen"
    tab.keyboard.press("Escape")
    assert tab.locator("#card").is_hidden()
    assert tab.evaluate("document.activeElement.textContent") == "Åsen vest"


def test_a_plot_that_has_the_focus_is_seen_to_have_it(shown: Opened) -> None:
    plot = shown.tab.locator("path.plot").nth(3)
    before = plot.evaluate("each => getComputedStyle(each).strokeWidth")
    shown.tab.keyboard.press("Tab")
    plot.focus()
    assert plot.evaluate("each => getComputedStyle(each).strokeWidth") != before


def test_a_route_is_drawn_when_asked_for_and_taken_away_again(shown: Opened) -> None:
    tab = shown.tab
    shown.row("Hegglia").click()
    routes = tab.locator(".leaflet-routes-pane path")
    assert routes.count() == 0
    button = tab.locator(".measures .route-button").first
    assert button.text_content() == "Vis rute"
    button.click()
    assert routes.count() == 2  # the line and its white edge
    place = tab.locator(".measures .place").first.text_content()
    assert tab.locator(".goal .own").text_content() == place
    assert button.get_attribute("aria-pressed") == "true"
    button.click()
    assert routes.count() == 0
    tab.get_by_role("button", name="Vis alle ruter").click()
    assert routes.count() == 2 * 7
    shown.row("Bruddet").click()
    assert routes.count() == 0


def test_the_card_tells_unknown_from_unreachable_and_from_knocked_out(shown: Opened) -> None:
    tab = shown.tab
    shown.row("Nordre jorde").click()
    unknown = tab.locator(".measures > li").nth(1)
    assert unknown.locator(".bar-unknown").count() == 1
    assert unknown.locator(".bar-has").count() == 0
    assert "ukjent" in unknown.text_content()
    shown.row("Øvre Tjernsvei 12").click()
    unreachable = tab.locator(".measures > li").nth(3)
    assert unreachable.locator(".bar-unknown").count() == 0
    assert "kan ikke nås" in unreachable.text_content()
    row = tab.locator("tbody tr").last
    assert row.locator(".flag-stop").text_content() == "Stopp"
    row.click()
    assert tab.locator(".stop b").text_content() == "Stoppkriterium"
    assert "Ikke rangert" in tab.locator(".card-place").text_content()


def test_a_plot_hardly_measured_is_seen_to_be_so_and_not_stopped(
    browser: Browser, folder: Path
) -> None:
    made = hardly_measured(fabricated_assessment(), "T02")
    seen = opened(browser, folder, page(build_map(made, language="nb")))
    row = seen.row("Gamle sagbruket")
    assert row.locator(".flag-bare").text_content() == "for lite målt"
    assert row.locator(".flag-stop").count() == 0
    assert row.locator(".grade").text_content() == "–"
    assert row.locator(".at-rank").text_content() == "–"
    row.click()
    assert "mindre enn halvparten" in seen.tab.locator(".card-place").text_content()
    assert seen.tab.locator(".legend .grade-none").count() == 1
    assert seen.spotless()


def test_plots_stand_where_they_are_on_the_earth(shown: Opened) -> None:
    name = re.search(r"var (map_\d+) = L\.map", shown.html)[1]
    plots = fabricated_assessment().study.plots.to_crs(pyproj.CRS("EPSG:4326"))
    for plot_id in ("T01", "T08", "T12"):
        west, south, east, north = plots.geometry[plot_id].bounds
        drawn = shown.tab.locator("path.plot").nth(shown.number_of(plot_id)).bounding_box()
        corners = shown.tab.evaluate(
            f"""([west, south, east, north]) => {{
              const area = {name}.getContainer().getBoundingClientRect();
              return [[north, west], [south, east]].map((at) => {{
                const p = {name}.latLngToContainerPoint(at);
                return [p.x + area.x, p.y + area.y];
              }});
            }}""",
            [west, south, east, north],
        )
        assert drawn["x"] == pytest.approx(corners[0][0], abs=3)
        assert drawn["y"] == pytest.approx(corners[0][1], abs=3)
        assert drawn["x"] + drawn["width"] == pytest.approx(corners[1][0], abs=3)
        assert drawn["y"] + drawn["height"] == pytest.approx(corners[1][1], abs=3)


INK = """(pane) => {
  const canvas = document.querySelector(`.leaflet-${pane}-pane canvas`);
  if (!canvas) return 0;
  const copy = document.createElement("canvas");
  [copy.width, copy.height] = [canvas.width, canvas.height];
  const pen = copy.getContext("2d", { willReadFrequently: true });
  pen.drawImage(canvas, 0, 0);
  const { data } = pen.getImageData(0, 0, copy.width, copy.height);
  const colours = new Set();
  for (let i = 0; i < data.length; i += 4) {
    if (data[i + 3]) colours.add((data[i] << 16) | (data[i + 1] << 8) | data[i + 2]);
  }
  return colours.size;
}"""


def test_the_ground_is_drawn_from_the_start(shown: Opened) -> None:
    assert shown.tab.evaluate(INK, "ground") > 20


def test_registered_homes_are_hidden_until_they_are_asked_for(shown: Opened) -> None:
    tab = shown.tab
    tab.locator("summary", has_text="Kartlag").click()
    boxes = tab.locator(".toggle input")
    hidden = [
        box.get_attribute("data-layer")
        for box in (boxes.nth(i) for i in range(boxes.count()))
        if not box.is_checked()
    ]
    assert {"units", "cuts", "amenity-bus", "online"} <= set(hidden)
    assert sum(key.startswith("amenity-") for key in hidden) == 10
    assert tab.evaluate(INK, "places") == 0
    tab.get_by_label("Kommunale boliger i registeret").check()
    assert tab.evaluate(INK, "places") > 0
    tab.get_by_label("Kommunale boliger i registeret").uncheck()
    for _ in range(2):  # A canvas is wiped when the browser draws its next picture.
        tab.evaluate("() => new Promise(requestAnimationFrame)")
    assert tab.evaluate(INK, "places") == 0


def test_an_amenity_tells_its_name_when_it_is_pointed_at(shown: Opened) -> None:
    tab = shown.tab
    name = re.search(r"var (map_\d+) = L\.map", shown.html)[1]
    grocery = fabricated_assessment().amenities.to_crs(4326).geometry["n201"]
    tab.locator("summary", has_text="Kartlag").click()
    tab.get_by_role("checkbox", name="Dagligvare").check()
    x, y = tab.evaluate(
        f"""([lat, lon]) => {{
          {name}.setView([lat, lon], 17, {{ animate: false }});
          const area = {name}.getContainer().getBoundingClientRect();
          const at = {name}.latLngToContainerPoint([lat, lon]);
          return [at.x + area.x, at.y + area.y];
        }}""",
        [grocery.y, grocery.x],
    )
    tab.evaluate("() => new Promise(requestAnimationFrame)")
    tab.mouse.move(x - 3, y)
    tab.mouse.move(x, y)
    assert tab.locator(".tip").text_content() == "Bakkebua 2"


def test_on_a_telephone_the_chosen_plot_is_seen_above_its_card(
    browser: Browser, folder: Path, html: str
) -> None:
    seen = opened(browser, folder, html, width=390, height=844)
    tab = seen.tab
    tab.locator("tbody tr").nth(9).click()
    plot = tab.locator("path.plot-chosen").bounding_box()
    area = tab.locator("#map-area").bounding_box()
    card = tab.locator("#card").bounding_box()
    assert area["y"] < plot["y"]
    assert plot["y"] + plot["height"] < card["y"]
    assert seen.spotless()
    tab.context.close()


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (1024, 700), (390, 844), (320, 568)])
def test_the_page_never_scrolls_sideways(
    browser: Browser, folder: Path, html: str, width: int, height: int
) -> None:
    seen = opened(browser, folder, html, width=width, height=height)
    across = "document.documentElement.scrollWidth"
    assert seen.tab.evaluate(across) == width
    seen.tab.locator("tbody tr").nth(4).click()
    assert seen.tab.evaluate(across) == width
    card = seen.tab.locator("#card").bounding_box()
    assert card["x"] >= 0
    assert card["x"] + card["width"] <= width
    assert card["y"] + card["height"] <= height
    assert seen.spotless()
    seen.tab.context.close()


def test_on_a_desktop_everything_fits_the_window_and_map_and_table_stand_side_by_side(
    shown: Opened,
) -> None:
    tab = shown.tab
    assert tab.evaluate("document.documentElement.scrollHeight") == 900
    area = tab.locator("#map-area").bounding_box()
    table = tab.locator("#ranking").bounding_box()
    assert area["x"] + area["width"] == pytest.approx(table["x"], abs=1)
    assert area["width"] > table["width"]
    assert area["height"] == pytest.approx(table["height"], abs=1)


def test_the_structure_is_there_for_screen_readers(shown: Opened) -> None:
    tab = shown.tab
    assert tab.evaluate("document.documentElement.lang") == "nb"
    assert tab.title() == "INTERN: Heggdal (oppdiktet) · Kart over kandidattomter"
    assert tab.locator("thead th[scope=col]").count() == 5
    assert tab.locator("tbody th[scope=row]").count() == 12
    assert tab.locator("#announce").get_attribute("aria-live") == "polite"
    assert tab.locator("h1").count() == 1
    assert (
        tab.locator("button:not([aria-label])").evaluate_all(
            "all => all.filter((each) => !each.textContent.trim()).length"
        )
        == 0
    )
    tab.locator(".skip").focus()
    tab.keyboard.press("Enter")
    assert tab.evaluate("document.activeElement.id") == "ranking"


def test_the_scale_bar_is_as_long_as_it_says(shown: Opened) -> None:
    name = re.search(r"var (map_\d+) = L\.map", shown.html)[1]
    bar = shown.tab.locator(".scale")
    number, unit = bar.text_content().split("\N{NO-BREAK SPACE}")
    metres = float(number) * (1000 if unit == "km" else 1)
    width = bar.bounding_box()["width"]
    across = shown.tab.evaluate(
        f"""(width) => {{
          const y = {name}.getSize().y / 2;
          return {name}.distance(
            {name}.containerPointToLatLng([0, y]), {name}.containerPointToLatLng([width, y])
          );
        }}""",
        width,
    )
    assert across == pytest.approx(metres, rel=0.03)


def test_inside_a_notebook_frame_the_same_page_works(browser: Browser, folder: Path) -> None:
    shown = build_map(fabricated_assessment(n=3), language="en")._repr_html_()
    file = folder / "notebook.html"
    file.write_text(f"<!DOCTYPE html><meta charset='utf-8'>{shown}", encoding="utf-8")
    tab = browser.new_page()
    complaints: list[str] = []
    tab.on("console", lambda said: complaints.append(said.text))
    tab.on("pageerror", lambda error: complaints.append(str(error)))
    tab.goto(file.as_uri())
    inside = tab.frame_locator("iframe")
    inside.locator("tbody tr").first.click()
    assert inside.locator("#card-name").text_content() == "Gamle sagbruket"
    assert inside.locator("html").get_attribute("lang") == "en"
    assert complaints == []
    tab.close()


def test_thousands_of_plots_open_without_complaint(browser: Browser, folder: Path) -> None:
    html = page(build_map(fabricated_assessment(n=5_001), language="nn"))
    seen = opened(browser, folder, html)
    assert seen.tab.locator("#table").get_attribute("aria-rowcount") == "501"
    # Too many to be elements of the page: squares and plots are drawn on one canvas.
    assert seen.tab.locator("path.plot").count() == 0
    assert seen.tab.evaluate(INK, "places") > 10
    seen.tab.locator("tbody tr").nth(2).click()
    assert seen.tab.locator("#card").is_visible()
    assert seen.spotless()
    seen.tab.context.close()
