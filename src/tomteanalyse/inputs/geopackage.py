"""Read a GeoPackage without touching it, also while QGIS holds it open."""

import shutil
import sqlite3
from pathlib import Path

from tomteanalyse.errors import DataError, Notice

SIGNATURE = b"SQLite format 3\x00"
WAL_MODE = b"\x02\x02"
"""What bytes 18-19 of the header say while a database keeps a write-ahead log."""


def snapshot(path: Path, *, name: str, into: Path) -> tuple[Path, bool]:
    """Copy a GeoPackage, what is only in its write-ahead log included, and check the copy.

    Reading the original is not harmless: SQLite leaves ``-wal`` and ``-shm`` files beside it, or
    takes away those that QGIS is using.

    Parameters
    ----------
    path, name
        The file, and what the planner calls it.
    into
        A folder of our own.

    Returns
    -------
    copy : Path
    open_elsewhere : bool
        Whether another program has the file open with edits in the log.

    Raises
    ------
    DataError
        ``vector.locked`` while it is being written, ``vector.unreadable`` if it is damaged.
    """
    copy = into / "snapshot.gpkg"
    log = path.with_name(f"{path.name}-wal")
    before = _state(path, log)
    with path.open("rb") as file:
        header = file.read(20)
    if header[18:20] != WAL_MODE:
        _refuse_locked(path, name=name)
    try:
        shutil.copyfile(path, copy)
        if log.is_file():
            shutil.copyfile(log, copy.with_name(f"{copy.name}-wal"))
    except OSError as error:  # Windows refuses to copy what another program has locked
        raise DataError(Notice("vector.locked", file=name)) from error
    if _state(path, log) != before:
        raise DataError(Notice("vector.locked", file=name))
    _refuse_damaged(copy, name=name)
    return copy, before[1] is not None and before[1][0] > 0


def _state(*files: Path) -> list[tuple[int, int] | None]:
    found = [file.stat() if file.is_file() else None for file in files]
    return [(one.st_size, one.st_mtime_ns) if one else None for one in found]


def _refuse_locked(path: Path, *, name: str) -> None:
    # A journal that is still there belongs to a save that is going on or was broken off.
    if path.with_name(f"{path.name}-journal").exists():
        raise DataError(Notice("vector.locked", file=name))
    database = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=0.5)
    try:
        database.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.OperationalError as error:
        if "locked" in str(error):
            raise DataError(Notice("vector.locked", file=name)) from error
    except sqlite3.DatabaseError:
        pass  # damage is told when the copy is checked
    finally:
        database.close()


def _refuse_damaged(copy: Path, *, name: str) -> None:
    database = sqlite3.connect(copy)
    try:
        # What a stranger has written into the file's own schema is not run.
        database.execute("PRAGMA trusted_schema=OFF")
        # Folds the log into the copy, so that it is one whole file.
        database.execute("PRAGMA journal_mode=DELETE")
        verdict = database.execute("PRAGMA quick_check(1)").fetchone()[0]
    except sqlite3.DatabaseError as error:
        raise DataError(Notice("vector.unreadable", file=name)) from error
    finally:
        database.close()
    if verdict != "ok":
        raise DataError(Notice("vector.unreadable", file=name))
