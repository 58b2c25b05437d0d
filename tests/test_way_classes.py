"""What a way means to a person on foot, by Norwegian law and tagging.

Several of these cases are those OSMnx's own walk filter answers otherwise: it drops cycleways,
keeps trunk and motortrafikkveg, and looks at neither speed nor sidewalk. The last test shows it.
"""

import re

import pytest

from tomteanalyse.extract import Tags
from tomteanalyse.network.way_classes import (
    Grade,
    WayClass,
    grade,
    has_sidewalk,
    lanes,
    layer,
    speed_kmh,
    way_class,
)

FOOT, STREET, FAST = WayClass.FOOT, WayClass.STREET, WayClass.FAST_ROAD
MOTORWAY, RAIL, CLOSED = WayClass.MOTORWAY, WayClass.RAIL, WayClass.CLOSED


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        # A gang- og sykkelveg, with and without what mappers leave out.
        ({"highway": "cycleway", "foot": "designated", "bicycle": "designated"}, FOOT),
        ({"highway": "cycleway"}, FOOT),
        ({"highway": "cycleway", "foot": "no"}, CLOSED),
        ({"highway": "cycleway", "foot": "use_sidepath"}, CLOSED),
        ({"highway": "footway"}, FOOT),
        ({"highway": "path"}, FOOT),
        ({"highway": "track"}, FOOT),
        ({"highway": "steps"}, FOOT),
        ({"highway": "pedestrian", "area": "yes"}, FOOT),
        ({"highway": "platform"}, FOOT),
        ({"railway": "platform"}, FOOT),
        ({"highway": "path", "sac_scale": "hiking"}, FOOT),
        ({"highway": "path", "sac_scale": "alpine_hiking"}, CLOSED),
        # Private is private, unless the sign says people may walk.
        ({"highway": "footway", "access": "private"}, CLOSED),
        ({"highway": "footway", "access": "private", "foot": "designated"}, FOOT),
        ({"highway": "service", "access": "private"}, CLOSED),
        ({"highway": "service", "access": "no", "foot": "yes"}, STREET),
        ({"highway": "service", "access": "customers"}, STREET),
        ({"highway": "residential", "foot": "no"}, CLOSED),
        # Streets people may walk along.
        ({"highway": "residential"}, STREET),
        ({"highway": "living_street"}, STREET),
        ({"highway": "unclassified"}, STREET),
        ({"highway": "tertiary", "maxspeed": "50"}, STREET),
        ({"highway": "primary", "maxspeed": "50"}, STREET),
        ({"highway": "trunk", "maxspeed": "50"}, STREET),
        # Above 50 km/h a sidewalk decides, and a missing tag is no sidewalk.
        ({"highway": "secondary", "maxspeed": "60"}, FAST),
        ({"highway": "secondary", "maxspeed": "60", "sidewalk": "both"}, STREET),
        ({"highway": "secondary", "maxspeed": "60", "sidewalk": "right"}, STREET),
        ({"highway": "secondary", "maxspeed": "60", "sidewalk:left": "yes"}, STREET),
        ({"highway": "secondary", "maxspeed": "60", "sidewalk": "no"}, FAST),
        ({"highway": "secondary", "maxspeed": "60", "sidewalk": "separate"}, FAST),
        ({"highway": "primary"}, FAST),
        ({"highway": "trunk"}, FAST),
        ({"highway": "trunk_link"}, FAST),
        # Closed to people on foot, and still nothing to cross.
        ({"highway": "secondary", "maxspeed": "80", "foot": "no"}, FAST),
        ({"highway": "motorway"}, MOTORWAY),
        ({"highway": "motorway_link"}, MOTORWAY),
        ({"highway": "motorway", "maxspeed": "50", "sidewalk": "both"}, MOTORWAY),
        ({"highway": "trunk", "motorroad": "yes"}, MOTORWAY),
        ({"highway": "primary", "motorroad": "yes", "foot": "yes"}, MOTORWAY),
        ({"highway": "trunk", "motorroad": "no", "maxspeed": "50"}, STREET),
        # Track at the ground or on a bridge; not underground, and not what no train runs on.
        ({"railway": "rail"}, RAIL),
        ({"railway": "narrow_gauge"}, RAIL),
        ({"railway": "light_rail"}, RAIL),
        ({"railway": "subway"}, RAIL),
        ({"railway": "subway", "tunnel": "yes"}, None),
        ({"railway": "rail", "layer": "-1"}, None),
        ({"railway": "rail", "bridge": "yes"}, RAIL),
        ({"railway": "rail", "highway": "service"}, RAIL),
        ({"railway": "tram"}, None),
        ({"railway": "disused"}, None),
        ({"railway": "construction", "construction": "rail"}, None),
        # Nothing to walk on.
        ({"highway": "construction"}, None),
        ({"highway": "proposed"}, None),
        ({"highway": "busway"}, None),
        ({"highway": "raceway"}, None),
        ({"waterway": "river"}, None),
        ({}, None),
    ],
)
def test_a_way_is_classed_by_its_tags(tags: Tags, expected: WayClass | None) -> None:
    assert way_class(tags) is expected


@pytest.mark.parametrize(
    ("highway", "maxspeed", "expected"),
    [
        ("primary", "40", (40.0, False)),
        ("primary", " 40 ", (40.0, False)),
        ("primary", "40 km/h", (40.0, False)),
        ("primary", "50 mph", (80.4672, False)),
        ("primary", "50mph", (80.4672, False)),
        ("primary", "NO:urban", (50.0, False)),
        ("primary", "NO:rural", (80.0, False)),
        ("primary", "walk", (7.0, False)),
        ("primary", "DE:walk", (7.0, False)),
        ("motorway", "none", (130.0, False)),
        ("tertiary", "30;50", (50.0, False)),
        ("tertiary", "50; 30", (50.0, False)),
        ("tertiary", "30;80", (80.0, False)),
        ("tertiary", "signals;60", (60.0, False)),
        ("tertiary", "signals", (50.0, True)),
        ("tertiary", "fort", (50.0, True)),
        ("tertiary", "", (50.0, True)),
        ("tertiary", "-80", (50.0, True)),
        ("trunk", "variable", (80.0, True)),
    ],
)
def test_every_form_of_speed_limit_is_understood_or_assumed_by_class(
    highway: str, maxspeed: str, expected: tuple[float, bool]
) -> None:
    speed, assumed = speed_kmh({"highway": highway, "maxspeed": maxspeed})
    assert (speed, assumed) == (pytest.approx(expected[0]), expected[1])


def test_a_speed_that_is_not_mapped_is_assumed_and_said_to_be() -> None:
    assert speed_kmh({"highway": "residential"}) == (30.0, True)
    assert speed_kmh({"highway": "trunk"}) == (80.0, True)


def test_a_speed_mapped_for_one_direction_is_a_speed() -> None:
    assert speed_kmh({"highway": "tertiary", "maxspeed:forward": "80"}) == (80.0, False)
    both = {"maxspeed": "50", "maxspeed:forward": "40", "maxspeed:backward": "60"}
    assert speed_kmh({"highway": "tertiary", **both}) == (60.0, False)
    assert way_class({"highway": "tertiary", **both}) is FAST
    assert way_class({"highway": "primary", "maxspeed:backward": "40"}) is STREET


def test_the_higher_of_two_speeds_decides_whether_a_road_is_fast() -> None:
    assert way_class({"highway": "tertiary", "maxspeed": "30;80"}) is FAST
    assert way_class({"highway": "tertiary", "maxspeed": "50 mph"}) is FAST
    assert way_class({"highway": "tertiary", "maxspeed": "30 mph"}) is STREET


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({}, Grade.GROUND),
        ({"tunnel": "no", "bridge": "no"}, Grade.GROUND),
        ({"covered": "yes"}, Grade.GROUND),
        ({"highway": "footway", "layer": "-1"}, Grade.GROUND),
        ({"highway": "footway", "layer": "1"}, Grade.GROUND),
        ({"bridge": "yes"}, Grade.BRIDGE),
        ({"bridge": "viaduct", "layer": "1"}, Grade.BRIDGE),
        ({"tunnel": "yes"}, Grade.TUNNEL),
        ({"tunnel": "culvert"}, Grade.TUNNEL),
        ({"tunnel": "building_passage"}, Grade.TUNNEL),
        ({"location": "underground"}, Grade.TUNNEL),
        ({"indoor": "yes"}, Grade.TUNNEL),
        ({"railway": "rail", "layer": "-2"}, Grade.TUNNEL),
        ({"railway": "rail", "layer": "2"}, Grade.GROUND),
    ],
)
def test_a_line_lies_on_the_ground_unless_a_bridge_or_tunnel_is_mapped(
    tags: Tags, expected: Grade
) -> None:
    assert grade(tags) is expected


@pytest.mark.parametrize(
    ("written", "expected"), [("1", 1), ("-3", -3), ("0", 0), ("1;2", 0), ("+1", 0), ("x", 0)]
)
def test_a_layer_that_is_no_whole_number_is_the_ground(written: str, expected: int) -> None:
    assert layer({"layer": written}) == expected
    assert layer({}) == 0


def test_lanes_are_two_where_none_are_mapped_and_one_on_a_slip_road() -> None:
    assert lanes({"highway": "primary"}) == 2
    assert lanes({"highway": "primary_link"}) == 1
    assert lanes({"highway": "primary", "lanes": "4"}) == 4
    assert lanes({"highway": "primary", "lanes": "0"}) == 2
    assert lanes({"highway": "primary", "lanes": "2;3"}) == 2


def test_only_a_mapped_sidewalk_is_a_sidewalk() -> None:
    assert has_sidewalk({"sidewalk:both": "yes"})
    assert has_sidewalk({"sidewalk": "left"})
    assert not has_sidewalk({"sidewalk": "none"})
    assert not has_sidewalk({"sidewalk:both": "no"})
    assert not has_sidewalk({})


def _osmnx_walks(tags: Tags) -> bool:
    """Say what OSMnx's walk filter says, read from OSMnx itself."""
    from osmnx._overpass import _get_network_filter

    for key, operator, value in re.findall(
        r'\["(\w+)"(?:(!?~|=)"([^"]*)")?\]', _get_network_filter("walk")
    ):
        written = tags.get(key)
        if operator == "!~" and written is not None and re.search(value, written):
            return False
        if operator in ("", "~") and written is None:
            return False
    return True


@pytest.mark.parametrize(
    ("tags", "safe"),
    [
        ({"highway": "cycleway", "foot": "designated", "bicycle": "designated"}, True),
        ({"highway": "trunk", "motorroad": "yes"}, False),
        ({"highway": "trunk"}, False),
        ({"highway": "secondary", "maxspeed": "80"}, False),
        ({"highway": "footway", "access": "private", "foot": "designated"}, True),
    ],
)
def test_osmnx_would_answer_these_ways_wrongly_and_we_do_not(tags: Tags, safe: bool) -> None:
    assert (way_class(tags) in (FOOT, STREET)) is safe
    assert _osmnx_walks(tags) is not safe
