"""Make the public edition of a study."""

from typing import Annotated

import typer

from tomteanalyse.commands.options import HELP, JsonOption, LanguageOption, StudyPath
from tomteanalyse.commands.talk import chosen_language, progress, speaking, warn


def publish(
    study: StudyPath,
    *,
    first: Annotated[bool, typer.Option("--first", help=HELP("cli.help.first"))] = False,
    language: LanguageOption = None,
    as_json: JsonOption = False,
) -> None:
    """Publish what may be told of a study, and nothing else."""
    from tomteanalyse.inputs.reading import read_study
    from tomteanalyse.ledger import keep_state
    from tomteanalyse.publication import publish as publish_study
    from tomteanalyse.views.public.screen import published_json, published_text

    with speaking(chosen_language(language)):
        with progress(quiet=as_json, language=chosen_language(language) or "nb") as on_stage:
            on_stage("reading")
            read = read_study(study)
            chosen = chosen_language(language) or read.config.language
            made = publish_study(read, first=first, language=chosen, on_stage=on_stage)
            # Last: where nothing came of it, nothing is written anywhere.
            notices = (*made.notices, *keep_state(read).notices)
        if as_json:
            typer.echo(
                published_json(
                    made.found,
                    made.folder,
                    made.outputs,
                    notices,
                    again=made.again,
                    language=chosen,
                )
            )
        else:
            warn((*made.found.ranked.warnings, *notices), chosen)
            typer.echo(published_text(made.found, again=made.again, language=chosen))
            for each in made.outputs:
                typer.echo(made.folder / each.name)
