"""A plan move by move: what the town is like after each, counted anew every time."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from tomteanalyse.dilution.candidates import NONE, Numbers
from tomteanalyse.dilution.moves import Moves
from tomteanalyse.dilution.neighbourhoods import Neighbourhoods
from tomteanalyse.dilution.town import Town
from tomteanalyse.dilution.walking import WALKED_TO
from tomteanalyse.measures.concentration.evenness import (
    Counts,
    dissimilarity,
    gini,
    top_share,
)

STEPS = ("1", "2", "3", "4", "5", "unknown")


@dataclass(frozen=True)
class _Stock:
    """Municipal homes at some stage, unit by unit; bought ones come last.

    Parameters
    ----------
    homes, step, walks
        By unit: how many, which step of the boligtrapp, the walks [m].
    """

    homes: Counts
    step: npt.NDArray[np.object_]
    walks: pd.DataFrame

    def told(self) -> dict[str, object]:
        """Return homes in all and by step, and the walks from them."""
        row: dict[str, object] = {"homes": int(self.homes.sum())}
        row |= {f"homes_step_{step}": int(self.homes[self.step == step].sum()) for step in STEPS}
        for name in WALKED_TO:
            metres = self.walks[f"walk_{name}_m"].to_numpy(dtype=np.float64)
            known = np.isfinite(metres) & (self.homes > 0)
            walked = np.average(metres[known], weights=self.homes[known]) if known.any() else np.nan
            row[f"walk_{name}_m"] = float(walked)
            row[f"no_way_{name}"] = int(self.homes[np.isinf(metres)].sum())
        return row


def plan_steps(
    town: Town,
    moves: Moves,
    plan: Numbers,
    *,
    unit_walks: pd.DataFrame,
    plot_walks: pd.DataFrame,
    step: int,
) -> pd.DataFrame:
    """Return what there is today and after each move of a plan (see `Dilution.steps`).

    Parameters
    ----------
    town, moves
        The moves and where they are made.
    plan
        Rows of the moves, in order.
    unit_walks, plot_walks
        See `walks`.
    step
        Step of the boligtrapp of homes that are bought; homes that are moved keep theirs.
    """
    around = town.around
    stock = _Stock(
        town.units["homes"].to_numpy(dtype=np.int64),
        town.units["step"].astype("str").fillna("unknown").to_numpy(dtype=object),
        unit_walks.reset_index(drop=True),
    )
    rows = [_row(town, moves, plan[:0], around, stock)]
    for stage, row in enumerate(plan.tolist(), start=1):
        unit, plot, homes = (int(each[row]) for each in (moves.unit, moves.plot, moves.homes))
        own_step = str(step) if unit == NONE else str(stock.step[unit])
        if unit != NONE:
            around = around.with_given_up(unit, homes)
            left = stock.homes.copy()
            left[unit] -= homes
            stock = _Stock(left, stock.step, stock.walks)
        if plot != NONE:
            around = around.with_bought(town.plot_xy[plot], homes)
            stock = _Stock(
                np.append(stock.homes, homes),
                np.append(stock.step, own_step),
                pd.concat([stock.walks, plot_walks.iloc[[plot]]], ignore_index=True),
            )
        rows.append(_row(town, moves, plan[:stage], around, stock))
    table = pd.DataFrame(rows, index=pd.RangeIndex(len(rows), name="order"))
    numbers = pd.Series([pd.NA, *(plan + 1).tolist()], index=table.index, dtype="Int64")
    table.insert(0, "move", numbers)
    return table


def _row(
    town: Town, moves: Moves, done: Numbers, around: Neighbourhoods, stock: _Stock
) -> Mapping[str, object]:
    municipal, dwellings = moves.shifts.chosen(done).added_to(town.municipal, town.dwellings)
    return {
        "dissimilarity": float(dissimilarity(municipal, dwellings)),
        "gini": float(gini(municipal, dwellings)),
        "top_share": float(top_share(municipal, areas=town.top_areas)),
        "around": around.mean_share(),
        **stock.told(),
    }
