"""How evenly municipal homes are spread over the whole municipality, and where they gather."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj

from tomteanalyse.measures.concentration.denominator import Denominator
from tomteanalyse.measures.concentration.evenness import (
    Counts,
    Index,
    against_chance,
    dissimilarity,
    gini,
    random_labelling,
    top_share,
)
from tomteanalyse.measures.concentration.grid import (
    GRID_CRS,
    SMALL_M,
    cell_boxes,
    touching_cells,
)
from tomteanalyse.measures.concentration.small_areas import (
    by_chance,
    hot_spots,
    shrunken_shares,
)

TOP_PART = 0.05
"""The top share counts the areas with most municipal homes: one in twenty of those with dwellings,
at least one (normative)."""
DRAWS, SEED = 500, 20_200_101
"""How many random labellings an interval comes from, and where the generator begins."""


@dataclass(frozen=True)
class Spread:
    """How municipal homes are spread over the cells of 250 m.

    Parameters
    ----------
    indices, top_areas, cells
        As in `ConcentrationFindings`.
    """

    indices: Mapping[str, Index]
    top_areas: int
    cells: gpd.GeoDataFrame


def top_areas_among(dwellings: Counts) -> int:
    """Return how many areas the top share counts, of areas with so many dwellings."""
    return max(1, math.ceil(TOP_PART * int((dwellings > 0).sum())))


def evenness_indices(municipal: Counts, dwellings: Counts, *, top_areas: int) -> dict[str, Index]:
    """Return every index of evenness against chance, by name; none where nothing can be compared.

    Parameters
    ----------
    municipal, dwellings
        By area, shape (n,); no more municipal homes than dwellings anywhere.
    top_areas
        How many areas the top share counts.
    """
    if not 0 < municipal.sum() < dwellings.sum():
        return {}
    labelled = random_labelling(municipal, dwellings, draws=DRAWS, seed=SEED)
    return {
        "dissimilarity": against_chance(
            lambda homes: dissimilarity(homes, dwellings), municipal, labelled
        ),
        "gini": against_chance(lambda homes: gini(homes, dwellings), municipal, labelled),
        "top_share": against_chance(
            lambda homes: top_share(homes, areas=top_areas), municipal, labelled
        ),
    }


def spread_over_cells(both: Denominator, *, known: bool, crs: pyproj.CRS) -> Spread:
    """Measure how municipal homes are spread over the cells of 250 m.

    Parameters
    ----------
    both
        Homes and dwellings by cell.
    known
        Whether the dwellings are known at all; without them there are no shares.
    crs
        System that the cells are drawn in.
    """
    homes, dwellings = (counts.to_numpy(dtype=np.int64) for counts in (both.homes, both.dwellings))
    ids = both.homes.index.to_numpy(dtype=np.int64)
    top_areas = top_areas_among(dwellings)
    unknown = np.full(len(ids), np.nan)
    columns: dict[str, object] = {
        "homes": homes,
        "dwellings": pd.array([pd.NA] * len(ids), dtype="Int64"),
        **dict.fromkeys(("share", "shrunken", "low", "high", "probability"), unknown),
        "hot": pd.array([pd.NA] * len(ids), dtype="boolean"),
    }
    indices: Mapping[str, Index] = {}
    if known and len(ids):
        in_all = int(homes.sum()), int(dwellings.sum())
        low, high = by_chance(dwellings, municipal=in_all[0], among=in_all[1])
        spots = hot_spots(homes, dwellings, touching_cells(ids, size_m=SMALL_M))
        indices = evenness_indices(homes, dwellings, top_areas=top_areas)
        columns |= {
            "dwellings": pd.array(dwellings, dtype="Int64"),
            "share": homes / dwellings,
            "shrunken": shrunken_shares(homes, dwellings),
            "low": low / dwellings,
            "high": high / dwellings,
            "probability": spots.probability,
            "hot": pd.array(spots.hot, dtype="boolean"),
        }
    cells = gpd.GeoDataFrame(
        columns,
        geometry=cell_boxes(ids, size_m=SMALL_M),
        index=pd.Index(ids, dtype="int64", name="cell"),
        crs=GRID_CRS,
    )
    return Spread(indices, top_areas, cells.to_crs(crs))
