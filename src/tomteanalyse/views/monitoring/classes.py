"""Classes of municipal shares and homes, the same on every day, and their colours."""

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]

COLOURS = ("#e9e0f2", "#c6a9dc", "#9c6cbc", "#6b3a90", "#36124f")
"""From pale to dark violet, lighter by some 18 (CIE L*) at every step.

One hue, told apart by lightness alone, so that nobody needs to see colours; and none of the grades'
hues, since a share is neither good nor bad.
"""
_SHADES = {1: (2,), 2: (1, 3), 3: (0, 2, 4), 4: (0, 1, 3, 4), 5: (0, 1, 2, 3, 4)}
QUANTILES = (0.3, 0.6, 0.8, 0.95)
"""The classes grow narrower upwards: what stands out is what is looked for."""
_MANTISSAS = (10, 15, 20, 30, 50, 70)
_ROUND = np.array(
    sorted(
        {m * 10**k // 10 for k in range(10) for m in _MANTISSAS if m * 10**k % 10 == 0},
    )
)


def class_limits(values: Ints, *, most: int | None = None) -> list[int]:
    """Return round limits between classes of whole numbers.

    Parameters
    ----------
    values
        All that are to be shown, of every day; what is not positive has no class, shape (n,).
    most
        What no value is above; no class begins there.

    Returns
    -------
    list
        At most four, ascending: a class begins at each of them. No class is empty.
    """
    positive = values[values > 0]
    if not positive.size:
        return []
    wanted = np.quantile(positive, QUANTILES, method="lower")
    offered = _ROUND if most is None else _ROUND[np.less(_ROUND, most)]
    near = np.abs(np.log(offered[None, :] / wanted[:, None])).argmin(axis=1)
    limits: list[int] = []
    below = int(positive.min())
    for limit in np.unique(offered[near]).tolist():
        # Between this limit and the one before, and from it on, something must lie.
        inside = (positive >= below) & (positive < limit)
        if inside.any() and (positive >= limit).any():
            limits.append(limit)
            below = limit
    return limits


def class_colours(limits: list[int]) -> list[str]:
    """Return the colour of each class, one more than there are limits, as far apart as can be."""
    return [COLOURS[shade] for shade in _SHADES[len(limits) + 1]]
