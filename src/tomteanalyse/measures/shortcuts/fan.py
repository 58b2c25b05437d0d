"""Shortest ways from one end to many others on one of the four graphs."""

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components, dijkstra

from tomteanalyse.network.shortcuts.arrays import Bools, Floats, Ints
from tomteanalyse.network.shortcuts.edges import SAFE_NET
from tomteanalyse.network.shortcuts.end_links import EndLinks
from tomteanalyse.network.shortcuts.levels import Levels

DIRECT = -1
"""Instead of a link: the way has nodes, rather than follow a single edge between its two feet."""


class Fan:
    """Shortest ways from sources to targets, by Dijkstra from one source at a time.

    Parameters
    ----------
    levels
        The graphs.
    sources, targets
        Their links.
    source_count, target_count
        How many of each.

    Notes
    -----
    Ends are rows that are left and never entered (Dijkstra 1959, with SciPy).
    """

    def __init__(
        self,
        levels: Levels,
        sources: EndLinks,
        targets: EndLinks,
        *,
        source_count: int,
        target_count: int,
    ) -> None:
        self._levels, self._sources, self._targets = levels, sources, targets
        self._source_count = source_count
        self._first_own = np.searchsorted(sources.end, np.arange(source_count + 1))
        self._first_link = np.searchsorted(targets.end, np.arange(target_count + 1))
        self._graphs: dict[int, csr_array] = {}
        self._parts: dict[int, Ints] = {}

    def connected(self, level: int, source: int, targets: Ints) -> Bools:
        """Tell which targets have any way at all, however long."""
        if level not in self._parts:
            graph = self._levels.levels[level].graph
            self._parts[level] = connected_components(graph, directed=False)[1]
        part, theirs = self._parts[level], self._targets
        reached = np.zeros(len(part) + 1, dtype=np.bool_)
        reached[part[self._sources.node[self._own_links(level, source)]]] = True
        link, owner = self._links_of(targets)
        fits = reached[part[theirs.node[link]]] & (theirs.level[link] <= level)
        return np.bincount(owner[fits], minlength=len(targets)) > 0

    def costs(self, level: int, source: int, targets: Ints, *, limit_m: float) -> Floats:
        """Return the cost of the way to each connected target [m], inf beyond the limit."""
        distance, _ = self._field(level, source, limit_m)
        cost = self._at_targets(level, source, targets, distance)[0]
        return np.where(cost <= limit_m, cost, np.inf)

    def walks(
        self, level: int, source: int, targets: Ints, *, limit_m: float
    ) -> tuple[Floats, Ints, Ints, Ints]:
        """Return the ways to connected targets.

        Returns
        -------
        tuple
            Costs [m], inf beyond the limit; the links of source and target, shape (n,) each; and
            the nodes from target to source, shape (n, k), with -1 after the last.
        """
        distance, before = self._field(level, source, limit_m)
        cost, link, own = self._at_targets(level, source, targets, distance)
        within = cost <= limit_m
        end = self._levels.count + source
        at = np.where(within & (own == DIRECT), self._targets.node[link], end)
        steps = []
        while (at != end).any():
            steps.append(at)
            at = np.where(at == end, end, before[at])
        table = np.stack(steps, axis=1) if steps else np.full((len(link), 0), end)
        table[table == end] = -1
        has_nodes = np.flatnonzero(within & (own == DIRECT))
        own[has_nodes] = self._links_to(level, source, table[has_nodes])
        return np.where(within, cost, np.inf), own, link, table

    def _own_links(self, level: int, source: int) -> Ints:
        """Return the links of a source that a graph has."""
        first, last = self._first_own[source : source + 2].tolist()
        found: Ints = np.flatnonzero(self._sources.level[first:last] <= level) + first
        return found

    def _links_of(self, targets: Ints) -> tuple[Ints, Ints]:
        """Return the links of targets, and the place of each link's target among them."""
        first = self._first_link[targets]
        count = self._first_link[targets + 1] - first
        owner = np.repeat(np.arange(len(targets)), count)
        return np.arange(len(owner)) + np.repeat(first - (np.cumsum(count) - count), count), owner

    def _links_to(self, level: int, source: int, tables: Ints) -> Ints:
        """Return the source's cheapest link to the last node of each walk."""
        last = tables[np.arange(len(tables)), (tables >= 0).sum(axis=1) - 1]
        mine = self._own_links(level, source)
        mine = mine[np.lexsort((self._sources.cost[mine], self._sources.node[mine]))]
        found: Ints = mine[np.searchsorted(self._sources.node[mine], last)]
        return found

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

    def _at_targets(
        self, level: int, source: int, targets: Ints, distance: Floats
    ) -> tuple[Floats, Ints, Ints]:
        """Return cost [m] and link of connected targets, and the source's link or DIRECT."""
        links = self._targets
        link, owner = self._links_of(targets)
        total = np.where(
            links.level[link] <= level, distance[links.node[link]] + links.cost[link], np.inf
        )
        own = np.full(len(link), DIRECT)
        self._shorten_along_one_edge(source, link, total, own)
        first = np.flatnonzero(np.diff(owner, prepend=-1))
        cost = np.minimum.reduceat(total, first) if len(first) else np.zeros(0)
        # The first of those that are equally short.
        best = np.flatnonzero(total == cost[owner])
        best = best[np.flatnonzero(np.diff(owner[best], prepend=-1))]
        return cost, link[best], own[best]

    def _shorten_along_one_edge(self, source: int, link: Ints, total: Floats, own: Ints) -> None:
        """Put ways along a single edge where they are shorter: cost and the source's link."""
        mine, targets, begins = self._sources, self._targets, self._levels.edges.u
        rows = self._own_links(SAFE_NET, source)
        rows = rows[(mine.edge[rows] >= 0) & (begins[mine.edge[rows]] == mine.node[rows])]
        same, row = np.nonzero(targets.edge[link][:, None] == mine.edge[rows])
        kept = begins[targets.edge[link[same]]] == targets.node[link[same]]
        for at, one in zip(same[kept].tolist(), rows[row[kept]].tolist(), strict=True):
            other = link[at]
            cost = (mine.cost[one] - mine.along_m[one]) + (
                targets.cost[other] - targets.along_m[other]
            )
            cost += abs(targets.along_m[other] - mine.along_m[one])
            if cost < total[at]:
                total[at], own[at] = cost, one
