"""How sure the ranking is: stochastic multicriteria acceptability analysis (SMAA).

Method: Lahdelma and Salminen's SMAA-2, with weights drawn around the profile instead of from the
whole simplex, and every doubtful or unknown value drawn from its interval.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from tomteanalyse.scoring.evaluation import Evaluation, ranking_order
from tomteanalyse.scoring.value_functions import Floats

CONCENTRATION = 50.0
"""How closely the drawn weights lie around the profile: the Dirichlet's parameters are this times
the weights. A weight of 10 % then has a standard deviation of 4.2 percentage points and lies
between 3 and 20 % in 95 of 100 draws: as far apart as people who agree on the order of importance
may be, without turning it upside down. This is a judgement; no source gives a number."""

LEADING = 500
"""With more ranked plots than this only the leading ones by score take part: the others would
cost time and have no part in the answer to who is best."""

LEADING_PAIRWISE = 30
"""How many of them get the table of who is above whom."""

CHUNK = 2_000
"""Draws held in memory at a time."""


@dataclass(frozen=True)
class Robustness:
    """Shares over the draws of weights, doubts and unknowns.

    Ties share the better rank, as in the ranking itself: where two plots are always alike both
    are best in every draw, so the shares in `best` may sum to more than 1.

    Parameters
    ----------
    draws, seed
        Number of draws and their seed.
    best
        Share of draws in which the plot is best (float, index of the plots; NaN where not drawn).
    top_three
        Share of draws in which it is among the three best.
    expected_rank
        Mean rank over the draws.
    pairwise
        Share of draws in which the row's plot is above the column's, for the leading plots;
        NaN on the diagonal, and a tie is above for neither.
    drawn
        How many plots took part (only the leading ones where there are very many).
    """

    draws: int
    seed: int
    best: pd.Series
    top_three: pd.Series
    expected_rank: pd.Series
    pairwise: pd.DataFrame
    drawn: int


def acceptability(evaluation: Evaluation, *, draws: int, seed: int) -> Robustness:
    """Draw weights, doubts and unknowns, and count how often each plot comes where.

    Weights come from a Dirichlet around those in use (a weight of 0 stays 0). A value is drawn
    uniformly between its low and its high, an unknown between 0 and 1, independently of all
    others. Every plot has a stream of random numbers of its own, made from the seed and its id:
    what is drawn for it depends neither on the order of the plots nor on which others there are.

    Plots without a rank do not take part.

    Parameters
    ----------
    evaluation
        The scored plots.
    draws
        Number of draws, at least 1.
    seed
        Same seed, same answer.
    """
    order = ranking_order(evaluation)
    taking_part = order[evaluation.rank.loc[order].notna().to_numpy()][:LEADING]
    count, pairs = len(taking_part), min(len(taking_part), LEADING_PAIRWISE)
    best, top_three, rank_sum = (np.zeros(count) for _ in range(3))
    above = np.zeros((pairs, pairs))
    for scores in _drawn_scores(evaluation, taking_part, draws=draws, seed=seed):
        rank = _ranks(scores)
        best += (rank == 1).sum(axis=0)
        top_three += (rank <= 3).sum(axis=0)
        rank_sum += rank.sum(axis=0)
        leaders = scores[:, :pairs]
        for row in range(pairs):
            above[row] += (leaders[:, [row]] > leaders).sum(axis=0)
    np.fill_diagonal(above, np.nan)
    index = evaluation.score.index

    def per_plot(total: Floats, name: str) -> pd.Series:
        return pd.Series(total / draws, index=taking_part, name=name).reindex(index)

    return Robustness(
        draws=draws,
        seed=seed,
        best=per_plot(best, "best"),
        top_three=per_plot(top_three, "top_three"),
        expected_rank=per_plot(rank_sum, "expected_rank"),
        pairwise=pd.DataFrame(
            above / draws, index=taking_part[:pairs], columns=taking_part[:pairs]
        ),
        drawn=count,
    )


def _drawn_scores(
    evaluation: Evaluation, taking_part: pd.Index, *, draws: int, seed: int
) -> Iterator[Floats]:
    """Yield scores of shape (draws of the chunk, plots taking part)."""
    weights = evaluation.weights[evaluation.weights > 0]
    low = evaluation.drawn_low.loc[taking_part, weights.index].to_numpy()
    width = evaluation.drawn_high.loc[taking_part, weights.index].to_numpy() - low
    weight_stream = np.random.default_rng([seed, 0])
    streams = [np.random.default_rng([seed, 1, _number(plot_id)]) for plot_id in taking_part]
    for start in range(0, draws, CHUNK):
        size = min(CHUNK, draws - start)
        # A row per criterion. Sums run criterion by criterion, never through a matrix product,
        # whose last bit depends on where in the matrix a plot stands: equal plots must tie.
        drawn = weight_stream.dirichlet(CONCENTRATION * weights.to_numpy(), size).T.copy()
        scores = np.zeros((len(taking_part), size))
        for plot, stream in enumerate(streams):
            for criterion, weight in enumerate(drawn):
                if width[plot, criterion] > 0:
                    value = low[plot, criterion] + width[plot, criterion] * stream.random(size)
                    scores[plot] += weight * value
                else:
                    scores[plot] += weight * low[plot, criterion]
        yield scores.T.copy()


def _number(plot_id: str) -> int:
    return int.from_bytes(hashlib.sha256(str(plot_id).encode()).digest()[:8], "big")


def _ranks(scores: Floats) -> Floats:
    """Return the rank of every plot in every draw, 1 for the highest; ties share the better."""
    order = np.argsort(-scores, axis=1, kind="stable")
    falling = np.take_along_axis(scores, order, axis=1)
    place = np.broadcast_to(np.arange(1.0, scores.shape[1] + 1), scores.shape).copy()
    place[:, 1:][falling[:, 1:] == falling[:, :-1]] = 0.0
    rank = np.empty_like(scores)
    np.put_along_axis(rank, order, np.maximum.accumulate(place, axis=1), axis=1)
    return rank
