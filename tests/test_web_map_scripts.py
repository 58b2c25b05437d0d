"""What the page's scripts must not contain."""

import re
from importlib.resources import files
from typing import Any

from tomteanalyse.views.web_map.page_figure import SCRIPTS

SINKS = (
    r"(?:inner|outer)HTML",
    r"insertAdjacentHTML",
    r"\bdocument\.write",
    r"createContextualFragment|DOMParser|\bsrcdoc\b",
    r"\beval\b|\bnew Function\b|set(?:Timeout|Interval)\(\s*[\"'`]",
    r"\bfetch\(|XMLHttpRequest|WebSocket|EventSource|sendBeacon|\bimport\(|\bWorker\(",
    r"setAttribute\(\s*[\"'`]on",
    r"javascript:",
    r"bindPopup|setContent|L\.control\b|L\.tileLayer|L\.geoJSON",
    r"__proto__",
)
"""What turns text into code or asks the network, and Leaflet's own ways of doing so."""


def _scripts() -> dict[str, str]:
    folder = files("tomteanalyse.views.web_map").joinpath("page")
    return {name: folder.joinpath(name).read_text("utf-8") for name in (*SCRIPTS, "trusted.js")}


def test_no_script_has_a_way_for_text_to_become_code_or_for_the_page_to_ask_the_network() -> None:
    for name, script in _scripts().items():
        code = re.sub(r"//.*", "", script)
        for sink in SINKS:
            assert not re.search(sink, code), (name, sink)


def test_leaflet_is_handed_elements_never_text_for_its_icons_and_tooltips() -> None:
    for name, script in _scripts().items():
        for handed in re.findall(r"divIcon\(\{\s*html:\s*([^,]+?),", script):
            assert handed.startswith("element(") or handed in ("body", "label"), (name, handed)
        for handed in re.findall(r"bindTooltip\((.{0,20})", script):
            assert handed.startswith("() => element("), (name, handed)


def test_only_one_script_looks_for_what_it_is_and_no_name_is_given_twice() -> None:
    """All scripts share one scope, where a second function of a name would silently win."""
    given: dict[str, str] = {}
    for name, script in _scripts().items():
        for each in re.findall(r"^(?:function|const|let|class) \[?(\w+)", script, re.MULTILINE):
            assert each not in given, (each, name, given.get(each))
            given[each] = name
    assert len(given) > 100


def test_every_script_of_the_folder_is_on_the_page() -> None:
    folder: Any = files("tomteanalyse.views.web_map").joinpath("page")
    there = {file.name for file in folder.iterdir() if file.name.endswith(".js")}
    assert there == {*SCRIPTS, "trusted.js"}
