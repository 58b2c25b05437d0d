"""Two answers for the same plots side by side: what some corrections of the map would change."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import geopandas as gpd
import numpy as np
import pandas as pd

from tomteanalyse.assessment import Assessment
from tomteanalyse.scoring.criteria import Unit

Change = Literal["new", "heavier", "gone", "lighter", "same"]
CHANGES: tuple[Change, ...] = ("new", "heavier", "gone", "lighter", "same")
WORSE: frozenset[Change] = frozenset({"new", "heavier"})
BETTER: frozenset[Change] = frozenset({"gone", "lighter"})

SAME_PLACE_M = 40.0
"""Crossing places of the two states this near each other on one barrier are one place; so near, the
crossings of one state are one place too."""
SAME_SHARE, SAME_LOAD = 0.05, 0.005
"""A load that changes by less than this share of it, or less than this in all, is the same: lattice
points are chosen anew around everything that is drawn (normative)."""
SAME_INDEX = 0.005
"""An index that changes by less than this is the same: it is shown with two decimals."""
SAME_MEASURED: Mapping[Unit, float] = {
    "m": 0.05,
    "weighted_homes": 0.05,
    "share": 0.0005,
    "index": SAME_INDEX,
}
"""What changes by less than this is the same, by its unit."""
SAME_SCORE = 0.05
"""A score that changes by less than this is the same: it is shown with one decimal."""


@dataclass(frozen=True)
class Difference:
    """What is different between two states of the map.

    Parameters
    ----------
    before, after
        The answers. The same plots have been looked at closely in both.
    tried
        The corrections that only ``after`` has (see `Study.corrections`).
    plots
        On ``plot_id``: ``name``, and for each of ``score`` (0-100), ``rank`` (Int64, NA without
        one) and ``index`` (of unsafe shortcuts, 0-1, NaN unknown) its value ``_before``, ``_after``
        and, but for the rank, ``_change``; ``clear_before``, ``clear_after`` (bool: something must
        be cleared, or excludes the plot); ``changed`` (bool). Those whose index or score changes
        most come first.
    criteria
        One row per plot and criterion that changes, in that order: ``plot_id``, ``criterion``
        (key), ``measured_before``, ``measured_after`` (in the criterion's unit; NaN unknown, inf
        unreachable), ``points_before``, ``points_after`` (of 100).
    places
        Crossing places of either state, the severe ones first, then by what has become of them (see
        `CHANGES`) and by how much: ``change``, ``place_before``, ``place_after`` (Int64: their
        numbers, NA where there is none), ``severe`` (in either), ``barrier``, ``road_class``,
        ``name``, ``ref``, ``load_before``, ``load_after`` (0 where there is none),
        ``plots_before``, ``plots_after`` (tuples of ids), ``unsure`` (bool: depends on the
        extract's edge or a winding road), ``peak`` (Point), ``geometry`` (the stretch; as it is
        after, where it is).
    """

    before: Assessment
    after: Assessment
    tried: gpd.GeoDataFrame
    plots: pd.DataFrame
    criteria: pd.DataFrame
    places: gpd.GeoDataFrame

    @property
    def moved(self) -> bool:
        """Whether some crossing places get better while others get worse."""
        found = {*self.places["change"]}
        return bool(found & WORSE) and bool(found & BETTER)


def difference(before: Assessment, after: Assessment) -> Difference:
    """Compare the answers for two states of the map.

    Parameters
    ----------
    before, after
        Answers for the same plots, measured with the same settings and with the same plots looked
        at closely.
    """
    plots = _plots(before, after)
    return Difference(
        before=before,
        after=after,
        tried=after.study.corrections.iloc[len(before.study.corrections) :],
        plots=plots,
        criteria=_criteria(before, after, order=plots.index),
        places=match_places(before.shortcuts.places, after.shortcuts.places),
    )


def _plots(before: Assessment, after: Assessment) -> pd.DataFrame:
    index = before.evaluation.score.index
    columns: dict[str, pd.Series] = {"name": before.study.plots["name"].reindex(index)}
    for state, found in (("before", before), ("after", after)):
        columns[f"score_{state}"] = found.evaluation.score.reindex(index)
        columns[f"rank_{state}"] = found.evaluation.rank.reindex(index).astype("Int64")
        columns[f"index_{state}"] = found.shortcuts.index.reindex(index)
        flagged = index.isin(found.evaluation.verdicts["plot_id"])
        columns[f"clear_{state}"] = pd.Series(flagged, index=index)
    table = pd.DataFrame(columns, index=index).rename_axis("plot_id")
    for name in ("score", "index"):
        table[f"{name}_change"] = table[f"{name}_after"] - table[f"{name}_before"]
    known = table["index_before"].notna() == table["index_after"].notna()
    table["changed"] = (
        (table["score_change"].abs() >= SAME_SCORE)
        | (table["index_change"].abs() >= SAME_INDEX)
        | ~known
        | (table["clear_before"] != table["clear_after"])
    )
    by_index = table["index_change"].abs().fillna(0.0).round(3).to_numpy()
    by_score = table["score_change"].abs().round(2).to_numpy()
    order = np.lexsort((index.to_numpy(dtype=str), -by_score, -by_index, ~table["changed"]))
    return table.iloc[order]


def _criteria(before: Assessment, after: Assessment, *, order: pd.Index) -> pd.DataFrame:
    rows = []
    for plot_id in order:
        for criterion in before.evaluation.criteria:
            key = criterion.key
            both = (before.evaluation, after.evaluation)
            measured = [float(found.measured.loc[plot_id, key]) for found in both]
            points = [float(found.points.loc[plot_id, key]) for found in both]
            least = SAME_MEASURED[criterion.unit]
            was, now = measured
            if np.isclose(was, now, rtol=0.0, atol=least, equal_nan=True):
                continue
            rows.append((str(plot_id), key, *measured, *points))
    return pd.DataFrame(
        rows,
        columns=[
            "plot_id",
            "criterion",
            "measured_before",
            "measured_after",
            "points_before",
            "points_after",
        ],
    )


def match_places(before: gpd.GeoDataFrame, after: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Tell what becomes of each crossing place (see `Difference.places`).

    Parameters
    ----------
    before, after
        Crossing places of the two states (see `ShortcutFindings.places`).
    """
    pairs = _pairs(before, after)
    matched_before, matched_after = {one for one, _ in pairs}, {other for _, other in pairs}
    couples: list[tuple[int | None, int | None]] = [
        *pairs,
        *((one, None) for one in before.index if one not in matched_before),
        *((None, other) for other in after.index if other not in matched_after),
    ]
    rows = [_row(before, after, one, other) for one, other in couples]
    rows.sort(
        key=lambda row: (
            not row["severe"],
            CHANGES.index(row["change"]),
            -abs(row["load_after"] - row["load_before"]),
            row["peak"].coords[0],
        )
    )
    table = gpd.GeoDataFrame(rows, columns=list(PLACE_COLUMNS), crs=after.crs or before.crs)
    return table.astype({"place_before": "Int64", "place_after": "Int64"})


PLACE_COLUMNS = (
    "change",
    "place_before",
    "place_after",
    "severe",
    "barrier",
    "road_class",
    "name",
    "ref",
    "load_before",
    "load_after",
    "plots_before",
    "plots_after",
    "unsure",
    "peak",
    "geometry",
)


def _pairs(before: gpd.GeoDataFrame, after: gpd.GeoDataFrame) -> list[tuple[int, int]]:
    """Return which place after is which before: the nearest first, each once."""
    if before.empty or after.empty:
        return []
    one, other = after.sindex.query(
        before.geometry, predicate="dwithin", distance=SAME_PLACE_M, output_format="indices"
    )
    candidates = []
    for a, b in zip(one.tolist(), other.tolist(), strict=True):
        was, now = before.iloc[a], after.iloc[b]
        if was["barrier"] != now["barrier"]:
            continue
        apart = was.geometry.distance(now.geometry), was["peak"].distance(now["peak"])
        candidates.append((*(round(each, 3) for each in apart), before.index[a], after.index[b]))
    taken_before: set[int] = set()
    taken_after: set[int] = set()
    pairs = []
    for *_, was_number, now_number in sorted(candidates):
        if was_number in taken_before or now_number in taken_after:
            continue
        taken_before.add(was_number)
        taken_after.add(now_number)
        pairs.append((int(was_number), int(now_number)))
    return sorted(pairs)


def _row(
    before: gpd.GeoDataFrame, after: gpd.GeoDataFrame, one: int | None, other: int | None
) -> dict[str, Any]:
    was = None if one is None else before.loc[one]
    now = None if other is None else after.loc[other]
    known = [each for each in (now, was) if each is not None]
    loads = [0.0 if each is None else float(each["load"]) for each in (was, now)]
    return {
        "change": _change(*loads, gone=now is None, new=was is None),
        "place_before": one,
        "place_after": other,
        "severe": any(bool(each["severe"]) for each in known),
        **{name: known[0][name] for name in ("barrier", "road_class", "name", "ref")},
        "load_before": loads[0],
        "load_after": loads[1],
        "plots_before": () if was is None else tuple(was["plots"]),
        "plots_after": () if now is None else tuple(now["plots"]),
        "unsure": any(bool(each["edge"] or each["winding"]) for each in known),
        "peak": known[0]["peak"],
        "geometry": known[0].geometry,
    }


def _change(load_before: float, load_after: float, *, gone: bool, new: bool) -> Change:
    if gone:
        return "gone"
    if new:
        return "new"
    more = load_after - load_before
    if abs(more) <= max(SAME_LOAD, SAME_SHARE * load_before):
        return "same"
    return "heavier" if more > 0 else "lighter"
