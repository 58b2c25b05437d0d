"""All dwellings, municipal ones among them: what every share of municipal homes is a share of.

A municipal home is a dwelling. Where the register has more homes in a place than the other source
has dwellings (one address row for a whole block, a map drawn before the house was built), the
source is short, not the register: the denominator is raised to the homes that are there, and how
often is told.
"""

from dataclasses import dataclass
from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd

from tomteanalyse.measures.concentration.findings import Basis
from tomteanalyse.measures.concentration.grid import GRID_CRS, cell_ids
from tomteanalyse.study import Study


def basis_of(study: Study) -> Basis | None:
    """Return what a study's dwellings were taken from; None where it names none.

    A grid is spread over the buildings of the extract. Where the extract has none, its cells stand
    as they are.
    """
    source = study.config.dwellings
    if source is None:
        return None
    if source.source == "addresses":
        return "addresses"
    if source.source == "buildings":
        return "extract_buildings" if source.file is None else "buildings"
    mapped = any("building" in tags for tags in study.extract.areas.tags)
    return "grid_buildings" if mapped else "grid"


def dwellings_at(dwellings: gpd.GeoDataFrame, day: date) -> gpd.GeoDataFrame:
    """Return the dwellings that are there on a day.

    Parameters
    ----------
    dwellings
        As `Study.dwellings`. One that does not say when it was built or went always was, or still
        is, there.
    day
        The day. Both a dwelling's first and its last day count.

    Returns
    -------
    geopandas.GeoDataFrame
        The rows that count, in their order; an empty table stays as it is.
    """
    if not len(dwellings):
        return dwellings
    on = np.datetime64(day, "s")
    built, gone = (dwellings[name].to_numpy(dtype="datetime64[s]") for name in ("built", "gone"))
    there = (np.isnat(built) | (built <= on)) & (np.isnat(gone) | (on <= gone))
    return dwellings[there]


def dwellings_by_cell(dwellings: gpd.GeoDataFrame, day: date, *, size_m: int) -> pd.Series:
    """Count dwellings by cell of the statistical grid on a day.

    Parameters
    ----------
    dwellings, day
        As `dwellings_at`, in any system.
    size_m
        Side of the cells [m].

    Returns
    -------
    Series
        Dwellings (int64) on ``cell`` (int64, sorted); cells without dwellings are left out.
    """
    there = dwellings_at(dwellings, day)
    if not len(there):
        nowhere = pd.Index([], dtype="int64", name="cell")
        return pd.Series([], index=nowhere, dtype="int64", name="dwellings")
    points = there.geometry.to_crs(GRID_CRS)
    cells = cell_ids(np.column_stack([points.x, points.y]), size_m=size_m)
    counted = pd.Series(
        there["dwellings"].to_numpy(dtype=np.int64),
        index=pd.Index(cells, dtype="int64", name="cell"),
        name="dwellings",
    )
    return counted.groupby(level="cell").sum()


@dataclass(frozen=True)
class Denominator:
    """Municipal homes and dwellings by place, with no more homes anywhere than dwellings.

    Parameters
    ----------
    homes, dwellings
        int64 on the same places, sorted: all with a home or a dwelling.
    places_raised
        In how many places there were more homes than dwellings.
    dwellings_added
        How many dwellings the denominator was raised by in all.
    """

    homes: pd.Series
    dwellings: pd.Series
    places_raised: int
    dwellings_added: int


def with_homes(dwellings: pd.Series, homes: pd.Series) -> Denominator:
    """Bring homes and dwellings together, raising dwellings to the homes that are there.

    Parameters
    ----------
    dwellings, homes
        int64 by place (cell, area, building); a place that is missing in one has none of them.
    """
    places = dwellings.index.union(homes.index).sort_values()
    mine = homes.reindex(places, fill_value=0).astype("int64").rename("homes")
    found = dwellings.reindex(places, fill_value=0).astype("int64")
    short = (mine - found).clip(lower=0)
    return Denominator(
        homes=mine,
        dwellings=(found + short).rename("dwellings"),
        places_raised=int((short > 0).sum()),
        dwellings_added=int(short.sum()),
    )
