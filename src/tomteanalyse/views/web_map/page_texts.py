"""The catalogue's texts that the page needs, in every language: it is read in any of them."""

from functools import cache

from tomteanalyse.texts import LANGUAGES, Language, catalog

SUBJECTS = (
    "clear",
    "compare",
    "criterion",
    "edition",
    "explain",
    "flag",
    "grade",
    "map",
    "number",
    "profile",
    "reason",
    "shortcut",
    "source",
    "word",
)
"""What the page speaks of: the first part of a text's key."""
NOTICES = (".what", ".why", ".do")
"""Messages are written out before they come on the page."""


@cache
def page_texts() -> dict[Language, dict[str, str]]:
    """Return the texts by language and key; `page/say.js` fills in their placeholders."""
    prefixes = tuple(f"{subject}." for subject in SUBJECTS)
    return {
        language: {
            key: text
            for key, text in sorted(catalog(language).entries.items())
            if key.startswith(prefixes) and not key.endswith(NOTICES)
        }
        for language in LANGUAGES
    }
