"""Distances and drawn ways on the contracted network, against brute force on the same worlds."""

import math
from dataclasses import dataclass

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from oracle import Oracle, access_points
from tomteanalyse.network.barriers import find_barriers
from tomteanalyse.network.routing import Feet, Router
from tomteanalyse.network.snapping import Snapper
from tomteanalyse.network.walk import build_network
from worlds import FOOTWAY, RAIL, STREET, World, points

# Nothing square or round: two ways equally near would leave a choice.
COLUMNS = [0, 41, 78, 123, 161]
ROWS = [0, 37, 79, 121, 164, 199]
RAIL_Y = 100.0
KINDS = ["no way", "crossing", "no crossing", "no node", "askew", "twice", "a touch", "bridge"]
"""How a column meets the railway."""


@dataclass
class Case:
    """A town on both sides of a railway, plots in it and places to walk to."""

    world: World
    plots: list[shapely.Geometry]
    places: list[shapely.Geometry]
    crossings: list[tuple[float, float]]


def _away_from_rail(y: float) -> float:
    return y if abs(y - RAIL_Y) > 1.0 else y + 3.0


steps = st.lists(
    st.sampled_from([(0, 1), (0, -1), (1, 0), (-1, 0), (1, 1)]), min_size=1, max_size=9
)
quarter = st.integers(-120, 840).map(lambda quarters: quarters / 4)
spot = st.tuples(quarter.map(lambda x: x + 0.1), quarter.map(lambda y: _away_from_rail(y + 0.07)))
on_the_grid = st.tuples(st.sampled_from(COLUMNS), st.sampled_from(ROWS))


@st.composite
def towns(draw: st.DrawFn) -> Case:
    """Walks on a grid make rings, dead ends and parallel ways; columns meet the rail or do not."""
    world = World()
    crossings = []
    meets = []
    for x in COLUMNS:
        kind = draw(st.sampled_from(KINDS))
        if kind in ("crossing", "no crossing"):
            node = world.node(x, RAIL_Y, {"railway": "crossing"} if kind == "crossing" else None)
            meets.append(node)
            world.way([(x, 79), node, (x, 121)], FOOTWAY)
            crossings += [(float(x), RAIL_Y)] if kind == "crossing" else []
        elif kind == "bridge":
            world.way([(x, 79), (x, 121)], {**FOOTWAY, "bridge": "yes"})
            crossings.append((float(x), RAIL_Y))
        elif kind == "a touch":
            world.way([(x, 79), world.node(x, RAIL_Y), (x, 121)], FOOTWAY)
        elif kind != "no way":
            end = (x + 67.3, 140.9) if kind == "askew" else (x, 121)
            world.way([(x, 79), end], FOOTWAY)
            if kind == "twice":
                world.way([end, (x, 79)], STREET)
    world.way([(-200, RAIL_Y), (-13, RAIL_Y), *meets, (361, RAIL_Y)], RAIL)

    for start in draw(st.lists(on_the_grid, min_size=1, max_size=8)):
        column, row = COLUMNS.index(start[0]), ROWS.index(start[1])
        walk = [start]
        for east, north in draw(steps):
            next_column, next_row = column + east, row + north
            if not (0 <= next_column < len(COLUMNS) and 0 <= next_row < len(ROWS)):
                continue
            if {row, next_row} == {2, 3}:
                continue  # only the columns above cross the rail
            column, row = next_column, next_row
            walk.append((COLUMNS[column], ROWS[row]))
        if len(walk) > 1:
            world.way(walk, draw(st.sampled_from([FOOTWAY, STREET])))
    # A loop way, a second way between two nodes, a ring for itself, two nodes in one spot.
    world.way([(0, 0), (-31, -10), (-28, 9), (0, 0)], FOOTWAY)
    world.way([(0, 0), (20, -9), (41, 0)], FOOTWAY)
    world.way([(300, 2), (340, 0), (343, 44), (300, 2)], FOOTWAY)
    world.way([(41, 0), world.node(60, -19), world.node(60, -19), (78, 0)], FOOTWAY)

    walked = {world.xy[node] for _, nodes, tags in world.ways if tags != RAIL for node in nodes}
    on_a_way = st.sampled_from(sorted(xy for xy in walked if xy[1] != RAIL_Y))

    def shape() -> shapely.Geometry:
        x, y = draw(st.one_of(spot, on_a_way))
        if draw(st.booleans()):
            return shapely.Point(x, y)
        corners = [(0, 0), (31.5, 0.7), (30.9, 17.9), (0.4, 17.2)]
        return shapely.Polygon([(x + east, _away_from_rail(y + north)) for east, north in corners])

    plots = [shape() for _ in range(draw(st.integers(1, 3)))]
    places = [shape() for _ in range(draw(st.integers(1, 5)))]
    return Case(world, plots, [*places, places[0]], crossings)


def _routed(case: Case) -> tuple[Router, Feet]:
    extract = case.world.extract()
    network = build_network(extract)
    snapper = Snapper(network, find_barriers(extract))
    places = np.array(case.places, dtype=object)
    router = Router(network, snapper.attach(places), count=len(places))
    return router, router.feet(snapper.attach(np.array(case.plots, dtype=object)))


@settings(max_examples=50)
@given(towns())
def test_distances_to_every_place_and_to_the_nearest_equal_the_oracles(case: Case) -> None:
    router, feet = _routed(case)
    oracle = Oracle(case.world.extract(), [*case.plots, *case.places])
    count = len(case.plots)
    numbers = np.arange(len(case.places))
    to_all, _ = router.at_feet(feet, router.distances_from(numbers, limit_m=math.inf))
    field = router.nearest(numbers)
    to_nearest, by_end = router.at_feet(feet, field.distance)
    for plot in range(count):
        mine = np.flatnonzero(feet.place == plot)
        assert len(mine) == len(oracle.legs[plot])
        expected = [oracle.distance(plot, count + place) for place in numbers]
        found = [min(to_all[place, mine], default=math.inf) for place in numbers]
        assert found == pytest.approx(expected, abs=1e-3)
        best = min(to_nearest[mine], default=math.inf)
        assert best == pytest.approx(min(expected), abs=1e-3)
        if math.isfinite(best):
            leg = mine[np.argmin(to_nearest[mine])]
            ends = router.chains.b if by_end[leg] else router.chains.a
            place = int(field.place[ends[feet.edge[leg]]])
            assert expected[place] == pytest.approx(best, abs=1e-3)


@settings(max_examples=50)
@given(towns())
def test_a_route_is_as_long_as_its_distance_and_crosses_the_rail_where_one_may(case: Case) -> None:
    router, feet = _routed(case)
    numbers = np.arange(len(case.places))
    field = router.nearest(numbers)
    metres, by_end = router.at_feet(feet, field.distance)
    allowed = shapely.MultiPoint(case.crossings).buffer(0.1)
    for leg in np.flatnonzero(np.isfinite(metres)).tolist():
        route = router.route(feet, leg, field, by_end=bool(by_end[leg]))
        assert route.length == pytest.approx(metres[leg], abs=1e-3)
        start, end = route.coords[0], route.coords[-1]
        plot = case.plots[feet.place[leg]]
        assert min(math.dist(start, door) for door in access_points(plot)) < 1e-5
        ends = router.chains.b if by_end[leg] else router.chains.a
        place = case.places[field.place[ends[feet.edge[leg]]]]
        assert min(math.dist(end, door) for door in access_points(place)) < 1e-5
        # A leg may end where a way was cut, on the railway itself.
        _, low, _, high = shapely.bounds(shapely.get_parts(route.difference(allowed))).T
        assert not ((low < RAIL_Y - 1e-6) & (high > RAIL_Y + 1e-6)).any()


def _street_case(*places: tuple[float, float], plot: tuple[float, float] = (0.0, 5.0)) -> Case:
    world = World()
    world.way([(-1000, 0), (1000, 0)], FOOTWAY)
    return Case(world, [shapely.Point(plot)], [*points(*places)], [])


def test_on_a_street_the_distance_is_what_one_counts_by_hand() -> None:
    router, feet = _routed(_street_case((300, 7), (-200, 12)))
    to_all, _ = router.at_feet(feet, router.distances_from(np.arange(2), limit_m=math.inf))
    assert to_all[:, 0].tolist() == pytest.approx([5 + 300 + 7, 5 + 200 + 12])


@pytest.mark.parametrize("copies", [1, 2, 3, 8])
def test_on_a_stretch_that_several_ways_share_one_walks_straight_along(copies: int) -> None:
    world = World()
    for copy in range(copies):
        world.way([(0, 0), (200, 0)], (FOOTWAY, STREET)[copy % 2])
    along = range(20, 181, 5)
    case = Case(world, [shapely.Point(101, 4)], [*points(*((x, 3.0) for x in along))], [])
    router, feet = _routed(case)
    numbers = np.arange(len(along))
    metres, _ = router.at_feet(feet, router.distances_from(numbers, limit_m=math.inf))
    assert metres[:, 0].tolist() == pytest.approx([abs(x - 101) + 7.0 for x in along], abs=1e-3)


def test_a_place_at_the_plots_own_foot_is_only_the_two_legs_away() -> None:
    case = _street_case((0, -8))
    router, feet = _routed(case)
    field = router.nearest(np.array([0]))
    metres, by_end = router.at_feet(feet, field.distance)
    assert metres.tolist() == pytest.approx([13.0])
    route = router.route(feet, 0, field, by_end=bool(by_end[0]))
    assert np.allclose(route.coords, [(0, 5), (0, 0), (0, -8)])


def test_no_way_leads_through_a_place_with_doors_on_two_streets() -> None:
    world = World()
    world.way([(-2000, 0), (2000, 0)], FOOTWAY)
    world.way([(-2000, 50), (2000, 50)], FOOTWAY)
    mall = shapely.MultiPoint([(0, 10), (0, 40)])
    case = Case(world, [shapely.Point(0, -5)], [mall, shapely.Point(0, 55)], [])
    router, feet = _routed(case)
    to_all, _ = router.at_feet(feet, router.distances_from(np.arange(2), limit_m=math.inf))
    assert to_all[:, 0].tolist() == pytest.approx([15.0, math.inf])


def test_terminals_beyond_the_limit_are_not_found() -> None:
    router, feet = _routed(_street_case((300, 7)))
    whole, _ = router.at_feet(feet, router.distances_from(np.array([0]), limit_m=1400.0))
    assert whole.tolist() == [pytest.approx([312.0])]
    # From the place 7 m to its foot, 700 m to the east end, 1300 m to the west end.
    for limit, found in ((1400.0, [7.0, 707.0, 1307.0]), (708.0, [7.0, 707.0]), (8.0, [7.0])):
        metres = router.distances_from(np.array([0]), limit_m=limit)
        assert np.sort(metres[np.isfinite(metres)]).tolist() == pytest.approx(found)


def test_a_class_without_places_is_nowhere() -> None:
    router, feet = _routed(_street_case((300, 7)))
    field = router.nearest(np.zeros(0, dtype=np.int64))
    metres, _ = router.at_feet(feet, field.distance)
    assert np.isinf(metres).all()
    assert (field.place == -1).all()


def test_a_place_far_from_every_way_has_no_legs() -> None:
    router, _ = _routed(_street_case((300, 7), (300, 700)))
    assert router.has_legs(np.arange(2)).tolist() == [True, False]


def test_equal_distances_give_the_same_place_whatever_the_order_of_the_ways() -> None:
    def nearest(world: World) -> tuple[float, list[tuple[float, float]]]:
        case = Case(world, [shapely.Point(0, 5)], [*points((300, 7), (-300, 7))], [])
        router, feet = _routed(case)
        field = router.nearest(np.arange(2))
        metres, by_end = router.at_feet(feet, field.distance)
        route = router.route(feet, 0, field, by_end=bool(by_end[0]))
        return float(metres[0]), [(x, y) for x, y in route.coords]

    world = World()
    world.way([(0, 0), (1000, 0)], FOOTWAY)
    world.way([(-1000, 0), (0, 0)], FOOTWAY)
    metres, route = nearest(world)
    world.ways.reverse()
    turned_metres, turned_route = nearest(world)
    assert turned_metres == pytest.approx(metres)
    assert np.allclose(turned_route, route)
