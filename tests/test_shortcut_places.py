"""Places lie along their barrier, end where one may cross, and say what they hang on."""

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pytest
import shapely
from tests.shortcut_worlds import RAIL, barrier, two_footways
from tests.worlds import CRS, FOOTWAY, STREET, World

from tomteanalyse.extract import Tags
from tomteanalyse.measures.amenities import find_amenities
from tomteanalyse.measures.shortcuts.barrier_lines import BarrierLines
from tomteanalyse.measures.shortcuts.destinations import shortcut_destinations
from tomteanalyse.measures.shortcuts.encounters import Crossing
from tomteanalyse.measures.shortcuts.measure import ShortcutMeasure, measure_shortcuts
from tomteanalyse.measures.shortcuts.places import crossing_places
from tomteanalyse.network.shortcuts.build import build_graphs

FAST: Tags = {"highway": "secondary", "maxspeed": "80", "name": "Bergvegen"}


def lines_of(world: World) -> BarrierLines:
    nowhere = shapely.Point(0, 0).buffer(1)
    return BarrierLines(build_graphs(world.extract(), area=nowhere).ground.network)


def crossing(x: float, y: float, tags: Tags, *, way: int = 1) -> Crossing:
    return Crossing(
        xy=(x, y),
        barrier="rail" if "railway" in tags else "road",
        road_class=tags.get("railway", tags.get("highway", "")),
        name=tags.get("name"),
        ref=tags.get("ref"),
        way=way,
        speed_kmh=80.0,
        speed_assumed=False,
        lanes=2,
        severity=0.6,
        severe=True,
        metres=0.0,
    )


def track_with(tags: Tags | None = None, *, at_node: Tags | None = None) -> BarrierLines:
    """Return a track along y = 0, with a way across at x = 50."""
    world = World()
    middle = world.node(50, 0, at_node)
    world.way([(-300, 0), middle, (300, 0)], RAIL)
    if tags is not None:
        world.way([(50, -40), *([middle] if at_node else []), (50, 40)], tags)
    return lines_of(world)


@pytest.mark.parametrize(
    ("tags", "at_node", "expected"),
    [
        (None, None, False),
        (STREET, {"railway": "level_crossing"}, True),
        ({**FOOTWAY, "bridge": "yes", "layer": "1"}, None, True),
        ({**FOOTWAY, "tunnel": "yes", "layer": "-1"}, None, True),
        ({**FOOTWAY, "access": "no", "bridge": "yes", "layer": "1"}, None, False),
        (FOOTWAY, {"crossing": "no"}, False),
    ],
)
def test_only_where_one_may_cross_a_stretch_of_track_ends(
    tags: Tags | None, at_node: Tags | None, expected: bool
) -> None:
    lines = track_with(tags, at_node=at_node)
    # Before, across and after what stands at x = 50.
    start = np.array([[-60.0, 0.0], [0.0, 0.0], [61.0, 0.0]])
    found = lines.passed_between(start, start + np.array([80.0, 0.0]))
    assert found.tolist() == [False, expected, False]


def test_a_stretch_follows_the_bend_of_its_track_over_all_its_ways() -> None:
    world = World()
    world.way([(-200, 0), (0, 0)], RAIL)
    world.way([(0, 0), (0, 100), (50, 100)], RAIL)
    found = lines_of(world).stretch(
        crossing(-30, 0, RAIL), np.array([[-30.0, 0.0], [0.0, 80.0], [20.0, 100.0]])
    )
    assert found.length == pytest.approx(30 + 100 + 20)
    assert shapely.hausdorff_distance(
        found, shapely.LineString([(-30, 0), (0, 0), (0, 100), (20, 100)])
    ) == pytest.approx(0.0, abs=1e-9)


def test_crossings_of_tracks_side_by_side_are_one_spot() -> None:
    world = World()
    for y in (0.0, 4.5):
        barrier(world, RAIL, y)
    found = lines_of(world).stretch(crossing(0, 0, RAIL), np.array([[0.0, 0.0], [0.0, 4.5]]))
    assert found == shapely.Point(0, 0)


def test_crossings_of_two_carriageways_are_one_spot_and_not_a_line_across_the_road() -> None:
    world = World()
    carriageway: Tags = {"highway": "motorway", "ref": "E 99", "oneway": "yes"}
    fork = (400.0, 10.0)
    world.way([(-800, 0), (300, 0), fork], carriageway)
    world.way([fork, (300, 20), (-800, 20)], carriageway)
    world.way([fork, (900, 10)], carriageway)
    crossed = np.array([[0.0, 0.0], [0.0, 20.0]])
    lines = lines_of(world)
    assert lines.stretch(crossing(0, 0, carriageway), crossed) == shapely.Point(0, 0)
    askew = lines.stretch(crossing(0, 0, carriageway), np.array([[0.0, 0.0], [8.0, 20.0]]))
    assert shapely.hausdorff_distance(askew, shapely.LineString([(0, 0), (8, 0)])) < 1e-6


def hairpin(name: str | None, other: str | None) -> World:
    """Return a road of three ways: 250 m up a slope, a bend, and 250 m back above."""
    world = World()
    for places, called in (
        ([(0, 0), (250, 0)], name),
        ([(250, 0), (270, 20), (250, 40)], other),
        ([(250, 40), (0, 40)], name),
    ):
        tags = {key: value for key, value in FAST.items() if key != "name"}
        world.way(places, tags | ({"name": called} if called else {}))
    return world


def test_a_hairpin_winds_although_the_map_cuts_it_into_ways() -> None:
    for name in ("Bergvegen", None):
        tags = {**FAST, "name": name} if name else {"highway": "secondary"}
        here = crossing(180, 0, tags)
        assert lines_of(hairpin(name, name)).winds(here)
        # A road of another name is not its bend.
        assert not lines_of(hairpin(name, "Dalvegen")).winds(here)


def test_a_straight_road_and_a_track_do_not_wind() -> None:
    world = World()
    world.way([(-400, 0), (0, 0), (400, 60)], FAST)
    assert not lines_of(world).winds(crossing(0, 0, FAST))
    assert not track_with().winds(crossing(0, 0, RAIL))


def measured(*plots: tuple[float, float]) -> ShortcutMeasure:
    """Measure plots south of a track to a shop north of it; the underpass is 400 m away."""
    world = two_footways(400)
    barrier(world, RAIL)
    world.node(0, 55, {"shop": "supermarket"})
    extract = world.extract()
    places = shortcut_destinations(find_amenities(extract, crs=CRS), extract)
    ids = [f"p{number}" for number in range(len(plots))]
    doors = gpd.GeoSeries(shapely.points(plots), index=ids, crs=CRS)
    return measure_shortcuts(extract, doors, places)


def test_a_place_hangs_on_the_edge_only_where_most_of_its_load_does() -> None:
    found = measured((0, -60), (5, -60), (10, -60))
    assert len(found.pairs) == 3
    for edges, expected in ((0, False), (1, False), (2, True), (3, True)):
        flags = tuple(("edge",) if number < edges else () for number in range(3))
        (place,), _ = crossing_places([replace(found, flags=flags)])
        assert place.edge is expected


@pytest.mark.parametrize(("away", "count"), [(160, 1), (200, 2)])
def test_crossings_of_one_track_are_one_place_up_to_100_m_apart(away: float, count: int) -> None:
    found = measured((0, -60), (away, -60))
    crossed = [each.severe.crossings[0].xy[0] for each in found.pairs]
    apart = max(crossed) - min(crossed)
    assert (40 < apart <= 100) == (count == 1)
    places, _ = crossing_places([found])
    assert len(places) == count
    assert sum(each.stretch.length for each in places) == pytest.approx(apart if count == 1 else 0)
