"""overvaking.html opened from disk, without a network: what it shows, and by which keys."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import Browser, Page

from browsing import IN_A_BROWSER, Opened
from browsing import opened as opened_in
from fabricated_monitoring import fabricated_monitoring, quarterly
from test_monitoring_page import EVIL, NB, data_of, hostile
from test_web_map_accessibility import CONTRASTS, judge
from tomteanalyse.measures.concentration.change import CAUSES
from tomteanalyse.monitoring.found import Geography, Monitoring
from tomteanalyse.texts import catalog
from tomteanalyse.views.monitoring.page import monitoring_page
from tomteanalyse.views.monitoring.page_tables import signed

pytestmark = IN_A_BROWSER


def opened(browser: Browser, folder: Path, html: str, **size: Any) -> Opened:
    return opened_in(browser, folder, html, ready="#tiles dd", **size)


# The colour of the cells' canvas in the middle of every area, as it is drawn.
SEEN = """() => {
  const canvas = document.querySelector("canvas.cells");
  const pen = canvas.getContext("2d");
  const box = canvas.getBoundingClientRect();
  const sharp = canvas.width / box.width;
  return window.places().map(([x, y]) => {
    const [r, g, b, a] = pen.getImageData((x - box.left) * sharp, (y - box.top) * sharp, 1, 1).data;
    return a === 0 ? null : [r, g, b, a];
  });
}"""


@pytest.fixture(scope="module")
def found() -> Monitoring:
    return fabricated_monitoring()


@pytest.fixture(scope="module")
def html(found: Monitoring) -> str:
    return monitoring_page(found, say=NB)


@pytest.fixture
def shown(browser: Browser, folder: Path, html: str) -> Iterator[Opened]:
    seen = opened(browser, folder, html)
    yield seen
    assert seen.spotless()
    seen.tab.context.close()


def go_to(tab: Page, day: int) -> None:
    """Move the slider, as dragging it would."""
    tab.locator("#day").evaluate(
        """(slider, day) => {
          slider.value = day;
          slider.dispatchEvent(new Event("input", { bubbles: true }));
        }""",
        day,
    )


def rows(tab: Page) -> list[list[str]]:
    return tab.locator("#areas tbody tr").evaluate_all(
        """all => all.map((row) => [row.querySelector(".pick").title,
          ...[...row.querySelectorAll("td")].map((cell) => cell.textContent)])"""
    )


def expected_rows(geography: Geography, day: int) -> list[list[str]]:
    """Return the table of a day as Python counts it: most homes first."""
    days = geography.states.index.get_level_values("day").unique().sort_values()
    now, first = geography.states.loc[days[day]], geography.states.loc[days[0]]
    ever = geography.states["homes"].groupby(level="area").max() > 0
    table = now.assign(change=now["homes"] - first["homes"])[ever.loc[now.index]]
    table = table.sort_values("homes", ascending=False, kind="stable")

    def percent(share: float) -> str:
        return NB("explain.percent", number=NB.number(100 * share, decimals=1))

    return [
        [
            str(area),
            NB.number(row["homes"]),
            signed(row["change"], NB),
            NB.number(row["dwellings"]),
            percent(row["share"]),
            percent(row["shrunken"]),
        ]
        for area, row in table.iterrows()
    ]


def test_the_page_loads_without_asking_for_anything_and_says_nothing_is_wrong(
    shown: Opened,
) -> None:
    tab = shown.tab
    assert tab.locator("canvas.ground").count() == 1
    assert tab.locator("canvas.cells").count() == 1
    assert tab.locator("svg.chart").count() == 6
    assert tab.locator("#study").text_content() == "Heggdal (oppdiktet)"
    assert tab.locator("#day-name").text_content() == "01.01.2026"


def test_the_table_is_what_python_counts_on_every_day_and_in_every_division(
    shown: Opened, found: Monitoring
) -> None:
    for key in found.geographies:
        shown.tab.locator(f"input[value={key}]").check()
        for day in (0, 4, len(found.days) - 1):
            go_to(shown.tab, day)
            expected = expected_rows(found.geographies[key], day)
            assert rows(shown.tab) == expected[:15], (key, day)
            if len(expected) > 15:
                assert shown.tab.locator("#areas-count").text_content() == (
                    f"Viser 15 av {len(expected)} steder."
                )


def mixed(colour: str) -> np.ndarray[Any, Any]:
    return np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)])


@pytest.mark.parametrize("colouring", ["share", "homes"])
def test_moving_the_slider_gives_every_cell_the_colour_of_its_class_on_that_day(
    browser: Browser, folder: Path, found: Monitoring, colouring: str
) -> None:
    html = monitoring_page(nameless(found), say=NB)
    data = data_of(html)["geographies"][0]
    limits, colours = (data["classes"][colouring][name] for name in ("limits", "colours"))
    # Where each cell's north-western part lies on the screen: figures stand in its middle.
    finder = """
      const at = shapes(data.geographies[0].shapes).map(([ring]) => ring);
      window.places = () => at.map((ring) => {
        const lat = ring.map((p) => p[0]), lon = ring.map((p) => p[1]);
        const mix = (v, f) => Math.min(...v) + f * (Math.max(...v) - Math.min(...v));
        const p = map.latLngToContainerPoint([mix(lat, 0.8), mix(lon, 0.3)]);
        const box = map.getContainer().getBoundingClientRect();
        return [box.left + p.x, box.top + p.y];
      });
    """
    seen = opened(browser, folder, with_finder(html, finder))
    tab = seen.tab
    tab.locator(f"input[value={colouring}]").check()
    states = found.geographies["cell_250"].states
    compared = 0
    for day in (0, 5, len(found.days) - 1):
        go_to(tab, day)
        colour_seen = tab.evaluate(SEEN)
        of_day = states.loc[pd.Timestamp(found.days[day])].loc[data["ids"]]
        for row, pixel in zip(of_day.to_dict("records"), colour_seen, strict=True):
            if row["homes"] == 0:
                assert pixel is None or pixel[3] < 120
                continue
            value = row["homes"] if colouring == "homes" else round(row["share"] * 1e7)
            wanted = mixed(colours[int(np.searchsorted(limits, value, side="right"))])
            assert np.abs(np.array(pixel[:3]) - wanted).max() <= 3, (day, row)
            assert 200 < pixel[3] < 230
            compared += 1
    assert compared > 50
    seen.complaints.clear()
    tab.context.close()


def nameless(found: Monitoring) -> Monitoring:
    """Return the same where nothing on the ground has a name that would lie on a colour."""
    extract = found.study.extract

    def bare(all_tags: list[dict[str, str]]) -> list[dict[str, str]]:
        return [{key: text for key, text in tags.items() if key != "name"} for tags in all_tags]

    extract = replace(
        extract,
        points=replace(extract.points, tags=bare(extract.points.tags)),
        lines=replace(extract.lines, tags=bare(extract.lines.tags)),
    )
    return replace(found, study=replace(found.study, extract=extract))


def with_finder(html: str, finder: str) -> str:
    """Return the page with a few more lines in its script, and a policy that knows them."""
    start = "  makeSwitches(model);\n"
    assert html.count(start) == 1
    changed = html.replace(start, f"{finder}\n{start}")
    return re.sub(r"script-src [^;]*;", "script-src 'unsafe-inline';", changed)


def test_arrow_keys_move_the_day_and_the_day_is_said(shown: Opened) -> None:
    tab = shown.tab
    slider = tab.locator("#day")
    slider.focus()
    tab.keyboard.press("ArrowLeft")
    assert tab.locator("#day-name").text_content() == "01.01.2025"
    assert slider.get_attribute("aria-valuetext") == "01.01.2025"
    tab.keyboard.press("Home")
    assert tab.locator("#day-name").text_content() == "01.01.2018"
    assert tab.locator("#earlier").is_disabled()
    assert tab.locator("#tiles strong").all_text_contents() == ["122", "4\u00a0120", "2,96\u00a0%"]
    tab.locator("#later").click()
    assert slider.input_value() == "1"
    assert {each.text_content() for each in tab.locator(".day-said").all()} == {"01.01.2019"}


def test_playing_goes_from_the_first_day_to_the_last_and_can_be_paused(
    browser: Browser, folder: Path, html: str
) -> None:
    seen = opened(browser, folder, html)
    tab = seen.tab
    assert tab.locator("#play").is_hidden(), "whoever wants no motion gets none"
    tab.emulate_media(reduced_motion="no-preference")
    tab.clock.install()
    tab.reload()
    play = tab.locator("#play")
    assert play.get_attribute("aria-label") == "Spill av"
    play.click()
    assert tab.locator("#day").input_value() == "0"
    assert play.get_attribute("aria-label") == "Stans"
    tab.clock.run_for(2_000)
    assert tab.locator("#day").input_value() == "2"
    play.click()
    tab.clock.run_for(5_000)
    assert tab.locator("#day").input_value() == "2"
    play.click()
    tab.clock.run_for(60_000)
    assert tab.locator("#day").input_value() == "8"
    assert play.get_attribute("aria-label") == "Spill av"
    assert seen.spotless()
    tab.context.close()


def test_a_place_chosen_in_the_table_tells_its_figures_history_and_causes(
    shown: Opened, found: Monitoring
) -> None:
    tab = shown.tab
    geography = found.geographies["cell_250"]
    area = str(geography.changes.index.get_level_values("area")[0])
    while not tab.locator(f'.pick[title="{area}"]').count():
        tab.locator("#more").click()
    tab.locator(f'.pick[title="{area}"]').press("Enter")
    card = tab.locator("#card")
    assert card.is_visible()
    assert tab.evaluate("document.activeElement.id") == "card-name"
    assert tab.locator("#card-name").text_content() in tab.locator("#announce").text_content()
    mine = geography.states.xs(area, level="area")
    facts = card.locator(".facts strong").all_text_contents()
    assert facts[:2] == [str(mine["homes"].iloc[-1]), str(mine["dwellings"].iloc[-1])]
    card.locator("summary").click()
    told = card.locator("tbody tr").evaluate_all(
        "all => all.map((row) => [...row.children].map((cell) => cell.textContent))"
    )
    assert [row[1] for row in told] == [str(homes) for homes in mine["homes"]]
    changes = geography.changes.xs(area, level="area").iloc[::-1]
    lines = card.locator(".changes li").all_text_contents()
    assert len(lines) == len(changes)
    for line, row in zip(lines, changes.to_dict("records"), strict=True):
        for cause in CAUSES:
            name, count = NB(f"monitoring_page.cause.{cause}"), row[f"count_{cause}"]
            points = signed(100 * row[f"part_{cause}"], NB, decimals=1)
            told_so = f"{name} {signed(count, NB)} ({points} prosentpoeng)" in line
            assert told_so == (count != 0), (line, cause)
    # Back to where one came from.
    card.locator(".close").press("Enter")
    assert card.is_hidden()
    assert tab.evaluate("document.activeElement.title") == area


def test_a_place_is_chosen_on_the_map_by_pointer_and_by_keyboard_alone(
    shown: Opened, found: Monitoring
) -> None:
    tab = shown.tab
    tab.locator("input[value=cell_250]").focus()
    for key in ("ArrowRight", "ArrowRight", "Tab", "Tab"):
        tab.keyboard.press(key)
    assert tab.locator("input[value=area]").is_checked()
    assert tab.evaluate("document.activeElement.id") == "map"
    assert tab.locator(".middle").is_visible(), "a cross stands where Enter chooses"
    tab.keyboard.press("Enter")
    by_key = tab.locator("#card-name").text_content()
    assert by_key in {*found.geographies["area"].areas["name"]}
    tab.keyboard.press("Enter")
    assert tab.locator("#card").is_hidden(), "the same again takes the choice away"
    box = tab.locator("#map").bounding_box()
    assert box
    tab.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    assert tab.locator("#card-name").text_content() == by_key
    tab.locator("#card .close").press("Escape")
    assert tab.locator("#card").is_hidden()


def test_the_address_keeps_day_division_colour_and_place(
    browser: Browser, folder: Path, html: str
) -> None:
    seen = opened(
        browser, folder, html, fragment="dag=2020-01-01&inndeling=area&farge=homes&sted=B2"
    )
    tab = seen.tab
    assert tab.locator("#day-name").text_content() == "01.01.2020"
    assert tab.locator("input[value=area]").is_checked()
    assert tab.locator("input[value=homes]").is_checked()
    assert tab.locator("#card-name").text_content() == "Åsen"
    tab.locator("#later").click()
    tab.wait_for_url(re.compile("dag=2021-01-01"))
    assert seen.spotless()
    tab.context.close()
    odd = opened(browser, folder, html, fragment="dag=1066-10-14&inndeling=__proto__&sted=x&farge=")
    assert odd.tab.locator("#day-name").text_content() == "01.01.2026"
    assert odd.tab.locator("input[value=cell_250]").is_checked()
    assert odd.spotless()
    odd.tab.context.close()


def test_the_table_is_sorted_by_any_column_both_ways(shown: Opened) -> None:
    tab = shown.tab
    tab.locator("input[value=area]").check()
    head = tab.locator('[data-column="share"]')
    head.click()
    shares = [float(row[4].split()[0].replace(",", ".")) for row in rows(tab)]
    assert shares == sorted(shares, reverse=True)
    assert tab.evaluate("document.activeElement.dataset.column") == "share"
    tab.locator('[data-column="share"]').press("Enter")
    again = [float(row[4].split()[0].replace(",", ".")) for row in rows(tab)]
    assert again == shares[::-1]
    assert tab.locator('th[aria-sort="ascending"]').text_content() == "Andel"
    tab.locator('[data-column="place"]').click()
    names = tab.locator("#areas .pick").all_text_contents()
    assert names == ["Nordre Heggdal", "Sentrum", "Sørmyra", "Åsen"]


def test_each_division_has_indices_of_its_own(shown: Opened, found: Monitoring) -> None:
    tab = shown.tab
    for key in found.geographies:
        tab.locator(f"input[value={key}]").check()
        visible = tab.locator("details[data-division]:visible")
        assert visible.count() == 1
        assert visible.get_attribute("data-division") == key
    assert "mer samlet enn tilfeldig" in tab.locator("#index-said").text_content()


def test_the_bars_are_as_high_as_the_homes_that_came_and_went(
    shown: Opened, found: Monitoring
) -> None:
    heights = shown.tab.locator("svg.bars").evaluate(
        """svg => {
          const found = {};
          for (const bar of svg.querySelectorAll("rect[class]")) {
            const name = bar.getAttribute("class");
            found[name] = (found[name] || 0) + Number(bar.getAttribute("height"));
          }
          return found;
        }"""
    )
    totals = {
        f"bar-{cause}": found.changes[f"count_{cause}"].abs().sum()
        for cause in ("bought", "built", "reclassified", "sold", "demolished")
    }
    assert {*heights} == {name for name, count in totals.items() if count}
    per_home = heights["bar-bought"] / totals["bar-bought"]
    for name, height in heights.items():
        assert height == pytest.approx(per_home * totals[name], rel=0.01), name


def test_the_legend_tells_every_class_and_the_classes_stay_the_same_over_the_days(
    shown: Opened, html: str
) -> None:
    tab = shown.tab
    before = tab.locator("#legend-list").inner_text()
    data = data_of(html)["geographies"][0]["classes"]["share"]
    assert tab.locator("#legend-list li").count() == len(data["colours"]) + 2
    go_to(tab, 0)
    assert tab.locator("#legend-list").inner_text() == before


def test_hostile_texts_are_shown_as_they_stand_and_nothing_runs(
    browser: Browser, folder: Path
) -> None:
    seen = opened(browser, folder, monitoring_page(hostile(), say=NB))
    tab = seen.tab
    assert tab.locator("#study").text_content() == EVIL
    assert tab.locator("#note").text_content() == EVIL
    tab.locator("input[value=area]").check()
    tab.locator("#areas .pick").first.click()
    assert tab.locator("#card-name").text_content().endswith(EVIL)
    assert EVIL in tab.locator("#announce").text_content()
    box = tab.locator("#map").bounding_box()
    assert box
    tab.mouse.move(box["x"] + box["width"] / 2 - 90, box["y"] + box["height"] / 2)
    assert EVIL in tab.locator(".tip").text_content()
    late = tab.locator('section[aria-labelledby="late-heading"] tbody')
    assert late.locator(".own").filter(has_text="onerror").count() == 3
    assert tab.locator("img").count() == 0
    refused = tab.evaluate(
        """() => {
          try { document.getElementById("study").innerHTML = "<i>x</i>"; return "taken"; }
          catch (error) { return error.name; }
        }"""
    )
    assert refused == "TypeError"
    assert seen.requests == []
    assert all("TrustedHTML" in each or "TrustedTypes" in each for each in seen.complaints)
    tab.context.close()


@pytest.mark.parametrize(
    ("language", "width", "height"), [("nb", 1440, 900), ("en", 1440, 900), ("nn", 390, 844)]
)
def test_axe_finds_nothing_in_any_state_and_every_text_can_be_read(
    browser: Browser, folder: Path, found: Monitoring, language: Any, width: int, height: int
) -> None:
    page = monitoring_page(found, say=catalog(language))
    seen = opened(browser, folder, page, width=width, height=height)
    tab = seen.tab
    judge(tab, "start")
    tab.locator("details").evaluate_all("all => all.forEach((each) => { each.open = true; })")
    go_to(tab, 3)
    judge(tab, "unfolded")
    tab.locator("input[value=area]").check()
    tab.locator("input[value=homes]").check()
    tab.locator("#areas .pick").first.click()
    tab.locator("#card details").evaluate("each => { each.open = true; }")
    judge(tab, "card")
    tab.emulate_media(reduced_motion="no-preference")
    judge(tab, "motion")
    seen.complaints.clear()  # axe tries things that the page's policy refuses
    assert seen.requests == []
    tab.context.close()


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (1000, 700), (390, 844), (320, 640)])
def test_nothing_sticks_out_to_the_side(
    browser: Browser, folder: Path, html: str, width: int, height: int
) -> None:
    seen = opened(browser, folder, html, width=width, height=height)
    seen.tab.locator("#areas .pick").first.click()
    wide = seen.tab.evaluate("document.documentElement.scrollWidth")
    assert wide <= width
    assert seen.spotless()
    seen.tab.context.close()


def test_on_paper_everything_that_is_told_is_there_and_no_control(
    browser: Browser, folder: Path, html: str
) -> None:
    seen = opened(browser, folder, html)
    tab = seen.tab
    go_to(tab, 2)
    tab.locator("#areas .pick").first.click()
    tab.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    tab.emulate_media(media="print")
    for place in (".edition", "#study", "#basis", "#map", "#legend-list", "#card", "#areas"):
        assert tab.locator(place).is_visible(), place
    assert "01.01.2020" in tab.locator(".paper-day").inner_text()
    for control in (".switches", ".time", ".tools", ".close", "#more"):
        assert not tab.locator(control).first.is_visible(), control
    inside = """() => [...document.querySelectorAll(".told, .map-area, table")].every(
      (each) => each.getBoundingClientRect().right <= document.documentElement.clientWidth + 1)"""
    assert tab.evaluate(inside)
    tab.emulate_media(media="screen")
    tab.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert tab.locator("#map").bounding_box()["width"] < 900
    assert seen.spotless()
    tab.context.close()


@pytest.mark.parametrize(
    "found",
    [
        fabricated_monitoring(quarterly(1)),
        fabricated_monitoring(homes_at_all=False),
        fabricated_monitoring(basis=None, districts=None),
    ],
    ids=["one day", "no homes", "no dwellings"],
)
def test_little_to_show_is_shown_without_a_complaint(
    browser: Browser, folder: Path, found: Monitoring
) -> None:
    seen = opened(browser, folder, monitoring_page(found, say=NB))
    for box in seen.tab.locator("input[type=radio]").all():
        box.check()
    if len(found.days) == 1:
        assert seen.tab.locator("#day").is_disabled()
    assert seen.spotless()
    seen.tab.context.close()


def test_a_text_that_cannot_be_read_would_be_found(shown: Opened) -> None:
    shown.tab.evaluate("document.getElementById('basis').style.color = '#999'")
    low = [each for each in shown.tab.evaluate(CONTRASTS) if each[2] < each[3]]
    assert [each[0] for each in low] == ["Andelene er regnet av alle boliger: adre"]
