"""From a place to the ways around it: the nearest point there is, and never across a barrier."""

import math

import numpy as np
import pytest
import shapely
import shapely.ops
from hypothesis import given, settings
from hypothesis import strategies as st

from oracle import Oracle, access_points
from tomteanalyse.extract import OsmExtract, Tags
from tomteanalyse.network.barriers import find_barriers
from tomteanalyse.network.snapping import Attachments, Snapper
from tomteanalyse.network.snapping import access_points as product_access_points
from tomteanalyse.network.walk import build_network
from worlds import FAST_ROAD, FOOTWAY, MOTORWAY, RAIL, World, points

HOUSE: Tags = {"building": "yes"}


def _attach(extract: OsmExtract, *places: shapely.Geometry) -> Attachments:
    snapper = Snapper(build_network(extract), find_barriers(extract))
    return snapper.attach(np.array(places, dtype=object))


def _street(*, south: float = 0.0) -> World:
    """A long footway from west to east."""
    world = World()
    world.way([(-2000, south), (2000, south)], FOOTWAY)
    return world


def _ends(extract: OsmExtract, legs: Attachments) -> list[tuple[float, float]]:
    network = build_network(extract)
    u, v = network.xy[network.u[legs.segment]], network.xy[network.v[legs.segment]]
    ends = u + legs.along[:, None] * (v - u)
    return [(round(x, 6), round(y, 6)) for x, y in ends.tolist()]


coordinate = st.integers(-400, 400).map(lambda tenth: tenth / 2)
place = st.tuples(coordinate, coordinate)


@settings(max_examples=60)
@given(
    ways=st.lists(st.lists(place, min_size=2, max_size=6, unique=True), min_size=1, max_size=6),
    places=st.lists(place, min_size=1, max_size=5),
)
def test_the_leg_is_as_short_as_the_shortest_to_any_segment(
    ways: list[list[tuple[float, float]]], places: list[tuple[float, float]]
) -> None:
    world = World()
    for way in ways:
        world.way(way, FOOTWAY)
    # Everything hangs together, so that no part is too small to be used.
    world.way([way[0] for way in ways], FOOTWAY)
    extract = world.extract()
    oracle = Oracle(extract, [])
    legs = _attach(extract, *points(*places))
    assert len(legs.place) == len(set(legs.place.tolist()))
    found = dict(zip(legs.place.tolist(), legs.leg_m.tolist(), strict=True))
    for number, each in enumerate(places):
        shortest = oracle.nearest(each)
        if shortest > 150:
            assert number not in found
        else:
            assert found[number] == pytest.approx(shortest, abs=1e-6)


@settings(max_examples=40)
@given(
    houses=st.lists(place, max_size=6),
    walls=st.lists(st.tuples(place, place), max_size=4),
    places=st.lists(place, min_size=1, max_size=6),
)
def test_legs_equal_the_oracles_among_houses_and_walls(
    houses: list[tuple[float, float]],
    walls: list[tuple[tuple[float, float], tuple[float, float]]],
    places: list[tuple[float, float]],
) -> None:
    world = World()
    world.way([(-200, -60), (0, -60.1), (200, -59)], FOOTWAY)
    world.way([(0, -60.1), (0.3, 200)], FOOTWAY)
    for x, y in houses:
        world.area((x, y, x + 19.7, y + 11.3), HOUSE)
    for start, end in walls:
        if start != end:
            world.way([world.node(*start), world.node(*end)], {"barrier": "wall"})
    extract = world.extract()
    oracle = Oracle(extract, [])
    shapes = [shapely.Point(each) for each in places]
    legs = _attach(extract, *shapes)
    for number, shape in enumerate(shapes):
        mine = legs.leg_m[legs.place == number].tolist()
        assert mine == pytest.approx([leg.length for leg in oracle.legs_of(shape)], abs=1e-6)
    wall = shapely.union_all([shapely.LineString(each) for each in walls])
    for start, end, metres in zip(
        legs.start_xy.tolist(), _ends(extract, legs), legs.leg_m.tolist(), strict=True
    ):
        # Its first and last bit may lie at a wall.
        bit = min(0.3, 0.2 * metres)
        leg = shapely.LineString([start, end])
        assert not shapely.ops.substring(leg, bit, metres - bit).intersects(wall)


@pytest.mark.parametrize(
    "barrier",
    [
        RAIL,
        MOTORWAY,
        FAST_ROAD,
        {"waterway": "river"},
        {"waterway": "canal"},
        {"barrier": "wall"},
        {"barrier": "retaining_wall"},
        {"barrier": "wall", "wall": "noise_barrier"},
        {"barrier": "noise_barrier"},
        {"natural": "cliff"},
    ],
)
def test_no_leg_crosses_a_barrier_however_near_the_way_is(barrier: Tags) -> None:
    world = _street()
    world.way([(-2000, 10), (2000, 10)], barrier)
    world.way([(-2000, 100), (2000, 100)], FOOTWAY)
    extract = world.extract()
    legs = _attach(extract, shapely.Point(0, 20))
    assert _ends(extract, legs) == [(0.0, 100.0)]
    assert legs.leg_m.tolist() == pytest.approx([80.0])


@pytest.mark.parametrize(
    "passable",
    [
        {"waterway": "stream"},
        {"waterway": "river", "tunnel": "culvert"},
        {"railway": "rail", "tunnel": "yes"},
        {"railway": "rail", "bridge": "yes"},
        {"railway": "tram"},
        {"highway": "residential"},
        {"barrier": "hedge"},
    ],
)
def test_a_leg_may_cross_what_people_step_across(passable: Tags) -> None:
    world = _street()
    world.way([(-2000, 10), (2000, 10)], passable)
    world.way([(-2000, 100), (2000, 100)], FOOTWAY)
    extract = world.extract()
    wanted = 10.0 if "highway" in passable else 20.0
    assert _attach(extract, shapely.Point(0, 20)).leg_m.tolist() == pytest.approx([wanted])


def test_water_stops_a_leg() -> None:
    world = _street()
    world.area((-50, 5, 50, 15), {"natural": "water"})
    legs = _attach(world.extract(), shapely.Point(0, 20))
    assert len(legs.place) == 0


def test_the_house_a_place_lies_in_does_not_stop_it_but_the_neighbours_does() -> None:
    world = _street()
    world.way([(-2000, 105), (2000, 105)], FOOTWAY)
    world.area((-5, 10, 5, 30), HOUSE)
    extract = world.extract()
    own, behind = (_attach(extract, shapely.Point(0, y)) for y in (20, 40))
    assert (_ends(extract, own), own.leg_m.tolist()) == ([(0.0, 0.0)], [20.0])
    assert (_ends(extract, behind), behind.leg_m.tolist()) == ([(0.0, 105.0)], [65.0])


def test_a_closed_courtyard_is_left_through_its_house_but_never_through_a_wall() -> None:
    world = _street()
    ring = shapely.box(-30, 10, 30, 70).difference(shapely.box(-20, 20, 20, 60))
    world.area(ring, HOUSE)
    assert _attach(world.extract(), shapely.Point(0, 40)).leg_m.tolist() == pytest.approx([40.0])
    world.way([(-20, 20), (20, 20), (20, 60), (-20, 60), (-20, 20)], {"barrier": "wall"})
    assert len(_attach(world.extract(), shapely.Point(0, 40)).place) == 0


def test_a_stop_on_a_bridge_is_reached_by_the_bridge() -> None:
    world = _street()
    world.way([(-2000, 0), (-2000, 60), (2000, 60)], {**FOOTWAY, "bridge": "yes"})
    world.way([(-2000, 50), (2000, 50)], RAIL)
    world.way([(-2000, 70), (2000, 70)], RAIL)
    extract = world.extract()
    assert _ends(extract, _attach(extract, shapely.Point(0, 61))) == [(0.0, 60.0)]
    assert len(_attach(extract, shapely.Point(0, 64)).place) == 0


@pytest.mark.parametrize("open_building", ["roof", "carport", "no"])
def test_a_roof_is_no_barrier(open_building: str) -> None:
    world = _street()
    world.way([(-2000, 105), (2000, 105)], FOOTWAY)
    world.area((-5, 10, 5, 30), {"building": open_building})
    assert _attach(world.extract(), shapely.Point(0, 40)).leg_m.tolist() == pytest.approx([40.0])


def test_a_place_may_stand_at_a_wall_of_its_own() -> None:
    world = _street()
    world.way([(-50, 20), (50, 20)], {"barrier": "wall"})
    assert _attach(world.extract(), shapely.Point(0, 20)).leg_m.tolist() == pytest.approx([20.0])


@pytest.mark.parametrize("level", [{"bridge": "yes"}, {"tunnel": "yes"}, {"indoor": "yes"}])
def test_nobody_steps_onto_a_bridge_or_into_a_tunnel_from_the_side(level: Tags) -> None:
    world = _street()
    world.way([(-2000, 0), (-2000, 60), (2000, 60)], {**FOOTWAY, **level})
    extract = world.extract()
    legs = _attach(extract, shapely.Point(0, 55))
    assert _ends(extract, legs) == [(0.0, 0.0)]


def test_a_scrap_of_path_is_not_used_where_a_real_network_is_within_reach() -> None:
    world = _street()
    world.way([(-20, 130), (20, 130)], FOOTWAY)
    extract = world.extract()
    assert _ends(extract, _attach(extract, shapely.Point(0, 125))) == [(0.0, 0.0)]
    # With nothing else within 150 m the scrap is what there is.
    assert _ends(extract, _attach(extract, shapely.Point(0, 160))) == [(0.0, 130.0)]


def test_beyond_150_metres_there_is_no_way() -> None:
    extract = _street().extract()
    assert _attach(extract, shapely.Point(0, 149.9)).leg_m.tolist() == pytest.approx([149.9])
    assert len(_attach(extract, shapely.Point(0, 150.1)).place) == 0


def test_every_door_within_30_metres_is_a_way_out_else_the_shortest_alone() -> None:
    extract = _street().extract()
    near = _attach(extract, shapely.MultiPoint([(0, 29), (100, 10), (200, 31)]))
    assert sorted(near.leg_m.tolist()) == pytest.approx([10.0, 29.0])
    far = _attach(extract, shapely.MultiPoint([(0, 90), (100, 45), (200, 60)]))
    assert far.leg_m.tolist() == pytest.approx([45.0])


def test_the_one_far_leg_is_the_shortest_free_one_of_all_doors_and_ways() -> None:
    world = World()
    world.way([(-300, 0), (600, 0)], FOOTWAY)
    world.way([(-300, 0), (-300, 75), (50, 75)], FOOTWAY)
    world.way([(-250, 5), (60, 5)], {"barrier": "wall"})
    # The first door's nearest way, 35 m off, is behind the wall; its next is nearer than the other
    # door's nearest, 100 m off.
    legs = _attach(world.extract(), shapely.MultiPoint([(0, 35), (400, 100)]))
    assert legs.leg_m.tolist() == pytest.approx([40.0])


@pytest.mark.parametrize("order", [1, -1])
def test_a_leg_to_where_a_way_is_cut_comes_from_the_side_the_way_lies_on(order: int) -> None:
    world = World()
    world.way([(-900, 0), (0, 0), (900, 0)], RAIL)
    north, south = [(0, 0), (-60, 700), (0, 1500)], [(0, 0), (60, -700), (0, -1500)]
    for way in (north, south)[::order]:
        world.way(way, FOOTWAY)
    extract = world.extract()
    network = build_network(extract)
    legs = _attach(extract, *points((20, 1), (-20, -1)))
    assert _ends(extract, legs) == [(0.0, 0.0), (0.0, 0.0)]
    far_y = np.maximum(network.xy[network.u, 1], network.xy[network.v, 1])[legs.segment]
    assert far_y.tolist() == [700.0, 0.0]


def test_a_place_walled_in_on_one_side_leaves_by_the_other() -> None:
    world = _street()
    world.way([(-2000, 62), (2000, 62)], FOOTWAY)
    world.way([(-100, 5), (100, 5)], {"barrier": "wall"})
    extract = world.extract()
    legs = _attach(extract, shapely.box(-5, 10, 5, 50))
    assert {y for _, y in _ends(extract, legs)} == {62.0}


def test_a_polygon_is_left_at_its_corners_and_every_twenty_metres() -> None:
    hole = [(20.0, 20.0), (20.0, 30.0), (30.0, 30.0)]
    square = shapely.Polygon([(0, 0), (50, 0), (50, 50), (0, 50)], [hole])
    xy, owner = product_access_points(np.array([square], dtype=object))
    # Fifty metres make three pieces of 16.7 m: four corners, and two points more on each side.
    assert len(xy) == 12
    assert {(round(x, 6), round(y, 6)) for x, y in xy.tolist()} == {
        (round(x, 6), round(y, 6)) for x, y in access_points(square)
    }
    assert owner.tolist() == [0] * 12


def test_multipolygons_points_and_entrances_are_left_at_their_own_places() -> None:
    parts = shapely.MultiPolygon([shapely.box(0, 0, 10, 10), shapely.box(90, 0, 95, 5)])
    shapes = [parts, shapely.Point(7, 8), shapely.MultiPoint([(1, 2), (3, 4)])]
    xy, owner = product_access_points(np.array(shapes, dtype=object))
    assert np.bincount(owner).tolist() == [8, 1, 2]
    for number, shape in enumerate(shapes):
        mine = [tuple(each) for each in xy[owner == number].tolist()]
        assert sorted(mine) == sorted(access_points(shape))


def test_a_leg_begins_where_it_says_and_has_its_length() -> None:
    extract = _street().extract()
    legs = _attach(extract, shapely.box(0, 7, 60, 40), shapely.Point(500, 20))
    assert legs.place.tolist() == sorted(legs.place.tolist())
    assert legs.attached(3).tolist() == [True, True, False]
    for start, end, metres in zip(
        legs.start_xy.tolist(), _ends(extract, legs), legs.leg_m.tolist(), strict=True
    ):
        assert math.dist(start, end) == pytest.approx(metres, abs=1e-6)
    assert min(legs.leg_m[legs.place == 0]) == pytest.approx(7.0)


def test_nothing_to_attach_gives_no_legs() -> None:
    assert len(_attach(_street().extract()).place) == 0
