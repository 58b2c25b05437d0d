"""A second opinion on ways over ground: fast marching on a grid of square metres.

Nothing of the program is used here. A world is told in plain words ("rail", "footway", "wood"), and
what each of them costs stands below as the method says it (4.2 to 4.6), not as the program reads
it: hazards are walls on which nothing moves, or thin strips whose extra cost adds up to that of a
crossing; ways are cheap strips; fences are strips that add up to what climbing costs; what passes
over or under joins two points.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import shapely
import skfmm

Place = tuple[float, float]
Grid = np.ndarray[tuple[int, int], np.dtype[np.float64]]

HAZARDS = {
    # What a crossing costs, what a metre along it costs (None: as on a footway, by its sidewalks),
    # how near nobody walks.
    "rail": (46.0, 1.18, 0.0),
    "siding": (26.0, 1.08, 0.0),
    "tram": (18.0, 1.04, 0.0),
    "main street": (44.0, None, 0.0),
    "country road": (38.0, 1.1258, 6.0),
    "motorway": (48.0, 1.1994, 6.0),
}
WAYS = ("footway", "street")
JOINS = ("underpass", "footbridge")
NOTHING = ("viaduct", "rail tunnel", "disused rail")
FENCES = {"hedge": 15.0, "fence": 40.0, "wall": 60.0, "noise wall": 80.0}
BLOCKING = ("building", "water", "river")
COVER = {"park": 1.05, "grass": 1.1, "houses": 1.3, "field": 1.4, "wood": 1.67}
UNKNOWN_GROUND = 1.5

WALL_M = 0.8
"""Half the width of a wall: no gap between cells, whatever its direction."""
STRIP_M = 1.5
"""Half the width of a way."""
TENT_M = 2.0
"""Half the width of the strip that a penalty is spread over."""
BESIDE_M = 4.0
"""Half the width of a hazard with both its sides."""
OPENING_M = 2.5
"""Half the width of a crossing."""
SOURCE_M = 2.0


@dataclass(frozen=True)
class Plain:
    """A world in plain words.

    Parameters
    ----------
    box
        West, south, east, north [m], whole numbers. Nothing outside exists.
    lines, areas
        What is drawn, and where [m].
    crossings
        Points where a way crosses a hazard as it should [m].
    plot, destinations
        Ends of ways [m], whole numbers.
    """

    box: tuple[int, int, int, int]
    lines: tuple[tuple[str, tuple[Place, ...]], ...]
    areas: tuple[tuple[str, shapely.Polygon], ...]
    crossings: tuple[Place, ...]
    plot: Place
    destinations: tuple[Place, ...]


def costs_to(world: Plain, *, over_hazards: bool) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Return the cost from the plot to each destination [m], inf where there is no way.

    Parameters
    ----------
    world
        The world.
    over_hazards
        Whether hazards may be crossed and walked along.
    """
    joins = [places for kind, places in world.lines if kind in JOINS]
    gates = [place for places in joins for place in (places[0], places[-1])]
    ends = [world.plot, *gates, *world.destinations]
    table = np.full((len(ends), len(ends)), np.inf)
    cost = cost_grid(world, over_hazards=over_hazards)
    for row, place in enumerate(ends[: 1 + len(gates)]):
        table[row] = _at(world, _field(world, cost, place), ends)
    table = np.minimum(table, table.T)
    for number, places in enumerate(joins):
        length = shapely.LineString(places).length
        one, other = 1 + 2 * number, 2 + 2 * number
        table[one, other] = table[other, one] = min(length, table[one, other])
    for middle in range(len(ends)):
        table = np.minimum(table, table[:, [middle]] + table[[middle], :])
    return table[0, 1 + len(gates) :]


def cost_grid(world: Plain, *, over_hazards: bool) -> Grid:
    """Return the cost of a metre in every square metre, inf where nobody walks; rows go north."""
    west, south, east, north = world.box
    x, y = np.meshgrid(np.arange(west, east + 1.0), np.arange(south, north + 1.0))
    cost = np.full(x.shape, UNKNOWN_GROUND)
    for kind, area in sorted(world.areas, key=lambda each: -each[1].area):
        if kind in COVER:
            shapely.prepare(area)
            cost[shapely.contains_xy(area, x, y)] = COVER[kind]
    drawn = [(kind, _away(places, x, y)) for kind, places in world.lines]
    extra = np.zeros(x.shape)
    blocked = np.zeros(x.shape, dtype=np.bool_)
    for kind, away in drawn:
        if kind in FENCES:
            extra += FENCES[kind] * _tent(away)
        blocked |= (kind == "river") & (away <= WALL_M)
    for kind, area in world.areas:
        if kind in BLOCKING:
            shapely.prepare(area)
            blocked |= shapely.intersects_xy(area, x, y)
    way = np.zeros(x.shape, dtype=np.bool_)
    for kind, away in drawn:
        way |= (kind in WAYS) & (away <= STRIP_M)
    extra[way], blocked[way] = 0.0, False
    for kind, away in drawn:
        if kind not in HAZARDS:
            continue
        crossing, along, verge = HAZARDS[kind]
        beside = (away <= BESIDE_M) & (over_hazards or along is None)
        cheaper = np.where(beside, np.maximum(0.0, cost - (along or 1.0)), 0.0)
        cost -= cheaper
        if over_hazards:
            # Crossing costs the penalty on top of the ground, also where the sides are cheap.
            extra += (crossing + 2 * BESIDE_M * cheaper) * _tent(away)
        else:
            blocked |= away <= max(WALL_M, verge)
    cost[way] = 1.0
    for place in world.crossings:
        crossing_here = way & (np.hypot(x - place[0], y - place[1]) <= OPENING_M)
        extra[crossing_here], blocked[crossing_here] = 0.0, False
    return np.where(blocked, np.inf, cost + extra)


def _away(places: tuple[Place, ...], x: Grid, y: Grid) -> Grid:
    """Return the distance of every square metre to a line [m]."""
    away = np.full(x.shape, np.inf)
    for (ax, ay), (bx, by) in pairwise(places):
        east, north = bx - ax, by - ay
        along = ((x - ax) * east + (y - ay) * north) / (east**2 + north**2)
        np.clip(along, 0.0, 1.0, out=along)
        np.minimum(away, np.hypot(x - ax - along * east, y - ay - along * north), out=away)
    return away


def _tent(away: Grid) -> Grid:
    """Return a penalty of 1 spread over a strip: it adds up to 1 in whatever direction."""
    spread: Grid = np.maximum(0.0, 1.0 - away / TENT_M) / TENT_M
    return spread


def _field(world: Plain, cost: Grid, start: Place) -> Grid:
    """Return the cost of the way from a point to every square metre [m], inf where there is none.

    Source: fast marching, Sethian 1996, with scikit-fmm.
    """
    west, south, east, north = world.box
    x, y = np.meshgrid(np.arange(west, east + 1.0), np.arange(south, north + 1.0))
    away = np.hypot(x - start[0], y - start[1])
    open_ground = np.isfinite(cost)
    front = np.ma.MaskedArray(away - SOURCE_M, ~open_ground)
    found = skfmm.travel_time(front, np.where(open_ground, 1.0 / cost, 1.0))
    near = float(cost[_cell(world, start)])
    field = np.ma.filled(found, np.inf) + SOURCE_M * near
    return np.where(away <= SOURCE_M, away * near, field)


def _at(world: Plain, field: Grid, places: list[Place]) -> list[float]:
    return [float(field[_cell(world, place)]) for place in places]


def _cell(world: Plain, place: Place) -> tuple[int, int]:
    return round(place[1]) - world.box[1], round(place[0]) - world.box[0]
