"""Read all dwellings of the municipality, from whichever source the study file names."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely

from tomteanalyse.config import DwellingsConfig
from tomteanalyse.errors import DataError
from tomteanalyse.extract import OsmExtract
from tomteanalyse.inputs.dwellings_addresses import read_dwelling_addresses
from tomteanalyse.inputs.dwellings_buildings import (
    dwellings_of_extract,
    read_dwelling_buildings,
)
from tomteanalyse.inputs.dwellings_grid import read_dwelling_grid
from tomteanalyse.inputs.dwellings_rows import PLACE_DECIMALS
from tomteanalyse.inputs.files import Source
from tomteanalyse.inputs.findings import Findings, Loaded
from tomteanalyse.inputs.placement import Bounds

FAR_M = 100_000.0
"""What lies so far out of the extract is another municipality's, or all of the country's."""
FACTS = ["building_id", "built", "gone"]


def read_dwellings(
    source: Source | None,
    *,
    config: DwellingsConfig,
    extract: OsmExtract | None,
    extract_name: str,
    study_crs: pyproj.CRS,
    near: Bounds | None,
) -> Loaded:
    """Read the dwellings as `Study.dwellings` describes them.

    Parameters
    ----------
    source
        The file; None where the extract's own buildings are counted.
    config
        What the study file says of it.
    extract, extract_name
        The OpenStreetMap extract and what the planner calls it; None where it could not be read.
    study_crs, near
        The study's system, and the extent of its area in it [m] where that is known.

    Raises
    ------
    DataError
        Every fault of the file: ``dwellings.*``, ``table.*``, ``vector.*``.
    """
    findings = Findings(extract_name if source is None else source.name)
    if source is None:
        if extract is None:
            # What is wrong with it has been told.
            raise DataError
        found = dwellings_of_extract(extract, findings=findings)
    elif config.source == "grid":
        found = read_dwelling_grid(
            source, config=config, extract=extract, study_crs=study_crs, near=near,
            findings=findings,
        )  # fmt: skip
    else:
        read = read_dwelling_addresses if config.source == "addresses" else read_dwelling_buildings
        found = read(source, config=config, study_crs=study_crs, near=near, findings=findings)
    findings.stop_if_faulty()
    places = found.places
    if not len(places):
        findings.fault("dwellings.none")
    elif near is not None:
        _check_extent(places, near=near, findings=findings)
    findings.stop_if_faulty()
    if places["built"].isna().all() and places["gone"].isna().all():
        findings.warn("dwellings.undated")
    return Loaded(
        _table(places, study_crs=study_crs),
        found.inputs,
        tuple(findings.warnings),
        tuple(findings.dropped),
    )


def _check_extent(places: pd.DataFrame, *, near: Bounds, findings: Findings) -> None:
    west, south, east, north = near
    away = np.maximum.reduce(
        [west - places["x"], places["x"] - east, south - places["y"], places["y"] - north]
    )
    if (away > 0).all():
        findings.fault("dwellings.all_outside_extract")
    elif (away > FAR_M).any():
        count = int(places["dwellings"][away > FAR_M].sum())
        findings.fault("dwellings.far_outside", count=float(count), limit_km=FAR_M / 1000)
    elif (away > 0).any():
        findings.warn("dwellings.outside_extract", count=float(places["dwellings"][away > 0].sum()))


def _table(places: pd.DataFrame, *, study_crs: pyproj.CRS) -> gpd.GeoDataFrame:
    """Add up what is in one place, and number the places from south-west to north-east."""
    at = places.assign(x=places["x"].round(PLACE_DECIMALS), y=places["y"].round(PLACE_DECIMALS))
    summed = at.groupby(["x", "y", *FACTS], dropna=False, sort=False, as_index=False).agg(
        dwellings=("dwellings", "sum")
    )
    summed = summed.sort_values(["x", "y", *FACTS], ignore_index=True)
    digits = len(str(len(summed)))
    return gpd.GeoDataFrame(
        {
            "dwellings": summed["dwellings"].to_numpy(dtype=np.int64),
            "built": summed["built"].to_numpy(dtype="datetime64[s]"),
            "gone": summed["gone"].to_numpy(dtype="datetime64[s]"),
            "building_id": summed["building_id"].astype("str").array,
        },
        geometry=shapely.points(summed["x"].to_numpy(), summed["y"].to_numpy()),
        crs=study_crs,
        index=pd.Index(
            [f"D{number:0{digits}d}" for number in range(1, len(summed) + 1)],
            name="dwelling_place",
            dtype="str",
        ),
    )
