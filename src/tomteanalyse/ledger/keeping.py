"""Keep the register's state at every run, without any run depending on it.

A ranking is the same whether its register could be kept or not; so whatever is wrong with the
ledger is told and never stops anybody.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

from tomteanalyse.errors import DataError, Notice, UsageError
from tomteanalyse.ledger.contents import sha256_of
from tomteanalyse.ledger.database import WAIT_S, crs_of, opened
from tomteanalyse.ledger.history import as_known, states, states_in
from tomteanalyse.ledger.restated import corrections
from tomteanalyse.ledger.writing import FILE_NAME, add_state, known_state, register_content
from tomteanalyse.study import Study
from tomteanalyse.texts import Phrase

LONGEST_PLAN = timedelta(days=731)
"""Homes are entered ahead of their day, but hardly by more than this: a register with a home that
comes later is not of the day the study asks about; the study looks back."""


@dataclass(frozen=True)
class Kept:
    """What became of a register's state.

    Parameters
    ----------
    state
        Its number in the ledger; None where it is not there.
    new
        Whether it was added now.
    notices
        What the planner should know: why it could not be kept, or that it corrects what was known.
    """

    state: int | None
    new: bool
    notices: tuple[Notice, ...]


def keep_state(study: Study, *, wait_s: float = WAIT_S) -> Kept:
    """Add the register's state to the ledger in the study's folder, if that can be done.

    The state is of the study file's ``date``. It is not added where the ledger has the same
    register of that day or a later one, so that looking back with an earlier ``date`` does not say
    that today's register was known then; nor where the register holds homes that come more than
    `LONGEST_PLAN` after the day.

    Parameters
    ----------
    study
        Whose register it is.
    wait_s
        How long to wait while another run writes [s].

    Returns
    -------
    Kept
        An empty register is not added: it is sooner a mistake than a town without homes. Nothing
        is raised for a ledger that cannot be used; it is then as it was.
    """
    day = study.config.units.on
    if study.units.empty and study.unplaced.empty:
        return Kept(None, new=False, notices=())
    try:
        known = _known(study, day, wait_s=wait_s)
        if known is not None:
            return Kept(known, new=False, notices=_corrected(study, known, wait_s=wait_s))
        latest = _latest(study)
        if day and latest and latest - day > LONGEST_PLAN:
            values = {"day": day.isoformat(), "latest": latest.isoformat()}
            notice = Notice("ledger.looks_back", study.input_name("register"), values=values)
            return Kept(None, new=False, notices=(notice,))
        added = add_state(study.folder / FILE_NAME, study, wait_s=wait_s)
        notices = _corrected(study, added.state, wait_s=wait_s)
        return Kept(added.state, new=added.new, notices=notices)
    except (DataError, UsageError) as error:
        return Kept(None, new=False, notices=tuple(map(_not_kept, error.notices)))


def _known(study: Study, day: date | None, *, wait_s: float) -> int | None:
    """Return the state of a day, or the last one after it, that is this register; None if none is.

    Only reads, so that what is known is known from a disk that cannot be written to as well.
    """
    path = study.folder / FILE_NAME
    if day is None or not path.exists():
        return None
    with opened(path, wait_s=wait_s) as database:
        sha256 = sha256_of(register_content(study, crs=crs_of(database)))
        listed = states_in(database)
    of_day = known_state(listed, day=day.isoformat(), sha256=sha256)
    later = [each for each in listed if each.day > day.isoformat() and each.sha256 == sha256]
    found = of_day or next(reversed(later), None)
    return None if found is None else found.number


def _latest(study: Study) -> date | None:
    """Return the last day on which a home of the register came or will come."""
    latest = study.units["valid_from"].max()
    return None if pd.isna(latest) else latest.date()


def _corrected(study: Study, number: int, *, wait_s: float) -> tuple[Notice, ...]:
    """Say how much a state says otherwise of the past than the state before it."""
    path = study.folder / FILE_NAME
    listed = states(path, wait_s=wait_s)
    numbers = listed.index.tolist()
    place = numbers.index(number)
    if place == 0:
        as_known(path, number, wait_s=wait_s)  # is what was written, or the ledger is damaged
        return ()
    before = numbers[place - 1]
    found = corrections(path, before, number, wait_s=wait_s)
    late = found[found["correction"]]
    if late.empty:
        return ()
    day = listed["day"].loc[before].date().isoformat()
    values = {"day": day, "count": len(late), "units": late["unit_id"].nunique()}
    return (Notice("ledger.corrected", FILE_NAME, values=values),)


def _not_kept(fault: Notice) -> Notice:
    """Turn a fault of the ledger into a warning: the run goes on."""
    said = {"reason": Phrase(f"{fault.code}.what"), "remedy": Phrase(f"{fault.code}.do")}
    return Notice("ledger.not_kept", fault.file, values=said)
