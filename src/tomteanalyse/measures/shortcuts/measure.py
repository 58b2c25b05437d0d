"""The whole measure: from an extract, plots and destinations to pairs and an index per plot."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from tomteanalyse.extract import OsmExtract
from tomteanalyse.measures.shortcuts.destinations import CATEGORY_WEIGHTS
from tomteanalyse.measures.shortcuts.flags import Flags
from tomteanalyse.measures.shortcuts.linked import apart_m, linked_graphs, narrowed_graphs
from tomteanalyse.measures.shortcuts.narrowing import MOST_ELLIPSES, Candidates, near_enough
from tomteanalyse.measures.shortcuts.nearest import nearest_destinations
from tomteanalyse.measures.shortcuts.pairs import Pair, measure_pairs
from tomteanalyse.measures.shortcuts.plot_index import PlotIndex, plot_index
from tomteanalyse.measures.shortcuts.search import Search
from tomteanalyse.network.shortcuts.build import Mapped, build_site, find_mapped
from tomteanalyse.network.shortcuts.levels import Levels
from tomteanalyse.network.shortcuts.parameters import SCREEN, ShortcutParameters


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
    known: Mapped | None = None,
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
    known
        What the extract shows, where it is known (see `find_mapped`).
    weights
        What each category counts.
    parameters
        Figures of the method.
    """
    doors = plots.geometry.to_numpy()
    mapped = find_mapped(extract, parameters=parameters, known=known)
    site = build_site(mapped, parameters=parameters)
    asked = candidates or near_enough(doors, destinations.geometry.to_numpy(), parameters)
    used, number = np.unique(asked.destination, return_inverse=True)
    asked, places = replace(asked, destination=number), destinations.iloc[used]
    if candidates is None and len(number) <= MOST_ELLIPSES:
        graphs, asked, places = narrowed_graphs(site, asked, doors, places, parameters=parameters)
    else:
        graphs = linked_graphs(site, asked, doors, places, parameters=parameters)
    levels, plot_links = graphs.levels, graphs.plots
    search = Search(
        levels, plot_links, graphs.places, plot_count=len(doors), destination_count=len(places)
    )
    chosen = nearest_destinations(
        search,
        asked.plot,
        asked.destination,
        apart_m(asked, doors, places),
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
