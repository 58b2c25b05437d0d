"""How many dwellings a source lacks where the register knows of more homes than it has."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from tomteanalyse.measures.concentration.evenness import Counts
from tomteanalyse.monitoring.happened import ALWAYS, Happened, together


@dataclass(frozen=True)
class Shortage:
    """By how many dwellings the source is raised in every place, as it grows and shrinks.

    Parameters
    ----------
    grows, shrinks
        By how much, never below zero. It grows only as dwellings go out of the source, and shrinks
        only as new ones come into it; the rest has been there all along.
    """

    grows: Happened
    shrinks: Happened


def shortage(homes: Happened, *, came: Happened, went: Happened, own: Happened) -> Shortage:
    """Find the least raise with which there never are more municipal homes than dwellings.

    Parameters
    ----------
    homes
        Municipal homes that came (positive) and went (negative).
    came, went
        Dwellings that came and went by others, as the source has it; none is negative.
    own
        Dwellings that the municipality built (positive) and tore down (negative).

    Notes
    -----
    A home that is bought, sold or counted otherwise is a dwelling before and after. So the raise
    may not change with it, or there would be «new dwellings» where a home was bought. It changes
    only with the source: a dwelling that comes into it late ends a shortage, one that goes out of
    it early begins one. The least such raise on day i is the greatest shortage of any day j, less
    what comes into the source between them (j before i) or goes out of it (i before j).
    """
    parts = {
        "lacking": together(homes, came.turned(), went, own.turned()),
        "came": came,
        "went": went,
    }
    rows = pd.concat(
        [
            pd.DataFrame({"place": part.place, "day": part.day, name: part.count})
            for name, part in parts.items()
        ],
        ignore_index=True,
    ).fillna(0)
    table = rows.groupby(["place", "day"], sort=True)[[*parts]].sum().astype("int64").reset_index()
    table["lacking"] = table.groupby("place")["lacking"].cumsum().clip(lower=0)
    table = table[table.groupby("place")["lacking"].transform("max") > 0]
    place = table["place"]
    added, gone = (table.groupby("place")[name].cumsum() for name in ("came", "went"))
    after = (table["lacking"] + added).groupby(place).cummax() - added
    ahead = (table["lacking"] - gone)[::-1].groupby(place[::-1]).cummax()[::-1]
    raised = after.where(after > ahead + gone, ahead + gone)
    # Before a place's first day it is what that day and those after it need.
    first = ~place.duplicated()
    begins = ahead[first].clip(lower=0)
    change = raised.groupby(place).diff()
    change[first] = raised[first] - begins
    there = Happened(*_columns(place, table["day"], change))
    grows = together(
        Happened(*_columns(place[first], ALWAYS, begins)), there.where(there.count > 0)
    )
    return Shortage(grows, there.where(there.count < 0).turned())


def _columns(place: pd.Series, day: pd.Series | int, count: pd.Series) -> tuple[Counts, ...]:
    days = pd.Series(day, index=place.index)
    return tuple(each.to_numpy(dtype=np.int64) for each in (place, days, count))
