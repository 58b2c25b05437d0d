"""What lies in files: members of archives, streams, rows of tables, metadata."""

import bz2
import gzip
import io
import lzma
import re
import sqlite3
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass

from tomteanalyse.publishing.disguises import is_text, labelled
from tomteanalyse.publishing.pdf_text import is_locked, pdf_streams

MOST_BYTES = 400_000_000
"""More than this in one file is not looked through, since it may be made to fill the memory."""
SQLITE, PNG, PDF = b"SQLite format 3\x00", b"\x89PNG\r\n\x1a\n", b"%PDF-"
ZIP_END = b"PK\x05\x06"
_KNOWN = (
    SQLITE,
    PNG,
    PDF,
    b"\xff\xd8\xff",
    b"GIF8",
    b"\x00\x01\x00\x00",
    b"wOF",
    b"\x00\x00\x01\x00",
)
"""How files begin that can be looked through as they are."""


class UnreadableError(Exception):
    """Something cannot be looked into."""


@dataclass(frozen=True)
class Part:
    """Something in a file.

    Parameters
    ----------
    name
        What it is called in the file; a word of ours in angle brackets where it has no name.
    content
        Bytes, text that has been decoded, or many small things of one kind.
    """

    name: str
    content: bytes | str | tuple[bytes, ...]


def parts_of(data: bytes) -> Iterator[Part]:
    """Yield what lies in a file that can be opened.

    Raises
    ------
    UnreadableError
        If it is locked, damaged or holds too much.
    """
    if ZIP_END in data:
        yield from _zipped(data)
    if data.startswith(SQLITE):
        yield from _tables(data)
    if data.startswith(PNG):
        yield from _png_texts(data)
    if data.startswith(PDF):
        if is_locked(data):
            raise UnreadableError("locked PDF")
        yield from (Part(name, content) for name, content in pdf_streams(data, most=MOST_BYTES))
    if (inflated := _inflated(data)) is not None:
        yield Part("<compressed>", inflated)


def is_known(data: bytes) -> bool:
    """Say whether a file is of a kind that can be looked through."""
    return (
        is_text(data)
        or data.startswith(_KNOWN)
        or data.startswith((b"\xff\xfe", b"\xfe\xff"))
        or ZIP_END in data
        or _inflated(data) is not None
    )


def is_openable(data: bytes) -> bool:
    """Say whether there is something in the bytes that `parts_of` may bring to light."""
    return data.startswith((SQLITE, PNG, PDF)) or ZIP_END in data or _inflated(data) is not None


def _zipped(data: bytes) -> Iterator[Part]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(each.file_size for each in archive.infolist()) > MOST_BYTES:
                raise UnreadableError("too large")
            yield Part("<comment>", archive.comment)
            for member in archive.infolist():
                if member.flag_bits & 1:
                    raise UnreadableError("locked")
                yield Part(member.filename, archive.read(member))
                yield Part(member.filename, member.comment + b"\n" + member.extra)
            names = archive.namelist()
    except (zipfile.BadZipFile, NotImplementedError, zlib.error, EOFError) as error:
        if not data.startswith(b"PK"):
            return  # the four bytes that an archive ends with stand there by chance
        raise UnreadableError("damaged archive") from error
    if "xl/workbook.xml" in names:
        yield from _sheets(data)


def _sheets(data: bytes) -> Iterator[Part]:
    import python_calamine

    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        for number, name in enumerate(book.sheet_names, start=1):
            rows = book.get_sheet_by_name(name).to_python()
            yield Part(f"<sheet {number}>", labelled(rows))
    except python_calamine.CalamineError as error:
        raise UnreadableError("damaged workbook") from error


def _tables(data: bytes) -> Iterator[Part]:
    with closing(sqlite3.connect(":memory:")) as database:
        database.text_factory = lambda raw: raw.decode("utf-8", errors="replace")
        try:
            # Its journal, if it has one, is a file of its own; without it a database that expects
            # one (2 in both bytes) could not be opened.
            plain = data[:18] + b"\x01\x01" + data[20:]
            database.deserialize(plain)
            tables = database.execute(
                "SELECT name FROM sqlite_master WHERE rootpage > 0"
            ).fetchall()
            for number, (table,) in enumerate(tables, start=1):
                yield from _table(database, str(table), number)
        except sqlite3.Error as error:
            raise UnreadableError("damaged database") from error


def _table(database: sqlite3.Connection, table: str, number: int) -> Iterator[Part]:
    quoted = table.replace('"', '""')
    try:
        found = database.execute(f'SELECT * FROM "{quoted}"')  # noqa: S608 - quoted above
    except sqlite3.OperationalError:
        # An index, or a table of a kind that this SQLite lacks: its pages are read as bytes.
        return
    headings = [each[0] for each in found.description]
    rows: list[list[object]] = [list(headings)]
    blobs: list[bytes] = []
    for row in found:
        blobs += [cell for cell in row if isinstance(cell, bytes)]
        rows.append(["" if isinstance(cell, bytes) else cell for cell in row])
    yield Part(f"<table {number}>", labelled(rows))
    yield Part(f"<table {number}>", tuple(blobs))


def _png_texts(data: bytes) -> Iterator[Part]:
    place = len(PNG)
    while place + 8 <= len(data):
        size, name = int.from_bytes(data[place : place + 4]), data[place + 4 : place + 8]
        body = data[place + 8 : place + 8 + size]
        place += size + 12
        if name in (b"IDAT", b"IHDR", b"PLTE", b"IEND"):
            continue
        shown = f"<{name.decode('latin-1')}>"
        yield Part(shown, body)
        # The text stands behind a keyword and, compressed, behind one or more noughts.
        for start in {found.end() for found in re.finditer(b"\x00", body)}:
            if (inflated := _inflated(body[start:])) is not None:
                yield Part(shown, inflated)


def _inflated(data: bytes) -> bytes | None:
    """Return what was compressed, or None if nothing was."""
    if data[:3] == b"\x1f\x8b\x08":
        return _within_limits(gzip.GzipFile(fileobj=io.BytesIO(data)))
    if data[:3] == b"BZh":
        return _within_limits(bz2.BZ2File(io.BytesIO(data)))
    if data[:6] == b"\xfd7zXZ\x00":
        return _within_limits(lzma.LZMAFile(io.BytesIO(data)))
    if len(data) > 2 and data[0] & 0x0F == 8 and int.from_bytes(data[:2]) % 31 == 0:
        try:
            return zlib.decompressobj().decompress(data, MOST_BYTES) or None
        except zlib.error:
            return None
    return None


def _within_limits(opened: gzip.GzipFile | bz2.BZ2File | lzma.LZMAFile) -> bytes | None:
    with opened:
        try:
            found = opened.read(MOST_BYTES + 1)
        except (OSError, EOFError, lzma.LZMAError, zlib.error):
            return None
    if len(found) > MOST_BYTES:
        raise UnreadableError("too large")
    return found
