"""The whole measure: from an extract, plots and destinations to pairs and an index per plot."""

from collections.abc import Mapping
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from tomteanalyse.extract import OsmExtract
from tomteanalyse.measures.shortcuts.destinations import CATEGORY_WEIGHTS
from tomteanalyse.measures.shortcuts.flags import Flags
from tomteanalyse.measures.shortcuts.nearest import nearest_destinations
from tomteanalyse.measures.shortcuts.pairs import Pair, measure_pairs
from tomteanalyse.measures.shortcuts.plot_index import PlotIndex, plot_index
from tomteanalyse.measures.shortcuts.search import Search
from tomteanalyse.network.shortcuts.arrays import Floats, Geometries, Ints
from tomteanalyse.network.shortcuts.build import build_graphs
from tomteanalyse.network.shortcuts.ends import EndLinker
from tomteanalyse.network.shortcuts.levels import Levels
from tomteanalyse.network.shortcuts.parameters import SCREEN, ShortcutParameters

MOST_ELLIPSES = 20_000
ELLIPSE_CORNERS = 32


@dataclass(frozen=True)
class Candidates:
    """Pairs to look at, and how long their ways may be.

    Parameters
    ----------
    plot, destination
        Numbers, shape (n,).
    limit_m
        Open ground is looked at as far as ways no longer than this lead [m], shape (n,).
    """

    plot: Ints
    destination: Ints
    limit_m: Floats


@dataclass(frozen=True)
class ShortcutMeasure:
    """What was found.

    Parameters
    ----------
    risk
        The index by ``plot_id``, 0-1; NaN where a plot has no way near it. No probability.
    pairs
        The measured pairs, by plot and then by destination.
    index
        Where the index comes from.
    flags
        Flags of each pair.
    near_edge
        Whether a plot lies so near the extract's edge that ways may be missing, by ``plot_id``.
    not_reachable
        Categories without a destination in reach, by ``plot_id``.
    plots, destinations
        Ids, in the order in which pairs count them.
    levels
        The graphs.
    parameters
        The figures it was made with.
    """

    risk: pd.Series
    pairs: tuple[Pair, ...]
    index: PlotIndex
    flags: tuple[tuple[str, ...], ...]
    near_edge: pd.Series
    not_reachable: Mapping[str, tuple[str, ...]]
    plots: pd.Index
    destinations: gpd.GeoDataFrame
    levels: Levels
    parameters: ShortcutParameters

    def table(self) -> pd.DataFrame:
        """Return one row per pair, with every figure of it."""
        return pd.DataFrame(
            {
                "plot_id": [self.plots[each.plot] for each in self.pairs],
                "destination_id": [
                    self.destinations.index[each.destination] for each in self.pairs
                ],
                "safe_distance_m": [each.safe_distance_m for each in self.pairs],
                "tempting_distance_m": [each.tempting_distance_m for each in self.pairs],
                "saving_m": [each.saving_m for each in self.pairs],
                "saving_moderate_m": [each.saving_moderate_m for each in self.pairs],
                "saving_severe_m": [each.saving_severe_m for each in self.pairs],
                "gross_saving_m": [each.gross_saving_m for each in self.pairs],
                "detour_ratio": [each.detour_ratio for each in self.pairs],
                "severity": [each.severe.severity for each in self.pairs],
                "risk": [each.risk for each in self.pairs],
                "weight": self.index.shares["weight"].to_numpy(),
                "flags": [";".join(each) for each in self.flags],
            }
        )


def measure_shortcuts(
    extract: OsmExtract,
    plots: gpd.GeoSeries,
    destinations: gpd.GeoDataFrame,
    *,
    candidates: Candidates | None = None,
    weights: Mapping[str, float] = CATEGORY_WEIGHTS,
    parameters: ShortcutParameters = SCREEN,
) -> ShortcutMeasure:
    """Measure unsafe shortcuts from every plot to the destinations around it.

    Parameters
    ----------
    extract
        The extract.
    plots
        Where each plot is left, on ``plot_id``: points, entrances as MultiPoint, or outlines [m].
    destinations
        See `shortcut_destinations`.
    candidates
        The pairs to look at; all whose ends are near enough where none are given.
    weights
        What each category counts.
    parameters
        Figures of the method.
    """
    doors = plots.geometry.to_numpy()
    asked = candidates or _near_enough(doors, destinations.geometry.to_numpy(), parameters)
    used, number = np.unique(asked.destination, return_inverse=True)
    places = destinations.iloc[used]
    area = ground_that_matters(
        doors, places.geometry.to_numpy(), asked.plot, number, limit_m=asked.limit_m
    )
    levels = build_graphs(extract, area=area, parameters=parameters)
    linker = EndLinker(levels, parameters=parameters)
    plot_links = linker.link(doors, np.zeros(len(doors), dtype=np.bool_))
    place_links = linker.link(
        places.geometry.to_numpy(), places["station"].to_numpy(dtype=np.bool_)
    )
    search = Search(
        levels, plot_links, place_links, plot_count=len(doors), destination_count=len(places)
    )
    chosen = nearest_destinations(
        search,
        asked.plot,
        number,
        shapely.distance(doors[asked.plot], places.geometry.to_numpy()[number]),
        plot_count=len(doors),
        places=places,
        parameters=parameters,
    )
    measured = measure_pairs(
        search,
        levels,
        chosen["plot"].to_numpy(),
        chosen["destination"].to_numpy(),
        parameters=parameters,
    )
    pairs = tuple(each for each in measured if each is not None)
    index = plot_index(
        chosen.assign(risk=[each.risk for each in pairs]),
        pd.RangeIndex(len(doors)),
        weights=weights,
        parameters=parameters,
    )
    linked = np.isin(np.arange(len(doors)), plot_links.end)
    flags = Flags(extract)
    bounds = shapely.box(*extract.bounds)
    edge_m = shapely.distance(bounds.exterior, doors)
    outside = ~shapely.intersects(bounds, doors)
    categories = sorted({*places["category"]} | {*destinations["category"]})
    reached = set(zip(chosen["plot"], chosen["category"], strict=True))
    return ShortcutMeasure(
        risk=pd.Series(np.where(linked, index.risk.to_numpy(), np.nan), index=plots.index),
        pairs=pairs,
        index=index,
        flags=tuple(flags.of(each) for each in pairs),
        near_edge=pd.Series((edge_m < parameters.margin_m) | outside, index=plots.index),
        not_reachable={
            str(plot_id): tuple(each for each in categories if (number, each) not in reached)
            for number, plot_id in enumerate(plots.index)
        },
        plots=plots.index,
        destinations=places,
        levels=levels,
        parameters=parameters,
    )


def _near_enough(
    doors: Geometries, places: Geometries, parameters: ShortcutParameters
) -> Candidates:
    near, far = shapely.STRtree(doors).query(places, predicate="dwithin", distance=parameters.max_m)
    return Candidates(far, near, np.full(len(near), parameters.limit_m))


def ground_that_matters(
    doors: Geometries, places: Geometries, plot: Ints, place: Ints, *, limit_m: Floats
) -> shapely.Geometry:
    """Return an area that holds every way of some pairs that is no longer than a limit [m].

    Such a way stays within the ellipse round its ends; no metre of ground costs less than one.

    Parameters
    ----------
    doors, places
        Plots and destinations [m].
    plot, place
        The pairs.
    limit_m
        The limit of each [m].
    """
    if not len(plot):
        return shapely.Polygon()
    if len(plot) > MOST_ELLIPSES:
        apart_m = float(shapely.distance(doors[plot], places[place]).max())
        return shapely.union_all(shapely.buffer(doors, (float(limit_m.max()) + apart_m) / 2.0))
    # Ends that are no points: ways may start anywhere on them.
    wide = [shapely.minimum_bounding_radius(each) for each in (doors, places)]
    one, other = (_middle(each) for each in (doors, places))
    middle, half = (one[plot] + other[place]) / 2, (other[place] - one[plot]) / 2
    focal_m = np.hypot(*half.T)
    long_m = np.maximum(limit_m / 2 + wide[0][plot] + wide[1][place], focal_m + 1.0)
    short_m = np.sqrt(long_m**2 - focal_m**2)
    turn = np.linspace(0, 2 * np.pi, ELLIPSE_CORNERS, endpoint=False)
    # Corners lie outside, so that the sides touch the ellipse.
    outside = 1.0 / np.cos(np.pi / ELLIPSE_CORNERS)
    unit = np.where(focal_m[:, None] > 0, half / np.maximum(focal_m, 1e-9)[:, None], [[1.0, 0.0]])
    across = np.column_stack([-unit[:, 1], unit[:, 0]])
    corners = (
        middle[:, None, :]
        + (outside * long_m)[:, None, None] * np.cos(turn)[None, :, None] * unit[:, None, :]
        + (outside * short_m)[:, None, None] * np.sin(turn)[None, :, None] * across[:, None, :]
    )
    return shapely.union_all(shapely.polygons(corners))


def _middle(shapes: Geometries) -> Floats:
    """Return where shapes lie [m], NaN for one that is empty: a plot outside the extract."""
    xy = np.full((len(shapes), 2), np.nan)
    there = ~shapely.is_empty(shapes)
    xy[there] = shapely.get_coordinates(shapely.centroid(shapes[there]))
    return xy
