"""Figures by area and day, packed for the page: the first day, and then only what changed."""

import numpy as np
import numpy.typing as npt

from tomteanalyse.views.web_map.packing import pack_numbers

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Packed = dict[str, str]

SHARE_UNITS = 10_000_000
"""A share travels as so many parts; no two shares of a place are nearer to each other."""
UNKNOWN = -1


def pack_series(values: Ints) -> Packed:
    """Pack whole numbers of areas over days; `page_files/model.js` is the other half.

    Parameters
    ----------
    values
        By area and day, shape (n, d), d at least 1.

    Returns
    -------
    dict
        ``first``: of every area on the first day; ``at``: how far from one change to the next,
        counted through each area's days in turn; ``by``: by how much.
    """
    steps = np.diff(values, axis=1).ravel()
    at = np.flatnonzero(steps)
    return {
        "first": pack_numbers(values[:, 0]),
        "at": pack_numbers(np.diff(at, prepend=0)),
        "by": pack_numbers(steps[at]),
    }


def in_parts(shares: Floats) -> Ints:
    """Return shares as whole numbers of parts, `UNKNOWN` for NaN."""
    known = ~np.isnan(shares)
    parts = np.rint(np.where(known, shares, 0.0) * SHARE_UNITS)
    return np.where(known, parts, UNKNOWN).astype(np.int64)
