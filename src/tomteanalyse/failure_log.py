"""Where an unforeseen error is written down: places in the code, none of the planner's data."""

import os
import platform
import sys
import traceback
from pathlib import Path

from tomteanalyse import __version__

LOG_NAME = "tomteanalyse-feil.log"


def write_failure(error: BaseException) -> Path | None:
    """Append an error to the log, without its message: that may quote a cell of the register.

    Returns
    -------
    pathlib.Path or None
        The log, or None where it could not be written.
    """
    lines = [
        f"tomteanalyse {__version__}, Python {platform.python_version()}, {sys.platform}",
        *_chain(error),
        "",
    ]
    try:
        folder = _state_folder()
        folder.mkdir(parents=True, exist_ok=True)
        log = folder / LOG_NAME
        with log.open("a", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")
    except OSError:
        return None
    return log


def _chain(error: BaseException) -> list[str]:
    lines = []
    current: BaseException | None = error
    while current is not None:
        lines.append(f"{type(current).__module__}.{type(current).__qualname__}")
        lines += [
            f"  {Path(frame.filename).name}:{frame.lineno} {frame.name}"
            for frame in traceback.extract_tb(current.__traceback__)
        ]
        current = current.__cause__ or current.__context__
    return lines


def _state_folder() -> Path:
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", str(Path.home()))) / "tomteanalyse"
    base = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    return Path(base) / "tomteanalyse"
