"""Ways between plots and destinations on each of the four graphs."""

from dataclasses import dataclass

import numpy as np
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from tomteanalyse.network.shortcuts.arrays import Floats, Ints
from tomteanalyse.network.shortcuts.ends import EndLinks
from tomteanalyse.network.shortcuts.levels import Levels

DIRECT = -1
"""Instead of a node: the way follows a single edge between its two feet."""


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
    xy
        The way as drawn [m], ends included, shape (k, 2).
    """

    metres: float
    lead_m: float
    nodes: Ints
    edges: Ints
    xy: Floats

    def line(self) -> shapely.LineString:
        """Return the way as a line [m]."""
        xy = self.xy if len(self.xy) > 1 else np.repeat(self.xy, 2, axis=0)
        return shapely.LineString(xy)


class Search:
    """Shortest ways between plots and destinations, by Dijkstra from each of the fewer.

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
    destination. Ends are rows that are left and never entered (Dijkstra 1959, with SciPy).
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
        self._levels = levels
        self._from_plots = plot_count <= destination_count
        sides = (plots, destinations) if self._from_plots else (destinations, plots)
        counts = (plot_count, destination_count)
        self._sources, self._targets = sides
        self._source_count, self._target_count = counts if self._from_plots else counts[::-1]
        self._graphs: dict[int, csr_array] = {}

    def costs(self, level: int, *, limit_m: float) -> Floats:
        """Return the cost of every plot's way to every destination [m], inf beyond the limit.

        Returns
        -------
        numpy.ndarray
            Shape (plots, destinations).
        """
        found = np.full((self._source_count, self._target_count), np.inf)
        for source in range(self._source_count):
            distance, _ = self._field(level, source, limit_m)
            found[source] = self._at_targets(level, source, distance)[0]
        found[found > limit_m] = np.inf
        return found if self._from_plots else found.T

    def paths(
        self, level: int, plots: Ints, destinations: Ints, *, limit_m: float
    ) -> tuple[Floats, list[Path | None]]:
        """Return the costs [m] and the ways of pairs of plots and destinations.

        Returns
        -------
        tuple
            Costs, inf where there is no way within the limit, shape (n,); and the ways, None there.
        """
        mine, others = (plots, destinations) if self._from_plots else (destinations, plots)
        cost = np.full(len(mine), np.inf)
        found: list[Path | None] = [None] * len(mine)
        for source in np.unique(mine).tolist():
            rows = np.flatnonzero(mine == source)
            distance, before = self._field(level, source, limit_m)
            at_target, link, own_link = self._at_targets(level, source, distance)
            cost[rows] = at_target[others[rows]]
            cost[rows[cost[rows] > limit_m]] = np.inf
            rows = rows[np.isfinite(cost[rows])]
            last, first = link[others[rows]], own_link[others[rows]]
            walks = self._walks(before, last, first, source)
            for row, nodes, one, other in zip(
                rows.tolist(), walks, first.tolist(), last.tolist(), strict=True
            ):
                found[row] = self._path(level, source, nodes, one, other)
        return cost, found

    def _field(self, level: int, source: int, limit_m: float) -> tuple[Floats, Ints]:
        if level not in self._graphs:
            links = self._sources
            mine = links.level <= level
            self._graphs[level] = self._levels.with_sources(
                level,
                links.end[mine],
                links.node[mine],
                links.cost[mine],
                sources=self._source_count,
            )
        distance, before = dijkstra(
            self._graphs[level],
            indices=self._levels.count + source,
            limit=limit_m,
            return_predecessors=True,
        )
        return distance, before

    def _at_targets(self, level: int, source: int, distance: Floats) -> tuple[Floats, Ints, Ints]:
        """Return each target's cost, the link it is reached by, and the source's if DIRECT."""
        links = self._targets
        total = np.where(links.level <= level, distance[links.node] + links.cost, np.inf)
        own = np.full(len(total), DIRECT)
        direct, direct_own = self._along_one_edge(source)
        shorter = direct < total
        total = np.where(shorter, direct, total)
        own = np.where(shorter, direct_own, own)
        cost = np.full(self._target_count, np.inf)
        link = np.full(self._target_count, -1)
        ends, first = np.unique(links.end, return_index=True)
        if len(ends):
            cost[ends] = np.minimum.reduceat(total, first)
        equal = np.flatnonzero(total == cost[links.end])[::-1]
        link[links.end[equal]] = equal
        return cost, link, np.where(link >= 0, own[link], DIRECT)

    def _along_one_edge(self, source: int) -> tuple[Floats, Ints]:
        """Return the cost of ways along a single edge, by target link, and the source's link."""
        mine, targets = self._sources, self._targets
        first, last = np.searchsorted(mine.end, [source, source + 1])
        rows = np.arange(first, last)
        starts = self._levels.edges.u
        rows = rows[(mine.edge[rows] >= 0) & (starts[mine.edge[rows]] == mine.node[rows])]
        cost, own = np.full(len(targets.end), np.inf), np.full(len(targets.end), DIRECT)
        for row in rows.tolist():
            edge = int(mine.edge[row])
            same = np.flatnonzero((targets.edge == edge) & (targets.node == starts[edge]))
            leg_m = (mine.cost[row] - mine.along_m[row]) + (
                targets.cost[same] - targets.along_m[same]
            )
            total = leg_m + np.abs(targets.along_m[same] - mine.along_m[row])
            better = total < cost[same]
            cost[same[better]], own[same[better]] = total[better], row
        return cost, own

    def _walks(self, before: Ints, last: Ints, own: Ints, source: int) -> list[Ints]:
        """Return the nodes from each target's link back to the source, all steps at once."""
        end = self._levels.count + source
        at = np.where(own == DIRECT, self._targets.node[last], end)
        steps = [at]
        while (at != end).any():
            at = np.where(at == end, end, before[at])
            steps.append(at)
        table = np.stack(steps, axis=1)
        lengths = (table != end).sum(axis=1)
        return [table[row, :length] for row, length in enumerate(lengths.tolist())]

    def _path(self, level: int, source: int, nodes: Ints, own: int, last: int) -> Path:
        """Return the way from plot to destination behind nodes from the target to the source."""
        links, targets, levels = self._sources, self._targets, self._levels
        if own != DIRECT:
            metres = np.hypot(*(links.via[own] - links.start[own])) + np.hypot(
                *(targets.via[last] - targets.start[last])
            )
            metres += abs(targets.along_m[last] - links.along_m[own])
            xy = np.stack(
                [links.start[own], links.via[own], targets.via[last], targets.start[last]]
            )
            edges, lead_m = nodes[:0], metres
        else:
            first, end = np.searchsorted(links.end, [source, source + 1])
            rows = np.arange(first, end)
            rows = rows[(links.node[rows] == nodes[-1]) & (links.level[rows] <= level)]
            own = int(rows[np.argmin(links.cost[rows])])
            edges = levels.edges_between(level, nodes[1:], nodes[:-1])
            metres = targets.metres[last] + levels.edges.metres[edges].sum() + links.metres[own]
            lead_m = links.metres[own] if self._from_plots else targets.metres[last]
            xy = np.concatenate(
                [
                    [targets.start[last], targets.via[last]],
                    levels.ground.node_xy[nodes],
                    [links.via[own], links.start[own]],
                ]
            )[::-1]
        nodes, edges = nodes[::-1], edges[::-1]
        if not self._from_plots:
            nodes, edges, xy = nodes[::-1], edges[::-1], xy[::-1]
        moved = np.append(True, (np.diff(xy, axis=0) != 0).any(axis=1))
        return Path(float(metres), float(lead_m), nodes, edges, xy[moved])
