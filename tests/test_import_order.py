"""The house is walked through one way: inputs → network → measures → scoring → views.

Corrections of the map know what ways are, and are made while the inputs are read.
"""

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

import tomteanalyse

ROOT = Path(tomteanalyse.__file__).parent
PACKAGE = "tomteanalyse"

MAY_IMPORT: dict[str, set[str]] = {
    "texts": set(),
    "errors": {"texts"},
    "config": {"texts", "errors"},
    "extract": {"texts", "errors", "config"},
    "study": {"texts", "errors", "config", "extract"},
}
FOUNDATION = {*MAY_IMPORT}
MAY_IMPORT["network"] = FOUNDATION
MAY_IMPORT["corrections"] = {*FOUNDATION, "network"}
MAY_IMPORT["inputs"] = {*FOUNDATION, "corrections"}
MAY_IMPORT["ledger"] = FOUNDATION
MAY_IMPORT["measures"] = {*FOUNDATION, "network"}
MAY_IMPORT["scoring"] = {*FOUNDATION, "network", "measures"}
# What may be published is decided on numbers; it never sees an assessment.
MAY_IMPORT["publishing"] = {*FOUNDATION, "measures"}
MAY_IMPORT["monitoring"] = {*FOUNDATION, "measures"}
MAY_IMPORT["dilution"] = {*FOUNDATION, "network", "measures"}
MAY_IMPORT["assessment"] = {*MAY_IMPORT["scoring"], "scoring"}
MAY_IMPORT["public_assessment"] = {*MAY_IMPORT["assessment"], "assessment", "publishing"}
MAY_IMPORT["difference"] = {*MAY_IMPORT["assessment"], "assessment"}
MAY_IMPORT["views"] = {
    *MAY_IMPORT["difference"],
    "difference",
    "monitoring",
    "dilution",
    "publishing",
    "public_assessment",
}
MAY_IMPORT["pipeline"] = {*MAY_IMPORT["views"], "views", "inputs", "ledger"}
MAY_IMPORT["whatif"] = {*MAY_IMPORT["pipeline"], "pipeline"}
MAY_IMPORT["public_search"] = MAY_IMPORT["whatif"]
MAY_IMPORT["publication"] = {*MAY_IMPORT["whatif"], "whatif", "public_search"}
"""Parts of the package and the parts each may import; what is not named stands on top."""

ON_TOP = {"__main__", "cli", "commands", "failure_log"}
VERSION = {"", "__version__"}
"""The package's own version may be asked for anywhere; it lies in the package's door."""
HEAVY = ("geopandas", "osmnx", "folium", "pandas", "matplotlib", "xlsxwriter")


def _modules() -> list[Path]:
    return sorted(ROOT.rglob("*.py"))


def _part(module: str) -> str:
    """Return the part of the package a module belongs to; "" for the package itself."""
    return f"{module}.".split(".")[1]


def _name(path: Path) -> str:
    parts = path.relative_to(ROOT.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _imported(path: Path) -> set[str]:
    """Return the package's own modules that a file imports, wherever in it the import stands."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} has a relative import"
            # `from tomteanalyse import errors` names the part only there.
            is_root = node.module == PACKAGE
            found |= {
                f"{node.module}.{alias.name}" if is_root else str(node.module)
                for alias in node.names
            }
    return {module for module in found if module.split(".")[0] == PACKAGE}


@pytest.mark.parametrize("path", _modules(), ids=_name)
def test_a_module_imports_only_what_lies_before_it(path: Path) -> None:
    part = _part(_name(path))
    if part not in MAY_IMPORT:
        return  # the package's own door, the command line and the log stand on top
    parts = {_part(module) for module in _imported(path)} - {part, *VERSION}
    assert parts <= MAY_IMPORT[part], f"{_name(path)} imports {sorted(parts - MAY_IMPORT[part])}"


def test_every_part_of_the_package_has_its_place_in_the_order() -> None:
    parts = {_part(_name(path)) for path in _modules()} - {""}
    assert parts - {*MAY_IMPORT} == ON_TOP


def test_nothing_imports_what_stands_on_top() -> None:
    for path in _modules():
        if _part(_name(path)) in ("__main__", "cli", "commands"):
            continue
        tops = {_part(module) for module in _imported(path)} & ON_TOP
        assert not tops, _name(path)


def test_no_module_is_imported_in_a_ring() -> None:
    graph = {_name(path): _imported(path) - {_name(path)} for path in _modules()}
    names = {*graph}
    seen: set[str] = set()

    def walk(module: str, trail: tuple[str, ...]) -> None:
        assert module not in trail, " → ".join([*trail, module])
        if module in seen:
            return
        for other in sorted(graph[module] & names):
            walk(other, (*trail, module))
        seen.add(module)

    # The package's door names pipeline and inputs for type checkers and loads them when asked.
    graph[PACKAGE] = set()
    for module in sorted(names):
        walk(module, ())


@pytest.mark.parametrize("module", [PACKAGE, f"{PACKAGE}.cli"])
def test_the_package_and_the_command_line_load_nothing_heavy(module: str) -> None:
    program = f"import json, sys, {module}; print(json.dumps(sorted(sys.modules)))"
    answer = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    loaded = {name.split(".")[0] for name in json.loads(answer.stdout)}
    assert not loaded & {*HEAVY}


def test_importing_any_module_says_nothing_and_writes_nothing(tmp_path: Path) -> None:
    names = [_name(path) for path in _modules() if path.name != "__main__.py"]
    program = f"import importlib\nfor name in {names!r}: importlib.import_module(name)"
    answer = subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )
    assert (answer.returncode, answer.stdout, answer.stderr) == (0, "", "")
    assert list(tmp_path.iterdir()) == []
