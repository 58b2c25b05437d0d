"""Follow municipal housing over time."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from tomteanalyse.commands.options import HELP, JsonOption, LanguageOption, StudyPath
from tomteanalyse.commands.talk import chosen_language, progress, speaking, warn
from tomteanalyse.errors import DataError, Notice, UsageError

if TYPE_CHECKING:
    from tomteanalyse.study import Study

MOST_YEARS_BACK = 12
"""How far back to look where nothing is said."""
FIRST_YEAR, LAST_YEAR = 1900, 2200
STEPS: dict[str, Literal["year", "quarter"]] = {"year": "year", "quarter": "quarter"}


def monitor(
    study: StudyPath,
    *,
    first: Annotated[
        str | None, typer.Option("--from", metavar="YEAR", help=HELP("cli.help.monitor_from"))
    ] = None,
    last: Annotated[
        str | None, typer.Option("--to", metavar="YEAR", help=HELP("cli.help.monitor_to"))
    ] = None,
    step: Annotated[
        str,
        typer.Option(
            "--step",
            metavar="year|quarter",
            help=HELP("cli.help.monitor_step"),
            show_default=False,
        ),
    ] = "year",
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help=HELP("cli.help.monitor_out"))
    ] = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Count homes, shares and indices over the years, and write why they changed."""
    from tomteanalyse.inputs.reading import read_study
    from tomteanalyse.ledger import keep_state, late_corrections
    from tomteanalyse.monitoring.monitor import monitor as follow
    from tomteanalyse.views.monitoring.outputs import default_monitoring_folder, write_monitoring
    from tomteanalyse.views.monitoring.screen import monitoring_json, monitoring_text
    from tomteanalyse.views.release import check_folder

    with speaking(chosen_language(language)):
        if step not in STEPS:
            raise typer.BadParameter(HELP("cli.unknown_step", step=step))
        begins, ends = _first_of_january(first), _first_of_january(last)
        with progress(quiet=as_json, language=chosen_language(language) or "nb") as on_stage:
            on_stage("reading")
            found = read_study(study)
            chosen = chosen_language(language) or found.config.language
            start, end = _span(found, begins, ends)
            folder = out or default_monitoring_folder(found)
            # A folder that may not be written is told before the work, not after it.
            check_folder(folder, study_folder=found.folder)
            on_stage("monitoring")
            followed = follow(found, start=start, end=end, step=STEPS[step])
            # Before the corrections are listed: this register may be one.
            kept = keep_state(found)
            followed = replace(followed, known=late_corrections(found))
            on_stage("writing")
            outputs, moved = write_monitoring(followed, folder, language=chosen)
        notices = (*followed.warnings, *moved, *kept.notices)
        if as_json:
            typer.echo(monitoring_json(followed, outputs, notices, language=chosen))
        else:
            warn(notices, chosen)
            typer.echo(monitoring_text(followed, language=chosen))
            for each in outputs:
                typer.echo(folder / each.name)


def _first_of_january(written: str | None) -> date | None:
    if written is None:
        return None
    year = int(written) if len(written) == 4 and written.isdecimal() else 0
    if not FIRST_YEAR <= year <= LAST_YEAR:
        # As text: a year is no amount, and has no space in it.
        span = {"first": str(FIRST_YEAR), "last": str(LAST_YEAR)}
        raise UsageError(Notice("monitoring.bad_span", values={"written": written, **span}))
    return date(year, 1, 1)


def _span(study: "Study", begins: date | None, ends: date | None) -> tuple[date, date]:
    """Return the days to look at: as asked for, else what the register knows of.

    Raises
    ------
    DataError
        ``monitoring.nothing_dated`` where neither says anything.
    """
    import pandas as pd

    told = pd.concat([study.units["valid_from"], study.units["valid_to"]]).dropna()
    of_register = study.config.units.on
    latest = of_register or (told.max().date() if len(told) else None)
    end = ends or latest
    if end is None:
        raise DataError(
            Notice("monitoring.nothing_dated", study.input_name("register")),
            language=study.config.language,
        )
    # The day before the first of them is one on which none of them shows yet.
    known = told.min().year if len(told) else end.year
    return begins or date(min(max(known, end.year - MOST_YEARS_BACK), end.year), 1, 1), end
