"""The municipal share among the dwellings nearest to a place: neighbourhoods of its own size."""

import numpy as np
from scipy.spatial import cKDTree

from tomteanalyse.measures.concentration.evenness import Counts, Floats

SAME_M = 1e-6
"""Dwellings this alike in distance are equally near."""
AT_A_TIME = 2_000
"""Neighbours are looked for around so many places at once, to spare memory."""


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
    number = np.full((len(places), 1), nearest, dtype=np.int64)
    homes = nearest_municipal(places, dwelling_xy, dwellings, municipal, nearest=number)
    share: Floats = homes[:, 0] / nearest
    return share


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
        How many of the nearest dwellings count at each place, in one or more ways, shape (n, m).

    Returns
    -------
    numpy.ndarray
        Homes, shape (n, m). Of the dwellings that are equally near where the number is reached,
        each counts by the same part. NaN where there are fewer dwellings in all.

    Notes
    -----
    Östh, Malmberg & Andersson 2014 (individualised neighbourhoods, EquiPop).
    """
    found = np.full(nearest.shape, np.nan)
    inhabited = np.flatnonzero(dwellings > 0)
    if not len(inhabited) or not nearest.size:
        return found
    xy, all_, mine = dwelling_xy[inhabited], dwellings[inhabited], municipal[inhabited]
    asked = np.where(nearest <= all_.sum(), nearest, 0)
    tree = cKDTree(xy)
    # So many points hold so many dwellings at least; one more tells whether the last has its like.
    most = min(int(asked.max()) + 1, len(inhabited))
    for start in range(0, len(places), AT_A_TIME):
        rows = slice(start, start + AT_A_TIME)
        away, point = tree.query(places[rows], k=np.arange(1, most + 1))
        # Beyond the last point that was asked for there may be more that are as near.
        beyond = away[:, -1] if most < len(inhabited) else np.full(len(away), np.inf)
        counted = np.cumsum(all_[point], axis=1)
        for column in range(nearest.shape[1]):
            number = asked[rows, column]
            reached = np.argmax(counted >= number[:, None], axis=1)
            at = away[np.arange(len(away)), reached]
            homes = _homes_until(at[:, None], away, all_[point], mine[point], number=number)
            for row in np.flatnonzero(beyond <= at + SAME_M).tolist():
                near = np.array(
                    sorted(tree.query_ball_point(places[start + row], at[row] + SAME_M))
                )
                metres = np.hypot(*(xy[near] - places[start + row]).T)
                homes[row] = _homes_until(
                    at[row], metres[None], all_[near][None], mine[near][None], number=number[[row]]
                )[0]
            found[rows, column] = homes
    return np.where(nearest <= all_.sum(), found, np.nan)


def _homes_until(
    at: Floats, metres: Floats, all_: Counts, mine: Counts, *, number: Counts
) -> Floats:
    """Count homes nearer than a distance, and of those just there what fills up the number.

    All of shape (n, points), `at` one for every row, `number` of shape (n,).
    """
    inside, level = metres < at - SAME_M, np.abs(metres - at) <= SAME_M
    part = (number - (all_ * inside).sum(axis=1)) / (all_ * level).sum(axis=1)
    homes: Floats = (mine * inside).sum(axis=1) + part * (mine * level).sum(axis=1)
    return homes
