"""The moves a plan may be made of."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from tomteanalyse.dilution.evenness import Shifts
from tomteanalyse.measures.concentration.evenness import Counts

NONE = -1

Numbers = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Candidates:
    """The moves a plan may be made of, the preferred first among equals.

    Parameters
    ----------
    unit, plot
        Which unit gives up homes and which plot gets new ones, `NONE` where none does, shape (n,).
    homes
        How many, shape (n,).
    shifts
        What each changes in the cells.
    lots
        How many times each unit may give up homes, shape (units,).
    room
        How many new homes each plot has room for, shape (plots,).
    """

    unit: Numbers
    plot: Numbers
    homes: Counts
    shifts: Shifts
    lots: Counts
    room: Counts

    @cached_property
    def gives_up(self) -> Mask:
        """Whether each gives up homes that there are."""
        gives: Mask = self.unit != NONE
        return gives

    @cached_property
    def capacity(self) -> Counts:
        """Change of municipal homes by each."""
        return np.where(self.plot != NONE, self.homes, 0) - np.where(
            self.unit != NONE, self.homes, 0
        )
