"""The door for map files: every trap that files from municipal desks set."""

import gzip
import json
import shutil
import sqlite3
import subprocess
import sys
import warnings
import zipfile
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyproj
import pytest
import shapely
from shapely import Point

from study_folders import CRS, EXTENT, at, contents, refusal, some_plots, square
from tomteanalyse.config import PlotsConfig
from tomteanalyse.errors import DataError
from tomteanalyse.inputs.archive import refuse_swollen
from tomteanalyse.inputs.constraints import read_areas
from tomteanalyse.inputs.doctype import refuse_doctype
from tomteanalyse.inputs.files import Source, find_source
from tomteanalyse.inputs.findings import Loaded
from tomteanalyse.inputs.placement import guess_crs, horizontal, suspicion
from tomteanalyse.inputs.plots import read_plots

NEAR = EXTENT
HOLD_LOCK = """
import sqlite3, sys
database = sqlite3.connect(sys.argv[1], isolation_level=None)
if sys.argv[2] == "exclusive":
    database.execute("BEGIN EXCLUSIVE")
else:
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("CREATE TABLE held (a)")
    database.execute("INSERT INTO held VALUES (1)")
print("held", flush=True)
sys.stdin.read()
"""


def read(
    file: Path,
    *,
    near: tuple[float, float, float, float] | None = NEAR,
    crs: str | None = None,
    layer: str | None = None,
    study_crs: pyproj.CRS = CRS,
) -> Loaded:
    source = find_source(file.parent, file.name, role="plots")
    return read_plots(
        source, config=PlotsConfig(crs=crs, layer=layer), study_crs=study_crs, extent=near
    )


def write(
    file: Path, frame: gpd.GeoDataFrame | None = None, *, crs: str | None = "EPSG:25832"
) -> Path:
    frame = some_plots() if frame is None else frame
    frame = frame.to_crs(crs) if crs else frame.set_crs(None, allow_override=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # writing without a CRS is what is wanted here
        frame.to_file(file)
    return file


def zipped(folder: Path, *suffixes: str, name: str = "tomter.zip") -> Path:
    write(folder / "tomter.shp")
    with zipfile.ZipFile(folder / name, "w", zipfile.ZIP_DEFLATED) as archive:
        for suffix in suffixes:
            archive.write(folder / f"tomter{suffix}", f"kart/tomter{suffix}")
    for part in folder.glob("tomter.[!z]*"):
        part.unlink()
    return folder / name


def areas(loaded: Loaded) -> list[float]:
    return [round(area) for area in loaded.table.geometry.area]


@pytest.mark.parametrize("name", ["a.gpkg", "a.geojson", "a.json", "a.shp"])
def test_every_format_gives_the_same_plots(tmp_path: Path, name: str) -> None:
    frame = some_plots()
    if name.endswith("json"):
        frame.to_file(tmp_path / name, driver="GeoJSON")
    else:
        frame.to_file(tmp_path / name)
    plots = read(tmp_path / name).table
    assert list(plots.index) == ["T1", "T2", "T3"]
    assert list(plots["name"]) == ["En", "To", "Tre"]
    assert shapely.equals_exact(
        plots.geometry.normalize().values,
        gpd.GeoSeries([square(100, 100), square(200, 100), square(300, 100)]).normalize().values,
        tolerance=1e-6,
    ).all()


@pytest.mark.parametrize("crs", ["EPSG:25833", "EPSG:4326", "EPSG:5972", "EPSG:3857"])
def test_files_in_other_systems_land_in_the_right_place(tmp_path: Path, crs: str) -> None:
    plots = read(write(tmp_path / "a.gpkg", crs=crs)).table
    assert plots.crs == CRS
    assert plots.geometry["T1"].centroid.distance(square(100, 100).centroid) < 0.01


def test_a_zipped_shapefile_is_read_where_it_lies_and_leaves_nothing_behind(
    tmp_path: Path,
) -> None:
    file = zipped(tmp_path, ".shp", ".shx", ".dbf", ".prj", ".cpg")
    before = contents(tmp_path)
    loaded = read(file)
    assert areas(loaded) == [400, 400, 400]
    assert [one.name for one in loaded.inputs] == ["tomter.zip"]
    assert contents(tmp_path) == before


def test_a_shapefile_counts_all_its_parts_among_the_inputs(tmp_path: Path) -> None:
    names = [one.name for one in read(write(tmp_path / "a.shp")).inputs]
    assert names == ["a.shp", "a.cpg", "a.dbf", "a.prj", "a.shx"]


def test_a_prj_without_an_epsg_code_works(tmp_path: Path) -> None:
    file = write(tmp_path / "a.shp", crs="EPSG:25833")
    bare = 'PROJCS["UTM33",GEOGCS["ETRS89",DATUM["D_ETRS_1989",SPHEROID["GRS_1980",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Transverse_Mercator"],PARAMETER["False_Easting",500000.0],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",15.0],PARAMETER["Scale_Factor",0.9996],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]'  # noqa: E501 - a .prj is one line
    file.with_suffix(".prj").write_text(bare)
    assert pyproj.CRS.from_wkt(bare).to_epsg(min_confidence=100) is None
    plots = read(file).table
    assert plots.geometry["T1"].centroid.distance(square(100, 100).centroid) < 1


# --- coordinate systems


@pytest.mark.parametrize(
    ("written", "guess"),
    [("EPSG:25832", "EPSG:25832"), ("EPSG:25833", "EPSG:25833"), ("EPSG:4326", "EPSG:4326")],
)
def test_a_missing_crs_is_told_with_a_guess_from_the_numbers(
    tmp_path: Path, written: str, guess: str
) -> None:
    file = write(tmp_path / "a.shp", some_plots().to_crs(written), crs=written)
    file.with_suffix(".prj").unlink()
    with refusal(tmp_path, "vector.no_crs") as told:
        read(file)
    assert told[0].values["guess"] == guess


def test_without_an_extract_the_guess_names_both_zones(tmp_path: Path) -> None:
    file = write(tmp_path / "a.shp")
    file.with_suffix(".prj").unlink()
    with refusal(tmp_path, "vector.no_crs") as told:
        read(file, near=None)
    assert told[0].values["guess"] == "EPSG:25832/EPSG:25833"


def test_numbers_like_nothing_known_give_no_guess(tmp_path: Path) -> None:
    frame = some_plots().set_geometry([Point(1e9, 1e9)] * 3)
    with refusal(write(tmp_path / "a.gpkg", frame, crs=None).parent, "vector.no_crs_no_guess"):
        read(tmp_path / "a.gpkg")


def test_the_study_file_can_say_the_crs_a_file_lacks(tmp_path: Path) -> None:
    file = write(tmp_path / "a.gpkg", some_plots().to_crs("EPSG:25833"), crs=None)
    plots = read(file, crs="EPSG:25833").table
    assert plots.geometry["T1"].centroid.distance(square(100, 100).centroid) < 0.01


def test_a_crs_that_beats_the_files_own_is_told(tmp_path: Path) -> None:
    frame = some_plots().to_crs("EPSG:25833").set_crs("EPSG:25832", allow_override=True)
    loaded = read(write(tmp_path / "a.gpkg", frame), crs="EPSG:25833")
    assert [one.code for one in loaded.warnings] == ["vector.crs_overridden"]


def test_an_unknown_crs_for_a_file_is_told(tmp_path: Path) -> None:
    file = write(tmp_path / "a.gpkg")
    with refusal(tmp_path, "vector.unknown_crs"):
        read(file, crs="UTM32")


def test_utm_numbers_in_a_geojson_that_does_not_say_so_are_told(tmp_path: Path) -> None:
    file = write(tmp_path / "a.geojson")
    content = json.loads(file.read_text("utf-8"))
    del content["crs"]
    file.write_text(json.dumps(content), "utf-8")
    with refusal(tmp_path, "vector.not_degrees") as told:
        read(file)
    assert told[0].values["guess"] == "EPSG:25832"
    assert areas(read(file, crs="EPSG:25832")) == [400, 400, 400]


def test_numbers_that_are_neither_degrees_nor_utm_are_told_without_a_guess(tmp_path: Path) -> None:
    frame = some_plots().set_geometry([Point(9000 + i, 9000) for i in range(3)])
    write(tmp_path / "a.gpkg", frame.set_crs("EPSG:4326", allow_override=True), crs="EPSG:4326")
    with refusal(tmp_path, "vector.not_degrees_no_guess"):
        read(tmp_path / "a.gpkg")


def test_degrees_that_are_said_to_be_metres_are_told(tmp_path: Path) -> None:
    frame = some_plots().to_crs("EPSG:4326").set_crs("EPSG:25832", allow_override=True)
    write(tmp_path / "a.gpkg", frame)
    with refusal(tmp_path, "vector.degrees_as_metres") as told:
        read(tmp_path / "a.gpkg")
    assert told[0].values["guess"] == "EPSG:4326"


def swapped(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    flipped = shapely.transform(frame.geometry.values, lambda xy: xy[:, ::-1])
    return frame.set_geometry(gpd.GeoSeries(flipped, crs=frame.crs))


@pytest.mark.parametrize("near", [NEAR, None])
@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:25832"])
def test_swapped_axes_are_told_with_and_without_an_extract(
    tmp_path: Path, crs: str, near: tuple[float, float, float, float] | None
) -> None:
    write(tmp_path / "a.gpkg", swapped(some_plots().to_crs(crs)), crs=crs)
    with refusal(tmp_path, "vector.swapped_axes") as told:
        read(tmp_path / "a.gpkg", near=near)
    assert told[0].values["guess"] == crs


@pytest.mark.parametrize(("true", "said"), [(32, 33), (33, 32), (35, 32)])
def test_a_zone_that_was_mixed_up_is_told(tmp_path: Path, true: int, said: int) -> None:
    frame = some_plots().to_crs(f"EPSG:258{true}").set_crs(f"EPSG:258{said}", allow_override=True)
    write(tmp_path / "a.gpkg", frame, crs=f"EPSG:258{said}")
    with refusal(tmp_path, "vector.wrong_zone") as told:
        read(tmp_path / "a.gpkg")
    assert told[0].values == {"said": f"EPSG:258{said}", "guess": f"EPSG:258{true}"}
    assert told[0].rows == ()


def test_single_rows_from_another_zone_are_told_by_row(tmp_path: Path) -> None:
    frame = some_plots()
    frame.loc[1, "geometry"] = frame.to_crs("EPSG:25833").geometry[1]
    write(tmp_path / "a.gpkg", frame)
    with refusal(tmp_path, "vector.wrong_zone") as told:
        read(tmp_path / "a.gpkg")
    assert told[0].rows == (2,)


def test_a_file_from_another_county_is_no_zone_mistake() -> None:
    far = shapely.get_coordinates([at(100_000, 100_000)])
    assert suspicion(far, crs=CRS, study_crs=CRS, near=NEAR) is None


def test_points_that_cannot_be_reprojected_are_told_and_not_made_infinite(tmp_path: Path) -> None:
    frame = some_plots()
    frame.loc[2, "geometry"] = Point(1e9, 6.6e6)
    write(tmp_path / "a.gpkg", frame)
    with refusal(tmp_path, "vector.not_projectable") as told:
        read(tmp_path / "a.gpkg", study_crs=pyproj.CRS("EPSG:25833"), near=None)
    assert told[0].rows == (3,)


def test_a_guess_outside_norway_follows_the_extract() -> None:
    bavaria = pyproj.CRS("EPSG:25832")
    degrees = shapely.get_coordinates([Point(11.09, 47.49)])
    metres = pyproj.Transformer.from_crs("EPSG:4326", bavaria, always_xy=True)
    x, y = metres.transform(11.09, 47.49)
    near = (x - 1000, y - 1000, x + 1000, y + 1000)
    assert guess_crs(degrees, study_crs=bavaria, near=near) == "EPSG:4326"
    doubt = suspicion(degrees[:, ::-1], crs=pyproj.CRS("EPSG:4326"), study_crs=bavaria, near=near)
    assert doubt is not None
    assert doubt.code == "vector.swapped_axes"


def test_heights_are_left_out_of_a_system() -> None:
    assert horizontal(pyproj.CRS("EPSG:5973")).to_epsg() == 25833
    assert horizontal(pyproj.CRS("EPSG:4979")).to_epsg() == 4326


# --- broken, odd and hostile files


def test_a_truncated_geopackage_is_told(tmp_path: Path) -> None:
    file = write(tmp_path / "a.gpkg")
    file.write_bytes(file.read_bytes()[:50_000])
    with refusal(tmp_path, "vector.unreadable"):
        read(file)


def test_a_geopackage_with_a_damaged_page_is_told(tmp_path: Path) -> None:
    file = write(tmp_path / "a.gpkg")
    raw = bytearray(file.read_bytes())
    raw[4096 * 2 : 4096 * 3] = b"\xff" * 4096
    file.write_bytes(raw)
    with refusal(tmp_path, "vector.unreadable"):
        read(file)


def test_a_truncated_geojson_is_told(tmp_path: Path) -> None:
    file = write(tmp_path / "a.geojson")
    file.write_bytes(file.read_bytes()[:-40])
    with refusal(tmp_path, "vector.unreadable"):
        read(file)


@pytest.mark.parametrize("part", [".shp", ".shx", ".dbf"])
def test_a_truncated_shapefile_is_told_whichever_part_it_is(tmp_path: Path, part: str) -> None:
    file = write(tmp_path / "a.shp")
    damaged = file.with_suffix(part)
    damaged.write_bytes(damaged.read_bytes()[:-10])
    with refusal(tmp_path, "vector.truncated"):
        read(file)


@pytest.mark.parametrize("part", [".shx", ".dbf"])
def test_a_shapefile_that_lacks_a_part_is_told(tmp_path: Path, part: str) -> None:
    file = write(tmp_path / "a.shp")
    file.with_suffix(part).unlink()
    with refusal(tmp_path, "vector.missing_part") as told:
        read(file)
    assert told[0].values == {"parts": part}


def test_an_empty_file_a_folder_and_a_missing_file_are_told(tmp_path: Path) -> None:
    (tmp_path / "a.gpkg").touch()
    (tmp_path / "mappe").mkdir()
    with refusal(tmp_path, "study.empty_input"):
        read(tmp_path / "a.gpkg")
    with refusal(tmp_path, "study.folder_input"):
        read(tmp_path / "mappe")
    with refusal(tmp_path, "study.missing_input"):
        read(tmp_path / "b.gpkg")


def test_no_message_gives_away_where_a_file_lies(tmp_path: Path) -> None:
    for written in (str(tmp_path / "hemmelig" / "a.gpkg"), r"C:\users\ola\a.gpkg"):
        with pytest.raises(DataError) as refused:
            find_source(tmp_path, written, role="plots")
        assert refused.value.notices[0].file == "a.gpkg"


@pytest.mark.parametrize("name", ["a.sos", "a.SOSI", "a.geojson"])
def test_sosi_is_named_for_what_it_is(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(".HODE\n..TEGNSETT UTF-8\n", "utf-8")
    with refusal(tmp_path, "vector.sosi"):
        read(tmp_path / name)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("a.kml", "vector.unknown_format"),
        ("a.gpkg", "vector.unreadable"),
        ("a.geojson", "vector.unreadable"),
        ("a.zip", "vector.zip_unreadable"),
    ],
)
def test_a_file_that_is_not_what_its_name_says_is_told(
    tmp_path: Path, name: str, code: str
) -> None:
    (tmp_path / name).write_text("<html>logg inn</html>", "utf-8")
    with refusal(tmp_path, code):
        read(tmp_path / name)


@pytest.mark.parametrize(
    "content",
    [
        '<OGRVRTDataSource><OGRVRTLayer name="a"><SrcDataSource relativeToVRT="1">b.shp'
        "</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>",
        '{"type":"gdal_streamed_alg","command_line":"gdal vector pipeline ! read b.shp"}',
    ],
)
def test_a_file_that_points_to_others_is_not_followed(tmp_path: Path, content: str) -> None:
    write(tmp_path / "b.shp")
    (tmp_path / "a.geojson").write_text(content, "utf-8")
    with refusal(tmp_path, "vector.unreadable"):
        read(tmp_path / "a.geojson")


def test_a_file_that_may_not_be_opened_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = write(tmp_path / "a.gpkg")

    def refused(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", str(file))

    monkeypatch.setattr(Path, "open", refused)
    with pytest.raises(DataError) as told:
        find_source(tmp_path, "a.gpkg", role="plots")
    assert [one.code for one in told.value.notices] == ["study.closed_input"]


def test_a_file_of_several_layers_asks_which(tmp_path: Path) -> None:
    file = write(tmp_path / "a.gpkg")
    some_plots().iloc[:1].to_file(file, layer="andre")
    with refusal(tmp_path, "vector.several_layers") as told:
        read(file)
    assert told[0].values == {"layers": "a, andre"}
    assert list(read(file, layer="andre").table.index) == ["T3"]
    with refusal(tmp_path, "vector.no_such_layer"):
        read(file, layer="tredje")


def test_qgis_style_table_is_no_second_layer(tmp_path: Path) -> None:
    file = write(tmp_path / "a.gpkg")
    database = sqlite3.connect(file)
    database.execute("CREATE TABLE layer_styles (id INTEGER PRIMARY KEY, styleQML TEXT)")
    database.execute(
        "INSERT INTO gpkg_contents (table_name, data_type, identifier) "
        "VALUES ('layer_styles', 'attributes', 'layer_styles')"
    )
    database.commit()
    database.close()
    assert areas(read(file)) == [400, 400, 400]


def test_a_geopackage_that_is_being_written_is_told(tmp_path: Path) -> None:
    file = write(tmp_path / "a.gpkg")
    with held(file, "exclusive"), refusal(tmp_path, "vector.locked"):
        read(file)
    assert areas(read(file)) == [400, 400, 400]


def test_a_save_that_was_broken_off_is_told(tmp_path: Path) -> None:
    file = write(tmp_path / "a.gpkg")
    (tmp_path / "a.gpkg-journal").write_bytes(b"\x00" * 512)
    with refusal(tmp_path, "vector.locked"):
        read(file)


def test_a_geopackage_open_in_qgis_is_read_and_left_alone(tmp_path: Path) -> None:
    file = write(tmp_path / "a.gpkg")
    with held(file, "wal"):
        assert (tmp_path / "a.gpkg-wal").stat().st_size > 0
        before = contents(tmp_path)
        loaded = read(file)
        assert contents(tmp_path) == before
    assert areas(loaded) == [400, 400, 400]
    assert [one.code for one in loaded.warnings] == ["vector.open_elsewhere"]


def test_reading_leaves_no_files_beside_a_geopackage_in_wal_mode(tmp_path: Path) -> None:
    file = write(tmp_path / "a.gpkg")
    database = sqlite3.connect(file)
    database.execute("PRAGMA journal_mode=WAL")
    database.close()
    before = contents(tmp_path)
    loaded = read(file)
    assert contents(tmp_path) == before
    assert loaded.warnings == ()


class held:  # noqa: N801 - reads as a word in a with statement
    """Another process that has a GeoPackage open."""

    def __init__(self, file: Path, how: str) -> None:
        self.command = [sys.executable, "-c", HOLD_LOCK, str(file), how]

    def __enter__(self) -> None:
        self.process = subprocess.Popen(
            self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self.process.stdout is not None
        assert self.process.stdout.readline() == "held\n"

    def __exit__(self, *_: object) -> None:
        self.process.communicate("")


# --- zips


@pytest.mark.parametrize(
    ("left_out", "code"),
    [
        (".shp", "vector.zip_no_shapefile"),
        (".shx", "vector.missing_part"),
        (".dbf", "vector.missing_part"),
        (".prj", "vector.no_crs"),
    ],
)
def test_a_zip_that_lacks_a_part_is_told(tmp_path: Path, left_out: str, code: str) -> None:
    parts = [one for one in (".shp", ".shx", ".dbf", ".prj") if one != left_out]
    file = zipped(tmp_path, *parts)
    with refusal(tmp_path, code):
        read(file)


@pytest.mark.parametrize(
    "inside", ["../ut.shp", "/etc/ut.shp", "..\\ut.shp", "C:\\ut.shp", "a/../../ut.shp"]
)
def test_a_zip_that_wants_out_of_its_folder_is_refused(tmp_path: Path, inside: str) -> None:
    home = tmp_path / "studie"
    home.mkdir()
    with zipfile.ZipFile(home / "a.zip", "w") as archive:
        archive.writestr(inside, b"x")
    with refusal(tmp_path, "vector.zip_escape"):
        read(home / "a.zip")


def test_a_zip_with_a_link_is_refused(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("a.shp")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(link, "/etc/passwd")
    with refusal(tmp_path, "vector.zip_escape"):
        read(tmp_path / "a.zip")


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.shp", b"\0" * 40_000_000)
    assert (tmp_path / "a.zip").stat().st_size < 100_000
    with refusal(tmp_path, "vector.zip_bomb"):
        read(tmp_path / "a.zip")


def test_a_zip_that_lies_about_its_sizes_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = zipped(tmp_path, ".shp", ".shx", ".dbf", ".prj")
    monkeypatch.setattr("tomteanalyse.inputs.archive.refuse_unsafe", lambda *_, **__: None)
    monkeypatch.setattr("tomteanalyse.inputs.archive.UNPACKED_LIMIT", 100)
    with refusal(tmp_path, "vector.zip_bomb"):
        read(file)


def test_a_truncated_zip_is_told(tmp_path: Path) -> None:
    file = zipped(tmp_path, ".shp", ".shx", ".dbf", ".prj")
    file.write_bytes(file.read_bytes()[:-30])
    with refusal(tmp_path, "vector.zip_unreadable"):
        read(file)


def test_a_zip_whose_content_is_damaged_is_told(tmp_path: Path) -> None:
    file = zipped(tmp_path, ".shp", ".shx", ".dbf", ".prj")
    raw = bytearray(file.read_bytes())
    raw[60:90] = b"\xff" * 30
    file.write_bytes(raw)
    with refusal(tmp_path, "vector.zip_unreadable"):
        read(file)


def test_a_zip_of_several_shapefiles_asks_which(tmp_path: Path) -> None:
    file = zipped(tmp_path, ".shp", ".shx", ".dbf", ".prj")
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr("andre.shp", b"x")
        archive.writestr("__MACOSX/._tomter.shp", b"x")
    with refusal(tmp_path, "vector.several_layers") as told:
        read(file)
    assert told[0].values == {"layers": "andre, tomter"}
    assert areas(read(file, layer="tomter")) == [400, 400, 400]
    with refusal(tmp_path, "vector.no_such_layer"):
        read(file, layer="tredje")


# --- gzip


def swollen(file: Path, parts: int = 1) -> int:
    """Write 1 MB of nothing in so many parts and return how many bytes it takes."""
    body = b" " * (1_000_000 // parts)
    file.write_bytes(b"".join(gzip.compress(body) for _ in range(parts)) + gzip.compress(b"<osm/>"))
    return file.stat().st_size


@pytest.mark.parametrize("parts", [1, 20])
def test_a_gzip_bomb_is_refused_whatever_its_last_part_says(tmp_path: Path, parts: int) -> None:
    size = swollen(tmp_path / "a.osm.gz", parts)
    assert 1_000_000 / size > 60
    refuse_swollen(tmp_path / "a.osm.gz")
    refuse_swollen(tmp_path / "a.osm.gz", ratio_from_bytes=1_000_100)
    with refusal(tmp_path, "osm.too_much") as told:
        refuse_swollen(tmp_path / "a.osm.gz", ratio_from_bytes=900_000)
    assert told[0].values == {"mb": 0.9}
    for language in ("nb", "nn", "en"):
        assert "MB" in told[0].text(language)


def test_what_swells_no_more_than_maps_do_is_let_through_up_to_a_limit(tmp_path: Path) -> None:
    size = swollen(tmp_path / "a.osm.gz")
    ratio = 1_000_100 / size
    refuse_swollen(tmp_path / "a.osm.gz", ratio=ratio, ratio_from_bytes=1)
    with refusal(tmp_path, "osm.too_much"):
        refuse_swollen(tmp_path / "a.osm.gz", ratio=ratio, ratio_from_bytes=1, limit_bytes=999_999)
    with refusal(tmp_path, "osm.too_much"):
        refuse_swollen(tmp_path / "a.osm.gz", ratio=0.99 * ratio, ratio_from_bytes=1)


@pytest.mark.parametrize("raw", [b"", b"no gzip", gzip.compress(bytes(9999))[:-9]])
def test_a_broken_gzip_is_left_to_its_reader(tmp_path: Path, raw: bytes) -> None:
    (tmp_path / "a.osm.gz").write_bytes(raw)
    refuse_swollen(tmp_path / "a.osm.gz", ratio_from_bytes=10_000)


# --- XML


ENTITIES = '<?xml version="1.0"?>\n<!-- x -->\n<!DOCTYPE osm [<!ENTITY a "aaaa">]>\n<osm>&a;</osm>'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("name", ["a.osm", "a.osm.gz"])
def test_xml_that_declares_entities_is_refused(tmp_path: Path, name: str, encoding: str) -> None:
    raw = ENTITIES.encode(encoding)
    (tmp_path / name).write_bytes(gzip.compress(raw) if name.endswith("gz") else raw)
    with refusal(tmp_path, "vector.doctype"):
        refuse_doctype(tmp_path / name)


def test_a_doctype_behind_a_long_comment_is_found(tmp_path: Path) -> None:
    hidden = ENTITIES.replace("<!-- x -->", f"<!--{'x' * 300_000}-->")
    (tmp_path / "a.osm").write_text(hidden)
    with refusal(tmp_path, "vector.doctype"):
        refuse_doctype(tmp_path / "a.osm")


def test_the_word_in_a_tag_or_comment_is_no_doctype(tmp_path: Path) -> None:
    file = tmp_path / "a.osm"
    file.write_text('<!-- <!DOCTYPE x> --><osm><tag k="name" v="&lt;!DOCTYPE x&gt;"/></osm>')
    refuse_doctype(file)
    file.write_text("not xml at all")
    refuse_doctype(file)


# --- areas of constraints


def read_constraint(file: Path) -> Loaded:
    source = Source(file, file.name, "constraint")
    return read_areas(source, layer=None, crs=None, study_crs=CRS, near=NEAR)


def test_areas_of_a_constraint_are_mended_and_read_without_their_attributes(
    tmp_path: Path,
) -> None:
    bow_tie = shapely.Polygon([(0, 0), (10, 10), (10, 0), (0, 10)])
    moved = shapely.transform(bow_tie, lambda xy: xy + shapely.get_coordinates(at(0, 0)))
    frame = gpd.GeoDataFrame(
        {"eier": ["a", "b", "c"]}, geometry=[square(0, 0), moved, None], crs=CRS
    )
    frame.to_file(tmp_path / "a.gpkg")
    loaded = read_constraint(tmp_path / "a.gpkg")
    assert list(loaded.table.columns) == ["geometry"]
    assert loaded.table.geometry.is_valid.all()
    assert areas(loaded) == [400, 50]
    assert [one.code for one in loaded.warnings] == ["constraints.repaired", "constraints.no_area"]
    assert [(one.row, one.reason) for one in loaded.dropped] == [(3, "constraints.no_area")]
    assert (loaded.inputs[0].read, loaded.inputs[0].dropped) == (3, 1)


@pytest.mark.parametrize("bad", [float("inf"), float("nan")])
def test_an_area_of_a_constraint_with_a_corner_that_is_nowhere_is_told(
    tmp_path: Path, bad: float
) -> None:
    with np.errstate(invalid="ignore"):
        spoiled = shapely.Polygon([at(0, 0), at(9, 0), at(9, 9), (bad, EXTENT[1])])
    gpd.GeoDataFrame(geometry=[square(0, 0), spoiled], crs=CRS).to_file(tmp_path / "a.gpkg")
    with refusal(tmp_path, "vector.not_finite") as told:
        read_constraint(tmp_path / "a.gpkg")
    assert told[0].rows == (2,)


def test_one_corner_that_cannot_be_reprojected_is_told(tmp_path: Path) -> None:
    frame = some_plots()
    stretched = [at(0, 0), at(9, 0), at(9, 9), Point(-1e9, EXTENT[1])]
    frame.loc[1, "geometry"] = shapely.Polygon(stretched)
    write(tmp_path / "a.gpkg", frame)
    with refusal(tmp_path, "vector.not_projectable") as told:
        read(tmp_path / "a.gpkg", study_crs=pyproj.CRS("EPSG:25833"), near=None)
    assert (told[0].rows, told[0].ids) == ((2,), ("T1",))


def test_a_constraint_of_lines_is_refused(tmp_path: Path) -> None:
    frame = gpd.GeoDataFrame(geometry=[shapely.LineString([at(0, 0), at(9, 9)])], crs=CRS)
    frame.to_file(tmp_path / "a.gpkg")
    with refusal(tmp_path, "constraints.not_polygons"):
        read_constraint(tmp_path / "a.gpkg")


def test_a_constraint_layer_that_forbids_nothing_here_is_told(tmp_path: Path) -> None:
    frame = gpd.GeoDataFrame(geometry=[square(5000, 5000)], crs=CRS)
    frame.to_file(tmp_path / "a.gpkg")
    assert [one.code for one in read_constraint(tmp_path / "a.gpkg").warnings] == [
        "constraints.elsewhere"
    ]
    frame.iloc[:0].to_file(tmp_path / "b.gpkg")
    assert [one.code for one in read_constraint(tmp_path / "b.gpkg").warnings] == [
        "constraints.none"
    ]


def test_the_population_grid_whose_prj_has_no_code_is_read() -> None:
    shape = Path(__file__).parents[2] / "shared/data/ssb/population_250m_2023_oslo.shp"
    if not shape.exists():
        pytest.skip("the real extracts in ../shared/data are not here")
    before = contents(shape.parent)
    loaded = read_areas(
        Source(shape, shape.name, "constraint"), layer=None, crs=None, study_crs=CRS, near=None
    )
    assert len(loaded.table) == 2380
    assert shapely.box(*loaded.table.total_bounds).contains(at(0, 0))
    assert contents(shape.parent) == before


def test_a_copy_of_a_file_has_the_same_fingerprint(tmp_path: Path) -> None:
    file = write(tmp_path / "a.gpkg")
    shutil.copy(file, tmp_path / "b.gpkg")
    assert read(file).inputs[0].sha256 == read(tmp_path / "b.gpkg").inputs[0].sha256
