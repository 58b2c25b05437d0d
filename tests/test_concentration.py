"""Homes within so many metres' walk, counted by hand on one street."""

import math
from dataclasses import replace

import pandas as pd
import pytest
import shapely

from tomteanalyse.measures.concentration.homes import STEP_WEIGHTS
from tomteanalyse.measures.measurement import Measurement
from tomteanalyse.measures.survey import Survey, survey
from worlds import FOOTWAY, RAIL, STREET, World, study_in

Unit = tuple[float, float, int, int | None]


def _street() -> World:
    """Four kilometres from west to east, in stretches of 100 m."""
    world = World()
    world.way([(x, 0) for x in range(-2000, 2001, 100)], STREET)
    return world


def _survey(
    units: list[Unit],
    world: World | None = None,
    plots: dict[str, shapely.Geometry] | None = None,
    **sections: object,
) -> Survey:
    return survey(
        study_in(
            world or _street(),
            plots or {"T1": shapely.Point(0, 10)},
            units=units,
            **sections,  # type: ignore[arg-type]
        )
    )


def _homes(found: Survey, plot: str = "T1") -> dict[str, float]:
    return {
        name: float(measurement.value[plot])
        for name, measurement in found.measurements.items()
        if "homes" in name
    }


# Walks from T1, 10 m north of the street at x = 0: 10 + |x| + |y|.
UNITS: list[Unit] = [
    (100, 5, 2, 1),  # 115 m
    (-250, 30, 4, 4),  # 290 m
    (300, -20, 1, None),  # 330 m
    (480, 4, 8, 5),  # 494 m
    (-600, 6, 3, 2),  # 616 m
    (985, 4, 5, 3),  # 999 m
    (1200, 5, 7, 1),  # 1215 m
]


def test_homes_are_counted_by_the_way_one_walks() -> None:
    homes = _homes(_survey(UNITS))
    assert (homes["homes_300"], homes["homes_500"], homes["homes_1000"]) == (6, 15, 23)


def test_homes_are_weighed_by_their_step() -> None:
    homes = _homes(_survey(UNITS))
    within_300 = 2 * 1.0 + 4 * 3.0
    within_500 = within_300 + 1 * 1.0 + 8 * 3.0
    within_1000 = within_500 + 3 * 1.5 + 5 * 2.0
    assert homes["weighted_homes_300"] == within_300
    assert homes["weighted_homes_500"] == within_500
    assert homes["weighted_homes_1000"] == within_1000


def test_the_study_file_may_weigh_the_steps_otherwise() -> None:
    own = {"source": "testen", "step_weights": {"4": 10.0, "unknown": 0.5}}
    homes = _homes(_survey(UNITS, concentration=own))
    assert homes["weighted_homes_300"] == 2 * STEP_WEIGHTS["1"] + 4 * 10.0
    assert homes["weighted_homes_500"] == 2 + 40 + 0.5 + 8 * STEP_WEIGHTS["5"]
    assert homes["homes_500"] == 15


def test_a_unit_on_the_plots_own_stretch_is_reached_without_a_junction() -> None:
    homes = _homes(_survey([(40, 8, 1, 1), (-30, 8, 1, 1), (0, 10, 1, 1)]))
    assert homes["homes_300"] == 3
    # The same where the whole street is one stretch and no junction is near.
    world = World()
    world.way([(-2000, 0), (2000, 0)], STREET)
    near = _homes(_survey([(200, 8, 1, 1), (600, 8, 2, 1)], world))
    assert (near["homes_300"], near["homes_500"], near["homes_1000"]) == (1, 1, 3)


@pytest.mark.parametrize(("x", "counted"), [(479.9, 3), (480.0, 3), (480.1, 0)])
def test_a_home_at_the_very_radius_counts_and_the_next_does_not(x: float, counted: int) -> None:
    assert _homes(_survey([(x, 10, 3, 1)]))["homes_500"] == counted


def test_a_home_exactly_at_the_radius_counts_whatever_the_last_digits_say() -> None:
    # Both lie on the street: their legs of no length are kept as a thousandth of a millimetre.
    world = World()
    world.way([(0, 0), (2000, 0)], STREET)
    at_the_end = {"T1": shapely.Point(0, 0)}
    assert _homes(_survey([(500, 0, 3, None)], world, at_the_end))["homes_500"] == 3
    assert _homes(_survey([(500.01, 0, 3, None)], world, at_the_end))["homes_500"] == 0


def test_a_short_way_in_the_air_does_not_count_where_the_walk_is_long() -> None:
    world = _street()
    world.way([(-2000, 60), (2000, 60)], RAIL)
    world.way([(-2000, 120), (2000, 120)], FOOTWAY)
    beyond: list[Unit] = [(0, 110, 9, 1)]
    assert _homes(_survey(beyond, world))["homes_1000"] == 0
    world.way([(400, 0), (400, 120)], {"highway": "footway", "bridge": "yes"})
    world.way([(400, 120), (300, 120)], FOOTWAY)
    # Over a bridge that is joined to nothing but its ends: still no way, and not by the rail.
    assert _homes(_survey(beyond, world))["homes_1000"] == 0


def test_the_nearest_leg_of_a_large_plot_decides() -> None:
    plots = {"T1": shapely.box(0, 10, 300, 40)}
    homes = _homes(_survey([(590, 10, 2, 1)], plots=plots))
    # From the plot's east corner: 10 + 290 + 10 m; from its west corner 610 m.
    assert (homes["homes_300"], homes["homes_500"]) == (0, 2)


def test_a_unit_far_from_every_way_counts_in_the_high_bound_only() -> None:
    far: Unit = (0, 400, 6, 5)
    found = _survey([(100, 5, 2, 1), far])

    def bounds(name: str) -> tuple[float, float, float]:
        each: Measurement = found.measurements[name]
        return float(each.low["T1"]), float(each.value["T1"]), float(each.high["T1"])

    # 390 m in a straight line from the plot: possible within 500 m on foot, not within 300 m.
    assert bounds("homes_300") == (2, 2, 2)
    assert bounds("homes_500") == (2, 2, 8)
    assert bounds("weighted_homes_1000") == (2, 2, 2 + 6 * STEP_WEIGHTS["5"])
    (told,) = [each for each in found.warnings if each.code == "network.units_unplaced"]
    assert told.values == {"count": 1}
    assert told.ids == ()


def test_a_plot_without_a_way_near_it_has_an_unknown_number() -> None:
    plots = {"T1": shapely.Point(0, 10), "T2": shapely.Point(0, -900)}
    found = _survey(UNITS, plots=plots)
    assert all(math.isnan(count) for count in _homes(found, "T2").values())
    assert set(found.measurements["homes_500"].reason.dropna()) == {"no_way_near"}
    assert _homes(found, "T1")["homes_500"] == 15


def test_only_the_units_that_count_today_are_counted() -> None:
    study = study_in(_street(), {"T1": shapely.Point(0, 10)}, units=UNITS)
    study.units["current"] = [True, False, True, True, True, True, True]
    homes = {
        name: float(measurement.value["T1"])
        for name, measurement in survey(study).measurements.items()
    }
    assert (homes["homes_300"], homes["homes_500"]) == (2, 11)


def test_where_no_home_is_near_the_number_is_nought_and_known() -> None:
    found = _survey([(1800, 5, 4, 2)])
    assert set(_homes(found).values()) == {0.0}
    assert found.measurements["homes_500"].reason.isna().all()


def test_many_units_count_the_same_whatever_their_order() -> None:
    many: list[Unit] = [
        (-1900.0 + 61 * number, (-1) ** number * 7.0, 1 + number % 3, number % 5 + 1)
        for number in range(60)
    ]
    plots = {f"T{number:02d}": shapely.Point(-1500 + 333 * number, 12) for number in range(10)}
    found, turned = _survey(many, plots=plots), _survey(many[::-1], plots=plots)
    for plot, shape in plots.items():
        walks = [(abs(x - shape.x) + 12 + abs(y), homes, step) for x, y, homes, step in many]
        for radius in (300, 500, 1000):
            by_hand = sum(homes for metres, homes, _ in walks if metres <= radius)
            weighed = sum(
                homes * STEP_WEIGHTS[str(step)] for metres, homes, step in walks if metres <= radius
            )
            assert _homes(found, plot)[f"homes_{radius}"] == by_hand
            assert _homes(found, plot)[f"weighted_homes_{radius}"] == pytest.approx(weighed)
        assert _homes(turned, plot) == _homes(found, plot)


def test_a_home_without_a_place_may_be_near_any_plot_and_counts_in_the_high_bound_alone() -> None:
    study = study_in(_street(), {"T1": shapely.Point(0, 10)}, units=[(100, 0, 2, 1)])
    lost = pd.DataFrame(
        {
            "homes": [5, 4],
            "step": pd.array([3, None], dtype="Int64"),
            "current": [True, False],
        }
    )
    found = survey(replace(study, unplaced=lost)).measurements
    assert found["homes_300"].value["T1"] == 2
    assert found["homes_300"].low["T1"] == 2
    assert found["homes_300"].high["T1"] == 2 + 5
    assert found["weighted_homes_1000"].high["T1"] == 2 * STEP_WEIGHTS["1"] + 5 * STEP_WEIGHTS["3"]


@pytest.mark.parametrize("units", [[], [(100, 5, 2, 1)], [(100, 5, 2, 1), (100, 5, 3, 2)]])
def test_few_units_or_none_are_counted(units: list[Unit]) -> None:
    assert _homes(_survey(units))["homes_300"] == sum(homes for _, _, homes, _ in units)
