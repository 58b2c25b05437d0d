"""Follow municipal housing from day to day."""

from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
from scipy.sparse import csr_array, eye_array

from tomteanalyse.errors import Notice, UsageError
from tomteanalyse.measures.concentration.denominator import basis_of
from tomteanalyse.measures.concentration.evenness import Counts
from tomteanalyse.measures.concentration.grid import (
    GRID_CRS,
    LARGE_M,
    SMALL_M,
    cell_boxes,
    parent_cells,
    touching_cells,
)
from tomteanalyse.measures.concentration.municipality import top_areas_among
from tomteanalyse.monitoring.accounts import NOWHERE, Accounts, accounts
from tomteanalyse.monitoring.days import first_days
from tomteanalyse.monitoring.found import Geography, GeographyKey, Monitoring, Step
from tomteanalyse.monitoring.geographies import AddedUp
from tomteanalyse.monitoring.happened import Flags
from tomteanalyse.monitoring.told import notices
from tomteanalyse.study import Study

NOTHING_KNOWN = pd.DataFrame(
    {
        "unit_id": pd.Series(dtype="str"),
        "day": pd.Series(dtype="datetime64[s]"),
        "what": pd.Series(dtype="str"),
    }
)


def monitor(
    study: Study, *, start: date, end: date, step: Step, known: pd.DataFrame | None = None
) -> Monitoring:
    """Count municipal homes and dwellings on the first day of every year or quarter, and explain.

    Parameters
    ----------
    study
        Register, dwellings and areas.
    start, end
        The span, both included. An end that is meant as a year is its first of January: what
        happens in the course of that year is not seen.
    step
        What lies between the days.
    known
        The ledger's account of late corrections; see `Monitoring.known`.

    Raises
    ------
    UsageError
        ``monitoring.no_days``; ``monitoring.after_register`` where a day comes after the day the
        register is of: what happened until then is not known.
    """
    days = first_days(start, end, step=step)
    of_register = study.config.units.on
    if of_register is not None and days[-1] > of_register:
        values = {"day": days[-1], "register": of_register}
        raise UsageError(
            Notice("monitoring.after_register", study.input_name("register"), values=values),
            language=study.config.language,
        )
    kept = accounts(study, days)
    on = pd.DatetimeIndex(np.array(days, dtype="datetime64[s]"), name="day")
    whole = AddedUp(kept, on, np.zeros(len(kept.cells), dtype=np.int64), pd.Index(["whole"]))
    geographies: dict[GeographyKey, Geography] = {
        "cell_250": _cells("cell_250", kept, on, kept.cells, study=study, size_m=SMALL_M),
        "cell_1000": _cells(
            "cell_1000", kept, on, parent_cells(kept.cells, size_m=LARGE_M), study=study,
            size_m=LARGE_M,
        ),
    }  # fmt: skip
    if len(study.areas):
        geographies["area"] = _areas(kept, on, study)
    basis = basis_of(study)
    return Monitoring(
        study=study,
        days=days,
        step=step,
        basis=basis,
        totals=whole.states().droplevel("area"),
        changes=whole.changes().droplevel("area"),
        geographies=geographies,
        known=NOTHING_KNOWN if known is None else known,
        warnings=notices(study, kept),
    )


def _cells(
    key: GeographyKey,
    kept: Accounts,
    on: pd.DatetimeIndex,
    cells: Counts,
    *,
    study: Study,
    size_m: int,
) -> Geography:
    ever = _ever(kept)
    ids = np.unique(cells[ever])
    number = np.where(ever, np.searchsorted(ids, cells), NOWHERE)
    squares = gpd.GeoSeries(cell_boxes(ids, size_m=size_m), crs=GRID_CRS).to_crs(study.crs)
    names = pd.Index(ids.astype(str), dtype="str", name="area")
    areas = gpd.GeoDataFrame(
        {"name": pd.Series(pd.NA, index=names, dtype="str")},
        geometry=squares.to_numpy(),
        index=names,
        crs=study.crs,
    )
    return _geography(
        key, AddedUp(kept, on, number, names), areas, touching_cells(ids, size_m=size_m)
    )


def _areas(kept: Accounts, on: pd.DatetimeIndex, study: Study) -> Geography:
    ever = _ever(kept) & (kept.areas != NOWHERE)
    used = np.unique(kept.areas[ever])
    number = np.where(ever, np.searchsorted(used, kept.areas), NOWHERE)
    areas = study.areas.iloc[used][["name", study.areas.geometry.name]].rename_axis("area")
    # A district is large enough to stand for itself: with its neighbours counted in, one would be
    # marked for what lies in another.
    alone = eye_array(len(areas), dtype=np.int64, format="csr")
    return _geography("area", AddedUp(kept, on, number, areas.index), areas, alone)


def _geography(
    key: GeographyKey, summed: AddedUp, areas: gpd.GeoDataFrame, neighbours: csr_array
) -> Geography:
    top_areas = top_areas_among(summed.at_register)
    outside = summed.accounts.homes[:, summed.area == NOWHERE].sum(axis=1)
    return Geography(
        key=key,
        areas=areas,
        states=summed.states(neighbours),
        changes=summed.changes(),
        indices=summed.indices(top_areas=top_areas),
        top_areas=top_areas,
        outside=pd.Series(outside, index=summed.days, dtype="int64"),
    )


def _ever(kept: Accounts) -> Flags:
    """Return which places hold a home or a dwelling on any of the days, or between two of them."""
    there = kept.homes if kept.dwellings is None else kept.dwellings
    between = (each.any(axis=0) for each in kept.counts.values())
    ever: Flags = np.logical_or.reduce([there.any(axis=0), *between])
    return ever
