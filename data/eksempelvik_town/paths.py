"""Ways for people on foot, crossings, barriers, and the places where one crosses the tracks."""

import math

from eksempelvik_town.canvas import Canvas, Tags
from eksempelvik_town.geometry import Xy, bearing_at, between, nearest_on, offset
from eksempelvik_town.tables import points_of, read, sections_of, tags_of

FOOTWAY: Tags = {"highway": "footway", "surface": "asphalt", "lit": "yes"}
CYCLEWAY: Tags = {
    "highway": "cycleway", "foot": "designated", "bicycle": "designated",
    "surface": "asphalt", "lit": "yes",
}  # fmt: skip
BRIDGE: Tags = {"bridge": "yes", "layer": "1"}
UNDERPASS: Tags = {"tunnel": "yes", "layer": "-1"}

# Gang- og sykkelveg beside a road: road, from, to, metres to the left, sections.
BESIDE_ROADS: list[tuple[str, Xy, Xy, float, list[tuple[Xy, Xy, Tags]]]] = [
    ("Strandvegen", (-150, 915), (2112, 990), 10, [((1890, 1025), (1990, 1018), BRIDGE)]),
    ("Strandvegen", (3330, 900), (5200, 1480), 10, []),
    ("Kvernvegen", (1500, 1003), (1360, 1880), -9, []),
    ("Åsvegen", (1225, 2300), (4150, 3075), -11,
     [((1780, 2414), (1920, 2412), BRIDGE), ((3860, 2964), (3950, 3012), BRIDGE),
      ((3805, 2934), (3834, 2948), UNDERPASS), ((4022, 3030), (4056, 3040), UNDERPASS)]),
]  # fmt: skip

MARKED: Tags = {"highway": "crossing", "crossing": "uncontrolled", "crossing:markings": "zebra"}
UNMARKED: Tags = {"highway": "crossing", "crossing": "unmarked"}
SIGNALS: Tags = {"highway": "crossing", "crossing": "traffic_signals"}
LEVEL_CROSSING: Tags = {
    "crossing:barrier": "half", "crossing:light": "yes", "crossing:activation": "automatic",
}  # fmt: skip

# Where one crosses a road: road, place, metres of footway to the left and right of it, the way on
# from the right-hand end, tags of the node on the road. No footway: the road has sidewalks.
CROSSINGS: list[tuple[str, Xy, float, float, list[Xy], Tags]] = [
    ("Strandvegen", (1072, 952), 10, 9, [(1074, 905), (1050, 866)], MARKED),  # to the western shop
    ("Strandvegen", (300, 943), 10, 6, [], UNMARKED),
    ("Strandvegen", (1640, 1015), 10, 6, [], MARKED),
    ("Strandvegen", (2440, 962), 0, 0, [], SIGNALS),
    ("Strandvegen", (2640, 951), 0, 0, [], MARKED),
    ("Strandvegen", (3060, 918), 0, 0, [], MARKED),
    ("Strandvegen", (3650, 925), 10, 6, [], MARKED),
    ("Strandvegen", (4530, 1230), 10, 9, [(4502, 1160)], MARKED),  # to the shop by the motorway
    ("Nordlivegen", (2700, 1920), 0, 0, [], MARKED),
    ("Nordlivegen", (3080, 1925), 0, 0, [], UNMARKED),
    ("Nordlivegen", (2117, 1180), 0, 0, [], MARKED),
    ("Solslettvegen", (4200, 2440), 6, 6, [], UNMARKED),
    ("Kvernvegen", (1440, 1700), 6, 9, [], UNMARKED),
]
# Where ways that cross anyway may do so.
CROSSING_NODES: list[tuple[Xy, Tags]] = [
    ((2700, 2681), MARKED),
    ((3233, 2783), MARKED),
    ((2420, 2540), MARKED),
    ((1563, 2410), MARKED),
    ((1500, 1400), {"railway": "level_crossing"} | LEVEL_CROSSING),
    ((1509, 1400), {"railway": "crossing"} | LEVEL_CROSSING),
    ((5480, 2105), {"railway": "level_crossing", "crossing:barrier": "no"}),
]

FENCE: Tags = {"barrier": "fence", "fence_type": "chain_link", "height": "1.5"}
NOISE_WALL: Tags = {"barrier": "wall", "wall": "noise_barrier", "height": "3"}
# Along the railway (metres to the left) and along the motorway.
RAIL_FENCES = [((520, 1440), (752, 1434), 9.0), ((768, 1433), (1470, 1402), 9.0),
               ((2560, 1370), (3318, 1398), -14.0), ((3345, 1402), (3590, 1448), -9.0)]  # fmt: skip
NOISE_WALLS = [((3905, 2960), (4068, 2150), -24.0), ((4460, 1000), (4780, 780), 24.0)]


def draw_paths(canvas: Canvas, roads: dict[str, list[Xy]]) -> None:
    """Draw every way for people on foot, farm tracks and service roads."""
    for road, start, end, left_m, sections in BESIDE_ROADS:
        side = offset(between(roads[road], start, end), left_m=left_m)
        canvas.line(side, CYCLEWAY, sections=sections, smooth=False)
    for row in read("footways"):
        tags = tags_of(row["tags"]) | ({"name": row["name"]} if row["name"] else {})
        canvas.line(points_of(row["points"]), tags, sections=sections_of(row["section"]))
    for road, place, left_m, right_m, onward, _ in CROSSINGS:
        if left_m or right_m:
            here = nearest_on(roads[road], place)
            across = bearing_at(roads[road], here) + math.pi / 2
            ends = [
                (here[0] + d * math.cos(across), here[1] + d * math.sin(across))
                for d in (left_m, 0, -right_m)
            ]
            tags = FOOTWAY | {"footway": "crossing"}
            canvas.line([*ends, *onward], tags, smooth=False)


def mark_crossings(canvas: Canvas, roads: dict[str, list[Xy]]) -> None:
    """Tag the nodes where ways cross roads and the railway; call after `Canvas.join`."""
    for road, place, left_m, right_m, _, tags in CROSSINGS:
        here = nearest_on(roads[road], place)
        if not left_m and not right_m:
            canvas.nearest_line(here, name=road).insert(here)
            canvas.point(here, tags)
        else:
            canvas.mark(here, tags)
    for place, tags in CROSSING_NODES:
        canvas.mark(place, tags)


def draw_barriers(canvas: Canvas, railway: list[Xy], motorway: list[Xy], school: list[Xy]) -> None:
    """Draw fences along the railway and the school, and noise walls along the motorway."""
    for start, end, left_m in RAIL_FENCES:
        fence = offset(between(railway, start, end), left_m=left_m)
        canvas.line(fence, FENCE, smooth=False, grade=None)
    for start, end, left_m in NOISE_WALLS:
        wall = offset(between(motorway, start, end), left_m=left_m)
        canvas.line(wall, NOISE_WALL, smooth=False, grade=None)
    canvas.line([*school, school[0]], FENCE, smooth=False, grade=None)
