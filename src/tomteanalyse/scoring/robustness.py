"""How sure the ranking is: stochastic multicriteria acceptability analysis (SMAA)."""

from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class Robustness:
    """Shares over the draws of weights, doubts and unknowns.

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
        Share of draws in which the row's plot is above the column's, for the leading plots.
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
