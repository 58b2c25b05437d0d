"""All dwellings of a municipality are read from addresses, and placed and counted as they are."""

import random
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import xlsxwriter
from shapely import Point

from study_folders import CRS, EXTENT, SOUTH, WEST, at, refusal, square, write_study
from tomteanalyse.config import DwellingsConfig
from tomteanalyse.inputs.dwellings import read_dwellings
from tomteanalyse.inputs.files import find_source
from tomteanalyse.inputs.findings import Loaded
from tomteanalyse.inputs.reading import read_study
from tomteanalyse.views.screen import inputs_text

ELVERUM = Path(__file__).parents[2] / "shared/data/address/matrikkelen_elverum_25833.csv"
HEAD = "adresse;boliger;bygd;revet;bygg_id;x;y"


def line(east: float, north: float, *facts: str) -> str:
    """Return number, built, gone, building; then where."""
    said = [*facts, *[""] * (4 - len(facts))]
    return ";".join(["Lia 1", *said, str(WEST + east), str(SOUTH + north)])


def table(folder: Path, *lines: str, head: str = HEAD) -> Path:
    file = folder / "boliger.csv"
    file.write_text("\n".join([head, *lines, ""]), "utf-8-sig")
    return file


def read(file: Path, *, near: tuple[float, float, float, float] | None = EXTENT,
         **said: object) -> Loaded:  # fmt: skip
    said = {"source": "addresses", "file": file.name, "crs": "EPSG:25832"} | said
    config = DwellingsConfig.model_validate({k: v for k, v in said.items() if v is not None})
    source = find_source(file.parent, file.name, role="dwellings")
    return read_dwellings(
        source, config=config, extract=None, extract_name="", study_crs=CRS, near=near
    )


def told(loaded: Loaded) -> dict[str, dict[str, object]]:
    return {notice.code: dict(notice.values) for notice in loaded.warnings}


def test_the_table_keeps_its_contract(tmp_path: Path) -> None:
    lines = [line(300, 100, "1"), line(100, 500, "12", "1974", "", "SKY-A"), line(100, 100, "2")]
    dwellings = read(table(tmp_path, *lines)).table
    assert dwellings.index.name == "dwelling_place"
    assert list(dwellings.index) == ["D1", "D2", "D3"]
    assert list(dwellings.columns) == ["dwellings", "built", "gone", "building_id", "geometry"]
    # From west to east, then from south to north.
    assert dwellings["dwellings"].tolist() == [2, 12, 1]
    assert dwellings["dwellings"].dtype == np.int64
    assert dwellings["built"].dtype == dwellings["gone"].dtype == "datetime64[s]"
    assert dwellings["building_id"].tolist()[1] == "SKY-A"
    assert dwellings["building_id"].isna().tolist() == [True, False, True]
    assert dwellings.geometry["D2"].equals(at(100, 500))
    assert dwellings.crs == CRS


def test_ids_keep_their_order_as_text_when_there_are_many(tmp_path: Path) -> None:
    dwellings = read(table(tmp_path, *[line(n, n, "1") for n in range(12)])).table
    assert dwellings.index[0] == "D01"
    assert list(dwellings.index) == sorted(dwellings.index)


def test_homes_in_one_place_are_added_up_but_not_those_of_other_days_or_houses(
    tmp_path: Path,
) -> None:
    rows = [("1", "1990", "", "A"), ("2", "1990", "", "A"), ("4", "2020", "", "A"),
            ("8", "1990", "", "B"), ("16", "1990", "2020", "A")]  # fmt: skip
    dwellings = read(table(tmp_path, *[line(50, 50, *row) for row in rows])).table
    counted = dwellings.set_index(["building_id", "built", "gone"], append=False)["dwellings"]
    assert sorted(counted) == [3, 4, 8, 16]


def test_the_order_of_the_rows_does_not_matter(tmp_path: Path) -> None:
    chance = random.Random(5)
    lines = [
        line(10 * (n % 7), 10 * (n % 5), str(1 + n % 3), ["", "1990", "2001-02-03"][n % 3])
        for n in range(60)
    ]
    first = read(table(tmp_path, *lines))
    chance.shuffle(lines)
    again = read(table(tmp_path, *lines))
    pd.testing.assert_frame_equal(first.table, again.table)
    assert first.table["dwellings"].sum() == sum(1 + n % 3 for n in range(60))


def test_a_year_is_its_first_day_when_built_and_its_last_when_gone(tmp_path: Path) -> None:
    lines = [line(1, 1, "1", "1961", "2020"), line(2, 2, "1", "03.02.1999", "2021-05-06")]
    dwellings = read(table(tmp_path, *lines)).table
    days = [[day.date().isoformat() for day in dwellings[name]] for name in ("built", "gone")]
    assert days == [["1961-01-01", "1999-02-03"], ["2020-12-31", "2021-05-06"]]


def test_rows_without_dwellings_are_left_out_and_those_that_do_not_say_are_told(
    tmp_path: Path,
) -> None:
    lines = [line(1, 1, "0"), line(2, 2, ""), line(3, 3, "-"), line(4, 4, "5", "1990")]
    loaded = read(table(tmp_path, *lines))
    assert loaded.table["dwellings"].tolist() == [5]
    assert told(loaded) == {"dwellings.without_number": {"count": 2.0, "column": "boliger"}}
    assert [(each.read, each.dropped) for each in loaded.inputs] == [(4, 3)]


def test_without_days_and_numbers_it_is_told_what_is_taken_for_granted(tmp_path: Path) -> None:
    lines = [f"Lia {n};{WEST + n};{SOUTH + n}" for n in range(3)]
    loaded = read(table(tmp_path, *lines, head="adresse;x;y"), crs=None)
    assert loaded.table["dwellings"].tolist() == [1, 1, 1]
    assert told(loaded) == {
        "dwellings.rows_are_dwellings": {"count": 3.0},
        "dwellings.taken_for_study_crs": {"crs": "EPSG:25832"},
        "dwellings.undated": {},
    }


def test_columns_may_be_called_anything_the_study_file_says(tmp_path: Path) -> None:
    head = "a;b;c;d;e;f"
    row = f"7;1990;2000;X1;{WEST};{SOUTH}"
    columns = dict(zip(["dwellings", "built", "gone", "building_id", "x", "y"], "abcdef",
                       strict=True))  # fmt: skip
    dwellings = read(table(tmp_path, row, head=head), columns=columns).table
    assert dwellings["dwellings"].tolist() == [7]
    assert dwellings["building_id"].tolist() == ["X1"]
    assert dwellings["gone"].notna().all()


def test_a_workbook_is_read_like_a_text_file(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(tmp_path / "boliger.xlsx")
    sheet = book.add_worksheet("Boliger")
    book.add_worksheet("Notat").write(0, 0, "ikke bruk dette")
    for row, cells in enumerate([HEAD.split(";"), ["Lia 1", 3, 1990, "", "A", WEST, SOUTH]]):
        sheet.write_row(row, 0, cells)
    book.close()
    file = tmp_path / "boliger.xlsx"
    assert read(file, sheet="Boliger").table["dwellings"].tolist() == [3]
    with refusal(tmp_path, "table.several_sheets"):
        read(file)


def test_a_map_file_of_addresses_is_read_and_a_house_drawn_as_an_area_lies_inside_it(
    tmp_path: Path,
) -> None:
    shapes = [at(10, 10), square(100, 100, 20), Point()]
    gpd.GeoDataFrame({"antall_boliger": [2, 3, 4]}, geometry=shapes, crs=CRS).to_file(
        tmp_path / "a.gpkg"
    )
    loaded = read(tmp_path / "a.gpkg", crs=None)
    assert loaded.table["dwellings"].tolist() == [2, 3]
    assert loaded.table.geometry["D2"].within(square(100, 100, 20))
    assert [each.reason for each in loaded.dropped] == ["dwellings.not_placed"]


OFFICIAL = "lokalid;adressetype;adresseTekst;EPSG-kode;Nord;Øst"


def test_an_official_address_of_a_road_is_one_dwelling_and_others_are_none(tmp_path: Path) -> None:
    east, north = gpd.GeoSeries([at(10, 20)], crs=CRS).to_crs(25833)[0].coords[0]
    lines = [
        f"1;vegadresse;Lia 1;25832;{SOUTH + 50};{WEST + 50}",
        f"2;vegadresse;Lia 2;25833;{north:.3f};{east:.3f}",
        f"3;matrikkeladresse;19/58;25832;{SOUTH + 60};{WEST + 60}",
        "4;vegadresse;Lia 3;25832;;",
    ]
    loaded = read(table(tmp_path, *lines, head=OFFICIAL), crs=None)
    assert loaded.table["dwellings"].tolist() == [1, 1]
    # Every row is in the system it says.
    assert loaded.table.geometry["D1"].distance(at(10, 20)) < 0.01
    assert told(loaded)["dwellings.addresses_are_dwellings"] == {"count": 3.0}
    assert told(loaded)["dwellings.cadastral_left_out"] == {"count": 1.0}
    assert told(loaded)["dwellings.not_placed"] == {"count": 1}


def test_in_a_file_of_flats_every_row_is_a_home_whatever_its_address(tmp_path: Path) -> None:
    lines = [
        f"{n};{kind};Lia 1;25832;{SOUTH + 50};{WEST + 50};{flat}"
        for n, (kind, flat) in enumerate(
            [("vegadresse", "H0101"), ("vegadresse", "H0102"), ("matrikkeladresse", "")]
        )
    ]
    head = f"{OFFICIAL};bruksenhetsnummerTekst"
    loaded = read(table(tmp_path, *lines, head=head), crs=None)
    assert loaded.table["dwellings"].tolist() == [3]
    assert told(loaded)["dwellings.rows_are_homes"] == {
        "count": 3.0,
        "column": "bruksenhetsnummerTekst",
    }


def test_no_address_is_kept(tmp_path: Path) -> None:
    loaded = read(table(tmp_path, line(1, 1, "1")))
    shown = loaded.table.to_csv() + str(loaded.inputs) + str(loaded.warnings)
    assert "Lia" not in shown


def test_every_fault_of_the_rows_is_told_at_once(tmp_path: Path) -> None:
    lines = [
        line(1, 1, "1,5"),
        line(2, 2, "-1"),
        line(3, 3, "mange"),
        line(4, 4, "1", "31.12.20"),
        line(5, 5, "1", "2020", "2019"),
        line(6, 6, "1", "", "", "3. mai 2020"),
        line(7, 7, "20000"),
    ]
    file = table(tmp_path, *lines)
    rows = {
        "dwellings.bad_number": (2, 3, 4, 8),
        "dwellings.bad_date": (5,),
        "dwellings.dates_reversed": (6,),
        "table.excel_date": (7,),
    }
    with refusal(tmp_path, *rows) as faults:
        read(file)
    assert {notice.code: notice.rows for notice in faults} == rows


def test_a_building_that_excel_has_made_a_date_is_refused(tmp_path: Path) -> None:
    file = table(tmp_path, line(1, 1, "1", "", "", "03.mai"))
    with refusal(tmp_path, "table.excel_date"):
        read(file)


@pytest.mark.parametrize(
    ("head", "row", "code"),
    [
        ("adresse;boliger", "Lia 1;1", "dwellings.no_coordinates"),
        ("boliger;x;y", "1;;", "dwellings.nothing_placed"),
        ("boliger;x;y", f"1;{WEST};", "dwellings.bad_coordinates"),
        ("boliger;x;y", f"1;{WEST};nord", "dwellings.bad_coordinates"),
        ("boliger;x;y", f"0;{WEST};{SOUTH}", "dwellings.none"),
        ("boliger;x;y", f"1;{WEST + 3000};{SOUTH}", "dwellings.all_outside_extract"),
        ("boliger;x;y", f"1;{SOUTH};{WEST}", "vector.swapped_axes"),
    ],
)
def test_a_file_that_places_nothing_is_refused_with_the_reason(
    tmp_path: Path, head: str, row: str, code: str
) -> None:
    file = table(tmp_path, row, head=head)
    with refusal(tmp_path, code):
        read(file)


def test_dwellings_outside_the_map_count_and_those_of_the_whole_country_do_not(
    tmp_path: Path,
) -> None:
    inside, beside = line(10, 10, "1", "1990"), line(3000, 10, "20", "1990")
    loaded = read(table(tmp_path, inside, beside))
    assert loaded.table["dwellings"].sum() == 21
    assert told(loaded) == {"dwellings.outside_extract": {"count": 20.0}}
    file = table(tmp_path, inside, line(10, 300_000, "5", "1990"))
    with refusal(tmp_path, "dwellings.far_outside") as faults:
        read(file)
    assert faults[0].values == {"count": 5.0, "limit_km": 100.0}


def test_the_official_file_of_a_real_municipality_is_read_whole() -> None:
    if not ELVERUM.exists():
        pytest.skip("the real address file in ../shared/data is not here")
    loaded = read(ELVERUM, crs=None, near=None)
    assert loaded.table["dwellings"].sum() == 10_871
    assert told(loaded)["dwellings.addresses_are_dwellings"] == {"count": 10_871.0}
    # Elverum lies around 60.9° N 11.6° E.
    middle = loaded.table.to_crs("EPSG:4326").geometry.union_all().centroid
    assert (round(middle.x), round(middle.y)) == (12, 61)


SECTIONS = """
[dwellings]
source = "addresses"
file = "boliger.csv"
crs = "EPSG:25832"
[areas]
file = "kretser.gpkg"
"""


def test_a_study_tells_faults_of_dwellings_and_areas_with_all_others(tmp_path: Path) -> None:
    folder = write_study(tmp_path)
    with (folder / "tomteanalyse.toml").open("a", encoding="utf-8") as file:
        file.write(SECTIONS)
    with refusal(folder, "study.missing_input", "study.missing_input") as faults:
        read_study(folder)
    assert [notice.file for notice in faults] == ["boliger.csv", "kretser.gpkg"]
    table(folder, line(1, 1, "x"))
    gpd.GeoDataFrame({"krets": ["1"]}, geometry=[square(0, 0, 600)], crs=CRS).to_file(
        folder / "kretser.gpkg"
    )
    with refusal(folder, "dwellings.bad_number", "areas.no_id_column"):
        read_study(folder)


def test_a_study_holds_its_dwellings_and_areas_and_check_names_the_source(tmp_path: Path) -> None:
    folder = write_study(tmp_path)
    assert len(read_study(folder).dwellings) == len(read_study(folder).areas) == 0
    with (folder / "tomteanalyse.toml").open("a", encoding="utf-8") as file:
        file.write(SECTIONS)
    table(folder, line(1, 1, "1500", "1990"), line(300, 300, "2", "1990", "2000"))
    gpd.GeoDataFrame({"krets_nr": ["7"]}, geometry=[square(0, 0, 600)], crs=CRS).to_file(
        folder / "kretser.gpkg"
    )
    study = read_study(folder)
    assert study.dwellings["dwellings"].tolist() == [1500, 2]
    assert list(study.areas.index) == ["7"]
    assert [each.name for each in study.inputs if each.role in ("dwellings", "areas")] == [
        "boliger.csv",
        "kretser.gpkg",
    ]
    # The two that are gone are not among those there are.
    shown = inputs_text(study, language="nb").splitlines()
    assert "Boliger i alt: 1\u00a0500, fra adressene i boliger.csv." in shown
