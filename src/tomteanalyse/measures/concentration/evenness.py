"""How evenly municipal homes are spread over areas, against what chance alone would give.

Every index compares areas by their municipal homes among all their dwellings. Small areas are
uneven by chance, so that an index by itself says little: each comes with what random labelling of
the dwellings gives (as many municipal homes, drawn among all dwellings), and corrected for it.

Sources: Duncan & Duncan 1955 (dissimilarity); Allen et al. 2015 and Carrington & Troske 1997
(correction for what chance gives); Oslo's share of municipal homes in three districts is the model
of the top share.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Counts = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

INTERVAL = (2.5, 97.5)
"""Percentiles between which 95 of 100 random labellings lie."""


@dataclass(frozen=True)
class Index:
    """An index and what chance alone would give.

    Parameters
    ----------
    value
        As it is.
    expected, low, high
        Mean of random labelling, and between what 95 % of it lies.
    corrected
        0 where it is what chance gives, 1 where it is as uneven as can be; below 0 where homes are
        spread more evenly than by chance.
    share_above
        Share of the random labellings that are at least as uneven.
    """

    value: float
    expected: float
    low: float
    high: float
    corrected: float
    share_above: float


def dissimilarity(municipal: Counts, dwellings: Counts) -> Floats:
    """Return the share of municipal homes that would have to move for every area to be alike.

    Parameters
    ----------
    municipal
        Municipal homes by area, shape (n,) or (draws, n); none is more than the dwellings.
    dwellings
        All dwellings by area, shape (n,).

    Returns
    -------
    numpy.ndarray
        0-1, shape () or (draws,); NaN where there is no municipal home or no other dwelling.
    """
    others = dwellings - municipal
    mine, rest = _totals(municipal), _totals(others)
    with np.errstate(invalid="ignore", divide="ignore"):
        apart = np.abs(municipal / mine - others / rest).sum(axis=-1) / 2
    return np.asarray(apart, dtype=np.float64)


def gini(municipal: Counts, dwellings: Counts) -> Floats:
    """Return the Gini index of segregation: the mean difference of shares between dwellings.

    Parameters
    ----------
    municipal, dwellings
        As for `dissimilarity`.

    Returns
    -------
    numpy.ndarray
        0-1, shape () or (draws,); NaN as for `dissimilarity`.

    Notes
    -----
    Twice the area between the diagonal and the Lorenz curve of municipal homes over other
    dwellings, areas in order of their share.
    """
    rows = np.atleast_2d(municipal)
    others = dwellings - rows
    share = rows / np.maximum(dwellings, 1)
    order = np.argsort(share, axis=1, kind="stable")
    with np.errstate(invalid="ignore", divide="ignore"):
        mine = np.take_along_axis(rows, order, axis=1) / _totals(rows)
        rest = np.take_along_axis(others, order, axis=1) / _totals(others)
    under = np.cumsum(mine, axis=1) - mine / 2
    found = 1.0 - 2.0 * (under * rest).sum(axis=1)
    return np.asarray(found if municipal.ndim > 1 else found[0], dtype=np.float64)


def top_share(municipal: Counts, *, areas: int) -> Floats:
    """Return the share of municipal homes in the areas that hold the most of them.

    Parameters
    ----------
    municipal
        As for `dissimilarity`.
    areas
        How many areas.

    Returns
    -------
    numpy.ndarray
        0-1, shape () or (draws,); NaN without a municipal home.
    """
    most = np.sort(municipal, axis=-1)[..., ::-1][..., :areas].sum(axis=-1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(most / municipal.sum(axis=-1), dtype=np.float64)


def random_labelling(municipal: Counts, dwellings: Counts, *, draws: int, seed: int) -> Counts:
    """Draw as many municipal homes at random among all dwellings.

    Parameters
    ----------
    municipal, dwellings
        By area, shape (n,).
    draws, seed
        How many, and where the generator begins.

    Returns
    -------
    numpy.ndarray
        Municipal homes by area, shape (draws, n).
    """
    generator = np.random.default_rng(seed)
    return generator.multivariate_hypergeometric(
        dwellings, int(municipal.sum()), size=draws, method="marginals"
    )


def against_chance(index: Callable[[Counts], Floats], municipal: Counts, labelled: Counts) -> Index:
    """Compare an index with what random labelling gives.

    Parameters
    ----------
    index
        From municipal homes by area, shape (n,) or (draws, n), to the index.
    municipal
        As it is, shape (n,).
    labelled
        See `random_labelling`.
    """
    value, drawn = float(index(municipal)), index(labelled)
    expected = float(drawn.mean())
    low, high = np.percentile(drawn, INTERVAL)
    return Index(
        value=value,
        expected=expected,
        low=float(low),
        high=float(high),
        corrected=(value - expected) / (1.0 - expected) if expected < 1.0 else float("nan"),
        share_above=float((drawn >= value).mean()),
    )


def _totals(counts: Counts) -> Counts:
    total: Counts = counts.sum(axis=-1, keepdims=True)
    return total
