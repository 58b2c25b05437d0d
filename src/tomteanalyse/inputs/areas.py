"""Read districts or basic statistical units: what numbers are told of besides the grid."""

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyproj
import shapely

from tomteanalyse.config import AreasConfig
from tomteanalyse.inputs.cells import is_blank, repaired, text_of
from tomteanalyse.inputs.columns import match_columns
from tomteanalyse.inputs.files import Source
from tomteanalyse.inputs.findings import Findings, Loaded
from tomteanalyse.inputs.placement import Bounds
from tomteanalyse.inputs.shapes import made_valid, mended_polygons
from tomteanalyse.inputs.vector import in_study_crs, read_layer

ALIASES: dict[str, Sequence[str]] = {
    "area_id": [
        "areaid", "grunnkretsnummer", "grunnkretsnr", "grunnkretsn", "kretsnummer", "kretsnr",
        "delomradenummer", "delomradenr", "bydelsnummer", "bydelnummer", "bydelsnr", "bydelnr",
        "omradeid", "omradenr", "omradenummer", "id", "nummer", "nr",
    ],
    "name": ["name", "grunnkretsnavn", "grunnkretsnamn", "kretsnavn", "kretsnamn",
             "delomradenavn", "delomradenamn", "bydelsnavn", "bydelnavn", "bydelsnamn",
             "omradenavn", "omradenamn", "navn", "namn"],
}  # fmt: skip
SMALLEST_M2 = 1.0
OVERLAP = 0.01
"""Two areas may lie on each other by this share of the smaller; borders are drawn no better."""

Shapes = npt.NDArray[np.object_]


def read_areas_of_study(
    source: Source, *, config: AreasConfig, study_crs: pyproj.CRS, near: Bounds | None
) -> Loaded:
    """Read the areas as `Study.areas` describes them.

    Parameters
    ----------
    source, config
        The file, and what the study file says of it.
    study_crs, near
        The study's system, and the extent of its area in it [m] where that is known.

    Raises
    ------
    DataError
        Every fault of the file: ``areas.*``, ``vector.*``, ``table.*``.
    """
    findings = Findings(source.name)
    layer = read_layer(source, layer=config.layer, findings=findings)
    if not len(layer.frame):
        findings.fault("areas.none")
    if not isinstance(layer.frame, gpd.GeoDataFrame):
        findings.fault("areas.no_geometry")
    findings.stop_if_faulty()
    ids, names = _texts(layer.frame, config=config, findings=findings)
    frame = in_study_crs(
        layer.frame,
        declared=config.crs,
        study_crs=study_crs,
        near=near,
        findings=findings,
        ids=ids,
    )
    shapes = _areas(frame, ids, findings=findings)
    findings.stop_if_faulty()
    order = np.argsort(ids.to_numpy(dtype=object))
    shapes = _apart(shapes[order], ids.iloc[order], findings=findings)
    if near is not None and not shapely.intersects(shapes, shapely.box(*near)).any():
        findings.fault("areas.all_outside_extract")
    findings.stop_if_faulty()
    table = gpd.GeoDataFrame(
        {"name": names.iloc[order].array},
        geometry=shapes,
        crs=study_crs,
        index=pd.Index(ids.iloc[order], name="area_id", dtype="str"),
    )
    return Loaded(table, layer.inputs(), tuple(findings.warnings))


def _texts(
    frame: gpd.GeoDataFrame, *, config: AreasConfig, findings: Findings
) -> tuple[pd.Series, pd.Series]:
    """Return ids and names (NA where there is none), on the rows' numbers."""
    headings = [str(column) for column in frame.columns if column != "geometry"]
    found = match_columns(headings, aliases=ALIASES, chosen=config.columns, findings=findings)
    if "area_id" not in found:
        if "area_id" not in config.columns:
            findings.fault("areas.no_id_column", columns=", ".join(headings))
        findings.stop_if_faulty()
    ids = frame[found["area_id"]].map(text_of).astype("str").str.strip()
    missing = ids.map(is_blank).to_numpy(dtype=bool)
    if missing.any():
        findings.fault("areas.missing_id", rows=ids.index[missing])
    twice = ids.duplicated(keep=False).to_numpy(dtype=bool) & ~missing
    if twice.any():
        findings.fault("areas.duplicate_id", rows=ids.index[twice], ids=sorted(set(ids[twice])))
    names = pd.Series(None, index=frame.index, dtype="str")
    if "name" in found:
        names = frame[found["name"]].map(text_of).astype("str").str.strip().map(repaired)
        names = names.mask(names.map(is_blank).astype(bool))
    return ids, names


def _areas(frame: gpd.GeoDataFrame, ids: pd.Series, *, findings: Findings) -> Shapes:
    """Return valid polygons; every other shape is a fault."""
    shapes = np.array(frame.geometry.values, dtype=object)
    empty = shapely.is_missing(shapes) | shapely.is_empty(shapes)
    flat = ~empty & (shapely.get_dimensions(shapes) < 2)
    odd = empty | flat
    if odd.any():
        findings.fault("areas.not_polygons", rows=frame.index[odd], ids=ids[odd])
    mended, repaired_rows, hopeless = mended_polygons(shapes[~odd], smallest_m2=SMALLEST_M2)
    shapes[~odd] = mended
    where = np.flatnonzero(~odd)
    if hopeless.any():
        rows = where[hopeless]
        findings.fault("areas.no_area", rows=frame.index[rows], ids=ids.iloc[rows])
    if repaired_rows.any():
        rows = where[repaired_rows]
        findings.warn("areas.repaired", rows=frame.index[rows], ids=ids.iloc[rows])
    return shapes


def _apart(shapes: Shapes, ids: pd.Series, *, findings: Findings) -> Shapes:
    """Return areas none of which lies on another: where two touch by a hair, the first has it."""
    first, second = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    pairs = sorted((a, b) for a, b in zip(first.tolist(), second.tolist(), strict=True) if a < b)
    apart = shapes.copy()
    for a, b in pairs:
        common_m2 = shapely.area(shapely.intersection(shapes[a], shapes[b]))
        if common_m2 > OVERLAP * min(shapely.area(shapes[a]), shapely.area(shapes[b])):
            findings.fault(
                "areas.overlap",
                rows=(ids.index[a], ids.index[b]),
                ids=(ids.iloc[a], ids.iloc[b]),
                m2=float(round(common_m2)),
            )
        elif common_m2 > 0:
            apart[b : b + 1] = made_valid(shapely.difference(apart[b : b + 1], shapes[a : a + 1]))[
                0
            ]
    return apart
