"""Municipal housing over time: what there is on a day, and why it changed. All is fictional."""

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from followed_towns import Row, town
from registers import Home
from tomteanalyse.errors import UsageError
from tomteanalyse.measures.concentration.change import CAUSES
from tomteanalyse.monitoring.days import first_days
from tomteanalyse.monitoring.found import Monitoring
from tomteanalyse.monitoring.monitor import monitor
from tomteanalyse.study import Study

FAR = (2_000.0, 0.0)
"""Two kilometres east of the others: another cell of any size."""


def followed(study: Study, first: int, last: int) -> Monitoring:
    return monitor(study, start=date(first, 1, 1), end=date(last, 1, 1), step="year")


def story(found: Monitoring) -> dict[int, dict[str, int]]:
    """Return what came and went by the year in which it shows."""
    return {
        pd.Timestamp(row["day"]).year: {
            cause: int(row[f"count_{cause}"]) for cause in CAUSES if row[f"count_{cause}"]
        }
        for row in found.changes.reset_index().to_dict("records")
    }


def counts(found: Monitoring, column: str) -> list[int]:
    return [int(each) for each in found.totals[column]]


def test_a_year_is_its_first_day_and_a_quarter_its_own() -> None:
    years = first_days(date(2024, 1, 1), date(2026, 1, 1), step="year")
    assert years == (date(2024, 1, 1), date(2025, 1, 1), date(2026, 1, 1))
    quarters = first_days(date(2024, 2, 1), date(2025, 1, 1), step="quarter")
    assert quarters == (date(2024, 4, 1), date(2024, 7, 1), date(2024, 10, 1), date(2025, 1, 1))
    assert first_days(date(2024, 1, 2), date(2025, 12, 31), step="year") == (date(2025, 1, 1),)
    with pytest.raises(UsageError, match="no_days"):
        first_days(date(2025, 1, 1), date(2024, 1, 1), step="year")


def test_a_home_that_is_bought_was_a_dwelling_and_stays_one_when_it_is_sold() -> None:
    found = followed(
        town(
            {"E1": {"homes": 3, "valid_from": "2021-05-01", "valid_to": "2022-12-31"}},
            [{"dwellings": 30}],
        ),
        2021,
        2024,
    )
    assert counts(found, "homes") == [0, 3, 0, 0]
    assert counts(found, "dwellings") == [30, 30, 30, 30]
    # The last day counts, so it is gone on the first of January after.
    assert story(found) == {2022: {"bought": 3}, 2023: {"sold": -3}}


@pytest.mark.parametrize("taken_over", ["2021-02-01", "2021-11-01", "2022-11-01"])
def test_a_home_the_municipality_builds_is_told_once_whenever_the_other_file_has_it(
    taken_over: str,
) -> None:
    built = {"homes": 10, "valid_from": taken_over, "began": "built"}
    dwellings: list[Row] = [
        {"dwellings": 50},
        {"dwellings": 10, "built": "2021-06-15"},
        {"dwellings": 4, "built": "2021-06-15", "at": FAR},
    ]
    found = followed(town({"E1": built}, dwellings), 2021, 2024)
    year = int(taken_over[:4]) + 1
    expected = {2022: {"new_others": 4}}
    expected[year] = {**expected.get(year, {}), "built": 10}
    assert story(found) == expected
    assert counts(found, "dwellings")[-1] == 64


def test_a_block_that_is_torn_down_for_private_homes_has_two_causes() -> None:
    gone = {"homes": 6, "valid_to": "2021-08-31", "ended": "demolished"}
    found = followed(
        town(
            {"E1": gone, "E2": {"homes": 2}},
            [
                {"dwellings": 20},
                {"dwellings": 6, "gone": "2021-06-01"},
                {"dwellings": 9, "built": "2022-03-01"},
            ],
        ),
        2021,
        2023,
    )
    assert story(found) == {2022: {"demolished": -6}, 2023: {"new_others": 9}}
    assert counts(found, "homes") == [8, 2, 2]
    assert counts(found, "dwellings") == [26, 20, 29]
    first, second = (found.changes.iloc[row] for row in (0, 1))
    assert first["part_demolished"] == pytest.approx(2 / 20 - 8 / 26)
    assert second["part_new_others"] == pytest.approx(2 / 29 - 2 / 20)


def test_dwellings_without_dates_stay_but_for_what_the_municipality_built_and_tore_down() -> None:
    homes: dict[str, Home] = {
        "E1": {"homes": 4, "valid_from": "2021-03-01", "began": "built"},
        "E2": {"homes": 6, "valid_to": "2022-03-01", "ended": "demolished"},
        "E3": {"homes": 5, "valid_from": "2021-03-01", "began": "bought"},
        "E4": {"homes": 2, "valid_to": "2022-03-01", "ended": "sold"},
    }
    study = town(homes, [{"dwellings": 40}])
    found = followed(study, 2021, 2023)
    assert counts(found, "dwellings") == [42, 46, 40]
    assert story(found) == {
        2022: {"bought": 5, "built": 4},
        2023: {"sold": -2, "demolished": -6},
    }
    assert "monitoring.undated" in {each.code for each in found.warnings}
    dated = [{"dwellings": 40, "built": "1990-01-01"}]
    assert "monitoring.never_gone" in {
        each.code for each in followed(town(homes, dated), 2021, 2023).warnings
    }


def test_homes_in_dwellings_that_the_source_lacks_raise_it_all_along() -> None:
    study = town(
        {"E1": {"homes": 5, "valid_from": "2021-03-01", "valid_to": "2022-03-01", "at": FAR}},
        [{"dwellings": 2, "at": FAR}, {"dwellings": 10}],
    )
    found = followed(study, 2021, 2023)
    assert story(found) == {2022: {"bought": 5}, 2023: {"sold": -5}}
    assert counts(found, "dwellings") == [15, 15, 15]
    (short,) = (each for each in found.warnings if each.code == "monitoring.short")
    assert short.values == {"places": 1.0, "dwellings": 3.0}


def test_a_dwelling_that_comes_late_into_the_source_is_not_counted_twice() -> None:
    study = town(
        {"E1": {"homes": 5, "valid_from": "2021-03-01"}}, [{"dwellings": 5, "built": "2022-06-01"}]
    )
    found = followed(study, 2021, 2024)
    assert counts(found, "dwellings") == [5, 5, 5, 5]
    assert story(found) == {2022: {"bought": 5}}


def test_the_register_knows_the_place_of_a_home_that_both_files_tell() -> None:
    built = {"homes": 3, "valid_from": "2021-03-01", "began": "built", "building_id": "80"}
    found = followed(
        town(
            {"E1": built}, [{"dwellings": 3, "built": "2021-02-01", "building_id": "80", "at": FAR}]
        ),
        2021,
        2022,
    )
    assert story(found) == {2022: {"built": 3}}
    assert [len(found.geographies[key].areas) for key in ("cell_250", "cell_1000")] == [1, 1]


def test_a_home_that_is_built_where_the_source_has_no_dwelling_for_it_is_added_from_that_day() -> (
    None
):
    study = town(
        {"E1": {"homes": 4, "valid_from": "2021-03-01", "began": "built"}},
        [{"dwellings": 7, "built": "1990-01-01"}],
    )
    found = followed(study, 2021, 2023)
    assert counts(found, "dwellings") == [7, 11, 11]
    assert story(found) == {2022: {"built": 4}}


def test_where_dwellings_say_when_they_go_one_that_stays_has_taken_the_place_of_the_home() -> None:
    study = town(
        {"E1": {"homes": 4, "valid_to": "2021-03-01", "ended": "demolished"}},
        [{"dwellings": 30}, {"dwellings": 1, "gone": "2015-01-01", "at": FAR}],
    )
    found = followed(study, 2021, 2023)
    assert counts(found, "dwellings") == [30, 30, 30]
    assert story(found) == {2022: {"demolished": -4, "new_others": 4}}


def test_what_came_and_went_between_two_days_is_told_where_it_was() -> None:
    short_lived = {"dwellings": 3, "built": "2021-03-01", "gone": "2021-09-30", "at": FAR}
    found = followed(town({"E1": {}}, [{"dwellings": 7}, short_lived]), 2021, 2022)
    small = found.geographies["cell_250"]
    assert small.changes["count_new_others"].tolist() == [3]
    assert small.changes["count_others_gone"].tolist() == [-3]
    assert small.states["dwellings"].tolist() == [7, 0, 7, 0]
    assert found.changes["count_new_others"].tolist() == [3]


def test_homes_outside_all_areas_are_counted_beside_them() -> None:
    study = town(
        {"E1": {"homes": 2}, "E2": {"homes": 3, "at": FAR}, "E3": {"homes": 4, "at": (500.0, 0.0)}},
        [{"dwellings": 9}, {"dwellings": 9, "at": FAR}, {"dwellings": 9, "at": (500.0, 0.0)}],
        areas={"A": (-100, -100, 500, 100), "B": (500, -100, 900, 100), "C": (0, 900, 100, 950)},
    )
    area = followed(study, 2021, 2022).geographies["area"]
    # On the border between two areas a home is in the first; an area without dwellings is left out.
    assert area.areas.index.tolist() == ["A"]
    assert area.states["homes"].tolist() == [6, 6]
    assert area.states["dwellings"].tolist() == [18, 18]
    assert area.outside.tolist() == [3, 3]


def test_without_dwellings_homes_are_counted_and_shares_are_unknown() -> None:
    found = followed(town({"E1": {"homes": 2, "valid_from": "2021-03-01"}}), 2021, 2022)
    assert found.basis is None
    assert found.totals["dwellings"].isna().all()
    assert counts(found, "homes") == [0, 2]
    assert story(found) == {2022: {"bought": 2}}
    small = found.geographies["cell_250"]
    assert small.indices.empty
    assert small.states[["share", "shrunken", "hot"]].isna().all(axis=None)
    assert small.changes[[f"part_{cause}" for cause in CAUSES]].isna().all(axis=None)
    assert "monitoring.no_dwellings" in {each.code for each in found.warnings}


def test_days_after_the_register_are_refused_in_the_language_of_the_study() -> None:
    study = town({"E1": {}}, on=date(2022, 6, 1))
    assert len(followed(study, 2021, 2022).days) == 2
    with pytest.raises(UsageError, match=r"01\.01\.2023.*01\.06\.2022"):
        followed(study, 2021, 2023)


def test_every_day_has_its_indices_whatever_other_days_are_looked_at() -> None:
    study = _grown()
    many, few = followed(study, 2018, 2024), followed(study, 2021, 2022)
    for key, geography in few.geographies.items():
        more = many.geographies[key].indices.loc[geography.indices.index]
        pd.testing.assert_frame_equal(more, geography.indices)
        assert len(geography.indices) == 6
        assert many.geographies[key].top_areas == geography.top_areas
        assert (geography.indices["low"] <= geography.indices["high"]).all()


def test_the_order_of_rows_plays_no_part() -> None:
    study = _grown()
    turned = replace(study, units=study.units[::-1], dwellings=study.dwellings[::-1])
    one, other = followed(study, 2018, 2024), followed(turned, 2018, 2024)
    pd.testing.assert_frame_equal(one.changes, other.changes)
    for key, geography in one.geographies.items():
        for name in ("areas", "states", "changes", "indices"):
            pd.testing.assert_frame_equal(
                getattr(geography, name), getattr(other.geographies[key], name)
            )


def _grown() -> Study:
    """Return a town of sixteen cells, where homes are bought in one corner and others build."""
    homes: dict[str, Home] = {
        f"E{n:02d}": {
            "homes": 1 + n % 4,
            "at": (270.0 * (n % 5), 260.0 * (n // 5 % 3)),
            "valid_from": f"{2016 + n % 7}-05-01",
            "valid_to": f"{2019 + n % 7}-05-02" if n % 3 == 0 else None,
            "began": (None, "built", "bought")[n % 3],
            "ended": "demolished" if n % 6 == 0 else None,
        }
        for n in range(40)
    }
    rows: list[Row] = [
        {
            "dwellings": 7 + n % 9,
            "at": (250.0 * (n % 5), 255.0 * (n // 5)),
            "built": f"{2015 + n % 11}-02-01" if n % 2 else None,
            "gone": "2022-07-01" if n % 7 == 3 else None,
        }
        for n in range(30)
    ]
    return town(homes, rows, areas={"V": (-200, -200, 600, 900), "Ø": (600, -200, 2000, 900)})
