"""One layer of corrections as a table: what is sound in it, and every fault of the rest."""

from collections.abc import Mapping

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyproj
import shapely

from tomteanalyse.config import CorrectionsConfig
from tomteanalyse.corrections import COLUMNS, NEEDS
from tomteanalyse.inputs.cells import date_of, is_blank, number_of, text_of
from tomteanalyse.inputs.columns import match_columns, nearest_heading, plain
from tomteanalyse.inputs.correction_words import ALIASES, BARRIER_WORDS, CROSSING_WORDS, KINDS
from tomteanalyse.inputs.findings import Findings
from tomteanalyse.inputs.placement import Bounds
from tomteanalyse.inputs.vector import Layer, in_study_crs

HEADINGS = {"kind": "type", "date": "dato", "source": "kilde"}
"""Columns that every file must have, and what they may be called."""
SLOWEST_KMH, FASTEST_KMH = 5.0, 130.0
WAY_PREFIXES = ("way/", "way", "w")


def no_rows(crs: pyproj.CRS) -> gpd.GeoDataFrame:
    """Return a table of no corrections."""
    columns = {name: pd.Series([], dtype=dtype) for name, dtype in COLUMNS.items()}
    return gpd.GeoDataFrame(columns, geometry=[], crs=crs)


def sound_rows(
    layer: Layer,
    *,
    config: CorrectionsConfig,
    study_crs: pyproj.CRS,
    near: Bounds | None,
    findings: Findings,
) -> gpd.GeoDataFrame:
    """Return the sound rows of a layer as `COLUMNS` describes them; note every fault.

    Raises
    ------
    DataError
        Where no row can be looked at: ``corrections.no_geometry``, ``corrections.no_column``,
        ``vector.*``, ``table.*``.
    """
    frame = layer.frame
    if not len(frame):
        return no_rows(study_crs)
    if not isinstance(frame, gpd.GeoDataFrame):
        findings.fault("corrections.no_geometry")
        findings.stop_if_faulty()
    cells = _cells(frame, config=config, findings=findings)
    frame = in_study_crs(
        frame, declared=config.crs, study_crs=study_crs, near=near, findings=findings
    )
    told = _Told(cells, findings)
    kind = told.words("kind", KINDS, "corrections.unknown_kind", missing="corrections.no_kind")
    date = told.dates()
    source = told.required("source", "corrections.no_source")
    crossing = told.words("crossing", CROSSING_WORDS, "corrections.unknown_crossing")
    barrier = told.words("barrier", BARRIER_WORDS, "corrections.unknown_barrier")
    speed = told.speeds()
    way = told.ways()
    told.tell("corrections.no_crossing", (kind == "new_crossing") & told.blank("crossing"))
    told.tell("corrections.no_speed", (kind == "speed_changed") & told.blank("speed_kmh"))
    shapes = _shapes(frame, kind, told=told)
    table = gpd.GeoDataFrame(
        {
            "kind": kind,
            "date": date,
            "source": source,
            "note": told.text("note"),
            "name": told.text("name"),
            "crossing": crossing.where(kind == "new_crossing"),
            "barrier": barrier.where(kind == "new_fence"),
            "speed_kmh": speed.where(kind == "speed_changed"),
            "way": way,
            "file": findings.file,
            "row": np.array(frame.index, dtype=np.int64),
        },
        geometry=shapes,
        crs=study_crs,
        index=frame.index,
    )
    return table[told.sound].astype(COLUMNS)


def _cells(frame: pd.DataFrame, *, config: CorrectionsConfig, findings: Findings) -> pd.DataFrame:
    """Return what stands in the columns we know, as text."""
    headings = [str(column) for column in frame.columns if column != "geometry"]
    found = match_columns(headings, aliases=ALIASES, chosen=config.columns, findings=findings)
    for name, example in HEADINGS.items():
        if name not in found and name not in config.columns:
            near = nearest_heading(headings, ALIASES[name])
            code = "corrections.no_column" if near is None else "corrections.no_column_near"
            columns = ", ".join(headings) or "–"
            findings.fault(code, column=example, near=near, columns=columns)
    findings.stop_if_faulty()
    return pd.DataFrame(
        {name: frame[heading].map(text_of).str.strip() for name, heading in found.items()},
        index=frame.index,
        dtype="str",
    )


class _Told:
    """What the cells of a layer say, and which rows are sound."""

    def __init__(self, cells: pd.DataFrame, findings: Findings) -> None:
        self.cells = cells
        self.findings = findings
        self.sound: npt.NDArray[np.bool_] = np.ones(len(cells), dtype=np.bool_)

    def tell(self, code: str, rows: pd.Series, **values: float | str) -> None:
        """Note a fault of some rows."""
        wrong = rows.to_numpy(dtype=bool)
        if wrong.any():
            self.findings.fault(code, rows=rows.index[wrong], ids=(), **values)
            self.sound &= ~wrong

    def blank(self, name: str) -> pd.Series:
        """Tell which cells of a column hold nothing."""
        if name not in self.cells:
            return pd.Series(True, index=self.cells.index)
        return self.cells[name].map(is_blank).astype(bool)

    def text(self, name: str) -> pd.Series:
        """Return a column as text, NA where it holds nothing."""
        if name not in self.cells:
            return pd.Series(None, index=self.cells.index, dtype="str")
        return self.cells[name].mask(self.blank(name))

    def required(self, name: str, code: str) -> pd.Series:
        """Return a column as text; that it holds nothing is a fault."""
        self.tell(code, self.blank(name))
        return self.text(name)

    def words(
        self, name: str, known: Mapping[str, str], code: str, *, missing: str | None = None
    ) -> pd.Series:
        """Return a column in our own words; one that we do not know is a fault."""
        written = self.text(name)
        if missing is not None:
            self.tell(missing, written.isna())
        meant = written.map(lambda text: known.get(plain(text)), na_action="ignore").astype("str")
        unknown = meant.isna() & written.notna()
        for word in sorted(set(written[unknown])):
            self.tell(code, unknown & (written == word), given=word)
        return meant

    def dates(self) -> pd.Series:
        """Return the dates; each correction needs one."""
        self.tell("corrections.no_date", self.blank("date"))
        days = self.text("date").map(_day, na_action="ignore")
        found = pd.Series(days.to_numpy("datetime64[s]"), index=self.cells.index)
        self.tell("corrections.bad_date", found.isna() & ~self.blank("date"))
        return found

    def speeds(self) -> pd.Series:
        """Return the speeds [km/h], NaN where none is given."""
        written = self.text("speed_kmh")
        speed = written.map(
            lambda text: number_of(text.casefold().removesuffix("km/t").removesuffix("km/h")),
            na_action="ignore",
        ).astype("float64")
        odd = written.notna() & ~speed.between(SLOWEST_KMH, FASTEST_KMH)
        self.tell("corrections.bad_speed", odd, least=SLOWEST_KMH, most=FASTEST_KMH)
        return speed

    def ways(self) -> pd.Series:
        """Return the OSM ids of the ways that are meant, NA where none is given."""
        written = self.text("way")
        way = pd.to_numeric(written.map(_way_id, na_action="ignore"), errors="coerce")
        self.tell("corrections.bad_way", written.notna() & way.isna())
        return way.astype("Int64")


def _day(text: str) -> np.datetime64:
    try:
        day = date_of(text)
    except ValueError:
        day = None
    return np.datetime64("NaT", "s") if day is None else np.datetime64(day, "s")


def _way_id(text: str) -> int | None:
    bare = text.casefold()
    for prefix in WAY_PREFIXES:
        bare = bare.removeprefix(prefix)
    return int(bare) if bare.isascii() and bare.removeprefix("-").isdecimal() else None


def _shapes(frame: gpd.GeoDataFrame, kind: pd.Series, *, told: _Told) -> npt.NDArray[np.object_]:
    """Return points and lines; a kind that needs the other of them is a fault."""
    shapes = np.array(frame.geometry.values, dtype=object)
    empty = shapely.is_missing(shapes) | shapely.is_empty(shapes)
    single = ~empty & (shapely.get_num_geometries(shapes) == 1)
    shapes[single] = shapely.get_geometry(shapes[single], 0)
    types = shapely.get_type_id(shapes)
    point, line = types == shapely.GeometryType.POINT, types == shapely.GeometryType.LINESTRING
    needs = kind.map(NEEDS)

    def rows(wrong: npt.NDArray[np.bool_]) -> pd.Series:
        return pd.Series(wrong, index=frame.index)

    told.tell("corrections.empty_geometry", rows(empty))
    told.tell("corrections.not_point_or_line", rows(~empty & ~point & ~line))
    told.tell("corrections.needs_point", rows(line & (needs == "point").to_numpy()))
    told.tell("corrections.needs_line", rows(point & (needs == "line").to_numpy()))
    told.tell("corrections.no_length", rows(line & ~(shapely.length(shapes) > 0)))
    return shapes
