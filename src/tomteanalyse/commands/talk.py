"""What the commands have in common: the language they speak, progress, and words beside the result.

Results go to stdout, everything here to stderr.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import typer

from tomteanalyse.errors import Notice, TomteanalyseError
from tomteanalyse.texts import Language, catalog


def chosen_language(written: str | None) -> Language | None:
    """Return the language that was asked for, None where none was.

    Raises
    ------
    typer.BadParameter
        If there is no such language.
    """
    match written:
        case None | "nb" | "nn" | "en":
            return written
    raise typer.BadParameter(catalog("nb")("cli.unknown_language", language=written))


@contextmanager
def speaking(language: Language | None) -> Iterator[None]:
    """Let errors speak the language that was asked for, where one was."""
    try:
        yield
    except TomteanalyseError as error:
        if language is not None:
            error.language = language
        raise


@contextmanager
def progress(*, quiet: bool, language: Language) -> Iterator[Callable[[Any], None]]:
    """Show on a terminal which stage is running; say nothing to a file or a pipe."""
    if quiet or not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console

    say = catalog(language)
    with Console(stderr=True).status("…") as status:
        yield lambda stage: status.update(say(f"progress.{stage}"))


@contextmanager
def pieces(language: Language) -> Iterator[Callable[[int, int], None] | None]:
    """Show on a terminal how many pieces have been fetched; None where nobody looks."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console

    say = catalog(language)
    with Console(stderr=True).status(say("progress.fetching", done=0, count="?")) as status:
        yield lambda done, count: status.update(say("progress.fetching", done=done, count=count))


def say_aside(text: str) -> None:
    """Write to stderr."""
    typer.echo(text, err=True)


def warn(notices: tuple[Notice, ...], language: Language) -> None:
    """Write notices to stderr, and a blank line after them."""
    for notice in notices:
        say_aside(notice.text(language))
    if notices:
        say_aside("")
