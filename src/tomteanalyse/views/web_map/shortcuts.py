"""Unsafe shortcuts on the page: crossing places, the two ways of each pair, sentences."""

from collections.abc import Mapping, Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pyproj
import shapely
from shapely import LineString

from tomteanalyse.assessment import Assessment
from tomteanalyse.measures.shortcuts.findings import ShortcutFindings
from tomteanalyse.scoring.barrier_text import barrier_text, missing
from tomteanalyse.scoring.shortcut_account import ToldPair, shortcut_accounts
from tomteanalyse.scoring.shortcut_account_text import found_lines, reach_lines
from tomteanalyse.scoring.shortcut_rows import Ends, lines_by_place, rows_of
from tomteanalyse.scoring.shortcut_text import (
    destination_name,
    destination_names,
    pair_notes,
    pair_sentence,
    place_sentence,
)
from tomteanalyse.scoring.wording import Words
from tomteanalyse.views.web_map.packing import (
    Packed,
    Shapes,
    pack_numbers,
    pack_points,
    pack_shapes,
)
from tomteanalyse.views.web_map.retold import Part, Retelling, retelling
from tomteanalyse.views.web_map.showable import has_degrees

MOST_PAIRS = 4
"""So many pairs of a plot are shown, those that count most."""
MOST_IN_ALL = 12_000
"""Where there are more pairs than this, fewer of each plot are shown."""
MOST_PLACES = 1_000
"""So many crossing places are shown, the first ones."""
SIMPLIFY_M = 1.0
NO_PLACE = 0


def shortcut_data(assessment: Assessment, order: list[str]) -> dict[str, Any]:
    """Return everything about unsafe shortcuts that the page shows.

    Parameters
    ----------
    assessment
        The answer, without what cannot be drawn (see `showable`).
    order
        The plots to show.

    Returns
    -------
    dict
        ``places`` (columns, a crossing place each), ``plots`` (columns, a plot each, in `order`),
        ``pairs`` (columns, a pair each: those of the first plot, of the second, …) and ``said``
        (see `Retelling.packed`); `page/shortcuts.js` reads it.
    """
    found, say = assessment.shortcuts, retelling()
    accounts = shortcut_accounts(found, order)
    safe, tempting = _ways(found.safe_paths), _ways(found.tempting_paths)
    told = [[each for each in account.told if _ends(each) in tempting] for account in accounts]
    most = max(1, min(MOST_PAIRS, MOST_IN_ALL // max(1, sum(map(bool, told)))))
    told = [of_plot[:most] for of_plot in told]
    pairs = [pair for of_plot in told for pair in of_plot]
    return {
        "places": _places(assessment, order, say),
        "plots": {
            "found": [
                _parts(found_lines(account, told=len(of_plot), say=say), say)
                for account, of_plot in zip(accounts, told, strict=True)
            ],
            "reach": [_parts(reach_lines(each, say=say), say) for each in accounts],
            "pairs": _whole([len(of_plot) for of_plot in told]),
        },
        "pairs": {
            **_pairs(pairs, say, crs=found.places.crs),
            "safe": _packed(pairs, safe, crs=found.places.crs),
            "tempting": _packed(pairs, tempting, crs=found.places.crs),
        },
        "said": say.packed(),
    }


def _pairs(told: Sequence[ToldPair], say: Retelling, *, crs: pyproj.CRS) -> dict[str, Any]:
    notes = [tuple(_parts(pair_notes(each.pair, say=say), say)) for each in told]
    known = {note: number for number, note in enumerate(dict.fromkeys(notes))}
    met = [crossing for each in told for crossing in each.crossings]
    at = shapely.get_coordinates([crossing["geometry"] for crossing in met]).reshape(-1, 2)
    return {
        "said": [
            say.part(pair_sentence(each.pair, each.crossings, each.stretches, say=say))
            for each in told
        ],
        "names": [say.part(destination_name(each.pair, say)) for each in told],
        "notes": list(map(list, known)),
        "note": _whole([known[each] for each in notes]),
        "crossings": _whole([len(each.crossings) for each in told]),
        "at": pack_points(at, crs=crs),
        "severe": _whole([bool(each["severe"]) for each in met]),
        "place": _whole([NO_PLACE if missing(each["place"]) else each["place"] for each in met]),
    }


def drawable_ways(found: ShortcutFindings, order: list[str]) -> Shapes:
    """Return the safe and tempting ways of these plots that can be drawn [m]."""
    tables = (found.safe_paths, found.tempting_paths)
    ways = np.concatenate(
        [each.geometry.to_numpy()[each["plot_id"].isin(order).to_numpy()] for each in tables]
    )
    shown: Shapes = ways[has_degrees(ways, crs=found.places.crs)]
    return shown


def _ways(paths: gpd.GeoDataFrame) -> dict[Ends, LineString]:
    """Return the ways that can be drawn, simplified, by plot and destination."""
    lines = paths.geometry.to_numpy()
    drawable = has_degrees(lines, crs=paths.crs)
    ends = zip(paths["plot_id"][drawable], paths["destination_id"][drawable], strict=True)
    return dict(zip(ends, shapely.simplify(lines[drawable], SIMPLIFY_M), strict=True))


def _ends(told: ToldPair) -> Ends:
    return told.pair["plot_id"], told.pair["destination_id"]


def _packed(
    told: Sequence[ToldPair], ways: Mapping[Ends, LineString], *, crs: pyproj.CRS
) -> Packed:
    """Pack the ways of these pairs, a shape without parts where there is none."""
    nothing = shapely.GeometryCollection()
    shapes = np.empty(len(told), dtype=object)
    shapes[:] = [ways.get(_ends(each), nothing) for each in told]
    return pack_shapes(shapes, crs=crs)


def _places(assessment: Assessment, order: list[str], say: Retelling) -> dict[str, Any]:
    """Return the crossing places, and from which of the shown plots each is crossed."""
    found, plot_names = assessment.shortcuts, assessment.study.plots["name"]
    words = Words(
        say,
        plot_names={
            str(plot_id): name for plot_id, name in plot_names.dropna().items() if name.strip()
        },
    )
    names = destination_names(found, say)
    number = {plot_id: place for place, plot_id in enumerate(order)}
    lines = lines_by_place(found)
    stretches = found.places.geometry.to_numpy()
    shown = found.places[has_degrees(stretches, crs=found.places.crs)].iloc[:MOST_PLACES]
    told = list(zip(shown.index.tolist(), rows_of(shown), strict=True))
    peaks = shapely.get_coordinates([place["peak"] for _, place in told]).reshape(-1, 2)
    simple = shapely.simplify(shown.geometry.to_numpy(), SIMPLIFY_M)
    return {
        "number": _whole(shown.index.tolist()),
        "severe": _whole(shown["severe"].tolist()),
        "doubtful": _whole((shown["edge"] | shown["winding"]).tolist()),
        "peak": pack_points(peaks, crs=shown.crs),
        "along": pack_shapes(simple, crs=shown.crs),
        "barriers": _parts([barrier_text(lines[each], say=say) for each, _ in told], say),
        "said": [
            say.part(place_sentence(each, place, lines[each], names=names, words=words))
            for each, place in told
        ],
        "saving": _whole([round(place["median_saving_m"]) for _, place in told]),
        "count": _whole([len(place["plots"]) for _, place in told]),
        "plots": [
            _whole([number[each] for each in place["plots"] if each in number]) for _, place in told
        ],
        "left_out": len(found.places) - len(shown),
    }


def _parts(written: Sequence[str], say: Retelling) -> list[Part]:
    return [say.part(each) for each in written]


def _whole(numbers: list[Any]) -> str:
    return pack_numbers(np.array(numbers, dtype=np.int64))
