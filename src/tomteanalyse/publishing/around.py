"""Homes around a plot, as anybody can reckon them from a release: no unit's place takes part.

A number is taken to be spread evenly over its cell. What is left of a larger cell's number, once
those of its parts are taken from it, is spread evenly over the parts that were held back; where the
larger one is held back as well, from the whole's. A cell held back for its own sake has less than
the floor; one held back to protect another may have more, and then the true figure lies above what
is reckoned here as the most.
"""

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from tomteanalyse.measures.concentration.grid import GRID_CRS
from tomteanalyse.publishing.area import node_boxes, small_cells
from tomteanalyse.publishing.released import WHOLE, Released

RADIUS_M = 500.0
ENOUGH = 0.5
"""Less of the circle than this inside the cells, and nothing is known of what is around a plot."""
_SIDES = 16

Floats = npt.NDArray[np.float64]


def circles(plots: gpd.GeoSeries) -> gpd.GeoSeries:
    """Return what is within `RADIUS_M` of the middle of every plot, in `GRID_CRS`."""
    middles = plots.to_crs(GRID_CRS).centroid
    return gpd.GeoSeries(middles.buffer(RADIUS_M, quad_segs=_SIDES), index=plots.index)


def homes_around(released: Released, plots: gpd.GeoSeries) -> pd.DataFrame:
    """Reckon the homes within `RADIUS_M` of every plot.

    Parameters
    ----------
    released
        What was told.
    plots
        The plots, in any system.

    Returns
    -------
    DataFrame
        On the plots: ``least``, ``likely`` and ``most`` [homes]; NaN where too little of the circle
        lies in cells of the release.
    """
    tree, told = released.tree, released.told
    cells = small_cells(tree)
    around = circles(plots).to_numpy()
    place, cell, part, inside = _parts_inside(around, node_boxes(cells).to_numpy())
    number = np.array([told[node].homes if node in told else 0 for node in cells], dtype=float)
    is_told = np.array([node in told for node in cells])
    large = np.repeat(np.arange(len(tree[WHOLE])), [len(tree[each]) for each in tree[WHOLE]])
    spread, left = _left_over(released, is_told, number, large)
    rows = len(around)
    least = np.bincount(place, weights=part * number[cell], minlength=rows)
    likely = least + np.bincount(place, weights=part * spread[cell], minlength=rows)
    # All that is left of a large cell may be in the one of its parts that is most inside.
    held = ~is_told[cell]
    inmost = pd.Series(part[held]).groupby([place[held], large[cell[held]]]).max()
    at, within = (inmost.index.get_level_values(level).to_numpy(int) for level in (0, 1))
    most = least + np.bincount(at, weights=inmost.to_numpy() * left[within], minlength=rows)
    found = pd.DataFrame(
        {"least": least, "likely": likely, "most": np.maximum(most, likely)}, index=plots.index
    )
    return found.where(pd.Series(inside >= ENOUGH, index=plots.index), axis="index")


def _parts_inside(
    around: npt.NDArray[np.object_], boxes: npt.NDArray[np.object_]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], Floats, Floats]:
    """Return circle, cell and the cell's part inside it; and each circle's part in any cell."""
    place, cell = shapely.STRtree(boxes).query(around, predicate="intersects")
    common = shapely.area(shapely.intersection(around[place], boxes[cell]))
    inside = np.bincount(place, weights=common, minlength=len(around)) / shapely.area(around)
    return place, cell, common / shapely.area(boxes[cell]), inside


def _left_over(
    released: Released,
    is_told: npt.NDArray[np.bool_],
    number: Floats,
    large: npt.NDArray[np.int64],
) -> tuple[Floats, Floats]:
    """Return what is spread over each small cell, and what each large one may have besides."""
    told, parents = released.told, released.tree[WHOLE]
    sums = np.bincount(large, weights=number, minlength=len(parents))
    held = np.bincount(large, weights=~is_told, minlength=len(parents))
    known = np.array([each in told for each in parents])
    own = np.array([told[each].homes if each in told else 0 for each in parents], dtype=float)
    whole = told[WHOLE].homes if WHOLE in told else 0
    rest = max(whole - own[known].sum() - sums[~known].sum(), 0.0)
    of_large = np.where(known, np.maximum(own - sums, 0.0), rest / max((~known).sum(), 1))
    each = np.divide(of_large, held, out=np.zeros(len(parents)), where=held > 0)
    left = np.where(known, np.maximum(own - sums, 0.0), released.floor - 1.0)
    return np.where(is_told, 0.0, each[large]), left
