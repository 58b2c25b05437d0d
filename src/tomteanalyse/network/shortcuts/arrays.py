"""Short names for the arrays this package is made of."""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Geometries = npt.NDArray[np.object_]


def bearings(start: Floats, end: Floats) -> Floats:
    """Return the direction from `start` to `end` [rad, 0 to 2π, counter-clockwise from east]."""
    east, north = (end - start).T
    found: Floats = np.arctan2(north, east) % (2 * np.pi)
    return found
