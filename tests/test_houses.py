"""An address of the register is searched for as far as the house, and text as it is read."""

import sys
import unicodedata

import pytest

from tomteanalyse.publishing.houses import houses_in
from tomteanalyse.publishing.plain import plain_text, visible

STREET = ("storgata", "12")


@pytest.mark.parametrize(
    "address",
    [
        "Storgata 12",
        "Storgata 12 B",
        "Storgata 12b",
        "STORGATA  12 H0201",
        "Storgata 12 H 0201",
        "Storgata 12H0201",
        "Storgata 12 B U0101",
        "Storgata 12, K0101, 7600 Levanger",
        "Storgata 12-L0101",
        "Storgata 12 B 7600 Levanger",
        "Storgata 12 leil. 3",
        "Storgata 12, leilighet nr. 204",
        "Storgata 12 B, 2. etg",
        "Storgata 12, 2.etasje, 7600 Levanger",
        "Storgata 12 (etg. 2)",
        "Storgata 12, bolignr. 17",
        "Storgata 12, inngang 3, blokk 2",
        "Storgata nr. 12",
        "Storgata, 12 B",
        "Leil. 3, Storgata 12 B",
        "2. etg. Storgata 12",
        "H0201, Storgata 12",
        "Solbakken, Storgata 12",
        "7600 Levanger, Storgata 12",
        "Storgata 12, gnr. 12 bnr. 45",
        "Stor\u00adgata 12",
    ],
)
def test_only_street_and_number_play_a_part(address: str) -> None:
    assert houses_in(address) == (STREET,)


@pytest.mark.parametrize(
    ("address", "house"),
    [
        ("17. mai gata 5 A", ("17", "mai", "gata", "5")),
        ("Christian 4s gate 12 B", ("christian", "4", "s", "gate", "12")),
        ("Haakon 7. gate 12", ("haakon", "7", "gate", "12")),
        ("Dr. Holms vei 7, H0201", ("dr", "holms", "vei", "7")),
        ("Leilandsvegen 3", ("leilandsvegen", "3")),
        ("Husbyvegen 1234", ("husbyvegen", "1234")),
        ("Solbakken hus 3", ("solbakken", "3")),
        ("17 Solbakken", ("17", "solbakken")),
    ],
)
def test_numbers_that_are_not_the_houses_stay_where_they_belong(
    address: str, house: tuple[str, ...]
) -> None:
    assert houses_in(address) == (house,)


def test_every_street_in_an_address_is_one() -> None:
    assert houses_in("Borettslaget Sol 2, Storgata 12 B") == (("borettslaget", "sol", "2"), STREET)


@pytest.mark.parametrize("address", ["", "Solbakken", "12", "12 B", "7600"])
def test_an_address_without_a_number_or_a_word_is_of_no_house(address: str) -> None:
    assert houses_in(address) == ()


def test_no_character_that_is_not_drawn_parts_a_word() -> None:
    every = map(chr, range(sys.maxunicode + 1))
    for sign in (each for each in every if unicodedata.category(each) == "Cf"):
        assert visible(f"Stor{sign}gata") == plain_text(f"stor{sign}gata").title() == "Storgata"


def test_characters_that_are_drawn_stay() -> None:
    text = "Storgata 12 B, «Gåsøya» – Nuorttageaidnu 3, Guovdageaidnu, Čáhcesuolu\n"
    assert visible(text) == text
