"""The Oslo case's answer, made to look like that of many plots without measuring them."""

from dataclasses import fields, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from benchmarks.oslo_study import SEED, with_made_up_plots
from tomteanalyse.assessment import Assessment
from tomteanalyse.measures.measurement import Measurement
from tomteanalyse.measures.shortcuts.findings import ShortcutFindings
from tomteanalyse.scoring.evaluation import evaluate, ranking_order
from tomteanalyse.scoring.robustness import acceptability

DRAWS = 1_000
ROUTES_FOR = 200
"""As many as a run draws."""
LEAST_FACTOR, GREATEST_FACTOR = 0.5, 2.0


def many_answers(few: Assessment, count: int) -> Assessment:
    """Return an answer for so many made-up plots.

    Every plot takes after one of those measured: its figures are that plot's, all made greater or
    smaller by one random factor a measure; its ways and unsafe shortcuts are that plot's own. They
    are scored and drawn as always.
    """
    study = with_made_up_plots(few.study, count)
    index = study.plots.index
    draw = np.random.default_rng(SEED)
    source = draw.integers(0, len(few.study.plots), count)
    made = {
        name: _like(each, source, index, draw.uniform(LEAST_FACTOR, GREATEST_FACTOR, count))
        for name, each in few.measurements.items()
    }
    evaluation = evaluate(
        made,
        plots=study.plots,
        config=study.config,
        constraint_layers=study.constraint_layers,
        coverage_layers=study.coverage_layers,
    )
    names = few.study.plots.index[source]
    best = ranking_order(evaluation)[:ROUTES_FOR]
    drawn = index.isin(best)
    return replace(
        few,
        study=study,
        measurements=made,
        evaluation=evaluation,
        robustness=acceptability(evaluation, draws=DRAWS, seed=SEED),
        routes=_copied(few.routes, names[drawn], index[drawn]),
        shortcuts=_shortcuts(few.shortcuts, names, index),
    )


def _like(
    measured: Measurement,
    source: npt.NDArray[np.int64],
    index: pd.Index,
    factor: npt.NDArray[np.float64],
) -> Measurement:
    def taken(series: pd.Series, by: npt.NDArray[np.float64] | None = None) -> pd.Series:
        values = series.iloc[source].set_axis(index)
        return values if by is None else values * by

    return Measurement(
        value=taken(measured.value, factor),
        low=taken(measured.low, factor),
        high=taken(measured.high, factor),
        nearest=taken(measured.nearest),
        reason=taken(measured.reason),
        least=None if measured.least is None else taken(measured.least, factor),
    )


def _shortcuts(few: ShortcutFindings, names: pd.Index, index: pd.Index) -> ShortcutFindings:
    changed = {}
    for field in fields(few):
        value = getattr(few, field.name)
        if isinstance(value, pd.Series):
            changed[field.name] = value.loc[names].set_axis(index)
        elif isinstance(value, pd.DataFrame) and "plot_id" in value:
            changed[field.name] = _copied(value, names, index)
    few_reached = few.not_reachable
    changed["not_reachable"] = {
        plot: few_reached[name]
        for plot, name in zip(index, names, strict=True)
        if name in few_reached
    }
    return replace(few, **changed)


def _copied(table: pd.DataFrame, names: pd.Index, index: pd.Index) -> pd.DataFrame:
    """Return the rows of the plots `names`, as rows of the plots `index`."""
    rows = table.groupby("plot_id").indices
    none = np.array([], dtype=np.int64)
    each = [rows.get(name, none) for name in names]
    copied = table.iloc[np.concatenate([none, *each])]
    owner = np.repeat(np.asarray(index, dtype=object), [len(own) for own in each])
    return copied.assign(plot_id=owner).reset_index(drop=True)
