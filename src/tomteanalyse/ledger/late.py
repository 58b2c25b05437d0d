"""Every late correction that the ledger holds, from state to state, for people to look through."""

import numpy as np
import pandas as pd

from tomteanalyse.errors import DataError, UsageError
from tomteanalyse.ledger.database import WAIT_S
from tomteanalyse.ledger.history import states
from tomteanalyse.ledger.restated import corrections
from tomteanalyse.ledger.writing import FILE_NAME
from tomteanalyse.study import Study

COLUMNS = ("unit_id", "day", "of", "what", "before", "after")
_SAID_BY_KEY = {
    "housing_form": "profile.form",
    "began": "ledger.cause",
    "ended": "ledger.cause",
    "unit": "ledger.status",
}
"""Fields whose values have words of their own, and where those stand in the catalogue."""


def late_corrections(study: Study, *, wait_s: float = WAIT_S) -> pd.DataFrame:
    """List what each state of the ledger says otherwise of the past than the state before it.

    Parameters
    ----------
    study
        Its folder has the ledger.
    wait_s
        How long to wait while another run writes [s].

    Returns
    -------
    DataFrame
        Ordered by ``day``, unit and field: ``unit_id``; ``day`` (datetime64, when it was known);
        ``of`` (datetime64: up to that day the past is told otherwise); ``what`` (key of a text);
        ``before``, ``after`` (str or NA: what was said and what is; keys of texts where the
        catalogue has them, NA for a place that was moved). Empty where there is no ledger or it
        cannot be used, which `keep_state` tells.
    """
    path = study.folder / FILE_NAME
    tables = []
    try:
        listed = states(path, wait_s=wait_s) if path.is_file() else _NO_STATES
        numbers, days = listed.index.tolist(), listed["day"].tolist()
        for at in range(1, len(numbers)):
            found = corrections(path, numbers[at - 1], numbers[at], wait_s=wait_s)
            late = found[found["correction"]]
            tables.append(late.assign(day=days[at], of=days[at - 1]))
    except (DataError, UsageError):
        tables = []
    if not tables:
        return _NOTHING.copy()
    return _told(pd.concat(tables, ignore_index=True))


def _told(table: pd.DataFrame) -> pd.DataFrame:
    told = table.assign(what="ledger.said." + table["field"])
    for name in ("before", "after"):
        words = [
            _word(field, value) for field, value in zip(table["field"], table[name], strict=True)
        ]
        told[name] = pd.Series(words, index=table.index, dtype="str")
    return told[list(COLUMNS)].astype(_NOTHING.dtypes.to_dict())


def _word(field: str, value: str | float | None) -> str | None:
    if pd.isna(value) or field == "geometry":
        return None
    return f"{_SAID_BY_KEY[field]}.{value}" if field in _SAID_BY_KEY else str(value)


_NO_STATES = pd.DataFrame({"day": np.array([], dtype="datetime64[s]")})
_NOTHING = pd.DataFrame(
    {name: pd.Series(dtype="datetime64[s]" if name in ("day", "of") else "str") for name in COLUMNS}
)
