"""What monitoring found, on the screen: in short, and for programs."""

import io
import json
import shutil
import sys
from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import pandas as pd
from rich.console import Console
from rich.table import Table
from rich.text import Text

from tomteanalyse.errors import Notice
from tomteanalyse.measures.concentration.change import CAUSES
from tomteanalyse.monitoring.found import INDICES, Monitoring
from tomteanalyse.texts import Catalog, Language, catalog
from tomteanalyse.views.edition import edition_line
from tomteanalyse.views.monitoring.page_tables import share_text, signed
from tomteanalyse.views.monitoring.period import over_period
from tomteanalyse.views.monitoring.sheets import area_names
from tomteanalyse.views.monitoring.words import basis_text, days_text
from tomteanalyse.views.outputs import Output
from tomteanalyse.views.screen import PIPE_WIDTH

MOST_MOVED = 3
"""How many areas are named of those whose share fell, or rose, most."""
INDEX_DECIMALS = 3


def monitoring_text(found: Monitoring, *, language: Language) -> str:
    """Draw what changed, by cause, and the indices with their intervals, as wide as the screen."""
    say = catalog(language)
    heading = say("monitoring_screen.heading", study=found.study.config.name)
    parts: list[str | Table] = [
        edition_line("internal", say),
        f"{heading}, {days_text(found, say)}",
        basis_text(found, say),
        "",
        _days(found, say),
    ]
    if any(len(each.indices) for each in found.geographies.values()):
        parts += ["", _indices(found, say)]
    parts += _moved(found, say)
    if len(found.known):
        parts.append(say("monitoring_screen.known", count=say.number(len(found.known))))
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else PIPE_WIDTH
    drawn = io.StringIO()
    console = Console(file=drawn, width=width, color_system=None)
    for part in parts:
        # Names are data: no markup in them is obeyed.
        console.print(Text(part) if isinstance(part, str) else part)
    return drawn.getvalue()


def monitoring_json(
    found: Monitoring,
    outputs: Sequence[Output],
    warnings: Sequence[Notice],
    *,
    language: Language,
) -> str:
    """Return the municipality's figures as one strict JSON object, shares and indices unrounded."""
    answer = {
        "edition": "internal",
        "study": found.study.config.name,
        "days": [day.isoformat() for day in found.days],
        "step": found.step,
        "basis": found.basis,
        "totals": _records(found.totals),
        "changes": _records(found.changes),
        "indices": {key: _records(each.indices) for key, each in found.geographies.items()},
        "late_corrections": len(found.known),
        "warnings": [notice.as_dict(language) for notice in warnings],
        "outputs": [each.as_dict() for each in outputs],
    }
    return json.dumps(answer, ensure_ascii=False, allow_nan=False, indent=2)


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    rows = table.reset_index()
    days = rows["day"].dt.strftime("%Y-%m-%d")
    plain = rows.assign(day=days).astype("object").where(rows.notna(), None)
    return [{str(name): cell for name, cell in row.items()} for row in plain.to_dict("records")]


def _days(found: Monitoring, say: Catalog) -> Table:
    """Return homes, dwellings and share by day, and what happened since the day before."""
    table = Table(box=None, pad_edge=False)
    shown = ["day", "homes", *(["dwellings", "share"] if found.basis else [])]
    for name in shown:
        side = "left" if name == "day" else "right"
        heading = say(f"monitoring_page.column.{name}")
        table.add_column(heading, justify="left" if side == "left" else "right", no_wrap=True)
    table.add_column(say("monitoring_screen.since"))
    changed = {pd.Timestamp(row["day"]): row for row in _rows(found.changes)}
    for day, row in zip(found.days, _rows(found.totals), strict=True):
        cells = {
            "day": say.date(day.isoformat()),
            "homes": say.number(row["homes"]),
            "dwellings": "" if pd.isna(row["dwellings"]) else say.number(int(row["dwellings"])),
            "share": share_text(row["share"], say),
        }
        since = changed.get(pd.Timestamp(day))
        causes = "" if since is None else _causes(since, say)
        table.add_row(*(cells[name] for name in shown), causes)
    return table


def _rows(table: pd.DataFrame) -> list[dict[Hashable, Any]]:
    return table.reset_index().to_dict("records")


def _causes(counts: Mapping[Hashable, Any], say: Catalog) -> str:
    return ", ".join(
        say(
            "monitoring_screen.cause",
            cause=say(f"monitoring_page.cause.{cause}"),
            count=signed(int(counts[f"count_{cause}"]), say),
        )
        for cause in CAUSES
        if counts[f"count_{cause}"]
    )


def _indices(found: Monitoring, say: Catalog) -> Table:
    """Return every index on the first and the last day, and what chance would give on the last."""
    ends = [pd.Timestamp(day) for day in dict.fromkeys((found.days[0], found.days[-1]))]
    days = [say.date(day.date().isoformat()) for day in ends]
    table = Table(box=None, pad_edge=False)
    table.add_column(say("monitoring_screen.indices"))
    for heading in (*days, say("monitoring_screen.by_chance", day=days[-1])):
        table.add_column(heading, justify="right", no_wrap=True)
    for key, geography in found.geographies.items():
        rows = geography.indices
        for index in INDICES:
            if (ends[-1], index) not in rows.index:
                continue
            values = [
                _number(rows.loc[(day, index), "value"], say)
                if (day, index) in rows.index
                else say("number.unknown")
                for day in ends
            ]
            low, high = (_number(rows.loc[(ends[-1], index), end], say) for end in ("low", "high"))
            name = say(f"monitoring_page.index.{index}.name")
            if index == "top_share":
                areas = say.number(geography.top_areas)
                name += " " + say("monitoring_page.index.top_share.areas", count=areas)
            division = say(f"monitoring_page.geography.{key}")
            span = say("monitoring_page.span", low=low, high=high)
            table.add_row(f"{division}: {name}", *values, span)
    return table


def _number(value: Any, say: Catalog) -> str:  # noqa: ANN401 - a cell of a table
    return say.number(float(value), decimals=INDEX_DECIMALS)


def _moved(found: Monitoring, say: Catalog) -> list[str]:
    """Say which areas' shares fell and rose most over the period, and why."""
    if found.basis is None:
        return []
    geography = found.geographies.get("area") or found.geographies["cell_1000"]
    table, names = over_period(geography, found.days), area_names(geography, found, say)
    # As it will be read: what is told to be changed shows in the figures.
    moved = table[(table["change"].abs() >= 0.0005) & table["change"].notna()]
    lines = []
    for key, chosen in (
        ("fell", moved[moved["change"] < 0].sort_values("change", kind="stable")),
        ("rose", moved[moved["change"] > 0].sort_values("change", ascending=False, kind="stable")),
    ):
        if len(chosen):
            lines += ["", say(f"monitoring_screen.{key}")]
            lines += [
                say(
                    "monitoring_screen.place",
                    name=str(names[str(row["area"])]),
                    before=share_text(row["share_before"], say, decimals=1),
                    after=share_text(row["share"], say, decimals=1),
                    causes=_causes(row, say),
                )
                for row in _rows(chosen.head(MOST_MOVED))
            ]
    return lines
