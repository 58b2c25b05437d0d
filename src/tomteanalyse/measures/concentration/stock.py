"""Municipal homes by cell of the fixed grid: how many on a day, and what came and went between two.

Which days a unit was there stands in the register; both its first and its last day count. A home
whose last day is 31 December is gone on 1 January.
"""

from dataclasses import dataclass
from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd

from tomteanalyse.measures.concentration.grid import GRID_CRS, cell_ids

CAME = ("bought", "built", "reclassified")
WENT = ("sold", "demolished", "reclassified")
MUNICIPAL_CAUSES = ("bought", "built", "sold", "demolished", "reclassified")
"""The causes of `change.CAUSES` that change municipal homes."""


@dataclass(frozen=True)
class StockChange:
    """What happened to municipal homes between two days, by cell.

    Parameters
    ----------
    homes
        On ``cell`` (int64, sorted), one column per cause of `MUNICIPAL_CAUSES` (int64): homes that
        came (positive) or went (negative), as `split_change` wants them. Only cells where
        something came or went, also where that cancels out.
    assumed
        On the same cells, ``bought`` and ``sold`` (int64): how many of those homes are only taken
        for bought or sold, since the register does not say how they came or went.
    """

    homes: pd.DataFrame
    assumed: pd.DataFrame


def homes_at(units: gpd.GeoDataFrame, day: date, *, size_m: int) -> pd.Series:
    """Count municipal homes by cell on a day.

    Parameters
    ----------
    units
        As `Study.units`, in any system; of a unit that does not say when it began or ended it is
        taken that it always was, or still is, there.
    day
        The day.
    size_m
        Side of the cells [m].

    Returns
    -------
    Series
        Homes (int64) on ``cell`` (int64, sorted); cells without homes are left out.
    """
    on = np.datetime64(day, "s")
    first, last = _days(units)
    there = (first <= on) & (on <= last)
    counted = units["homes"].to_numpy(dtype=np.int64)[there]
    homes = pd.Series(counted, index=_cells(units[there], size_m=size_m), name="homes")
    return homes.groupby(level="cell").sum()


def changes_between(units: gpd.GeoDataFrame, start: date, end: date, *, size_m: int) -> StockChange:
    """Count the homes that came and went from one day to another, by cell and cause.

    A home that came and went in between is counted both times. So changes add up over time: those
    of two years on end are those of both, and the homes at the end are those at the start and the
    changes, in every cell.

    Parameters
    ----------
    units
        As `homes_at`, with ``began`` and ``ended``.
    start, end
        The two days; what happened on `start` itself had happened already.
    size_m
        Side of the cells [m].

    Raises
    ------
    ValueError
        If `end` comes before `start`, or a cause is none of ours.
    """
    if end < start:
        raise ValueError("the end comes before the start")
    cells = _cells(units, size_m=size_m)
    found = events(units)
    shows = found["day"].to_numpy()
    between = (np.datetime64(start, "s") < shows) & (shows <= np.datetime64(end, "s"))
    found = found[between].assign(cell=lambda rows: cells[rows["unit"]])
    return StockChange(
        _by_cell(found, columns=MUNICIPAL_CAUSES),
        _by_cell(
            found.assign(homes=found["homes"].abs() * found["assumed"]),
            columns=("bought", "sold"),
        ),
    )


def events(units: gpd.GeoDataFrame) -> pd.DataFrame:
    """List the homes that came and went, each time with its day and cause.

    Parameters
    ----------
    units
        As `homes_at`, with ``began`` and ``ended``.

    Returns
    -------
    DataFrame
        ``unit`` (int: its row), ``day`` (datetime64: the first day on which it shows), ``homes``
        (int64, those that went negative), ``cause`` (of `MUNICIPAL_CAUSES`), ``assumed`` (bool: the
        register does not say how, only when). First all that came, then all that went.

    Raises
    ------
    ValueError
        If a cause is none of ours.
    """
    first, last = _days(units)
    homes = units["homes"].to_numpy(dtype=np.int64)
    came, went = (units[name].notna().to_numpy() for name in ("valid_from", "valid_to"))
    parts = [
        _events(np.flatnonzero(came), first, homes, units["began"], known=CAME, otherwise="bought"),
        # Gone on the day after its last.
        _events(
            np.flatnonzero(went),
            last + np.timedelta64(1, "D"),
            -homes,
            units["ended"],
            known=WENT,
            otherwise="sold",
        ),
    ]
    return pd.concat(parts, ignore_index=True)


def _days(
    units: gpd.GeoDataFrame,
) -> "tuple[np.ndarray[tuple[int], np.dtype[np.datetime64]], ...]":
    """Return the first and last day of every unit; far off where there is none."""
    always, never = np.datetime64("0001-01-01", "s"), np.datetime64("9999-12-31", "s")
    return tuple(
        np.where(np.isnat(days), instead, days)
        for name, instead in (("valid_from", always), ("valid_to", never))
        for days in [units[name].to_numpy(dtype="datetime64[s]")]
    )


def _cells(units: gpd.GeoDataFrame, *, size_m: int) -> pd.Index:
    points = units.geometry.to_crs(GRID_CRS)
    xy = np.column_stack([points.x.to_numpy(), points.y.to_numpy()])
    return pd.Index(cell_ids(xy, size_m=size_m), dtype="int64", name="cell")


def _events(
    chosen: "np.ndarray[tuple[int], np.dtype[np.int64]]",
    days: "np.ndarray[tuple[int], np.dtype[np.datetime64]]",
    homes: "np.ndarray[tuple[int], np.dtype[np.int64]]",
    causes: pd.Series,
    *,
    known: tuple[str, ...],
    otherwise: str,
) -> pd.DataFrame:
    said = causes.iloc[chosen]
    odd = sorted(set(said.dropna()) - set(known))
    if odd:
        raise ValueError(f"unknown causes: {odd}")
    assumed = said.isna().to_numpy()
    cause = said.astype("object").where(~assumed, otherwise).to_numpy()
    return pd.DataFrame(
        {
            "unit": chosen,
            "day": days[chosen],
            "homes": homes[chosen],
            "cause": cause,
            "assumed": assumed,
        }
    )


def _by_cell(events: pd.DataFrame, *, columns: tuple[str, ...]) -> pd.DataFrame:
    summed = events.pivot_table(
        index="cell", columns="cause", values="homes", aggfunc="sum", fill_value=0
    )
    return (
        summed.reindex(columns=list(columns), fill_value=0)
        .astype("int64")
        .rename_axis(columns=None)
    )
