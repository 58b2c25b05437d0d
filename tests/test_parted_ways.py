"""Ways that meet a hazard without a shared node: parted, and reached from their own side."""

import numpy as np
import pytest
import shapely

from tomteanalyse.network.barriers import find_barriers
from tomteanalyse.network.routing import Router
from tomteanalyse.network.snapping import Attachments, Snapper
from tomteanalyse.network.walk import build_network
from worlds import FOOTWAY, RAIL, STREET, World, points


def attached(world: World, *places: shapely.Geometry) -> Attachments:
    extract = world.extract()
    snapper = Snapper(build_network(extract), find_barriers(extract))
    return snapper.attach(np.array(places, dtype=object))


@pytest.mark.parametrize("in_the_way", ["a house", "a wall"])
def test_where_one_door_is_shut_in_another_leads_to_the_same_stretch(in_the_way: str) -> None:
    world = World()
    world.way([(-2000, 0), (2000, 0)], FOOTWAY)
    if in_the_way == "a house":
        world.area((-5, 10, 5, 30), {"building": "yes"})
    else:
        world.way([(-50, 20), (50, 20)], {"barrier": "wall"})
    legs = attached(world, shapely.MultiPoint([(0, 40), (100, 50)]))
    assert legs.leg_m.tolist() == pytest.approx([50.0])


@pytest.mark.parametrize("copies", [1, 2, 3])
def test_a_stretch_drawn_several_times_is_parted_once(copies: int) -> None:
    world = World()
    world.way([(-400, 0), (400, 0)], RAIL)
    for copy in range(copies):
        world.way([(0, -1000), (0, 1000)], (FOOTWAY, STREET)[copy % 2])
    extract = world.extract()
    network = build_network(extract)
    assert network.counts["connected_parts"] == 2
    snapper = Snapper(network, find_barriers(extract))
    places = points(*[(3.0, y) for y in range(20, 181, 5)])
    router = Router(network, snapper.attach(places), count=len(places))
    feet = router.feet(snapper.attach(points((4.0, 101))))
    field = router.distances_from(np.arange(len(places)), limit_m=np.inf)
    found, _ = router.at_feet(feet, field)
    by_hand = [abs(y - 101) + 7.0 for y in range(20, 181, 5)]
    assert found[:, 0] == pytest.approx(by_hand, abs=1e-3)


@pytest.mark.parametrize("order", [1, -1])
@pytest.mark.parametrize("rail", [[(-400, 0), (400, 0)], [(-400, 0), (0, 0), (400, 0)]])
def test_every_door_keeps_its_near_leg_to_the_half_on_its_own_side(
    order: int, rail: list[tuple[float, float]]
) -> None:
    """The first door's nearest point is the cut end, which both halves share."""
    world = World()
    world.way(rail, RAIL)
    middle = world.node(0, 0)
    for way in [[middle, (-300, -30), (-1500, -30)], [middle, (0, 1500)]][::order]:
        world.way(way, FOOTWAY)
    legs = attached(world, shapely.MultiPoint([(10, -3), (-200, -40)]))
    assert len(legs.leg_m) == 2


@pytest.mark.parametrize("order", [1, -1])
def test_it_does_not_matter_in_which_direction_a_parted_way_was_drawn(order: int) -> None:
    world = World()
    world.way([(-400, -400), (400, 400)], RAIL)
    world.way([(0, 1000), (0, -1000)][::order], FOOTWAY)
    legs = attached(world, shapely.MultiPoint([(10, 0), (20, -100)]))
    assert sorted(legs.leg_m.tolist()) == pytest.approx([10.0, 20.0])


def test_a_stretch_of_no_length_on_a_track_is_no_fault() -> None:
    world = World()
    world.way([(-400, 0), (400, 0)], RAIL)
    world.way([(0, -1000), world.node(0, 0), world.node(0, 0), (0, 1000)], FOOTWAY)
    network = build_network(world.extract())
    assert network.counts["cuts"] == 1
