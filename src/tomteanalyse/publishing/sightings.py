"""Whether numbers are the coordinates of a place that must not be told.

A number by itself says little: among ten thousand in a town some agree with one coordinate of some
unit. Two numbers beside each other that agree with both coordinates of one unit, in one coordinate
system, are no chance; nor is a single one that agrees to a hundredth of a millimetre.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from tomteanalyse.publishing.secrets import COARSEST, Floats, Frame

Whole = npt.NDArray[np.int64]

FINEST = {True: 1e-6, False: 0.1}
"""More precise ones may differ by this, since they may have been through another system."""
ALONE_DECIMALS = {True: 10, False: 6}
"""A number with at least so many decimals needs no other one beside it."""
NEAR = 2
"""How many numbers that could be coordinates the two may be apart."""


def seen(
    values: Floats,
    decimals: Whole,
    frames: Sequence[Frame],
    *,
    positions: Whole | None = None,
    apart: int = 1,
    coarse: bool = False,
) -> bool:
    """Say whether a place is among the numbers.

    Parameters
    ----------
    values
        Numbers in the order they stand, shape (n,).
    decimals
        How many decimals each was written with, shape (n,).
    frames
        The places.
    positions
        Where each number stands, rising, shape (n,); by default 0, 1, …
    apart
        How far apart the two coordinates may stand, in units of `positions`.
    coarse
        Whether the numbers are no more precise than `COARSEST` whatever their decimals.
    """
    sizes = np.abs(values)
    # Most lists of numbers are of something else; that is soon seen.
    largest = sizes.max(initial=0.0)
    possible = [frame for frame in frames if frame.least <= largest]
    if not possible:
        return False
    places = np.arange(sizes.size, dtype=np.int64) if positions is None else positions
    return any(
        _seen_in(frame, sizes, decimals, places, apart=apart, coarse=coarse) for frame in possible
    )


def _seen_in(
    frame: Frame, sizes: Floats, decimals: Whole, places: Whole, *, apart: int, coarse: bool
) -> bool:
    low, high = frame.bounds
    inside = np.zeros(sizes.size, dtype=bool)
    for axis in (0, 1):
        inside |= (sizes >= low[axis]) & (sizes <= high[axis])
    chosen = np.flatnonzero(inside)
    if not chosen.size:
        return False
    near = _agreeing(frame, sizes[chosen], decimals[chosen], coarse=coarse)
    if _alone(frame, sizes[chosen], decimals[chosen], near):
        return True
    return _both(near, places[chosen], apart=apart)


def _agreeing(
    frame: Frame, sizes: Floats, decimals: Whole, *, coarse: bool
) -> tuple[tuple[Whole, Whole], ...]:
    """Return per axis which number agrees with which place: two arrays of equal length."""
    coarsest = frame.scale * COARSEST[frame.degrees]
    finest = frame.scale * FINEST[frame.degrees]
    step = np.full(sizes.size, coarsest)
    if not coarse:
        step = np.clip(10.0 ** -decimals.astype(np.float64), finest, coarsest)
    found = []
    for axis in (0, 1):
        order = np.argsort(frame.xy[:, axis], kind="stable")
        sorted_ = frame.xy[order, axis]
        # Rounded, the true one is half a step to either side; cut off, up to a step above.
        first = np.searchsorted(sorted_, sizes - 0.5 * step - 0.5 * finest, side="left")
        last = np.searchsorted(sorted_, sizes + step + 0.5 * finest, side="right")
        count = last - first
        number = np.repeat(np.arange(sizes.size, dtype=np.int64), count)
        within = np.arange(number.size) - np.repeat(np.cumsum(count) - count, count)
        found.append((number, order[np.repeat(first, count) + within].astype(np.int64)))
    return tuple(found)


def _alone(
    frame: Frame, sizes: Floats, decimals: Whole, near: tuple[tuple[Whole, Whole], ...]
) -> bool:
    if frame.scale != 1.0:
        return False
    least = ALONE_DECIMALS[frame.degrees]
    for axis, (number, place) in enumerate(near):
        off = np.abs(sizes[number] - frame.xy[place, axis])
        if np.any((off <= 1.5 * 10.0**-least) & (decimals[number] >= least)):
            return True
    return False


def _both(near: tuple[tuple[Whole, Whole], ...], places: Whole, *, apart: int) -> bool:
    """Say whether both coordinates of one place stand near each other, in either order."""
    (east, of_east), (north, of_north) = near
    if not east.size or not north.size:
        return False
    number = np.concatenate([east, north])
    place = np.concatenate([of_east, of_north])
    axis = np.repeat([0, 1], [east.size, north.size])
    order = np.lexsort((number, place))
    number, place, axis = number[order], place[order], axis[order]
    for step in (1, 2):
        one, other = slice(None, -step), slice(step, None)
        close = (place[one] == place[other]) & (axis[one] != axis[other])
        close &= (number[other] > number[one]) & (number[other] - number[one] <= NEAR)
        close &= places[number[other]] - places[number[one]] <= apart
        if close.any():
            return True
    return False


def decimals_of(values: Floats, *, most: int) -> Whole:
    """Return how many decimals numbers have that are written as short as they can be."""
    found = np.full(values.size, most, dtype=np.int64)
    for count in range(most - 1, -1, -1):
        scaled = values * 10.0**count
        found[np.abs(scaled - np.rint(scaled)) <= 1e-15 * np.abs(scaled)] = count
    return found
