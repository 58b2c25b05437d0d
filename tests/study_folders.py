"""A small complete study on disk, to be spoiled one file at a time.

The place is fictional: three crossing streets some 600 m long, in UTM zone 32.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import geopandas as gpd
import pyproj
import pytest
from shapely import Point, box
from shapely.geometry.base import BaseGeometry

from tomteanalyse.errors import Notice, TomteanalyseError

CRS = pyproj.CRS("EPSG:25832")
WEST, SOUTH = 597_000.0, 6_643_000.0
SIZE_M = 600.0
EXTENT = (WEST, SOUTH, WEST + SIZE_M, SOUTH + SIZE_M)

STUDY = """\
name = "Prøvestudie"
crs = "EPSG:25832"
[profile]
step = 4
housing_form = "smaahus"
[plots]
file = "tomter.gpkg"
[register]
file = "enheter.csv"
[extract]
file = "omraade.osm"
"""
REGISTER = f"""\
enhet_id;antall_boliger;trinn;boform;gyldig_fra;gyldig_til;x;y
E2;3;4;småhus;01.01.2020;;{WEST + 100};{SOUTH + 100}
E1;1;;;;;{WEST + 200:.0f},5;{SOUTH + 200:.0f},5
"""


def at(east_m: float, north_m: float) -> Point:
    """Return a point so far from the study's south-western corner."""
    return Point(WEST + east_m, SOUTH + north_m)


def square(east_m: float, north_m: float, side_m: float = 20.0) -> BaseGeometry:
    """Return a square with its south-western corner there."""
    x, y = WEST + east_m, SOUTH + north_m
    return box(x, y, x + side_m, y + side_m)


def some_plots() -> gpd.GeoDataFrame:
    """Return three plots, not in the order of their ids."""
    return gpd.GeoDataFrame(
        {"tomt_id": ["T3", "T1", "T2"], "navn": ["Tre", "En", "To"]},
        geometry=[square(300, 100), square(100, 100), square(200, 100)],
        crs=CRS,
    )


def osm_xml() -> str:
    """Return an extract of three streets that cross the whole study."""
    to_degrees = pyproj.Transformer.from_crs(CRS, "EPSG:4326", always_xy=True)
    nodes, ways = [], []
    for street, north in enumerate((0.0, SIZE_M / 2, SIZE_M)):
        for end, east in enumerate((0.0, SIZE_M)):
            lon, lat = to_degrees.transform(WEST + east, SOUTH + north)
            number = 2 * street + end + 1
            nodes.append(f'<node id="{number}" version="1" lat="{lat:.7f}" lon="{lon:.7f}"/>')
        ways.append(
            f'<way id="{street + 1}" version="1"><nd ref="{2 * street + 1}"/>'
            f'<nd ref="{2 * street + 2}"/><tag k="highway" v="residential"/></way>'
        )
    body = "\n".join([*nodes, *ways])
    return f'<?xml version="1.0"?>\n<osm version="0.6" generator="test">\n{body}\n</osm>\n'


def write_study(folder: Path) -> Path:
    """Write a study without faults and return its folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "tomteanalyse.toml").write_text(STUDY, "utf-8")
    (folder / "enheter.csv").write_text(REGISTER, "utf-8-sig")
    (folder / "omraade.osm").write_text(osm_xml(), "utf-8")
    some_plots().to_file(folder / "tomter.gpkg", layer="tomter")
    return folder


def contents(folder: Path) -> dict[str, tuple[bytes, int]]:
    """Return every file below a folder with its bytes and time of change."""
    return {
        str(file.relative_to(folder)): (file.read_bytes(), file.stat().st_mtime_ns)
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


@contextmanager
def refusal(folder: Path, *codes: str) -> Iterator[list[Notice]]:
    """Expect exactly these faults, sayable in every language, and that no file was touched."""
    before = contents(folder)
    told: list[Notice] = []
    with pytest.raises(TomteanalyseError) as refused:
        yield told
    told += refused.value.notices
    assert sorted(notice.code for notice in told) == sorted(codes)
    for notice in told:
        for language in ("nb", "nn", "en"):
            assert str(folder) not in notice.text(language)
    assert contents(folder) == before
