"""What corrections would change, on the screen."""

import io
import json
import shutil
import sys
from collections.abc import Sequence

import pandas as pd
from rich.console import Console
from rich.table import Table
from rich.text import Text

from tomteanalyse.difference import Difference
from tomteanalyse.errors import Notice
from tomteanalyse.scoring.shortcut_rows import rows_of
from tomteanalyse.texts import Catalog, Language, catalog
from tomteanalyse.views.corrections import correction_lines
from tomteanalyse.views.outputs import Output
from tomteanalyse.views.screen import PIPE_WIDTH
from tomteanalyse.views.what_if.facts import facts
from tomteanalyse.views.what_if.words import (
    crossed_texts,
    list_text,
    load_text,
    place_text,
    summary,
    unchanged_sentence,
    words_of,
)

PARTS = ("before", "after")


def difference_text(found: Difference, *, language: Language) -> str:
    """Draw what changes as text, as wide as the screen: corrections, plots, places, in words."""
    say = catalog(language)
    study = found.after.study.config.name
    parts: list[str | Table] = [say("whatif.heading", study=study)]
    parts += [f"• {line}" for line in correction_lines(found.tried, say)]
    parts.append("")
    if found.plots["changed"].any():
        parts.append(_plots(found, say))
    if (found.places["change"] != "same").any():
        parts.append(_places(found, say))
    if unchanged := unchanged_sentence(found, say):
        parts.append(unchanged)
    parts += summary(found, say)
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else PIPE_WIDTH
    drawn = io.StringIO()
    console = Console(file=drawn, width=width, color_system=None)
    for part in parts:
        # Names are data: no markup in them is obeyed.
        console.print(Text(part) if isinstance(part, str) else part)
    return drawn.getvalue()


def difference_json(
    found: Difference,
    outputs: Sequence[Output],
    warnings: Sequence[Notice],
    *,
    language: Language,
) -> str:
    """Return the answer as one strict JSON object: `facts`, with ``warnings`` and ``outputs``."""
    answer = {
        **facts(found, catalog(language)),
        "warnings": [notice.as_dict(language) for notice in warnings],
        "outputs": [each.as_dict() for each in outputs],
    }
    return json.dumps(answer, ensure_ascii=False, allow_nan=False, indent=2)


def _plots(found: Difference, say: Catalog) -> Table:
    words = words_of(found, say)
    headings = ("plot", "score", "rank", "index", "clear")
    table = _table("whatif.screen.plots", headings, say, left=("plot", "clear"))
    for row in found.plots[found.plots["changed"]].reset_index().to_dict("records"):
        ranks = [
            say("tables.unranked") if pd.isna(row[f"rank_{part}"]) else str(row[f"rank_{part}"])
            for part in PARTS
        ]
        flags = [say("word.yes" if row[f"clear_{part}"] else "word.no") for part in PARTS]
        table.add_row(
            Text(words.plot(str(row["plot_id"]))),
            _arrow([words.score(row[f"score_{part}"]) for part in PARTS], say),
            _arrow(ranks, say),
            _arrow([say.number(row[f"index_{part}"], decimals=2) for part in PARTS], say),
            _arrow(flags, say),
        )
    return table


def _places(found: Difference, say: Catalog) -> Table:
    words = words_of(found, say)
    headings = ("change", "list", "crossed", "place", "load", "plots")
    table = _table(
        "whatif.screen.places", headings, say, left=("change", "list", "crossed", "plots")
    )
    crossed = crossed_texts(found, say).tolist()
    for row, what in zip(rows_of(found.places), crossed, strict=True):
        if row["change"] == "same":
            continue
        plots = dict.fromkeys([*row["plots_before"], *row["plots_after"]])
        table.add_row(
            say(f"whatif.change.{row['change']}"),
            list_text(severe=row["severe"], unsure=row["unsure"], say=say),
            Text(what),
            _arrow([place_text(row[f"place_{part}"], say) for part in PARTS], say),
            _arrow([load_text(row[f"load_{part}"], say) for part in PARTS], say),
            Text(", ".join(words.plot(each) for each in plots)),
        )
    return table


def _table(title: str, headings: tuple[str, ...], say: Catalog, *, left: tuple[str, ...]) -> Table:
    table = Table(title=say(f"{title}.title"), title_justify="left", box=None)
    for name in headings:
        side = "left" if name in left else "right"
        table.add_column(say(f"{title}.{name}"), justify="left" if side == "left" else "right")
    return table


def _arrow(both: list[str], say: Catalog) -> str:
    before, after = both
    return before if before == after else say("whatif.arrow", before=before, after=after)
