"""Where ways begin and end: in the room, and on the level, that a place lies in."""

import pytest
from tests.shortcut_worlds import RAIL, pairs_in
from tests.worlds import FOOTWAY, World

from tomteanalyse.extract import Tags


@pytest.mark.parametrize(
    ("corridor", "wall_x", "reached"),
    [
        ({"indoor": "yes", "level": "2"}, None, True),
        ({"tunnel": "yes", "layer": "-1"}, None, False),
        ({"indoor": "yes"}, 3.0, False),
    ],
)
def test_a_shop_in_a_station_is_reached_through_its_hall_and_not_through_its_walls(
    corridor: Tags, wall_x: float | None, reached: bool
) -> None:
    world = World(bounds=(-900, -900, 900, 900))
    world.way([(0, -30), (100, -30)], FOOTWAY)
    world.way([(5, 270), (5, 250), (5, -30), (0, -30)], {**FOOTWAY, **corridor})
    if wall_x is None:
        world.area((-300, 0, 300, 300), {"building": "train_station"})
    else:
        world.area((-300, 0, wall_x, 300), {"building": "retail"})
        world.area((wall_x, 0, 300, 300), {"building": "train_station"})
    world.way([(0, 301), (0, 890)], RAIL)
    (pair,) = pairs_in(world.extract(), [(100.0, -30.0)], [(0.0, 250.0)])
    if reached:
        assert pair is not None
        assert pair.safe_distance_m == pytest.approx(100 + 5 + 280 + 5)
        assert pair.risk == 0.0
    else:
        assert pair is None or pair.safe is None
