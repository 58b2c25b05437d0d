"""One plot and one destination: the safe way, the tempting way, and what the danger buys."""

from dataclasses import dataclass

import numpy as np

from tomteanalyse.measures.shortcuts.encounters import Encounters, encounters
from tomteanalyse.measures.shortcuts.search import Search
from tomteanalyse.measures.shortcuts.ways import Path, Ways
from tomteanalyse.network.shortcuts.arrays import Floats, Ints
from tomteanalyse.network.shortcuts.crossing_classes import TOLERABLE, UNSAFE
from tomteanalyse.network.shortcuts.edges import ALONG, MODERATE, NO_HAZARD, SAFE_NET, SEVERE
from tomteanalyse.network.shortcuts.levels import Levels
from tomteanalyse.network.shortcuts.parameters import ShortcutParameters

NO_SAVING_M = 0.5
"""What saves no more than this saves nothing."""
DETOUR, AROUND_M = 1.3, 100.0
"""A way is first looked for this much farther than the shortest it can be, and so many metres."""


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
    nested = _nested_ways(search, plots, destinations, limit_m=parameters.limit_m)
    meeting = _Meetings(nested, levels, along_m=parameters.along_m)
    found: list[Pair | None] = []
    for row, (plot, destination) in enumerate(
        zip(plots.tolist(), destinations.tolist(), strict=True)
    ):
        tempting = nested.path(SEVERE, row)
        if tempting is None:
            found.append(None)
            continue
        s, n, t1, t2 = nested.cost[:, row].tolist()
        severe = meeting.of(SEVERE, row)
        # Where there is no way but past severe hazards, moderate ones save nothing.
        moderate = meeting.of(MODERATE if nested.table[MODERATE, row] >= 0 else SEVERE, row)
        found.append(
            Pair(
                plot=plot,
                destination=destination,
                costs=(s, n, t1, t2),
                safe=nested.path(SAFE_NET, row),
                tempting=tempting,
                moderate=moderate,
                severe=severe,
                risk=pair_risk(
                    n - t1,
                    t1 - t2,
                    moderate.severity,
                    severe.severity,
                    scale_m=parameters.temptation_m,
                ),
            )
        )
    return found


@dataclass(frozen=True)
class _NestedWays:
    """Ways of pairs on each of the four graphs; many are the same on several.

    Parameters
    ----------
    cost
        Costs [m], shape (4, n).
    table, row
        In which of `ways` each way is, and its row there; -1 where there is none, shape (4, n).
    ways
        What was found on each graph.
    """

    cost: Floats
    table: Ints
    row: Ints
    ways: dict[int, Ways]

    def path(self, level: int, pair: int) -> Path | None:
        """Return the way of a pair on a graph."""
        table = int(self.table[level, pair])
        return None if table < 0 else self.ways[table].path(int(self.row[level, pair]))


def _nested_ways(search: Search, plots: Ints, places: Ints, *, limit_m: float) -> _NestedWays:
    """Find the ways of pairs from the largest graph to the smallest.

    A way that needs no more than a smaller graph is the shortest there as well, so that most are
    looked for once or twice.
    """
    count = len(plots)
    cost = np.full((4, count), np.inf)
    table, row, least = (np.full((4, count), -1) for _ in range(3))
    ways = {}
    todo = np.arange(count)
    guess_m = DETOUR * search.straight_m(plots, places) + AROUND_M
    for level in (SEVERE, MODERATE, NO_HAZARD, SAFE_NET):
        if level < SEVERE:
            same = (table[level + 1] >= 0) & (least[level + 1] <= level)
            for each in (cost, table, row, least):
                each[level, same] = each[level + 1, same]
            # What has no way at all is no pair.
            todo = np.flatnonzero(~same & (table[SEVERE] >= 0))
            longer = cost[level + 1, todo]
            guess_m = DETOUR * np.where(np.isfinite(longer), longer, limit_m) + AROUND_M
        ways[level] = search.ways(
            level,
            plots[todo],
            places[todo],
            guess_m=guess_m,
            limit_m=np.inf if level == SAFE_NET else limit_m,
        )
        cost[level, todo] = ways[level].cost
        found = np.flatnonzero(np.isfinite(ways[level].cost))
        table[level, todo[found]], row[level, todo[found]] = level, found
        least[level, todo[found]] = ways[level].level[found]
    cost[NO_HAZARD] = np.minimum(cost[NO_HAZARD], limit_m)
    for level in (NO_HAZARD, MODERATE, SEVERE):
        # Each graph holds the one before: what is no shorter is walked as there. This is only about
        # the limit, rounding, and ways that are equally long.
        kept = cost[level - 1] <= cost[level]
        for each in (cost, table, row):
            each[level, kept] = each[level - 1, kept]
    return _NestedWays(cost, table, row, ways)


class _Meetings:
    """What the ways of pairs meet, found once for each way."""

    def __init__(self, nested: _NestedWays, levels: Levels, *, along_m: float) -> None:
        self._nested, self._levels, self._along_m = nested, levels, along_m
        edges = levels.edges
        dangerous = (edges.kind == ALONG) | (edges.crossing == UNSAFE)
        tolerable = edges.crossing == TOLERABLE
        self._quiet = {
            table: (
                (~ways.having(dangerous)).tolist(),
                ways.count(tolerable).tolist(),
                ways.bits(edges.flags).tolist(),
            )
            for table, ways in nested.ways.items()
        }
        self._known: dict[tuple[int, int], Encounters] = {}

    def of(self, level: int, pair: int) -> Encounters:
        """Return what the way of a pair on a graph meets."""
        table, row = int(self._nested.table[level, pair]), int(self._nested.row[level, pair])
        if (table, row) not in self._known:
            quiet, tolerable, flags = self._quiet[table]
            path = self._nested.ways[table].path(row)
            self._known[table, row] = (
                Encounters((), (), 0.0, tolerable[row], flags[row])
                if quiet[row] or path is None
                else encounters(path, self._levels, along_m=self._along_m)
            )
        return self._known[table, row]
