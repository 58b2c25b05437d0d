"""Open the ledger so that nothing in it can be lost: not by a crash, a second run or an upgrade.

SQLite's rollback journal is used, not the write-ahead log: it works on the network drives that
municipal files lie on, and leaves one file to copy. A killed run's journal is rolled back by
whoever opens the file next.
"""

import errno
import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pyproj

from tomteanalyse.errors import DataError, Notice, UsageError
from tomteanalyse.ledger.schema import (
    APPLICATION_ID,
    MIGRATIONS,
    PRODUCT,
    SCHEMA_VERSION,
    create_tables,
)
from tomteanalyse.texts import Language

WAIT_S = 20.0
"""How long to wait for another run before saying that it is in the way [s]."""
_NO_LINKS = frozenset(
    {errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EINVAL, errno.EMLINK}
)
_IN_THE_WAY = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
_NOT_OURS_TO_WRITE = frozenset(
    {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM, sqlite3.SQLITE_IOERR}
)


def ensure(path: Path, *, crs: pyproj.CRS, language: Language) -> None:
    """Make an empty ledger at `path` unless something lies there.

    It is made beside and given its name when it is whole, so that there never is half a ledger.

    Raises
    ------
    UsageError
        ``ledger.cannot_write``, ``ledger.disk_full``.
    """
    with _said_plainly(path.name):
        # A link that leads nowhere counts as something, too.
        while not os.path.lexists(path):
            made = _new_file(path, role="new")
            try:
                with closing(_connection(made, wait_s=WAIT_S)) as database:
                    # No journal beside it that a killed run would leave behind.
                    database.execute("PRAGMA journal_mode=MEMORY")
                    create_tables(database, crs=crs, language=language)
                _placed(made, path)
            except (sqlite3.OperationalError, FileNotFoundError):
                # Another run may have been first, and have tidied ours away.
                if not os.path.lexists(path):
                    raise
            finally:
                made.unlink(missing_ok=True)
        _tidy(path, role="new")


@contextmanager
def opened(path: Path, *, wait_s: float) -> Iterator[sqlite3.Connection]:
    """Open a ledger that is sound and of this version; an older one is brought up to it.

    Raises
    ------
    DataError
        ``ledger.missing``, ``ledger.not_ledger``, ``ledger.damaged``, ``ledger.newer``. The file
        is left as it is.
    UsageError
        ``ledger.locked``, ``ledger.cannot_write``, ``ledger.disk_full``.
    """
    if not path.is_file():
        code = "ledger.not_ledger" if path.is_dir() else "ledger.missing"
        raise DataError(Notice(code, file=path.name))
    with _said_plainly(path.name), closing(_connection(path, wait_s=wait_s)) as database:
        _refuse_unsound(database, name=path.name)
        if _version(database, name=path.name) < SCHEMA_VERSION:
            _migrate(database, path, wait_s=wait_s)
        yield database


@contextmanager
def transaction(database: sqlite3.Connection) -> Iterator[None]:
    """Take the right to write at once, and write all or nothing."""
    database.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        if database.in_transaction:
            database.execute("ROLLBACK")
        raise
    database.execute("COMMIT")


def crs_of(database: sqlite3.Connection) -> pyproj.CRS:
    """Return the system the ledger keeps places in."""
    (written,) = database.execute("SELECT value FROM ledger WHERE name = 'crs'").fetchone()
    return pyproj.CRS.from_user_input(written)


def damaged(name: str) -> DataError:
    """Return the error that says that a ledger cannot be trusted."""
    return DataError(Notice("ledger.damaged", file=name))


def _connection(path: Path, *, wait_s: float) -> sqlite3.Connection:
    # «rw» never makes a file; «ro» could not roll back what a killed run left half done.
    database = sqlite3.connect(
        f"{path.resolve().as_uri()}?mode=rw", uri=True, timeout=wait_s, isolation_level=None
    )
    # What a stranger has written into the file's own schema is not run.
    database.execute("PRAGMA trusted_schema=OFF")
    database.execute("PRAGMA synchronous=EXTRA")
    return database


def _refuse_unsound(database: sqlite3.Connection, *, name: str) -> None:
    (application,) = database.execute("PRAGMA application_id").fetchone()
    (tables,) = database.execute(
        "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'ledger'"
    ).fetchone()
    if application != APPLICATION_ID or not tables:
        raise DataError(Notice("ledger.not_ledger", file=name))
    if database.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
        raise damaged(name)


def _version(database: sqlite3.Connection, *, name: str) -> int:
    said = dict(database.execute("SELECT name, value FROM ledger"))
    if said.get("product") != PRODUCT:
        raise DataError(Notice("ledger.not_ledger", file=name))
    if not {"schema_version", "crs"} <= said.keys() or not said["schema_version"].isdecimal():
        raise damaged(name)
    version = int(said["schema_version"])
    if version > SCHEMA_VERSION:
        raise DataError(Notice("ledger.newer", file=name))
    return version


def _migrate(database: sqlite3.Connection, path: Path, *, wait_s: float) -> None:
    with transaction(database):
        # Another run may have done it while this one waited.
        first = _version(database, name=path.name)
        if first == SCHEMA_VERSION:
            return
        _back_up(path, version=first, wait_s=wait_s)
        for version in range(first, SCHEMA_VERSION):
            MIGRATIONS[version](database)
        database.execute(
            "UPDATE ledger SET value = ? WHERE name = 'schema_version'",
            (str(SCHEMA_VERSION),),
        )


def _back_up(path: Path, *, version: int, wait_s: float) -> None:
    """Copy the ledger to ``register.gpkg.v1.bak``; an older copy of that name is left alone.

    Only whoever holds the right to write comes here, so that one copy is made at a time.
    """
    _tidy(path, role="bak-new")
    made = _new_file(path, role="bak-new")
    with (
        closing(_connection(path, wait_s=wait_s)) as source,
        closing(sqlite3.connect(made)) as copy,
    ):
        source.backup(copy)
    handle = os.open(made, os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
    number = 1
    while True:
        middle = "" if number == 1 else f".{number}"
        target = path.with_name(f"{path.name}.v{version}{middle}.bak")
        if target.is_file() and target.read_bytes() == made.read_bytes():
            made.unlink()  # left by an upgrade that was broken off after its copy
            return
        if _placed(made, target):
            made.unlink(missing_ok=True)
            return
        number += 1


def _new_file(path: Path, *, role: str) -> Path:
    """Return a new empty file beside `path` that only its owner can read."""
    handle, name = tempfile.mkstemp(
        prefix=f".{path.name}.", suffix=f".{role}", dir=path.resolve().parent
    )
    os.close(handle)
    return Path(name)


def _placed(made: Path, target: Path) -> bool:
    """Give a finished file another name unless that is taken; say whether it got it."""
    try:
        os.link(made, target)
    except FileExistsError:
        return False
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        # A disk without hard links: looking and renaming are two steps there, and only the very
        # first run on such a disk could meet another between them.
        if target.exists():
            return False
        made.rename(target)
    return True


def _tidy(path: Path, *, role: str) -> None:
    """Remove what killed runs left behind."""
    for left in path.resolve().parent.glob(f".{path.name}.*.{role}"):
        with suppress(OSError):
            left.unlink()


@contextmanager
def _said_plainly(name: str) -> Iterator[None]:
    """Turn what SQLite and the disk may answer into a message a planner can act on."""
    try:
        yield
    except sqlite3.Error as error:
        # The low byte is the kind; the rest says more than a planner can use.
        kind = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if kind in _IN_THE_WAY:
            raise UsageError(Notice("ledger.locked", file=name)) from error
        if kind == sqlite3.SQLITE_FULL:
            raise UsageError(Notice("ledger.disk_full", file=name)) from error
        if kind in _NOT_OURS_TO_WRITE:
            raise UsageError(Notice("ledger.cannot_write", file=name)) from error
        if kind == sqlite3.SQLITE_NOTADB:
            raise DataError(Notice("ledger.not_ledger", file=name)) from error
        raise damaged(name) from error
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        code = "ledger.disk_full" if full else "ledger.cannot_write"
        raise UsageError(Notice(code, file=name)) from error
