import errno
import re
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import geopandas as gpd
import numpy as np
import pyogrio
import pytest
from shapely import box

from fabricated import CRITERIA, fabricated_assessment, hardly_measured
from fabricated_shortcuts import no_shortcuts
from reordered import reversed_input
from tomteanalyse.assessment import Assessment
from tomteanalyse.scoring.evaluation import GRADES
from tomteanalyse.texts import LANGUAGES, catalog
from tomteanalyse.views import geopackage
from tomteanalyse.views.geopackage import write_geopackage
from tomteanalyse.views.palette import GRADE_COLOURS

LAYERS = [
    *("plots", "amenities", "units", "network_cuts", "routes", "crossing_places"),
    *("crossing_stretches", "shortcuts", "tempting_paths", "safe_paths"),
    *("concentration_buildings", "concentration_cells"),
]
NAMES = ["=1+1", "<b>&\"'</b>", "${1}", "Å; DROP TABLE plots", "0301"]


@pytest.fixture(scope="module")
def assessment() -> Assessment:
    return fabricated_assessment(NAMES, n=24)


@pytest.fixture(scope="module")
def written(assessment: Assessment, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("gpkg") / "resultat.gpkg"
    write_geopackage(assessment, path, language="nb")
    return path


def only_polygons(assessment: Assessment) -> Assessment:
    plots = assessment.study.plots.copy()
    plots.geometry = plots.geometry.buffer(1)
    return replace(assessment, study=replace(assessment.study, plots=plots))


def query(path: Path, sql: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(path)) as database:
        return database.execute(sql).fetchall()


def fields(path: Path, layer: str) -> set[str]:
    return {row[1] for row in query(path, f"PRAGMA table_info({layer})")}


def test_the_layers_lie_in_order_in_the_study_s_coordinate_system(
    written: Path, assessment: Assessment
) -> None:
    assert [name for name, _ in pyogrio.list_layers(written)][: len(LAYERS)] == LAYERS
    for layer in LAYERS:
        assert gpd.read_file(written, layer=layer).crs == assessment.study.crs


def test_every_plot_has_all_its_results(written: Path, assessment: Assessment) -> None:
    plots = gpd.read_file(written, layer="plots").set_index("plot_id")
    evaluation = assessment.evaluation
    assert list(plots.index) == sorted(assessment.study.plots.index)
    assert dict(plots["name"]) == dict(assessment.study.plots["name"])
    np.testing.assert_array_equal(plots["score"], evaluation.score[plots.index])
    for key in CRITERIA:
        measured = evaluation.measured[key][plots.index].replace(np.inf, np.nan)
        np.testing.assert_array_equal(plots[f"{key}_measured"], measured)
        np.testing.assert_array_equal(plots[f"{key}_points"], evaluation.points[key][plots.index])
    for name, measurement in assessment.measurements.items():
        if name.startswith("homes"):
            np.testing.assert_array_equal(plots[name], measurement.value[plots.index])
    expected = assessment.study.plots.geometry[plots.index]
    assert plots.geometry.geom_equals(expected).all()


def test_unknown_and_unreachable_are_null_and_a_state_tells_them_apart(written: Path) -> None:
    found = query(
        written,
        "SELECT plot_id, grocery_measured, grocery_state, grocery_reason, grocery_value,"
        " doctor_measured, doctor_state, doctor_reason, doctor_value FROM plots"
        " WHERE plot_id IN ('T01', 'T03', 'T04') ORDER BY plot_id",
    )
    assert found[0][2:4] == ("measured", None)
    assert found[1][1:5] == (None, "unknown", "no_way_near", None)
    assert found[2][5:] == (None, "unreachable", "no_safe_way", 0.0)


def test_nothing_missing_is_written_as_a_word(written: Path) -> None:
    for layer in LAYERS:
        table = gpd.read_file(written, layer=layer)
        texts = table.select_dtypes(["object", "str"])
        assert not texts.isin(["<NA>", "nan", "None", "NaT", "NULL"]).any().any(), layer


def test_a_plot_that_is_knocked_out_has_no_rank_and_its_reason(written: Path) -> None:
    sql = "SELECT plot_id, rank, knocked_out, knock_outs, must_clear, flags FROM plots"
    found = {row[0]: row[1:] for row in query(written, sql)}
    assert found["T05"] == (
        None,
        1,
        "Ligger i flomsone",
        None,
        "knock_out, undecided_defaults",
    )
    assert found["T06"][1:4] == (0, None, "Ligger i flomsone")
    assert found["T01"][1:4] == (0, None, None)


def test_the_register_is_there_without_addresses(written: Path, assessment: Assessment) -> None:
    units = gpd.read_file(written, layer="units").set_index("unit_id")
    assert list(units["homes"]) == list(assessment.study.units["homes"])
    assert set(units.columns) == {*assessment.study.units.columns}


def test_the_other_layers_hold_what_the_answer_holds(written: Path, assessment: Assessment) -> None:
    amenities = gpd.read_file(written, layer="amenities").set_index("amenity_id")
    assert dict(amenities["amenity_class"]) == dict(assessment.amenities["amenity_class"])
    cuts = gpd.read_file(written, layer="network_cuts")
    assert {*zip(cuts["kind"], cuts["node"], cuts["way"], strict=True)} == {
        ("rail", 9001, 70),
        ("fast_road", 9002, 71),
    }
    routes = gpd.read_file(written, layer="routes")
    assert len(routes) == len(assessment.routes)
    assert routes["distance_m"].sum() == pytest.approx(assessment.routes["distance_m"].sum())


def test_crossing_places_are_numbered_points_and_those_with_a_length_are_lines_too(
    written: Path, assessment: Assessment
) -> None:
    places = gpd.read_file(written, layer="crossing_places")
    assert list(places["place"]) == [1, 2]
    assert list(places["list"]) == ["severe", "moderate"]
    assert list(places["plots"]) == ["T01, T02", "T01"]
    assert list(places["plot_count"]) == [2, 1]
    peaks = assessment.shortcuts.places["peak"]
    assert list(places.geometry) == list(peaks)
    assert list(places["east"]) == [point.x for point in peaks]
    assert places["crossed"][0] == "Heggdalsbanen (jernbane)"
    assert places["crossed"][1] == "9900 Storgata (hovedvei, 2 kjørefelt, antatt 50 km/t)"
    assert places["ref"].isna()[0]
    # The railway is crossed over 60 m, the street at a point.
    (stretch,) = gpd.read_file(written, layer="crossing_stretches").to_dict("records")
    assert (stretch["place"], stretch["list"]) == (1, "severe")
    assert stretch["stretch_m"] == stretch["geometry"].length == pytest.approx(60)


def test_every_unsafe_shortcut_is_a_row_with_its_crossings_and_its_sentence(
    written: Path, assessment: Assessment
) -> None:
    found = gpd.read_file(written, layer="shortcuts")
    # What counts most in its plot comes first: 0.6 x 0.88 before 1 x 0.11.
    ends = ["plot_id", "destination_id"]
    assert found[ends].to_numpy().tolist() == [["T01", "n100"], ["T01", "n200"], ["T02", "n100"]]
    assert list(found["places"]) == ["1", "2", "1"]
    assert list(found["severe"]) == [True, False, True]
    assert list(found["flags"]) == ["", "implied", "edge, no_safe_route"]
    assert query(written, "SELECT safe_distance_m, gross_saving_m FROM shortcuts")[2] == (None,) * 2
    assert {shape.geom_type for shape in found.geometry} == {"MultiPoint"}
    assert found.geometry[0].geoms[0] == assessment.shortcuts.places["peak"][1]
    assert found["sentence"][0] == (
        "Til Tjernsvingen: trygg vei 812 m, fristende vei ca. 240 m. Den krysser Heggdalsbanen"
        " (jernbane) ved punkt 1 og sparer 410 m mot beste vei uten kryssing."
    ).replace(" m", "\N{NO-BREAK SPACE}m").replace("\N{NO-BREAK SPACE}mot", " mot")


def test_both_ways_are_lines_and_a_plot_without_a_safe_way_has_only_the_other(
    written: Path,
) -> None:
    ends = ["plot_id", "destination_id", "metres", "severe"]
    tempting = gpd.read_file(written, layer="tempting_paths")[ends].to_numpy().tolist()
    assert tempting == [
        ["T01", "n100", 240.0, True],
        ["T01", "n200", 380.0, False],
        ["T02", "n100", 300.0, True],
    ]
    safe = gpd.read_file(written, layer="safe_paths")[ends].to_numpy().tolist()
    assert safe == [["T01", "n100", 812.0, True], ["T01", "n200", 500.0, False]]


def test_a_way_that_only_runs_along_a_railway_lies_at_its_middle(
    assessment: Assessment, tmp_path: Path
) -> None:
    found = assessment.shortcuts
    beside = replace(found, crossings=found.crossings.iloc[:0])
    write_geopackage(replace(assessment, shortcuts=beside), tmp_path / "a.gpkg", language="nb")
    shortcuts = gpd.read_file(tmp_path / "a.gpkg", layer="shortcuts")
    line = found.tempting_paths.geometry.iloc[0]
    assert shortcuts.geometry[0].geoms[0].distance(line.centroid) < 1e-6
    assert list(shortcuts["crossings"]) == [0, 0, 0]


def test_field_names_are_english_snake_case(written: Path) -> None:
    for layer in LAYERS:
        for name in fields(written, layer):
            assert re.fullmatch(r"[a-z][a-z0-9_]*", name), name


def test_the_same_answer_gives_the_same_bytes_in_any_order(
    assessment: Assessment, tmp_path: Path
) -> None:
    files = []
    for number, each in enumerate([assessment, assessment, reversed_input(assessment)]):
        write_geopackage(each, tmp_path / f"{number}.gpkg", language="nn")
        files.append((tmp_path / f"{number}.gpkg").read_bytes())
    assert files[0] == files[1] == files[2]


def test_no_moment_in_the_file_is_that_of_writing(written: Path) -> None:
    moments = {row[0] for row in query(written, "SELECT last_change FROM gpkg_contents")}
    moments |= {row[0] for row in query(written, "SELECT update_time FROM layer_styles")}
    assert moments == {geopackage.MOMENT}


def test_writing_leaves_gdal_s_settings_as_they_were(
    assessment: Assessment, tmp_path: Path
) -> None:
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": "1999-01-01T00:00:00.000Z"})
    try:
        write_geopackage(assessment, tmp_path / "a.gpkg", language="nb")
        assert pyogrio.get_gdal_config_option("OGR_CURRENT_DATE") == "1999-01-01T00:00:00.000Z"
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})
    assert pyogrio.get_gdal_config_option("OGR_CURRENT_DATE") is None


def test_the_geopackage_is_well_formed(written: Path) -> None:
    assert query(written, "PRAGMA integrity_check") == [("ok",)]
    assert query(written, "PRAGMA foreign_key_check") == []
    assert query(written, "PRAGMA journal_mode") == [("delete",)]
    contents = dict(query(written, "SELECT table_name, data_type FROM gpkg_contents"))
    assert contents == {**dict.fromkeys(LAYERS, "features"), "layer_styles": "attributes"}


def test_every_layer_has_one_default_style_that_fits_its_fields(
    assessment: Assessment, tmp_path: Path
) -> None:
    path = tmp_path / "a.gpkg"
    write_geopackage(only_polygons(assessment), path, language="nb")
    styles = query(
        path, "SELECT f_table_name, f_geometry_column, styleQML, useAsDefault FROM layer_styles"
    )
    assert sorted(layer for layer, *_, default in styles if default) == sorted(LAYERS)
    kinds = {"marker": "0", "line": "1", "fill": "2"}
    geometry = dict(query(path, "SELECT table_name, geometry_type_name FROM gpkg_geometry_columns"))
    for layer, column, qml, _ in styles:
        assert column in fields(path, layer)
        root = ElementTree.fromstring(qml)
        assert root.tag == "qgis"
        (renderer,) = root.findall("renderer-v2")
        symbols = renderer.findall("symbols/symbol")
        used = [each.get("symbol") for each in renderer.iter() if each.get("symbol")]
        names = [symbol.get("name") for symbol in symbols]
        assert names == (used or ["0"])
        # Every field an expression names is a field of the layer.
        attribute = renderer.get("attr", "")
        (labels,) = root.findall("labeling/settings/text-style") or [None]
        expression = "" if labels is None else labels.get("fieldName", "")
        named = re.findall(r'"([^"]+)"', attribute + expression)
        named += [attribute] if attribute and '"' not in attribute else []
        assert set(named) <= fields(path, layer), layer
        # The symbols are of the layer's own geometry, and the style says so.
        (kind,) = {symbol.get("type") for symbol in symbols}
        assert root.findtext("layerGeometryType") == kinds[str(kind)]
        expected = {"POINT": "marker", "LINESTRING": "line", "MULTIPOLYGON": "fill"}
        expected["MULTIPOINT"] = "marker"
        assert kind == expected[geometry[layer]], layer


def test_the_plots_are_coloured_and_lettered_by_grade(written: Path) -> None:
    (qml,) = query(
        written, "SELECT styleQML FROM layer_styles WHERE f_table_name='plots' AND useAsDefault"
    )[0]
    root = ElementTree.fromstring(qml)
    say = catalog("nb")
    categories = root.findall("renderer-v2/categories/category")
    assert [each.get("value") for each in categories] == [*"ABCDE", "?", "-"]
    assert categories[0].get("label") == f"A: {say('grade.A')}"
    symbols = {each.get("name"): each for each in root.iter("symbol")}
    for category in categories[:5]:
        symbol = symbols[category.get("symbol")]
        colours = {
            each.get("name"): each.get("value")
            for each in symbol.iter("Option")
            if each.get("name")
        }
        red, green, blue, _ = (int(part) for part in str(colours["color"]).split(","))
        assert f"#{red:02x}{green:02x}{blue:02x}" == GRADE_COLOURS[str(category.get("value"))]


def test_every_grade_on_the_map_is_one_of_the_style_s_categories(written: Path) -> None:
    (qml,) = query(
        written, "SELECT styleQML FROM layer_styles WHERE f_table_name='plots' AND useAsDefault"
    )[0]
    expression = ElementTree.fromstring(qml).find("renderer-v2").get("attr")  # type: ignore[union-attr]
    # The expression is SQL as well as QGIS: let the database answer it.
    sql = f"SELECT {expression} FROM plots"  # noqa: S608 - our own expression
    classes = {row[0] for row in query(written, sql)}
    assert classes == {"A", "B", "C", "D", "E", "-"}


def test_a_plot_hardly_measured_has_a_category_of_its_own(tmp_path: Path) -> None:
    made = hardly_measured(fabricated_assessment(), "T02")
    write_geopackage(made, tmp_path / "a.gpkg", language="nb")
    sql = "SELECT rank, grade, too_little_measured, knocked_out FROM plots WHERE plot_id = 'T02'"
    assert query(tmp_path / "a.gpkg", sql) == [(None, None, 1, 0)]
    qml = query(tmp_path / "a.gpkg", "SELECT styleQML FROM layer_styles WHERE useAsDefault")[0][0]
    expression = ElementTree.fromstring(qml).find("renderer-v2").get("attr")  # type: ignore[union-attr]
    drawn = f"SELECT {expression} FROM plots WHERE plot_id = 'T02'"  # noqa: S608 - our own expression
    assert query(tmp_path / "a.gpkg", drawn) == [("?",)]


def test_the_graduated_style_covers_every_score_once(written: Path) -> None:
    (qml,) = query(
        written, "SELECT styleQML FROM layer_styles WHERE f_table_name='plots' AND NOT useAsDefault"
    )[0]
    ranges = ElementTree.fromstring(qml).findall("renderer-v2/ranges/range")
    ends = [(float(str(each.get("lower"))), float(str(each.get("upper")))) for each in ranges]
    assert ends[0][0] == 0
    assert ends[-1][1] == 100
    assert [upper for _, upper in ends[:-1]] == [lower for lower, _ in ends[1:]]
    assert [lower for lower, _ in ends] == sorted(least for _, least in GRADES)


def test_every_style_name_fits_qgis_and_every_language_has_its_own(
    assessment: Assessment, tmp_path: Path
) -> None:
    for language in LANGUAGES:
        write_geopackage(assessment, tmp_path / f"{language}.gpkg", language=language)
        for name, qml in query(
            tmp_path / f"{language}.gpkg", "SELECT styleName, styleQML FROM layer_styles"
        ):
            assert 0 < len(name) <= 30
            labels = [each.get("label") for each in ElementTree.fromstring(qml).iter("category")]
            assert all(labels)
            assert len(set(labels)) == len(labels)


def test_points_alone_are_drawn_as_points(assessment: Assessment, tmp_path: Path) -> None:
    plots = assessment.study.plots.copy()
    plots.geometry = plots.geometry.centroid
    points = replace(assessment, study=replace(assessment.study, plots=plots))
    write_geopackage(points, tmp_path / "a.gpkg", language="nb")
    assert dict(pyogrio.list_layers(tmp_path / "a.gpkg"))["plots"] == "Point"
    (qml,) = query(
        tmp_path / "a.gpkg",
        "SELECT styleQML FROM layer_styles WHERE f_table_name='plots' AND useAsDefault",
    )[0]
    assert ElementTree.fromstring(qml).findtext("layerGeometryType") == "0"


def test_layers_with_nothing_in_them_are_there_all_the_same(
    assessment: Assessment, tmp_path: Path
) -> None:
    bare = replace(
        assessment,
        routes=assessment.routes.iloc[:0],
        network_cuts=assessment.network_cuts.iloc[:0],
        amenities=assessment.amenities.iloc[:0],
        study=replace(assessment.study, units=assessment.study.units.iloc[:0]),
        shortcuts=no_shortcuts(assessment.shortcuts),
        concentration=replace(
            assessment.concentration,
            buildings=assessment.concentration.buildings.iloc[:0],
            cells=assessment.concentration.cells.iloc[:0],
        ),
    )
    write_geopackage(bare, tmp_path / "a.gpkg", language="nb")
    types = dict(pyogrio.list_layers(tmp_path / "a.gpkg"))
    assert [types[name] for name in LAYERS[1:]] == [
        *("Point", "Point", "Point", "LineString", "Point"),
        *("LineString", "MultiPoint", "LineString", "LineString"),
        *("Point", "Polygon"),
    ]
    for layer in LAYERS[1:]:
        assert pyogrio.read_info(tmp_path / "a.gpkg", layer=layer)["features"] == 0
        assert fields(tmp_path / "a.gpkg", layer) >= {"geom"}


def test_a_place_mapped_as_an_area_is_a_point_inside_it_with_its_size(
    assessment: Assessment, tmp_path: Path
) -> None:
    amenities = assessment.amenities.copy()
    x, y = amenities.geometry.iloc[0].x, amenities.geometry.iloc[0].y
    # An L of three squares of 100 m: its centre of gravity is no help, it must lie inside.
    corner = box(x, y, x + 200, y + 200).difference(box(x + 100, y + 100, x + 200, y + 200))
    amenities.loc[amenities.index[0], "geometry"] = corner
    mixed = replace(assessment, amenities=amenities)
    write_geopackage(mixed, tmp_path / "a.gpkg", language="nb")
    assert dict(pyogrio.list_layers(tmp_path / "a.gpkg"))["amenities"] == "Point"
    written = gpd.read_file(tmp_path / "a.gpkg", layer="amenities").set_index("amenity_id")
    assert corner.contains(written.geometry[amenities.index[0]])
    assert written["area_m2"][amenities.index[0]] == pytest.approx(30_000)
    assert written["area_m2"][1:].isna().all()


def test_a_file_that_did_not_arrive_whole_is_noticed(
    assessment: Assessment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = pyogrio.write_dataframe

    def lose_one(table: gpd.GeoDataFrame, *args: object, **kwargs: object) -> None:
        write(table.iloc[:-1], *args, **kwargs)

    monkeypatch.setattr(pyogrio, "write_dataframe", lose_one)
    with pytest.raises(OSError, match="did not arrive whole") as caught:
        write_geopackage(assessment, tmp_path / "a.gpkg", language="nb")
    assert caught.value.errno == errno.EIO


def test_a_folder_that_is_not_there_is_the_disk_s_fault_not_ours(
    assessment: Assessment, tmp_path: Path
) -> None:
    with pytest.raises(OSError, match="No such file") as caught:
        write_geopackage(assessment, tmp_path / "nei" / "a.gpkg", language="nb")
    assert caught.value.errno in (errno.EIO, errno.ENOENT)
