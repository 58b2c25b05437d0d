"""Open ground: straight links between the points that see each other."""

from dataclasses import dataclass, replace

import numpy as np
import shapely
from scipy.spatial import cKDTree

from tomteanalyse.network.shortcuts.arrays import Bools, Floats, Ints, bearings
from tomteanalyse.network.shortcuts.edges import (
    GROUND,
    MODERATE,
    NO_HAZARD,
    SEVERE,
    Edges,
    edges,
    joined,
)
from tomteanalyse.network.shortcuts.lattice import free_lattice, network_points
from tomteanalyse.network.shortcuts.network_edges import SidedNetwork
from tomteanalyse.network.shortcuts.parameters import ShortcutParameters
from tomteanalyse.network.shortcuts.surroundings import Surroundings
from tomteanalyse.network.shortcuts.walls import Walls, find_walls, shortened

CHUNK = 200_000


@dataclass(frozen=True)
class Ground:
    """Points on open ground and the links between them.

    Parameters
    ----------
    network
        The ways and hazards.
    walls
        What links must not cross.
    xy
        Coordinates of the points [m]: chosen locations of the network, then the lattice.
    location
        Location of each point, -1 on the lattice, shape (n,).
    node
        Node of the points on the lattice and of locations with a single one, else -1, shape (n,).
    node_xy
        Coordinates of all nodes [m], those of the network first.
    edges
        Links.
    """

    network: SidedNetwork
    walls: Walls
    xy: Floats
    location: Ints
    node: Ints
    node_xy: Floats
    edges: Edges

    @property
    def on_hazard(self) -> Bools:
        """Whether each point is a location on a hazard."""
        arms = self.network.sides.arm_count
        return (self.location >= 0) & (arms[self.location] > 0)

    def nodes_towards(self, point: Ints, bearing: Floats) -> Ints:
        """Return the node of each point that looks in a direction [rad]."""
        found = self.node[point].copy()
        sided = np.flatnonzero(found < 0)
        found[sided] = self.network.sides.node_towards(self.location[point[sided]], bearing[sided])
        return found


def build_ground(
    network: SidedNetwork,
    surroundings: Surroundings,
    *,
    area: shapely.Geometry | None,
    parameters: ShortcutParameters,
) -> Ground:
    """Lay the lattice over an area and link what is visible.

    Parameters
    ----------
    network
        The ways and hazards.
    surroundings
        Obstacles, fences, cover.
    area
        Where open ground matters [m]; None for the whole extract. The lattice is anchored at the
        origin of the coordinate system, so that a way inside the area does not depend on it.
    parameters
        Spacing, reach, thinning.
    """
    walls = find_walls(network, surroundings, verge_m=parameters.verge_m)
    stood_on = network_points(network, surroundings, thin_m=parameters.thin_m)
    network_xy = network.pieces.xy[stood_on]
    lattice = free_lattice(
        walls, network.extract.bounds, area, network_xy, spacing_m=parameters.lattice_m
    )
    if area is not None:
        shapely.prepare(area)
        stood_on = stood_on[shapely.contains_xy(area, *network_xy.T)]

    sides = network.sides
    first_free = len(sides.location)
    single = sides.node_count[stood_on] == 1
    ground = Ground(
        network=network,
        walls=walls,
        xy=np.concatenate([network.pieces.xy[stood_on], lattice]),
        location=np.concatenate([stood_on, np.full(len(lattice), -1)]),
        node=np.concatenate(
            [
                np.where(single, sides.first_node[stood_on], -1),
                first_free + np.arange(len(lattice)),
            ]
        ),
        node_xy=np.concatenate([network.pieces.xy[sides.location], lattice]),
        edges=_no_edges(),
    )
    return _linked(ground, parameters)


def _no_edges() -> Edges:
    none = np.zeros(0, dtype=np.int64)
    return edges(none, none, cost=np.zeros(0), metres=np.zeros(0), level=0, kind=GROUND)


def _linked(ground: Ground, parameters: ShortcutParameters) -> Ground:
    pairs = cKDTree(ground.xy).query_pairs(parameters.reach_m, output_type="ndarray")
    pairs = pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))].astype(np.int64)
    chunks = [
        _links(ground, pairs[first : first + CHUNK], severe=parameters.severe)
        for first in range(0, len(pairs), CHUNK)
    ]
    return replace(ground, edges=joined([_no_edges(), *chunks]))


def _links(ground: Ground, pairs: Ints, *, severe: float) -> Edges:
    walls = ground.walls
    on_hazard = ground.on_hazard
    a, b = pairs.T
    start, end = ground.xy[a], ground.xy[b]
    tested = shortened(start, end, at_start=on_hazard[a], at_end=on_hazard[b])
    kept = np.flatnonzero(~walls.crosses_hazard(tested))
    kept = kept[~walls.surroundings.blocked(tested[kept])]
    both = kept[on_hazard[a[kept]] & on_hazard[b[kept]]]
    kept = np.setdiff1d(kept, both[walls.beside_hazard(start[both], end[both])])
    kept = kept[~walls.on_verge(start[kept], end[kept])]
    a, b, start, end, tested = a[kept], b[kept], start[kept], end[kept], tested[kept]
    level = np.maximum(level_at(ground, a, severe=severe), level_at(ground, b, severe=severe))
    metres = np.hypot(*(end - start).T)
    per_metre = walls.surroundings.ground_cost((start + end) / 2)
    return edges(
        ground.nodes_towards(a, bearings(start, end)),
        ground.nodes_towards(b, bearings(end, start)),
        cost=metres * per_metre + walls.surroundings.climbing(tested),
        metres=metres,
        level=level,
        kind=GROUND,
    )


def level_at(ground: Ground, point: Ints, *, severe: float) -> Ints:
    """Return the level at which one may end a link at points: at a fast road only in T."""
    network = ground.network
    worst = np.zeros(len(network.pieces.xy))
    verge = np.flatnonzero(network.roles.verge[network.pieces.line])
    for ends in (network.pieces.u[verge], network.pieces.v[verge]):
        np.maximum.at(worst, ends, network.roles.severity[network.pieces.line[verge]])
    severity = np.where(ground.location[point] >= 0, worst[ground.location[point]], 0.0)
    return np.where(severity == 0.0, NO_HAZARD, np.where(severity < severe, MODERATE, SEVERE))
