"""What can be drawn: the map knows degrees only, and not every coordinate has any."""

from dataclasses import replace

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pyproj
import shapely

from tomteanalyse.assessment import Assessment
from tomteanalyse.views.web_map.packing import Shapes, degrees


def showable(assessment: Assessment) -> tuple[Assessment, int]:
    """Return the answer without what has no place on a map of degrees, and how much that is.

    A plot that cannot be drawn is left out of the page altogether; it stands in the tables.
    """
    study, crs = assessment.study, assessment.study.crs
    plots, units = _drawable(study.plots, crs), _drawable(study.units, crs)
    amenities = _drawable(assessment.amenities, crs)
    routes, cuts = _drawable(assessment.routes, crs), _drawable(assessment.network_cuts, crs)
    pairs = (
        (study.plots, plots),
        (study.units, units),
        (assessment.amenities, amenities),
        (assessment.routes, routes),
        (assessment.network_cuts, cuts),
    )
    left_out = sum(len(before) - len(after) for before, after in pairs)
    if not left_out:
        return assessment, 0
    return (
        replace(
            assessment,
            study=replace(study, plots=plots, units=units),
            amenities=amenities,
            routes=routes,
            network_cuts=cuts,
        ),
        left_out,
    )


def has_degrees(shapes: Shapes, *, crs: pyproj.CRS) -> npt.NDArray[np.bool_]:
    """Return of every shape whether all its vertices are somewhere on the globe, shape (n,)."""
    xy, owner = shapely.get_coordinates(shapes, return_index=True)
    here = np.isfinite(xy).all(axis=1)
    at = degrees(np.where(here[:, np.newaxis], xy, 0.0), crs=crs)
    here &= np.isfinite(at).all(axis=1)
    bad = np.zeros(len(shapes), dtype=bool)
    bad[owner[~here]] = True
    whole: npt.NDArray[np.bool_] = ~bad
    return whole


def _drawable(table: gpd.GeoDataFrame, crs: pyproj.CRS) -> gpd.GeoDataFrame:
    return table[has_degrees(table.geometry.to_numpy(), crs=crs)]
