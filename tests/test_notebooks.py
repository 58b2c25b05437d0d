import importlib.util
import re
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import nbformat
import pytest

FOLDER = Path(__file__).parents[1] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
LARGEST = 30_000
# What the libraries that run notebooks warn of is no fault of the notebooks.
pytestmark = pytest.mark.filterwarnings("ignore")


@cache
def execute() -> ModuleType:
    spec = importlib.util.spec_from_file_location("notebooks_execute", FOLDER / "execute.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@cache
def run(path: Path) -> Any:
    return execute().executed(path)


def said(notebook: Any) -> list[str]:
    """Return every text a notebook's cells gave, in order."""
    outputs = [each for cell in notebook.cells for each in cell.get("outputs", [])]
    return [each.get("text") or each["data"]["text/plain"] for each in outputs]


def test_there_is_one_for_the_main_job_and_one_for_ones_own_criterion() -> None:
    assert [path.stem for path in NOTEBOOKS] == ["main_job", "own_criterion"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_what_a_notebook_shows_is_what_a_run_gives_today(path: Path) -> None:
    """Where this fails: ``python notebooks/execute.py``."""
    kept = nbformat.read(path, as_version=4)
    assert all(cell.execution_count for cell in kept.cells if cell.cell_type == "code")
    fresh = execute().stored(run(path))
    assert said(kept) == said(fresh)
    assert len(said(kept)) >= 2


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_small_and_tells_of_no_machine_and_no_fault(path: Path) -> None:
    text = path.read_text("utf-8")
    assert len(text) < LARGEST
    assert not re.search(r"/(?:home|root|tmp|work|Users)/|[A-Z]:\\\\|Traceback|Warning", text)
    outputs = [each for cell in nbformat.read(path, 4).cells for each in cell.get("outputs", [])]
    assert {each.output_type for each in outputs} <= {"stream", "execute_result"}
    assert all(each.get("name", "stdout") == "stdout" for each in outputs)


def test_the_map_of_the_main_job_shows_itself_as_the_whole_page() -> None:
    (path,) = (path for path in NOTEBOOKS if path.stem == "main_job")
    shown = run(path).cells[-1].outputs[0].data["text/html"]
    assert shown.count("<iframe") == 1
    assert "Eksempelvik" in shown
    assert len(shown) > 200_000


def test_ones_own_criterion_changes_who_is_above_whom() -> None:
    (path,) = (path for path in NOTEBOOKS if path.stem == "own_criterion")
    rows = [line.split() for line in said(run(path))[0].splitlines()[2:]]
    ranks = {row[0]: (row[-6], row[-3]) for row in rows}
    assert any(before != after for before, after in ranks.values())
