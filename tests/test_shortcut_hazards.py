"""Severities by the table, sides by the sector, fences by the metre, a lattice that stays put."""

from itertools import pairwise

import numpy as np
import pytest
import shapely
from tests.shortcut_worlds import RAIL, barrier, pair_in, two_footways
from tests.worlds import FOOTWAY, World

from tomteanalyse.extract import Tags
from tomteanalyse.network.shortcuts.crossing_classes import (
    SAFE,
    TOLERABLE,
    UNSAFE,
    Meeting,
    rail_crossing,
    road_crossing,
)
from tomteanalyse.network.shortcuts.hazards import FOOT, NOTHING, ROAD, STREET, line_roles
from tomteanalyse.network.shortcuts.hazards import RAIL as TRACK
from tomteanalyse.network.shortcuts.lattice import lattice_points
from tomteanalyse.network.shortcuts.severity import (
    fatality,
    lane_count,
    rail_severity,
    road_severity,
    road_speed,
)
from tomteanalyse.network.shortcuts.surroundings import find_surroundings


@pytest.mark.parametrize(
    ("speed", "share"),
    [(30, 0.046), (40, 0.121), (50, 0.281), (60, 0.526), (80, 0.899), (110, 0.995)],
)
def test_the_chance_to_die_follows_the_published_curve(speed: float, share: float) -> None:
    assert fatality(speed) == pytest.approx(share, abs=1.5e-3)


@pytest.mark.parametrize(
    ("tags", "severity"),
    [
        ({"highway": "motorway"}, 0.94 + 0.06 * 0.94),
        ({"highway": "motorway", "oneway": "yes"}, 0.94),
        ({"highway": "trunk"}, 0.81),
        ({"highway": "primary"}, 0.45),
        ({"highway": "secondary"}, 0.20),
        ({"highway": "tertiary"}, 0.15),
        ({"highway": "busway"}, 0.11),
        ({"highway": "unclassified"}, 0.08),
        ({"highway": "residential"}, 0.01),
        ({"highway": "primary", "maxspeed": "50", "lanes": "4"}, 1 - (1 - 0.2389) ** 2),
    ],
)
def test_a_road_is_as_severe_as_its_speed_traffic_and_lanes(tags: Tags, severity: float) -> None:
    speed, _ = road_speed(tags, built_up=True)
    found, _ = road_severity(tags, speed=speed, lanes=lane_count(tags))
    assert found == pytest.approx(severity, abs=6e-3)


def test_outside_built_up_areas_the_general_limit_is_assumed() -> None:
    assert road_speed({"highway": "secondary"}, built_up=False) == (80.0, True)
    assert road_speed({"highway": "secondary"}, built_up=True) == (50.0, True)
    assert road_speed({"highway": "secondary", "maxspeed": "60"}, built_up=False) == (60.0, False)
    assert road_speed({"highway": "residential"}, built_up=False) == (30.0, True)
    assert road_speed({"highway": "trunk", "motorroad": "yes"}, built_up=True) == (90.0, True)


@pytest.mark.parametrize(
    ("landuse", "speed"),
    [("farmland", 80.0), ("residential", 50.0), ("industrial", 50.0), (None, 80.0)],
)
def test_what_the_land_is_used_for_says_where_the_general_limit_ends(
    landuse: str | None, speed: float
) -> None:
    world = World()
    world.way([(0, 0), (50, 0), (100, 0)], {"highway": "secondary"})
    if landuse:
        world.area((-50, -50, 150, 50), {"landuse": landuse})
    roles = line_roles(world.extract(), least_severity=0.1)
    assert (roles.speed.tolist(), roles.speed_assumed.tolist()) == ([speed], [True])


@pytest.mark.parametrize(
    ("tags", "severity"),
    [
        ({"railway": "rail"}, 0.9),
        ({"railway": "rail", "usage": "branch"}, 0.7),
        ({"railway": "rail", "usage": "main", "service": "yard"}, 0.4),
        ({"railway": "rail", "maxspeed": "30"}, 0.9 * 0.75),
        ({"railway": "rail", "maxspeed": "10"}, 0.45),
        ({"railway": "subway"}, 0.95),
        ({"railway": "light_rail"}, 0.7),
        ({"railway": "tram"}, 0.2),
        ({"railway": "tram", "maxspeed": "70"}, 0.5),
        ({"railway": "disused"}, None),
        ({"railway": "platform"}, None),
        ({"railway": "miniature"}, None),
    ],
)
def test_a_track_is_as_severe_as_its_use(tags: Tags, severity: float | None) -> None:
    found = rail_severity(tags)
    assert found == (None if severity is None else pytest.approx(severity))


@pytest.mark.parametrize(
    ("tags", "role"),
    [
        ({"highway": "secondary", "maxspeed": "80"}, ROAD),
        ({"highway": "secondary", "maxspeed": "80", "tunnel": "yes"}, NOTHING),
        ({"highway": "residential"}, STREET),
        ({"highway": "service", "access": "private"}, NOTHING),
        ({"highway": "path"}, FOOT),
        ({"railway": "rail", "layer": "-1"}, NOTHING),
        ({"railway": "rail", "covered": "yes"}, TRACK),
        ({"highway": "proposed"}, NOTHING),
    ],
)
def test_every_line_has_its_role(tags: Tags, role: int) -> None:
    world = World()
    world.way([(0, 0), (100, 0)], tags)
    assert line_roles(world.extract(), least_severity=0.1).role.tolist() == [role]


def meeting(tags: Tags, **found: bool) -> Meeting:
    return Meeting(
        tags,
        foot=found.get("foot", False),
        street=found.get("street", False),
        both_sides=found.get("both_sides", False),
        unshared=found.get("unshared", False),
    )


ZEBRA = {"highway": "crossing", "crossing": "uncontrolled"}


@pytest.mark.parametrize(
    ("tags", "speed", "lanes", "expected"),
    [
        (ZEBRA, 50, 2, SAFE),
        (ZEBRA, 50, 4, TOLERABLE),
        (ZEBRA, 60, 4, UNSAFE),
        ({**ZEBRA, "crossing:island": "yes"}, 60, 4, TOLERABLE),
        (ZEBRA, 70, 2, UNSAFE),
        ({"crossing": "traffic_signals"}, 80, 4, TOLERABLE),
        ({"highway": "crossing", "crossing": "unmarked"}, 50, 2, TOLERABLE),
        ({"highway": "crossing", "crossing": "unmarked"}, 50, 3, UNSAFE),
        ({}, 40, 2, UNSAFE),
    ],
)
def test_a_crossing_is_as_good_as_its_road_lets_it_be(
    tags: Tags, speed: float, lanes: int, expected: int
) -> None:
    found, _ = road_crossing(meeting(tags), speed_kmh=speed, lanes=lanes, motorway=False)
    assert found == expected
    assert road_crossing(meeting(tags), speed_kmh=speed, lanes=lanes, motorway=True)[0] == UNSAFE


def test_a_track_is_crossed_safely_only_where_something_warns() -> None:
    assert (
        rail_crossing(meeting({"railway": "level_crossing", "crossing:barrier": "full"}))[0] == SAFE
    )
    assert rail_crossing(meeting({"railway": "crossing"}))[0] == TOLERABLE
    assert rail_crossing(meeting({}, foot=True)) == (UNSAFE, 2)
    assert rail_crossing(meeting({}, street=True)) == (TOLERABLE, 2)
    assert rail_crossing(meeting({}, foot=True), tram=True) == (TOLERABLE, 2)
    assert rail_crossing(meeting({}))[0] == UNSAFE


@pytest.mark.parametrize(
    ("node", "path", "safe"),
    [
        ({}, {"highway": "path"}, False),
        ({"railway": "switch"}, {"highway": "path"}, False),
        ({"railway": "crossing;tram_crossing"}, {"highway": "path"}, True),
        ({"crossing": "unmarked"}, {"highway": "path"}, True),
        ({"crossing": "no"}, {"highway": "path", "crossing": "unmarked"}, False),
        ({}, {"highway": "path", "crossing": "unmarked"}, True),
        ({}, {"highway": "footway", "footway": "crossing"}, True),
        ({}, {"highway": "path", "path": "crossing"}, True),
        ({}, {"highway": "path", "crossing": "no"}, False),
    ],
)
def test_a_path_over_a_track_is_a_crossing_where_anything_says_so(
    node: Tags, path: Tags, safe: bool
) -> None:
    world = World(bounds=(-900, -900, 900, 900))
    meeting_place = world.node(0, 0, node)
    world.way([(-880, 0), meeting_place, (880, 0)], RAIL)
    world.way([(0, -50), (0, -10)], FOOTWAY)
    world.way([(0, -10), meeting_place, (0, 10)], path)
    world.way([(0, 10), (0, 50)], FOOTWAY)
    pair = pair_in(world)
    assert (pair.safe is not None) == safe
    assert (pair.risk == 0.0) == safe


def test_a_path_ends_on_its_own_side_of_the_track() -> None:
    world = World(bounds=(-900, -900, 900, 900))
    barrier(world, RAIL)
    # The path touches the track at a node that says that nobody may cross.
    stop = world.node(0, 0, {"crossing": "no"})
    world.ways[0] = (1, [world.ways[0][1][0], stop, world.ways[0][1][-1]], RAIL)
    world.way([(0, -50), stop], FOOTWAY)
    world.way([stop, (0, 50)], FOOTWAY)
    pair = pair_in(world)
    assert pair.safe is None
    assert pair.costs[3] == pytest.approx(100 + 46)


def test_one_walks_round_the_end_of_a_track_but_not_where_the_extract_cuts_it() -> None:
    def n_cost(edge: float) -> float:
        world = World(bounds=(-400, -400, edge, 400))
        world.way([(-3000, 0), (0, 0), (60, 0)], RAIL)
        return pair_in(world, (0, -50), (0, 50)).costs[1]

    assert 1.5 * 2 * np.hypot(60, 50) <= n_cost(400) < 1.5 * 2 * np.hypot(60, 50) * 1.1
    assert n_cost(90) == 2500


def test_a_fence_costs_what_it_takes_to_climb_and_nothing_at_its_gate() -> None:
    world = World()
    gate = world.node(0, 0, {"barrier": "gate"})
    world.way([(-100, 0), gate, (100, 0)], {"barrier": "fence"})
    world.way([(-100, 10), (100, 10)], {"barrier": "wall", "wall": "noise_barrier"})
    world.way([(-100, 20), (100, 20)], {"barrier": "kerb"})
    around = find_surroundings(world.extract(), unknown_ground=1.5)
    steps = shapely.linestrings([[(x, -5), (x, y)] for x, y in ((1, 5), (3, 5), (3, 30))])
    assert around.climbing(steps).tolist() == [0, 40, 120]


def test_the_smallest_area_says_what_a_metre_costs() -> None:
    world = World()
    world.way([(500, 500), (600, 500)], FOOTWAY)
    world.area((0, 0, 100, 100), {"landuse": "forest"})
    world.area((10, 10, 20, 20), {"leisure": "playground"})
    around = find_surroundings(world.extract(), unknown_ground=1.5)
    points = shapely.points([(50, 50), (15, 15), (200, 0)])
    assert around.ground_cost(points).tolist() == [1.67, 1.05, 1.5]


def test_a_yard_keeps_one_full_penalty_for_every_15_metres_of_width() -> None:
    world = two_footways(300)
    world.ways.clear()
    for y in (-80.0, 80.0):
        world.way([(0, y), (300, y)], FOOTWAY)
    world.way([(300, -80), (300, 80)], {**FOOTWAY, "tunnel": "yes", "layer": "-1"})
    tracks = np.arange(-30.0, 31.0, 5.0)
    for y in tracks:
        barrier(world, RAIL, float(y))
    pair = pair_in(world, (0, -80), (0, 80))
    # 60 m wide: four full penalties of 46 m, and four severities of 0.9.
    assert pair.costs[3] == pytest.approx(1.5 * 160 + 4 * 46, rel=1e-6)
    assert pair.severe.severity == pytest.approx(1 - 0.1**4)
    assert [each.xy[1] for each in pair.severe.crossings] == tracks.tolist()


def test_the_lattice_does_not_depend_on_where_it_is_looked_at() -> None:
    whole = lattice_points((-200, -200, 200, 200), None, spacing_m=25)
    part = lattice_points((-200, -200, 200, 200), shapely.box(-60, -40, 90, 110), spacing_m=25)
    inside = whole[
        (whole[:, 0] > -60) & (whole[:, 0] < 90) & (whole[:, 1] > -40) & (whole[:, 1] < 110)
    ]
    assert part.tolist() == inside.tolist()
    assert [0.0, 0.0] in whole.tolist()
    apart = sorted({round(y, 6) for y in whole[:, 1].tolist()})
    assert np.allclose([b - a for a, b in pairwise(apart)], 25 * np.sqrt(3) / 2)


def test_a_way_drawn_right_on_a_track_does_not_lead_across_it() -> None:
    world = World(bounds=(-900, -900, 900, 900))
    middle = (20.0, 7.0)
    world.way([(-880, 0), (0, 0), middle, (880, 0)], RAIL)
    world.way([(0, 0), middle], {**FOOTWAY})
    world.way([(0, -50), (0, 0)], FOOTWAY)
    world.way([middle, (20, 50)], FOOTWAY)
    for node in (2, 3):
        world.node_tags[node] = {"crossing": "no"}
    pair = pair_in(world, (0, -50), (20, 50))
    assert pair.safe is None
    assert pair.risk > 0.8
