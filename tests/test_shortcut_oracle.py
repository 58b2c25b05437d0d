"""The costs of ways against fast marching on a fine grid, in twenty small worlds.

The worlds are turned and moved for the measure and not for the oracle, so that neither its lattice
nor its grid can profit from how they are drawn.
"""

import functools
from collections.abc import Callable

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from tests.fast_marching import HAZARDS, Place, Plain, costs_to
from tests.oracle_worlds import BARRIERS, plain_world
from tests.worlds import FOOTWAY, RAIL, STREET, World

from tomteanalyse.extract import Tags
from tomteanalyse.measures.shortcuts.measure import measure_shortcuts
from tomteanalyse.network.shortcuts.edges import NO_HAZARD, SEVERE
from tomteanalyse.network.shortcuts.parameters import FINE, SCREEN, ShortcutParameters

Moved = Callable[[object], "np.ndarray[tuple[int, ...], np.dtype[np.float64]]"]
Costs = np.ndarray[tuple[int, int], np.dtype[np.float64]]
TAGS: dict[str, Tags] = {
    "rail": RAIL,
    "siding": {**RAIL, "service": "siding"},
    "tram": {"railway": "tram"},
    "main street": {"highway": "primary", "maxspeed": "50"},
    "country road": {"highway": "secondary", "maxspeed": "80"},
    "motorway": {"highway": "motorway", "maxspeed": "110"},
    "footway": FOOTWAY,
    "street": STREET,
    "underpass": {**FOOTWAY, "tunnel": "yes", "layer": "-1"},
    "footbridge": {**FOOTWAY, "bridge": "yes", "layer": "1"},
    "viaduct": {**RAIL, "bridge": "viaduct", "layer": "2"},
    "rail tunnel": {**RAIL, "tunnel": "yes", "layer": "-2"},
    "disused rail": {"railway": "disused"},
    "hedge": {"barrier": "hedge"},
    "fence": {"barrier": "fence"},
    "wall": {"barrier": "wall"},
    "noise wall": {"barrier": "wall", "wall": "noise_barrier"},
    "river": {"waterway": "river"},
    "building": {"building": "yes"},
    "water": {"natural": "water"},
    "park": {"leisure": "park"},
    "grass": {"landuse": "grass"},
    "houses": {"landuse": "residential"},
    "field": {"landuse": "farmland"},
    "wood": {"natural": "wood"},
}
ACROSS_RAIL: Tags = {"railway": "crossing"}
ACROSS_ROAD: Tags = {"highway": "crossing", "crossing": "marked"}


def turned(number: int) -> Moved:
    """Return the turn and shift of a world."""
    cos, sin = np.cos(np.radians(37.0 * number)), np.sin(np.radians(37.0 * number))

    def moved(xy: object) -> "np.ndarray[tuple[int, ...], np.dtype[np.float64]]":
        # Term by term: a product of matrices rounds one point otherwise than many.
        x, y = np.moveaxis(np.asarray(xy, dtype=np.float64), -1, 0)
        east, north = 113.7 * number, 71.3 * number
        return np.stack([cos * x - sin * y + east, sin * x + cos * y + north], axis=-1)

    return moved


def drawn(plain: Plain, moved: Moved) -> World:
    """Draw a plain world as a map would show it."""
    world = World()
    (barrier,) = {kind for kind, _ in plain.lines if kind in HAZARDS}
    for place in plain.crossings:
        world.node(*moved(place), ACROSS_RAIL if "railway" in TAGS[barrier] else ACROSS_ROAD)
    for kind, places in plain.lines:
        world.way([(x, y) for x, y in moved(places).tolist()], TAGS[kind])
    assert len(world.node_tags) == len(plain.crossings)
    assert {node for _, nodes, _ in world.ways for node in nodes} >= set(world.node_tags)
    for kind, area in plain.areas:
        world.area(shapely.transform(area, moved), TAGS[kind])
    world.bounds = shapely.transform(shapely.box(*plain.box), moved).bounds
    return world


def measured(number: int, parameters: ShortcutParameters) -> Costs:
    """Return N and T2 of every pair of a world as the program finds them [m]."""
    plain, moved = plain_world(number), turned(number)
    ends = shapely.points(moved(plain.destinations))
    ids = pd.RangeIndex(len(ends))
    found = measure_shortcuts(
        drawn(plain, moved).extract(),
        gpd.GeoSeries([shapely.Point(moved(plain.plot))], index=pd.Index(["plot"])),
        gpd.GeoDataFrame(
            {"category": "visit", "name": "", "stop": ids.astype(str), "station": False},
            geometry=ends,
            index=ids,
        ),
        parameters=parameters,
    )
    assert [each.destination for each in found.pairs] == [*ids]
    return np.array([[each.costs[NO_HAZARD], each.costs[SEVERE]] for each in found.pairs])


@functools.cache
def marched(number: int) -> Costs:
    """Return N and T2 of every pair of a world as fast marching finds them [m]."""
    plain = plain_world(number)
    return np.column_stack([costs_to(plain, over_hazards=over) for over in (False, True)])


@pytest.mark.parametrize("parameters", [SCREEN, FINE], ids=["screen", "fine"])
def test_ways_are_as_long_as_fast_marching_says(parameters: ShortcutParameters) -> None:
    mine = np.concatenate([measured(number, parameters) for number in BARRIERS])
    theirs = np.concatenate([marched(number) for number in BARRIERS])
    wrong = np.abs(mine / theirs - 1.0).ravel()
    assert len(wrong) == 20 * 4 * 2
    assert np.median(wrong) <= 0.03
    assert np.percentile(wrong, 95) <= 0.06


def test_the_twenty_worlds_are_worth_comparing() -> None:
    costs = np.concatenate([marched(number) for number in BARRIERS])
    assert np.isfinite(costs).all()
    tempted = costs[:, 0] - costs[:, 1] > 25.0
    assert 20 <= tempted.sum() < len(costs)
    assert {kind for kind, *_ in BARRIERS.values()} == set(HAZARDS)


def plain(*lines: tuple[str, tuple[Place, ...]], ends: tuple[Place, Place]) -> Plain:
    """Return a world with a plot and one destination."""
    return Plain((0, 0, 300, 300), lines, (), (), ends[0], ends[1:])


def test_fast_marching_finds_what_can_be_worked_out_by_hand() -> None:
    open_ground = plain(ends=((50, 60), (210, 180)))
    assert costs_to(open_ground, over_hazards=False) == pytest.approx([300.0], rel=0.005)
    track = ("rail", ((-50.0, 120.0), (350.0, 180.0)))
    over = plain(track, ends=((150, 60), (150, 240)))
    assert costs_to(over, over_hazards=True) == pytest.approx([180 * 1.5 + 46], rel=0.01)
    assert np.isinf(costs_to(over, over_hazards=False)).all()
    under = plain(track, ("underpass", ((60.0, 60.0), (60.0, 240.0))), ends=((60, 30), (60, 270)))
    assert costs_to(under, over_hazards=False) == pytest.approx([60 * 1.5 + 180], rel=0.01)
    path = plain(("footway", ((50.0, 60.0), (250.0, 90.0))), ends=((50, 60), (250, 90)))
    assert costs_to(path, over_hazards=False) == pytest.approx([np.hypot(200, 30)], rel=0.01)
