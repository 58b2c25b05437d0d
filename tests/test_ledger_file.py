"""The ledger's file: what it looks like, who may read it, and what is refused. All is fictional."""

import sqlite3
import stat
from contextlib import closing
from datetime import date
from pathlib import Path

import pandas as pd
import pyogrio
import pyproj
import pytest
import shapely

from ledgers import A_HOME, add, dump
from registers import SOUTH, WEST, study_of
from study_folders import refusal
from tomteanalyse.ledger import FILE_NAME, add_state, as_known, corrections, states
from tomteanalyse.ledger import database as database_module


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    return tmp_path / FILE_NAME


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
    database_module.ensure(ledger, crs=pyproj.CRS("EPSG:25832"), language="nb")
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


@pytest.mark.parametrize(
    ("limit", "code"),
    [("max_page_count = 1", "ledger.disk_full"), ("query_only = ON", "ledger.cannot_write")],
)
def test_a_disk_that_is_full_or_protected_is_told_and_the_ledger_stays_as_it_is(
    ledger: Path, monkeypatch: pytest.MonkeyPatch, limit: str, code: str
) -> None:
    add(ledger, {"E1": {}}, "2024-01-01")
    connect = database_module._connection

    def limited(path: Path, *, wait_s: float) -> sqlite3.Connection:
        database = connect(path, wait_s=wait_s)
        database.execute(f"PRAGMA {limit}")
        return database

    monkeypatch.setattr(database_module, "_connection", limited)
    with refusal(ledger.parent, code):
        add(ledger, {f"E{n:03}": {"building_id": "B" * 200} for n in range(200)}, "2025-01-01")
    assert as_known(ledger).index.tolist() == ["E1"]


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
