"""Additive value model with constraints that nothing can buy off."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import geopandas as gpd
import numpy as np
import pandas as pd

from tomteanalyse.config import StudyConfig
from tomteanalyse.errors import DataError
from tomteanalyse.measures.measurement import Measurement
from tomteanalyse.scoring.checks import config_faults
from tomteanalyse.scoring.constraints import verdicts
from tomteanalyse.scoring.criteria import Criterion, criteria_in_use
from tomteanalyse.scoring.profiles import GRID, shares, swings_in_use
from tomteanalyse.scoring.value_functions import Floats

GRADES: tuple[tuple[str, float], ...] = (("A", 80), ("B", 60), ("C", 40), ("D", 20), ("E", 0))
"""Letter and the least score that earns it. Fixed, so that other plots cannot move a grade."""

ALIKE = 9
"""Scores that agree to so many decimals are the same score; it takes out float noise only."""

HALF = 0.5
"""What an unknown counts as in the score; its interval runs from 0 to 1."""

LEAST_COVERAGE = 0.5
"""Least share of the weight that must be measured for a plot to be ranked and given a letter. With
less, most of the score is the half that unknowns count as: an assumption, and that has no place in
a ranking, where it would stand above plots that were measured and found wanting."""


@dataclass(frozen=True)
class Evaluation:
    """The scored plots. Every table has the plots' index; columns are criterion keys.

    Parameters
    ----------
    criteria
        The criteria in use, in order, with the anchors and sources that were applied.
    weights
        Weight per criterion, summing to 1 (float, index criterion key).
    weight_source, weight_decision
        Where each weight comes from (text key or the study file's words), and the decision that
        adopted it (str or NA).
    measured, measured_low, measured_high
        What was measured, in the criterion's unit; NaN unknown, inf unreachable.
    value, value_low, value_high
        Value 0-1. Unknown: NaN in `value`, 0 and 1 in low and high.
    drawn_low, drawn_high
        What the robustness draws between: as `value_low` and `value_high`, but leaving out that a
        nearer place may lie beyond the extract's edge. That is possible, not likely, and is said by
        the interval and the flag ``near_edge`` instead.
    points
        Contribution to the score, 100 x weight x value; an unknown counts as half.
        The rows sum to `score` exactly, in any order.
    score, score_low, score_high
        0-100; low and high with every doubt at its worst and its best.
    coverage
        Share of the weight that was measured (0-1).
    grade
        Letter A-E of the score's fixed band; NA where too little is measured.
    rank
        1 is best; ties share a rank; NA for a plot that is knocked out, or where too little is
        measured.
    verdicts
        One row per plot and constraint that is not met or unknown: ``plot_id``, ``constraint``
        (key), ``effect`` ("knock_out", "must_clear"), ``state`` ("violated", "unknown"),
        ``reason``, ``source`` (words of the study file), ``decision`` (str or NA).
    """

    criteria: tuple[Criterion, ...]
    weights: pd.Series
    weight_source: pd.Series
    weight_decision: pd.Series
    measured: pd.DataFrame
    measured_low: pd.DataFrame
    measured_high: pd.DataFrame
    value: pd.DataFrame
    value_low: pd.DataFrame
    value_high: pd.DataFrame
    drawn_low: pd.DataFrame
    drawn_high: pd.DataFrame
    points: pd.DataFrame
    score: pd.Series
    score_low: pd.Series
    score_high: pd.Series
    coverage: pd.Series
    grade: pd.Series
    rank: pd.Series
    verdicts: pd.DataFrame

    @property
    def knocked_out(self) -> pd.Series:
        """Whether a condition that excludes the plot is not met (bool)."""
        return _knocked_out(self.verdicts, self.score.index)

    @property
    def too_little_measured(self) -> pd.Series:
        """Whether less than `LEAST_COVERAGE` of the weight was measured (bool)."""
        return ~measured_enough(self.coverage)


def evaluate(
    measurements: Mapping[str, Measurement],
    *,
    plots: gpd.GeoDataFrame,
    config: StudyConfig,
    constraint_layers: Mapping[str, gpd.GeoDataFrame] | None = None,
    coverage_layers: Mapping[str, gpd.GeoDataFrame] | None = None,
) -> Evaluation:
    """Score and rank the plots.

    A plot's score follows from its own measurements alone: anchors and weights are fixed before
    any plot is looked at.

    Parameters
    ----------
    measurements
        What was measured, by name; at least those of every criterion on the list.
    plots
        Candidate plots on ``plot_id``.
    config
        The study file: profile, own anchors and weights, constraints.
    constraint_layers, coverage_layers
        Polygons of the constraints that name a file, by the constraint's key.

    Raises
    ------
    DataError
        If the study file's criteria, weights or limits cannot be used; all faults at once.
    ValueError
        If a measurement does not have the plots' index.
    """
    faults = config_faults(config)
    if faults:
        raise DataError(*faults, language=config.language)
    criteria = criteria_in_use(config)
    swings = swings_in_use(config)
    weights = shares(swings["swing"])
    index = plots.index
    taken = {each.key: _bounded(measurements[each.measure], index) for each in criteria}
    measured, low, high, least = (
        pd.DataFrame({key: part[place] for key, part in taken.items()}, index=index)
        for place in range(4)
    )
    value = pd.DataFrame({c.key: c.value(measured[c.key]) for c in criteria}, index=index)
    drawn_low, drawn_high = _value_bounds(criteria, low, high, value)
    value_low, value_high = _value_bounds(criteria, least, high, value)
    points = weighted(value.fillna(HALF), weights)
    score = points.sum(axis=1).rename("score")
    found = verdicts(
        config.constraints,
        plots=plots,
        measured=measured,
        measured_low=least,
        measured_high=high,
        constraint_layers=constraint_layers or {},
        coverage_layers=coverage_layers or {},
    )
    covered = coverage(value, weights)
    enough = measured_enough(covered)
    return Evaluation(
        criteria=criteria,
        weights=weights,
        weight_source=swings["source"],
        weight_decision=swings["decision"],
        measured=measured,
        measured_low=least,
        measured_high=high,
        value=value,
        value_low=value_low,
        value_high=value_high,
        drawn_low=drawn_low,
        drawn_high=drawn_high,
        points=points,
        score=score,
        score_low=weighted(value_low, weights).sum(axis=1).rename("score_low"),
        score_high=weighted(value_high, weights).sum(axis=1).rename("score_high"),
        coverage=covered,
        grade=_grades(score).where(enough),
        rank=ranks(score, taking_part=enough & ~_knocked_out(found, index)),
        verdicts=found,
    )


def with_verdicts(evaluation: Evaluation, more: pd.DataFrame) -> Evaluation:
    """Return an evaluation with verdicts that move no score and no rank: things to be cleared.

    Raises
    ------
    ValueError
        If one of them knocks a plot out.
    """
    if (more["effect"] == "knock_out").any():
        raise ValueError("a knock-out must be known before plots are ranked")
    found = pd.concat([evaluation.verdicts, more], ignore_index=True)
    return replace(evaluation, verdicts=found)


def weighted(value: pd.DataFrame, weights: pd.Series) -> pd.DataFrame:
    """Return 100 x weight x value, rounded to multiples of 1/`GRID` so that sums are exact."""
    points = np.rint(value.to_numpy() * (100.0 * weights[value.columns].to_numpy()) * GRID) / GRID
    return pd.DataFrame(points, index=value.index, columns=value.columns)


def coverage(value: pd.DataFrame, weights: pd.Series) -> pd.Series:
    """Return the share of the weight that was measured (0-1), per plot."""
    return value.notna().mul(weights, axis=1).sum(axis=1).rename("coverage")


def measured_enough(covered: pd.Series) -> pd.Series:
    """Return whether a coverage earns a plot its rank (bool); exactly half does."""
    return covered.round(ALIKE) >= LEAST_COVERAGE


def ranks(score: pd.Series, *, taking_part: pd.Series | np.ndarray) -> pd.Series:
    """Return ranks from 1 (Int64); equal scores share the better rank, NA for who is not in it."""
    ranked = score.round(ALIKE).where(taking_part).rank(ascending=False, method="min")
    return ranked.astype("Int64").rename("rank")


def ranking_order(evaluation: Evaluation) -> pd.Index:
    """Return the plots' ids from first to last.

    By rank; then those of which too little is measured; then those that are knocked out. Ties
    and plots without a rank by score, then by id.
    """
    table = pd.DataFrame(
        {
            "out": evaluation.knocked_out,
            "rank": evaluation.rank.fillna(len(evaluation.rank) + 1),
            "score": -evaluation.score.round(ALIKE),
        }
    )
    by_id = table.sort_index()
    order = np.lexsort((by_id["score"], by_id["rank"], by_id["out"]))
    return by_id.index[order]


def _knocked_out(found: pd.DataFrame, index: pd.Index) -> pd.Series:
    out = found.loc[(found["effect"] == "knock_out") & (found["state"] == "violated"), "plot_id"]
    return pd.Series(index.isin(out), index=index)


def _value_bounds(
    criteria: Sequence[Criterion], low: pd.DataFrame, high: pd.DataFrame, value: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the least and the greatest value between two measurements; unknown is 0 and 1."""
    images = {each.key: each.value.image(low[each.key], high[each.key]) for each in criteria}
    least = pd.DataFrame({key: image[0] for key, image in images.items()}, index=value.index)
    most = pd.DataFrame({key: image[1] for key, image in images.items()}, index=value.index)
    unknown = value.isna()
    # The interval always holds the best figure's own value, also where that is all we have.
    return (
        least.where(least <= value, value).mask(unknown, 0.0),
        most.where(most >= value, value).mask(unknown, 1.0),
    )


def _bounded(measurement: Measurement, index: pd.Index) -> tuple[Floats, Floats, Floats, Floats]:
    """Return value, low, high and least as arrays in the order of `index`."""
    if not measurement.value.index.equals(index):
        raise ValueError("a measurement does not have the plots' index")
    value = measurement.value.to_numpy(dtype=np.float64)
    low = measurement.low.to_numpy(dtype=np.float64)
    high = measurement.high.to_numpy(dtype=np.float64)
    if measurement.least is None:
        return value, low, high, low
    least = measurement.least.to_numpy(dtype=np.float64)
    return value, low, high, np.where(least < low, least, low)


def _grades(score: pd.Series) -> pd.Series:
    letters = [letter for letter, _ in GRADES]
    reached = [score.round(ALIKE) >= least for _, least in GRADES]
    return pd.Series(
        np.select(reached, letters, default="E"), index=score.index, name="grade", dtype="str"
    )
