"""Read the named places that residents go to: a day centre, a Nav office, a meeting place."""

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj

from tomteanalyse.config import VisitsConfig
from tomteanalyse.inputs.cells import is_blank, repaired, text_of
from tomteanalyse.inputs.columns import match_columns
from tomteanalyse.inputs.files import Source
from tomteanalyse.inputs.findings import Findings, Loaded
from tomteanalyse.inputs.placement import Bounds
from tomteanalyse.inputs.shapes import as_points
from tomteanalyse.inputs.vector import in_study_crs, read_layer

ALIASES: dict[str, Sequence[str]] = {
    "name": ["name", "navn", "namn", "sted", "stad", "stednavn", "tittel", "title"]
}


def read_visits(
    source: Source, *, config: VisitsConfig, study_crs: pyproj.CRS, near: Bounds | None
) -> Loaded:
    """Read the places that residents go to, as `Study.visits` describes them.

    Parameters
    ----------
    source, config
        The file, and what the study file says of it.
    study_crs, near
        The study's system, and the extent of its area in it [m] where that is known.

    Raises
    ------
    DataError
        Every fault of the file: ``visits.*``, ``vector.*``, ``table.*``.
    """
    findings = Findings(source.name)
    layer = read_layer(source, layer=config.layer, findings=findings)
    if not isinstance(layer.frame, gpd.GeoDataFrame):
        findings.fault("visits.no_geometry")
        findings.stop_if_faulty()
    headings = [str(column) for column in layer.frame.columns if column != "geometry"]
    found = match_columns(headings, aliases=ALIASES, chosen=config.columns, findings=findings)
    if "name" not in found:
        findings.fault("visits.no_name_column")
        findings.stop_if_faulty()
    names = layer.frame[found["name"]].map(text_of).astype("str").str.strip()
    frame = in_study_crs(
        layer.frame,
        declared=config.crs,
        study_crs=study_crs,
        near=near,
        findings=findings,
        ids=names,
    )
    nameless = names.map(is_blank).to_numpy(dtype=bool)
    if nameless.any():
        findings.fault("visits.nameless", rows=frame.index[nameless])
    points, odd = as_points(frame.geometry.values)
    if odd.any():
        findings.fault("visits.not_points", rows=frame.index[odd])
    findings.stop_if_faulty()
    table = gpd.GeoDataFrame(
        {"name": names.map(repaired).to_numpy()}, geometry=points, crs=study_crs
    )
    # Numbered by name and place, so that the order of the file does not matter.
    order = np.lexsort((table.geometry.y, table.geometry.x, table["name"]))
    table = table.iloc[order]
    table.index = pd.Index(
        [f"visit{number}" for number in range(1, len(table) + 1)], name="visit_id", dtype="str"
    )
    return Loaded(table, layer.inputs(), tuple(findings.warnings))


def no_visits(study_crs: pyproj.CRS) -> gpd.GeoDataFrame:
    """Return the table of a study that names no such places."""
    return gpd.GeoDataFrame(
        {"name": pd.Series([], dtype="str")},
        index=pd.Index([], name="visit_id", dtype="str"),
        geometry=[],
        crs=study_crs,
    )
