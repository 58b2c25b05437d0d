"""Keep account of homes and dwellings, so that what came and went leads from each day to the next.

The places are the cells of 250 m, parted where a border between areas runs through one: whatever is
added up from them (larger cells, areas, the municipality) keeps the same account.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from tomteanalyse.measures.concentration.change import CAUSES
from tomteanalyse.measures.concentration.evenness import Counts
from tomteanalyse.measures.concentration.grid import GRID_CRS, SMALL_M, cell_ids
from tomteanalyse.measures.concentration.stock import MUNICIPAL_CAUSES, events
from tomteanalyse.monitoring.happened import (
    ALWAYS,
    NEVER,
    Happened,
    day_numbers,
    numbered,
    together,
)
from tomteanalyse.monitoring.pairing import Paired, Spans, paired
from tomteanalyse.monitoring.shortage import shortage
from tomteanalyse.study import Study

NOWHERE = -1
"""Stands for the area of a place that lies in none."""


@dataclass(frozen=True)
class Accounts:
    """Homes and dwellings by place on some days, and what came and went between them.

    Parameters
    ----------
    cells
        Cell of 250 m of every place, shape (places,).
    areas
        Position of its area in the study's table of them, `NOWHERE` outside, shape (places,).
    homes
        Municipal homes, shape (days, places).
    dwellings
        As many or more, same shape; None where the study names no dwellings.
    counts
        By cause of `CAUSES`: what came (positive) or went (negative) from one day to the next,
        shape (days - 1, places).
    assumed
        How many homes of these are only taken for bought or sold, same shape.
    short
        How many dwellings of the last day the source lacks, though the register knows of homes in
        them, shape (places,).
    at_register
        Dwellings on the register's day (homes where no dwellings are known; on the last day where
        the register has none), shape (places,).
    """

    cells: Counts
    areas: Counts
    homes: Counts
    dwellings: Counts | None
    counts: Mapping[str, Counts]
    assumed: Counts
    short: Counts
    at_register: Counts


def accounts(study: Study, days: Sequence[date]) -> Accounts:
    """Count homes, dwellings and what came and went.

    Parameters
    ----------
    study
        Whose register and dwellings are counted.
    days
        The days, ascending.

    Notes
    -----
    In every place the homes of a day are those of the day before and what the municipality bought,
    built, sold, tore down and counted otherwise; the dwellings are those of the day before, what
    it built and tore down, and what others did: without rest. See `paired` for what both files
    tell, and `shortage` for places where the register knows of more homes than there are dwellings.
    Neither hangs on the days that are looked at.
    """
    units, dwellings = study.units, study.dwellings
    of_units, of_dwellings = _places(study, units), _places(study, dwellings)
    places, number = np.unique(
        np.concatenate([of_units, of_dwellings]), axis=0, return_inverse=True
    )
    of_unit, of_dwelling = np.split(number.reshape(-1), [len(units)])
    cells, areas = places[:, 0], places[:, 1]
    on, of_register = numbered(days), numbered([study.config.units.on or days[-1]])

    def by_day(happened: Happened, days: Counts = on) -> Counts:
        return happened.by_day(days, places=len(places))

    found = events(units)
    moved = Happened(
        of_unit[found["unit"]],
        day_numbers(found["day"], missing=ALWAYS),
        found["homes"].to_numpy(dtype=np.int64),
    )
    homes = together(_there_all_along(units, of_unit), moved)
    counts = {
        cause: by_day(moved.where((found["cause"] == cause).to_numpy()))[1:]
        for cause in MUNICIPAL_CAUSES
    }
    guessed = moved.where(found["assumed"].to_numpy())
    assumed = by_day(Happened(guessed.place, guessed.day, np.abs(guessed.count)))[1:]
    municipal = np.cumsum(by_day(homes), axis=0)
    if not len(dwellings):
        nothing = np.zeros_like(assumed)
        counts |= {cause: nothing for cause in CAUSES if cause not in counts}
        short = np.zeros(len(places), dtype=np.int64)
        now = by_day(homes, of_register)[0]
        return Accounts(cells, areas, municipal, None, counts, assumed, short, now)

    spans = _spans(units, dwellings, of_unit, of_dwelling)
    pairs = paired(*spans)
    came, went, own = _by_whom(pairs.dwellings)
    lacking = shortage(homes, came=came, went=went, own=own)
    raised = together(lacking.grows, lacking.shrinks.turned())
    there = together(came, went.turned(), own, raised)
    replaced = _replaced(pairs, spans[0])
    counts["new_others"] = by_day(together(came, replaced, lacking.shrinks.turned()))[1:]
    counts["others_gone"] = by_day(together(went.turned(), lacking.grows))[1:]
    return Accounts(
        cells=cells,
        areas=areas,
        homes=municipal,
        dwellings=np.cumsum(by_day(there), axis=0),
        counts=counts,
        assumed=assumed,
        short=by_day(together(raised, pairs.added)).sum(axis=0),
        at_register=by_day(there, of_register)[0],
    )


def _places(study: Study, table: gpd.GeoDataFrame) -> Counts:
    """Return the cell and the area of every row, shape (n, 2)."""
    if not len(table):
        return np.zeros((0, 2), dtype=np.int64)
    points = table.geometry.to_crs(GRID_CRS)
    cells = cell_ids(np.column_stack([points.x, points.y]), size_m=SMALL_M)
    area = np.full(len(table), NOWHERE)
    if len(study.areas):
        tree = shapely.STRtree(study.areas.geometry.to_numpy())
        row, inside = tree.query(table.geometry.to_numpy(), predicate="intersects")
        # On a border it is in the first of the areas.
        order = np.lexsort((-inside, row))
        area[row[order]] = inside[order]
    return np.column_stack([cells, area])


def _there_all_along(units: gpd.GeoDataFrame, places: Counts) -> Happened:
    rows = np.flatnonzero(units["valid_from"].isna())
    homes = units["homes"].to_numpy(dtype=np.int64)[rows]
    return Happened(places[rows], np.full(len(rows), ALWAYS), homes)


def _spans(
    units: gpd.GeoDataFrame, dwellings: gpd.GeoDataFrame, of_unit: Counts, of_dwelling: Counts
) -> tuple[Spans, Spans]:
    names = pd.concat([units["building_id"], dwellings["building_id"]]).astype("object")
    number, _ = pd.factorize(names)
    of_homes, of_others = np.split(number.astype(np.int64), [len(units)])
    homes = Spans(
        place=of_unit,
        count=units["homes"].to_numpy(dtype=np.int64),
        first=day_numbers(units["valid_from"], missing=ALWAYS),
        end=_day_after(units["valid_to"]),
        built=(units["began"] == "built").to_numpy(dtype=bool),
        torn_down=(units["ended"] == "demolished").to_numpy(dtype=bool),
        building=of_homes,
    )
    nobody = np.zeros(len(dwellings), dtype=bool)
    return homes, Spans(
        place=of_dwelling,
        count=dwellings["dwellings"].to_numpy(dtype=np.int64),
        first=day_numbers(dwellings["built"], missing=ALWAYS),
        end=_day_after(dwellings["gone"]),
        built=nobody,
        torn_down=nobody,
        building=of_others,
    )


def _day_after(days: pd.Series) -> Counts:
    last = day_numbers(days, missing=NEVER)
    return np.where(last == NEVER, NEVER, last + 1)


def _by_whom(dwellings: Spans) -> tuple[Happened, Happened, Happened]:
    """Return what others built, what others tore down, and what the municipality did."""
    came = Happened(dwellings.place, dwellings.first, dwellings.count)
    went = Happened(dwellings.place, dwellings.end, dwellings.count)
    own = together(came.where(dwellings.built), went.where(dwellings.torn_down).turned())
    by_others = ~dwellings.torn_down & (dwellings.end < NEVER)
    return came.where(~dwellings.built), went.where(by_others), own


def _replaced(pairs: Paired, homes: Spans) -> Happened:
    rows = pairs.replaced.index.to_numpy(dtype=np.int64)
    return Happened(homes.place[rows], homes.end[rows], pairs.replaced.to_numpy(dtype=np.int64))
