"""Persons are kept out of the register, by what columns are called and by what is in them.

The birth numbers here are worked out from dates nobody was born on, or are synthetic.
"""

from datetime import date, timedelta

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tomteanalyse.inputs.findings import Findings
from tomteanalyse.inputs.persons import is_birth_number, is_person_heading, refuse_persons

FIRST = (3, 7, 6, 1, 8, 9, 4, 5, 2)
SECOND = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)


def completed(nine: str) -> str | None:
    """Return nine digits with their two check digits, or None where there are none."""
    first = -sum(int(d) * w for d, w in zip(nine, FIRST, strict=True)) % 11
    if first == 10:
        return None
    ten = f"{nine}{first}"
    second = -sum(int(d) * w for d, w in zip(ten, SECOND, strict=True)) % 11
    return None if second == 10 else f"{ten}{second}"


def some_number(day_shift: int = 0, month_shift: int = 0, century: str = "9") -> str:
    """Return a number for 3 February of some year that no one has."""
    for serial in range(100):
        number = completed(f"{3 + day_shift:02}{2 + month_shift:02}99{century}{serial:02}")
        if number:
            return number
    raise AssertionError


def told(**columns: list[str]) -> tuple[list[str], list[str]]:
    findings = Findings("enheter.csv")
    refuse_persons(pd.DataFrame(columns, dtype="str"), findings=findings)
    return [one.code for one in findings.faults], [one.code for one in findings.warnings]


@given(
    st.dates(date(1900, 3, 1), date(2039, 12, 31)),
    st.integers(0, 999),
    st.sampled_from([0, 40]),
    st.sampled_from([0, 40, 80]),
)
def test_every_number_with_right_check_digits_is_found(
    born: date, serial: int, day_shift: int, month_shift: int
) -> None:
    nine = f"{born.day + day_shift:02}{born.month + month_shift:02}{born:%y}{serial:03}"
    number = completed(nine)
    if number is not None:
        assert is_birth_number(number)


@given(st.integers(0, 10**9 - 1), st.integers(0, 99))
def test_a_number_is_found_only_with_its_own_check_digits(nine: int, last: int) -> None:
    digits = f"{nine:09}{last:02}"
    if is_birth_number(digits):
        assert digits == completed(f"{nine:09}")


def test_dates_that_do_not_exist_make_no_number() -> None:
    days = {f"{day:02}{month:02}" for day in range(100) for month in range(100)}
    year = date(2000, 1, 1)
    real = {f"{year + timedelta(days=number):%d%m}" for number in range(366)}
    impossible = sorted(days - real)[:200]
    for day in impossible:
        if int(day[:2]) <= 31 and int(day[2:]) <= 12:
            for serial in range(40):
                number = completed(f"{day}00{serial:03}")
                assert number is None or not is_birth_number(number)


@pytest.mark.parametrize(
    "heading",
    [
        "Fornavn", "ETTERNAVN", "mellomnavn", "Leietaker", "leietager", "Leigetakar", "Beboer",
        "Bebuar/beboar", "Antall beboere", "Husstand", "husstandsstørrelse", "Hushald",
        "leieforhold", "Leiekontrakt nr", "fødselsnummer", "Fodselsnr", "FØDSELSDATO", "født",
        "fnr", "F.nr", "personnummer", "Personnr.", "person_id", "telefon", "Tlf.", "tlf nr",
        "Mobil", "mobilnummer", "e-post", "E-postadresse", "epost", "Kontaktperson", "pårørende",
        "verge", "first_name", "LastName", "surname", "Full name", "Tenant", "tenant_name",
        "resident", "Household size", "phone", "phoneNumber", "e-mail", "email", "Date of birth",
        "birthDate", "national_id", "SSN", "gender", "Kjønn", "alder", "sivilstand",
        "pnr", "Bruker", "bruker_id", "initialer", "Klient", "søker", "Søkjar", "brukar",
        "group_leie/leieforhold", "medleietaker", "statsborgerskap", "Diagnose",
    ],
)  # fmt: skip
def test_a_column_is_refused_by_its_name(heading: str) -> None:
    assert is_person_heading(heading)
    assert told(**{"enhet_id": ["1"], heading: ["x"]}) == (["persons.column"], [])


@pytest.mark.parametrize(
    "heading",
    [
        "enhet_id", "antall_boliger", "trinn", "boform", "bygg_id", "gyldig_fra", "adresse", "x",
        "boligtype", "bruksareal", "eier", "erBofellesskap", "leieTilEiePotensial", "koboId",
        "building_id", "valid_from", "borettslag", "navneskilt", "residential_type", "Postnr",
        "byggeår", "Etasje", "automobil", "personalbase", "housing_form", "Kommentar",
    ],
)  # fmt: skip
def test_a_column_about_the_home_is_no_person(heading: str) -> None:
    assert not is_person_heading(heading)
    assert told(**{heading: ["1"]}) == ([], [])


@pytest.mark.parametrize("heading", ["navn", "Navn", "namn", "name"])
def test_a_column_called_name_is_told_and_no_more(heading: str) -> None:
    assert told(enhet_id=["1"], **{heading: ["Fiktivt hus"]}) == ([], ["persons.name_not_read"])


def test_a_birth_number_is_found_wherever_it_stands() -> None:
    number = some_number()
    for cell in (
        number,
        f"{number[:6]} {number[6:]}",
        f"{number[:6]}-{number[6:]}",
        f"{number[:6]}\u00a0{number[6:]}",
        f"{number[:6]} – {number[6:]}",
        f"{number[:6]}/{number[6:]}",
        f"{number[:6]} {number[6:9]} {number[9:]}",
        f"{number},0",
        f"{number}.0",
        f"{number}.00",
        f"{number[:2]}.{number[2:4]}.{number[4:6]} {number[6:]}",
        f"{number[:2]}.{number[2:4]}.{number[4:6]}.{number[6:]}",
        f"{number[:2]}-{number[2:4]}-{number[4:6]}-{number[6:]}",
        f"{number[:2]} {number[2:4]} {number[4:6]} {number[6:]}",
        f"{number[:2]}.{number[2:4]}.19{number[4:6]} {number[6:]}",
        f"ref_{number}_a",
        f"a{number}",
        f"{number}-12",
        f"12 {number[:6]} {number[6:]}",
        f"Født {number}.",
        f"Flyttet inn i mai ({number}), se sak",
    ):
        assert told(enhet_id=["1", "2"], merke=["", cell]) == (["persons.birth_number"], []), cell


def test_d_numbers_and_synthetic_numbers_are_found_too() -> None:
    for number in (some_number(day_shift=40), some_number(month_shift=80)):
        assert told(merke=[number]) == (["persons.birth_number"], [])


def test_a_column_of_numbers_that_lost_their_first_nought_is_found() -> None:
    number = some_number()
    assert number.startswith("0")
    assert told(merke=[number[1:], number[1:]]) == (["persons.birth_number"], [])
    assert told(merke=[f"{number[1:]},0", ""]) == (["persons.birth_number"], [])
    others = [str(1_000_000_000 + 7 * place) for place in range(20)]
    assert told(merke=[*others, number[1:]]) == ([], [])


def test_longer_numbers_and_coordinates_are_no_birth_numbers() -> None:
    number = some_number()
    for cell in (
        f"1{number}",
        f"{number}1",
        f"{number[:6]}.{number[6:]}",
        f"{number[:6]},{number[6:]}",
        f"{number},5",
        f"{number}.25",
        f"1.{number}",
        f"{number[:4]}-{number[4:7]}/{number[7:9]}/{number[9]}/{number[10]}",
    ):
        assert told(merke=[cell]) == ([], []), cell


def test_an_e_mail_address_is_found_in_any_column() -> None:
    assert told(merke=["", "ring kari@eksempel.invalid først"]) == (["persons.email"], [])
    assert told(merke=["@", "a@b", "12 @ 3.5"]) == ([], [])


def test_eight_digits_are_a_telephone_only_where_people_are_mentioned() -> None:
    for cell in ("41234567", "412 34 567", "+47 41234567", "Ring 22 33 44 55 om nøkkel"):
        assert told(kontakt=[cell]) == (["persons.phone"], [])
        assert told(bygg_id=[cell]) == ([], [])
    assert told(kontakt=["123456789"]) == ([], [])


def test_messages_name_the_column_and_never_a_value() -> None:
    findings = Findings("enheter.csv")
    number = some_number()
    table = pd.DataFrame([["E1", number, "x"]], columns=["enhet_id", number, "Fornavn"])
    refuse_persons(table, findings=findings)
    assert [one.values["column"] for one in findings.faults] == ["B", "C «Fornavn»"]
    for notice in findings.faults:
        for language in ("nb", "nn", "en"):
            assert number not in notice.text(language)


def test_columns_beyond_z_are_named_as_a_spreadsheet_does() -> None:
    findings = Findings("enheter.csv")
    headings = [f"k{place}" for place in range(27)] + ["fnr"]
    refuse_persons(pd.DataFrame([["1"] * 28], columns=headings), findings=findings)
    assert findings.faults[0].values["column"] == "AB «fnr»"
