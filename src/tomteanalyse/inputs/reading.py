"""Read a whole study: every file once, every fault of every file told together."""

from collections.abc import Callable
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TypeVar

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj

from tomteanalyse.config import ConstraintConfig, StudyConfig
from tomteanalyse.errors import DataError, Notice, PrivacyError
from tomteanalyse.extract import OsmExtract
from tomteanalyse.inputs.addresses import AddressBook, read_addresses
from tomteanalyse.inputs.archive import refuse_swollen
from tomteanalyse.inputs.areas import read_areas_of_study
from tomteanalyse.inputs.constraints import read_areas
from tomteanalyse.inputs.corrections import Corrected, read_corrections
from tomteanalyse.inputs.doctype import refuse_doctype
from tomteanalyse.inputs.dwellings import read_dwellings
from tomteanalyse.inputs.entrances import no_entrances, read_entrances
from tomteanalyse.inputs.files import find_source
from tomteanalyse.inputs.findings import Dropped, Loaded, raise_all
from tomteanalyse.inputs.osm import read_extract
from tomteanalyse.inputs.placement import Bounds
from tomteanalyse.inputs.plots import read_plots
from tomteanalyse.inputs.register import read_register
from tomteanalyse.inputs.study_file import StudyFile, read_study_file
from tomteanalyse.inputs.visits import no_visits, read_visits
from tomteanalyse.study import InputFile, Study

WORST_SCALE = 0.005
"""A metre of the study's system may be this share too long or too short. Zone 33 is used in all of
mainland Norway and is at most 0.36 % off there; Web Mercator is 100 % off at 60° north."""

T = TypeVar("T")


def read_study(path: Path | str) -> Study:
    """Read everything a study file names.

    Parameters
    ----------
    path
        The study's folder, or its study file.

    Returns
    -------
    Study
        Everything in the study's metric system.

    Raises
    ------
    DataError
        Every fault of every file, in the study's language; nothing has been written.
    PrivacyError
        The same, if one of the faults is that the register holds persons.
    """
    file = read_study_file(Path(path))
    reader = _Reader(file)
    extract = reader.attempt(reader.extract)
    near = extract.bounds if extract else None
    if extract is not None:
        reader.attempt(lambda: _refuse_distortion(extract, file))
    made = reader.attempt(lambda: reader.corrections(extract, near))
    plots = reader.table(lambda: reader.plots(near))
    if near is None and plots is not None:
        # The plots tell where the study is, when the extract cannot.
        west, south, east, north = plots.total_bounds
        near = (float(west), float(south), float(east), float(north))
    entrances = reader.table(lambda: reader.entrances(plots, near))
    visits = reader.table(lambda: reader.visits(near))
    book = reader.attempt(reader.addresses)
    units = reader.table(lambda: reader.register(book, near))
    dwellings = reader.table(lambda: reader.dwellings(extract, near))
    districts = reader.table(lambda: reader.areas(near))
    layers = {
        constraint.key: areas
        for constraint in file.config.constraints
        if constraint.file is not None
        and (areas := reader.constraint(constraint, constraint.file, near)) is not None
    }
    coverage = {
        constraint.key: areas
        for constraint in file.config.constraints
        if constraint.coverage is not None
        and (areas := reader.constraint(constraint, constraint.coverage, near)) is not None
    }
    reader.stop_if_faulty()
    if extract is None or plots is None or entrances is None or units is None or visits is None:
        raise AssertionError("a table is missing though no fault was found")
    return Study(
        folder=file.folder,
        config=file.config,
        crs=file.crs,
        plots=plots,
        entrances=entrances,
        units=units,
        unplaced=reader.unplaced,
        extract=extract if made is None else made.extract,
        constraint_layers=layers,
        coverage_layers=coverage,
        inputs=tuple(reader.inputs),
        dropped=pd.DataFrame(
            [[getattr(row, name) for name in _DROPPED] for row in reader.dropped],
            columns=list(_DROPPED),
        ),
        warnings=tuple(reader.warnings),
        visits=visits,
        corrections=gpd.GeoDataFrame() if made is None else made.loaded.table,
        dwellings=gpd.GeoDataFrame() if dwellings is None else dwellings,
        areas=gpd.GeoDataFrame() if districts is None else districts,
    )


_DROPPED = tuple(column.name for column in fields(Dropped))


@dataclass
class _Reader:
    """Reads file after file and keeps what each has to tell."""

    file: StudyFile
    faults: list[Notice] = field(default_factory=list)
    warnings: list[Notice] = field(default_factory=list)
    inputs: list[InputFile] = field(default_factory=list)
    dropped: list[Dropped] = field(default_factory=list)
    unplaced: pd.DataFrame = field(default_factory=pd.DataFrame)

    def __post_init__(self) -> None:
        self.inputs.append(self.file.source.fingerprint(read=1))

    @property
    def config(self) -> StudyConfig:
        return self.file.config

    @property
    def crs(self) -> pyproj.CRS:
        return self.file.crs

    def attempt(self, read: Callable[[], T]) -> T | None:
        """Read one file; keep its faults for later if it cannot be used."""
        try:
            return read()
        except (DataError, PrivacyError) as error:
            self.faults += error.notices
        return None

    def table(self, read: Callable[[], Loaded]) -> gpd.GeoDataFrame | None:
        """Read one table and keep what it has to tell."""
        loaded = self.attempt(read)
        if loaded is None:
            return None
        self.inputs += loaded.inputs
        self.warnings += loaded.warnings
        self.dropped += loaded.dropped
        return loaded.table

    def stop_if_faulty(self) -> None:
        if self.faults:
            raise_all(self.faults, language=self.config.language)

    def extract(self) -> OsmExtract:
        source = find_source(self.file.folder, self.config.extract.file, role="extract")
        if not source.name.lower().endswith(".pbf"):
            if source.name.lower().endswith(".gz"):
                refuse_swollen(source.path)
            refuse_doctype(source.path)
        extract = read_extract(source.path, crs=self.crs)
        self.inputs.append(source.fingerprint(read=int(np.unique(extract.lines.way).size)))
        return extract

    def corrections(self, extract: OsmExtract | None, near: Bounds | None) -> Corrected | None:
        config = self.config.corrections
        if config is None:
            return None
        source = find_source(self.file.folder, config.file, role="corrections")
        made = read_corrections(
            source, config=config, extract=extract, study_crs=self.crs, near=near
        )
        if made is not None:
            self.inputs += made.loaded.inputs
            self.warnings += made.loaded.warnings
        return made

    def plots(self, near: Bounds | None) -> Loaded:
        source = find_source(self.file.folder, self.config.plots.file, role="plots")
        return read_plots(source, config=self.config.plots, study_crs=self.crs, extent=near)

    def entrances(self, plots: gpd.GeoDataFrame | None, near: Bounds | None) -> Loaded:
        config = self.config.entrances
        if config is None:
            return Loaded(no_entrances(self.crs), (), ())
        source = find_source(self.file.folder, config.file, role="entrances")
        return read_entrances(source, config=config, plots=plots, study_crs=self.crs, near=near)

    def visits(self, near: Bounds | None) -> Loaded:
        config = self.config.visits
        if config is None:
            return Loaded(no_visits(self.crs), (), ())
        source = find_source(self.file.folder, config.file, role="visits")
        return read_visits(source, config=config, study_crs=self.crs, near=near)

    def addresses(self) -> AddressBook | None:
        if self.config.addresses is None:
            return None
        source = find_source(self.file.folder, self.config.addresses.file, role="addresses")
        book, entry, findings = read_addresses(source)
        self.inputs.append(entry)
        self.warnings += findings.warnings
        self.dropped += findings.dropped
        return book

    def register(self, book: AddressBook | None, near: Bounds | None) -> Loaded:
        config = self.config.units
        source = find_source(self.file.folder, config.file, role="register")
        loaded = read_register(source, config=config, book=book, study_crs=self.crs, near=near)
        self.unplaced = loaded.unplaced
        return loaded

    def dwellings(self, extract: OsmExtract | None, near: Bounds | None) -> Loaded:
        config = self.config.dwellings
        if config is None:
            return Loaded(gpd.GeoDataFrame(), (), ())
        source = None
        if config.file is not None:
            source = find_source(self.file.folder, config.file, role="dwellings")
        return read_dwellings(
            source,
            config=config,
            extract=extract,
            extract_name=self.config.extract.file,
            study_crs=self.crs,
            near=near,
        )

    def areas(self, near: Bounds | None) -> Loaded:
        config = self.config.areas
        if config is None:
            return Loaded(gpd.GeoDataFrame(), (), ())
        source = find_source(self.file.folder, config.file, role="areas")
        return read_areas_of_study(source, config=config, study_crs=self.crs, near=near)

    def constraint(
        self, constraint: ConstraintConfig, written: str, near: Bounds | None
    ) -> gpd.GeoDataFrame | None:
        layer = constraint.layer if written == constraint.file else None

        def read() -> Loaded:
            source = find_source(self.file.folder, written, role="constraint")
            return read_areas(
                source, layer=layer, crs=constraint.crs, study_crs=self.crs, near=near
            )

        return self.table(read)


def _refuse_distortion(extract: OsmExtract, file: StudyFile) -> None:
    """Check that a metre of the study's system is a metre where the study is.

    Raises
    ------
    DataError
        ``study.crs_distorts``.
    """
    west, south, east, north = extract.bounds
    to_degrees = pyproj.Transformer.from_crs(
        file.crs, file.crs.geodetic_crs or "EPSG:4326", always_xy=True
    )
    middle = to_degrees.transform((west + east) / 2, (south + north) / 2)
    factors = pyproj.Proj(file.crs).get_factors(*middle)
    worst = max(abs(factors.meridional_scale - 1), abs(factors.parallel_scale - 1))
    if not worst <= WORST_SCALE:
        values = {"crs": file.config.crs, "percent": round(100 * worst, 1)}
        raise DataError(Notice("study.crs_distorts", file=file.source.name, values=values))
