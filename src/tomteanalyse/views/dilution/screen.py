"""What moves would do, on the screen."""

import io
import json
import shutil
import sys
from collections.abc import Sequence
from typing import Any

import pandas as pd
from rich.console import Console
from rich.table import Table
from rich.text import Text

from tomteanalyse.dilution.evenness import INDEX_NAMES
from tomteanalyse.dilution.found import Dilution
from tomteanalyse.errors import Notice
from tomteanalyse.texts import Catalog, Language, catalog
from tomteanalyse.views.dilution.columns import MOST_ROWS
from tomteanalyse.views.dilution.facts import facts
from tomteanalyse.views.dilution.words import (
    CHANGE_DECIMALS,
    IN_PERCENT,
    index_text,
    move_text,
    signed_text,
    summary,
    terms_sentences,
)
from tomteanalyse.views.outputs import Output
from tomteanalyse.views.screen import PIPE_WIDTH

SHOWN_MOVES = 15
WALKS = ("bus", "grocery")
POINT_DECIMALS = 2


def dilution_text(found: Dilution, *, language: Language) -> str:
    """Draw terms, the best moves, the plan step by step, and what it costs, as text."""
    say = catalog(language)
    index = say(f"dilution.index.{found.objective}").lower()
    parts: list[str | Table] = [say("dilution.heading", study=found.study.config.name)]
    parts += [f"• {line}" for line in terms_sentences(found, say)]
    parts += ["", _moves(found, index, say)]
    hidden = len(found.moves) - SHOWN_MOVES
    if hidden > 0:
        parts.append(say("dilution.screen.more", count=say.number(hidden)))
    parts.append("")
    if found.plan:
        parts += [_plan(found, say), ""]
    parts += summary(found, say)
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else PIPE_WIDTH
    drawn = io.StringIO()
    console = Console(file=drawn, width=width, color_system=None)
    for part in parts:
        # Names are data: no markup in them is obeyed.
        console.print(Text(part) if isinstance(part, str) else part)
    return drawn.getvalue()


def dilution_json(
    found: Dilution,
    outputs: Sequence[Output],
    warnings: Sequence[Notice],
    *,
    language: Language,
) -> str:
    """Return the answer as one strict JSON object: `facts`, with ``warnings`` and ``outputs``."""
    answer = {
        **facts(found, catalog(language), most=MOST_ROWS),
        "warnings": [notice.as_dict(language) for notice in warnings],
        "outputs": [each.as_dict() for each in outputs],
    }
    return json.dumps(answer, ensure_ascii=False, allow_nan=False, indent=2)


def _moves(found: Dilution, index: str, say: Catalog) -> Table:
    table = _table(say("dilution.screen.moves", index=index), say)
    for name in _indices(found):
        kind = "points" if name in IN_PERCENT else "index"
        table.add_column(say(f"dilution.{kind}.{name}"), justify="right")
    table.add_column(say("dilution.screen.capacity"), justify="right")
    for name in WALKS:
        table.add_column(say(f"dilution.screen.walk_{name}"), justify="right")
    for row in found.moves.head(SHOWN_MOVES).reset_index().to_dict("records"):
        table.add_row(
            str(row["move"]),
            Text(move_text(found, row["move"], say)),
            *(_change(name, float(row[name]), say) for name in _indices(found)),
            signed_text(row["capacity"], say, decimals=0),
            *(_walk(row, name, say) for name in WALKS),
        )
    return table


def _plan(found: Dilution, say: Catalog) -> Table:
    table = _table(say("dilution.screen.plan"), say)
    for name in _indices(found):
        table.add_column(say(f"dilution.index.{name}"), justify="right")
    table.add_column(say("dilution.screen.homes"), justify="right")
    for name in WALKS:
        table.add_column(say(f"dilution.screen.walk_{name}"), justify="right")
    for row in found.steps.reset_index().to_dict("records"):
        today = pd.isna(row["move"])
        what = say("dilution.screen.today") if today else move_text(found, int(row["move"]), say)
        table.add_row(
            say("dilution.none") if today else str(row["order"]),
            Text(what),
            *(index_text(name, float(row[name]), say) for name in _indices(found)),
            say.number(row["homes"]),
            *(say.metres(float(row[f"walk_{name}_m"])) for name in WALKS),
        )
    return table


def _indices(found: Dilution) -> tuple[str, ...]:
    """Return the objective, one index beside it, and the share around a home."""
    beside = next(name for name in INDEX_NAMES if name != found.objective)
    return (found.objective, beside, "around")


def _table(title: str, say: Catalog) -> Table:
    table = Table(title=title, title_justify="left", box=None)
    table.add_column(say("dilution.screen.number"), justify="right")
    table.add_column(say("dilution.screen.what"))
    return table


def _change(name: str, change: float, say: Catalog) -> str:
    if name in IN_PERCENT:
        return signed_text(100 * change, say, decimals=POINT_DECIMALS)
    return signed_text(change, say, decimals=CHANGE_DECIMALS)


def _walk(row: dict[str, Any], name: str, say: Catalog) -> str:
    """Return the walk from the unit, from the plot, or from the one and then the other."""
    ends = [
        say.metres(float(row[column]))
        for there, column in (
            ("unit_id", f"walk_{name}_m"),
            ("plot_id", f"walk_{name}_to_m"),
        )
        if not pd.isna(row[there])
    ]
    if len(ends) == 1:
        return ends[0]
    return say("dilution.arrow", before=ends[0], after=ends[1])
