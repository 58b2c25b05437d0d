"""What a later state says of the past otherwise than an earlier one, and what is simply new.

The test is the day the earlier state is of: whatever the later state says otherwise of that day or
any day before it is a correction, however late; what differs only afterwards has happened since. A
register that strikes homes out, or tells no days, can only be read as speaking of all time.
"""

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import shapely

from tomteanalyse.errors import Notice, UsageError
from tomteanalyse.ledger.contents import Content, Facts
from tomteanalyse.ledger.database import WAIT_S, opened
from tomteanalyse.ledger.history import chosen, content_at, states_in

_COLUMNS = ("unit_id", "field", "before", "after", "correction", "day", "cause")
_ALWAYS, _NEVER = "", "9999-12-31"
"""Before and after every day in ISO form: no known beginning, no end."""
_LASTING = ("homes", "step", "housing_form", "building_id", "geometry")
"""Facts that hold for as long as the unit does."""


def corrections(
    path: Path, earlier: int, later: int | None = None, *, wait_s: float = WAIT_S
) -> pd.DataFrame:
    """List what changed between two states of a ledger.

    Parameters
    ----------
    path
        The ledger.
    earlier, later
        Numbers of `states`; the last one by default.

    Returns
    -------
    DataFrame
        One row per unit and field that differs, ordered by both: ``unit_id``; ``field`` ("unit" or
        a column of `Study.units`); ``before``, ``after`` (str or NA, as written: days in ISO form,
        places as WKT [m]; of a unit "placed", "unplaced" or "absent"); ``correction`` (bool: says
        something else of a day up to that of the earlier state); ``day`` (datetime64 or NaT) and
        ``cause`` (str or NA) of a unit's coming ("unit") or going ("valid_to").

    Raises
    ------
    UsageError
        ``ledger.states_reversed``, ``ledger.no_such_state``, ``ledger.empty``; as `opened`.
    DataError
        As `opened`.
    """
    with opened(path, wait_s=wait_s) as database:
        listed = states_in(database)
        first, second = (chosen(listed, number, name=path.name) for number in (earlier, later))
        if first > second:
            values = {"earlier": first.number, "later": second.number}
            raise UsageError(Notice("ledger.states_reversed", file=path.name, values=values))
        before, after = (content_at(database, state, name=path.name) for state in (first, second))
    rows = list(_differences(before, after, known=first.day))
    table = pd.DataFrame(rows, columns=list(_COLUMNS))
    for name in ("unit_id", "field", "before", "after", "cause"):
        table[name] = table[name].astype("str")
    days = table["day"].astype("object").fillna("NaT").to_numpy(dtype="datetime64[s]")
    return table.assign(
        correction=table["correction"].astype(bool), day=pd.Series(days, dtype="datetime64[s]")
    )


Difference = tuple[str, str, str | None, str | None, bool, str | None, str | None]


def _differences(before: Content, after: Content, *, known: str) -> Iterator[Difference]:
    for unit in sorted(before.keys() | after.keys()):
        then, now = before.get(unit), after.get(unit)
        if then is not None and now is not None:
            if then != now:
                yield from _fields(unit, then, now, known=known)
            continue
        statuses = _status(unit, before), _status(unit, after)
        if statuses[0] != statuses[1]:
            facts = then or now
            past = facts is not None and _begin(facts) <= known
            came = (None, None) if now is None else (now.valid_from, now.began)
            yield unit, "unit", *statuses, past, *came


def _status(unit: str, content: Content) -> str:
    if unit not in content:
        return "absent"
    return "unplaced" if content[unit] is None else "placed"


def _fields(unit: str, then: Facts, now: Facts, *, known: str) -> Iterator[Difference]:
    began = min(_begin(then), _begin(now)) <= known
    # The last day counts: who is said to be gone after the known day was there on it.
    gone = min(_end(then), _end(now)) < known
    past = {
        **dict.fromkeys(_LASTING, began),
        **dict.fromkeys(("valid_from", "began"), began),
        **dict.fromkeys(("valid_to", "ended"), gone),
    }
    old, new = _written(then), _written(now)
    for field in sorted(past):
        if old[field] != new[field]:
            went = (now.valid_to, now.ended) if field == "valid_to" else (None, None)
            yield unit, field, old[field], new[field], past[field], *went


def _begin(facts: Facts) -> str:
    return facts.valid_from or _ALWAYS


def _end(facts: Facts) -> str:
    return facts.valid_to or _NEVER


def _written(facts: Facts) -> dict[str, str | None]:
    values = facts._asdict()
    place = shapely.Point(values.pop("x"), values.pop("y"))
    return {
        **{name: None if value is None else str(value) for name, value in values.items()},
        "geometry": shapely.to_wkt(place, rounding_precision=3, trim=True),
    }
