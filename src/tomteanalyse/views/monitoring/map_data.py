"""What the page of monitoring draws, as plain data with packed figures and geometry."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyproj
import shapely

from tomteanalyse.measures.concentration.change import CAUSES
from tomteanalyse.monitoring.found import INDICES, Geography, Monitoring
from tomteanalyse.texts import Catalog
from tomteanalyse.views.monitoring.classes import class_colours, class_limits
from tomteanalyse.views.monitoring.place_names import cell_names
from tomteanalyse.views.monitoring.series import (
    SHARE_UNITS,
    UNKNOWN,
    in_parts,
    pack_series,
)
from tomteanalyse.views.web_map.background import background, frame
from tomteanalyse.views.web_map.packing import (
    Packed,
    Shapes,
    pack_floats,
    pack_numbers,
    pack_points,
    pack_shapes,
)
from tomteanalyse.views.web_map.page_texts import texts_of
from tomteanalyse.views.web_map.showable import has_degrees

Ints = npt.NDArray[np.int64]

SUBJECTS = ("monitoring_page", "number", "word", "explain.percent", "map.area")
"""What the page's scripts speak of: how the keys of their texts begin."""
SIMPLIFY_M = 2.0
"""How far a drawn border may leave the true one; squares lose nothing."""


def monitoring_data(found: Monitoring, say: Catalog) -> dict[str, Any]:
    """Return what the page draws.

    Parameters
    ----------
    found
        What was found.
    say
        The texts, in the page's language.

    Returns
    -------
    dict
        ``language``, ``texts``, ``days`` (ISO), ``background``, ``totals``, ``changes`` (of the
        whole municipality, by cause), ``geographies``, ``causes``, ``known`` (whether there are
        shares), ``units`` (how many parts a whole share travels as).
    """
    study = found.study
    shapes = {key: _drawable(each, study.crs) for key, each in found.geographies.items()}
    settled = np.concatenate(
        [shapes[key][_ever_homes(each)] for key, each in found.geographies.items()]
    )
    every = np.concatenate(list(shapes.values()))
    # Where nothing is to be drawn, the ground that is known.
    somewhere = np.array([shapely.box(*study.extract.bounds)], dtype=object)
    around = next(each for each in (every, somewhere) if not shapely.is_empty(each).all())
    near = settled if len(settled) and not shapely.is_empty(settled).all() else around
    drawn = frame(study.extract, around)
    return {
        "language": say.language,
        "texts": texts_of(say, SUBJECTS),
        "days": [day.isoformat() for day in found.days],
        "units": SHARE_UNITS,
        "causes": list(CAUSES),
        "known": found.basis is not None,
        "totals": {
            "homes": pack_numbers(found.totals["homes"].to_numpy(dtype=np.int64)),
            "dwellings": pack_numbers(_whole(found.totals["dwellings"])),
            "share": pack_floats(found.totals["share"].to_numpy(dtype=np.float64)),
        },
        "changes": _whole_changes(found),
        "geographies": [
            _geography(each, shapes[key], found, say) for key, each in found.geographies.items()
        ],
        "background": background(study.extract, drawn=drawn, plots=near, crs=study.crs),
    }


def _drawable(geography: Geography, crs: pyproj.CRS) -> Shapes:
    """Return the areas' shapes, an empty one where the map has no place for it."""
    shapes = geography.areas.geometry.to_numpy()
    on_the_globe = has_degrees(shapes, crs=crs)
    drawable: Shapes = np.where(on_the_globe, shapes, shapely.Polygon())
    return drawable


def _ever_homes(geography: Geography) -> npt.NDArray[np.bool_]:
    most = geography.states["homes"].groupby(level="area").max()
    ever: npt.NDArray[np.bool_] = most.reindex(geography.areas.index).to_numpy() > 0
    return ever


def _geography(
    geography: Geography, shapes: Shapes, found: Monitoring, say: Catalog
) -> dict[str, Any]:
    crs, areas = found.study.crs, geography.areas
    cells = geography.key != "area"
    ids = [str(each) for each in areas.index]
    days = pd.DatetimeIndex(pd.to_datetime(list(found.days))).as_unit("s")

    states = geography.states
    area = areas.index.get_indexer(states.index.get_level_values("area"))
    day = days.get_indexer(pd.DatetimeIndex(states.index.get_level_values("day")).as_unit("s"))

    def table(values: Ints) -> Ints:
        by_area = np.full((len(areas), len(days)), UNKNOWN, dtype=np.int64)
        by_area[area, day] = values
        return by_area

    homes = table(states["homes"].to_numpy(dtype=np.int64))
    share, shrunken = (
        table(in_parts(states[name].to_numpy(dtype=np.float64))) for name in ("share", "shrunken")
    )
    hot = states["hot"].to_numpy(dtype=bool, na_value=False)
    return {
        "key": geography.key,
        "cells": cells,
        "ids": ids,
        "labels": cell_names(ids, shapes, found.study.extract, say)
        if cells
        else [
            own if pd.isna(name) else str(name)
            for own, name in zip(ids, areas["name"], strict=True)
        ],
        "shapes": pack_shapes(shapes if cells else shapely.simplify(shapes, SIMPLIFY_M), crs=crs),
        "spots": _spots(shapes, crs),
        "homes": pack_series(homes),
        "dwellings": pack_series(table(_whole(states["dwellings"]))),
        "share": pack_series(share),
        "shrunken": pack_series(shrunken),
        "hot": pack_series(table(hot.astype(np.int64))),
        "classes": {
            "share": _classes(share, most=SHARE_UNITS),
            "homes": _classes(homes),
        },
        "changes": _changes(geography, days),
        "indices": _indices(geography, days),
    }


def _classes(values: Ints, *, most: int | None = None) -> dict[str, Any]:
    limits = class_limits(values, most=most)
    return {"limits": limits, "colours": class_colours(limits)}


def _spots(shapes: Shapes, crs: pyproj.CRS) -> str:
    """Return a point in each shape; where there is none, the place of the one before."""
    inside = shapely.point_on_surface(shapes)
    here = ~shapely.is_empty(inside)
    xy = pd.DataFrame(np.full((len(shapes), 2), np.nan))
    xy[here] = shapely.get_coordinates(inside[here])
    return pack_points(xy.ffill().bfill().fillna(0.0).to_numpy(dtype=np.float64), crs=crs)


def _changes(geography: Geography, days: pd.DatetimeIndex) -> Packed:
    """Return what changed, by area and then by day, only the causes that gave something."""
    changes = geography.changes
    # A change without days is told as it is made, with no type of its own.
    stamps = pd.DatetimeIndex(changes.index.get_level_values("day")).as_unit("s")
    area = geography.areas.index.get_indexer(changes.index.get_level_values("area"))
    order = np.lexsort([days.get_indexer(stamps), area])
    rows = changes.iloc[order]
    counts = rows[[f"count_{cause}" for cause in CAUSES]].to_numpy(dtype=np.int64)
    parts = rows[[f"part_{cause}" for cause in CAUSES]].to_numpy(dtype=np.float64)
    row, cause = np.nonzero(counts)
    whole = np.rint(np.nan_to_num(parts[row, cause]) * SHARE_UNITS).astype(np.int64)
    return {
        "area": pack_numbers(np.diff(area[order], prepend=0)),
        "day": pack_numbers(days.get_indexer(stamps)[order]),
        "assumed": pack_numbers(rows["assumed"].to_numpy(dtype=np.int64)),
        "split": pack_numbers(~np.isnan(parts).any(axis=1) * np.int64(1)),
        "causes": pack_numbers(np.bincount(row, minlength=len(rows))),
        "cause": pack_numbers(cause),
        "count": pack_numbers(counts[row, cause]),
        "part": pack_numbers(whole),
    }


def _whole_changes(found: Monitoring) -> Packed:
    """Return how many came or went in the whole municipality, by cause, in every period."""
    ends = pd.DatetimeIndex(pd.to_datetime(list(found.days[1:]))).as_unit("s")
    stamps = pd.DatetimeIndex(found.changes.index).as_unit("s")
    period = ends.get_indexer(stamps)
    told: Packed = {}
    for cause in CAUSES:
        counts = np.zeros(len(ends), dtype=np.int64)
        counts[period] = found.changes[f"count_{cause}"].to_numpy(dtype=np.int64)
        told[cause] = pack_numbers(counts)
    return told


def _indices(geography: Geography, days: pd.DatetimeIndex) -> dict[str, dict[str, str]]:
    """Return every index over the days, NaN where there is none."""
    table = geography.indices
    stamps = pd.DatetimeIndex(table.index.get_level_values("day")).as_unit("s")
    names = table.index.get_level_values("index")
    told: dict[str, dict[str, str]] = {}
    for index in INDICES:
        mine = table[names == index].set_axis(stamps[names == index], axis=0).reindex(days)
        told[index] = {
            column: pack_floats(mine[column].to_numpy(dtype=np.float64))
            for column in ("value", "expected", "low", "high")
        }
    return told


def _whole(counts: pd.Series) -> Ints:
    return counts.fillna(UNKNOWN).to_numpy(dtype=np.int64)
