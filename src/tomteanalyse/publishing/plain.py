"""Text without the differences that do not change what a reader reads."""

import re
import unicodedata

WORDS = re.compile(r"[^\W\d_]+|\d+|[\W_]+")
"""Cuts a text into words, numbers and what stands between them."""

_UNSEEN = re.compile(
    # Format characters (Unicode category Cf): soft hyphens, joiners, directions, tags, …
    "[\u00ad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e\u200b-\u200f\u202a-\u202e"
    "\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb\U000110bd\U000110cd\U00013430-\U0001343f"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0001\U000e0020-\U000e007f"
    # Others that are not drawn: joiners of marks, fillers, selectors of variants.
    "\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u180f\u2065\u3164\ufe00-\ufe0f\uffa0"
    "\U000e0100-\U000e01ef]+"
)
_MARKS = re.compile("[\u0300-\u036f]+")
_COUNTED = re.compile(
    r"(?<=[^\W\d_])[\W_]+"
    r"(?:(?:addr[\W_])?(?:house|hus|gate|vei|veg)?(?:nr|no|nummer|number)|hus)(?![^\W_])"
    r"[\W_]{0,5}(?=\d)"
)
"""Words that say no more than that a number follows: «nr. », «(nr) », «husnummer »."""


def visible(text: str) -> str:
    """Return a text without characters that are not drawn, such as soft hyphens."""
    return text if text.isascii() else _UNSEEN.sub("", text)


def plain_text(text: str) -> str:
    """Return a text without differences of case and of how accents and spaces are encoded.

    Marks that make no letter of their own with the one before, such as a line below, are left out.
    """
    if text.isascii():
        return text.casefold()
    return _MARKS.sub("", unicodedata.normalize("NFKC", visible(text))).casefold()


def uncounted(plain: str) -> str:
    """Return a plain text without words that only say that a number follows: «Storgata nr. 12»."""
    return _COUNTED.sub(" ", plain)


def parts_in(plain: str) -> list[str]:
    """Return the words and numbers of a plain text."""
    return [each for each in WORDS.findall(plain) if each[0].isalnum()]
