"""Every run keeps the state of the register; none depends on it. All homes are fictional."""

import errno
import json
import os
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest

from ledgers import A_HOME, dump
from registers import Home, study_of
from study_folders import CRS, REGISTER, at, write_study
from tomteanalyse.commands.monitor import monitor
from tomteanalyse.commands.ranking import run
from tomteanalyse.commands.whatif import whatif
from tomteanalyse.errors import Notice, UsageError
from tomteanalyse.inputs.reading import read_study
from tomteanalyse.inputs.register_columns import CAUSES, HOUSING_FORMS
from tomteanalyse.ledger import (
    FILE_NAME,
    Kept,
    as_known,
    keep_state,
    late_corrections,
    states,
)
from tomteanalyse.ledger import database as database_module
from tomteanalyse.ledger.contents import PLAIN
from tomteanalyse.texts import LANGUAGES, Language, catalog


def keep(folder: Path, homes: Mapping[str, Home], day: str | None, *, wait_s: float = 20.0) -> Kept:
    """Keep the state of a register of some day, as a run does."""
    study = study_of(homes, on=None if day is None else date.fromisoformat(day))
    return keep_state(replace(study, folder=folder), wait_s=wait_s)


def codes(kept: Kept) -> list[str]:
    return [notice.code for notice in kept.notices]


def only(kept: Kept) -> Notice:
    (notice,) = kept.notices
    return notice


def test_a_state_is_kept_once_however_often_the_study_is_run(tmp_path: Path) -> None:
    assert keep(tmp_path, {"E1": A_HOME}, "2024-01-01") == Kept(1, new=True, notices=())
    written = (tmp_path / FILE_NAME).read_bytes()
    assert keep(tmp_path, {"E1": A_HOME}, "2024-01-01") == Kept(1, new=False, notices=())
    assert (tmp_path / FILE_NAME).read_bytes() == written
    assert [file.name for file in tmp_path.iterdir()] == [FILE_NAME]


def test_what_has_only_happened_since_is_no_correction(tmp_path: Path) -> None:
    keep(tmp_path, {"E1": A_HOME}, "2024-01-01")
    sold = {**A_HOME, "valid_to": "2024-06-30", "ended": "sold"}
    homes = {"E1": sold, "E2": {**A_HOME, "valid_from": "2024-03-01"}}
    assert keep(tmp_path, homes, "2025-01-01") == Kept(2, new=True, notices=())


def test_what_is_said_otherwise_of_the_past_is_counted_at_every_run(tmp_path: Path) -> None:
    keep(tmp_path, {"E1": A_HOME, "E2": A_HOME}, "2024-01-01")
    # Another number of homes and another building in one, a unit nobody had entered.
    homes = {
        "E1": {**A_HOME, "homes": 5, "building_id": "Tyttebærlia"},
        "E2": A_HOME,
        "E3": {**A_HOME, "valid_from": "2020-01-01"},
        "E4": {**A_HOME, "valid_from": "2024-06-01"},
    }
    for new in (True, False):
        kept = keep(tmp_path, homes, "2025-01-01")
        assert (kept.state, kept.new) == (2, new)
        assert only(kept).code == "ledger.corrected"
        assert only(kept).values == {"day": "2024-01-01", "count": 3, "units": 2}
        assert "\n" not in only(kept).text("nb")


def test_looking_back_does_not_say_that_the_register_was_known_then(tmp_path: Path) -> None:
    homes = {"E1": A_HOME, "E2": {**A_HOME, "valid_from": "2023-06-01"}}
    keep(tmp_path, homes, "2024-01-01")
    written = (tmp_path / FILE_NAME).read_bytes()
    for day in ("2015-01-01", "2023-12-31"):
        assert keep(tmp_path, homes, day) == Kept(1, new=False, notices=())
    assert (tmp_path / FILE_NAME).read_bytes() == written


def test_a_register_that_is_plainly_newer_than_its_day_is_not_kept(tmp_path: Path) -> None:
    homes = {"E1": A_HOME, "E2": {**A_HOME, "valid_from": "2023-06-01"}}
    kept = keep(tmp_path, homes, "2015-01-01")
    assert (kept.state, codes(kept)) == (None, ["ledger.looks_back"])
    assert only(kept).values == {"day": "2015-01-01", "latest": "2023-06-01"}
    assert list(tmp_path.iterdir()) == []


def test_a_home_that_is_planned_does_not_make_a_register_newer_than_it_is(tmp_path: Path) -> None:
    homes = {"E1": {**A_HOME, "valid_from": "2025-12-31", "valid_to": "2040-01-01"}}
    assert keep(tmp_path, homes, "2024-01-01") == Kept(1, new=True, notices=())


def test_an_older_register_may_be_kept_later(tmp_path: Path) -> None:
    keep(tmp_path, {"E1": A_HOME, "E2": {}}, "2024-01-01")
    assert keep(tmp_path, {"E1": A_HOME}, "2020-01-01") == Kept(2, new=True, notices=())
    assert states(tmp_path / FILE_NAME).index.tolist() == [2, 1]
    assert as_known(tmp_path / FILE_NAME).index.tolist() == ["E1", "E2"]


def test_all_late_corrections_are_listed_with_the_day_they_were_known(tmp_path: Path) -> None:
    study = replace(study_of({}), folder=tmp_path)
    assert late_corrections(study).empty
    keep(tmp_path, {"E1": A_HOME, "E2": A_HOME}, "2022-01-01")
    sold = {**A_HOME, "valid_to": "2022-06-30", "ended": "sold"}
    keep(tmp_path, {"E1": {**A_HOME, "housing_form": "modulhus"}, "E2": sold}, "2023-01-01")
    moved = {**A_HOME, "at": (99.0, 99.0), "housing_form": "modulhus"}
    keep(tmp_path, {"E1": moved, "E2": {**sold, "ended": "demolished"}, "E3": {}}, "2024-01-01")
    found = late_corrections(study)
    told = found.assign(day=found["day"].dt.year, of=found["of"].dt.year).astype(object)
    assert told.where(told.notna(), None).to_numpy().tolist() == [
        [
            "E1",
            2023,
            2022,
            "ledger.said.housing_form",
            "profile.form.smaahus",
            "profile.form.modulhus",
        ],
        ["E1", 2024, 2023, "ledger.said.geometry", None, None],
        ["E2", 2024, 2023, "ledger.said.ended", "ledger.cause.sold", "ledger.cause.demolished"],
        ["E3", 2024, 2023, "ledger.said.unit", "ledger.status.absent", "ledger.status.placed"],
    ]
    keys = {*found["what"], *found["before"].dropna(), *found["after"].dropna()}
    assert all(key in catalog(language) for key in keys for language in LANGUAGES)
    (tmp_path / FILE_NAME).write_text("viktig")
    assert late_corrections(study).dtypes.equals(found.dtypes)


@pytest.mark.parametrize("language", LANGUAGES)
def test_whatever_may_be_corrected_has_words(language: Language) -> None:
    say = catalog(language)
    fields = [*PLAIN, "geometry", "unit"]
    words = [*(f"said.{each}" for each in fields), "status.placed", "status.unplaced"]
    words += [
        "status.absent",
        *(f"cause.{each}" for which in CAUSES.values() for each in which.values()),
    ]
    assert [each for each in words if f"ledger.{each}" not in say] == []
    assert [each for each in HOUSING_FORMS.values() if f"profile.form.{each}" not in say] == []


# --- what is wrong with the ledger stops nobody


def test_without_a_day_the_planner_is_told_what_to_do(tmp_path: Path) -> None:
    kept = keep(tmp_path, {"E1": A_HOME}, None)
    assert (kept.state, codes(kept)) == (None, ["ledger.not_kept"])
    assert "«date» under [register]" in only(kept).text("nb")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("fault", [errno.EROFS, errno.EACCES, errno.ENOSPC])
def test_a_folder_that_cannot_be_written_to_is_told(
    fault: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(fault, os.strerror(fault))

    monkeypatch.setattr(database_module.tempfile, "mkstemp", refuse)
    kept = keep(tmp_path, {"E1": A_HOME}, "2024-01-01")
    assert (kept.state, codes(kept)) == (None, ["ledger.not_kept"])
    expected = "disk_full" if fault == errno.ENOSPC else "cannot_write"
    assert catalog("nb")(f"ledger.{expected}.do") in only(kept).text("nb")


def test_what_is_known_is_known_from_a_disk_that_cannot_be_written_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(tmp_path, {"E1": A_HOME}, "2024-01-01")
    connect = sqlite3.connect

    def read_only(database: str, **options: Any) -> sqlite3.Connection:
        return connect(database.replace("mode=rw", "mode=ro"), **options)

    monkeypatch.setattr(sqlite3, "connect", read_only)
    assert keep(tmp_path, {"E1": A_HOME}, "2024-01-01") == Kept(1, new=False, notices=())
    kept = keep(tmp_path, {"E1": {}}, "2025-01-01")
    assert (kept.state, codes(kept)) == (None, ["ledger.not_kept"])
    assert catalog("nb")("ledger.cannot_write.what") in only(kept).text("nb")


def spoilt(path: Path, kind: str) -> None:
    if kind == "not_ledger":
        path.write_text("viktig")
        return
    with closing(sqlite3.connect(path)) as database, database:
        if kind == "newer":
            database.execute("UPDATE ledger SET value = '99' WHERE name = 'schema_version'")
        else:
            database.execute("DROP TRIGGER versions_update_never")
            database.execute("UPDATE versions SET homes = homes + 1")


@pytest.mark.parametrize("day", ["2024-01-01", "2025-01-01"])
@pytest.mark.parametrize("kind", ["not_ledger", "damaged", "newer"])
def test_a_ledger_that_cannot_be_used_is_told_and_never_written_over(
    kind: str, day: str, tmp_path: Path
) -> None:
    keep(tmp_path, {"E1": A_HOME}, "2024-01-01")
    spoilt(tmp_path / FILE_NAME, kind)
    before = (tmp_path / FILE_NAME).read_bytes()
    homes = {"E1": A_HOME} if day == "2024-01-01" else {"E1": A_HOME, "E2": {}}
    kept = keep(tmp_path, homes, day)
    assert (kept.state, codes(kept)) == (None, ["ledger.not_kept"])
    assert catalog("nb")(f"ledger.{kind}.what") in only(kept).text("nb")
    assert (tmp_path / FILE_NAME).read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == [FILE_NAME]


def test_a_ledger_that_somebody_holds_is_told_and_left(tmp_path: Path) -> None:
    keep(tmp_path, {"E1": A_HOME}, "2024-01-01")
    before = dump(tmp_path / FILE_NAME)
    with closing(sqlite3.connect(tmp_path / FILE_NAME)) as other:
        other.execute("BEGIN EXCLUSIVE")
        kept = keep(tmp_path, {"E1": {}}, "2025-01-01", wait_s=0.01)
    assert (kept.state, codes(kept)) == (None, ["ledger.not_kept"])
    assert catalog("nb")("ledger.locked.what") in only(kept).text("nb")
    assert dump(tmp_path / FILE_NAME) == before


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_a_ledger_may_give_can_be_said_in_a_warning(language: Language) -> None:
    say = catalog(language)
    for code in (
        "no_day", "missing", "not_ledger", "damaged", "newer", "locked", "cannot_write", "disk_full"
    ):  # fmt: skip
        for part in ("what", "do"):
            assert "{" not in say(f"ledger.{code}.{part}")


def test_an_empty_register_is_sooner_a_mistake_than_a_town_without_homes(tmp_path: Path) -> None:
    keep(tmp_path, {"E1": A_HOME}, "2024-01-01")
    assert keep(tmp_path, {}, "2025-01-01") == Kept(None, new=False, notices=())
    assert len(states(tmp_path / FILE_NAME)) == 1


# --- the commands

Captured = pytest.CaptureFixture[str]


@pytest.fixture
def study(tmp_path: Path) -> Path:
    return dated(tmp_path / "studie", "2024-01-01")


def dated(folder: Path, day: str | None) -> Path:
    """Write a study with the day of its register, or without."""
    write_study(folder)
    if day is not None:
        toml = folder / "tomteanalyse.toml"
        lines = f"[register]\ndate = {day}\n"
        toml.write_text(toml.read_text("utf-8").replace("[register]\n", lines), "utf-8")
    return folder


def results(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def test_run_keeps_the_register_and_writes_the_same_with_or_without_a_ledger(
    study: Path, tmp_path: Path, capsys: Captured
) -> None:
    ledger = study / FILE_NAME
    run(study, out=tmp_path / "a")
    assert as_known(ledger).index.tolist() == ["E1", "E2"]
    first = capsys.readouterr()
    assert "[ledger." not in first.err
    ledger.write_text("viktig")
    run(study, out=tmp_path / "b")
    told = capsys.readouterr()
    assert told.out.replace("/b/", "/a/") == first.out
    assert "[ledger.not_kept] register.gpkg" in told.err
    assert results(tmp_path / "a") == results(tmp_path / "b")
    assert ledger.read_text() == "viktig"


def test_run_says_how_much_of_the_past_the_register_corrects(
    study: Path, tmp_path: Path, capsys: Captured
) -> None:
    run(study, out=tmp_path / "ut")
    dated(study, "2025-01-01")
    corrected = REGISTER.replace("E2;3;4", "E2;7;4")
    (study / "enheter.csv").write_text(corrected, "utf-8-sig")
    capsys.readouterr()
    run(study, out=tmp_path / "ut", as_json=True)
    texts = [each["text"] for each in json.loads(capsys.readouterr().out)["warnings"]]
    (said,) = [text for text in texts if text.startswith("[ledger.")]
    assert "Rettelser: 1, enheter: 1" in said
    assert "2024-01-01" in said
    assert "tomteanalyse monitor" in said


def test_run_goes_on_without_a_day_and_says_why_nothing_was_kept(
    study: Path, tmp_path: Path, capsys: Captured
) -> None:
    run(dated(study, None), out=tmp_path / "ut")
    assert "[ledger.not_kept] enheter.csv" in capsys.readouterr().err
    assert (tmp_path / "ut" / "kart.html").exists()
    assert not (study / FILE_NAME).exists()


def test_a_run_that_fails_keeps_nothing(study: Path, tmp_path: Path) -> None:
    (tmp_path / "ut").write_text("opptatt")
    with pytest.raises(UsageError):
        run(study, out=tmp_path / "ut")
    assert not (study / FILE_NAME).exists()


def test_whatif_keeps_the_register_too_and_a_run_after_it_nothing_new(
    study: Path, tmp_path: Path
) -> None:
    whatif(study, corrections=a_new_stop(tmp_path), out=tmp_path / "hva om")
    kept = (study / FILE_NAME).read_bytes()
    assert states(study / FILE_NAME).index.tolist() == [1]
    run(study, out=tmp_path / "ut")
    assert (study / FILE_NAME).read_bytes() == kept


def test_monitor_shows_the_correction_that_its_own_register_is(
    study: Path, tmp_path: Path, capsys: Captured
) -> None:
    monitor(study, out=tmp_path / "ut")
    dated(study, "2025-01-01")
    corrected = REGISTER.replace("E2;3;4", "E2;7;4")
    (study / "enheter.csv").write_text(corrected, "utf-8-sig")
    capsys.readouterr()
    monitor(study, out=tmp_path / "ut")
    assert "[ledger.corrected] register.gpkg: " in capsys.readouterr().err
    found = late_corrections(read_study(study))
    assert found[["unit_id", "before", "after"]].to_numpy().tolist() == [["E2", "3", "7"]]
    page = (tmp_path / "ut" / "overvaking.html").read_text("utf-8")
    assert catalog("nb")("ledger.said.homes") in page


def a_new_stop(folder: Path) -> Path:
    """Write a correction to try."""
    file = folder / "tiltak.geojson"
    said = {"type": ["ny_holdeplass"], "dato": ["2024-01-01"], "kilde": ["oppdiktet"]}
    gpd.GeoDataFrame(said, geometry=[at(300, 300)], crs=CRS).to_file(file)
    return file
