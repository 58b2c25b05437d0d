"""What the page knows of each plot: figures, not words, so that it can weigh them anew itself."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from tomteanalyse.assessment import Assessment
from tomteanalyse.scoring.criteria import Criterion
from tomteanalyse.views.web_map.packing import pack_floats, pack_numbers
from tomteanalyse.views.web_map.places import Amenities

NONE = -1
"""Stands for "there is none" where a whole number is packed."""


def plot_data(
    assessment: Assessment,
    order: list[str],
    *,
    amenities: Amenities,
    routes: Mapping[tuple[str, str], int],
) -> dict[str, Any]:
    """Return everything about the plots that is not their shape, a column each, in `order`.

    Parameters
    ----------
    assessment
        The answer.
    order
        The plots to show.
    amenities
        What the page shows of the amenities.
    routes
        Number of the route in the page, by plot id and amenity class.

    Returns
    -------
    dict
        ``ids``, ``names`` (None without), ``facts`` (gnr, bnr, plan status), ``by_id`` (packed:
        where each plot comes when they are sorted by id), ``adopted`` (how it stands with the
        adopted weights), ``acceptability``, ``verdicts``, ``reasons`` and ``columns``
        (per criterion what was measured). `page/model.js` reads it.
    """
    evaluation = assessment.evaluation
    about = assessment.study.plots.loc[order]
    codes = sorted(
        {
            str(reason)
            for criterion in evaluation.criteria
            for reason in assessment.measurements[criterion.measure].reason.loc[order].dropna()
        }
    )
    by_id = pd.Series(range(len(order)), index=sorted(order)).loc[order]
    return {
        "ids": order,
        "names": [None if pd.isna(name) or not name.strip() else name for name in about["name"]],
        "facts": [
            [None if pd.isna(each) else str(each) for each in row]
            for row in zip(about["gnr"], about["bnr"], about["plan_status"], strict=True)
        ],
        "by_id": _whole(by_id.tolist()),
        "adopted": _adopted(assessment, order),
        "acceptability": _acceptability(assessment, order),
        "verdicts": _verdicts(assessment, order),
        "reasons": codes,
        "columns": [
            _measured(assessment, criterion, order, codes, amenities, routes)
            for criterion in evaluation.criteria
        ],
    }


def _adopted(assessment: Assessment, order: list[str]) -> dict[str, Any]:
    """Return how each plot stands with the weights the study adopted, as Python reckoned it."""
    evaluation = assessment.evaluation
    grades = evaluation.grade.loc[order]
    return {
        "score": pack_floats(_column(evaluation.score, order)),
        "low": pack_floats(_column(evaluation.score_low, order)),
        "high": pack_floats(_column(evaluation.score_high, order)),
        "coverage": pack_floats(_column(evaluation.coverage, order)),
        "grade": "".join("-" if pd.isna(grade) else str(grade) for grade in grades),
        "rank": _whole(evaluation.rank.loc[order].fillna(NONE).astype(int).tolist()),
        "ranked": int(evaluation.rank.notna().sum()),
    }


def _acceptability(assessment: Assessment, order: list[str]) -> dict[str, Any]:
    robustness = assessment.robustness
    number = {plot_id: place for place, plot_id in enumerate(order)}
    leaders = sorted(set(robustness.pairwise.index) & set(number), key=number.__getitem__)
    pairwise = robustness.pairwise.loc[leaders, leaders].to_numpy(dtype=np.float64)
    return {
        "best": pack_floats(_column(robustness.best, order)),
        "top_three": pack_floats(_column(robustness.top_three, order)),
        "expected_rank": pack_floats(_column(robustness.expected_rank, order)),
        "draws": robustness.draws,
        "drawn": robustness.drawn,
        "leaders": [number[each] for each in leaders],
        "above": pack_floats(pairwise.ravel()),
    }


def _verdicts(assessment: Assessment, order: list[str]) -> list[list[Any]]:
    """Return plot number, constraint, effect, state, reason, source and decision of each."""
    number = {plot_id: place for place, plot_id in enumerate(order)}
    found = assessment.evaluation.verdicts
    columns = ("plot_id", "constraint", "effect", "state", "reason", "source", "decision")
    rows = [
        [number[plot_id], *map(str, rest), None if pd.isna(decision) else str(decision)]
        for plot_id, *rest, decision in zip(*(found[each] for each in columns), strict=True)
        if plot_id in number
    ]
    return sorted(rows, key=lambda row: row[0])


def _measured(
    assessment: Assessment,
    criterion: Criterion,
    order: list[str],
    codes: list[str],
    amenities: Amenities,
    routes: Mapping[tuple[str, str], int],
) -> dict[str, Any]:
    """Return what was measured for one criterion, a figure a plot.

    Packed floats ``measured``, ``low``, ``high`` (NaN unknown, inf unreachable; None where low or
    high are the same as measured) and packed numbers ``reason``, ``group`` and ``place`` (the
    amenity), ``route`` and ``edge`` (1 where a nearer place may lie beyond the extract).
    """
    evaluation, key = assessment.evaluation, criterion.key
    measurement = assessment.measurements[criterion.measure]
    measured = _column(evaluation.measured[key], order)
    low, high = (
        _column(table[key], order) for table in (evaluation.measured_low, evaluation.measured_high)
    )
    amenity_class = criterion.measure.partition("_")[2]
    reason = [NONE if pd.isna(each) else codes.index(each) for each in measurement.reason[order]]
    address = [
        (NONE, NONE) if pd.isna(each) else amenities.address.get(each, (NONE, NONE))
        for each in measurement.nearest[order]
    ]
    edge = (evaluation.value_low[key] < evaluation.drawn_low[key]) | (
        evaluation.value_high[key] > evaluation.drawn_high[key]
    )
    return {
        "measured": pack_floats(measured),
        "low": None if _same(low, measured) else pack_floats(low),
        "high": None if _same(high, measured) else pack_floats(high),
        "reason": _whole(reason),
        "group": _whole([group for group, _ in address]),
        "place": _whole([place for _, place in address]),
        "route": _whole([routes.get((plot_id, amenity_class), NONE) for plot_id in order]),
        "edge": _whole(edge.loc[order].astype(int).tolist()),
    }


def _column(series: pd.Series, order: list[str]) -> npt.NDArray[np.float64]:
    return series.loc[order].to_numpy(dtype=np.float64, na_value=np.nan)


def _same(one: npt.NDArray[np.float64], other: npt.NDArray[np.float64]) -> bool:
    return bool(np.array_equal(one, other, equal_nan=True))


def _whole(numbers: list[int]) -> str:
    return pack_numbers(np.array(numbers, dtype=np.int64))
