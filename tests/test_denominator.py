"""What shares are shares of: dwellings on a day, and never fewer than the municipal homes."""

from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from tomteanalyse.measures.concentration.denominator import (
    dwellings_at,
    dwellings_by_cell,
    with_homes,
)
from tomteanalyse.measures.concentration.grid import GRID_CRS, cell_ids


def _dwellings(rows: list[tuple[float, float, int, str | None, str | None]]) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {
            "dwellings": [number for _, _, number, _, _ in rows],
            "built": pd.Series([built for *_, built, _ in rows], dtype="datetime64[s]").array,
            "gone": pd.Series([gone for *_, gone in rows], dtype="datetime64[s]").array,
            "building_id": pd.array([pd.NA] * len(rows), dtype="str"),
        },
        geometry=[shapely.Point(x, y) for x, y, *_ in rows],
        index=pd.Index([f"B{n:02d}" for n in range(len(rows))], name="dwelling_place"),
        crs=GRID_CRS,
    )


TOWN = _dwellings(
    [
        (260_100, 6_650_100, 4, None, None),
        (260_100, 6_650_120, 3, "2018-06-01", None),
        (260_240, 6_650_240, 2, None, "2018-06-01"),
        (260_260, 6_650_100, 8, "2019-01-01", "2020-12-31"),
    ]
)


def test_a_dwelling_is_there_on_its_first_day_and_on_its_last() -> None:
    def ids(day: date) -> list[str]:
        return [str(each) for each in dwellings_at(TOWN, day).index]

    assert ids(date(2018, 5, 31)) == ["B00", "B02"]
    assert ids(date(2018, 6, 1)) == ["B00", "B01", "B02"]
    assert ids(date(2018, 6, 2)) == ["B00", "B01"]
    assert ids(date(2020, 12, 31)) == ["B00", "B01", "B03"]
    assert ids(date(2021, 1, 1)) == ["B00", "B01"]


def test_dwellings_are_counted_by_cell_whatever_system_they_are_in() -> None:
    west, east = cell_ids(
        np.array([(260_100.0, 6_650_100.0), (260_260.0, 6_650_100.0)]), size_m=250
    )
    day = date(2019, 7, 1)
    counted = dwellings_by_cell(TOWN, day, size_m=250)
    assert counted.to_dict() == {west: 7, east: 8}
    assert dwellings_by_cell(TOWN.to_crs(25832), day, size_m=250).equals(counted)
    assert dwellings_by_cell(TOWN, day, size_m=1000).tolist() == [15]


def test_a_study_without_dwellings_has_none_anywhere() -> None:
    nothing = gpd.GeoDataFrame()
    assert dwellings_by_cell(nothing, date(2020, 1, 1), size_m=250).empty
    assert dwellings_at(nothing, date(2020, 1, 1)).empty


def test_a_municipal_home_is_a_dwelling_also_where_the_other_source_is_short() -> None:
    dwellings = pd.Series({1: 10, 2: 3, 5: 4})
    homes = pd.Series({2: 5, 3: 2, 5: 4})
    both = with_homes(dwellings, homes)
    assert both.dwellings.to_dict() == {1: 10, 2: 5, 3: 2, 5: 4}
    assert both.homes.to_dict() == {1: 0, 2: 5, 3: 2, 5: 4}
    assert (both.places_raised, both.dwellings_added) == (2, 4)
