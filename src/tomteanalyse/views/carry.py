"""Carry what others put into a result folder over to the folder that takes its place."""

import filecmp
import os
import re
import shutil
from collections.abc import Iterator
from itertools import count
from pathlib import Path

from tomteanalyse.errors import Notice
from tomteanalyse.views.provenance import MANIFEST, Recorded, content_sha256, recorded

MARK = "endret"
_KEPT = re.compile(rf"(?<=.)\.{MARK}(-\d+)?$")
_SIDECARS = ("-wal", "-shm", "-journal")


def carry_over(source: Path, target: Path) -> list[Notice]:
    """Place in `target` everything in `source` that is not an untouched output of ours.

    Foreign files keep their names, and so do copies that were kept before. An output that was
    edited, or a foreign file whose name is taken, gets ``.endret`` (then ``.endret-2``, …) before
    its suffix. What `target` already holds
    with the same content is left alone, so that doing it twice changes nothing. Nothing is ever
    written over, and `source` is not changed.

    Parameters
    ----------
    source
        An earlier result; where it does not exist there is nothing to do.
    target
        An existing folder on the same disk.

    Returns
    -------
    list of Notice
        One for each file that was kept under another name.
    """
    if not source.is_dir():
        return []
    said = recorded(source) or Recorded({}, intact=False)
    names = sorted(path.name for path in source.iterdir())
    beside = {name: main for name in names if (main := _main(name, {*names, *said.outputs}))}
    notices: list[Notice] = []
    # Foreign files first: a copy that was kept before must not find its name taken by a new one.
    for name in sorted(names, key=lambda name: _is_ours(name, said)):
        if name in beside or _is_untouched(source, name, said):
            continue
        kept, placed = _place(source / name, target, edited=_is_ours(name, said))
        if not placed:
            continue
        for sidecar in (sidecar for sidecar, main in beside.items() if main == name):
            _copy(source / sidecar, target / f"{kept}{sidecar.removeprefix(name)}")
        if kept != name:
            notices.append(Notice("release.kept", values={"name": name, "kept": kept}))
    return notices


def _is_ours(name: str, said: Recorded) -> bool:
    return name in said.outputs or name == MANIFEST


def _main(name: str, known: set[str]) -> str | None:
    """Return the database a file holds the unwritten changes of, if it is such a file.

    SQLite replays them into whatever lies under the database's name, so they must never come to
    lie beside a new file.
    """
    mains = (name.removesuffix(ending) for ending in _SIDECARS if name.endswith(ending))
    return next((main for main in mains if main in known), None)


def _is_untouched(source: Path, name: str, said: Recorded) -> bool:
    path = source / name
    if path.is_symlink() or not path.is_file():
        return False
    if name == MANIFEST:
        return said.intact
    if name not in said.outputs:
        return False
    pending = (source / f"{name}{ending}" for ending in ("-wal", "-journal"))
    if any(beside.is_file() and beside.stat().st_size for beside in pending):
        return False
    return content_sha256(path) == said.outputs[name]


def _place(path: Path, target: Path, *, edited: bool) -> tuple[str, bool]:
    """Return the name `path` has in `target`, and whether it was put there now."""
    for name in _names(path.name, edited=edited):
        place = target / name
        if not os.path.lexists(place):
            _copy(path, place)
            return name, True
        if _is_folder(path) and _is_folder(place):
            for inner in sorted(path.iterdir()):
                _place(inner, place, edited=False)
            return name, False
        if _is_same(path, place):
            return name, False
    raise AssertionError("there is always another name")


def _names(name: str, *, edited: bool) -> Iterator[str]:
    stem, dot, suffix = name.rpartition(".")
    if not stem:
        stem, dot, suffix = name, "", ""
    if not edited:
        yield name
    # A copy of a copy is one more copy of the first.
    stem = _KEPT.sub("", stem)
    yield f"{stem}.{MARK}{dot}{suffix}"
    for number in count(2):
        yield f"{stem}.{MARK}-{number}{dot}{suffix}"


def _copy(path: Path, place: Path) -> None:
    if _is_folder(path):
        place.mkdir()
        for inner in sorted(path.iterdir()):
            _copy(inner, place / inner.name)
        shutil.copystat(path, place)
        return
    try:
        # The very same file under both names: nothing can differ, and it takes no room.
        os.link(path, place, follow_symlinks=False)
    except (OSError, NotImplementedError):
        shutil.copy2(path, place, follow_symlinks=False)


def _is_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()


def _is_same(one: Path, other: Path) -> bool:
    if one.is_symlink() or other.is_symlink():
        return one.is_symlink() and other.is_symlink() and one.readlink() == other.readlink()
    if not (one.is_file() and other.is_file()):
        return False
    return one.samefile(other) or filecmp.cmp(one, other, shallow=False)
