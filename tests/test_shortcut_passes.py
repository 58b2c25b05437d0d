"""The two passes, the bounds of the index and what must be cleared, worked out on the toy cases."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from tests.shortcut_worlds import RAIL, barrier, two_footways
from tests.worlds import CRS, World, study_in

from tomteanalyse.extract import Tags
from tomteanalyse.measures.amenities import find_amenities
from tomteanalyse.measures.shortcuts.bounds import index_bounds, motor_or_rail, must_clear
from tomteanalyse.measures.shortcuts.destinations import shortcut_destinations
from tomteanalyse.measures.shortcuts.findings import ShortcutFindings
from tomteanalyse.measures.shortcuts.index_measurement import index_measurement
from tomteanalyse.measures.shortcuts.measure import ShortcutMeasure, measure_shortcuts
from tomteanalyse.measures.shortcuts.passes import ShortcutPasses
from tomteanalyse.measures.shortcuts.steps import path_steps
from tomteanalyse.pipeline import run

MOTORWAY: Tags = {"highway": "motorway", "maxspeed": "110", "oneway": "yes", "ref": "E 99"}
STREET: Tags = {"highway": "primary", "maxspeed": "50"}


def with_shop(across: Tags, *, d: float = 150.0) -> World:
    """Return the toy of the method, with a shop where its destination is."""
    world = two_footways(d)
    barrier(world, across)
    world.node(0, 50, {"shop": "supermarket", "name": "Dalen Mat"})
    return world


def measured(world: World, **plots: shapely.Geometry) -> ShortcutMeasure:
    extract = world.extract()
    places = shortcut_destinations(find_amenities(extract, crs=CRS), extract)
    return measure_shortcuts(extract, doors(**plots), places)


def doors(**plots: shapely.Geometry) -> gpd.GeoSeries:
    return gpd.GeoSeries([*plots.values()], index=pd.Index([*plots], name="plot_id"), crs=CRS)


def findings(world: World, *closely: str, **plots: shapely.Geometry) -> ShortcutFindings:
    extract = world.extract()
    places = shortcut_destinations(find_amenities(extract, crs=CRS), extract)
    return ShortcutPasses(extract, doors(**plots), places).findings(closely)


SOUTH = shapely.Point(0, -50)


def test_the_bounds_move_the_saving_by_the_error_of_the_setting() -> None:
    found = measured(with_shop(RAIL), south=SOUTH)
    # 400 m safe, 196 m tempting, and a main line's severity is 0.9.
    assert found.risk["south"] == pytest.approx(0.9 * (1 - np.exp(-2.04)), rel=1e-6)
    bounds = index_bounds(found).loc["south"]
    assert bounds["low"] == pytest.approx(0.9 * (1 - np.exp(-1.82)), rel=1e-6)
    assert bounds["high"] == pytest.approx(0.9 * (1 - np.exp(-2.26)), rel=1e-6)
    assert bounds["least"] == bounds["low"]


def test_what_a_way_outside_the_map_may_save_is_the_least_and_not_the_low() -> None:
    world = with_shop(RAIL)
    world.bounds = (-100, -400, 3000, 400)
    found = measured(world, south=SOUTH)
    bounds = index_bounds(found).loc["south"]
    assert bounds["least"] == 0.0
    assert bounds["low"] > 0.5


def test_a_way_that_meets_no_hazard_has_no_bounds() -> None:
    found = measured(with_shop({"waterway": "river"}), south=SOUTH)
    assert index_bounds(found).loc["south"].tolist() == [0.0, 0.0, 0.0]


@pytest.mark.parametrize(
    ("across", "expected"),
    [
        (RAIL, [("rail", "violated")]),
        (MOTORWAY, [("motorway", "violated")]),
        (STREET, []),
        ({"highway": "secondary", "maxspeed": "80"}, []),
    ],
)
def test_a_railway_or_a_motorway_must_be_cleared_and_no_other_road(
    across: Tags, expected: list[tuple[str, str]]
) -> None:
    found = measured(with_shop(across), south=SOUTH)
    assert found.risk["south"] > 0.1
    clear = must_clear(found)
    assert list(zip(clear["barrier"], clear["state"], strict=True)) == expected


def test_what_hangs_on_the_edge_of_the_map_is_not_known_to_be_so() -> None:
    world = with_shop(RAIL)
    world.bounds = (-100, -400, 3000, 400)
    assert must_clear(measured(world, south=SOUTH))["state"].tolist() == ["unknown"]


def test_a_little_saving_need_not_be_cleared() -> None:
    # At d = 51 the railway saves 6 m: 0.9 (1 - e^-0.06) is just above the threshold of 0.05.
    assert len(must_clear(measured(with_shop(RAIL, d=51), south=SOUTH))) == 1
    assert len(must_clear(measured(with_shop(RAIL, d=50), south=SOUTH))) == 0


def test_a_road_for_motor_vehicles_counts_as_a_motorway() -> None:
    assert motor_or_rail("road", "trunk", 90.0) == "motorway"
    assert motor_or_rail("road", "trunk", 80.0) is None
    assert motor_or_rail("road", "motorway_link", None) == "motorway"
    assert motor_or_rail("rail", "tram", None) == "rail"


def test_a_plot_with_nothing_in_reach_is_unknown_and_not_safe() -> None:
    found = measured(
        with_shop(RAIL), south=SOUTH, far=shapely.Point(2900, -50), lost=shapely.Point()
    )
    outside = pd.Series([False, False, False], index=found.plots)
    index = index_measurement(found, outside=outside)
    assert index.value.isna().tolist() == [False, True, True]
    assert index.reason.tolist()[1:] == ["no_way_near", "no_way_near"]
    near_a_way = with_shop(RAIL)
    near_a_way.way([(2800, -50), (2950, -50)], {"highway": "footway"})
    found = measured(near_a_way, south=SOUTH, far=shapely.Point(2900, -50))
    index = index_measurement(found, outside=outside.iloc[:2].set_axis(found.plots))
    assert index.reason["far"] == "nothing_in_reach"
    assert np.isnan(index.value["far"])


def test_the_steps_of_a_way_are_as_long_as_the_way() -> None:
    world = with_shop(RAIL)
    world.way([(0, -50), (-300, -50), (-300, -90)], {"highway": "residential", "name": "Dalgata"})
    found = measured(world, south=SOUTH, west=shapely.Point(-300, -95))
    for pair in found.pairs:
        for path in (pair.safe, pair.tempting):
            assert path is not None
            steps = path_steps(path, found.levels)
            assert sum(each.metres for each in steps) == pytest.approx(path.metres)
    pair = found.pairs[1]
    assert pair.safe is not None
    kinds = [each.kind for each in path_steps(pair.safe, found.levels)]
    assert kinds == ["start", "street", "path", "tunnel", "path", "end"]
    tempting = path_steps(pair.tempting, found.levels)
    crossed = [each for each in tempting if each.kind == "crossing"]
    assert [(each.barrier, each.xy[1]) for each in crossed] == [("rail", pytest.approx(0.0))]


def test_a_closer_look_agrees_on_the_toy_and_replaces_only_its_own_plots() -> None:
    plots = {"south": SOUTH, "west": shapely.Point(-40, -60)}
    coarse = findings(with_shop(RAIL), **plots)
    both = findings(with_shop(RAIL), "south", **plots)
    assert both.index.equals(coarse.index)
    assert both.index_fine["south"] == pytest.approx(coarse.index["south"], rel=1e-6)
    assert np.isnan(both.index_fine["west"])
    assert both.pairs["fine"].tolist() == [True, False]
    assert set(both.steps["plot_id"]) == {"south"}
    assert coarse.steps.empty
    assert both.places["plots"].tolist() == [("south", "west")]
    assert both.crossings["place"].tolist() == [1, 1]
    assert both.must_clear["places"].tolist() == [(1,), (1,)]


def test_which_plots_are_looked_at_closely_moves_no_score() -> None:
    world = with_shop(RAIL)
    study = study_in(world, plots={"A": SOUTH.buffer(4), "B": shapely.box(-60, -80, -40, -60)})
    one = run(study, closely=["A"]).assessment
    none = study.config.model_copy(
        update={"shortcuts": study.config.shortcuts.model_copy(update={"closely": 0})}
    )
    other = run(type(study)(**{**vars(study), "config": none})).assessment
    assert one.evaluation.score.equals(other.evaluation.score)
    assert other.shortcuts.index_fine.isna().all()
    assert one.shortcuts.index_fine.notna().all()
    for found in (one, other):
        verdicts = found.evaluation.verdicts
        assert set(verdicts["constraint"]) == {"unsafe_shortcut_rail"}
        assert set(verdicts["effect"]) == {"must_clear"}


def test_a_plot_outside_the_map_is_unknown_and_moves_no_other() -> None:
    inside = measured(with_shop(RAIL), south=SOUTH)
    both = measured(with_shop(RAIL), gone=shapely.Point(), south=SOUTH, lost=shapely.Point())
    assert both.risk.isna().tolist() == [True, False, True]
    assert both.risk["south"] == inside.risk["south"]
