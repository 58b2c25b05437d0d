"""What corrections would change, as data that is valid JSON: no NaN, no infinity."""

from typing import Any

import pandas as pd

from tomteanalyse.difference import Difference
from tomteanalyse.scoring.shortcut_rows import rows_of
from tomteanalyse.texts import Catalog
from tomteanalyse.views.corrections import correction_facts
from tomteanalyse.views.provenance import run_id
from tomteanalyse.views.ranking import plain, states
from tomteanalyse.views.what_if.words import crossed_texts, summary


def facts(found: Difference, say: Catalog) -> dict[str, Any]:
    """Return the whole difference as JSON-ready data.

    Returns
    -------
    dict
        ``edition``, ``study``, ``run_before``, ``run_after``, ``corrections`` (those that were
        tried), ``summary`` (sentences), ``moved``, ``plots``, ``criteria`` and ``places`` (see
        `Difference`; places with ``crossed`` in words and ``peak`` as [east, north] in the study's
        system [m]).
    """
    return {
        "edition": "internal",
        "study": found.after.study.config.name,
        "crs": found.after.study.crs.to_string(),
        "run_before": run_id(found.before),
        "run_after": run_id(found.after),
        "corrections": correction_facts(found.tried),
        "summary": summary(found, say),
        "moved": found.moved,
        "plots": _records(found.plots.reset_index()),
        "criteria": _criteria(found),
        "places": _places(found, say),
    }


def _criteria(found: Difference) -> list[dict[str, Any]]:
    table = found.criteria
    said = table.assign(
        **{f"state_{part}": states(table[f"measured_{part}"]) for part in ("before", "after")}
    )
    return _records(said)


def _places(found: Difference, say: Catalog) -> list[dict[str, Any]]:
    crossed = crossed_texts(found, say)
    return [
        {
            **{
                name: list(cell) if isinstance(cell, tuple) else plain(cell)
                for name, cell in row.items()
                if name not in ("peak", "geometry")
            },
            "crossed": what,
            "peak": [round(row["peak"].x, 1), round(row["peak"].y, 1)],
        }
        for row, what in zip(rows_of(found.places), crossed, strict=True)
    ]


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [
        {str(name): plain(cell) for name, cell in row.items()} for row in table.to_dict("records")
    ]
