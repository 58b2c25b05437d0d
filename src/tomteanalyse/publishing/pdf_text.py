"""The text of a PDF, as far as it can be had without laying out a page.

A PDF stores glyph numbers. Which letters they stand for a font tells in a table (``ToUnicode``,
ISO 32000-1, 9.10.3); every string of a page is read with every font's table, since which font it is
set in does not matter to somebody who looks for one address.
"""

import base64
import binascii
import re
import zlib
from collections.abc import Iterator

PDF_TEXT = "<text>"
"""What text that has been put together is called."""

_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\n?endstream", re.DOTALL)
_SHOWN = re.compile(rb"\((?:[^()\\]|\\.|\([^()]*\))*\)|<([0-9A-Fa-f\s]*)>", re.DOTALL)
_OCTAL = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)
_RANGES = re.compile(rb"beginbfrange(.*?)endbfrange", re.DOTALL)
_CHARACTERS = re.compile(rb"beginbfchar(.*?)endbfchar", re.DOTALL)
_RANGE = re.compile(rb"<(\w+)>\s*<(\w+)>\s*(?:<(\w+)>|\[([^\]]*)\])")
_PAIR = re.compile(rb"<(\w+)>\s*<(\w+)>")
_SIGNS = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}

Letters = dict[int, str]


def is_locked(data: bytes) -> bool:
    """Say whether a PDF is encrypted."""
    return re.search(rb"/Encrypt\s+\d+\s+\d+\s+R", data) is not None


def pdf_streams(data: bytes, *, most: int) -> Iterator[tuple[str, bytes | str]]:
    """Yield every stream, and the text of those that show some.

    Parameters
    ----------
    data
        The file.
    most
        Bytes a stream is inflated to at most.
    """
    streams = [_opened(found[1], most=most) for found in _STREAM.finditer(data)]
    fonts = [_letters(stream) for stream in streams if b"begincmap" in stream]
    for stream in (*streams, data):
        if stream is not data:
            yield "<stream>", stream
        shown = [_bytes(found) for found in _SHOWN.finditer(stream)]
        if not shown:
            continue
        yield PDF_TEXT, _joined(each.decode("latin-1") for each in shown)
        for each in shown:
            if each[:2] in (b"\xfe\xff", b"\xff\xfe"):
                yield PDF_TEXT, each.decode("utf-16", errors="replace")
        if b"Tj" in stream or b"TJ" in stream:
            for letters in fonts:
                yield PDF_TEXT, _joined(_read(each, letters) for each in shown)


def _joined(strings: Iterator[str]) -> str:
    """Return the strings run together, and each by itself: a word may be one or many."""
    found = list(strings)
    return "".join(found) + "\n\n\n\n" + " ".join(found)


def _opened(stream: bytes, *, most: int) -> bytes:
    """Return the stream inflated, if it was deflated, from bytes or from characters."""
    for body in (stream, _from_85(stream), _from_hex(stream)):
        try:
            return zlib.decompressobj().decompress(body, most)
        except zlib.error:
            continue
    return stream


def _from_85(stream: bytes) -> bytes:
    try:
        return base64.a85decode(stream.strip().removesuffix(b"~>"))
    except ValueError:
        return b""


def _from_hex(stream: bytes) -> bytes:
    try:
        return binascii.unhexlify(b"".join(stream.split()).removesuffix(b">"))
    except binascii.Error:
        return b""


def _bytes(found: re.Match[bytes]) -> bytes:
    whole = found.group()
    if whole[:1] == b"(":
        return _OCTAL.sub(_sign, whole[1:-1])
    digits = b"".join(found[1].split())
    return binascii.unhexlify(digits + b"0" * (len(digits) % 2))


def _sign(found: re.Match[bytes]) -> bytes:
    code = found[1]
    if b"0" <= code[:1] <= b"7":
        return bytes([int(code, 8) & 255])
    return _SIGNS.get(code, b"" if code == b"\n" else code)


def _letters(stream: bytes) -> Letters:
    """Return what the glyph numbers of a font stand for."""
    letters: Letters = {}
    for block in _CHARACTERS.findall(stream):
        for code, text in _PAIR.findall(block):
            letters[int(code, 16)] = _unicode(text)
    for block in _RANGES.findall(stream):
        for first, last, start, listed in _RANGE.findall(block):
            low, high = int(first, 16), min(int(last, 16), int(first, 16) + 0xFFFF)
            if start:
                begin = _unicode(start)
                for place, code in enumerate(range(low, high + 1)):
                    letters[code] = begin[:-1] + chr(ord(begin[-1]) + place) if begin else ""
            else:
                texts = re.findall(rb"<(\w+)>", listed)
                letters |= {low + place: _unicode(text) for place, text in enumerate(texts)}
    return letters


def _unicode(digits: bytes) -> str:
    even = digits + b"0" * (len(digits) % 2)
    return binascii.unhexlify(even).decode("utf-16-be", errors="replace")


def _read(shown: bytes, letters: Letters) -> str:
    """Return a string of glyph numbers of two bytes as text, or of one where two fit none."""
    wide = [int.from_bytes(shown[at : at + 2]) for at in range(0, len(shown) - 1, 2)]
    codes = wide if any(code in letters for code in wide) else list(shown)
    return "".join(letters.get(code, "") for code in codes)
