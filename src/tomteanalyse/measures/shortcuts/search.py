"""The search for ways between plots and destinations on each of the four graphs."""

import numpy as np

from tomteanalyse.measures.shortcuts.fan import Fan
from tomteanalyse.measures.shortcuts.ways import Path, Ways, join_ways
from tomteanalyse.network.shortcuts.arrays import Bools, Floats, Ints
from tomteanalyse.network.shortcuts.end_links import EndLinks
from tomteanalyse.network.shortcuts.levels import Levels

__all__ = ["Path", "Search"]

LEAST_REACH_M = 100.0
NOWHERE = np.zeros(0, dtype=np.int64)


class Search:
    """Shortest ways between plots and destinations.

    Parameters
    ----------
    levels
        The graphs.
    plots, destinations
        Their links.
    plot_count, destination_count
        How many of each.

    Notes
    -----
    The graphs are undirected, so that a way found from the plot is also the way from the
    destination: ways are looked for from whichever are fewer. The effort grows with the square of
    how far is looked, so that nothing is looked for farther than need be.
    """

    def __init__(
        self,
        levels: Levels,
        plots: EndLinks,
        destinations: EndLinks,
        *,
        plot_count: int,
        destination_count: int,
    ) -> None:
        self._levels, self._plots, self._destinations = levels, plots, destinations
        self._counts = (plot_count, destination_count)
        self._fans = {
            from_plots: Fan(
                levels,
                plots if from_plots else destinations,
                destinations if from_plots else plots,
                source_count=self._counts[0 if from_plots else 1],
                target_count=self._counts[1 if from_plots else 0],
            )
            for from_plots in (True, False)
        }

    def costs(self, level: int, wanted: Bools, *, limit_m: float) -> Floats:
        """Return costs of ways [m], inf beyond the limit and for what is not wanted.

        Parameters
        ----------
        level
            Which of the graphs.
        wanted
            Which pairs are wanted, shape (plots, destinations).
        limit_m
            How far is looked [m].
        """
        found = np.full(self._counts, np.inf)
        from_plots = bool(wanted.any(axis=1).sum() <= wanted.any(axis=0).sum())
        fan = self._fans[from_plots]
        mine, cost = (wanted, found) if from_plots else (wanted.T, found.T)
        for source in np.flatnonzero(mine.any(axis=1)).tolist():
            targets = np.flatnonzero(mine[source])
            targets = targets[fan.connected(level, source, targets)]
            cost[source, targets] = fan.costs(level, source, targets, limit_m=limit_m)
        return found

    def ways(
        self, level: int, plots: Ints, destinations: Ints, *, guess_m: Floats, limit_m: float
    ) -> Ways:
        """Return the shortest ways of pairs of plots and destinations.

        Parameters
        ----------
        level
            Which of the graphs.
        plots, destinations
            The pairs, shape (n,) each.
        guess_m
            How far each is looked for first [m]; then twice as far, and so on, shape (n,).
        limit_m
            What costs more counts as no way [m].
        """
        from_plots = len(np.unique(plots)) <= len(np.unique(destinations))
        fan = self._fans[from_plots]
        mine, others = (plots, destinations) if from_plots else (destinations, plots)
        cost = np.full(len(mine), np.inf)
        own_link, link = np.full(len(mine), -1), np.full(len(mine), -1)
        rows_found, lengths, nodes = [NOWHERE], [NOWHERE], [NOWHERE]
        order = np.argsort(mine, kind="stable")
        begins = np.flatnonzero(np.diff(mine[order], prepend=-1))
        for rows in np.split(order, begins[1:]) if len(order) else []:
            source = int(mine[rows[0]])
            rows = rows[fan.connected(level, source, others[rows])]
            reach_m = float(guess_m[rows].max(initial=LEAST_REACH_M))
            while len(rows):
                reach_m = min(reach_m, limit_m)
                cost[rows], own_link[rows], link[rows], walks = fan.walks(
                    level, source, others[rows], limit_m=reach_m
                )
                near = np.isfinite(cost[rows])
                # Walks lead from the target to the source.
                walks = walks[near, ::-1] if from_plots else walks[near]
                rows_found.append(rows[near])
                lengths.append((walks >= 0).sum(axis=1))
                nodes.append(walks[walks >= 0])
                rows = rows[~near] if reach_m < limit_m else NOWHERE
                reach_m *= 2.0
        start, by_row = _regrouped(
            np.concatenate(rows_found), np.concatenate(lengths), np.concatenate(nodes), len(mine)
        )
        none = np.isinf(cost)
        own_link[none] = link[none] = -1
        plot_link, place_link = (own_link, link) if from_plots else (link, own_link)
        return join_ways(
            cost,
            start,
            by_row,
            plot_link,
            place_link,
            plots=self._plots,
            places=self._destinations,
            levels=self._levels,
            level=level,
        )

    def straight_m(self, plots: Ints, destinations: Ints) -> Floats:
        """Return straight distances between pairs [m], from one point of each; 0 without links."""
        somewhere = [np.full((count, 2), np.nan) for count in self._counts]
        somewhere[0][self._plots.end] = self._plots.start
        somewhere[1][self._destinations.end] = self._destinations.start
        apart = somewhere[0][plots] - somewhere[1][destinations]
        straight_m: Floats = np.nan_to_num(np.hypot(*apart.T))
        return straight_m


def _regrouped(rows: Ints, lengths: Ints, values: Ints, count: int) -> tuple[Ints, Ints]:
    """Return where each row's values begin, and values that came row by row, in order of rows."""
    length = np.zeros(count, dtype=np.int64)
    length[rows] = lengths
    begin = np.zeros(count, dtype=np.int64)
    begin[rows] = np.cumsum(lengths) - lengths
    start = np.concatenate([[0], np.cumsum(length)])
    picked = np.arange(start[-1]) + np.repeat(begin - start[:-1], length)
    return start, values[picked]
