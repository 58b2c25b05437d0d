"""What is known of the way to a place: metres, unreachable, or unknown, and why."""

import math

import numpy as np
import pandas as pd
import pytest
import shapely

from tomteanalyse.extract import Tags
from tomteanalyse.measures.measurement import Measurement
from tomteanalyse.measures.survey import Survey, survey
from worlds import FAST_ROAD, FOOTWAY, RAIL, STREET, World, study_in

SHOP: Tags = {"shop": "supermarket"}
STOP: Tags = {"highway": "bus_stop"}
SCHOOL: Tags = {"amenity": "school"}
A_UNIT = (1900.0, 5.0, 1, None)


def _town() -> World:
    """A street of 4 km with a shop; beyond a railway another street that nothing leads to."""
    world = World()
    world.way([(-2000, 0), (0, 0), (2000, 0)], STREET)
    world.way([(-2000, 60), (2000, 60)], RAIL)
    world.way([(-2000, 120), (2000, 120)], FOOTWAY)
    world.node(300, -10, SHOP)
    return world


def _survey(world: World, plots: dict[str, shapely.Geometry], **sections: object) -> Survey:
    return survey(study_in(world, plots, units=[A_UNIT], **sections))  # type: ignore[arg-type]


def _row(measurement: Measurement, plot: str) -> dict[str, object]:
    parts = ("value", "low", "high", "nearest", "reason")
    return {part: getattr(measurement, part)[plot] for part in parts}


def test_a_walk_is_measured_with_both_legs_and_names_its_place() -> None:
    found = _survey(_town(), {"T1": shapely.Point(0, 20)})
    row = _row(found.measurements["walk_grocery"], "T1")
    assert row["value"] == pytest.approx(20 + 300 + 10)
    assert row["low"] == pytest.approx(330 * 0.9 - 20)
    assert row["high"] == pytest.approx(330 * 1.1 + 20)
    assert str(row["nearest"]).endswith(":grocery")
    assert row["reason"] is pd.NA or pd.isna(row["reason"])


def test_a_short_walk_has_no_bound_below_zero() -> None:
    found = _survey(_town(), {"T1": shapely.Point(300, -8)})
    row = _row(found.measurements["walk_grocery"], "T1")
    assert row["value"] == pytest.approx(18.0)
    assert row["low"] == 0.0


def test_a_plot_is_left_at_its_boundary_not_at_its_middle() -> None:
    found = _survey(_town(), {"T1": shapely.box(100, 10, 160, 50)})
    # The east corner: 10 m to the street, 140 m along it, 10 m to the shop.
    assert found.measurements["walk_grocery"].value["T1"] == pytest.approx(160.0)


def test_a_plot_with_entrances_is_left_by_them_alone() -> None:
    plots = {"T1": shapely.box(100, 10, 160, 50), "T2": shapely.box(100, 10, 160, 50)}
    found = _survey(_town(), plots, entrances=[("T1", 100.0, 20.0)])
    walk = found.measurements["walk_grocery"].value
    assert walk["T1"] == pytest.approx(20 + 200 + 10)
    assert walk["T2"] == pytest.approx(160.0)


def test_the_nearest_of_several_places_counts() -> None:
    world = _town()
    nearer = world.node(-200, -10, SHOP)
    found = _survey(world, {"T1": shapely.Point(0, 20)}).measurements["walk_grocery"]
    assert found.value["T1"] == pytest.approx(230.0)
    assert found.nearest["T1"] == f"n{nearer}:grocery"


def test_a_place_that_no_safe_way_leads_to_is_unreachable_which_is_known() -> None:
    found = _survey(_town(), {"T1": shapely.Point(0, 110)})
    row = _row(found.measurements["walk_grocery"], "T1")
    assert row["value"] == row["high"] == math.inf
    assert row["reason"] == "no_safe_way"
    assert pd.isna(row["nearest"])


def test_a_class_that_nowhere_is_mapped_is_unknown() -> None:
    found = _survey(_town(), {"T1": shapely.Point(0, 20)})
    for name in ("walk_bus", "straight_school"):
        row = _row(found.measurements[name], "T1")
        assert np.isnan([row["value"], row["low"], row["high"]]).all()  # type: ignore[list-item]
        assert row["reason"] == "no_amenity"
    codes = {notice.code for notice in found.warnings}
    assert {"amenities.no_bus", "amenities.no_school"} <= codes
    assert "amenities.no_grocery" not in codes


def test_a_plot_far_from_every_way_is_unknown() -> None:
    found = _survey(_town(), {"T1": shapely.Point(0, -200), "T2": shapely.Point(0, 20)})
    row = _row(found.measurements["walk_grocery"], "T1")
    assert math.isnan(row["value"])  # type: ignore[arg-type]
    assert row["reason"] == "no_way_near"
    (told,) = [notice for notice in found.warnings if notice.code == "network.no_way_near"]
    assert told.ids == ("T1",)


def test_a_plot_far_outside_the_extract_is_unknown_on_foot_and_straight() -> None:
    world = _town()
    world.node(100, -50, SCHOOL)
    found = _survey(world, {"T1": shapely.Point(50_000, 0), "T2": shapely.Point(0, 20)})
    for name in ("walk_grocery", "straight_school", "homes_500"):
        row = _row(found.measurements[name], "T1")
        assert math.isnan(row["value"])  # type: ignore[arg-type]
        assert row["reason"] == "outside_extract"
        assert not math.isnan(found.measurements[name].value["T2"])


def test_a_plot_just_outside_the_extract_is_unknown_however_near_a_way_is() -> None:
    world = _town()
    world.node(300, 20, SCHOOL)
    world.bounds = (-2000.0, -100.0, 2000.0, 50.0)
    plots = {"T1": shapely.Point(0, 51), "T2": shapely.box(-10, 25, 10, 60)}
    units = [(10.0, 5.0, 2, 1)]
    found = survey(study_in(world, plots, units=units)).measurements
    for name in ("walk_grocery", "straight_school", "homes_500"):
        row = _row(found[name], "T1")
        assert np.isnan([row["value"], row["low"], row["high"]]).all()  # type: ignore[list-item]
        assert (row["reason"], pd.isna(row["nearest"])) == ("outside_extract", True)
    # A plot across the edge is read in part, and known both ways.
    assert found["walk_grocery"].value["T2"] == pytest.approx(25 + 290 + 10)
    assert found["straight_school"].value["T2"] == pytest.approx(math.hypot(290, 5))
    assert found["homes_500"].value["T2"] == 2
    for name in ("walk_grocery", "straight_school"):
        assert pd.isna(found[name].reason["T2"])
        # The edge runs through it, so a place beyond may be no distance away.
        assert found[name].least is not None
        assert found[name].least["T2"] == 0.0


@pytest.mark.parametrize("order", [1, -1])
def test_a_plot_nearest_to_where_a_way_is_cut_stays_on_its_own_side(order: int) -> None:
    # Ways from both sides meet a railway in one node; the plot stands south of it, beside the node.
    world = World()
    world.way([(-400, 0), (0, 0), (400, 0)], RAIL)
    ways = [[(0, 0), (-300, -30), (-1500, -30)], [(0, 0), (0, 1500)]]
    for way in ways[::order]:
        world.way([*way], FOOTWAY)
    world.node(0, 800, SHOP)
    world.node(-900, -40, STOP)
    found = _survey(world, {"T1": shapely.Point(10, -3)}).measurements
    assert found["walk_grocery"].value["T1"] == math.inf
    along = math.hypot(300, 30) + 600
    assert found["walk_bus"].value["T1"] == pytest.approx(math.hypot(10, 3) + along + 10)


def test_a_stop_at_the_mouth_of_a_side_street_is_reached_from_the_streets_own_side() -> None:
    world = World()
    world.way([(-900, 0), (0, 0), (900, 0)], FAST_ROAD)
    world.way([(0, 0), (-60, 400), (0, 1500)], STREET)
    world.node(40, 4, STOP)
    found = _survey(world, {"T1": shapely.Point(-60, 400)}).measurements["walk_bus"]
    assert found.value["T1"] == pytest.approx(math.hypot(60, 400) + math.hypot(40, 4))


def test_a_plot_that_reaches_nothing_is_told_to_stand_alone() -> None:
    found = _survey(_town(), {"T1": shapely.Point(0, 110), "T2": shapely.Point(0, 20)})
    (told,) = [notice for notice in found.warnings if notice.code == "network.isolated"]
    assert told.ids == ("T1",)


def test_unknown_and_unreachable_are_never_mixed() -> None:
    plots = {
        "near": shapely.Point(0, 20),
        "beyond": shapely.Point(0, 110),
        "wild": shapely.Point(0, -200),
        "abroad": shapely.Point(50_000, 0),
    }
    for measurement in _survey(_town(), plots).measurements.values():
        unknown, unreachable = measurement.value.isna(), np.isinf(measurement.value)
        assert not (unknown & unreachable).any()
        assert (measurement.reason.notna() == (unknown | unreachable)).all()
        assert (measurement.nearest.notna() <= np.isfinite(measurement.value)).all()
        assert (measurement.low.isna() == unknown).all()
        assert (measurement.low[~unknown] <= measurement.value[~unknown]).all()
        assert (measurement.high[~unknown] >= measurement.value[~unknown]).all()


def test_beyond_the_extracts_edge_a_nearer_place_may_lie() -> None:
    world = _town()
    world.node(0, -90, SCHOOL)
    world.bounds = (-2000.0, -500.0, 2000.0, 170.0)
    found = _survey(world, {"T1": shapely.Point(0, 20), "T2": shapely.Point(250, -5)})
    walk = found.measurements["walk_grocery"]
    assert walk.least is not None
    # T1: 150 m to the north edge, nearer than the walk of 330 m could be at its best (277 m).
    assert walk.low["T1"] == pytest.approx(277.0)
    assert walk.least["T1"] == pytest.approx(150.0)
    # T2 has 65 m to walk: nothing beyond the edge can be nearer.
    assert walk.least["T2"] == walk.low["T2"]
    straight = found.measurements["straight_school"]
    assert straight.least is not None
    assert straight.least["T1"] == straight.low["T1"] == pytest.approx(110.0 - 20.0)


def test_a_straight_distance_runs_from_boundary_to_boundary() -> None:
    world = _town()
    world.area((200, -300, 260, -240), SCHOOL)
    plots = {"T1": shapely.box(100, -300, 150, -250), "T2": shapely.box(220, -280, 230, -270)}
    straight = _survey(world, plots).measurements["straight_school"]
    assert straight.value["T1"] == pytest.approx(50.0)
    assert (straight.low["T1"], straight.high["T1"]) == pytest.approx((30.0, 70.0))
    # A plot inside the school's grounds is no distance away.
    assert straight.value["T2"] == straight.low["T2"] == 0.0


def test_a_straight_distance_takes_no_heed_of_the_railway() -> None:
    world = _town()
    world.node(0, 120, SCHOOL)
    found = _survey(world, {"T1": shapely.Point(0, 20)})
    assert found.measurements["straight_school"].value["T1"] == pytest.approx(100.0)


def test_ways_are_drawn_from_the_plot_to_the_place_as_long_as_measured() -> None:
    world = _town()
    world.node(-500, 5, STOP)
    world.node(-100, 12, SCHOOL)
    plots = {"T1": shapely.Point(0, 20), "T2": shapely.Point(0, 110), "T3": shapely.Point(9, 30)}
    found = _survey(world, plots)
    routes = found.routes(pd.Index(["T1", "T2"]))
    # T2 reaches nothing, T3 was not asked for, and nobody walks to the school.
    assert routes[["plot_id", "amenity_class"]].to_numpy().tolist() == [
        ["T1", "bus"],
        ["T1", "grocery"],
    ]
    for route in routes.itertuples():
        measured = found.measurements[f"walk_{route.amenity_class}"]
        assert route.distance_m == measured.value["T1"]
        assert route.geometry.length == pytest.approx(route.distance_m, abs=1e-3)
        assert route.amenity_id == measured.nearest["T1"]
        assert route.geometry.coords[0] == pytest.approx((0, 20))
        place = found.amenities.geometry[route.amenity_id]
        assert route.geometry.coords[-1] == pytest.approx((place.x, place.y))


def test_no_plot_changes_what_is_measured_for_another() -> None:
    world = _town()
    world.node(-500, 5, STOP)
    alone = _survey(world, {"T2": shapely.box(100, 10, 160, 50)}).measurements
    others = {"T1": shapely.Point(140, 9), "T3": shapely.Point(0, 110)}
    together = _survey(world, {"T2": shapely.box(100, 10, 160, 50), **others}).measurements
    for name, measurement in alone.items():
        for part in ("value", "low", "high"):
            mine, theirs = (getattr(each, part)["T2"] for each in (measurement, together[name]))
            assert mine == theirs or (math.isnan(mine) and math.isnan(theirs)), (name, part)


def test_every_measurement_has_the_plots_index_whatever_it_found() -> None:
    plots = {"T1": shapely.Point(0, 20), "T2": shapely.Point(0, -900)}
    found = _survey(_town(), plots).measurements
    access, homes, shares, to_be, shortcuts = 10, 2 * 3, 2 * 3, 2, 1
    assert len(found) == access + homes + shares + to_be + shortcuts
    for measurement in found.values():
        for part in ("value", "low", "high", "nearest", "reason"):
            assert getattr(measurement, part).index.tolist() == ["T1", "T2"]
