"""Made-up answers with every kind of figure, scored by the real evaluation, for the live weights.

The place is the fictional one of `fabricated`.
"""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from fabricated import fabricated_assessment
from scoring_cases import KEYS, study
from tomteanalyse.assessment import Assessment
from tomteanalyse.config import StudyConfig
from tomteanalyse.measures.measurement import Measurement
from tomteanalyse.scoring.criteria import CRITERIA
from tomteanalyse.scoring.evaluation import Evaluation, evaluate
from tomteanalyse.scoring.robustness import acceptability

CONSTRAINTS = [
    {
        "key": "skole",
        "reason": "ligger nærmere enn 200 m fra en skole",
        "effect": "knock_out",
        "criterion": "school",
        "min": 200,
        "source": "oppdiktet",
    },
    {
        "key": "vei",
        "reason": "har mer enn 1 800 m til bussen",
        "effect": "must_clear",
        "criterion": "bus",
        "max": 1_800,
        "source": "oppdiktet",
    },
]
SPAN = {"concentration": 90.0, "municipal_share": 0.4, "shortcuts": 1.0}
STEP = {"concentration": 0.5, "municipal_share": 0.01, "shortcuts": 0.01}


def config(swings: Mapping[str, float] | None = None) -> StudyConfig:
    """Return the study file; with `swings`, with these weights."""
    return study(swings, constraints=CONSTRAINTS)


def weighed_assessment(n: int = 40, *, seed: int = 1) -> Assessment:
    """Return `n` plots with unknown, unreachable and doubtful figures, knock-outs and ties.

    Plots 0 and 1 are alike in everything; plot 2 has only one figure, plot 3 none.
    """
    base = fabricated_assessment(n=n)
    rng = np.random.default_rng(seed)
    index = base.study.plots.index
    made = {}
    for criterion in CRITERIA:
        span, step = SPAN.get(criterion.key, 2_200.0), STEP.get(criterion.key, 0.5)
        value = np.round(rng.uniform(0, span, n) / step) * step
        chance = rng.random(n)
        value[chance < 0.1] = np.nan
        if criterion.unit == "m":
            value[(chance >= 0.1) & (chance < 0.15)] = np.inf
        value[1] = value[0]
        value[2] = 300.0 if criterion.key == "bus" else np.nan
        value[3] = np.nan
        doubt = np.where(rng.random(n) < 0.5, 30 * step, 0.0)
        doubt[1] = doubt[0]
        known = pd.Series(value, index=index)
        old = base.measurements.get(criterion.measure)
        nothing = pd.Series(pd.NA, index=index, dtype="object")
        finite = np.isfinite(value)
        nearest = nothing if old is None else old.nearest.where(finite, pd.NA)
        reason = nothing.mask(np.isnan(value), "no_way_near").mask(np.isinf(value), "no_safe_way")
        made[criterion.measure] = Measurement(
            known,
            (known - doubt).clip(lower=0),
            known + doubt,
            nearest,
            reason,
            least=(known - 2 * doubt).clip(lower=0),
        )
    evaluation = evaluate(made, plots=base.study.plots, config=config())
    return replace(
        base,
        study=replace(base.study, config=config()),
        measurements={**base.measurements, **made},
        evaluation=evaluation,
        robustness=acceptability(evaluation, draws=200, seed=1),
    )


def evaluated(assessment: Assessment, swings: Mapping[str, float]) -> Evaluation:
    """Return the same plots with other weights, by the real evaluation."""
    return evaluate(
        assessment.measurements, plots=assessment.study.plots, config=config(dict(swings))
    )


def random_swings(rng: np.random.Generator) -> dict[str, float]:
    """Return whole swing points, some of them 0, as sliders give them."""
    swings = rng.integers(0, 101, len(KEYS)).astype(float)
    swings[rng.random(len(KEYS)) < 0.2] = 0.0
    swings[int(rng.integers(len(KEYS)))] = 100.0
    return dict(zip(KEYS, swings.tolist(), strict=True))
