"""Made-up findings of concentration, to test views without running an analysis."""

from collections.abc import Mapping

import geopandas as gpd
import numpy as np
import pandas as pd

from tomteanalyse.measures.concentration.around import NEAREST, WAYS
from tomteanalyse.measures.concentration.evenness import Index
from tomteanalyse.measures.concentration.findings import ConcentrationFindings
from tomteanalyse.measures.concentration.grid import GRID_CRS, SMALL_M, cell_boxes, cell_ids
from tomteanalyse.measures.concentration.homes import RADII_M
from tomteanalyse.measures.measurement import Measurement

STEP_WEIGHT = 3.0
BASIS_DWELLINGS = 2_140


def fabricated_concentration(
    plots: gpd.GeoDataFrame,
    units: gpd.GeoDataFrame,
    measurements: Mapping[str, Measurement],
    *,
    with_dwellings: bool = True,
) -> ConcentrationFindings:
    """Build findings around plots that say how many homes are planned, or do not.

    Parameters
    ----------
    plots, units
        As in `Study`.
    measurements
        Homes around the plots today.
    with_dwellings
        Without them every share is unknown.
    """
    current = units[units["current"]]
    return ConcentrationFindings(
        basis="addresses" if with_dwellings else None,
        dwellings=BASIS_DWELLINGS if with_dwellings else 0,
        buildings=_buildings(current, with_dwellings=with_dwellings),
        limit=0.25,
        plots=_around(plots, measurements, with_dwellings=with_dwellings),
        indices={
            "dissimilarity": Index(0.43, 0.29, 0.26, 0.33, 0.197, 0.0),
            "gini": Index(0.58, 0.41, 0.37, 0.45, 0.288, 0.0),
            "top_share": Index(0.36, 0.17, 0.13, 0.21, 0.229, 0.0),
        }
        if with_dwellings
        else {},
        top_areas=4,
        cells=_cells(current, with_dwellings=with_dwellings),
    )


def _around(
    plots: gpd.GeoDataFrame, measurements: Mapping[str, Measurement], *, with_dwellings: bool
) -> pd.DataFrame:
    planned = plots["planned_homes"].astype("Int64")
    number = planned.to_numpy(dtype=np.float64, na_value=np.nan)
    count = np.arange(len(plots), dtype=np.float64)
    columns: dict[str, object] = {}
    for radius in RADII_M:
        for name, weight in (("homes", 1.0), ("weighted_homes", STEP_WEIGHT)):
            homes = measurements[f"{name}_{radius}"].value.to_numpy()
            columns[f"{name}_{radius}"] = homes
            columns[f"{name}_{radius}_planned"] = homes + weight * number
    for way in WAYS:
        for nearest in NEAREST:
            name = f"share_{nearest}_{way}"
            share = np.round((3 + count % 5) / nearest, 4)
            known = np.where(with_dwellings, 1.0, np.nan)
            columns[name] = share * known
            columns[f"{name}_planned"] = np.minimum(share + number / nearest, 1.0) * known
            columns[f"{name}_low"] = 0.01 * known + 0 * count
            columns[f"{name}_high"] = 0.09 * known + 0 * count
    table = pd.DataFrame({**columns, "planned_homes": planned.array}, index=plots.index)
    return table.rename_axis(index="plot_id")


def _buildings(units: gpd.GeoDataFrame, *, with_dwellings: bool) -> gpd.GeoDataFrame:
    table = units[["homes", "geometry"]].sort_values("homes", ascending=False, kind="stable")
    table = table.rename_axis(index="building_id")
    homes = table["homes"].to_numpy(dtype=np.int64)
    dwellings = pd.array(homes * 5, dtype="Int64")
    # One is all municipal, and of one nobody knows how many dwellings it has.
    dwellings[0], dwellings[1] = homes[0], pd.NA
    if not with_dwellings:
        dwellings[:] = pd.NA
    known = ~pd.isna(dwellings)
    share = homes / dwellings.to_numpy(dtype=np.float64, na_value=np.nan)
    return gpd.GeoDataFrame(
        {
            "homes": homes,
            "dwellings": dwellings,
            "share": share,
            "low": np.where(known, 0.0, np.nan),
            "high": np.where(known, 0.3, np.nan),
            "above_chance": pd.Series(share > 0.5, index=table.index, dtype="boolean").where(known),
            "above_limit": pd.Series(share > 0.25, index=table.index, dtype="boolean").where(known),
        },
        geometry=table.geometry.array,
        index=table.index,
        crs=units.crs,
    )


def _cells(units: gpd.GeoDataFrame, *, with_dwellings: bool) -> gpd.GeoDataFrame:
    at = units.geometry.to_crs(GRID_CRS)
    ids = cell_ids(np.column_stack([at.x, at.y]), size_m=SMALL_M)
    homes = pd.Series(units["homes"].to_numpy(dtype=np.int64), index=ids).groupby(level=0).sum()
    count, known = len(homes), np.where(with_dwellings, 1.0, np.nan)
    share = homes.to_numpy() / 60 * known
    none = pd.array([pd.NA] * count, dtype="Int64")
    table = gpd.GeoDataFrame(
        {
            "homes": homes.to_numpy(),
            "dwellings": pd.array([60] * count, dtype="Int64") if with_dwellings else none,
            "share": share,
            "shrunken": 0.5 * share + 0.02,
            "low": np.zeros(count) * known,
            "high": 0.05 + np.zeros(count) * known,
            "probability": 0.4 + np.zeros(count) * known,
            "hot": pd.Series(share > 0.06, dtype="boolean").where(share >= 0).array,
        },
        geometry=cell_boxes(homes.index.to_numpy(dtype=np.int64), size_m=SMALL_M),
        index=pd.Index(homes.index, dtype="int64", name="cell"),
        crs=GRID_CRS,
    )
    return table.to_crs(units.crs)
