"""The fictional basic statistical units, between the river, the railway and the motorway [m]."""

import pandas as pd
import shapely
from shapely import LineString, Point, Polygon, box, union_all

from eksempelvik_town.canvas import HEIGHT_M, WIDTH_M
from eksempelvik_town.geometry import Xy, curve
from eksempelvik_town.roads import MOTORWAY, RAILWAY
from eksempelvik_town.terrain import RIVER

NAMES = (
    "Sentrum", "Vestbyen", "Bruket", "Nordlia", "Sletta", "Fjordlia", "Solsletta", "Fjellgrenda",
)  # fmt: skip
FIRST_NUMBER = 99_990_101
"""No municipality has the number 9999."""
# Borders besides the river, the railway and the motorway.
BORDERS: list[list[Xy]] = [
    [(-10, 2330), (1990, 2330)],
    [(3330, 1350), (3380, 1900), (3300, 2880), (3560, 4010)],
    [(3260, 1420), (3260, -10)],
    [(1915, 710), (1915, -10)],
]
# A place in every piece that the borders cut; pieces of one name are one unit.
PIECES: list[tuple[str, Xy]] = [
    ("Sentrum", (2600, 1000)), ("Vestbyen", (1000, 1100)), ("Vestbyen", (1000, 1800)),
    ("Bruket", (600, 2800)), ("Nordlia", (2700, 2200)), ("Sletta", (3700, 2400)),
    ("Fjordlia", (3700, 800)), ("Solsletta", (4900, 1500)), ("Fjellgrenda", (5300, 3600)),
]  # fmt: skip


def districts() -> pd.DataFrame:
    """Give the units; together they cover the municipality, and none lies on another."""
    edge = box(0, 0, WIDTH_M, HEIGHT_M)
    drawn = [curve(RIVER), curve(RAILWAY), curve(MOTORWAY), *BORDERS]
    net = union_all([edge.boundary, *(LineString(line) for line in drawn)])
    faces = [
        face
        for face in shapely.get_parts(shapely.polygonize(shapely.get_parts(net)))
        if edge.covers(face.representative_point())
    ]
    by_name: dict[str, list[Polygon]] = {name: [] for name in NAMES}
    for face in faces:
        by_name[_name_of(face)].append(face)
    return pd.DataFrame(
        {
            "grunnkretsnummer": [str(FIRST_NUMBER + place) for place in range(len(NAMES))],
            "grunnkretsnavn": list(NAMES),
            "geometry": [shapely.set_precision(union_all(by_name[name]), 0.01) for name in NAMES],
        }
    )


def _name_of(face: Polygon) -> str:
    """Return the unit that a piece is of: a small one without a place of its own joins the next."""
    return min(PIECES, key=lambda piece: (face.distance(Point(piece[1])), piece[0]))[0]
