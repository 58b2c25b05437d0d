"""Which cells a municipality's releases are told of; fixed by its first release."""

from collections.abc import Iterable

import geopandas as gpd
import numpy as np
import shapely

from tomteanalyse.measures.concentration.grid import (
    GRID_CRS,
    LARGE_M,
    SMALL_M,
    Ids,
    cell_boxes,
    cell_corners,
    cell_ids,
)
from tomteanalyse.publishing.released import WHOLE, Node, Tree

BEND_M = 1_000.0
"""Straight edges of another system bend in the grid's: they are turned into it in such steps."""


def large_cells_over(area: gpd.GeoSeries) -> tuple[int, ...]:
    """Return the large cells that an area touches, whole, in order.

    Parameters
    ----------
    area
        Polygons in any system. What lies inside does not matter, or the cells themselves would tell
        where there are homes.
    """
    in_grid = shapely.union_all(area.segmentize(BEND_M).to_crs(GRID_CRS).to_numpy())
    west, south, east, north = np.floor(np.array(in_grid.bounds) / LARGE_M).astype(int) * LARGE_M
    corners = np.array(
        [(x, y) for x in range(west, east + 1, LARGE_M) for y in range(south, north + 1, LARGE_M)],
        dtype=np.float64,
    )
    cells = cell_ids(corners, size_m=LARGE_M)
    shapely.prepare(in_grid)
    touched = shapely.intersects(in_grid, cell_boxes(cells, size_m=LARGE_M))
    return tuple(sorted(int(cell) for cell in cells[touched]))


def tree_of(large_cells: Iterable[int]) -> Tree:
    """Return the whole, its large cells and the small cells of each."""
    large = tuple(Node(LARGE_M, cell) for cell in sorted(large_cells))
    return {WHOLE: large, **{each: _parts(each) for each in large}}


def homes_by_cell(units: gpd.GeoDataFrame, tree: Tree) -> tuple[dict[Node, int], int]:
    """Count the homes in the smallest cells.

    Parameters
    ----------
    units
        The units that count: ``homes`` and ``geometry``.
    tree
        The cells.

    Returns
    -------
    tuple
        Homes by cell, those with none left out; and how many homes lie in no cell of the tree.
    """
    points = units.geometry.to_crs(GRID_CRS)
    cells = cell_ids(np.column_stack([points.x, points.y]), size_m=SMALL_M)
    known = {part for parts in tree.values() for part in parts if part.size_m == SMALL_M}
    homes: dict[Node, int] = {}
    outside = 0
    for cell, count in zip(cells.tolist(), units["homes"].astype(int), strict=True):
        node = Node(SMALL_M, cell)
        if node in known:
            homes[node] = homes.get(node, 0) + count
        else:
            outside += count
    return homes, outside


def small_cells(tree: Tree) -> tuple[Node, ...]:
    """Return the smallest cells, those of a large one beside each other."""
    return tuple(part for large in tree[WHOLE] for part in tree[large])


def node_boxes(nodes: Iterable[Node]) -> gpd.GeoSeries:
    """Return cells as squares in `GRID_CRS`, in their order."""
    listed = list(nodes)
    corners = cell_corners(_ids(listed)).astype(np.float64)
    side = np.array([node.size_m for node in listed], dtype=np.float64)
    west, south = corners.T
    return gpd.GeoSeries(shapely.box(west, south, west + side, south + side), crs=GRID_CRS)


def _parts(large: Node) -> tuple[Node, ...]:
    ((west, south),) = cell_corners(_ids([large]))
    steps = np.arange(0, LARGE_M, SMALL_M)
    corners = np.array([(west + x, south + y) for x in steps for y in steps], dtype=np.float64)
    return tuple(Node(SMALL_M, int(cell)) for cell in sorted(cell_ids(corners, size_m=SMALL_M)))


def _ids(nodes: Iterable[Node]) -> Ids:
    return np.array([node.cell for node in nodes], dtype=np.int64)
