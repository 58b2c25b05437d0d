"""Text in disguise: other encodings, escapes, tags, base64 and hex, tables without headings."""

import binascii
import csv
import html
import io
import re
import urllib.parse
from base64 import b64decode
from collections.abc import Iterable, Iterator

_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{12,}(?:\r?\n[A-Za-z0-9+/_-]{12,})*={0,2}")
_HEX = re.compile(r"(?:[0-9A-Fa-f]{2}){16,}")
LONG = 400
"""A run of so many letters and digits is no text nor an address on the web; it is only decoded."""
_NARROW = (
    (rb"(?:[\t\n\r\x20-\x7e]|[\xc2-\xdf][\x80-\xbf]|[\xe2-\xef][\x80-\xbf]{2}){4,}", "utf-8"),
    (rb"[\t\n\r\x20-\x7e\xa0\xc0-\xff]{4,}", "latin-1"),
)
_WIDE = (
    (rb"(?:[\t\n\r\x20-\x7e\xa0-\xff]\x00|[\x00-\x6f]\x20){4,}", "utf-16-le"),
    (rb"(?:\x00[\t\n\r\x20-\x7e\xa0-\xff]|\x20[\x00-\x6f]){4,}", "utf-16-be"),
)
"""What text looks like among other bytes, by encoding."""
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f]")
_ESCAPE = re.compile(
    r"\\u\{([0-9a-fA-F]{1,6})\}|\\u([0-9a-fA-F]{4})|\\x([0-9a-fA-F]{2})|\\([nrt/])"
)
_ESCAPED = re.compile(rf"{_ESCAPE.pattern}|%[0-9A-Fa-f]{{2}}|&#?\w{{1,32}};")
AROUND = 300
"""So many characters to either side of an escape or a tag are read anew."""
APART = "\n" + "-" * 9 + "\n"
"""Put between pieces of text that do not belong together."""
_TAG = re.compile(r"<[/!?]?([\w:.-]*)[^<>]{0,2000}>")
_INDENT = re.compile(r">\s+<")
_PARTING = re.compile(
    r"(?:[\w.-]+:)?(?:"
    # HTML, SVG
    r"address|article|aside|blockquote|body|br|button|caption|dd|desc|details|div|dl|dt|figcaption|"
    r"footer|form|h[1-6]|head|header|hr|html|img|input|label|legend|li|main|nav|ol|option|p|pre|"
    r"script|section|select|style|summary|table|tbody|td|text|textarea|tfoot|th|thead|title|tr|ul|"
    # Word processors, spreadsheets, slides
    r"c|cell|comment|cr|is|line-break|row|si|tab|table-cell|table-row|tc|v)|text:s"
)
"""Elements between which no word goes on."""
_BREAKS = {"n": "\n", "r": "\r", "t": "\t", "/": "/"}


def is_text(data: bytes) -> bool:
    """Say whether there is nothing in the bytes but text."""
    return not _CONTROL.search(data)


def texts_of(data: bytes) -> Iterator[str]:
    """Yield the bytes as text, in every encoding that they may be in."""
    if is_text(data):
        try:
            yield data.decode("utf-8")
        except UnicodeDecodeError:
            yield data.decode("latin-1")
        return
    # A run that begins with half a character is whole in the other byte order.
    for shape, encoding in (*_NARROW, *_WIDE):
        found = re.findall(shape, data, re.DOTALL)
        if found:
            yield "\n".join(run.decode(encoding, errors="replace") for run in found)


def undisguised(text: str) -> Iterator[str]:
    r"""Yield the text around escapes without them: ``\u00f8``, ``%C3%B8``, ``&oslash;``."""
    near = _around(_ESCAPED, text)
    if not near:
        return
    plain = _ESCAPE.sub(_unescaped, html.unescape(near))
    unquoted = urllib.parse.unquote(plain, errors="replace")
    if "\ufffd" in unquoted:
        yield urllib.parse.unquote(plain, encoding="latin-1")
    yield unquoted


def without_tags(text: str) -> tuple[str, ...]:
    """Return the text around tags without them: with a space for each, and run together.

    A word may go on behind a tag: ``<b>Nyg</b>ata``, or two runs of a word processor. Run together
    is what no line break, paragraph or cell parts.
    """
    near = _around(_TAG, text) if "<" in text else ""
    if not near:
        return ()
    is_xml = text.lstrip("\ufeff \n\r\t").startswith("<?xml")
    dense = _INDENT.sub(_undented, near) if is_xml else near
    return _TAG.sub(" ", near), _TAG.sub(_parting, dense)


def _undented(between: re.Match[str]) -> str:
    """Return two tags' signs: in XML a line break between tags is no space."""
    return "><" if "\n" in between.group() else between.group()


def _parting(tag: re.Match[str]) -> str:
    return " " if _PARTING.fullmatch(tag[1].lower()) else ""


def _around(shape: re.Pattern[str], text: str) -> str:
    """Return the text around everything of a shape, and nothing if there is nothing."""
    around: list[list[int]] = []
    for found in shape.finditer(text):
        start, end = max(0, found.start() - AROUND), found.end() + AROUND
        if around and start <= around[-1][1]:
            around[-1][1] = end
        else:
            around.append([start, end])
    return APART.join(text[start:end] for start, end in around)


def encoded_in(text: str) -> tuple[str, tuple[bytes, ...]]:
    """Return the text without long encoded runs, and what all runs decode to."""
    found = [binascii.unhexlify(run.group()) for run in _HEX.finditer(text)]
    for run in _BASE64.finditer(text):
        if not _looks_encoded(run.group()):
            continue
        written = "".join(run.group().split()).rstrip("=")
        written = written.replace("-", "+").replace("_", "/")
        # What stands before it may have been taken for a part of it.
        for offset in (0,) if len(written) > 10 * LONG else range(4):
            body = written[offset:]
            body = body[: len(body) - (len(body) % 4 == 1)]
            if len(body) >= 8:
                found.append(b64decode(body + "=" * (-len(body) % 4)))
    shown = _BASE64.sub(lambda run: " " if len(run.group()) >= LONG else run.group(), text)
    return shown, tuple(found)


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
