"""The command line: what a planner types, and what comes back on the screen.

Results go to stdout; progress, warnings and faults to stderr. Heavy imports wait until a command
needs them, so that ``--help`` answers at once.
"""

import sys
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tomteanalyse import __version__
from tomteanalyse.command_frame import COMMAND, OPTIONS, Command, Commands, usage_fault
from tomteanalyse.command_talk import chosen_language, pieces, progress, say_aside, speaking, warn
from tomteanalyse.errors import Notice, TomteanalyseError, UsageError
from tomteanalyse.failure_log import write_failure
from tomteanalyse.texts import catalog

if TYPE_CHECKING:
    from tomteanalyse.pipeline import Result

INTERNAL_ERROR = 5
INTERRUPTED = 130

HELP = catalog("nb")
"""Help is shown before any study, and so any other language, is known."""

app = typer.Typer(
    name="tomteanalyse",
    help=HELP("cli.help.app"),
    no_args_is_help=True,
    cls=Commands,
    options_metavar=OPTIONS,
    subcommand_metavar=COMMAND,
    add_completion=False,
    suggest_commands=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
StudyPath = Annotated[Path, typer.Argument(metavar="STUDY", help=HELP("cli.help.study"))]
LanguageOption = Annotated[
    str | None, typer.Option("--language", metavar="nb|nn|en", help=HELP("cli.help.language"))
]


def main() -> None:
    """Run the command line and leave with its exit code.

    0 all is well, 1 data, 2 usage, 3 network, 4 privacy, 5 internal error. No traceback is shown:
    it goes to a log without any of the planner's data.
    """
    for stream in (sys.stdout, sys.stderr):
        # A Windows console or a pipe may not know æ, ø and å; a question mark beats a crash.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    if not sys.warnoptions:
        # Warnings from libraries are for programmers; what a planner must know is a notice.
        warnings.simplefilter("ignore")
    try:
        code = app(standalone_mode=False)
    except typer.TyperException as error:
        say_aside(usage_fault(error))
        sys.exit(error.exit_code)
    except TomteanalyseError as error:
        say_aside(str(error))
        sys.exit(error.exit_code)
    except BrokenPipeError:
        # The reader (head, a pager) has seen enough.
        sys.stderr.close()
        sys.exit(0)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    except Exception as error:
        log = write_failure(error)
        say_aside(catalog("nb")("cli.internal_error", log=log or "–", version=__version__))
        sys.exit(INTERNAL_ERROR)
    if code:
        sys.exit(code)


@app.callback(invoke_without_command=True)
def _version(
    *, version: Annotated[bool, typer.Option("--version", help=HELP("cli.help.version"))] = False
) -> None:
    if version:
        typer.echo(f"tomteanalyse {__version__}")
        raise typer.Exit


@app.command("new", cls=Command, options_metavar=OPTIONS, help=HELP("cli.help.new"))
def new(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help=HELP("cli.help.folder"))],
    *,
    name: Annotated[
        str | None, typer.Option("--name", metavar="NAVN", help=HELP("cli.help.name"))
    ] = None,
    language: LanguageOption = None,
) -> None:
    """Write a new study folder."""
    from tomteanalyse.inputs.scaffold import new_study

    chosen = chosen_language(language) or "nb"
    say = catalog(chosen)
    with speaking(chosen):
        for path in new_study(folder, language=chosen, name=name):
            typer.echo(say("cli.made", path=path))
    typer.echo(say("cli.new_next", folder=folder))


@app.command("check", cls=Command, options_metavar=OPTIONS, help=HELP("cli.help.check"))
def check(study: StudyPath, *, language: LanguageOption = None) -> None:
    """Read everything and report every fault; write nothing."""
    from tomteanalyse.pipeline import check as check_study
    from tomteanalyse.views.screen import inputs_text

    with speaking(chosen_language(language)), progress(quiet=False, language="nb") as on_stage:
        on_stage("reading")
        found, notices = check_study(study)
    chosen = chosen_language(language) or found.config.language
    warn(notices, chosen)
    typer.echo(inputs_text(found, notices, language=chosen))


@app.command("fetch", cls=Command, options_metavar=OPTIONS, help=HELP("cli.help.fetch"))
def fetch(study: StudyPath, *, language: LanguageOption = None) -> None:
    """Fetch the OpenStreetMap extract of a study."""
    from tomteanalyse.inputs.fetch import fetch_study
    from tomteanalyse.inputs.study_file import read_study_file

    with speaking(chosen_language(language)):
        chosen = chosen_language(language) or read_study_file(study).config.language
        with pieces(chosen) as on_progress:
            fetched = fetch_study(study, on_progress=on_progress)
    typer.echo(fetched.text(chosen))


@app.command("run", cls=Command, options_metavar=OPTIONS, help=HELP("cli.help.run"))
def run(
    study: StudyPath,
    *,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help=HELP("cli.help.out"))
    ] = None,
    language: LanguageOption = None,
    as_json: Annotated[bool, typer.Option("--json", help=HELP("cli.help.json"))] = False,
) -> None:
    """Measure, rank and write the result."""
    from tomteanalyse.inputs.reading import read_study
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
        notices = (*result.assessment.warnings, *kept)
        if as_json:
            typer.echo(run_json(result.assessment, outputs, notices, language=chosen))
        else:
            warn(notices, chosen)
            typer.echo(ranking_lines(result.assessment, language=chosen))
            for each in outputs:
                typer.echo(folder / each.name)


@app.command("explain", cls=Command, options_metavar=OPTIONS, help=HELP("cli.help.explain"))
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


@app.command("whatif", cls=Command, options_metavar=OPTIONS, help=HELP("cli.help.whatif"))
def whatif(
    study: StudyPath,
    *,
    corrections: Annotated[
        Path, typer.Option("--corrections", metavar="FIL", help=HELP("cli.help.corrections"))
    ],
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help=HELP("cli.help.whatif_out"))
    ] = None,
    language: LanguageOption = None,
    as_json: Annotated[bool, typer.Option("--json", help=HELP("cli.help.json"))] = False,
) -> None:
    """Try corrections of the map, and write what they would change."""
    from tomteanalyse.inputs.reading import read_study
    from tomteanalyse.views.release import check_folder
    from tomteanalyse.views.what_if.outputs import default_what_if_folder, write_difference
    from tomteanalyse.views.what_if.screen import difference_json, difference_text
    from tomteanalyse.whatif import what_if

    with speaking(chosen_language(language)):
        with progress(quiet=as_json, language=chosen_language(language) or "nb") as on_stage:
            on_stage("reading")
            found = read_study(study)
            chosen = chosen_language(language) or found.config.language
            folder = out or default_what_if_folder(found.config.name, corrections)
            check_folder(folder, study_folder=found.folder)
            difference = what_if(found, corrections, on_stage=on_stage)
            on_stage("writing")
            outputs, kept = write_difference(difference, folder, language=chosen)
        notices = (*difference.after.warnings, *kept)
        if as_json:
            typer.echo(difference_json(difference, outputs, notices, language=chosen))
        else:
            warn(notices, chosen)
            typer.echo(difference_text(difference, language=chosen))
            for each in outputs:
                typer.echo(folder / each.name)


def _run(study: Path, on_stage: Callable[[Any], None], *, closely: Sequence[str] = ()) -> "Result":
    from tomteanalyse.inputs.reading import read_study
    from tomteanalyse.pipeline import run as run_study

    on_stage("reading")
    return run_study(read_study(study), closely=closely, on_stage=on_stage)
