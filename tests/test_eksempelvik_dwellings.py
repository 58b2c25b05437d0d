"""The embedded study's dwellings and units tell the story that the monitoring must find."""

from datetime import date
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely import box, union_all

from tomteanalyse.inputs.reading import read_study
from tomteanalyse.measures.concentration.denominator import dwellings_at, dwellings_by_cell
from tomteanalyse.measures.concentration.stock import homes_at
from tomteanalyse.study import Study

FOLDER = Path(__file__).parents[1] / "data/eksempelvik"
HAMLET = "99990103"
FIRST_DAYS = [date(year, 1, 1) for year in range(2015, 2028)]


@pytest.fixture(scope="module")
def study() -> Study:
    return read_study(FOLDER)


def homes_on(units: gpd.GeoDataFrame, day: date) -> pd.Series:
    on = pd.Timestamp(day)
    begun = units["valid_from"].isna() | (units["valid_from"] <= on)
    return units["homes"][begun & (units["valid_to"].isna() | (units["valid_to"] >= on))]


def test_there_are_as_many_dwellings_as_in_a_small_town_and_they_grow(study: Study) -> None:
    counts = [int(dwellings_at(study.dwellings, day)["dwellings"].sum()) for day in FIRST_DAYS]
    assert 2000 < counts[0] < counts[-1] < 4000
    assert counts == sorted(counts)


@pytest.mark.parametrize("day", FIRST_DAYS, ids=str)
def test_no_cell_ever_has_more_municipal_homes_than_dwellings(study: Study, day: date) -> None:
    homes = homes_at(study.units, day, size_m=250)
    dwellings = dwellings_by_cell(study.dwellings, day, size_m=250)
    assert (homes <= dwellings.reindex(homes.index, fill_value=0)).all()


def test_every_municipal_home_is_a_dwelling_of_its_building_on_every_day(study: Study) -> None:
    days = pd.date_range("2015-01-01", "2027-01-01", freq="MS").date
    for day in days:
        units = study.units.loc[homes_on(study.units, day).index]
        homes = units.groupby("building_id")["homes"].sum()
        there = dwellings_at(study.dwellings, day).groupby("building_id")["dwellings"].sum()
        assert (homes <= there.reindex(homes.index, fill_value=0)).all(), day


def test_homes_and_their_building_are_in_one_place(study: Study) -> None:
    assert study.dwellings["building_id"].is_unique
    houses = study.dwellings.set_index("building_id").geometry
    apart = study.units.distance(gpd.GeoSeries(houses[study.units["building_id"]].to_numpy(),
                                               index=study.units.index, crs=study.crs))  # fmt: skip
    assert apart.max() < 0.01


def test_the_mill_hamlet_was_diluted_from_a_sixth_to_a_thirtieth(study: Study) -> None:
    hamlet = study.areas.geometry[HAMLET]
    units = study.units[study.units.within(hamlet)]
    houses = study.dwellings[study.dwellings.within(hamlet)]

    def on(day: date) -> tuple[int, int]:
        return int(homes_on(units, day).sum()), int(dwellings_at(houses, day)["dwellings"].sum())

    assert on(date(2018, 1, 1)) == (22, 139)
    assert on(date(2026, 1, 1)) == (6, 172)
    gone = units[units["valid_to"].notna()]
    assert gone.groupby("ended")["homes"].sum().to_dict() == {"demolished": 6, "sold": 10}
    # What was sold still stands; what was demolished does not, and new houses stand there since.
    sold = houses.set_index("building_id").loc[gone.loc[gone["ended"] == "sold", "building_id"]]
    assert sold["gone"].isna().all()
    mill = houses[houses["gone"].notna()]
    assert mill["dwellings"].sum() == 6
    near = houses[houses.distance(union_all(mill.geometry.values)) < 100]
    assert near.loc[near["built"] > mill["gone"].max(), "dwellings"].sum() == 37


def test_the_two_blocks_hold_nothing_but_municipal_homes(study: Study) -> None:
    blocks = study.dwellings[study.dwellings["building_id"].isin(["SKY-A", "SKY-B"])]
    assert blocks["dwellings"].tolist() == [68, 68]
    assert (
        study.units.loc[study.units["building_id"].isin(["SKY-A", "SKY-B"]), "homes"].sum() == 136
    )


def test_the_districts_cover_the_municipality_without_overlap(study: Study) -> None:
    west, south = 450_000.0, 7_120_000.0
    municipality = box(west, south, west + 6000, south + 4000)
    assert len(study.areas) == 8
    assert study.areas.area.sum() == pytest.approx(municipality.area, rel=1e-9)
    assert union_all(study.areas.geometry.values).symmetric_difference(municipality).area < 1
    inside = np.array([study.dwellings.within(area).sum() for area in study.areas.geometry])
    assert inside.sum() == len(study.dwellings)
    assert (inside > 20).all()


def test_the_map_and_the_addresses_agree_on_the_number_where_the_map_says_it(study: Study) -> None:
    flats = [
        (area.point_on_surface(), int(tags["building:flats"]))
        for area, tags in zip(study.extract.areas.geometry, study.extract.areas.tags, strict=True)
        if "building:flats" in tags
    ]
    assert len(flats) == 2
    for place, said in flats:
        there = study.dwellings[study.dwellings.distance(place) < 1]
        assert there["dwellings"].tolist() == [said]
