"""Which dwellings the municipal homes are: the register and the other source brought together.

The register says where homes are, the other source where dwellings are, and the two never lie on
the same metre. A unit's homes are found among the dwellings of its building where both name it,
else among those nearest to it; what is left over was missing in the source and is added, since a
municipal home is a dwelling.
"""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from scipy.spatial import cKDTree

from tomteanalyse.measures.concentration.evenness import Counts, Floats
from tomteanalyse.measures.concentration.findings import Basis

SAME_HOUSE_M = 25.0
"""A register's point and a dwelling's this near may mean the same house: one is drawn at the door,
the other in the middle of the house (normative)."""
IN_CELL_M = 180.0
"""Where the dwellings of a cell stand in its middle, no point of it lies farther away."""
MILLIMETRES = 1000.0


@dataclass(frozen=True)
class DwellingPlaces:
    """Places with dwellings, and how many of them are municipal homes.

    Parameters
    ----------
    xy
        Where they are [m], shape (n, 2): first the rows of the dwellings as they were given, then
        places that only the register knows.
    dwellings, municipal
        How many, shape (n,); no more municipal homes than dwellings anywhere.
    unit, place, homes
        So many homes of the unit (row of the units) are among the dwellings of the place, shape
        (k,), ordered by unit and place.
    given
        How many places the source of the dwellings gave.
    short
        Whether the source had fewer dwellings than the register has homes, shape (n,).
    dwellings_added
        How many dwellings were added for homes that the source does not know.
    """

    xy: Floats
    dwellings: Counts
    municipal: Counts
    unit: Counts
    place: Counts
    homes: Counts
    given: int
    short: npt.NDArray[np.bool_]
    dwellings_added: int


def among_dwellings(
    dwellings: gpd.GeoDataFrame, units: gpd.GeoDataFrame, *, basis: Basis
) -> DwellingPlaces:
    """Find the municipal homes among the dwellings.

    Parameters
    ----------
    dwellings
        As `Study.dwellings`, those that count (see `dwellings_at`).
    units
        As `Study.units`, those that count, in the same system [m].
    basis
        What the dwellings were taken from: in a bare grid they are farther from the homes.

    Notes
    -----
    Homes of a unit go to the dwellings of its building where the other source names that building.
    Else the nearest pairs of unit and place come first, whichever unit they belong to, and a place
    takes no more homes than it has dwellings. Homes that find no room are added where the unit is
    nearest, or, where it is near none, at the unit itself.
    """
    free = _counts(dwellings, "dwellings")
    wanted = _counts(units, "homes")
    xy, unit_xy = _xy(dwellings), _xy(units)
    within_m = IN_CELL_M if basis == "grid" else SAME_HOUSE_M
    pairs = _pairs(dwellings, units, xy, unit_xy, within_m=within_m)
    room, left = free.copy(), wanted.copy()
    taken: dict[tuple[int, int], int] = {}
    first: dict[int, int] = {}
    for unit, place in pairs:
        first.setdefault(unit, place)
        homes = int(min(left[unit], room[place]))
        if homes:
            taken[unit, place] = homes
            left[unit] -= homes
            room[place] -= homes
    lonely = [unit for unit in np.flatnonzero(left).tolist() if unit not in first]
    own = {unit: len(xy) + number for number, unit in enumerate(lonely)}
    for unit in np.flatnonzero(left).tolist():
        place = own.get(unit, first.get(unit, 0))
        taken[unit, place] = taken.get((unit, place), 0) + int(left[unit])
    return _placed(np.concatenate([xy, unit_xy[lonely]]), free, taken)


def _placed(xy: Floats, free: Counts, taken: dict[tuple[int, int], int]) -> DwellingPlaces:
    rows = np.array([(*pair, homes) for pair, homes in sorted(taken.items())], dtype=np.int64)
    unit, place, homes = rows.reshape(-1, 3).T
    municipal = np.zeros(len(xy), dtype=np.int64)
    np.add.at(municipal, place, homes)
    known = np.append(free, np.zeros(len(xy) - len(free), dtype=np.int64))
    return DwellingPlaces(
        xy=xy,
        dwellings=np.maximum(known, municipal),
        municipal=municipal,
        unit=unit,
        place=place,
        homes=homes,
        given=len(free),
        short=municipal > known,
        dwellings_added=int((municipal - known).clip(min=0).sum()),
    )


def _pairs(
    dwellings: gpd.GeoDataFrame,
    units: gpd.GeoDataFrame,
    xy: Floats,
    unit_xy: Floats,
    *,
    within_m: float,
) -> list[tuple[int, int]]:
    """Return units and the places that may be theirs, in the order in which they are matched."""
    if not len(xy) or not len(unit_xy):
        return []
    named = _of_the_same_building(dwellings, units)
    near = cKDTree(unit_xy).sparse_distance_matrix(cKDTree(xy), within_m, output_type="coo_matrix")
    apart = ~np.isin(near.row, named[:, 0])
    unit = np.concatenate([named[:, 0], near.row[apart]])
    place = np.concatenate([named[:, 1], near.col[apart]])
    away = np.hypot(*(unit_xy[unit] - xy[place]).T)
    by_name = np.arange(len(unit)) >= len(named)
    order = np.lexsort((place, unit, np.rint(away * MILLIMETRES), by_name))
    return list(zip(unit[order].tolist(), place[order].tolist(), strict=True))


def _of_the_same_building(dwellings: gpd.GeoDataFrame, units: gpd.GeoDataFrame) -> Counts:
    """Return rows of units and of places that name the same building, shape (k, 2)."""
    sides = [
        pd.DataFrame(
            {"building": table["building_id"].astype("object"), side: np.arange(len(table))}
        ).dropna()
        for side, table in (("unit", units), ("place", dwellings))
    ]
    both = sides[0].merge(sides[1], on="building")
    return both[["unit", "place"]].to_numpy(dtype=np.int64).reshape(-1, 2)


def _counts(table: gpd.GeoDataFrame, column: str) -> Counts:
    return table[column].to_numpy(dtype=np.int64) if len(table) else np.zeros(0, dtype=np.int64)


def _xy(table: gpd.GeoDataFrame) -> Floats:
    if not len(table):
        return np.zeros((0, 2))
    xy: Floats = shapely.get_coordinates(table.geometry.to_numpy())
    return xy
