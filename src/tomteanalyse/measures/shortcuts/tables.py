"""The findings as tables: pairs, crossings, stretches, ways, places and steps."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely

from tomteanalyse.measures.shortcuts.bounds import terms
from tomteanalyse.measures.shortcuts.measure import ShortcutMeasure
from tomteanalyse.measures.shortcuts.pairs import Pair, temptation
from tomteanalyse.measures.shortcuts.places import CrossingPlace
from tomteanalyse.measures.shortcuts.steps import path_steps
from tomteanalyse.network.shortcuts.edges import NO_HAZARD

PlaceNumbers = Mapping[tuple[str, str, tuple[float, float]], int]
"""Number of the crossing place by plot, destination and where [m]."""
ENDS = ["plot_id", "destination_id"]


@dataclass(frozen=True)
class ShownPair:
    """A pair as it is shown, whichever pass it comes from.

    Parameters
    ----------
    plot_id, destination_id
        Its ends.
    pair, flags, weight
        What was found, and what the pair counts in its plot (0-1).
    measure
        The pass.
    fine
        Whether that is the fine one.
    """

    plot_id: str
    destination_id: str
    pair: Pair
    flags: tuple[str, ...]
    weight: float
    measure: ShortcutMeasure
    fine: bool


def shown_pairs(screen: ShortcutMeasure, fine: ShortcutMeasure | None) -> list[ShownPair]:
    """Return the pairs of every plot from the closest look there was, by plot and destination."""
    closely = frozenset(() if fine is None else fine.plots)
    shown = [*_of(screen, fine=False, leaving_out=closely)]
    if fine is not None:
        shown += _of(fine, fine=True, leaving_out=frozenset())
    return sorted(shown, key=lambda each: (each.plot_id, each.destination_id))


def _of(
    measure: ShortcutMeasure, *, fine: bool, leaving_out: frozenset[str]
) -> Iterable[ShownPair]:
    weight = measure.index.shares["weight"].to_numpy().tolist()
    for pair, flags, counts in zip(measure.pairs, measure.flags, weight, strict=True):
        plot_id = str(measure.plots[pair.plot])
        if plot_id not in leaving_out:
            destination = str(measure.destinations.index[pair.destination])
            yield ShownPair(plot_id, destination, pair, flags, counts, measure, fine)


def pairs_table(shown: Sequence[ShownPair]) -> pd.DataFrame:
    """Return every figure of every pair (see `ShortcutFindings.pairs`)."""
    rows = []
    for each in shown:
        pair, place = each.pair, each.measure.destinations.iloc[each.pair.destination]
        scale_m = each.measure.parameters.temptation_m
        rows.append(
            (
                each.plot_id,
                each.destination_id,
                place["category"],
                place["name"],
                pair.safe_distance_m,
                pair.tempting_distance_m,
                pair.saving_m,
                pair.saving_moderate_m,
                pair.saving_severe_m,
                pair.costs[NO_HAZARD] >= each.measure.parameters.limit_m,
                pair.gross_saving_m,
                pair.detour_ratio,
                pair.severe.severity,
                max(temptation(saving_m, scale_m=scale_m) for saving_m, _ in terms(pair)),
                pair.risk,
                each.weight,
                each.flags,
                pair.severe.tolerable,
                each.fine,
            )
        )
    columns = [
        *ENDS,
        "category",
        "name",
        "safe_distance_m",
        "tempting_distance_m",
        "saving_m",
        "saving_moderate_m",
        "saving_severe_m",
        "saving_at_least",
        "gross_saving_m",
        "detour_ratio",
        "severity",
        "temptation",
        "risk",
        "weight",
        "flags",
        "tolerable_crossings",
        "fine",
    ]
    return pd.DataFrame(rows, columns=columns)


def crossings_table(
    shown: Sequence[ShownPair], numbers: PlaceNumbers, *, crs: pyproj.CRS
) -> gpd.GeoDataFrame:
    """Return where tempting ways cross hazards (see `ShortcutFindings.crossings`)."""
    rows = [
        (
            each.plot_id,
            each.destination_id,
            order,
            crossing.barrier,
            crossing.road_class,
            crossing.name,
            crossing.ref,
            crossing.way,
            np.nan if crossing.speed_kmh is None else crossing.speed_kmh,
            crossing.speed_assumed,
            np.nan if crossing.lanes is None else crossing.lanes,
            crossing.severity,
            crossing.severe,
            crossing.metres,
            numbers.get((each.plot_id, each.destination_id, crossing.xy)),
            crossing.xy,
        )
        for each in shown
        for order, crossing in enumerate(each.pair.severe.crossings, start=1)
    ]
    columns = [
        *ENDS,
        "order",
        "barrier",
        "road_class",
        "name",
        "ref",
        "way",
        "speed_kmh",
        "speed_assumed",
        "lanes",
        "severity",
        "severe",
        "metres",
        "place",
        "geometry",
    ]
    return _with_points(pd.DataFrame(rows, columns=columns), crs)


def stretches_table(shown: Sequence[ShownPair]) -> pd.DataFrame:
    """Return where tempting ways run along hazards (see `ShortcutFindings.stretches`)."""
    rows = []
    for each in shown:
        lines = each.measure.levels.ground.network.extract.lines
        for stretch in each.pair.severe.along:
            tags = lines.tags[int(np.flatnonzero(lines.way == stretch.way)[0])]
            rows.append(
                (
                    each.plot_id,
                    each.destination_id,
                    stretch.barrier,
                    tags.get("name"),
                    tags.get("ref"),
                    stretch.way,
                    stretch.metres,
                    stretch.severity,
                    stretch.severe,
                )
            )
    columns = [*ENDS, "barrier", "name", "ref", "way", "metres", "severity", "severe"]
    return pd.DataFrame(rows, columns=columns)


def paths_table(shown: Sequence[ShownPair], *, safe: bool, crs: pyproj.CRS) -> gpd.GeoDataFrame:
    """Return the safe or the tempting ways (see `ShortcutFindings.safe_paths`)."""
    rows, lines = [], []
    for number, each in enumerate(shown):
        path = each.pair.safe if safe else each.pair.tempting
        if path is None or not (each.fine or each.pair.risk > 0):
            continue
        rows.append((number, each.plot_id, each.destination_id, path.metres))
        lines.append(path.line())
    table = pd.DataFrame(rows, columns=["pair", *ENDS, "metres"]).set_index("pair")
    return gpd.GeoDataFrame(table, geometry=lines, crs=crs)


def place_numbers(places: Sequence[CrossingPlace]) -> PlaceNumbers:
    """Return the number of its place, counted from 1, for every crossing in one."""
    return {visit: number for number, place in enumerate(places, start=1) for visit in place.visits}


def places_table(places: Sequence[CrossingPlace], *, crs: pyproj.CRS) -> gpd.GeoDataFrame:
    """Return the crossing places by number (see `ShortcutFindings.places`)."""
    plain = [
        "severe",
        "barrier",
        "road_class",
        "name",
        "ref",
        "severity",
        "load",
        "median_saving_m",
        "median_safe_distance_m",
        "plots",
        "destinations",
        "ways",
        "edge",
        "winding",
    ]
    table = pd.DataFrame(
        [[getattr(each, name) for name in plain] for each in places],
        columns=plain,
        index=pd.RangeIndex(1, len(places) + 1, name="place"),
    )
    table["speed_kmh"] = [np.nan if p.speed_kmh is None else p.speed_kmh for p in places]
    table["lanes"] = [np.nan if p.lanes is None else float(p.lanes) for p in places]
    peaks = shapely.points(np.array([each.peak for each in places]).reshape(-1, 2))
    table["peak"] = gpd.GeoSeries(peaks, index=table.index, crs=crs)
    return gpd.GeoDataFrame(table, geometry=[each.stretch for each in places], crs=crs)


def steps_table(
    shown: Sequence[ShownPair], numbers: PlaceNumbers, *, crs: pyproj.CRS
) -> gpd.GeoDataFrame:
    """Return the ways of closely looked-at plots by steps (see `ShortcutFindings.steps`)."""
    rows = []
    for each in shown:
        if not each.fine:
            continue
        for way, path in (("safe", each.pair.safe), ("tempting", each.pair.tempting)):
            steps = path_steps(path, each.measure.levels) if path else ()
            rows += [
                (
                    each.plot_id,
                    each.destination_id,
                    way,
                    order,
                    step.kind,
                    step.barrier,
                    step.name,
                    step.ref,
                    step.osm_way,
                    step.metres,
                    numbers.get((each.plot_id, each.destination_id, step.xy))
                    if step.kind == "crossing"
                    else None,
                    step.xy,
                )
                for order, step in enumerate(steps, start=1)
            ]
    columns = [
        *ENDS,
        "way",
        "order",
        "kind",
        "barrier",
        "name",
        "ref",
        "osm_way",
        "metres",
        "place",
        "geometry",
    ]
    table = _with_points(pd.DataFrame(rows, columns=columns), crs)
    return table.astype({"osm_way": "Int64"})


def _with_points(table: pd.DataFrame, crs: pyproj.CRS) -> gpd.GeoDataFrame:
    xy = np.array(table.pop("geometry").tolist(), dtype=np.float64).reshape(-1, 2)
    table["place"] = table["place"].astype("Int64")
    return gpd.GeoDataFrame(table, geometry=shapely.points(xy), crs=crs)
