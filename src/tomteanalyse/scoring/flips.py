"""What would have to be otherwise for another plot to win: weights, measurements, unknowns.

All in closed form. When one criterion's weight becomes t and the others keep their proportions,
every plot's score is a straight line in t; a plot is best exactly where its line lies above all
others.
"""

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from tomteanalyse.scoring.evaluation import ALIKE, HALF, Evaluation

NOISE = 10.0**-ALIKE
"""Differences in points below this are float noise."""


@dataclass(frozen=True)
class WeightRange:
    """The weights of one criterion with which a plot is best, the others scaled in proportion.

    Parameters
    ----------
    criterion
        Its key.
    weight
        Its weight now (0-1).
    low, high
        The plot is best while the weight lies between them (0-1).
    below, above
        Which plot is best just outside; None where the range ends at 0 or 1.
    """

    criterion: str
    weight: float
    low: float
    high: float
    below: str | None
    above: str | None


@dataclass(frozen=True)
class WeightSwap:
    """The weight of one criterion at which two plots change places, the others in proportion."""

    criterion: str
    weight: float
    needed: float


@dataclass(frozen=True)
class MeasureFlip:
    """What one measurement would have to be for the plot to draw level with a neighbour.

    Parameters
    ----------
    criterion
        Its key.
    measured, needed
        The figure now and the one needed, in the criterion's unit; `measured` may be inf.
    other
        The neighbour in the ranking.
    lifts
        Whether the plot would rise to the one above it; else it would sink to the one below.
    """

    criterion: str
    measured: float
    needed: float
    other: str
    lifts: bool


@dataclass(frozen=True)
class UnknownSpan:
    """Where a plot may end up once an unknown is measured, all else unchanged."""

    criterion: str
    score_low: float
    score_high: float
    rank_best: int
    rank_worst: int


def weight_ranges(evaluation: Evaluation, plot_id: str) -> tuple[WeightRange, ...]:
    """Return, per criterion, the weights with which the plot would be best.

    A criterion with which it cannot become best is left out, as is one that has all the weight
    already (the others then have no proportions to keep). An unknown counts as half.

    Parameters
    ----------
    plot_id
        A plot that is ranked.
    """
    ids = evaluation.rank.dropna().index.sort_values()
    rivals = ids[ids != plot_id]
    first = bool(evaluation.rank[plot_id] == 1)
    found = []
    for criterion in evaluation.criteria:
        weight = float(evaluation.weights[criterion.key])
        if weight >= 1.0:
            continue
        own = _line(evaluation, ids[ids == plot_id], criterion.key)
        other = _line(evaluation, rivals, criterion.key)
        # own >= other  <=>  lead + t * gain >= 0
        lead = own[0] - other[0]
        gain = own[1] - other[1]
        rising, falling = gain > NOISE, gain < -NOISE
        if np.any(lead[~rising & ~falling] < -NOISE):
            continue
        crossing = -lead / np.where(rising | falling, gain, 1.0)
        from_ = np.where(rising, crossing, 0.0)
        to = np.where(falling, crossing, 1.0)
        low, high = float(from_.max(initial=0.0)), float(to.min(initial=1.0))
        if first:  # float noise must not make the best plot seem second
            low, high = min(low, weight), max(high, weight)
        if low < high:
            below = str(rivals[int(from_.argmax())]) if low > 0.0 else None
            above = str(rivals[int(to.argmin())]) if high < 1.0 else None
            found.append(WeightRange(criterion.key, weight, low, high, below, above))
    return tuple(found)


def weight_swaps(evaluation: Evaluation, a: str, b: str) -> tuple[WeightSwap, ...]:
    """Return, per criterion, the weight at which plots `a` and `b` score alike, if there is one."""
    found = []
    for criterion in evaluation.criteria:
        weight = float(evaluation.weights[criterion.key])
        if weight >= 1.0:
            continue
        at_zero, slope = _line(evaluation, pd.Index([a, b]), criterion.key)
        lead, gain = at_zero[0] - at_zero[1], slope[0] - slope[1]
        if abs(gain) > NOISE and 0.0 < (needed := float(-lead / gain)) < 1.0:
            found.append(WeightSwap(criterion.key, weight, needed))
    return tuple(found)


def measure_flips(
    evaluation: Evaluation, plot_id: str, *, above: str | None, below: str | None
) -> tuple[MeasureFlip, ...]:
    """Return what each measurement would have to be to draw level with a neighbour.

    Criteria that are unknown, weigh nothing, or cannot make up the difference are left out.

    Parameters
    ----------
    above, below
        The neighbours in the ranking, None where there is none.
    """
    found = []
    for other, lifts in ((above, True), (below, False)):
        if other is None:
            continue
        gap = float(evaluation.score[other] - evaluation.score[plot_id])
        for criterion in evaluation.criteria:
            weight = float(evaluation.weights[criterion.key])
            value = float(evaluation.value[criterion.key][plot_id])
            if weight <= 0.0 or math.isnan(value):
                continue
            measured = float(evaluation.measured[criterion.key][plot_id])
            sought = round(value + gap / (100.0 * weight), ALIKE)
            needed = criterion.value.inverse(sought, near=measured)
            if needed >= 0.0:  # neither NaN nor a distance below zero
                found.append(MeasureFlip(criterion.key, measured, needed, other, lifts))
    return tuple(found)


def unknown_spans(evaluation: Evaluation, plot_id: str) -> tuple[UnknownSpan, ...]:
    """Return where the plot may end up once each of its unknowns is measured.

    Parameters
    ----------
    plot_id
        A plot that is ranked.
    """
    others = evaluation.score[evaluation.rank.notna()].drop(plot_id).round(ALIKE)
    score = float(evaluation.score[plot_id])
    found = []
    for criterion in evaluation.criteria:
        half = float(evaluation.points[criterion.key][plot_id])
        if half > 0.0 and math.isnan(float(evaluation.value[criterion.key][plot_id])):
            low, high = score - half, score + half
            best, worst = (1 + int((others > round(each, ALIKE)).sum()) for each in (high, low))
            found.append(UnknownSpan(criterion.key, low, high, best, worst))
    return tuple(found)


def _line(
    evaluation: Evaluation, ids: pd.Index, key: str
) -> tuple[np.ndarray[tuple[int], np.dtype[np.float64]], ...]:
    """Return the score at weight 0 of the criterion and its slope, per plot."""
    weight = float(evaluation.weights[key])
    rest = evaluation.score[ids] - evaluation.points.loc[ids, key]
    at_zero = rest.to_numpy() / (1.0 - weight)
    value = evaluation.value.loc[ids, key].fillna(HALF).to_numpy()
    return at_zero, 100.0 * value - at_zero
