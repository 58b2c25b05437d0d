"""Towns to follow over time: registers, dwellings and areas told as rows. All are fictional."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from registers import SOUTH, WEST, Home, study_of
from tomteanalyse.config import DwellingsConfig
from tomteanalyse.study import Study
from worlds import CRS

Row = Mapping[str, Any]
"""Of dwellings: any of their columns, and ``at`` (metres east, north)."""


def dwellings_of(rows: Sequence[Row]) -> gpd.GeoDataFrame:
    """Return the table of dwellings, as `Study.dwellings` describes it."""
    index = pd.Index([f"B{number:03d}" for number in range(len(rows))], name="dwelling_place")

    def days(column: str) -> pd.Series:
        written = [row.get(column) or "NaT" for row in rows]
        return pd.Series(np.array(written, dtype="datetime64[s]"), index=index)

    places = [row.get("at", (0.0, 0.0)) for row in rows]
    buildings = [row.get("building_id") for row in rows]
    table = {
        "dwellings": pd.Series([row.get("dwellings", 1) for row in rows], index, dtype="int64"),
        "built": days("built"),
        "gone": days("gone"),
        "building_id": pd.Series(buildings, index, dtype="str"),
    }
    points = [shapely.Point(WEST + east, SOUTH + north) for east, north in places]
    return gpd.GeoDataFrame(table, geometry=points, crs=CRS, index=index)


def areas_of(boxes: Mapping[str, tuple[float, float, float, float]]) -> gpd.GeoDataFrame:
    """Return areas by id, from west, south, east and north [m] of each."""
    index = pd.Index(sorted(boxes), name="area_id", dtype="str")
    corner = np.array([WEST, SOUTH, WEST, SOUTH])
    shapes = [shapely.box(*(np.array(boxes[name]) + corner)) for name in index]
    names = pd.Series([f"Krets {name}" for name in index], index, dtype="str")
    return gpd.GeoDataFrame({"name": names}, geometry=shapes, crs=CRS, index=index)


def town(
    homes: Mapping[str, Home],
    dwellings: Sequence[Row] = (),
    *,
    areas: Mapping[str, tuple[float, float, float, float]] | None = None,
    on: date | None = None,
) -> Study:
    """Return a study of a register, of all dwellings, and of areas."""
    study = study_of(homes, on=on)
    if dwellings:
        source = DwellingsConfig(source="addresses", file="adresser.csv")
        config = study.config.model_copy(update={"dwellings": source})
        study = replace(study, config=config, dwellings=dwellings_of(dwellings))
    return study if areas is None else replace(study, areas=areas_of(areas))
