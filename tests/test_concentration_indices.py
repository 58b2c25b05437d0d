"""Indices of concentration against brute force and figures worked out by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array

from tomteanalyse.measures.concentration.evenness import (
    against_chance,
    dissimilarity,
    gini,
    random_labelling,
    top_share,
)
from tomteanalyse.measures.concentration.nearest import nearest_share
from tomteanalyse.measures.concentration.small_areas import hot_spots, shrunken_shares

areas = st.lists(
    st.integers(1, 40).flatmap(lambda all_: st.tuples(st.integers(0, all_), st.just(all_))),
    min_size=2,
    max_size=12,
).filter(lambda rows: 0 < sum(m for m, _ in rows) < sum(t for _, t in rows))


def counts(rows: list[tuple[int, int]]) -> tuple[np.ndarray, np.ndarray]:
    municipal, dwellings = np.array(rows, dtype=np.int64).T
    return municipal, dwellings


def test_two_areas_worked_out_by_hand() -> None:
    municipal, dwellings = counts([(8, 20), (2, 30)])
    # 8 of 10 municipal and 12 of 40 other dwellings lie in the first: half of .5 + .5.
    assert dissimilarity(municipal, dwellings) == pytest.approx(0.5)
    # Two areas: the Lorenz curve has one corner, so that both indices are alike.
    assert gini(municipal, dwellings) == pytest.approx(0.5)
    assert top_share(municipal, areas=1) == pytest.approx(0.8)


@given(areas)
def test_the_gini_index_is_the_mean_difference_between_dwellings(
    rows: list[tuple[int, int]],
) -> None:
    municipal, dwellings = counts(rows)
    share, total = municipal / dwellings, dwellings.sum()
    whole = municipal.sum() / total
    apart = sum(
        dwellings[i] * dwellings[j] * abs(share[i] - share[j])
        for i in range(len(rows))
        for j in range(len(rows))
    )
    assert gini(municipal, dwellings) == pytest.approx(
        apart / (2 * total**2 * whole * (1 - whole)), abs=1e-12
    )


@given(areas)
def test_no_index_leaves_its_range_and_the_gini_index_is_no_smaller(
    rows: list[tuple[int, int]],
) -> None:
    municipal, dwellings = counts(rows)
    d, g = float(dissimilarity(municipal, dwellings)), float(gini(municipal, dwellings))
    assert -1e-12 <= d <= g + 1e-12 <= 1 + 2e-12


@given(areas)
def test_splitting_an_area_in_alike_halves_changes_nothing(rows: list[tuple[int, int]]) -> None:
    municipal, dwellings = counts(rows)
    twice = np.repeat(municipal, 2), np.repeat(dwellings, 2)
    assert dissimilarity(*twice) == pytest.approx(dissimilarity(municipal, dwellings))
    assert gini(*twice) == pytest.approx(gini(municipal, dwellings))


def test_many_draws_are_reckoned_as_each_by_itself() -> None:
    municipal, dwellings = counts([(3, 30), (0, 12), (9, 14), (4, 50)])
    drawn = random_labelling(municipal, dwellings, draws=20, seed=1)
    assert (drawn.sum(axis=1) == 16).all()
    assert (drawn <= dwellings).all()
    for index in (dissimilarity, gini):
        together = index(drawn, dwellings)
        assert together.tolist() == [float(index(row, dwellings)) for row in drawn]


def test_what_chance_gives_is_no_unevenness() -> None:
    dwellings = np.full(60, 25)
    drawn = random_labelling(np.array([90] + [0] * 59), dwellings, draws=400, seed=3)
    one = against_chance(lambda m: dissimilarity(m, dwellings), drawn[0], drawn[1:])
    # Small areas alone make a third of the homes seem misplaced.
    assert one.expected > 0.3
    assert abs(one.corrected) < 0.1
    assert one.low <= one.value <= one.high
    gathered = np.where(np.arange(60) < 4, 20, 0) + np.where(np.arange(60) == 5, 10, 0)
    other = against_chance(lambda m: dissimilarity(m, dwellings), gathered, drawn)
    assert other.corrected > 0.8
    assert other.share_above == 0.0


def test_random_labelling_has_the_mean_and_the_spread_of_the_hypergeometric() -> None:
    municipal, dwellings = counts([(10, 40), (0, 60)])
    drawn = random_labelling(municipal, dwellings, draws=20_000, seed=2)[:, 0]
    assert drawn.mean() == pytest.approx(4.0, abs=0.05)
    assert drawn.var() == pytest.approx(10 * 0.4 * 0.6 * 90 / 99, rel=0.05)


def test_a_small_area_is_drawn_nearer_to_the_mean_than_a_large_one() -> None:
    municipal, dwellings = counts([(5, 10), (500, 1000), (0, 10), (100, 4000), (0, 0)])
    found = shrunken_shares(municipal, dwellings)
    mean = 605 / 5020
    assert mean < found[0] < found[1] < 0.5
    assert found[2] > 0
    assert np.isnan(found[4])


def test_areas_that_differ_no_more_than_by_chance_all_get_the_mean() -> None:
    municipal, dwellings = counts([(2, 20), (2, 20), (2, 20)])
    assert shrunken_shares(municipal, dwellings).tolist() == pytest.approx([0.1] * 3)
    assert shrunken_shares(municipal * 0, dwellings).tolist() == [0.0] * 3


def test_a_gathering_is_a_hot_spot_with_its_neighbours_and_an_even_spread_has_none() -> None:
    count = 25
    line = np.abs(np.subtract.outer(np.arange(count), np.arange(count))) <= 1
    neighbours = csr_array(line.astype(np.int64))
    dwellings = np.full(count, 50)
    gathered = np.ones(count, dtype=np.int64)
    gathered[10] = 40
    found = hot_spots(gathered, dwellings, neighbours)
    assert np.flatnonzero(found.hot).tolist() == [9, 10, 11]
    assert found.municipal[10] == 42
    even = hot_spots(np.full(count, 3), dwellings, neighbours)
    assert not even.hot.any()


def test_the_chance_of_a_hot_spot_is_that_of_drawing_balls() -> None:
    # 3 municipal of 6 dwellings; the chance that both of an area of two are municipal: 3/6 * 2/5.
    municipal, dwellings = counts([(2, 2), (1, 4)])
    alone = csr_array(np.eye(2, dtype=np.int64))
    assert hot_spots(municipal, dwellings, alone).probability[0] == pytest.approx(0.2)


def brute_share(
    place: np.ndarray, xy: np.ndarray, dwellings: np.ndarray, municipal: np.ndarray, k: int
) -> float:
    """Count dwelling by dwelling, those equally near by the same part."""
    metres = np.round(np.hypot(*(xy - place).T), 6)
    counted, mine = 0.0, 0.0
    for at in sorted(set(metres.tolist())):
        level = metres == at
        part = min(1.0, (k - counted) / dwellings[level].sum())
        counted += part * dwellings[level].sum()
        mine += part * municipal[level].sum()
        if counted >= k - 1e-9:
            return mine / k
    return float("nan")


@given(st.integers(0, 10_000), st.sampled_from([1, 3, 10, 40]), st.booleans())
def test_the_share_among_the_nearest_is_that_of_counting(seed: int, k: int, grid: bool) -> None:
    generator = np.random.default_rng(seed)
    xy = generator.integers(0, 6, (30, 2)) * 10.0 if grid else generator.uniform(0, 100, (30, 2))
    dwellings = generator.integers(1, 4, 30)
    municipal = generator.binomial(dwellings, 0.3)
    places = np.vstack([xy[:3], generator.integers(0, 6, (4, 2)) * 10.0])
    found = nearest_share(places, xy, dwellings, municipal, nearest=k)
    for place, share in zip(places, found, strict=True):
        assert share == pytest.approx(brute_share(place, xy, dwellings, municipal, k), nan_ok=True)


def test_where_there_are_too_few_dwellings_the_share_is_unknown() -> None:
    one = np.array([1])
    assert np.isnan(nearest_share(np.zeros((1, 2)), np.zeros((1, 2)), one, one, nearest=2)).all()
