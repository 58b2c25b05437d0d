"""What a run works on: checked tables and arrays, everything in one metric coordinate system."""

from dataclasses import dataclass, field
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyproj

from tomteanalyse.config import StudyConfig
from tomteanalyse.errors import Notice
from tomteanalyse.extract import OsmExtract


@dataclass(frozen=True)
class InputFile:
    """One file that was read: what the manifest says of it.

    ``role`` is "study", "plots", "entrances", "register", "addresses", "extract", "corrections",
    "visits", "dwellings", "areas" or "constraint".
    ``read`` and ``dropped`` count rows (for the extract: ways).
    """

    role: str
    name: str
    sha256: str
    read: int
    dropped: int = 0


@dataclass(frozen=True)
class Study:
    """A study that has been read and found fit to run.

    Parameters
    ----------
    folder
        Where the study file lies.
    config
        The study file, checked, defaults filled in.
    crs
        The metric system of every geometry below [m].
    plots
        Candidate plots on ``plot_id`` (str, sorted): ``name`` (str), ``gnr``, ``bnr``,
        ``plan_status`` (str or NA), ``planned_homes`` (Int64; NA where the profile's number holds),
        ``geometry`` (valid Polygon, MultiPolygon or Point).
    entrances
        Points on ``plot_id`` (not unique); empty where none were given.
    units
        The register on ``unit_id`` (str, sorted): ``homes`` (int), ``step`` (Int64, 1-5 or NA),
        ``housing_form`` (str or NA), ``building_id`` (str or NA), ``valid_from``, ``valid_to``
        (datetime64 or NaT; both days count), ``began`` ("bought", "built", "reclassified" or NA),
        ``ended`` ("sold", "demolished", "reclassified" or NA), ``current`` (bool: valid on the
        register's date), ``geometry`` (Point).
        Sensitive: a row is a welfare home. It holds no address.
    unplaced
        The units of the register that have no place, and so stand in no table above: ``homes``
        (int), ``step`` (Int64 or NA), ``current`` (bool), sorted; who they are is not kept.
    extract
        The OpenStreetMap extract, with the corrections made in it.
    constraint_layers
        Polygons of every constraint that names a file, by the constraint's key.
    coverage_layers
        What has been mapped at all, for the constraints that say so, by the constraint's key.
    inputs
        Every file that was read.
    dropped
        Rows left out: ``file``, ``row`` (as `Notice.rows` counts), ``id``, ``reason`` (a code).
    warnings
        What the planner should know though the run goes on.
    visits
        Named places that residents go to, on ``visit_id``: ``name`` (str), ``geometry`` (Point);
        empty without columns where none were given.
    corrections
        What was corrected in the extract, on ``correction`` (1…); empty without columns where
        nothing was: ``kind``, ``date`` (datetime64), ``source``, ``note``, ``name``, ``crossing``,
        ``barrier`` (str or NA), ``speed_kmh`` (NaN where it is no matter), ``way`` (Int64, the OSM
        way that was meant, NA where it was looked for), ``file``, ``row``, ``touched`` (name of the
        way or stop, or NA), ``ways`` (tuple of ids of ways, and as "w1" or "r1" of areas),
        ``nodes`` (tuple of ids), ``geometry`` (Point or LineString, as drawn). New ways and nodes
        have negative ids.
    dwellings
        Where dwellings are, municipal ones among them, on ``dwelling_place`` (str, sorted):
        ``dwellings`` (int64, at least 1), ``built``, ``gone`` (datetime64 or NaT; the first day
        they are there, and the last), ``building_id`` (str or NA, as in the register),
        ``geometry`` (Point). Empty without columns where the study names no dwellings: shares are
        unknown then. `StudyConfig.dwellings` says what they were taken from.
    areas
        Districts or basic statistical units, on ``area_id`` (str, sorted): ``name`` (str or NA),
        ``geometry`` (Polygon or MultiPolygon, without overlap); empty without columns where none
        were given.
    """

    folder: Path
    config: StudyConfig
    crs: pyproj.CRS
    plots: gpd.GeoDataFrame
    entrances: gpd.GeoDataFrame
    units: gpd.GeoDataFrame
    unplaced: pd.DataFrame
    extract: OsmExtract
    constraint_layers: dict[str, gpd.GeoDataFrame]
    coverage_layers: dict[str, gpd.GeoDataFrame]
    inputs: tuple[InputFile, ...]
    dropped: pd.DataFrame
    warnings: tuple[Notice, ...]
    visits: gpd.GeoDataFrame = field(default_factory=gpd.GeoDataFrame)
    corrections: gpd.GeoDataFrame = field(default_factory=gpd.GeoDataFrame)
    dwellings: gpd.GeoDataFrame = field(default_factory=gpd.GeoDataFrame)
    areas: gpd.GeoDataFrame = field(default_factory=gpd.GeoDataFrame)

    def input_name(self, role: str) -> str:
        """Return the name of the file with a role, as messages show it."""
        return next((each.name for each in self.inputs if each.role == role), role)
