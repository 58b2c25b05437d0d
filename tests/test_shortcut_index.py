"""From pairs to a plot's index, from crossings to places, worked out by hand."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from tests.shortcut_worlds import RAIL, barrier, pair_in, two_footways
from tests.worlds import CRS, FOOTWAY, World

from tomteanalyse.measures.amenities import find_amenities
from tomteanalyse.measures.shortcuts.destinations import shortcut_destinations
from tomteanalyse.measures.shortcuts.measure import ShortcutMeasure, measure_shortcuts
from tomteanalyse.measures.shortcuts.narrowing import ground_that_matters
from tomteanalyse.measures.shortcuts.places import crossing_places, middle
from tomteanalyse.measures.shortcuts.plot_index import choose_destinations, plot_index
from tomteanalyse.network.shortcuts.parameters import SCREEN

PLOTS = pd.RangeIndex(2)


def pairs(*rows: tuple[int, int, str, str, float, float]) -> pd.DataFrame:
    columns = ["plot", "destination", "category", "stop", "cost_m", "risk"]
    return pd.DataFrame(rows, columns=columns)


def test_categories_add_up_as_chances_and_fade_with_distance() -> None:
    found = plot_index(
        pairs((0, 0, "bus", "a", 700, 0.5), (0, 1, "service", "b", 400, 0.4)),
        PLOTS,
        weights={"bus": 1.0, "service": 0.5},
        parameters=SCREEN,
    )
    assert found.risk.tolist() == pytest.approx([1 - (1 - np.exp(-0.4) * 0.5) * (1 - 0.2), 0.0])
    assert found.by_category["share"].sum() == pytest.approx(1.0)


def test_the_nearer_of_two_shops_is_chosen_more_often() -> None:
    found = plot_index(
        pairs((0, 0, "shop", "a", 100, 0.9), (0, 1, "shop", "b", 300, 0.0)),
        PLOTS,
        weights={"shop": 1.0},
        parameters=SCREEN,
    )
    assert found.risk[0] == pytest.approx(0.9 / (1 + np.exp(-1)))
    assert found.shares["weight"].sum() == pytest.approx(1.0)


def test_the_quays_of_a_stop_count_by_their_mean() -> None:
    found = plot_index(
        pairs((0, 0, "bus", "stop", 100, 0.8), (0, 1, "bus", "stop", 200, 0.0)),
        PLOTS,
        weights={"bus": 1.0},
        parameters=SCREEN,
    )
    assert found.risk[0] == pytest.approx(0.4)
    assert found.shares["weight"].tolist() == [0.5, 0.5]


def test_a_weight_of_nothing_removes_a_category_and_another_never_lowers_the_index() -> None:
    rows = pairs((0, 0, "bus", "a", 100, 0.3), (0, 1, "shop", "b", 100, 0.6))
    one = plot_index(rows[:1], PLOTS, weights={"bus": 1.0}, parameters=SCREEN).risk[0]
    none = plot_index(rows, PLOTS, weights={"bus": 1.0, "shop": 0.0}, parameters=SCREEN).risk[0]
    both = plot_index(rows, PLOTS, weights={"bus": 1.0, "shop": 1.0}, parameters=SCREEN).risk[0]
    assert one == pytest.approx(none) == pytest.approx(0.3)
    assert both == pytest.approx(1 - 0.7 * 0.4)


def test_the_six_nearest_stops_of_a_category_count_with_all_their_quays() -> None:
    rows = [(0, number, "bus", f"s{number // 2}", 100.0 * number, 0.0) for number in range(16)]
    chosen = choose_destinations(pairs(*rows), parameters=SCREEN)
    assert chosen["destination"].tolist() == list(range(12))


def test_a_station_between_the_tracks_is_reached_from_both_sides() -> None:
    world = two_footways(300)
    barrier(world, RAIL, -2.0)
    barrier(world, RAIL, 2.0)
    stop = pair_in(world, (0, -50), (0, 0), stations=True)
    assert stop.costs[1] == pytest.approx(75, rel=0.05)
    assert stop.risk == 0
    assert pair_in(world, (0, 50), (0, 0), stations=True).risk == 0
    # A quay keeps its own side.
    assert pair_in(world, (0, -50), (0, 10)).risk > 0.5


def town() -> World:
    world = two_footways(400)
    barrier(world, {**RAIL, "name": "Dalbanen"})
    world.node(0, 55, {"shop": "supermarket", "name": "Dalen Mat"})
    world.node(40, -55, {"highway": "bus_stop", "name": "Dalen"})
    world.node(40, -45, {"highway": "bus_stop", "name": "Dalen"})
    return world


def measured(world: World, **plots: shapely.Geometry) -> ShortcutMeasure:
    extract = world.extract()
    places = shortcut_destinations(find_amenities(extract, crs=CRS), extract)
    doors = gpd.GeoSeries([*plots.values()], index=[*plots], crs=CRS)
    return measure_shortcuts(extract, doors, places)


def test_plots_on_the_far_side_of_the_track_share_one_crossing_place() -> None:
    found = measured(
        town(),
        near=shapely.Point(0, 60),
        south=shapely.Point(0, -60),
        west=shapely.box(-30, -70, -10, -55),
    )
    assert (found.risk > 0.5).all()
    severe, moderate = crossing_places([found])
    assert moderate == []
    place = severe[0]
    assert (place.barrier, place.name, place.edge) == ("rail", "Dalbanen", False)
    assert abs(place.peak[1]) < 1e-9
    assert -30 <= place.peak[0] <= 40
    assert place.load == max(each.load for each in severe)
    # Along the footways and through the underpass at 400.
    assert 700 < place.median_safe_distance_m < 950
    assert {plot for each in severe for plot in each.plots} == {"near", "south", "west"}
    table = found.table()
    assert set(table["plot_id"]) == {"near", "south", "west"}
    shop_next_door = (table["plot_id"] == "near") & table["destination_id"].str.endswith("grocery")
    assert table.loc[shop_next_door, "risk"].tolist() == [0.0]
    assert (table["safe_distance_m"] >= table["tempting_distance_m"]).all()


def test_a_plot_looked_at_twice_counts_as_in_the_closer_look() -> None:
    plots = {"south": shapely.Point(0, -60), "west": shapely.Point(-20, -62)}
    both = measured(town(), **plots)
    south, west = (measured(town(), **{each: plots[each]}) for each in plots)
    whole, _ = crossing_places([both])
    parts, _ = crossing_places([south, west])
    again, _ = crossing_places([both, west])
    assert [each.load for each in whole] == pytest.approx([each.load for each in parts])
    assert [each.visits for each in whole] == [each.visits for each in parts]
    assert [each.visits for each in whole] == [each.visits for each in again]
    crossed = {
        (plot, pair.destination, crossing.xy)
        for plot, found in (("south", south), ("west", west))
        for pair in found.pairs
        for crossing in pair.severe.crossings
    }
    assert {(plot, xy) for each in whole for plot, _, xy in each.visits} == {
        (plot, xy) for plot, _, xy in crossed
    }


def test_without_a_safe_way_for_most_there_is_no_middle_distance() -> None:
    assert middle([300.0, 100.0, 200.0]) == 200.0
    assert middle([300.0, 100.0]) == 200.0
    assert middle([np.inf, 100.0, 200.0]) == 200.0
    assert middle([np.inf, 100.0]) == np.inf


def test_both_quays_of_a_stop_are_one_destination() -> None:
    found = measured(town(), south=shapely.Point(0, -60))
    assert found.destinations.groupby("category")["stop"].nunique().to_dict() == {
        "bus": 1,
        "shop": 1,
    }
    assert found.index.shares["weight"].max() == pytest.approx(1.0)
    assert found.not_reachable == {"south": ()}


def test_a_way_outside_the_extract_puts_a_mark_on_the_saving() -> None:
    world = town()
    world.bounds = (-150, -400, 3000, 400)
    (row,) = np.flatnonzero(measured(world, south=shapely.Point(0, -60)).table()["risk"] > 0.1)
    assert "edge" in measured(world, south=shapely.Point(0, -60)).flags[row]
    assert "edge" not in measured(town(), south=shapely.Point(0, -60)).flags[row]


def test_a_world_without_destinations_has_no_shortcuts() -> None:
    world = World()
    world.way([(0, 0), (100, 0)], FOOTWAY)
    found = measured(world, plot=shapely.Point(0, 0))
    assert found.pairs == ()
    assert found.risk.tolist() == [0.0]
    assert crossing_places([found]) == ([], [])


def test_the_ground_that_matters_holds_the_ellipse_round_every_pair() -> None:
    doors, places = shapely.points([(0, 0)]), shapely.points([(600, 0), (0, 9000)])
    one, none = np.array([0]), np.zeros(0, dtype=np.int64)
    area = ground_that_matters(doors, places, one, one, limit_m=np.full(len(one), 1000.0))
    turn = np.linspace(0, 2 * np.pi, 100)
    ellipse = shapely.points(300 + 500 * np.cos(turn), 400 * np.sin(turn))
    assert shapely.covers(shapely.buffer(area, 1e-6), ellipse).all()
    assert area.area < 1.02 * np.pi * 500 * 400
    assert ground_that_matters(
        doors, places, none, none, limit_m=np.full(len(one), 1000.0)
    ).is_empty
