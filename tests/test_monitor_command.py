"""`tomteanalyse monitor`: years, folders, and what the ledger says. All homes are fictional."""

import json
from pathlib import Path

import pandas as pd
import pytest

from study_folders import at, contents, write_study
from tomteanalyse.commands.monitor import monitor
from tomteanalyse.errors import DataError, UsageError
from tomteanalyse.ledger import FILE_NAME, states
from tomteanalyse.views.monitoring.outputs import OUTPUTS

HEADINGS = "enhet_id;antall_boliger;gyldig_fra;gyldig_til;avgangsårsak;x;y"


def study_with(folder: Path, *homes: str, day: str | None = "2024-06-01") -> Path:
    """Write a study with these homes (id;homes;from;to;how it ended)."""
    write_study(folder)
    place = at(100, 100)
    rows = [f"{home};{place.x};{place.y}" for home in homes]
    (folder / "enheter.csv").write_text("\n".join([HEADINGS, *rows, ""]), "utf-8-sig")
    toml = folder / "tomteanalyse.toml"
    text = toml.read_text("utf-8").replace('file = "enheter.csv"', 'file = "enheter.csv"{}')
    toml.write_text(text.format(f"\ndate = {day}" if day else ""), "utf-8")
    return folder


def answer(capsys: pytest.CaptureFixture[str], study: Path, out: Path, **span: str) -> dict:  # type: ignore[type-arg]  # JSON
    monitor(study, out=out, as_json=True, **span)
    captured = capsys.readouterr()
    assert captured.err == ""
    told: dict = json.loads(captured.out)  # type: ignore[type-arg]  # JSON
    return told


def test_the_years_are_those_the_register_knows_of_unless_others_are_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    study = study_with(tmp_path / "s", "E1;3;2021-05-01;;", "E2;2;2022-05-01;2023-05-01;solgt")
    told = answer(capsys, study, tmp_path / "ut")
    assert told["days"] == ["2021-01-01", "2022-01-01", "2023-01-01", "2024-01-01"]
    assert [row["homes"] for row in told["totals"]] == [0, 3, 5, 3]
    assert {each["name"] for each in told["outputs"]} == {*OUTPUTS, "kjoring.json"}
    quarters = answer(capsys, study, tmp_path / "ut", first="2023", last="2024", step="quarter")
    assert quarters["days"] == [
        "2023-01-01", "2023-04-01", "2023-07-01", "2023-10-01", "2024-01-01",
    ]  # fmt: skip


def test_no_more_than_twelve_years_are_looked_back_unless_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    study = study_with(tmp_path / "s", "E1;3;1988-05-01;;")
    assert answer(capsys, study, tmp_path / "ut")["days"][0] == "2012-01-01"
    assert answer(capsys, study, tmp_path / "ut", first="1988")["days"][0] == "1988-01-01"


@pytest.mark.parametrize(
    ("span", "code"),
    [
        ({"first": "tjue"}, "monitoring.bad_span"),
        ({"last": "02024"}, "monitoring.bad_span"),
        ({"last": "20245"}, "monitoring.bad_span"),
        ({"first": "2024", "last": "2022"}, "monitoring.no_days"),
        ({"last": "2025"}, "monitoring.after_register"),
    ],
)
def test_years_that_make_no_sense_are_refused_and_nothing_is_written(
    tmp_path: Path, span: dict[str, str], code: str
) -> None:
    study = study_with(tmp_path / "s", "E1;3;2021-05-01;;")
    before = contents(tmp_path)
    with pytest.raises(UsageError) as caught:
        monitor(study, out=tmp_path / "ut", first=span.get("first"), last=span.get("last"))
    assert [notice.code for notice in caught.value.notices] == [code]
    assert contents(tmp_path) == before


def test_a_register_that_tells_no_days_takes_years_from_the_planner(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    study = study_with(tmp_path / "s", "E1;3;;;", day=None)
    with pytest.raises(DataError, match="nothing_dated"):
        monitor(study, out=tmp_path / "ut")
    told = answer(capsys, study, tmp_path / "ut", first="2020", last="2021")
    assert [row["homes"] for row in told["totals"]] == [3, 3]
    codes = {warning["code"] for warning in told["warnings"]}
    assert {"monitoring.no_register_day", "monitoring.timeless"} < codes


def test_every_run_keeps_the_register_and_tells_what_was_corrected_since(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    study = study_with(tmp_path / "s", "E1;3;2021-05-01;;", "E2;2;2022-05-01;;")
    assert answer(capsys, study, tmp_path / "ut")["late_corrections"] == 0
    # That they were sold two years before was not known in June.
    study_with(study, "E1;3;2021-05-01;;", "E2;2;2022-05-01;2022-12-31;solgt", day="2024-09-01")
    told = answer(capsys, study, tmp_path / "ut")
    listed = states(study / FILE_NAME)
    assert listed["day"].tolist() == [pd.Timestamp(2024, 6, 1), pd.Timestamp(2024, 9, 1)]
    assert told["late_corrections"] > 0
    assert [row["homes"] for row in told["totals"]] == [0, 3, 3, 3]
    assert "E2" in (tmp_path / "ut" / "overvaking.html").read_text("utf-8")
    before = (study / FILE_NAME).read_bytes()
    answer(capsys, study, tmp_path / "ut")
    assert (study / FILE_NAME).read_bytes() == before


def test_the_folder_lies_beside_that_of_the_ranking(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    study = study_with(tmp_path / "s", "E1;3;2021-05-01;;")
    monkeypatch.chdir(tmp_path)
    monitor(study, language="nn")
    captured = capsys.readouterr()
    folder = tmp_path / "maps" / "Prøvestudie – overvåking"
    assert {path.name for path in folder.iterdir()} == {*OUTPUTS, "kjoring.json"}
    assert "Overvaking: Prøvestudie" in captured.out
    assert "[monitoring.no_dwellings]" in captured.err
