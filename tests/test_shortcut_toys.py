"""Worlds so simple that the safe way, the tempting way and the risk can be worked out by hand."""

import numpy as np
import pytest
import shapely
from tests.shortcut_worlds import RAIL, barrier, pair_in, two_footways
from tests.worlds import FOOTWAY, World

from tomteanalyse.extract import Tags
from tomteanalyse.measures.shortcuts.pairs import Pair
from tomteanalyse.network.shortcuts.parameters import FINE

PRIMARY_50: Tags = {"highway": "primary", "maxspeed": "50"}


def assert_costs(pair: Pair, *costs: float, risk: float) -> None:
    """The four costs to a millionth, the risk to the four decimals it is written with."""
    assert pair.costs == pytest.approx(costs, rel=1e-6)
    assert pair.risk == pytest.approx(risk, abs=6e-5)


@pytest.mark.parametrize(
    ("d", "s", "t2", "risk"),
    [
        (36, 172, 172, 0),
        (48, 196, 196, 0),
        (60, 220, 196, 0.1920),
        (100, 300, 196, 0.5819),
        (150, 400, 196, 0.7830),
        (300, 700, 196, 0.8942),
        (600, 1300, 196, 0.9000),
    ],
)
def test_a_main_railway_tempts_the_more_the_farther_the_underpass(
    d: float, s: float, t2: float, risk: float
) -> None:
    world = two_footways(d)
    barrier(world, RAIL)
    assert_costs(pair_in(world), s, s, s, t2, risk=risk)


@pytest.mark.parametrize(
    "tags",
    [
        None,
        {"railway": "abandoned"},
        {"railway": "disused"},
        {"railway": "construction"},
        {"railway": "rail", "tunnel": "yes"},
        {"railway": "rail", "bridge": "viaduct", "layer": "1"},
    ],
)
def test_a_railway_where_no_train_is_met_is_no_hazard(tags: Tags | None) -> None:
    world = two_footways(150)
    if tags:
        barrier(world, tags)
    pair = pair_in(world)
    assert_costs(pair, 400, 150, 150, 150, risk=0)
    assert not pair.severe.crossings


@pytest.mark.parametrize(
    ("tags", "t1", "t2", "risk"),
    [
        ({**RAIL, "service": "siding"}, 176, 176, 0.3574),
        ({"railway": "tram"}, 168, 168, 0.1803),
        ({"highway": "trunk", "maxspeed": "80"}, 400, 196, 0.7043),
        (PRIMARY_50, 194, 194, 0.2085),
    ],
)
def test_every_barrier_tempts_by_its_traffic_and_endangers_by_its_speed(
    tags: Tags, t1: float, t2: float, risk: float
) -> None:
    world = two_footways(150)
    barrier(world, tags)
    assert_costs(pair_in(world), 400, 400, t1, t2, risk=risk)


def test_two_tracks_are_one_barrier() -> None:
    world = two_footways(150)
    barrier(world, RAIL, -2.25)
    barrier(world, RAIL, 2.25)
    pair = pair_in(world)
    assert_costs(pair, 400, 400, 400, 196, risk=0.7830)
    assert [each.severity for each in pair.severe.crossings] == pytest.approx(
        [0.6838] * 2, abs=1e-4
    )


def test_two_carriageways_cost_one_crossing_and_endanger_twice() -> None:
    world = two_footways(150)
    motorway = {"highway": "motorway", "maxspeed": "110", "oneway": "yes"}
    barrier(world, motorway, -6)
    barrier(world, motorway, 6)
    assert_costs(pair_in(world), 400, 400, 400, 198, risk=0.8647)


def test_a_noise_barrier_costs_and_does_not_cancel_the_hazard() -> None:
    world = two_footways(150)
    barrier(world, RAIL)
    barrier(world, {"barrier": "wall", "wall": "noise_barrier"}, -20, at=())
    assert_costs(pair_in(world), 400, 400, 400, 276, risk=0.6396)


def crossing(road: Tags, node: Tags) -> World:
    """Return the footways with a path at x = 0 that shares a tagged node with the barrier."""
    world = two_footways(150)
    middle = world.node(0, 0, node)
    barrier(world, road)
    world.way([(0, -50), middle, (0, 50)], FOOTWAY)
    return world


@pytest.mark.parametrize(
    ("speed", "node"),
    [
        ("50", {"highway": "crossing", "crossing": "uncontrolled"}),
        ("70", {"highway": "crossing", "crossing": "traffic_signals"}),
        ("50", {"highway": "crossing", "crossing": "unmarked"}),
        ("60", {"highway": "crossing", "crossing": "uncontrolled"}),
    ],
)
def test_a_crossing_that_suits_the_road_leaves_nothing_to_save(speed: str, node: Tags) -> None:
    pair = pair_in(crossing({"highway": "primary", "maxspeed": speed}, node))
    assert_costs(pair, 100, 100, 100, 100, risk=0)
    assert not pair.severe.crossings


def test_a_forbidden_crossing_is_none() -> None:
    pair = pair_in(crossing(PRIMARY_50, {"highway": "crossing", "crossing": "no"}))
    assert_costs(pair, 400, 400, 144, 144, risk=0.2204)


def test_paint_on_a_fast_road_is_no_crossing() -> None:
    marked = {"highway": "crossing", "crossing": "uncontrolled"}
    pair = pair_in(crossing({"highway": "primary", "maxspeed": "70"}, marked))
    assert_costs(pair, 400, 400, 400, 144, risk=0.5954)


def test_a_level_crossing_for_people_on_foot_is_safe() -> None:
    pair = pair_in(crossing(RAIL, {"railway": "crossing"}))
    assert_costs(pair, 100, 100, 100, 100, risk=0)
    assert pair.severe.flags == 0


def test_a_trodden_path_over_a_track_is_no_crossing_and_marked() -> None:
    pair = pair_in(crossing(RAIL, {}))
    assert_costs(pair, 400, 400, 400, 146, risk=0.9 * (1 - np.exp(-2.54)))
    assert pair.severe.flags == 2


def test_a_street_over_a_track_and_a_path_over_a_tram_line_are_let_through_and_marked() -> None:
    world = two_footways(150)
    barrier(world, RAIL)
    world.way([(0, -50), (0, 0), (0, 50)], {"highway": "residential"})
    for pair in (pair_in(world), pair_in(crossing({"railway": "tram"}, {}))):
        assert_costs(pair, 100, 100, 100, 100, risk=0)
        assert pair.severe.flags == 2


def test_a_footpath_beside_the_motorway_is_quiet() -> None:
    world = World()
    barrier(world, {"highway": "motorway", "maxspeed": "110"}, at=(0.0, 400.0))
    world.way([(0, -50), (400, -50)], FOOTWAY)
    assert_costs(pair_in(world, (0, -50), (400, -50)), 400, 400, 400, 400, risk=0)


def test_a_river_is_no_shortcut() -> None:
    world = two_footways(150)
    barrier(world, {"waterway": "river"})
    assert_costs(pair_in(world), 400, 400, 400, 400, risk=0)


def test_two_barriers_are_crossed_where_both_crossings_save() -> None:
    world = World()
    for y in (-100, 0, 100):
        world.way([(0, y), (200, y)], FOOTWAY)
    marked = world.node(200, -50, {"highway": "crossing", "crossing": "uncontrolled"})
    world.way([(200, -100), marked, (200, 0)], FOOTWAY)
    world.way([(200, 0), (200, 100)], {**FOOTWAY, "tunnel": "yes", "layer": "-1"})
    barrier(world, PRIMARY_50, -50, at=(0.0, 200.0))
    barrier(world, RAIL, 50)
    pair = pair_in(world, (0, -100), (0, 100))
    assert_costs(pair, 600, 600, 600, 390, risk=0.8108)
    assert [each.barrier for each in pair.severe.crossings] == ["road", "rail"]


def test_taking_away_the_stop_on_the_near_side_sends_people_across_the_motorway() -> None:
    world = two_footways(300)
    barrier(world, {"highway": "motorway", "maxspeed": "110", "lanes": "4"})
    world.way([(0, -50), (100, -50)], FOOTWAY)
    assert_costs(pair_in(world, (0, -50), (100, -50)), 100, 100, 100, 100, risk=0)
    assert_costs(pair_in(world, (0, -50), (0, 50)), 700, 700, 700, 198, risk=0.9904)


def along_the_road(sidewalk: Tags) -> World:
    world = World()
    road = {"highway": "secondary", "maxspeed": "80", **sidewalk}
    barrier(world, road, at=(0.0, 500.0))
    for x in (0, 500):
        world.way([(x, 0), (x, -60)], {"highway": "residential"})
    return world


def test_walking_along_a_fast_road_is_a_hazard() -> None:
    pair = pair_in(along_the_road({}), (0, -60), (500, -60))
    s, n, t1, t2 = pair.costs
    assert s == np.inf
    assert pair.safe is None
    assert (n, t1) == pytest.approx((750, 750), rel=0.05)
    assert t2 == pytest.approx(682.9, rel=0.05)
    assert t2 <= 682.9 + 1e-6
    assert pair.risk == pytest.approx(0.27, abs=0.03)
    # The corners are cut across the verge.
    (stretch,) = pair.severe.along
    assert 350 < stretch.metres <= 500


def test_a_sidewalk_makes_the_road_safe_to_walk_along() -> None:
    pair = pair_in(along_the_road({"sidewalk": "right"}), (0, -60), (500, -60))
    assert_costs(pair, 620, 620, 620, 620, risk=0)


def test_the_way_over_the_track_to_a_place_farther_along_is_near_the_best() -> None:
    world = two_footways(300)
    barrier(world, RAIL)
    pair = pair_in(world, (0, -50), (100, 50))
    assert pair.costs[:3] == pytest.approx((600, 600, 600), rel=1e-6)
    assert 257.8 - 1e-6 <= pair.costs[3] <= 262
    assert pair.risk == pytest.approx(0.869, rel=0.01)


def test_the_crossing_is_named_where_it_lies() -> None:
    world = two_footways(150)
    barrier(world, {**RAIL, "name": "Dalbanen", "maxspeed": "120"})
    (crossed,) = pair_in(world).severe.crossings
    assert crossed.xy == (0.0, 0.0)
    assert (crossed.barrier, crossed.road_class, crossed.name) == ("rail", "rail", "Dalbanen")
    assert (crossed.speed_kmh, crossed.severity, crossed.metres) == (120.0, 0.9, 50.0)
    assert crossed.severe


def test_a_tram_in_the_street_is_no_hazard() -> None:
    world = two_footways(150)
    barrier(world, {"railway": "tram"})
    barrier(world, {"highway": "residential"}, 5)
    assert_costs(pair_in(world), 150, 150, 150, 150, risk=0)


def test_a_building_in_the_way_is_walked_round() -> None:
    world = two_footways(150)
    world.area(shapely.box(-200, -10, 60, 10), {"building": "yes"})
    # 24 m along the footway, then straight to the corner, 20 m past it, and the same again;
    # no point of the lattice lies right at the corner.
    n = pair_in(world, parameters=FINE).costs[1]
    assert 239.5 - 1e-6 <= n <= 1.1 * 239.5
