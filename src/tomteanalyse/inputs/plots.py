"""Read candidate plots."""

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyproj
import shapely

from tomteanalyse.config import PlotsConfig
from tomteanalyse.inputs.cells import is_blank, number_of, repaired, text_of, turned_into_date
from tomteanalyse.inputs.columns import match_columns, nearest_heading
from tomteanalyse.inputs.files import Source
from tomteanalyse.inputs.findings import Findings, Loaded
from tomteanalyse.inputs.placement import Bounds
from tomteanalyse.inputs.shapes import as_points, mended_polygons
from tomteanalyse.inputs.vector import in_study_crs, read_layer

PLOT_ID_ALIASES = [
    "plotid",
    "plot",
    "tomtid",
    "tomteid",
    "tomtenr",
    "tomtnr",
    "tomtenummer",
    "tomtenamn",
    "tomt",
    "id",
    "nr",
]
PLOT_ALIASES: dict[str, Sequence[str]] = {
    "plot_id": PLOT_ID_ALIASES,
    "name": ["name", "plotname", "navn", "namn", "tomtenavn", "tittel", "title"],
    "gnr": ["gnr", "gardsnr", "gardsnummer"],
    "bnr": ["bnr", "bruksnr", "bruksnummer"],
    "plan_status": ["planstatus", "planstatu", "reguleringsstatus"],
    "planned_homes": [
        "plannedhomes",
        "planlagteboliger",
        "planlagtebustader",
        "planlagdebustader",
        "planlagte",
        "antallboliger",
        "talbustader",
        "antalbustader",
        "boliger",
        "bustader",
        "homes",
    ],
}
MOST_PLANNED = 1000
SMALLEST_M2 = 1.0
LARGE_M2 = 100_000.0
"""Plots for a handful of homes are a thousandth of this to a tenth; a whole farm is more."""
FAR_M = 100_000.0
"""What reaches so far out of the extract is not beside it but somewhere else altogether."""


def read_plots(
    source: Source, *, config: PlotsConfig, study_crs: pyproj.CRS, extent: Bounds | None
) -> Loaded:
    """Read the candidate plots as `Study.plots` describes them.

    Parameters
    ----------
    source, config
        The file, and what the study file says of it.
    study_crs
        The study's metric system.
    extent
        Extent of the OpenStreetMap extract in it [m]; None where that could not be read.

    Raises
    ------
    DataError
        Every fault of the file: ``plots.*``, ``vector.*``, ``table.*``.
    """
    findings = Findings(source.name)
    layer = read_layer(source, layer=config.layer, findings=findings)
    frame = layer.frame
    if not len(frame):
        findings.fault("plots.none")
    if not isinstance(frame, gpd.GeoDataFrame):
        findings.fault("plots.no_geometry")
    findings.stop_if_faulty()
    texts = _texts(frame, config=config, findings=findings)
    frame = in_study_crs(
        frame,
        declared=config.crs,
        study_crs=study_crs,
        near=extent,
        findings=findings,
        ids=texts["plot_id"],
    )
    if extent is not None:
        frame = _without_far(frame, texts["plot_id"], extent=extent, findings=findings)
    ids = texts["plot_id"].loc[frame.index]
    shapes = _shapes(frame, ids, findings=findings)
    if extent is not None:
        _check_extent(shapes, ids, extent=extent, findings=findings)
    findings.stop_if_faulty()
    _check_odd(shapes, ids, findings=findings)
    table = gpd.GeoDataFrame(texts, geometry=shapes, crs=study_crs)
    table = table.set_index("plot_id").sort_index()
    return Loaded(table, layer.inputs(), tuple(findings.warnings))


def _texts(frame: gpd.GeoDataFrame, *, config: PlotsConfig, findings: Findings) -> pd.DataFrame:
    """Return id, name and the rest as text, and the planned homes, on the rows' numbers."""
    headings = [str(column) for column in frame.columns if column != "geometry"]
    found = match_columns(headings, aliases=PLOT_ALIASES, chosen=config.columns, findings=findings)
    if "plot_id" not in found:
        if "plot_id" not in config.columns:
            near = nearest_heading(headings, PLOT_ID_ALIASES[:-2])
            columns = ", ".join(headings)
            code = "plots.no_id_column" if near is None else "plots.no_id_column_near"
            findings.fault(code, columns=columns, near=near)
        findings.stop_if_faulty()
    texts = pd.DataFrame(
        {name: frame[heading].map(text_of).astype("str") for name, heading in found.items()},
        index=frame.index,
    )
    texts["plot_id"] = texts["plot_id"].str.strip()
    _check_ids(texts["plot_id"], findings=findings)
    for name in ("gnr", "bnr"):
        if name in texts:
            dates = texts[name].map(turned_into_date).to_numpy(dtype=bool)
            if dates.any():
                findings.fault("table.excel_date", rows=frame.index[dates], column=found[name])
    if "name" not in texts:
        texts["name"] = texts["plot_id"]
    texts["name"] = texts["name"].where(~texts["name"].map(is_blank), texts["plot_id"])
    mended = texts["name"].map(repaired)
    broken = (mended != texts["name"]).to_numpy()
    if broken.any():
        findings.warn("table.mojibake_repaired", rows=frame.index[broken])
    texts["name"] = mended
    for name in ("gnr", "bnr", "plan_status"):
        if name not in texts:
            texts[name] = pd.Series(None, index=texts.index, dtype="str")
        texts[name] = texts[name].mask(texts[name].map(is_blank, na_action="ignore").eq(True))
    texts["planned_homes"] = _planned(texts, heading=found.get("planned_homes"), findings=findings)
    return texts[["plot_id", "name", "gnr", "bnr", "plan_status", "planned_homes"]]


def _planned(texts: pd.DataFrame, *, heading: str | None, findings: Findings) -> pd.Series:
    """Return how many homes are planned on each plot; NA where it does not say."""
    if heading is None:
        return pd.Series(pd.NA, index=texts.index, dtype="Int64")
    numbers = texts["planned_homes"].map(number_of).astype("float64")
    blank = texts["planned_homes"].map(is_blank).to_numpy(dtype=bool)
    sound = ((numbers >= 1) & (numbers <= MOST_PLANNED) & (numbers % 1 == 0)).to_numpy()
    bad = ~sound & ~blank
    if bad.any():
        rows, ids = texts.index[bad], texts["plot_id"][bad]
        findings.fault(
            "plots.bad_planned_homes", rows=rows, ids=ids, column=heading, most=MOST_PLANNED
        )
    return numbers.where(sound).astype("Int64")


def _check_ids(ids: pd.Series, *, findings: Findings) -> None:
    missing = ids.map(is_blank).to_numpy(dtype=bool)
    if missing.any():
        findings.fault("plots.missing_id", rows=ids.index[missing])
    twice = (ids.duplicated(keep=False) & ~missing).to_numpy(dtype=bool)
    if twice.any():
        findings.fault("plots.duplicate_id", rows=ids.index[twice], ids=sorted(set(ids[twice])))


def _shapes(
    frame: gpd.GeoDataFrame, ids: pd.Series, *, findings: Findings
) -> npt.NDArray[np.object_]:
    """Return valid polygons and points; every other shape is a fault."""
    shapes = np.array(frame.geometry.values, dtype=object)
    empty = shapely.is_missing(shapes) | shapely.is_empty(shapes)
    points, not_points = as_points(shapes)
    dimension = np.where(empty, -1, shapely.get_dimensions(shapes))
    pointlike = ~empty & (dimension == 0)
    areas = ~empty & (dimension == 2)

    def tell(code: str, rows: npt.NDArray[np.bool_], *, fault: bool = True) -> None:
        if rows.any():
            note = findings.fault if fault else findings.warn
            note(code, rows=frame.index[rows], ids=ids[rows])

    tell("plots.empty_geometry", empty)
    tell("plots.line", ~empty & (dimension == 1))
    tell("plots.several_points", pointlike & not_points)
    shapes[pointlike] = points[pointlike]
    mended, repaired_rows, hopeless = mended_polygons(shapes[areas], smallest_m2=SMALLEST_M2)
    shapes[areas] = mended
    where = np.flatnonzero(areas)
    for code, rows, fault in (
        ("plots.no_area", hopeless, True),
        ("plots.repaired", repaired_rows, False),
    ):
        told = np.zeros(len(shapes), dtype=bool)
        told[where[rows]] = True
        tell(code, told, fault=fault)
    return shapes


def _without_far(
    frame: gpd.GeoDataFrame, ids: pd.Series, *, extent: Bounds, findings: Findings
) -> gpd.GeoDataFrame:
    """Leave out plots that cannot be where they say; numbers so large break every later step."""
    west, south, east, north = extent
    reach = shapely.bounds(frame.geometry.values) - (west, south, east, north)
    far = (reach[:, :2] < -FAR_M).any(axis=1) | (reach[:, 2:] > FAR_M).any(axis=1)
    if far.any():
        findings.fault(
            "plots.far_outside", rows=ids.index[far], ids=ids[far], limit_km=FAR_M / 1000
        )
    return frame[~far]


def _check_odd(shapes: npt.NDArray[np.object_], ids: pd.Series, *, findings: Findings) -> None:
    """Warn of plots that are sound but hardly meant."""
    large = shapely.area(shapes) > LARGE_M2
    if large.any():
        findings.warn("plots.very_large", rows=ids.index[large], ids=ids[large], limit_m2=LARGE_M2)
    outlines = pd.Series(shapely.to_wkb(shapely.normalize(shapes)))
    alike = outlines.duplicated(keep=False).to_numpy()
    if alike.any():
        findings.warn("plots.same_place", rows=ids.index[alike], ids=ids[alike])


def _check_extent(
    shapes: npt.NDArray[np.object_], ids: pd.Series, *, extent: Bounds, findings: Findings
) -> None:
    present = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    outside = present & ~shapely.intersects(shapes, shapely.box(*extent))
    if not outside.any():
        return
    if (outside | ~present).all():
        findings.fault("plots.all_outside_extract")
    else:
        rows = ids.index[outside]
        findings.warn("plots.outside_extract", rows=rows, ids=ids[outside])
