"""What can go wrong, as data: a code, a place and values. The words come from the catalogue."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tomteanalyse.texts import Language, catalog

SHOWN = 5
"""How many rows or ids a message names before it says how many more there are."""
MAP_SUFFIXES = (".gpkg", ".geojson", ".json", ".shp", ".zip")
"""Files whose rows are features, counted from 1: they have no heading row."""


@dataclass(frozen=True)
class Notice:
    """One thing a planner must know: a fault that stops the run, or a warning that does not.

    Parameters
    ----------
    code
        Key of its texts: ``<code>.what``, and where they help ``<code>.why`` and ``<code>.do``.
    file
        Name of the file as the planner knows it, never an absolute path.
    rows
        Row numbers as a spreadsheet shows them (the heading is row 1); in a map file the numbers of
        the features, from 1.
    ids
        Identifiers of the plots, units or ways concerned. Never an address.
    values
        What the texts' placeholders stand for; a `Phrase` is said in the language of the text.
    """

    code: str
    file: str | None = None
    rows: tuple[int, ...] = ()
    ids: tuple[str, ...] = ()
    values: Mapping[str, object] = field(default_factory=dict)

    def text(self, language: Language) -> str:
        """Say it in `language`: code, place and what; then why; then what to do."""
        say = catalog(language)
        place = [self.file] if self.file else []
        if self.rows:
            on_map = self.file is not None and self.file.lower().endswith(MAP_SUFFIXES)
            where = "notice.where_feature" if on_map else "notice.where_row"
            place.append(say(where, rows=_shortened(self.rows, language)))
        if self.ids:
            place.append(say("notice.where_id", ids=_shortened(self.ids, language)))
        where = f"{', '.join(place)}: " if place else ""
        lines = [f"[{self.code}] {where}{say(f'{self.code}.what', **self.values)}"]
        for part in ("why", "do"):
            if f"{self.code}.{part}" in say:
                said = say(f"{self.code}.{part}", **self.values)
                lines.append(f"    {say(f'notice.{part}', text=said)}")
        return "\n".join(lines)

    def as_dict(self, language: Language) -> dict[str, Any]:
        """Return the notice as JSON-ready data, its text included."""
        return {
            "code": self.code,
            "file": self.file,
            "rows": list(self.rows),
            "ids": list(self.ids),
            "text": self.text(language),
        }


def _shortened(items: Sequence[object], language: Language) -> str:
    shown = ", ".join(str(item) for item in items[:SHOWN])
    hidden = len(items) - SHOWN
    more = catalog(language)("notice.more", count=hidden) if hidden > 0 else ""
    return f"{shown} {more}".rstrip()


class TomteanalyseError(Exception):
    """The root of every error this package raises on purpose.

    Parameters
    ----------
    notices
        All faults that were found, not only the first.
    language
        The language of ``str(error)``; the study's, once it is known.
    """

    exit_code = 5

    def __init__(self, *notices: Notice, language: Language = "nb") -> None:
        super().__init__(*(notice.code for notice in notices))
        self.notices = notices
        self.language: Language = language

    def __str__(self) -> str:
        say = catalog(self.language)
        faults = [notice.text(self.language) for notice in self.notices]
        return "\n".join([*self._heading(), *faults, say("notice.untouched")])

    def _heading(self) -> list[str]:
        return []


class DataError(TomteanalyseError):
    """The planner's files or study file cannot be used as they are."""

    exit_code = 1

    def _heading(self) -> list[str]:
        say = catalog(self.language)
        count = len(self.notices)
        return [say("notice.one_fault") if count == 1 else say("notice.faults", count=count)]


class UsageError(TomteanalyseError):
    """The command or call does not make sense: an unknown plot, a folder that is in use."""

    exit_code = 2


class NetworkError(TomteanalyseError):
    """The service that OpenStreetMap is fetched from did not answer as it should."""

    exit_code = 3


class PrivacyError(TomteanalyseError):
    """Person data where none may be, or a result that would reveal a home."""

    exit_code = 4
