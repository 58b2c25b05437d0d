"""Refuse XML that declares its own entities: a few lines of it can fill a machine's memory."""

import gzip
from pathlib import Path
from typing import IO, cast
from xml.parsers import expat

from tomteanalyse.errors import DataError, Notice

CHUNK = 65_536
PROLOG_LIMIT = 16 * 1024 * 1024
"""No honest file needs so many bytes before its first element."""


def refuse_doctype(path: Path) -> None:
    """Check that an XML file (also gzipped) has no DOCTYPE and thus no entities of its own.

    Only what stands before the first element is read: a DOCTYPE can stand nowhere else. A file that
    is not XML passes; its own reader says what is wrong with it.

    Raises
    ------
    DataError
        ``vector.doctype``.
    """
    with _open(path) as file:
        if _declares_doctype(file):
            raise DataError(Notice("vector.doctype", file=path.name))


def _open(path: Path) -> IO[bytes]:
    return cast("IO[bytes]", gzip.open(path)) if path.suffix == ".gz" else path.open("rb")


class _RootReachedError(Exception):
    pass


class _DoctypeFoundError(Exception):
    pass


def _declares_doctype(file: IO[bytes]) -> bool:
    def on_root(_name: str, _attributes: dict[str, str]) -> None:
        raise _RootReachedError

    def on_doctype(*_declared: object) -> None:
        raise _DoctypeFoundError

    parser = expat.ParserCreate()
    parser.StartElementHandler = on_root
    parser.StartDoctypeDeclHandler = on_doctype
    read = 0
    try:
        while chunk := file.read(CHUNK):
            read += len(chunk)
            parser.Parse(chunk, False)
            if read > PROLOG_LIMIT:
                return True
    except _DoctypeFoundError:
        return True
    except (_RootReachedError, expat.ExpatError, OSError, EOFError):
        return False
    return False
