"""What must hold in every world, drawn at random: rail, roads, walls, buildings, bridges, loops."""

import os
from dataclasses import replace

import hypothesis.strategies as st
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from tests.shortcut_towns import (
    COARSE,
    HARMLESS,
    HAZARDS,
    WAYS,
    Place,
    Town,
    anywhere,
    assert_same,
    line,
    single_barriers,
    towns,
)
from tests.shortcut_worlds import pairs_in

from tomteanalyse.extract import Tags
from tomteanalyse.measures.shortcuts.pairs import Pair
from tomteanalyse.measures.shortcuts.plot_index import plot_index
from tomteanalyse.network.shortcuts.parameters import ShortcutParameters

WORLDS = settings(max_examples=int(os.environ.get("SHORTCUT_WORLDS", "25")))
"""Every run tries a few worlds; ``SHORTCUT_WORLDS=200 pytest tests/test_shortcut_invariants.py``
tries as many as the method asks for, which takes some three minutes."""


@WORLDS
@given(towns)
def test_more_freedom_never_makes_the_way_longer_and_risk_comes_from_hazards(town: Town) -> None:
    for pair in town.measured():
        if pair is None:
            continue
        s, n, t1, t2 = pair.costs
        assert t2 <= t1 <= n <= s
        assert pair.tempting_distance_m <= pair.safe_distance_m
        assert 0.0 <= pair.risk <= 1.0
        moderate = n - t1 > 0.5 and pair.moderate.severity > 0
        severe = t1 - t2 > 0.5 and pair.severe.severity > 0
        assert (pair.risk > 0) == (moderate or severe)


@WORLDS
@given(towns)
def test_the_way_there_is_the_way_back(town: Town) -> None:
    extract = town.extract()
    there = pairs_in(extract, [town.plot], [*town.destinations], parameters=COARSE)
    back = pairs_in(extract, [*town.destinations], [town.plot], parameters=COARSE)
    assert_same(there, back)


@WORLDS
@given(towns)
def test_without_rail_nobody_crosses_a_track(town: Town) -> None:
    for pair in town.without("rail").measured():
        assert pair is None or all(each.barrier == "road" for each in pair.severe.crossings)
    for pair in town.without("rail").without("road").measured():
        assert pair is None or (pair.risk == 0 and not pair.severe.crossings)


@WORLDS
@given(towns, anywhere)
def test_another_plot_changes_none(town: Town, other: Place) -> None:
    extract = town.extract()
    alone = pairs_in(extract, [town.plot], [*town.destinations], parameters=COARSE)
    together = pairs_in(extract, [town.plot, other], [*town.destinations], parameters=COARSE)
    assert_same(alone, together[:2])


@WORLDS
@given(towns, anywhere, st.permutations(range(12)))
def test_the_order_in_which_things_are_drawn_does_not_matter(
    town: Town, second: Place, order: list[int]
) -> None:
    def picked(count: int) -> list[int]:
        first = [each for each in order if each < count]
        return first + [each for each in range(count) if each not in first]

    extract = town.extract()
    lines_, areas, points = extract.lines, extract.areas, extract.points
    rows, area_rows, point_rows = (picked(len(each.tags)) for each in (lines_, areas, points))
    nodes = np.concatenate([np.arange(*lines_.start[row : row + 2]) for row in rows])
    shuffled = replace(
        extract,
        lines=replace(
            lines_,
            way=lines_.way[rows],
            start=np.concatenate([[0], np.cumsum(np.diff(lines_.start)[rows])]),
            node=lines_.node[nodes],
            xy=lines_.xy[nodes],
            tags=[lines_.tags[row] for row in rows],
        ),
        areas=replace(
            areas,
            osm_id=areas.osm_id[area_rows],
            geometry=areas.geometry[area_rows],
            tags=[areas.tags[row] for row in area_rows],
        ),
        points=replace(
            points,
            node=points.node[point_rows],
            xy=points.xy[point_rows],
            tags=[points.tags[row] for row in point_rows],
        ),
    )
    plots = [town.plot, second]
    one = pairs_in(extract, plots, [*town.destinations], parameters=COARSE)
    other = pairs_in(shuffled, plots[::-1], [*town.destinations[::-1]], parameters=COARSE)
    assert_same(one, other[::-1])


def assert_unmoved(
    town: Town, start: Place, shift: Place, *, parameters: ShortcutParameters
) -> None:
    """Measure a town at two places, and compare."""
    one, other = (
        pairs_in(
            town.extract(shift=at),
            [(town.plot[0] + at[0], town.plot[1] + at[1])],
            [(x + at[0], y + at[1]) for x, y in town.destinations],
            parameters=parameters,
        )
        for at in (start, (start[0] + shift[0], start[1] + shift[1]))
    )
    assert_same(one, other)


@WORLDS
@given(towns, st.integers(-40, 40))
def test_moving_the_world_east_by_whole_squares_changes_nothing(town: Town, east: int) -> None:
    assert_unmoved(town, (0.0, 0.0), (east * 75.0, 0.0), parameters=COARSE)


@WORLDS
@given(towns, st.integers(-40, 40))
def test_moving_the_world_north_by_whole_squares_changes_nothing(town: Town, north: int) -> None:
    # Two rows of the lattice, which is 25 times the root of 3, are as high as three such squares.
    # The town stands aside of the squares' sides, where rounding would say in which it lies.
    squares = replace(COARSE, thin_m=25.0 / np.sqrt(3.0))
    shift = (0.0, north * 25.0 * np.sqrt(3.0))
    assert_unmoved(town, (0.0, 3.1), shift, parameters=squares)


@WORLDS
@given(towns, line, st.sampled_from(HAZARDS + WAYS))
def test_what_lies_beyond_changes_nothing(
    town: Town, places: tuple[Place, ...], tags: Tags
) -> None:
    # More of the map, more open ground looked at, and a line there.
    far = ("far", tuple((x + 650.0, y) for x, y in places), tags)
    plots, places_to = [town.plot], [*town.destinations]
    small = pairs_in(town.extract(), plots, places_to, parameters=COARSE)
    large = pairs_in(
        town.having(far).extract(half_m=900.0), plots, places_to, around_m=500.0, parameters=COARSE
    )
    assert_same(small, large)


@WORLDS
@given(towns, line, st.sampled_from(HARMLESS))
def test_what_no_train_or_car_is_met_on_changes_nothing(
    town: Town, places: tuple[Place, ...], tags: Tags
) -> None:
    # Off the corners, so that it shares no node with anything.
    places = tuple((x + 3.3, y + 5.1) for x, y in places)
    assert_same(town.measured(), town.having(("harmless", places, tags)).measured())


@WORLDS
@given(single_barriers)
def test_a_safe_crossing_of_the_only_barrier_never_raises_the_risk(town: Town) -> None:
    is_rail = "railway" in town.drawn[0][2]
    safe: Tags = (
        {"railway": "level_crossing", "crossing:barrier": "full"}
        if is_rail
        else {"highway": "crossing", "crossing": "traffic_signals"}
    )
    unsafe: Tags = {"crossing": "no"}
    with_it, without = (
        pairs_in(town.extract(crossing=tags), [town.plot], [*town.destinations], parameters=COARSE)
        for tags in (safe, unsafe)
    )
    for one, other in zip(with_it, without, strict=True):
        assert one is not None or other is None
        if one is not None and other is not None:
            assert one.risk <= other.risk + 1e-6


@WORLDS
@given(single_barriers, st.integers(61, 110), st.integers(61, 110))
def test_a_faster_road_is_never_less_severe(town: Town, one: int, other: int) -> None:
    kind, places, _ = town.drawn[0]

    def measured(speed: int) -> list[Pair | None]:
        tags: Tags = {"highway": "trunk", "maxspeed": str(speed)}
        return replace(town, drawn=((kind, places, tags), *town.drawn[1:])).measured()

    slow, fast = sorted((one, other))
    for slower, faster in zip(measured(slow), measured(fast), strict=True):
        if slower is None or faster is None:
            continue
        if np.array_equal(slower.tempting.nodes, faster.tempting.nodes):
            assert slower.severe.severity <= faster.severe.severity + 1e-12


rows = st.lists(
    st.tuples(
        st.integers(0, 1),
        st.sampled_from(["bus", "shop", "visit"]),
        st.integers(0, 2),
        st.floats(0, 1500),
        st.floats(0, 1),
    ),
    min_size=1,
    max_size=12,
)


@WORLDS
@given(rows, st.floats(0, 1), st.sampled_from(["bus", "shop", "visit"]))
def test_another_category_never_lowers_an_index_and_one_without_weight_is_none(
    drawn: list[tuple[int, str, int, float, float]], weight: float, category: str
) -> None:
    pairs = pd.DataFrame(drawn, columns=["plot", "category", "stop", "cost_m", "risk"])
    pairs = pairs.assign(
        destination=range(len(pairs)), stop=pairs["category"] + pairs["stop"].astype(str)
    )

    def risk(chosen: pd.DataFrame, counts: float) -> pd.Series:
        weights = {"bus": 1.0, "shop": 0.5, "visit": 1.0, category: counts}
        return plot_index(chosen, pd.RangeIndex(2), weights=weights, parameters=COARSE).risk

    others = pairs[pairs["category"] != category]
    without = risk(others, 0.0) if len(others) else pd.Series(0.0, index=range(2))
    assert risk(pairs, 0.0).tolist() == pytest.approx(without.tolist())
    assert (risk(pairs, weight) >= without - 1e-12).all()


def test_lines_that_meet_in_one_point_meet_in_one_place_wherever_the_world_lies() -> None:
    # A road begins where a footway crosses a motorway; two of the three share no node.
    town = Town(
        drawn=(
            ("road", ((0.0, 0.0), (41.0, 0.0)), HAZARDS[5]),
            ("road", ((41.0, 37.0), (-41.0, -37.0)), HAZARDS[3]),
            ("way", ((0.0, 37.0), (0.0, -37.0)), WAYS[0]),
        ),
        buildings=(),
        crossings=(),
        plot=(0.37, 0.21),
        destinations=((0.37, 0.21), (20.0, 30.0)),
    )
    squares = replace(COARSE, thin_m=25.0 / np.sqrt(3.0))
    for north in (-40, -3, 1, 2, 5):
        assert_unmoved(town, (0.0, 3.1), (0.0, north * 25.0 * np.sqrt(3.0)), parameters=squares)
