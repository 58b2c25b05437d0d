"""What monitoring writes: workbook, layers and manifest say the same, and say what they are."""

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
from python_calamine import CalamineWorkbook

from followed_towns import Row, town
from registers import Home
from tomteanalyse.measures.concentration.change import CAUSES
from tomteanalyse.monitoring.found import Monitoring
from tomteanalyse.monitoring.monitor import monitor
from tomteanalyse.study import InputFile, Study
from tomteanalyse.texts import LANGUAGES, NBSP, Language, catalog
from tomteanalyse.views.monitoring.outputs import OUTPUTS, write_monitoring
from tomteanalyse.views.monitoring.period import over_period
from tomteanalyse.views.monitoring.screen import monitoring_json, monitoring_text

PARTS = [f"part_{cause}" for cause in CAUSES]
FAR = (2_000.0, 0.0)
HOMES: dict[str, Home] = {
    "HEMMELIG-1": {"homes": 6, "valid_to": "2021-08-31", "ended": "demolished"},
    "HEMMELIG-2": {"homes": 3, "valid_from": "2021-03-01", "at": (300.0, 0.0)},
    "HEMMELIG-3": {"homes": 2, "valid_from": "2022-03-01", "began": "built", "at": FAR},
}
DWELLINGS: list[Row] = [
    {"dwellings": 20},
    {"dwellings": 9, "built": "2022-03-01"},
    {"dwellings": 6, "gone": "2021-08-31"},
    {"dwellings": 30, "at": (300.0, 0.0)},
    {"dwellings": 5, "at": (600.0, 0.0)},
    {"dwellings": 12, "at": FAR, "built": "2022-01-15"},
]
AREAS = {"1": (-100.0, -100.0, 900.0, 100.0), "2": (900.0, -100.0, 3_000.0, 100.0)}


def followed(study: Study) -> Monitoring:
    return monitor(study, start=date(2021, 1, 1), end=date(2023, 1, 1), step="year")


def some_town(rows: list[Row] = DWELLINGS) -> Study:
    study = town(HOMES, rows, areas=AREAS, on=date(2023, 6, 1))
    files = (InputFile("dwellings", "boliger.csv", "0" * 64, 6),) if rows else ()
    return replace(study, inputs=files, folder=Path("/studier/byen"))


@pytest.fixture(scope="module")
def found() -> Monitoring:
    return followed(some_town())


@pytest.fixture(scope="module")
def folder(found: Monitoring, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("ut") / "overvåking"
    write_monitoring(found, target, language="nb")
    return target


def rows_of(folder: Path, name: str) -> list[dict[str, object]]:
    """Return a sheet's rows under its headings, without the band above them."""
    _, headings, *rows = (
        CalamineWorkbook.from_path(folder / "overvaking.xlsx")
        .get_sheet_by_name(name)
        .to_python(skip_empty_area=False)
    )
    return [dict(zip(map(str, headings), row, strict=True)) for row in rows]


def test_every_output_is_written_and_told_in_the_manifest(folder: Path) -> None:
    manifest = json.loads((folder / "kjoring.json").read_text("utf-8"))
    assert {path.name for path in folder.iterdir()} == {*OUTPUTS, "kjoring.json"}
    assert [each["name"] for each in manifest["outputs"]] == sorted(OUTPUTS)
    assert manifest["edition"] == "internal"
    told = manifest["monitoring"]
    assert told["days"] == ["2021-01-01", "2022-01-01", "2023-01-01"]
    assert (told["step"], told["basis"]) == ("year", "addresses")
    assert set(told["divisions"]) == {"cell_250", "cell_1000", "area"}
    assert "byen" not in json.dumps(manifest)


def test_the_same_study_gives_the_same_bytes_in_any_order_and_other_days_another_run(
    folder: Path, tmp_path: Path
) -> None:
    study = some_town()
    turned = replace(study, units=study.units[::-1], dwellings=study.dwellings[::-1])
    write_monitoring(followed(turned), tmp_path / "igjen", language="nb")
    for name in (*OUTPUTS, "kjoring.json"):
        assert (tmp_path / "igjen" / name).read_bytes() == (folder / name).read_bytes(), name
    fewer = monitor(study, start=date(2021, 1, 1), end=date(2022, 1, 1), step="year")
    write_monitoring(fewer, tmp_path / "annet", language="nb")
    first, other = (
        json.loads((each / "kjoring.json").read_text("utf-8"))["run_id"]
        for each in (folder, tmp_path / "annet")
    )
    assert first != other


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sheet_says_whom_it_is_for_and_every_share_of_what(
    found: Monitoring, tmp_path: Path, language: Language
) -> None:
    write_monitoring(found, tmp_path / "ut", language=language)
    say = catalog(language)
    workbook = CalamineWorkbook.from_path(tmp_path / "ut" / "overvaking.xlsx")
    keys = ("about", "totals", "indices", "changes", "areas", "cells", "corrections")
    assert workbook.sheet_names == [say(f"monitoring_tables.sheet.{key}") for key in keys]
    basis = say("monitoring_page.basis.addresses")
    shares = 0
    for name in workbook.sheet_names:
        band, headings, *_ = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
        assert str(band[0]).startswith(say("edition.internal.name")), name
        for heading in map(str, headings):
            if "[%]" in heading:
                shares += 1
                assert basis in heading
    # One of the whole, two of changes, and shares and smoothed shares of areas and cells.
    assert shares == 7
    page = (tmp_path / "ut" / "overvaking.html").read_text("utf-8")
    assert say("edition.internal.name") in page
    assert basis in page


def test_the_workbook_tells_what_was_found(found: Monitoring, folder: Path) -> None:
    totals = rows_of(folder, "Kommunen")
    assert [row["Kommunale boliger"] for row in totals] == [6, 3, 5]
    assert [row["Boliger i alt"] for row in totals] == [61, 55, 76]
    changes = rows_of(folder, "Endringer")
    whole = [row for row in changes if row["Inndeling"] == "Hele kommunen"]
    assert [(row["Antall kjøpt"], row["Antall revet"], row["Antall bygd"]) for row in whole] == [
        (3, -6, 0),
        (0, 0, 2),
    ]
    # Of the 12 that were built far off, two are the municipality's own.
    assert [row["Antall nye andre boliger"] for row in whole] == [0, 19]
    assert [row["Av dem bare antatt kjøpt eller solgt"] for row in whole] == [3, 0]
    for row in changes:
        parts = [cell for heading, cell in row.items() if heading.startswith("Av dette")]
        if all(isinstance(part, float) for part in parts):
            assert sum(map(float, map(str, parts))) == pytest.approx(
                row["Endret andel [prosentpoeng]"], abs=1e-9
            )
    areas = rows_of(folder, "Områder")
    assert [(row["Sted"], row["Dag"], row["Kommunale boliger"]) for row in areas] == [
        ("Krets 1", "2021-01-01", 6),
        ("Krets 1", "2022-01-01", 3),
        ("Krets 1", "2023-01-01", 3),
        ("Krets 2", "2021-01-01", 0),
        ("Krets 2", "2022-01-01", 0),
        ("Krets 2", "2023-01-01", 2),
    ]
    small = [row for row in rows_of(folder, "Ruter") if row["Inndeling"] == "Rute 250 m"]
    # The cell 600 m east has dwellings, but never a municipal home. Of the three others the first
    # and the last day are told, and the second where homes came or went by then.
    assert len({row["Id"] for row in small}) == 3
    days = [(row["Dag"], row["Kommunale boliger"]) for row in small]
    first, middle, last = ("2021-01-01", "2022-01-01", "2023-01-01")
    assert days == [
        *((first, 6), (middle, 0), (last, 0)),
        *((first, 0), (middle, 3), (last, 3)),
        *((first, 0), (last, 2)),
    ]
    indices = rows_of(folder, "Indekser")
    assert len(indices) == sum(len(each.indices) for each in found.geographies.values())


def test_the_layers_hold_the_last_day_and_what_made_the_difference(
    found: Monitoring, folder: Path
) -> None:
    path = folder / "overvaking.gpkg"
    for key, layer in (("cell_250", "cells_250"), ("cell_1000", "cells_1000"), ("area", "areas")):
        table = pyogrio.read_dataframe(path, layer=layer)
        geography = found.geographies[
            "area" if key == "area" else "cell_250" if key == "cell_250" else "cell_1000"
        ]
        assert table["area"].tolist() == geography.areas.index.tolist()
        assert table.crs == found.study.crs
        assert isinstance(table, gpd.GeoDataFrame)
        split = table.dropna(subset=["change", *PARTS])
        assert len(split)
        assert np.allclose(split[PARTS].sum(axis=1), split["change"], atol=1e-12)
        assert (table["day"] == "2023-01-01").all()
        assert (table["basis"] == "adressefilen").all()
    days = pyogrio.read_dataframe(path, layer="over_time")
    assert len(days) == 3 * (1 + sum(len(each.areas) for each in found.geographies.values()))
    whole = days[days["division"] == "whole"]
    assert whole["homes"].tolist() == found.totals["homes"].tolist()
    changes = pyogrio.read_dataframe(path, layer="changes")
    told = len(found.changes) + sum(len(each.changes) for each in found.geographies.values())
    assert len(changes) == told
    with closing(sqlite3.connect(path)) as database:
        titles = dict(database.execute("SELECT table_name, identifier FROM gpkg_contents"))
        styled = {row[0] for row in database.execute("SELECT f_table_name FROM layer_styles")}
    assert all("INTERN" in title for title in titles.values())
    assert styled == {"cells_250", "cells_1000", "areas"}


def test_what_the_period_did_to_an_area_without_dwellings_on_the_way_is_not_split(
    found: Monitoring,
) -> None:
    period = over_period(found.geographies["area"], found.days)
    assert period.loc["1", PARTS].sum() == pytest.approx(period.loc["1", "change"], abs=1e-12)
    # Nothing but building land in the other until 2022.
    assert pd.isna(period["share_before"]["2"])
    assert period.loc["2", PARTS].isna().all()
    assert period.loc["2", "count_built"] == 2


def test_no_unit_is_told_of_but_in_late_corrections(found: Monitoring, folder: Path) -> None:
    for path in folder.iterdir():
        assert b"HEMMELIG" not in path.read_bytes(), path.name
    workbook = CalamineWorkbook.from_path(folder / "overvaking.xlsx")
    for name in workbook.sheet_names:
        assert "HEMMELIG" not in str(workbook.get_sheet_by_name(name).to_python())
    assert "HEMMELIG" not in monitoring_text(found, language="nb")
    assert "HEMMELIG" not in monitoring_json(found, (), (), language="nb")


def test_without_dwellings_homes_are_told_and_shares_are_unknown(tmp_path: Path) -> None:
    found = followed(some_town([]))
    write_monitoring(found, tmp_path / "ut", language="nb")
    totals = rows_of(tmp_path / "ut", "Kommunen")
    assert [row["Kommunale boliger"] for row in totals] == [6, 3, 5]
    assert {row["Kommunal andel [%]"] for row in totals} == {"ukjent"}
    assert rows_of(tmp_path / "ut", "Indekser") == []
    table = pyogrio.read_dataframe(tmp_path / "ut" / "overvaking.gpkg", layer="areas")
    assert table["share"].isna().all()
    answer = json.loads(monitoring_json(found, (), (), language="nb"))
    assert [row["share"] for row in answer["totals"]] == [None, None, None]
    assert "ukjent" in monitoring_text(found, language="nb")


def test_the_screen_says_what_changed_and_why(found: Monitoring) -> None:
    told = monitoring_text(found, language="nb").replace(NBSP, " ")
    lines = [line.rstrip() for line in told.splitlines()]
    assert lines[0].startswith("INTERN.")
    assert any(line.startswith("01.01.2022") and "kjøpt +3, revet −6" in line for line in lines)
    assert any("bygd +2, nye andre boliger +19" in line for line in lines)
    assert any(line.startswith("• Krets 1: 9,8 % → 4,7 %") for line in lines)
    answer = json.loads(monitoring_json(found, (), (), language="nb"))
    assert answer["changes"][0]["count_demolished"] == -6
    assert answer["changes"][0]["day"] == "2022-01-01"
    assert set(answer["indices"]) == {"cell_250", "cell_1000", "area"}


@pytest.mark.parametrize("days", [1, 2])
@pytest.mark.parametrize(
    "study",
    [
        town({}),
        town({}, [{"dwellings": 5}]),
        town({"E1": {}}),
        town({"E1": {}}, [{"dwellings": 5}], areas={"A": (900, 900, 950, 950)}),
        town({"E1": {"valid_from": "2019-05-01", "valid_to": "2019-08-01"}}, [{"dwellings": 5}]),
    ],
    ids=["nothing", "no_homes", "no_dwellings", "outside_areas", "long_gone"],
)
def test_towns_with_next_to_nothing_are_written_and_told(
    study: Study, days: int, tmp_path: Path
) -> None:
    elsewhere = replace(study, folder=Path("/studier/byen"))
    found = monitor(elsewhere, start=date(2020, 1, 1), end=date(2019 + days, 1, 1), step="year")
    write_monitoring(found, tmp_path / "ut", language="nb")
    assert len(rows_of(tmp_path / "ut", "Kommunen")) == days
    told = monitoring_text(found, language="nb")
    assert told.count("01.01.2020") >= days
    assert ("Tilfeldig" in told) == any(len(each.indices) for each in found.geographies.values())
    json.loads(monitoring_json(found, (), (), language="nb"))
