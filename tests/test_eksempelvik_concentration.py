"""The embedded study's concentration: the two blocks stand out in every layer, and why is told."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import shapely
from scipy.spatial import cKDTree

from tomteanalyse.inputs.reading import read_study
from tomteanalyse.measures.concentration.denominator import dwellings_at
from tomteanalyse.measures.concentration.findings import ConcentrationFindings
from tomteanalyse.measures.concentration.grid import GRID_CRS, cell_ids
from tomteanalyse.pipeline import Result, run
from tomteanalyse.scoring.explanation_text import explanation_text
from tomteanalyse.texts import LANGUAGES, NBSP, Language

FOLDER = Path(__file__).parents[1] / "data" / "eksempelvik"
BLOCKS = ["SKY-A", "SKY-B"]


@pytest.fixture(scope="module")
def result() -> Result:
    return run(read_study(FOLDER))


@pytest.fixture(scope="module")
def found(result: Result) -> ConcentrationFindings:
    return result.assessment.concentration


def test_the_block_of_136_homes_stands_out_among_the_buildings(
    found: ConcentrationFindings,
) -> None:
    assert found.buildings.index[:2].tolist() == BLOCKS
    blocks = found.buildings.loc[BLOCKS]
    assert (blocks[["homes", "dwellings"]] == 68).all(axis=None)
    assert (blocks["share"] == 1.0).all()
    assert blocks["above_chance"].all()
    assert blocks["above_limit"].all()
    assert found.limit == 0.2
    # Spread homes in ordinary blocks are no more than chance would give.
    ordinary = found.buildings.drop(index=BLOCKS)
    assert ordinary["above_chance"].mean() < 0.1
    assert (found.buildings["homes"] <= found.buildings["dwellings"]).all()


def test_the_block_is_the_cell_with_most_homes_and_a_hot_spot(
    result: Result, found: ConcentrationFindings
) -> None:
    units = result.assessment.study.units
    at = units[units["building_id"].isin(BLOCKS)].to_crs(GRID_CRS).geometry
    (cell,) = set(cell_ids(np.column_stack([at.x, at.y]), size_m=250))
    assert found.cells["homes"].idxmax() == cell
    there = found.cells.loc[cell]
    assert there["hot"]
    assert there["share"] > 5 * there["high"]
    assert there["shrunken"] < there["share"]
    # Its neighbours are hot with it; a hot spot is no speckle of single cells.
    hot = found.cells[found.cells["hot"]]
    assert 4 <= len(hot) < 0.15 * len(found.cells)


def test_the_plot_beside_the_block_is_the_most_concentrated_by_every_measure(
    found: ConcentrationFindings,
) -> None:
    for name in ("homes_300", "homes_500", "homes_1000", "share_50_walk", "share_100_walk"):
        assert found.plots[name].idxmax() == "T07", name
    for nearest in (50, 100, 400):
        share = found.plots.loc["T07", f"share_{nearest}_walk"]
        assert share > 2 * found.plots.loc["T07", f"share_{nearest}_walk_high"]
    assert found.plots.loc["T07", "homes_300"] == 136


def test_a_plot_without_municipal_homes_around_it_gets_those_that_are_planned(
    found: ConcentrationFindings,
) -> None:
    plot = found.plots.loc["T04"]
    assert plot["planned_homes"] == 4
    assert (plot["homes_1000"], plot["homes_1000_planned"]) == (0, 4)
    assert plot["share_50_walk"] == 0
    assert plot["share_50_walk_planned"] == pytest.approx(4 / 50)


def test_where_so_many_neighbours_cannot_be_walked_to_the_share_is_unknown_and_says_why(
    result: Result,
) -> None:
    share = result.assessment.measurements["share_100_walk"]
    # No safe way leads to the town from the fast road or the island; none at all into the forest.
    assert share.reason.dropna().to_dict() == {
        "T06": "few_on_foot",
        "T11": "few_on_foot",
        "T12": "no_way_near",
    }
    assert share.value.isna().sum() == 3


def test_the_share_in_a_straight_line_is_that_of_counting_house_by_house(
    result: Result, found: ConcentrationFindings
) -> None:
    study = result.assessment.study
    houses = dwellings_at(study.dwellings, study.config.units.on)
    homes = study.units[study.units["current"]].groupby("building_id")["homes"].sum()
    municipal = houses["building_id"].map(homes).fillna(0).to_numpy()
    tree = cKDTree(shapely.get_coordinates(houses.geometry.to_numpy()))
    for plot_id in ("T02", "T07", "T14", "T16"):
        place = shapely.get_coordinates(study.plots.geometry[plot_id].point_on_surface())
        _, order = tree.query(place[0], k=len(houses))
        counted = houses["dwellings"].to_numpy()[order]
        before = np.cumsum(counted) - counted
        # The last house counts in part: as many of its dwellings as there is room for.
        part = np.clip((100 - before) / counted, 0, 1)
        expected = (municipal[order] * part).sum() / 100
        assert found.plots.loc[plot_id, "share_100_straight"] == pytest.approx(expected)


def test_the_municipality_is_more_uneven_than_chance(found: ConcentrationFindings) -> None:
    assert set(found.indices) == {"dissimilarity", "gini", "top_share"}
    for index in found.indices.values():
        assert index.low < index.expected < index.high < index.value
        assert index.share_above == 0.0
        assert 0.3 < index.corrected < 1


def test_homes_and_dwellings_add_up_and_none_was_missing(
    result: Result, found: ConcentrationFindings
) -> None:
    study = result.assessment.study
    current = study.units.loc[study.units["current"], "homes"].sum()
    assert found.cells["homes"].sum() == current == found.buildings["homes"].sum()
    there = dwellings_at(study.dwellings, study.config.units.on)["dwellings"].sum()
    assert found.dwellings == found.cells["dwellings"].sum() == there
    assert found.basis == "addresses"
    codes = {notice.code for notice in result.assessment.warnings}
    assert not any(code.startswith("concentration") for code in codes)


def test_the_block_costs_its_neighbour_points_on_both_criteria(result: Result) -> None:
    evaluation = result.assessment.evaluation
    for key in ("concentration", "municipal_share"):
        assert evaluation.weights[key] > 0
        assert evaluation.value[key].idxmin() == "T07"
        assert evaluation.points.loc["T07", key] == 0
    # The planned homes count: nobody has the best value there is.
    assert evaluation.measured["concentration"].min() == 4 * 3.0
    assert (evaluation.value["concentration"].dropna() < 1).all()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_explanation_tells_of_the_block_without_naming_a_building(
    result: Result, language: Language
) -> None:
    units = result.assessment.study.units
    text = explanation_text(result.explain("T07"), result.words(language)).replace(NBSP, " ")
    assert "136" in text
    assert "82 %" in text or "82%" in text
    named = [*units.index, *units["building_id"].dropna().unique()]
    assert [name for name in map(str, named) if name in text.split()] == []


def test_every_plot_can_be_told_of_in_every_language(result: Result) -> None:
    for language in LANGUAGES:
        for plot_id in result.assessment.study.plots.index:
            text = explanation_text(result.explain(plot_id), result.words(language))
            assert "nan" not in text.lower().split()
            assert "<NA>" not in text
    assert pd.isna(result.assessment.concentration.plots.loc["T12", "homes_300"])
