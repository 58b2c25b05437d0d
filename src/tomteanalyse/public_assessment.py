"""The public answer: another type than the internal one, made without the register.

An internal `Assessment` cannot become a `PublicAssessment`. What is public is assessed from the
beginning, of a study from which the register has been taken away; the only thing that still knows
of municipal homes is what has been released of them (`tomteanalyse.publishing`).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pandas as pd
import shapely

from tomteanalyse.assessment import Assessment
from tomteanalyse.config import RegisterConfig
from tomteanalyse.errors import Notice
from tomteanalyse.measures.concentration.denominator import dwellings_at
from tomteanalyse.measures.measurement import Measurement
from tomteanalyse.publishing.around import circles, homes_around
from tomteanalyse.publishing.classes import (
    CLASSES_BY_UNIT,
    HOMES,
    SHARES,
    Classes,
    classed,
    is_classed,
    unknown,
)
from tomteanalyse.publishing.release_register import Publication
from tomteanalyse.publishing.released import Released
from tomteanalyse.scoring.checks import STUDY_FILE
from tomteanalyse.scoring.criteria import CRITERIA
from tomteanalyse.study import Study

SECRET_ROLES = frozenset({"register", "addresses"})
"""Files that hold municipal homes, or were chosen because of them."""
UNTOLD_ROLES = SECRET_ROLES | {"study"}
"""Files of which not even the fingerprint is told: the study file names the register's columns."""
_SECRET_CODES = ("register.", "addresses.", "persons.", "table.persons")
_PUBLIC_CODES = {"network.cut": "public.network_cut"}
OPEN_MEASURES = ("walk_", "straight_", "shortcut_index")
"""How the measurements begin that nothing of the register goes into; all others are left out."""


@dataclass(frozen=True)
class PublicAssessment:
    """What the public edition is made from; public writers take nothing else.

    Parameters
    ----------
    ranked
        The plots, measured and scored without the register; what depends on it are classes.
    publications
        Everything that has been published, the first one first; the last one is what is told now.

    Raises
    ------
    ValueError
        If the study still holds anything of the register, or a figure is no class. It is an error
        of the program, and nothing may be published then.
    """

    ranked: Assessment
    publications: tuple[Publication, ...]

    def __post_init__(self) -> None:
        """See that nothing of the register is in it."""
        faults = [*_held_by(self.ranked.study), *_unclassed(self.ranked)]
        if open_answer(self.ranked).warnings != self.ranked.warnings:
            faults.append("warnings of the register")
        if (
            len(self.ranked.concentration.buildings)
            or self.ranked.concentration.cells.get("homes", pd.Series(dtype=float)).any()
        ):
            faults.append("concentration")
        if not self.publications:
            faults.append("nothing has been released")
        if faults:
            raise ValueError(f"this is not public: {', '.join(faults)}")

    @property
    def study(self) -> Study:
        """The study, without the register."""
        return self.ranked.study

    @property
    def released(self) -> Released:
        """What is told now of how many homes there are where."""
        return self.publications[-1].released

    @property
    def classes(self) -> Mapping[str, Classes]:
        """The classes of every criterion that depends on the register, by its key."""
        return {
            each.key: CLASSES_BY_UNIT.get(each.unit, ())
            for each in self.ranked.evaluation.criteria
            if each.from_register
        }


def require_public(found: object) -> PublicAssessment:
    """Return the answer, if it is a public one.

    Raises
    ------
    TypeError
        If it is anything else, such as an internal `Assessment`.
    """
    if type(found) is not PublicAssessment:
        raise TypeError("only a PublicAssessment may be written to a public file")
    return found


def without_register(study: Study) -> Study:
    """Return a study as it would be if there were no register, nor an address file to place it by.

    What cannot be told from the register goes with it: a file that holds both the plots and the
    register loses its fingerprint, and its warnings are not told.
    """
    secret = [each for each in study.inputs if each.role in SECRET_ROLES]
    names, prints = {each.name for each in secret}, {each.sha256 for each in secret}
    inputs = tuple(
        each
        for each in study.inputs
        if each.role not in UNTOLD_ROLES and each.name not in names and each.sha256 not in prints
    )
    told = {each.name for each in inputs}
    dropped = study.dropped[
        study.dropped["file"].isin(sorted(told))
        & ~study.dropped["reason"].astype(str).str.startswith(_SECRET_CODES)
    ]
    return replace(
        study,
        config=study.config.model_copy(update={"units": RegisterConfig(), "addresses": None}),
        units=study.units.iloc[:0],
        unplaced=study.unplaced.iloc[:0],
        inputs=inputs,
        dropped=dropped.reset_index(drop=True),
        warnings=tuple(each for each in study.warnings if _is_open(each, told)),
    )


def open_answer(ranked: Assessment) -> Assessment:
    """Return an answer without the warnings that say something of the register's file.

    What points to a layer of the internal GeoPackage is said otherwise.
    """
    told = {each.name for each in ranked.study.inputs} | {None, STUDY_FILE}
    warnings = (_said_publicly(each) for each in ranked.warnings if _is_open(each, told))
    return replace(ranked, warnings=tuple(warnings))


def _said_publicly(notice: Notice) -> Notice:
    code = _PUBLIC_CODES.get(notice.code, notice.code)
    return replace(notice, code=code)


def _is_open(notice: Notice, told: Collection[str | None]) -> bool:
    return notice.file in told and not notice.code.startswith(_SECRET_CODES)


def public_measurements(
    measurements: Mapping[str, Measurement], study: Study, released: Released, *, day: date
) -> dict[str, Measurement]:
    """Return the measurements of a public answer: open ones as they are, classes for the others.

    Parameters
    ----------
    measurements
        What was measured without the register.
    study
        The study, without the register.
    released
        What is told of how many homes there are where.
    day
        The day it was told of; dwellings are counted on it.
    """
    open_ones = {
        name: each for name, each in measurements.items() if name.startswith(OPEN_MEASURES)
    }
    planned = _planned(study)
    homes = homes_around(released, study.plots.geometry)
    shares = _shares_around(homes, planned, study, day)
    figures = {HOMES: homes.add(planned, axis="index"), SHARES: shares}
    told = {
        each.measure: classed(
            figures.get(CLASSES_BY_UNIT.get(each.unit, ()), unknown(study.plots.index)),
            CLASSES_BY_UNIT.get(each.unit, HOMES),
        )
        for each in CRITERIA
        if each.from_register
    }
    return {**open_ones, **told}


def _planned(study: Study) -> pd.Series:
    """Return the homes planned on every plot (float): 0 where no number is stated."""
    usual = study.config.profile.homes or 0
    planned: pd.Series = study.plots["planned_homes"].fillna(usual).astype("float64")
    return planned


def _shares_around(
    homes: pd.DataFrame, planned: pd.Series, study: Study, day: date
) -> pd.DataFrame:
    """Return the municipal share of the dwellings around; unknown where nobody lives, or knows."""
    dwellings = dwellings_at(study.dwellings, day)
    if not len(dwellings):
        return unknown(homes.index)
    around = circles(study.plots.geometry)
    points = dwellings.geometry.to_crs(around.crs)
    count = dwellings["dwellings"].to_numpy(dtype=np.float64)
    plot, dwelling = shapely.STRtree(points.to_numpy()).query(
        around.to_numpy(), predicate="intersects"
    )
    there = np.bincount(plot, weights=count[dwelling], minlength=len(around))
    of_all = planned + there
    return (
        homes.add(planned, axis="index").div(of_all.where(of_all > 0), axis="index").clip(upper=1)
    )


def _held_by(study: Study) -> list[str]:
    """Return what a study holds of the register."""
    config = study.config
    told = {each.name for each in study.inputs}
    found = {
        "units": len(study.units) > 0,
        "units without a place": len(study.unplaced) > 0,
        "the register's file": any(each.role in UNTOLD_ROLES for each in study.inputs),
        "the register's columns": config.units != RegisterConfig() or config.addresses is not None,
        "rows left out": not set(study.dropped["file"]) <= told,
        "warnings": not all(_is_open(each, told) for each in study.warnings),
    }
    return [name for name, there in found.items() if there]


def _unclassed(ranked: Assessment) -> list[str]:
    """Return the measurements that tell more than they may."""
    classes: dict[str, Classes] = {
        each.measure: CLASSES_BY_UNIT.get(each.unit, ()) for each in CRITERIA if each.from_register
    }
    return [
        name
        for name, measurement in ranked.measurements.items()
        if not (
            is_classed(measurement, classes[name])
            if name in classes
            else name.startswith(OPEN_MEASURES)
        )
    ]
