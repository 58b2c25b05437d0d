"""Rank the plots of a study, and say why a plot got its place."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tomteanalyse.commands.options import HELP, JsonOption, LanguageOption, StudyPath
from tomteanalyse.commands.talk import chosen_language, progress, speaking, warn
from tomteanalyse.errors import Notice, UsageError

if TYPE_CHECKING:
    from tomteanalyse.pipeline import Result


def run(
    study: StudyPath,
    *,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help=HELP("cli.help.out"))
    ] = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Measure, rank and write the result."""
    from tomteanalyse.inputs.reading import read_study
    from tomteanalyse.ledger import keep_state
    from tomteanalyse.pipeline import run as run_study
    from tomteanalyse.views.outputs import default_folder
    from tomteanalyse.views.release import check_folder
    from tomteanalyse.views.screen import ranking_lines, run_json

    with speaking(chosen_language(language)):
        with progress(quiet=as_json, language=chosen_language(language) or "nb") as on_stage:
            on_stage("reading")
            found = read_study(study)
            chosen = chosen_language(language) or found.config.language
            folder = out or default_folder(found)
            # A folder that may not be written is told before the work, not after it.
            check_folder(folder, study_folder=found.folder)
            result = run_study(found, on_stage=on_stage)
            on_stage("writing")
            outputs, kept = result.write(folder, language=chosen)
            # Last: where nothing came of the run, nothing is written anywhere.
            notices = (*result.assessment.warnings, *kept, *keep_state(found).notices)
        if as_json:
            typer.echo(run_json(result.assessment, outputs, notices, language=chosen))
        else:
            warn(notices, chosen)
            typer.echo(ranking_lines(result.assessment, language=chosen))
            for each in outputs:
                typer.echo(folder / each.name)


def explain(
    study: StudyPath,
    plot: Annotated[str, typer.Argument(metavar="PLOT", help=HELP("cli.help.plot"))],
    other: Annotated[
        str | None, typer.Argument(metavar="OTHER", help=HELP("cli.help.other"))
    ] = None,
    *,
    to: Annotated[
        str | None, typer.Option("--to", metavar="NAVN", help=HELP("cli.help.to"))
    ] = None,
    language: LanguageOption = None,
) -> None:
    """Say why a plot got its place, why it is above another, or how the ways from it run."""
    from tomteanalyse.scoring.comparison_text import comparison_text
    from tomteanalyse.scoring.explanation_text import explanation_text
    from tomteanalyse.scoring.way_text import ways_text

    with speaking(chosen_language(language)):
        if to is not None and other is not None:
            raise UsageError(Notice("explain.to_and_other"))
        with progress(quiet=False, language=chosen_language(language) or "nb") as on_stage:
            result = _run(study, on_stage, closely=[each for each in (plot, other) if each])
        words = result.words(chosen_language(language))
        if to is not None:
            ways = result.ways(plot, to)
            typer.echo(ways_text(str(ways[0].told.pair["plot_id"]), ways, words))
        elif other is None:
            typer.echo(explanation_text(result.explain(plot), words))
        else:
            typer.echo(comparison_text(result.compare(plot, other), words))


def _run(study: Path, on_stage: Callable[[Any], None], *, closely: Sequence[str] = ()) -> "Result":
    from tomteanalyse.inputs.reading import read_study
    from tomteanalyse.pipeline import run as run_study

    on_stage("reading")
    return run_study(read_study(study), closely=closely, on_stage=on_stage)
