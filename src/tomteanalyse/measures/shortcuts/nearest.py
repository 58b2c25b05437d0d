"""Which destinations of every plot count: the nearest of each category by the tempting way."""

import numpy as np
import pandas as pd

from tomteanalyse.measures.shortcuts.plot_index import choose_destinations
from tomteanalyse.measures.shortcuts.search import Search
from tomteanalyse.network.shortcuts.arrays import Floats, Ints
from tomteanalyse.network.shortcuts.edges import SEVERE
from tomteanalyse.network.shortcuts.parameters import ShortcutParameters

SHARES = (0.2, 0.4, 0.7, 1.0)
"""Destinations are looked for this far first, as shares of the farthest that counts."""


def nearest_destinations(
    search: Search,
    plot: Ints,
    place: Ints,
    apart_m: Floats,
    *,
    plot_count: int,
    places: pd.DataFrame,
    parameters: ShortcutParameters,
) -> pd.DataFrame:
    """Choose the pairs that count (see `choose_destinations`).

    Parameters
    ----------
    search
        Ways between plots and destinations.
    plot, place, apart_m
        The pairs to look at, and the straight distance of each [m], shape (n,).
    plot_count
        Number of plots.
    places
        The destinations: ``category``, ``stop``.
    parameters
        Figures of the method.

    Notes
    -----
    As soon as enough stops of a category are found within some distance, none farther off can be
    among the nearest, and only quays of the chosen ones are still looked for.
    """
    category, categories = pd.factorize(places["category"], sort=True)
    stop, stops = pd.factorize(places["stop"], sort=True)
    straight_m = np.full((plot_count, len(places)), np.inf)
    straight_m[plot, place] = apart_m
    cost, pending = np.full(straight_m.shape, np.inf), np.isfinite(straight_m)
    chosen = _chosen(cost, places, parameters)
    for share in SHARES:
        limit_m = share * parameters.max_m
        found = search.costs(SEVERE, pending & (straight_m <= limit_m), limit_m=limit_m)
        cost = np.where(pending, np.minimum(cost, found), cost)
        chosen = _chosen(cost, places, parameters)
        is_chosen = np.zeros((plot_count, len(stops)), dtype=np.bool_)
        is_chosen[chosen["plot"], stop[chosen["destination"]]] = True
        enough = np.zeros((plot_count, len(categories)), dtype=np.bool_)
        for number in range(len(categories)):
            mine = np.unique(stop[category == number])
            enough[:, number] = is_chosen[:, mine].sum(axis=1) >= parameters.most_destinations
        pending = np.isfinite(straight_m) & np.isinf(cost)
        pending &= ~enough[:, category] | is_chosen[:, stop]
    return chosen


def _chosen(cost: Floats, places: pd.DataFrame, parameters: ShortcutParameters) -> pd.DataFrame:
    plot, place = np.nonzero(np.isfinite(cost))
    return choose_destinations(
        pd.DataFrame(
            {
                "plot": plot,
                "destination": place,
                "category": places["category"].to_numpy()[place],
                "stop": places["stop"].to_numpy()[place],
                "cost_m": cost[plot, place],
            }
        ),
        parameters=parameters,
    )
