"""What the map of a plan draws, as plain data with packed geometry."""

import math
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import pyproj
import shapely

from tomteanalyse.dilution.found import Dilution
from tomteanalyse.scoring.wording import percent_text
from tomteanalyse.texts import Catalog
from tomteanalyse.views.dilution.words import homes_text, move_text
from tomteanalyse.views.monitoring.classes import COLOURS
from tomteanalyse.views.web_map.background import background, frame
from tomteanalyse.views.web_map.packing import pack_points, pack_shapes
from tomteanalyse.views.web_map.page_texts import texts_of
from tomteanalyse.views.web_map.showable import has_degrees

STATES = ("before", "after")
TOOL_TEXTS = ("map.area", "number")
"""What the scripts speak of, by the beginnings of the texts' keys; all else is written out."""
LIMITS_PERCENT = (0, 2, 5, 10, 20)
"""Where the classes of municipal shares begin; the first holds what is above nothing."""


def map_data(found: Dilution, say: Catalog) -> dict[str, Any]:
    """Return what the page draws; texts are finished, geometry is packed.

    Returns
    -------
    dict
        ``background``; ``cells``: ``shapes``, ``spots``, and for each state ``classes`` (place in
        ``colours``, None without homes), ``labels`` and ``figures``; ``spots``: ``points``,
        ``kind``, ``homes`` (how many, in words), ``counts`` (the bare number) and ``label``
        of what the plan gives up and buys; ``language`` and ``texts``.
    """
    study = found.study
    cells = found.cells[
        ((found.cells["homes_before"] > 0) | (found.cells["homes_after"] > 0))
        & has_degrees(found.cells.geometry.to_numpy(), crs=study.crs)
    ]
    shapes = cells.geometry.to_numpy()
    spots = _spots(found, say)
    middles = np.array([spot["point"] for spot in spots], dtype=object)
    around = np.concatenate([shapes, middles])
    somewhere = np.array([shapely.box(*study.extract.bounds)], dtype=object)
    drawn = frame(study.extract, around if len(around) else somewhere)
    return {
        "background": background(
            study.extract,
            drawn=drawn,
            plots=around if len(around) else somewhere,
            crs=study.crs,
        ),
        "colours": list(COLOURS),
        "cells": {
            "shapes": pack_shapes(shapes, crs=study.crs),
            "spots": _packed(shapely.centroid(shapes), study.crs),
            **{
                state: {
                    "classes": [class_of(share) for share in cells[f"share_{state}"]],
                    "figures": [_figure(share, say) for share in cells[f"share_{state}"]],
                    "labels": _labels(cells, state, say),
                }
                for state in STATES
            },
        },
        "spots": {
            "points": _packed(middles, study.crs),
            **{key: [spot[key] for spot in spots] for key in ("kind", "homes", "counts", "label")},
        },
        "language": say.language,
        "texts": texts_of(say, TOOL_TEXTS),
    }


def class_of(share: float) -> int | None:
    """Return the class of a municipal share (0-1); None where there is nothing municipal."""
    if not math.isfinite(share) or share <= 0:
        return None
    # A hundredth of a percent is no matter, but the last digit of a division might be.
    return sum(round(100 * share, 6) >= limit for limit in LIMITS_PERCENT[1:])


def legend(say: Catalog) -> list[tuple[str, str]]:
    """Return colour and words of each class."""
    words = [
        say("dilution.page.class_between", low=low, high=high)
        for low, high in pairwise(LIMITS_PERCENT)
    ]
    words.append(say("dilution.page.class_from", low=LIMITS_PERCENT[-1]))
    return list(zip(COLOURS, words, strict=True))


def _labels(cells: pd.DataFrame, state: str, say: Catalog) -> list[str]:
    return [
        say(
            "dilution.page.cell_label",
            homes=int(homes),
            dwellings=int(dwellings),
            share=percent_text(float(share), say, decimals=1)
            if math.isfinite(share)
            else say.number(math.nan),
        )
        for homes, dwellings, share in zip(
            cells[f"homes_{state}"],
            cells[f"dwellings_{state}"],
            cells[f"share_{state}"],
            strict=True,
        )
    ]


def _figure(share: float, say: Catalog) -> str:
    """Write a share as shortly as a cell has room for."""
    if not math.isfinite(share) or share <= 0:
        return ""
    whole = round(100 * share)
    number = say.number(whole) if whole else "<1"
    return say("explain.percent", number=number)


def _spots(found: Dilution, say: Catalog) -> list[dict[str, Any]]:
    """Return the places the plan touches; one that is touched several times stands there once."""
    by_place: dict[tuple[str, str], dict[str, Any]] = {}
    for order, move in enumerate(found.plan, start=1):
        row = found.moves.loc[move]
        text = say("dilution.page.spot_label", order=order, what=move_text(found, move, say))
        ends = []
        if pd.notna(row["unit_id"]):
            place = found.study.units.geometry.loc[row["unit_id"]]
            ends.append(("given_up", row["unit_id"], place))
        if pd.notna(row["plot_id"]):
            place = shapely.point_on_surface(found.study.plots.geometry.loc[row["plot_id"]])
            ends.append(("bought", row["plot_id"], place))
        for kind, name, place in ends:
            spot = by_place.setdefault(
                (kind, str(name)), {"kind": kind, "point": place, "homes": 0, "moves": []}
            )
            spot["homes"] += int(row["homes"])
            spot["moves"].append(text)
    return [
        {
            "kind": spot["kind"],
            "point": spot["point"],
            "homes": homes_text(spot["homes"], say),
            "counts": say.number(spot["homes"]),
            "label": say(
                f"dilution.page.spot_{spot['kind']}",
                homes=homes_text(spot["homes"], say),
                moves=" ".join(f"{move}." for move in spot["moves"]),
            ),
        }
        for spot in by_place.values()
    ]


def plan_kinds(found: Dilution) -> list[str]:
    """Return what the plan does somewhere: ``given_up``, ``bought``, both or neither."""
    made = found.moves.loc[list(found.plan)]
    ends = {"given_up": "unit_id", "bought": "plot_id"}
    return [kind for kind, there in ends.items() if made[there].notna().any()]


def _packed(points: Any, crs: pyproj.CRS) -> str:  # noqa: ANN401 - shapely returns untyped arrays
    return pack_points(shapely.get_coordinates(points).reshape(-1, 2), crs=crs)
