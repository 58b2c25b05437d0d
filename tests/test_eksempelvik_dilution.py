"""What dilution finds in Eksempelvik, as a reader of its map would expect. It is all made up."""

from pathlib import Path

import numpy as np
import pytest

from tomteanalyse.dilution.dilute import dilute
from tomteanalyse.dilution.found import Dilution, Terms
from tomteanalyse.inputs.reading import read_study
from tomteanalyse.study import Study

EXAMPLE = Path(__file__).parents[1] / "data" / "eksempelvik"
BLOCKS = {"E001", "E002"}
"""Skyttertunet: 136 municipal homes in two blocks."""
FAR_HAMLET = {f"E{number:03d}" for number in range(65, 72)}
"""Fjellgrenda: seven homes from which no safe way leads to a grocery."""


@pytest.fixture(scope="module")
def study() -> Study:
    return read_study(EXAMPLE)


@pytest.fixture(scope="module")
def selling(study: Study) -> Dilution:
    return dilute(study, Terms(5))


@pytest.fixture(scope="module")
def moving(study: Study) -> Dilution:
    return dilute(study, Terms(5, buy_at=("T04", "T06", "T16"), keep_capacity=True))


def test_the_first_sales_are_of_homes_in_the_two_great_blocks(selling: Dilution) -> None:
    first = selling.moves.iloc[:2]
    assert set(first["unit_id"]) == BLOCKS
    assert set(first["kind"]) == {"sell"}
    # Four of 68 at a time, not a block at once.
    assert first["homes"].tolist() == [4, 4]
    assert first["times"].tolist() == [17, 17]
    assert first["hot"].all()
    # No other sale thins out the surroundings of a municipal home as much.
    assert set(selling.moves["around"].nsmallest(2).index) == {1, 2}


def test_the_plan_sells_in_the_blocks_and_says_what_that_costs(selling: Dilution) -> None:
    units = selling.moves["unit_id"].loc[list(selling.plan)]
    assert len(units) == 5
    assert set(units) <= BLOCKS
    steps = selling.steps
    assert steps["homes"].tolist() == [296, 292, 288, 284, 280, 276]
    # All of them on step 2, and nobody else's.
    assert (steps["homes_step_2"].diff().dropna() == -4).all()
    assert (steps["dissimilarity"].diff().dropna() < 0).all()
    assert steps["around"].iloc[0] - steps["around"].iloc[-1] > 0.08


def test_a_sale_that_leaves_fewer_than_elsewhere_makes_things_less_even(
    selling: Dilution,
) -> None:
    sales = selling.moves[selling.moves["kind"] == "sell"].set_index("unit_id")
    worse = set(sales.index[sales["dissimilarity"] > 0])
    cells = selling.cells
    homes, dwellings = cells["homes_before"].sum(), cells["dwellings_before"].sum()
    for unit in sorted(worse):
        sold = sales["homes"][unit]
        cell = cells[cells.contains(selling.study.units.geometry[unit])].iloc[0]
        left = (cell["homes_before"] - sold) / cell["dwellings_before"]
        assert left < (homes - sold) / dwellings, unit
    assert worse
    assert not worse & BLOCKS


def test_moves_keep_every_home_and_show_what_becomes_of_the_walks(moving: Dilution) -> None:
    plan = moving.moves.loc[list(moving.plan)]
    assert set(plan["kind"]) == {"move"}
    assert set(plan["plot_id"]) == {"T04", "T06", "T16"}
    assert set(plan["unit_id"]) <= BLOCKS
    assert (moving.steps["homes"] == 296).all()
    # From the blocks a shop is nearly a kilometre and a half away, from T04 a few hundred metres.
    to_kvernstien = plan[plan["plot_id"] == "T04"].iloc[0]
    assert to_kvernstien["walk_grocery_m"] > 1300
    assert to_kvernstien["walk_grocery_to_m"] < 400
    # Nobody walks safely to a shop from Fjellgrenda, so that four more homes have no way.
    to_fjellgrenda = plan[plan["plot_id"] == "T06"].iloc[0]
    assert np.isinf(to_fjellgrenda["walk_grocery_to_m"])
    assert moving.steps["no_way_grocery"].iloc[[0, -1]].tolist() == [len(FAR_HAMLET), 11]


def test_only_what_stands_alone_may_be_torn_down(selling: Dilution, study: Study) -> None:
    torn = set(selling.moves["unit_id"][selling.moves["kind"] == "replace"])
    # The hamlet's small houses stand alone; a flat among others, and a whole block, do not go.
    assert torn >= FAR_HAMLET
    assert not torn & BLOCKS
    homes = study.units["homes"].loc[sorted(torn)]
    assert homes.max() <= 4


def test_in_the_diluted_hamlet_little_is_left_to_gain(study: Study, selling: Dilution) -> None:
    bruket = study.areas.index[study.areas["name"] == "Bruket"][0]
    found = dilute(study, Terms(5, area=bruket))
    assert set(found.moves["unit_id"]) == {"E075", "E076", "E077", "E078", "E079"}
    gained = found.steps["dissimilarity"].iloc[0] - found.steps["dissimilarity"].iloc[-1]
    everywhere = selling.steps["dissimilarity"].iloc[0] - selling.steps["dissimilarity"].iloc[-1]
    assert 0 < gained < everywhere / 5
