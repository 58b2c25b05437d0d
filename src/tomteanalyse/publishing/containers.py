"""What lies in files: members of archives, streams, tables, metadata, and text in disguise."""

import binascii
import bz2
import csv
import gzip
import html
import io
import lzma
import re
import sqlite3
import urllib.parse
import zipfile
import zlib
from base64 import b64decode
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass

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

_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{12,}(?:\r?\n[A-Za-z0-9+/_-]{12,})*={0,2}")
_HEX = re.compile(r"(?:[0-9A-Fa-f]{2}){16,}")
LONG = 64
"""A run of so many letters and digits is no text, and is not read as text."""
_WIDE = re.compile(rb"(?:[\t\n\r\x20-\x7e\xa0-\xff]\x00|[\x00-\x6f]\x20){4,}", re.DOTALL)
_WIDE_BIG = re.compile(rb"(?:\x00[\t\n\r\x20-\x7e\xa0-\xff]|\x20[\x00-\x6f]){4,}", re.DOTALL)
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f]")
_ESCAPE = re.compile(
    r"\\u\{([0-9a-fA-F]{1,6})\}|\\u([0-9a-fA-F]{4})|\\x([0-9a-fA-F]{2})|\\([nrt/])"
)
_PERCENT = re.compile(r"%[0-9A-Fa-f]{2}")
_TAG = re.compile(r"<[^<>]{0,2000}>")
_BREAKS = {"n": "\n", "r": "\r", "t": "\t", "/": "/"}


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
        not _CONTROL.search(data)
        or data.startswith(_KNOWN)
        or data.startswith((b"\xff\xfe", b"\xfe\xff"))
        or ZIP_END in data
        or _inflated(data) is not None
    )


def is_text(data: bytes) -> bool:
    """Say whether there is nothing in the bytes but text."""
    return not _CONTROL.search(data)


def texts_of(data: bytes) -> Iterator[str]:
    """Yield the bytes as text, in every encoding that they may be in."""
    yield data.decode("utf-8", errors="replace")
    if not data.isascii():
        yield data.decode("latin-1")
    if not is_text(data):
        for shape, name in ((_WIDE, "utf-16-le"), (_WIDE_BIG, "utf-16-be")):
            # A run that begins with half a character is whole in the other byte order.
            found = [run.decode(name, errors="replace") for run in shape.findall(data)]
            if found:
                yield "\n".join(found)


def undisguised(text: str) -> Iterator[str]:
    """Yield the text without escapes, without tags, and as tables with their headings."""
    plain = text
    if "&" in plain:
        plain = html.unescape(plain)
    if "\\" in plain:
        plain = _ESCAPE.sub(_unescaped, plain)
    if _PERCENT.search(plain):
        unquoted = urllib.parse.unquote(plain, errors="replace")
        if "\ufffd" in unquoted:
            yield urllib.parse.unquote(plain, encoding="latin-1")
        plain = unquoted
    if plain != text:
        yield plain


def without_tags(text: str) -> str:
    """Return text with a space for every tag."""
    return _TAG.sub(" ", text) if "<" in text else text


def encoded_in(text: str) -> tuple[str, Part]:
    """Return the text without long encoded runs, and what all runs decode to."""
    found = [binascii.unhexlify(run.group()) for run in _HEX.finditer(text)]
    for run in _BASE64.finditer(text):
        if not _looks_encoded(run.group()):
            continue
        written = "".join(run.group().split()).rstrip("=")
        written = written.replace("-", "+").replace("_", "/")
        # What stands before it may have been taken for a part of it.
        for offset in (0,) if len(written) > LONG * LONG else range(4):
            body = written[offset:]
            body = body[: len(body) - (len(body) % 4 == 1)]
            if len(body) >= 8:
                found.append(b64decode(body + "=" * (-len(body) % 4)))
    shown = _BASE64.sub(lambda run: " " if len(run.group()) >= LONG else run.group(), text)
    return shown, Part("<encoded>", tuple(found))


def is_openable(data: bytes) -> bool:
    """Say whether there is something in the bytes that `parts_of` may bring to light."""
    return data.startswith((SQLITE, PNG, PDF)) or ZIP_END in data or _inflated(data) is not None


def _looks_encoded(run: str) -> bool:
    """Say whether a run may be base64: most long runs of letters are words."""
    return not (run[1:].islower() or run.isupper() or run.isdigit())


def labelled(rows: Iterable[Iterable[object]]) -> str:
    """Return a table as text in which every value stands behind its heading."""
    lines = []
    headings: list[str] | None = None
    for row in rows:
        cells = [_cell(cell) for cell in row]
        if headings is None:
            headings = cells
            continue
        lines.append(
            " ; ".join(f"{name}: {cell}" for name, cell in zip(headings, cells, strict=False))
        )
    return "\n".join(lines)


def _cell(cell: object) -> str:
    """Return a cell as it is shown: spreadsheets hold every number as a float."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell)


def separated(text: str) -> str | None:
    """Return a CSV file as `labelled` text, or None if it is none."""
    first = text.lstrip("\ufeff").partition("\n")[0]
    sign = max(";,\t", key=first.count)
    if len(first) > 5_000 or not first.count(sign) or first.lstrip()[:1] in "<{[":
        return None
    try:
        return labelled(csv.reader(io.StringIO(text.lstrip("\ufeff")), delimiter=sign))
    except csv.Error:
        return None


def _unescaped(found: re.Match[str]) -> str:
    code = found[1] or found[2] or found[3]
    if code is None:
        return _BREAKS[found[4]]
    number = int(code, 16)
    return chr(number) if number < 0x110000 else "\ufffd"


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
