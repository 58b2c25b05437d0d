"""Concentration of municipal housing in three layers: buildings, around plots, municipality."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from tomteanalyse.errors import Notice
from tomteanalyse.measures.concentration.among import DwellingPlaces, among_dwellings
from tomteanalyse.measures.concentration.around import PlotsOnMap, measure_around
from tomteanalyse.measures.concentration.buildings import municipal_buildings
from tomteanalyse.measures.concentration.denominator import (
    Denominator,
    basis_of,
    dwellings_at,
    dwellings_by_cell,
    with_homes,
)
from tomteanalyse.measures.concentration.findings import ConcentrationFindings
from tomteanalyse.measures.concentration.grid import SMALL_M
from tomteanalyse.measures.concentration.municipality import spread_over_cells
from tomteanalyse.measures.concentration.planned import planned_homes
from tomteanalyse.measures.concentration.stock import homes_at
from tomteanalyse.measures.measurement import Measurement
from tomteanalyse.study import Study


@dataclass(frozen=True)
class Concentration:
    """What was measured: the findings, what criteria value, and what the planner should know."""

    findings: ConcentrationFindings
    measurements: Mapping[str, Measurement]
    warnings: tuple[Notice, ...]


def measure_concentration(
    study: Study,
    where: PlotsOnMap,
    homes: Mapping[str, Measurement],
    *,
    step_weights: Mapping[str, float],
) -> Concentration:
    """Measure concentration in all three layers, as it stood on the register's date.

    Parameters
    ----------
    study
        The study. Without dwellings every share is unknown; homes are counted all the same.
    where
        The plots, on the map and on the network.
    homes
        ``homes_<radius>`` and ``weighted_homes_<radius>`` around every plot.
    step_weights
        How much a home counts by its step.
    """
    basis = basis_of(study)
    units = study.units[study.units["current"]]
    day = study.config.units.on or date.max
    dwellings = dwellings_at(study.dwellings, day)
    places = None if basis is None else among_dwellings(dwellings, units, basis=basis)
    nowhere = study.unplaced[study.unplaced["current"].astype(bool)]
    profile = study.config.profile
    around = measure_around(
        where,
        homes,
        places,
        planned=planned_homes(study.plots, profile),
        planned_weight=step_weights[str(profile.step)],
        homes_nowhere=int(nowhere["homes"].sum()),
    )
    own = study.config.concentration
    limit = own.building_limit if own else None
    both = with_homes(
        dwellings_by_cell(dwellings, day, size_m=SMALL_M), homes_at(units, day, size_m=SMALL_M)
    )
    spread = spread_over_cells(both, known=basis is not None, crs=study.crs)
    return Concentration(
        ConcentrationFindings(
            basis=basis,
            dwellings=0 if basis is None else int(both.dwellings.sum()),
            buildings=municipal_buildings(units, dwellings, places, basis=basis, limit=limit),
            limit=limit,
            plots=around.plots,
            indices=spread.indices,
            top_areas=spread.top_areas,
            cells=spread.cells,
        ),
        around.measurements,
        _warnings(study, places, both),
    )


def _warnings(study: Study, places: DwellingPlaces | None, both: Denominator) -> tuple[Notice, ...]:
    if places is None or not places.short.any():
        return ()
    values = {
        "places": int(np.count_nonzero(places.short)),
        "added": places.dwellings_added,
        "cells": both.places_raised,
        "added_in_cells": both.dwellings_added,
    }
    return (Notice("concentration.raised", study.input_name("dwellings"), values=values),)
