"""Four things that users will try: a fence, a line that is none, the map's edge, a missing tag."""

from dataclasses import replace

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from tests.shortcut_worlds import DESTINATION, HALF_M, PLOT, RAIL, barrier, pair_in, two_footways
from tests.worlds import FOOTWAY, World

from tomteanalyse.extract import Tags
from tomteanalyse.measures.shortcuts.measure import ShortcutMeasure, measure_shortcuts
from tomteanalyse.network.shortcuts.parameters import FINE, SCREEN, ShortcutParameters

MOTORWAY: Tags = {"highway": "motorway", "maxspeed": "110"}


NEARBY = replace(SCREEN, limit_m=1000.0)
"""No way is longer in these towns, and the ground farther off need not be looked at."""


def measure(world: World) -> ShortcutMeasure:
    """Measure the plot and the destination of a world with everything that is said of them."""
    return measure_shortcuts(
        world.extract(),
        gpd.GeoSeries([shapely.Point(PLOT)], index=pd.Index(["T01"], name="plot_id")),
        gpd.GeoDataFrame(
            {"category": ["shop"], "name": ["Butikk"], "stop": ["n1"], "station": [False]},
            geometry=[shapely.Point(DESTINATION)],
            index=pd.Index(["n1"], name="destination_id"),
        ),
        parameters=NEARBY,
    )


def town(hazard: Tags | None, d: float = 300.0) -> World:
    world = two_footways(d)
    if hazard:
        barrier(world, hazard)
    return world


@pytest.mark.parametrize("parameters", [SCREEN, FINE], ids=["screen", "fine"])
@pytest.mark.parametrize("hazard", [RAIL, MOTORWAY], ids=["rail", "motorway"])
@pytest.mark.parametrize(
    ("tags", "climb_m"),
    [
        ({"barrier": "hedge"}, 15),
        ({"barrier": "fence"}, 40),
        ({"barrier": "wall"}, 60),
        ({"barrier": "wall", "wall": "noise_barrier"}, 80),
    ],
)
def test_a_fence_lowers_the_risk_and_does_not_cancel_it(
    tags: Tags, climb_m: float, hazard: Tags, parameters: ShortcutParameters
) -> None:
    fenced = town(hazard)
    fenced.way([(-HALF_M, -20), (HALF_M, -20)], tags)
    open_, closed = (pair_in(world, parameters=parameters) for world in (town(hazard), fenced))
    assert open_.saving_m - closed.saving_m == pytest.approx(climb_m)
    assert 0.5 < closed.risk < open_.risk
    assert len(closed.severe.crossings) == len(open_.severe.crossings) == 1


def test_a_hole_in_the_fence_gives_back_what_the_fence_took() -> None:
    holed = town(RAIL)
    gate = holed.node(0, -20, {"barrier": "gate"})
    holed.way([(-HALF_M, -20), gate, (HALF_M, -20)], {"barrier": "fence"})
    assert pair_in(holed).risk == pytest.approx(pair_in(town(RAIL)).risk)


@pytest.mark.parametrize(
    "tags",
    [
        {"railway": "rail", "tunnel": "yes", "layer": "-1"},
        {"railway": "rail", "tunnel": "yes"},
        {"railway": "rail", "layer": "-2"},
        {"railway": "subway", "location": "underground"},
        {"highway": "motorway", "maxspeed": "110", "tunnel": "yes", "layer": "-1"},
        {"railway": "rail", "bridge": "viaduct", "layer": "1"},
        {"highway": "motorway", "maxspeed": "110", "bridge": "yes", "layer": "1"},
        {"railway": "disused"},
        {"railway": "abandoned"},
        {"railway": "razed"},
        {"railway": "construction", "construction": "rail"},
        {"railway": "proposed", "proposed": "rail"},
    ],
    ids=lambda tags: " ".join(f"{key}={value}" for key, value in tags.items()),
)
def test_a_tunnel_a_viaduct_and_a_line_without_trains_give_no_finding(tags: Tags) -> None:
    found = measure(town(tags))
    (pair,) = found.pairs
    assert found.risk["T01"] == 0.0
    assert not pair.severe.crossings
    assert not pair.severe.along
    assert found.flags == ((),)


@pytest.mark.parametrize("street", ["residential", "pedestrian", "living_street"])
def test_a_tram_in_the_street_gives_no_finding_and_one_on_its_own_ground_does(
    street: str,
) -> None:
    in_street = town({"railway": "tram"})
    barrier(in_street, {"highway": street}, 4)
    assert measure(in_street).risk["T01"] == 0.0
    assert measure(town({"railway": "tram"})).risk["T01"] > 0.1


def at_the_edge(east: float) -> World:
    """Return a town whose extract ends at an x."""
    world = town(RAIL, d=-400.0)
    world.bounds = (-2500.0, -2500.0, east, 2500.0)
    return world


def test_a_plot_near_the_edge_of_the_map_says_so() -> None:
    inside, outside = measure(at_the_edge(1510.0)), measure(at_the_edge(1490.0))
    assert not inside.near_edge["T01"]
    assert outside.near_edge["T01"]


def test_a_saving_that_a_way_beyond_the_edge_could_undo_is_marked_so() -> None:
    # The safe way is 900 m; by the edge and back it is more than twice as far as the edge lies.
    far, near = measure(at_the_edge(600.0)), measure(at_the_edge(300.0))
    assert far.pairs[0].costs == near.pairs[0].costs
    assert "edge" not in far.flags[0]
    assert "edge" in near.flags[0]


def test_a_missing_speed_is_assumed_outside_towns_as_the_law_has_it_and_said() -> None:
    found = measure(town({"highway": "secondary"}))
    (crossing,) = found.pairs[0].severe.crossings
    assert (crossing.speed_kmh, crossing.speed_assumed) == (80.0, True)
    assert crossing.severe
    assert "default_speed" in found.flags[0]


def test_a_mapped_speed_is_not_called_assumed() -> None:
    found = measure(town({"highway": "secondary", "maxspeed": "80"}))
    assert "default_speed" not in found.flags[0]
    assert not found.pairs[0].severe.crossings[0].speed_assumed


def test_missing_lanes_are_as_many_as_the_class_usually_has() -> None:
    lanes, risk = [], []
    for tags in (MOTORWAY, {**MOTORWAY, "lanes": "4"}, {**MOTORWAY, "oneway": "yes"}):
        (pair,) = measure(town(tags)).pairs
        lanes.append(pair.severe.crossings[0].lanes)
        risk.append(pair.risk)
    assert lanes == [4, 4, 2]
    assert risk[0] == risk[1] > risk[2] > 0.8


def path_across(hazard: Tags, node: Tags) -> ShortcutMeasure:
    """Measure with a path at x = 0 that shares a node with the hazard."""
    world = two_footways(300)
    middle = world.node(0, 0, node)
    barrier(world, hazard)
    world.way([(0, -50), middle, (0, 50)], FOOTWAY)
    return measure(world)


def test_a_crossing_of_unknown_kind_on_a_railway_is_marked_and_not_safe() -> None:
    found = path_across(RAIL, {})
    assert found.flags == (("unverified",),)
    assert found.risk["T01"] > 0.5
    assert found.pairs[0].safe_distance_m == pytest.approx(700.0)


def test_a_crossing_of_unknown_kind_is_no_crossing_of_a_fast_road() -> None:
    for node in ({}, {"highway": "crossing"}, {"highway": "crossing", "crossing": "yes"}):
        found = path_across({"highway": "secondary", "maxspeed": "80"}, node)
        assert found.risk["T01"] > 0.5, node


def test_where_no_crossing_is_mapped_for_300_metres_the_map_may_lack_them() -> None:
    slow = {"highway": "primary", "maxspeed": "50"}
    assert "few_crossings_mapped" in measure(town(slow)).flags[0]
    mapped = town(slow)
    mapped.node(250, 0, {"highway": "crossing", "crossing": "marked"})
    assert "few_crossings_mapped" not in measure(mapped).flags[0]


def test_lines_that_cross_without_a_node_are_marked() -> None:
    world = town(RAIL)
    world.way([(0, -50), (0, 50)], FOOTWAY)
    assert "unverified_grade" in measure(without_node(world)).flags[0]


def without_node(world: World) -> World:
    """Draw the railway without a node at x = 0."""
    world.ways = [
        (way, [nodes[0], nodes[-1]] if "railway" in tags else nodes, tags)
        for way, nodes, tags in world.ways
    ]
    return world
