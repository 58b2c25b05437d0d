"""The catalogue's texts that a page's scripts need; the map is read in any language."""

from functools import cache

from tomteanalyse.texts import LANGUAGES, Catalog, Language, catalog

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


def texts_of(say: Catalog, subjects: tuple[str, ...]) -> dict[Language, dict[str, str]]:
    """Return the texts whose keys begin with one of the subjects, for a page in one language."""
    chosen = {key: text for key, text in sorted(say.entries.items()) if key.startswith(subjects)}
    return {say.language: chosen}


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
