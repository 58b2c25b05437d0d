"""The register of municipal homes, as spreadsheets and people make it. All of it is fictional."""

import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st
from shapely import Point

from study_folders import CRS, EXTENT, SOUTH, WEST, at, refusal
from tomteanalyse.config import RegisterConfig
from tomteanalyse.errors import PrivacyError
from tomteanalyse.inputs.cells import (
    date_of,
    is_blank,
    looks_like_name,
    number_of,
    repaired,
    text_of,
    turned_into_date,
)
from tomteanalyse.inputs.files import find_source
from tomteanalyse.inputs.findings import Loaded
from tomteanalyse.inputs.register import read_register

NBSP = "\N{NO-BREAK SPACE}"
HEAD = "enhet_id;antall_boliger;trinn;boform;bygg_id;gyldig_fra;gyldig_til;x;y"
PLACE = f"{WEST:.0f};{SOUTH:.0f}"


def read(file: Path, **config: Any) -> Loaded:
    source = find_source(file.parent, file.name, role="register")
    return read_register(
        source, config=RegisterConfig(**config), book=None, study_crs=CRS, near=EXTENT
    )


def write(folder: Path, *lines: str, encoding: str = "utf-8-sig", name: str = "e.csv") -> Path:
    file = folder / name
    file.write_bytes("\r\n".join([*lines, ""]).encode(encoding))
    return file


def unit(**cells: str) -> str:
    """Return a sound line with some cells changed."""
    sound = {"enhet_id": "E1", "antall_boliger": "1", "x": f"{WEST}", "y": f"{SOUTH}"}
    return ";".join({**dict.fromkeys(HEAD.split(";"), ""), **sound, **cells}.values())


def workbook(folder: Path, rows: list[list[Any]], sheet: str = "Ark1", **more: list[Any]) -> Path:
    book = xlsxwriter.Workbook(folder / "e.xlsx", {"default_date_format": "dd.mm.yyyy"})
    for name, content in {sheet: rows, **more}.items():
        page = book.add_worksheet(name)
        for number, row in enumerate(content):
            page.write_row(number, 0, row)
    book.close()
    return folder / "e.xlsx"


def codes(loaded: Loaded) -> list[str]:
    return [warning.code for warning in loaded.warnings]


def test_the_table_keeps_its_contract(tmp_path: Path) -> None:
    file = write(
        tmp_path,
        HEAD,
        f"E2;3;trinn 4;Småhus;B1;1.2.2020;;{WEST + 10};{SOUTH}",
        f"E1;1;;;;;2024-12-31;{WEST};{SOUTH}",
    )
    units = read(file, crs="EPSG:25832").table
    assert list(units.index) == ["E1", "E2"]
    assert units.index.name == "unit_id"
    assert list(units.columns) == [
        "homes",
        "step",
        "housing_form",
        "building_id",
        "valid_from",
        "valid_to",
        "began",
        "ended",
        "current",
        "geometry",
    ]
    assert units["homes"].tolist() == [1, 3]
    assert units["step"].dtype == "Int64"
    assert pd.isna(units["step"]["E1"])
    assert units["step"]["E2"] == 4
    assert units["housing_form"]["E2"] == "smaahus"
    assert units["valid_from"]["E2"] == pd.Timestamp("2020-02-01")
    assert units["valid_to"]["E1"] == pd.Timestamp("2024-12-31")
    assert units["current"].tolist() == [False, True]
    assert units.geometry["E2"].equals(at(10, 0))
    assert units.crs == CRS


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("mark", [";", ",", "\t"])
def test_every_encoding_and_separator_reads_alike(tmp_path: Path, encoding: str, mark: str) -> None:
    lines = [HEAD, unit(boform="småhus", bygg_id="Blåbærveien borettslag", x=f"{WEST:.0f}")]
    file = write(tmp_path, *(line.replace(";", mark) for line in lines), encoding=encoding)
    units = read(file).table
    assert units["building_id"].tolist() == ["Blåbærveien borettslag"]
    assert units["housing_form"].tolist() == ["smaahus"]


def test_numbers_are_read_as_norwegian_spreadsheets_write_them(tmp_path: Path) -> None:
    x = f"597{NBSP}000,25"
    y = "6 643 000,75"
    units = read(write(tmp_path, HEAD, unit(x=x, y=y, antall_boliger="12,0"))).table
    assert units.geometry["E1"].equals(at(0.25, 0.75))
    assert units["homes"]["E1"] == 12


def test_quoted_cells_excels_hint_and_blank_lines_do_no_harm(tmp_path: Path) -> None:
    file = write(tmp_path, "sep=;", HEAD, "", unit(bygg_id='"A;B ""C"""'), ";;;;", "")
    loaded = read(file)
    assert loaded.table["building_id"].tolist() == ['A;B "C"']
    assert loaded.inputs[0].read == 1


def test_rows_are_numbered_as_the_spreadsheet_shows_them(tmp_path: Path) -> None:
    file = write(tmp_path, "sep=;", HEAD, "", unit(), unit(enhet_id="E2", trinn="9"))
    with refusal(tmp_path, "register.bad_step") as told:
        read(file)
    assert (told[0].rows, told[0].ids) == ((5,), ("E2",))


def test_a_workbook_reads_like_the_csv(tmp_path: Path) -> None:
    rows = [
        HEAD.split(";"),
        ["0301", 2.0, 3, "bofellesskap", "0042", datetime(2020, 2, 1), "31.12.2030", WEST, SOUTH],
        [301, "4", "trinn 1", "", 42, 43862, None, f"{WEST:.0f},5".replace(".", ","), SOUTH],
    ]
    units = read(workbook(tmp_path, rows)).table
    assert list(units.index) == ["0301", "301"]
    assert units["building_id"].tolist() == ["0042", "42"]
    assert units["valid_from"].tolist() == [pd.Timestamp("2020-02-01")] * 2
    assert units["homes"].tolist() == [2, 4]


def test_a_workbook_of_several_sheets_asks_which(tmp_path: Path) -> None:
    rows = [["enhet_id", "x", "y"], ["E1", WEST, SOUTH]]
    file = workbook(tmp_path, rows, Notater=[["noe"]], Tom=[])
    with refusal(tmp_path, "table.several_sheets") as told:
        read(file)
    assert told[0].values == {"sheets": "Ark1, Notater"}
    assert list(read(file, sheet="Ark1").table.index) == ["E1"]
    with refusal(tmp_path, "table.no_such_sheet"):
        read(file, sheet="Ark2")


def test_formulas_are_not_evaluated(tmp_path: Path) -> None:
    rows = [["enhet_id", "bygg_id", "x", "y"], ["E1", "'=1+1", WEST, SOUTH]]
    assert read(workbook(tmp_path, rows)).table["building_id"].tolist() == ["'=1+1"]


def test_a_geopackage_reads_like_the_csv(tmp_path: Path) -> None:
    frame = gpd.GeoDataFrame(
        {
            "Enhet-ID": ["0301", "E2"],
            "Antall": [2.0, 3.0],
            "Trinn": [4.0, None],
            "gyldig_fra": pd.to_datetime(["2020-02-01", None]),
        },
        geometry=[at(1, 1), at(10, 10).buffer(5)],
        crs=CRS,
    )
    frame.to_crs("EPSG:25833").to_file(tmp_path / "e.gpkg")
    units = read(tmp_path / "e.gpkg").table
    assert units["homes"].tolist() == [2, 3]
    assert units["step"]["0301"] == 4
    assert units["valid_from"]["0301"] == pd.Timestamp("2020-02-01")
    assert units.geometry["0301"].distance(at(1, 1)) < 0.01
    assert units.geometry["E2"].distance(at(10, 10)) < 0.5
    assert (units.geom_type == "Point").all()


def test_the_order_of_rows_does_not_matter(tmp_path: Path) -> None:
    lines = [unit(enhet_id=f"E{number}", x=f"{WEST + number}") for number in range(9)]
    first = read(write(tmp_path, HEAD, *lines)).table
    assert first.equals(read(write(tmp_path, HEAD, *lines[::-1])).table)


# --- dates


def test_the_studys_date_decides_what_is_current_and_both_ends_count(tmp_path: Path) -> None:
    file = write(
        tmp_path,
        HEAD,
        unit(enhet_id="open"),
        unit(enhet_id="begins", gyldig_fra="01.06.2025"),
        unit(enhet_id="later", gyldig_fra="02.06.2025"),
        unit(enhet_id="ends", gyldig_til="01.06.2025"),
        unit(enhet_id="over", gyldig_til="31.05.2025"),
        unit(enhet_id="endless", gyldig_til="31.12.9999"),
    )
    dated = read(file, date=date(2025, 6, 1)).table["current"]
    assert set(dated[dated].index) == {"open", "begins", "ends", "endless"}
    undated = read(file).table["current"]
    assert set(undated[undated].index) == {"open", "begins", "later", "endless"}


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("2025-05-03", "2025-05-03"),
        ("2025-05-03T10:11:12", "2025-05-03"),
        ("2025-05-03 00:00:00", "2025-05-03"),
        ("20250503", "2025-05-03"),
        ("03.05.2025", "2025-05-03"),
        ("3.5.2025", "2025-05-03"),
        ("3/5/2025", "2025-05-03"),
        ("03-05-2025", "2025-05-03"),
        ("3. mai 2025", "2025-05-03"),
        ("3 May 2025", "2025-05-03"),
        ("3. des. 2025", "2025-12-03"),
        ("43862", "2020-02-01"),
        ("43862,75", "2020-02-01"),
    ],
)
def test_dates_are_read_in_every_form_they_come_in(written: str, read_as: str) -> None:
    assert date_of(written) == date.fromisoformat(read_as)


@pytest.mark.parametrize(
    "written",
    ["03.05.25", "2025", "mai 2025", "32.01.2025", "2025-13-01", "ukjent", "12", "5/2025"],
)
def test_what_is_no_whole_date_is_refused(tmp_path: Path, written: str) -> None:
    file = write(tmp_path, HEAD, unit(), unit(enhet_id="E2", gyldig_fra=written))
    with refusal(tmp_path, "register.bad_date") as told:
        read(file)
    assert (told[0].rows, told[0].ids) == ((3,), ("E2",))
    assert told[0].values == {"column": "gyldig_fra"}


def test_a_unit_that_ends_before_it_begins_is_told(tmp_path: Path) -> None:
    file = write(
        tmp_path,
        HEAD,
        unit(gyldig_fra="02.01.2025", gyldig_til="01.01.2025"),
        unit(enhet_id="E2", gyldig_fra="01.01.2025", gyldig_til="01.01.2025"),
    )
    with refusal(tmp_path, "register.dates_reversed") as told:
        read(file)
    assert told[0].ids == ("E1",)


@pytest.mark.parametrize("written", ["03.mai", "3. mai", "3-mai", "03.mai.25", "mai.25", "May-05"])
def test_an_identifier_that_a_spreadsheet_made_a_date_is_told(tmp_path: Path, written: str) -> None:
    assert turned_into_date(written)
    file = write(tmp_path, HEAD, unit(bygg_id=written))
    with refusal(tmp_path, "table.excel_date"):
        read(file)


def test_an_identifier_that_excel_stored_as_a_date_is_told(tmp_path: Path) -> None:
    rows = [["enhet_id", "gnr-bnr", "x", "y"], ["E1", datetime(2025, 5, 3), WEST, SOUTH]]
    with refusal(workbook(tmp_path, rows).parent, "table.excel_date") as told:
        read(tmp_path / "e.xlsx")
    assert told[0].rows == (2,)


@pytest.mark.parametrize("written", ["3-5", "12/34", "B-12", "1234", "Mai", "desk 4", "0301-12/3"])
def test_real_identifiers_are_no_dates(written: str) -> None:
    assert not turned_into_date(written)


# --- faults


def test_missing_and_duplicate_ids_are_told_together(tmp_path: Path) -> None:
    file = write(tmp_path, HEAD, unit(), unit(enhet_id=""), unit(enhet_id=" E1 "))
    with refusal(tmp_path, "register.missing_id", "register.duplicate_id") as told:
        read(file)
    assert [one.rows for one in told] == [(3,), (2, 4)]
    assert told[1].ids == ("E1",)


@pytest.mark.parametrize("written", ["", "0", "-1", "1,5", "to", "99999"])
def test_a_number_of_homes_that_is_none_is_told(tmp_path: Path, written: str) -> None:
    with refusal(write(tmp_path, HEAD, unit(antall_boliger=written)).parent, "register.bad_homes"):
        read(tmp_path / "e.csv")


@pytest.mark.parametrize("written", ["0", "6", "2,5", "1-2", "høy"])
def test_a_step_that_does_not_exist_is_told(tmp_path: Path, written: str) -> None:
    with refusal(write(tmp_path, HEAD, unit(trinn=written)).parent, "register.bad_step"):
        read(tmp_path / "e.csv")


def test_faults_of_different_kinds_are_told_together(tmp_path: Path) -> None:
    write(tmp_path, HEAD, unit(trinn="9", antall_boliger="x", gyldig_fra="y"), unit())
    with refusal(
        tmp_path,
        "register.bad_step",
        "register.bad_homes",
        "register.bad_date",
        "register.duplicate_id",
    ):
        read(tmp_path / "e.csv")


def test_an_unknown_housing_form_is_unknown_and_told(tmp_path: Path) -> None:
    loaded = read(
        write(tmp_path, HEAD, unit(boform="slott"), unit(enhet_id="E2")), crs="EPSG:25832"
    )
    assert pd.isna(loaded.table["housing_form"]["E1"])
    assert [(one.code, one.rows) for one in loaded.warnings] == [("register.unknown_form", (2,))]


def test_a_missing_id_column_is_told_without_listing_the_headings(tmp_path: Path) -> None:
    write(tmp_path, "Ola Nordmann;Storgata 1;x;y", f"a;b;{PLACE}")
    with refusal(tmp_path, "register.no_id_column") as told:
        read(tmp_path / "e.csv")
    assert "Storgata" not in told[0].text("nb")
    write(tmp_path, "enhets_idd;x;y", f"a;{PLACE}")
    with refusal(tmp_path, "register.no_id_column_near") as told:
        read(tmp_path / "e.csv")
    assert told[0].values["near"] == "enhets_idd"


def test_columns_that_are_missing_are_told_and_the_homes_counted_as_one_each(
    tmp_path: Path,
) -> None:
    loaded = read(write(tmp_path, "id;x;y", f"E1;{PLACE}"), crs="EPSG:25832")
    assert codes(loaded) == ["register.no_homes_column", "register.no_step_column"]
    assert loaded.table["homes"].tolist() == [1]


def test_a_register_without_rows_is_told_and_goes_on(tmp_path: Path) -> None:
    loaded = read(write(tmp_path, HEAD))
    assert codes(loaded) == ["register.empty"]
    assert len(loaded.table) == 0
    assert loaded.table.crs == CRS
    assert loaded.table["current"].dtype == bool


def test_persons_stop_the_register_and_other_faults_are_told_with_them(tmp_path: Path) -> None:
    write(tmp_path, f"{HEAD};Leietaker", f"{unit(trinn='9')};Ingen Person")
    with refusal(tmp_path, "persons.column", "register.bad_step"):
        read(tmp_path / "e.csv")
    with pytest.raises(PrivacyError) as refused:
        read(tmp_path / "e.csv")
    assert refused.value.exit_code == 4
    assert "Ingen Person" not in str(refused.value)


def test_a_study_file_cannot_choose_a_column_of_names(tmp_path: Path) -> None:
    write(tmp_path, f"Navn;x;y;id\nIngen Person;{PLACE};E1")
    assert list(read(tmp_path / "e.csv").table.index) == ["E1"]
    with refusal(tmp_path, "persons.column"):
        read(tmp_path / "e.csv", columns={"unit_id": "navn"})


# --- places


def test_coordinates_without_a_system_are_taken_for_the_studys_and_told(tmp_path: Path) -> None:
    assert codes(read(write(tmp_path, HEAD, unit()))) == ["register.taken_for_study_crs"]
    assert codes(read(write(tmp_path, HEAD, unit()), crs="EPSG:25832")) == []


def test_degrees_are_known_by_their_heading_or_size(tmp_path: Path) -> None:
    place = gpd.GeoSeries([at(100, 100)], crs=CRS).to_crs("EPSG:4326")[0]
    for heading in ("lon;lat", "x;y"):
        numbers = f"{place.x:.8f};{place.y:.8f}".replace(".", ",")
        loaded = read(write(tmp_path, f"id;homes;step;{heading}", f"E1;1;1;{numbers}"))
        assert codes(loaded) == ["register.taken_for_degrees"]
        assert loaded.table.geometry["E1"].distance(at(100, 100)) < 0.01


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"x": f"{SOUTH}", "y": f"{WEST}"}, "vector.swapped_axes"),
        ({"x": "263000", "y": "6650000"}, "vector.wrong_zone"),
        ({"x": "59,9", "y": "10,7"}, "vector.swapped_axes"),
    ],
)
def test_coordinates_of_another_kind_are_told(
    tmp_path: Path, cells: dict[str, str], code: str
) -> None:
    with refusal(write(tmp_path, HEAD, unit(**cells)).parent, code):
        read(tmp_path / "e.csv")


@pytest.mark.parametrize(
    "cells", [{"x": "her"}, {"x": ""}, {"y": "12 og 13"}, {"x": "1.2.3,4,5"}, {"y": "inf"}]
)
def test_coordinates_that_are_not_two_numbers_are_told(
    tmp_path: Path, cells: dict[str, str]
) -> None:
    file = write(tmp_path, HEAD, unit(), unit(enhet_id="E2", **cells))
    with refusal(tmp_path, "register.bad_coordinates") as told:
        read(file)
    assert told[0].rows == (3,)


def test_one_coordinate_column_alone_is_told(tmp_path: Path) -> None:
    with refusal(write(tmp_path, "id;x", f"E1;{WEST}").parent, "register.half_coordinates"):
        read(tmp_path / "e.csv")


def test_units_without_a_place_are_left_out_and_told(tmp_path: Path) -> None:
    file = write(tmp_path, HEAD, unit(), unit(enhet_id="E2", x="", y=""))
    loaded = read(file, crs="EPSG:25832")
    assert list(loaded.table.index) == ["E1"]
    assert codes(loaded) == ["register.not_placed"]
    assert [(one.file, one.row, one.id, one.reason) for one in loaded.dropped] == [
        ("e.csv", 3, "E2", "register.not_placed")
    ]
    assert (loaded.inputs[0].read, loaded.inputs[0].dropped) == (2, 1)


def test_units_without_a_place_are_counted_in_one_order_without_their_ids(tmp_path: Path) -> None:
    nowhere = {"x": "", "y": ""}
    lines = [
        unit(enhet_id="E2", antall_boliger="4", trinn="3", **nowhere),
        unit(enhet_id="E3", antall_boliger="2", gyldig_til="01.02.2020", **nowhere),
        unit(enhet_id="E4", antall_boliger="2", trinn="5", **nowhere),
    ]
    first = read(write(tmp_path, HEAD, unit(), *lines), crs="EPSG:25832").unplaced
    again = read(write(tmp_path, HEAD, *lines[::-1], unit()), crs="EPSG:25832").unplaced
    assert first.to_dict("list") == {
        "homes": [2, 2, 4],
        "step": [5, None, 3],
        "current": [True, False, True],
    }
    assert list(first.index) == [0, 1, 2]
    assert first.equals(again)


def test_a_unit_on_a_map_that_is_nowhere_is_told_by_feature_and_id(tmp_path: Path) -> None:
    places = [at(0, 0), Point(WEST, float("inf"))]
    frame = gpd.GeoDataFrame({"enhet_id": ["E1", "E2"]}, geometry=places, crs=CRS)
    frame.to_file(tmp_path / "e.gpkg")
    with refusal(tmp_path, "vector.not_finite") as told:
        read(tmp_path / "e.gpkg")
    assert (told[0].rows, told[0].ids) == ((2,), ("E2",))
    assert "e.gpkg, objekt 2, id E2: " in told[0].text("nb")


def test_an_id_that_looks_like_a_name_is_told_by_its_row_alone(tmp_path: Path) -> None:
    name = "Fiktiv Navnesen"
    twice = [unit(enhet_id=name), unit(enhet_id=name), unit(enhet_id="E9"), unit(enhet_id="E9")]
    write(tmp_path, HEAD, *twice)
    with refusal(tmp_path, "register.duplicate_id") as told:
        read(tmp_path / "e.csv")
    assert (told[0].rows, told[0].ids) == ((2, 3, 4, 5), ("E9",))
    write(tmp_path, HEAD, unit(), unit(enhet_id=name, x="", y=""))
    loaded = read(tmp_path / "e.csv", crs="EPSG:25832")
    assert [(one.row, one.id) for one in loaded.dropped] == [(3, "")]
    assert [(one.rows, one.ids) for one in loaded.warnings] == [((3,), ())]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Fiktiv Navnesen", True),
        ("Navnesen, Fiktiv", True),
        ("Øvre-Fiktiv Åsnavn", True),
        ("FIKTIV NAVNESEN", True),
        ("E 12", False),
        ("Bygg A", False),
        ("Fiktiv", False),
        ("fiktiv navnesen", False),
        ("Vellet 3", False),
    ],
)
def test_a_name_is_two_words_of_letters_with_capitals(text: str, expected: bool) -> None:
    assert looks_like_name(text) is expected


def test_a_register_of_which_nothing_can_be_placed_is_refused(tmp_path: Path) -> None:
    with refusal(write(tmp_path, "id;homes", "E1;1").parent, "register.nothing_placed"):
        read(tmp_path / "e.csv")


def test_units_outside_the_extract_are_kept_and_told(tmp_path: Path) -> None:
    file = write(tmp_path, HEAD, unit(), unit(enhet_id="E2", x=f"{WEST - 5000}"))
    loaded = read(file, crs="EPSG:25832")
    assert len(loaded.table) == 2
    assert [(one.code, one.ids) for one in loaded.warnings] == [
        ("register.outside_extract", ("E2",))
    ]


def test_a_register_of_another_place_is_refused(tmp_path: Path) -> None:
    file = write(tmp_path, HEAD, unit(x=f"{WEST - 5000}"))
    with refusal(tmp_path, "register.all_outside_extract"):
        read(file)


# --- tables


def test_broken_letters_are_mended_and_told(tmp_path: Path) -> None:
    mangled = f"{HEAD}\r\n{unit(bygg_id='BlåbærÅsen', boform='småhus')}\r\n"
    file = tmp_path / "e.csv"
    file.write_bytes(mangled.encode().decode("cp1252").encode())
    loaded = read(file, crs="EPSG:25832")
    assert loaded.table["building_id"].tolist() == ["BlåbærÅsen"]
    assert codes(loaded) == ["table.mojibake_repaired"]


def test_letters_that_cannot_be_brought_back_are_told(tmp_path: Path) -> None:
    file = write(tmp_path, HEAD, unit(), unit(enhet_id="E2", bygg_id="Bl\N{REPLACEMENT CHARACTER}"))
    with refusal(tmp_path, "table.letters_lost") as told:
        read(file)
    assert told[0].rows == (3,)


def test_a_decimal_comma_in_a_comma_separated_file_is_told(tmp_path: Path) -> None:
    file = write(tmp_path, "id,x,y", f"E1,{WEST:.0f},5,{SOUTH:.0f},5")
    with refusal(tmp_path, "table.extra_cells"):
        read(file)


def test_two_columns_of_one_heading_are_told(tmp_path: Path) -> None:
    file = write(tmp_path, "id;x;y;x", f"E1;{PLACE};1")
    with refusal(tmp_path, "table.duplicate_columns") as told:
        read(file)
    assert told[0].values == {"places": "2, 4"}


@pytest.mark.parametrize(
    ("name", "raw", "code"),
    [
        ("e.csv", b"\r\n;;\r\n", "table.empty"),
        ("e.csv", b'id;x;y\r\n"E1;1;1\r\n', "table.unreadable"),
        ("e.csv", b"id;x;y\r\nE\x001;1;1\r\n", "table.unreadable"),
        ("e.csv", b"", "study.empty_input"),
        ("e.xlsx", b"PK\x03\x04 and no more", "table.broken_workbook"),
        ("e.xlsx", b"id;x;y\r\n", "table.unreadable"),
        ("e.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "table.password"),
        ("e.docx", b"PK", "vector.unknown_format"),
    ],
)
def test_a_file_that_is_no_table_is_told(tmp_path: Path, name: str, raw: bytes, code: str) -> None:
    (tmp_path / name).write_bytes(raw)
    with refusal(tmp_path, code):
        read(tmp_path / name)


@pytest.mark.parametrize("share", [0.2, 0.6, 0.95])
def test_a_workbook_that_is_broken_off_is_told_as_a_workbook(tmp_path: Path, share: float) -> None:
    file = workbook(tmp_path, [["id", "x", "y"], ["E1", WEST, SOUTH]])
    whole = file.read_bytes()
    file.write_bytes(whole[: int(share * len(whole))])
    with refusal(tmp_path, "table.broken_workbook") as told:
        read(file)
    for language in ("nb", "nn", "en"):
        assert "Excel" in told[0].text(language)
        assert "zip" not in told[0].text(language).lower()


def test_an_empty_workbook_and_one_that_is_another_zip_are_told(tmp_path: Path) -> None:
    with refusal(workbook(tmp_path, []).parent, "table.empty"):
        read(tmp_path / "e.xlsx")
    with zipfile.ZipFile(tmp_path / "e.xlsx", "w") as archive:
        archive.writestr("a.txt", "x")
    with refusal(tmp_path, "table.unreadable"):
        read(tmp_path / "e.xlsx")


def test_a_workbook_that_is_a_bomb_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "e.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 40_000_000)
    with refusal(tmp_path, "vector.zip_bomb"):
        read(tmp_path / "e.xlsx")


# --- cells


@given(
    st.integers(-(10**12), 10**12), st.integers(0, 999), st.sampled_from([" ", NBSP, ".", "'", ""])
)
def test_numbers_survive_norwegian_writing(whole: int, thousandths: int, mark: str) -> None:
    written = f"{whole:,}".replace(",", mark) + f",{thousandths:03}"
    sign = -1 if whole < 0 else 1
    assert number_of(written) == pytest.approx(whole + sign * thousandths / 1000)


@pytest.mark.parametrize(
    "text",
    ["", "x", "1 m", "1,2,3,", "nan", "inf", "--1", "0x10", "1_000", "3 5", "03.05.25", "1,234,5"],
)
def test_what_is_no_number_is_none(text: str) -> None:
    assert number_of(text) is None


def test_english_numbers_are_read_where_they_cannot_be_mistaken() -> None:
    assert number_of("1,234,567.5") == 1_234_567.5
    assert number_of("1234.5") == 1234.5


@given(st.text(alphabet="æøåÆØÅéüöäabc .-", min_size=1))
def test_utf8_read_as_latin_1_can_be_undone(text: str) -> None:
    for wrong in ("cp1252", "latin-1"):
        try:
            garbled = text.encode().decode(wrong)
        except UnicodeDecodeError:
            continue
        assert repaired(garbled) == text


def test_cells_are_text_as_it_was_typed() -> None:
    assert [text_of(one) for one in ("0301", 3.0, 3.5, 7, None, float("nan"), True)] == [
        "0301",
        "3",
        "3.5",
        "7",
        "",
        "",
        "true",
    ]
    assert text_of(datetime(2025, 5, 3)) == "2025-05-03"
    assert [is_blank(one) for one in (" ", "-", "NULL", "0")] == [True, True, True, False]


def test_the_oslo_register_is_in_zone_32_and_reads_whole() -> None:
    file = Path(__file__).parents[2] / "shared/data/oslo/units.csv"
    if not file.exists():
        pytest.skip("the real extracts in ../shared/data are not here")
    source = find_source(file.parent, file.name, role="register")
    oslo = (596_104.0, 6_641_524.0, 599_576.0, 6_646_067.0)
    loaded = read_register(source, config=RegisterConfig(), book=None, study_crs=CRS, near=oslo)
    assert len(loaded.table) == 180
    assert codes(loaded) == ["persons.name_not_read", "register.taken_for_study_crs"]
    assert loaded.table["housing_form"].value_counts().to_dict() == {
        "ordinaer_bolig": 106,
        "samlokalisert": 39,
        "bofellesskap": 21,
        "smaahus": 12,
        "tun_med_base": 2,
    }
