"""The fixed grid, and the split of a change by its causes."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tomteanalyse.measures.concentration.change import CAUSES, split_change
from tomteanalyse.measures.concentration.grid import (
    cell_boxes,
    cell_corners,
    cell_ids,
    parent_cells,
)

SSB = Path(__file__).parents[1].parent / "shared" / "data" / "ssb"


@pytest.mark.skipif(not SSB.is_dir(), reason="the statistical grid is not here (../shared/data)")
def test_cells_have_the_ids_that_statistics_norway_gives_them() -> None:
    grid = gpd.read_file(SSB / "population_250m_2023_oslo.shp")
    middle = grid.geometry.centroid
    ids = cell_ids(np.column_stack([middle.x, middle.y]), size_m=250)
    assert ids.tolist() == grid["ru250m"].astype("int64").tolist()
    assert np.allclose(
        [box.bounds for box in cell_boxes(ids, size_m=250)], grid.bounds.to_numpy(), atol=0.1
    )


def test_a_point_on_a_border_lies_in_one_cell() -> None:
    ids = cell_ids(np.array([[250.0, 500.0], [249.999, 500.0], [-0.5, 499.0]]), size_m=250)
    assert cell_corners(ids).tolist() == [[250, 500], [0, 500], [-250, 250]]


def test_sixteen_small_cells_lie_in_a_large_one() -> None:
    east, north = np.meshgrid(np.arange(2000, 4000, 250), np.arange(7000, 8000, 250))
    small = cell_ids(np.column_stack([east.ravel(), north.ravel()]) + 1.0, size_m=250)
    parents, counts = np.unique(parent_cells(small, size_m=1000), return_counts=True)
    assert counts.tolist() == [16, 16]
    assert cell_corners(parents).tolist() == [[2000, 7000], [3000, 7000]]
    with pytest.raises(ValueError, match="cut"):
        parent_cells(small, size_m=900)


def test_selling_and_new_neighbours_are_told_apart() -> None:
    # 10 of 40 become 8 of 50: two sold, ten others built.
    found = split_change(
        np.array([10]), np.array([40]), {"sold": np.array([-2]), "new_others": np.array([10])}
    ).iloc[0]
    assert found["change"] == pytest.approx(8 / 50 - 10 / 40)
    mean_share = (0.25 + 0.16) / 2
    assert found["sold"] == pytest.approx(-2 / 45)
    assert found["new_others"] == pytest.approx(-10 * mean_share / 45)
    assert found["bought"] == 0


numbers = st.integers(0, 30)


@given(st.integers(1, 60), numbers, numbers, numbers, numbers, numbers, numbers, numbers)
def test_the_parts_add_up_to_the_change(
    others: int, mine: int, bought: int, built: int, sold: int, torn: int, new: int, gone: int
) -> None:
    bought, gone = min(bought, others), min(gone, others - min(bought, others))
    sold = min(sold, mine)
    torn = min(torn, mine - sold)
    changes = {
        "bought": bought,
        "built": built,
        "sold": -sold,
        "demolished": -torn,
        "new_others": new,
        "others_gone": -gone,
    }
    found = split_change(
        np.array([mine]),
        np.array([mine + others]),
        {cause: np.array([count]) for cause, count in changes.items()},
    ).iloc[0]
    after = mine + bought + built - sold - torn
    all_after = mine + others + built - torn + new - gone
    if all_after == 0:
        assert np.isnan(found["change"])
        return
    assert found["share_after"] == pytest.approx(after / all_after)
    assert found[list(CAUSES)].sum() == pytest.approx(found["change"], abs=1e-12)
    assert found["bought"] >= 0
    assert found["built"] >= 0
    assert found["sold"] <= 0
    assert found["demolished"] <= 0
    assert found["new_others"] <= 0
    assert found["others_gone"] >= 0


def test_an_area_without_dwellings_has_no_share_and_what_cannot_be_is_refused() -> None:
    found = split_change(np.array([0]), np.array([0]), {"built": np.array([4])}).iloc[0]
    assert np.isnan(found["change"])
    assert found["share_after"] == 1.0
    with pytest.raises(ValueError, match="more municipal homes"):
        split_change(np.array([2]), np.array([3]), {"sold": np.array([-3])})
    with pytest.raises(ValueError, match="unknown causes"):
        split_change(np.array([2]), np.array([3]), {"stolen": np.array([-1])})
