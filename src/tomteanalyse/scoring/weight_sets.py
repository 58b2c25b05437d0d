"""The same plots by the weights of each interested party, side by side."""

from collections.abc import Sequence

import pandas as pd

from tomteanalyse.config import WeightSetConfig
from tomteanalyse.scoring.evaluation import (
    HALF,
    Evaluation,
    coverage,
    measured_enough,
    ranks,
    weighted,
)
from tomteanalyse.scoring.profiles import shares


def rank_by_weight_set(
    evaluation: Evaluation, weight_sets: Sequence[WeightSetConfig]
) -> pd.DataFrame:
    """Rank the plots once for every set of weights.

    Anchors, measurements and knock-outs stay as they are; only the weights change. A criterion
    that a set does not name weighs nothing in it. Whether enough of a plot is measured follows
    the set's own weights.

    Parameters
    ----------
    evaluation
        The scored plots.
    weight_sets
        As the study file has them; weights on any scale, at least one above 0.

    Returns
    -------
    DataFrame
        The plots' index; columns (name of the set, "rank" or "score"), in the sets' order. Rank is
        Int64, NA for a plot that is knocked out, or of which too little is measured.

    Raises
    ------
    ValueError
        If no weight of a set is above 0.
    """
    value = evaluation.value.fillna(HALF)
    columns: dict[tuple[str, str], pd.Series] = {}
    for each in weight_sets:
        swing = pd.Series({key: each.weights.get(key, 0.0) for key in value.columns})
        weights = shares(swing)
        score = weighted(value, weights).sum(axis=1)
        enough = measured_enough(coverage(evaluation.value, weights))
        columns[each.name, "rank"] = ranks(score, taking_part=enough & ~evaluation.knocked_out)
        columns[each.name, "score"] = score
    heading = pd.MultiIndex.from_tuples(list(columns), names=["weight_set", "measure"])
    return pd.DataFrame(columns, index=value.index, columns=heading)
