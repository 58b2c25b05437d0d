"""Places people walk to, as Norwegian mappers tag them."""

import math

import pytest
import shapely

from tomteanalyse.extract import Tags
from tomteanalyse.measures.amenities import (
    AMENITY_CLASSES,
    AMENITY_PROFILE,
    AmenityRule,
    doors,
    find_amenities,
)
from worlds import CRS, FOOTWAY, World


def _world() -> World:
    world = World()
    world.way([(0, 0), (100, 0)], FOOTWAY)
    return world


def _classes_of_point(tags: Tags) -> list[str]:
    world = _world()
    world.node(10, 10, tags)
    return find_amenities(world.extract(), crs=CRS)["amenity_class"].tolist()


def _classes_of_area(tags: Tags, *, side_m: float) -> list[str]:
    world = _world()
    world.area((0, 10, side_m, 10 + side_m), tags)
    return find_amenities(world.extract(), crs=CRS)["amenity_class"].tolist()


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({"highway": "bus_stop"}, "bus"),
        ({"public_transport": "platform", "bus": "yes"}, "bus"),
        ({"public_transport": "platform"}, "bus"),
        ({"amenity": "bus_station"}, "bus"),
        ({"railway": "station"}, "bus"),
        ({"railway": "halt"}, "bus"),
        ({"railway": "tram_stop"}, "bus"),
        ({"railway": "subway_entrance"}, "bus"),
        ({"shop": "supermarket"}, "grocery"),
        ({"shop": "convenience"}, "grocery"),
        ({"shop": "grocery"}, "grocery"),
        ({"amenity": "pharmacy"}, "pharmacy"),
        ({"healthcare": "pharmacy"}, "pharmacy"),
        ({"amenity": "doctors"}, "doctor"),
        ({"amenity": "clinic"}, "doctor"),
        ({"healthcare": "doctor"}, "doctor"),
        ({"healthcare": "clinic"}, "doctor"),
        ({"amenity": "townhall"}, "services"),
        ({"amenity": "library"}, "services"),
        ({"amenity": "post_office"}, "services"),
        ({"post_office": "post_partner"}, "services"),
        ({"office": "government", "name": "NAV Grønnlia"}, "services"),
        ({"office": "government", "name": "Nav Grønnlia"}, "services"),
        ({"office": "government", "government": "social_services"}, "services"),
        ({"leisure": "park"}, "recreation"),
        ({"leisure": "pitch"}, "recreation"),
        ({"leisure": "sports_centre"}, "recreation"),
        ({"leisure": "nature_reserve"}, "recreation"),
        ({"natural": "beach"}, "recreation"),
        ({"amenity": "fire_station"}, "emergency"),
        ({"amenity": "police"}, "emergency"),
        ({"amenity": "school"}, "school"),
        ({"amenity": "kindergarten"}, "kindergarten"),
        ({"place": "town"}, "centre"),
        ({"place": "village"}, "centre"),
        ({"shop": "mall"}, "centre"),
        ({"shop": "department_store"}, "centre"),
    ],
)
def test_every_rule_finds_its_place(tags: Tags, expected: str) -> None:
    assert _classes_of_point(tags) == [expected]


@pytest.mark.parametrize(
    "tags",
    [
        {"public_transport": "platform", "bus": "no"},
        {"public_transport": "stop_position", "bus": "yes"},
        {"disused:highway": "bus_stop"},
        {"disused:shop": "supermarket"},
        {"shop": "clothes"},
        {"shop": "vacant"},
        {"office": "government", "name": "Skatteetaten"},
        {"office": "government"},
        {"office": "company", "name": "NAV Teknikk"},
        {"office": "government", "name": "Navigasjonsverket"},
        {"leisure": "pitch", "access": "private"},
        {"leisure": "park", "access": "no"},
        {"leisure": "sports_centre", "access": "members"},
        {"leisure": "playground_equipment"},
        {"place": "hamlet"},
        {"place": "suburb"},
        {"amenity": "driving_school"},
        {"railway": "level_crossing"},
        {"name": "NAV"},
    ],
)
def test_what_only_looks_like_a_place_is_none(tags: Tags) -> None:
    assert _classes_of_point(tags) == []


@pytest.mark.parametrize(
    "tags", [{"landuse": "forest"}, {"natural": "wood"}, {"natural": "wood", "access": "yes"}]
)
def test_a_wood_counts_from_a_hectare(tags: Tags) -> None:
    assert _classes_of_area(tags, side_m=99.0) == []
    assert _classes_of_area(tags, side_m=100.0) == ["recreation"]


def test_a_small_park_with_trees_is_a_park_though_no_wood() -> None:
    both = {"leisure": "park", "natural": "wood"}
    assert _classes_of_area(both, side_m=50.0) == ["recreation"]


@pytest.mark.parametrize("small", [{"leisure": "pitch"}, {"natural": "beach"}])
def test_a_pitch_and_a_beach_may_be_small(small: Tags) -> None:
    assert _classes_of_area(small, side_m=15.0) == ["recreation"]


def test_a_pitch_may_not_be_private() -> None:
    assert _classes_of_area({"leisure": "pitch", "access": "private"}, side_m=150.0) == []


def test_a_school_with_closed_grounds_is_a_school_all_the_same() -> None:
    assert _classes_of_area({"amenity": "school", "access": "private"}, side_m=80.0) == ["school"]


def test_an_object_of_several_classes_is_a_place_of_each() -> None:
    world = _world()
    tags = {"shop": "supermarket", "post_office": "post_partner", "name": "Grønnlia handel"}
    number = world.node(10, 10, tags)
    found = find_amenities(world.extract(), crs=CRS)
    assert found["amenity_class"].to_dict() == {
        f"n{number}:grocery": "grocery",
        f"n{number}:services": "services",
    }
    assert set(found["name"]) == {"Grønnlia handel"}


def test_an_object_is_of_one_class_once_however_often_it_is_tagged() -> None:
    tags = {"highway": "bus_stop", "public_transport": "platform", "bus": "yes"}
    assert _classes_of_point(tags) == ["bus"]


def test_a_place_is_entered_at_the_entrances_on_its_outline_and_else_anywhere_on_it() -> None:
    world = _world()
    school, shop = (0, 10, 80, 90), (100, 10, 140, 50)
    world.area(school, {"amenity": "school"})
    shop_id = world.area(shop, {"shop": "supermarket", "building": "yes"})
    world.node(120, 10, {"entrance": "main"})
    world.node(140, 30, {"entrance": "emergency"})
    world.node(50, 60, {"entrance": "yes"})  # inside the school's grounds, not on their outline
    extract = world.extract()
    found = find_amenities(extract, crs=CRS)
    entered = dict(zip(found.index, doors(found, extract), strict=True))
    assert found.geometry[f"{shop_id}:grocery"].equals(shapely.box(*shop))
    assert entered.pop(f"{shop_id}:grocery").equals(shapely.MultiPoint([(120, 10)]))
    (other,) = entered.values()
    assert other.equals(shapely.box(*school))


def test_a_place_that_is_a_point_is_entered_there() -> None:
    world = _world()
    world.node(30, 10, {"shop": "supermarket", "entrance": "yes"})
    extract = world.extract()
    (where,) = doors(find_amenities(extract, crs=CRS), extract)
    assert where.equals(shapely.Point(30, 10))


def test_places_come_in_the_order_of_their_ids_whatever_the_order_of_the_file() -> None:
    def found(*, backwards: bool) -> list[str]:
        world = _world()
        areas = [(x, 10, x + 30, 40) for x in (0, 50, 100)]
        for area in areas:
            world.area(area, {"leisure": "park"})
        for x in (5, 15, 25):
            world.node(x, 5, {"shop": "supermarket"})
        if backwards:
            world.areas.reverse()
        return find_amenities(world.extract(), crs=CRS).index.tolist()

    assert found(backwards=False) == found(backwards=True)
    assert found(backwards=False) == sorted(found(backwards=False))


def test_an_extract_without_places_gives_an_empty_table_of_the_same_form() -> None:
    empty = find_amenities(_world().extract(), crs=CRS)
    world = _world()
    world.node(10, 10, {"shop": "supermarket"})
    full = find_amenities(world.extract(), crs=CRS)
    assert len(empty) == 0
    assert [*empty.columns] == [*full.columns]
    assert empty.dtypes.to_dict() == full.dtypes.to_dict()
    assert empty.crs == CRS


def test_a_place_without_a_name_has_none() -> None:
    world = _world()
    world.node(10, 10, {"shop": "supermarket"})
    assert find_amenities(world.extract(), crs=CRS)["name"].isna().all()


def test_the_profile_covers_every_class_and_no_tag_stands_there_twice() -> None:
    assert {rule.amenity_class for rule in AMENITY_PROFILE} == set(AMENITY_CLASSES)
    entries = [
        (rule.amenity_class, rule.key, value) for rule in AMENITY_PROFILE for value in rule.values
    ]
    assert len(entries) == len(set(entries))


def test_a_rule_fits_only_what_it_says() -> None:
    rule = AmenityRule(
        "services",
        "office",
        frozenset({"government"}),
        unless={"access": frozenset({"no"})},
        name_starts="NAV",
    )
    office = {"office": "government", "name": "nav sentrum"}
    assert rule.fits(office, area_m2=math.inf)
    assert rule.fits({**office, "name": "Nav"}, area_m2=0.0)
    for other in (
        {"access": "no"},
        {"name": "Gamle NAV"},
        {"name": "Navigasjon"},
        {"name": ""},
        {"office": "company"},
    ):
        assert not rule.fits({**office, **other}, area_m2=math.inf)
    assert not rule.fits({"office": "government"}, area_m2=math.inf)


def test_a_rule_with_a_least_area_fits_from_that_area() -> None:
    rule = AmenityRule("recreation", "natural", frozenset({"wood"}), least_m2=100.0)
    assert [rule.fits({"natural": "wood"}, area_m2=area) for area in (99.9, 100.0)] == [False, True]
