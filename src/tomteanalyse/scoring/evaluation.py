"""Additive value model with constraints that nothing can buy off."""

from dataclasses import dataclass

import pandas as pd

from tomteanalyse.scoring.criteria import Criterion


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
        Where each weight comes from, and the decision that adopted it (str or NA).
    measured, measured_low, measured_high
        What was measured, in the criterion's unit; NaN unknown, inf unreachable.
    value, value_low, value_high
        Value 0-1. Unknown: NaN in `value`, 0 and 1 in low and high.
    points
        Contribution to the score, 100 x weight x value; an unknown counts as half.
        The rows sum to `score` exactly as listed.
    score, score_low, score_high
        0-100; low and high with every doubt at its worst and its best.
    coverage
        Share of the weight that was measured (0-1).
    grade
        Letter A-E of the score's fixed band.
    rank
        1 is best; ties share a rank; NA for a plot that is knocked out.
    verdicts
        One row per plot and constraint that is not met or unknown: ``plot_id``, ``constraint``
        (key), ``effect`` ("knock_out", "must_clear"), ``state`` ("violated", "unknown"),
        ``reason`` (words of the study file).
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
    points: pd.DataFrame
    score: pd.Series
    score_low: pd.Series
    score_high: pd.Series
    coverage: pd.Series
    grade: pd.Series
    rank: pd.Series
    verdicts: pd.DataFrame
