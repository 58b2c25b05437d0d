"""Ordinary buildings in rows along the streets."""

import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from eksempelvik_town.canvas import Canvas, Tags
from eksempelvik_town.geometry import Xy, box


@dataclass(frozen=True)
class Pattern:
    """How houses of a kind stand: size, distance to the next, to the middle of the street [m]."""

    tags: Tags
    length_m: float
    width_m: float
    apart_m: float
    setback_m: float
    missing: float = 0.08
    """Share of the places that are left empty."""
    turned: float = 0.0
    """Share of the houses that stand with the gable to the street."""


PATTERNS = {
    "detached": Pattern({"building": "detached"}, 13.5, 9.5, 31, 17, 0.14, 0.4),
    "house": Pattern({"building": "house"}, 13, 9, 46, 19, 0.2, 0.4),
    "semi": Pattern({"building": "semidetached_house"}, 18, 9.5, 36, 17, 0.1, 0.1),
    "terrace": Pattern({"building": "terrace"}, 36, 9, 50, 18),
    "flats": Pattern({"building": "apartments", "building:levels": "4"}, 40, 13, 62, 23),
    "town": Pattern({"building": "commercial", "building:levels": "3"}, 26, 14, 30, 15),
}
# Street: kind of its houses, and how far from the street a second row stands, if there is one.
ROWS: dict[str, tuple[str, float | None]] = {
    "Storgata": ("town", 47), "Jernbanegata": ("town", 46), "Kirkegata": ("town", None),
    "Torggata": ("town", None), "Stasjonsgata": ("town", None), "Verkstedgata": ("flats", None),
    "Havnegata": ("town", None), "Vestgata": ("detached", None), "Fagerlia": ("detached", 46),
    "Solbakken": ("semi", None), "Rosevegen": ("detached", 45), "Sjøgata": ("detached", 46),
    "Fiskarvegen": ("house", None), "Elvebakken": ("terrace", None),
    "Kvernsvingen": ("detached", None), "Lauvvegen": ("detached", None),
    "Heggvegen": ("detached", 46), "Ospevegen": ("semi", None), "Seljevegen": ("detached", None),
    "Hasselvegen": ("detached", None), "Lyngvegen": ("detached", None),
    "Skolevegen": ("detached", 46), "Granvegen": ("terrace", None),
    "Rognevegen": ("detached", None),
    "Bjørkevegen": ("detached", None), "Furuvegen": ("detached", None),
    "Einervegen": ("detached", None), "Stasjonssvingen": ("flats", None),
    "Bekkevegen": ("terrace", 43), "Skyttervegen": ("flats", None), "Slettvegen": ("terrace", None),
    "Slettsvingen": ("detached", 45), "Åkervegen": ("detached", None), "Tunvegen": ("detached", 46),
    "Fjordgata": ("detached", 46), "Engvegen": ("detached", 46), "Sletttunet": ("semi", None),
    "Naustvegen": ("house", None), "Grendavegen": ("house", None), "Bruksvegen": ("house", None),
    "Sagvegen": ("terrace", None), "Nordlivegen": ("semi", None), "Kvernvegen": ("house", None),
    "Strandvegen": ("house", None), "Bringebærvegen": ("detached", None),
    "Tyttebærvegen": ("detached", None), "Ospetunet": ("detached", None),
    "Tåkevegen": ("detached", None), "Slettlia": ("detached", None),
    "Grendastubben": ("house", None),
}  # fmt: skip
GARDEN_M = 3.5


def draw_houses(canvas: Canvas, roads: dict[str, list[Xy]], keep_free: BaseGeometry) -> None:
    """Line the streets with buildings that keep clear of everything drawn before.

    Parameters
    ----------
    keep_free
        Where nothing may be built: water, plots, greens, the strips of roads and tracks.
    """
    taken = [Polygon(area.outer) for area in canvas.areas if "building" in area.tags]
    shapely.prepare(keep_free)
    rows = [(street, kind, None) for street, (kind, _) in ROWS.items()]
    rows += [(street, kind, behind) for street, (kind, behind) in ROWS.items() if behind]
    for street, kind, behind_m in rows:
        numbers = [0, 0]
        chance = random.Random(
            f"{street} {behind_m}"
        )  # a change in one street leaves the others alone
        pattern = PATTERNS[kind]
        for house, side in _along(roads[street], pattern, behind_m or pattern.setback_m, chance):
            shape = Polygon(house)
            clear_m = shapely.distance(np.array(taken, dtype=object), shape).min()
            if clear_m < GARDEN_M or keep_free.intersects(shape):
                continue
            numbers[side] += 1
            taken.append(shape)
            number = f"{2 * numbers[side] - side}{'B' if behind_m else ''}"
            address = {"addr:street": street, "addr:housenumber": number}
            canvas.area(house, pattern.tags | address)


def _along(
    street: Sequence[Xy], pattern: Pattern, setback_m: float, chance: random.Random
) -> Iterator[tuple[list[Xy], int]]:
    """Place houses on the left (0) and the right (1) of a street."""
    middle = LineString(street)
    for side in (0, 1):
        at = pattern.apart_m * (0.5 + 0.4 * chance.random())
        while at < middle.length - pattern.apart_m * 0.4:
            a, b = middle.interpolate(at - 3), middle.interpolate(at + 3)
            bearing = math.atan2(b.y - a.y, b.x - a.x)
            sideways = bearing + (math.pi / 2 if side == 0 else -math.pi / 2)
            away = setback_m + 4.0 * chance.random()
            here = middle.interpolate(at)
            centre = (here.x + away * math.cos(sideways), here.y + away * math.sin(sideways))
            length = pattern.length_m * (0.8 + 0.4 * chance.random())
            bearing += 0.16 * (chance.random() - 0.5)
            if chance.random() < pattern.turned:
                bearing += math.pi / 2
            if chance.random() >= pattern.missing:
                yield box(centre, length, pattern.width_m, bearing=bearing), side
            at += pattern.apart_m * (0.9 + 0.45 * chance.random())
