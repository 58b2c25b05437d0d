"""Make a new study folder: a commented study file and empty templates to fill in."""

import csv
import io
import json
import tempfile
from pathlib import Path

import geopandas as gpd
import pyogrio

from tomteanalyse.errors import Notice, UsageError
from tomteanalyse.inputs.study_file import STUDY_FILE
from tomteanalyse.texts import Catalog, Language, catalog

PLOTS_FILE = "tomter.gpkg"
PLOTS_LAYER = "tomter"
REGISTER_FILE = "enheter.csv"
CRS = "EPSG:25832"
PLOT_COLUMNS = ("plot_id", "name", "gnr", "bnr", "plan_status", "planned_homes")
REGISTER_COLUMNS = (
    "unit_id",
    "homes",
    "step",
    "housing_form",
    "building_id",
    "valid_from",
    "valid_to",
    "began",
    "ended",
    "x",
    "y",
    "address",
)
MADE = "2020-01-01T00:00:00Z"
"""GeoPackages carry the time they were changed; a template is always the same."""


def new_study(folder: Path, *, language: Language, name: str | None = None) -> list[Path]:
    """Write a study folder that `read_study` accepts once plots and an extract are there.

    Parameters
    ----------
    folder
        The new study; made where it does not exist.
    language
        Of the comments, the headings and the study.
    name
        What the study is called; the folder's name by default.

    Returns
    -------
    list of Path
        The files that were written.

    Raises
    ------
    UsageError
        ``scaffold.exists`` if one of them is there already, ``scaffold.not_writable``.
        Nothing has been written then.
    """
    names = (STUDY_FILE, PLOTS_FILE, REGISTER_FILE)
    taken = [name for name in names if (folder / name).exists()]
    if taken:
        notices = [Notice("scaffold.exists", file=name) for name in taken]
        raise UsageError(*notices, language=language)
    say = catalog(language)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder, prefix=".") as made:
            draft = Path(made)
            title = name or folder.resolve().name or "tomteanalyse"
            (draft / STUDY_FILE).write_text(_study_file(say, title), "utf-8", newline="\n")
            _write_plots(draft / PLOTS_FILE, say)
            heading = _headings(say, REGISTER_COLUMNS)
            (draft / REGISTER_FILE).write_text(_csv_line(heading), "utf-8-sig", newline="")
            # All are whole before the first is put in its place.
            return [(draft / one).rename(folder / one) for one in names]
    except OSError as error:
        notice = Notice("scaffold.not_writable", file=folder.name)
        raise UsageError(notice, language=language) from error


def _study_file(say: Catalog, name: str) -> str:
    # TOML's strings are JSON's, but for DEL, which TOML does not take as it is.
    written = json.dumps(name, ensure_ascii=False).replace("\x7f", "\\u007f")
    return say("scaffold.study_file", name=written, crs=CRS, language=say.language)


def _headings(say: Catalog, columns: tuple[str, ...]) -> list[str]:
    return [say(f"scaffold.column.{column}") for column in columns]


def _csv_line(cells: list[str]) -> str:
    line = io.StringIO()
    csv.writer(line, delimiter=";").writerow(cells)
    return line.getvalue()


def _write_plots(path: Path, say: Catalog) -> None:
    empty = gpd.GeoDataFrame(
        {heading: [] for heading in _headings(say, PLOT_COLUMNS)}, geometry=[], crs=CRS
    )
    kinds = dict.fromkeys(empty.columns.drop("geometry"), "str")
    kinds[say("scaffold.column.planned_homes")] = "int32"
    before = pyogrio.get_gdal_config_option("OGR_CURRENT_DATE")
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": MADE})
    try:
        pyogrio.write_dataframe(
            empty.astype(kinds),
            path,
            layer=PLOTS_LAYER,
            driver="GPKG",
            geometry_type="MultiPolygon",
        )
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": before})
