"""axe-core on the page in its states, and the contrasts that axe leaves for review."""

from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from browsing import IN_A_BROWSER, opened
from fabricated import fabricated_assessment, hardly_measured
from tomteanalyse.views.web_map import build_map, page

pytestmark = IN_A_BROWSER
WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}

# Every text that is seen, with the lowest contrast it may have against what lies behind it. What
# is not opaque lies on the map, so it is tried on black and on white. WCAG 2.1, 1.4.3.
CONTRASTS = """() => {
  const read = (text) => {
    const [r, g, b, a] = text.match(/[0-9.]+/g).map(Number);
    return { rgb: [r, g, b], a: a === undefined ? 1 : a };
  };
  const over = (top, below) => top.rgb.map((each, k) => each * top.a + below[k] * (1 - top.a));
  const light = (rgb) => {
    const [r, g, b] = rgb.map((each) => {
      const part = each / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (one, other) => {
    const [dark, bright] = [light(one), light(other)].sort((a, b) => a - b);
    return (bright + 0.05) / (dark + 0.05);
  };
  // The colours that may lie behind an element.
  const behind = (element) => {
    if (!element) return [[0, 0, 0], [255, 255, 255]];
    const style = getComputedStyle(element);
    const own = read(style.backgroundColor);
    const under = own.a === 1 ? [[0, 0, 0]] : behind(element.parentElement);
    const plain = under.map((each) => over(own, each));
    const stops = style.backgroundImage.match(/rgba?\\([^)]*\\)/g) || [];
    return [...plain, ...stops.flatMap((stop) => plain.map((each) => over(read(stop), each)))];
  };
  const found = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const element = walk.currentNode.parentElement;
    const text = walk.currentNode.data.trim();
    const passed = element.closest("script, .unseen, .skip, :disabled");
    if (!text || passed || !element.checkVisibility()) continue;
    const style = getComputedStyle(element);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    const ink = read(style.color);
    const lowest = Math.min(...behind(element).map((each) => contrast(over(ink, each), each)));
    found.push([text.slice(0, 40), element.className, lowest, large ? 3 : 4.5]);
  }
  return found;
}"""


def judge(tab: Page, state: str) -> None:
    answer = Axe().run(tab, options=WCAG).response
    faults = [
        (fault["id"], [node["html"] for node in fault["nodes"]]) for fault in answer["violations"]
    ]
    assert faults == [], state
    assert len(answer["passes"]) > 10, "axe looked at hardly anything"
    left = {review["id"] for review in answer["incomplete"]}
    assert left <= {"color-contrast"}, (state, left)
    texts = tab.evaluate(CONTRASTS)
    assert len(texts) > 50
    assert [each for each in texts if each[2] < each[3]] == [], state


@pytest.mark.parametrize(
    ("language", "width", "height"), [("nb", 1440, 900), ("en", 1440, 900), ("nb", 390, 844)]
)
def test_axe_finds_nothing_in_any_state_and_every_text_can_be_read(
    browser: Browser, folder: Path, language: Any, width: int, height: int
) -> None:
    assessment = hardly_measured(fabricated_assessment(), "T02")
    html = page(build_map(assessment, language=language))
    seen = opened(browser, folder, html, width=width, height=height)
    tab = seen.tab
    judge(tab, "start")
    for panel in ("#legend", "#layers"):
        tab.locator(panel).evaluate("each => { each.open = true; }")
    judge(tab, "layers")
    tab.locator("#find").fill("a")
    judge(tab, "search")
    tab.locator("#find").fill("")
    tab.locator("tbody tr th button").first.click()
    judge(tab, "card")
    tab.locator("#compare").select_option(index=2)
    judge(tab, "compare")
    tab.locator("#card .close").click()
    tab.locator("#card .close").click()
    tab.locator("tbody tr th button").last.click()  # the one that is knocked out
    judge(tab, "knocked out")
    tab.locator("#card .close").click()
    tab.locator(".tools button").last.click()
    judge(tab, "measuring")
    tab.keyboard.press("Escape")
    tab.locator("#weights-panel summary").click()
    tab.locator("#weights-panel input").first.fill("7")
    tab.wait_for_selector("#deviates:not([hidden])")
    judge(tab, "other weights")
    tab.locator(".page-tool").first.click()
    judge(tab, "about")
    seen.complaints.clear()  # axe tries things that the page's policy refuses
    assert seen.requests == []
    tab.context.close()


def test_a_text_that_cannot_be_read_would_be_found(browser: Browser, folder: Path) -> None:
    html = page(build_map(fabricated_assessment(n=1), language="nb"))
    seen = opened(browser, folder, html)
    seen.tab.evaluate("document.getElementById('study').style.color = '#999'")
    low = [each for each in seen.tab.evaluate(CONTRASTS) if each[2] < each[3]]
    assert [each[0] for each in low] == ["Heggdal (oppdiktet)"]
    seen.tab.context.close()
