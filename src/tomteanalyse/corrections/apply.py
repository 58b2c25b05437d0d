"""Make corrections in an extract, one by one, and tell what each has touched."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from tomteanalyse.corrections.crossings import new_crossing
from tomteanalyse.corrections.draft import Draft
from tomteanalyse.corrections.kinds import KINDS, CorrectionKind
from tomteanalyse.corrections.misfit import Misfit
from tomteanalyse.corrections.stops import add_stop, remove_stop
from tomteanalyse.corrections.touched import Touched
from tomteanalyse.corrections.ways import change_speed, close_way, new_fence, open_fence
from tomteanalyse.errors import DataError, Notice
from tomteanalyse.extract import OsmExtract

_MAKERS: dict[CorrectionKind, Callable[[Draft, Any], Touched]] = {
    "speed_changed": change_speed,
    "close_way": close_way,
    "new_fence": new_fence,
    "hole_in_fence": open_fence,
    "stop_removed": remove_stop,
    "stop_added": add_stop,
    "new_crossing": new_crossing,
}


@dataclass(frozen=True)
class _Row:
    """One correction, as `kinds.COLUMNS` describes it; what is not said is None."""

    kind: CorrectionKind
    name: str | None
    crossing: str | None
    barrier: str | None
    speed_kmh: float | None
    way: int | None
    file: str
    row: int
    geometry: shapely.Geometry


def corrected(
    extract: OsmExtract, corrections: gpd.GeoDataFrame
) -> tuple[OsmExtract, gpd.GeoDataFrame]:
    """Return an extract with corrections made in it, and what they touched.

    Parameters
    ----------
    extract
        The extract; it is not changed.
    corrections
        One correction a row (see `kinds.COLUMNS`), in the extract's system [m].

    Returns
    -------
    tuple
        The corrected extract, and the corrections on ``correction`` (1…, in the order in which they
        were made, whatever the file's) with ``touched`` (name or number of the way or stop, NA
        without), ``ways`` (tuple of OSM ids of ways and, as "w1" or "r1", of areas) and ``nodes``
        (tuple). Ids of new ways and nodes are negative.

    Raises
    ------
    DataError
        ``corrections.*``: every correction that does not fit the map, not only the first.
    """
    if corrections.empty:
        return extract, corrections
    ordered = corrections.iloc[_order(corrections)]
    rows = [_row(each) for each in ordered.to_dict("records")]
    draft = Draft(
        extract,
        places=[row.geometry for row in rows],
        ways=[row.way for row in rows if row.way is not None],
    )
    inside = shapely.box(*extract.bounds)
    touched: list[Touched] = []
    misfits: list[Notice] = []
    for row in rows:
        try:
            if not inside.intersects(row.geometry):
                raise Misfit("corrections.outside_extract")
            touched.append(_MAKERS[row.kind](draft, row))
        except Misfit as misfit:
            misfits.append(misfit.notice(file=row.file, row=row.row))
    if misfits:
        raise DataError(*_gathered(misfits))
    applied = ordered.assign(
        touched=pd.array([each.name for each in touched], dtype="str"),
        ways=pd.Series([each.ways for each in touched], index=ordered.index, dtype="object"),
        nodes=pd.Series([each.nodes for each in touched], index=ordered.index, dtype="object"),
    )
    applied.index = pd.RangeIndex(1, 1 + len(applied), name="correction")
    return draft.extract(), applied


def _order(corrections: gpd.GeoDataFrame) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    """Return the order in which corrections are made: by kind, then by what they are."""
    keys = pd.DataFrame(
        {
            "kind": [KINDS.index(kind) for kind in corrections["kind"]],
            "shape": [shapely.to_wkb(shape, hex=True) for shape in corrections.geometry],
            **{
                name: corrections[name].astype("str").fillna("").to_numpy()
                for name in ("date", "source", "note", "name", "crossing", "barrier", "speed_kmh")
            },
        }
    )
    order: np.ndarray[tuple[int], np.dtype[np.int64]] = keys.sort_values(
        list(keys.columns), kind="stable"
    ).index.to_numpy()
    return order


def _row(record: dict[Any, Any]) -> _Row:
    known = {name: None if pd.isna(record[name]) else record[name] for name in _ROW}
    way, geometry = known["way"], record["geometry"]
    return _Row(**{**known, "way": None if way is None else int(way), "geometry": geometry})


_ROW = ("kind", "name", "crossing", "barrier", "speed_kmh", "way", "file", "row")


def _gathered(misfits: list[Notice]) -> list[Notice]:
    """Say what is wrong in the same way with several rows once."""
    gathered: dict[tuple[str, str | None, str], Notice] = {}
    for one in misfits:
        key = (one.code, one.file, str(one.values))
        rows = (*gathered[key].rows, *one.rows) if key in gathered else one.rows
        gathered[key] = Notice(one.code, one.file, tuple(sorted(rows)), values=one.values)
    return [*gathered.values()]
