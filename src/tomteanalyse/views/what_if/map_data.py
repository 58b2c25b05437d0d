"""What the map of a difference draws, as plain data with packed geometry."""

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely

from tomteanalyse.difference import Difference
from tomteanalyse.scoring.barrier_text import Row
from tomteanalyse.scoring.shortcut_rows import rows_of
from tomteanalyse.scoring.wording import Words
from tomteanalyse.texts import Catalog
from tomteanalyse.views.corrections import correction_lines
from tomteanalyse.views.web_map.background import background, frame
from tomteanalyse.views.web_map.packing import pack_points, pack_shapes
from tomteanalyse.views.web_map.page_texts import texts_of
from tomteanalyse.views.web_map.showable import showable
from tomteanalyse.views.what_if.words import crossed_texts, load_text, words_of

STATES = ("before", "after")
TOOL_TEXTS = ("map.area", "number")
"""What the scripts speak of, by the beginnings of the texts' keys; all else is written out."""


def map_data(found: Difference, say: Catalog) -> dict[str, Any]:
    """Return what the page draws; texts are finished, geometry is packed.

    Returns
    -------
    dict
        ``background``, ``plots`` (``shapes``, ``spots``, ``ids`` and for each state ``labels``),
        ``places`` (``shapes``, ``spots``, and of each ``change``, its ``numbers`` and ``labels`` in
        each state, None where it is not), ``tried`` (``shapes``, ``labels``), ``language``,
        ``texts``.
    """
    shown, _ = showable(found.after)
    study = shown.study
    shapes = study.plots.geometry.to_numpy()
    around = np.concatenate(
        [shapes, found.places.geometry.to_numpy(), found.tried.geometry.to_numpy()]
    )
    drawn = frame(study.extract, around)
    return {
        "background": background(study.extract, drawn=drawn, plots=shapes, crs=study.crs),
        "plots": {
            "ids": [str(plot_id) for plot_id in study.plots.index],
            "shapes": pack_shapes(shapely.simplify(shapes, 0.2), crs=study.crs),
            "spots": _spots(shapely.point_on_surface(shapes), study.crs),
            "labels": _plot_labels(found, study.plots.index, say),
            "changed": [bool(each) for each in found.plots["changed"].loc[study.plots.index]],
        },
        "places": _places(found, study.crs, say),
        "tried": {
            "shapes": pack_shapes(found.tried.geometry.to_numpy(), crs=study.crs),
            "labels": correction_lines(found.tried, say),
        },
        "language": say.language,
        "texts": texts_of(say, TOOL_TEXTS),
    }


def _plot_labels(found: Difference, order: pd.Index, say: Catalog) -> dict[str, list[str]]:
    words = words_of(found, say)
    return {
        state: [
            _plot_label(row, state, words) for row in rows_of(found.plots.loc[order].reset_index())
        ]
        for state in STATES
    }


def _plot_label(row: Any, state: str, words: Words) -> str:  # noqa: ANN401 - a row of any cells
    say, rank = words.say, row[f"rank_{state}"]
    return say(
        "whatif.page.plot_label",
        plot=words.plot(str(row["plot_id"])),
        score=words.score(row[f"score_{state}"]),
        rank=say("tables.unranked") if pd.isna(rank) else str(rank),
        index=say.number(row[f"index_{state}"], decimals=2),
    )


def _places(found: Difference, crs: pyproj.CRS, say: Catalog) -> dict[str, Any]:
    places, words = found.places, words_of(found, say)
    peaks = gpd.GeoSeries(places["peak"]).to_numpy()
    rows = rows_of(places)
    labels: dict[str, list[str]] = {}
    for state in STATES:
        labels[state] = [
            say(
                "whatif.page.place_label",
                what=what,
                change=say(f"whatif.change.{row['change']}"),
                before=load_text(row["load_before"], say),
                after=load_text(row["load_after"], say),
                plots=say.listing([words.plot(each) for each in _plots(row, state)]),
            )
            for row, what in zip(rows, crossed_texts(found, say).tolist(), strict=True)
        ]
    return {
        "shapes": pack_shapes(places.geometry.to_numpy(), crs=crs),
        "spots": _spots(peaks, crs),
        "change": [str(row["change"]) for row in rows],
        "severe": [bool(row["severe"]) for row in rows],
        "numbers": {
            state: [
                None if pd.isna(row[f"place_{state}"]) else int(row[f"place_{state}"])
                for row in rows
            ]
            for state in STATES
        },
        "labels": labels,
    }


def _plots(row: Row, state: str) -> tuple[str, ...]:
    """Return the plots a place serves in a state; where it is gone or not yet, those it serves."""
    found: tuple[str, ...] = row[f"plots_{state}"] or row["plots_before"] or row["plots_after"]
    return found


def _spots(points: Any, crs: pyproj.CRS) -> str:  # noqa: ANN401 - shapely returns untyped arrays
    return pack_points(shapely.get_coordinates(points).reshape(-1, 2), crs=crs)
