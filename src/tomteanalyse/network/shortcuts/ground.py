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
NEAR_M = 0.01
"""What is this near may lie on a link, whatever rounding says [m]."""


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


@dataclass(frozen=True)
class Site:
    """What open ground is laid over.

    Parameters
    ----------
    network
        The ways and hazards.
    walls
        What links must not cross.
    stood_on
        Locations of the network that open ground is linked to, sorted.
    """

    network: SidedNetwork
    walls: Walls
    stood_on: Ints


def find_site(
    network: SidedNetwork, surroundings: Surroundings, *, parameters: ShortcutParameters
) -> Site:
    """Collect what open ground is laid over.

    Parameters
    ----------
    network
        The ways and hazards.
    surroundings
        Obstacles, fences, cover.
    parameters
        Thinning, verge.
    """
    return Site(
        network,
        find_walls(network, surroundings, verge_m=parameters.verge_m),
        network_points(network, surroundings, thin_m=parameters.thin_m),
    )


def no_ground(site: Site) -> Ground:
    """Return open ground without a point."""
    return _ground(site, site.stood_on[:0], np.zeros((0, 2)))


def only_points(
    site: Site, *, area: shapely.Geometry | None, parameters: ShortcutParameters
) -> Ground:
    """Lay the lattice over an area, without any links (see `build_ground`)."""
    network, stood_on = site.network, site.stood_on
    network_xy = network.pieces.xy[stood_on]
    lattice = free_lattice(
        site.walls, network.extract.bounds, area, network_xy, spacing_m=parameters.lattice_m
    )
    if area is not None:
        shapely.prepare(area)
        stood_on = stood_on[shapely.contains_xy(area, *network_xy.T)]
    return _ground(site, stood_on, lattice)


def build_ground(
    site: Site, *, area: shapely.Geometry | None, parameters: ShortcutParameters
) -> Ground:
    """Lay the lattice over an area and link what is visible.

    Parameters
    ----------
    site
        The ways, and what stands between them.
    area
        Where open ground matters [m]; None for the whole extract. The lattice is anchored at the
        origin of the coordinate system, so that a way inside the area does not depend on it.
    parameters
        Spacing, reach.
    """
    return _linked(only_points(site, area=area, parameters=parameters), parameters)


def _ground(site: Site, stood_on: Ints, lattice: Floats) -> Ground:
    network, sides = site.network, site.network.sides
    first_free = len(sides.location)
    single = sides.node_count[stood_on] == 1
    return Ground(
        network=network,
        walls=site.walls,
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


def _no_edges() -> Edges:
    none = np.zeros(0, dtype=np.int64)
    return edges(none, none, cost=np.zeros(0), metres=np.zeros(0), level=0, kind=GROUND)


@dataclass(frozen=True)
class _Near:
    """What lies near each point: nothing farther off can lie on a link between two.

    Parameters
    ----------
    hazard_m, obstacle_m, fence_m
        Distance to the nearest, or half the reach where that is less [m], shape (n,).
    verge
        Whether a verge lies within half a link, shape (n,).
    level
        See `level_at`.
    """

    hazard_m: Floats
    obstacle_m: Floats
    fence_m: Floats
    verge: Bools
    level: Ints


def _near(ground: Ground, parameters: ShortcutParameters) -> _Near:
    points, walls = shapely.points(ground.xy), ground.walls
    half_m = parameters.reach_m / 2.0 + NEAR_M

    def away_m(tree: shapely.STRtree) -> Floats:
        found = np.full(len(points), half_m)
        if len(tree) and len(points):
            (point, _), metres = tree.query_nearest(
                points, max_distance=half_m, return_distance=True, all_matches=False
            )
            found[point] = metres
        return found

    verge = np.zeros(len(points), dtype=np.bool_)
    verge[walls.verges.query(points, predicate="dwithin", distance=half_m + walls.verge_m)[0]] = (
        True
    )
    return _Near(
        hazard_m=away_m(walls.hazards),
        obstacle_m=away_m(walls.surroundings.obstacles),
        fence_m=away_m(walls.surroundings.fences),
        verge=verge,
        level=level_at(ground, np.arange(len(points)), severe=parameters.severe),
    )


def _linked(ground: Ground, parameters: ShortcutParameters) -> Ground:
    near = _near(ground, parameters)
    pairs = cKDTree(ground.xy).query_pairs(parameters.reach_m, output_type="ndarray")
    count = len(ground.xy)
    numbers = np.sort(pairs[:, 0].astype(np.int64) * count + pairs[:, 1])
    chunks = [
        _links(ground, near, *np.divmod(numbers[first : first + CHUNK], count))
        for first in range(0, len(numbers), CHUNK)
    ]
    return replace(ground, edges=joined([_no_edges(), *chunks]))


def _links(ground: Ground, near: _Near, a: Ints, b: Ints) -> Edges:
    """Return the links between pairs of points that nothing stops."""
    walls, xy = ground.walls, ground.xy
    surroundings, on_hazard = walls.surroundings, ground.on_hazard
    metres = np.hypot(*(xy[b] - xy[a]).T) + NEAR_M
    may_cross, may_meet, may_climb = (
        away_m[a] + away_m[b] <= metres for away_m in (near.hazard_m, near.obstacle_m, near.fence_m)
    )
    rows = np.flatnonzero(may_cross | may_meet | may_climb)
    drawn = shortened(
        xy[a[rows]], xy[b[rows]], at_start=on_hazard[a[rows]], at_end=on_hazard[b[rows]]
    )
    stopped = np.zeros(len(rows), dtype=np.bool_)
    for may, stops in ((may_cross, walls.crosses_hazard), (may_meet, surroundings.blocked)):
        tested = np.flatnonzero(may[rows] & ~stopped)
        stopped[tested] = stops(drawn[tested])
    free = np.ones(len(a), dtype=np.bool_)
    free[rows[stopped]] = False
    climbed_m = np.zeros(len(a))
    climbing = ~stopped & may_climb[rows]
    climbed_m[rows[climbing]] = surroundings.climbing(drawn[climbing])
    for near_it, runs_along in (
        (on_hazard[a] & on_hazard[b], walls.beside_hazard),
        (near.verge[a] | near.verge[b], walls.on_verge),
    ):
        rows = np.flatnonzero(free & near_it)
        free[rows] = ~runs_along(xy[a[rows]], xy[b[rows]])

    a, b, climbed_m = a[free], b[free], climbed_m[free]
    start, end = xy[a], xy[b]
    metres = np.hypot(*(end - start).T)
    return edges(
        ground.nodes_towards(a, bearings(start, end)),
        ground.nodes_towards(b, bearings(end, start)),
        cost=metres * surroundings.ground_cost(shapely.points((start + end) / 2)) + climbed_m,
        metres=metres,
        level=np.maximum(near.level[a], near.level[b]),
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
