"""The ledger: what was known when, and what has been said otherwise since. All is fictional."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pyproj
import pytest
import shapely
from geopandas.testing import assert_geodataframe_equal

from ledgers import A_HOME, add, dump
from registers import SOUTH, WEST, study_of
from study_folders import refusal
from tomteanalyse.inputs.reading import read_study
from tomteanalyse.ledger import FILE_NAME, Added, add_state, as_known, corrections, states
from tomteanalyse.measures.concentration.stock import homes_at

EXAMPLE = Path(__file__).parents[1] / "data" / "eksempelvik"


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    return tmp_path / FILE_NAME


def rows(path: Path) -> list[tuple[str, int, str]]:
    with closing(sqlite3.connect(path)) as database:
        return list(database.execute("SELECT unit_id, state, status FROM versions ORDER BY fid"))


def told(table: pd.DataFrame) -> Iterator[tuple[object, ...]]:
    kept = table[["unit_id", "field", "before", "after", "correction"]]
    for row in kept.astype("object").where(kept.notna(), None).itertuples(index=False):
        yield tuple(row)


# --- states


def test_a_register_comes_back_as_it_was(ledger: Path) -> None:
    study = study_of({"E2": A_HOME, "E1": {}, "æ; «Ø»": {"step": 1, "ended": "sold"}})
    assert add_state(ledger, study, day=date(2024, 1, 1)) == Added(1, new=True, versions=3)
    assert_geodataframe_equal(as_known(ledger), study.units.drop(columns="current"))
    assert as_known(ledger).geometry["E2"] == shapely.Point(WEST + 12.5, SOUTH + 7.25)


def test_the_past_stays_as_it_was_known_then(ledger: Path) -> None:
    add(ledger, {"E1": {"homes": 2}, "E2": {"homes": 3}}, "2024-01-01")
    add(ledger, {"E1": {"homes": 5}, "E3": {"homes": 1}}, "2025-01-01")
    add(ledger, {"E1": {"homes": 5}, "E2": {"homes": 3}, "E3": {"homes": 1}}, "2026-01-01")
    assert [as_known(ledger, state)["homes"].to_dict() for state in (1, 2, 3)] == [
        {"E1": 2, "E2": 3},
        {"E1": 5, "E3": 1},
        {"E1": 5, "E2": 3, "E3": 1},
    ]
    listed = states(ledger)
    assert listed.index.tolist() == [1, 2, 3]
    assert listed["day"].dt.year.tolist() == [2024, 2025, 2026]
    assert listed["sha256"].nunique() == 3


def test_a_version_is_written_only_where_a_unit_changed_and_a_tombstone_where_it_is_gone(
    ledger: Path,
) -> None:
    add(ledger, {"E1": {}, "E2": {}, "E3": {}}, "2024-01-01")
    assert add(ledger, {"E1": {}, "E2": {"homes": 2}}, "2025-01-01").versions == 2
    assert add(ledger, {"E1": {}, "E2": {"homes": 2}}, "2026-01-01").versions == 0
    assert rows(ledger) == [
        ("E1", 1, "placed"),
        ("E2", 1, "placed"),
        ("E3", 1, "placed"),
        ("E2", 2, "placed"),
        ("E3", 2, "gone"),
    ]


def test_importing_the_same_register_twice_changes_nothing(ledger: Path) -> None:
    first, second = {"E1": A_HOME}, {"E1": {**A_HOME, "homes": 5}}
    add(ledger, first, "2024-01-01")
    add(ledger, second, "2025-01-01")
    before, logical = ledger.read_bytes(), dump(ledger)
    assert add(ledger, second, "2025-01-01") == Added(2, new=False, versions=0)
    assert add(ledger, first, "2024-01-01") == Added(1, new=False, versions=0)
    assert (ledger.read_bytes(), dump(ledger)) == (before, logical)


def test_a_register_that_is_set_back_on_the_same_day_is_a_state_of_its_own(ledger: Path) -> None:
    right, wrong = {"E1": {"homes": 2}}, {"E1": {"homes": 20}}
    assert [add(ledger, homes, "2024-01-01").state for homes in (right, wrong, right)] == [1, 2, 3]
    assert as_known(ledger)["homes"].tolist() == [2]
    assert as_known(ledger, 2)["homes"].tolist() == [20]


def test_an_earlier_register_may_come_later_and_changes_nothing_that_was_known_since(
    ledger: Path,
) -> None:
    add(ledger, {"E1": {}, "E2": {"homes": 2}}, "2022-01-01")
    add(ledger, {"E1": {}, "E3": {}}, "2026-01-01")
    add(ledger, {"E1": {"homes": 9}, "E4": {}}, "2024-01-01")
    assert states(ledger).index.tolist() == [1, 3, 2]
    assert as_known(ledger, 2)["homes"].to_dict() == {"E1": 1, "E3": 1}
    assert as_known(ledger, 3)["homes"].to_dict() == {"E1": 9, "E4": 1}
    assert as_known(ledger).equals(as_known(ledger, 2))


def test_a_unit_that_lost_its_place_is_not_taken_for_gone(ledger: Path) -> None:
    add(ledger, {"E1": {}, "E2": {}}, "2024-01-01")
    add(ledger, {"E1": {}}, "2025-01-01", unplaced=("E2", ""))
    assert as_known(ledger).index.tolist() == ["E1"]
    assert rows(ledger)[-1] == ("E2", 2, "unplaced")
    add(ledger, {"E1": {}}, "2026-01-01")
    assert rows(ledger)[-1] == ("E2", 3, "gone")
    assert list(told(corrections(ledger, 1, 2))) == [("E2", "unit", "placed", "unplaced", True)]
    assert list(told(corrections(ledger, 2, 3))) == [("E2", "unit", "unplaced", "absent", False)]


def test_a_study_in_another_system_has_the_same_register(ledger: Path) -> None:
    homes = {f"E{n}": {"at": (37.3 * n, 11.1 * n)} for n in range(40)}
    add(ledger, homes, "2024-01-01")
    other = study_of(homes, on=date(2024, 1, 1), crs=pyproj.CRS("EPSG:25833"))
    assert add_state(ledger, other) == Added(1, new=False, versions=0)
    assert as_known(ledger).crs == pyproj.CRS("EPSG:25832")


def test_the_day_given_goes_before_the_study_files_and_the_clock_is_never_asked(
    ledger: Path,
) -> None:
    study = study_of({"E1": {}}, on=date(2024, 1, 1))
    add_state(ledger, study, day=date(2023, 7, 1))
    assert states(ledger)["day"].tolist() == [pd.Timestamp("2023-07-01")]
    with refusal(ledger.parent, "ledger.no_day"):
        add_state(ledger, study_of({"E1": {}}))


def test_an_empty_register_is_a_state_too(ledger: Path) -> None:
    add(ledger, {"E1": {}}, "2024-01-01")
    add(ledger, {}, "2025-01-01")
    known = as_known(ledger)
    assert known.empty
    assert known.dtypes.equals(as_known(ledger, 1).dtypes)


def test_the_embedded_study_goes_in_and_comes_out_whole(ledger: Path) -> None:
    study = read_study(EXAMPLE)
    assert add_state(ledger, study).versions == len(study.units) > 80
    assert not add_state(ledger, study).new
    known, day = as_known(ledger), date(2020, 1, 1)
    assert homes_at(known, day, size_m=250).equals(homes_at(study.units, day, size_m=250))
    assert_geodataframe_equal(as_known(ledger), study.units.drop(columns="current"))
    # A year on: one home sold, one told too late, one bought.
    units = study.units.copy()
    sold, late = units.index[units["valid_to"].isna()][:2]
    units.loc[sold, "valid_to"] = pd.Timestamp("2026-06-30")
    units.loc[sold, "ended"] = "sold"
    units.loc[late, "homes"] += 1
    new = units.loc[[late]].rename(index={late: "E999"}).assign(
        valid_from=pd.Timestamp("2026-09-01"), began="bought"
    )  # fmt: skip
    later = replace(study, units=pd.concat([units, new]))
    assert add_state(ledger, later, day=date(2027, 1, 1)).versions == 3
    found = corrections(ledger, 1)
    assert set(told(found)) == {
        (late, "homes", str(units.loc[late, "homes"] - 1), str(units.loc[late, "homes"]), True),
        (sold, "valid_to", None, "2026-06-30", False),
        (sold, "ended", None, "sold", False),
        ("E999", "unit", "absent", "placed", False),
    }
    causes = found.dropna(subset="cause").set_index("unit_id")["cause"]
    assert causes.to_dict() == {sold: "sold", "E999": "bought"}
    assert_geodataframe_equal(as_known(ledger, 1), study.units.drop(columns="current"))
