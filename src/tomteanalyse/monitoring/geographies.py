"""Add the account of every place up over larger ones: cells, areas, the whole municipality."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from tomteanalyse.measures.concentration.change import CAUSES, split_change
from tomteanalyse.measures.concentration.evenness import Counts
from tomteanalyse.measures.concentration.municipality import evenness_indices
from tomteanalyse.measures.concentration.small_areas import hot_spots, shrunken_shares
from tomteanalyse.monitoring.accounts import Accounts
from tomteanalyse.monitoring.happened import Flags

CHANGE_COLUMNS = (
    *("share_before", "share_after", "change"),
    *(f"part_{cause}" for cause in CAUSES),
    *(f"count_{cause}" for cause in CAUSES),
    "assumed",
)


@dataclass(frozen=True)
class AddedUp:
    """Accounts of areas that are made up of places.

    Parameters
    ----------
    accounts
        Of every place.
    days
        The days they are of.
    area
        Number of the area of every place, -1 for those in none, shape (places,).
    ids
        Ids of the areas, by number.
    """

    accounts: Accounts
    days: pd.DatetimeIndex
    area: Counts
    ids: pd.Index

    @cached_property
    def homes(self) -> Counts:
        """Municipal homes, shape (days, areas)."""
        return self._summed(self.accounts.homes)

    @cached_property
    def dwellings(self) -> Counts | None:
        """All dwellings, same shape; None where they are not known."""
        found = self.accounts.dwellings
        return None if found is None else self._summed(found)

    @cached_property
    def at_register(self) -> Counts:
        """Dwellings on the register's day, shape (areas,)."""
        found = self._summed(self.accounts.at_register[None, :])
        return found.ravel()

    def states(self, neighbours: csr_array | None = None) -> pd.DataFrame:
        """Return what there is on every day in every area; see `Geography.states`.

        Parameters
        ----------
        neighbours
            Which areas lie in each area's surroundings, itself included, shape (areas, areas);
            without them there is no ``shrunken`` and no ``hot``.
        """
        index = pd.MultiIndex.from_product([self.days, self.ids], names=["day", "area"])
        dwellings = self.dwellings
        size = self.homes.size
        table = pd.DataFrame({"homes": self.homes.ravel()}, index=index)
        if dwellings is None:
            table["dwellings"] = pd.array([pd.NA] * size, dtype="Int64")
            unknown = ["share", "shrunken"] if neighbours is not None else ["share"]
            table[unknown] = np.nan
            if neighbours is not None:
                table["hot"] = pd.array([pd.NA] * size, dtype="boolean")
            return table
        table["dwellings"] = pd.array(dwellings.ravel(), dtype="Int64")
        with np.errstate(invalid="ignore"):
            table["share"] = (self.homes / dwellings).ravel()
        if neighbours is not None:
            pairs = list(zip(self.homes, dwellings, strict=True))
            table["shrunken"] = np.concatenate([shrunken_shares(*pair) for pair in pairs])
            hot = np.concatenate([_hot(*pair, neighbours) for pair in pairs])
            table["hot"] = pd.array(hot, dtype="boolean")
        return table

    def changes(self) -> pd.DataFrame:
        """Return what changed from one day to the next, and why; see `Geography.changes`."""
        counts = {cause: self._summed(self.accounts.counts[cause]) for cause in CAUSES}
        assumed = self._summed(self.accounts.assumed)
        step, area = np.nonzero(sum(np.abs(each) for each in (*counts.values(), assumed)))
        came = {cause: each[step, area] for cause, each in counts.items()}
        index = pd.MultiIndex.from_arrays(
            [self.days[1:][step], self.ids[area]], names=["day", "area"]
        )
        if self.dwellings is None:
            shares = pd.DataFrame(np.nan, index=index, columns=list(CHANGE_COLUMNS[:-8]))
        else:
            shares = split_change(self.homes[step, area], self.dwellings[step, area], came)
            # Without the sign that a nought gets from what it was multiplied by.
            shares = shares.rename(columns={cause: f"part_{cause}" for cause in CAUSES}) + 0.0
        told = {f"count_{cause}": each for cause, each in came.items()}
        table = shares.set_axis(index).assign(**told, assumed=assumed[step, area])
        return table[list(CHANGE_COLUMNS)]

    def indices(self, *, top_areas: int) -> pd.DataFrame:
        """Return every index on every day; see `Geography.indices`.

        Parameters
        ----------
        top_areas
            How many areas the top share counts.
        """
        rows: dict[tuple[pd.Timestamp, str], Mapping[str, float]] = {}
        for day, homes, dwellings in zip(
            self.days, self.homes, () if self.dwellings is None else self.dwellings, strict=False
        ):
            # Areas without dwellings on the day play no part: other days change nothing in it.
            there = dwellings > 0
            found = evenness_indices(homes[there], dwellings[there], top_areas=top_areas)
            rows |= {(day, name): vars(index) for name, index in found.items()}
        names = ["value", "expected", "low", "high", "corrected", "share_above"]
        days, indices = [key[0] for key in rows], [key[1] for key in rows]
        index = pd.MultiIndex.from_arrays(
            [pd.DatetimeIndex(days, dtype=self.days.dtype), pd.Index(indices, dtype="str")],
            names=["day", "index"],
        )
        return pd.DataFrame(list(rows.values()), columns=names, dtype="float64").set_axis(index)

    def _summed(self, by_place: Counts) -> Counts:
        inside = np.flatnonzero(self.area >= 0)
        shape = (len(self.area), len(self.ids))
        ones = np.ones(len(inside), dtype=np.int64)
        adding = csr_array((ones, (inside, self.area[inside])), shape=shape)
        return np.asarray(by_place @ adding, dtype=np.int64)


def _hot(homes: Counts, dwellings: Counts, neighbours: csr_array) -> Flags:
    there = np.flatnonzero(dwellings > 0)
    hot = np.zeros(len(dwellings), dtype=bool)
    if len(there):
        near = neighbours[there][:, there]
        hot[there] = hot_spots(homes[there], dwellings[there], near).hot
    return hot
