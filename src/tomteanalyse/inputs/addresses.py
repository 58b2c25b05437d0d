"""Place homes by a local Matrikkelen address file. No address leaves this module.

An address of a municipal home is itself confidential: nothing is looked up anywhere, and
messages name rows and ids only.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from tomteanalyse.inputs.cells import number_of
from tomteanalyse.inputs.columns import match_columns
from tomteanalyse.inputs.files import Source
from tomteanalyse.inputs.findings import Findings
from tomteanalyse.inputs.spreadsheet import read_sheet
from tomteanalyse.study import InputFile

ALIASES = {
    "street": ["adressenavn"],
    "number": ["nummer"],
    "letter": ["bokstav"],
    "text": ["adressetekst", "adressetekstutenadressetilleggsnavn"],
    "epsg": ["epsgkode"],
    "north": ["nord"],
    "east": ["ost"],
    "postcode": ["postnummer"],
    "town": ["poststed"],
}
REQUIRED = {"text": "adresseTekst", "epsg": "EPSG-kode", "north": "Nord", "east": "Øst"}
"""Columns the file must have, as Kartverket writes them."""
SAME_PLACE_M = 50.0
"""Two addresses of one name that lie closer than this are taken for one."""

_ENDINGS = re.compile(r"(?:(ve[gi]en|ve[gi]|vn|v)|(gat[ae]n?|gt))\.?$")
_HOME = re.compile(r"[\s,;-]+(?:[hkul]\d{4}|leil(?:ighet)?\.?\s*\w+)$")
_POSTAL = re.compile(r"[,;\s]+(\d{4})(?:\s+([^\d,;]+))?$|[,;]\s*([^\d,;]+)$")
_NUMBERED = re.compile(r"(.*?\D)\s*(\d{1,4})\s*([a-zæøå])?")
_CADASTRAL = re.compile(r"\d+(?:/\d+){1,3}")

Key = tuple[str, int, str]


@dataclass(frozen=True)
class Place:
    """Where an address is: coordinates in the system of its EPSG code, and its postal place.

    ``text`` is the address as the file writes it.
    """

    east: float
    north: float
    epsg: int
    postcode: str
    town: str
    text: str


@dataclass(frozen=True)
class AddressBook:
    """Every address of the file.

    Parameters
    ----------
    exact
        By street as it is written, number and letter.
    loose
        The same with the street's ending made one (``-vegen``, ``-veien``, ``v.``).
    """

    exact: Mapping[Key, tuple[Place, ...]]
    loose: Mapping[Key, tuple[Place, ...]]

    def find(self, address: str) -> tuple[Place | None, bool]:
        """Find an address as people write it: case, spaces, abbreviations, ``12 B`` or ``12b``.

        Returns
        -------
        place : Place or None
            None where there is no such address, or several far apart.
        exactly : bool
            False where only the house without its letter is known.
        """
        for found, postcode, town, exactly in self._candidates(address):
            if place := _only(found, postcode=postcode, town=town):
                return place, exactly
        return None, True

    def knows(self, address: str) -> bool:
        """Say whether there is such an address at all, though it may be in several places."""
        return any(found for found, *_ in self._candidates(address))

    def meant(self, address: str) -> tuple[Place, ...]:
        """Return every place that an address may mean: where a home with it is placed, or would be.

        Those of the best spelling only, and of the postcode or town that is written; several where
        `find` cannot tell which, or where they lie together.
        """
        for found, postcode, town, _ in self._candidates(address):
            if places := _fitting(found, postcode=postcode, town=town):
                return places
        return ()

    def _candidates(self, address: str) -> Iterator[tuple[tuple[Place, ...], str, str, bool]]:
        """Yield the places that may be meant, best first, with postcode, town and `exactly`."""
        key, postcode, town = _parsed(address)
        if key is None:
            return
        street, number, letter = key
        for wanted, exactly in ((key, True), ((street, number, ""), not letter)):
            loose = (_loose(street), *wanted[1:])
            for found in (self.exact.get(wanted, ()), self.loose.get(loose, ())):
                yield found, postcode, town, exactly


def read_addresses(source: Source) -> tuple[AddressBook, InputFile, Findings]:
    """Read Kartverket's address file for a municipality (``…MatrikkelenAdresse.csv``).

    Raises
    ------
    DataError
        ``addresses.missing_columns``, ``addresses.bad_coordinates``, or any of ``table.*``.
    """
    findings = Findings(source.name)
    table = read_sheet(source, sheet=None, findings=findings)
    found = match_columns(list(table.columns), aliases=ALIASES, chosen={}, findings=findings)
    missing = [heading for name, heading in REQUIRED.items() if name not in found]
    if missing:
        findings.fault("addresses.missing_columns", columns=", ".join(missing))
        findings.stop_if_faulty()
    columns = {
        name: table[found[name]].tolist() if name in found else [""] * len(table)
        for name in ALIASES
    }
    numbers = pd.DataFrame(
        {name: pd.to_numeric(_numbers(columns[name])) for name in ("east", "north", "epsg")},
        index=table.index,
    )
    bad = numbers.isna().any(axis=1).to_numpy()
    if bad.any():
        findings.drop("addresses.bad_coordinates", rows=table.index[bad], ids=[""] * int(bad.sum()))
    if bad.all():
        findings.fault("addresses.none")
    findings.stop_if_faulty()
    exact: dict[Key, list[Place]] = defaultdict(list)
    for street, number, letter, text, east, north, epsg, postcode, town, lacking in zip(
        columns["street"],
        columns["number"],
        columns["letter"],
        columns["text"],
        numbers["east"],
        numbers["north"],
        numbers["epsg"],
        columns["postcode"],
        columns["town"],
        bad,
        strict=True,
    ):
        key = (_bare(street), int(number), _bare(letter)) if number.isdigit() else _key(_bare(text))
        if not lacking and key is not None:
            exact[key].append(Place(east, north, int(epsg), postcode.strip(), _bare(town), text))
    loose: dict[Key, list[Place]] = defaultdict(list)
    for (street, number, letter), places in exact.items():
        loose[_loose(street), number, letter] += places
    book = AddressBook(
        {key: tuple(places) for key, places in exact.items()},
        {key: tuple(places) for key, places in loose.items()},
    )
    return book, source.fingerprint(read=len(table), dropped=int(bad.sum())), findings


def _numbers(cells: list[str]) -> list[float]:
    return [np.nan if (number := number_of(cell)) is None else number for cell in cells]


def _bare(text: str) -> str:
    return " ".join(text.casefold().replace("\u00a0", " ").split())


def _parsed(address: str) -> tuple[Key | None, str, str]:
    """Split an address into its key, postcode and town (the last two may be empty)."""
    bare = _HOME.sub("", _bare(address))
    postcode = town = ""
    # A number after the house's own is a postcode; a street may end in one without a comma.
    if (found := _POSTAL.search(bare)) and _key(bare[: found.start()]) is not None:
        postcode, town = found[1] or "", (found[2] or found[3] or "").strip()
        bare = bare[: found.start()]
    return _key(_HOME.sub("", bare.rstrip(" ,;"))), postcode, town


def _key(bare: str) -> Key | None:
    if _CADASTRAL.fullmatch(bare):
        return (bare, 0, "")
    found = _NUMBERED.fullmatch(bare)
    return (found[1].strip(), int(found[2]), found[3] or "") if found else None


def _loose(street: str) -> str:
    """Make the spellings of one street alike: its ending, hyphens, points and spaces."""
    joined = re.sub(r"[\s.\-']", "", street)
    return _ENDINGS.sub(lambda found: "~v" if found[1] else "~g", joined)


def _only(places: tuple[Place, ...], *, postcode: str, town: str) -> Place | None:
    """Return the place if there is but one, or all lie together."""
    places = _fitting(places, postcode=postcode, town=town)
    if not places:
        return None
    first = min(places, key=lambda place: (place.epsg, place.east, place.north))
    together = all(
        place.epsg == first.epsg
        and np.hypot(place.east - first.east, place.north - first.north) < SAME_PLACE_M
        for place in places
    )
    return first if together else None


def _fitting(places: tuple[Place, ...], *, postcode: str, town: str) -> tuple[Place, ...]:
    """Return the places of a postcode and town; all of them where none is of these."""
    for wanted, attribute in ((postcode, "postcode"), (town, "town")):
        fitting = tuple(place for place in places if getattr(place, attribute) == wanted)
        places = fitting if wanted and fitting else places
    return places
