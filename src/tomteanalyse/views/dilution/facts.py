"""What moves would do, as data that is valid JSON: no NaN, no infinity."""

from dataclasses import asdict
from typing import Any

import pandas as pd

from tomteanalyse.dilution.found import Dilution
from tomteanalyse.texts import Catalog
from tomteanalyse.views.dilution.words import move_text, summary, terms_sentences
from tomteanalyse.views.provenance import study_run_id
from tomteanalyse.views.ranking import plain


def asked(found: Dilution) -> dict[str, Any]:
    """Return what was asked for, as the run's id and the manifest know it."""
    return {
        "dilute": {
            **asdict(found.terms),
            "buy_at": sorted(found.terms.buy_at),
            "objective": found.objective,
        }
    }


def run_of(found: Dilution) -> str:
    """Return the id of the run: the same inputs and the same terms give the same."""
    return study_run_id(found.study, asked=asked(found))


def facts(found: Dilution, say: Catalog, *, most: int) -> dict[str, Any]:
    """Return terms, plan and moves as JSON-ready data.

    Returns
    -------
    dict
        ``study``, ``edition``, ``run``, ``asked``, ``basis``, ``terms`` and ``summary``
        (sentences), ``parameters``, ``plan`` (numbers of moves), ``steps``, ``moves`` (the best, at
        most so many) and ``moves_in_all``; see `Dilution`.
    """
    moves = pd.DataFrame(found.moves.drop(columns="geometry")).head(most).reset_index()
    return {
        "study": found.study.config.name,
        "edition": "internal",
        "run": run_of(found),
        "asked": asked(found)["dilute"],
        "basis": found.basis,
        "terms": terms_sentences(found, say),
        "summary": summary(found, say),
        "parameters": dict(found.parameters or {}),
        "plan": list(found.plan),
        "steps": _records(found.steps.reset_index()),
        "moves": [
            {**row, "words": move_text(found, int(row["move"]), say)} for row in _records(moves)
        ],
        "moves_in_all": len(found.moves),
    }


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [
        {str(name): cell if isinstance(cell, dict) else plain(cell) for name, cell in row.items()}
        for row in table.to_dict("records")
    ]
