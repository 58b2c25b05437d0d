"""Add a state of the register to the ledger; nothing that stands there is ever changed."""

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyproj

from tomteanalyse.errors import DataError, Notice
from tomteanalyse.ledger.contents import Content, Facts, content_of, sha256_of
from tomteanalyse.ledger.database import WAIT_S, crs_of, ensure, opened, transaction
from tomteanalyse.ledger.history import State, content_at, states_in
from tomteanalyse.ledger.schema import point_blob, srs_id_of
from tomteanalyse.study import Study

FILE_NAME = "register.gpkg"
"""What the ledger is called in the study's folder."""
UNPLACED = "register.not_placed"
"""Reason in `Study.dropped` for units that stand in the register but have no place."""


@dataclass(frozen=True)
class Added:
    """What became of a state: its number, whether it is new, how many versions were written."""

    state: int
    new: bool
    versions: int


def add_state(
    path: Path, study: Study, *, day: date | None = None, wait_s: float = WAIT_S
) -> Added:
    """Add the study's register to the ledger, all of it or nothing.

    A state is known already if the ledger has the same content of the same day; of the ledger's
    last day only the last state counts, so that a register that is set back is a state of its own.
    An earlier register may come later: what is known at the states after it stays as it is.

    Parameters
    ----------
    path
        The ledger; made where there is none.
    study
        Whose register it is. Units that could not be placed are kept as such, without facts.
    day
        The day the register is of; the study file's ``date`` by default.
    wait_s
        How long to wait while another run writes [s].

    Raises
    ------
    DataError
        ``ledger.no_day``, ``ledger.not_ledger``, ``ledger.damaged``, ``ledger.newer``; the file
        at `path` is then as it was.
    UsageError
        ``ledger.locked``, ``ledger.cannot_write``, ``ledger.disk_full``.
    """
    of_day = study.config.units.on if day is None else day
    if of_day is None:
        raise DataError(
            Notice("ledger.no_day", file=study.input_name("register")),
            language=study.config.language,
        )
    ensure(path, crs=study.crs, language=study.config.language)
    with opened(path, wait_s=wait_s) as database:
        crs = crs_of(database)
        content = register_content(study, crs=crs)
        with transaction(database):
            return _add(
                database, content, day=of_day.isoformat(), srs_id=srs_id_of(crs), name=path.name
            )


def register_content(study: Study, *, crs: pyproj.CRS) -> Content:
    """Return what a study's register says, its units without a place included."""
    dropped = study.dropped
    unplaced = dropped.loc[dropped["reason"] == UNPLACED, "id"]
    return content_of(study.units, unplaced=unplaced, crs=crs)


def known_state(listed: list[State], *, day: str, sha256: str) -> State | None:
    """Return the state that a register of a day is, or None for a new one."""
    last = listed[-1:] if listed and listed[-1].day == day else listed
    return next(
        (state for state in reversed(last) if (state.day, state.sha256) == (day, sha256)), None
    )


def _add(
    database: sqlite3.Connection, content: Content, *, day: str, srs_id: int, name: str
) -> Added:
    listed = states_in(database)
    sha256 = sha256_of(content)
    known = known_state(listed, day=day, sha256=sha256)
    if known is not None:
        return Added(known.number, new=False, versions=0)
    before = [state for state in listed if state.day <= day]
    after = [state for state in listed if state.day > day]
    said_before = content_at(database, before[-1], name=name) if before else {}
    # Read first: the new state's versions would show through where the next one has none.
    said_after = content_at(database, after[0], name=name) if after else {}
    cursor = database.execute("INSERT INTO states (day, sha256) VALUES (?, ?)", (day, sha256))
    state = State(day, int(cursor.lastrowid or 0), sha256)
    written = _write(database, _changes(said_before, content), state=state, srs_id=srs_id)
    if after:
        own = {
            unit
            for (unit,) in database.execute(
                "SELECT unit_id FROM versions WHERE state = ?", (after[0].number,)
            )
        }
        again = [row for row in _changes(content, said_after) if row[0] not in own]
        _write(database, again, state=after[0], srs_id=srs_id)
    return Added(state.number, new=True, versions=written)


Row = tuple[str, str, Facts | None]
"""Unit, status, facts."""


def _changes(before: Content, after: Content) -> Iterator[Row]:
    """Yield the versions that make one content of another, ordered by unit."""
    for unit in sorted(before.keys() | after.keys()):
        if unit not in after:
            yield unit, "gone", None
        elif unit not in before or before[unit] != after[unit]:
            facts = after[unit]
            yield unit, "unplaced" if facts is None else "placed", facts


def _write(database: sqlite3.Connection, rows: Iterable[Row], *, state: State, srs_id: int) -> int:
    nothing = (None,) * (len(Facts._fields) - 2)
    values = [
        (
            None if facts is None else point_blob(facts.x, facts.y, srs_id=srs_id),
            unit,
            state.number,
            status,
            *(nothing if facts is None else facts[:-2]),
        )
        for unit, status, facts in rows
    ]
    database.executemany(
        "INSERT INTO versions (geom, unit_id, state, status, homes, step, housing_form,"
        " building_id, valid_from, valid_to, began, ended)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        values,
    )
    return len(values)
