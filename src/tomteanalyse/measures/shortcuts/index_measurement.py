"""The index of unsafe shortcuts as a measurement that can be scored."""

import pandas as pd

from tomteanalyse.measures.measurement import Measurement
from tomteanalyse.measures.shortcuts.bounds import index_bounds
from tomteanalyse.measures.shortcuts.measure import ShortcutMeasure


def index_measurement(measure: ShortcutMeasure, *, outside: pd.Series) -> Measurement:
    """Return the index of every plot, 0-1; it is an index, no probability.

    Parameters
    ----------
    measure
        The screening pass: what is scored looks at all plots alike.
    outside
        Whether a plot lies outside the extract, by ``plot_id``.

    Returns
    -------
    Measurement
        Unknown where a plot has no way near it, and where no destination is within reach: where no
        way could be looked at, nothing found is not the same as no unsafe shortcut. `least` leaves
        out what may be due to the extract's edge.
    """
    bounds = index_bounds(measure)
    reached = pd.Series(False, index=measure.plots)
    reached.iloc[sorted({each.plot for each in measure.pairs})] = True
    known = measure.risk.notna() & reached
    reason = pd.Series(pd.NA, index=measure.plots, dtype="str")
    reason[~reached] = "nothing_in_reach"
    reason[measure.risk.isna()] = "no_way_near"
    reason[outside] = "outside_extract"
    return Measurement(
        value=measure.risk.where(known),
        low=bounds["low"].where(known),
        high=bounds["high"].where(known),
        nearest=pd.Series(pd.NA, index=measure.plots, dtype="str"),
        reason=reason,
        least=bounds["least"].where(known),
    )
