"""Ways between plots and destinations: as one table, and each of them as it is walked."""

from dataclasses import dataclass, field

import numpy as np
import shapely

from tomteanalyse.network.shortcuts.arrays import Bools, Floats, Ints
from tomteanalyse.network.shortcuts.edges import SAFE_NET
from tomteanalyse.network.shortcuts.end_links import EndLinks
from tomteanalyse.network.shortcuts.levels import Levels


@dataclass(frozen=True)
class Path:
    """A way from a plot to a destination.

    Parameters
    ----------
    metres
        Length [m].
    lead_m
        Metres from the plot to the first node.
    nodes, edges
        Nodes in walking order, shape (n,), and the edges between them, shape (n - 1,); none where
        the way follows a single edge.
    ends
        Where it begins, where it meets the first way that it follows, where it leaves the last,
        and where it ends [m], shape (4, 2).
    node_xy
        Coordinates of all nodes [m].
    """

    metres: float
    lead_m: float
    nodes: Ints
    edges: Ints
    ends: Floats
    node_xy: Floats = field(repr=False, compare=False)

    @property
    def xy(self) -> Floats:
        """The way as drawn [m], ends included, shape (k, 2)."""
        xy: Floats = np.concatenate([self.ends[:2], self.node_xy[self.nodes], self.ends[2:]])
        moved: Floats = xy[np.append(True, (np.diff(xy, axis=0) != 0).any(axis=1))]
        return moved

    def line(self) -> shapely.LineString:
        """Return the way as a line [m]."""
        xy = self.xy
        return shapely.LineString(xy if len(xy) > 1 else np.repeat(xy, 2, axis=0))


@dataclass(frozen=True)
class Ways:
    """Ways of pairs on one of the graphs, from plot to destination.

    Parameters
    ----------
    cost
        Cost [m], inf where there is no way within the limit, shape (n,).
    metres, lead_m
        Length and metres to the first node [m], NaN where there is no way, shape (n,).
    level
        The first graph that has all of the way, shape (n,).
    start
        Where each way's nodes begin; one more entry for the end, shape (n + 1,).
    nodes, edges
        Nodes of all ways, and the edge from each to the next of its way, -1 from the last,
        shape (m,).
    ends
        See `Path`, shape (n, 4, 2).
    levels
        The graphs.
    """

    cost: Floats
    metres: Floats
    lead_m: Floats
    level: Ints
    start: Ints
    nodes: Ints
    edges: Ints
    ends: Floats
    levels: Levels

    def path(self, row: int) -> Path | None:
        """Return one of the ways, None where there is none."""
        if not np.isfinite(self.cost[row]):
            return None
        first, end = int(self.start[row]), int(self.start[row + 1])
        return Path(
            metres=float(self.metres[row]),
            lead_m=float(self.lead_m[row]),
            nodes=self.nodes[first:end],
            edges=self.edges[first : max(first, end - 1)],
            ends=self.ends[row],
            node_xy=self.levels.ground.node_xy,
        )

    def having(self, chosen: Bools) -> Bools:
        """Tell which ways have one of the chosen edges, shape (edges,)."""
        return self.count(chosen) > 0

    def count(self, chosen: Bools) -> Ints:
        """Return how many of the chosen edges each way has."""
        return _over(np.add, chosen[self.edges] & (self.edges >= 0), self.start)

    def bits(self, of_edge: Ints) -> Ints:
        """Return all bits that the edges of each way have."""
        return _over(np.bitwise_or, np.where(self.edges >= 0, of_edge[self.edges], 0), self.start)


def join_ways(
    cost: Floats,
    start: Ints,
    nodes: Ints,
    plot_link: Ints,
    place_link: Ints,
    *,
    plots: EndLinks,
    places: EndLinks,
    levels: Levels,
    level: int,
) -> Ways:
    """Return ways with all that follows from their nodes.

    Parameters
    ----------
    cost, start, nodes
        See `Ways`.
    plot_link, place_link
        The links that each way begins and ends with, -1 where there is no way, shape (n,).
    plots, places
        The links of plots and destinations.
    levels, level
        The graphs, and on which of them the ways are.
    """
    table = levels.edges
    edges = np.full(len(nodes), -1, dtype=np.int64)
    goes_on = np.ones(len(nodes), dtype=np.bool_)
    long = start[1:] > start[:-1]
    goes_on[start[1:][long] - 1] = False
    at = np.flatnonzero(goes_on)
    edges[at] = levels.edges_between(level, nodes[at], nodes[at + 1])

    found = np.flatnonzero(plot_link >= 0)
    one, other = plot_link[found], place_link[found]
    ends = np.full((len(cost), 4, 2), np.nan)
    ends[found] = np.stack(
        [plots.start[one], plots.via[one], places.via[other], places.start[other]], axis=1
    )
    # A way along a single edge: from where the plot meets it to where the destination does.
    single = ~long[found]
    on_edge = np.hypot(*(plots.via[one] - plots.start[one]).T)
    on_edge += np.hypot(*(places.via[other] - places.start[other]).T)
    on_edge += np.abs(places.along_m[other] - plots.along_m[one])
    walked = _over(np.add, np.where(edges >= 0, table.metres[edges], 0.0), start)[found]
    metres, lead_m = np.full(len(cost), np.nan), np.full(len(cost), np.nan)
    metres[found] = np.where(single, on_edge, plots.metres[one] + walked + places.metres[other])
    lead_m[found] = np.where(single, on_edge, plots.metres[one])
    least = _over(np.maximum, np.where(edges >= 0, table.level[edges], SAFE_NET), start)
    least[found] = np.maximum(least[found], np.maximum(plots.level[one], places.level[other]))
    return Ways(cost, metres, lead_m, least, start, nodes, edges, ends, levels)


def _over(function: np.ufunc, values: np.ndarray, start: Ints) -> np.ndarray:
    """Return what a function makes of the values of each way, 0 for a way without nodes."""
    found = np.zeros(len(start) - 1, dtype=np.result_type(values, np.int64))
    some = start[1:] > start[:-1]
    if some.any():
        found[some] = function.reduceat(values.astype(found.dtype), start[:-1][some])
    return found
