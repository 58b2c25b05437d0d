"""Water, woods, fields, parks and the built-up land of Eksempelvik."""

from shapely import LineString, MultiPolygon, Polygon, box, union_all
from shapely.geometry.base import BaseGeometry

from eksempelvik_town.canvas import HEIGHT_M, WIDTH_M, Canvas, Tags
from eksempelvik_town.geometry import Xy, curve, offset, roughened, rounded
from eksempelvik_town.tables import points_of, read, tags_of

SHORE = [
    (0, 640), (230, 655), (400, 610), (560, 600), (700, 555), (860, 600), (1000, 580), (1180, 640),
    (1300, 630), (1450, 690), (1600, 690), (1830, 745), (1915, 720), (1995, 735), (2200, 735),
    (2330, 715), (2450, 720), (2580, 660), (2640, 690), (2790, 690), (2830, 610), (3100, 570),
    (3300, 600), (3480, 510), (3600, 520), (3800, 540), (3950, 440), (4100, 450), (4330, 500),
    (4500, 400), (4700, 370), (4850, 440), (5000, 400), (5200, 470), (5400, 430), (5600, 350),
    (5800, 440), (6000, 470),
]  # fmt: skip
HOLMEN = [
    (3340, 230), (3380, 300), (3450, 285), (3520, 325), (3640, 295), (3720, 225), (3650, 170),
    (3540, 150), (3420, 180),
]  # fmt: skip
SKJERET = [(1240, 330), (1300, 372), (1370, 345), (1310, 290)]
SMALL_ISLES = [[(4210, 220), (4260, 250), (4290, 215)], [(560, 330), (590, 350), (620, 320)]]
RIVER = [
    (1480, 4000), (1440, 3860), (1540, 3640), (1590, 3480), (1680, 3330), (1690, 3150),
    (1780, 2980), (1740, 2790), (1830, 2600), (1850, 2420), (1900, 2230), (1980, 2080),
    (1930, 1880), (1970, 1700), (1935, 1540), (1935, 1385), (1960, 1200), (1940, 1010), (1900, 870),
    (1915, 700),
]  # fmt: skip
RIVER_HALF_M = 13.0
TJERN = [
    (5100, 2720), (5050, 2850), (5110, 2900), (5100, 2980), (5230, 3060), (5300, 3020),
    (5390, 3010), (5420, 2860), (5370, 2720), (5240, 2650),
]  # fmt: skip
TJERN_ISLAND = [(5230, 2840), (5260, 2890), (5310, 2870), (5290, 2820)]
KVERNDAM = [(300, 2830), (360, 2880), (430, 2860), (440, 2800), (370, 2780)]
EDGE_DEPTH_M = 11.0
# A field that goes on beyond the extract: its outer nodes are missing, as in any real extract.
CLIPPED_FIELD = [(880, 3990), (860, 3700), (600, 3760), (560, 4080), (800, 4100)]
NOT_BUILT_UP = {
    "Storgata", "Jernbanegata", "Kirkegata", "Torggata", "Stasjonsgata", "Havnegata", "Naustvegen",
    "Setervegen",
}  # fmt: skip


def water() -> dict[str, BaseGeometry]:
    """Give the fjord, the river and the lakes as polygons [m]."""
    shore = roughened(curve(SHORE, spacing_m=22), depth_m=EDGE_DEPTH_M)
    isles = [ring(island) for island in (HOLMEN, SKJERET, *SMALL_ISLES)]
    box_edge = [(WIDTH_M, shore[-1][1]), (WIDTH_M, 0.0), (0.0, 0.0), (0.0, shore[0][1])]
    fjord = Polygon([*shore[1:-1], *box_edge], isles)
    middle = curve(RIVER)
    banks = [*offset(middle, left_m=RIVER_HALF_M), *offset(middle, left_m=-RIVER_HALF_M)[::-1]]
    river = Polygon(banks).buffer(0).intersection(box(0, 0, WIDTH_M, HEIGHT_M)).difference(fjord)
    return {
        "fjord": fjord,
        "river": max(getattr(river, "geoms", [river]), key=lambda part: part.area),
        "lake": Polygon(ring(TJERN), [ring(TJERN_ISLAND)]),
        "dam": Polygon(ring(KVERNDAM)),
    }


def ring(points: list[Xy]) -> list[Xy]:
    """Draw a smooth closed ring through the points."""
    return curve(points, spacing_m=18, closed=True)


def draw_terrain(canvas: Canvas, roads: dict[str, list[Xy]], *, motorway: list[Xy]) -> None:
    """Draw water, woods, fields, greens and built-up land."""
    wet = water()
    for key, kind, name in (
        ("fjord", "fjord", "Eksempelfjorden"),
        ("river", "river", "Eksempelelva"),
        ("lake", "lake", "Prøvetjernet"),
        ("dam", "pond", "Kverndammen"),
    ):
        _draw_polygon(canvas, wet[key], {"natural": "water", "water": kind, "name": name})
    canvas.line(RIVER, {"waterway": "river", "name": "Eksempelelva"}, grade=None)
    land = box(0, 0, WIDTH_M, HEIGHT_M).difference(union_all(list(wet.values())))
    drawn = [(tags_of(row["tags"]), row["edge"], points_of(row["points"])) for row in read("land")]
    set_apart = union_all([Polygon(p) for _, edge, p in drawn if edge == "straight"])
    built = _built_up(roads).intersection(land).difference(LineString(motorway).buffer(36))
    built = built.difference(set_apart)
    traffic = [LineString(motorway).buffer(26), *(LineString(p).buffer(11) for p in roads.values())]
    elsewhere = land.difference(union_all([*traffic, built, set_apart]))
    for tags, edge, points in drawn:
        if edge == "natural":
            rough = Polygon(roughened(ring(points)[:-1], depth_m=EDGE_DEPTH_M)).buffer(0)
            _draw_polygons(canvas, rough.intersection(elsewhere), tags)
        else:
            canvas.area(points, tags)
    _draw_polygons(canvas, built, {"landuse": "residential"})
    canvas.area(CLIPPED_FIELD, {"landuse": "farmland"})


def _built_up(roads: dict[str, list[Xy]]) -> BaseGeometry:
    """Give the land within a garden's depth of the residential streets, small gaps closed."""
    streets = [row["name"] for row in read("streets") if row["name"] not in NOT_BUILT_UP]
    near = union_all([LineString(roads[name]).buffer(85, quad_segs=4) for name in streets])
    return near.buffer(-40, quad_segs=4).simplify(4)


def _draw_polygons(canvas: Canvas, shape: BaseGeometry, tags: Tags) -> None:
    """Draw every part of a shape that is worth a place on the map, without its slivers."""
    opened = shape.buffer(-3).buffer(3, quad_segs=2).simplify(1)
    parts = opened.geoms if isinstance(opened, MultiPolygon) else [opened]
    for part in sorted((p for p in parts if p.area > 900), key=lambda p: p.bounds):
        _draw_polygon(canvas, part, tags)


def _draw_polygon(canvas: Canvas, shape: BaseGeometry, tags: Tags) -> None:
    outer, *inner = (
        [rounded(p) for p in r.coords]
        for r in (shape.exterior, *shape.interiors)
        if Polygon(r).area > 400
    )
    canvas.area(outer, tags, inner=inner)
