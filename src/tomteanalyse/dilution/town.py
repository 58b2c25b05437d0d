"""The municipality as it is on the register's day, counted once for all moves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from scipy.sparse import csr_array

from tomteanalyse.dilution.neighbourhoods import Neighbourhoods, neighbourhoods
from tomteanalyse.dilution.terms import dwellings_file, planned_homes
from tomteanalyse.errors import Notice
from tomteanalyse.measures.concentration.among import DwellingPlaces, among_dwellings
from tomteanalyse.measures.concentration.denominator import (
    basis_of,
    dwellings_at,
    dwellings_by_cell,
    with_homes,
)
from tomteanalyse.measures.concentration.evenness import Counts, Floats
from tomteanalyse.measures.concentration.findings import Basis
from tomteanalyse.measures.concentration.grid import (
    GRID_CRS,
    SMALL_M,
    cell_ids,
    touching_cells,
)
from tomteanalyse.measures.concentration.municipality import top_areas_among
from tomteanalyse.measures.concentration.small_areas import hot_spots
from tomteanalyse.study import Study

AROUND = 100
"""Around a home lie its nearest dwellings, so many of them."""
SAME_HOUSE = 2
"""Dwellings whose places agree to so many decimals of a metre stand in the same house."""

Numbers = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Town:
    """What moves are made in.

    Parameters
    ----------
    basis
        What the dwellings were taken from.
    units
        Units of the register that count, as `Study.units`.
    may_be_sold
        Which of them lie in the area that is asked for, shape (units,).
    alone
        Which of them have their house for themselves, as far as is known, shape (units,).
    plots
        Ids of the plots where homes may be bought.
    plot_xy, planned
        Where each lies [m], shape (plots, 2), and how many homes are planned there.
    cells
        Ids of the cells of 250 m that hold a home, a dwelling or such a plot, sorted.
    municipal, dwellings
        Homes and dwellings by cell.
    top_areas
        How many cells the top share counts.
    hot
        Whether each cell is a hot spot.
    unit_cell, plot_cell
        Places in `cells`.
    around
        What each unit has around it.
    warnings
        What the planner should know of it.
    """

    basis: Basis
    units: gpd.GeoDataFrame
    may_be_sold: Mask
    alone: Mask
    plots: tuple[str, ...]
    plot_xy: Floats
    planned: Counts
    cells: Numbers
    municipal: Counts
    dwellings: Counts
    top_areas: int
    hot: Mask
    unit_cell: Numbers
    plot_cell: Numbers
    around: Neighbourhoods
    warnings: tuple[Notice, ...]


def town_of(
    study: Study, *, buy_at: Sequence[str], area: str | None, nearest: int = AROUND
) -> Town:
    """Count a study's municipality.

    Parameters
    ----------
    study
        What was read; it must have dwellings and homes (see `check_terms`).
    buy_at
        Plots where homes may be bought.
    area
        Id of the area whose units may be sold; None for all.
    nearest
        How many dwellings lie around a home.
    """
    day = study.config.units.on or date.max
    basis = basis_of(study)
    if basis is None:
        raise ValueError("the study names no dwellings")
    units = study.units[study.units["current"]]
    dwellings = dwellings_at(study.dwellings, day)
    plots = tuple(sorted(buy_at))
    plot_points = shapely.point_on_surface(study.plots.geometry.loc[list(plots)].to_numpy())
    unit_cell_ids = _cells(units.geometry.to_numpy(), study)
    plot_cell_ids = _cells(plot_points, study)
    homes = units["homes"].to_numpy(dtype=np.int64)
    by_cell = pd.Series(homes, index=unit_cell_ids).groupby(level=0).sum()
    both = with_homes(dwellings_by_cell(study.dwellings, day, size_m=SMALL_M), by_cell)
    # Cells of plots come in as empty ones, which no index takes notice of.
    cells = np.union1d(both.homes.index.to_numpy(dtype=np.int64), plot_cell_ids)
    municipal, all_ = (
        counts.reindex(cells, fill_value=0).to_numpy(dtype=np.int64)
        for counts in (both.homes, both.dwellings)
    )
    found = among_dwellings(dwellings, units, basis=basis)
    planned = planned_homes(study, plots)
    return Town(
        basis=basis,
        units=units,
        may_be_sold=_inside(study, units, area),
        alone=_alone(dwellings, found, homes),
        plots=plots,
        plot_xy=shapely.get_coordinates(plot_points).reshape(-1, 2),
        planned=np.array([planned[plot] or 0 for plot in plots], dtype=np.int64),
        cells=cells,
        municipal=municipal,
        dwellings=all_,
        top_areas=top_areas_among(all_),
        hot=hot_spots(municipal, all_, touching_cells(cells, size_m=SMALL_M)).hot,
        unit_cell=np.searchsorted(cells, unit_cell_ids),
        plot_cell=np.searchsorted(cells, plot_cell_ids),
        around=_around(units, homes, found, nearest=nearest),
        warnings=_warnings(study, both.dwellings_added, both.places_raised),
    )


def _cells(points: npt.NDArray[np.object_], study: Study) -> Numbers:
    there = gpd.GeoSeries(points, crs=study.crs).to_crs(GRID_CRS)
    return cell_ids(np.column_stack([there.x, there.y]), size_m=SMALL_M)


def _around(
    units: gpd.GeoDataFrame, homes: Counts, found: DwellingPlaces, *, nearest: int
) -> Neighbourhoods:
    part = found.homes / homes[found.unit]
    belonging = csr_array((part, (found.unit, found.place)), shape=(len(units), len(found.xy)))
    return neighbourhoods(
        shapely.get_coordinates(units.geometry.to_numpy()),
        homes,
        belonging,
        place_xy=found.xy,
        dwellings=found.dwellings,
        nearest=nearest,
    )


def _alone(dwellings: gpd.GeoDataFrame, found: DwellingPlaces, homes: Counts) -> Mask:
    """Tell of each unit whether all dwellings in the houses of its homes are its own."""
    at = pd.Series([f"{x:.{SAME_HOUSE}f} {y:.{SAME_HOUSE}f}" for x, y in found.xy], dtype="str")
    named = dwellings["building_id"].astype("str").reset_index(drop=True)
    house = pd.factorize(("=" + named).reindex(range(len(at))).fillna(at))[0]
    in_house = np.bincount(house, found.dwellings)
    touched = pd.DataFrame({"unit": found.unit, "house": house[found.place]}).drop_duplicates()
    held = np.bincount(touched["unit"], in_house[touched["house"].to_numpy()], minlength=len(homes))
    alone: Mask = held == homes
    return alone


def _inside(study: Study, units: gpd.GeoDataFrame, area: str | None) -> Mask:
    if area is None:
        return np.ones(len(units), dtype=np.bool_)
    inside: Mask = shapely.intersects(study.areas.geometry.loc[area], units.geometry.to_numpy())
    return inside


def _warnings(study: Study, added: int, places: int) -> tuple[Notice, ...]:
    told = []
    if added:
        values = {"count": added, "cells": places}
        told.append(Notice("dilution.raised", dwellings_file(study), values=values))
    nowhere = study.unplaced[study.unplaced["current"].astype(bool)]
    if len(nowhere):
        values = {"count": int(nowhere["homes"].sum())}
        told.append(Notice("dilution.unplaced", study.input_name("register"), values=values))
    return tuple(told)
