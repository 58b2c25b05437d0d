"""Points on open ground: a hexagonal lattice, and the vertices of the network."""

import numpy as np
import shapely
from scipy.spatial import cKDTree

from tomteanalyse.network.shortcuts.arrays import Bools, Floats, Ints
from tomteanalyse.network.shortcuts.network_edges import SidedNetwork
from tomteanalyse.network.shortcuts.surroundings import Surroundings
from tomteanalyse.network.shortcuts.walls import Walls

OFF_NETWORK = 0.35
"""No point of the lattice lies nearer a point of the network than this share of the spacing."""


def free_lattice(
    walls: Walls,
    bounds: tuple[float, float, float, float],
    area: shapely.Geometry | None,
    network_xy: Floats,
    *,
    spacing_m: float,
) -> Floats:
    """Return the points of the lattice where one may stand and no point of the network is [m]."""
    lattice = lattice_points(bounds, area, spacing_m=spacing_m)
    lattice = lattice[~_within(walls.surroundings.obstacles, lattice)]
    lattice = lattice[~walls.near_hazard(lattice)]
    if len(network_xy) and len(lattice):
        apart_m = cKDTree(network_xy).query(lattice)[0]
        lattice = lattice[apart_m >= OFF_NETWORK * spacing_m]
    return lattice


def lattice_points(
    bounds: tuple[float, float, float, float],
    area: shapely.Geometry | None,
    *,
    spacing_m: float,
) -> Floats:
    """Return the points of a hexagonal lattice anchored at (0, 0) inside the bounds and the area.

    Parameters
    ----------
    bounds
        West, south, east, north [m].
    area
        None for all within the bounds.
    spacing_m
        Distance between neighbours [m].
    """
    west, south, east, north = bounds
    if area is not None:
        if area.is_empty:
            return np.zeros((0, 2))
        a_west, a_south, a_east, a_north = area.bounds
        west, south = max(west, a_west), max(south, a_south)
        east, north = min(east, a_east), min(north, a_north)
    row_m = spacing_m * np.sqrt(3.0) / 2.0
    rows = np.arange(np.ceil(south / row_m), np.floor(north / row_m) + 1)
    columns = np.arange(np.floor(west / spacing_m) - 1, np.ceil(east / spacing_m) + 1)
    row, column = np.meshgrid(rows, columns, indexing="ij")
    x = (column + (row % 2) / 2.0) * spacing_m
    xy = np.column_stack([x.ravel(), (row * row_m).ravel()])
    xy = xy[(xy[:, 0] >= west) & (xy[:, 0] <= east)]
    if area is not None and len(xy):
        shapely.prepare(area)
        xy = xy[shapely.contains_xy(area, *xy.T)]
    return xy


def network_points(network: SidedNetwork, surroundings: Surroundings, *, thin_m: float) -> Ints:
    """Return the locations of the network that open ground is linked to, sorted.

    One per square of `thin_m` and, for hazards, per way, so that of parallel tracks each keeps its
    own; OSM's own nodes come before cuts, junctions before other nodes, small ids before large.
    """
    pieces = network.pieces
    chosen = np.flatnonzero(network.on_ground)
    chosen = chosen[~surroundings.within_building(shapely.points(pieces.xy[chosen]))]
    if thin_m <= 0 or not len(chosen):
        return chosen
    count = len(pieces.xy)
    degree = np.bincount(np.concatenate([pieces.u, pieces.v]), minlength=count)
    way = np.full(count, np.iinfo(np.int64).max)
    hazard = np.flatnonzero(network.roles.hazard[pieces.line])
    for ends in (pieces.u[hazard], pieces.v[hazard]):
        np.minimum.at(way, ends, network.extract.lines.way[pieces.line[hazard]])
    column, row = np.floor(pieces.xy[chosen] / thin_m).astype(np.int64).T
    is_cut = (pieces.osm_node[chosen] == 0) & ~pieces.unshared[chosen]
    plain = degree[chosen] == 2
    order = np.lexsort((chosen, plain, is_cut, way[chosen], column, row))
    cells = np.column_stack([row, column, way[chosen]])[order]
    first = np.append(True, (cells[1:] != cells[:-1]).any(axis=1))
    return np.sort(chosen[order[first]])


def _within(tree: shapely.STRtree, xy: Floats) -> Bools:
    inside = np.zeros(len(xy), dtype=np.bool_)
    inside[tree.query(shapely.points(xy), predicate="intersects")[0]] = True
    return inside
