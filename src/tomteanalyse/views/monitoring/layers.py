"""What stands in ``overvaking.gpkg``: the areas on the last day, and every day as rows."""

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pandas as pd

from tomteanalyse.monitoring.found import Geography, Monitoring
from tomteanalyse.texts import Catalog
from tomteanalyse.views.geopackage import Layer
from tomteanalyse.views.layer_styles import LayerStyle
from tomteanalyse.views.monitoring.classes import class_colours, class_limits
from tomteanalyse.views.monitoring.period import over_period
from tomteanalyse.views.qml import Symbol, categorized, fill, graduated

LAYERS = {"cell_250": "cells_250", "cell_1000": "cells_1000", "area": "areas"}
"""Names of the layers by division."""
WHOLE = "whole"
_PERMILLE = 1000
_FELL, _ROSE, _SAME = "#1f5fa8", "#b35806", "#f4f4f4"
_CHANGE = (
    """CASE WHEN "change" < 0 THEN 'fell' WHEN "change" > 0 THEN 'rose' """
    """WHEN "change" = 0 THEN 'same' END"""
)


def monitoring_layers(found: Monitoring, say: Catalog) -> tuple[Layer, ...]:
    """Return a layer for each division, then the tables of all days and of all changes."""
    basis = say(f"monitoring_page.basis.{found.basis}") if found.basis else None
    layers = [
        Layer(
            LAYERS[key], _areas(each, found, basis), "MultiPolygon" if key == "area" else "Polygon"
        )
        for key, each in found.geographies.items()
    ]
    states = {str(key): each.states for key, each in found.geographies.items()}
    changes = {str(key): each.changes for key, each in found.geographies.items()}
    states = {WHOLE: _as_area(found.totals)} | states
    changes = {WHOLE: _as_area(found.changes)} | changes
    return (
        *layers,
        Layer("over_time", _long(states, basis), None),
        Layer("changes", _long(changes, basis), None),
    )


def monitoring_styles(found: Monitoring, say: Catalog) -> tuple[LayerStyle, ...]:
    """Return how QGIS draws each division: by share, or by homes without one; and what changed."""
    styles = []
    for key, geography in found.geographies.items():
        layer = LAYERS[key]
        name = say(f"monitoring_tables.style.{'share' if found.basis else 'homes'}")
        styles.append(LayerStyle(layer, name, _by_class(geography, found, say), True))
        if found.basis:
            changed = say("monitoring_tables.style.change")
            styles.append(LayerStyle(layer, changed, _by_change(say), False))
    return tuple(styles)


def _areas(geography: Geography, found: Monitoring, basis: str | None) -> gpd.GeoDataFrame:
    table = over_period(geography, found.days)
    table.insert(0, "area", geography.areas.index.astype("object"))
    table.insert(1, "name", geography.areas["name"])
    first, last = (day.isoformat() for day in (found.days[0], found.days[-1]))
    told = table.assign(first_day=first, day=last, basis=basis)
    shapes = geography.areas.geometry.array
    return gpd.GeoDataFrame(told.reset_index(drop=True), geometry=shapes, crs=geography.areas.crs)


def _as_area(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table of the whole municipality as one of an area."""
    return table.assign(area=WHOLE).set_index("area", append=True)


def _long(tables: dict[str, pd.DataFrame], basis: str | None) -> pd.DataFrame:
    """Return tables on day and area below each other, days in ISO form."""
    parts = [table.reset_index().assign(division=key) for key, table in tables.items()]
    rows = pd.concat(parts, ignore_index=True)
    days = pd.DatetimeIndex(rows.pop("day")).strftime("%Y-%m-%d")
    divisions, areas = rows.pop("division"), rows.pop("area").astype("object")
    head = pd.DataFrame({"day": days, "division": divisions, "area": areas})
    return pd.concat([head, rows.assign(basis=basis)], axis=1)


def _by_class(geography: Geography, found: Monitoring, say: Catalog) -> str:
    field, states = ("share" if found.basis else "homes"), geography.states
    scale = _PERMILLE if found.basis else 1
    values = np.nan_to_num(states[field].to_numpy(dtype=np.float64) * scale)
    limits = class_limits(np.ceil(values).astype(np.int64))
    colours = class_colours(limits)
    most = max(1.0, float(values.max(initial=0.0)) / scale)
    bounds = [0.0, *(limit / scale for limit in limits), most]
    return graduated(
        field,
        [
            (lower, upper, _range(lower, upper, field, say), _symbol(colour))
            for lower, upper, colour in zip(bounds, bounds[1:], colours, strict=False)
        ],
    )


def _range(lower: float, upper: float, field: str, say: Catalog) -> str:
    if field == "homes":
        return say("monitoring_tables.style.range", low=say.number(lower), high=say.number(upper))
    low, high = (say.number(100 * each, decimals=1) for each in (lower, upper))
    return say("monitoring_tables.style.percent", low=low, high=high)


def _by_change(say: Catalog) -> str:
    kinds: Sequence[tuple[str, Symbol]] = (
        ("fell", fill(_FELL, pattern="b_diagonal", outline=_FELL)),
        ("same", fill(_SAME, outline="#8a8a8a")),
        ("rose", fill(_ROSE, outline=_ROSE)),
    )
    return categorized(
        _CHANGE, [(key, say(f"monitoring_tables.style.{key}"), symbol) for key, symbol in kinds]
    )


def _symbol(colour: str) -> Symbol:
    return fill(colour, outline="#8a8a8a")
