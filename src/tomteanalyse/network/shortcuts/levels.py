"""The four nested graphs: the safe network, open ground, moderate hazards, severe hazards."""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from tomteanalyse.network.shortcuts.arrays import Floats, Ints
from tomteanalyse.network.shortcuts.edges import CROSSING, SEVERE, Edges, joined
from tomteanalyse.network.shortcuts.ground import Ground

SHORTEST_M = 1e-9
"""No cost is smaller: a zero would vanish from a sparse matrix."""
TIE_M = 1e-5
"""What a certain death costs more [m], so that of ways that are equally long the less dangerous is
the one, from whichever end it is looked for."""
TIE_ALONG_M = 200.0
"""So many metres along a hazard count as much as crossing it [m]."""


@dataclass(frozen=True)
class Level:
    """One of the graphs, of undirected edges that are the cheapest between their nodes.

    Parameters
    ----------
    edge
        Row of each edge in the table, sorted by `key`.
    key
        The smaller node times the number of nodes plus the larger, sorted.
    graph
        The costs as a symmetric matrix [m].
    """

    edge: Ints
    key: Ints
    graph: csr_array


@dataclass(frozen=True)
class Levels:
    """The graphs on their common nodes.

    Parameters
    ----------
    edges
        All edges.
    levels
        The four graphs, each with all edges of those before it (unless a cheaper one is parallel).
    ground
        The open ground, which knows where the nodes are.
    """

    edges: Edges
    levels: tuple[Level, ...]
    ground: Ground

    @property
    def count(self) -> int:
        """Number of nodes."""
        return len(self.ground.node_xy)

    def with_sources(
        self, level: int, source: Ints, node: Ints, cost: Floats, *, sources: int
    ) -> csr_array:
        """Return a graph with extra nodes at its end that can be left but not entered.

        Parameters
        ----------
        level
            Which of the four.
        source, node, cost
            Links from extra nodes (numbered from 0) to nodes, and their costs [m], shape (k,).
        sources
            Number of extra nodes.
        """
        graph = self.levels[level].graph
        order = np.lexsort((cost, node, source))
        source, node, cost = source[order], node[order], np.maximum(cost[order], SHORTEST_M)
        first = np.append(True, (np.diff(source) != 0) | (np.diff(node) != 0))[: len(source)]
        source, node, cost = source[first], node[first], cost[first]
        pointer = np.searchsorted(source, np.arange(1, sources + 1)) + graph.indptr[-1]
        size = self.count + sources
        return csr_array(
            (
                np.concatenate([graph.data, cost]),
                np.concatenate([graph.indices, node.astype(np.int32)]),
                np.concatenate([graph.indptr, pointer.astype(np.int32)]),
            ),
            shape=(size, size),
        )

    def edges_between(self, level: int, a: Ints, b: Ints) -> Ints:
        """Return the edge of a graph between each two neighbouring nodes."""
        found = self.levels[level]
        key = np.minimum(a, b) * self.count + np.maximum(a, b)
        edge: Ints = found.edge[np.searchsorted(found.key, key)]
        return edge


def build_levels(ground: Ground, *, last: int = SEVERE) -> Levels:
    """Sort the edges of the network and the open ground into the four graphs.

    Parameters
    ----------
    ground
        The open ground, which knows its network.
    last
        The last of the graphs that is wanted.
    """
    edges = joined([ground.network.edges, ground.edges])
    edges = edges.chosen(np.flatnonzero(edges.u != edges.v))
    count = len(ground.node_xy)
    key = np.minimum(edges.u, edges.v) * count + np.maximum(edges.u, edges.v)
    order = np.lexsort((edges.severity, edges.level, edges.cost, key))
    levels = []
    for level in range(last + 1):
        mine = order[edges.level[order] <= level]
        first = np.append(True, np.diff(key[mine]) != 0)[: len(mine)]
        edge = mine[first]
        levels.append(Level(edge=edge, key=key[edge], graph=_graph(edges, edge, count)))
    return Levels(edges, tuple(levels), ground)


def _graph(edges: Edges, chosen: Ints, count: int) -> csr_array:
    u, v = edges.u[chosen].astype(np.int32), edges.v[chosen].astype(np.int32)
    # Along a hazard the danger grows with the metres.
    share = np.where(edges.kind[chosen] == CROSSING, 1.0, edges.metres[chosen] / TIE_ALONG_M)
    cost = np.maximum(edges.cost[chosen], SHORTEST_M) + TIE_M * share * edges.severity[chosen]
    graph = csr_array(
        (np.tile(cost, 2), (np.concatenate([u, v]), np.concatenate([v, u]))), shape=(count, count)
    )
    graph.sort_indices()
    return graph
