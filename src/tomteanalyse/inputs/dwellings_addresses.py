"""Dwellings from a file with a row per address or home.

Such a file is one of three: Kartverket's addresses (an address is no dwelling, but the best there
is without more), Kartverket's addresses at the level of flats (a row per home), or a table somebody
has made, with or without a column that gives the number.
"""

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely

from tomteanalyse.config import DwellingsConfig
from tomteanalyse.inputs.cells import number_of
from tomteanalyse.inputs.columns import match_columns, plain
from tomteanalyse.inputs.coordinates import moved_points, points_of_numbers
from tomteanalyse.inputs.dwellings_rows import ALIASES, Found, counts_of, facts_of
from tomteanalyse.inputs.files import Source
from tomteanalyse.inputs.findings import Findings
from tomteanalyse.inputs.placement import XY, Bounds
from tomteanalyse.inputs.register_columns import DEGREE_HEADINGS
from tomteanalyse.inputs.shapes import as_points
from tomteanalyse.inputs.tables import read_table
from tomteanalyse.inputs.vector import in_study_crs

KIND_HEADINGS = ["adressetype", "objtype"]
HOME_HEADINGS = ["bruksenhetsnummertekst", "bruksenhetsnummer"]
CADASTRAL = "matrikkeladresse"
"""The kind of address that is not of a road: cabins, plots, masts, and a farm here and there."""


def read_dwelling_addresses(
    source: Source,
    *,
    config: DwellingsConfig,
    study_crs: pyproj.CRS,
    near: Bounds | None,
    findings: Findings,
) -> Found:
    """Read a file with a row per address or home.

    Parameters
    ----------
    source, config
        The file (CSV, XLSX or a map file), and what the study file says of it.
    study_crs, near
        The study's system, and the extent of its area in it [m] where that is known.
    findings
        Gets what was assumed, and faults.

    Raises
    ------
    DataError
        Every fault of the file.
    """
    texts, read = read_table(source, sheet=config.sheet, layer=config.layer, findings=findings)
    aliases = {**ALIASES, "kind": KIND_HEADINGS, "home": HOME_HEADINGS, "epsg": ["epsgkode"]}
    found = match_columns(
        list(texts.columns), aliases=aliases, chosen=config.columns, findings=findings
    )
    cells = pd.DataFrame(
        {name: texts[heading].str.strip() for name, heading in found.items()},
        index=texts.index,
        dtype="str",
    )
    places = facts_of(cells, headings=found, findings=findings)
    places["dwellings"] = _counts(cells, headings=found, findings=findings)
    findings.stop_if_faulty()
    counted = (places["dwellings"] > 0).to_numpy()
    places["x"], places["y"] = np.nan, np.nan
    places.loc[counted, ["x", "y"]] = _located(
        cells[counted], read.frame[counted], headings=found, declared=config.crs,
        study_crs=study_crs, near=near, findings=findings,
    )  # fmt: skip
    lost = counted & places["x"].isna().to_numpy()
    if lost.any():
        if (lost == counted).all():
            findings.fault("dwellings.nothing_placed")
            findings.stop_if_faulty()
        findings.drop("dwellings.not_placed", rows=places.index[lost], ids=[""] * int(lost.sum()))
    kept = counted & ~lost
    return Found(places[kept], read.inputs(dropped=int((~kept).sum())))


def _counts(cells: pd.DataFrame, *, headings: dict[str, str], findings: Findings) -> pd.Series:
    """Return how many dwellings each row stands for, and tell what that rests on."""
    if "dwellings" in cells:
        return counts_of(cells["dwellings"], heading=headings["dwellings"], findings=findings)
    each = pd.Series(1, index=cells.index, dtype="int64")
    if "home" in cells:
        findings.warn("dwellings.rows_are_homes", count=float(len(each)), column=headings["home"])
        return each
    if "kind" in cells:
        cadastral = (cells["kind"].map(plain) == CADASTRAL).to_numpy(dtype=bool)
        each[cadastral] = 0
        findings.warn("dwellings.addresses_are_dwellings", count=float(each.sum()))
        if cadastral.any():
            findings.warn("dwellings.cadastral_left_out", count=float(cadastral.sum()))
        return each
    findings.warn("dwellings.rows_are_dwellings", count=float(len(each)))
    return each


def _located(
    cells: pd.DataFrame,
    frame: pd.DataFrame,
    *,
    headings: dict[str, str],
    declared: str | None,
    study_crs: pyproj.CRS,
    near: Bounds | None,
    findings: Findings,
) -> XY:
    """Return where the rows are [m]; NaN where a row has no place."""
    if isinstance(frame, gpd.GeoDataFrame):
        return points_of_layer(
            frame, declared=declared, study_crs=study_crs, near=near, findings=findings
        )
    if "x" not in cells or "y" not in cells:
        findings.fault("dwellings.no_coordinates")
        findings.stop_if_faulty()
    if declared is None and "epsg" in cells:
        return _by_code(cells, study_crs=study_crs, findings=findings)
    return points_of_numbers(
        cells,
        subject="dwellings",
        ids=None,
        declared=declared,
        degrees=plain(headings["x"]) in DEGREE_HEADINGS,
        study_crs=study_crs,
        near=near,
        findings=findings,
    )


def points_of_layer(
    frame: gpd.GeoDataFrame,
    *,
    declared: str | None,
    study_crs: pyproj.CRS,
    near: Bounds | None,
    findings: Findings,
) -> XY:
    """Return a point per feature [m]: inside of an area, NaN where there is nothing."""
    moved = in_study_crs(
        frame, declared=declared, study_crs=study_crs, near=near, findings=findings
    )
    shapes = np.array(moved.geometry.values, dtype=object)
    empty = shapely.is_missing(shapes) | shapely.is_empty(shapes)
    points, odd = as_points(shapes)
    points[odd & ~empty] = shapely.point_on_surface(shapes[odd & ~empty])
    points[empty] = shapely.Point(np.nan, np.nan)
    return np.column_stack([shapely.get_x(points), shapely.get_y(points)])


def _by_code(cells: pd.DataFrame, *, study_crs: pyproj.CRS, findings: Findings) -> XY:
    """Return points of rows that each say their system, as Kartverket's do: it is not doubted."""
    numbers = pd.DataFrame(
        {name: cells[name].map(number_of).astype("float64") for name in ("x", "y", "epsg")}
    )
    xy = np.full((len(cells), 2), np.nan)
    whole = np.isfinite(numbers.to_numpy()).all(axis=1)
    for code in sorted(set(numbers["epsg"][whole])):
        rows = whole & (numbers["epsg"] == code).to_numpy()
        try:
            crs = pyproj.CRS.from_epsg(int(code))
        except pyproj.exceptions.CRSError:
            findings.fault("vector.unknown_crs", rows=cells.index[rows], crs=f"EPSG:{int(code)}")
            findings.stop_if_faulty()
            raise
        xy[rows] = moved_points(
            numbers[["x", "y"]].to_numpy()[rows], cells.index[rows], crs=crs,
            study_crs=study_crs, near=None, findings=findings,
        )  # fmt: skip
    return xy
