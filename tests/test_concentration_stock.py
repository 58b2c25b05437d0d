"""Municipal homes by cell: how many on a day, and what came and went. All homes are fictional."""

import csv
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registers import Home, units_of
from tomteanalyse.inputs.reading import read_study
from tomteanalyse.inputs.register_columns import CAUSES as REGISTER_CAUSES
from tomteanalyse.measures.concentration.change import CAUSES, MUNICIPAL, split_change
from tomteanalyse.measures.concentration.grid import GRID_CRS, cell_corners, cell_ids
from tomteanalyse.measures.concentration.stock import (
    CAME,
    MUNICIPAL_CAUSES,
    WENT,
    changes_between,
    homes_at,
)
from tomteanalyse.study import Study

FAR = (2_000.0, 0.0)
"""Two kilometres east of the others: another cell of any size."""
EXAMPLE = Path(__file__).parents[1] / "data" / "eksempelvik"


def totals(frame: pd.DataFrame) -> dict[str, int]:
    return {name: int(count) for name, count in frame.sum().items() if count}


def test_both_the_first_and_the_last_day_count() -> None:
    units = units_of({"E1": {"homes": 3, "valid_from": "2020-03-01", "valid_to": "2020-03-31"}})
    days = [date(2020, 2, 29), date(2020, 3, 1), date(2020, 3, 31), date(2020, 4, 1)]
    assert [homes_at(units, day, size_m=250).sum() for day in days] == [0, 3, 3, 0]


def test_homes_are_counted_in_the_cells_of_the_national_grid() -> None:
    units = units_of({"E1": {"homes": 2}, "E2": {"homes": 5}, "E3": {"homes": 7, "at": FAR}})
    counted = homes_at(units, date(2020, 1, 1), size_m=1000)
    assert sorted(counted) == [7, 7]
    assert counted.index.is_monotonic_increasing
    points = units.to_crs(GRID_CRS).geometry
    west, south = cell_corners(counted.index.to_numpy()).T
    for point in points:
        assert ((west <= point.x) & (point.x < west + 1000) & (south <= point.y)).any()
    elsewhere = units.to_crs("EPSG:25835")
    assert homes_at(elsewhere, date(2020, 1, 1), size_m=1000).equals(counted)


def test_every_cause_is_told_with_the_sign_of_what_it_does() -> None:
    units = units_of(
        {
            "E1": {"homes": 1, "valid_from": "2021-01-01", "began": "bought"},
            "E2": {"homes": 2, "valid_from": "2021-01-01", "began": "built"},
            "E3": {"homes": 4, "valid_from": "2021-01-01", "began": "reclassified"},
            "E4": {"homes": 8, "valid_to": "2021-01-01", "ended": "sold"},
            "E5": {"homes": 16, "valid_to": "2021-01-01", "ended": "demolished"},
            "E6": {"homes": 32, "valid_to": "2021-01-01", "ended": "reclassified"},
            "E7": {"homes": 64, "valid_from": "2021-01-01"},
            "E8": {"homes": 128, "valid_to": "2021-01-01"},
        }
    )
    found = changes_between(units, date(2020, 6, 1), date(2021, 6, 1), size_m=250)
    assert totals(found.homes) == {
        "bought": 65,
        "built": 2,
        "sold": -136,
        "demolished": -16,
        "reclassified": -28,
    }
    assert totals(found.assumed) == {"bought": 64, "sold": 128}


def test_what_happened_on_the_first_day_had_happened_already_and_on_the_last_day_counts() -> None:
    units = units_of(
        {
            "first": {"homes": 1, "valid_from": "2020-01-01", "began": "bought"},
            "last": {"homes": 2, "valid_from": "2021-01-01", "began": "bought"},
            "gone": {"homes": 4, "valid_to": "2019-12-31", "ended": "sold"},
            "stays": {"homes": 8, "valid_to": "2021-01-01", "ended": "sold"},
            "goes": {"homes": 16, "valid_to": "2020-12-31", "ended": "sold"},
        }
    )
    found = changes_between(units, date(2020, 1, 1), date(2021, 1, 1), size_m=250)
    assert totals(found.homes) == {"bought": 2, "sold": -16}
    nothing = changes_between(units, date(2020, 1, 1), date(2020, 1, 1), size_m=250)
    assert nothing.homes.empty
    assert (nothing.homes.dtypes == "int64").all()


def test_a_cause_is_counted_in_the_cell_it_happened_in() -> None:
    units = units_of(
        {
            "E1": {"homes": 1, "valid_from": "2021-01-01", "began": "bought"},
            "E2": {"homes": 2, "valid_to": "2021-01-01", "at": FAR},
        }
    )
    found = changes_between(units, date(2020, 1, 1), date(2022, 1, 1), size_m=250)
    points = units.to_crs(GRID_CRS).geometry
    near, far = cell_ids(np.column_stack([points.x, points.y]), size_m=250)
    assert found.homes.loc[near].to_dict() == {**dict.fromkeys(MUNICIPAL_CAUSES, 0), "bought": 1}
    assert found.homes.loc[far].to_dict() == {**dict.fromkeys(MUNICIPAL_CAUSES, 0), "sold": -2}
    assert found.assumed["sold"].to_dict() == {near: 0, far: 2}


def test_a_span_that_runs_backwards_or_a_cause_that_is_none_is_refused() -> None:
    units = units_of({"E1": {"valid_from": "2021-01-01", "began": "sold"}})
    with pytest.raises(ValueError, match="before the start"):
        changes_between(units, date(2020, 1, 2), date(2020, 1, 1), size_m=250)
    with pytest.raises(ValueError, match="sold"):
        changes_between(units, date(2020, 1, 1), date(2022, 1, 1), size_m=250)


def test_causes_have_one_name_from_the_register_to_the_split() -> None:
    for column, known in (("began", CAME), ("ended", WENT)):
        assert set(REGISTER_CAUSES[column].values()) == {*known}
    assert [cause for cause in CAUSES if MUNICIPAL[cause]] == list(MUNICIPAL_CAUSES)


FIRST = date(2020, 1, 1)
days = st.integers(0, 40).map(lambda count: FIRST + timedelta(days=count))


@st.composite
def lives(draw: st.DrawFn) -> Home:
    begun, over = sorted(draw(st.tuples(days, days)))
    return {
        "homes": draw(st.integers(1, 9)),
        "at": draw(st.sampled_from([(0.0, 0.0), (120.0, 60.0), FAR])),
        "valid_from": draw(st.sampled_from([None, begun.isoformat()])),
        "valid_to": draw(st.sampled_from([None, over.isoformat()])),
        "began": draw(st.sampled_from([None, *CAME])),
        "ended": draw(st.sampled_from([None, *WENT])),
    }


registers = st.dictionaries(st.sampled_from([f"E{n}" for n in range(9)]), lives()).map(units_of)


def on_all(cells: pd.Index, counts: pd.Series) -> list[int]:
    return [int(count) for count in counts.reindex(cells, fill_value=0)]


@given(registers, st.tuples(days, days, days).map(sorted))
@settings(max_examples=12, deadline=None)
def test_changes_lead_from_one_day_to_the_other_and_add_up_over_time(
    units: gpd.GeoDataFrame, when: list[date]
) -> None:
    first, middle, last = when
    one, two, both = (
        changes_between(units, *span, size_m=250)
        for span in ((first, middle), (middle, last), (first, last))
    )
    before, after = homes_at(units, first, size_m=250), homes_at(units, last, size_m=250)
    cells = before.index.union(after.index).union(both.homes.index)
    net = both.homes.sum(axis=1)
    assert on_all(cells, after) == [
        there + change
        for there, change in zip(on_all(cells, before), on_all(cells, net), strict=True)
    ]
    for name in ("homes", "assumed"):
        halves = getattr(one, name).add(getattr(two, name), fill_value=0).astype("int64")
        assert halves.equals(getattr(both, name))


@given(registers, days)
@settings(max_examples=12, deadline=None)
def test_homes_on_a_day_are_those_of_the_units_that_are_there(
    units: gpd.GeoDataFrame, day: date
) -> None:
    there = sum(
        unit.homes
        for unit in units.itertuples()
        if not unit.valid_from > pd.Timestamp(day) and not unit.valid_to < pd.Timestamp(day)
    )
    assert homes_at(units, day, size_m=250).sum() == there


@given(registers, st.tuples(days, days).map(sorted), st.integers(0, 30), st.integers(-20, 20))
@settings(max_examples=12, deadline=None)
def test_the_changes_split_the_change_of_the_share_without_rest(
    units: gpd.GeoDataFrame, when: list[date], spare: int, others: int
) -> None:
    first, last = when
    found = changes_between(units, first, last, size_m=1000)
    municipal = homes_at(units, first, size_m=1000)
    cells = municipal.index.union(found.homes.index)
    municipal = municipal.reindex(cells, fill_value=0).to_numpy()
    changes = {
        cause: found.homes[cause].reindex(cells, fill_value=0).to_numpy()
        for cause in MUNICIPAL_CAUSES
    }
    # Enough other dwellings that none of the changes leaves an area with fewer than its own.
    dwellings = municipal + 200 + spare
    changes["new_others"] = np.full(len(cells), others)
    parts = split_change(municipal, dwellings, changes)
    assert np.allclose(parts[list(CAUSES)].sum(axis=1), parts["change"])
    after = homes_at(units, last, size_m=1000).reindex(cells, fill_value=0).to_numpy()
    built = changes["built"] + changes["demolished"] + others
    assert np.allclose(parts["share_after"], after / (dwellings + built))


@pytest.fixture(scope="module")
def example() -> Study:
    return read_study(EXAMPLE)


def test_the_embedded_study_is_counted_as_a_plain_reading_of_its_file_counts_it(
    example: Study,
) -> None:
    lines = (EXAMPLE / "enheter.csv").read_text("utf-8-sig").splitlines()
    rows = list(csv.DictReader(lines, delimiter=";"))
    assert rows
    for year in (2010, 2015, 2020, 2026):
        day = f"{year}-01-01"
        there = sum(
            int(row["antall_boliger"])
            for row in rows
            if row["gyldig_fra"] <= day and (not row["gyldig_til"] or day <= row["gyldig_til"])
        )
        assert homes_at(example.units, date(year, 1, 1), size_m=250).sum() == there
    found = changes_between(example.units, date(2015, 1, 1), date(2026, 1, 1), size_m=250)
    expected: Counter[str] = Counter()
    for row in rows:
        homes = int(row["antall_boliger"])
        if "2015-01-01" < row["gyldig_fra"] <= "2026-01-01":
            expected[{"kjøpt": "bought", "bygd": "built"}[row["tilgangsårsak"]]] += homes
        if "2015-01-01" <= (row["gyldig_til"] or "9999") < "2026-01-01":
            expected[{"solgt": "sold", "revet": "demolished"}[row["avgangsårsak"]]] -= homes
    assert totals(found.homes) == expected
    assert totals(found.assumed) == {}


def test_the_hamlet_of_the_embedded_study_is_diluted_by_ten_sold_and_six_demolished(
    example: Study,
) -> None:
    near = example.units[example.units.distance(example.plots.geometry["T08"]) < 500]
    found = changes_between(near, date(2017, 1, 1), date(2026, 1, 1), size_m=1000)
    went = found.homes[["sold", "demolished"]]
    assert totals(went) == {"sold": -10, "demolished": -6}
    before, after = (homes_at(near, date(year, 1, 1), size_m=1000).sum() for year in (2018, 2026))
    assert (before, after) == (22, 6)
