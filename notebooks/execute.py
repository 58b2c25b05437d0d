"""Run every notebook beside this file anew and store it: ``python notebooks/execute.py``.

What is stored is small and the same on every machine: no times, no paths, and of the map, which is
a whole page, only that it was shown.
"""

import re
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient

HERE = Path(__file__).parent
SHOWN = "The map shows itself here, as the page that `tomteanalyse run` writes."
_ADDRESS = re.compile(r"(?<= at )0x[0-9a-f]+")


def executed(path: Path) -> Any:  # noqa: ANN401 - nbformat has no types
    """Return a notebook with the outputs of a fresh run, whole.

    Raises
    ------
    nbclient.exceptions.CellExecutionError
        If a cell fails.
    """
    notebook = nbformat.read(path, as_version=4)
    run = NotebookClient(
        notebook, kernel_name="python3", resources={"metadata": {"path": str(path.parent)}}
    )
    run.execute()
    return notebook


def stored(notebook: Any) -> Any:  # noqa: ANN401 - nbformat has no types
    """Return the same notebook as it is kept: without what is large or says who ran it."""
    kept = nbformat.from_dict(notebook)
    kept.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    for cell in kept.cells:
        cell.metadata = {}
        for output in cell.get("outputs", []):
            output.pop("execution_count", None)
            output.get("metadata", {}).clear()
            if output.output_type == "execute_result":
                output.execution_count = cell.execution_count
                output.data = _small(output.data)
    return kept


def _small(data: Any) -> Any:  # noqa: ANN401 - nbformat has no types
    if "<iframe" in data.get("text/html", ""):
        return {"text/plain": SHOWN}
    return {"text/plain": _ADDRESS.sub("0x", data["text/plain"])}


def main() -> None:
    """Run and store them all."""
    for path in sorted(HERE.glob("*.ipynb")):
        nbformat.write(stored(executed(path)), path)


if __name__ == "__main__":
    main()
