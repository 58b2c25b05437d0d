"""Coordinates that stand in a table's columns: what system they are in, and where that is."""

import numpy as np
import pandas as pd
import pyproj

from tomteanalyse.inputs.cells import is_blank, number_of
from tomteanalyse.inputs.findings import Findings
from tomteanalyse.inputs.placement import XY, Bounds, horizontal, short_name, to_study
from tomteanalyse.inputs.vector import refuse_suspicious

DEGREES = "EPSG:4326"


def points_of_numbers(
    cells: pd.DataFrame,
    *,
    subject: str,
    ids: pd.Series | None,
    declared: str | None,
    degrees: bool,
    study_crs: pyproj.CRS,
    near: Bounds | None,
    findings: Findings,
) -> XY:
    """Return the columns ``x`` and ``y`` in the study's system; a table does not say its own.

    Parameters
    ----------
    cells
        ``x`` and ``y`` as text, on the rows' numbers.
    subject
        Beginning of the codes of what is told, e.g. ``"register"``.
    ids
        What the rows are called in messages; same rows.
    declared
        The system the study file says they are in.
    degrees
        Whether their headings say that they are degrees.
    study_crs, near
        The study's system, and the extent of its area in it [m] where that is known.
    findings
        Gets ``<subject>.taken_for_degrees`` or ``<subject>.taken_for_study_crs``, and faults.

    Returns
    -------
    ndarray
        Shape (n, 2) [m]; NaN where a row has no coordinates.

    Raises
    ------
    DataError
        ``<subject>.bad_coordinates``, ``vector.unknown_crs``, ``vector.not_projectable``, or the
        codes of `refuse_suspicious`.
    """
    xy = _numbers(cells, subject=subject, ids=ids, findings=findings)
    known = np.isfinite(xy).all(axis=1)
    if not known.any():
        return xy
    if declared is not None:
        try:
            crs = horizontal(pyproj.CRS.from_user_input(declared))
        except pyproj.exceptions.CRSError:
            findings.fault("vector.unknown_crs", crs=declared)
            findings.stop_if_faulty()
            raise
    elif degrees or bool((np.abs(xy[known]) <= 180).all()):
        crs = pyproj.CRS.from_user_input(DEGREES)
        findings.warn(f"{subject}.taken_for_degrees")
    else:
        crs = study_crs
        findings.warn(f"{subject}.taken_for_study_crs", crs=short_name(study_crs))
    return moved_points(xy, cells.index, crs=crs, study_crs=study_crs, near=near, findings=findings)


def moved_points(
    xy: XY,
    rows: pd.Index,
    *,
    crs: pyproj.CRS,
    study_crs: pyproj.CRS,
    near: Bounds | None,
    findings: Findings,
) -> XY:
    """Bring points into the study's system, after a look at whether their own can be true.

    Parameters
    ----------
    xy
        Shape (n, 2), in `crs`; NaN where a row has no coordinates.
    rows
        The rows' numbers.
    crs
        What they are said to be in.
    study_crs, near
        As `points_of_numbers`.
    findings
        Gets the faults.

    Raises
    ------
    DataError
        ``vector.not_projectable``, or the codes of `refuse_suspicious`.
    """
    refuse_suspicious(xy, rows, crs=crs, study_crs=study_crs, near=near, findings=findings)
    known = np.isfinite(xy).all(axis=1)
    moved = np.full_like(xy, np.nan)
    moved[known] = to_study(xy[known], crs, study_crs=study_crs)
    lost = np.asarray(known & ~np.isfinite(moved).all(axis=1), dtype=np.bool_)
    if lost.any():
        findings.fault("vector.not_projectable", rows=rows[lost], crs=short_name(crs))
        findings.stop_if_faulty()
    return moved


def _numbers(cells: pd.DataFrame, *, subject: str, ids: pd.Series | None, findings: Findings) -> XY:
    parsed = pd.DataFrame({name: cells[name].map(number_of).astype(float) for name in ("x", "y")})
    blank = pd.DataFrame({name: cells[name].map(is_blank).astype(bool) for name in ("x", "y")})
    bad = (parsed.isna() & ~blank).any(axis=1) | (blank["x"] != blank["y"])
    if bad.any():
        named = () if ids is None else ids[bad]
        findings.fault(f"{subject}.bad_coordinates", rows=cells.index[bad], ids=named)
        findings.stop_if_faulty()
    xy: XY = parsed.to_numpy(dtype=np.float64, copy=True)
    return xy
