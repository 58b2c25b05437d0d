"""What the planner should know of how municipal housing was followed."""

import numpy as np

from tomteanalyse.errors import Notice
from tomteanalyse.monitoring.accounts import NOWHERE, Accounts
from tomteanalyse.study import Study

_SAID_BETTER = ("dwellings.undated",)
"""Warnings of the study that are told here with what follows from them."""


def notices(study: Study, kept: Accounts) -> tuple[Notice, ...]:
    """Return the warnings of the study that bear on monitoring, and those of monitoring itself."""
    register = study.input_name("register")
    source = study.input_name("dwellings")
    found: list[Notice] = []
    if study.config.units.on is None:
        found.append(Notice("monitoring.no_register_day", register))
    if not len(study.dwellings):
        found.append(Notice("monitoring.no_dwellings"))
    elif study.dwellings[["built", "gone"]].isna().all(axis=None):
        found.append(Notice("monitoring.undated", source))
    elif study.dwellings["gone"].isna().all():
        found.append(Notice("monitoring.never_gone", source))
    lacking = np.flatnonzero(kept.short > 0)
    if len(lacking):
        values = {"places": float(len(lacking)), "dwellings": float(kept.short[lacking].sum())}
        found.append(Notice("monitoring.short", source, values=values))
    units = study.units
    timeless = units["valid_from"].isna()
    if timeless.any():
        values = {"homes": float(units.loc[timeless, "homes"].sum())}
        found.append(Notice("monitoring.timeless", register, values=values))
    assumed = float(kept.assumed.sum())
    if assumed:
        found.append(Notice("monitoring.assumed", register, values={"homes": assumed}))
    outside = float(kept.homes[-1, kept.areas == NOWHERE].sum())
    if outside and len(study.areas):
        found.append(
            Notice("monitoring.outside", study.input_name("areas"), values={"homes": outside})
        )
    own = tuple(each for each in study.warnings if each.code not in _SAID_BETTER)
    return (*own, *found)
