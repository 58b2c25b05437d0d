"""One plot and one destination: the safe way, the tempting way, and what the danger buys."""

from dataclasses import dataclass

import numpy as np

from tomteanalyse.measures.shortcuts.encounters import Encounters, encounters
from tomteanalyse.measures.shortcuts.search import Path, Search
from tomteanalyse.network.shortcuts.arrays import Floats, Ints
from tomteanalyse.network.shortcuts.edges import MODERATE, NO_HAZARD, SAFE_NET, SEVERE
from tomteanalyse.network.shortcuts.levels import Levels
from tomteanalyse.network.shortcuts.parameters import ShortcutParameters

NO_SAVING_M = 0.5
"""What saves no more than this saves nothing."""


@dataclass(frozen=True)
class Pair:
    """What lies between a plot and a destination.

    Parameters
    ----------
    plot, destination
        Their numbers.
    costs
        Costs on the four graphs [m]: S (inf where there is no safe way), N, T1, T2.
    safe, tempting
        The ways on S (None where there is none) and T2.
    moderate, severe
        What the ways on T1 and T2 meet.
    risk
        The index, 0-1. It is no probability.
    """

    plot: int
    destination: int
    costs: tuple[float, float, float, float]
    safe: Path | None
    tempting: Path
    moderate: Encounters
    severe: Encounters
    risk: float

    @property
    def safe_distance_m(self) -> float:
        """Metres of the safe way, inf where there is none."""
        return self.safe.metres if self.safe else np.inf

    @property
    def tempting_distance_m(self) -> float:
        """Metres of the tempting way, no more than those of the safe way."""
        return min(self.tempting.metres, self.safe_distance_m)

    @property
    def saving_moderate_m(self) -> float:
        """What crossing moderate hazards saves [m]."""
        return self.costs[NO_HAZARD] - self.costs[MODERATE]

    @property
    def saving_severe_m(self) -> float:
        """What crossing severe hazards saves on top [m]."""
        return self.costs[MODERATE] - self.costs[SEVERE]

    @property
    def saving_m(self) -> float:
        """What danger buys [m], net of the effort of crossing."""
        return self.costs[NO_HAZARD] - self.costs[SEVERE]

    @property
    def gross_saving_m(self) -> float:
        """Metres of the safe way less those of the tempting way; inf without a safe way."""
        return self.safe_distance_m - self.tempting_distance_m

    @property
    def detour_ratio(self) -> float:
        """Metres of the safe way over those of the tempting way."""
        return self.safe_distance_m / max(self.tempting_distance_m, 1e-6)


def temptation(saving_m: float, *, scale_m: float) -> float:
    """Return how tempting it is to save so many metres, 0-1."""
    return float(-np.expm1(-saving_m / scale_m)) if saving_m > NO_SAVING_M else 0.0


def pair_risk(
    saving_moderate_m: float,
    saving_severe_m: float,
    severity_moderate: float,
    severity_severe: float,
    *,
    scale_m: float,
) -> float:
    """Return the index of a pair, 0-1.

    Parameters
    ----------
    saving_moderate_m, saving_severe_m
        What crossing moderate hazards saves, and severe ones on top [m].
    severity_moderate, severity_severe
        Severity over the way that keeps to moderate hazards, and over the tempting way, 0-1.
    scale_m
        Metres saved at which temptation is 1 - 1/e.
    """
    moderate = severity_moderate * temptation(saving_moderate_m, scale_m=scale_m)
    severe = severity_severe * temptation(saving_severe_m, scale_m=scale_m)
    return 1.0 - (1.0 - moderate) * (1.0 - severe)


def measure_pairs(
    search: Search,
    levels: Levels,
    plots: Ints,
    destinations: Ints,
    *,
    parameters: ShortcutParameters,
) -> list[Pair | None]:
    """Measure pairs of plots and destinations.

    Returns
    -------
    list
        In the order of the pairs; None where even the tempting way is longer than the limit.
    """
    limit_m = parameters.limit_m
    costs: list[Floats] = []
    paths: list[list[Path | None]] = []
    for level in (SAFE_NET, NO_HAZARD, MODERATE, SEVERE):
        reach_m = np.inf if level == SAFE_NET else limit_m
        cost, path = search.paths(level, plots, destinations, limit_m=reach_m)
        if level == NO_HAZARD:
            cost = np.minimum(cost, limit_m)
        if level > SAFE_NET:
            # Each graph holds the one before, so this is only about the limit and rounding.
            kept = costs[-1] <= cost
            cost = np.where(kept, costs[-1], cost)
            path = [
                before if keep else own
                for before, own, keep in zip(paths[-1], path, kept.tolist(), strict=True)
            ]
        costs.append(cost)
        paths.append(path)
    return [
        _pair(
            int(plot),
            int(destination),
            tuple(np.array(costs)[:, row].tolist()),
            [each[row] for each in paths],
            levels,
            parameters,
        )
        for row, (plot, destination) in enumerate(zip(plots, destinations, strict=True))
    ]


def _pair(
    plot: int,
    destination: int,
    costs: tuple[float, ...],
    paths: list[Path | None],
    levels: Levels,
    parameters: ShortcutParameters,
) -> Pair | None:
    safe, _, by_moderate, tempting = paths
    if tempting is None:
        return None
    severe = encounters(tempting, levels, along_m=parameters.along_m)
    moderate = (
        severe
        if by_moderate is tempting or by_moderate is None
        else encounters(by_moderate, levels, along_m=parameters.along_m)
    )
    s, n, t1, t2 = costs
    return Pair(
        plot=plot,
        destination=destination,
        costs=(s, n, t1, t2),
        safe=safe,
        tempting=tempting,
        moderate=moderate,
        severe=severe,
        risk=pair_risk(
            n - t1, t1 - t2, moderate.severity, severe.severity, scale_m=parameters.temptation_m
        ),
    )
