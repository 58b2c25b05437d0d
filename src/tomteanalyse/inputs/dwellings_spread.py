"""Share whole numbers out: as even as whole numbers can be, and never one lost."""

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

ALIKE_DECIMALS = 9
"""Remainders that differ by less are alike: their last digits come from the way they were added."""


def largest_remainder(totals: Ints, groups: Ints, weights: Floats) -> Ints:
    """Share the total of every group out over its members, by weight, in whole numbers.

    Each member gets its share rounded down; what is left goes one by one to those who lost most by
    that, of equals to the first (Hamilton's method of apportionment).

    Parameters
    ----------
    totals
        What is shared out in each group, shape (g,), at least 0.
    groups
        The group of every member, shape (n,).
    weights
        Weight of every member, shape (n,), above 0.

    Returns
    -------
    ndarray
        Shape (n,); adds up to the total in every group that has a member.
    """
    whole = np.bincount(groups, weights=weights, minlength=len(totals))
    share = totals[groups] * weights / whole[groups]
    down = np.floor(np.round(share, ALIKE_DECIMALS)).astype(np.int64)
    remainder = np.round(share - down, ALIKE_DECIMALS)
    left = totals - np.bincount(groups, weights=down, minlength=len(totals)).astype(np.int64)
    order = np.lexsort([np.arange(len(groups)), -remainder, groups])
    ordered = groups[order]
    place = np.arange(len(groups)) - np.searchsorted(ordered, ordered)
    result = down.copy()
    result[order] += place < left[ordered]
    return result
