"""What is known of moves that would spread municipal housing, and of a plan made of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import geopandas as gpd
import pandas as pd

from tomteanalyse.errors import Notice
from tomteanalyse.measures.concentration.findings import Basis
from tomteanalyse.study import Study

MoveKind = Literal["sell", "buy", "move", "replace"]
"""To sell a unit; to buy homes at a plot; to sell one and buy as many at a plot; to tear a unit
down where as many private homes are built."""


@dataclass(frozen=True)
class Terms:
    """What a plan must keep to.

    Parameters
    ----------
    sell
        At most so many units are sold, moved or replaced.
    buy_at
        Plots where homes may be bought; how many, the plot's planned homes say.
    keep_capacity
        Whether there must be as many municipal homes after as before, at least.
    area
        Id of the area (of the study's areas) whose units may be sold; None for all.
    """

    sell: int
    buy_at: tuple[str, ...] = ()
    keep_capacity: bool = False
    area: str | None = None


@dataclass(frozen=True)
class Dilution:
    """Every single move and what it does, and the best plan that was found.

    Parameters
    ----------
    study
        What was read.
    terms
        What the plan keeps to.
    basis
        What the dwellings were taken from.
    moves
        On ``move`` (1…, best first): ``kind`` (of `MoveKind`), ``unit_id``, ``plot_id`` (str or
        NA), ``homes`` (int64: that are concerned), ``times`` (int64: how often it can be made: a
        unit of many homes gives up some at a time), ``steps`` (homes by step as a mapping),
        ``capacity`` (int64: change of municipal homes), ``dissimilarity``, ``gini``, ``top_share``
        (change of each index as it is, over the cells of 250 m), ``around`` (change of the mean
        municipal share among the nearest dwellings that a municipal home has, of `AROUND` ones),
        ``hot`` (bool: the unit lies in a hot spot), ``walk_bus_m``, ``walk_grocery_m`` (walk from
        the unit that is given up; NaN where unknown), ``walk_bus_to_m``, ``walk_grocery_to_m``
        (from the plot instead), ``geometry`` (Point of the unit, or the plot's).
    plan
        Numbers of the moves in the plan, in the order in which they help most; one that is made
        several times stands there as often.
    steps
        One row per move of the plan, in order, on ``order`` (0 is today): the indices and
        ``around`` after it, ``homes``, and ``capacity`` by step of the boligtrapp
        (``homes_step_<n>``, ``homes_step_unknown``), mean walk over all municipal homes
        (``walk_bus_m``, ``walk_grocery_m``; homes whose walk is unknown, and those that no safe way
        leads from, stand aside; the latter are counted in ``no_way_bus``, ``no_way_grocery``), and
        ``move`` (Int64, NA today).
    cells
        On ``cell`` (int64) of 250 m, before and after the plan: ``homes_before``, ``homes_after``,
        ``dwellings_before``, ``dwellings_after`` (Int64), ``share_before``, ``share_after``,
        ``geometry``.
    objective
        Name of the index the plan lowers.
    warnings
        What the planner should know.
    parameters
        What was counted with: ``around`` (how many dwellings lie around a home), ``cell_m``,
        ``top_areas`` and ``most_at_once`` (homes that a larger unit gives up in one move).
    """

    study: Study
    terms: Terms
    basis: Basis | None
    moves: gpd.GeoDataFrame
    plan: tuple[int, ...]
    steps: pd.DataFrame
    cells: gpd.GeoDataFrame
    objective: str
    warnings: tuple[Notice, ...] = ()
    parameters: Mapping[str, float] | None = None
