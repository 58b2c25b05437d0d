"""Ids, addresses and coordinates in text."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np

from tomteanalyse.publishing.plain import WORDS, parts_in, plain_text, uncounted
from tomteanalyse.publishing.secrets import Floats, Frame, Phrase, Secrets
from tomteanalyse.publishing.sightings import Whole, seen

CHUNK = 1_000_000
"""Characters that are cut into words at a time."""
OVERLAP = 500
GAP = 3
"""Signs that may stand between two parts of an address: «Storgata, 12». Any number of spaces, line
breaks and the like beside each other are one sign."""
APART = 400
"""Characters that may stand between two coordinates of one place."""
LEAST_COLUMN = 3
COLUMNS = 4
"""In how many lists of equal length behind a list of eastings the northings are looked for."""

_SPACES = re.compile(r"\s+")
_ENDED = re.compile(r"[\"'][\s\])}]*,[\s\[({]*")
"""A text's end in JSON with a number behind that stands by itself. The map page is full of streets'
names with a number of another kind behind them: ``"Storgata",12``."""
_LABEL = re.compile(
    r"(?<![^\W_])(?:unit|enhets?|einings?|bolig|bustad|building|bygg|bygnings?|kobo|borettslag|"
    r"burettslag|sameie|sameige|gnr_?bnr|(?:gate|veg|vei|besøks)?adresse|address|\w*nearest)"
    r"(?:[_\-\s]?(?:ids?|nr|no|nummer|number|te[kx]st))?(?![^\W_])"
    r"(?:[\"':=>\\.]|\s{1,200}){0,8}(?P<list>[\[(]?)"
)
_DIGITS = re.compile(r"\d{1,3}(?!\d)")
_LISTED = re.compile(r"[^\])}]{1,2000}")
_SINGLE = re.compile(r"[^\"'<>,;\])}\n\r\t&]{1,120}")
_SPLIT = re.compile(r"[\"'\s,;]+")

_SPACE = "\u0020\u00a0\u2009\u202f'\u2019"
_NUMBERS = (
    # A point before the decimals: 597100.25, 10.75, 5.971e5, 10752312.
    (re.compile(r"\d+(?:\.\d+)?(?:[eE][+-]?\d{1,2}(?!\d))?"), "", "."),
    # A comma: 597100,25. Lists of whole numbers look the same, so only those that could be meant.
    (re.compile(r"(?<!\d)(?:\d{1,2},\d{3,}|\d{4,8},\d{1,3})(?!\d)"), "", ","),
    # Spaces between the thousands: 6 643 100,25.
    (re.compile(rf"(?<!\d)\d{{1,3}}(?:[{_SPACE}]\d{{3}})+(?:[.,]\d+)?(?!\d)"), _SPACE, ",."),
    # Points or commas between the thousands: 6.643.100,25 and 6,643,100.25.
    (re.compile(r"(?<!\d)\d{1,3}(?:\.\d{3})+(?:,\d+)?(?!\d)"), ".", ","),
    (re.compile(r"(?<!\d)\d{1,3}(?:,\d{3})+(?:\.\d+)?(?!\d)"), ",", "."),
)


def holds_phrase(text: str, secrets: Secrets) -> bool:
    """Say whether an id or address stands in the text."""
    plain = plain_text(text)
    shortened = uncounted(plain)
    for start in range(0, max(1, len(shortened)), CHUNK):
        items = WORDS.findall(shortened, start, start + CHUNK + OVERLAP)
        for place, item in enumerate(items):
            if item in secrets.phrases and any(
                _stands(items, place, before, phrase)
                for behind in ("", _next(items, place))
                for before, phrase in secrets.phrases[item].get(behind, ())
            ):
                return True
    return _holds_weak(plain, secrets)


def holds_run_together(text: str, secrets: Secrets) -> bool:
    """Say whether a long id or an address stands in text whose words may be run together.

    The columns of a database's rows are, and the words of a page in a PDF. One to three digits
    behind a house's number make it another house's; more are a post code, a year or another column.
    """
    bare = "".join(parts_in(plain_text(text)))
    for phrase, house in secrets.run_together:
        place = bare.find(phrase)
        while place >= 0:
            behind = place + len(phrase)
            if not house or _DIGITS.match(bare, behind) is None:
                return True
            place = bare.find(phrase, behind)
    return False


def _next(items: Sequence[str], place: int) -> str:
    """Return the next word or number, or a word of signs, which is in no phrase."""
    place += 1
    if place < len(items) and _between(items[place]):
        place += 1
    return items[place] if place < len(items) else " "


def _stands(items: Sequence[str], place: int, before: int, phrase: Phrase) -> bool:
    """Say whether the phrase stands around its most telling part, which `before` others precede."""
    first = last = place
    for part in reversed(phrase.parts[:before]):
        first -= 1
        if first >= 0 and _between(items[first]):
            first -= 1
        if first < 0 or items[first] != part:
            return False
    for part in phrase.parts[before + 1 :]:
        last += 1
        if last < len(items) and _between(items[last]):
            last += 1
        if last >= len(items) or items[last] != part:
            return False
    if phrase.exact is None:
        return True
    return "".join(items[first : last + 1]) == phrase.exact and _by_itself(items, first, last)


def _between(item: str) -> bool:
    if item[0].isalnum() or _ENDED.fullmatch(item):
        return False
    return len(item) <= GAP or len(_SPACES.sub(" ", item)) <= GAP


def _by_itself(items: Sequence[str], first: int, last: int) -> bool:
    """Say whether it is a word of its own, and no decimals."""
    before = items[first - 1] if first else " "
    behind = items[last + 1] if last + 1 < len(items) else " "
    decimals = before == "." and first > 1 and items[first - 2].isdigit()
    return not before[-1].isalnum() and not behind[0].isalnum() and not decimals


def _holds_weak(plain: str, secrets: Secrets) -> bool:
    if not secrets.weak:
        return False
    for label in _LABEL.finditer(plain):
        shape = _LISTED if label["list"] else _SINGLE
        value = shape.match(plain, label.end())
        if value is None:
            continue
        text = value.group().strip()
        parts = [each for each in _SPLIT.split(text) if each]
        told = {text, *(parts if label["list"] else parts[:1])}
        if not secrets.weak.isdisjoint(told):
            return True
    return False


def holds_place(text: str, frames: Sequence[Frame]) -> bool:
    """Say whether the coordinates of a place stand in the text."""
    if not frames:
        return False
    for shape, grouped, decimal in _NUMBERS:
        values, decimals, starts, ends = _numbers(text, shape, grouped=grouped, decimal=decimal)
        if seen(values, decimals, frames, positions=starts, apart=APART):
            return True
        for chosen in _columns(starts, ends):
            if seen(values[chosen], decimals[chosen], frames):
                return True
    return False


def _numbers(
    text: str, shape: re.Pattern[str], *, grouped: str, decimal: str
) -> tuple[Floats, Whole, Whole, Whole]:
    found = [each for each in shape.finditer(text) if each.end() - each.start() < 40]
    signs = str.maketrans(dict.fromkeys(grouped, "") | dict.fromkeys(decimal, "."))
    written = [each.group().translate(signs) for each in found]
    decimals = [
        0 if (point := each.find(".")) < 0 else len(each) - point - 1 - _exponent(each)
        for each in written
    ]
    return (
        np.array(list(map(float, written)), dtype=np.float64),
        np.array(decimals, dtype=np.int64),
        np.array([each.start() for each in found], dtype=np.int64),
        np.array([each.end() for each in found], dtype=np.int64),
    )


def _exponent(number: str) -> int:
    """Return by how much fewer decimals a number has for its exponent."""
    mantissa, _, exponent = number.lower().partition("e")
    return len(number) - len(mantissa) + int(exponent) if exponent else 0


def _columns(starts: Whole, ends: Whole) -> Iterator[Whole]:
    """Yield numbers of lists of one length in pairs: the first of each, then the second, and on."""
    breaks = np.flatnonzero(starts[1:] - ends[:-1] > GAP) + 1
    edges = np.concatenate([[0], breaks, [starts.size]])
    by_length: dict[int, list[int]] = {}
    for first, last in pairwise(edges.tolist()):
        if last - first >= LEAST_COLUMN:
            by_length.setdefault(last - first, []).append(first)
    for length, firsts in by_length.items():
        within = np.arange(length)
        for behind in range(1, COLUMNS + 1):
            paired = np.array(list(zip(firsts, firsts[behind:], strict=False)), dtype=np.int64)
            if len(paired):
                yield (paired[:, None, :] + within[None, :, None]).reshape(-1)
