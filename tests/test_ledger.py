"""The ledger: what was known when, and what has been said otherwise since. All is fictional."""

import sqlite3
import stat
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pyogrio
import pyproj
import pytest
import shapely
from geopandas.testing import assert_geodataframe_equal

from registers import SOUTH, WEST, Home, study_of
from study_folders import refusal
from tomteanalyse.inputs.reading import read_study
from tomteanalyse.ledger import FILE_NAME, Added, add_state, as_known, corrections, states
from tomteanalyse.ledger import database as database_module
from tomteanalyse.measures.concentration.stock import homes_at

EXAMPLE = Path(__file__).parents[1] / "data" / "eksempelvik"
A_HOME: Home = {
    "homes": 4,
    "step": 3,
    "housing_form": "smaahus",
    "building_id": "Blåbærlia",
    "valid_from": "2010-05-01",
    "began": "built",
    "at": (12.5, 7.25),
}


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    return tmp_path / FILE_NAME


def add(
    path: Path,
    homes: Mapping[str, Home],
    day: str,
    *,
    unplaced: tuple[str, ...] = (),
    wait_s: float = 20.0,
) -> Added:
    study = study_of(homes, on=date.fromisoformat(day), unplaced=unplaced)
    return add_state(path, study, wait_s=wait_s)


def dump(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as database:
        return list(database.iterdump())


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


# --- the file


def test_any_map_program_opens_the_ledger(ledger: Path) -> None:
    add(ledger, {"E1": A_HOME}, "2024-01-01")
    add(ledger, {}, "2025-01-01")
    assert pyogrio.list_layers(ledger).tolist() == [["versions", "Point"], ["states", None]]
    assert pyogrio.read_info(ledger, layer="versions")["crs"] == "EPSG:25832"
    drawn = pyogrio.read_dataframe(ledger, layer="versions")
    assert drawn[["unit_id", "state", "status"]].values.tolist() == [
        ["E1", 1, "placed"],
        ["E1", 2, "gone"],
    ]
    assert drawn.geometry[0] == shapely.Point(WEST + 12.5, SOUTH + 7.25)
    assert drawn.geometry[1] is None
    assert drawn["valid_from"][0] == pd.Timestamp("2010-05-01")
    listed = pyogrio.read_dataframe(ledger, layer="states")
    assert listed["day"].dt.year.tolist() == [2024, 2025]


def test_the_ledger_is_a_geopackage_to_the_letter(ledger: Path) -> None:
    add(ledger, {"E1": A_HOME}, "2024-01-01")
    with closing(sqlite3.connect(ledger)) as database:
        assert database.execute("PRAGMA application_id").fetchone() == (0x47504B47,)
        assert database.execute("PRAGMA user_version").fetchone() == (10300,)
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
        systems = dict(database.execute("SELECT srs_id, organization FROM gpkg_spatial_ref_sys"))
        (blob,) = database.execute("SELECT geom FROM versions").fetchone()
    assert systems == {-1: "NONE", 0: "NONE", 4326: "EPSG", 25832: "EPSG"}
    assert blob[:8] == b"GP\x00\x01" + (25832).to_bytes(4, "little")
    assert shapely.from_wkb(blob[8:]) == shapely.Point(WEST + 12.5, SOUTH + 7.25)


def test_a_system_without_a_number_is_kept_all_the_same(ledger: Path) -> None:
    own = pyproj.CRS("+proj=tmerc +lon_0=11 +k=1 +x_0=100000 +ellps=GRS80 +units=m")
    study = study_of({"E1": A_HOME}, on=date(2024, 1, 1), crs=own)
    add_state(ledger, study)
    known = as_known(ledger)
    assert known.crs == own
    assert known.geometry["E1"].distance(study.units.geometry["E1"]) < 0.001
    assert len(pyogrio.read_dataframe(ledger, layer="versions")) == 1


def test_nobody_else_may_read_the_ledger_and_nothing_lies_beside_it(ledger: Path) -> None:
    add(ledger, {"E1": A_HOME}, "2024-01-01")
    add(ledger, {"E1": {}}, "2025-01-01")
    assert stat.S_IMODE(ledger.stat().st_mode) == 0o600
    assert [file.name for file in ledger.parent.iterdir()] == [FILE_NAME]


def test_a_disk_without_hard_links_holds_a_ledger_too(
    ledger: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(database_module.os, "link", refuse)
    add(ledger, {"E1": {}}, "2024-01-01")
    add(ledger, {"E1": {}, "E2": {}}, "2025-01-01")
    assert as_known(ledger).index.tolist() == ["E1", "E2"]
    assert [file.name for file in ledger.parent.iterdir()] == [FILE_NAME]


@pytest.mark.parametrize("verb", ["UPDATE {} SET state = 7", "DELETE FROM {}"])
@pytest.mark.parametrize("table", ["versions", "states"])
def test_no_program_can_change_what_stands_there_by_mistake(
    ledger: Path, table: str, verb: str
) -> None:
    add(ledger, {"E1": {}}, "2024-01-01")
    before = dump(ledger)
    with (
        closing(sqlite3.connect(ledger)) as database,
        pytest.raises(sqlite3.IntegrityError, match="only added to"),
    ):
        database.execute(verb.format(table))
    assert dump(ledger) == before


# --- faults


def spoil(path: Path, kind: str) -> None:
    """Put something else, or something broken, where the ledger should be."""
    if kind in ("damaged page", "cut short", "changed by hand", "newer"):
        add(path, {f"E{n:03}": {"building_id": f"Bygg {n}"} for n in range(300)}, "2024-01-01")
    if kind == "text":
        path.write_text("viktig")
    elif kind == "empty":
        path.touch()
    elif kind == "sqlite":
        with closing(sqlite3.connect(path)) as database, database:
            database.execute("CREATE TABLE ledger (viktig TEXT)")
    elif kind == "geopackage":
        frame = study_of({"E1": {}}).units[["homes", "geometry"]]
        pyogrio.write_dataframe(frame, path, layer="enheter")
    elif kind == "damaged page":
        whole = bytearray(path.read_bytes())
        middle = len(whole) // 2
        whole[middle : middle + 4096] = b"\xff" * 4096
        path.write_bytes(whole)
    elif kind == "cut short":
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    elif kind == "changed by hand":
        with closing(sqlite3.connect(path)) as database, database:
            database.execute("DROP TRIGGER versions_update_never")
            database.execute("UPDATE versions SET homes = 2 WHERE unit_id = 'E007'")
    elif kind == "newer":
        with closing(sqlite3.connect(path)) as database, database:
            database.execute("UPDATE ledger SET value = '99' WHERE name = 'schema_version'")


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("text", "ledger.not_ledger"),
        ("empty", "ledger.not_ledger"),
        ("sqlite", "ledger.not_ledger"),
        ("geopackage", "ledger.not_ledger"),
        ("damaged page", "ledger.damaged"),
        ("cut short", "ledger.damaged"),
        ("changed by hand", "ledger.damaged"),
        ("newer", "ledger.newer"),
    ],
)
def test_a_foreign_or_damaged_file_is_refused_and_never_written_over(
    ledger: Path, kind: str, code: str
) -> None:
    spoil(ledger, kind)
    with refusal(ledger.parent, code):
        add(ledger, {"E1": {}}, "2025-01-01")
    with refusal(ledger.parent, code):
        as_known(ledger)


def test_a_folder_or_a_link_to_nowhere_in_its_place_is_refused(ledger: Path) -> None:
    ledger.mkdir()
    with refusal(ledger.parent, "ledger.not_ledger"):
        add(ledger, {"E1": {}}, "2025-01-01")
    ledger.rmdir()
    ledger.symlink_to(ledger.parent / "borte")
    with refusal(ledger.parent, "ledger.missing"):
        add(ledger, {"E1": {}}, "2025-01-01")


def test_a_ledger_that_is_held_elsewhere_is_told_after_a_while(ledger: Path) -> None:
    add(ledger, {"E1": {}}, "2024-01-01")
    with closing(sqlite3.connect(ledger, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with refusal(ledger.parent, "ledger.locked"):
            add(ledger, {"E1": {}}, "2025-01-01", wait_s=0.01)
        assert as_known(ledger, wait_s=0.01).index.tolist() == ["E1"]
        other.execute("ROLLBACK")
        other.execute("BEGIN EXCLUSIVE")
        with refusal(ledger.parent, "ledger.locked"):
            as_known(ledger, wait_s=0.01)
    assert add(ledger, {"E1": {}}, "2025-01-01").new


def test_a_ledger_that_lies_open_in_a_map_program_is_written_all_the_same(ledger: Path) -> None:
    add(ledger, {"E1": {}}, "2024-01-01")
    with closing(sqlite3.connect(ledger, isolation_level=None)) as program:
        # As QGIS does while a layer is shown.
        program.execute("PRAGMA journal_mode=WAL")
        shown = program.execute("SELECT unit_id FROM versions")
        assert shown.fetchone() == ("E1",)
        assert add(ledger, {"E1": {}, "E2": {}}, "2025-01-01", wait_s=0.01).new
        assert as_known(ledger, wait_s=0.01).index.tolist() == ["E1", "E2"]
        private = [stat.S_IMODE(file.stat().st_mode) == 0o600 for file in ledger.parent.iterdir()]
        assert all(private)
    assert as_known(ledger).index.tolist() == ["E1", "E2"]
    assert [file.name for file in ledger.parent.iterdir()] == [FILE_NAME]


def test_what_a_killed_run_left_beside_the_ledger_is_taken_away(ledger: Path) -> None:
    left = ledger.with_name(f".{FILE_NAME}.abc.new")
    left.write_text("halv")
    add(ledger, {"E1": {}}, "2024-01-01")
    assert [file.name for file in ledger.parent.iterdir()] == [FILE_NAME]


def test_what_is_asked_for_must_be_there_and_in_its_order(ledger: Path) -> None:
    with refusal(ledger.parent, "ledger.missing"):
        states(ledger)
    database_module.ensure(ledger, crs=pyproj.CRS("EPSG:25832"))
    with refusal(ledger.parent, "ledger.empty"):
        as_known(ledger)
    assert states(ledger).empty
    add(ledger, {"E1": {}}, "2025-01-01")
    add(ledger, {"E1": {}}, "2024-01-01")
    with refusal(ledger.parent, "ledger.no_such_state"):
        as_known(ledger, 3)
    with refusal(ledger.parent, "ledger.states_reversed"):
        corrections(ledger, 1, 2)
    assert corrections(ledger, 2, 1).empty


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with refusal(tmp_path, "ledger.cannot_write"):
        add(tmp_path / "borte" / FILE_NAME, {"E1": {}}, "2024-01-01")


# --- versions of the ledger itself


def test_an_older_ledger_is_backed_up_before_it_is_brought_up_to_date(
    ledger: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(ledger, {"E1": A_HOME}, "2024-01-01")
    before = dump(ledger)
    older = ledger.with_name("register.gpkg.v1.bak")
    older.write_text("fra før")

    def migrate(database: sqlite3.Connection) -> None:
        database.execute("ALTER TABLE versions ADD COLUMN note TEXT")

    monkeypatch.setattr(database_module, "SCHEMA_VERSION", 2)
    monkeypatch.setattr(database_module, "MIGRATIONS", {1: migrate})
    add(ledger, {"E1": A_HOME, "E2": {}}, "2025-01-01")
    assert as_known(ledger, 1).index.tolist() == ["E1"]
    assert older.read_text() == "fra før"
    backup = ledger.with_name("register.gpkg.v1.2.bak")
    assert dump(backup) == before
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    assert sorted(file.name for file in ledger.parent.iterdir()) == [
        FILE_NAME,
        backup.name,
        older.name,
    ]
    with closing(sqlite3.connect(ledger)) as database:
        assert "note" in {row[1] for row in database.execute("PRAGMA table_info(versions)")}


def test_an_upgrade_that_fails_leaves_the_ledger_as_it_was_with_one_backup(
    ledger: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(ledger, {"E1": A_HOME}, "2024-01-01")
    before = ledger.read_bytes()

    def fail(database: sqlite3.Connection) -> None:
        database.execute("ALTER TABLE versions ADD COLUMN note TEXT")
        database.execute("DROP TABLE states")
        raise KeyboardInterrupt

    monkeypatch.setattr(database_module, "SCHEMA_VERSION", 2)
    monkeypatch.setattr(database_module, "MIGRATIONS", {1: fail})
    for _ in range(2):
        with pytest.raises(KeyboardInterrupt):
            add(ledger, {}, "2025-01-01")
    assert ledger.read_bytes() == before
    assert sorted(file.name for file in ledger.parent.iterdir()) == [
        FILE_NAME,
        "register.gpkg.v1.bak",
    ]
