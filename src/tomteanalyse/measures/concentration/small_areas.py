"""Shares of small areas: shrunk towards the whole, and those that chance alone does not explain."""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array
from scipy.stats import hypergeom

from tomteanalyse.measures.concentration.evenness import INTERVAL, Counts, Floats

FALSE_DISCOVERIES = 0.05
"""Share of the marked areas that may be marked by chance."""


def shrunken_shares(municipal: Counts, dwellings: Counts) -> Floats:
    """Return each area's municipal share, drawn towards the mean the more the smaller it is.

    Parameters
    ----------
    municipal, dwellings
        By area, shape (n,).

    Returns
    -------
    numpy.ndarray
        0-1, shape (n,); NaN where there is no dwelling.

    Notes
    -----
    Global empirical Bayes by moments (Marshall 1991, Applied Statistics 40:283-294). Where the
    areas differ less than chance makes them, all get the mean.
    """
    inhabited = dwellings > 0
    found = np.full(len(dwellings), np.nan)
    if not inhabited.any():
        return found
    mine, all_ = municipal[inhabited].astype(np.float64), dwellings[inhabited].astype(np.float64)
    mean = mine.sum() / all_.sum()
    share = mine / all_
    spread = (all_ * (share - mean) ** 2).sum() / all_.sum() - mean / all_.mean()
    between = max(spread, 0.0)
    weight = between / (between + mean / all_) if mean > 0 else np.zeros(len(all_))
    found[inhabited] = mean + weight * (share - mean)
    return found


@dataclass(frozen=True)
class HotSpots:
    """Areas whose surroundings hold more municipal homes than chance explains.

    Parameters
    ----------
    municipal, dwellings
        In each area and its neighbours, shape (n,).
    probability
        Chance of so many or more under random labelling, shape (n,).
    hot
        Which are marked, shape (n,).
    """

    municipal: Counts
    dwellings: Counts
    probability: Floats
    hot: "np.ndarray[tuple[int], np.dtype[np.bool_]]"


def hot_spots(
    municipal: Counts,
    dwellings: Counts,
    neighbours: csr_array,
    *,
    false_discoveries: float = FALSE_DISCOVERIES,
) -> HotSpots:
    """Mark the areas where municipal homes cluster.

    Parameters
    ----------
    municipal, dwellings
        By area, shape (n,).
    neighbours
        Which areas lie in each area's surroundings (1), itself included, shape (n, n).
    false_discoveries
        Share of the marked areas that may be marked by chance.

    Notes
    -----
    The local count is that of Getis & Ord 1992 (G*, binary weights); its null is exact: municipal
    homes drawn at random among all dwellings are hypergeometric. Benjamini & Hochberg 1995 for the
    many areas.
    """
    mine = np.asarray(neighbours @ municipal, dtype=np.int64)
    all_ = np.asarray(neighbours @ dwellings, dtype=np.int64)
    chance = hypergeom.sf(mine - 1, int(dwellings.sum()), int(municipal.sum()), all_)
    probability = np.where(all_ > 0, chance, 1.0)
    return HotSpots(mine, all_, probability, discoveries(probability, share=false_discoveries))


def discoveries(
    probability: Floats, *, share: float = FALSE_DISCOVERIES, tests: int | None = None
) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
    """Mark what chance alone does not explain, so that no more than a share is marked by chance.

    Parameters
    ----------
    probability
        Chance of what was seen, or more of it, shape (n,).
    share
        Share of the marked that may be marked by chance.
    tests
        How many were looked at in all, where those with nothing to see are not among the n.

    Notes
    -----
    Benjamini & Hochberg 1995.
    """
    order = np.argsort(probability, kind="stable")
    among = max(tests or 0, len(order))
    allowed = share * np.arange(1, len(order) + 1) / max(among, 1)
    below = np.flatnonzero(probability[order] <= allowed)
    limit = probability[order[below[-1]]] if len(below) else -1.0
    return probability <= limit


def by_chance(dwellings: Counts, *, municipal: int, among: int) -> tuple[Counts, Counts]:
    """Return between what 95 % of random labelling puts the municipal homes of some areas.

    Parameters
    ----------
    dwellings
        By area, shape (n,).
    municipal, among
        Municipal homes, and all dwellings that they are drawn among.

    Returns
    -------
    tuple
        Least and most homes, shape (n,) each.
    """
    low, high = (hypergeom.ppf(each / 100, among, municipal, dwellings) for each in INTERVAL)
    return low.astype(np.int64), high.astype(np.int64)
