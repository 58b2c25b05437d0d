"""Candidate plots and their entrances, as they come from municipal desks."""

from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely import GeometryCollection, LineString, MultiPoint, MultiPolygon, Point, Polygon, box

from study_folders import CRS, EXTENT, at, refusal, some_plots, square
from tomteanalyse.config import EntrancesConfig, PlotsConfig
from tomteanalyse.errors import DataError
from tomteanalyse.inputs.entrances import no_entrances, read_entrances
from tomteanalyse.inputs.files import find_source
from tomteanalyse.inputs.findings import Loaded
from tomteanalyse.inputs.plots import read_plots
from tomteanalyse.inputs.shapes import mended_polygons

AWKWARD = [
    "<script>alert(1)</script>",
    "${1}",
    "`",
    r"C:\users\ola",
    "=cmd|' /C calc'!A1",
    "Tomt pris ${200 000}",
    '  Ærlig & "sær" – «tomt»\n',
]


def read(file: Path, **config: Any) -> Loaded:
    source = find_source(file.parent, file.name, role="plots")
    return read_plots(source, config=PlotsConfig(**config), study_crs=CRS, extent=EXTENT)


def shaped(folder: Path, *shapes: shapely.Geometry | None) -> Path:
    """Write plots of these shapes, with a sound one first."""
    ids = [f"T{number}" for number in range(len(shapes) + 1)]
    frame = gpd.GeoDataFrame({"tomt_id": ids}, geometry=[square(0, 0), *shapes], crs=CRS)
    frame.to_file(folder / "a.gpkg")
    return folder / "a.gpkg"


def tabled(folder: Path, name: str = "a.gpkg", **columns: list[object]) -> Path:
    """Write square plots with these columns."""
    count = len(next(iter(columns.values())))
    shapes = [square(30 * number, 0) for number in range(count)]
    gpd.GeoDataFrame(columns, geometry=shapes, crs=CRS).to_file(folder / name)
    return folder / name


def codes(loaded: Loaded) -> list[str]:
    return [warning.code for warning in loaded.warnings]


def test_the_table_keeps_its_contract(tmp_path: Path) -> None:
    some_plots().to_file(tmp_path / "a.gpkg")
    loaded = read(tmp_path / "a.gpkg")
    table = loaded.table
    assert table.index.name == "plot_id"
    columns = ["name", "gnr", "bnr", "plan_status", "planned_homes", "geometry"]
    assert list(table.columns) == columns
    assert table[columns[1:5]].isna().all(axis=None)
    assert table["planned_homes"].dtype == "Int64"
    assert table.crs == CRS
    assert (loaded.inputs[0].role, loaded.inputs[0].read) == ("plots", 3)
    assert loaded.warnings == ()


def test_the_order_in_the_file_does_not_matter(tmp_path: Path) -> None:
    some_plots().to_file(tmp_path / "a.gpkg")
    some_plots().iloc[::-1].to_file(tmp_path / "b.gpkg")
    assert read(tmp_path / "a.gpkg").table.equals(read(tmp_path / "b.gpkg").table)


@pytest.mark.parametrize("name", ["a.gpkg", "a.geojson"])
def test_names_pass_through_as_they_are(tmp_path: Path, name: str) -> None:
    ids = [f"T{number}" for number in range(len(AWKWARD))]
    file = tabled(tmp_path, name, tomt_id=ids, navn=AWKWARD)
    assert list(read(file).table["name"]) == AWKWARD


def test_ids_may_be_awkward_too(tmp_path: Path) -> None:
    file = tabled(tmp_path, tomt_id=[one.strip() for one in AWKWARD])
    assert set(read(file).table.index) == {one.strip() for one in AWKWARD}


@pytest.mark.parametrize("name", ["a.gpkg", "a.geojson", "a.shp"])
def test_leading_noughts_of_an_id_are_kept(tmp_path: Path, name: str) -> None:
    assert list(read(tabled(tmp_path, name, tomt_id=["0301", "301"])).table.index) == [
        "0301",
        "301",
    ]


def test_ids_in_number_columns_lose_their_decimals(tmp_path: Path) -> None:
    assert list(read(tabled(tmp_path, "a.gpkg", nr=[3.0, 4.0])).table.index) == ["3", "4"]
    assert list(read(tabled(tmp_path, "b.gpkg", nr=[30, 4])).table.index) == ["30", "4"]
    assert list(read(tabled(tmp_path, "c.gpkg", nr=[3.5, 4.0])).table.index) == ["3.5", "4"]


@pytest.mark.parametrize("heading", ["plot_id", "Tomt-ID", "TOMTENR", "tomteid", "Id", "Tomt nr."])
def test_the_id_goes_by_many_headings(tmp_path: Path, heading: str) -> None:
    assert list(read(tabled(tmp_path, "a.geojson", **{heading: ["A", "B"]})).table.index) == [
        "A",
        "B",
    ]


def test_the_best_heading_wins_and_the_study_file_beats_it(tmp_path: Path) -> None:
    file = tabled(tmp_path, "a.geojson", id=["x", "y"], tomt_id=["A", "B"], Kode=["1", "2"])
    assert list(read(file).table.index) == ["A", "B"]
    assert list(read(file, columns={"plot_id": "kode"}).table.index) == ["1", "2"]


@pytest.mark.parametrize("heading", ["planlagte_boliger", "Antall boliger", "talBustader"])
def test_planned_homes_are_whole_numbers_and_unknown_where_nothing_is_written(
    tmp_path: Path, heading: str
) -> None:
    some_plots().assign(**{heading: ["4", None, "1 000"]}).to_file(tmp_path / "a.gpkg")
    planned = read(tmp_path / "a.gpkg").table["planned_homes"]
    # some_plots() lists T3, T1, T2.
    assert planned["T3"] == 4
    assert pd.isna(planned["T1"])
    assert planned["T2"] == 1000


@pytest.mark.parametrize("written", ["0", "-3", "2,5", "1001", "mange"])
def test_a_number_of_homes_nobody_plans_is_refused(tmp_path: Path, written: str) -> None:
    some_plots().assign(planlagte_boliger=["4", written, None]).to_file(tmp_path / "a.gpkg")
    with refusal(tmp_path, "plots.bad_planned_homes") as told:
        read(tmp_path / "a.gpkg")
    assert told[0].ids == ("T1",)
    assert "planlagte_boliger" in told[0].text("nb")


def test_gnr_bnr_and_plan_status_are_text(tmp_path: Path) -> None:
    file = tabled(tmp_path, tomt_id=["A"], gnr=[12], Bruksnr=["0034"], planstatus=[" "])
    plot = read(file).table.loc["A"]
    assert (plot["gnr"], plot["bnr"]) == ("12", "0034")
    assert pd.isna(plot["plan_status"])


def test_a_plot_without_a_name_is_called_by_its_id(tmp_path: Path) -> None:
    file = tabled(tmp_path, tomt_id=["A", "B", "C"], navn=["Åsen", None, " "])
    assert list(read(file).table["name"]) == ["Åsen", "B", "C"]


def test_broken_letters_in_names_are_mended_and_told(tmp_path: Path) -> None:
    file = tabled(tmp_path, tomt_id=["A", "B"], navn=["RÃ¸dÃ¥sen", "Åsen"])
    loaded = read(file)
    assert list(loaded.table["name"]) == ["Rødåsen", "Åsen"]
    assert [(one.code, one.rows) for one in loaded.warnings] == [("table.mojibake_repaired", (1,))]


def test_a_file_without_plots_is_refused(tmp_path: Path) -> None:
    some_plots().iloc[:0].to_file(tmp_path / "a.gpkg")
    with refusal(tmp_path, "plots.none"):
        read(tmp_path / "a.gpkg")


def test_a_missing_id_column_is_told_with_the_one_that_may_be_meant(tmp_path: Path) -> None:
    with refusal(tabled(tmp_path, Omraade=["A"]).parent, "plots.no_id_column") as told:
        read(tmp_path / "a.gpkg")
    assert told[0].values["columns"] == "Omraade"
    with refusal(
        tabled(tmp_path, "b.gpkg", tomtedi=["A"]).parent, "plots.no_id_column_near"
    ) as told:
        read(tmp_path / "b.gpkg")
    assert told[0].values["near"] == "tomtedi"


def test_a_column_the_study_file_names_wrongly_is_told(tmp_path: Path) -> None:
    file = tabled(tmp_path, tomt_id=["A"])
    with refusal(tmp_path, "table.no_such_column") as told:
        read(file, columns={"plot_id": "Tomtekode"})
    assert told[0].values == {"column": "Tomtekode", "field": "plot_id"}


def test_missing_and_duplicate_ids_are_told_together_by_row(tmp_path: Path) -> None:
    file = tabled(tmp_path, tomt_id=["A", None, "B", "A ", " "])
    with refusal(tmp_path, "plots.missing_id", "plots.duplicate_id") as told:
        read(file)
    assert told[0].rows == (2, 5)
    assert (told[1].rows, told[1].ids) == ((1, 4), ("A",))


def test_gnr_bnr_that_a_spreadsheet_made_a_date_is_told(tmp_path: Path) -> None:
    file = tabled(tmp_path, tomt_id=["A", "B"], gnr=["12", "03.mai"], bnr=["2025-05-03", "7"])
    with refusal(tmp_path, "table.excel_date", "table.excel_date") as told:
        read(file)
    assert [one.rows for one in told] == [(2,), (1,)]


# --- shapes


def bow_tie(east_m: float, north_m: float, *, waist: float = 0.5) -> Polygon:
    x, y = at(east_m, north_m).coords[0]
    return Polygon([(x, y), (x + 20, y + 20), (x + 20, y), (x, y + 20 * 2 * waist)])


def test_a_bow_tie_is_refused_because_its_area_is_lost(tmp_path: Path) -> None:
    shape = bow_tie(100, 100)
    assert shape.area == 0
    with refusal(shaped(tmp_path, shape).parent, "plots.no_area") as told:
        read(tmp_path / "a.gpkg")
    assert (told[0].rows, told[0].ids) == ((2,), ("T1",))


def test_a_boundary_that_crosses_itself_by_a_hair_is_mended_and_told(tmp_path: Path) -> None:
    x, y = at(100, 100).coords[0]
    spike = Polygon(
        [(x, y), (x + 20, y), (x + 20, y + 20), (x + 25, y + 25), (x + 20, y + 20), (x, y + 20)]
    )
    assert not spike.is_valid
    loaded = read(shaped(tmp_path, spike))
    assert codes(loaded) == ["plots.repaired"]
    assert loaded.warnings[0].ids == ("T1",)
    assert loaded.table.geometry["T1"].equals(square(100, 100))


@pytest.mark.parametrize(
    ("shape", "code"),
    [
        (None, "plots.empty_geometry"),
        (Polygon(), "plots.empty_geometry"),
        (LineString([at(0, 0), at(9, 9)]), "plots.line"),
        (MultiPoint([at(0, 0), at(9, 9)]), "plots.several_points"),
        (square(5, 5, side_m=0.5), "plots.no_area"),
        (Polygon([at(0, 0), at(5, 5), at(9, 9), at(0, 0)]), "plots.no_area"),
    ],
)
def test_a_shape_that_is_no_plot_is_told(
    tmp_path: Path, shape: shapely.Geometry | None, code: str
) -> None:
    with refusal(shaped(tmp_path, shape).parent, code) as told:
        read(tmp_path / "a.gpkg")
    assert (told[0].rows, told[0].ids) == ((2,), ("T1",))


def test_heights_are_dropped_and_parts_holes_and_points_kept(tmp_path: Path) -> None:
    holed = square(0, 100, 30).difference(square(10, 110, 10))
    lifted = shapely.force_3d(square(100, 100), 12.5)
    two = MultiPolygon([square(200, 100), square(200, 200)])
    file = shaped(tmp_path, holed, lifted, two, at(300, 300), MultiPoint([at(310, 300)]))
    plots = read(file).table.geometry
    assert plots["T1"].area == pytest.approx(800)
    assert len(plots["T1"].interiors) == 1
    assert not plots.has_z.any()
    assert plots["T3"].geom_type == "MultiPolygon"
    assert plots["T3"].area == pytest.approx(800)
    assert list(plots.geom_type[["T4", "T5"]]) == ["Point", "Point"]


def test_a_multipolygon_of_one_is_a_polygon(tmp_path: Path) -> None:
    assert read(shaped(tmp_path, MultiPolygon([square(99, 9)]))).table.geometry["T1"].geom_type == (
        "Polygon"
    )


def test_what_surrounds_an_area_in_a_collection_is_left_out() -> None:
    mixed = GeometryCollection([square(0, 0), LineString([at(0, 0), at(50, 50)])])
    shapes, mended, hopeless = mended_polygons([mixed], smallest_m2=1.0)
    assert shapes[0].equals(square(0, 0))
    assert (mended.tolist(), hopeless.tolist()) == ([True], [False])


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=3, max_size=8))
def test_mending_gives_a_valid_polygon_of_the_same_area_or_none(
    corners: list[tuple[int, int]],
) -> None:
    shape = Polygon(corners)
    shapes, _, hopeless = mended_polygons([shape], smallest_m2=1.0)
    if not hopeless[0]:
        assert shapes[0].is_valid
        assert shapes[0].geom_type in ("Polygon", "MultiPolygon")
        assert shapes[0].area == pytest.approx(shape.area, rel=0.0102)
    if shape.is_valid and shape.area >= 1:
        assert not hopeless[0]


# --- the extract


def test_a_plot_outside_the_extract_is_kept_and_told(tmp_path: Path) -> None:
    loaded = read(shaped(tmp_path, square(5000, 0)))
    assert list(loaded.table.index) == ["T0", "T1"]
    assert [(one.code, one.ids) for one in loaded.warnings] == [("plots.outside_extract", ("T1",))]


def test_plots_that_are_all_outside_the_extract_are_refused(tmp_path: Path) -> None:
    tabled(tmp_path, tomt_id=["A", "B"])
    moved = gpd.read_file(tmp_path / "a.gpkg").translate(9000, 9000)
    gpd.GeoDataFrame({"tomt_id": ["A", "B"]}, geometry=moved, crs=CRS).to_file(tmp_path / "b.gpkg")
    with refusal(tmp_path, "plots.all_outside_extract"):
        read(tmp_path / "b.gpkg")


@pytest.mark.parametrize(
    "shape",
    [
        box(1e15, 1e15, 1e15 + 100, 1e15 + 100),
        square(-100_021, 0),
        square(0, 700_000 + 100_000),
        Point(1e300, 0),
        Polygon([at(0, 0), at(20, 0), at(1e9, 20)]),
    ],
    ids=["absurd", "west", "north", "point", "one corner"],
)
def test_a_plot_that_is_somewhere_else_altogether_is_refused(
    tmp_path: Path, shape: shapely.Geometry
) -> None:
    shaped(tmp_path, shape, square(5000, 0))
    with refusal(tmp_path, "plots.far_outside") as told:
        read(tmp_path / "a.gpkg")
    assert (told[0].rows, told[0].ids) == ((2,), ("T1",))
    assert "100 km" in told[0].text("nb")
    for language, guess in (
        ("nb", "i en annen enhet enn meter"),
        ("nn", "i ei anna eining enn meter"),
        ("en", "in another unit than metres"),
    ):
        assert guess in told[0].text(language)


def test_plots_that_are_all_somewhere_else_are_refused_once(tmp_path: Path) -> None:
    frame = gpd.GeoDataFrame({"tomt_id": ["A"]}, geometry=[square(200_000, 0)], crs=CRS)
    frame.to_file(tmp_path / "a.gpkg")
    with refusal(tmp_path, "plots.far_outside"):
        read(tmp_path / "a.gpkg")


def test_a_plot_just_within_reach_is_only_told(tmp_path: Path) -> None:
    loaded = read(shaped(tmp_path, square(-99_999, 0)))
    assert codes(loaded) == ["plots.outside_extract"]


def test_other_faults_are_told_together_with_a_plot_that_is_far_away(tmp_path: Path) -> None:
    shaped(tmp_path, square(200_000, 0), LineString([at(0, 0), at(9, 9)]))
    with refusal(tmp_path, "plots.far_outside", "plots.line") as told:
        read(tmp_path / "a.gpkg")
    assert [one.ids for one in told] == [("T1",), ("T2",)]


# --- corners that are nowhere


@pytest.mark.parametrize("bad", [float("inf"), float("-inf"), float("nan")])
def test_a_plot_with_a_corner_that_is_nowhere_is_told_by_row_and_id(
    tmp_path: Path, bad: float
) -> None:
    corner = (EXTENT[0], bad)
    with np.errstate(invalid="ignore"):
        spoiled = Polygon([at(0, 0), at(20, 0), at(20, 20), corner])
    shaped(tmp_path, square(30, 0), spoiled)
    with refusal(tmp_path, "vector.not_finite") as told:
        read(tmp_path / "a.gpkg")
    assert (told[0].rows, told[0].ids) == ((3,), ("T2",))


def test_a_plot_point_that_is_nowhere_is_told(tmp_path: Path) -> None:
    shaped(tmp_path, Point(float("inf"), 0))
    with refusal(tmp_path, "vector.not_finite") as told:
        read(tmp_path / "a.gpkg")
    assert (told[0].rows, told[0].ids) == ((2,), ("T1",))


def test_an_entrance_that_is_nowhere_is_told(tmp_path: Path) -> None:
    with pytest.raises(DataError) as refused:
        enter(tmp_path, ["T1", "T2"], [at(0, 0), Point(EXTENT[0], float("nan"))])
    assert [(one.code, one.rows, one.ids) for one in refused.value.notices] == [
        ("vector.not_finite", (2,), ("T2",))
    ]


# --- plots that are hardly meant


def test_a_plot_as_large_as_a_farm_is_told(tmp_path: Path) -> None:
    loaded = read(shaped(tmp_path, square(0, 0, side_m=317), square(0, 0, side_m=316)))
    assert [(one.code, one.rows, one.ids) for one in loaded.warnings] == [
        ("plots.very_large", (2,), ("T1",))
    ]
    for language in ("nb", "nn", "en"):
        assert "m²" in loaded.warnings[0].text(language)


def test_plots_at_exactly_the_same_place_are_told(tmp_path: Path) -> None:
    backwards = square(0, 0).reverse()
    loaded = read(shaped(tmp_path, backwards, square(0, 1), at(5, 5), at(5, 5)))
    assert [(one.code, one.ids) for one in loaded.warnings] == [
        ("plots.same_place", ("T0", "T1", "T3", "T4"))
    ]


def test_features_of_a_map_file_are_counted_from_one_and_called_so(tmp_path: Path) -> None:
    shaped(tmp_path, LineString([at(0, 0), at(9, 9)]))
    with refusal(tmp_path, "plots.line") as told:
        read(tmp_path / "a.gpkg")
    for language, where in (("nb", "objekt 2"), ("nn", "objekt 2"), ("en", "feature 2")):
        assert f"a.gpkg, {where}, id T1: " in told[0].text(language)


# --- entrances


def enter(folder: Path, ids: list[str], points: list[shapely.Geometry]) -> Loaded:
    some_plots().to_file(folder / "a.gpkg")
    plots = read(folder / "a.gpkg").table
    gpd.GeoDataFrame({"tomt_id": ids}, geometry=points, crs=CRS).to_file(folder / "e.gpkg")
    source = find_source(folder, "e.gpkg", role="entrances")
    config = EntrancesConfig(file="e.gpkg")
    return read_entrances(source, config=config, plots=plots, study_crs=CRS, near=EXTENT)


def test_a_plot_may_have_several_entrances_in_any_order(tmp_path: Path) -> None:
    points = [at(210, 100), at(120, 110), at(100, 110)]
    loaded = enter(tmp_path, ["T2", "T1", "T1"], points)
    table = loaded.table
    assert list(table.index) == ["T1", "T1", "T2"]
    assert [point.x - EXTENT[0] for point in table.geometry] == [100, 120, 210]
    assert loaded.warnings == ()
    turned = enter(tmp_path, ["T1", "T1", "T2"], points[::-1]).table
    assert table.geometry.tolist() == turned.geometry.tolist()


def test_entrances_of_unknown_plots_and_of_other_shapes_are_told(tmp_path: Path) -> None:
    with pytest.raises(DataError) as refused:
        enter(tmp_path, ["T9", "T1"], [at(0, 0), square(0, 0)])
    assert [(one.code, one.rows) for one in refused.value.notices] == [
        ("entrances.not_points", (2,)),
        ("entrances.unknown_plot", (1,)),
    ]


def test_an_entrance_far_from_its_plot_is_told(tmp_path: Path) -> None:
    loaded = enter(tmp_path, ["T1", "T1"], [at(100, 220.5), at(100, 219.5)])
    assert [(one.code, one.rows) for one in loaded.warnings] == [("entrances.far", (1,))]


def test_a_study_without_entrances_has_an_empty_table() -> None:
    table = no_entrances(CRS)
    assert len(table) == 0
    assert (table.index.name, table.crs) == ("plot_id", CRS)


def test_a_point_is_no_entrance_where_it_is_empty(tmp_path: Path) -> None:
    with pytest.raises(DataError) as refused:
        enter(tmp_path, ["T1"], [Point()])
    assert [one.code for one in refused.value.notices] == ["entrances.not_points"]
