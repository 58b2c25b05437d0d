"""Open every file of a result, and list what in it does not say which edition it is."""

import csv
import io
import json
import re
import sqlite3
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from html import unescape
from pathlib import Path
from xml.etree import ElementTree

import pyogrio
from python_calamine import CalamineWorkbook

from tomteanalyse.texts import Language, catalog
from tomteanalyse.views.edition import Edition

CORE = "{http://schemas.openxmlformats.org/package/2006/metadata/core-properties}"
DUBLIN = "{http://purl.org/dc/elements/1.1/}"


def unmarked(path: Path, *, edition: Edition = "internal", language: Language = "nb") -> list[str]:
    """Return every page, sheet, row, layer and property of a file that does not say it."""
    look = LOOKS.get(path.suffix)
    if look is None:
        return [f"nobody has said how {path.suffix} says it"]
    return list(look(path, edition, catalog(language)(f"edition.{edition}.name")))


def _page(path: Path, edition: Edition, name: str) -> Iterator[str]:
    text = path.read_text("utf-8")
    title = re.search(r"<title>(.*?)</title>", text, re.DOTALL)
    if title is None or name.casefold() not in unescape(title[1]).casefold():
        yield "title"
    if f'<meta name="tomteanalyse-edition" content="{edition}">' not in text:
        yield "metadata"
    body = text.partition("<body>")[2]
    band = re.search(r'<p class="edition">(.*?)</p>', body, re.DOTALL)
    if band is None or f">{name}</strong>" not in band[1]:
        yield "band"
    if f'@top-right {{ content: "{name}"' not in text:
        yield "margin on paper"


def _rows(path: Path, edition: Edition, name: str) -> Iterator[str]:
    del edition
    written = path.read_bytes().decode("utf-8-sig")
    _, *rows = csv.reader(io.StringIO(written, newline=""), delimiter=";")
    yield from (f"row {at}" for at, row in enumerate(rows, start=2) if row[-1] != name)


def _workbook(path: Path, edition: Edition, name: str) -> Iterator[str]:
    del edition
    book = CalamineWorkbook.from_path(path)
    for sheet in book.sheet_names:
        first, *_ = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
        if not str(first[0]).startswith(f"{name}."):
            yield f"sheet {sheet}"
    with zipfile.ZipFile(path) as parts:
        core = ElementTree.fromstring(parts.read("docProps/core.xml"))
        sheets = [each for each in parts.namelist() if each.startswith("xl/worksheets/sheet")]
        for part in sheets:
            text = parts.read(part).decode("utf-8")
            for place in ("oddHeader", "oddFooter"):
                said = re.search(f"<{place}>(.*?)</{place}>", text)
                if said is None or name not in said[1]:
                    yield f"{part}: {place}"
            if "<tabColor" not in text:
                yield f"{part}: tab"
    for tag in (f"{DUBLIN}title", f"{DUBLIN}subject", f"{DUBLIN}description", f"{CORE}category"):
        if name.casefold() not in (core.findtext(tag) or "").casefold():
            yield f"property {tag.partition('}')[2]}"


def _layers(path: Path, edition: Edition, name: str) -> Iterator[str]:
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as database:
        listed = database.execute(
            "SELECT table_name, identifier, description FROM gpkg_contents"
        ).fetchall()
    for table, title, words in listed:
        if name.casefold() not in title.casefold():
            yield f"title of {table}"
        if not words.startswith(f"{name}."):
            yield f"description of {table}"
    drawn = [layer for layer, kind in pyogrio.list_layers(path) if kind]
    infos = {layer: pyogrio.read_info(path, layer=layer) for layer in drawn}
    for layer, info in infos.items():
        if (info["layer_metadata"] or {}).get("tomteanalyse-edition") != edition:
            yield f"metadata of {layer}"
    if not infos or {*drawn} - {table for table, *_ in listed}:
        yield "layers that are not listed"
    whole = next(iter(infos.values()), {"dataset_metadata": None})["dataset_metadata"] or {}
    if not any(
        each.startswith(f"tomteanalyse-edition: {edition}. {name}.") for each in whole.values()
    ):
        yield "metadata of the file"


def _data(path: Path, edition: Edition, name: str) -> Iterator[str]:
    del name
    if json.loads(path.read_text("utf-8")).get("edition") != edition:
        yield "edition"


LOOKS: dict[str, Callable[[Path, Edition, str], Iterator[str]]] = {
    ".html": _page,
    ".csv": _rows,
    ".xlsx": _workbook,
    ".gpkg": _layers,
    ".json": _data,
}
