"""Twenty small worlds in plain words, each drawn from its number."""

import numpy as np
import shapely
from shapely.affinity import rotate
from tests.fast_marching import COVER, FENCES, HAZARDS, Place, Plain

BOX = (0, 0, 400, 300)
FAR_M = 500.0
"""Barriers run this far beyond the box."""
BARRIERS = {
    # What runs through the middle, how it may be crossed, and what else there is.
    1: ("rail", "underpass", "houses"),
    2: ("rail", "footbridge", "blocks fence"),
    3: ("rail", "crossing", "houses wood"),
    4: ("rail", "underpass", "hall grass"),
    5: ("rail", "crossing", "pond wood park"),
    6: ("rail", "end", "houses hedge"),
    7: ("rail", "underpass", "river blocks"),
    8: ("siding", "underpass", "houses wall"),
    9: ("siding", "crossing", "blocks field"),
    10: ("tram", "crossing", "houses loop"),
    11: ("tram", "end", "pond hall"),
    12: ("main street", "crossing", "blocks"),
    13: ("main street", "crossing", "houses side"),
    14: ("main street", "underpass", "river park"),
    15: ("country road", "underpass", "houses wood"),
    16: ("country road", "footbridge", "field hedge"),
    17: ("motorway", "underpass", "noise houses"),
    18: ("motorway", "footbridge", "noise wood loop"),
    19: ("rail", "crossing", "viaduct blocks hall"),
    20: ("rail", "underpass", "loop pond disused wood"),
}


def plain_world(number: int) -> Plain:
    """Return a world by its number, 1 to 20."""
    barrier, across, more = BARRIERS[number]
    draw = np.random.default_rng(number)
    west, _, east, north = BOX
    middle = (200.0, 150.0 + float(draw.integers(-10, 11)))
    slopes = draw.uniform(-0.18, 0.18, 2)
    gap = float(draw.integers(60, 121)) * (1 if number % 2 else -1)
    at_x = middle[0] + gap

    def on_barrier(x: float, aside: float = 0.0) -> Place:
        slope = slopes[0] if x < middle[0] else slopes[1]
        return x, float(middle[1] + slope * (x - middle[0]) + aside)

    crossed = on_barrier(at_x)
    last = at_x if across == "end" else east + FAR_M
    first = west - FAR_M
    if across == "end" and gap < 0:
        first, last = at_x, east + FAR_M
    drawn = sorted({first, middle[0], at_x, last})
    lines = [(barrier, tuple(on_barrier(x) for x in drawn))]
    crossings: list[Place] = []
    below, above = on_barrier(at_x, -45.0), on_barrier(at_x, 45.0)
    away_x = middle[0] - gap
    lines.append(("footway", (below, on_barrier(away_x, -55.0))))
    lines.append(("footway", (above, on_barrier(away_x, 60.0))))
    if across == "crossing":
        lines.append(("footway", (below, crossed, above)))
        crossings.append(crossed)
    elif across != "end":
        lines.append((across, (below, above)))

    if "loop" in more:
        a, b = on_barrier(away_x, 60.0)
        ring = ((a, b), (a, b + 55), (a + 70, b + 62), (a + 75, b + 4), (a, b))
        lines.append(("footway", ring))
    if "side" in more:
        lines.append(("street", (on_barrier(away_x, -55.0), (away_x + 10.0, -FAR_M))))
        lines.append(("street", (middle, (middle[0] + 5.0, north + FAR_M))))
    if "river" in more:
        x = middle[0] + gap / 2
        river = ((x + 12, north + FAR_M), (x + 8, 240.0), (x, on_barrier(x, 25.0)[1]))
        lines.append(("river", river))
    if "viaduct" in more:
        lines.append(("viaduct", ((-FAR_M, 60.0), (east + FAR_M, 90.0))))
        lines.append(("rail tunnel", ((-FAR_M, 250.0), (east + FAR_M, 220.0))))
    if "disused" in more:
        lines.append(("disused rail", ((-FAR_M, 60.0), (east + FAR_M, 90.0))))
    for kind, side in (("hedge", 14.0), ("fence", -15.0), ("wall", 14.0), ("noise wall", -20.0)):
        if kind.split()[0] in more:
            x = middle[0] - gap / 2
            lines.append((kind, (on_barrier(x - 110.0, side), on_barrier(x + 70.0, side))))

    areas = [(kind, _cover(draw)) for kind in COVER if kind in more.split() and kind != "houses"]
    if "houses" in more:
        areas.append(("houses", shapely.box(20, 160, 220, 290)))
    if "pond" in more:
        x, y = on_barrier(away_x + gap / 2, 100.0)
        areas.append(("water", shapely.Point(x, y).buffer(22.0, quad_segs=3)))
    shapes = {"houses": (32, 14.0, 10.0), "blocks": (9, 62.0, 13.0), "hall": (3, 90.0, 40.0)}
    ends = _ends(draw, lines, areas, away_x)
    for word, (count, long, wide) in shapes.items():
        if word in more:
            areas += _buildings(draw, count, (long, wide), lines, areas, ends)
    return Plain(BOX, tuple(lines), tuple(areas), tuple(crossings), ends[0], tuple(ends[1:]))


def _cover(draw: np.random.Generator) -> shapely.Polygon:
    x, y = draw.integers(20, 220), draw.integers(10, 170)
    return rotate(shapely.box(x, y, x + 150, y + 100), float(draw.uniform(-20, 20)))


def _ends(
    draw: np.random.Generator,
    lines: list[tuple[str, tuple[Place, ...]]],
    areas: list[tuple[str, shapely.Polygon]],
    near_x: float,
) -> list[Place]:
    """Return a plot below the barrier and four destinations: three above it, one below."""
    ground = [
        (near_x, 75.0, 25.0),
        (near_x, 225.0, 30.0),
        (200.0, 240.0, 30.0),
        (400.0 - near_x, 250.0, 20.0),
        (400.0 - near_x, 50.0, 25.0),
    ]
    barriers = [shapely.LineString(xy) for kind, xy in lines if kind in HAZARDS or kind in FENCES]
    water = [area for kind, area in areas if kind == "water"]
    ends: list[Place] = []
    for x, y, spread in ground:
        while True:
            place = tuple(np.round(np.array([x, y]) + draw.uniform(-spread, spread, 2)).tolist())
            if min(shapely.distance(shapely.Point(place), [*barriers, *water])) > 12.0:
                ends.append(place)
                break
    return ends


def _buildings(
    draw: np.random.Generator,
    count: int,
    size: Place,
    lines: list[tuple[str, tuple[Place, ...]]],
    areas: list[tuple[str, shapely.Polygon]],
    ends: list[Place],
) -> list[tuple[str, shapely.Polygon]]:
    """Return buildings clear of each other, of lines, water and ends."""
    taken = [shapely.LineString(xy) for _, xy in lines]
    taken += [area for kind, area in areas if kind in ("water", "building")]
    taken += [shapely.Point(place) for place in ends]
    found: list[tuple[str, shapely.Polygon]] = []
    for _ in range(200 * count):
        x, y = draw.uniform(30, 370), draw.uniform(25, 275)
        shape = shapely.box(x - size[0] / 2, y - size[1] / 2, x + size[0] / 2, y + size[1] / 2)
        shape = rotate(shape, float(draw.uniform(-25, 25)))
        if min(shapely.distance(shape, taken)) > 6.0 and len(found) < count:
            found.append(("building", shape))
            taken.append(shape)
    return found
