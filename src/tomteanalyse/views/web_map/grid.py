"""Many plots at once: squares with their most common class, instead of every plot."""

from typing import Any

import numpy as np
import pandas as pd
import pyproj
import shapely

from tomteanalyse.views.web_map.packing import Shapes, pack_numbers, pack_points

MOST_CELLS = 2_500
LETTERS = "ABCDE"
STEPS_M = (100, 200, 250, 500, 1_000, 2_000, 5_000, 10_000, 20_000)
"""Sides a square may have."""


def grade_grid(plots: Shapes, grades: pd.Series, *, crs: pyproj.CRS) -> dict[str, Any]:
    """Return squares over the plots, each with its number of plots and most common class.

    Parameters
    ----------
    plots
        The plots [m], shape (n,).
    grades
        Their letters, same order; a plot that has none is in no square.
    crs
        The study's system; the squares' sides follow its axes.

    Returns
    -------
    dict
        ``corners`` (packed, four a square), ``grade`` (number of the most common letter) and
        ``count`` (plots in the square).
    """
    lettered = grades.notna().to_numpy(bool)
    xy = shapely.get_coordinates(shapely.centroid(plots[lettered]))
    extent = np.ptp(xy, axis=0).max() if len(xy) else 0.0
    side = next((step for step in STEPS_M if (extent / step + 2) ** 2 <= MOST_CELLS), STEPS_M[-1])
    cell, of_plot, count = np.unique(
        np.floor(xy / side).astype(np.int64), axis=0, return_inverse=True, return_counts=True
    )
    letter = np.array([LETTERS.index(grade) for grade in grades[lettered]])
    tally = np.zeros((len(cell), len(LETTERS)), dtype=np.int64)
    np.add.at(tally, (of_plot.ravel(), letter), 1)
    most = tally.argmax(axis=1)
    corner = np.array([(0, 0), (1, 0), (1, 1), (0, 1)])
    corners = ((cell[:, None, :] + corner[None, :, :]) * side).reshape(-1, 2)
    return {
        "corners": pack_points(corners.astype(np.float64), crs=crs),
        "grade": pack_numbers(most),
        "count": pack_numbers(count),
    }
