"""How far it is from every plot to the nearest place of each class."""

from collections.abc import Mapping
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from tomteanalyse.measures.amenities import AMENITY_CLASSES
from tomteanalyse.measures.measurement import Measurement
from tomteanalyse.network.routing import Feet, Field, Router

WALK_DOUBT_M = 20.0
"""Doubt in every walk: about 10 m at each end for where OSM draws things (normative)."""
WALK_DOUBT_SHARE = 0.1
"""Doubt in proportion: unmapped short cuts, and waiting or detours at crossings (normative)."""
STRAIGHT_DOUBT_M = 20.0


@dataclass(frozen=True)
class PlotFeet:
    """The plots on the network.

    Parameters
    ----------
    plots
        ``plot_id`` of every plot, in order, shape (n,).
    feet
        Their legs; ``feet.place`` counts in `plots`.
    unplaced
        Why a plot has no leg (key of a text) or NA, index `plots`.
    edge_m
        Metres from the plot to the edge of the extract, NaN outside it; beyond the edge there may
        be places that nobody has read. Index `plots`.
    """

    plots: pd.Index
    feet: Feet
    unplaced: pd.Series
    edge_m: pd.Series

    def shortest(
        self, distance: npt.NDArray[np.float64]
    ) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int64]]:
        """Return each plot's least distance over its legs and the leg's row; NaN and -1 without.

        Parameters
        ----------
        distance
            Metres by leg, shape (k,).
        """
        place = self.feet.place
        least, leg = np.full(len(self.plots), np.nan), np.full(len(self.plots), -1)
        plot, first = np.unique(place, return_index=True)
        if len(plot):
            least[plot] = np.minimum.reduceat(distance, first)
        # Written from the back, so that the first of several equal legs stays.
        equal = np.flatnonzero(distance == least[place])[::-1]
        leg[place[equal]] = equal
        return least, leg


@dataclass(frozen=True)
class WalkAccess:
    """Walking distances to one class of places, with what is needed to draw the ways.

    Parameters
    ----------
    measurement
        Metres on foot on the safe network, legs counted.
    field
        The search behind it.
    leg
        The leg each plot leaves by (row of the feet), -1 where there is none, shape (n,).
    by_end
        Whether each leg (not plot) leaves its edge by the end, shape (k,).
    """

    measurement: Measurement
    field: Field
    leg: npt.NDArray[np.int64]
    by_end: npt.NDArray[np.bool_]


def walk_to_nearest(
    plots: PlotFeet, amenities: gpd.GeoDataFrame, *, amenity_class: str, router: Router
) -> WalkAccess:
    """Measure the walk from every plot to the nearest place of a class.

    Parameters
    ----------
    plots
        The plots on the network.
    amenities
        All places, in the order in which `router` was given them.
    amenity_class
        The class to walk to.
    router
        The network.

    Returns
    -------
    WalkAccess
        The distance is NaN where the class is missing from the whole extract or the plot has no way
        near it; inf where no safe way leads to any place of the class.

    Notes
    -----
    A nearer place may lie outside the extract, but not nearer on foot than the extract's edge is in
    a straight line: that is the least the distance may be.
    """
    places = np.flatnonzero(amenities["amenity_class"].to_numpy() == amenity_class)
    field = router.nearest(places)
    by_leg, by_end = router.at_feet(plots.feet, field.distance)
    metres, leg = plots.shortest(by_leg)
    if not len(places):
        metres = np.full(len(metres), np.nan)
    reason = plots.unplaced.copy()
    reason[np.isinf(metres)] = "no_safe_way"
    if not len(places):
        reason[:] = "no_amenity"
    end = (
        np.where(
            by_end[leg],
            router.chains.b[plots.feet.edge[leg]],
            router.chains.a[plots.feet.edge[leg]],
        )
        if len(plots.feet.edge)
        else np.zeros(len(leg), dtype=np.int64)
    )
    place = np.where(np.isfinite(metres), field.place[end], -1)
    value = pd.Series(metres, index=plots.plots)
    low = (value * (1 - WALK_DOUBT_SHARE) - WALK_DOUBT_M).clip(lower=0)
    return WalkAccess(
        Measurement(
            value=value,
            low=low,
            high=value * (1 + WALK_DOUBT_SHARE) + WALK_DOUBT_M,
            least=_within_edge(low, plots.edge_m),
            nearest=_named(amenities.index, place, plots.plots),
            reason=reason,
        ),
        field,
        leg,
        by_end,
    )


def straight_to_nearest(
    plots: gpd.GeoDataFrame,
    amenities: gpd.GeoDataFrame,
    *,
    amenity_class: str,
    edge_m: pd.Series,
) -> Measurement:
    """Measure the straight line from every plot's boundary to the nearest place of a class.

    Parameters
    ----------
    plots
        Geometries on ``plot_id`` [m].
    amenities
        All places.
    amenity_class
        The class to measure to.
    edge_m
        Metres from each plot to the edge of the extract.

    Returns
    -------
    Measurement
        Metres; NaN where the class is missing from the whole extract or the plot lies outside it.
    """
    chosen = amenities[amenities["amenity_class"] == amenity_class]
    metres = pd.Series(np.nan, index=plots.index)
    place = np.full(len(plots), -1, dtype=np.int64)
    reason = pd.Series(pd.NA, index=plots.index, dtype="str")
    if len(chosen):
        tree = shapely.STRtree(chosen.geometry.to_numpy())
        (plot, near), distance = tree.query_nearest(
            plots.geometry.to_numpy(), return_distance=True, all_matches=True
        )
        order = np.lexsort((near, plot))
        plot, first = np.unique(plot[order], return_index=True)
        metres.iloc[plot], place[plot] = distance[order[first]], near[order[first]]
        outside = edge_m.isna()
        metres[outside], place[outside.to_numpy()] = np.nan, -1
        reason[outside] = "outside_extract"
    else:
        reason[:] = "no_amenity"
    low = (metres - STRAIGHT_DOUBT_M).clip(lower=0)
    return Measurement(
        value=metres,
        low=low,
        high=metres + STRAIGHT_DOUBT_M,
        least=_within_edge(low, edge_m),
        nearest=_named(chosen.index, place, plots.index),
        reason=reason,
    )


def draw_routes(
    plots: PlotFeet,
    access: Mapping[str, WalkAccess],
    amenities: gpd.GeoDataFrame,
    *,
    router: Router,
    chosen: pd.Index,
) -> gpd.GeoDataFrame:
    """Draw the way from the chosen plots to the nearest place of every class walked to.

    Parameters
    ----------
    plots, access
        The plots on the network and the distances by class.
    amenities
        All places, in the order in which `router` was given them.
    router
        The network.
    chosen
        Which plots to draw for.

    Returns
    -------
    geopandas.GeoDataFrame
        ``plot_id``, ``amenity_class``, ``amenity_id``, ``distance_m`` and ``geometry``, a
        LineString from the plot to the place.
    """
    rows = []
    for amenity_class, found in access.items():
        for number in plots.plots.get_indexer(chosen).tolist():
            metres = found.measurement.value.iloc[number]
            if not np.isfinite(metres):
                continue
            leg = int(found.leg[number])
            line = router.route(plots.feet, leg, found.field, by_end=bool(found.by_end[leg]))
            nearest = found.measurement.nearest.iloc[number]
            rows.append((plots.plots[number], amenity_class, nearest, metres, line))
    columns = ["plot_id", "amenity_class", "amenity_id", "distance_m", "geometry"]
    table = pd.DataFrame(rows, columns=columns).sort_values(columns[:2], ignore_index=True)
    return gpd.GeoDataFrame(table, geometry="geometry", crs=amenities.crs)


def measure_access(
    plots: gpd.GeoDataFrame, feet: PlotFeet, amenities: gpd.GeoDataFrame, *, router: Router
) -> tuple[dict[str, Measurement], dict[str, WalkAccess]]:
    """Measure the way to every class of places, on foot or straight as the class asks.

    Returns
    -------
    tuple
        Measurements by name (``walk_bus``, ``straight_school``, …), and the walks by class.
    """
    measurements: dict[str, Measurement] = {}
    walks: dict[str, WalkAccess] = {}
    for name, kind in AMENITY_CLASSES.items():
        if kind == "walk":
            walks[name] = walk_to_nearest(feet, amenities, amenity_class=name, router=router)
            measurements[f"walk_{name}"] = walks[name].measurement
        else:
            measurements[f"straight_{name}"] = straight_to_nearest(
                plots, amenities, amenity_class=name, edge_m=feet.edge_m
            )
    return measurements, walks


def _within_edge(low: pd.Series, edge_m: pd.Series) -> pd.Series:
    """Return the lower of the two bounds, NaN where nothing is known."""
    return low.where(low.isna() | (low <= edge_m), edge_m)


def _named(ids: pd.Index, place: npt.NDArray[np.int64], plots: pd.Index) -> pd.Series:
    names = pd.Series(pd.NA, index=plots, dtype="str")
    known = place >= 0
    names.iloc[np.flatnonzero(known)] = ids.to_numpy()[place[known]]
    return names
