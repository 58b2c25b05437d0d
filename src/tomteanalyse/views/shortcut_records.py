"""Unsafe shortcuts and crossing places as data that is valid JSON."""

from collections import Counter
from typing import Any

from tomteanalyse.assessment import Assessment
from tomteanalyse.scoring.shortcut_rows import has_finding, rows_of
from tomteanalyse.texts import Catalog
from tomteanalyse.views.ranking import plain
from tomteanalyse.views.shortcut_tables import places_in_words


def plot_shortcuts(assessment: Assessment) -> dict[str, dict[str, Any]]:
    """Return what was found about unsafe shortcuts from each plot.

    Returns
    -------
    dict
        By ``plot_id``: ``index`` and ``index_fine`` (0-1, None unknown or not looked at closely),
        ``looked_at`` (destinations), ``found`` (those with an unsafe shortcut), ``places`` (numbers
        of crossing places), ``must_clear`` (``barrier``, ``risk``, ``state``, ``places``),
        ``not_reachable`` (categories), ``near_edge``.
    """
    found = assessment.shortcuts
    looked_at = Counter(map(str, found.pairs["plot_id"]))
    unsafe = Counter(str(each["plot_id"]) for each in rows_of(found.pairs) if has_finding(each))
    clearing: dict[str, list[dict[str, Any]]] = {}
    for row in rows_of(found.must_clear):
        clearing.setdefault(str(row["plot_id"]), []).append(
            {
                **{name: plain(row[name]) for name in ("barrier", "risk", "state")},
                "places": list(row["places"]),
            }
        )
    places = places_by_plot(assessment)
    return {
        plot_id: {
            # Where no way could be looked at, nothing found is not the same as none.
            "index": plain(index) if looked_at[plot_id] else None,
            "index_fine": plain(found.index_fine[plot_id]) if looked_at[plot_id] else None,
            "looked_at": looked_at[plot_id],
            "found": unsafe[plot_id],
            "places": places.get(plot_id, []),
            "must_clear": clearing.get(plot_id, []),
            "not_reachable": list(found.not_reachable.get(plot_id, ())),
            "near_edge": bool(found.near_edge[plot_id]),
        }
        for plot_id, index in zip(map(str, found.index.index), found.index, strict=True)
    }


def places_by_plot(assessment: Assessment) -> dict[str, list[int]]:
    """Return the numbers of the crossing places that ways of each plot lead over, sorted."""
    by_plot: dict[str, list[int]] = {}
    places = assessment.shortcuts.places
    for number, plots in zip(places.index, places["plots"], strict=True):
        for plot_id in plots:
            by_plot.setdefault(str(plot_id), []).append(int(number))
    return by_plot


def crossing_places(assessment: Assessment, say: Catalog) -> list[dict[str, Any]]:
    """Return the crossing places as `places_in_words`, each with ``place``, ``east``, ``north``."""
    table = places_in_words(assessment, say)
    return [
        {
            "place": int(number),
            **{
                name: list(cell) if isinstance(cell, tuple) else plain(cell)
                for name, cell in place.items()
                if name not in ("geometry", "stretch")
            },
            "east": float(place["geometry"].x),
            "north": float(place["geometry"].y),
        }
        for number, place in zip(table.index, rows_of(table), strict=True)
    ]
