"""What a command prints: the inputs, the ranking, the whole answer as JSON."""

import io
import json
import shutil
import sys
from collections.abc import Sequence
from datetime import date

from tomteanalyse.assessment import Assessment
from tomteanalyse.errors import SHOWN, Notice
from tomteanalyse.measures.concentration.denominator import basis_of, dwellings_at
from tomteanalyse.scoring.constraints import in_words
from tomteanalyse.scoring.wording import percent_text
from tomteanalyse.study import Study
from tomteanalyse.texts import Catalog, Language, catalog
from tomteanalyse.views.concentration_facts import concentration_facts
from tomteanalyse.views.outputs import Output
from tomteanalyse.views.ranking import ranking_records
from tomteanalyse.views.shortcut_records import crossing_places, plot_shortcuts
from tomteanalyse.views.tables import UNGRADED

PIPE_WIDTH = 140
"""Characters a line may have where nobody says how wide the screen is."""
NOT_SHOWN = "undecided_defaults"
"""A flag that all plots share says nothing beside one of them."""
COLUMNS = {
    "rank": "right",
    "plot": "left",
    "grade": "left",
    "score": "right",
    "interval": "right",
    "best": "right",
    "flags": "left",
}


def inputs_text(study: Study, warnings: Sequence[Notice] = (), *, language: Language) -> str:
    """Say what was read from every file, and whether there is anything to mind."""
    say = catalog(language)
    lines = [
        say(
            "cli.read_dropped" if each.dropped else "cli.read",
            role=say(f"role.{each.role}"),
            file=each.name,
            count=say.number(each.read),
            dropped=say.number(each.dropped),
        )
        for each in study.inputs
    ]
    if study.config.dwellings is not None:
        lines.append(_dwellings(study, say))
    homes = int(study.units.loc[study.units["current"], "homes"].sum())
    standing = _counted("cli.to_mind", len(warnings), say) if warnings else say("cli.all_well")
    plots = _counted("cli.plots", len(study.plots), say)
    in_use = say("cli.in_use", plots=plots, homes=_counted("cli.homes", homes, say))
    return "\n".join([*lines, f"{standing} {in_use}"])


def _dwellings(study: Study, say: Catalog) -> str:
    """Name what all dwellings were taken from, and how many there are on the register's date."""
    basis = basis_of(study)
    there = dwellings_at(study.dwellings, study.config.units.on or date.max)
    name = study.config.extract.file if basis == "extract_buildings" else None
    return say(
        f"dwellings.counted.{basis}",
        count=say.number(int(there["dwellings"].sum())),
        file=name or study.input_name("dwellings"),
    )


def _counted(key: str, count: int, say: Catalog) -> str:
    return say(f"{key}_one") if count == 1 else say(key, count=say.number(count))


def ranking_lines(assessment: Assessment, *, language: Language) -> str:
    """Draw the ranking as a table of text, as wide as the screen."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    say = catalog(language)
    table = Table(title=Text(assessment.study.config.name), title_justify="left", box=None)
    for heading, side in COLUMNS.items():
        table.add_column(say(f"cli.{heading}"), justify="right" if side == "right" else "left")
    for row in ranking_records(assessment, language):
        name = (
            row["plot_id"] if row["name"] == row["plot_id"] else f"{row['plot_id']} {row['name']}"
        )
        low, high = say.number(row["score_low"]), say.number(row["score_high"])
        flags = [say(f"flag.{flag}") for flag in row["flags"] if flag != NOT_SHOWN]
        table.add_row(
            "–" if row["rank"] is None else str(row["rank"]),
            # A name is data: no markup in it is obeyed, no line break kept.
            Text(" ".join(name.split())),
            row["grade"] or UNGRADED,
            say.number(row["score"], decimals=1),
            f"{low}–{high}",
            "–" if row["best"] is None else percent_text(row["best"], say),
            Text(", ".join(flags)),
        )
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else PIPE_WIDTH
    drawn = io.StringIO()
    Console(file=drawn, width=width, color_system=None).print(table)
    return "\n".join([drawn.getvalue(), *_to_clear(assessment, say), *_crossed(assessment, say)])


def _to_clear(assessment: Assessment, say: Catalog) -> list[str]:
    """Say what must be cleared and for which plots, a line for each reason."""
    verdicts = in_words(assessment.evaluation.verdicts, say)
    out = (verdicts["effect"] == "knock_out") & (verdicts["state"] == "violated")
    by_reason: dict[str, set[str]] = {}
    for reason, plot_id in zip(verdicts["reason"][~out], verdicts["plot_id"][~out], strict=True):
        by_reason.setdefault(" ".join(reason.split()), set()).add(plot_id)
    lines = [
        say("cli.to_clear", reason=reason, plots=_some(sorted(plots), say))
        for reason, plots in by_reason.items()
    ]
    return [*lines, ""] if lines else []


def _some(plots: Sequence[str], say: Catalog) -> str:
    shown, hidden = ", ".join(plots[:SHOWN]), len(plots) - SHOWN
    return f"{shown} {say('notice.more', count=hidden)}" if hidden > 0 else shown


def _crossed(assessment: Assessment, say: Catalog) -> list[str]:
    """Say how many crossing places of unsafe shortcuts there are, and where they stand."""
    severe = assessment.shortcuts.places["severe"]
    if not len(severe):
        return []
    counts = {"severe": int(severe.sum()), "moderate": int((~severe.astype(bool)).sum())}
    written = {name: say.number(count) for name, count in counts.items()}
    return [say("cli.crossing_places", **written), ""]


def run_json(
    assessment: Assessment,
    outputs: Sequence[Output],
    warnings: Sequence[Notice],
    *,
    language: Language,
) -> str:
    """Return the answer as one strict JSON object.

    ``edition``, ``ranking`` (see `ranking_records`; each plot with its ``shortcuts``, see
    `plot_shortcuts`), ``crossing_places``, ``concentration`` (see `concentration_facts`),
    ``warnings``, ``outputs``.
    """
    shortcuts = plot_shortcuts(assessment)
    answer = {
        "edition": "internal",
        "ranking": [
            {**each, "shortcuts": shortcuts[each["plot_id"]]}
            for each in ranking_records(assessment, language)
        ],
        "crossing_places": crossing_places(assessment, catalog(language)),
        "concentration": concentration_facts(assessment),
        "warnings": [notice.as_dict(language) for notice in warnings],
        "outputs": [each.as_dict() for each in outputs],
    }
    return json.dumps(answer, ensure_ascii=False, allow_nan=False, indent=2)
