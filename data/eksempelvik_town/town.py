"""Put Eksempelvik together, in the order things are built."""

from shapely import LineString, Point, Polygon, union_all
from shapely.geometry.base import BaseGeometry

from eksempelvik_town.canvas import Canvas
from eksempelvik_town.geometry import Xy, curve
from eksempelvik_town.houses import draw_houses
from eksempelvik_town.paths import draw_barriers, draw_paths, mark_crossings
from eksempelvik_town.places import draw_places, mark_station
from eksempelvik_town.plots import plots
from eksempelvik_town.roads import MOTORWAY, RAILWAY, draw_roads
from eksempelvik_town.tables import points_of, read, tags_of
from eksempelvik_town.terrain import draw_terrain, water

STRIP_M = {"railway": 12.0, "highway": 4.5, "barrier": 1.5, "waterway": 1.0}
WHERE_HOUSES_STAND = ("retail", "residential")


def draw_town() -> Canvas:
    """Draw the whole town."""
    canvas = Canvas()
    roads = draw_roads(canvas)
    draw_paths(canvas, roads)
    canvas.join()
    railway, motorway = curve(RAILWAY), curve(MOTORWAY)
    mark_crossings(canvas, roads)
    mark_station(canvas, railway)
    draw_barriers(canvas, railway, motorway, _school_grounds())
    canvas.add_gates()
    strips = [
        LineString(line.points).buffer(next(w for key, w in STRIP_M.items() if key in line.tags))
        for line in canvas.lines
    ]
    draw_terrain(canvas, roads, motorway=motorway)
    draw_places(canvas, roads)
    kept_free = [*strips, *_kept_free(), LineString(motorway).buffer(45)]
    draw_houses(canvas, roads, union_all(kept_free))
    return canvas


def _school_grounds() -> list[Xy]:
    row = next(row for row in read("land") if "amenity=school" in row["tags"])
    return points_of(row["points"])


def _kept_free() -> list[BaseGeometry]:
    """Give the greens, squares, water and plots, where no house stands."""
    straight = [row for row in read("land") if row["edge"] == "straight"]
    greens = [
        Polygon(points_of(row["points"])).buffer(3)
        for row in straight
        if tags_of(row["tags"]).get("landuse") not in WHERE_HOUSES_STAND
    ]
    around = [s.buffer(12 if isinstance(s, Point) else 3) for s in plots()["geometry"]]
    return [*greens, *around, *(w.buffer(8) for w in water().values())]
