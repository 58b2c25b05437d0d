"""The safe network: joined where people can walk, cut where only a hazard joins it."""

import networkx as nx
import numpy as np
import pytest

from oracle import Oracle
from tomteanalyse.errors import DataError
from tomteanalyse.extract import Tags
from tomteanalyse.network.walk import WalkNetwork, build_network, cuts_table
from tomteanalyse.network.way_classes import WayClass
from worlds import CRS, FAST_ROAD, FOOTWAY, MOTORWAY, RAIL, STREET, Place, World


def _crossing(
    hazard: Tags,
    *,
    node: Tags | None = None,
    way: Tags | None = None,
    shared: bool = True,
) -> World:
    """A way from south to north over a hazard from west to east, with or without a shared node."""
    world = World()
    middle = [world.node(0, 0, node)] if shared else []
    world.way([(-100, 0), *middle, (100, 0)], hazard)
    world.way([(0, -100), *middle, (0, 100)], way or FOOTWAY)
    return world


def _parts(network: WalkNetwork) -> int:
    return network.counts["connected_parts"]


ROAD_60: Tags = {"highway": "secondary", "maxspeed": "60"}
ROAD_70: Tags = {"highway": "secondary", "maxspeed": "70"}


@pytest.mark.parametrize(
    ("hazard", "node", "joined"),
    [
        (RAIL, {}, False),
        (RAIL, {"railway": "crossing"}, True),
        (RAIL, {"railway": "level_crossing"}, True),
        (RAIL, {"railway": "tram_crossing"}, True),
        (RAIL, {"railway": "level_crossing;tram_level_crossing"}, True),
        (RAIL, {"crossing": "unmarked"}, True),
        (RAIL, {"railway": "crossing", "crossing": "no"}, False),
        (RAIL, {"railway": "switch"}, False),
        (RAIL, {"highway": "crossing", "crossing": "zebra"}, True),
        (RAIL, {"highway": "crossing"}, False),
        (MOTORWAY, {}, False),
        (MOTORWAY, {"highway": "crossing", "crossing": "traffic_signals"}, False),
        (FAST_ROAD, {}, False),
        (FAST_ROAD, {"highway": "crossing", "crossing": "uncontrolled"}, False),
        (FAST_ROAD, {"highway": "crossing", "crossing": "traffic_signals"}, True),
        (FAST_ROAD, {"crossing": "uncontrolled", "crossing:signals": "yes"}, True),
        (FAST_ROAD, {"highway": "traffic_signals"}, False),
        (FAST_ROAD, {"highway": "traffic_signals", "crossing": "zebra"}, True),
        (ROAD_60, {}, False),
        (ROAD_60, {"highway": "crossing", "crossing": "unmarked"}, False),
        (ROAD_60, {"highway": "crossing", "crossing": "uncontrolled"}, True),
        (ROAD_60, {"crossing": "zebra"}, True),
        (ROAD_60, {"crossing": "zebra", "crossing:markings": "no"}, False),
        (ROAD_60, {"crossing:markings": "zebra"}, True),
        (ROAD_60, {"crossing_ref": "zebra"}, True),
        (ROAD_60, {"highway": "crossing", "crossing": "no"}, False),
        ({**ROAD_60, "lanes": "4"}, {"crossing": "zebra"}, False),
        ({**ROAD_60, "lanes": "4"}, {"crossing": "zebra", "crossing:island": "yes"}, True),
        ({**ROAD_60, "lanes": "4"}, {"crossing": "island"}, True),
        (ROAD_70, {"crossing": "zebra"}, False),
        (ROAD_70, {"crossing": "traffic_signals"}, True),
    ],
)
def test_a_hazard_cuts_a_way_unless_a_crossing_that_counts_is_mapped(
    hazard: Tags, node: Tags, joined: bool
) -> None:
    network = build_network(_crossing(hazard, node=node).extract())
    assert (_parts(network) == 1) is joined
    assert len(network.cuts) == (0 if joined else 1)


def test_a_street_of_fifty_is_walked_and_crossed_anywhere() -> None:
    network = build_network(_crossing({"highway": "primary", "maxspeed": "50"}).extract())
    assert _parts(network) == 1
    assert network.length.sum() == pytest.approx(400.0)


def test_a_cut_names_the_hazard_its_node_and_where() -> None:
    network = build_network(_crossing(RAIL).extract())
    (cut,) = network.cuts
    assert (cut.kind, cut.node, cut.way, cut.xy) == (WayClass.RAIL, 1, 1, (0.0, 0.0))
    table = cuts_table(network, crs=CRS)
    assert table.drop(columns="geometry").to_numpy().tolist() == [["rail", 1, 1]]
    assert (table.geometry.iloc[0].x, table.geometry.iloc[0].y) == (0.0, 0.0)


def test_no_cuts_give_an_empty_table_with_the_same_columns() -> None:
    table = cuts_table(build_network(_crossing(STREET).extract()), crs=CRS)
    assert len(table) == 0
    assert [*table.columns] == ["kind", "node", "way", "geometry"]


def test_where_the_rail_ends_one_may_walk_round_it() -> None:
    world = World()
    world.way([(0, 0), (100, 0)], RAIL)
    world.way([(0, -100), (0, 0), (0, 100)], FOOTWAY)
    network = build_network(world.extract())
    assert (_parts(network), network.cuts) == (1, ())


def test_where_a_street_becomes_a_fast_road_nothing_is_cut() -> None:
    world = World()
    world.way([(-100, 0), (0, 0)], STREET)
    world.way([(0, 0), (100, 0)], FAST_ROAD)
    world.way([(0, 0), (0, 100)], FOOTWAY)
    network = build_network(world.extract())
    assert (_parts(network), network.cuts) == (1, ())


def test_a_rail_drawn_as_two_ways_cuts_at_their_joint_as_well() -> None:
    world = World()
    world.way([(-100, 0), (0, 0)], RAIL)
    world.way([(0, 0), (100, 0)], RAIL)
    world.way([(0, -100), (0, 0), (0, 100)], FOOTWAY)
    network = build_network(world.extract())
    assert (_parts(network), len(network.cuts)) == (2, 1)


def test_ways_on_the_same_side_of_a_rail_stay_joined() -> None:
    world = World()
    world.way([(-100, 0), (0, 0), (100, 0)], RAIL)
    for end in ((-60, 80), (0, 100), (60, 80)):
        world.way([(0, 0), end], FOOTWAY)
    for end in ((-60, -80), (60, -80)):
        world.way([(0, 0), end], FOOTWAY)
    network = build_network(world.extract())
    assert _parts(network) == 2
    assert sorted(network.component_length.tolist()) == pytest.approx([200.0, 300.0])
    assert len(network.cuts) == 1


def test_three_ways_on_one_side_of_a_rail_are_not_cut_at_all() -> None:
    world = World()
    world.way([(-100, 0), (0, 0), (100, 0)], RAIL)
    for end in ((-60, 80), (0, 100), (60, 80)):
        world.way([(0, 0), end], FOOTWAY)
    network = build_network(world.extract())
    assert (_parts(network), network.cuts) == (1, ())


def test_a_switch_with_three_arms_parts_the_ground_in_three() -> None:
    world = World()
    world.way([(-100, 0), (0, 0), (100, 40)], RAIL)
    world.way([(0, 0), (100, -40)], RAIL)
    for end in ((0, 100), (0, -100), (100, 0)):
        world.way([(0, 0), end], FOOTWAY)
    network = build_network(world.extract())
    assert (_parts(network), len(network.cuts)) == (3, 1)


def test_two_tracks_each_need_a_crossing() -> None:
    world = World()
    low, high = world.node(0, 0, {"railway": "crossing"}), world.node(0, 5)
    world.way([(-100, 0), low, (100, 0)], RAIL)
    world.way([(-100, 5), high, (100, 5)], RAIL)
    world.way([(0, -100), low, high, (0, 100)], FOOTWAY)
    network = build_network(world.extract())
    assert [cut.node for cut in network.cuts] == [high]
    assert _parts(network) == 2


@pytest.mark.parametrize(
    "way",
    [
        {"highway": "footway", "bridge": "yes", "layer": "1"},
        {"highway": "footway", "bridge": "yes"},
        {"highway": "footway", "tunnel": "yes", "layer": "-1"},
        {"highway": "footway", "tunnel": "yes"},
        {"highway": "footway", "layer": "-1"},
    ],
)
def test_a_way_over_or_under_a_rail_passes_without_a_node(way: Tags) -> None:
    network = build_network(_crossing(RAIL, way=way, shared=False).extract())
    assert (_parts(network), network.cuts) == (1, ())
    assert network.length.sum() == pytest.approx(200.0)


@pytest.mark.parametrize(
    "hazard",
    [
        {"railway": "rail", "bridge": "yes", "layer": "1"},
        {"railway": "rail", "tunnel": "yes"},
        {"highway": "motorway", "bridge": "yes"},
        {"highway": "motorway", "tunnel": "yes", "layer": "-1"},
    ],
)
def test_a_hazard_on_a_bridge_or_in_a_tunnel_cuts_nothing(hazard: Tags) -> None:
    network = build_network(_crossing(hazard, shared=False).extract())
    assert (_parts(network), network.cuts) == (1, ())


def test_bridges_and_tunnels_are_not_at_ground() -> None:
    world = World()
    world.way([(0, 0), (0, 50)], FOOTWAY)
    world.way([(0, 50), (0, 90)], {"highway": "footway", "bridge": "yes"})
    world.way([(0, 90), (0, 120)], {"highway": "footway", "tunnel": "yes"})
    network = build_network(world.extract())
    assert dict(zip(network.length.tolist(), network.at_ground.tolist(), strict=True)) == {
        50.0: True,
        40.0: False,
        30.0: False,
    }


@pytest.mark.parametrize("hazard", [RAIL, FAST_ROAD, MOTORWAY])
def test_lines_that_cross_on_the_map_without_a_node_are_cut(hazard: Tags) -> None:
    network = build_network(_crossing(hazard, shared=False).extract())
    (cut,) = network.cuts
    assert (cut.node, cut.way, cut.xy) == (0, 1, (0.0, 0.0))
    assert network.length.tolist() == pytest.approx([100.0, 100.0])
    assert _parts(network) == 2
    # The two new ends lie on the hazard and are no nodes of OpenStreetMap.
    assert network.xy[network.node < 0].tolist() == [[0.0, 0.0], [0.0, 0.0]]


def test_a_way_is_parted_where_it_crosses_and_both_halves_stay() -> None:
    world = World()
    world.way([(-100, 0), (100, 0)], RAIL)
    world.way([(0, -100), (0, -10), (0, 20), (0, 100)], FOOTWAY)
    network = build_network(world.extract())
    assert sorted(network.length.tolist()) == pytest.approx([10.0, 20.0, 80.0, 90.0])
    assert network.component_length[network.component_length > 0].tolist() == pytest.approx(
        [100.0, 100.0]
    )


def test_a_segment_over_two_tracks_is_parted_at_each() -> None:
    world = World()
    world.way([(-100, 0), (100, 0)], RAIL)
    world.way([(-100, 8), (100, 8)], RAIL)
    world.way([(0, -100), (0, 100)], FOOTWAY)
    network = build_network(world.extract())
    assert sorted(network.length.tolist()) == pytest.approx([8.0, 92.0, 100.0])
    assert (_parts(network), len(network.cuts)) == (3, 2)


def test_two_ways_that_cross_in_one_spot_make_one_cut_of_it() -> None:
    world = _crossing(RAIL, shared=False)
    world.way([(-50, -80), (50, 80)], STREET)
    network = build_network(world.extract())
    assert (_parts(network), len(network.cuts)) == (4, 1)


@pytest.mark.parametrize("rail", [[(-400, 0), (400, 0)], [(-400, 0), (0, 0), (400, 0)]])
@pytest.mark.parametrize("own_node", [True, False])
def test_a_way_that_touches_a_rail_without_a_shared_node_is_cut(
    rail: list[Place], own_node: bool
) -> None:
    world = World()
    world.way(rail, RAIL)
    middle = [world.node(0, 0)] if own_node else []
    world.way([(0, -100), *middle, (0, 100)], FOOTWAY)
    network = build_network(world.extract())
    assert (_parts(network), len(network.cuts)) == (2, 1)
    assert network.length.tolist() == pytest.approx([100.0, 100.0])


def test_a_way_that_ends_on_a_rail_is_parted_from_the_others_there() -> None:
    world = World()
    world.way([(-400, 0), (400, 0)], RAIL)
    world.way([(0, 100), world.node(0, 0), (60, 80)], FOOTWAY)
    network = build_network(world.extract())
    # Nothing says on which side of the rail the node lies.
    assert network.length.tolist() == pytest.approx([100.0, 100.0])
    assert (_parts(network), len(network.cuts)) == (2, 1)


@pytest.mark.parametrize("copies", [1, 2, 5])
def test_a_stretch_that_several_ways_share_is_one_stretch(copies: int) -> None:
    world = World()
    for copy in range(copies):
        world.way([(0, 0), (200, 0)][:: 1 - 2 * (copy % 2)], (FOOTWAY, STREET)[copy % 2])
    network = build_network(world.extract())
    assert network.length.tolist() == [200.0]


def test_a_bridge_over_a_street_between_the_same_nodes_stays_beside_it() -> None:
    world = World()
    world.way([(0, 0), (200, 0)], STREET)
    world.way([(0, 0), (200, 0)], {**FOOTWAY, "bridge": "yes"})
    network = build_network(world.extract())
    assert sorted(network.at_ground.tolist()) == [False, True]


def test_ways_of_all_kinds_are_counted_and_the_parts_measured() -> None:
    world = _crossing(RAIL)
    world.way([(500, 0), (530, 40)], STREET)
    world.way([(0, 0), (5, 5)], {"highway": "service", "access": "private"})
    counts = build_network(world.extract()).counts
    assert {name: counts[f"ways_{name}"] for name in ("foot", "street", "rail", "closed")} == {
        "foot": 1,
        "street": 1,
        "rail": 1,
        "closed": 1,
    }
    assert (counts["connected_parts"], counts["cuts"], counts["clipped_lines"]) == (3, 1, 0)
    # The private road takes no part in the sides of the cut.
    network = build_network(world.extract())
    assert sorted(network.component_length.tolist()) == pytest.approx([50.0, 100.0, 100.0])


def test_a_node_repeated_in_a_way_adds_nothing() -> None:
    world = World()
    node = world.node(0, 0)
    world.way([node, node, (30, 40), (30, 40), node], FOOTWAY)
    network = build_network(world.extract())
    # There and back again is one stretch.
    assert network.length.tolist() == pytest.approx([50.0])
    assert len(network.node) == 2


def test_without_a_safe_way_the_planner_is_told() -> None:
    world = World()
    world.way([(0, 0), (100, 0)], MOTORWAY)
    world.way([(0, 9), (100, 9)], {"highway": "footway", "access": "private"})
    with pytest.raises(DataError) as caught:
        build_network(world.extract())
    assert [notice.code for notice in caught.value.notices] == ["network.no_safe_ways"]


def test_the_graph_for_people_has_the_same_lengths_and_parts() -> None:
    world = _crossing(RAIL)
    world.way([(0, 100), (40, 130), (0, 130), (0, 100)], FOOTWAY)
    network = build_network(world.extract())
    graph = network.to_networkx()
    lengths = [data["length"] for *_, data in graph.edges(data=True)]
    assert sorted(lengths) == sorted(network.length.tolist())
    assert graph.number_of_edges() == 5
    assert nx.number_connected_components(graph) == _parts(network)
    osm_ids = [data["osm_id"] for _, data in graph.nodes(data=True)]
    assert sorted(osm_ids) == sorted(network.node.tolist())


def test_the_network_is_the_oracles_whatever_the_order_of_the_ways() -> None:
    world = World()
    for hazard, y in ((RAIL, 0), (FAST_ROAD, 300)):
        world.way([(x, y) for x in range(-500, 501, 100)], hazard)
    for x in range(-400, 401, 200):
        world.way([(x, y) for y in range(-400, 701, 100)], FOOTWAY)
    world.way([(x, -200) for x in range(-500, 501, 100)], STREET)
    network = build_network(world.extract())
    oracle = Oracle(world.extract(), [])
    lengths = network.component_length[network.component_length > 0]
    assert sorted(lengths) == pytest.approx(sorted(oracle.part_lengths))
    world.ways.reverse()
    turned = build_network(world.extract())
    assert np.sort(turned.component_length).tolist() == np.sort(network.component_length).tolist()
    assert [(cut.kind, cut.xy) for cut in turned.cuts] == [
        (cut.kind, cut.xy) for cut in network.cuts
    ]
