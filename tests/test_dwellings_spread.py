"""Dwellings of buildings and of the statistical grid: estimated, spread, and never one lost."""

import random
from fractions import Fraction
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from study_folders import refusal
from tomteanalyse.config import DwellingsConfig
from tomteanalyse.extract import OsmExtract, Tags
from tomteanalyse.inputs.dwellings import read_dwellings
from tomteanalyse.inputs.dwellings_spread import largest_remainder
from tomteanalyse.inputs.files import Source
from tomteanalyse.inputs.findings import Loaded
from tomteanalyse.inputs.osm import read_extract
from tomteanalyse.measures.concentration.grid import cell_ids
from worlds import World

DATA = Path(__file__).parents[2] / "shared/data"
GRID = pyproj.CRS("EPSG:25833")
WEST, SOUTH = 263_000.0, 6_643_000.0
"""A corner of cells of 1 km, and so of 250 m."""
NEAR = (WEST, SOUTH, WEST + 2000, SOUTH + 2000)
CELL_250 = 22_630_006_643_000
"""The id of the cell at that corner: 20 000 000 000 000 + 263 000 · 10 000 000 + 6 643 000."""


def block(east: float, north: float, width: float, depth: float = 10.0) -> shapely.Polygon:
    x, y = WEST + east, SOUTH + north
    return shapely.box(x, y, x + width, y + depth)


def town(*buildings: tuple[shapely.Polygon, Tags]) -> OsmExtract:
    world = World()
    world.way([(WEST, SOUTH), (WEST + 2000, SOUTH)], {"highway": "residential"})
    for shape, tags in buildings:
        world.area(shape, tags)
    return world.extract()


def read(
    file: Path | None, extract: OsmExtract | None, *, crs: pyproj.CRS = GRID,
    near: tuple[float, float, float, float] = NEAR, **said: object,
) -> Loaded:  # fmt: skip
    config = DwellingsConfig.model_validate(
        {"source": "grid", **({"file": file.name} if file else {}), **said}
    )
    source = None if file is None else Source(file, file.name, "dwellings")
    return read_dwellings(
        source, config=config, extract=extract, extract_name="omraade.osm.pbf", study_crs=crs,
        near=near,
    )  # fmt: skip


def told(loaded: Loaded) -> dict[str, dict[str, object]]:
    return {notice.code: dict(notice.values) for notice in loaded.warnings}


def cells(folder: Path, **columns: list[object]) -> Path:
    """Write cells of 250 m side by side, from the corner to the east."""
    count = len(next(iter(columns.values())))
    squares = [shapely.box(WEST + 250 * n, SOUTH, WEST + 250 * (n + 1), SOUTH + 250)
               for n in range(count)]  # fmt: skip
    gpd.GeoDataFrame(columns, geometry=squares, crs=GRID).to_file(folder / "rute.gpkg")
    return folder / "rute.gpkg"


# The map's own buildings.


@pytest.mark.parametrize(
    ("tags", "width", "dwellings"),
    [
        ({"building": "house"}, 50, 1),
        ({"building": "detached"}, 12, 1),
        ({"building": "farm"}, 30, 1),
        ({"building": "semidetached_house"}, 15, 2),
        ({"building": "semidetached_house"}, 8, 1),
        # 900 m² in four storeys is 3 600 m², 40 dwellings of 90 m²; three storeys are assumed.
        ({"building": "apartments", "building:levels": "4"}, 90, 40),
        ({"building": "apartments"}, 90, 30),
        ({"building": "apartments", "building:levels": "mange"}, 90, 30),
        ({"building": "apartments", "building:flats": "12", "building:levels": "4"}, 90, 12),
        ({"building": "apartments", "building:flats": "0"}, 90, 30),
        ({"building": "apartments"}, 1, 1),
        # 360 m² in two storeys is 720 m², six dwellings of 120 m².
        ({"building": "terrace"}, 36, 6),
        ({"building": "residential"}, 15, 1),
        ({"building": "residential"}, 45, 10),
        ({"building": "yes", "building:flats": "3"}, 20, 3),
        ({"building": "commercial", "building:flats": "8"}, 20, 8),
    ],
)
def test_a_building_has_as_many_dwellings_as_the_map_says_or_its_floor_has_room_for(
    tags: Tags, width: float, dwellings: int
) -> None:
    loaded = read(None, town((block(0, 0, width), tags)), source="buildings")
    assert loaded.table["dwellings"].tolist() == [dwellings]
    assert loaded.table.within(block(0, 0, width)).all()


def test_it_is_told_how_many_dwellings_are_stated_houses_and_estimates() -> None:
    extract = town(
        (block(0, 0, 10), {"building": "house", "ref:bygningsnr": "12345678"}),
        (block(100, 0, 90), {"building": "apartments"}),
        (block(300, 0, 90), {"building": "apartments", "building:flats": "7"}),
        (block(500, 0, 20), {"building": "yes"}),
        (block(600, 0, 20), {"building": "garage"}),
        (block(700, 0, 20), {"building": "cabin"}),
        (block(800, 0, 20), {"leisure": "park"}),
    )
    loaded = read(None, extract, source="buildings")
    assert loaded.table["dwellings"].tolist() == [1, 30, 7]
    assert loaded.table["building_id"].fillna("-").tolist() == ["12345678", "-", "-"]
    said = told(loaded)["dwellings.from_map"]
    assert {key: said[key] for key in ("count", "stated", "houses", "estimated", "buildings")} == {
        "count": 38.0, "stated": 7.0, "houses": 1.0, "estimated": 30.0, "buildings": 1.0,
    }  # fmt: skip
    assert told(loaded)["dwellings.untold_buildings"] == {"count": 1.0}
    assert loaded.warnings[0].file == "omraade.osm.pbf"
    assert loaded.inputs == ()


def test_a_map_without_homes_cannot_be_the_source(tmp_path: Path) -> None:
    with refusal(tmp_path, "dwellings.no_buildings"):
        read(None, town((block(0, 0, 10), {"building": "yes"})), source="buildings")


# A file of buildings.


def test_buildings_of_a_file_have_the_number_it_says_and_a_place_inside(tmp_path: Path) -> None:
    angle = shapely.difference(block(0, 0, 40, 40), block(0, 0, 30, 30))
    gpd.GeoDataFrame(
        {"antall_boliger": [12, 0, None], "byggeår": [1974, 1990, 1990], "bygningsnr": [7, 8, 9]},
        geometry=[angle, block(100, 0, 10), block(200, 0, 10)],
        crs=GRID,
    ).to_file(tmp_path / "bygg.gpkg")
    loaded = read(tmp_path / "bygg.gpkg", None, source="buildings")
    assert loaded.table["dwellings"].tolist() == [12]
    assert loaded.table["building_id"].tolist() == ["7"]
    assert loaded.table["built"].tolist() == [pd.Timestamp("1974-01-01")]
    assert loaded.table.within(angle).all()
    assert told(loaded) == {"dwellings.without_number": {"count": 1.0, "column": "antall_boliger"}}
    assert loaded.inputs[0].dropped == 2


def test_a_file_of_buildings_without_a_number_or_without_places_is_refused(tmp_path: Path) -> None:
    gpd.GeoDataFrame({"type": ["hus"]}, geometry=[block(0, 0, 10)], crs=GRID).to_file(
        tmp_path / "bygg.gpkg"
    )
    (tmp_path / "bygg.csv").write_text("boliger;x;y\n1;2;3\n", "utf-8")
    with refusal(tmp_path, "dwellings.no_number_column"):
        read(tmp_path / "bygg.gpkg", None, source="buildings")
    with refusal(tmp_path, "dwellings.no_geometry"):
        read(tmp_path / "bygg.csv", None, source="buildings")


# Whole numbers.


def test_whole_numbers_are_shared_out_by_largest_remainder() -> None:
    one = np.zeros(3, dtype=np.int64)
    # 10 by 3 : 3 : 1 is 4.29, 4.29 and 1.43; the last lost most by rounding down.
    assert largest_remainder(np.array([10]), one, np.array([3.0, 3.0, 1.0])).tolist() == [4, 4, 2]
    # Of equals the first ones get what is left.
    assert largest_remainder(np.array([5]), one, np.array([1.0, 1.0, 1.0])).tolist() == [2, 2, 1]
    assert largest_remainder(np.array([0]), one, np.array([1.0, 2.0, 3.0])).tolist() == [0, 0, 0]
    # Groups have nothing to do with each other, in whatever order their members stand.
    groups = np.array([1, 0, 1, 0])
    weights = np.array([1.0, 1.0, 3.0, 1.0])
    assert largest_remainder(np.array([3, 7]), groups, weights).tolist() == [2, 2, 5, 1]


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(1, 60)), min_size=1, max_size=25),
       st.lists(st.integers(0, 500), min_size=4, max_size=4))  # fmt: skip
def test_shares_add_up_and_agree_with_exact_fractions(
    members: list[tuple[int, int]], totals: list[int]
) -> None:
    groups = np.array([group for group, _ in members])
    weights = np.array([float(weight) for _, weight in members])
    found = largest_remainder(np.array(totals), groups, weights)
    for group in set(groups.tolist()):
        mine = [place for place, each in enumerate(groups.tolist()) if each == group]
        whole = sum(int(weights[place]) for place in mine)
        exact = {place: Fraction(totals[group] * int(weights[place]), whole) for place in mine}
        left = totals[group] - sum(int(share) for share in exact.values())
        most = sorted(mine, key=lambda place: (int(exact[place]) - exact[place], place))[:left]
        want = [int(exact[place]) + (place in most) for place in mine]
        assert found[mine].tolist() == want
        assert sum(want) == totals[group]


# The grid.


def test_dwellings_of_a_cell_go_to_its_buildings_by_floor_area(tmp_path: Path) -> None:
    extract = town(
        (block(10, 10, 10), {"building": "house"}),
        (block(50, 10, 10), {"building": "apartments"}),
        (block(600, 10, 5), {"building": "yes"}),
        (block(650, 10, 3), {"building": "yes"}),
        (block(80, 10, 20), {"building": "yes"}),
    )
    loaded = read(cells(tmp_path, antall_boliger=[7, 4, 3]), extract)
    # 100 and 300 m² of floor: 1.75 and 5.25 of seven. The building of no kind beside them is none.
    # No building in the second cell; in the third only those of no kind, and 30 m² is a shed.
    places = [(round(p.x - WEST), round(p.y - SOUTH)) for p in loaded.table.geometry]
    assert dict(zip(places, loaded.table["dwellings"], strict=True)) == {
        (15, 15): 2, (55, 15): 5, (375, 125): 4, (602, 15): 3,
    }  # fmt: skip
    assert told(loaded)["dwellings.spread"] == {
        "count": 14.0, "cells": 3.0, "buildings": 7.0, "untold": 3.0, "bare": 4.0,
        "bare_cells": 1.0,
    }  # fmt: skip


def test_residents_become_dwellings_by_the_number_the_study_states(tmp_path: Path) -> None:
    file = cells(tmp_path, pop_tot=[5, 3, 0])
    loaded = read(file, town(), residents_per_dwelling=2.0)
    # Eight residents are four dwellings: 2.5 and 1.5, and the first of equals gets the one left.
    assert loaded.table["dwellings"].tolist() == [3, 1]
    assert told(loaded)["dwellings.from_residents"] == {
        "residents": 8.0, "per_dwelling": 2.0, "count": 4.0,
    }  # fmt: skip
    assert loaded.inputs[0].dropped == 1
    with refusal(tmp_path, "dwellings.residents_per_dwelling"):
        read(file, town())


def test_a_building_on_the_border_of_two_cells_is_counted_once(tmp_path: Path) -> None:
    extract = town((block(245, 10, 10), {"building": "house"}))
    loaded = read(cells(tmp_path, boliger=[2, 3]), extract)
    # A point on the border lies in the cell to the east, as everywhere the grid is used.
    places = [(p.x - WEST, p.y - SOUTH) for p in loaded.table.geometry]
    assert dict(zip(places, loaded.table["dwellings"], strict=True)) == {
        (125, 125): 2,
        (250, 15): 3,
    }


def test_neither_the_order_of_cells_nor_of_buildings_matters(tmp_path: Path) -> None:
    chance = random.Random(3)
    buildings = [(block(20 * n, 30 + 7 * (n % 9), 11), {"building": "house"}) for n in range(60)]
    numbers = {WEST + 250 * n: 3 + 5 * n for n in range(5)}

    def once() -> pd.DataFrame:
        chance.shuffle(buildings)
        order = chance.sample(sorted(numbers), k=5)
        squares = [shapely.box(x, SOUTH, x + 250, SOUTH + 250) for x in order]
        file = tmp_path / "rute.gpkg"
        gpd.GeoDataFrame({"boliger": [numbers[x] for x in order]}, geometry=squares,
                         crs=GRID).to_file(file)  # fmt: skip
        return read(file, town(*buildings)).table

    first = once()
    assert first["dwellings"].sum() == sum(numbers.values())
    for _ in range(3):
        pd.testing.assert_frame_equal(once(), first)


@pytest.mark.parametrize(
    ("ids", "size_m", "east"),
    [
        ([CELL_250, CELL_250 + 250 * 10_000_000], 250, 125.0),
        ([CELL_250, CELL_250 + 1000 * 10_000_000], 1000, 500.0),
    ],
)
def test_a_table_of_cells_is_placed_by_their_numbers(
    tmp_path: Path, ids: list[int], size_m: int, east: float
) -> None:
    lines = [f"{cell};{5 + place}" for place, cell in enumerate(ids)]
    (tmp_path / "rute.csv").write_text("\n".join(["SSBID0250M;dwe_todw", *lines]), "utf-8")
    loaded = read(tmp_path / "rute.csv", town())
    assert loaded.table["dwellings"].tolist() == [5, 6]
    first = loaded.table.geometry.iloc[0]
    assert (first.x - WEST, first.y - SOUTH) == (east, east)
    assert told(loaded)["dwellings.cell_size"] == {"size_m": size_m}


def test_a_shapefile_without_an_epsg_code_is_in_the_grids_own_system(tmp_path: Path) -> None:
    square = shapely.box(WEST, SOUTH, WEST + 250, SOUTH + 250)
    frame = gpd.GeoDataFrame({"pop_tot": [9]}, geometry=[square], crs=GRID)
    frame.to_file(tmp_path / "rute.shp")
    (tmp_path / "rute.prj").unlink()
    zone_32 = pyproj.CRS("EPSG:25832")
    moved = gpd.GeoSeries([square], crs=GRID).to_crs(zone_32)
    near = tuple(float(each) for each in moved.total_bounds)
    loaded = read(tmp_path / "rute.shp", town(), crs=zone_32, near=near, residents_per_dwelling=3)  # type: ignore[arg-type]  # four floats
    assert loaded.table.geometry.iloc[0].distance(moved.centroid.iloc[0]) < 1
    assert told(loaded)["dwellings.grid_system"] == {"crs": "EPSG:25833"}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("rute;boliger\n2,26E+13;5\n", "dwellings.bad_cell"),
        ("boliger\n5\n", "dwellings.no_cell_column"),
        (f"rute;annet\n{CELL_250};5\n", "dwellings.no_grid_column"),
        (f"rute;boliger\n{CELL_250};-5\n", "dwellings.bad_number"),
        (f"rute;boliger\n{CELL_250};5,5\n", "dwellings.bad_number"),
        (f"rute;bosatte\n{CELL_250};-5\n", "dwellings.bad_residents"),
        (f"rute;boliger\n{CELL_250};5\n{CELL_250};6\n", "dwellings.duplicate_cell"),
        (f"rute;boliger\n{CELL_250};0\n", "dwellings.none"),
    ],
)
def test_a_grid_that_cannot_be_used_is_refused_with_the_reason(
    tmp_path: Path, text: str, code: str
) -> None:
    (tmp_path / "rute.csv").write_text(text, "utf-8")
    with refusal(tmp_path, code):
        read(tmp_path / "rute.csv", town(), residents_per_dwelling=2)


def test_a_grid_of_the_whole_country_is_refused_as_such(tmp_path: Path) -> None:
    # Read in the zone beside it, the far cell would lie near: it is not misplaced all the same.
    far = CELL_250 + 334_000 * 10_000_000
    (tmp_path / "rute.csv").write_text(f"rute;boliger\n{CELL_250};5\n{far};7\n", "utf-8")
    with refusal(tmp_path, "dwellings.far_outside"):
        read(tmp_path / "rute.csv", town())


def test_without_an_extract_the_faults_of_the_grid_are_still_told(tmp_path: Path) -> None:
    (tmp_path / "rute.csv").write_text(f"rute;boliger\n{CELL_250};x\n", "utf-8")
    with refusal(tmp_path, "dwellings.bad_number"):
        read(tmp_path / "rute.csv", None)
    (tmp_path / "rute.csv").write_text(f"rute;boliger\n{CELL_250};5\n", "utf-8")
    with refusal(tmp_path):
        read(tmp_path / "rute.csv", None)


def test_points_are_no_cells(tmp_path: Path) -> None:
    gpd.GeoDataFrame({"boliger": [1]}, geometry=[shapely.Point(WEST, SOUTH)], crs=GRID).to_file(
        tmp_path / "p.gpkg"
    )
    with refusal(tmp_path, "dwellings.not_cells"):
        read(tmp_path / "p.gpkg", town())


# Real data.


@pytest.fixture(scope="module")
def oslo() -> OsmExtract:
    if not DATA.exists():
        pytest.skip("the real extracts in ../shared/data are not here")
    return read_extract(DATA / "osm/oslo-center.osm.pbf", crs=GRID)


def test_the_real_grid_of_oslo_keeps_the_number_of_every_cell(oslo: OsmExtract) -> None:
    file = DATA / "ssb/population_250m_2023_oslo.shp"
    loaded = read(file, oslo, near=oslo.bounds, residents_per_dwelling=1.9)
    residents = gpd.read_file(file).set_crs(GRID, allow_override=True)
    assert residents["pop_tot"].sum() == 707_339
    # 707 339 / 1.9 is 372 283.7.
    assert loaded.table["dwellings"].sum() == 372_284
    by_id = residents.set_index(residents["ru250m"].astype("int64"))["pop_tot"]
    cell = cell_ids(shapely.get_coordinates(loaded.table.geometry.values), size_m=250)
    by_cell = loaded.table["dwellings"].groupby(cell).sum()
    assert set(by_cell.index) <= set(by_id.index)
    assert (by_cell.reindex(by_id.index, fill_value=0) - by_id / 1.9).abs().max() < 1.01


def test_the_estimate_from_the_map_is_like_the_real_number_of_residents(oslo: OsmExtract) -> None:
    counted = read(None, oslo, source="buildings", near=oslo.bounds).table
    grid = gpd.read_file(DATA / "ssb/population_250m_2023_oslo.shp").set_crs(
        GRID, allow_override=True
    )
    # The extract's edge is no line of the grid, so that only cells well inside are compared.
    inside = grid[grid.within(shapely.box(*counted.total_bounds).buffer(-300))]
    there = gpd.sjoin(counted, inside, predicate="within")["dwellings"].sum()
    assert len(inside) > 50
    assert inside["pop_tot"].sum() / there == pytest.approx(1.9, abs=0.4)
