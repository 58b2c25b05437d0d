"""What became of every area from the first day to the last."""

from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd

from tomteanalyse.measures.concentration.change import CAUSES
from tomteanalyse.monitoring.found import Geography

STATES = ("homes", "dwellings", "share", "shrunken", "hot")
PARTS = tuple(f"part_{cause}" for cause in CAUSES)
COUNTS = (*(f"count_{cause}" for cause in CAUSES), "assumed")


def over_period(geography: Geography, days: Sequence[date]) -> pd.DataFrame:
    """Return the last day of every area, what it was on the first, and what made the difference.

    Parameters
    ----------
    geography
        What was found.
    days
        The days looked at.

    Returns
    -------
    pandas.DataFrame
        On ``area``, all of them in their order: `STATES` of the last day; ``homes_before``,
        ``dwellings_before``, ``share_before``; ``change`` of the share; ``part_<cause>``, which add
        up to it (NaN where the share was unknown on any day on the way), ``count_<cause>`` and
        ``assumed`` over the whole period.
    """
    index = geography.areas.index
    on = geography.states.index.get_level_values("day")
    first, last = (
        geography.states[on == pd.Timestamp(day)].droplevel("day").reindex(index)
        for day in (days[0], days[-1])
    )
    before = first[["homes", "dwellings", "share"]].add_suffix("_before")
    by_area = geography.changes.groupby("area", sort=True)
    counts = by_area[list(COUNTS)].sum().reindex(index, fill_value=0).astype("int64")
    parts = by_area[list(PARTS)].sum().reindex(index, fill_value=0.0)
    unsplit = geography.changes["change"].isna().groupby("area").any().reindex(index)
    # Without a share there is nothing to split, also where nothing happened.
    lost = unsplit.fillna(value=False).astype(bool) | last["share"].isna()
    parts[lost] = np.nan
    change = (last["share"] - first["share"]).rename("change")
    found: pd.DataFrame = pd.concat([last[list(STATES)], before, change, parts, counts], axis=1)
    return found
