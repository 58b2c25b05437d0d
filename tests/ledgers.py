"""Fill a ledger in a line, and look into it from outside. All homes are fictional."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from datetime import date
from pathlib import Path

from registers import Home, study_of
from tomteanalyse.ledger import Added, add_state

A_HOME: Home = {
    "homes": 4,
    "step": 3,
    "housing_form": "smaahus",
    "building_id": "Blåbærlia",
    "valid_from": "2010-05-01",
    "began": "built",
    "at": (12.5, 7.25),
}


def add(
    path: Path,
    homes: Mapping[str, Home],
    day: str,
    *,
    unplaced: tuple[str, ...] = (),
    wait_s: float = 20.0,
) -> Added:
    """Add the state of a register of some day."""
    study = study_of(homes, on=date.fromisoformat(day), unplaced=unplaced)
    return add_state(path, study, wait_s=wait_s)


def dump(path: Path) -> list[str]:
    """Return all that stands in a ledger, as SQL."""
    with closing(sqlite3.connect(path)) as database:
        return list(database.iterdump())
