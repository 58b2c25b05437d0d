"""The map page: how large, how soon it is there, how soon it has ranked anew.

Times are processor times of the page's main thread, as Chromium tells them, so that they are not
longer on a machine that others are using too.
"""

import shutil
import tempfile
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from benchmarks.figures import Figure, seconds
from benchmarks.many_answers import many_answers
from benchmarks.oslo_study import write_study
from tomteanalyse.inputs.reading import read_study
from tomteanalyse.pipeline import run
from tomteanalyse.views.web_map import build_map, page

if TYPE_CHECKING:
    from playwright.sync_api import Browser, CDPSession

COUNTS = (24, 1_000, 5_000, 50_000)
SIZE_AIM_MB = 8.0
VIEW_AIM_S = 3.0
RANK_AIM_S = 0.1
AIMS_UP_TO = {"size": 5_000, "view": 5_000, "rank": 1_000}
"""Where the project aims for something; beyond, the figures are for information."""
STEPS = 12
ARGUMENTS = ["--headless", "--no-sandbox", "--disable-gpu"]

TO_FIRST_VIEW = """() => new Promise((done) => {
  const drawn = () => requestAnimationFrame(() => setTimeout(done));
  if (document.readyState === "complete") drawn();
  else window.addEventListener("load", drawn);
})"""
MOVE_SLIDER = """(swing) => new Promise((done) => {
  const slider = document.querySelector("#weights-panel input");
  slider.value = swing;
  slider.dispatchEvent(new Event("input", { bubbles: true }));
  requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done)));
})"""


def figures(*, rounds: int = 5) -> list[Figure]:
    """Measure the Oslo case and what is made of it."""
    from playwright.sync_api import sync_playwright

    found: list[Figure] = []
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        few = run(read_study(write_study(Path(folder) / "study"))).assessment
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=ARGUMENTS
        )
        for count in COUNTS:
            answer = few if count == len(few.study.plots) else many_answers(few, count)
            file = Path(folder) / f"{count}.html"
            file.write_text(page(build_map(answer, language="nb")), "utf-8")
            taken = [_opened(browser, file) for _ in range(rounds)]
            found += _figures(count, file.stat().st_size / 1e6, taken)
        browser.close()
    return found


def _figures(count: int, size_mb: float, taken: list[tuple[float, float]]) -> list[Figure]:
    view_s, rank_s = (median(each) for each in zip(*taken, strict=True))
    case = f"Oslo case, {count:,} plots"
    return [
        _figure(
            "size of `kart.html`",
            case,
            f"{size_mb:.1f} MB",
            count,
            "size",
            size_mb,
            SIZE_AIM_MB,
            "MB",
        ),
        _figure(
            "`kart.html` to its first view",
            case,
            seconds(view_s),
            count,
            "view",
            view_s,
            VIEW_AIM_S,
            "s",
        ),
        _figure(
            "ranking anew when a weight is moved",
            case,
            seconds(rank_s),
            count,
            "rank",
            rank_s,
            RANK_AIM_S,
            "s",
        ),
    ]


def _figure(
    what: str,
    case: str,
    written: str,
    count: int,
    kind: str,
    measured: float,
    aim: float,
    unit: str,
) -> Figure:
    aims = count <= AIMS_UP_TO[kind]
    return Figure(
        what,
        case,
        written,
        "",
        written,
        f"< {aim:g} {unit}" if aims else "",
        measured < aim if aims else None,
    )


def _opened(browser: "Browser", file: Path) -> tuple[float, float]:
    """Open the page anew; return the times to its first view and per step of a slider [s]."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    tab = context.new_page()
    told = context.new_cdp_session(tab)
    told.send("Performance.enable", {"timeDomain": "threadTicks"})
    tab.goto(file.as_uri())
    tab.evaluate(TO_FIRST_VIEW)
    view_s = _busy_s(told)
    tab.evaluate(MOVE_SLIDER, 1)
    before = _busy_s(told)
    for step in range(STEPS):
        tab.evaluate(MOVE_SLIDER, 5 + 7 * step)
    rank_s = (_busy_s(told) - before) / STEPS
    context.close()
    return view_s, rank_s


def _busy_s(told: "CDPSession") -> float:
    """Return how long the page's main thread has been at work [s]."""
    metrics = told.send("Performance.getMetrics")["metrics"]
    return next(float(each["value"]) for each in metrics if each["name"] == "TaskDuration")
