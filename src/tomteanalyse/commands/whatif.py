"""Try corrections of the map."""

from pathlib import Path
from typing import Annotated

import typer

from tomteanalyse.commands.options import HELP, JsonOption, LanguageOption, StudyPath
from tomteanalyse.commands.talk import chosen_language, progress, speaking, warn


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
    as_json: JsonOption = False,
) -> None:
    """Try corrections of the map, and write what they would change."""
    from tomteanalyse.inputs.reading import read_study
    from tomteanalyse.ledger import keep_state
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
            notices = (*difference.after.warnings, *kept, *keep_state(found).notices)
        if as_json:
            typer.echo(difference_json(difference, outputs, notices, language=chosen))
        else:
            warn(notices, chosen)
            typer.echo(difference_text(difference, language=chosen))
            for each in outputs:
                typer.echo(folder / each.name)
