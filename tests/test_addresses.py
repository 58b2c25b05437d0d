"""Homes are placed by a local address file, however their addresses are written.

Streets and homes are fictional.
"""

from pathlib import Path

import pyproj
import pytest

from study_folders import CRS, EXTENT, SOUTH, WEST, at, refusal
from tomteanalyse.config import RegisterConfig
from tomteanalyse.errors import DataError
from tomteanalyse.inputs.addresses import AddressBook, read_addresses
from tomteanalyse.inputs.files import Source, find_source
from tomteanalyse.inputs.findings import Loaded
from tomteanalyse.inputs.register import read_register

HEAD = "adressenavn;nummer;bokstav;adresseTekst;EPSG-kode;Nord;Øst;postnummer;poststed"


def line(
    street: str,
    number: int,
    letter: str,
    east: float,
    *,
    north: float = 0.0,
    postal: str = "0001;PRØVEBY",
    epsg: int = 25832,
    base: tuple[float, float] = (WEST, SOUTH),
) -> str:
    text = f"{street} {number}{letter}"
    x, y = base[0] + east, base[1] + north
    return f"{street};{number};{letter};{text};{epsg};{y};{x};{postal}"


LINES = [
    line("Prøvegata", 12, "", 100),
    line("Prøvegata", 12, "B", 120),
    line("Øvre Fjellvegen", 3, "", 200),
    line("St. Olavs gate", 7, "", 300),
    line("Dobbeltveien", 1, "", 400),
    line("Dobbeltveien", 1, "", 400, north=500, postal="0002;ANNENBY"),
    line("7. juni-plassen", 2, "", 550),
    ";;;19/58;25832;6643000.0;597500.0;0001;PRØVEBY",
]


def book(folder: Path, *lines: str) -> AddressBook:
    file = folder / "adresser.csv"
    file.write_text("\n".join([HEAD, *(lines or LINES), ""]), "utf-8-sig")
    return read_addresses(Source(file, file.name, "addresses"))[0]


def east_of(addresses: AddressBook, written: str) -> float | None:
    place, _ = addresses.find(written)
    return None if place is None else place.east - WEST


@pytest.mark.parametrize(
    ("written", "east"),
    [
        ("Prøvegata 12", 100),
        ("Prøvegata 12 B", 120),
        ("Prøvegata 12B", 120),
        ("prøvegata 12b", 120),
        ("  PRØVEGATA   12  b ", 120),
        ("Prøvegata\u00a012 B", 120),
        ("Prøvegaten 12 B", 120),
        ("Prøvegt. 12 B", 120),
        ("Prøve gate 12 B", 120),
        ("Prøvegata 12 B, 0001 Prøveby", 120),
        ("Prøvegata 12 B 0001 Prøveby", 120),
        ("Prøvegata 12 B, Prøveby", 120),
        ("Prøvegata 12 B, H0201", 120),
        ("Prøvegata 12 B H0201, 0001 Prøveby", 120),
        ("Prøvegata 12 B, leil. 3", 120),
        ("Øvre Fjellveien 3", 200),
        ("Øvre Fjellv. 3", 200),
        ("øvre fjellvn 3", 200),
        ("St Olavs gt 7", 300),
        ("Dobbeltveien 1, 0001 Prøveby", 400),
        ("Dobbeltveien 1, 0001", 400),
        ("7. juni-plassen 2", 550),
        ("19/58", 500),
    ],
)
def test_an_address_is_found_as_people_write_it(tmp_path: Path, written: str, east: float) -> None:
    assert east_of(book(tmp_path), written) == east


@pytest.mark.parametrize(
    "written",
    [
        "Prøvegata",
        "Prøvegata 13",
        "Fjellvegen 3",
        "Dobbeltveien 1",
        "",
        "12",
        "19/59",
        "0001 Prøveby",
    ],
)
def test_what_is_not_there_or_in_two_places_is_not_found(tmp_path: Path, written: str) -> None:
    assert east_of(book(tmp_path), written) is None


def test_what_is_in_two_places_is_known_and_what_is_nowhere_is_not(tmp_path: Path) -> None:
    addresses = book(tmp_path)
    assert addresses.knows("Dobbeltveien 1")
    assert addresses.knows("Prøvegata 12 C")
    assert not addresses.knows("Dobbeltveien 2")
    assert not addresses.knows("Prøvegata")


def test_the_postcode_tells_two_streets_of_one_name_apart(tmp_path: Path) -> None:
    place, _ = book(tmp_path).find("Dobbeltveien 1, 0002 Annenby")
    assert place is not None
    assert place.north == SOUTH + 500


def test_streets_that_differ_by_their_ending_only_are_kept_apart_when_spelt_out(
    tmp_path: Path,
) -> None:
    both = book(tmp_path, line("Lia vei", 1, "", 10), line("Liavegen", 1, "", 300))
    assert east_of(both, "Lia vei 1") == 10
    assert east_of(both, "Liavegen 1") == 300
    assert east_of(both, "Liaveien 1") is None


def test_doubles_that_lie_together_are_one_place(tmp_path: Path) -> None:
    near = book(tmp_path, line("Lia", 1, "", 10), line("Lia", 1, "", 59))
    far = book(tmp_path, line("Lia", 1, "", 10), line("Lia", 1, "", 61))
    assert east_of(near, "Lia 1") == 10
    assert east_of(far, "Lia 1") is None


def test_a_letter_that_does_not_exist_leads_to_the_house(tmp_path: Path) -> None:
    place, exactly = book(tmp_path).find("Prøvegata 12 C")
    assert place is not None
    assert place.east == WEST + 100
    assert not exactly


def register(folder: Path, *rows: str, addresses: AddressBook | None) -> Loaded:
    (folder / "e.csv").write_text("\n".join(["id;homes;step;x;y;adresse", *rows, ""]), "utf-8")
    source = find_source(folder, "e.csv", role="register")
    config = RegisterConfig(crs="EPSG:25832")
    return read_register(source, config=config, book=addresses, study_crs=CRS, near=EXTENT)


def test_coordinates_go_before_addresses_and_no_address_is_kept(tmp_path: Path) -> None:
    loaded = register(
        tmp_path,
        "E1;1;1;;;Prøvegata 12 B",
        f"E2;1;1;{WEST};{SOUTH};Prøvegata 12 B",
        "E3;1;1;;;Prøvegata 12 C",
        "E4;1;1;;;Ukjent vei 5",
        "E5;1;1;;;Dobbeltveien 1",
        addresses=book(tmp_path),
    )
    assert loaded.table.geometry["E1"].equals(at(120, 0))
    assert loaded.table.geometry["E2"].equals(at(0, 0))
    assert "address" not in loaded.table.columns
    assert [(one.code, one.ids) for one in loaded.warnings] == [
        ("addresses.without_letter", ("E3",)),
        ("addresses.not_found", ("E4",)),
        ("addresses.ambiguous", ("E5",)),
        ("register.not_placed", ("E4", "E5")),
    ]
    said = "\n".join(one.text("nb") for one in loaded.warnings)
    assert "Prøvegata" not in said
    assert "Ukjent vei" not in said
    assert "rad 5, id E4" in said


def test_addresses_in_another_zone_are_brought_over(tmp_path: Path) -> None:
    to_33 = pyproj.Transformer.from_crs(CRS, "EPSG:25833", always_xy=True)
    there = to_33.transform(WEST + 150, SOUTH + 250)
    zone_33 = book(tmp_path, line("Lia", 1, "", 0, epsg=25833, base=there))
    place = register(tmp_path, "E1;1;1;;;Lia 1", addresses=zone_33).table.geometry["E1"]
    assert place.distance(at(150, 250)) < 0.01


def test_without_an_address_file_the_units_are_told_and_nothing_is_looked_up(
    tmp_path: Path,
) -> None:
    loaded = register(tmp_path, "E1;1;1;;;Lia 1", f"E2;1;1;{WEST};{SOUTH};", addresses=None)
    assert [one.code for one in loaded.warnings] == [
        "register.no_address_file",
        "register.not_placed",
    ]
    with pytest.raises(DataError) as refused:
        register(tmp_path, "E1;1;1;;;Lia 1", addresses=None)
    assert [one.code for one in refused.value.notices] == ["register.nothing_placed"]
    assert "Lia" not in str(refused.value)


def test_another_table_than_the_address_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("adresseTekst;Nord\nLia 1;1\n", "utf-8")
    with refusal(tmp_path, "addresses.missing_columns") as told:
        read_addresses(Source(tmp_path / "a.csv", "a.csv", "addresses"))
    assert told[0].values == {"columns": "EPSG-kode, Øst"}


def test_rows_without_coordinates_are_left_out_of_the_book(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(
        f"{HEAD}\n{line('Lia', 1, '', 0)}\nLia;2;;Lia 2;25832;;;0001;B\n", "utf-8"
    )
    addresses, entry, findings = read_addresses(Source(tmp_path / "a.csv", "a.csv", "addresses"))
    assert east_of(addresses, "Lia 1") == 0
    assert east_of(addresses, "Lia 2") is None
    assert (entry.read, entry.dropped) == (2, 1)
    assert [one.row for one in findings.dropped] == [3]


def test_every_address_of_a_real_municipality_finds_its_own_place() -> None:
    file = Path(__file__).parents[2] / "shared/data/address/matrikkelen_elverum_25833.csv"
    if not file.exists():
        pytest.skip("the real extracts in ../shared/data are not here")
    addresses, entry, findings = read_addresses(Source(file, file.name, "addresses"))
    assert (entry.read, entry.dropped) == (10_871, 0)
    assert findings.warnings == []
    whole = {}
    for (street, number, letter), places in addresses.exact.items():
        if len(places) == 1:
            whole[f"{street} {number} {letter}".strip() if number else street] = places[0]
    assert len(whole) > 10_000
    assert [text for text, place in whole.items() if addresses.find(text) != (place, True)] == []
