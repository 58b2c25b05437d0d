"""Make the public edition of a study."""

import typer

from tomteanalyse.commands.options import JsonOption, LanguageOption, StudyPath
from tomteanalyse.commands.talk import chosen_language, progress, speaking, warn


def publish(
    study: StudyPath, *, language: LanguageOption = None, as_json: JsonOption = False
) -> None:
    """Publish what may be told of a study, and nothing else."""
    from tomteanalyse.inputs.reading import read_study
    from tomteanalyse.publication import publish as publish_study
    from tomteanalyse.views.public.screen import published_json, published_text

    with speaking(chosen_language(language)):
        with progress(quiet=as_json, language=chosen_language(language) or "nb") as on_stage:
            on_stage("reading")
            read = read_study(study)
            chosen = chosen_language(language) or read.config.language
            made = publish_study(read, language=chosen, on_stage=on_stage)
        if as_json:
            typer.echo(
                published_json(
                    made.found,
                    made.folder,
                    made.outputs,
                    made.notices,
                    again=made.again,
                    language=chosen,
                )
            )
        else:
            warn((*made.found.ranked.warnings, *made.notices), chosen)
            typer.echo(published_text(made.found, again=made.again, language=chosen))
            for each in made.outputs:
                typer.echo(made.folder / each.name)
