"""Classes: how what depends on the register is told of a plot, and what each counts as."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from tomteanalyse.measures.measurement import Measurement


@dataclass(frozen=True)
class PublicClass:
    """One class.

    Parameters
    ----------
    key
        Its name; its words are the text ``public.class.<key>``.
    least
        What a figure must at least be to fall in it.
    counts_as
        The figure that all in it count as.
    """

    key: str
    least: float
    counts_as: float


Classes = tuple[PublicClass, ...]

HOMES: Classes = (
    PublicClass("homes_few", 0.0, 4.0),
    PublicClass("homes_some", 10.0, 18.0),
    PublicClass("homes_many", 30.0, 55.0),
    PublicClass("homes_most", 100.0, 150.0),
)
"""Homes within `RADIUS_M` of a plot. The least bound is the floor: below it nothing is told."""
SHARES: Classes = (
    PublicClass("share_low", 0.0, 0.02),
    PublicClass("share_some", 0.05, 0.07),
    PublicClass("share_high", 0.10, 0.14),
    PublicClass("share_most", 0.20, 0.28),
)
"""Municipal share of the dwellings within `RADIUS_M`."""


def classed(figures: pd.DataFrame, classes: Classes) -> Measurement:
    """Return figures as classes: all that is told of them, and all that is scored.

    Parameters
    ----------
    figures
        On the plots: ``least``, ``likely`` and ``most`` (float; NaN where nothing is known).
    classes
        The classes, rising.

    Returns
    -------
    Measurement
        Every number in it is what a class counts as, or NaN.
    """
    index = figures.index
    low, value, high = (_counted(figures[name], classes) for name in ("least", "likely", "most"))
    reason = pd.Series(pd.NA, index=index, dtype="str")
    reason[value.isna().to_numpy()] = "not_released"
    return Measurement(
        value=value,
        low=low.where(low < value, value),
        high=high.where(high > value, value),
        nearest=pd.Series(pd.NA, index=index, dtype="str"),
        reason=reason,
    )


def class_of(value: float, classes: Classes) -> PublicClass | None:
    """Return the class that counts as a figure; None if it is unknown."""
    return next((each for each in classes if each.counts_as == value), None)


def is_classed(measurement: Measurement, classes: Classes) -> bool:
    """Say whether a measurement tells nothing but classes."""
    allowed = {each.counts_as for each in classes}
    told = pd.concat([measurement.value, measurement.low, measurement.high]).dropna()
    bare = measurement.nearest.isna().all() and measurement.least is None
    return bool(bare and set(told.tolist()) <= allowed)


def unknown(index: pd.Index) -> pd.DataFrame:
    """Return the figures of which nothing is known, for `classed`."""
    return pd.DataFrame(np.nan, index=index, columns=["least", "likely", "most"])


def _counted(figures: pd.Series, classes: Classes) -> pd.Series:
    bounds = np.array([each.least for each in classes])
    counts = np.array([each.counts_as for each in classes])
    known = figures.notna().to_numpy()
    place = np.searchsorted(bounds, figures.fillna(0.0).to_numpy(), side="right") - 1
    return pd.Series(np.where(known, counts[np.maximum(place, 0)], np.nan), index=figures.index)


CLASSES_BY_UNIT: Mapping[str, Classes] = {"weighted_homes": HOMES, "share": SHARES}
"""In what classes a criterion is told, by its unit; one in any other unit is not told at all."""
