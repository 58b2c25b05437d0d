"""Named places that residents go to: how they are read, and that shortcuts to them are found."""

from pathlib import Path

import geopandas as gpd
import pytest
import shapely
from tests.shortcut_worlds import RAIL, barrier, two_footways
from tests.worlds import CRS

from tomteanalyse.config import VisitsConfig
from tomteanalyse.errors import DataError
from tomteanalyse.inputs.files import find_source
from tomteanalyse.inputs.findings import Loaded
from tomteanalyse.inputs.visits import no_visits, read_visits
from tomteanalyse.measures.amenities import find_amenities
from tomteanalyse.measures.shortcuts.destinations import shortcut_destinations
from tomteanalyse.measures.shortcuts.measure import measure_shortcuts

EXTENT = (590_000.0, 6_630_000.0, 610_000.0, 6_650_000.0)


def read(folder: Path, table: gpd.GeoDataFrame, **said: object) -> Loaded:
    table.to_file(folder / "b.gpkg")
    source = find_source(folder, "b.gpkg", role="visits")
    config = VisitsConfig.model_validate({"file": "b.gpkg", **said})
    return read_visits(source, config=config, study_crs=CRS, near=EXTENT)


def places(names: list[str | None], shapes: list[shapely.Geometry]) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame({"Navn": names}, geometry=shapes, crs=CRS)


HERE, THERE = shapely.Point(600_000, 6_640_000), shapely.Point(600_500, 6_640_000)


def test_places_are_numbered_by_name_whatever_the_order_of_the_file(tmp_path: Path) -> None:
    for names, shapes in (
        (["Værestedet", "Nav"], [HERE, THERE]),
        (["Nav", "Værestedet"], [THERE, HERE]),
    ):
        table = read(tmp_path, places(names, shapes)).table
        assert table["name"].to_dict() == {"visit1": "Nav", "visit2": "Værestedet"}
        assert table.geometry["visit1"].equals(THERE)


def test_every_fault_of_the_file_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(DataError) as caught:
        read(tmp_path, places(["Nav", " ", None], [HERE.buffer(5), THERE, HERE]))
    told = [(each.code, each.rows) for each in caught.value.notices]
    assert told == [("visits.nameless", (2, 3)), ("visits.not_points", (1,))]


def test_a_layer_without_names_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError) as caught:
        read(tmp_path, gpd.GeoDataFrame({"tall": [1]}, geometry=[HERE], crs=CRS))
    assert [each.code for each in caught.value.notices] == ["visits.no_name_column"]


def test_a_place_across_the_railway_is_a_destination_like_a_shop() -> None:
    world = two_footways(150)
    barrier(world, RAIL)
    extract = world.extract()
    amenities = find_amenities(extract, crs=CRS)
    visits = gpd.GeoDataFrame(
        {"name": ["Værestedet"]}, geometry=[shapely.Point(0, 50)], index=["visit1"], crs=CRS
    )
    doors = gpd.GeoSeries([shapely.Point(0, -50)], index=["A"], crs=CRS)
    found = measure_shortcuts(
        extract, doors, shortcut_destinations(amenities, extract, visits=visits)
    )
    # The toy of the method: 400 m round, 196 m across.
    assert found.risk["A"] == pytest.approx(0.7830, abs=5e-5)
    assert found.destinations["category"].to_dict() == {"visit1": "visit"}
    none = shortcut_destinations(amenities, extract, visits=no_visits(CRS))
    assert measure_shortcuts(extract, doors, none).risk["A"] == 0.0
