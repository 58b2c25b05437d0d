"""From the pairs of a plot to its index: which destinations are chosen, and how likely."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from tomteanalyse.network.shortcuts.parameters import ShortcutParameters


@dataclass(frozen=True)
class PlotIndex:
    """The index of every plot and where it comes from.

    Parameters
    ----------
    risk
        0-1 by plot; an index, no probability. Index: all plots.
    shares
        One row per chosen pair on ``(plot, destination)``: ``weight`` (what the pair counts in its
        plot: category weight times nearness times choice, 0-1).
    by_category
        One row per plot and reachable category on ``(plot, category)``: ``risk`` (weighted, 0-1)
        and ``share`` (of the plot's index, 0-1).
    """

    risk: pd.Series
    shares: pd.DataFrame
    by_category: pd.DataFrame


def choose_destinations(costs: pd.DataFrame, *, parameters: ShortcutParameters) -> pd.DataFrame:
    """Choose the pairs that count.

    Parameters
    ----------
    costs
        One row per pair: ``plot``, ``destination``, ``category``, ``stop``, ``cost_m`` (of the
        tempting way).
    parameters
        Figures of the method.

    Returns
    -------
    pandas.DataFrame
        The rows of the nearest stops of each category within reach; of a stop all quays.
    """
    near = costs[costs["cost_m"] <= parameters.max_m]
    stops = near.groupby(["plot", "category", "stop"])["cost_m"].min().reset_index()
    stops = stops.sort_values(["plot", "category", "cost_m", "stop"])
    nth = stops.groupby(["plot", "category"]).cumcount()
    stops = stops[nth < parameters.most_destinations][["plot", "category", "stop"]]
    chosen = near.merge(stops, on=["plot", "category", "stop"])
    return chosen.sort_values(["plot", "destination"], ignore_index=True)


def plot_index(
    pairs: pd.DataFrame,
    plots: pd.Index,
    *,
    weights: Mapping[str, float],
    parameters: ShortcutParameters,
) -> PlotIndex:
    """Combine the pairs of every plot.

    Parameters
    ----------
    pairs
        One row per chosen pair: ``plot``, ``destination``, ``category``, ``stop``, ``cost_m``,
        ``risk``.
    plots
        All plots.
    weights
        What each category counts; a missing one counts nothing.
    parameters
        Figures of the method.

    Notes
    -----
    Quays of a stop count by their mean: one leaves on one side and returns on the other. A
    destination of a category is chosen with a chance that falls off exponentially with the
    tempting way; a category counts less the farther its nearest destination is.
    """
    keys = ["plot", "category", "stop"]
    stops = pairs.groupby(keys, as_index=False).agg(
        cost_m=("cost_m", "min"), risk=("risk", "mean"), quays=("risk", "size")
    )
    by_category = stops.groupby(["plot", "category"])["cost_m"]
    nearest = by_category.transform("min")
    chance = np.exp(-(stops["cost_m"] - nearest) / parameters.choice_m)
    total = chance.groupby([stops["plot"], stops["category"]]).transform("sum")
    fading = np.exp(-(nearest - parameters.free_distance_m).clip(lower=0) / parameters.decay_m)
    weight = stops["category"].map(weights).fillna(0.0) * fading
    stops = stops.assign(weight=weight * chance / total)
    risk = (stops["weight"] * stops["risk"]).groupby([stops["plot"], stops["category"]]).sum()
    by_plot = (1.0 - risk).groupby(level="plot").prod()
    information = pd.Series(-np.log1p(-risk.clip(upper=1 - 1e-12).to_numpy()), index=risk.index)
    whole = information.groupby(level="plot").transform("sum")
    shares = pairs.merge(stops[[*keys, "weight", "quays"]], on=keys)
    shares["weight"] = shares["weight"] / shares["quays"]
    return PlotIndex(
        risk=(1.0 - by_plot).reindex(plots, fill_value=0.0),
        shares=shares.set_index(["plot", "destination"])[["weight"]],
        by_category=pd.DataFrame(
            {"risk": risk, "share": (information / whole).where(whole > 0, 0.0)}
        ),
    )
