"""``resultat.gpkg``: every result as layers for QGIS, with their styles. Internal edition."""

import errno
import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd

from tomteanalyse.assessment import Assessment
from tomteanalyse.scoring.constraints import in_words
from tomteanalyse.texts import Catalog, Language, catalog
from tomteanalyse.views.concentration_layers import (
    concentration_layers,
    concentration_styles,
    with_surroundings,
)
from tomteanalyse.views.edition import Edition, mark_geopackage
from tomteanalyse.views.layer_styles import LayerStyle, layer_styles
from tomteanalyse.views.ranking import plot_flags, states
from tomteanalyse.views.shortcut_layers import shortcut_layers

GEOMETRY_COLUMN = "geom"
MOMENT = "2020-01-01T00:00:00.000Z"
"""Stands where a GeoPackage wants the time it was written: same input, same bytes."""
LEAST_FREE_BYTES = 1_000_000
USUAL = {
    "plots": "Polygon",
    "concentration_cells": "Polygon",
    **dict.fromkeys(("routes", "crossing_stretches", "tempting_paths", "safe_paths"), "LineString"),
    "shortcuts": "MultiPoint",
}
"""Geometry types of layers with nothing in them; those of the others are points."""

_STYLE_TABLE = """
CREATE TABLE layer_styles (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    f_table_catalog TEXT(256),
    f_table_schema TEXT(256),
    f_table_name TEXT(256),
    f_geometry_column TEXT(256),
    styleName TEXT(30),
    styleQML TEXT,
    styleSLD TEXT,
    useAsDefault BOOLEAN,
    description TEXT,
    owner TEXT(30),
    ui TEXT(30),
    update_time DATETIME
)
"""


@dataclass(frozen=True)
class Layer:
    """One layer to write.

    Parameters
    ----------
    name
        Name of the table.
    table
        Features, in the order they are written; the index is not.
    geometry_type
        OGR's name of the geometry type, e.g. "MultiPolygon"; "Unknown" where types are mixed, None
        for a table without geometry.
    """

    name: str
    table: pd.DataFrame
    geometry_type: str | None


def write_geopackage(assessment: Assessment, path: Path, *, language: Language) -> None:
    """Write a new GeoPackage; the same assessment gives the same bytes.

    Parameters
    ----------
    assessment
        What to write.
    path
        A file that does not exist yet.
    language
        Language of the styles' and layers' words; field names are English.

    Raises
    ------
    OSError
        If the file cannot be written in full.
    """
    say = catalog(language)
    layers = result_layers(assessment, say)
    styles = (*layer_styles(layers[0].geometry_type or "", language), *concentration_styles(say))
    write_layers(layers, styles, path, edition="internal", say=say)


def write_layers(
    layers: Sequence[Layer],
    styles: Sequence[LayerStyle],
    path: Path,
    *,
    edition: Edition,
    say: Catalog,
) -> None:
    """Write layers and their styles as a new GeoPackage; the same layers give the same bytes.

    Parameters
    ----------
    layers
        What to write; the text ``geopackage.layer.<name>`` describes each.
    styles
        How QGIS draws them.
    path
        A file that does not exist yet.
    edition
        Whom they are for.
    say
        The texts of their language.

    Raises
    ------
    OSError
        If the file cannot be written in full.
    """
    with _fixed_moment(), _disk_faults(path.parent):
        for layer in layers:
            _write_layer(layer, path, description=say(f"geopackage.layer.{layer.name}"))
        _write_styles(path, styles)
        mark_geopackage(path, edition=edition, say=say, moment=MOMENT)
        _check(path, layers)


def result_layers(assessment: Assessment, say: Catalog) -> tuple[Layer, ...]:
    """Return the layers in the order QGIS lists them: plots first, unsafe shortcuts last."""
    study = assessment.study
    cuts = assessment.network_cuts
    order = np.lexsort((cuts["way"], cuts.geometry.y, cuts.geometry.x, cuts["kind"]))
    routes = assessment.routes.sort_values(["plot_id", "amenity_class", "amenity_id"])
    tables = {
        "plots": with_surroundings(plots_layer(assessment, say), assessment),
        "amenities": _amenities(assessment),
        "units": study.units.sort_index().reset_index(names="unit_id"),
        "network_cuts": cuts[["kind", "node", "way", cuts.geometry.name]].iloc[order],
        "routes": routes.reset_index(drop=True),
        **{name: _finite(table) for name, table in shortcut_layers(assessment, say).items()},
        **concentration_layers(assessment),
    }
    return tuple(
        Layer(name, table.to_crs(study.crs), _geometry_type(table, USUAL.get(name, "Point")))
        for name, table in tables.items()
    )


def plots_layer(assessment: Assessment, say: Catalog) -> gpd.GeoDataFrame:
    """Return all results per plot, on a plain index, ordered by ``plot_id``.

    What is unknown or unreachable is NULL, and a field ``…_state`` tells which of the two.
    """
    evaluation, robustness = assessment.evaluation, assessment.robustness
    plots = assessment.study.plots.sort_index()
    index = plots.index
    verdicts = in_words(evaluation.verdicts, say)
    out = (verdicts["effect"] == "knock_out") & (verdicts["state"] == "violated")
    columns: dict[str, pd.Series] = {
        **{name: plots[name] for name in ("name", "gnr", "bnr", "plan_status")},
        "rank": evaluation.rank,
        "grade": evaluation.grade,
        "score": evaluation.score,
        "score_low": evaluation.score_low,
        "score_high": evaluation.score_high,
        "coverage": evaluation.coverage,
        "best": robustness.best,
        "top_three": robustness.top_three,
        "expected_rank": robustness.expected_rank,
        "flags": plot_flags(assessment).str.join(", "),
        "knocked_out": evaluation.knocked_out,
        "too_little_measured": evaluation.too_little_measured,
        "knock_outs": _reasons(verdicts[out]),
        "must_clear": _reasons(verdicts[~out]),
    }
    for criterion in evaluation.criteria:
        key = criterion.key
        measurement = assessment.measurements[criterion.measure]
        columns |= {
            f"{key}_measured": evaluation.measured[key],
            f"{key}_measured_low": evaluation.measured_low[key],
            f"{key}_measured_high": evaluation.measured_high[key],
            f"{key}_state": states(evaluation.measured[key]),
            f"{key}_reason": measurement.reason,
            f"{key}_nearest": measurement.nearest,
            f"{key}_value": evaluation.value[key],
            f"{key}_points": evaluation.points[key],
        }
    columns["shortcuts_looked_closely"] = assessment.shortcuts.index_fine
    in_use = {criterion.measure for criterion in evaluation.criteria}
    for name in sorted(set(assessment.measurements) - in_use):
        columns |= {
            name: assessment.measurements[name].value,
            f"{name}_state": states(assessment.measurements[name].value),
        }
    table = pd.DataFrame({name: column.reindex(index) for name, column in columns.items()})
    table.insert(0, "plot_id", index)
    return _finite(gpd.GeoDataFrame(table.reset_index(drop=True), geometry=plots.geometry.array))


def _finite(table: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the table with NULL for what is infinite."""
    numbers = table.select_dtypes("float")
    return table.assign(**numbers.replace([np.inf, -np.inf], np.nan))


def _amenities(assessment: Assessment) -> gpd.GeoDataFrame:
    """Return every place as a point, so that one style fits all; an area's size is told."""
    amenities = assessment.amenities.sort_index().reset_index(names="amenity_id")
    area_m2 = amenities.geometry.area
    return amenities.set_geometry(amenities.geometry.representative_point()).assign(
        area_m2=area_m2.where(area_m2 > 0)
    )


def _reasons(verdicts: pd.DataFrame) -> pd.Series:
    return verdicts.groupby("plot_id", sort=True)["reason"].agg("; ".join).astype("object")


def _geometry_type(table: gpd.GeoDataFrame, usual: str) -> str:
    types = set(table.geometry.geom_type.dropna())
    if not types:
        return usual
    single = {name.removeprefix("Multi") for name in types}
    if len(single) > 1 or "GeometryCollection" in single:
        return "Unknown"
    (kind,) = single
    return kind if types == {kind} and kind != "Polygon" else f"Multi{kind}"


def _write_layer(layer: Layer, path: Path, *, description: str) -> None:
    import pyogrio

    pyogrio.write_dataframe(
        _with_nulls(layer.table),
        path,
        layer=layer.name,
        driver="GPKG",
        geometry_type=layer.geometry_type,
        promote_to_multi=(layer.geometry_type or "").startswith("Multi"),
        use_arrow=False,
        layer_options={
            "GEOMETRY_NAME": GEOMETRY_COLUMN,
            "DESCRIPTION": description,
        },
    )


def _with_nulls(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table with None for missing text, which would be written as ``<NA>``."""
    texts = table.select_dtypes(["object", "str", "string"]).columns
    nulls = {name: table[name].astype("object").where(table[name].notna(), None) for name in texts}
    return table.assign(**nulls)


def _write_styles(path: Path, styles: Sequence[LayerStyle]) -> None:
    with closing(sqlite3.connect(path)) as database, database:
        database.execute(_STYLE_TABLE)
        database.executemany(
            "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name,"
            " f_geometry_column, styleName, styleQML, useAsDefault, description, owner,"
            " update_time) VALUES ('', '', ?, ?, ?, ?, ?, ?, '', ?)",
            [
                (each.layer, GEOMETRY_COLUMN, each.name, each.qml, each.default, each.name, MOMENT)
                for each in styles
            ],
        )
        database.execute(
            "INSERT INTO gpkg_contents (table_name, data_type, identifier, description,"
            " last_change, srs_id) VALUES ('layer_styles', 'attributes', 'layer_styles', '', ?, 0)",
            (MOMENT,),
        )


def _check(path: Path, layers: Sequence[Layer]) -> None:
    """Read back how much arrived; a full disk is not always said aloud."""
    import pyogrio

    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as database:
        (said,) = database.execute("PRAGMA quick_check(1)").fetchone()
    found = {layer.name: pyogrio.read_info(path, layer=layer.name)["features"] for layer in layers}
    if said != "ok" or found != {layer.name: len(layer.table) for layer in layers}:
        raise OSError(errno.EIO, "the GeoPackage did not arrive whole", str(path))


@contextmanager
def _fixed_moment() -> Iterator[None]:
    import pyogrio

    before = pyogrio.get_gdal_config_option("OGR_CURRENT_DATE")
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": MOMENT})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": before})


@contextmanager
def _disk_faults(folder: Path) -> Iterator[None]:
    """Turn what GDAL and SQLite say of the disk into what Python says of it."""
    import pyogrio.errors

    try:
        yield
    except (
        pyogrio.errors.DataSourceError,
        pyogrio.errors.DataLayerError,
        sqlite3.OperationalError,
    ) as error:
        # GDAL often says only that it could not commit.
        full = "full" in str(error) or shutil.disk_usage(folder).free < LEAST_FREE_BYTES
        raise OSError(errno.ENOSPC if full else errno.EIO, str(error)) from error
