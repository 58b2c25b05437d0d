"""Corrections of the map in words and as data: what, from when, who says so, what it touched."""

from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from tomteanalyse.texts import Catalog

GRID_M = 0.1
"""Coordinates are told to this [m]."""


def correction_lines(corrections: gpd.GeoDataFrame, say: Catalog) -> list[str]:
    """Say every correction in a line, in their order (see `Study.corrections`)."""
    lines = []
    for row in corrections.to_dict("records"):
        note = row["note"]
        told = {
            "what": correction_text(row, say),
            "date": say.date(row["date"].date().isoformat()),
            "source": str(row["source"]).rstrip("."),
        }
        if pd.isna(note):
            lines.append(say("correction.line", **told))
        else:
            lines.append(say("correction.line_noted", note=note, **told))
    return lines


def correction_text(row: Mapping[Any, Any], say: Catalog) -> str:
    """Say what a correction is and what it is about: ``Stop removed: Sletta``."""
    detail: str | None = None
    if row["kind"] == "new_crossing":
        detail = say(f"correction.crossing.{row['crossing']}")
    elif row["kind"] == "new_fence":
        kind = "fence" if pd.isna(row["barrier"]) else row["barrier"]
        detail = say(f"correction.barrier.{kind}")
    elif row["kind"] == "speed_changed":
        detail = say.number(float(row["speed_kmh"]), decimals=None)
    key = f"correction.kind.{row['kind']}"
    what = say(key) if detail is None else say(key, detail=detail)
    names = dict.fromkeys(str(row[each]) for each in ("touched", "name") if not pd.isna(row[each]))
    return say("correction.named", what=what, name=", ".join(names)) if names else what


def correction_facts(corrections: gpd.GeoDataFrame) -> list[dict[str, Any]]:
    """Return every correction as JSON-ready data; what it does not say is None."""
    return [
        {
            **{name: _plain(row[name]) for name in ("kind", "source", "note", "name")},
            "date": row["date"].date().isoformat(),
            **{name: _plain(row[name]) for name in ("crossing", "barrier", "speed_kmh", "touched")},
            "ways": list(row["ways"]),
            "nodes": list(row["nodes"]),
            "file": row["file"],
            "geometry": shapely.to_wkt(
                shapely.set_precision(row["geometry"], GRID_M), rounding_precision=1
            ),
        }
        for row in corrections.to_dict("records")
    ]


def _plain(cell: Any) -> str | float | None:  # noqa: ANN401 - a cell of any column
    if pd.isna(cell):
        return None
    return cell if isinstance(cell, str) else float(cell)
