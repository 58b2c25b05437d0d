"""What frames the commands: usage, headings of the help, and faults in what was typed.

The library behind the command line says these in English and has no setting for it, so its
commands are given their words here. Help is shown before any study, and so any language, is known.
"""

from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from tomteanalyse.texts import catalog

WORDS = catalog("nb")
OPTIONS = WORDS("cli.frame.options_metavar")
COMMAND = WORDS("cli.frame.command_metavar")


class Command(TyperCommand):
    """A command that explains itself in the planner's language."""

    def format_usage(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401 - no public type
        """Write the line that shows how the command is written."""
        _write_usage(self, ctx, formatter)

    def get_help_option(self, ctx: Any) -> Any:  # noqa: ANN401 - no public type
        """Return the option that shows the help."""
        return _in_words(super().get_help_option(ctx))

    def format_options(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401 - no public type
        """Write what the command takes."""
        _write_options(self, ctx, formatter)

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401 - no public type
        """Read what was typed; words that nothing takes are a fault."""
        ctx.allow_extra_args = True
        rest = super().parse_args(ctx, args)
        if rest:
            ctx.fail(WORDS("cli.frame.too_many", words=" ".join(rest)))
        return rest


class Commands(TyperGroup):
    """The list of commands, as `Command`."""

    def format_usage(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401 - no public type
        """Write the line that shows how a command is written."""
        _write_usage(self, ctx, formatter)

    def get_help_option(self, ctx: Any) -> Any:  # noqa: ANN401 - no public type
        """Return the option that shows the help."""
        return _in_words(super().get_help_option(ctx))

    def format_options(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401 - no public type
        """Write the options and then the commands."""
        _write_options(self, ctx, formatter)
        rows = [(name, each.get_short_help_str(100)) for name, each in self.commands.items()]
        with formatter.section(WORDS("cli.frame.commands")):
            formatter.write_dl(rows)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ANN401 - no public type
        """Return the command of that name; an unknown one is a fault."""
        found = super().get_command(ctx, cmd_name)
        if found is None and not cmd_name.startswith("-"):
            known = WORDS.listing(list(self.commands))
            ctx.fail(WORDS("cli.frame.no_such_command", name=cmd_name, known=known))
        return found


def usage_fault(error: typer.TyperException) -> str:
    """Say what is wrong with what was typed, how it is written, and where there is help."""
    kind, context = type(error).__name__, getattr(error, "ctx", None)
    if kind == "NoArgsIsHelpError":
        return error.message
    what = error.message
    if kind == "MissingParameter":
        what = WORDS("cli.frame.missing", name=_name(error))
    elif kind in ("NoSuchOption", "BadOptionUsage"):
        key = "no_such_option" if kind == "NoSuchOption" else "bad_option"
        what = WORDS(f"cli.frame.{key}", name=getattr(error, "option_name", ""))
    lines = [WORDS("cli.frame.fault", what=what)]
    if context is not None:
        lines += [context.get_usage(), WORDS("cli.frame.try_help", command=context.command_path)]
    return "\n".join(lines)


def _name(error: typer.TyperException) -> str:
    parameter = getattr(error, "param", None)
    if parameter is None:
        return ""
    return str(getattr(parameter, "metavar", None) or parameter.opts[0])


def _write_usage(command: Any, ctx: Any, formatter: Any) -> None:  # noqa: ANN401 - no public type
    pieces = " ".join(command.collect_usage_pieces(ctx))
    formatter.write_usage(ctx.command_path, pieces, prefix=WORDS("cli.frame.usage"))


def _write_options(command: Any, ctx: Any, formatter: Any) -> None:  # noqa: ANN401 - no public type
    for kind in ("argument", "option"):
        records = [
            each.get_help_record(ctx)
            for each in command.get_params(ctx)
            if each.param_type_name == kind
        ]
        rows = [
            (name, text.replace("[required]", WORDS("cli.frame.required")))
            for name, text in filter(None, records)
        ]
        if rows:
            with formatter.section(WORDS(f"cli.frame.{kind}s")):
                formatter.write_dl(rows)


def _in_words(option: Any) -> Any:  # noqa: ANN401 - no public type
    if option is not None:
        option.help = WORDS("cli.help.show")
    return option
