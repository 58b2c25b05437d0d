"""Make a study, check it, and fetch its extract."""

from pathlib import Path
from typing import Annotated

import typer

from tomteanalyse.commands.options import HELP, LanguageOption, StudyPath
from tomteanalyse.commands.talk import chosen_language, pieces, progress, speaking, warn
from tomteanalyse.texts import catalog


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


def fetch(study: StudyPath, *, language: LanguageOption = None) -> None:
    """Fetch the OpenStreetMap extract of a study."""
    from tomteanalyse.inputs.fetch import fetch_study
    from tomteanalyse.inputs.study_file import read_study_file

    with speaking(chosen_language(language)):
        chosen = chosen_language(language) or read_study_file(study).config.language
        with pieces(chosen) as on_progress:
            fetched = fetch_study(study, on_progress=on_progress)
    typer.echo(fetched.text(chosen))
