"""The figures that stand on the page of monitoring as text, whether or not its scripts run."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from tomteanalyse.measures.concentration.change import CAUSES
from tomteanalyse.monitoring.found import INDICES, Geography, Monitoring
from tomteanalyse.texts import Catalog

SHARE_DECIMALS = 2
INDEX_DECIMALS = 3


@dataclass(frozen=True)
class Table:
    """A table of written cells; the first of every row heads it."""

    name: str
    headings: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True)
class CauseRow:
    """What changed in a period, by cause: how many, and what it gave of the share ("" if none)."""

    period: str
    cells: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class CauseTable:
    """The causes of change by period, and all of them together."""

    headings: Sequence[str]
    rows: Sequence[CauseRow]
    total: CauseRow


def totals_table(found: Monitoring, say: Catalog) -> Table:
    """Return homes, dwellings and share of the whole municipality by day."""
    columns = ["homes", "dwellings", "share"] if found.basis else ["homes"]
    rows = []
    for day, row in zip(found.days, found.totals.to_dict("records"), strict=True):
        cells = {
            "homes": say.number(row["homes"]),
            "dwellings": _whole(row["dwellings"], say),
            "share": share_text(row["share"], say),
        }
        rows.append([say.date(day.isoformat()), *(cells[name] for name in columns)])
    return Table(say("monitoring_page.as_table"), _headings(["day", *columns], say), rows)


def index_table(geography: Geography, found: Monitoring, say: Catalog) -> Table:
    """Return every index by day, with the band that random labelling gives."""
    by_day = {
        (pd.Timestamp(day), str(index)): row
        for (day, index), row in zip(
            geography.indices.index, geography.indices.to_dict("records"), strict=True
        )
    }
    rows = []
    for day in found.days:
        cells = []
        for index in INDICES:
            row = by_day.get((pd.Timestamp(day), index))
            if row is None:
                cells += [say("number.unknown"), ""]
                continue
            written = [_index(index, row[name], say) for name in ("value", "low", "high")]
            cells += [written[0], say("monitoring_page.span", low=written[1], high=written[2])]
        rows.append([say.date(day.isoformat()), *cells])
    headings = [say("monitoring_page.column.day")]
    for index in INDICES:
        headings += [
            say(f"monitoring_page.index.{index}.name"),
            say("monitoring_page.column.chance"),
        ]
    name = say(
        "monitoring_page.index_table", division=say(f"monitoring_page.geography.{geography.key}")
    )
    return Table(name, headings, rows)


def cause_table(found: Monitoring, say: Catalog) -> CauseTable | None:
    """Return what changed in the whole municipality by period and cause; None if nothing did."""
    if not len(found.changes):
        return None
    changes = found.changes.set_axis(pd.DatetimeIndex(found.changes.index).as_unit("s"), axis=0)
    split = found.basis is not None
    headings = [
        say("monitoring_page.column.period"),
        *(say(f"monitoring_page.cause.{cause}") for cause in CAUSES),
    ]
    if split:
        headings.append(say("monitoring_page.column.change_of_share"))
    rows = []
    for before, day in zip(found.days, found.days[1:], strict=False):
        stamp = pd.Timestamp(day)
        changed = changes.loc[[stamp]] if stamp in changes.index else changes.iloc[:0]
        ends = {"from": say.date(before.isoformat()), "to": say.date(day.isoformat())}
        period = say("monitoring_page.card.period", **ends)
        rows.append(_causes(period, changed, say, split=split))
    total = _causes(say("monitoring_page.column.all_periods"), changes, say, split=split)
    return CauseTable(headings, rows, total)


def _causes(period: str, changes: pd.DataFrame, say: Catalog, *, split: bool) -> CauseRow:
    cells = []
    for cause in CAUSES:
        count = int(changes[f"count_{cause}"].sum())
        if not changes[f"count_{cause}"].any():
            cells.append((say("monitoring_page.nothing"), ""))
            continue
        part = changes[f"part_{cause}"].sum(skipna=False)
        cells.append((signed(count, say), points_text(part, say) if split else ""))
    if split:
        cells.append((points_text(changes["change"].sum(skipna=False), say), ""))
    return CauseRow(period, cells)


def share_text(share: float, say: Catalog, *, decimals: int = SHARE_DECIMALS) -> str:
    """Write a share in per cent, or the word for unknown."""
    if math.isnan(share):
        return say("number.unknown")
    return say("explain.percent", number=say.number(100 * share, decimals=decimals))


def points_text(change: float, say: Catalog, *, decimals: int = SHARE_DECIMALS) -> str:
    """Write a change of a share in percentage points, with its sign and without its unit."""
    if math.isnan(change):
        return say("number.unknown")
    return signed(100 * change, say, decimals=decimals)


def signed(value: float, say: Catalog, *, decimals: int = 0) -> str:
    """Write a number with its sign, also where it grew."""
    written = say.number(value, decimals=decimals)
    return f"+{written}" if round(value, decimals) > 0 else written


def _index(index: str, value: float, say: Catalog) -> str:
    if index == "top_share":
        return share_text(value, say, decimals=1)
    return say.number(value, decimals=INDEX_DECIMALS)


def _whole(count: Any, say: Catalog) -> str:  # noqa: ANN401 - a whole number or NA
    return say("number.unknown") if pd.isna(count) else say.number(int(count))


def _headings(names: Sequence[str], say: Catalog) -> list[str]:
    return [say(f"monitoring_page.column.{name}") for name in names]
