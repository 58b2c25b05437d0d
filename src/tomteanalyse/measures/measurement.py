"""What every measure returns."""

from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class Measurement:
    """One quantity measured for every plot.

    Every series has the plots' index. NaN means *unknown*, infinity *unreachable* (which is known).

    Parameters
    ----------
    value
        The best single figure (float): metres, homes, a share.
    low, high
        Bounds the true figure may lie between (float); equal to `value` where there is no doubt,
        NaN where it is unknown.
    least
        What the figure may be at the very least because the extract ends: beyond its edge there may
        be a nearer place that nobody has read (float); None where that is no matter.
    nearest
        ``amenity_id`` of the place it was measured to (str or NA); all NA where there is no place.
    reason
        Why it is unknown or unreachable: key of a text (``reason.<key>``), else NA.
    """

    value: pd.Series
    low: pd.Series
    high: pd.Series
    nearest: pd.Series
    reason: pd.Series
    least: pd.Series | None = None
