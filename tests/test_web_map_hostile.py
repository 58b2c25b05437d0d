"""Texts that would be code anywhere else: every one, in every field, in every place it is shown."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import Browser

from browsing import IN_A_BROWSER, Opened, opened
from fabricated import fabricated_assessment
from tomteanalyse.assessment import Assessment
from tomteanalyse.config import ExtractConfig, WeightSetConfig
from tomteanalyse.study import InputFile
from tomteanalyse.views.web_map import build_map, page

pytestmark = IN_A_BROWSER
HOSTILE = (
    "<script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    '"><img src="https://evil.example/x.png" onerror="alert(1)">',
    "<svg/onload=alert(1)>",
    "' onmouseover='alert(1)",
    "javascript:alert(1)",
    "${alert(1)}",
    "`${1}`",
    "C:\\users\\ola",
    "=cmd|' /C calc'!A1",
    "<!-- --> ]]>",
    "{{7*7}} {% x %}",
    "{plot} {name} {count} $& $1",
    "%s%n%d",
    "a\u2028b\u2029c",
    "&lt;b&gt;fet&lt;/b&gt; &#60;",
    "__proto__",
    "constructor",
    "\u202egnal \u0645\u0631\u062d\u0628\u0627 \U0001f469\u200d\U0001f467",
    "\x00\x07\x1b[31m",
)
ALL = " ~ ".join(HOSTILE)


def hostile_assessment() -> Assessment:
    """Return an answer in which every text that somebody may write is every string."""
    made = fabricated_assessment(
        HOSTILE,
        plot_ids=[f"id {hostile}" for hostile in HOSTILE],
        amenity_name=ALL,
        study_name=f"study {ALL}",
        reason=f"reason {ALL}",
        barrier_name=f"barrier {ALL}",
    )
    study, evaluation = made.study, made.evaluation
    plots = study.plots.assign(
        gnr=[f"gnr {name}" for name in study.plots["name"]],
        bnr=[f"bnr {name}" for name in study.plots["name"]],
        plan_status=[f"plan {name}" for name in study.plots["name"]],
    )
    config = study.config.model_copy(
        update={
            "note": f"note {ALL}",
            "extract": ExtractConfig.model_construct(
                **(dict(study.config.extract) | {"attribution": f"credit {ALL}"})
            ),
            "weight_sets": [WeightSetConfig(name=f"party {ALL}", source="x", weights={"bus": 1.0})],
        }
    )
    extract = study.extract
    renamed = [
        tags | {"name": f"ground {ALL}"} if "name" in tags else tags for tags in extract.points.tags
    ]
    amenities = made.amenities.copy()
    schools = amenities["amenity_class"] == "school"
    amenities.loc[schools, "amenity_class"] = f"class {ALL}"
    criteria = tuple(
        replace(each, source=f"source {ALL}", decision=f"decision {ALL}")
        for each in evaluation.criteria
    )
    return replace(
        made,
        amenities=amenities,
        study=replace(
            study,
            plots=plots,
            config=config,
            extract=replace(extract, points=replace(extract.points, tags=renamed)),
            inputs=(*study.inputs, InputFile("constraint", f"file {ALL}", "0" * 64, 1)),
        ),
        evaluation=replace(
            evaluation,
            criteria=criteria,
            weight_source=pd.Series(f"weight {ALL}", index=evaluation.weight_source.index),
            weight_decision=pd.Series(f"adopted {ALL}", index=evaluation.weight_decision.index),
            verdicts=evaluation.verdicts.assign(source=f"law {ALL}"),
        ),
    )


@pytest.fixture(scope="module")
def hostile() -> str:
    return page(build_map(hostile_assessment(), language="nb"))


@pytest.fixture
def seen(browser: Browser, folder: Path, hostile: str) -> Iterator[Opened]:
    shown = opened(browser, folder, hostile)
    yield shown
    assert shown.spotless()
    shown.tab.context.close()


def texts(seen: Opened, place: str) -> str:
    """Return everything that is written in a place: its text, and what is said of its parts."""
    return seen.tab.locator(place).evaluate_all(
        """(all) => all.flatMap((each) => [each, ...each.querySelectorAll("*")].flatMap((one) => [
          ...[...one.childNodes].filter((node) => node.nodeType === 3).map((node) => node.data),
          ...["aria-label", "title"].map((name) => one.getAttribute(name) || ""),
        ])).join("\\n")"""
    )


def test_every_string_of_every_plot_is_shown_verbatim_in_table_card_map_search_and_address(
    seen: Opened,
) -> None:
    tab = seen.tab
    rows = tab.locator("tbody tr")
    assert rows.count() == len(HOSTILE)
    shown = set()
    for i in range(rows.count()):
        button = rows.nth(i).locator("th button")
        name = button.text_content()
        shown.add(name)
        button.click()
        assert tab.locator("#card-name").text_content() == name
        assert tab.locator(".facts").text_content() == (
            f"id {name} · gnr. gnr {name} / bnr. bnr {name} · Planstatus: plan {name}"
        )
        assert name in tab.locator("#announce").text_content()
        path = tab.locator("path.plot[aria-pressed=true]")
        assert path.get_attribute("aria-label").startswith(f"{name}, ")
        tab.wait_for_function(
            "id => new URLSearchParams(location.hash.slice(1)).get('tomt') === id", arg=f"id {name}"
        )
        tab.locator("#find").fill(name)
        found = tab.locator("#found li .own").all_text_contents()
        assert name in found
        assert f"Tomt id {name}" in found
        tab.keyboard.press("Escape")
    assert shown == set(HOSTILE)


def test_what_is_said_of_the_study_and_by_it_is_shown_verbatim_everywhere(seen: Opened) -> None:
    tab = seen.tab
    assert tab.locator("#study").text_content() == f"study {ALL}"
    assert f"note {ALL}" in texts(seen, "#profile")
    assert f"credit {ALL}" in texts(seen, "#footer")
    # A title is on one line.
    assert tab.title().startswith(
        "INTERN: study <script>alert(1)</script> ~ </script><script>alert(1)"
    )
    about = texts(seen, "#about")
    for field in ("note", "credit", "file", "source", "decision", "weight", "adopted"):
        assert f"{field} {ALL}" in about, field
    assert f"class {ALL}" in texts(seen, "#layers")
    assert f"party {ALL}" in texts(seen, "#weights")
    tab.locator("summary", has_text="Kartlag").click()
    tab.locator(".toggle", has_text="class ").locator("input").check()
    assert f"class {ALL}" in texts(seen, ".legend")
    tab.locator("#find").fill("ground")
    assert f"ground {ALL}" in texts(seen, "#found")
    tab.locator("#found li").first.click()
    assert f"ground {ALL}" in texts(seen, ".goal")


def test_reasons_sources_and_places_are_shown_verbatim_on_the_card_and_in_a_comparison(
    seen: Opened,
) -> None:
    tab = seen.tab
    tab.locator("tbody tr th button").last.click()  # the one that is knocked out
    card = texts(seen, "#card")
    for field in ("reason", "law", "source", "weight"):
        assert f"{field} {ALL}" in card, field
    tab.locator("tbody tr th button").first.click()
    assert ALL in texts(seen, ".place")
    tab.locator(".measures .route-button").first.click()
    assert ALL in texts(seen, ".goal")
    first = tab.locator("#card-name").text_content()
    options = tab.locator("#compare option").all_text_contents()
    others = set(HOSTILE) - {first}
    assert {each for each in others if any(each in option for option in options)} == others
    tab.locator("#compare").select_option(index=3)
    heading = tab.locator("#card-name").text_content()
    assert first in heading
    assert tab.locator(".compare-plot").count() == 2


def test_on_paper_and_in_every_language_the_same_strings_stand(seen: Opened) -> None:
    tab = seen.tab
    tab.locator("tbody tr th button").first.click()
    for language in ("nn", "en"):
        tab.locator("#language").select_option(language)
        tab.evaluate("window.dispatchEvent(new Event('beforeprint'))")
        tab.emulate_media(media="print")
        assert set(tab.locator("tbody th button").all_text_contents()) == set(HOSTILE)
        for place, field in (("#study", "study"), ("#footer", "credit"), ("#about", "source")):
            assert tab.locator(place).is_visible()
            assert f"{field} {ALL}" in texts(seen, place)
        assert tab.locator("#card-name").text_content() in HOSTILE
        tab.emulate_media(media="screen")
        tab.evaluate("window.dispatchEvent(new Event('afterprint'))")
