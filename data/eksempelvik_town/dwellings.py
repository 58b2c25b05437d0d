"""The fictional dwellings of the town: how many in every house, since when, and until when.

Nobody's home: how many dwellings a house has, and when it was built, comes from its kind and a
chance that is the same every time. What is municipal has the register's building and its days.
"""

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from shapely import Point, Polygon, box

from eksempelvik_town.canvas import HEIGHT_M, WIDTH_M, Area
from eksempelvik_town.geometry import Xy
from eksempelvik_town.register import BUILT, DEMOLISHED, Row, building_of

COLUMNS = ("adresse", "bygning_id", "boliger", "bygd", "revet", "x", "y")
# Kind of building: dwellings in it, one of these; a number written twice is twice as likely.
DWELLINGS: dict[str, tuple[int, ...]] = {
    "detached": (1, 1, 1, 1, 1, 1, 1, 2), "house": (1,), "farm": (1,),
    "semidetached_house": (2,), "terrace": (4, 5, 5, 6), "apartments": (14, 16, 16, 18),
    "commercial": (0, 0, 2, 2, 3, 4),
}  # fmt: skip
MUNICIPALITY = box(0, 0, WIDTH_M, HEIGHT_M)
STOOD = range(1948, 2012)
"""Years most houses were built in."""
GREW = range(2015, 2026)
NEW = 0.05
"""Share of the houses that were built in the years the monitoring looks at."""
MILL_STREET = "Sagvegen"
MILL_SITE = Point(580, 2845)
MILL_SITE_M = 100.0
"""So near the two houses that were demolished, row houses were built when they were gone."""
AFTER_THE_MILL = ("2021-09-01", "2022-06-01")


@dataclass(frozen=True)
class House:
    """An address with dwellings."""

    address: str
    building: str
    dwellings: int
    built: str
    gone: str
    place: Xy


def houses(areas: Iterable[Area], register: Sequence[Row]) -> list[House]:
    """Give every house that was drawn its dwellings, and those that are gone theirs."""
    owned: dict[Xy, list[tuple[str, Row]]] = {}
    for number, row in enumerate(register, start=1):
        owned.setdefault(row.place, []).append((building_of(row, number), row))
    found: list[House] = []
    for area in areas:
        kind = area.tags.get("building", "")
        if kind not in DWELLINGS or "shop" in area.tags:
            continue
        middle = Polygon(area.outer).centroid
        place = (middle.x, middle.y)
        if not MUNICIPALITY.covers(middle):
            continue
        street, house = (area.tags.get(f"addr:{part}", "") for part in ("street", "housenumber"))
        address = f"{street} {house}" if street else area.tags.get("name", f"{place[0]:.0f}/1")
        chance = random.Random(f"boliger {address}")
        number = chance.choice(DWELLINGS[kind])
        built = _built(chance)
        if street == MILL_STREET and MILL_SITE.distance(middle) < MILL_SITE_M:
            built = AFTER_THE_MILL[number % 2]
        units = owned.pop(place, [])
        building = units[0][0] if units else f"B{1001 + len(found)}"
        if units:
            number, built = _with_homes(units[0][1], area, number=number, chance=chance)
        if number:
            found.append(House(address, building, number, built, "", place))
    left = [unit for units in owned.values() for unit in units]
    if any(row.went != DEMOLISHED for _, row in left):
        raise LookupError("a municipal home stands in no house")
    for extra, (building, row) in enumerate(left):
        address = f"{MILL_STREET} {101 + 2 * extra}"
        found.append(House(address, building, row.homes, "1961-01-01", row.valid_to, row.place))
    return found


def as_csv(found: Iterable[House], *, origin: Xy) -> str:
    """Write the dwellings as a Norwegian Excel does: semicolons and decimal commas."""
    lines = [";".join(COLUMNS)]
    for house in found:
        xy = [f"{a + b:.1f}".replace(".", ",") for a, b in zip(house.place, origin, strict=True)]
        facts = (house.address, house.building, str(house.dwellings), house.built, house.gone)
        lines.append(";".join((*facts, *xy)))
    return "\r\n".join(lines) + "\r\n"


def _with_homes(row: Row, area: Area, *, number: int, chance: random.Random) -> tuple[int, str]:
    """Return the dwellings of a house with municipal homes in it, and the day it was built."""
    if "building:flats" in area.tags:
        return int(area.tags["building:flats"]), row.valid_from
    if row.came == BUILT:
        return row.homes, row.valid_from
    bought = int(row.valid_from[:4])
    # Bought as it stood: the house is older than that, and others live in the larger ones too.
    return max(number, row.homes), f"{chance.choice(range(1948, min(bought, 1985)))}-01-01"


def _built(chance: random.Random) -> str:
    years = GREW if chance.random() < NEW else STOOD
    return f"{chance.choice(years)}-{chance.randrange(1, 13):02d}-01"
