"""The candidate plots, their entrances, and what is known of floods [m]."""

import pandas as pd
from shapely import LineString, box, from_wkt
from shapely.geometry.base import BaseGeometry

from eksempelvik_town.canvas import HEIGHT_M, WIDTH_M
from eksempelvik_town.geometry import Xy, curve
from eksempelvik_town.tables import read
from eksempelvik_town.terrain import RIVER

# Where a plot is entered, for the plots where that is settled.
ENTRANCES: list[tuple[str, Xy]] = [
    ("T02", (3895, 2361)),
    ("T04", (4712, 970)),
    ("T05", (2848, 2060)),
    ("T15", (2716, 1298.5)),
    ("T15", (2842, 1301)),
    ("T16", (3470, 953.4)),
]
FLOOD_REACH = (740.0, 2300.0)
FLOOD_WIDTH_M = 74.0
UNMAPPED = box(2800, 2700, 3300, HEIGHT_M)


def plots() -> pd.DataFrame:
    """Give the plots; which case each stands for is told in ``data/README.md``."""
    table = pd.DataFrame(read("plots")).astype({"gnr": int, "bnr": int})
    table["geometry"] = table.pop("wkt").map(from_wkt)
    return table


def flood_zone() -> BaseGeometry:
    """Give the land that a 200-year flood in the lower river would reach."""
    south, north = FLOOD_REACH
    reach = LineString([p for p in curve(RIVER) if south <= p[1] <= north])
    return reach.buffer(FLOOD_WIDTH_M, cap_style="flat", quad_segs=4).simplify(1)


def flood_mapped() -> BaseGeometry:
    """Give the land where anyone has looked for flood zones."""
    return box(0, 0, WIDTH_M, HEIGHT_M).difference(UNMAPPED)
