"""Figures rounded for people, so that the parts they see add up to the total they see."""

import numpy as np
import numpy.typing as npt

from tomteanalyse.scoring.value_functions import Floats


def rounded_to_add_up(
    parts: Floats, *, settled: npt.NDArray[np.bool_], decimals: int = 1
) -> Floats:
    """Round every row's parts so that they add up to the row's rounded total.

    Largest remainder method: round down, then give what is missing, one unit each, to the parts
    that lost most; of equals the first. No part is moved by a whole unit or more.

    Parameters
    ----------
    parts
        Non-negative numbers, shape (rows, parts).
    settled
        Parts that had better be rounded as numbers commonly are, same shape: a plot with the full
        points of a criterion should show the same figure as the full points do.
    decimals
        Digits after the decimal sign.
    """
    scaled = parts * 10.0**decimals
    # A hair is added so that 12.3, stored a little below itself, is not taken down to 12.2.
    down = np.floor(scaled + 1e-9)
    lost = scaled - down
    lost = np.where(settled, np.where(lost >= 0.5, 1.0, -1.0), lost)
    # Python's round is what number formats use; numpy's differs from it in the last digit.
    total = np.array([round(float(each), decimals) for each in parts.sum(axis=1)])
    missing = np.rint(total * 10.0**decimals) - down.sum(axis=1)
    order = np.argsort(-lost, axis=1, kind="stable")
    place = np.empty_like(order)
    np.put_along_axis(place, order, np.arange(parts.shape[1])[np.newaxis, :], axis=1)
    rounded: Floats = (down + (place < missing[:, np.newaxis])) / 10.0**decimals
    return rounded
