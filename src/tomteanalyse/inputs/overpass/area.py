"""Which boxes to ask for."""

import math

import numpy as np
import shapely

from tomteanalyse.errors import NetworkError, Notice
from tomteanalyse.inputs.overpass.service import Place

DEGREE_M = 111_320.0
"""One degree of latitude [m]; of longitude, times the cosine of the latitude."""
PIECE_M = 6_000.0
"""Side of what one query asks for [m]: a city's piece stays far below Overpass' time and memory."""
LARGEST_KM2 = 3_000.0
ROUNDING = 0.001
"""The plots' extent is rounded outwards to this [degrees], about 100 m."""

Bounds = tuple[float, float, float, float]


def boxes_to_fetch(
    place: Place | None,
    plots: shapely.Geometry | None,
    *,
    margin_m: float,
    piece_m: float = PIECE_M,
    largest_km2: float = LARGEST_KM2,
) -> list[shapely.Polygon]:
    """Cover place and plots, with a margin, by boxes small enough for one query each.

    Boxes rather than the outline itself: a municipality's border has thousands of corners, and
    OSMnx repeats the outline for every key and kind of object it asks for.

    Parameters
    ----------
    place, plots
        What to cover, in degrees (EPSG:4326); at least one of them.
    margin_m
        How far beyond them [m].
    piece_m
        Longest side of a box [m].
    largest_km2
        How much may be fetched in all [km²].

    Returns
    -------
    list of shapely.Polygon
        Boxes in degrees, from south-west to north-east, that share their edges.

    Raises
    ------
    NetworkError
        ``fetch.place_elsewhere`` if the plots lie outside the place, ``fetch.too_large`` if there
        is more to fetch than a public service should be asked for.
    """
    wanted = []
    if place is not None:
        wanted.append(place.extent)
        near = shapely.box(*_widened(place.extent.bounds, margin_m))
        if plots is not None and not near.intersects(plots):
            raise NetworkError(Notice("fetch.place_elsewhere", values={"place": place.name}))
    if plots is not None:
        wanted.append(shapely.box(*_rounded_outwards(plots.bounds)))
    area = shapely.union_all(wanted)
    west, south, east, north = _widened(area.bounds, margin_m)
    width_m = (east - west) * DEGREE_M * math.cos(math.radians((south + north) / 2))
    height_m = (north - south) * DEGREE_M
    columns = max(1, math.ceil(width_m / piece_m))
    rows = max(1, math.ceil(height_m / piece_m))
    piece_km2 = width_m * height_m / 1e6 / (columns * rows)

    boxes: list[shapely.Polygon] = []
    x = np.linspace(west, east, columns + 1).round(6)
    y = np.linspace(south, north, rows + 1).round(6)
    for row in range(rows):
        for column in range(columns):
            edges = (x[column], y[row], x[column + 1], y[row + 1])
            if area.intersects(shapely.box(*_widened(edges, margin_m))):
                boxes.append(shapely.box(*edges))
            # Said at once: a continent would make more boxes than there is memory for.
            if len(boxes) * piece_km2 > largest_km2:
                values = {"largest_km2": round(largest_km2)}
                raise NetworkError(Notice("fetch.too_large", values=values))
    return boxes


def quarters(box: shapely.Polygon) -> list[shapely.Polygon]:
    """Cut a box in four."""
    west, south, east, north = box.bounds
    x, y = round((west + east) / 2, 6), round((south + north) / 2, 6)
    return [
        shapely.box(*edges)
        for edges in (
            (west, south, x, y),
            (x, south, east, y),
            (west, y, x, north),
            (x, y, east, north),
        )
    ]


def _widened(bounds: Bounds, margin_m: float) -> Bounds:
    west, south, east, north = bounds
    up = margin_m / DEGREE_M
    aside = up / max(0.01, math.cos(math.radians(max(abs(south), abs(north)))))
    return (west - aside, south - up, east + aside, north + up)


def _rounded_outwards(bounds: Bounds) -> Bounds:
    west, south, east, north = bounds
    # One step more at the upper edges, so that a single point gets an extent too.
    return (
        math.floor(west / ROUNDING) * ROUNDING,
        math.floor(south / ROUNDING) * ROUNDING,
        math.floor(east / ROUNDING + 1) * ROUNDING,
        math.floor(north / ROUNDING + 1) * ROUNDING,
    )
