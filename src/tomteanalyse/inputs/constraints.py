"""Read the areas that constraints speak of: where a plot may not lie, and what has been mapped."""

import geopandas as gpd
import numpy as np
import pyproj
import shapely

from tomteanalyse.inputs.files import Source
from tomteanalyse.inputs.findings import Findings, Loaded
from tomteanalyse.inputs.placement import Bounds
from tomteanalyse.inputs.shapes import made_valid
from tomteanalyse.inputs.vector import in_study_crs, read_layer


def read_areas(
    source: Source,
    *,
    layer: str | None,
    crs: str | None,
    study_crs: pyproj.CRS,
    near: Bounds | None,
) -> Loaded:
    """Read the polygons of one constraint, or of what has been mapped for it.

    Parameters
    ----------
    source, layer, crs
        The file, its layer, and the system it is in where the file does not say.
    study_crs, near
        The study's system, and the extent of its area in it [m] where that is known.

    Returns
    -------
    Loaded
        Valid polygons, nothing but their geometry, in the file's order. May be empty: a layer
        without areas forbids nothing, which is told.

    Raises
    ------
    DataError
        Every fault of the file: ``constraints.*``, ``vector.*``.
    """
    findings = Findings(source.name)
    read = read_layer(source, layer=layer, findings=findings)
    if not isinstance(read.frame, gpd.GeoDataFrame):
        findings.fault("constraints.no_geometry")
        findings.stop_if_faulty()
    frame = in_study_crs(
        read.frame, declared=crs, study_crs=study_crs, near=near, findings=findings
    )
    shapes = np.array(frame.geometry.values, dtype=object)
    empty = shapely.is_missing(shapes) | shapely.is_empty(shapes)
    flat = ~empty & (shapely.get_dimensions(shapes) < 2)
    if flat.any():
        findings.fault("constraints.not_polygons", rows=frame.index[flat])
    findings.stop_if_faulty()
    areas, broken = made_valid(shapes[~empty])
    if broken.any():
        # Mending takes in all that the outline runs round: better too much than too little.
        findings.warn("constraints.repaired", rows=frame.index[~empty][broken])
    gone = empty.copy()
    gone[~empty] = shapely.is_empty(areas)
    if gone.any():
        findings.drop("constraints.no_area", rows=frame.index[gone], ids=[""] * int(gone.sum()))
    areas = areas[~shapely.is_empty(areas)]
    if not len(areas):
        findings.warn("constraints.none")
    elif near is not None and not shapely.intersects(areas, shapely.box(*near)).any():
        findings.warn("constraints.elsewhere")
    return Loaded(
        gpd.GeoDataFrame(geometry=areas, crs=study_crs),
        read.inputs(dropped=int(gone.sum())),
        tuple(findings.warnings),
        tuple(findings.dropped),
    )
