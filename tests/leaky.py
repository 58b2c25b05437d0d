"""Ways in which a place, an id or an address may stand in a file. The places are fictional."""

import base64
import gzip
import io
import json
import sqlite3
import struct
import urllib.parse
import zipfile
import zlib
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely
import xlsxwriter

from tomteanalyse.publishing.secrets import Secrets, register_secrets
from tomteanalyse.views.web_map.packing import pack_points

CRS = pyproj.CRS("EPSG:25832")
ADDRESS = "Bjørkåsvegen 12 B"
UNIT, BUILDING, SHORT = "KB-10417", "300112233", "17"
EAST, NORTH = 597_123.37, 6_643_456.81

Written = str | bytes


def register() -> gpd.GeoDataFrame:
    """Return three units; the first is the one that is planted."""
    return gpd.GeoDataFrame(
        {"building_id": [BUILDING, None, "Solbakken"]},
        index=pd.Index([UNIT, SHORT, "KB-10999"], name="unit_id"),
        geometry=gpd.points_from_xy(
            [EAST, EAST + 1234.5, EAST - 987.6], [NORTH, NORTH + 876.5, NORTH - 654.3]
        ),
        crs=CRS,
    )


def secrets() -> Secrets:
    return register_secrets(register(), addresses=[f"{ADDRESS}, 7600 Levanger"])


def at(crs: str) -> tuple[float, float]:
    turn = pyproj.Transformer.from_crs(CRS, crs, always_xy=True)
    x, y = turn.transform(EAST, NORTH)
    return float(x), float(y)


def grouped(number: float, decimals: int, *, sign: str, comma: bool = True) -> str:
    written = f"{number:,.{decimals}f}"
    return written.replace(",", sign).replace(".", "," if comma else ".")


LON, LAT = at("EPSG:4326")
E33, N33 = at("EPSG:25833")
EM, NM = at("EPSG:3857")

NUMBERS: dict[str, str] = {
    "utm32": f"[{EAST:.2f}, {NORTH:.2f}]",
    "utm32 in whole metres": f"{EAST:.0f} {NORTH:.0f}",
    "utm32 cut off": f"x={int(EAST)};y={int(NORTH)}",
    "utm33": f"{E33:.1f};{N33:.1f}",
    "web mercator": f"{EM:.2f},{NM:.2f}",
    "degrees, five decimals": f"{LON:.5f},{LAT:.5f}",
    "degrees, six decimals, north first": f"{LAT:.6f}, {LON:.6f}",
    "degrees in full": json.dumps({"lat": LAT, "lon": LON}),
    "degrees with commas": f"{LON:.6f};{LAT:.6f}".replace(".", ","),
    "metres with commas": f"{NORTH:.2f};{EAST:.2f}".replace(".", ","),
    "no-break spaces": f"{grouped(EAST, 2, sign=chr(160))} {grouped(NORTH, 2, sign=chr(160))}",
    "thin spaces": f"{grouped(EAST, 0, sign=chr(0x2009))} / {grouped(NORTH, 0, sign=chr(0x2009))}",
    "narrow spaces": " ".join(grouped(each, 0, sign=chr(0x202F)) for each in (E33, N33)),
    "points between thousands": f"{grouped(EAST, 2, sign='.')} {grouped(NORTH, 2, sign='.')}",
    "commas between thousands": f"{EAST:,.2f} {NORTH:,.2f}",
    "exponents": f"{EAST:.8e} {NORTH:.8e}",
    "millionths of degrees": f"[{round(LON * 1e6)},{round(LAT * 1e6)}]",
    "ten-millionths of degrees": f"[{round(LAT * 1e7)},{round(LON * 1e7)}]",
    "centimetres": f"{round(EAST * 100)} {round(NORTH * 100)}",
    "a column between": f"id;{LON:.6f};vedlikehold 2024;{LAT:.6f}",
    "KML": f"<lat>{LAT:.6f}</lat><name>3</name><lon>{LON:.6f}</lon>",
    "columns apart": json.dumps(
        {"x": [10.1, round(LON, 6), 10.3], "name": "a" * 900, "y": [59.1, round(LAT, 6), 59.3]}
    ),
    "one coordinate in full": f"value {LAT!r}",
    "WKT": shapely.Point(EAST, NORTH).wkt,
    "WKB in hex": shapely.to_wkb(shapely.Point(EAST, NORTH), hex=True),
    "WKB in hex, highest byte first": shapely.to_wkb(
        shapely.Point(EAST, NORTH), hex=True, byte_order=0
    ),
    "the map page": json.dumps(
        {"xy": pack_points(np.array([(EAST - 50, NORTH + 9), (EAST, NORTH)]), crs=CRS)}
    ),
    "floats in base64": base64.b64encode(np.array([EAST, NORTH], "<f8").tobytes()).decode(),
}
"""Coordinates of the planted unit in text."""

BYTES: dict[str, bytes] = {
    "WKB": b"\x00\x07" + shapely.to_wkb(shapely.Point(LON, LAT)),
    "WKB of a line": shapely.to_wkb(shapely.LineString([(E33 + 9, N33), (E33, N33)])),
    "doubles, north first": b"\x00" * 3 + struct.pack(">dd", NORTH, EAST),
    "floats": b"\x00" + struct.pack("<ff", LON, LAT),
    "floats, highest byte first": b"\x00" * 2 + struct.pack(">ff", EAST, NORTH),
    "whole numbers": b"\x00" * 5 + struct.pack("<ii", round(LON * 1e7), round(LAT * 1e7)),
    "long whole numbers": b"\x00" + struct.pack(">qq", round(EAST * 1000), round(NORTH * 1000)),
}
"""Coordinates of the planted unit in bytes."""

STRINGS: dict[str, str] = {
    "as in the register": f"{ADDRESS}, 7600 Levanger",
    "house only": f"Ved {ADDRESS} ligger",
    "in capitals": ADDRESS.upper(),
    "without spaces": ADDRESS.replace(" ", ""),
    "without ø and å": "bjorkasvegen-12b",
    "in a long path": "/a/kommune/eiendom/bolig/kart/lag/2026/visning/Bj-"
    + "ord_" * 9
    + "/bjorkasvegen-12b",
    "with tags": "<b>Bjørkåsvegen</b> <i>12</i> B",
    "the house without its letter": "et hus i Bjørkåsvegen 12.",
    "another entrance of the house": "Bjørkåsvegen 12 C",
    "many spaces": "Bjørkåsvegen        12   B",
    "tabs and line breaks": "Bjørkåsvegen\t\t\r\n\r\n    12\n\n\n\nB",
    "wide spaces": "Bjørkåsvegen" + "\u2003\u00a0" * 4 + "12 B",
    "a soft hyphen": "Bjørkås\u00advegen 12 B",
    "soft hyphens as entities": "Bjørk&shy;ås&#173;vegen 12 B",
    "zero-width spaces": "Bjørkås\u200bvegen\u2060 1\u200d2 B",
    "zero-width spaces in a short id": f'{{"unit_id": "{SHORT[0]}\u200b{SHORT[1]}"}}',
    "marks of direction": "\u202aBjørk\u200eåsvegen\u202c 12 B",
    "a line below": "B\u0332jørkåsvegen 1\u03322",
    "nr.": "Bjørkåsvegen nr. 12 B",
    "nr": "BJØRKÅSVEGEN NR 12",
    "no.": "Bjørkåsvegen no. 12 b",
    "nummer in brackets": "Bjørkåsvegen (nummer) 12",
    "in columns": "gate;husnr;bokstav\n" + "Bjørkåsvegen;12;B\n" * 2,
    "in quoted columns": '"gate","nr","bokstav"\n' + '"Bjørkåsvegen",12,"B"\n' * 2,
    "as in OpenStreetMap": '{"addr:street": "Bjørkåsvegen", "addr:housenumber": "12B"}',
    "tags in a word": "<p>Ved</p><p><b>Bjørk</b>ås<i>veg</i>en 1<u>2</u> B</p>",
    "tags in a word in JSON": '{"html": "<b>Bj\\u00f8rk\\u003c/b>\\u00e5svegen 12"}',
    "Swedish letters": "Björkåsvegen 12",
    "accents apart": "Bjørka\u030asvegen 12 B",
    "a unit": f"({UNIT})",
    "a building": f'{{"n":{BUILDING}}}',
    "a short id where it says so": f'{{"unit_id": "{SHORT}"}}',
    "a short id in a list": f'{{"enhet_id":["3","{SHORT}"]}}',
    "a short id in a column": f"navn;enhet_id;boliger\nA;3;2\nB;{SHORT};1\n",
    "a name where it says so": "adresse: Solbakken",
}
"""Ids and addresses in text."""


def _zip(content: bytes, *, name: str = "data.txt") -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return file.getvalue()


def _escaped(text: str) -> str:
    return "".join(f"\\u{ord(sign):04x}" for sign in text)


def _docx(text: str) -> bytes:
    """Return a document of a word processor in which a word is set in two ways."""
    half = len(text) // 2
    start = '<w:t xml:space="preserve">'
    document = (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:document><w:body>'
        f"<w:p><w:r>{start}Notat</w:t></w:r></w:p>"
        f"<w:p><w:r>{start}{text[:half]}</w:t></w:r>\n"
        f'  <w:r w:rsidR="00AB12CD"><w:rPr><w:b/></w:rPr>{start}{text[half:]}</w:t></w:r></w:p>'
        "</w:body></w:document>"
    )
    return _zip(document.encode(), name="word/document.xml")


def _rich_xlsx(text: str) -> bytes:
    """Return a workbook with a cell in which a word is set in two ways."""
    file, half = io.BytesIO(), len(text) // 2
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    bold = book.add_format({"bold": True})
    sheet = book.add_worksheet("Ark")
    sheet.write_row(0, 0, ["tomt", "merknad"])
    sheet.write_rich_string(1, 1, text[:half], bold, text[half:])
    book.close()
    return file.getvalue()


WRAPPINGS: dict[str, Callable[[str], bytes]] = {
    "UTF-8": lambda text: text.encode(),
    "Latin-1": lambda text: text.encode("latin-1", errors="replace"),
    "UTF-16": lambda text: text.encode("utf-16"),
    "UTF-16, highest byte first": lambda text: text.encode("utf-16-be"),
    "base64": lambda text: b"<a href='data:;base64," + base64.b64encode(text.encode()) + b"'>",
    "base64 for addresses": lambda text: base64.urlsafe_b64encode(text.encode()),
    "base64 behind a path": lambda text: b"a/b" + base64.b64encode(text.encode()),
    "percent signs": lambda text: urllib.parse.quote(text).encode(),
    "percent signs, Latin-1": lambda text: urllib.parse.quote(
        text, encoding="latin-1", errors="replace"
    ).encode(),
    "JSON escapes": lambda text: json.dumps({"t": text}).encode(),
    "escapes throughout": lambda text: _escaped(text).encode(),
    "HTML entities": lambda text: "".join(f"&#x{ord(sign):x};" for sign in text).encode(),
    "hex": lambda text: (text * 2).encode().hex().encode(),
    "gzip": lambda text: gzip.compress(text.encode()),
    "zlib in base64": lambda text: b'"' + base64.b64encode(zlib.compress(text.encode())) + b'"',
    "ZIP in ZIP": lambda text: _zip(_zip(text.encode())),
    "two runs of a word processor": _docx,
    "two runs in a cell": _rich_xlsx,
    "a break that may be made in a word": lambda text: text.replace("1", "1<wbr/>").encode(),
    "soft hyphens throughout": lambda text: "\u00ad".join(text).encode(),
    "soft hyphens in Latin-1": lambda text: "\u00ad".join(text).encode("latin-1"),
    "zero-width spaces, UTF-16": lambda text: "\u200b".join(text).encode("utf-16"),
    "base64 twice": lambda text: base64.b64encode(base64.b64encode(text.encode())),
}
"""How text may be disguised."""


def png(chunk: bytes, body: bytes) -> bytes:
    def packed(name: bytes, content: bytes) -> bytes:
        check = zlib.crc32(name + content)
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", check)

    pixels = zlib.compress(b"\x00\xff\xff\xff")
    head = packed(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0))
    middle = packed(chunk, body) + packed(b"IDAT", pixels)
    return b"\x89PNG\r\n\x1a\n" + head + middle + packed(b"IEND", b"")


def pdf(text: str) -> bytes:
    """Return a PDF whose glyph numbers mean nothing but by the font's table."""
    numbers = {sign: place for place, sign in enumerate(sorted(set(text)), start=3)}
    table = "".join(f"<{number:04x}> <{ord(sign):04x}>\n" for sign, number in numbers.items())
    cmap = f"begincmap\n{len(numbers)} beginbfchar\n{table}endbfchar\nendcmap"
    half = len(text) // 2
    shown = [
        "".join(f"{numbers[sign]:04x}" for sign in part) for part in (text[:half], text[half:])
    ]
    page = f"BT /F1 12 Tf [<{shown[0]}> -20 <{shown[1]}>] TJ ET"
    body = b"".join(
        b"obj\n<</Filter/FlateDecode>>\nstream\n" + zlib.compress(each.encode()) + b"\nendstream\n"
        for each in (cmap, page)
    )
    return b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + body + b"%%EOF\n"


def sqlite(path: Path, values: tuple[object, ...], *, deleted: bool = False) -> bytes:
    with closing(sqlite3.connect(path)) as database, database:
        columns = ", ".join(f"c{place}" for place in range(len(values)))
        marks = ", ".join("?" * len(values))
        database.execute(f"CREATE TABLE t (enhet_id, {columns})")
        database.execute(f"INSERT INTO t VALUES ('x', {marks})", values)  # noqa: S608 - marks only
        if deleted:
            database.execute("PRAGMA secure_delete = OFF")
            database.execute("DELETE FROM t WHERE c0 NOT NULL")
    content = path.read_bytes()
    path.unlink()
    return content


def xlsx(path: Path, *, cells: tuple[object, ...] = (), comment: str = "") -> bytes:
    book = xlsxwriter.Workbook(str(path), {"strings_to_numbers": False})
    sheet = book.add_worksheet("Ark")
    sheet.write_row(0, 0, ["enhet_id", "a", "b", "c"])
    sheet.write_row(1, 0, list(cells))
    book.set_properties({"comments": comment})
    book.close()
    content = path.read_bytes()
    path.unlink()
    return content
