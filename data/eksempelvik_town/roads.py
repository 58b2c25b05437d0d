"""Motorway, main roads, railway and streets of Eksempelvik."""

from shapely import LineString, Point

from eksempelvik_town.canvas import Canvas, Tags
from eksempelvik_town.geometry import Xy, curve, offset
from eksempelvik_town.tables import Section, points_of, read, sections_of, tags_of

BRIDGE: Tags = {"bridge": "yes", "layer": "1"}
BOTH: Tags = {"sidewalk": "both"}

MOTORWAY = [
    (3600, 4150), (3640, 4000), (3760, 3500), (3900, 3000), (4000, 2500), (4080, 2100),
    (4150, 1750), (4230, 1400), (4360, 1110), (4620, 850), (5050, 690), (5500, 640),
    (6000, 620), (6150, 612),
]  # fmt: skip
MOTORWAY_BRIDGES: list[Section] = [
    ((4210, 1480), (4110, 1850), BRIDGE),  # over the railway
    ((4390, 1060), (4320, 1190), BRIDGE),  # over Strandvegen
    ((5200, 668), (5290, 656), BRIDGE),  # over Naustvegen
]
RAMPS = [
    [(3748, 3500), (3762, 3350), (3800, 3150), (3815, 2955)],
    [(3815, 2955), (3850, 2860), (3925, 2770), (3960, 2640)],
    [(3985, 2640), (3990, 2800), (4020, 2920), (4040, 3043)],
    [(4040, 3043), (3980, 3130), (3900, 3220), (3838, 3300)],
]

RAILWAY = [
    (-150, 1415), (0, 1420), (500, 1440), (1000, 1425), (1500, 1400), (1940, 1385), (2300, 1375),
    (2800, 1370), (3200, 1385), (3600, 1450), (4000, 1580), (4400, 1740), (4900, 1930),
    (5400, 2080), (6000, 2200), (6150, 2230),
]  # fmt: skip
RAIL_BRIDGES: list[Section] = [
    ((1900, 1386), (1975, 1384), BRIDGE),  # over the river
    ((2098, 1380), (2142, 1379), BRIDGE),  # over Nordlivegen
]
SIDING = [(2540, 1371), (2620, 1364), (2720, 1361), (2880, 1362), (2960, 1367), (3050, 1377)]
DISUSED_RAILWAY = [
    (420, 1437), (330, 1500), (240, 1650), (210, 1850), (250, 2100), (330, 2350), (390, 2540),
    (430, 2620),
]  # fmt: skip

STRANDVEGEN = [
    (-150, 915), (0, 930), (450, 950), (900, 930), (1300, 980), (1700, 1020), (1940, 1010),
    (2150, 985), (2500, 960), (2900, 930), (3300, 900), (3700, 930), (4050, 1010), (4330, 1120),
    (4700, 1330), (5200, 1480), (5700, 1540), (6000, 1580), (6150, 1600),
]  # fmt: skip
NORDLIVEGEN = [
    (2120, 989), (2115, 1200), (2120, 1378), (2140, 1520), (2250, 1740), (2480, 1880),
    (2850, 1940), (3200, 1900), (3450, 1800), (3570, 1620), (3610, 1452), (3640, 1250), (3700, 930),
]  # fmt: skip
KVERNVEGEN = [
    (1500, 1003), (1505, 1200), (1500, 1400), (1480, 1600), (1350, 1900), (1260, 2150),
    (1230, 2300), (1080, 2520), (850, 2650), (520, 2680), (200, 2760), (0, 2795), (-150, 2820),
]  # fmt: skip
AASVEGEN = [
    (1230, 2300), (1600, 2420), (1900, 2420), (2200, 2480), (2420, 2540), (2700, 2680),
    (3100, 2760), (3620, 2850), (3900, 3000), (4150, 3075),
]  # fmt: skip
FJELLGRENDVEGEN = [
    (4150, 3075), (4500, 3130), (4900, 3330), (5200, 3480), (5500, 3540), (6000, 3650),
    (6150, 3690),
]  # fmt: skip
SOLSLETTVEGEN = [
    (4700, 1330), (4720, 1500), (4690, 1850), (4560, 2000), (4330, 2140), (4200, 2350),
    (4200, 2600), (4180, 2850), (4150, 3075),
]  # fmt: skip

MAIN_ROADS: list[tuple[str, list[Xy], Tags, list[Section]]] = [
    ("Strandvegen", STRANDVEGEN, {"highway": "primary", "ref": "9900", "maxspeed": "50"}, [
        ((-150, 915), (180, 940), {"maxspeed": "60"}),
        ((1890, 1015), (1990, 1008), BRIDGE),
        ((2120, 989), (3300, 900), BOTH),
        ((5300, 1495), (6150, 1600), {"maxspeed": "80"}),
    ]),
    ("Nordlivegen", NORDLIVEGEN, {"highway": "tertiary", "maxspeed": "40", **BOTH}, [
        ((3605, 1490), (3614, 1412), BRIDGE),
    ]),
    ("Kvernvegen", KVERNVEGEN, {"highway": "tertiary", "maxspeed": "50"}, [
        ((1080, 2520), (200, 2760), {"maxspeed": "50", "sidewalk": "right"}),
        ((200, 2760), (-150, 2820), {"maxspeed": "80"}),
    ]),
    ("Åsvegen", AASVEGEN, {"highway": "secondary", "ref": "9904", "maxspeed": "60"}, [
        ((1780, 2425), (1920, 2423), BRIDGE),
        ((3860, 2975), (3945, 3022), BRIDGE),
    ]),
    ("Fjellgrendvegen", FJELLGRENDVEGEN,
     {"highway": "secondary", "ref": "9904", "maxspeed": "80", "sidewalk": "no"}, []),
    ("Solslettvegen", SOLSLETTVEGEN, {"highway": "tertiary", "maxspeed": "50"}, [
        ((4700, 1330), (4200, 2600), {"sidewalk": "right"}),
        ((4705, 1810), (4670, 1885), BRIDGE),
    ]),
]  # fmt: skip


def draw_roads(canvas: Canvas) -> dict[str, list[Xy]]:
    """Draw every road, street and railway; return the centre lines of the named ones."""
    drawn: dict[str, list[Xy]] = {}
    for name, points, tags, sections in MAIN_ROADS:
        surfaced = {**tags, "name": name, "surface": "asphalt"}
        drawn[name] = canvas.line(points, surfaced, sections=sections)
    for row in read("streets"):
        tags = tags_of(row["tags"]) | {"name": row["name"]}
        points, sections = points_of(row["points"]), sections_of(row["section"])
        drawn[row["name"]] = canvas.line(points, tags, sections=sections)
    _draw_motorway(canvas)
    _draw_railway(canvas)
    return drawn


def _draw_motorway(canvas: Canvas) -> None:
    tags = {
        "highway": "motorway", "ref": "E 99", "name": "Eksempelvegen", "oneway": "yes",
        "lanes": "2", "maxspeed": "100", "motorroad": "yes", "foot": "no", "bicycle": "no",
    }  # fmt: skip
    south = offset(curve(MOTORWAY), left_m=-10)
    north = offset(curve(MOTORWAY), left_m=10)[::-1]
    for carriageway in (south, north):
        canvas.line(carriageway, tags, sections=MOTORWAY_BRIDGES, smooth=False)
    link = {"highway": "motorway_link", "oneway": "yes", "maxspeed": "60", "foot": "no"}
    for ramp in RAMPS:
        canvas.line(_on_carriageway(ramp, south, north), link)


def _on_carriageway(ramp: list[Xy], *carriageways: list[Xy]) -> list[Xy]:
    """Move the end of a ramp that is not at Åsvegen onto the nearer carriageway."""
    aasvegen = LineString(curve(AASVEGEN))
    end = -1 if aasvegen.distance(Point(ramp[0])) < aasvegen.distance(Point(ramp[-1])) else 0
    vertices = [p for line in carriageways for p in line]
    moved = list(ramp)
    moved[end] = min(vertices, key=lambda p: Point(p).distance(Point(ramp[end])))
    return moved


def _draw_railway(canvas: Canvas) -> None:
    tags = {
        "railway": "rail", "usage": "main", "name": "Eksempelbanen", "gauge": "1435",
        "electrified": "contact_line", "maxspeed": "130",
    }  # fmt: skip
    canvas.line(RAILWAY, tags, sections=RAIL_BRIDGES)
    siding = {"railway": "rail", "service": "siding", "gauge": "1435", "maxspeed": "40"}
    canvas.line(SIDING, siding)
    disused = {"railway": "disused", "name": "Bruksbanen", "gauge": "1435"}
    canvas.line(DISUSED_RAILWAY, disused, grade=None)
