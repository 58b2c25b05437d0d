"""Every location on a hazard has one node per side, so that crossing it is an edge of its own."""

from dataclasses import dataclass

import numpy as np

from tomteanalyse.network.shortcuts.arrays import Bools, Floats, Ints, bearings
from tomteanalyse.network.shortcuts.hazards import LineRoles
from tomteanalyse.network.shortcuts.pieces import Pieces

EDGE_M = 100.0
"""A hazard that ends this near the extract's edge is taken to go on."""
CLIPPED_EDGE_M = 500.0
"""One that misses nodes is so when it ends this near."""
TURN = 8.0
"""More than a full turn [rad], so that location and bearing fit in one sortable number."""


@dataclass(frozen=True)
class Arms:
    """Pieces of hazards as they leave their locations, sorted by location and bearing.

    Parameters
    ----------
    location
        Shape (n,).
    bearing
        Counter-clockwise from east [rad], shape (n,).
    piece
        The piece, -1 for a hazard that goes on outside the extract, shape (n,).
    at_end
        Whether the piece ends (rather than begins) at the location, shape (n,).
    """

    location: Ints
    bearing: Floats
    piece: Ints
    at_end: Bools


@dataclass(frozen=True)
class Sides:
    """Nodes of the graph: one per location, or one per sector between the arms of hazards.

    Parameters
    ----------
    arms
        The arms.
    first_arm, arm_count
        Arms of each location, shape (m,).
    first_node, node_count
        Nodes of each location, shape (m,). Sector ``i`` lies between arm ``i`` and the next one
        counter-clockwise; with fewer than two arms there is one node, and one may walk round.
    location
        Location of each node, shape (nodes,).
    beyond
        Straight lines along which hazards go on outside the extract [m], shape (k, 2, 2).
    """

    arms: Arms
    first_arm: Ints
    arm_count: Ints
    first_node: Ints
    node_count: Ints
    location: Ints
    beyond: Floats

    def node_towards(self, location: Ints, bearing: Floats) -> Ints:
        """Return the node of each location in whose sector a bearing [rad] lies."""
        keys = self.arms.location * TURN + self.arms.bearing
        passed = np.searchsorted(keys, location * TURN + bearing, side="right")
        sector = passed - self.first_arm[location] - 1
        node: Ints = self.first_node[location] + sector % self.node_count[location]
        return np.where(self.node_count[location] > 1, node, self.first_node[location])

    def side_nodes(self, arm: Ints) -> tuple[Ints, Ints]:
        """Return the nodes to the left (counter-clockwise) and the right of arms, looking out."""
        location = self.arms.location[arm]
        count, first = self.node_count[location], self.first_node[location]
        number = arm - self.first_arm[location]
        return first + number % count, first + (number - 1) % count


def find_sides(
    pieces: Pieces,
    roles: LineRoles,
    *,
    clipped: Bools,
    bounds: tuple[float, float, float, float],
    reach_m: float,
) -> Sides:
    """Give every location its nodes.

    Parameters
    ----------
    pieces, roles
        The pieces, and what their lines are.
    clipped
        Whether each line misses nodes in the extract.
    bounds
        Extent of the data [m].
    reach_m
        How far a hazard goes on beyond the bounds [m].
    """
    hazard = np.flatnonzero(roles.hazard[pieces.line])
    u, v = pieces.u[hazard], pieces.v[hazard]
    location = np.concatenate([u, v])
    out = bearings(pieces.xy[u], pieces.xy[v])
    bearing = np.concatenate([out, bearings(pieces.xy[v], pieces.xy[u])])
    piece = np.concatenate([hazard, hazard])
    at_end = np.repeat([False, True], len(hazard))

    count = np.bincount(location, minlength=len(pieces.xy))
    near_m = np.where(clipped[pieces.line[piece]], CLIPPED_EDGE_M, EDGE_M)
    ends = np.flatnonzero((count[location] == 1) & (_to_edge(pieces.xy[location], bounds) < near_m))
    outward = (bearing[ends] + np.pi) % (2 * np.pi)
    start = pieces.xy[location[ends]]
    far_m = _to_edge(start, bounds).clip(min=0) * np.sqrt(2) + reach_m + EDGE_M
    beyond = start + far_m[:, None] * np.column_stack([np.cos(outward), np.sin(outward)])

    location = np.concatenate([location, location[ends]])
    bearing = np.concatenate([bearing, outward])
    piece = np.concatenate([piece, np.full(len(ends), -1)])
    at_end = np.concatenate([at_end, np.zeros(len(ends), dtype=np.bool_)])
    order = np.lexsort((at_end, piece, bearing, location))
    arms = Arms(location[order], bearing[order], piece[order], at_end[order])
    arm_count = np.bincount(location, minlength=len(pieces.xy)).astype(np.int64)
    node_count = np.maximum(arm_count, 1)
    return Sides(
        arms=arms,
        first_arm=np.cumsum(arm_count) - arm_count,
        arm_count=arm_count,
        first_node=np.cumsum(node_count) - node_count,
        node_count=node_count,
        location=np.repeat(np.arange(len(pieces.xy)), node_count),
        beyond=np.stack([start, beyond], axis=1),
    )


def _to_edge(xy: Floats, bounds: tuple[float, float, float, float]) -> Floats:
    """Return metres to the nearest edge, negative outside."""
    west, south, east, north = bounds
    x, y = xy.T
    inside: Floats = np.minimum.reduce([x - west, east - x, y - south, north - y])
    return inside
