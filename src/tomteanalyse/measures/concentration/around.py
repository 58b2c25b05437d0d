"""Concentration around every plot: as it is today, and with the planned homes there.

Planned homes lie at the plot itself. They are new dwellings and municipal, so that they are the
nearest of all: of the k nearest dwellings, p are planned homes and k - p are those that stand there
today.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely

from tomteanalyse.measures.access import PlotFeet
from tomteanalyse.measures.concentration.among import DwellingPlaces
from tomteanalyse.measures.concentration.evenness import Counts, Floats
from tomteanalyse.measures.concentration.homes import RADII_M
from tomteanalyse.measures.concentration.nearest import nearest_municipal
from tomteanalyse.measures.concentration.on_foot import Neighbours, neighbours_on_foot
from tomteanalyse.measures.concentration.small_areas import by_chance
from tomteanalyse.measures.measurement import Measurement
from tomteanalyse.network.routing import Router
from tomteanalyse.network.snapping import Snapper

NEAREST = (50, 100, 400)
"""Sizes of the neighbourhoods: so many of the nearest dwellings."""
MOST_ON_FOOT = 5_000
"""With more plots than this, neighbourhoods are measured in a straight line only."""
HOMES = ("homes", "weighted_homes")
WAYS = ("straight", "walk")
TO_BE = ("weighted_homes_500", "share_100_walk")
"""What criteria value as it would be: with the planned homes where they are stated."""


@dataclass(frozen=True)
class Around:
    """Concentration around every plot.

    Parameters
    ----------
    measurements
        ``share_<k>_straight`` and ``share_<k>_walk`` (0-1), and of `TO_BE` ``<name>_to_be``.
    plots
        As in `ConcentrationFindings`.
    """

    measurements: Mapping[str, Measurement]
    plots: pd.DataFrame


@dataclass(frozen=True)
class PlotsOnMap:
    """The plots, on the map and on the network.

    Parameters
    ----------
    shapes
        Their geometries [m], shape (n,).
    feet
        The plots on the network.
    router, snapper
        The network, and what puts dwellings on it.
    """

    shapes: "np.ndarray[tuple[int], np.dtype[np.object_]]"
    feet: PlotFeet
    router: Router
    snapper: Snapper


def measure_around(
    where: PlotsOnMap,
    homes: Mapping[str, Measurement],
    places: DwellingPlaces | None,
    *,
    planned: pd.Series,
    planned_weight: float,
    homes_nowhere: int,
) -> Around:
    """Measure concentration around every plot.

    Parameters
    ----------
    where
        The plots.
    homes
        ``homes_<radius>`` and ``weighted_homes_<radius>`` today.
    places
        Dwellings and the municipal homes among them, or None where there are no dwellings.
    planned
        Planned homes on the plots' index (Int64, NA where nobody says).
    planned_weight
        How much a planned home counts by its step.
    homes_nowhere
        Homes of units without a place: they may lie around any plot.

    Notes
    -----
    In a straight line neighbours are counted from a point inside the plot, on foot from where it is
    left. Where the number of nearest dwellings is not reached within `LONGEST_WALK_M` of walking,
    the share is unknown.
    """
    number = planned.to_numpy(dtype=np.float64, na_value=np.nan)
    shares = _shares(where, places, number, homes_nowhere=homes_nowhere)
    with_planned = {
        f"{name}_{radius}": _raised(homes[f"{name}_{radius}"], number * weight)
        for name, weight in zip(HOMES, (1.0, planned_weight), strict=True)
        for radius in RADII_M
    }
    today = {**{name: homes[name] for name in with_planned}, **shares.today}
    then = {**with_planned, **shares.planned}
    columns: dict[str, pd.Series] = {}
    for name, measurement in today.items():
        columns[name] = measurement.value
        if name in shares.low:
            columns |= {f"{name}_low": shares.low[name], f"{name}_high": shares.high[name]}
        columns[f"{name}_planned"] = then[name].value
    to_be = {f"{name}_to_be": _to_be(today[name], then[name], number) for name in TO_BE}
    table = pd.DataFrame({**columns, "planned_homes": planned}, index=where.feet.plots)
    return Around({**shares.today, **to_be}, table.rename_axis(index="plot_id"))


@dataclass(frozen=True)
class _Shares:
    """Shares today and with planned homes by name, and between what chance puts today's."""

    today: Mapping[str, Measurement]
    planned: Mapping[str, Measurement]
    low: Mapping[str, pd.Series]
    high: Mapping[str, pd.Series]


def _shares(
    where: PlotsOnMap, places: DwellingPlaces | None, planned: Floats, *, homes_nowhere: int
) -> _Shares:
    sizes = np.array(NEAREST, dtype=np.int64)
    new = np.minimum(np.nan_to_num(planned)[:, None], sizes).astype(np.int64)
    nearest = np.concatenate([np.tile(sizes, (len(new), 1)), sizes - new], axis=1)
    today, then, low, high = {}, {}, {}, {}
    for way in WAYS:
        found = _neighbours(where, places, nearest, way=way)
        for column, size in enumerate(NEAREST):
            name = f"share_{size}_{way}"
            reason = _reasons(where.feet, places, size, way=way)
            today[name] = _share(found, column, size, where.feet, reason, extra=homes_nowhere)
            with_new = _share(
                found,
                column + len(NEAREST),
                size,
                where.feet,
                reason,
                new=new[:, column],
                extra=homes_nowhere,
            )
            then[name] = _raised(with_new, np.where(np.isnan(planned), np.nan, 0.0))
            low[name], high[name] = _chance(today[name].value, places, size)
    return _Shares(today, then, low, high)


def _neighbours(
    where: PlotsOnMap, places: DwellingPlaces | None, nearest: Counts, *, way: str
) -> Neighbours:
    """Count municipal homes among the nearest, shape as `nearest`; NaN where it cannot be done."""
    unknown = np.full(nearest.shape, np.nan)
    if places is None or (way == "walk" and len(nearest) > MOST_ON_FOOT):
        return Neighbours(unknown, unknown)
    at = (places.xy, places.dwellings, places.municipal)
    if way == "walk":
        return neighbours_on_foot(
            where.feet, *at, nearest=nearest, router=where.router, snapper=where.snapper
        )
    inside = shapely.get_coordinates(shapely.point_on_surface(where.shapes))
    counted = nearest_municipal(inside, *at, nearest=nearest)
    counted[(where.feet.unplaced == "outside_extract").to_numpy(dtype=bool)] = np.nan
    return Neighbours(counted, counted)


def _reasons(feet: PlotFeet, places: DwellingPlaces | None, size: int, *, way: str) -> pd.Series:
    """Return why a share is unknown, where it is (key of a text), on the plots' index."""
    unplaced = feet.unplaced
    if way == "straight":
        unplaced = unplaced.where(unplaced == "outside_extract")
    if places is None:
        everywhere = "no_dwellings"
    elif places.dwellings.sum() < size:
        everywhere = "few_dwellings"
    elif way == "walk" and len(feet.plots) > MOST_ON_FOOT:
        everywhere = "many_plots"
    else:
        return unplaced.fillna("few_on_foot").astype("str")
    return pd.Series(everywhere, index=feet.plots, dtype="str")


def _share(
    found: Neighbours,
    column: int,
    size: int,
    feet: PlotFeet,
    reason: pd.Series,
    *,
    new: Counts | int = 0,
    extra: int,
) -> Measurement:
    index = feet.plots
    value = pd.Series((found.municipal[:, column] + new) / size, index=index)
    surely = pd.Series((found.surely[:, column] + new) / size, index=index)
    return Measurement(
        value=value,
        low=value.copy(),
        high=(value + extra / size).clip(upper=1.0),
        least=surely,
        nearest=pd.Series(pd.NA, index=index, dtype="str"),
        reason=reason.where(value.isna()),
    )


def _chance(
    share: pd.Series, places: DwellingPlaces | None, size: int
) -> tuple[pd.Series, pd.Series]:
    """Return between what 95 % of random labelling puts a share; NaN where there is none."""
    ends = [np.nan, np.nan]
    if places is not None and places.dwellings.sum() >= size:
        among = int(places.dwellings.sum())
        homes = by_chance(np.array([size]), municipal=int(places.municipal.sum()), among=among)
        ends = [float(end[0]) / size for end in homes]
    low, high = (pd.Series(end, index=share.index).where(share.notna()) for end in ends)
    return low, high


def _raised(measurement: Measurement, more: Floats) -> Measurement:
    """Return a measurement with so much more at every plot, NaN where nobody says how much."""
    return Measurement(
        value=measurement.value + more,
        low=measurement.low + more,
        high=measurement.high + more,
        least=None if measurement.least is None else measurement.least + more,
        nearest=measurement.nearest,
        reason=measurement.reason,
    )


def _to_be(today: Measurement, then: Measurement, planned: Floats) -> Measurement:
    """Return a measurement with the planned homes where they are stated, else as it is today."""
    stated = ~np.isnan(planned)
    return Measurement(
        value=then.value.where(stated, today.value),
        low=then.low.where(stated, today.low),
        high=then.high.where(stated, today.high),
        least=(
            None
            if today.least is None or then.least is None
            else then.least.where(stated, today.least)
        ),
        nearest=today.nearest,
        reason=then.reason.where(stated, today.reason),
    )
