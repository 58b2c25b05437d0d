"""The pieces an area is fetched in, kept until all of them are there."""

import hashlib
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import shapely

from tomteanalyse.errors import NetworkError
from tomteanalyse.inputs.overpass.answers import Answer, TooMuchError
from tomteanalyse.inputs.overpass.area import quarters
from tomteanalyse.inputs.overpass.service import KEYS, Session

KEPT_S = 24 * 3600.0
"""How long a broken fetch can be taken up again before its map counts as outdated [s]."""
CUTS = 2
"""How many times a box that Overpass gave up on is cut in four."""


@dataclass(frozen=True)
class Piece:
    """One box's answer, on disk.

    Parameters
    ----------
    box
        What was asked for, in degrees.
    file
        Where the answer lies.
    query
        The query in Overpass QL.
    timestamp
        When OpenStreetMap looked like this (ISO 8601, UTC).
    """

    box: shapely.Polygon
    file: Path
    query: str
    timestamp: str

    def elements(self) -> Sequence[Any]:
        """Return the answer's nodes, ways and relations as Overpass wrote them."""
        elements: Sequence[Any] = json.loads(self.file.read_bytes())["answer"]["elements"]
        return elements


@contextmanager
def pieces_folder() -> Iterator[Path]:
    """Give the folder for pieces: in the user's cache, so that it outlives a fetch that broke off.

    ``TOMTEANALYSE_CACHE`` in the environment names another one. Where none can be written, the
    pieces live as long as this fetch. It is never the working directory, nor the study's.
    """
    folder = _cache_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError:
        with tempfile.TemporaryDirectory(prefix="tomteanalyse-") as passing:
            yield Path(passing)
        return
    for old in folder.glob("*.json*"):
        if not _fresh(old):
            old.unlink(missing_ok=True)
    yield folder


def fetch_pieces(
    service: Session, box: shapely.Polygon, folder: Path, *, cuts: int = CUTS
) -> list[Piece]:
    """Fetch a box, in quarters where Overpass gives up on the whole of it.

    Raises
    ------
    NetworkError
        If no whole answer came.
    """
    key = json.dumps([service.overpass_url, KEYS, box.wkt])
    file = folder / f"{hashlib.sha256(key.encode()).hexdigest()}.json"
    kept = _kept(box, file)
    if kept is not None:
        return [kept]
    try:
        answer = service.fetch(box)
    except TooMuchError as trouble:
        if cuts == 0:
            raise NetworkError(trouble.notice) from trouble
        parts = [fetch_pieces(service, part, folder, cuts=cuts - 1) for part in quarters(box)]
        return [piece for part in parts for piece in part]
    _write(answer, file)
    return [Piece(box, file, answer.query, answer.timestamp)]


def _cache_folder() -> Path:
    named = os.environ.get("TOMTEANALYSE_CACHE")
    if named:
        return Path(named).absolute()
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return base.absolute() / "tomteanalyse" / "overpass"


def _fresh(file: Path) -> bool:
    with suppress(OSError):
        return time.time() - file.stat().st_mtime < KEPT_S
    return False


def _kept(box: shapely.Polygon, file: Path) -> Piece | None:
    if not _fresh(file):
        return None
    try:
        entry = json.loads(file.read_bytes())
        return Piece(box, file, entry["query"], entry["timestamp"])
    except (OSError, ValueError, KeyError, TypeError):
        return None  # not ours, or damaged: fetched again


def _write(answer: Answer, file: Path) -> None:
    head = json.dumps({"query": answer.query, "timestamp": answer.timestamp})[:-1]
    # Another process may fetch the same piece at the same time.
    unfinished = file.with_name(f"{file.name}.{os.getpid()}")
    unfinished.write_bytes(head.encode() + b', "answer": ' + answer.body + b"}")
    unfinished.replace(file)
