"""The municipal share among the dwellings nearest to a place: neighbourhoods of its own size."""

import numpy as np
from scipy.spatial import cKDTree

from tomteanalyse.measures.concentration.evenness import Counts, Floats

SAME_M = 1e-6
"""Dwellings this alike in distance are equally near."""


def nearest_share(
    places: Floats, dwelling_xy: Floats, dwellings: Counts, municipal: Counts, *, nearest: int
) -> Floats:
    """Return the municipal share among the nearest dwellings in a straight line.

    Parameters
    ----------
    places, dwelling_xy, dwellings, municipal
        As for `nearest_municipal`.
    nearest
        How many of the nearest dwellings count.

    Returns
    -------
    numpy.ndarray
        0-1, shape (n,); NaN where there are fewer dwellings in all.
    """
    number = np.full(len(places), nearest, dtype=np.int64)
    return nearest_municipal(places, dwelling_xy, dwellings, municipal, nearest=number) / nearest


def nearest_municipal(
    places: Floats, dwelling_xy: Floats, dwellings: Counts, municipal: Counts, *, nearest: Counts
) -> Floats:
    """Count the municipal homes among the nearest dwellings in a straight line.

    Parameters
    ----------
    places
        Where it is asked for [m], shape (n, 2).
    dwelling_xy
        Where dwellings are [m], shape (k, 2).
    dwellings, municipal
        How many there, and how many of them municipal, shape (k,).
    nearest
        How many of the nearest dwellings count at each place, shape (n,).

    Returns
    -------
    numpy.ndarray
        Homes, shape (n,). Of the dwellings that are equally near where the number is reached, each
        counts by the same part. NaN where there are fewer dwellings in all.

    Notes
    -----
    Östh, Malmberg & Andersson 2014 (individualised neighbourhoods, EquiPop).
    """
    found = np.full(len(places), np.nan)
    inhabited = np.flatnonzero(dwellings > 0)
    asked = np.flatnonzero(nearest <= dwellings[inhabited].sum())
    if not len(inhabited) or not len(asked):
        return found
    tree = cKDTree(dwelling_xy[inhabited])
    all_, mine = dwellings[inhabited], municipal[inhabited]
    # So many points hold so many dwellings at least; one more tells whether the last has its like.
    most = min(int(nearest[asked].max()) + 1, len(inhabited))
    away, point = tree.query(places[asked], k=np.arange(1, most + 1))
    reached = np.argmax(np.cumsum(all_[point], axis=1) >= nearest[asked][:, None], axis=1)
    at = away[np.arange(len(asked)), reached]
    for row, place in enumerate(asked.tolist()):
        if away[row, -1] <= at[row] + SAME_M and most < len(inhabited):
            near = np.array(sorted(tree.query_ball_point(places[place], at[row] + SAME_M)))
            metres = np.hypot(*(dwelling_xy[inhabited[near]] - places[place]).T)
        else:
            near, metres = point[row], away[row]
        inside = metres < at[row] - SAME_M
        level = np.abs(metres - at[row]) <= SAME_M
        part = (nearest[place] - all_[near[inside]].sum()) / all_[near[level]].sum()
        found[place] = mine[near[inside]].sum() + part * mine[near[level]].sum()
    return found
