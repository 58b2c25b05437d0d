"""What a register says, in one plain form: the same homes are the same content, however written."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj

DECIMALS = 3
"""Places are kept to the millimetre, so that reading them in another system changes nothing."""


class Facts(NamedTuple):
    """What is known of one unit; days in ISO form, place in the ledger's system [m]."""

    homes: int
    step: int | None
    housing_form: str | None
    building_id: str | None
    valid_from: str | None
    valid_to: str | None
    began: str | None
    ended: str | None
    x: float
    y: float


Content = Mapping[str, Facts | None]
"""By unit; None is a unit that stands in the register but could not be placed."""

PLAIN = ("homes", "step", "housing_form", "building_id", "valid_from", "valid_to", "began", "ended")
"""The facts beside the place, under the names of `Study.units`."""


def content_of(units: gpd.GeoDataFrame, *, unplaced: Iterable[str], crs: pyproj.CRS) -> Content:
    """Return what a register says.

    Parameters
    ----------
    units
        As `Study.units`; ``current`` is not kept, since it follows from the days.
    unplaced
        Units of the register that have no place.
    crs
        The system to keep places in.
    """
    points = units.geometry.to_crs(crs)
    x, y = (np.round(axis.to_numpy(), DECIMALS) + 0.0 for axis in (points.x, points.y))
    columns = [_plain_values(units[name]) for name in PLAIN]
    content: dict[str, Facts | None] = {str(unit): None for unit in unplaced if unit}
    for unit, *facts in zip(units.index, *columns, x.tolist(), y.tolist(), strict=True):
        content[str(unit)] = Facts(*facts)
    return content


def table_of(content: Content, *, crs: pyproj.CRS) -> gpd.GeoDataFrame:
    """Return the placed units of a content as `Study.units` has them, without ``current``."""
    placed = sorted((unit, facts) for unit, facts in content.items() if facts is not None)
    rows = [facts for _, facts in placed]
    table = pd.DataFrame(rows, columns=list(Facts._fields))
    table["homes"] = table["homes"].astype("int64")
    table["step"] = table["step"].astype("Int64")
    for name in ("housing_form", "building_id", "began", "ended"):
        table[name] = table[name].astype("str")
    for name in ("valid_from", "valid_to"):
        days = table[name].astype("object").fillna("NaT").to_numpy(dtype="datetime64[s]")
        table[name] = pd.Series(days, dtype="datetime64[s]")
    return gpd.GeoDataFrame(
        table[list(PLAIN)].set_axis(pd.Index([unit for unit, _ in placed], dtype="str")),
        geometry=gpd.points_from_xy(table["x"].astype(float), table["y"].astype(float)),
        crs=crs,
    ).rename_axis("unit_id")


def sha256_of(content: Content) -> str:
    """Return the SHA-256 of a content, in hexadecimal; the order of units plays no part."""
    written = json.dumps(
        sorted((unit, facts) for unit, facts in content.items()),
        ensure_ascii=False,
        allow_nan=False,
        separators=(",", ":"),
    )
    return hashlib.sha256(written.encode("utf-8")).hexdigest()


def _plain_values(column: pd.Series) -> list[object]:
    if column.dtype.kind == "M":
        column = column.dt.strftime("%Y-%m-%d")
    values: list[object] = column.astype("object").where(column.notna(), None).tolist()
    return values
