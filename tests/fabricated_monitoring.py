"""Made-up municipal housing over the years, so that its page can be tested without a study.

The place is the fictional Heggdal. Homes come and go at random, but every share, index and cause is
counted as the program counts them.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Literal

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyproj
import shapely

from fabricated import CRS, ORIGIN, fabricated_assessment
from tomteanalyse.config import AreasConfig
from tomteanalyse.measures.concentration.change import CAUSES, split_change
from tomteanalyse.measures.concentration.evenness import (
    Index,
    against_chance,
    dissimilarity,
    gini,
    random_labelling,
    top_share,
)
from tomteanalyse.measures.concentration.findings import Basis
from tomteanalyse.measures.concentration.grid import GRID_CRS, cell_boxes, cell_ids, parent_cells
from tomteanalyse.measures.concentration.small_areas import shrunken_shares
from tomteanalyse.monitoring.found import Geography, GeographyKey, Monitoring
from tomteanalyse.study import InputFile

Ints = npt.NDArray[np.int64]
DISTRICTS = ("Sentrum", "Åsen", "Sørmyra", "Nordre Heggdal")


def yearly(first: int = 2018, last: int = 2026) -> tuple[date, ...]:
    """Return the first day of every year."""
    return tuple(date(year, 1, 1) for year in range(first, last + 1))


def quarterly(count: int) -> tuple[date, ...]:
    """Return the first day of so many quarters."""
    return tuple(date(2015 + k // 4, 1 + 3 * (k % 4), 1) for k in range(count))


def fabricated_monitoring(
    days: Sequence[date] = yearly(),
    *,
    side: int = 8,
    basis: Basis | None = "addresses",
    districts: Sequence[str] | None = DISTRICTS,
    study_name: str = "Heggdal (oppdiktet)",
    note: str | None = None,
    known: pd.DataFrame | None = None,
    homes_at_all: bool = True,
) -> Monitoring:
    """Build a `Monitoring` of up to ``side`` x ``side`` cells of 250 m.

    Parameters
    ----------
    days
        The days, ascending.
    side
        How many cells of 250 m there are along each side.
    basis
        What the dwellings were taken from; None for no dwellings.
    districts
        Names of four districts; None for a study without areas.
    study_name, note
        Of the study.
    known
        Late corrections.
    homes_at_all
        Whether there is any municipal home.
    """
    corner = pyproj.Transformer.from_crs(CRS, GRID_CRS, always_xy=True).transform(
        *(ORIGIN + np.array([900.0, 500.0]))
    )
    steps = 250.0 * np.array([(x, y) for x in range(side) for y in range(side)])
    cells = np.sort(cell_ids(np.asarray(corner) + steps, size_m=250))
    homes, dwellings, came = _town(cells.size, len(days), homes_at_all=homes_at_all)
    inhabited = (dwellings.max(axis=1) > 0) | (homes.max(axis=1) > 0)
    cells = cells[inhabited]
    homes, dwellings = homes[inhabited], dwellings[inhabited]
    came = {cause: counts[inhabited] for cause, counts in came.items()}
    stamps = pd.DatetimeIndex(pd.to_datetime(list(days)), name="day").as_unit("s")
    without = basis is None

    def geography(
        key: GeographyKey, ids: list[str], names: Any, shapes: Any, of_cell: Ints, top: int
    ) -> Geography:
        def summed(counts: Ints) -> Ints:
            total = np.zeros((len(ids), counts.shape[1]), dtype=np.int64)
            np.add.at(total, of_cell, counts)
            return total

        areas = gpd.GeoDataFrame(
            {"name": pd.Series(names, dtype="str").to_numpy()},
            geometry=shapes,
            index=pd.Index(ids, name="area"),
            crs=CRS,
        )
        mine, all_ = summed(homes), summed(dwellings)
        moved = {cause: summed(counts) for cause, counts in came.items()}
        return Geography(
            key=key,
            areas=areas,
            states=_states(areas.index, stamps, mine, all_, without=without),
            changes=_changes(areas.index, stamps, mine, all_, moved, without=without),
            indices=_indices(stamps, mine, all_, top=top, without=without),
            top_areas=top,
            outside=pd.Series(np.arange(len(days)) % 2, index=stamps, dtype="int64"),
        )

    def squares(ids: Ints, size_m: int) -> Any:
        return gpd.GeoSeries(cell_boxes(ids, size_m=size_m), crs=GRID_CRS).to_crs(CRS).to_numpy()

    large = parent_cells(cells, size_m=1000)
    parents, of_parent = np.unique(large, return_inverse=True)
    geographies: dict[GeographyKey, Geography] = {
        "cell_250": geography(
            "cell_250",
            [str(each) for each in cells],
            [None] * cells.size,
            squares(cells, 250),
            np.arange(cells.size),
            max(1, cells.size // 20),
        ),
        "cell_1000": geography(
            "cell_1000",
            [str(each) for each in parents],
            [None] * parents.size,
            squares(parents, 1000),
            of_parent,
            max(1, parents.size // 20),
        ),
    }
    if districts is not None:
        middle = shapely.get_coordinates(shapely.centroid(squares(cells, 250)))
        east, north = (middle > np.median(middle, axis=0)).T.astype(np.int64)
        of_district = 2 * north + east
        shapes = [
            shapely.union_all(squares(cells, 250)[of_district == k]) for k in range(len(districts))
        ]
        geographies["area"] = geography(
            "area",
            [f"B{k + 1}" for k in range(len(districts))],
            list(districts),
            shapes,
            of_district,
            1,
        )
    study = fabricated_assessment(study_name=study_name).study
    config = study.config.model_copy(
        update={"note": note, "areas": AreasConfig(file="bydeler.gpkg") if districts else None}
    )
    inputs = (*study.inputs, InputFile("dwellings", "adresser.csv", "0" * 64, 900))
    whole = np.array(["kommunen"])
    every = {cause: counts.sum(axis=0, keepdims=True) for cause, counts in came.items()}
    mine, all_ = homes.sum(axis=0, keepdims=True), dwellings.sum(axis=0, keepdims=True)
    totals = _states(pd.Index(whole), stamps, mine, all_, without=without).droplevel(1)
    changes = _changes(pd.Index(whole), stamps, mine, all_, every, without=without).droplevel(1)
    months = len(days) > 1 and (days[1] - days[0]).days < 100
    step: Literal["year", "quarter"] = "quarter" if months else "year"
    return Monitoring(
        study=replace(study, config=config, inputs=inputs if basis else study.inputs),
        days=tuple(days),
        step=step,
        basis=basis,
        totals=totals[["homes", "dwellings", "share"]],
        changes=changes,
        geographies=geographies,
        known=pd.DataFrame(columns=["unit_id", "day", "what"]) if known is None else known,
        warnings=(),
    )


def _town(cells: int, days: int, *, homes_at_all: bool) -> tuple[Ints, Ints, dict[str, Ints]]:
    """Return homes, dwellings, and what came and went by cause, by cell and day."""
    generator = np.random.default_rng(7)
    homes = np.zeros((cells, days), dtype=np.int64)
    dwellings = np.zeros((cells, days), dtype=np.int64)
    came = {cause: np.zeros((cells, days), dtype=np.int64) for cause in CAUSES}
    dwellings[:, 0] = np.maximum(generator.integers(-25, 140, cells), 0)
    if homes_at_all:
        settled = (dwellings[:, 0] > 0) & (generator.random(cells) < 0.4)
        homes[settled, 0] = generator.binomial(dwellings[settled, 0], 0.06)
        homes[dwellings[:, 0].argmax(), 0] += 18
    for day in range(1, days):
        mine, all_ = homes[:, day - 1].copy(), dwellings[:, day - 1].copy()
        for cause in CAUSES:
            if not homes_at_all and not cause.startswith(("new", "others")):
                continue
            for cell in generator.choice(cells, max(1, cells // 40), replace=False):
                room = all_[cell] - mine[cell]
                count = int(generator.integers(1, 5))
                mine_change, all_change = {
                    "bought": (min(count, room), 0),
                    "built": (count, count),
                    "sold": (-min(count, mine[cell]), 0),
                    "demolished": (-min(1, mine[cell]),) * 2,
                    "reclassified": (-min(1, mine[cell]), 0),
                    "new_others": (0, 3 * count),
                    "others_gone": (0, -min(count, room)),
                }[cause]
                mine[cell] += mine_change
                all_[cell] += all_change
                came[cause][cell, day] += mine_change or all_change
        homes[:, day], dwellings[:, day] = mine, all_
    return homes, dwellings, came


def _states(
    areas: pd.Index, days: pd.DatetimeIndex, homes: Ints, dwellings: Ints, *, without: bool
) -> pd.DataFrame:
    with np.errstate(invalid="ignore"):
        share = np.where(dwellings > 0, homes / np.maximum(dwellings, 1), np.nan)
    shrunken = np.column_stack(
        [shrunken_shares(homes[:, d], dwellings[:, d]) for d in range(len(days))]
    )
    hot = (share > 3 * homes.sum(axis=0) / np.maximum(dwellings.sum(axis=0), 1)) & (homes > 3)
    count = pd.array(dwellings.T.ravel(), dtype="Int64")
    if without:
        share, shrunken, hot = share * np.nan, shrunken * np.nan, hot & False
        count = pd.array([pd.NA] * dwellings.size, dtype="Int64")
    return pd.DataFrame(
        {
            "homes": homes.T.ravel(),
            "dwellings": count,
            "share": share.T.ravel(),
            "shrunken": shrunken.T.ravel(),
            "hot": pd.array(hot.T.ravel(), dtype="boolean"),
        },
        index=pd.MultiIndex.from_product([days, areas], names=["day", "area"]),
    )


def _changes(
    areas: pd.Index,
    days: pd.DatetimeIndex,
    homes: Ints,
    dwellings: Ints,
    came: dict[str, Ints],
    *,
    without: bool,
) -> pd.DataFrame:
    tables = []
    for d in range(1, len(days)):
        of_day = {cause: counts[:, d] for cause, counts in came.items()}
        parts = split_change(homes[:, d - 1], dwellings[:, d - 1], of_day)
        parts = parts.rename(columns={cause: f"part_{cause}" for cause in CAUSES})
        if without:
            parts = parts * np.nan
        counts = pd.DataFrame({f"count_{cause}": of_day[cause] for cause in CAUSES})
        table = pd.concat([parts, counts], axis=1).assign(assumed=of_day["bought"] // 2)
        table.index = pd.MultiIndex.from_product([days[d : d + 1], areas], names=["day", "area"])
        tables.append(table[(counts != 0).any(axis=1).to_numpy()])
    if tables:
        return pd.concat(tables)
    columns = [
        *("share_before", "share_after", "change"),
        *(f"part_{cause}" for cause in CAUSES),
        *(f"count_{cause}" for cause in CAUSES),
        "assumed",
    ]
    return pd.DataFrame(
        columns=columns, index=pd.MultiIndex.from_arrays([[], []], names=["day", "area"])
    )


def _indices(
    days: pd.DatetimeIndex, homes: Ints, dwellings: Ints, *, top: int, without: bool
) -> pd.DataFrame:
    rows: dict[tuple[pd.Timestamp, str], Index] = {}
    for d, day in enumerate(days):
        mine, all_ = homes[:, d], dwellings[:, d]
        if without or not mine.sum():
            continue
        drawn = random_labelling(mine, all_, draws=60, seed=1)
        for name, index in (
            ("dissimilarity", lambda each, all_=all_: dissimilarity(each, all_)),
            ("gini", lambda each, all_=all_: gini(each, all_)),
            ("top_share", lambda each: top_share(each, areas=top)),
        ):
            rows[day, name] = against_chance(index, mine, drawn)
    names = ["value", "expected", "low", "high", "corrected", "share_above"]
    return pd.DataFrame(
        [[getattr(each, name) for name in names] for each in rows.values()],
        columns=names,
        index=pd.MultiIndex.from_tuples(list(rows), names=["day", "index"])
        if rows
        else pd.MultiIndex.from_arrays([[], []], names=["day", "index"]),
        dtype="float64",
    )
