"""What became known late: said otherwise of the past than it was said then."""

import re
from typing import Any

import pandas as pd

from tomteanalyse.texts import Catalog
from tomteanalyse.views.monitoring.page_tables import Table

COLUMNS = ("day", "unit_id", "what", "before", "after", "of")
"""Of the ledger's account; those that are there."""
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def late_corrections(known: pd.DataFrame, say: Catalog) -> Table:
    """Return the ledger's account of late corrections, written out.

    Parameters
    ----------
    known
        As `Monitoring.known`; of its columns those that are told.
    say
        The texts.
    """
    told = [name for name in COLUMNS if name in known.columns]
    rows = [
        [_written(name, row[name], say) for name in told] for row in known[told].to_dict("records")
    ]
    headings = [say(f"monitoring_page.late.{name}") for name in told]
    return Table(say("monitoring_page.late.heading"), headings, rows)


def _written(name: str, cell: Any, say: Catalog) -> str:  # noqa: ANN401 - of any table
    if pd.isna(cell):
        return ""
    if name in ("day", "of"):
        return say.date(pd.Timestamp(cell).date().isoformat())
    text = str(cell)
    if name not in ("what", "before", "after"):
        return text
    if _ISO_DAY.fullmatch(text):
        return say.date(text)
    return say(text) if text in say else text
