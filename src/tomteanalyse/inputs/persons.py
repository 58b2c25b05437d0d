"""Refuse tables that hold persons: by the columns' names and by what stands in them.

A register of welfare homes plus a name is a list of clients. Messages name the column, never
a value.
"""

import re
from datetime import date
from itertools import pairwise

import pandas as pd

from tomteanalyse.inputs.cells import SPACES
from tomteanalyse.inputs.columns import plain
from tomteanalyse.inputs.findings import Findings

STEMS = (
    "beboar",
    "beboer",
    "etternamn",
    "etternavn",
    "fodselsd",
    "fodselsn",
    "foedselsd",
    "foedselsn",
    "fornamn",
    "fornavn",
    "hushald",
    "household",
    "hovedsok",
    "hovudsok",
    "husstand",
    "leieavtale",
    "leieforhold",
    "leigeforhold",
    "leiekontrakt",
    "leietak",
    "leietag",
    "leigetak",
    "mellomnavn",
    "mellomnamn",
    "mobilnummer",
    "nationalid",
    "parorend",
    "personnr",
    "personnummer",
    "phonenumber",
    "sivilstand",
    "socialsecurity",
    "statsborger",
    "telefon",
)
"""Parts of headings that mean a person wherever they stand: «medleietaker», «Tlf. til beboer»."""

WORDS = frozenset(
    {
        "alder",
        "applicant",
        "birthdate",
        "birthday",
        "birthnumber",
        "born",
        "brukar",
        "brukarar",
        "brukarnamn",
        "bruker",
        "brukere",
        "brukernavn",
        "client",
        "contactperson",
        "dateofbirth",
        "diagnose",
        "dnummer",
        "email",
        "emailaddress",
        "epost",
        "epostadr",
        "epostadresse",
        "familie",
        "familyname",
        "firstname",
        "fnr",
        "fodt",
        "forename",
        "fullname",
        "fulltnamn",
        "fulltnavn",
        "gender",
        "givenname",
        "initialar",
        "initialer",
        "initials",
        "kjonn",
        "klient",
        "klientar",
        "klienter",
        "kontaktnavn",
        "kontaktperson",
        "lastname",
        "lease",
        "middlename",
        "mobil",
        "mobile",
        "mobilnr",
        "mobilnummer",
        "mobiltlf",
        "personid",
        "personnamn",
        "personnavn",
        "phone",
        "phoneno",
        "pnr",
        "resident",
        "residents",
        "sex",
        "sokar",
        "soker",
        "sokere",
        "sokjar",
        "ssn",
        "surname",
        "tenancy",
        "tenant",
        "tenantname",
        "tenants",
        "tlf",
        "tlfnr",
        "tlfnummer",
        "verge",
        "verje",
    }
)
"""Whole words of headings that mean a person."""

NAMES = frozenset({"navn", "namn", "name"})
"""May be the name of a house or of a person: not read."""

SOFT = frozenset(
    {
        "comment",
        "comments",
        "contact",
        "info",
        "kommentar",
        "kommentarer",
        "kontakt",
        "kontaktinfo",
        "melding",
        "merknad",
        "merknader",
        "notat",
        "notater",
        "note",
        "notes",
        "ring",
        "tilleggsinfo",
    }
)
"""Headings under which a telephone number is taken for one; elsewhere eight digits are an id."""

_WORD = re.compile(r"[A-ZÆØÅ]?[a-zæøå]+|[A-ZÆØÅ]+(?![a-zæøå])|\d+")
# Overlapping, since the number may begin inside what looks like one. Six digits, a point and five
# are a coordinate; any other point or comma counts only if nothing but noughts stands behind it.
_BIRTH_NUMBER = re.compile(
    r"(?<!\d)(?<!\d[.,])(?=(?:"
    r"(?P<compact>\d{6})[\s/_\u2013-]{0,3}"
    r"|(?P<day>\d\d)[\s./-](?P<month>\d\d)[\s./-](?:19|20)?(?P<year>\d\d)[\s./_\u2013-]{0,3}"
    r")(?P<serial>\d{3}\s?\d\d)(?!\d)(?![.,]\d*[1-9]))"
)
_TEN_DIGITS = re.compile(r"\s*(\d{10})(?:[.,]0+)?\s*")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_PHONE = re.compile(r"(?<!\d)(?:(?:\+|00)47)?[2-9]\d{7}(?!\d)")
_FIRST_WEIGHTS = (3, 7, 6, 1, 8, 9, 4, 5, 2)
_SECOND_WEIGHTS = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)


def refuse_persons(table: pd.DataFrame, *, findings: Findings) -> None:
    """Look for columns that hold persons.

    Parameters
    ----------
    table
        Text, one column per heading.
    findings
        Gets ``persons.column``, ``persons.birth_number``, ``persons.email``, ``persons.phone`` as
        faults, and ``persons.name_not_read`` as a warning.
    """
    for place, heading in enumerate(table.columns):
        shown = _shown(str(heading), place)
        cells = [cell for cell in table.iloc[:, place] if isinstance(cell, str) and cell]
        if is_person_heading(str(heading)):
            findings.fault("persons.column", column=shown)
        elif code := _pattern_in([str(heading), *cells], soft=plain(str(heading)) in SOFT):
            findings.fault(code, column=shown)
        elif is_bare_name(str(heading)):
            findings.warn("persons.name_not_read", column=shown)


def is_person_heading(heading: str) -> bool:
    """Say whether a column's name means a person, in Norwegian, English or a Kobo export."""
    bare = plain(heading)
    if any(stem in bare for stem in STEMS):
        return True
    words = [plain(word) for word in _WORD.findall(heading)]
    pairs = [first + second for first, second in pairwise(words)]
    return not WORDS.isdisjoint([bare, *words, *pairs])


def is_bare_name(heading: str) -> bool:
    """Say whether a column is just called "name", which may be a house's or a person's."""
    return plain(heading) in NAMES


def is_birth_number(digits: str) -> bool:
    """Say whether eleven digits are a Norwegian birth number or D-number.

    The date must exist (day + 40 in a D-number, month + 40 in a hospital's temporary number,
    month + 80 in a synthetic test number) and both check digits must be right (modulus 11 with
    Skatteetaten's weights).
    """
    if not re.fullmatch(r"\d{11}", digits):
        return False
    numbers = [int(digit) for digit in digits]
    day, month = int(digits[:2]), int(digits[2:4])
    day -= 40 if day > 40 else 0
    month -= 80 if month > 80 else 40 if month > 40 else 0
    try:
        date(2000 + int(digits[4:6]), month, day)
    except ValueError:
        # 29 February 1900 is the one day that this century has and the last had not.
        return False
    first = _check_digit(numbers[:9], _FIRST_WEIGHTS)
    return first == numbers[9] and _check_digit(numbers[:10], _SECOND_WEIGHTS) == numbers[10]


def _check_digit(numbers: list[int], weights: tuple[int, ...]) -> int:
    """Return 0-9, or 10 where no number can have this beginning."""
    total = sum(number * weight for number, weight in zip(numbers, weights, strict=True))
    return (11 - total % 11) % 11


def _pattern_in(cells: list[str], *, soft: bool) -> str | None:
    """Return the code of the first kind of person data found in the cells."""
    if any(_holds_birth_number(cell) for cell in cells) or _lost_leading_nought(cells):
        return "persons.birth_number"
    if any("@" in cell and _EMAIL.search(cell) for cell in cells):
        return "persons.email"
    if soft and any(_PHONE.search(SPACES.sub("", cell)) for cell in cells):
        return "persons.phone"
    return None


def _holds_birth_number(cell: str) -> bool:
    return len(cell) > 10 and any(
        is_birth_number(re.sub(r"\s", "", "".join(part for part in found.groups() if part)))
        for found in _BIRTH_NUMBER.finditer(cell)
    )


def _lost_leading_nought(cells: list[str]) -> bool:
    """Say whether a column of ten digits is birth numbers that Excel took the first 0 from.

    One such number may be anything; of random ones not one in a hundred passes.
    """
    tens = [found[1] for cell in cells if (found := _TEN_DIGITS.fullmatch(cell))]
    return bool(tens) and sum(is_birth_number(f"0{ten}") for ten in tens) > 0.2 * len(tens)


def _shown(heading: str, place: int) -> str:
    """Name a column without giving away what may be a value: a table may lack its heading row."""
    position = f"{_letters(place)}"
    private = _pattern_in([heading], soft=True)
    return position if private or not heading else f"{position} «{heading}»"


def _letters(place: int) -> str:
    """Return a column's letters in a spreadsheet: 0 is A, 26 is AA."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
