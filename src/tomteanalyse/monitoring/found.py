"""What monitoring found, as tables: what the views show. Internal: it is made from the register."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

import geopandas as gpd
import pandas as pd

from tomteanalyse.errors import Notice
from tomteanalyse.measures.concentration.findings import Basis
from tomteanalyse.study import Study

Step = Literal["year", "quarter"]
GeographyKey = Literal["cell_250", "cell_1000", "area"]
INDICES = ("dissimilarity", "gini", "top_share")


@dataclass(frozen=True)
class Geography:
    """One division of the municipality, the same on every day.

    Parameters
    ----------
    key
        The statistical grid of 250 m or 1 km, or the areas the study names (districts,
        grunnkretser).
    areas
        On ``area`` (str: the cell's id in digits, or the area's id; sorted), those that ever hold a
        municipal home or a dwelling: ``name`` (str or NA), ``geometry`` (Polygon or MultiPolygon,
        study's system).
    states
        On (``day`` datetime64, ``area``), every day with every area: ``homes`` (int64),
        ``dwellings`` (Int64), ``share`` (0-1, NaN without dwellings), ``shrunken`` (empirical
        Bayes), ``hot`` (boolean: more than chance explains, in a cell with those around it, in
        an area by itself).
    changes
        On (``day`` datetime64: the end, ``area``), from the day before among the days; rows only
        where something changed on balance: ``share_before``, ``share_after``, ``change``, the part
        of each cause of `change.CAUSES` in the change of the share (``part_<cause>``; NaN without
        dwellings), how many came (+) or went (-) by cause (``count_<cause>``, int64), and
        ``assumed`` (int64): how many of the homes are only taken for bought or sold.
    indices
        On (``day``, ``index`` of `INDICES`): ``value``, ``expected``, ``low``, ``high``,
        ``corrected``, ``share_above`` (see `evenness.Index`); no row where there are no dwellings.
    top_areas
        How many areas the top share counts.
    outside
        Homes that lie in none of the areas, by day (int64 on datetime64).
    """

    key: GeographyKey
    areas: gpd.GeoDataFrame
    states: pd.DataFrame
    changes: pd.DataFrame
    indices: pd.DataFrame
    top_areas: int
    outside: pd.Series


@dataclass(frozen=True)
class Monitoring:
    """Municipal housing on some days.

    Parameters
    ----------
    study
        What was read.
    days
        The days looked at, ascending; at least one.
    step
        What lies between them.
    basis
        What the dwellings were taken from; None where there are none, and shares are NaN.
    totals
        On ``day`` (datetime64): ``homes`` (int64), ``dwellings`` (Int64), ``share``.
    changes
        On ``day`` (datetime64: the end), of the whole municipality: columns as
        `Geography.changes`.
    geographies
        By key, smallest cells first; "area" only where the study names areas.
    known
        The ledger's account of late corrections, one row each: ``unit_id``, ``day`` (when it was
        known), ``what`` (key of a text), and what the ledger tells beside; empty without a ledger.
    warnings
        What the planner should know.
    """

    study: Study
    days: tuple[date, ...]
    step: Step
    basis: Basis | None
    totals: pd.DataFrame
    changes: pd.DataFrame
    geographies: Mapping[GeographyKey, Geography]
    known: pd.DataFrame
    warnings: tuple[Notice, ...]
