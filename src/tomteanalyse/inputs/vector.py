"""The door for map files: GeoPackage, GeoJSON, Shapefile, zipped Shapefile.

Files are only ever read, from a copy where reading could disturb another program.
"""

import tempfile
import warnings
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pyproj
import shapely

from tomteanalyse.errors import MAP_SUFFIXES, DataError, Notice
from tomteanalyse.inputs.archive import unpack_shapefile
from tomteanalyse.inputs.files import Source
from tomteanalyse.inputs.findings import Findings
from tomteanalyse.inputs.geopackage import SIGNATURE, snapshot
from tomteanalyse.inputs.placement import (
    XY,
    Bounds,
    guess_crs,
    horizontal,
    short_name,
    suspicion,
)
from tomteanalyse.inputs.shapefile import refuse_broken, shapefile_parts
from tomteanalyse.study import InputFile


@dataclass(frozen=True)
class Layer:
    """What a map file holds.

    Parameters
    ----------
    frame
        Its features, numbered from 1; a GeoDataFrame without CRS where the file has
        none, a plain DataFrame where the layer has no geometry.
    files
        The file and its companions.
    """

    frame: pd.DataFrame
    files: tuple[Source, ...]

    def inputs(self, *, dropped: int = 0) -> tuple[InputFile, ...]:
        """Return the manifest's entries; the rows are counted on the file itself."""
        main, *others = self.files
        return (
            main.fingerprint(read=len(self.frame), dropped=dropped),
            *(other.fingerprint(read=0) for other in others),
        )


def read_layer(source: Source, *, layer: str | None, findings: Findings) -> Layer:
    """Read one layer as it stands in the file.

    Raises
    ------
    DataError
        Any of the codes ``vector.*`` that are about the file itself.
    """
    suffix = source.path.suffix.lower()
    with source.path.open("rb") as file:
        head = file.read(512)
    if suffix in (".sos", ".sosi") or head.lstrip(b"\xef\xbb\xbf \r\n").startswith(b".HODE"):
        raise DataError(Notice("vector.sosi", file=source.name))
    if suffix not in MAP_SUFFIXES:
        raise DataError(Notice("vector.unknown_format", file=source.name))
    with tempfile.TemporaryDirectory() as folder:
        if suffix == ".zip":
            shape = unpack_shapefile(source.path, name=source.name, into=Path(folder), layer=layer)
            refuse_broken(shape, source=source)
            return Layer(_read(str(shape), source, layer=None), (source,))
        if suffix == ".shp":
            refuse_broken(source.path, source=source)
            parts = shapefile_parts(source.path)
            others = [source.beside(part) for end, part in parts.items() if end != ".shp"]
            return Layer(_read(str(source.path), source, layer=None), (source, *others))
        if suffix == ".gpkg":
            if not head.startswith(SIGNATURE):
                raise DataError(Notice("vector.unreadable", file=source.name))
            copy, open_elsewhere = snapshot(source.path, name=source.name, into=Path(folder))
            if open_elsewhere:
                findings.warn("vector.open_elsewhere")
            return Layer(_read(str(copy), source, layer=layer), (source,))
        # Naming the driver matters: by itself GDAL goes by the content, and would follow a file of
        # this name that is really a virtual layer or a pipeline to other files and to the network.
        return Layer(_read(f"GeoJSON:{source.path}", source, layer=None), (source,))


def read_layers(source: Source, *, layer: str | None, findings: Findings) -> dict[str, Layer]:
    """Read one layer, or every layer with geometry of a GeoPackage where none is named.

    Returns
    -------
    dict
        Layers by name, in the file's order; one with the name "" where the file has no names.

    Raises
    ------
    DataError
        As `read_layer`.
    """
    names = _layers_with_geometry(source) if layer is None else [layer]
    chosen = names if len(names) > 1 else [layer]
    return {each or "": read_layer(source, layer=each, findings=findings) for each in chosen}


def _layers_with_geometry(source: Source) -> list[str]:
    """Return the layers of a GeoPackage that have geometry; nothing for another kind of file."""
    with source.path.open("rb") as file:
        if not file.read(len(SIGNATURE)).startswith(SIGNATURE):
            return []
    with tempfile.TemporaryDirectory() as folder:
        copy, _ = snapshot(source.path, name=source.name, into=Path(folder))
        try:
            listed = pyogrio.list_layers(copy)
        except (RuntimeError, ValueError, OSError) as error:
            # GDAL's own words carry the full path, which has no place in a message.
            raise DataError(Notice("vector.unreadable", file=source.name)) from error
    return [str(name) for name, kind in listed if kind is not None]


def in_study_crs(
    frame: gpd.GeoDataFrame,
    *,
    declared: str | None,
    study_crs: pyproj.CRS,
    near: Bounds | None,
    findings: Findings,
    ids: pd.Series | None = None,
) -> gpd.GeoDataFrame:
    """Bring a layer into the study's system, after a look at whether its own can be true.

    Parameters
    ----------
    frame
        As `read_layer` gives it.
    declared
        The system the study file says the layer is in; beats what the file says.
    study_crs, near
        The study's system, and the extent of its area in it [m] where that is known.
    findings
        Gets every fault that was found.
    ids
        What the features are called in messages; same rows.

    Returns
    -------
    GeoDataFrame
        In `study_crs` [m], without heights.

    Raises
    ------
    DataError
        ``vector.not_finite``, ``vector.no_crs``, ``vector.unknown_crs``, ``vector.not_degrees``,
        ``vector.degrees_as_metres``, ``vector.swapped_axes``, ``vector.wrong_zone``,
        ``vector.not_projectable``.
    """
    _refuse_not_finite("vector.not_finite", frame, ids, findings=findings)
    xy = _points(frame)
    crs = _declared(declared, findings) if declared else frame.crs
    if crs is None:
        guess = guess_crs(xy, study_crs=study_crs, near=near)
        findings.fault("vector.no_crs" if guess else "vector.no_crs_no_guess", guess=guess)
        findings.stop_if_faulty()
    crs = horizontal(crs)
    if declared and frame.crs is not None and horizontal(frame.crs) != crs:
        findings.warn("vector.crs_overridden", said=short_name(frame.crs), used=short_name(crs))
    refuse_suspicious(xy, frame.index, crs=crs, study_crs=study_crs, near=near, findings=findings)
    flat = frame.set_geometry(shapely.force_2d(frame.geometry.values)).set_crs(
        crs, allow_override=True
    )
    moved = flat.to_crs(study_crs)
    # One corner beyond what the systems cover spoils a shape as much as all of them.
    _refuse_not_finite("vector.not_projectable", moved, ids, findings=findings, crs=short_name(crs))
    return moved


def refuse_suspicious(
    xy: XY,
    rows: pd.Index,
    *,
    crs: pyproj.CRS,
    study_crs: pyproj.CRS,
    near: Bounds | None,
    findings: Findings,
) -> None:
    """Stop at coordinates that are not in the system they are said to be in.

    Raises
    ------
    DataError
        The code of the `Suspicion`, with the rows where only some of them are concerned.
    """
    doubt = suspicion(xy, crs=crs, study_crs=study_crs, near=near)
    if doubt is None:
        return
    some = rows[doubt.suspect] if doubt.suspect.sum() < np.isfinite(xy).all(axis=1).sum() else ()
    code = doubt.code if doubt.guess else f"{doubt.code}_no_guess"
    findings.fault(code, rows=some, said=short_name(crs), guess=doubt.guess)
    findings.stop_if_faulty()


def _read(target: str, source: Source, *, layer: str | None) -> pd.DataFrame:
    # Strings that look like dates stay strings: an id may look like one.
    options = {"DATE_AS_STRING": "YES"} if target.startswith("GeoJSON:") else {}
    with warnings.catch_warnings():
        # GDAL's remarks are for programmers; what matters of them is checked by name elsewhere.
        warnings.simplefilter("ignore")
        try:
            chosen = _layer(target, source, layer=layer)
            frame: pd.DataFrame = pyogrio.read_dataframe(
                target, layer=chosen, on_invalid="ignore", use_arrow=False, **options
            )
        except pyproj.exceptions.CRSError as error:
            raise DataError(Notice("vector.unreadable_crs", file=source.name)) from error
        except (RuntimeError, ValueError, OSError, shapely.errors.ShapelyError) as error:
            # GDAL's own words carry the full path, which has no place in a message.
            raise DataError(Notice("vector.unreadable", file=source.name)) from error
    frame.index = pd.RangeIndex(1, 1 + len(frame))
    return frame


def _layer(target: str, source: Source, *, layer: str | None) -> str:
    listed = pyogrio.list_layers(target)
    names = [name for name, _ in listed]
    if layer is not None:
        if layer not in names:
            values = {"layer": layer, "layers": ", ".join(names)}
            raise DataError(Notice("vector.no_such_layer", file=source.name, values=values))
        return layer
    with_geometry = [name for name, kind in listed if kind is not None]
    usable = with_geometry or [name for name in names if name != "layer_styles"]
    if not usable:
        raise DataError(Notice("vector.no_layer", file=source.name))
    if len(usable) > 1:
        values = {"layers": ", ".join(usable)}
        raise DataError(Notice("vector.several_layers", file=source.name, values=values))
    return str(usable[0])


def _declared(written: str, findings: Findings) -> pyproj.CRS:
    try:
        return pyproj.CRS.from_user_input(written)
    except pyproj.exceptions.CRSError:
        findings.fault("vector.unknown_crs", crs=written)
        findings.stop_if_faulty()
        raise


def _refuse_not_finite(
    code: str,
    frame: gpd.GeoDataFrame,
    ids: pd.Series | None,
    *,
    findings: Findings,
    **values: object,
) -> None:
    """Stop at features with a corner that is infinite or NaN: no geometry survives one."""
    corners, at = shapely.get_coordinates(frame.geometry.values, return_index=True)
    lost = np.zeros(len(frame), dtype=bool)
    lost[at[~np.isfinite(corners).all(axis=1)]] = True
    if lost.any():
        named = () if ids is None else ids[lost]
        findings.fault(code, rows=frame.index[lost], ids=named, **values)
        findings.stop_if_faulty()


def _points(frame: gpd.GeoDataFrame) -> XY:
    """Return one point per row to judge it by; NaN where the geometry is empty."""
    bounds = shapely.bounds(frame.geometry.values)
    return np.column_stack([bounds[:, [0, 2]].mean(axis=1), bounds[:, [1, 3]].mean(axis=1)])
