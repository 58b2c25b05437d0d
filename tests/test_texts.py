"""The three languages say the same things."""

import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from importlib.resources import files
from string import Formatter
from typing import Any

import pytest

from tomteanalyse.texts import LANGUAGES, Language, catalog


def placeholders(text: str) -> list[str]:
    return sorted({name for _, name, _, _ in Formatter().parse(text) if name is not None})


def entries(language: Language) -> Iterator[tuple[str, object]]:
    def walk(table: dict[str, Any], prefix: str) -> Iterator[tuple[str, object]]:
        for name, value in table.items():
            if isinstance(value, dict):
                yield from walk(value, f"{prefix}{name}.")
            else:
                yield f"{prefix}{name}", value

    for file in files("tomteanalyse.texts").joinpath(language).iterdir():
        yield from walk(tomllib.loads(file.read_text("utf-8")), "")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_the_same_files(language: Language) -> None:
    folder = files("tomteanalyse.texts")
    names = {file.name for file in folder.joinpath(language).iterdir()}
    assert names == {file.name for file in folder.joinpath("nb").iterdir()}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_the_same_texts(language: Language) -> None:
    assert set(catalog("nb").entries) ^ set(catalog(language).entries) == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_has_the_same_placeholders_in_every_language(language: Language) -> None:
    own = {key: placeholders(text) for key, text in catalog(language).entries.items()}
    bokmaal = {key: placeholders(text) for key, text in catalog("nb").entries.items()}
    assert {key for key in own if own[key] != bokmaal.get(key)} == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_empty_or_anything_but_text(language: Language) -> None:
    odd = [key for key, text in entries(language) if not isinstance(text, str) or not text.strip()]
    assert odd == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_key_is_defined_twice(language: Language) -> None:
    counted = Counter(key for key, _ in entries(language))
    assert [key for key, count in counted.items() if count > 1] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_says_what_is_the_matter(language: Language) -> None:
    keys = set(catalog(language).entries)
    told = {key.removesuffix(end) for key in keys for end in (".why", ".do") if key.endswith(end)}
    told.discard("notice")  # how messages are put together, not a message
    assert {code for code in told if f"{code}.what" not in keys} == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_placeholder_bears_the_name_of_the_catalogues_own_argument(language: Language) -> None:
    texts = catalog(language).entries.items()
    assert [key for key, text in texts if {"self", "key"} & set(placeholders(text))] == []


def test_every_code_that_a_reader_of_files_gives_has_its_text() -> None:
    subjects = (
        "study|plots|entrances|register|addresses|vector|table|persons|constraints|corrections"
        "|scaffold|visits|dwellings|areas"
    )
    coded = re.compile(rf'"((?:{subjects})\.[a-z_]+)"')
    modules = [
        file.read_text("utf-8")
        for part in ("inputs", "corrections")
        for file in files(f"tomteanalyse.{part}").iterdir()
        if file.name.endswith(".py")
    ]
    codes = {code for module in modules for code in coded.findall(module)} - {"scaffold.study_file"}
    assert len(codes) > 80
    assert {code for code in codes if f"{code}.what" not in catalog("nb").entries} == set()


def test_norwegian_texts_quote_as_norwegian_does_and_english_as_english() -> None:
    for language, wrong in (("nb", "“”"), ("nn", "“”"), ("en", "«»")):
        quoted = [key for key, text in catalog(language).entries.items() if set(text) & set(wrong)]
        assert quoted == [], language
