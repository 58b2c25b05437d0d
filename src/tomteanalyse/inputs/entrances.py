"""Read where the candidate plots are entered."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely

from tomteanalyse.config import EntrancesConfig
from tomteanalyse.inputs.cells import text_of
from tomteanalyse.inputs.columns import match_columns
from tomteanalyse.inputs.files import Source
from tomteanalyse.inputs.findings import Findings, Loaded
from tomteanalyse.inputs.placement import Bounds
from tomteanalyse.inputs.plots import PLOT_ID_ALIASES
from tomteanalyse.inputs.shapes import as_points
from tomteanalyse.inputs.vector import in_study_crs, read_layer

FAR_ENTRANCE_M = 100.0


def read_entrances(
    source: Source,
    *,
    config: EntrancesConfig,
    plots: gpd.GeoDataFrame | None,
    study_crs: pyproj.CRS,
    near: Bounds | None,
) -> Loaded:
    """Read the points where plots are entered, as `Study.entrances` describes them.

    Parameters
    ----------
    source, config
        The file, and what the study file says of it.
    plots
        As `read_plots` gives them; None where they could not be read, and nothing can be said of
        which plot an entrance belongs to.
    study_crs, near
        The study's system, and the extent of its area in it [m] where that is known.

    Raises
    ------
    DataError
        Every fault of the file: ``entrances.*``, ``vector.*``, ``table.*``.
    """
    findings = Findings(source.name)
    layer = read_layer(source, layer=config.layer, findings=findings)
    if not isinstance(layer.frame, gpd.GeoDataFrame):
        findings.fault("entrances.no_geometry")
        findings.stop_if_faulty()
    found = match_columns(
        [str(column) for column in layer.frame.columns if column != "geometry"],
        aliases={"plot_id": PLOT_ID_ALIASES},
        chosen=config.columns,
        findings=findings,
    )
    if "plot_id" not in found:
        findings.fault("entrances.no_plot_id_column")
        findings.stop_if_faulty()
    named = layer.frame[found["plot_id"]].map(text_of).str.strip()
    ids = named.to_numpy()
    frame = in_study_crs(
        layer.frame,
        declared=config.crs,
        study_crs=study_crs,
        near=near,
        findings=findings,
        ids=named,
    )
    points, odd = as_points(frame.geometry.values)
    if odd.any():
        findings.fault("entrances.not_points", rows=frame.index[odd])
    unknown = np.zeros(len(ids), dtype=bool) if plots is None else ~np.isin(ids, plots.index)
    if unknown.any():
        findings.fault("entrances.unknown_plot", rows=frame.index[unknown], ids=ids[unknown])
    findings.stop_if_faulty()
    table = gpd.GeoDataFrame(
        index=pd.Index(ids, name="plot_id", dtype="str"), geometry=points, crs=study_crs
    )
    if plots is not None:
        away = shapely.distance(points, plots.geometry.loc[ids].values) > FAR_ENTRANCE_M
        if away.any():
            rows = frame.index[away]
            findings.warn("entrances.far", rows=rows, ids=ids[away], limit_m=FAR_ENTRANCE_M)
    order = np.lexsort([*shapely.get_coordinates(points).T[::-1], ids.astype(str)])
    return Loaded(table.iloc[order], layer.inputs(), tuple(findings.warnings))


def no_entrances(study_crs: pyproj.CRS) -> gpd.GeoDataFrame:
    """Return the table of entrances of a study that gives none."""
    return gpd.GeoDataFrame(
        index=pd.Index([], name="plot_id", dtype="str"), geometry=[], crs=study_crs
    )
