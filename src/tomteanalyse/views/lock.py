"""One run at a time into one folder, also when the run before was killed."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tomteanalyse.errors import Notice, UsageError


@contextmanager
def locked(path: Path, *, folder: str) -> Iterator[None]:
    """Hold the lock file at `path`; the system lets go of it when the process ends, however.

    Parameters
    ----------
    path
        The lock file; made if missing, removed afterwards.
    folder
        What the message calls the folder that is being written to.

    Raises
    ------
    UsageError
        If another run holds it.
    """
    handle = _taken(path)
    if handle is None:
        raise UsageError(Notice("release.busy", values={"folder": folder}))
    try:
        yield
    finally:
        _give_back(handle, path)


def _taken(path: Path) -> int | None:
    while True:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
        if not _claimed(handle):
            os.close(handle)
            return None
        # The holder before us may have removed the file we opened: then the name is free again.
        with suppress(FileNotFoundError):
            if os.path.samestat(os.fstat(handle), path.stat()):
                return handle
        os.close(handle)


if sys.platform == "win32":
    import msvcrt

    def _claimed(handle: int) -> bool:
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _give_back(handle: int, path: Path) -> None:
        os.close(handle)
        # Refused while another run has it open, which is as it should be.
        with suppress(OSError):
            path.unlink()

else:
    import fcntl

    def _claimed(handle: int) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _give_back(handle: int, path: Path) -> None:
        # Removed while it is still held, so that nobody can take a lock on a removed file's name.
        with suppress(OSError):
            path.unlink()
        os.close(handle)
