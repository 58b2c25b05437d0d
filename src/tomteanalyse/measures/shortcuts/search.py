"""The search for ways between plots and destinations on each of the four graphs."""

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components, dijkstra

from tomteanalyse.measures.shortcuts.ways import Path, Ways, join_ways
from tomteanalyse.network.shortcuts.arrays import Bools, Floats, Ints
from tomteanalyse.network.shortcuts.edges import SAFE_NET
from tomteanalyse.network.shortcuts.ends import EndLinks
from tomteanalyse.network.shortcuts.levels import Levels

__all__ = ["Path", "Search"]

DIRECT = -1
"""Instead of a link: the way follows a single edge between its two feet."""
LEAST_REACH_M = 100.0
NOWHERE = np.zeros(0, dtype=np.int64)


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
    destination. Ends are rows that are left and never entered (Dijkstra 1959, with SciPy). The
    effort grows with the square of how far is looked, so that nothing is looked for farther than
    need be.
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
        self._first_link = np.searchsorted(self._targets.end, np.arange(self._target_count + 1))
        self._graphs: dict[int, csr_array] = {}
        self._parts: dict[int, Ints] = {}

    def costs(self, level: int, wanted: Bools, *, limit_m: float) -> Floats:
        """Return costs of ways [m], inf beyond the limit.

        Parameters
        ----------
        level
            Which of the graphs.
        wanted
            Which pairs are wanted, shape (plots, destinations); others may be inf.
        limit_m
            How far is looked [m].
        """
        found = np.full((self._source_count, self._target_count), np.inf)
        wanted = wanted if self._from_plots else wanted.T
        for source in np.flatnonzero(wanted.any(axis=1)).tolist():
            targets = np.flatnonzero(wanted[source])
            targets = targets[self._connected(level, source, targets)]
            distance, _ = self._field(level, source, limit_m)
            found[source, targets] = self._at_targets(level, source, targets, distance)[0]
        found[found > limit_m] = np.inf
        return found if self._from_plots else found.T

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
        mine, others = (plots, destinations) if self._from_plots else (destinations, plots)
        cost = np.full(len(mine), np.inf)
        links = np.full((2, len(mine)), -1)
        rows_found, lengths, nodes = [NOWHERE], [NOWHERE], [NOWHERE]
        order = np.argsort(mine, kind="stable")
        for rows in np.split(order, np.flatnonzero(np.diff(mine[order])) + 1):
            if not len(rows):
                continue
            source = int(mine[rows[0]])
            rows = rows[self._connected(level, source, others[rows])]
            reach_m = float(guess_m[rows].max(initial=LEAST_REACH_M))
            while len(rows):
                reach_m = min(reach_m, limit_m)
                distance, before = self._field(level, source, reach_m)
                at_target, link, own = self._at_targets(level, source, others[rows], distance)
                near = at_target <= reach_m
                got, link, own = rows[near], link[near], own[near]
                cost[got] = at_target[near]
                walks = self._walks(before, link, own, source)
                rows_found.append(got)
                lengths.append((walks >= 0).sum(axis=1))
                nodes.append(walks[walks >= 0])
                links[0, got] = np.where(
                    own == DIRECT, self._first_links(level, source, walks), own
                )
                links[1, got] = link
                rows = rows[~near] if reach_m < limit_m else rows[:0]
                reach_m *= 2.0
        start, by_row = _regrouped(
            np.concatenate(rows_found), np.concatenate(lengths), np.concatenate(nodes), len(mine)
        )
        sides = (self._sources, self._targets)
        if not self._from_plots:
            sides, links = sides[::-1], links[::-1]
        return join_ways(
            cost,
            start,
            by_row,
            links[0],
            links[1],
            plots=sides[0],
            places=sides[1],
            levels=self._levels,
            level=level,
        )

    def straight_m(self, plots: Ints, destinations: Ints) -> Floats:
        """Return straight distances between pairs [m], from one point of each; 0 without links."""
        mine, others = (plots, destinations) if self._from_plots else (destinations, plots)
        xy = []
        for links, count in (
            (self._sources, self._source_count),
            (self._targets, self._target_count),
        ):
            somewhere = np.full((count, 2), np.nan)
            somewhere[links.end] = links.start
            xy.append(somewhere)
        straight_m: Floats = np.nan_to_num(np.hypot(*(xy[0][mine] - xy[1][others]).T))
        return straight_m

    def _connected(self, level: int, source: int, targets: Ints) -> Bools:
        """Tell which of some targets have any way at all from a source."""
        if level not in self._parts:
            graph = self._levels.levels[level].graph
            self._parts[level] = connected_components(graph, directed=False)[1]
        part, mine, theirs = self._parts[level], self._own_links(level, source), self._targets
        reached = np.zeros(len(part) + 1, dtype=np.bool_)
        reached[part[self._sources.node[mine]]] = True
        link, owner = self._links_of(targets)
        fits = reached[part[theirs.node[link]]] & (theirs.level[link] <= level)
        found = np.zeros(len(targets), dtype=np.bool_)
        found[owner[fits]] = True
        return found

    def _own_links(self, level: int, source: int) -> Ints:
        """Return the links of a source that a graph has."""
        first, last = np.searchsorted(self._sources.end, [source, source + 1])
        found: Ints = np.flatnonzero(self._sources.level[first:last] <= level) + first
        return found

    def _links_of(self, targets: Ints) -> tuple[Ints, Ints]:
        """Return the links of targets, and the place of each link's target among them."""
        first = self._first_link[targets]
        count = self._first_link[targets + 1] - first
        owner = np.repeat(np.arange(len(targets)), count)
        return np.arange(len(owner)) + np.repeat(first - (np.cumsum(count) - count), count), owner

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
        """Return the cost [m] and the link of targets that are connected, and the source's link.

        The source's link is DIRECT where the way has nodes.
        """
        links = self._targets
        row, owner = self._links_of(targets)
        total = np.where(
            links.level[row] <= level, distance[links.node[row]] + links.cost[row], np.inf
        )
        along, own = self._along_one_edge(source, row)
        own = np.where(along < total, own, DIRECT)
        total = np.minimum(along, total)
        order = np.lexsort((total, owner))
        best = order[np.unique(owner[order], return_index=True)[1]]
        return total[best], row[best], own[best]

    def _along_one_edge(self, source: int, links: Ints) -> tuple[Floats, Ints]:
        """Return the cost of ways along a single edge, by target link, and the source's link."""
        mine, targets, begins = self._sources, self._targets, self._levels.edges.u
        cost, own = np.full(len(links), np.inf), np.full(len(links), DIRECT)
        rows = self._own_links(SAFE_NET, source)
        rows = rows[(mine.edge[rows] >= 0) & (begins[mine.edge[rows]] == mine.node[rows])]
        there = np.flatnonzero(np.isin(targets.edge[links], mine.edge[rows]))
        there = there[begins[targets.edge[links[there]]] == targets.node[links[there]]]
        for row in rows.tolist() if len(there) else []:
            same = there[targets.edge[links[there]] == mine.edge[row]]
            link = links[same]
            total = (mine.cost[row] - mine.along_m[row]) + (
                targets.cost[link] - targets.along_m[link]
            )
            total += np.abs(targets.along_m[link] - mine.along_m[row])
            better = total < cost[same]
            cost[same[better]], own[same[better]] = total[better], row
        return cost, own

    def _walks(self, before: Ints, link: Ints, own: Ints, source: int) -> Ints:
        """Return the nodes of ways in walking order, one row each, with -1 where there is none."""
        end = self._levels.count + source
        at = np.where(own == DIRECT, self._targets.node[link], end)
        steps = []
        while (at != end).any():
            steps.append(at)
            at = np.where(at == end, end, before[at])
        table = np.stack(steps, axis=1) if steps else np.full((len(link), 0), end)
        table = np.where(table == end, -1, table)
        walks: Ints = table[:, ::-1] if self._from_plots else table
        return walks

    def _first_links(self, level: int, source: int, walks: Ints) -> Ints:
        """Return the source's link to the node next to it on each walk, -1 without nodes."""
        has = (walks >= 0).any(axis=1)
        first = walks[:, ::-1] if self._from_plots else walks
        # Walks from the target are filled up behind the source's end, those from the plot before.
        at = (first >= 0).sum(axis=1) - 1
        node = first[np.flatnonzero(has), at[has]]
        mine = self._own_links(level, source)
        mine = mine[np.lexsort((self._sources.cost[mine], self._sources.node[mine]))]
        found = np.full(len(walks), -1)
        found[has] = mine[np.searchsorted(self._sources.node[mine], node)]
        return found


def _regrouped(rows: Ints, lengths: Ints, values: Ints, count: int) -> tuple[Ints, Ints]:
    """Return values that come row by row in the order of the rows, and where each row's begin."""
    length = np.zeros(count, dtype=np.int64)
    length[rows] = lengths
    begin = np.zeros(count, dtype=np.int64)
    begin[rows] = np.cumsum(lengths) - lengths
    start = np.concatenate([[0], np.cumsum(length)])
    picked = np.arange(start[-1]) + np.repeat(begin - start[:-1], length)
    return start, values[picked]
