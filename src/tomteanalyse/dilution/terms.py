"""Whether a study and what is asked of it are fit for a plan: every fault at once."""

from collections.abc import Mapping, Sequence
from datetime import date

import pandas as pd

from tomteanalyse.dilution.evenness import INDEX_NAMES
from tomteanalyse.dilution.found import Terms
from tomteanalyse.errors import DataError, Notice, UsageError
from tomteanalyse.measures.concentration.denominator import dwellings_at
from tomteanalyse.study import Study

SHOWN_AREAS = 20
"""A message names so many areas."""


def check_terms(study: Study, terms: Terms, *, objective: str) -> None:
    """Refuse what no plan can be made of.

    Parameters
    ----------
    study
        What was read.
    terms
        What is asked.
    objective
        Name of the index to lower.

    Raises
    ------
    UsageError, DataError
        Every fault of what was asked and of the study; the former if there is one of it.
    """
    asked, data = _asked(study, terms, objective=objective), _data(study, terms)
    language = study.config.language
    if asked:
        raise UsageError(*asked, *data, language=language)
    if data:
        raise DataError(*data, language=language)


def area_meant(study: Study, written: str) -> str:
    """Return the id of the area that `written` is the id or, if only one has it, the name of.

    Raises
    ------
    UsageError
        ``dilution.no_areas`` where the study names none, ``dilution.unknown_area``,
        ``dilution.shared_area``.
    """
    if not len(study.areas):
        raise UsageError(Notice("dilution.no_areas"), language=study.config.language)
    names = {
        str(area): str(area) if pd.isna(name) else str(name)
        for area, name in study.areas["name"].items()
    }
    if written in names:
        return written
    found = sorted(area for area, name in names.items() if _alike(name) == _alike(written))
    if len(found) == 1:
        return found[0]
    if found:
        notice = Notice("dilution.shared_area", ids=tuple(found), values={"area": written})
    else:
        notice = _unknown_area(study, written)
    raise UsageError(notice, language=study.config.language)


def planned_homes(study: Study, plots: Sequence[str]) -> Mapping[str, int | None]:
    """Return how many homes are planned on each plot: as it says, else the profile, else None."""
    own = study.plots["planned_homes"]
    usual = study.config.profile.homes
    return {plot: usual if pd.isna(own[plot]) else int(own[plot]) for plot in plots}


def dwellings_file(study: Study) -> str:
    """Return the name of the file that dwellings were taken from, as messages show it."""
    own = study.config.dwellings is not None and study.config.dwellings.file is not None
    return study.input_name("dwellings" if own else "extract")


def _asked(study: Study, terms: Terms, *, objective: str) -> list[Notice]:
    faults = []
    if terms.sell < 0:
        faults.append(Notice("dilution.negative_sell", values={"sell": terms.sell}))
    unknown = tuple(plot for plot in terms.buy_at if plot not in study.plots.index)
    if unknown:
        faults.append(Notice("dilution.unknown_plots", ids=unknown))
    if terms.keep_capacity and not terms.buy_at:
        faults.append(Notice("dilution.nowhere_to_buy"))
    if terms.area is not None and not len(study.areas):
        faults.append(Notice("dilution.no_areas"))
    elif terms.area is not None and terms.area not in study.areas.index:
        faults.append(_unknown_area(study, terms.area))
    if objective not in INDEX_NAMES:
        values = {"objective": objective, "known": ", ".join(INDEX_NAMES)}
        faults.append(Notice("dilution.unknown_objective", values=values))
    return faults


def _data(study: Study, terms: Terms) -> list[Notice]:
    faults = []
    register = study.input_name("register")
    current = study.units[study.units["current"]]
    homes = int(current["homes"].sum())
    if not homes:
        faults.append(Notice("dilution.no_homes", register))
    if study.config.dwellings is None:
        faults.append(Notice("dilution.no_dwellings"))
    elif not len(there := dwellings_at(study.dwellings, study.config.units.on or date.max)):
        faults.append(Notice("dilution.none_that_day", dwellings_file(study)))
    elif int(there["dwellings"].sum()) <= homes:
        values = {"homes": homes, "dwellings": int(there["dwellings"].sum())}
        faults.append(Notice("dilution.no_others", dwellings_file(study), values=values))
    known = [plot for plot in terms.buy_at if plot in study.plots.index]
    planned = planned_homes(study, known)
    missing = tuple(plot for plot in known if not planned[plot])
    if missing:
        faults.append(Notice("dilution.no_planned_homes", study.input_name("plots"), ids=missing))
    return faults


def _unknown_area(study: Study, written: str) -> Notice:
    names = study.areas["name"].where(study.areas["name"].notna(), study.areas.index)
    known = ", ".join(names.astype("str").tolist()[:SHOWN_AREAS])
    more = ", …" if len(names) > SHOWN_AREAS else ""
    return Notice("dilution.unknown_area", values={"area": written, "known": f"{known}{more}"})


def _alike(words: str) -> str:
    return " ".join(words.split()).casefold()
