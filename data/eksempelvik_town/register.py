"""The fictional register of municipal homes: which buildings hold how many, from when to when."""

from collections.abc import Iterable
from dataclasses import dataclass

from shapely import Polygon

from eksempelvik_town.canvas import Area
from eksempelvik_town.geometry import Xy

COLUMNS = (
    "enhet_id", "bygning_id", "antall_boliger", "trinn", "boform", "gyldig_fra", "gyldig_til",
    "tilgangsårsak", "avgangsårsak", "x", "y",
)  # fmt: skip
ORDINARY, COLOCATED, SHARED = "ordinær bolig", "samlokalisert", "bofellesskap"
SMALL, MODULAR, FOUR, STAFFED = "småhus", "modulhus", "firemannsbolig", "tun med base"
# Bought as they stood; what is not listed was built by the municipality, and of homes without a
# form, and of those that are gone, nobody has written down how they came.
CAME = {ORDINARY: "kjøpt", COLOCATED: "kjøpt", "": ""}
BUILT, SOLD, DEMOLISHED = "bygd", "solgt", "revet"

# Street, buildings, homes in each, step, form, valid from (one year later for each next building).
OWNED: list[tuple[str, int, int, int | None, str, int]] = [
    ("Storgata", 6, 2, 1, ORDINARY, 2004),
    ("Jernbanegata", 5, 3, 1, ORDINARY, 2001), ("Kirkegata", 2, 2, 2, ORDINARY, 2012),
    ("Verkstedgata", 3, 3, 1, ORDINARY, 1998), ("Stasjonssvingen", 6, 4, 2, ORDINARY, 2003),
    ("Bekkevegen", 4, 2, 2, ORDINARY, 2010), ("Skyttervegen", 2, 3, 2, COLOCATED, 1996),
    ("Slettvegen", 4, 2, 1, ORDINARY, 2006), ("Fagerlia", 3, 1, 1, ORDINARY, 2007),
    ("Vestgata", 3, 1, 1, ORDINARY, 2011), ("Solbakken", 2, 1, None, "", 2013),
    ("Elvebakken", 1, 6, 3, COLOCATED, 2015), ("Heggvegen", 3, 1, 1, ORDINARY, 2008),
    ("Ospevegen", 4, 1, 1, ORDINARY, 2009), ("Seljevegen", 1, 4, 4, FOUR, 2018),
    ("Engvegen", 3, 1, 1, ORDINARY, 2014), ("Sletttunet", 1, 12, 5, STAFFED, 2021),
    ("Fjordgata", 3, 1, 1, ORDINARY, 2005), ("Tunvegen", 3, 1, 2, ORDINARY, 2010),
    ("Havnegata", 2, 4, 3, SHARED, 2016), ("Lyngvegen", 1, 4, 4, MODULAR, 2022),
    ("Grendavegen", 7, 1, 4, SMALL, 2013), ("Einervegen", 3, 1, 1, ORDINARY, 2012),
    ("Bruksvegen", 4, 1, 1, ORDINARY, 1994), ("Sagvegen", 1, 2, 2, COLOCATED, 2017),
]  # fmt: skip
# The mill hamlet, diluted over the years: street, homes, last day, place if the house is gone.
ENDED: list[tuple[str, int, str, Xy | None]] = [
    ("Bruksvegen", 2, "2018-06-30", None), ("Bruksvegen", 2, "2019-11-30", None),
    ("Bruksvegen", 2, "2021-03-31", None), ("Bruksvegen", 2, "2022-08-31", None),
    ("Bruksvegen", 2, "2024-12-31", None), ("Sagvegen", 3, "2020-04-30", (560.0, 2830.0)),
    ("Sagvegen", 3, "2020-04-30", (600.0, 2860.0)),
    ("Slettvegen", 2, "2023-05-31", None), ("Jernbanegata", 3, "2017-12-31", None),
]  # fmt: skip
BLOCKS = (("SKY-A", 68), ("SKY-B", 68))


@dataclass(frozen=True)
class Row:
    """One line of the register."""

    building: str
    homes: int
    step: int | None
    form: str
    valid_from: str
    valid_to: str
    came: str
    went: str
    place: Xy


def rows(areas: Iterable[Area]) -> list[Row]:
    """Spread the municipal homes over the buildings that were drawn."""
    by_street: dict[str, list[Xy]] = {}
    by_ref: dict[str, Xy] = {}
    for area in areas:
        if "building" in area.tags:
            middle = Polygon(area.outer).centroid
            by_street.setdefault(area.tags.get("addr:street", ""), []).append((middle.x, middle.y))
            by_ref[area.tags.get("ref", "")] = (middle.x, middle.y)
    register = [
        Row(block, homes, 2, COLOCATED, "1974-09-01", "", BUILT, "", by_ref[block])
        for block, homes in BLOCKS
    ]
    used: set[Xy] = set()
    for street, buildings, homes, step, form, year in OWNED:
        for k, place in enumerate(_evenly(by_street[street], buildings, used)):
            first_day, came = f"{year + k}-{k % 11 + 1:02d}-01", CAME.get(form, BUILT)
            register.append(Row("", homes, step, form, first_day, "", came, "", place))
    for street, homes, last_day, gone in ENDED:
        place = gone or _evenly(by_street[street], 1, used)[0]
        went = DEMOLISHED if gone else SOLD
        register.append(Row("", homes, 1, ORDINARY, "1988-01-01", last_day, "", went, place))
    planned = _evenly(by_street["Granvegen"], 1, used)[0]
    register.append(Row("", 8, 3, COLOCATED, "2026-08-01", "", BUILT, "", planned))
    return register


def as_csv(register: Iterable[Row], *, origin: Xy) -> str:
    """Write the register as a Norwegian Excel does: semicolons and decimal commas."""
    lines = [";".join(COLUMNS)]
    for number, row in enumerate(register, start=1):
        xy = [f"{a + b:.1f}".replace(".", ",") for a, b in zip(row.place, origin, strict=True)]
        step = "" if row.step is None else str(row.step)
        cells = (
            f"E{number:03d}",
            building_of(row, number),
            str(row.homes),
            step,
            row.form,
            row.valid_from,
            row.valid_to,
            row.came,
            row.went,
        )
        lines.append(";".join((*cells, *xy)))
    return "\r\n".join(lines) + "\r\n"


def building_of(row: Row, number: int) -> str:
    """Return the id of the building that the register's line of this number is in."""
    return row.building or f"B{number:03d}"


def _evenly(places: list[Xy], count: int, used: set[Xy]) -> list[Xy]:
    """Choose so many of the places not yet used, evenly along the list."""
    free = [p for p in places if p not in used]
    if len(free) < count:
        raise LookupError(f"{count} buildings wanted, {len(free)} left")
    chosen = [free[(2 * i + 1) * len(free) // (2 * count)] for i in range(count)]
    used.update(chosen)
    return chosen
