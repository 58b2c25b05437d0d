"""Between what a plot's index may lie, and whether a railway or motorway must be cleared first."""

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from tomteanalyse.measures.shortcuts.destinations import CATEGORY_WEIGHTS
from tomteanalyse.measures.shortcuts.encounters import Encounters
from tomteanalyse.measures.shortcuts.measure import ShortcutMeasure
from tomteanalyse.measures.shortcuts.pairs import Pair, pair_risk, temptation
from tomteanalyse.measures.shortcuts.plot_index import plot_index

MOTORWAYS = frozenset({"motorway", "motorway_link"})
MOTORROAD_KMH = 90.0
"""A trunk road this fast is one for motor vehicles only (motortrafikkvei)."""
EDGE = "edge"


def index_bounds(
    measure: ShortcutMeasure, *, weights: Mapping[str, float] = CATEGORY_WEIGHTS
) -> pd.DataFrame:
    """Return between what the index of every plot may lie.

    Parameters
    ----------
    measure
        What was measured.
    weights
        What each category counts, as it was measured with.

    Returns
    -------
    pandas.DataFrame
        On ``plot_id``: ``low`` and ``high`` (every saving smaller or greater by the error measured
        for the setting; a way that meets no hazard gets none by it), and ``least`` (also without
        the pairs for which a way outside the extract may be the safe one); NaN as the index.
    """
    scale_m, error_m = measure.parameters.temptation_m, measure.parameters.saving_error_m

    def moved(pair: Pair, by_m: float) -> float:
        one, other = (
            max(0.0, saving_m + by_m) if meeting.severity > 0 else 0.0
            for saving_m, meeting in terms(pair)
        )
        return pair_risk(one, other, pair.moderate.severity, pair.severe.severity, scale_m=scale_m)

    def without_edge(pair: Pair, flags: tuple[str, ...]) -> float:
        return 0.0 if EDGE in flags else moved(pair, -error_m)

    return pd.DataFrame(
        {
            "low": _index(measure, lambda pair, _: min(pair.risk, moved(pair, -error_m)), weights),
            "high": _index(measure, lambda pair, _: max(pair.risk, moved(pair, error_m)), weights),
            "least": _index(measure, without_edge, weights),
        },
        index=measure.plots,
    )


def terms(pair: Pair) -> tuple[tuple[float, Encounters], tuple[float, Encounters]]:
    """Return what moderate and severe hazards save [m], and what the ways over them meet."""
    return (pair.saving_moderate_m, pair.moderate), (pair.saving_severe_m, pair.severe)


def _index(
    measure: ShortcutMeasure,
    risk: Callable[[Pair, tuple[str, ...]], float],
    weights: Mapping[str, float],
) -> pd.Series:
    places = measure.destinations
    destination = np.array([each.destination for each in measure.pairs], dtype=np.int64)
    pairs = pd.DataFrame(
        {
            "plot": [each.plot for each in measure.pairs],
            "destination": destination,
            "category": places["category"].to_numpy()[destination],
            "stop": places["stop"].to_numpy()[destination],
            "cost_m": [each.costs[-1] for each in measure.pairs],
            "risk": [
                risk(pair, flags) for pair, flags in zip(measure.pairs, measure.flags, strict=True)
            ],
        }
    )
    every = pd.RangeIndex(len(measure.plots))
    found = plot_index(pairs, every, weights=weights, parameters=measure.parameters)
    return pd.Series(found.risk.to_numpy(), index=measure.plots).where(measure.risk.notna())


def must_clear(measure: ShortcutMeasure) -> pd.DataFrame:
    """Return the plots from which a railway or a motorway is crossed with too much risk.

    Returns
    -------
    pandas.DataFrame
        ``plot_id``, ``barrier`` ("rail", "motorway"), ``risk`` (one minus the product of what is
        left of the pairs whose ways cross it, each with its weight, 0-1) and ``state``: "violated",
        or "unknown" where what is not in doubt because of the extract's edge stays below the
        threshold.
    """
    weight = measure.index.shares["weight"].to_numpy()
    spared_by: dict[tuple[int, str], list[float]] = {}
    for pair, flags, counts in zip(measure.pairs, measure.flags, weight.tolist(), strict=True):
        for barrier, risk in _by_barrier(pair, measure.parameters.temptation_m).items():
            spared = spared_by.setdefault((pair.plot, barrier), [1.0, 1.0])
            spared[0] *= 1.0 - counts * risk
            spared[1] *= 1.0 if EDGE in flags else 1.0 - counts * risk
    least = measure.parameters.must_clear_risk
    rows = [
        (
            measure.plots[plot],
            barrier,
            1.0 - spared,
            "violated" if 1.0 - sure >= least else "unknown",
        )
        for (plot, barrier), (spared, sure) in sorted(spared_by.items())
        if 1.0 - spared >= least
    ]
    return pd.DataFrame(rows, columns=["plot_id", "barrier", "risk", "state"])


def _by_barrier(pair: Pair, scale_m: float) -> dict[str, float]:
    found: dict[str, float] = {}
    for severe, (saving_m, meeting) in zip((False, True), terms(pair), strict=True):
        risk = temptation(saving_m, scale_m=scale_m) * meeting.severity
        crossed = {
            motor_or_rail(each.barrier, each.road_class, each.speed_kmh)
            for each in meeting.crossings
            if each.severe == severe
        }
        for barrier in sorted(each for each in crossed if each):
            found[barrier] = max(found.get(barrier, 0.0), risk)
    return found


def motor_or_rail(barrier: str, road_class: str, speed_kmh: float | None) -> str | None:
    """Return "rail" or "motorway" for what is crossed where it is one, else None."""
    if barrier == "rail":
        return "rail"
    fast_trunk = road_class == "trunk" and (speed_kmh or 0.0) >= MOTORROAD_KMH
    return "motorway" if road_class in MOTORWAYS or fast_trunk else None
