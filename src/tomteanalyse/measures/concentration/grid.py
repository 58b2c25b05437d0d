"""The statistical grid of Norway: one geometry that never changes, so that years can be compared.

Source: Statistics Norway's grids of 250 m and 1 km in EPSG:25833. A cell's id is 20 000 000 000 000
plus ten million times the easting of its lower left corner plus its northing.
"""

import numpy as np
import numpy.typing as npt
import pyproj
import shapely
from scipy.sparse import csr_array

from tomteanalyse.measures.concentration.evenness import Floats

GRID_CRS = pyproj.CRS("EPSG:25833")
SMALL_M, LARGE_M = 250, 1000
_FIRST, _EAST = 20_000_000_000_000, 10_000_000

Ids = npt.NDArray[np.int64]


def cell_ids(xy: Floats, *, size_m: int) -> Ids:
    """Return the cell each point lies in.

    Parameters
    ----------
    xy
        Points in `GRID_CRS` [m], shape (n, 2). A point on a border lies in the cell to the east
        and north.
    size_m
        Side of the cells [m].
    """
    corner = np.floor(np.asarray(xy, dtype=np.float64).reshape(-1, 2) / size_m).astype(np.int64)
    east, north = corner.T * size_m
    ids: Ids = _FIRST + east * _EAST + north
    return ids


def cell_corners(ids: Ids) -> Ids:
    """Return the lower left corners of cells in `GRID_CRS` [m], shape (n, 2)."""
    # The easting may be below zero in the far west, the northing never is.
    north = np.mod(ids, _EAST)
    return np.column_stack([(ids - _FIRST - north) // _EAST, north])


def cell_boxes(ids: Ids, *, size_m: int) -> "np.ndarray[tuple[int], np.dtype[np.object_]]":
    """Return cells as squares in `GRID_CRS`, shape (n,)."""
    west, south = cell_corners(ids).T
    boxes: np.ndarray[tuple[int], np.dtype[np.object_]] = shapely.box(
        west, south, west + size_m, south + size_m
    )
    return boxes


def parent_cells(ids: Ids, *, size_m: int) -> Ids:
    """Return the cells of `size_m` that smaller cells lie in.

    Raises
    ------
    ValueError
        If `size_m` is no multiple of `SMALL_M`.
    """
    if size_m % SMALL_M:
        raise ValueError("cells of this size are cut by the larger ones")
    return cell_ids(cell_corners(ids).astype(np.float64), size_m=size_m)


def touching_cells(ids: Ids, *, size_m: int) -> csr_array:
    """Return which cells touch each other, also by a corner, and each itself (1), shape (n, n).

    Parameters
    ----------
    ids
        Cells, each once, in any order.
    size_m
        Side of the cells [m].
    """
    corners = cell_corners(ids)
    order = np.argsort(ids, kind="stable")
    rows, columns = [], []
    for east in (-size_m, 0, size_m):
        for north in (-size_m, 0, size_m):
            moved = corners + np.array([east, north])
            beside = cell_ids(moved.astype(np.float64), size_m=size_m)
            place = np.minimum(np.searchsorted(ids[order], beside), len(ids) - 1)
            there = np.flatnonzero(ids[order[place]] == beside) if len(ids) else place
            rows.append(there)
            columns.append(order[place[there]])
    row, column = np.concatenate(rows), np.concatenate(columns)
    ones = np.ones(len(row), dtype=np.int64)
    return csr_array((ones, (row, column)), shape=(len(ids), len(ids)))
