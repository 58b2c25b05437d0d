"""What is published is searched for what the register holds, however it is written."""

import base64
import os
import random
import struct
import zlib
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leaky import (
    ADDRESS,
    BYTES,
    EAST,
    LAT,
    LON,
    NORTH,
    NUMBERS,
    SHORT,
    STRINGS,
    UNIT,
    WRAPPINGS,
    pdf,
    png,
    register,
    secrets,
    sqlite,
    xlsx,
)
from tomteanalyse.errors import PrivacyError
from tomteanalyse.publishing.scan import KINDS, LINK, UNREADABLE, Leak, refuse_leaks, scan
from tomteanalyse.publishing.secrets import register_secrets
from tomteanalyse.texts import LANGUAGES, catalog
from tomteanalyse.views.web_map.packing import pack_points

SECRETS = secrets()


def kinds(path: Path, content: bytes) -> set[str]:
    path.write_bytes(content)
    return {leak.kind for leak in scan(path, SECRETS)}


@pytest.mark.parametrize("how", NUMBERS)
def test_coordinates_are_found_however_they_are_written(how: str, tmp_path: Path) -> None:
    page = f"<p>Kart over 12 tomter, målt 2024-05-01</p><script>var a = {NUMBERS[how]};</script>"
    assert kinds(tmp_path / "side.html", page.encode())


@pytest.mark.parametrize("how", BYTES)
def test_coordinates_are_found_in_bytes_wherever_they_begin(how: str, tmp_path: Path) -> None:
    noise = random.Random(1).randbytes(1001)
    file = tmp_path / "kart.png"
    assert kinds(file, png(b"prVt", noise + BYTES[how] + noise)) & {*KINDS} - {UNREADABLE}


@pytest.mark.parametrize("how", STRINGS)
def test_ids_and_addresses_are_found_however_they_are_written(how: str, tmp_path: Path) -> None:
    assert kinds(tmp_path / "side.txt", STRINGS[how].encode()) == {"text"}


@pytest.mark.parametrize("how", WRAPPINGS)
def test_an_address_is_found_whatever_it_is_wrapped_in(how: str, tmp_path: Path) -> None:
    text = f"Enheten i {ADDRESS} er solgt"
    assert "text" in kinds(tmp_path / "fil.html", WRAPPINGS[how](text))


@pytest.mark.parametrize("how", WRAPPINGS)
def test_a_place_is_found_whatever_it_is_wrapped_in(how: str, tmp_path: Path) -> None:
    text = f"punkt: {LON:.6f}; {LAT:.6f}"
    assert "coordinates" in kinds(tmp_path / "fil.html", WRAPPINGS[how](text))


def test_rows_of_a_database_are_searched_and_what_was_deleted_too(tmp_path: Path) -> None:
    file = tmp_path / "lag.gpkg"
    rows: dict[str, tuple[object, ...]] = {
        "address": ("ord", ADDRESS, 3),
        "columns": (LAT, "et navn", 2, LON),
        "blob": (b"GP\x00\x01" + BYTES["WKB"],),
        "compressed": (zlib.compress(f"i {ADDRESS} bor".encode()),),
    }
    for what, values in rows.items():
        assert kinds(file, sqlite(tmp_path / "a.db", values)) - {UNREADABLE}, what
    for what in ("address", "blob"):
        assert kinds(file, sqlite(tmp_path / "a.db", rows[what], deleted=True)), what


def test_a_workbooks_cells_and_properties_are_searched(tmp_path: Path) -> None:
    made, file = tmp_path / "a.xlsx", tmp_path / "tabell.xlsx"
    assert kinds(file, xlsx(made, cells=("x", ADDRESS))) == {"text"}
    assert kinds(file, xlsx(made, cells=(int(SHORT), "b"))) == {"text"}
    assert kinds(file, xlsx(made, cells=("x", NORTH, "b", EAST))) == {"coordinates"}
    assert kinds(file, xlsx(made, comment=f"se {ADDRESS}")) == {"text"}
    assert kinds(file, xlsx(made, cells=("x", int(SHORT), "b"), comment="ingen")) == set()


@pytest.mark.parametrize(
    ("chunk", "body"),
    [
        (b"tEXt", b"Title\x00" + ADDRESS.encode("latin-1")),
        (b"zTXt", b"Title\x00\x00" + zlib.compress(ADDRESS.encode("latin-1"))),
        (b"iTXt", b"Title\x00\x01\x00nb\x00Tittel\x00" + zlib.compress(ADDRESS.encode())),
        (b"eXIf", b"II*\x00" + f"{LAT:.6f} {LON:.6f}".encode()),
        (b"eXIf", b"MM\x00*" + struct.pack(">dd", LON, LAT)),
    ],
)
def test_an_images_metadata_is_searched(chunk: bytes, body: bytes, tmp_path: Path) -> None:
    assert kinds(tmp_path / "kart.png", png(chunk, body))
    assert kinds(tmp_path / "kart.png", png(b"tEXt", b"Title\x00Kart over tomter")) == set()


def test_text_of_a_pdf_is_read_by_its_fonts(tmp_path: Path) -> None:
    assert kinds(tmp_path / "a.pdf", pdf(f"Bolig i {ADDRESS} fra 2020")) == {"text"}
    assert kinds(tmp_path / "a.pdf", pdf(f"Punkt {LON:.5f} {LAT:.5f}")) == {"coordinates"}
    assert kinds(tmp_path / "a.pdf", pdf("Bolig i Furuvegen 12 B fra 2020")) == set()


def test_what_only_looks_like_text_in_a_pdf_does_not_stop_the_search(tmp_path: Path) -> None:
    # A picture's bytes may hold anything; there is no digit 9 in base 8.
    shown = rb"BT (\9 \8\18 \) x) Tj ET"
    broken = b"%PDF-1.7\nobj\n<<>>\nstream\n" + shown + b"\nendstream\n%%EOF\n"
    assert kinds(tmp_path / "a.pdf", broken) == set()
    assert kinds(tmp_path / "a.pdf", broken + pdf(ADDRESS)) == {"text"}


@pytest.mark.parametrize(
    "content",
    [
        b"%PDF-1.7\ntrailer <</Encrypt 5 0 R>>",
        b"PK\x03\x04 not whole PK\x05\x06" + b"\x07" * 18,
        b"\x00\x01unknown\x00",
        b"SQLite format 3\x00" + b"\x07" * 600,
    ],
)
def test_what_cannot_be_searched_is_not_let_through(content: bytes, tmp_path: Path) -> None:
    assert UNREADABLE in kinds(tmp_path / "fil", content)


def test_a_name_that_tells_is_found_and_not_said(tmp_path: Path) -> None:
    (tmp_path / "ved").mkdir()
    (tmp_path / "ved" / f"{ADDRESS}.csv").write_text("a;b\n1;2\n", "utf-8")
    assert scan(tmp_path, SECRETS) == (Leak("….csv", "", "name"),)


def test_links_are_refused_whatever_they_lead_to(tmp_path: Path) -> None:
    public, elsewhere = tmp_path / "offentlig", tmp_path / "elsewhere"
    (public / "kart").mkdir(parents=True)
    (public / "kart" / "a.txt").write_text("Kart", "utf-8")
    elsewhere.mkdir()
    (elsewhere / "register.csv").write_text(f"{ADDRESS}\n", "utf-8")
    links = {
        "mappe": elsewhere,
        "kart/register.csv": elsewhere / "register.csv",
        "innenfor": public / "kart" / "a.txt",
        "ingen steder": tmp_path / "not there",
    }
    for name, target in links.items():
        (public / name).symlink_to(target)
    assert scan(public, SECRETS) == tuple(sorted(Leak(name, "", LINK) for name in links))
    with pytest.raises(PrivacyError) as caught:
        refuse_leaks(public, SECRETS)
    assert {each.code for each in caught.value.notices} == {"publishing.link"}
    assert all("symbolsk lenke" in each.text("nb") for each in caught.value.notices)


def test_a_link_whose_name_tells_is_not_named(tmp_path: Path) -> None:
    (tmp_path / f"{ADDRESS}.csv").symlink_to(tmp_path / "not there")
    assert scan(tmp_path, SECRETS) == (Leak("….csv", "", LINK), Leak("….csv", "", "name"))


def test_what_is_neither_file_nor_folder_is_not_let_through(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert scan(tmp_path, SECRETS) == (Leak("pipe", "", UNREADABLE),)


def test_a_leak_stops_the_publication_and_says_neither_address_nor_place(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(f"{ADDRESS} {LON:.5f} {LAT:.5f} {UNIT}", "utf-8")
    (tmp_path / "b.bin").write_bytes(b"\x00\x01")
    with pytest.raises(PrivacyError) as caught:
        refuse_leaks(tmp_path, SECRETS)
    assert caught.value.exit_code == 4
    assert [(each.file, each.code) for each in caught.value.notices] == [
        ("a.html", "publishing.leak"),
        ("a.html", "publishing.leak"),
        ("b.bin", "publishing.unreadable"),
    ]
    for language in LANGUAGES:
        said = "\n".join(each.text(language) for each in caught.value.notices)
        assert not any(part in said for part in ("12 B", "KB-", f"{LON:.3f}", f"{LAT:.3f}"))
    assert repr(SECRETS).count("phrases") == 1
    assert "KB" not in repr(SECRETS)


def test_every_kind_of_leak_has_its_words() -> None:
    keys = catalog("nb").entries
    of_their_own = {UNREADABLE, LINK}
    assert {f"publishing.kind.{each}" for each in {*KINDS} - of_their_own} <= {*keys}
    assert {f"publishing.{each}.what" for each in of_their_own} <= {*keys}


def test_a_clean_folder_passes(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(
        "Bjørkåsvegen har 12 tomter, Solbakken 17. 10.75 59.91", "utf-8"
    )
    (tmp_path / "b.csv").write_text("tomt;poeng\nB-12;17\nKB;10417\n", "utf-8-sig")
    refuse_leaks(tmp_path, SECRETS)


def test_random_numbers_and_common_words_are_no_leak(tmp_path: Path) -> None:
    generator = np.random.default_rng(3)
    near = np.array([LON, LAT]) + generator.uniform(-0.02, 0.02, (20_000, 2))
    lines = [f"{x:.6f},{y:.6f},{place % 300}" for place, (x, y) in enumerate(near)]
    whole = " ".join(map(str, generator.integers(0, 1e8, 20_000)))
    noise = base64.b64encode(generator.bytes(200_000)).decode()
    words = "Solbakken 17 enheter; 12 boliger i 17 bygg (2024)"
    text = "\n".join([*lines, whole, noise, words])
    assert kinds(tmp_path / "a.html", text.encode()) == set()
    assert kinds(tmp_path / "b.png", png(b"prVt", generator.bytes(300_000))) == set()


def test_another_house_in_the_street_is_no_leak(tmp_path: Path) -> None:
    houses = "Bjørkåsvegen 1, Bjørkåsvegen 2 B, Bjørkåsvegen 120 B, Bjørkåsvegen 121, Åsvegen 12"
    assert kinds(tmp_path / "a.txt", houses.encode()) == set()
    assert kinds(tmp_path / "a.html", f"<i>Bjørkås</i>vegen<b> 1</b>20 {houses}".encode()) == set()
    assert kinds(tmp_path / "a.pdf", pdf("Tomt i Bjørkåsvegen 120 B er ledig")) == set()
    row = ("ord", "Bjørkåsvegen 121", 3)
    assert kinds(tmp_path / "a.gpkg", sqlite(tmp_path / "a.db", row)) == set()


@pytest.mark.parametrize("behind", ["", "B", "7600 Levanger", "2026-01-01"])
def test_a_deleted_row_is_read_whatever_stands_in_its_next_column(
    behind: str, tmp_path: Path
) -> None:
    row = ("ord", "Bjørkåsvegen 12", behind)
    assert kinds(tmp_path / "a.gpkg", sqlite(tmp_path / "a.db", row, deleted=True))


def test_a_number_that_stands_by_itself_behind_a_streets_name_is_no_leak(tmp_path: Path) -> None:
    # The map page's own data: a way's name, and how many points or which text comes next.
    data = '[[3,"Bjørkåsvegen",12],[3,["9900 Bjørkåsvegen"],12],[{"n":"Bjørkåsvegen"},12]]'
    assert kinds(tmp_path / "kart.html", f"<script>var a={data}</script>".encode()) == set()
    assert kinds(tmp_path / "kart.html", b'<script>["Bj\\u00f8rk\\u00e5svegen",12]') == set()
    assert kinds(tmp_path / "kart.html", '["Bjørkåsvegen","12","B"]'.encode()) == {"text"}


def test_the_signs_between_the_parts_of_a_short_id_count(tmp_path: Path) -> None:
    units = register().rename(index={UNIT: "E101"})
    (tmp_path / "a.js").write_text("e=101; f(e,101); E-101 ue101 E1012", "utf-8")
    assert scan(tmp_path, register_secrets(units)) == ()
    (tmp_path / "a.js").write_text('["E101"]', "utf-8")
    assert [leak.kind for leak in scan(tmp_path, register_secrets(units))] == ["text"]


@settings(max_examples=40, deadline=None)
@given(
    st.floats(100_000, 900_000),
    st.floats(6_450_000, 7_900_000),
    st.sampled_from(["EPSG:25832", "EPSG:25833", "EPSG:4326", "EPSG:3857"]),
    st.booleans(),
    st.integers(0, 2),
    st.sampled_from(["text", "comma", "doubles", "integers", "page"]),
    st.sampled_from(sorted(WRAPPINGS)),
    st.integers(0, 10_000),
)
def test_any_place_is_found_in_any_form(
    tmp_path_factory: pytest.TempPathFactory,
    east: float,
    north: float,
    crs: str,
    turned: bool,
    decimals: int,
    form: str,
    wrapping: str,
    seed: int,
) -> None:
    place = gpd.GeoSeries(gpd.points_from_xy([east], [north]), crs="EPSG:25832")
    units = gpd.GeoDataFrame(
        {"building_id": [None]}, index=["A"], geometry=place.array, crs=place.crs
    )
    (point,) = place.to_crs(crs)
    first, second = (point.y, point.x) if turned else (point.x, point.y)
    shown = decimals + (5 if crs == "EPSG:4326" else 0)
    noise = random.Random(seed).randbytes(seed % 50)
    if form == "text":
        content = WRAPPINGS[wrapping](f"pos {first:.{shown}f} og {second:.{shown}f} slutt")
    elif form == "comma":
        content = f"{first:.{shown}f}; {second:.{shown}f}".replace(".", ",").encode()
    elif form == "doubles":
        content = png(b"prVt", noise + struct.pack("<dd" if seed % 2 else ">dd", first, second))
    elif form == "integers":
        scale = 1e6 if crs == "EPSG:4326" else 100
        content = png(
            b"prVt", noise + struct.pack("<qq", round(first * scale), round(second * scale))
        )
    else:
        around = np.array([(east + 300, north - 70), (east, north), (east - 3, north)])
        content = f'{{"xy":"{pack_points(around, crs=place.crs)}"}}'.encode()
    file = tmp_path_factory.mktemp("any") / "fil"
    file.write_bytes(content)
    assert {leak.kind for leak in scan(file, register_secrets(units))} - {UNREADABLE}
