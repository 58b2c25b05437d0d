"""Every single move: what it concerns, and what it would do by itself."""

from dataclasses import dataclass
from typing import get_args

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from tomteanalyse.dilution.candidates import NONE, Candidates, Numbers
from tomteanalyse.dilution.evenness import INDEX_NAMES, NO_CELL, Evenness, Shifts
from tomteanalyse.dilution.found import MoveKind
from tomteanalyse.dilution.search import DECIMALS
from tomteanalyse.dilution.town import Town
from tomteanalyse.measures.concentration.evenness import Counts

MOST_AT_ONCE = 4
"""Of a unit of more homes so many are given up in one move: nobody empties a block in one sale.

Four is what the smallest houses hold that are municipal as a whole (normative).
"""
KINDS: tuple[MoveKind, ...] = get_args(MoveKind)
EFFECTS = (*INDEX_NAMES, "around")


@dataclass(frozen=True)
class Moves:
    """All moves, the best first.

    Parameters
    ----------
    kind
        Which of `KINDS` each is, shape (n,).
    unit, plot
        Places in the town's units and plots, `NONE` where there is none, shape (n,).
    homes
        How many homes each concerns, shape (n,).
    shifts
        What each changes in the cells.
    change
        What each by itself does to the indices and to the mean share around a home, by name of
        `EFFECTS`.
    lots
        How many times each unit may give up homes, shape (units,).
    """

    kind: Numbers
    unit: Numbers
    plot: Numbers
    homes: Counts
    shifts: Shifts
    change: pd.DataFrame
    lots: Counts

    def candidates(self, town: Town, *, sell: int) -> tuple[Candidates, Numbers]:
        """Return what a plan may be made of, and the row of each among all moves.

        Of moves that do the same in the same cells, only as many are kept as a plan can hold.
        """
        like = pd.DataFrame(self.shifts.cell).assign(
            kind=self.kind, plot=self.plot, homes=self.homes
        )
        alike = like.groupby(like.columns.tolist(), sort=False).cumcount().to_numpy()
        rows = np.flatnonzero(alike < max(sell, 1))
        found = Candidates(
            self.unit[rows],
            self.plot[rows],
            self.homes[rows],
            self.shifts.chosen(rows),
            self.lots,
            town.planned,
        )
        return found, rows


def moves_in(town: Town, *, objective: str, most_at_once: int = MOST_AT_ONCE) -> Moves:
    """Find every single move and what it does; the one that lowers the objective most comes first.

    Parameters
    ----------
    town
        Where they are made.
    objective
        Name of the index that is to be lowered.
    most_at_once
        How many homes a larger unit gives up in one move.

    Notes
    -----
    Of moves that lower it alike the one that costs the fewest homes comes first, then the one that
    lowers the other indices more, then the share around homes; then by kind and id.
    """
    homes = town.units["homes"].to_numpy(dtype=np.int64)
    lots = np.where(homes <= most_at_once, 1, homes // most_at_once)
    rows = _every(town, np.minimum(homes, most_at_once), whole=homes <= most_at_once)
    kind, unit, plot, amount = rows.T
    shifts = _shifts(town, unit, plot, amount)
    now = Evenness(town.municipal, town.dwellings, top_areas=town.top_areas)
    change = pd.DataFrame(
        {
            **{name: now.after(shifts, index=name) - now.now(index=name) for name in INDEX_NAMES},
            "around": _around(town, unit, plot, amount) - town.around.mean_share(),
        }
    )
    capacity = np.where(plot == NONE, 0, amount) - np.where(unit == NONE, 0, amount)
    others = [change[name] for name in EFFECTS if name != objective]
    keys: list[pd.Series | Counts] = [change[objective], -capacity, *others]
    order = np.lexsort((plot, unit, kind, *(_rounded(key) for key in reversed(keys))))
    return Moves(
        kind[order],
        unit[order],
        plot[order],
        amount[order],
        shifts.chosen(order),
        change.iloc[order].reset_index(drop=True),
        lots,
    )


def moves_table(
    town: Town, moves: Moves, *, unit_walks: pd.DataFrame, plot_walks: pd.DataFrame, step: int
) -> gpd.GeoDataFrame:
    """Return the moves as a table (see `Dilution.moves`).

    Parameters
    ----------
    town, moves
        The moves and where they are made.
    unit_walks, plot_walks
        See `walks`.
    step
        Step of the boligtrapp of homes that are bought.
    """
    from_unit, to_plot = moves.unit != NONE, moves.plot != NONE
    unit_xy = shapely.get_coordinates(town.units.geometry.to_numpy())
    xy = np.concatenate([unit_xy, town.plot_xy])
    points = shapely.points(xy[np.where(from_unit, moves.unit, len(unit_xy) + moves.plot)])
    own_step = town.units["step"].astype("str").fillna("unknown").to_numpy()
    return gpd.GeoDataFrame(
        {
            "kind": pd.array([KINDS[kind] for kind in moves.kind], dtype="str"),
            "unit_id": _named(town.units.index.to_numpy(dtype=object), moves.unit),
            "plot_id": _named(np.array(town.plots, dtype=object), moves.plot),
            "homes": moves.homes,
            "times": np.where(from_unit, moves.lots[moves.unit], 1),
            "steps": [
                {own_step[unit] if unit != NONE else str(step): int(homes)}
                for unit, homes in zip(moves.unit.tolist(), moves.homes, strict=True)
            ],
            "capacity": np.where(to_plot, moves.homes, 0) - np.where(from_unit, moves.homes, 0),
            **{name: moves.change[name].to_numpy() for name in EFFECTS},
            "hot": from_unit & town.hot[town.unit_cell[moves.unit]],
            **{name: _at(unit_walks[name], moves.unit) for name in unit_walks.columns},
            **{
                name.replace("_m", "_to_m"): _at(plot_walks[name], moves.plot)
                for name in plot_walks.columns
            },
        },
        geometry=points,
        crs=town.units.crs,
        index=pd.RangeIndex(1, len(moves.kind) + 1, name="move"),
    )


def _every(town: Town, lot: Counts, *, whole: npt.NDArray[np.bool_]) -> Numbers:
    """Return kind, unit, plot and homes of every move, shape (n, 4)."""
    selling = np.flatnonzero(town.may_be_sold)
    torn = selling[whole[selling] & town.alone[selling]]
    plots = np.arange(len(town.plots))
    unit, plot = (each.ravel() for each in np.meshgrid(selling, plots, indexing="ij"))
    fits = lot[unit] <= town.planned[plot]
    unit, plot = unit[fits], plot[fits]
    parts = [
        ("sell", selling, np.full(len(selling), NONE), lot[selling]),
        ("buy", np.full(len(plots), NONE), plots, town.planned),
        ("move", unit, plot, lot[unit]),
        ("replace", torn, np.full(len(torn), NONE), lot[torn]),
    ]
    return np.concatenate(
        [
            np.column_stack([np.full(len(homes), KINDS.index(name)), units, at, homes])
            for name, units, at, homes in parts
        ]
    ).astype(np.int64)


def _shifts(town: Town, unit: Numbers, plot: Numbers, homes: Counts) -> Shifts:
    from_unit, to_plot = unit != NONE, plot != NONE
    left = np.where(from_unit, _place(town.unit_cell, unit), NO_CELL)
    entered = np.where(to_plot, _place(town.plot_cell, plot), NO_CELL)
    lost, won = np.where(from_unit, homes, 0), np.where(to_plot, homes, 0)
    # Within one cell a move only adds dwellings.
    same = (left == entered) & from_unit
    first = np.column_stack([left, np.where(same, NO_CELL, entered)])
    municipal = np.column_stack([np.where(same, 0, -lost), np.where(same, 0, won)])
    dwellings = np.column_stack([np.where(same, won, 0), np.where(same, 0, won)])
    return Shifts(first, municipal, dwellings)


def _around(town: Town, unit: Numbers, plot: Numbers, homes: Counts) -> npt.NDArray[np.float64]:
    """Return the mean share around a home after each move."""
    found = np.full(len(unit), np.nan)
    stay = np.flatnonzero(plot == NONE)
    found[stay] = town.around.after_giving_up(unit[stay], homes[stay])
    pairs = pd.DataFrame({"plot": plot, "homes": homes})[plot != NONE]
    for (at, amount), rows in pairs.groupby(["plot", "homes"]).groups.items():
        chosen = np.asarray(rows, dtype=np.int64)
        giving = chosen[unit[chosen] != NONE]
        bought, moved = town.around.after_buying(town.plot_xy[at], int(amount), unit[giving])
        found[chosen] = bought
        found[giving] = moved
    return found


def _rounded(values: pd.Series | Counts) -> npt.NDArray[np.float64]:
    rounded = np.asarray(values, dtype=np.float64).round(DECIMALS)
    return np.where(np.isnan(rounded), np.inf, rounded)


def _place(cells: Numbers, numbers: Numbers) -> Numbers:
    found: Numbers = np.append(cells, NO_CELL)[numbers]
    return found


def _named(ids: npt.NDArray[np.object_], numbers: Numbers) -> pd.Series:
    names = [None if number == NONE else ids[number] for number in numbers.tolist()]
    return pd.Series(pd.array(names, dtype="str"), index=pd.RangeIndex(1, len(names) + 1))


def _at(walk: pd.Series, numbers: Numbers) -> npt.NDArray[np.float64]:
    metres: npt.NDArray[np.float64] = np.append(walk.to_numpy(dtype=np.float64), np.nan)[numbers]
    return metres
