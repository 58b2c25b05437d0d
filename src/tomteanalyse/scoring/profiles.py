"""Weights for whom the housing is meant: a step of the boligtrapp and a form of housing.

The weights are *swing* points. A criterion's points say how much it matters to go from its worst
anchor to its best, compared with the same swing in the others; the most important swing of a
profile has 100. So they belong with the anchors: that the pharmacy has 40 and the bus 100 says
that 850 m less to the bus matters two and a half times as much as 1,500 m less to the pharmacy,
not that a pharmacy matters little. Points are scaled to sum to 1 before use.

What the steps ask for is drawn from the boligtrapp as Bærum describes it, and from site demands
named in Norwegian sources. None of them gives a number: *that* a criterion counts has a source,
*how much* is judgement, and no municipality has decided it. "Not beside a school" and "near the
emergency services" are drawn from single cases, and their sources say so. The five steps and
seven forms can be combined freely, but only some combinations are described in the sources;
`Profile.described` tells which.

Concentration has two criteria: how many municipal homes there are near by, and what share of the
nearest dwellings they are. The share weighs only in studies that name dwellings, so that no study
loses half a value for something it was never asked for.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from tomteanalyse.config import HousingForm, Step, StudyConfig
from tomteanalyse.scoring.criteria import CRITERIA

GRID = 2.0**40
"""Weights and points are whole multiples of 1/GRID, so that their sums are exact in any order."""


@dataclass(frozen=True)
class Swing:
    """Swing points (0-100) of one criterion in a profile, and the text key of their source."""

    points: float
    source: str


def _drawn(points: float, source: str) -> Swing:
    return Swing(points, f"source.weight.{source}")


UNASKED = _drawn(0, "unasked")
"""What a profile says of a criterion it does not ask for."""
NO_DWELLINGS = _drawn(0, "no_dwellings")
"""What it says of a share where the study names no dwellings."""
OF_DWELLINGS = ("municipal_share",)
"""The criteria that are shares of all dwellings."""

STEP_SWINGS: dict[Step, dict[str, Swing]] = {
    1: {
        "bus": _drawn(60, "ordinary_access"),
        "grocery": _drawn(60, "ordinary_access"),
        "pharmacy": _drawn(20, "judgement"),
        "doctor": _drawn(20, "judgement"),
        "services": _drawn(20, "judgement"),
        "recreation": _drawn(30, "site_demand"),
        "centre": _drawn(30, "centre"),
        "concentration": _drawn(100, "spread"),
        "municipal_share": _drawn(60, "spread"),
        "shortcuts": _drawn(40, "safe_way"),
    },
    2: {
        "bus": _drawn(70, "ordinary_access"),
        "grocery": _drawn(70, "ordinary_access"),
        "pharmacy": _drawn(30, "judgement"),
        "doctor": _drawn(30, "judgement"),
        "services": _drawn(40, "site_demand"),
        "recreation": _drawn(30, "site_demand"),
        "centre": _drawn(30, "centre"),
        "concentration": _drawn(100, "not_strained"),
        "municipal_share": _drawn(60, "not_strained"),
        "shortcuts": _drawn(60, "safe_way"),
    },
    3: {
        "bus": _drawn(100, "shop_and_bus"),
        "grocery": _drawn(100, "shop_and_bus"),
        "pharmacy": _drawn(40, "judgement"),
        "doctor": _drawn(40, "judgement"),
        "services": _drawn(50, "site_demand"),
        "recreation": _drawn(40, "site_demand"),
        "centre": _drawn(40, "centre"),
        "concentration": _drawn(60, "not_strained"),
        "municipal_share": _drawn(40, "not_strained"),
        "shortcuts": _drawn(80, "safe_way"),
    },
    4: {
        "bus": _drawn(100, "shop_and_bus"),
        "grocery": _drawn(100, "shop_and_bus"),
        "pharmacy": _drawn(50, "judgement"),
        "doctor": _drawn(40, "judgement"),
        "services": _drawn(60, "site_demand"),
        "recreation": _drawn(40, "site_demand"),
        "centre": _drawn(50, "centre"),
        "school": _drawn(50, "school"),
        "kindergarten": _drawn(25, "kindergarten"),
        "concentration": _drawn(60, "not_strained"),
        "municipal_share": _drawn(40, "not_strained"),
        "shortcuts": _drawn(100, "safe_way"),
    },
    5: {
        "bus": _drawn(80, "site_demand"),
        "grocery": _drawn(100, "site_demand"),
        "pharmacy": _drawn(50, "judgement"),
        "doctor": _drawn(40, "judgement"),
        "services": _drawn(60, "site_demand"),
        "recreation": _drawn(50, "site_demand"),
        "centre": _drawn(50, "centre"),
        "emergency": _drawn(70, "emergency"),
        "school": _drawn(50, "school"),
        "kindergarten": _drawn(25, "kindergarten"),
        "concentration": _drawn(70, "not_too_large"),
        "municipal_share": _drawn(40, "not_strained"),
        "shortcuts": _drawn(100, "safe_way"),
    },
}

FORM_SWINGS: dict[HousingForm, dict[str, Swing]] = {
    "ordinaer_bolig": {},
    "samlokalisert": {"concentration": _drawn(80, "not_too_large")},
    "bofellesskap": {},
    "smaahus": {"school": _drawn(50, "school"), "centre": _drawn(60, "centre")},
    "modulhus": {"bus": _drawn(100, "modular")},
    "firemannsbolig": {},
    "tun_med_base": {
        "emergency": _drawn(50, "emergency"),
        "concentration": _drawn(70, "not_too_large"),
    },
}
"""What the form asks for beyond the step; the greater of the two counts."""

DESCRIBED: frozenset[tuple[Step, HousingForm]] = frozenset(
    {
        (1, "ordinaer_bolig"),
        (2, "ordinaer_bolig"),
        (3, "samlokalisert"),
        (4, "modulhus"),
        (4, "firemannsbolig"),
        (5, "tun_med_base"),
    }
)
"""The combinations that the sources describe; the others are put together from their parts."""


@dataclass(frozen=True)
class Profile:
    """The default weights of one combination.

    Parameters
    ----------
    step, housing_form
        Whom the housing is for.
    swings
        Swing points with source, for every criterion on the list.
    described
        Whether the sources describe this combination.
    """

    step: Step
    housing_form: HousingForm
    swings: dict[str, Swing]
    described: bool


def profile(step: Step, housing_form: HousingForm, *, with_dwellings: bool = True) -> Profile:
    """Return the default weights of a step and a form of housing.

    Parameters
    ----------
    step, housing_form
        Whom the housing is for.
    with_dwellings
        Whether the study names dwellings; else shares of them weigh nothing.
    """
    by_step, by_form = STEP_SWINGS[step], FORM_SWINGS[housing_form]
    swings = {}
    for criterion in CRITERIA:
        asked = by_step.get(criterion.key, UNASKED)
        of_form = by_form.get(criterion.key, UNASKED)
        swings[criterion.key] = of_form if of_form.points > asked.points else asked
        if criterion.key in OF_DWELLINGS and not with_dwellings:
            swings[criterion.key] = NO_DWELLINGS
    return Profile(step, housing_form, swings, (step, housing_form) in DESCRIBED)


def swings_in_use(config: StudyConfig) -> pd.DataFrame:
    """Return the swing points that apply, with the study file's own in place.

    Returns
    -------
    DataFrame
        On the criterion key, in the list's order: ``swing`` (float), ``source`` (text key or the
        study file's words), ``decision`` (str or NA: an undecided default).
    """
    step, form = config.profile.step, config.profile.housing_form
    swings = profile(step, form, with_dwellings=config.dwellings is not None).swings
    rows: list[tuple[float, str, str | None]] = []
    for key, swing in swings.items():
        section = config.criteria.get(key)
        if section is None or (section.weight is None and section.anchors is not None):
            rows.append((float(swing.points), swing.source, None))
        else:
            points = swing.points if section.weight is None else section.weight
            rows.append((float(points), section.source, section.decision))
    index = pd.Index(list(swings), name="criterion", dtype="str")
    table = pd.DataFrame(rows, index=index, columns=["swing", "source", "decision"])
    return table.astype({"swing": "float64", "source": "str", "decision": "str"})


def shares(swing: pd.Series) -> pd.Series:
    """Scale non-negative swing points to weights whose float sum is exactly 1, in any order.

    The weights are rounded down to multiples of 1/`GRID`; the greatest takes what is left.

    Raises
    ------
    ValueError
        If no weight is above 0.
    """
    points = swing.to_numpy(dtype=np.float64)
    if not points.size or points.max() <= 0:
        raise ValueError("no weight is above 0")
    scaled = points / points.max()
    # One after the other, as the page adds them: NumPy's own sum may differ in the last digit.
    units = np.floor(scaled / np.cumsum(scaled)[-1] * GRID)
    units[int(np.argmax(units))] += GRID - units.sum()
    return pd.Series(units / GRID, index=swing.index, name="weight")
