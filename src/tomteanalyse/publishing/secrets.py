"""What no public file may hold: the ids, addresses and places of the units in the register."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pyproj
import shapely

from tomteanalyse.publishing.houses import houses_in
from tomteanalyse.publishing.plain import parts_in, plain_text, uncounted

Floats = npt.NDArray[np.float64]

LEAST_MIXED = 4
"""An id of letters and digits has at least so many of them, else it counts in context only."""
LEAST_DIGITS = 9
"""The same for an id of digits: a file holds a hundred thousand numbers of eight digits or fewer
sooner than one particular number of nine."""
LEAST_LOOSE = 8
"""Of so many letters and digits an id is found however its parts are put together."""

COARSEST = {True: 1e-5, False: 1.0}
"""Least precise coordinate that is looked for, as degrees and as metres: five decimals and none."""
DEGREES = "EPSG:4326"
METRES = ("EPSG:25832", "EPSG:25833", "EPSG:3857")
_SCALES = {True: (1.0, 1e5, 1e6, 1e7), False: (1.0, 10.0, 100.0, 1000.0)}
_SPELLINGS: tuple[dict[str, str], ...] = (
    {},
    {"æ": "ae", "ø": "o", "å": "a"},
    {"æ": "ae", "ø": "oe", "å": "aa"},
    {"æ": "ä", "ø": "ö"},
)


@dataclass(frozen=True, repr=False)
class Frame:
    """The places in one coordinate system, as metres or degrees or whole parts of them.

    Parameters
    ----------
    xy
        Sizes (without sign) of the coordinates times `scale`, shape (n, 2).
    degrees
        Whether they are degrees; else metres.
    scale
        What they were multiplied with: 1 000 000 for whole millionths of a degree.
    """

    xy: Floats
    degrees: bool
    scale: float

    @cached_property
    def bounds(self) -> tuple[Floats, Floats]:
        """Least and largest coordinates with room for rounding, shape (2,) each."""
        margin = 2 * self.scale * COARSEST[self.degrees]
        return self.xy.min(axis=0) - margin, self.xy.max(axis=0) + margin

    @cached_property
    def least(self) -> float:
        """The least of all coordinates, with room for rounding."""
        return float(self.bounds[0].min())


@dataclass(frozen=True, repr=False)
class Phrase:
    """Something that stands in the register, cut into words and numbers.

    Parameters
    ----------
    parts
        Words (casefolded) and numbers, without what stands between.
    exact
        What it must look like, signs between the parts included; None where they may differ.
    house
        Whether it is an address and ends in a house's number.
    """

    parts: tuple[str, ...]
    exact: str | None
    house: bool = False


@dataclass(frozen=True, repr=False)
class Secrets:
    """What must not be found.

    Parameters
    ----------
    phrases
        Ids and addresses that nothing else looks like, by a telling part and the part behind it
        ("" if it is the last); with how many parts stand before it.
    weak
        Those that much else looks like, casefolded: they count where it says what they are.
    frames
        The places.
    """

    phrases: dict[str, dict[str, tuple[tuple[int, Phrase], ...]]]
    weak: frozenset[str]
    frames: tuple[Frame, ...] = field(default_factory=tuple)

    @cached_property
    def _all(self) -> frozenset[Phrase]:
        return frozenset(
            phrase
            for by_next in self.phrases.values()
            for found in by_next.values()
            for _, phrase in found
        )

    @cached_property
    def run_together(self) -> tuple[tuple[str, bool], ...]:
        """The longer phrases that are no mere number, without what stands between their parts.

        With each, whether it ends in a house's number.
        """
        found = {("".join(each.parts), each.house) for each in self._all}
        return tuple(
            sorted(each for each in found if len(each[0]) >= LEAST_LOOSE and not each[0].isdigit())
        )

    def __repr__(self) -> str:
        """Give numbers only, since it may end up in a traceback."""
        return (
            f"Secrets({len(self._all)} phrases, {len(self.weak)} weak, {len(self.frames)} frames)"
        )


def register_secrets(
    units: gpd.GeoDataFrame,
    *,
    ids: Iterable[str] = (),
    addresses: Iterable[str] = (),
    places: gpd.GeoSeries | None = None,
) -> Secrets:
    """Gather what no public file may hold.

    Parameters
    ----------
    units
        The register on ``unit_id``: ``building_id`` (str or NA), ``geometry`` (Point); those that
        have been sold too.
    ids
        Further ids, such as those of units that have no place.
    addresses
        Addresses of units as they are written in the register, the address file or both.
    places
        Where the addresses are, where that is not where the unit is.

    Returns
    -------
    Secrets
        To be scanned for.

    Notes
    -----
    An id counts by itself if nothing else is likely to look like it: letters *and* digits, at least
    `LEAST_MIXED` in all; or at least `LEAST_DIGITS` digits. An address counts by itself if there is
    a number in it, and as far as the house's number. What is shorter or more common («12»,
    «Solbakken») counts only where the text says that it is an id or an address.
    """
    buildings = units["building_id"].dropna() if "building_id" in units else ()
    strong: set[Phrase] = set()
    weak: set[str] = set()
    for text in {str(each) for each in (*units.index, *buildings, *ids)}:
        phrase = _id_phrase(text)
        if phrase is None:
            weak.add(plain_text(text).strip())
        else:
            strong |= _spelt(phrase)
    for text in set(addresses):
        houses = houses_in(text)
        if not houses:
            weak.add(plain_text(text).strip())
        for parts in houses:
            strong |= _spelt(Phrase(parts, None, house=parts[-1].isdigit()))
    phrases: dict[str, dict[str, tuple[tuple[int, Phrase], ...]]] = {}
    for phrase in sorted(strong, key=lambda each: (each.parts, each.exact or "")):
        parts = phrase.parts
        at = max(range(max(1, len(parts) - 1)), key=lambda place: len(parts[place]))
        behind = parts[at + 1] if at + 1 < len(parts) else ""
        by_next = phrases.setdefault(parts[at], {})
        by_next[behind] = (*by_next.get(behind, ()), (at, phrase))
    return Secrets(
        phrases,
        frozenset(weak - {""}),
        _frames([units.geometry, *([] if places is None else [places])]),
    )


def _id_phrase(text: str) -> Phrase | None:
    whole = uncounted(plain_text(text)).strip()
    parts = tuple(parts_in(whole))
    size = sum(map(len, parts))
    digits = [each.isdigit() for each in parts]
    if not parts or not any(digits):
        return None
    if size < (LEAST_DIGITS if all(digits) else LEAST_MIXED):
        return None
    return Phrase(parts, whole if all(digits) or size < LEAST_LOOSE else None)


def _spelt(phrase: Phrase) -> set[Phrase]:
    """Return the phrase, and as it is written where there is no æ, ø or å."""
    found = set()
    for spelling in _SPELLINGS:
        signs = str.maketrans(spelling)
        exact = None if phrase.exact is None else phrase.exact.translate(signs)
        parts = tuple(each.translate(signs) for each in phrase.parts)
        found.add(Phrase(parts, exact, phrase.house))
    return found


def _frames(series: Iterable[gpd.GeoSeries]) -> tuple[Frame, ...]:
    by_crs: dict[str, list[Floats]] = {name: [] for name in (DEGREES, *METRES)}
    for each in series:
        drawn = each[each.notna() & ~each.is_empty]
        points = shapely.get_coordinates(shapely.point_on_surface(drawn.to_numpy()))
        for name, found in by_crs.items():
            turn = pyproj.Transformer.from_crs(each.crs, name, always_xy=True)
            found.append(np.column_stack(turn.transform(points[:, 0], points[:, 1])))
    frames = []
    for name, found in by_crs.items():
        xy = np.abs(np.concatenate(found))
        xy = np.unique(xy[np.isfinite(xy).all(axis=1)], axis=0)
        scales = _SCALES[name == DEGREES] if len(xy) else ()
        frames += [Frame(xy * scale, name == DEGREES, scale) for scale in scales]
    return tuple(frames)
