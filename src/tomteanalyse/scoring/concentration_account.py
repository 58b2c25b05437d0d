"""What is told of concentration around one plot, as data."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from tomteanalyse.measures.concentration.around import NEAREST
from tomteanalyse.measures.concentration.findings import Basis, ConcentrationFindings
from tomteanalyse.measures.concentration.homes import RADII_M
from tomteanalyse.measures.measurement import Measurement

Way = Literal["walk", "straight"]
WAYS: tuple[Way, ...] = ("walk", "straight")


@dataclass(frozen=True)
class HomesAround:
    """Municipal homes within a walking radius, and weighted by step; ``_then`` with planned ones.

    NaN where unknown, and in ``_then`` where nobody says how many are planned. `reason`: key of a
    text (``reason.<key>``) where it is unknown, or None.
    """

    radius_m: int
    homes: float
    weighted: float
    homes_then: float
    weighted_then: float
    reason: str | None


@dataclass(frozen=True)
class ShareAround:
    """The municipal share (0-1) of the nearest dwellings; `then` with the planned homes.

    `low` and `high`: between what 95 % of random labelling puts today's share. NaN where unknown.
    `reason`: key of a text (``reason.<key>``) where it is unknown, or None.
    """

    way: Way
    nearest: int
    share: float
    then: float
    low: float
    high: float
    reason: str | None


@dataclass(frozen=True)
class ConcentrationAccount:
    """Concentration around one plot.

    Parameters
    ----------
    basis, dwellings
        What shares are shares of.
    planned
        Planned homes, or None where nobody says.
    homes
        By radius, the smallest first.
    shares
        On foot first, then in a straight line, the smallest neighbourhood first.
    """

    basis: Basis | None
    dwellings: int
    planned: int | None
    homes: tuple[HomesAround, ...]
    shares: tuple[ShareAround, ...]


def concentration_account(
    findings: ConcentrationFindings, plot_id: str, *, measurements: Mapping[str, Measurement]
) -> ConcentrationAccount:
    """Gather what is told of concentration around a plot.

    Parameters
    ----------
    findings
        What was found.
    plot_id
        Which plot.
    measurements
        What was measured, by name: says why something is unknown.
    """
    row = findings.plots.loc[plot_id].astype("object")

    def at(name: str) -> float:
        return math.nan if pd.isna(row[name]) else float(row[name])

    def reason(name: str) -> str | None:
        said = measurements[name].reason[plot_id] if name in measurements else None
        return said if isinstance(said, str) else None

    return ConcentrationAccount(
        basis=findings.basis,
        dwellings=findings.dwellings,
        planned=None if pd.isna(row["planned_homes"]) else int(row["planned_homes"]),
        homes=tuple(
            HomesAround(
                radius,
                at(f"homes_{radius}"),
                at(f"weighted_homes_{radius}"),
                at(f"homes_{radius}_planned"),
                at(f"weighted_homes_{radius}_planned"),
                reason(f"homes_{radius}"),
            )
            for radius in RADII_M
        ),
        shares=tuple(
            ShareAround(
                way,
                nearest,
                at(f"share_{nearest}_{way}"),
                at(f"share_{nearest}_{way}_planned"),
                at(f"share_{nearest}_{way}_low"),
                at(f"share_{nearest}_{way}_high"),
                reason(f"share_{nearest}_{way}"),
            )
            for way in WAYS
            for nearest in NEAREST
        ),
    )
