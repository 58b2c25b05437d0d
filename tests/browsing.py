"""Opening the map page in Debian's Chromium, with everything it does wrong written down."""

import json
import re
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

CHROMIUM = shutil.which("chromium")
IN_A_BROWSER = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine"),
]
ARGUMENTS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


@dataclass
class Opened:
    """A page that was opened, and what it did that it should not."""

    tab: Page
    html: str
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def spotless(self) -> bool:
        assert self.requests == []
        assert self.complaints == []
        return True

    def row(self, name: str) -> Any:
        return self.tab.locator("tbody tr").filter(has=self.tab.get_by_role("button", name=name))

    def number_of(self, plot_id: str) -> int:
        data = re.search(r'id="assessment">(.*?)</script>', self.html, re.DOTALL)
        assert data
        ids: list[str] = json.loads(data[1])["plots"]["ids"]
        return ids.index(plot_id)


def opened(
    browser: Browser,
    folder: Path,
    html: str,
    *,
    width: int = 1440,
    height: int = 900,
    fragment: str = "",
    ready: str = "tbody tr",
) -> Opened:
    """Open a page from disk without a network, and wait for it.

    Parameters
    ----------
    browser, folder, html
        What opens it, where it is put, and what stands in it.
    width, height
        Of the window [px].
    fragment
        What stands after # in its address.
    ready
        What is seen once the page has started.
    """
    file = folder / "kart.html"
    file.write_text(html, encoding="utf-8")
    # Without motion, so that nothing slides away under the pointer.
    context = browser.new_context(
        viewport={"width": width, "height": height}, reduced_motion="reduce"
    )
    tab = context.new_page()
    seen = Opened(tab, html)
    own = file.as_uri()

    def routed(route: Any) -> None:
        if route.request.url.partition("#")[0] == own:
            route.continue_()
        else:
            seen.requests.append(route.request.url)
            route.abort()

    def asked(dialog: Any) -> None:
        seen.complaints.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    tab.route("**/*", routed)
    tab.on("dialog", asked)
    tab.on("console", lambda said: seen.complaints.append(said.text))
    tab.on("pageerror", lambda error: seen.complaints.append(str(error)))
    tab.goto(f"{own}#{fragment}" if fragment else own)
    tab.wait_for_selector(ready)
    return seen


def move(tab: Page, swings: dict[str, float]) -> None:
    """Move every slider, as dragging them would, and let the page draw."""
    tab.evaluate(
        """async (swings) => {
          swings.forEach((swing, c) => {
            const slider = document.getElementById(`weight-${c}`);
            slider.value = swing;
            slider.dispatchEvent(new Event("input", { bubbles: true }));
          });
          for (let i = 0; i < 2; i += 1) await new Promise(requestAnimationFrame);
        }""",
        list(swings.values()),
    )


def rows(tab: Page) -> list[list[str]]:
    """Return rank, class, name, score and share of every row that is shown."""
    return tab.locator("tbody tr:not(.gap)").evaluate_all(
        """all => all.map((row) => [
          row.querySelector(".at-rank").textContent,
          row.querySelector(".grade").textContent,
          row.querySelector(".pick").textContent,
          row.querySelector(".figure").textContent,
          row.querySelector(".at-best").textContent,
        ])"""
    )
