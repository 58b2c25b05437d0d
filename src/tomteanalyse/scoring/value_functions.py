"""From a measurement to a value between 0 and 1, with anchors that no candidate can move."""

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class PiecewiseLinear:
    """Straight lines between fixed anchors, and the outermost anchors' values beyond them.

    The function may rise, fall, or do both ("not too near, not too far"). Because the anchors are
    fixed, a plot's value depends on that plot alone: other candidates cannot change it.

    Infinity means *unreachable*, which is known. What it is worth depends on what the function
    says of the far end:

    - It ends falling (nearer is better, or "not too far"): unreachable is worth 0, even where the
      last anchor stands above 0. A long walk is still a walk; no walk is none.
    - It ends rising, or is level throughout (farther is better, as from a school): what cannot be
      reached is farther off than anything, so it has the last anchor's value.

    Parameters
    ----------
    anchors
        (measurement, value) pairs, at least two, measurements finite and strictly rising, values
        0-1.

    Raises
    ------
    ValueError
        If the anchors are not so.
    """

    anchors: tuple[tuple[float, float], ...]

    def __post_init__(self) -> None:
        x = [anchor[0] for anchor in self.anchors]
        v = [anchor[1] for anchor in self.anchors]
        if len(x) < 2:
            raise ValueError("a value function needs two anchors or more")
        if not all(math.isfinite(each) for each in x):
            raise ValueError("anchors must be finite")
        if any(left >= right for left, right in pairwise(x)):
            raise ValueError("anchors must rise strictly")
        if not all(0.0 <= each <= 1.0 for each in v):
            raise ValueError("anchor values must lie between 0 and 1")

    @property
    def unreachable(self) -> float:
        """The value of what cannot be reached."""
        last = self.anchors[-1][1]
        before = next((v for _, v in reversed(self.anchors) if v != last), last)
        return 0.0 if last < before else last

    def __call__(self, measured: npt.ArrayLike) -> Floats:
        """Return the value of each measurement, same shape; NaN (unknown) stays NaN."""
        x = np.asarray(measured, dtype=np.float64)
        anchor_x, anchor_v = np.asarray(self.anchors, dtype=np.float64).T
        # Clipped because the interpolation may pass an anchor by its last bit.
        between = np.clip(np.interp(x, anchor_x, anchor_v), 0.0, 1.0)
        return np.where(np.isposinf(x), self.unreachable, between)

    def image(self, low: npt.ArrayLike, high: npt.ArrayLike) -> tuple[Floats, Floats]:
        """Return the least and the greatest value over each interval of measurements.

        Exact for any shape: on straight lines the extremes lie at the interval's ends or at an
        anchor inside it.

        Parameters
        ----------
        low, high
            Ends of the intervals, ``low <= high``; `high` may be inf. NaN gives NaN.
        """
        x_low = np.asarray(low, dtype=np.float64)
        x_high = np.asarray(high, dtype=np.float64)
        ends = self(x_low), self(x_high)
        least, greatest = np.minimum(*ends), np.maximum(*ends)
        for x, v in self.anchors:
            inside = (x_low < x) & (x < x_high)
            least = np.where(inside, np.minimum(least, v), least)
            greatest = np.where(inside, np.maximum(greatest, v), greatest)
        return least, greatest

    def inverse(self, value: float, *, near: float) -> float:
        """Return the finite measurement with this value that is nearest to `near`, else NaN.

        Where the function is level at `value`, every point of the level stretch counts. Of two
        equally near the smaller is taken.

        Parameters
        ----------
        value
            The value sought.
        near
            A measurement; inf asks for the greatest finite one. NaN gives NaN.
        """
        first, last = self.anchors[0], self.anchors[-1]
        found: list[float] = []
        if first[1] == value:
            found.append(min(near, first[0]))
        if last[1] == value:
            found.append(max(near, last[0]) if math.isfinite(near) else last[0])
        for (x1, v1), (x2, v2) in pairwise(self.anchors):
            if v1 == v2 == value:
                found.append(min(max(near, x1), x2))
            elif v1 != v2 and min(v1, v2) <= value <= max(v1, v2):
                found.append(x1 + (x2 - x1) * ((value - v1) / (v2 - v1)))
        if math.isnan(near) or not found:
            return math.nan
        if math.isinf(near):
            return max(found)
        return min(found, key=lambda x: (abs(x - near), x))
