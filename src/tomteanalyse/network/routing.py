"""Walking distances and ways from every plot to the places, on the contracted network."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from tomteanalyse.network.contraction import contract
from tomteanalyse.network.dividing import divide
from tomteanalyse.network.snapping import Attachments
from tomteanalyse.network.walk import SHORTEST_M, WalkNetwork


@dataclass(frozen=True)
class Feet:
    """Where the legs of some places stand on the contracted edges, one row per leg.

    Parameters
    ----------
    place
        Which place, shape (k,), sorted.
    leg_m
        Length of the straight leg [m], shape (k,).
    edge
        Contracted edge, shape (k,).
    position
        Metres from the edge's start, shape (k,).
    start_xy
        Where the leg begins at the place [m], shape (k, 2).
    """

    place: npt.NDArray[np.int64]
    leg_m: npt.NDArray[np.float64]
    edge: npt.NDArray[np.int64]
    position: npt.NDArray[np.float64]
    start_xy: npt.NDArray[np.float64]

    def chosen(self, legs: npt.NDArray[np.int64]) -> "Feet":
        """Return some of the legs, in their order."""
        return Feet(
            self.place[legs],
            self.leg_m[legs],
            self.edge[legs],
            self.position[legs],
            self.start_xy[legs],
        )


@dataclass(frozen=True)
class Field:
    """Distance from every terminal to the nearest of some places.

    Parameters
    ----------
    distance
        Metres, the place's leg included; inf where none can be reached, shape (t,).
    toward
        The next terminal on the way, or ``t + i`` where the leg to place ``i`` begins, or a
        negative number, shape (t,).
    place
        The place that is nearest, -1 where none can be reached, shape (t,).
    """

    distance: npt.NDArray[np.float64]
    toward: npt.NDArray[np.int64]
    place: npt.NDArray[np.int64]


@dataclass(frozen=True)
class Departures:
    """The network with places to leave from (see `Router.leaving_from`)."""

    graph: csr_array
    first: int
    terminals: int

    def distances(
        self, places: npt.NDArray[np.int64], *, limit_m: float
    ) -> npt.NDArray[np.float64]:
        """Return the distance from each of `places` to every terminal, inf beyond the limit."""
        found: npt.NDArray[np.float64] = dijkstra(
            self.graph, indices=self.first + places, limit=limit_m
        )
        return found[:, : self.terminals]


class Router:
    """The contracted network together with the places that are walked to.

    Parameters
    ----------
    network
        The safe network.
    places
        Legs of the places (amenities, units): the network is divided at their feet, so that every
        distance to them is exact.
    count
        Number of places.

    Notes
    -----
    Distances come from one multi-source Dijkstra (Dijkstra 1959) per class of places, with SciPy.
    Places are rows that are left but never entered: no way leads through a shop.
    """

    def __init__(self, network: WalkNetwork, places: Attachments, *, count: int) -> None:
        divided = divide(network, places)
        self._divided = divided
        self.chains = contract(
            divided.u, divided.v, divided.length, nodes=len(divided.xy), kept=divided.foot
        )
        self._places = places
        self._place_count = count
        self.terminals = len(self.chains.terminal)
        self.graph, self._edge_of = self._with_places(places)
        # Pieces in the order they are walked, edge by edge.
        self._by_edge = np.lexsort((self.chains.near_offset, self.chains.edge))
        self._sorted_edge = self.chains.edge[self._by_edge]

    def has_legs(self, places: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
        """Tell for each place whether the network can be reached from it at all."""
        pointer = self.graph.indptr
        legs: npt.NDArray[np.bool_] = np.diff(pointer)[self.terminals + places] > 0
        return legs

    def feet(self, legs: Attachments) -> Feet:
        """Place the legs of plots on the contracted edges."""
        divided = self._divided
        piece, along = divided.find(legs.segment, legs.along)
        return Feet(
            legs.place,
            legs.leg_m,
            self.chains.edge[piece],
            self.chains.position(piece, along, divided.length[piece]),
            legs.start_xy,
        )

    def nearest(self, places: npt.NDArray[np.int64]) -> Field:
        """Return the distance from every terminal to the nearest of `places` (their numbers)."""
        count = self.terminals
        if not len(places):
            far = np.full(count, -1, dtype=np.int64)
            return Field(np.full(count, np.inf), far, far)
        distance, before, source = dijkstra(
            self.graph, indices=count + places, min_only=True, return_predecessors=True
        )
        reached = np.isfinite(distance[:count])
        return Field(
            distance=distance[:count],
            toward=before[:count].astype(np.int64),
            place=np.where(reached, source[:count] - count, -1).astype(np.int64),
        )

    def distances_from(
        self, places: npt.NDArray[np.int64], *, limit_m: float
    ) -> npt.NDArray[np.float64]:
        """Return the distance from each of `places` to every terminal, inf beyond the limit."""
        found: npt.NDArray[np.float64] = dijkstra(
            self.graph, indices=self.terminals + places, limit=limit_m
        )
        return found[:, : self.terminals]

    def leaving_from(self, feet: Feet, *, places: int) -> "Departures":
        """Return the network with some places to leave from that are none of its own.

        Parameters
        ----------
        feet
            Their legs.
        places
            How many places there are; ``feet.place`` counts in them.
        """
        chains = self.chains
        row = np.tile(feet.place, 2)
        column = np.concatenate([chains.a[feet.edge], chains.b[feet.edge]])
        to_end = chains.length[feet.edge] - feet.position
        metres = np.concatenate([feet.leg_m + feet.position, feet.leg_m + to_end])
        order = np.lexsort((metres, column, row))
        first = np.append(True, (np.diff(row[order]) != 0) | (np.diff(column[order]) != 0))
        kept = order[first[: len(order)]]
        graph, size = self.graph, self.graph.shape[0] + places
        leaving = np.searchsorted(row[kept], np.arange(1, places + 1))
        joined = csr_array(
            (
                np.concatenate([graph.data, np.maximum(metres[kept], SHORTEST_M)]),
                np.concatenate([graph.indices, column[kept].astype(np.int32)]),
                np.concatenate([graph.indptr, graph.indptr[-1] + leaving]),
            ),
            shape=(size, size),
        )
        return Departures(joined, self.graph.shape[0], self.terminals)

    def at_feet(
        self, feet: Feet, distance: npt.NDArray[np.float64]
    ) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.bool_]]:
        """Return the distance from each leg's beginning, and whether it leaves by the edge's end.

        Parameters
        ----------
        feet
            Legs, k rows.
        distance
            Metres at the terminals, shape (..., t).
        """
        chains = self.chains
        by_start = distance[..., chains.a[feet.edge]] + feet.position
        by_end = distance[..., chains.b[feet.edge]] + (chains.length[feet.edge] - feet.position)
        by_end_nearer = by_end < by_start
        return np.where(by_end_nearer, by_end, by_start) + feet.leg_m, by_end_nearer

    def route(self, feet: Feet, leg: int, field: Field, *, by_end: bool) -> shapely.LineString:
        """Draw the way from the beginning of one leg to the nearest place, both legs included.

        Parameters
        ----------
        feet, leg
            The legs and which of them.
        field
            The search whose nearest place is walked to; it must be reachable.
        by_end
            Whether the leg's edge is left by its end (see `at_feet`).
        """
        chains, edge = self.chains, int(feet.edge[leg])
        position = float(feet.position[leg])
        stop = float(chains.length[edge]) if by_end else 0.0
        parts = [feet.start_xy[[leg]], self._stretch(edge, position, stop)]
        at = int(chains.b[edge] if by_end else chains.a[edge])
        while (after := int(field.toward[at])) < self.terminals:
            step = self._edge_between(after, at)
            backwards = int(chains.a[step]) != at
            ends = (
                (float(chains.length[step]), 0.0)
                if backwards
                else (0.0, float(chains.length[step]))
            )
            parts.append(self._stretch(step, *ends))
            at = after
        parts.append(self._leg_start(after - self.terminals, at))
        xy = np.concatenate(parts)
        moved = np.append(True, np.hypot(*np.diff(xy, axis=0).T) > SHORTEST_M)
        if moved.sum() < 2:
            moved[-1] = True
        return shapely.LineString(xy[moved])

    def _leg_start(self, place: int, terminal: int) -> npt.NDArray[np.float64]:
        """Return where the shortest leg from a place to a terminal begins [m], shape (1, 2)."""
        places = self._places
        first, last = np.searchsorted(places.place, [place, place + 1])
        legs = first + np.flatnonzero(
            self._divided.foot[first:last] == self.chains.terminal[terminal]
        )
        return places.start_xy[[legs[np.argmin(places.leg_m[legs])]]]

    def _stretch(self, edge: int, start: float, stop: float) -> npt.NDArray[np.float64]:
        """Return the line along an edge between two positions on it [m], in that direction."""
        low, high = min(start, stop), max(start, stop)
        xy, at = self._drawn(edge)
        inside = (at > low) & (at < high)
        ends = np.column_stack([np.interp([low, high], at, xy[:, axis]) for axis in (0, 1)])
        line = np.concatenate([ends[:1], xy[inside], ends[1:]])
        return line if start <= stop else line[::-1]

    def _drawn(self, edge: int) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """Return the vertices of an edge and their positions along it [m]."""
        chains, divided = self.chains, self._divided
        first, last = np.searchsorted(self._sorted_edge, [edge, edge + 1])
        pieces = self._by_edge[first:last]
        forward = chains.forward[pieces]
        near = np.where(forward, divided.u[pieces], divided.v[pieces])
        final = divided.v[pieces[-1]] if forward[-1] else divided.u[pieces[-1]]
        xy = divided.xy[np.append(near, final)]
        return xy, np.append(chains.near_offset[pieces], chains.length[edge])

    def _edge_between(self, row: int, column: int) -> int:
        span = slice(self.graph.indptr[row], self.graph.indptr[row + 1])
        return int(self._edge_of[span][self.graph.indices[span] == column][0])

    def _with_places(self, places: Attachments) -> tuple[csr_array, npt.NDArray[np.int64]]:
        """Return the directed graph of terminals and places, and the edge behind each entry."""
        chains, size = self.chains, self.terminals + self._place_count
        number = np.full(len(self._divided.xy), -1, dtype=np.int64)
        number[chains.terminal] = np.arange(self.terminals)
        edge = np.flatnonzero(chains.a != chains.b)
        a, b = chains.a[edge], chains.b[edge]
        row = np.concatenate([a, b, self.terminals + places.place])
        column = np.concatenate([b, a, number[self._divided.foot]])
        metres = np.concatenate([np.tile(chains.length[edge], 2), places.leg_m])
        behind = np.concatenate([np.tile(edge, 2), np.full(len(places.place), -1)])
        order = np.lexsort((behind, metres, column, row))
        # Of parallel edges only the shortest can be on a shortest way.
        first = np.append(True, (np.diff(row[order]) != 0) | (np.diff(column[order]) != 0))
        kept = order[first]
        pointer = np.searchsorted(row[kept], np.arange(size + 1))
        graph = csr_array(
            (np.maximum(metres[kept], SHORTEST_M), column[kept].astype(np.int32), pointer),
            shape=(size, size),
        )
        return graph, behind[kept]
