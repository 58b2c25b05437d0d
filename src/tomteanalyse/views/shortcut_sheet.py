"""The sheet on unsafe shortcuts: crossing places first, then the ways that have one."""

import math
from collections.abc import Sequence

from tomteanalyse.assessment import Assessment
from tomteanalyse.scoring.barrier_text import Row, missing
from tomteanalyse.scoring.shortcut_rows import rows_of
from tomteanalyse.texts import Catalog
from tomteanalyse.views.shortcut_tables import places_in_words, shortcuts_in_words
from tomteanalyse.views.tables import Cell, Column

MOST_WAYS = 5_000
"""So many ways are listed, those that count most; ``resultat.gpkg`` has all of them."""
DECIMALS = {"severity": 2, "risk": 2, "weight": 2, "load": 2}
KEYS = (
    *("kind", "place", "plots", "destinations", "crossed", "safe_m", "tempting_m", "saving_m"),
    *("severity", "risk", "weight", "load", "east", "north", "notes", "sentence"),
)


def shortcut_columns(assessment: Assessment, say: Catalog) -> list[Column]:
    """Return crossing places, the severe ones first, then ways with unsafe shortcuts.

    Ways follow the plots' ids, what counts most in its plot first. What a row has no answer to is
    empty; where there is no safe way, a word says so.
    """
    places, ways = places_in_words(assessment, say), shortcuts_in_words(assessment, say)
    counts = ways["weight"] * ways["risk"]
    listed = ways.loc[counts.nlargest(MOST_WAYS).index.sort_values()]
    rows: list[dict[str, Cell]] = [
        _place(number, place, say)
        for number, place in zip(places.index, rows_of(places), strict=True)
    ]
    rows += [_way(each, say) for each in rows_of(listed)]
    if not rows:
        rows = [{"kind": say("tables.shortcuts.none")}]
    if len(listed) < len(ways):
        hidden = say.number(len(ways) - len(listed))
        rows.append({"kind": say("tables.shortcuts.more", count=hidden)})
    return [
        Column(
            key,
            say(f"tables.shortcuts.{key}"),
            [each.get(key) for each in rows],
            decimals=DECIMALS.get(key, 0),
        )
        for key in KEYS
    ]


def _place(number: int, place: Row, say: Catalog) -> dict[str, Cell]:
    return {
        "kind": say(f"tables.shortcuts.{place['list']}"),
        "place": number,
        "plots": _listed(place["plots"]),
        "destinations": _listed(place["destinations"]),
        "crossed": str(place["crossed"]),
        "safe_m": _metres(place["median_safe_distance_m"], say),
        "saving_m": float(place["median_saving_m"]),
        "severity": float(place["severity"]),
        "load": float(place["load"]),
        "east": float(place["geometry"].x),
        "north": float(place["geometry"].y),
        "notes": _text(place["notes"]),
        "sentence": place["sentence"],
    }


def _way(way: Row, say: Catalog) -> dict[str, Cell]:
    places: tuple[int, ...] = way["places"]
    return {
        "kind": say("tables.shortcuts.way"),
        "place": places[0] if len(places) == 1 else _listed(places) or None,
        "plots": way["plot_id"],
        "destinations": way["destination"],
        "crossed": _text(way["crossed"]),
        "safe_m": _metres(way["safe_distance_m"], say),
        "tempting_m": float(way["tempting_distance_m"]),
        "saving_m": float(way["saving_m"]),
        **{name: float(way[name]) for name in ("severity", "risk", "weight")},
        "notes": way["notes"],
        "sentence": way["sentence"],
    }


def _text(cell: object) -> Cell:
    return None if missing(cell) else str(cell)


def _metres(metres: float, say: Catalog) -> Cell:
    return float(metres) if math.isfinite(metres) else say("tables.shortcuts.no_safe")


def _listed(items: Sequence[object]) -> str:
    return ", ".join(map(str, items))
