"""Indices, small areas and hot spots of a municipality, against the libraries that have them."""

import warnings
from itertools import product
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tomteanalyse.measures.concentration.denominator import with_homes
from tomteanalyse.measures.concentration.evenness import Counts, dissimilarity, gini
from tomteanalyse.measures.concentration.grid import (
    GRID_CRS,
    cell_boxes,
    cell_corners,
    cell_ids,
    touching_cells,
)
from tomteanalyse.measures.concentration.municipality import (
    Spread,
    spread_over_cells,
    top_areas_among,
)
from tomteanalyse.measures.concentration.small_areas import by_chance, discoveries, hot_spots

DATA = Path(__file__).parents[2] / "shared" / "data"
SIDE = 250
needs_oslo = pytest.mark.skipif(
    not DATA.exists(), reason="the statistical grid of Oslo is not on this machine"
)


def _block(wide: int, high: int) -> Counts:
    """Return the ids of a block of cells."""
    corners = np.array(list(product(range(wide), range(high))), dtype=np.float64) * SIDE
    return cell_ids(corners + np.array([260_000.0, 6_650_000.0]), size_m=SIDE)


def _spread(ids: Counts, homes: Counts, dwellings: Counts) -> Spread:
    index = pd.Index(ids, name="cell")
    both = with_homes(pd.Series(dwellings, index=index), pd.Series(homes, index=index))
    return spread_over_cells(both, known=True, crs=GRID_CRS)


def _oslo() -> tuple[Counts, Counts, Counts]:
    """Return cells, homes and dwellings: fictional homes in the real grid, two residents a home."""
    grid = gpd.read_file(DATA / "ssb" / "population_250m_2023_oslo.shp").set_crs(
        GRID_CRS, allow_override=True
    )
    people = grid.select_dtypes("number").iloc[:, -1]
    middle = grid.geometry.centroid
    ids = cell_ids(np.column_stack([middle.x, middle.y]), size_m=SIDE)
    dwellings = np.ceil(people.to_numpy(dtype=float) / 2).astype(np.int64)
    order = np.argsort(ids)
    ids, dwellings = ids[order], dwellings[order]
    units = pd.read_csv(DATA / "oslo" / "units.csv", sep=";", decimal=",", encoding="utf-8-sig")
    at = gpd.GeoSeries(gpd.points_from_xy(units["x"], units["y"]), crs=25832).to_crs(GRID_CRS)
    cell = cell_ids(np.column_stack([at.x, at.y]), size_m=SIDE)
    homes = pd.Series(units["antall_boliger"].to_numpy(), index=cell).groupby(level=0).sum()
    return ids, homes.reindex(ids, fill_value=0).to_numpy(dtype=np.int64), dwellings


def _by_segregation(homes: Counts, dwellings: Counts) -> tuple[float, float]:
    with warnings.catch_warnings():
        # The library warns of its own dependencies when it is imported.
        warnings.simplefilter("ignore")
        from segregation.singlegroup import (  # type: ignore[import-untyped]  # it has no types
            Dissim,
            Gini,
        )

        table = pd.DataFrame({"homes": homes, "dwellings": dwellings})
        found = [
            kind(table, group_pop_var="homes", total_pop_var="dwellings").statistic
            for kind in (Dissim, Gini)
        ]
    return float(found[0]), float(found[1])


def _by_esda(homes: Counts, ids: Counts) -> Counts:
    """Return the homes in every cell and those that touch it, as local G* counts them."""
    with warnings.catch_warnings():
        # The library warns of its own dependencies when it is imported.
        warnings.simplefilter("ignore")
        from esda.getisord import G_Local  # type: ignore[import-untyped]  # it has no types
        from libpysal.graph import Graph  # type: ignore[import-untyped]  # it has no types

        boxes = gpd.GeoSeries(cell_boxes(ids, size_m=SIDE), index=ids, crs=GRID_CRS)
        queen = Graph.build_contiguity(boxes, rook=False).assign_self_weight(1.0)
        local = G_Local(homes.astype(float), queen, transform="B", permutations=0, star=True)
    counted: Counts = np.rint(local.Gs * homes.sum()).astype(np.int64)
    return counted


counts = st.lists(
    st.integers(1, 60).flatmap(lambda all_: st.tuples(st.integers(0, all_), st.just(all_))),
    min_size=3,
    max_size=30,
).filter(lambda rows: 0 < sum(m for m, _ in rows) < sum(t for _, t in rows))


@settings(max_examples=20)
@given(counts)
def test_dissimilarity_and_gini_are_those_of_an_independent_library(
    rows: list[tuple[int, int]],
) -> None:
    homes, dwellings = np.array(rows, dtype=np.int64).T
    by_segregation = _by_segregation(homes, dwellings)
    assert float(dissimilarity(homes, dwellings)) == pytest.approx(by_segregation[0], abs=1e-9)
    assert float(gini(homes, dwellings)) == pytest.approx(by_segregation[1], abs=1e-9)


@given(st.integers(0, 10_000))
def test_homes_in_a_cell_and_around_it_are_those_of_local_g(seed: int) -> None:
    generator = np.random.default_rng(seed)
    whole = _block(7, 6)
    # Towns have holes: no cell where nobody lives.
    ids = whole[generator.random(len(whole)) < 0.8]
    dwellings = generator.integers(1, 40, len(ids))
    homes = generator.binomial(dwellings, 0.2)
    homes[0] = dwellings[0]
    mine = hot_spots(homes, dwellings, touching_cells(ids, size_m=SIDE))
    assert mine.municipal.tolist() == _by_esda(homes, ids).tolist()


@needs_oslo
def test_oslos_indices_and_counts_are_those_of_independent_libraries() -> None:
    ids, homes, dwellings = _oslo()
    both = with_homes(pd.Series(dwellings, index=ids), pd.Series(homes, index=ids))
    homes, dwellings = both.homes.to_numpy(), both.dwellings.to_numpy()
    # Seven hundred thousand people, and some hundred homes made up for testing.
    assert len(ids) == 2380
    assert dwellings.sum() > 300_000
    assert homes.sum() > 500
    found = _spread(ids, homes, dwellings)
    dissimilar, uneven = _by_segregation(homes, dwellings)
    assert found.indices["dissimilarity"].value == pytest.approx(dissimilar, abs=1e-9)
    assert found.indices["gini"].value == pytest.approx(uneven, abs=1e-9)
    around = hot_spots(homes, dwellings, touching_cells(ids, size_m=SIDE))
    assert around.municipal.tolist() == _by_esda(homes, ids).tolist()
    # The homes were strewn over the centre alone: uneven beyond chance over the whole city.
    index = found.indices["dissimilarity"]
    assert index.value > index.high
    assert index.share_above == 0.0
    assert found.cells["hot"].sum() > 0


def test_cells_touch_those_around_them_in_whatever_order_they_come() -> None:
    ids = _block(3, 3)[[4, 8, 0, 1, 2, 3, 5, 6, 7]]
    touching = touching_cells(ids, size_m=SIDE).toarray()
    corners = cell_corners(ids)
    near = (np.abs(corners[:, None] - corners[None, :]) <= SIDE).all(axis=2)
    assert (touching == near).all()
    assert touching[0].sum() == 9
    assert touching_cells(ids[:0], size_m=SIDE).shape == (0, 0)


def test_a_block_of_municipal_homes_is_a_hot_spot_with_its_neighbours() -> None:
    ids = _block(10, 10)
    dwellings = np.full(100, 40)
    homes = np.ones(100, dtype=np.int64)
    homes[44] = 35
    cells = _spread(ids, homes, dwellings).cells
    hot = cells.index[cells["hot"]].to_numpy()
    assert set(hot) == set(ids[touching_cells(ids, size_m=SIDE).toarray()[44] > 0])
    block = cells.loc[ids[44]]
    assert block["share"] == 35 / 40
    assert block["share"] > block["high"]
    # What is known of so small an area is drawn towards the whole.
    assert cells["share"].mean() < block["shrunken"] < block["share"]
    assert cells.geometry.area.tolist() == pytest.approx([SIDE**2] * 100)


def test_without_dwellings_there_are_homes_and_no_shares() -> None:
    ids = _block(2, 2)
    homes = pd.Series([3, 0, 1, 0], index=ids)
    both = with_homes(pd.Series([], dtype="int64", index=ids[:0]), homes)
    found = spread_over_cells(both, known=False, crs=GRID_CRS)
    assert found.cells["homes"].tolist() == homes.sort_index().tolist()
    assert found.cells[["share", "shrunken", "low", "high"]].isna().all(axis=None)
    assert found.cells[["dwellings", "hot"]].isna().all(axis=None)
    assert not found.indices


def test_nothing_can_be_compared_where_no_home_is_municipal_or_all_are() -> None:
    ids, dwellings = _block(2, 2), np.full(4, 10)
    for homes in (np.zeros(4, dtype=np.int64), dwellings):
        found = _spread(ids, homes, dwellings)
        assert not found.indices
        assert not found.cells["hot"].any()


def test_one_area_in_twenty_counts_in_the_top_share_and_never_none() -> None:
    assert top_areas_among(np.array([3, 0, 0])) == 1
    assert top_areas_among(np.ones(20, dtype=np.int64)) == 1
    assert top_areas_among(np.ones(21, dtype=np.int64)) == 2


def test_random_labelling_of_six_dwellings_worked_out_by_hand() -> None:
    # 3 municipal of 6; of 2 dwellings none is with chance 1/5, both with 1/5: both ends are likely.
    low, high = by_chance(np.array([2, 6]), municipal=3, among=6)
    assert (low.tolist(), high.tolist()) == ([0, 3], [2, 3])


def test_more_looked_at_means_fewer_marked() -> None:
    chance = np.array([0.001, 0.012, 0.03, 0.2])
    # Of four: 0.0125, 0.025, 0.0375 and 0.05 are allowed.
    assert discoveries(chance).tolist() == [True, True, True, False]
    # Of a hundred, the others with nothing to see: 0.0005, 0.001, …
    assert not discoveries(chance, tests=100).any()
    assert discoveries(np.array([0.0004, 0.3]), tests=100).tolist() == [True, False]
    assert discoveries(chance[:0]).tolist() == []
