"""Crossing places and unsafe shortcuts with their words, as tables that files and JSON show."""

import geopandas as gpd
import pandas as pd
import shapely

from tomteanalyse.assessment import Assessment
from tomteanalyse.scoring.barrier_text import barrier_text, barriers, missing
from tomteanalyse.scoring.shortcut_rows import has_finding, lines_by_place, met_by_pair, rows_of
from tomteanalyse.scoring.shortcut_text import (
    destination_name,
    destination_names,
    pair_notes,
    pair_sentence,
    place_destinations,
    place_notes,
    place_sentence,
)
from tomteanalyse.scoring.wording import Words
from tomteanalyse.texts import Catalog

FIGURES = {
    "safe_distance_m": "float64",
    "tempting_distance_m": "float64",
    "saving_m": "float64",
    "saving_moderate_m": "float64",
    "saving_severe_m": "float64",
    "saving_at_least": "bool",
    "gross_saving_m": "float64",
    "detour_ratio": "float64",
    "severity": "float64",
    "temptation": "float64",
    "risk": "float64",
    "weight": "float64",
    "fine": "bool",
}
PLACE_FIGURES = ("severity", "load", "median_saving_m", "median_safe_distance_m")


def places_in_words(assessment: Assessment, say: Catalog) -> gpd.GeoDataFrame:
    """Return the crossing places, the severe ones first, with what is crossed and a sentence.

    Returns
    -------
    geopandas.GeoDataFrame
        On ``place`` (from 1): ``list`` ("severe", "moderate"), ``barrier`` ("rail", "road"),
        ``crossed`` (words), ``road_class``, ``name``, ``ref``, ``speed_kmh`` (NaN unknown),
        ``lanes`` (NaN of tracks), ``severity``, ``load``, ``median_saving_m``,
        ``median_safe_distance_m`` (inf without a safe way), ``plots``, ``destinations`` (tuples:
        ids, names), ``ways`` (tuple of OSM ids), ``edge``, ``winding`` (bool), ``notes``,
        ``sentence`` (words), ``stretch`` (geometry along the barrier); geometry the peak.
    """
    found, words = assessment.shortcuts, _words(assessment, say)
    names, lines = destination_names(found, say), lines_by_place(found)
    rows = [
        {
            "list": "severe" if place["severe"] else "moderate",
            "barrier": place["barrier"],
            "crossed": barrier_text(lines[number], say=say),
            **{name: _text(place[name]) for name in ("road_class", "name", "ref")},
            **{name: float(place[name]) for name in ("speed_kmh", "lanes", *PLACE_FIGURES)},
            "plots": tuple(map(str, place["plots"])),
            "destinations": tuple(place_destinations(place, names=names)),
            "ways": tuple(map(int, place["ways"])),
            **{name: bool(place[name]) for name in ("edge", "winding")},
            "notes": " ".join(place_notes(place, say=say)) or None,
            "sentence": place_sentence(number, place, lines[number], names=names, words=words),
            "stretch": place["geometry"],
        }
        for number, place in zip(found.places.index, rows_of(found.places), strict=True)
    ]
    floats = dict.fromkeys(("speed_kmh", "lanes", *PLACE_FIGURES), "float64")
    bools = dict.fromkeys(("edge", "winding"), "bool")
    columns = [
        *("list", "barrier", "crossed", "road_class", "name", "ref", *floats),
        *("plots", "destinations", "ways", *bools, "notes", "sentence", "stretch"),
    ]
    table = pd.DataFrame(rows, columns=columns, index=found.places.index).astype(floats | bools)
    return gpd.GeoDataFrame(table, geometry=found.places["peak"].array, crs=found.places.crs)


def shortcuts_in_words(assessment: Assessment, say: Catalog) -> gpd.GeoDataFrame:
    """Return every pair with an unsafe shortcut, what counts most in its plot first.

    Returns
    -------
    geopandas.GeoDataFrame
        Plots by id: ``plot_id``, ``destination_id``, ``category``, ``destination`` (name), the
        figures of `ShortcutFindings.pairs`, ``crossed`` (words, or None where the way only runs
        along a hazard), ``crossings`` (int), ``severe`` (bool: a severe hazard is crossed),
        ``places`` (tuple of numbers), ``flags`` (tuple), ``notes``, ``sentence`` (words); geometry
        where it crosses (MultiPoint), the middle of the way where it only runs along a hazard.
    """
    found, met = assessment.shortcuts, met_by_pair(assessment.shortcuts)
    unsafe = [has_finding(each) for each in rows_of(found.pairs)]
    told = found.pairs[pd.Series(unsafe, index=found.pairs.index, dtype="bool")]
    told = told.assign(counts=told["weight"] * told["risk"])
    told = told.sort_values(
        ["plot_id", "counts", "destination_id"], ascending=[True, False, True], kind="stable"
    )
    rows, shapes = [], []
    for number, pair in zip(told.index, rows_of(told), strict=True):
        ends = (str(pair["plot_id"]), str(pair["destination_id"]))
        crossings, stretches = met.get(ends, ([], []))
        crossed = [barrier_text(lines, say=say) for lines in barriers(crossings)]
        places = {int(each["place"]) for each in crossings if not missing(each["place"])}
        rows.append(
            {
                "plot_id": ends[0],
                "destination_id": ends[1],
                "category": pair["category"],
                "destination": destination_name(pair, say),
                **{name: pair[name] for name in FIGURES},
                "crossed": "; ".join(crossed) or None,
                "crossings": len(crossings),
                "severe": any(bool(each["severe"]) for each in crossings),
                "places": tuple(sorted(places)),
                "flags": tuple(pair["flags"]),
                "notes": " ".join(pair_notes(pair, say=say)),
                "sentence": pair_sentence(pair, crossings, stretches, say=say),
            }
        )
        points = [each["geometry"] for each in crossings]
        middle = [found.tempting_paths.geometry[number].interpolate(0.5, normalized=True)]
        shapes.append(shapely.MultiPoint(points or middle))
    columns = [
        *("plot_id", "destination_id", "category", "destination", *FIGURES, "crossed"),
        *("crossings", "severe", "places", "flags", "notes", "sentence"),
    ]
    kinds = {**FIGURES, "crossings": "int64", "severe": "bool"}
    table = pd.DataFrame(rows, columns=columns).astype(kinds)
    return gpd.GeoDataFrame(table, geometry=shapes, crs=found.crossings.crs)


def _words(assessment: Assessment, say: Catalog) -> Words:
    plots = assessment.study.plots["name"].dropna()
    return Words(say, plot_names={str(plot_id): str(name) for plot_id, name in plots.items()})


def _text(cell: object) -> str | None:
    return None if missing(cell) else str(cell)
