"""Kartverket's tiles: offered where it has a map, and never asked for by themselves."""

import pyproj
import shapely
from shapely import Polygon

from tomteanalyse.views.web_map.packing import degrees

HOST = "https://cache.kartverket.no"
TILES = f"{HOST}/v1/wmts/1.0.0/topograatone/default/webmercator/{{z}}/{{y}}/{{x}}.png"
NORWAY = shapely.box(4.0, 57.8, 31.5, 71.4)
"""Longitude and latitude [°]. Where a neighbour lies in the box, Kartverket's map is empty."""


def tiles_for(drawn: Polygon, *, crs: pyproj.CRS) -> str | None:
    """Return the address of the tiles of what is drawn, None where Kartverket has no map.

    Parameters
    ----------
    drawn
        The rectangle that is drawn [m].
    crs
        Its system.
    """
    middle = degrees(shapely.get_coordinates(drawn.centroid), crs=crs)
    return TILES if NORWAY.contains(shapely.Point(middle[0])) else None
