"""What the public map shows: the internal page's data without the register's, and the grid.

Names are taken one by one: what the internal page learns to show later is not public by itself.
"""

from typing import Any

import numpy as np
import shapely
from shapely import Polygon

from tomteanalyse.measures.concentration.grid import GRID_CRS, LARGE_M
from tomteanalyse.public_assessment import PublicAssessment, require_public
from tomteanalyse.publishing.area import node_boxes
from tomteanalyse.publishing.release_register import Publication
from tomteanalyse.publishing.released import WHOLE, Node, Released
from tomteanalyse.texts import LANGUAGES, Catalog, catalog
from tomteanalyse.views.public.words import edition_notes, public_texts
from tomteanalyse.views.web_map.background import frame
from tomteanalyse.views.web_map.packing import pack_numbers, pack_points
from tomteanalyse.views.web_map.payload import payload

OPEN = (
    "language",
    "texts",
    "account",
    "online",
    "count",
    "undecided",
    "grades",
    "bare",
    "criteria",
    "amenities",
    "plots",
    "profiles",
    "shapes",
    "spots",
    "routes",
    "shortcuts",
    "cuts",
    "grid",
    "background",
)
"""What of the internal page's data can be made without the register."""
OPEN_OF_PLOTS = (
    "ids",
    "names",
    "facts",
    "by_id",
    "adopted",
    "acceptability",
    "verdicts",
    "reasons",
    "columns",
)
"""The same of what it knows of the plots."""
HELD_BACK = -1
"""Stands for a number that was held back."""


def public_map_data(found: PublicAssessment, say: Catalog) -> dict[str, Any]:
    """Return what the public page shows as plain data.

    Parameters
    ----------
    found
        The answer.
    say
        The texts, in the page's language.
    """
    public = require_public(found)
    everything = payload(public.ranked, say=say)
    data = {name: everything[name] for name in OPEN}
    data["plots"] = {name: everything["plots"][name] for name in OPEN_OF_PLOTS}
    data["criteria"] = [
        {**each, **_classes(public, each["key"])} for each in everything["criteria"]
    ]
    data["texts"] = {
        language: {**texts, **public_texts(language)}
        for language, texts in everything["texts"].items()
    }
    last = public.publications[-1]
    data["account"] = {
        **everything["account"],
        "edition": "public",
        "register_date": last.day.isoformat(),
        "step_weights": [],
        "notes": {language: edition_notes(public, catalog(language)) for language in LANGUAGES},
        "releases": [_release(each) for each in public.publications],
    }
    drawn = frame(public.study.extract, public.study.plots.geometry.to_numpy())
    data["released"] = _released_cells(public.released, drawn, public)
    return data


def _classes(found: PublicAssessment, key: str) -> dict[str, Any]:
    if key not in found.classes:
        return {}
    return {"classes": [[each.counts_as, each.key] for each in found.classes[key]]}


def _release(publication: Publication) -> dict[str, Any]:
    """Return what is told of a release: the whole, and of how many cells a number was told."""
    told = publication.released.told
    sizes = [node.size_m for node in told]
    return {
        "day": publication.day.isoformat(),
        "floor": publication.released.floor,
        "whole": told[WHOLE].homes if WHOLE in told else None,
        "large": sizes.count(LARGE_M),
        "small": len(sizes) - sizes.count(LARGE_M) - sizes.count(0),
    }


def _released_cells(released: Released, drawn: Polygon, found: PublicAssessment) -> dict[str, Any]:
    """Return the cells to draw: small ones where one of them was told, else the large one.

    ``corners`` (packed, four a cell), ``homes`` (packed; `HELD_BACK` where it was) and ``side``
    (packed [m]).
    """
    shown: list[Node] = []
    for large in released.tree[WHOLE]:
        parts = released.tree[large]
        shown += parts if any(each in released.told for each in parts) else (large,)
    boxes = node_boxes(shown)
    near = shapely.intersects(boxes.to_crs(found.study.crs).to_numpy(), drawn)
    kept = [node for node, inside in zip(shown, near, strict=True) if inside]
    homes = [released.told[each].homes if each in released.told else HELD_BACK for each in kept]
    rings = shapely.get_coordinates(shapely.get_exterior_ring(boxes[near].to_numpy()))
    corners = rings.reshape(-1, 5, 2)[:, :4].reshape(-1, 2)
    return {
        "corners": pack_points(corners, crs=GRID_CRS),
        "homes": pack_numbers(np.array(homes, dtype=np.int64)),
        "side": pack_numbers(np.array([each.size_m for each in kept], dtype=np.int64)),
    }
