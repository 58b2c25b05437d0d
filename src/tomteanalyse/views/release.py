"""Put a finished result in place whole, and lose nothing that lay there before.

Everything is written into a sibling of the target and changes places with it in one step at the
end. Whoever holds the lock beside the target owns the siblings' fixed names, so that what a killed
run left behind is recognised and put right at the next start. At every moment one of these holds:

==================  ==================  =====================  ================================
target              ``…-new``           ``…-old``              meaning
==================  ==================  =====================  ================================
as it was           (none)              (none)                 at rest
as it was           being filled        (none)                 a run is writing, or was killed
the new result      the old result      (none)                 swapped, the old not yet removed
(none)              the new result      the old result         between the two renames of a
                                                               system that cannot swap at once
the new result      (none)              the old result         as above, both renames done
==================  ==================  =====================  ================================

A folder that everything must be approved for (the public one) is stricter: nothing comes into it
but through that. What a killed run was filling is thrown away, and what others change in the folder
while a run is at work stops it, since it could neither be approved nor thrown away.
"""

import ctypes
import errno
import os
import shutil
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tomteanalyse.errors import Notice, UsageError
from tomteanalyse.views.carry import carry_over
from tomteanalyse.views.lock import locked
from tomteanalyse.views.provenance import PRODUCT, recorded

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_DENIED = frozenset(
    {
        errno.EACCES,
        errno.EBUSY,
        errno.EEXIST,
        errno.EIO,
        errno.ENOTDIR,
        errno.EPERM,
        errno.EROFS,
        errno.EXDEV,
    }
)
_NO_SWAP = frozenset({errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP})


def release(
    folder: Path,
    fill: Callable[[Path], None],
    *,
    study_folder: Path,
    approve: Callable[[Path], None] | None = None,
) -> tuple[Notice, ...]:
    """Let `fill` write a result and put it in place of `folder`, whole or not at all.

    Files in an earlier result that this package did not write are carried over as they are; an
    output that was edited since is kept under a name with ``.endret`` in it.

    Parameters
    ----------
    folder
        Where the result shall lie; made if it does not exist.
    fill
        Writes every output into the folder it is given, the manifest (``kjoring.json``) last.
    study_folder
        Where the study's own files lie; never written over.
    approve
        Looks through the finished folder, with the files that were carried over, before it is put
        in place; what it raises stops that, and `folder` is then as it was. Where it is given,
        nothing comes into `folder` that it has not seen.

    Returns
    -------
    tuple of Notice
        What was kept and under which name.

    Raises
    ------
    UsageError
        If the folder may not or cannot be written. The earlier result is then as it was.
    """
    target = check_folder(folder, study_folder=study_folder)
    new, old = _sibling(target, "new"), _sibling(target, "old")
    free = approve is None
    with (
        _said_plainly(target),
        _parents_made(target.parent),
        locked(_sibling(target, "lock"), folder=target.name),
    ):
        notices = _put_right(target, carry=free)
        check_folder(target, study_folder=study_folder)
        swapped = False
        try:
            mode = _made_for_us_alone(new, like=target)
            fill(new)
            there = _seen(target)
            notices += carry_over(target, new)
            if approve is not None:
                notices += carry_over(old, new)
                approve(new)
                if _seen(target) != there:
                    raise UsageError(Notice("release.changed", values={"folder": target.name}))
            new.chmod(mode)
            _sync(new)
            _clear(old)
            _swap(new, target)
            swapped = True
        finally:
            # Also where the run is interrupted between two steps: the names tell which.
            if swapped:
                # The result is in place; what cannot be removed now is removed next time.
                with suppress(OSError):
                    notices += _put_right(target, carry=free)
                    _clear(old)
            else:
                _put_right(target, carry=free)
    return tuple(notices)


def check_folder(folder: Path, *, study_folder: Path) -> Path:
    """Return the real path of a folder a result may be written to; changes nothing.

    Raises
    ------
    UsageError
        If it is a file, holds files that are no earlier result, is or holds the study folder, or
        is the folder the command was started in.
    """
    target = folder.resolve()
    fault = _fault(target, study_folder.resolve())
    if fault is not None:
        raise UsageError(Notice(fault, values={"folder": target.name or str(folder)}))
    return target


def _fault(target: Path, study_folder: Path) -> str | None:
    if study_folder.is_relative_to(target):
        return "release.holds_study"
    if Path.cwd().is_relative_to(target):
        return "release.standing_in_folder"
    try:
        mode = target.stat().st_mode
    except FileNotFoundError:
        return None
    except OSError:
        return "release.cannot_write"
    if not stat.S_ISDIR(mode):
        return "release.not_a_folder"
    if not os.access(target, os.R_OK | os.W_OK | os.X_OK):
        return "release.cannot_write"
    if recorded(target) is None and any(target.iterdir()):
        return "release.folder_in_use"
    return None


def _sibling(target: Path, role: str) -> Path:
    return target.parent / f".{target.name}.{PRODUCT}-{role}"


def _put_right(target: Path, *, carry: bool) -> list[Notice]:
    """Bring the siblings to rest, whatever state a run left them in; needs the lock.

    Where nothing may be carried into the target unseen, an old result beside it is left there for
    the next run to carry over and have approved.
    """
    new, old = _sibling(target, "new"), _sibling(target, "old")
    if old.is_dir() and not target.exists():
        old.rename(target)
    notices: list[Notice] = []
    for leftover in (old, new) if carry else (new,):
        # A folder without a manifest was never a result: a run was killed while filling it.
        if carry and leftover.is_dir() and recorded(leftover) is not None and target.is_dir():
            notices += carry_over(leftover, target)
        _clear(leftover)
    return notices


def _clear(leftover: Path) -> None:
    if leftover.is_dir():
        shutil.rmtree(leftover)


def _seen(folder: Path) -> frozenset[tuple[str, int, int, int]]:
    """Return what can be seen of every file in a folder from the outside: another after a change.

    How many names a file has changes its time of change when it is carried over, so that is not
    looked at.
    """
    found = []
    for path in folder.rglob("*"):
        stated = path.lstat()
        is_folder = stat.S_ISDIR(stated.st_mode)
        size, when = (0, 0) if is_folder else (stated.st_size, stated.st_mtime_ns)
        found.append((path.relative_to(folder).as_posix(), stated.st_ino, size, when))
    return frozenset(found)


def _swap(new: Path, target: Path) -> None:
    if not target.exists():
        new.rename(target)
    elif not _exchange(new, target):
        target.rename(_sibling(target, "old"))
        new.rename(target)
    _sync_folder(target.parent)


def _exchange(one: Path, other: Path) -> bool:
    """Let two folders change names in one step; False where the system cannot."""
    if sys.platform != "linux":
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    if not hasattr(libc, "renameat2"):
        return False
    paths = (_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other))
    if libc.renameat2(*paths, _RENAME_EXCHANGE) == 0:
        return True
    error = ctypes.get_errno()
    if error in _NO_SWAP:
        return False
    raise OSError(error, os.strerror(error), str(other))


def _made_for_us_alone(new: Path, *, like: Path) -> int:
    """Make a folder only its owner can look into; return who shall be let in when it is done.

    Those who could read the earlier result, or those the system lets read a new folder.
    """
    new.mkdir()
    usual = stat.S_IMODE(new.stat().st_mode)
    new.chmod(stat.S_IRWXU)
    return stat.S_IMODE(like.stat().st_mode) if like.is_dir() else usual


def _sync(folder: Path) -> None:
    """Have the disk hold what was written before it takes the earlier result's place."""
    for path in sorted(folder.iterdir()):
        if path.is_file() and not path.is_symlink():
            with path.open("rb") as stream, suppress(OSError):
                os.fsync(stream.fileno())
    _sync_folder(folder)


def _sync_folder(folder: Path) -> None:
    # Windows cannot open a folder to sync it, and some network drives refuse to.
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@contextmanager
def _parents_made(parent: Path) -> Iterator[None]:
    """Make the folders above the target, and remove them again if nothing came of it."""
    missing = [above for above in (parent, *parent.parents) if not above.exists()]
    try:
        parent.mkdir(parents=True, exist_ok=True)
        yield
    except BaseException:
        for above in missing:
            with suppress(OSError):
                above.rmdir()
        raise


@contextmanager
def _said_plainly(target: Path) -> Iterator[None]:
    """Turn what the disk may answer into a message a planner can act on."""
    try:
        yield
    except OSError as error:
        code = _message(error, target)
        if code is None:
            raise
        raise UsageError(Notice(code, values={"folder": target.name})) from error


def _message(error: OSError, target: Path) -> str | None:
    if error.errno in _FULL:
        return "release.disk_full"
    if error.errno == errno.ENAMETOOLONG:
        return "release.name_too_long"
    # A system's own folder (as /proc) says that what is to be made there does not exist.
    here = isinstance(error.filename, str | Path) and Path(error.filename).is_relative_to(
        target.parent
    )
    no_place = error.errno == errno.ENOENT and here
    return "release.cannot_write" if no_place or error.errno in _DENIED else None
