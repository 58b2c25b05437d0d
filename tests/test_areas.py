"""Districts and basic statistical units are read as they are drawn, and none lies on another."""

from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
from shapely import MultiPolygon, Point, Polygon

from study_folders import CRS, EXTENT, at, refusal, square
from tomteanalyse.config import AreasConfig
from tomteanalyse.inputs.areas import read_areas_of_study
from tomteanalyse.inputs.files import find_source
from tomteanalyse.inputs.findings import Loaded


def write(folder: Path, ids: list[object], shapes: list[object], **columns: object) -> Path:
    file = folder / "kretser.gpkg"
    gpd.GeoDataFrame({"grunnkretsnummer": ids, **columns}, geometry=shapes, crs=CRS).to_file(
        file, layer="kretser"
    )
    return file


def read(file: Path, **said: object) -> Loaded:
    config = AreasConfig.model_validate({"file": file.name, **said})
    source = find_source(file.parent, file.name, role="areas")
    return read_areas_of_study(source, config=config, study_crs=CRS, near=EXTENT)


def test_the_table_keeps_its_contract(tmp_path: Path) -> None:
    two = MultiPolygon([square(400, 0, 50), square(500, 0, 50)])
    file = write(tmp_path, ["03010102", "03010101"], [two, square(0, 0, 300)],
                 grunnkretsnavn=["Øvre", None])  # fmt: skip
    areas = read(file).table
    assert areas.index.name == "area_id"
    assert list(areas.index) == ["03010101", "03010102"]
    assert list(areas.columns) == ["name", "geometry"]
    assert areas["name"].isna().tolist() == [True, False]
    assert areas["name"]["03010102"] == "Øvre"
    assert areas.geometry["03010102"].equals(two)
    assert areas.crs == CRS


def test_the_order_of_the_file_does_not_matter(tmp_path: Path) -> None:
    shapes = [square(100 * n, 0, 100) for n in range(5)]
    first = read(write(tmp_path, ["c", "a", "e", "b", "d"], shapes)).table
    again = read(write(tmp_path, ["d", "b", "e", "a", "c"], shapes[::-1])).table
    pd.testing.assert_frame_equal(first, again)


def test_columns_and_layer_may_be_chosen(tmp_path: Path) -> None:
    file = tmp_path / "a.gpkg"
    gpd.GeoDataFrame(
        {"kode": ["1"], "tekst": ["En"]}, geometry=[square(0, 0, 99)], crs=CRS
    ).to_file(file, layer="a")
    gpd.GeoDataFrame({"kode": ["2"]}, geometry=[square(0, 0, 99)], crs=CRS).to_file(file, layer="b")
    columns = {"area_id": "kode", "name": "tekst"}
    areas = read(file, layer="a", columns=columns).table
    assert areas["name"].to_dict() == {"1": "En"}
    with refusal(tmp_path, "table.no_such_column", "table.no_such_column"):
        read(file, layer="b", columns={"area_id": "nummer", "name": "tekst"})


@pytest.mark.parametrize(
    ("ids", "shapes", "code", "told_ids"),
    [
        (["1", "1"], [square(0, 0), square(100, 0)], "areas.duplicate_id", ("1",)),
        (["1", ""], [square(0, 0), square(100, 0)], "areas.missing_id", ()),
        (["1", "2"], [square(0, 0), at(100, 0)], "areas.not_polygons", ("2",)),
        (["1", "2"], [square(0, 0), None], "areas.not_polygons", ("2",)),
        (["1", "2"], [square(0, 0, 100), square(90, 0, 100)], "areas.overlap", ("1", "2")),
        (["1", "2"], [square(0, 0, 100), square(20, 20, 10)], "areas.overlap", ("1", "2")),
        (["1"], [square(5000, 5000)], "areas.all_outside_extract", ()),
        (
            ["1"],
            [Polygon([at(0, 0), at(50, 50), at(50, 0), at(0, 50)])],
            "areas.no_area",
            ("1",),
        ),
    ],
)
def test_areas_that_cannot_be_used_are_refused_by_name(
    tmp_path: Path, ids: list[object], shapes: list[object], code: str, told_ids: tuple[str, ...]
) -> None:
    file = write(tmp_path, ids, shapes)
    with refusal(tmp_path, code) as told:
        read(file)
    assert told[0].ids == told_ids


def test_every_fault_is_told_at_once(tmp_path: Path) -> None:
    shapes = [square(0, 0), at(1, 1), square(100, 0), square(200, 0)]
    file = write(tmp_path, ["1", "2", "3", "3"], shapes)
    with refusal(tmp_path, "areas.duplicate_id", "areas.not_polygons"):
        read(file)


def test_a_file_without_areas_ids_or_places_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "a.gpkg"
    gpd.GeoDataFrame({"id": []}, geometry=[], crs=CRS).to_file(file)
    with refusal(tmp_path, "areas.none"):
        read(file)
    file = tmp_path / "b.gpkg"
    gpd.GeoDataFrame({"farge": ["rød"]}, geometry=[square(0, 0)], crs=CRS).to_file(file)
    with refusal(tmp_path, "areas.no_id_column"):
        read(file)


def test_borders_that_touch_or_overlap_by_a_hair_are_one_areas_alone(tmp_path: Path) -> None:
    # The second lies 0.4 m into the first: 40 of 10 000 m².
    file = write(tmp_path, ["1", "2", "3"],
                 [square(0, 0, 100), square(99.6, 0, 100), square(199.6, 0, 100)])  # fmt: skip
    areas = read(file).table
    assert areas.area.round(6).to_dict() == {"1": 10_000.0, "2": 9_960.0, "3": 10_000.0}
    assert areas.geometry["1"].intersection(areas.geometry["2"]).area == 0
    between = Point(at(99.8, 50))
    assert areas.covers(between).tolist() == [True, False, False]


def test_a_border_that_bites_itself_a_little_is_mended_and_told(tmp_path: Path) -> None:
    spike = [at(0, 0), at(300, 0), at(300, 300), at(0, 300), at(0, 0), at(-1, 0), at(0, 0)]
    loaded = read(write(tmp_path, ["1"], [Polygon(spike)]))
    assert loaded.table.is_valid.all()
    assert loaded.table.area.iloc[0] == pytest.approx(90_000)
    assert [notice.code for notice in loaded.warnings] == ["areas.repaired"]
