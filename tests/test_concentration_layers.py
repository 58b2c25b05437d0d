"""Concentration in buildings and around plots, on a street where it can be counted by hand."""

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from scipy.stats import hypergeom

from tomteanalyse.measures.concentration import around
from tomteanalyse.measures.concentration.among import among_dwellings
from tomteanalyse.measures.concentration.buildings import municipal_buildings
from tomteanalyse.measures.concentration.findings import ConcentrationFindings
from tomteanalyse.measures.survey import Survey, survey
from tomteanalyse.study import Study
from worlds import CRS, STREET, World, study_in

Dwelling = tuple[float, float, int, str | None]
Unit = tuple[float, float, int, int | None]


def _dwellings(rows: list[Dwelling]) -> gpd.GeoDataFrame:
    no_day = np.full(len(rows), np.datetime64("NaT", "s"))
    return gpd.GeoDataFrame(
        {
            "dwellings": np.array([number for _, _, number, _ in rows], dtype=np.int64),
            "built": no_day,
            "gone": no_day,
            "building_id": pd.array([name or pd.NA for *_, name in rows], dtype="str"),
        },
        geometry=[shapely.Point(x, y) for x, y, *_ in rows],
        index=pd.Index([f"B{n:03d}" for n in range(len(rows))], name="dwelling_place", dtype="str"),
        crs=CRS,
    )


def _study(
    units: list[Unit],
    dwellings: list[Dwelling] | None,
    *,
    buildings: dict[int, str] | None = None,
    planned: int | None = None,
    **sections: object,
) -> Study:
    world = World()
    world.way([(x, 0) for x in range(-2000, 2001, 100)], STREET)
    if dwellings is not None:
        sections = {"dwellings": {"source": "addresses", "file": "boliger.csv"}, **sections}
    found = study_in(
        world,
        {"T1": shapely.Point(0, 10)},
        units=units,
        **sections,  # type: ignore[arg-type]  # sections of the study file
    )
    named = found.units["building_id"].astype("object").to_numpy(copy=True)
    for row, name in (buildings or {}).items():
        named[row] = name
    return replace(
        found,
        units=found.units.assign(building_id=pd.array(named, dtype="str")),
        plots=found.plots.assign(planned_homes=pd.array([planned], dtype="Int64")),
        dwellings=gpd.GeoDataFrame() if dwellings is None else _dwellings(dwellings),
    )


# Houses of 20 dwellings each 100 m along the street; walks from T1 are 10 + |x| + |y|.
TOWN: list[Dwelling] = [(float(x), 5.0, 20, None) for x in range(-900, 1000, 100)]
UNITS: list[Unit] = [(100.0, 6.0, 10, 1), (-300.0, 4.0, 5, 4)]


def _plot(found: Survey) -> pd.Series:
    return found.concentration.plots.loc["T1"]


def test_the_share_among_the_nearest_is_counted_on_foot_and_in_a_straight_line() -> None:
    plot = _plot(survey(_study(UNITS, TOWN)))
    # 20 at the plot's own door; then two houses with every hundred metres, 10 homes in one.
    assert plot["share_50_walk"] == pytest.approx((0 + 30 * 10 / 40) / 50)
    assert plot["share_100_walk"] == pytest.approx((10 + 0) / 100)
    # There are 380 in all.
    assert pd.isna(plot["share_400_walk"])
    assert plot["share_100_straight"] == pytest.approx(0.10)


def test_planned_homes_are_the_nearest_of_all_and_municipal() -> None:
    found = survey(_study(UNITS, TOWN, planned=8))
    plot = _plot(found)
    assert plot["planned_homes"] == 8
    # Of 50: 8 planned, 20 at the door, and 22 of the 40 of whom 10 are municipal.
    assert plot["share_50_walk_planned"] == pytest.approx((8 + 22 * 10 / 40) / 50)
    assert plot["share_50_straight_planned"] == pytest.approx((8 + 22 * 10 / 40) / 50)
    assert plot["homes_300_planned"] == plot["homes_300"] + 8
    # The profile is of step 3.
    assert plot["weighted_homes_500_planned"] == plot["weighted_homes_500"] + 8 * 2.0
    to_be = found.measurements["share_100_walk_to_be"].value["T1"]
    assert to_be == plot["share_100_walk_planned"]
    weighted = found.measurements["weighted_homes_500_to_be"].value["T1"]
    assert weighted == plot["weighted_homes_500_planned"]


def test_more_planned_homes_than_the_neighbourhood_holds_fill_it() -> None:
    plot = _plot(survey(_study(UNITS, TOWN, planned=60)))
    assert plot["share_50_walk_planned"] == 1.0
    assert plot["share_100_walk_planned"] == pytest.approx((60 + 20 * 10 / 40) / 100)


def test_where_nobody_says_how_many_are_planned_criteria_value_today() -> None:
    found = survey(_study(UNITS, TOWN))
    plot = _plot(found)
    assert pd.isna(plot["planned_homes"])
    assert pd.isna(plot["share_100_walk_planned"])
    assert pd.isna(plot["homes_500_planned"])
    assert found.measurements["share_100_walk_to_be"].value["T1"] == plot["share_100_walk"]
    assert found.measurements["weighted_homes_500_to_be"].value["T1"] == plot["weighted_homes_500"]


def test_the_profiles_number_holds_where_the_plot_does_not_say() -> None:
    profile = {"step": 3, "housing_form": "smaahus", "homes": 6}
    assert _plot(survey(_study(UNITS, TOWN, profile=profile)))["planned_homes"] == 6
    own = _plot(survey(_study(UNITS, TOWN, planned=2, profile=profile)))
    assert own["planned_homes"] == 2


def test_without_dwellings_shares_are_unknown_and_homes_are_counted() -> None:
    found = survey(_study(UNITS, None, planned=8))
    plot = _plot(found)
    assert (plot["homes_300"], plot["homes_500"]) == (10, 15)
    assert plot["homes_500_planned"] == 23
    assert found.concentration.basis is None
    assert found.concentration.dwellings == 0
    for name in ("share_50_walk", "share_100_straight"):
        assert pd.isna(plot[name])
        assert pd.isna(plot[f"{name}_planned"])
        assert found.measurements[name].reason["T1"] == "no_dwellings"
    assert np.isnan(found.measurements["share_100_walk_to_be"].value["T1"])
    assert not found.concentration.indices
    assert found.concentration.buildings["share"].isna().all()
    assert found.concentration.buildings["homes"].tolist() == [10, 5]


def test_a_share_says_why_it_is_unknown() -> None:
    found = survey(_study([], TOWN[:4])).measurements
    # 80 dwellings in all.
    assert found["share_50_walk"].value["T1"] == 0.0
    assert found["share_100_walk"].reason["T1"] == "few_dwellings"
    assert found["share_100_straight"].reason["T1"] == "few_dwellings"
    far = [*TOWN[:2], (90_000.0, 0.0, 100, None)]
    found = survey(_study([], far)).measurements
    assert found["share_100_walk"].reason["T1"] == "few_on_foot"
    assert found["share_100_straight"].value["T1"] == 0.0


def test_with_very_many_plots_neighbourhoods_are_straight_lines(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(around, "MOST_ON_FOOT", 0)
    found = survey(_study(UNITS, TOWN)).measurements
    assert found["share_100_walk"].reason["T1"] == "many_plots"
    assert found["share_100_straight"].value["T1"] == pytest.approx(0.1)


def test_a_home_that_nobody_knows_where_is_may_be_among_the_nearest() -> None:
    study = _study(UNITS, TOWN)
    somewhere = pd.DataFrame(
        {"homes": [3, 9], "step": pd.array([1, 1], dtype="Int64"), "current": [True, False]}
    )
    found = survey(replace(study, unplaced=somewhere)).measurements["share_100_walk"]
    assert (found.low["T1"], found.high["T1"]) == pytest.approx((0.10, 0.13))


def test_the_interval_around_a_plot_is_that_of_drawing_its_neighbours_at_random() -> None:
    plot = _plot(survey(_study(UNITS, TOWN)))
    low, high = hypergeom.ppf([0.025, 0.975], 380, 15, 100)
    assert (plot["share_100_walk_low"], plot["share_100_walk_high"]) == (low / 100, high / 100)


def test_homes_are_found_among_the_dwellings_of_their_own_building_and_else_the_nearest() -> None:
    dwellings = _dwellings(
        [
            (0, 0, 4, None),
            (20, 0, 4, None),
            (300, 0, 10, "blokka"),
            (900, 0, 1, None),
        ]
    )
    units = _study(
        [(4.0, 0.0, 6, 1), (880.0, 0.0, 1, 1), (890.0, 0.0, 2, 1), (5000.0, 0.0, 3, 1)],
        [],
        buildings={1: "blokka"},
    ).units
    found = among_dwellings(dwellings, units, basis="addresses")
    # 6 homes: 4 at 4 m, 2 at 16 m. The block is named, though far away. Of 2 homes by a house with
    # one dwelling one is added, and 3 lie where the other source knows no house.
    assert found.municipal.tolist() == [4, 2, 1, 2, 3]
    assert found.dwellings.tolist() == [4, 4, 10, 2, 3]
    assert found.short.tolist() == [False, False, False, True, True]
    assert (found.given, found.dwellings_added) == (4, 4)
    assert found.homes.sum() == units["homes"].sum()
    assert list(zip(found.unit, found.place, found.homes, strict=True)) == [
        (0, 0, 4),
        (0, 1, 2),
        (1, 2, 1),
        (2, 3, 2),
        (3, 4, 3),
    ]


def test_a_home_on_the_very_spot_of_a_dwelling_is_that_dwelling() -> None:
    units = _study([(100.0, 5.0, 2, 1)], []).units
    found = among_dwellings(_dwellings([(100, 5, 2, None)]), units, basis="addresses")
    assert (found.municipal.tolist(), found.dwellings_added) == ([2], 0)


def test_in_a_bare_grid_homes_are_among_the_dwellings_of_their_cell() -> None:
    units = _study([(120.0, 110.0, 2, 1)], []).units
    middle = _dwellings([(0, 0, 30, None)])
    assert among_dwellings(middle, units, basis="grid").dwellings_added == 0
    assert among_dwellings(middle, units, basis="addresses").dwellings_added == 2


def _buildings(
    units: list[Unit],
    dwellings: list[Dwelling],
    *,
    buildings: dict[int, str] | None = None,
    limit: float | None = None,
) -> gpd.GeoDataFrame:
    sections = {} if limit is None else {"concentration": {"source": "x", "building_limit": limit}}
    study = _study(units, dwellings, buildings=buildings, **sections)
    return survey(study).concentration.buildings


def test_units_of_one_building_are_one_building_the_greatest_first() -> None:
    found = _buildings(
        [(0.0, 5.0, 1, 1), (100.0, 5.0, 3, 1), (200.0, 5.0, 4, 1)],
        [(x, 5.0, 10, None) for x in (0.0, 100.0, 200.0)],
        buildings={1: "blokk", 2: "blokk"},
    )
    assert found.index.tolist() == ["blokk", "E000"]
    assert found["homes"].tolist() == [7, 1]
    assert found["dwellings"].tolist() == [20, 10]
    assert found["share"].tolist() == [0.35, 0.1]
    assert found.geometry.loc["blokk"] == shapely.Point(150, 5)
    assert found["above_limit"].isna().all()


def test_the_dwellings_of_a_building_that_both_name_are_all_of_its_dwellings() -> None:
    found = _buildings(
        [(0.0, 5.0, 4, 1)],
        [(0.0, 5.0, 4, "a"), (90.0, 5.0, 36, "a"), (8.0, 5.0, 50, None)],
        buildings={0: "a"},
        limit=0.10,
    )
    assert found.loc["a", ["dwellings", "share", "above_limit"]].tolist() == [40, 0.1, False]
    assert _buildings(
        [(0.0, 5.0, 4, 1)], [(0.0, 5.0, 39, "a")], buildings={0: "a"}, limit=0.10
    ).loc["a", "above_limit"]


def test_one_row_for_a_whole_block_does_not_make_it_all_municipal() -> None:
    found = _buildings([(0.0, 5.0, 8, 1)], [(0.0, 5.0, 1, None), *TOWN[:3]], limit=0.5)
    row = found.loc["E000"]
    assert pd.isna(row["dwellings"])
    assert np.isnan(row["share"])
    assert pd.isna(row["above_limit"])
    assert pd.isna(row["above_chance"])


def test_a_block_of_municipal_homes_is_more_than_chance_and_a_single_house_is_not() -> None:
    town = [(float(x), 5.0, 1, None) for x in range(-1900, 1900, 10)]
    found = _buildings(
        [(0.0, 40.0, 30, 1), (-1000.0, 5.0, 1, 1)], [*town, (0.0, 40.0, 40, None)], limit=0.25
    )
    assert found["above_chance"].tolist() == [True, False]
    assert found["above_limit"].tolist() == [True, True]
    block = found.iloc[0]
    low, high = hypergeom.ppf([0.025, 0.975], 380 + 40, 31, 40)
    assert (block["low"], block["high"]) == (low / 40, high / 40)


def test_a_bare_grid_says_nothing_of_buildings() -> None:
    study = _study(UNITS, TOWN)
    places = among_dwellings(study.dwellings, study.units, basis="grid")
    found = municipal_buildings(study.units, study.dwellings, places, basis="grid", limit=None)
    assert found["share"].isna().all()


def _findings(study: Study) -> ConcentrationFindings:
    return survey(study).concentration


def test_the_order_of_the_rows_changes_nothing() -> None:
    study = _study(UNITS, TOWN, planned=4)
    shuffled = replace(
        study,
        dwellings=study.dwellings.iloc[::-1].sort_index(),
        units=study.units.iloc[::-1].sort_index(),
    )
    one, other = _findings(study), _findings(shuffled)
    pd.testing.assert_frame_equal(one.plots, other.plots)
    pd.testing.assert_frame_equal(pd.DataFrame(one.cells), pd.DataFrame(other.cells))
    assert one.indices == other.indices


def test_homes_that_the_other_source_does_not_know_are_told_of_without_naming_them() -> None:
    found = survey(_study([(0.0, 5.0, 25, 1), (1500.0, 5.0, 2, 1)], TOWN))
    (notice,) = [each for each in found.warnings if each.code == "concentration.raised"]
    assert notice.values["places"] == 2
    assert notice.values["added"] == 5 + 2
    assert "E000" not in notice.text("nb")
