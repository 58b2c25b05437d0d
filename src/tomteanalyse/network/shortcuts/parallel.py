"""Parallel tracks and the carriageways of one road are one barrier."""

import numpy as np
import shapely

from tomteanalyse.network.shortcuts.arrays import Bools, Floats, bearings
from tomteanalyse.network.shortcuts.pieces import Segments

ANGLE = np.radians(25.0)
ACROSS_M = 150.0
"""How far to either side the other lines of a barrier are looked for [m]."""
SAME_M = 0.5
"""Lines nearer than this are the line itself [m]."""


def share_of_barrier(
    xy: Floats, bearing: Floats, segments: Segments, chosen: Bools, *, apart_m: float
) -> Floats:
    """Return the number of lines that share one barrier's penalty at places on hazards.

    Parameters
    ----------
    xy, bearing
        The places [m] and the direction of the hazard there [rad], shape (n, 2) and (n,).
    segments, chosen
        All segments, and which of them are hazards of the kind in question on the ground.
    apart_m
        Lines this near each other belong together [m].

    Returns
    -------
    numpy.ndarray
        Shape (n,): 1 for a line by itself, 2 for a double track. A yard that is wider than
        `apart_m` keeps one full penalty for every `apart_m` of its width.
    """
    share = np.ones(len(xy))
    if not len(xy):
        return share
    normal = np.column_stack([-np.sin(bearing), np.cos(bearing)])
    transects = shapely.linestrings(np.stack([xy - ACROSS_M * normal, xy + ACROSS_M * normal], 1))
    ends = segments.ends[chosen]
    row, hit = shapely.STRtree(segments.drawn()[chosen]).query(transects, predicate="intersects")
    a, b = ends[hit, 0], ends[hit, 1]
    turn = np.abs((bearings(a, b) - bearing[row] + np.pi / 2) % np.pi - np.pi / 2)
    row, a, b = row[turn < ANGLE], a[turn < ANGLE], b[turn < ANGLE]
    direction = b - a
    offset = _cross(a - xy[row], direction) / _cross(normal[row], direction)

    other = np.abs(offset) >= SAME_M
    places = np.arange(len(xy))
    row = np.concatenate([places, row[other]])
    offset = np.concatenate([np.zeros(len(xy)), offset[other]])
    order = np.lexsort((offset, row))
    row, offset = row[order], offset[order]
    gap = np.diff(offset, prepend=offset[:1])
    new_place = np.diff(row, prepend=-1) != 0
    group = np.cumsum(new_place | (gap > apart_m))
    # A line drawn as two segments is met twice at their common node.
    distinct = new_place | (gap >= SAME_M)
    width = np.zeros(group[-1] + 1)
    np.maximum.at(width, group, offset)
    least = np.full(group[-1] + 1, np.inf)
    np.minimum.at(least, group, offset)
    lines = np.bincount(group, weights=distinct)
    own = group[offset == 0.0]
    most, fewest = width[own], least[own]
    share[row[offset == 0.0]] = lines[own] / np.maximum(1.0, (most - fewest) / apart_m)
    return np.maximum(share, 1.0)


def _cross(a: Floats, b: Floats) -> Floats:
    product: Floats = a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]
    return product
