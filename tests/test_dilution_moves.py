"""Which moves there are, how far people walk from them, and what cannot be asked."""

from dataclasses import replace
from datetime import date
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from diluted_towns import SOUTH, WEST, diluted_town
from tomteanalyse.config import ProfileConfig
from tomteanalyse.dilution.dilute import dilute
from tomteanalyse.dilution.found import Dilution, Terms
from tomteanalyse.dilution.terms import area_meant
from tomteanalyse.errors import DataError, TomteanalyseError, UsageError
from tomteanalyse.measures.survey import survey
from tomteanalyse.study import Study

# What moves there are


def small() -> Study:
    """Return a town: a block of 10 of 12, two of 2 in a house of 2, one of 4 in a house of 4."""
    return diluted_town(
        [
            (100, 100, 12, 10),
            (300, 100, 2, 2),
            (500, 100, 4, 1),
            (900, 900, 4, 4),
            *[(100 + 50 * n, 700, 5, 0) for n in range(20)],
        ],
        plots={"T1": (600, 600, 3), "T2": (700, 700, None), "T3": (1100, 300, 6)},
        areas={"A": ("Vest", shapely.box(0, 0, 400, 1200))},
        steps=[2, 1, None, 4],
        profile={"step": 3, "housing_form": "smaahus", "homes": 2},
    )


def of_kind(found: Dilution, kind: str) -> pd.DataFrame:
    return pd.DataFrame(found.moves[found.moves["kind"] == kind]).sort_values(
        ["unit_id", "plot_id"]
    )


def test_a_large_unit_is_given_up_four_homes_at_a_time_as_often_as_it_has_them() -> None:
    sales = of_kind(dilute(small(), Terms(5)), "sell").set_index("unit_id")
    assert sales["homes"].to_dict() == {"E000": 4, "E001": 2, "E002": 1, "E003": 4}
    assert sales["times"].to_dict() == {"E000": 2, "E001": 1, "E002": 1, "E003": 1}
    assert sales["capacity"].to_dict() == {"E000": -4, "E001": -2, "E002": -1, "E003": -4}
    assert sales["steps"].to_dict() == {
        "E000": {"2": 4},
        "E001": {"1": 2},
        "E002": {"unknown": 1},
        "E003": {"4": 4},
    }


def test_only_a_unit_that_has_its_house_for_itself_is_torn_down() -> None:
    torn = of_kind(dilute(small(), Terms(5)), "replace")
    assert torn["unit_id"].tolist() == ["E001", "E003"]
    assert torn["capacity"].tolist() == [-2, -4]


def test_as_many_homes_are_bought_as_are_planned_on_the_plot_or_in_the_profile() -> None:
    found = dilute(small(), Terms(5, buy_at=("T1", "T2", "T3")))
    bought = of_kind(found, "buy").set_index("plot_id")
    assert bought["homes"].to_dict() == {"T1": 3, "T2": 2, "T3": 6}
    assert bought["steps"].tolist() == [{"3": 3}, {"3": 2}, {"3": 6}]
    moved = of_kind(found, "move")
    # Four homes find room at T3 alone, two at all.
    assert moved.groupby("unit_id")["plot_id"].apply(list).to_dict() == {
        "E000": ["T3"],
        "E001": ["T1", "T2", "T3"],
        "E002": ["T1", "T2", "T3"],
        "E003": ["T3"],
    }
    assert set(moved["capacity"]) == {0}


def test_only_units_of_the_area_are_given_up() -> None:
    found = dilute(small(), Terms(5, buy_at=("T3",), area="A"))
    assert set(found.moves["unit_id"].dropna()) == {"E000", "E001"}
    assert found.steps.loc[0, "homes"] == 17


def test_walks_are_those_the_ranking_measures() -> None:
    study = small()
    found = dilute(study, Terms(5, buy_at=("T1", "T3")))
    measured = survey(study).measurements
    for name in ("bus", "grocery"):
        for plot in ("T1", "T3"):
            here = found.moves[found.moves["plot_id"] == plot][f"walk_{name}_to_m"].unique()
            assert here == pytest.approx([measured[f"walk_{name}"].value[plot]])
    # E000 lies on a street corner, one block each way from the grocery's.
    sale = of_kind(found, "sell").set_index("unit_id").loc["E000"]
    assert sale["walk_grocery_m"] == pytest.approx(200, abs=15)
    assert np.isnan(sale["walk_grocery_to_m"])


def test_homes_that_no_way_leads_from_are_counted_beside_the_mean() -> None:
    study = small()
    far = study.units.geometry.copy()
    far.loc["E003"] = shapely.Point(WEST + 900, SOUTH + 2500)
    apart = replace(study, units=study.units.set_geometry(far))
    steps = dilute(apart, Terms(0)).steps.loc[0]
    near = dilute(study, Terms(0)).moves.set_index("unit_id")
    sales = near[near["kind"] == "sell"]["walk_bus_m"]
    homes = study.units["homes"]
    kept = ["E000", "E001", "E002"]
    assert steps["walk_bus_m"] == pytest.approx(
        np.average(sales[kept], weights=homes[kept].astype(float))
    )


def test_cells_before_and_after_hold_all_homes_and_dwellings() -> None:
    found = dilute(small(), Terms(2, buy_at=("T3",), keep_capacity=True))
    cells = found.cells
    assert cells["homes_before"].sum() == 17
    assert cells["homes_after"].sum() == found.steps["homes"].iloc[-1]
    plan = found.moves.loc[list(found.plan)]
    new = int(plan["homes"][plan["plot_id"].notna()].sum())
    assert cells["dwellings_after"].sum() - cells["dwellings_before"].sum() == new > 0
    assert (cells["homes_after"] <= cells["dwellings_after"]).all()


# What cannot be asked


def codes(study: Study, terms: Terms, **more: Any) -> set[str]:
    with pytest.raises(TomteanalyseError) as caught:
        dilute(study, terms, **more)
    return {notice.code for notice in caught.value.notices}


def test_without_dwellings_nothing_is_ranked_and_what_is_missing_is_said() -> None:
    study = small()
    config = study.config.model_copy(update={"dwellings": None})
    bare = replace(study, config=config, dwellings=gpd.GeoDataFrame())
    with pytest.raises(DataError) as caught:
        dilute(bare, Terms(5))
    assert [notice.code for notice in caught.value.notices] == ["dilution.no_dwellings"]
    assert 'source = "buildings"' in str(caught.value)


def test_every_fault_is_told_at_once() -> None:
    study = small()
    nobody = replace(study, units=study.units.assign(current=False))
    config = study.config.model_copy(
        update={"profile": ProfileConfig(step=3, housing_form="smaahus")}
    )
    asked = Terms(-1, buy_at=("T2", "T9"), area="B")
    assert codes(replace(nobody, config=config), asked, objective="isolation") == {
        "dilution.negative_sell",
        "dilution.unknown_plots",
        "dilution.unknown_area",
        "dilution.unknown_objective",
        "dilution.no_homes",
        "dilution.no_planned_homes",
    }
    assert codes(study, Terms(1, keep_capacity=True)) == {"dilution.nowhere_to_buy"}


def test_a_town_of_municipal_homes_only_has_nothing_to_spread_them_among() -> None:
    assert codes(diluted_town([(100, 100, 3, 3), (400, 400, 2, 2)]), Terms(1)) == {
        "dilution.no_others"
    }


def test_dwellings_that_are_not_there_on_the_day_do_not_count() -> None:
    study = small()
    config = study.config.model_copy(
        update={"units": study.config.units.model_copy(update={"on": date(2020, 1, 1)})}
    )
    later = study.dwellings.assign(built=np.datetime64("2021-01-01", "ns"))
    assert codes(replace(study, config=config, dwellings=later), Terms(1)) == {
        "dilution.none_that_day"
    }


def test_homes_the_source_does_not_know_are_added_and_told() -> None:
    study = small()
    short = study.dwellings.copy()
    short.loc["D000", "dwellings"] = 3
    found = dilute(replace(study, dwellings=short), Terms(1))
    told = {notice.code: notice.values for notice in found.warnings}
    assert told["dilution.raised"] == {"count": 7, "cells": 1}


def test_an_area_is_found_by_id_or_name_and_a_wrong_one_is_refused() -> None:
    study = small()
    assert area_meant(study, "A") == area_meant(study, " vest ") == "A"
    with pytest.raises(UsageError) as caught:
        area_meant(study, "Aust")
    assert "Vest" in str(caught.value)
    with pytest.raises(UsageError) as caught:
        area_meant(replace(study, areas=gpd.GeoDataFrame()), "Vest")
    assert caught.value.notices[0].code == "dilution.no_areas"


def test_where_fewer_dwellings_lie_than_count_as_around_that_share_is_unknown() -> None:
    study = diluted_town([(100, 100, 3, 3), (400, 400, 9, 2), (900, 900, 8, 0)])
    found = dilute(study, Terms(1))
    assert found.moves["around"].isna().all()
    assert "dilution.too_few_around" in {notice.code for notice in found.warnings}
    assert found.moves["dissimilarity"].notna().all()
