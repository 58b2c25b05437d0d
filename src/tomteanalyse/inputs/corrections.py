"""Read corrections of the map, and make them in the extract."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyproj

from tomteanalyse.config import CorrectionsConfig
from tomteanalyse.corrections import corrected
from tomteanalyse.errors import DataError
from tomteanalyse.extract import OsmExtract
from tomteanalyse.inputs.correction_rows import no_rows, sound_rows
from tomteanalyse.inputs.files import Source, find_source
from tomteanalyse.inputs.findings import Findings, Loaded, raise_all
from tomteanalyse.inputs.placement import Bounds
from tomteanalyse.inputs.vector import Layer, read_layers
from tomteanalyse.study import InputFile, Study


@dataclass(frozen=True)
class Corrected:
    """An extract with corrections in it.

    Parameters
    ----------
    extract
        The corrected extract.
    loaded
        The corrections as `Study.corrections` describes them, and the files they came from.
    """

    extract: OsmExtract
    loaded: Loaded


def read_corrections(
    source: Source,
    *,
    config: CorrectionsConfig,
    extract: OsmExtract | None,
    study_crs: pyproj.CRS,
    near: Bounds | None,
) -> Corrected | None:
    """Read corrections and make them.

    Parameters
    ----------
    source, config
        The file (GeoPackage, GeoJSON or Shapefile), and what the study file says of it.
    extract
        What is corrected; None where it could not be read, and only the file itself is checked.
    study_crs, near
        The study's system, and the extent of its area in it [m] where that is known.

    Returns
    -------
    Corrected or None
        None where there is no extract.

    Raises
    ------
    DataError
        Every fault of the file, and every correction that does not fit the map: ``corrections.*``,
        ``vector.*``, ``table.*``.
    """
    findings = Findings(source.name)
    layers = read_layers(source, layer=config.layer, findings=findings)
    tables, faults, warnings = [], [*findings.faults], []
    for name, layer in layers.items():
        # Features are numbered in each layer, so that the layer must be named where there are more.
        own = Findings(f"{name} · {source.name}" if len(layers) > 1 else source.name)
        try:
            tables.append(
                sound_rows(layer, config=config, study_crs=study_crs, near=near, findings=own)
            )
        except DataError as error:
            faults += error.notices
        else:
            faults += own.faults
        warnings += own.warnings
    if not any(len(layer.frame) for layer in layers.values()):
        findings.warn("corrections.none")
    # What is sound is tried on the map all the same, so that all faults are told at once.
    found = [each for each in tables if not each.empty]
    rows = gpd.GeoDataFrame(
        pd.concat(found, ignore_index=True) if found else no_rows(study_crs), crs=study_crs
    )
    applied = None
    if extract is not None:
        try:
            applied = corrected(extract, rows)
        except DataError as error:
            faults += error.notices
    if faults:
        raise_all(faults)
    if applied is None:
        return None
    inputs = next(iter(layers.values())).inputs()
    return Corrected(
        applied[0],
        Loaded(applied[1], _counted(inputs, layers), (*findings.warnings, *warnings)),
    )


def with_corrections(study: Study, path: Path) -> Study:
    """Return a study with the corrections of a file made in it, after those it has itself.

    Parameters
    ----------
    study
        A study that has been read.
    path
        The file of corrections.

    Raises
    ------
    DataError
        As `read_corrections`, in the study's language.
    """
    language = study.config.language
    try:
        source = find_source(Path(), str(path.absolute()), role="corrections")
        made = read_corrections(
            source,
            config=CorrectionsConfig(file=source.name),
            extract=study.extract,
            study_crs=study.crs,
            near=study.extract.bounds,
        )
        if made is None or made.loaded.table.empty:
            findings = Findings(source.name)
            findings.fault("corrections.none_to_try")
            findings.stop_if_faulty()
    except DataError as error:
        raise DataError(*error.notices, language=language) from error
    if made is None:
        raise AssertionError("corrections were made in no extract")
    tables = [each for each in (study.corrections, made.loaded.table) if not each.empty]
    both = gpd.GeoDataFrame(pd.concat(tables, ignore_index=True), crs=study.crs)
    both.index = pd.RangeIndex(1, 1 + len(both), name="correction")
    return replace(
        study,
        extract=made.extract,
        corrections=both,
        inputs=(*study.inputs, *made.loaded.inputs),
        warnings=(*study.warnings, *made.loaded.warnings),
    )


def _counted(inputs: tuple[InputFile, ...], layers: Mapping[str, Layer]) -> tuple[InputFile, ...]:
    main, *others = inputs
    return (replace(main, read=sum(len(layer.frame) for layer in layers.values())), *others)
