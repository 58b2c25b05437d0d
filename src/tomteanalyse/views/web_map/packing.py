"""Geometry for the page: degrees as whole millionths, differences only, seven bits a byte.

A building's corner takes some five characters this way instead of thirty. `page/decode.js` is the
other half.
"""

from base64 import b64decode, b64encode
from functools import cache

import numpy as np
import numpy.typing as npt
import pyproj
import shapely

Shapes = npt.NDArray[np.object_]
Packed = dict[str, str]

PER_DEGREE = 1_000_000
"""A millionth of a degree is 11 cm or less."""


@cache
def _to_degrees(crs_wkt: str) -> pyproj.Transformer:
    return pyproj.Transformer.from_crs(crs_wkt, "EPSG:4326", always_xy=True)


def degrees(xy: npt.NDArray[np.float64], *, crs: pyproj.CRS) -> npt.NDArray[np.float64]:
    """Turn metres of the study's system into degrees.

    Parameters
    ----------
    xy
        Easting and northing [m], shape (n, 2).
    crs
        Their system.

    Returns
    -------
    ndarray
        Longitude and latitude [°], shape (n, 2).
    """
    lon, lat = _to_degrees(crs.to_wkt()).transform(xy[:, 0], xy[:, 1])
    return np.column_stack([lon, lat])


def pack_points(xy: npt.NDArray[np.float64], *, crs: pyproj.CRS) -> str:
    """Pack points, shape (n, 2) [m], into text."""
    whole = np.rint(degrees(xy, crs=crs) * PER_DEGREE).astype(np.int64)
    return pack_numbers(np.diff(whole, axis=0, prepend=0).ravel())


def pack_shapes(shapes: Shapes, *, crs: pyproj.CRS) -> Packed:
    """Pack lines or polygons into text.

    Parameters
    ----------
    shapes
        Lines, polygons or multiparts of either [m]. A point counts as a line of one vertex.
    crs
        Their system.

    Returns
    -------
    dict
        ``parts``: lines or rings per shape; ``points``: vertices per line or ring (a ring without
        its last vertex, which is its first); ``xy``: the vertices.
    """
    parts, of_shape = shapely.get_parts(shapes, return_index=True)
    flat = shapely.get_type_id(parts) == shapely.GeometryType.POLYGON
    rings, of_flat = shapely.get_rings(parts[flat], return_index=True)
    owner = np.concatenate([of_shape[~flat], of_shape[flat][of_flat]])
    order = np.argsort(owner, kind="stable")
    drawn = np.concatenate([parts[~flat], rings])[order]
    closed = np.concatenate([np.zeros((~flat).sum(), bool), np.ones(rings.size, bool)])[order]
    count = shapely.get_num_coordinates(drawn)
    last = (np.cumsum(count) - 1)[closed]
    xy = np.delete(shapely.get_coordinates(drawn), last, axis=0)
    return {
        "parts": pack_numbers(np.bincount(owner, minlength=len(shapes))),
        "points": pack_numbers(count - closed),
        "xy": pack_points(xy, crs=crs),
    }


def pack_numbers(numbers: npt.NDArray[np.int64]) -> str:
    """Pack whole numbers between -2^34 and 2^34 into text.

    The sign goes into the lowest bit; then seven bits a byte, lowest first, the last byte of a
    number marked by its highest bit; then base64.
    """
    signed = np.asarray(numbers, dtype=np.int64)
    plain = np.where(signed < 0, -2 * signed - 1, 2 * signed).astype(np.uint64)
    longer = plain[:, None] >= (np.uint64(1) << np.array([7, 14, 21, 28], dtype=np.uint64))
    length = 1 + longer.sum(axis=1)
    owner = np.repeat(np.arange(plain.size), length)
    place = np.arange(owner.size) - np.repeat(np.cumsum(length) - length, length)
    byte = (plain[owner] >> (7 * place).astype(np.uint64)) & np.uint64(127)
    byte |= np.where(place == length[owner] - 1, np.uint64(128), np.uint64(0))
    return b64encode(byte.astype(np.uint8).tobytes()).decode("ascii")


def unpack_points(packed: str) -> npt.NDArray[np.float64]:
    """Return the points that were packed, longitude and latitude [°], shape (n, 2)."""
    byte = np.frombuffer(b64decode(packed), np.uint8)
    last = np.flatnonzero(byte >= 128)
    length = np.diff(last, prepend=-1)
    owner = np.repeat(np.arange(last.size), length)
    place = np.arange(owner.size) - np.repeat(last - length + 1, length)
    part = (byte[: owner.size] & 127).astype(np.int64) << (7 * place)
    plain = np.zeros(last.size, dtype=np.int64)
    np.add.at(plain, owner, part)
    signed = np.where(plain & 1, -(plain >> 1) - 1, plain >> 1)
    return np.cumsum(signed.reshape(-1, 2), axis=0) / PER_DEGREE


def pack_floats(figures: npt.NDArray[np.float64]) -> str:
    """Pack floats into text, every bit of them; NaN and infinity too."""
    # One NaN for all: which bits a NaN has depends on how it came about.
    plain = np.where(np.isnan(figures), np.nan, figures)
    return b64encode(plain.astype("<f8").tobytes()).decode("ascii")
