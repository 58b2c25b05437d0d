"""What happened where and when, and how much of it there is on some days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from tomteanalyse.measures.concentration.evenness import Counts

ALWAYS, NEVER = -10_000_000, 10_000_000
"""Before and after every day, counted from 1970."""

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Happened:
    """Things that happened, shape (n,).

    Parameters
    ----------
    place
        Number of the place.
    day
        The first day on which it shows, counted from 1970; `ALWAYS` what has been there all along.
    count
        How many homes or dwellings.
    """

    place: Counts
    day: Counts
    count: Counts

    def where(self, chosen: Flags) -> "Happened":
        """Return some of them."""
        return Happened(self.place[chosen], self.day[chosen], self.count[chosen])

    def turned(self) -> "Happened":
        """Return them with the opposite sign: what came as what went."""
        return Happened(self.place, self.day, -self.count)

    def by_day(self, days: Counts, *, places: int) -> Counts:
        """Add up what happened up to the first day, and from each day to the next.

        Parameters
        ----------
        days
            The days, ascending, counted from 1970.
        places
            How many places there are.

        Returns
        -------
        numpy.ndarray
            Shape (days, places). What happened on a day itself counts up to that day.
        """
        at = np.searchsorted(days, self.day, side="left")
        # Weights are whole numbers far below 2**53, so that floats hold them exactly.
        size = (len(days) + 1) * places
        added = np.bincount(at * places + self.place, weights=self.count, minlength=size)
        return added.astype(np.int64).reshape(len(days) + 1, places)[:-1]


def together(*parts: Happened) -> Happened:
    """Return all that happened in any of the parts."""
    return Happened(
        np.concatenate([part.place for part in parts]),
        np.concatenate([part.day for part in parts]),
        np.concatenate([part.count for part in parts]),
    )


def day_numbers(days: pd.Series, *, missing: int) -> Counts:
    """Return days as numbers counted from 1970; `missing` for those that are not known."""
    written = days.to_numpy(dtype="datetime64[s]").astype("datetime64[D]")
    return np.where(np.isnat(written), missing, written.astype(np.int64))


def numbered(days: Sequence[date]) -> Counts:
    """Return days as numbers counted from 1970."""
    return np.array(days, dtype="datetime64[D]").astype(np.int64)
