"""How homes came and went, and registers shaped as Husbanken's Kobo exports them. All fictional."""

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import xlsxwriter

from study_folders import CRS, EXTENT, SOUTH, WEST, refusal
from test_persons import some_number
from tomteanalyse.config import RegisterConfig
from tomteanalyse.inputs.addresses import read_addresses
from tomteanalyse.inputs.files import find_source
from tomteanalyse.inputs.findings import Loaded
from tomteanalyse.inputs.register import read_register
from tomteanalyse.texts import LANGUAGES

KOBO = "koboId;adresse;boligtype;bruksareal;eier;erBofellesskap;leieTilEiePotensial"
ADDRESSES = f"""\
adresseTekst;EPSG-kode;Nord;Øst
Prøvevegen 1;25832;{SOUTH + 10};{WEST + 10}
Prøvevegen 2;25832;{SOUTH + 20};{WEST + 20}
Prøvevegen 3;25832;{SOUTH + 30};{WEST + 30}
"""


def write(folder: Path, *lines: str, book: str | None = None) -> None:
    (folder / "e.csv").write_text("\n".join([*lines, ""]), "utf-8-sig")
    if book is not None:
        (folder / "adresser.csv").write_text(book, "utf-8-sig")


def load(folder: Path, **config: Any) -> Loaded:
    book = None
    if (folder / "adresser.csv").exists():
        book, *_ = read_addresses(find_source(folder, "adresser.csv", role="addresses"))
    return read_register(
        find_source(folder, config.get("file", "e.csv"), role="register"),
        config=RegisterConfig(**config),
        book=book,
        study_crs=CRS,
        near=EXTENT,
    )


def read(folder: Path, *lines: str, book: str | None = None, **config: Any) -> Loaded:
    write(folder, *lines, book=book)
    return load(folder, **config)


def told(loaded: Loaded) -> dict[str, tuple[int, ...]]:
    for notice in loaded.warnings:
        assert all("{" not in notice.text(language) for language in LANGUAGES)
    return {notice.code: notice.rows for notice in loaded.warnings}


def causes(folder: Path, *rows: str, head: str = "tilgangsårsak;avgangsårsak") -> Loaded:
    lines = [
        f"E{number};1;1;2010-01-01;2020-01-01;{WEST};{SOUTH};{row}"
        for number, row in enumerate(rows, start=1)
    ]
    first = f"id;antall;trinn;gyldig_fra;gyldig_til;x;y;{head}"
    return read(folder, first, *lines, crs="EPSG:25832")


def test_how_a_home_came_and_went_is_read_in_both_norwegians_and_english(tmp_path: Path) -> None:
    rows = {
        "Kjøpt;Solgt": ("bought", "sold"),
        "bygd;revet": ("built", "demolished"),
        "omgjort;omgjort": ("reclassified", "reclassified"),
        "kjøp;sal": ("bought", "sold"),
        "BYGGET;rive": ("built", "demolished"),
        "bought;demolished": ("bought", "demolished"),
        ";": (None, None),
        "-;salg": (None, "sold"),
    }
    loaded = causes(tmp_path, *rows)
    assert told(loaded) == {}
    for name, place in (("began", 0), ("ended", 1)):
        column = loaded.table[name]
        assert column.dtype == "str"
        found = [None if pd.isna(one) else one for one in column]
        assert found == [pair[place] for pair in rows.values()]


@pytest.mark.parametrize(
    "head", ["began;ended", "Anskaffelsesmåte;Avgangsårsak", "Anskaffing;Avhending", "tilgang;ut"]
)
def test_the_columns_have_several_names_and_others_can_be_chosen(tmp_path: Path, head: str) -> None:
    lines = [
        f"id;antall;trinn;gyldig_fra;gyldig_til;x;y;{head}",
        f"E1;1;1;2010-01-01;2020-01-01;{WEST};{SOUTH};kjøpt;solgt",
    ]
    chosen = {"began": "tilgang", "ended": "ut"} if head == "tilgang;ut" else {}
    units = read(tmp_path, *lines, columns=chosen).table
    assert list(units.loc["E1", ["began", "ended"]]) == ["bought", "sold"]


def test_a_cause_that_is_not_known_or_stands_on_the_wrong_side_is_unknown_and_told(
    tmp_path: Path,
) -> None:
    loaded = causes(tmp_path, "arvet;kondemnert", "solgt;kjøpt", "kjøpt;solgt")
    assert told(loaded) == {"register.unknown_began": (2, 3), "register.unknown_ended": (2, 3)}
    assert loaded.table[["began", "ended"]].notna().sum().tolist() == [1, 1]


def test_a_register_that_does_not_say_how_homes_came_has_unknowns(tmp_path: Path) -> None:
    units = read(tmp_path, "id;antall;trinn;x;y", f"E1;1;1;{WEST};{SOUTH}").table
    assert units[["began", "ended"]].isna().all(axis=None)


def test_a_cause_without_its_day_is_told_since_the_home_would_count_as_there(
    tmp_path: Path,
) -> None:
    head = "id;antall;trinn;gyldig_fra;gyldig_til;tilgangsårsak;avgangsårsak;x;y"
    loaded = read(
        tmp_path,
        head,
        f"E1;1;1;;;kjøpt;;{WEST};{SOUTH}",
        f"E2;1;1;;;;solgt;{WEST};{SOUTH}",
        f"E3;1;1;2010-01-01;2020-01-01;kjøpt;solgt;{WEST};{SOUTH}",
        crs="EPSG:25832",
    )
    assert told(loaded) == {"register.began_undated": (2,), "register.ended_undated": (3,)}
    assert loaded.table["current"].tolist() == [True, True, False]


def test_a_kobo_export_is_read_by_its_own_names_and_placed_by_the_address_file(
    tmp_path: Path,
) -> None:
    loaded = read(
        tmp_path,
        KOBO,
        "4711;Prøvevegen 1;LEILIGHET;54,5;KOMMUNE;false;Nei",
        "4712;Prøvevegen 2;ENEBOLIG;120;KOMMUNE;true;Ja",
        "4713;Prøvevegen 3;SMÅHUS;40;STIFTELSE;true;Nei",
        book=ADDRESSES,
    )
    units = loaded.table
    assert list(units.index) == ["4711", "4712", "4713"]
    assert units["housing_form"].tolist() == ["ordinaer_bolig", "bofellesskap", "smaahus"]
    assert [(point.x - WEST, point.y - SOUTH) for point in units.geometry] == [
        (10, 10),
        (20, 20),
        (30, 30),
    ]
    assert units["homes"].tolist() == [1, 1, 1]
    assert set(told(loaded)) == {"register.no_homes_column", "register.no_step_column"}
    assert "Prøvevegen" not in units.to_string() + str(loaded.dropped)


def test_a_kobo_export_as_a_workbook_reads_like_the_text_file(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        KOBO.split(";"),
        [4711, "Prøvevegen 1", "LEILIGHET", 54.5, "KOMMUNE", False, "Nei"],
        [4712, "Prøvevegen 2", "LEILIGHET", 120, "KOMMUNE", True, "Ja"],
    ]
    book = xlsxwriter.Workbook(tmp_path / "e.xlsx")
    page = book.add_worksheet()
    for number, row in enumerate(rows):
        page.write_row(number, 0, row)
    book.close()
    written = [";".join(str(cell) for cell in row) for row in rows]
    plain = read(tmp_path, *written, book=ADDRESSES).table
    units = load(tmp_path, file="e.xlsx").table
    assert units["housing_form"].to_dict() == {"4711": "ordinaer_bolig", "4712": "bofellesskap"}
    assert units.equals(plain)


def test_a_studys_own_words_for_a_kobo_export_go_before_ours(tmp_path: Path) -> None:
    loaded = read(
        tmp_path,
        "koboId;ekstrareferanse;koboBoligtype;underkategori;adresse;erBofellesskap",
        "4711;KOM-7;uvisst;modulhus;Prøvevegen 1;kanskje",
        book=ADDRESSES,
        columns={"unit_id": "ekstrareferanse", "housing_form": "underkategori"},
    )
    assert list(loaded.table.index) == ["KOM-7"]
    assert loaded.table["housing_form"].tolist() == ["modulhus"]
    assert told(loaded)["register.unclear_shared"] == (2,)


@pytest.mark.parametrize(
    "heading",
    [
        "husstand", "leieforhold", "husstand/antallVoksne", "leieforhold.startdato",
        "leieforholdStartdato", "hovedsoker", "hovedsøker", "boligeiersMobilnummer",
        "boligeiersmobilnummer", "fodselsnummer", "leietakerNavn",
    ],
)  # fmt: skip
def test_a_kobo_export_with_a_person_in_it_is_refused(tmp_path: Path, heading: str) -> None:
    row = "4711;Prøvevegen 1;LEILIGHET;54;KOMMUNE;false;Nei;hemmelig"
    write(tmp_path, f"{KOBO};{heading}", row, book=ADDRESSES)
    with refusal(tmp_path, "persons.column") as notices:
        load(tmp_path)
    assert "hemmelig" not in notices[0].text("nb")


def test_a_birth_number_anywhere_in_a_kobo_export_is_refused(tmp_path: Path) -> None:
    number = some_number(month_shift=80)
    write(tmp_path, KOBO, f"4711;Prøvevegen 1;LEILIGHET;54;{number};false;Nei")
    with refusal(tmp_path, "persons.birth_number") as notices:
        load(tmp_path)
    assert number not in notices[0].text("nb")
