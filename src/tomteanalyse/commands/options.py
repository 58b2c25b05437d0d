"""Arguments and options that several commands take."""

from pathlib import Path
from typing import Annotated

import typer

from tomteanalyse.texts import catalog

HELP = catalog("nb")
"""Help is shown before any study, and so any other language, is known."""

StudyPath = Annotated[Path, typer.Argument(metavar="STUDY", help=HELP("cli.help.study"))]
LanguageOption = Annotated[
    str | None, typer.Option("--language", metavar="nb|nn|en", help=HELP("cli.help.language"))
]
JsonOption = Annotated[bool, typer.Option("--json", help=HELP("cli.help.json"))]
