"""The command line: what a planner types, and what comes back on the screen.

Results go to stdout; progress, warnings and faults to stderr. Heavy imports wait until a command
needs them, so that ``--help`` answers at once.
"""

import sys
import warnings
from collections.abc import Callable
from typing import Annotated

import typer

from tomteanalyse import __version__
from tomteanalyse.commands import dilute, monitor, publish, ranking, studies, whatif
from tomteanalyse.commands.frame import COMMAND, OPTIONS, Command, Commands, usage_fault
from tomteanalyse.commands.options import HELP
from tomteanalyse.commands.talk import say_aside
from tomteanalyse.errors import TomteanalyseError
from tomteanalyse.failure_log import write_failure
from tomteanalyse.texts import catalog

INTERNAL_ERROR = 5
INTERRUPTED = 130

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

COMMANDS: dict[str, Callable[..., None]] = {
    "new": studies.new,
    "check": studies.check,
    "fetch": studies.fetch,
    "run": ranking.run,
    "explain": ranking.explain,
    "whatif": whatif.whatif,
    "monitor": monitor.monitor,
    "dilute": dilute.dilute,
    "publish": publish.publish,
}
"""In the order in which the help lists them."""

for _name, _command in COMMANDS.items():
    app.command(_name, cls=Command, options_metavar=OPTIONS, help=HELP(f"cli.help.{_name}"))(
        _command
    )


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
