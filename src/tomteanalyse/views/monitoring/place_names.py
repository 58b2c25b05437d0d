"""What a cell is called: where it lies from the nearest place that has a name."""

import math

import shapely

from tomteanalyse.extract import OsmExtract
from tomteanalyse.texts import Catalog
from tomteanalyse.views.web_map.labels import PLACES
from tomteanalyse.views.web_map.packing import Shapes

NEAR_M = 5_000.0
"""Farther from a place, nobody would say where something lies by it."""
ROUND_M = 100
DIRECTIONS = ("n", "ne", "e", "se", "s", "sw", "w", "nw")


def cell_names(ids: list[str], shapes: Shapes, extract: OsmExtract, say: Catalog) -> list[str]:
    """Return what each cell is called, e.g. ``Rute 400 m nordøst for Sletta``.

    Parameters
    ----------
    ids
        The cells' own names, for those that lie by no place.
    shapes
        Their squares [m]; what is empty lies by no place.
    extract
        Where the places are.
    say
        The texts.
    """
    places = sorted(
        (tags["name"], float(x), float(y))
        for tags, (x, y) in zip(extract.points.tags, extract.points.xy, strict=True)
        if tags.get("place") in PLACES and tags.get("name")
    )
    names = [say("monitoring_page.cell", id=each) for each in ids]
    if not places:
        return names
    middles = shapely.centroid(shapes)
    tree = shapely.STRtree(shapely.points([(x, y) for _, x, y in places]))
    pairs = tree.query_nearest(middles, max_distance=NEAR_M, all_matches=True).T.tolist()
    # Of places that are equally near, the first by name: it is written last.
    for cell, place in sorted(pairs, reverse=True):
        name, x, y = places[place]
        names[cell] = _named(name, middles[cell].x - x, middles[cell].y - y, say)
    return names


def _named(place: str, east: float, north: float, say: Catalog) -> str:
    distance = ROUND_M * round(math.hypot(east, north) / ROUND_M)
    if distance == 0:
        return say("monitoring_page.cell_near", place=place)
    sector = round(math.degrees(math.atan2(east, north)) / 45) % len(DIRECTIONS)
    return say(
        "monitoring_page.cell_away",
        distance=say.metres(distance),
        direction=say(f"monitoring_page.direction.{DIRECTIONS[sector]}"),
        place=place,
    )
