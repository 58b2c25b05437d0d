"""The change of an area's municipal share, split exactly by what caused it."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from tomteanalyse.measures.concentration.evenness import Counts, Floats

CAUSES = (
    "bought",
    "built",
    "sold",
    "demolished",
    "reclassified",
    "new_others",
    "others_gone",
)
"""What can change a share: municipal homes that were bought among the dwellings there, built anew,
sold to others, torn down, or counted otherwise than before; other dwellings that came and went."""

ADDS_DWELLINGS: Mapping[str, int] = {
    "bought": 0,
    "built": 1,
    "sold": 0,
    "demolished": 1,
    "reclassified": 0,
    "new_others": 1,
    "others_gone": 1,
}
"""Whether the dwellings of the area change by as many."""
MUNICIPAL: Mapping[str, int] = {
    "bought": 1,
    "built": 1,
    "sold": 1,
    "demolished": 1,
    "reclassified": 1,
    "new_others": 0,
    "others_gone": 0,
}
"""Whether municipal homes change by as many."""


def split_change(
    municipal: Counts, dwellings: Counts, changes: Mapping[str, Counts]
) -> pd.DataFrame:
    """Split the change of shares into what each cause gave.

    Parameters
    ----------
    municipal, dwellings
        By area at the beginning, shape (n,).
    changes
        By cause (of `CAUSES`; a missing one is nothing): homes or dwellings that came (positive) or
        went (negative) by area, shape (n,).

    Returns
    -------
    pandas.DataFrame
        One row per area: ``share_before``, ``share_after``, ``change``, and by cause its part; the
        parts add up to the change. NaN where an area has no dwellings before or after.

    Raises
    ------
    ValueError
        If there is an unknown cause, or more municipal homes than dwellings before or after.

    Notes
    -----
    With the mean share s and the mean number of dwellings t of the two states, a cause that changes
    municipal homes by dm and dwellings by dt gives (dm - s dt) / t. The parts add up exactly, and
    no order of the causes is assumed.
    """
    unknown = sorted(set(changes) - set(CAUSES))
    if unknown:
        raise ValueError(f"unknown causes: {unknown}")
    zero = np.zeros(len(dwellings), dtype=np.int64)
    came = {cause: changes.get(cause, zero) for cause in CAUSES}
    municipal_after = municipal + sum(came[cause] * MUNICIPAL[cause] for cause in CAUSES)
    dwellings_after = dwellings + sum(came[cause] * ADDS_DWELLINGS[cause] for cause in CAUSES)
    for mine, all_ in ((municipal, dwellings), (municipal_after, dwellings_after)):
        if (mine > all_).any() or (mine < 0).any():
            raise ValueError("an area has more municipal homes than dwellings, or fewer than none")
    before, after = _share(municipal, dwellings), _share(municipal_after, dwellings_after)
    mean_share, mean_count = (before + after) / 2, (dwellings + dwellings_after) / 2
    with np.errstate(invalid="ignore", divide="ignore"):
        parts = {
            cause: came[cause]
            * (MUNICIPAL[cause] - mean_share * ADDS_DWELLINGS[cause])
            / mean_count
            for cause in CAUSES
        }
    return pd.DataFrame(
        {"share_before": before, "share_after": after, "change": after - before, **parts}
    )


def _share(municipal: Counts, dwellings: Counts) -> Floats:
    with np.errstate(invalid="ignore", divide="ignore"):
        share: Floats = np.where(dwellings > 0, municipal / dwellings, np.nan)
    return share
