"""Place the units of a register: by geometry, coordinates or address, in that order."""

from collections.abc import Mapping

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely

from tomteanalyse.config import RegisterConfig
from tomteanalyse.inputs.addresses import AddressBook
from tomteanalyse.inputs.cells import is_blank
from tomteanalyse.inputs.columns import plain
from tomteanalyse.inputs.coordinates import points_of_numbers
from tomteanalyse.inputs.findings import Findings
from tomteanalyse.inputs.placement import XY, Bounds, to_study
from tomteanalyse.inputs.register_columns import DEGREE_HEADINGS
from tomteanalyse.inputs.shapes import as_points
from tomteanalyse.inputs.vector import in_study_crs


def located(
    cells: pd.DataFrame,
    layer: pd.DataFrame,
    *,
    config: RegisterConfig,
    book: AddressBook | None,
    study_crs: pyproj.CRS,
    near: Bounds | None,
    headings: Mapping[str, str],
    findings: Findings,
) -> pd.Series:
    """Return where every unit is.

    Parameters
    ----------
    cells
        The register's known columns as text, on the rows' numbers.
    layer
        The table as read, a GeoDataFrame where it has geometry; same rows.
    config, headings
        What the study file says of the register; our columns to its headings.
    book
        Addresses, or None.
    study_crs, near
        The study's system, and the extent of its area in it [m] where that is known.
    findings
        Gets faults, warnings, and the rows that could not be placed.

    Returns
    -------
    Series
        Points in `study_crs`; None for rows that could not be placed.
    """
    xy = np.full((len(cells), 2), np.nan)
    if isinstance(layer, gpd.GeoDataFrame):
        xy = _from_geometry(
            layer,
            cells["unit_id"],
            declared=config.crs,
            study_crs=study_crs,
            near=near,
            findings=findings,
        )
    elif "x" in cells and "y" in cells:
        xy = points_of_numbers(
            cells,
            subject="register",
            ids=cells["unit_id"],
            declared=config.crs,
            degrees=plain(headings["x"]) in DEGREE_HEADINGS,
            study_crs=study_crs,
            near=near,
            findings=findings,
        )
    elif ("x" in cells) != ("y" in cells):
        findings.fault("register.half_coordinates")
        findings.stop_if_faulty()
    lacking = np.isnan(xy).any(axis=1)
    if lacking.any() and "address" in cells:
        addressed = lacking & ~cells["address"].map(is_blank).to_numpy(dtype=bool)
        if book is None and addressed.any():
            findings.warn("register.no_address_file", count=int(addressed.sum()))
        elif book is not None:
            xy[addressed] = _from_addresses(
                cells[addressed], book, study_crs=study_crs, findings=findings
            )
    lacking = np.isnan(xy).any(axis=1)
    if lacking.all() and len(cells):
        findings.fault("register.nothing_placed")
        findings.stop_if_faulty()
    if lacking.any():
        findings.drop("register.not_placed", rows=cells.index[lacking], ids=cells.unit_id[lacking])
    if near is not None:
        _tell_outside(xy, cells, near=near, findings=findings)
    points = np.full(len(cells), None, dtype=object)
    points[~lacking] = shapely.points(xy[~lacking])
    return pd.Series(points, index=cells.index, dtype=object)


def _from_geometry(
    layer: gpd.GeoDataFrame,
    ids: pd.Series,
    *,
    declared: str | None,
    study_crs: pyproj.CRS,
    near: Bounds | None,
    findings: Findings,
) -> XY:
    """Return points; a home drawn as an area is placed inside it."""
    frame = in_study_crs(
        layer, declared=declared, study_crs=study_crs, near=near, findings=findings, ids=ids
    )
    shapes = np.array(frame.geometry.values, dtype=object)
    empty = shapely.is_missing(shapes) | shapely.is_empty(shapes)
    points, odd = as_points(shapes)
    points[odd & ~empty] = shapely.point_on_surface(shapes[odd & ~empty])
    points[empty] = shapely.Point(np.nan, np.nan)
    return np.column_stack([shapely.get_x(points), shapely.get_y(points)])


def _from_addresses(
    cells: pd.DataFrame, book: AddressBook, *, study_crs: pyproj.CRS, findings: Findings
) -> XY:
    found = [book.find(address) for address in cells["address"]]
    xy = np.full((len(cells), 2), np.nan)
    codes = np.array([place.epsg if place else 0 for place, _ in found], dtype=np.int64)
    raw = np.array([(place.east, place.north) if place else (np.nan, np.nan) for place, _ in found])
    for code in np.unique(codes[codes > 0]):
        rows = codes == code
        xy[rows] = to_study(raw[rows], pyproj.CRS.from_epsg(int(code)), study_crs=study_crs)
    roughly = np.array([place is not None and not exactly for place, exactly in found], dtype=bool)
    if roughly.any():
        findings.warn(
            "addresses.without_letter", rows=cells.index[roughly], ids=cells.unit_id[roughly]
        )
    unplaced = np.array([place is None for place, _ in found], dtype=bool)
    known = np.array([book.knows(address) for address in cells["address"]], dtype=bool)
    for code, rows in (
        ("addresses.not_found", unplaced & ~known),
        ("addresses.ambiguous", unplaced & known),
    ):
        if rows.any():
            findings.warn(code, rows=cells.index[rows], ids=cells.unit_id[rows])
    return xy


def _tell_outside(xy: XY, cells: pd.DataFrame, *, near: Bounds, findings: Findings) -> None:
    west, south, east, north = near
    x, y = xy[:, 0], xy[:, 1]
    known = np.isfinite(xy).all(axis=1)
    outside = known & ~((x >= west) & (x <= east) & (y >= south) & (y <= north))
    if outside.any() and (outside == known).all():
        findings.fault("register.all_outside_extract")
    elif outside.any():
        count = int(outside.sum())
        rows, ids = cells.index[outside], cells.unit_id[outside]
        findings.warn("register.outside_extract", rows=rows, ids=ids, count=count)
