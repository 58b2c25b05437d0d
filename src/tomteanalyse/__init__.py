"""Rank candidate plots for municipal welfare housing, with reasons.

>>> import tomteanalyse as ta
>>> result = ta.run(ta.read_study("data/eksempelvik"))  # doctest: +SKIP
>>> result.ranking  # doctest: +SKIP
"""

from typing import TYPE_CHECKING, Any

from tomteanalyse.errors import TomteanalyseError

if TYPE_CHECKING:
    from tomteanalyse.inputs.reading import read_study
    from tomteanalyse.pipeline import Result, run
    from tomteanalyse.study import Study

__version__ = "0.1.0"
__all__ = ["Result", "Study", "TomteanalyseError", "__version__", "read_study", "run"]

_HOMES = {
    "read_study": "tomteanalyse.inputs.reading",
    "Result": "tomteanalyse.pipeline",
    "run": "tomteanalyse.pipeline",
    "Study": "tomteanalyse.study",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401 - whatever the public name stands for
    """Load a public name when it is first asked for: geopandas alone takes a third of a second."""
    from importlib import import_module

    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
