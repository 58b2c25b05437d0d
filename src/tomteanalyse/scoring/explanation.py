"""Why a plot got its place, why one is above another, and what would change it: as data.

The model is additive, so the explanation is not an approximation of it: the contributions are the
score.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import pandas as pd

from tomteanalyse.errors import Notice, UsageError
from tomteanalyse.measures.concentration.findings import ConcentrationFindings
from tomteanalyse.measures.measurement import Measurement
from tomteanalyse.measures.shortcuts.findings import ShortcutFindings
from tomteanalyse.scoring.concentration_account import ConcentrationAccount, concentration_account
from tomteanalyse.scoring.criteria import Criterion
from tomteanalyse.scoring.evaluation import Evaluation, ranking_order
from tomteanalyse.scoring.flips import (
    MeasureFlip,
    UnknownSpan,
    WeightRange,
    WeightSwap,
    measure_flips,
    unknown_spans,
    weight_ranges,
    weight_swaps,
)
from tomteanalyse.scoring.plot_names import plot_meant
from tomteanalyse.scoring.robustness import Robustness
from tomteanalyse.scoring.shortcut_account import ShortcutAccount, shortcut_account

NOTHING: Mapping[str, Measurement] = MappingProxyType({})


@dataclass(frozen=True)
class Contribution:
    """What one criterion gives to a plot's score.

    Parameters
    ----------
    criterion
        With its anchors, their source and decision.
    weight, weight_source, weight_decision
        Weight (0-1), where it comes from, and the decision that adopted it, or None.
    measured, measured_low, measured_high
        In the criterion's unit; NaN unknown, inf unreachable.
    value
        0-1, NaN unknown.
    points
        100 x weight x value; half of the most it could give where it is unknown.
    reason
        Key of a text (``reason.<key>``): why it is unknown or unreachable, or None.
    nearest
        ``amenity_id`` of the place it was measured to, or None.
    """

    criterion: Criterion
    weight: float
    weight_source: str
    weight_decision: str | None
    measured: float
    measured_low: float
    measured_high: float
    value: float
    points: float
    reason: str | None
    nearest: str | None


@dataclass(frozen=True)
class Verdict:
    """A constraint that is violated or not known to be met; `Evaluation.verdicts` says the rest."""

    constraint: str
    effect: str
    state: str
    reason: str
    source: str
    decision: str | None


@dataclass(frozen=True)
class Explanation:
    """Why a plot got its place.

    Parameters
    ----------
    plot_id
        The plot.
    rank, ranked
        Its rank (None when it has none) and how many plots are ranked.
    score, score_low, score_high, coverage, grade
        As in `Evaluation`; `score` is the exact sum of the contributions' points, `grade` None
        where too little is measured.
    contributions
        One per criterion, in the evaluation's order.
    verdicts
        Constraints that are violated or unknown.
    best, top_three, expected_rank
        As in `Robustness`; NaN when the plot took no part in the draws.
    draws, drawn
        How many draws there were, and how many plots took part in them.
    tied
        Plots that share its rank.
    above, below
        The nearest plots that score more and less, or None.
    weight_ranges, measure_flips, unknown_spans
        What would change the result; empty when the plot has no rank.
    shortcuts
        Unsafe shortcuts from it, or None where they were not asked for.
    concentration
        Municipal homes around it, or None where they were not asked for.
    """

    plot_id: str
    rank: int | None
    ranked: int
    score: float
    score_low: float
    score_high: float
    coverage: float
    grade: str | None
    contributions: tuple[Contribution, ...]
    verdicts: tuple[Verdict, ...]
    best: float
    top_three: float
    expected_rank: float
    draws: int
    drawn: int
    tied: tuple[str, ...] = ()
    above: str | None = None
    below: str | None = None
    weight_ranges: tuple[WeightRange, ...] = ()
    measure_flips: tuple[MeasureFlip, ...] = ()
    unknown_spans: tuple[UnknownSpan, ...] = ()
    shortcuts: ShortcutAccount | None = None
    concentration: ConcentrationAccount | None = None

    @property
    def knock_outs(self) -> tuple[Verdict, ...]:
        """The constraints that exclude it.

        A plot without a rank and without these is one of which too little is measured.
        """
        return tuple(
            each
            for each in self.verdicts
            if each.effect == "knock_out" and each.state == "violated"
        )


@dataclass(frozen=True)
class Comparison:
    """Why one plot scores more than another: the sum over criteria of w (value a - value b).

    Parameters
    ----------
    a, b
        Explanations of the two plots; `a` is the one that scores more.
    differences
        Points of `a` less points of `b`, per criterion in the evaluation's order; they sum
        exactly to `difference`.
    difference
        Score of `a` less score of `b`, never below 0.
    share_above
        Share of the draws in which `a` is above `b`; NaN where they were not compared.
    swaps
        The weights at which the two change places.
    """

    a: Explanation
    b: Explanation
    differences: tuple[float, ...]
    difference: float
    share_above: float
    swaps: tuple[WeightSwap, ...]


def explain(
    evaluation: Evaluation,
    robustness: Robustness,
    plot_id: str,
    *,
    measurements: Mapping[str, Measurement] = NOTHING,
    shortcuts: ShortcutFindings | None = None,
    concentration: ConcentrationFindings | None = None,
) -> Explanation:
    """Explain one plot's place.

    Parameters
    ----------
    plot_id
        Which plot.
    measurements
        As they were evaluated: adds why something is unknown and which place was nearest.
    shortcuts
        Adds the unsafe shortcuts from the plot.
    concentration
        Adds the municipal homes around the plot.

    Raises
    ------
    UsageError
        If there is no such plot.
    """
    _must_exist(evaluation, plot_id)
    rank = evaluation.rank[plot_id]
    explained = Explanation(
        plot_id=plot_id,
        rank=None if pd.isna(rank) else int(rank),
        ranked=int(evaluation.rank.notna().sum()),
        score=float(evaluation.score[plot_id]),
        score_low=float(evaluation.score_low[plot_id]),
        score_high=float(evaluation.score_high[plot_id]),
        coverage=float(evaluation.coverage[plot_id]),
        grade=_text_or_none(evaluation.grade[plot_id]),
        contributions=tuple(
            _contribution(evaluation, each, plot_id, measurements.get(each.measure))
            for each in evaluation.criteria
        ),
        verdicts=_verdicts(evaluation, plot_id),
        best=float(robustness.best[plot_id]),
        top_three=float(robustness.top_three[plot_id]),
        expected_rank=float(robustness.expected_rank[plot_id]),
        draws=robustness.draws,
        drawn=robustness.drawn,
        shortcuts=None if shortcuts is None else shortcut_account(shortcuts, plot_id),
        concentration=(
            None
            if concentration is None
            else concentration_account(concentration, plot_id, measurements=measurements)
        ),
    )
    return explained if pd.isna(rank) else _placed(explained, evaluation)


def compare(
    evaluation: Evaluation,
    robustness: Robustness,
    a: str,
    b: str,
    *,
    measurements: Mapping[str, Measurement] = NOTHING,
    shortcuts: ShortcutFindings | None = None,
) -> Comparison:
    """Explain why one plot scores more than another.

    Parameters
    ----------
    a, b
        Two plots, in either order; the answer puts the higher score first.
    measurements, shortcuts
        As for `explain`.

    Raises
    ------
    UsageError
        If there is no such plot, or `a` and `b` are the same.
    """
    if a == b:
        raise UsageError(Notice("explain.same_plot", ids=(a,)))
    for each in (a, b):
        _must_exist(evaluation, each)
    if evaluation.score[b] > evaluation.score[a]:
        a, b = b, a
    first, second = (
        explain(evaluation, robustness, each, measurements=measurements, shortcuts=shortcuts)
        for each in (a, b)
    )
    pairs = zip(first.contributions, second.contributions, strict=True)
    leaders = robustness.pairwise.index
    return Comparison(
        a=first,
        b=second,
        differences=tuple(mine.points - other.points for mine, other in pairs),
        difference=first.score - second.score,
        share_above=(
            float(robustness.pairwise[b][a]) if a in leaders and b in leaders else float("nan")
        ),
        swaps=weight_swaps(evaluation, a, b),
    )


def _must_exist(evaluation: Evaluation, plot_id: str) -> None:
    if plot_id not in evaluation.score.index:
        plot_meant(plot_id, {str(each): str(each) for each in evaluation.score.index})


def _contribution(
    evaluation: Evaluation, criterion: Criterion, plot_id: str, measurement: Measurement | None
) -> Contribution:
    key = criterion.key
    return Contribution(
        criterion=criterion,
        weight=float(evaluation.weights[key]),
        weight_source=str(evaluation.weight_source[key]),
        weight_decision=_text_or_none(evaluation.weight_decision[key]),
        measured=float(evaluation.measured[key][plot_id]),
        measured_low=float(evaluation.measured_low[key][plot_id]),
        measured_high=float(evaluation.measured_high[key][plot_id]),
        value=float(evaluation.value[key][plot_id]),
        points=float(evaluation.points[key][plot_id]),
        reason=_text_or_none(measurement.reason[plot_id]) if measurement else None,
        nearest=_text_or_none(measurement.nearest[plot_id]) if measurement else None,
    )


def _verdicts(evaluation: Evaluation, plot_id: str) -> tuple[Verdict, ...]:
    rows = evaluation.verdicts[evaluation.verdicts["plot_id"] == plot_id]
    texts = ("constraint", "effect", "state", "reason", "source")
    return tuple(
        Verdict(**{each: str(row[each]) for each in texts}, decision=_text_or_none(row["decision"]))
        for row in rows.to_dict("records")
    )


def _placed(explained: Explanation, evaluation: Evaluation) -> Explanation:
    plot_id = explained.plot_id
    order = ranking_order(evaluation)
    rank = evaluation.rank.loc[order].dropna()
    better, worse = rank.index[rank < rank[plot_id]], rank.index[rank > rank[plot_id]]
    tied = [str(each) for each in rank.index[rank == rank[plot_id]] if each != plot_id]
    above = str(better[-1]) if len(better) else None
    below = str(worse[0]) if len(worse) else None
    return replace(
        explained,
        tied=tuple(tied),
        above=above,
        below=below,
        weight_ranges=weight_ranges(evaluation, plot_id),
        measure_flips=measure_flips(evaluation, plot_id, above=above, below=below),
        unknown_spans=unknown_spans(evaluation, plot_id),
    )


def _text_or_none(value: object) -> str | None:
    return value if isinstance(value, str) else None
