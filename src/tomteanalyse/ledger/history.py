"""What the ledger holds: its states, and what was known at each of them."""

import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import geopandas as gpd
import pandas as pd

from tomteanalyse.errors import Notice, UsageError
from tomteanalyse.ledger.contents import PLAIN, Content, Facts, sha256_of, table_of
from tomteanalyse.ledger.database import WAIT_S, crs_of, damaged, opened
from tomteanalyse.ledger.schema import point_of


class State(NamedTuple):
    """One state of the register: the day it is of, its number, and what its content hashes to.

    States stand in the order of their days, those of one day in the order they arrived.
    """

    day: str
    number: int
    sha256: str


def states(path: Path, *, wait_s: float = WAIT_S) -> pd.DataFrame:
    """List the states of a ledger.

    Returns
    -------
    DataFrame
        On ``state`` (int, the number it got on arrival), in the order of their days: ``day``
        (datetime64), ``sha256`` (of the content).

    Raises
    ------
    DataError, UsageError
        As `opened`.
    """
    with opened(path, wait_s=wait_s) as database:
        listed = states_in(database)
    return pd.DataFrame(
        {
            "day": pd.Series([state.day for state in listed], dtype="datetime64[s]"),
            "sha256": pd.Series([state.sha256 for state in listed], dtype="str"),
        }
    ).set_index(pd.Index([state.number for state in listed], dtype="int64", name="state"))


def as_known(path: Path, state: int | None = None, *, wait_s: float = WAIT_S) -> gpd.GeoDataFrame:
    """Return the register as it was known at a state.

    Parameters
    ----------
    path
        The ledger.
    state
        A number of `states`; the last one by default.

    Returns
    -------
    GeoDataFrame
        As `Study.units`, without ``current`` and in the ledger's system [m].

    Raises
    ------
    DataError
        ``ledger.damaged`` also where the state's content does not hash to what it did.
    UsageError
        ``ledger.no_such_state``, ``ledger.empty``; as `opened`.
    """
    with opened(path, wait_s=wait_s) as database:
        wanted = chosen(states_in(database), state, name=path.name)
        return table_of(content_at(database, wanted, name=path.name), crs=crs_of(database))


def states_in(database: sqlite3.Connection) -> list[State]:
    """Return the states of an open ledger in the order of their days."""
    rows = database.execute("SELECT day, state, sha256 FROM states ORDER BY day, state")
    return [State(*row) for row in rows]


def chosen(listed: list[State], number: int | None, *, name: str) -> State:
    """Return the state with a number, the last one for None.

    Raises
    ------
    UsageError
        ``ledger.no_such_state``, ``ledger.empty``.
    """
    if not listed:
        raise UsageError(Notice("ledger.empty", file=name))
    if number is None:
        return listed[-1]
    by_number: Mapping[int, State] = {state.number: state for state in listed}
    if number not in by_number:
        values = {"state": number, "states": ", ".join(map(str, sorted(by_number)))}
        raise UsageError(Notice("ledger.no_such_state", file=name, values=values))
    return by_number[number]


def content_at(database: sqlite3.Connection, state: State, *, name: str) -> Content:
    """Return what the register said at a state, from the versions up to it.

    Raises
    ------
    DataError
        ``ledger.damaged`` if it is not what was written then.
    """
    content: dict[str, Facts | None] = {}
    rows = database.execute(
        f"SELECT unit_id, status, geom, {', '.join(PLAIN)} FROM versions JOIN states"  # noqa: S608 - our own names
        " USING (state) WHERE (day, state) <= (?, ?) ORDER BY day, state",
        (state.day, state.number),
    )
    for unit, status, geom, *facts in rows:
        if status == "gone":
            content.pop(unit, None)
        elif status == "unplaced":
            content[unit] = None
        else:
            try:
                content[unit] = Facts._make((*facts, *point_of(geom)))
            except (TypeError, ValueError) as error:
                raise damaged(name) from error
    if sha256_of(content) != state.sha256:
        raise damaged(name)
    return content
