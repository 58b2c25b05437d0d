"""Everything a planner reads, in Norwegian bokmål, nynorsk and English.

One folder a language, one TOML file a subject; a text is addressed by its dotted key. The three
languages hold the same keys with the same placeholders, and a test keeps it so.
"""

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, Literal, get_args

Language = Literal["nb", "nn", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)

NBSP = "\N{NO-BREAK SPACE}"
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
MINUS = "\N{MINUS SIGN}"


@dataclass(frozen=True)
class Phrase:
    """A text that goes into another, by its key: it is said in the other's language."""

    key: str


@dataclass(frozen=True)
class Catalog:
    """The texts of one language.

    Parameters
    ----------
    language
        "nb", "nn" or "en".
    entries
        Every text by its dotted key, e.g. ``"plots.duplicate_id.what"``.
    """

    language: Language
    entries: Mapping[str, str]

    def __call__(self, key: str, /, **values: object) -> str:
        """Return the text at `key` with its placeholders filled in.

        Floats and dates are written as the language does; pass a ready string to decide the form.

        Raises
        ------
        KeyError
            If there is no such text, or a placeholder has no value.
        """
        shown = {name: self._shown(value) for name, value in values.items()}
        return self.entries[key].format_map(shown)

    def _shown(self, value: object) -> object:
        if isinstance(value, Phrase):
            return self.entries[value.key]
        if isinstance(value, date):
            return self.date(value.isoformat())
        return self.number(value, decimals=None) if isinstance(value, float) else value

    def __contains__(self, key: str) -> bool:
        return key in self.entries

    def number(self, value: float, *, decimals: int | None = 0) -> str:
        """Write a number as the language does: ``1 234,5`` in Norwegian, ``1,234.5`` in English.

        Parameters
        ----------
        value
            The number. NaN is written as the word for unknown, infinity as that for unreachable.
        decimals
            Digits after the decimal sign; None keeps those that say something (at most 6).
        """
        if math.isnan(value):
            return self.entries["number.unknown"]
        if math.isinf(value):
            return self.entries["number.unreachable"]
        if decimals is None:
            written = f"{value:,.6f}".rstrip("0").rstrip(".")
        else:
            written = f"{value:,.{decimals}f}"
        if float(written.replace(",", "")) == 0.0:
            written = written.lstrip("-")
        if self.language != "en":
            written = written.translate(str.maketrans(",.", f"{NBSP},"))
        return written.replace("-", MINUS)

    def metres(self, value: float) -> str:
        """Write a distance in whole metres with its unit, or the word for unknown/unreachable."""
        written = self.number(value)
        return f"{written}{NBSP}m" if math.isfinite(value) else written

    def date(self, iso: str) -> str:
        """Write an ISO date or timestamp as ``21.11.2026`` (Norwegian) or ``21 Nov 2026``."""
        year, month, day = iso[:10].split("-")
        if self.language == "en":
            return f"{int(day)} {MONTHS[int(month) - 1]} {year}"
        return f"{day}.{month}.{year}"

    def listing(self, items: list[str]) -> str:
        """Join words as the language does: ``a, b og c``."""
        if len(items) < 2:
            return "".join(items)
        return f"{', '.join(items[:-1])} {self.entries['word.and']} {items[-1]}"


@cache
def catalog(language: Language) -> Catalog:
    """Return the catalogue of a language, read once.

    Raises
    ------
    ValueError
        If two files of the language hold the same key.
    """
    entries: dict[str, str] = {}
    for source in sorted(files(__name__).joinpath(language).iterdir(), key=lambda file: file.name):
        if not source.name.endswith(".toml"):
            continue
        for key, text in _flatten(tomllib.loads(source.read_text("utf-8"))):
            if key in entries:
                raise ValueError(f"text {key} stands twice in {language}, again in {source.name}")
            entries[key] = text
    return Catalog(language, entries)


def _flatten(table: Mapping[str, Any], prefix: str = "") -> list[tuple[str, str]]:
    flat: list[tuple[str, str]] = []
    for name, value in table.items():
        key = f"{prefix}{name}"
        flat += _flatten(value, f"{key}.") if isinstance(value, dict) else [(key, value)]
    return flat
