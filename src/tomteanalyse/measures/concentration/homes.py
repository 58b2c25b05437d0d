"""How much municipal housing there is around every plot: homes within so many metres' walk."""

from collections.abc import Mapping, Sequence

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from tomteanalyse.measures.access import PlotFeet
from tomteanalyse.measures.measurement import Measurement
from tomteanalyse.network.routing import Router

RADII_M = (300, 500, 1000)
STEP_WEIGHTS: Mapping[str, float] = {
    "1": 1.0,
    "2": 1.5,
    "3": 2.0,
    "4": 3.0,
    "5": 3.0,
    "unknown": 1.0,
}
"""How much a home counts by its step of the boligtrapp when need is weighed (normative)."""
MILLIMETRE = 0.001
"""A home at the radius counts, whatever the last digits of the sum are."""
SOURCES_AT_A_TIME = 16
"""SciPy's Dijkstra holds a row per source: this many keep it in the cache."""


def homes_within_walk(
    plots: PlotFeet,
    units: gpd.GeoDataFrame,
    *,
    router: Router,
    first_place: int,
    geometry: gpd.GeoSeries,
    nowhere: pd.DataFrame,
    radii_m: Sequence[int] = RADII_M,
    step_weights: Mapping[str, float] = STEP_WEIGHTS,
) -> dict[str, Measurement]:
    """Count homes, and homes weighted by step, within walking radii of every plot.

    Parameters
    ----------
    plots
        The plots on the network.
    units
        The units that count: ``homes``, ``step`` and ``geometry`` [m]; they are the router's places
        from number `first_place` on, in this order.
    router
        The network.
    first_place
        Number of the first unit among the router's places.
    geometry
        The plots' geometries [m], for the units that have no way near them.
    nowhere
        Units that count but have no place at all: ``homes`` and ``step``.
    radii_m
        Walking radii [m].
    step_weights
        Weight by step ("1" to "5", "unknown").

    Returns
    -------
    dict
        ``homes_<radius>`` and ``weighted_homes_<radius>`` [homes]. NaN where the plot has no way
        near it. A unit that is not on the network may be within walking distance of every plot that
        is within the radius in a straight line, one without a place within that of any plot: they
        count in the high bound only.

    Notes
    -----
    The search runs from the units, which are few, not from the plots, which may be many.
    """
    amounts = _amounts(units, step_weights)
    inside = np.zeros((len(radii_m), len(plots.plots), 2))
    reach = max(radii_m)
    on_network = router.has_legs(first_place + np.arange(len(units)))
    # Neighbours are searched from together: only the plots around them need be looked at.
    numbers = np.flatnonzero(on_network)
    if len(numbers):
        along_curve = units.geometry.iloc[numbers].hilbert_distance().to_numpy()
        numbers = numbers[np.argsort(along_curve, kind="stable")]
    for first in range(0, len(numbers), SOURCES_AT_A_TIME):
        chunk = numbers[first : first + SOURCES_AT_A_TIME]
        near = _within_reach(plots.feet.start_xy, units.geometry.iloc[chunk], reach_m=reach)
        if not len(near):
            continue
        metres, reached = _to_plots(plots, router, first_place + chunk, near, limit_m=reach)
        for place, radius in enumerate(radii_m):
            inside[place][reached] += (metres <= radius + MILLIMETRE).T @ amounts[chunk]

    possible = inside + _amounts(nowhere, step_weights).sum(axis=0)
    missing = np.flatnonzero(~on_network)
    if len(missing):
        apart = shapely.distance(
            geometry.to_numpy()[:, None], units.geometry.to_numpy()[missing][None, :]
        )
        for place, radius in enumerate(radii_m):
            possible[place] += (apart <= radius) @ amounts[missing]
    return {
        f"{name}_{radius}": _counted(inside[place, :, kind], possible[place, :, kind], plots)
        for place, radius in enumerate(radii_m)
        for kind, name in enumerate(("homes", "weighted_homes"))
    }


def _amounts(units: pd.DataFrame, step_weights: Mapping[str, float]) -> npt.NDArray[np.float64]:
    """Return homes and homes weighted by step, shape (units, 2)."""
    homes = units["homes"].to_numpy(dtype=np.float64)
    step = units["step"].astype("str").fillna("unknown")
    weight = step.map(dict(step_weights)).to_numpy(dtype=np.float64)
    return np.column_stack([homes, homes * weight])


def _within_reach(
    xy: npt.NDArray[np.float64], around: gpd.GeoSeries, *, reach_m: float
) -> npt.NDArray[np.int64]:
    """Return which points lie within reach of the box around some places, in a straight line."""
    west, south, east, north = around.total_bounds
    outside = np.maximum(np.maximum((west, south) - xy, xy - (east, north)), 0.0)
    return np.flatnonzero(np.hypot(*outside.T) <= reach_m)


def _to_plots(
    plots: PlotFeet,
    router: Router,
    places: npt.NDArray[np.int64],
    legs: npt.NDArray[np.int64],
    *,
    limit_m: float,
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int64]]:
    """Return the metres from each place over the chosen legs to their plots, and which plots.

    The first is of shape (places, plots with such a leg), inf beyond the limit.
    """
    field = router.distances_from(places, limit_m=limit_m)
    feet = plots.feet.chosen(legs)
    by_leg, _ = router.at_feet(feet, field)
    plot, first = np.unique(feet.place, return_index=True)
    metres: npt.NDArray[np.float64] = np.minimum.reduceat(by_leg, first, axis=1)
    return metres, plot


def _counted(
    inside: npt.NDArray[np.float64], possible: npt.NDArray[np.float64], plots: PlotFeet
) -> Measurement:
    known = plots.unplaced.isna().to_numpy()
    value = pd.Series(np.where(known, inside, np.nan), index=plots.plots)
    return Measurement(
        value=value,
        low=value.copy(),
        high=pd.Series(np.where(known, possible, np.nan), index=plots.plots),
        nearest=pd.Series(pd.NA, index=plots.plots, dtype="str"),
        reason=plots.unplaced,
    )
