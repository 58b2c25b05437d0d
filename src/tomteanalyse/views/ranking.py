"""The ranking as one table for programs and files, and as records for ``--json``."""

import math
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from tomteanalyse.assessment import Assessment
from tomteanalyse.scoring.constraints import in_words
from tomteanalyse.scoring.criteria import Criterion
from tomteanalyse.scoring.evaluation import ranking_order
from tomteanalyse.texts import Catalog, Language, catalog

Flag = Literal[
    "knock_out",
    "too_little_measured",
    "must_clear",
    "outside_extract",
    "near_edge",
    "unknown",
    "unreachable",
    "undecided_defaults",
]
Flags = npt.NDArray[np.bool_]
State = Literal["measured", "unknown", "unreachable"]


def ranking_table(assessment: Assessment) -> pd.DataFrame:
    """Return one row per plot: the best first, then the hardly measured, the knocked out last.

    Returns
    -------
    DataFrame
        On ``plot_id``:

        - ``rank`` (Int64): 1 is best, ties share a rank, NA for a plot that is knocked out or of
          which too little is measured
        - ``name`` (str), ``grade`` (A-E, NA where too little is measured)
        - ``score``, ``score_low``, ``score_high`` (0-100)
        - ``best``, ``top_three``: share of the draws in which it is so; NaN where it took no part
        - ``coverage``: share of the weight that was measured (0-1)
        - ``flags``: list of codes, see `plot_flags`
        - for each criterion ``<key>_measured`` (NaN unknown, inf unreachable) and ``<key>_points``
          (they sum to ``score``).

        Plots of the same rank follow each other by id; those without a rank by score.
    """
    evaluation, robustness = assessment.evaluation, assessment.robustness
    index = evaluation.score.index
    table = pd.DataFrame(
        {
            "rank": evaluation.rank.astype("Int64"),
            "name": assessment.study.plots["name"].reindex(index),
            "grade": evaluation.grade,
            "score": evaluation.score,
            "score_low": evaluation.score_low,
            "score_high": evaluation.score_high,
            "best": robustness.best.reindex(index),
            "top_three": robustness.top_three.reindex(index),
            "coverage": evaluation.coverage,
            "flags": plot_flags(assessment),
        },
        index=index,
    )
    parts = {}
    for criterion in evaluation.criteria:
        parts[f"{criterion.key}_measured"] = evaluation.measured[criterion.key]
        parts[f"{criterion.key}_points"] = evaluation.points[criterion.key]
    table = pd.concat([table, pd.DataFrame(parts, index=index)], axis="columns")
    return table.loc[ranking_order(evaluation)].rename_axis(index="plot_id")


def plot_flags(assessment: Assessment) -> pd.Series:
    """Return what must be seen beside each plot's score, as lists of codes in a fixed order.

    - ``knock_out``: a condition that excludes the plot is not met
    - ``too_little_measured``: most of the weight is unknown, so the plot has no rank
    - ``must_clear``: a condition must be cleared first, or could not be checked
    - ``outside_extract``: something lies beyond the map data that was read
    - ``near_edge``: the plot lies so near the extract's edge that a nearer place may lie beyond it
    - ``unknown``, ``unreachable``: a criterion with weight could not be measured; cannot be reached
    - ``undecided_defaults``: a weight or value function in use has no decision behind it
    """
    evaluation = assessment.evaluation
    index = evaluation.score.index
    verdicts = evaluation.verdicts
    out = (verdicts["effect"] == "knock_out") & (verdicts["state"] == "violated")
    counted = [criterion for criterion in evaluation.criteria if evaluation.weights[criterion.key]]
    measured = evaluation.measured[[criterion.key for criterion in counted]].to_numpy(float)
    beyond = np.zeros(len(index), dtype=bool)
    near_edge = np.zeros(len(index), dtype=bool)
    for criterion in counted:
        near_edge |= _worth_more_beyond_the_edge(assessment, criterion)
        reason = assessment.measurements[criterion.measure].reason.reindex(index)
        beyond |= (reason == "outside_extract").fillna(value=False).to_numpy(bool)
    raised: dict[Flag, Any] = {
        "knock_out": evaluation.knocked_out.to_numpy(),
        "too_little_measured": evaluation.too_little_measured.to_numpy(),
        "must_clear": index.isin(verdicts.loc[~out, "plot_id"]),
        "outside_extract": beyond,
        "near_edge": near_edge,
        "unknown": np.isnan(measured).any(axis=1),
        "unreachable": np.isinf(measured).any(axis=1),
        "undecided_defaults": np.full(len(index), bool(undecided(assessment))),
    }
    codes = list(raised)
    rows = np.column_stack(list(raised.values()))
    lists = [[code for code, up in zip(codes, row, strict=True) if up] for row in rows]
    return pd.Series(lists, index=index, name="flags", dtype="object")


def _worth_more_beyond_the_edge(assessment: Assessment, criterion: Criterion) -> Flags:
    evaluation, key = assessment.evaluation, criterion.key
    low = evaluation.value_low[key] < evaluation.drawn_low[key]
    high = evaluation.value_high[key] > evaluation.drawn_high[key]
    worth_more: Flags = (low | high).to_numpy(bool)
    return worth_more


def undecided(assessment: Assessment) -> list[str]:
    """Return the keys of the criteria in use whose weight or anchors nobody has decided."""
    evaluation = assessment.evaluation
    return [
        criterion.key
        for criterion in evaluation.criteria
        if evaluation.weights[criterion.key]
        and (criterion.decision is None or pd.isna(evaluation.weight_decision[criterion.key]))
    ]


def ranking_records(assessment: Assessment, language: Language) -> list[dict[str, Any]]:
    """Return the ranking as data that is valid JSON: no NaN, no infinity.

    Each record has what `ranking_table` has, unrounded, with ``verdicts`` (the constraints that
    are not met or unknown) and ``criteria`` by key: ``state`` is "measured", "unknown" or
    "unreachable"; ``measured``, ``low`` and ``high`` are null where there is no figure;
    ``nearest`` is the id of the place it was measured to and ``reason`` the code of why there is
    no figure, each with its words in `language` beside it.
    """
    say = catalog(language)
    table = ranking_table(assessment)
    verdicts = in_words(assessment.evaluation.verdicts, say)
    by_plot = {
        plot_id: [
            {key: row[key] for key in ("constraint", "effect", "state", "reason")} for row in rows
        ]
        for plot_id, rows in _grouped(verdicts).items()
    }
    criteria = {
        criterion.key: _criterion_records(assessment, criterion, table.index, say)
        for criterion in assessment.evaluation.criteria
    }
    general = table.columns[: table.columns.get_loc("flags")]
    return [
        {
            "plot_id": plot_id,
            **{key: plain(value) for key, value in zip(general, values, strict=True)},
            "flags": flags,
            "verdicts": by_plot.get(plot_id, []),
            "criteria": {key: records[place] for key, records in criteria.items()},
        }
        for place, (plot_id, flags, *values) in enumerate(
            zip(table.index, table["flags"], *(table[key] for key in general), strict=True)
        )
    ]


def states(measured: pd.Series) -> pd.Series:
    """Say of each figure whether it is measured, unknown (NaN) or unreachable (infinite)."""
    named = np.select(
        [measured.isna(), np.isinf(measured.to_numpy(float))],
        ["unknown", "unreachable"],
        "measured",
    )
    return pd.Series(named, index=measured.index, dtype="object")


def plain(value: Any) -> Any:  # noqa: ANN401 - a cell of any type
    """Return a cell as JSON knows it; what is missing or infinite becomes None."""
    if pd.isna(value):
        return None
    if isinstance(value, np.generic):
        value = value.item()
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _plain_column(series: pd.Series) -> list[Any]:
    """Return what `plain` returns of every cell, many at a time."""
    if pd.api.types.is_float_dtype(series.dtype):
        here = np.isfinite(series.to_numpy(dtype=float, na_value=np.nan))
    else:
        here = series.notna().to_numpy(dtype=bool)
    return [cell if there else None for cell, there in zip(series.tolist(), here, strict=True)]


def _grouped(verdicts: pd.DataFrame) -> dict[str, list[dict[str, Any]]]:
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in verdicts.to_dict("records"):
        groups.setdefault(str(row["plot_id"]), []).append(
            {str(k): plain(v) for k, v in row.items()}
        )
    return groups


def _criterion_records(
    assessment: Assessment, criterion: Criterion, index: pd.Index, say: Catalog
) -> list[dict[str, Any]]:
    evaluation = assessment.evaluation
    key = criterion.key
    measurement = assessment.measurements[criterion.measure]
    columns = {
        "state": states(evaluation.measured[key]),
        "measured": evaluation.measured[key],
        "low": evaluation.measured_low[key],
        "high": evaluation.measured_high[key],
        "value": evaluation.value[key],
        "points": evaluation.points[key],
        "nearest": measurement.nearest,
        "nearest_name": measurement.nearest.map(assessment.amenities["name"]),
        "reason": measurement.reason,
    }
    rows = zip(*(_plain_column(columns[name].reindex(index)) for name in columns), strict=True)
    records = [dict(zip(columns, row, strict=True)) for row in rows]
    return [
        {
            "unit": criterion.unit,
            "weight": float(evaluation.weights[key]),
            **record,
            "reason_text": say(f"reason.{record['reason']}") if record["reason"] else None,
        }
        for record in records
    ]
