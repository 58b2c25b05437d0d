"""Which column is which: Norwegian and English headings, and what the study file says."""

import unicodedata
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from tomteanalyse.inputs.findings import Findings

_LETTERS = str.maketrans({"æ": "ae", "ø": "o", "å": "a", "ä": "a", "ö": "o"})


def plain(heading: str) -> str:
    """Return a heading without case, accents and signs: «Gyldig frå» is ``gyldigfra``."""
    folded = heading.casefold().translate(_LETTERS)
    bare = unicodedata.normalize("NFKD", folded)
    return "".join(sign for sign in bare if sign.isascii() and sign.isalnum())


def match_columns(
    headings: Sequence[str],
    *,
    aliases: Mapping[str, Sequence[str]],
    chosen: Mapping[Any, str],
    findings: Findings,
) -> dict[str, str]:
    """Find the heading of every column we know.

    Parameters
    ----------
    headings
        Of the file.
    aliases
        Our name of a column to the headings it goes by, in `plain` form, best first.
    chosen
        Our name to the heading that the study file says; it beats the aliases.
    findings
        Gets ``table.no_such_column`` for a chosen heading that the file does not have.

    Returns
    -------
    dict
        Our name to the file's heading, for the columns that were found.
    """
    by_plain: dict[str, str] = {}
    for heading in headings:
        by_plain.setdefault(plain(heading), heading)
    found: dict[str, str] = {}
    for name, known in aliases.items():
        if name in chosen:
            wanted = chosen[name]
            if wanted in headings:
                found[name] = wanted
            elif plain(wanted) in by_plain:
                found[name] = by_plain[plain(wanted)]
            else:
                findings.fault("table.no_such_column", column=wanted, field=name)
            continue
        for alias in known:
            if alias in by_plain and by_plain[alias] not in chosen.values():
                found[name] = by_plain[alias]
                break
    return found


def nearest_heading(headings: Sequence[str], aliases: Sequence[str]) -> str | None:
    """Return the heading that is most like one of the aliases, or None where none is."""
    by_plain = {plain(heading): heading for heading in headings}
    for alias in aliases:
        if close := get_close_matches(alias, by_plain, n=1, cutoff=0.75):
            return by_plain[close[0]]
    return None
