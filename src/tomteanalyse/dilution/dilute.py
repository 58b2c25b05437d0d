"""Boligfortynning: every single move and what it would do, and a plan of several."""

from collections.abc import Callable
from typing import Literal

import geopandas as gpd
import numpy as np
import pandas as pd

from tomteanalyse.dilution.found import Dilution, Terms
from tomteanalyse.dilution.moves import MOST_AT_ONCE, Moves, moves_in, moves_table
from tomteanalyse.dilution.planning import best_plan
from tomteanalyse.dilution.stages import plan_steps
from tomteanalyse.dilution.terms import check_terms
from tomteanalyse.dilution.town import AROUND, Town, town_of
from tomteanalyse.dilution.walking import walks
from tomteanalyse.errors import Notice
from tomteanalyse.measures.concentration.grid import GRID_CRS, SMALL_M, cell_boxes
from tomteanalyse.study import Study

Stage = Literal["measuring", "moving", "planning"]
OBJECTIVE = "dissimilarity"


def dilute(
    study: Study,
    terms: Terms,
    *,
    objective: str = OBJECTIVE,
    on_stage: Callable[[Stage], None] = lambda _: None,
) -> Dilution:
    """Tell what every sale, purchase, move and replacement would do, and find a plan.

    Parameters
    ----------
    study
        From `tomteanalyse.read_study`.
    terms
        What the plan keeps to.
    objective
        Name of the index (of `INDEX_NAMES`) that the plan lowers.
    on_stage
        Called when a stage begins, to show progress.

    Raises
    ------
    UsageError, DataError
        See `check_terms`; ``network.no_safe_ways`` if nobody can walk safely in the extract.
    """
    check_terms(study, terms, objective=objective)
    on_stage("measuring")
    town = town_of(study, buy_at=terms.buy_at, area=terms.area)
    unit_walks, plot_walks = walks(study, town.units, town.plots)
    on_stage("moving")
    moves = moves_in(town, objective=objective)
    step = study.config.profile.step
    on_stage("planning")
    candidates, rows = moves.candidates(town, sell=terms.sell)
    chosen = best_plan(
        candidates,
        town.municipal,
        town.dwellings,
        top_areas=town.top_areas,
        objective=objective,
        sell=terms.sell,
        keep_capacity=terms.keep_capacity,
    )
    plan = rows[list(chosen)]
    return Dilution(
        study=study,
        terms=terms,
        basis=town.basis,
        moves=moves_table(town, moves, unit_walks=unit_walks, plot_walks=plot_walks, step=step),
        plan=tuple((plan + 1).tolist()),
        steps=plan_steps(
            town, moves, plan, unit_walks=unit_walks, plot_walks=plot_walks, step=step
        ),
        cells=_cells(study, town, moves, plan),
        objective=objective,
        warnings=(*study.warnings, *town.warnings, *_warnings(town, len(plan))),
        parameters={
            "around": AROUND,
            "cell_m": SMALL_M,
            "top_areas": town.top_areas,
            "most_at_once": MOST_AT_ONCE,
        },
    )


def _cells(
    study: Study, town: Town, moves: Moves, plan: "np.ndarray[tuple[int], np.dtype[np.int64]]"
) -> gpd.GeoDataFrame:
    municipal, dwellings = moves.shifts.chosen(plan).added_to(town.municipal, town.dwellings)
    shown = dwellings > 0
    columns: dict[str, object] = {}
    for name, homes, all_ in (
        ("before", town.municipal, town.dwellings),
        ("after", municipal, dwellings),
    ):
        with np.errstate(invalid="ignore", divide="ignore"):
            share = np.where(all_ > 0, homes / all_, np.nan)
        columns |= {
            f"homes_{name}": homes[shown],
            f"dwellings_{name}": pd.array(all_[shown], dtype="Int64"),
            f"share_{name}": share[shown],
        }
    cells = gpd.GeoDataFrame(
        columns,
        geometry=cell_boxes(town.cells[shown], size_m=SMALL_M),
        index=pd.Index(town.cells[shown], dtype="int64", name="cell"),
        crs=GRID_CRS,
    )
    return cells.to_crs(study.crs)


def _warnings(town: Town, planned: int) -> list[Notice]:
    told = []
    if not town.may_be_sold.any():
        told.append(Notice("dilution.nothing_to_sell"))
    if not planned:
        told.append(Notice("dilution.no_plan"))
    if np.isnan(town.around.mean_share()):
        told.append(Notice("dilution.too_few_around", values={"nearest": AROUND}))
    return told
