"""What stands in a cell of a Norwegian table: numbers, dates, identifiers, broken letters."""

import math
import re
from datetime import date, datetime, timedelta

import numpy as np

BLANKS = frozenset({"", "-", "–", "null", "none", "nan", "nat", "n/a", "#n/a", "<null>"})
SPACES = re.compile(r"[\s\u00a0\u202f\u2009']")
# The second byte of a Nordic letter, as Latin-1 (first range) and as Windows reads it.
_SECOND = (
    "\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc"
    "\u2013-\u203a\u20ac\u2122"
)
MOJIBAKE = re.compile(f"[ÃÂ][{_SECOND}]")
LOST_LETTER = "\N{REPLACEMENT CHARACTER}"
EXCEL_EPOCH = date(1899, 12, 30)
EXCEL_SERIALS = range(20_000, 80_000)
"""Excel's day numbers from 1954 to 2119; smaller numbers are something else."""
ENDLESS_YEAR = 2200
"""Registers write 31.12.9999 for "no end"."""
MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan januar january",
            "feb februar february",
            "mar mars march",
            "apr april",
            "mai may",
            "jun juni june",
            "jul juli july",
            "aug august",
            "sep sept september",
            "okt oct oktober october",
            "nov november",
            "des dec desember december",
        ),
        start=1,
    )
    for name in names.split()
}
_PLAIN = re.compile(r"[+-]?(?:\d+(?:[.,]\d*)?(?:[eE][+-]?\d+)?|[.,]\d+)")
# A single comma or point is a decimal sign; only what no decimal sign can be marks thousands.
_GROUPED = re.compile(
    r"(?P<whole>[+-]?\d{1,3}(?:(?P<mark>[ .,])\d{3})(?:(?P=mark)\d{3})*)(?P<decimals>[.,]\d*)?"
)
_SERIAL = re.compile(r"(\d{5})(?:[.,]\d+)?")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[t ][\d:.,]+(?:z|[+-]\d\d:?\d\d)?)?")
_COMPACT = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)")
_NORWEGIAN = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})(?:[t ][\d:.,]+)?")
_WORDED = re.compile(r"(\d{1,2})\.?[ -]([a-zæøå]+)\.?[ -](\d{4})")
_DAY_MONTH = re.compile(r"\d{1,2}\.?[ .-]?([a-z]{3,4})\.?(?:[ .-]?\d{2,4})?")
_MONTH_YEAR = re.compile(r"([a-z]{3,4})[ .-]\d{1,4}")


def text_of(value: object) -> str:
    """Write any cell as the text a planner typed: 3.0 is "3", a date is ISO, nothing is "".

    Text passes through untouched, ``0301`` and all.
    """
    if value is None or value != value:  # NaN and NaT differ from themselves
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        midnight = (value.hour, value.minute, value.second) == (0, 0, 0)
        return value.date().isoformat() if midnight else value.isoformat(" ", "seconds")
    if isinstance(value, (float, np.floating)):
        number = float(value)
        return str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number)
    return str(value)


def is_blank(text: str) -> bool:
    """Say whether a cell holds nothing, in any of the ways programs write nothing."""
    return text.strip().casefold() in BLANKS


def number_of(text: str) -> float | None:
    """Read a number with decimal comma or point and any mark between thousands.

    Returns
    -------
    float or None
        None where it is not a finite number.
    """
    bare = SPACES.sub(" ", text.strip()).replace("\N{MINUS SIGN}", "-")
    if _PLAIN.fullmatch(bare):
        bare = bare.replace(",", ".")
    elif found := _GROUPED.fullmatch(bare):
        whole, mark, decimals = found["whole"], found["mark"], found["decimals"] or ""
        if decimals.startswith(mark):  # 1,234,5 is no number
            return None
        bare = whole.replace(mark, "") + decimals.replace(",", ".")
    else:
        return None
    number = float(bare)
    return number if math.isfinite(number) else None


def date_of(text: str) -> date | None:
    """Read a date in ISO or Norwegian form, with a month's name, or as Excel's day number.

    Years of two digits are refused: whether 25 is 1925 or 2025 cannot be known.

    Returns
    -------
    date or None
        None for a year so far off that it means "always".

    Raises
    ------
    ValueError
        If it is not a date.
    """
    bare = text.strip().casefold()
    if found := _ISO.fullmatch(bare) or _COMPACT.fullmatch(bare):
        year, month, day = (int(part) for part in found.groups())
    elif found := _NORWEGIAN.fullmatch(bare):
        day, month, year = (int(part) for part in found.groups())
    elif (found := _WORDED.fullmatch(bare)) and found[2] in MONTHS:
        day, month, year = int(found[1]), MONTHS[found[2]], int(found[3])
    elif (found := _SERIAL.fullmatch(bare)) and int(found[1]) in EXCEL_SERIALS:
        return EXCEL_EPOCH + timedelta(days=int(found[1]))
    else:
        raise ValueError("not a date")
    if year >= ENDLESS_YEAR or year < 1800:
        return None
    return date(year, month, day)


def turned_into_date(text: str) -> bool:
    """Say whether an identifier looks like ``3-5`` after Excel has made it a date."""
    bare = text.strip().casefold()
    if _ISO.fullmatch(bare) or _NORWEGIAN.fullmatch(bare):
        return True
    found = _DAY_MONTH.fullmatch(bare) or _MONTH_YEAR.fullmatch(bare)
    return found is not None and found[1] in MONTHS


def repaired(text: str) -> str:
    """Undo UTF-8 that was read as Latin-1 (``Ã¸``), as far as it can be undone."""
    if not MOJIBAKE.search(text):
        return text
    for wrong in ("cp1252", "latin-1"):
        try:
            return text.encode(wrong).decode("utf-8")
        except UnicodeError:
            continue
    return text


def looks_like_name(text: str) -> bool:
    """Say whether an identifier may be a person's name: two to four words with capitals."""
    words = re.split(r"[\s,.-]+", text.strip())
    return 2 <= len(words) <= 4 and all(
        len(word) > 1 and word.isalpha() and word[0].isupper() for word in words
    )


def is_garbled(text: str) -> bool:
    """Say whether letters have been lost in a way that cannot be undone."""
    return LOST_LETTER in text or bool(MOJIBAKE.search(text))
