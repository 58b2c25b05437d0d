"""Registers of a few homes, told as rows. All of them are fictional."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely

from tomteanalyse.study import Study
from worlds import CRS, STREET, World, study_in

WEST, SOUTH = 453_000.0, 7_121_000.0

Home = Mapping[str, Any]
"""What is said of a unit: any of the columns of `Study.units`, and ``at`` (metres east, north)."""


def units_of(homes: Mapping[str, Home], *, crs: pyproj.CRS = CRS) -> gpd.GeoDataFrame:
    """Return the table of units, as `Study.units` describes it."""
    names = sorted(homes)
    rows = [homes[name] for name in names]

    def texts(column: str) -> pd.Series:
        return pd.Series([row.get(column) for row in rows], index=names, dtype="str")

    def days(column: str) -> pd.Series:
        written = [row.get(column) or "NaT" for row in rows]
        return pd.Series(np.array(written, dtype="datetime64[s]"), index=names)

    places = [row.get("at", (0.0, 0.0)) for row in rows]
    table = pd.DataFrame(
        {
            "homes": pd.Series([row.get("homes", 1) for row in rows], index=names, dtype="int64"),
            "step": pd.Series([row.get("step") for row in rows], index=names, dtype="Int64"),
            "housing_form": texts("housing_form"),
            "building_id": texts("building_id"),
            "valid_from": days("valid_from"),
            "valid_to": days("valid_to"),
            "began": texts("began"),
            "ended": texts("ended"),
            "current": True,
        },
        index=pd.Index(names, dtype="str", name="unit_id"),
    )
    points = [shapely.Point(WEST + east, SOUTH + north) for east, north in places]
    return gpd.GeoDataFrame(table, geometry=points, crs=CRS).to_crs(crs)


def study_of(
    homes: Mapping[str, Home],
    *,
    on: date | None = None,
    unplaced: tuple[str, ...] = (),
    crs: pyproj.CRS = CRS,
) -> Study:
    """Return a study that has this register, of a day, and nothing else."""
    street = World()
    street.way([(WEST, SOUTH), (WEST + 100, SOUTH)], STREET)
    study = study_in(street, {}, register={} if on is None else {"date": on})
    rows = [("enheter.csv", row, unit, "register.not_placed") for row, unit in enumerate(unplaced)]
    dropped = pd.DataFrame(rows, columns=["file", "row", "id", "reason"])
    return replace(study, units=units_of(homes, crs=crs), dropped=dropped, crs=crs)
