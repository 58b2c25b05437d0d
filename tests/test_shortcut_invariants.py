"""What must hold in every world, drawn at random: rail, roads, walls, buildings, bridges, loops."""

import os
from dataclasses import dataclass, replace

import hypothesis.strategies as st
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from tests.shortcut_worlds import pairs_in
from tests.worlds import FOOTWAY, World

from tomteanalyse.extract import OsmExtract, Tags
from tomteanalyse.measures.shortcuts.pairs import Pair
from tomteanalyse.network.shortcuts.parameters import ShortcutParameters

COARSE = ShortcutParameters(lattice_m=25.0, thin_m=15.0)
WORLDS = settings(max_examples=int(os.environ.get("SHORTCUT_WORLDS", "25")))
"""More worlds than in every run: set the variable (200 are the aim)."""
Place = tuple[float, float]
Drawn = tuple[str, tuple[Place, ...], Tags]

RAIL: Tags = {"railway": "rail"}
HAZARDS: list[Tags] = [
    RAIL,
    {**RAIL, "service": "siding"},
    {"railway": "tram"},
    {"highway": "motorway", "maxspeed": "110"},
    {"highway": "secondary", "maxspeed": "80"},
    {"highway": "secondary", "maxspeed": "80", "sidewalk": "left"},
    {"highway": "primary", "maxspeed": "50"},
]
HARMLESS: list[Tags] = [
    {"railway": "disused"},
    {"railway": "rail", "tunnel": "yes", "layer": "-1"},
    {"railway": "rail", "bridge": "viaduct", "layer": "2"},
    {"highway": "motorway", "tunnel": "yes", "layer": "-1"},
]
WAYS: list[Tags] = [
    FOOTWAY,
    {"highway": "residential"},
    {**FOOTWAY, "tunnel": "yes", "layer": "-1"},
    {**FOOTWAY, "bridge": "yes", "layer": "1"},
]
# On a grid of corners lines meet in shared nodes, cross between nodes and run back over themselves.
corner = st.tuples(st.integers(-3, 3), st.integers(-3, 3)).map(
    lambda at: (at[0] * 41.0, at[1] * 37.0)
)
line = st.lists(corner, min_size=2, max_size=4, unique=True).map(tuple)
anywhere = st.tuples(st.integers(-130, 130), st.integers(-115, 115)).map(
    lambda at: (at[0] + 0.37, at[1] + 0.21)
)


@dataclass(frozen=True)
class Town:
    """Lines and buildings, a plot and two destinations."""

    drawn: tuple[Drawn, ...]
    buildings: tuple[Place, ...]
    crossings: tuple[Place, ...]
    plot: Place
    destinations: tuple[Place, Place]

    def extract(self, *, shift: Place = (0.0, 0.0)) -> OsmExtract:
        world = World(
            bounds=(-400.0 + shift[0], -400.0 + shift[1], 400.0 + shift[0], 400.0 + shift[1])
        )
        for x, y in self.crossings:
            world.node(x + shift[0], y + shift[1], {"highway": "crossing", "crossing": "marked"})
        # A line far from everything: an extract is never empty.
        world.way(
            [(-390.0 + shift[0], -390.0 + shift[1]), (-380.0 + shift[0], -390.0 + shift[1])],
            FOOTWAY,
        )
        for _, places, tags in self.drawn:
            world.way([(x + shift[0], y + shift[1]) for x, y in places], tags)
        for x, y in self.buildings:
            x, y = x + shift[0], y + shift[1]
            world.area(shapely.box(x - 9, y - 6, x + 11, y + 8), {"building": "yes"})
        return world.extract()

    def measured(self) -> list[Pair | None]:
        return pairs_in(self.extract(), [self.plot], [*self.destinations], parameters=COARSE)

    def without(self, kind: str) -> "Town":
        return replace(self, drawn=tuple(each for each in self.drawn if each[0] != kind))

    def having(self, *drawn: Drawn) -> "Town":
        return replace(self, drawn=(*self.drawn, *drawn))


def lines(kind: str, tags: list[Tags], most: int) -> st.SearchStrategy[tuple[Drawn, ...]]:
    each = st.tuples(st.just(kind), line, st.sampled_from(tags))
    return st.lists(each, max_size=most).map(tuple)


towns = st.builds(
    Town,
    drawn=st.tuples(
        lines("rail", HAZARDS[:3], 2),
        lines("road", HAZARDS[3:], 2),
        lines("way", WAYS, 5),
        lines("fence", [{"barrier": "fence"}, {"barrier": "wall"}], 1),
    ).map(lambda parts: tuple(each for part in parts for each in part)),
    buildings=st.lists(anywhere, max_size=3).map(tuple),
    crossings=st.lists(corner, max_size=2, unique=True).map(tuple),
    plot=anywhere,
    destinations=st.tuples(anywhere, anywhere),
)


def figures(pair: Pair | None) -> tuple[float, ...] | None:
    return None if pair is None else (*pair.costs, pair.risk)


def assert_same(one: list[Pair | None], other: list[Pair | None], *, abs_: float = 1e-6) -> None:
    for a, b in zip(one, other, strict=True):
        assert (a is None) == (b is None)
        if a is not None:
            assert figures(b) == pytest.approx(figures(a), rel=1e-9, abs=abs_)


@WORLDS
@given(towns)
def test_more_freedom_never_makes_the_way_longer_and_risk_comes_from_hazards(town: Town) -> None:
    for pair in town.measured():
        if pair is None:
            continue
        s, n, t1, t2 = pair.costs
        assert t2 <= t1 <= n <= max(s, COARSE.limit_m)
        assert pair.tempting_distance_m <= pair.safe_distance_m
        assert 0.0 <= pair.risk <= 1.0
        moderate = n - t1 > 0.5 and pair.moderate.severity > 0
        severe = t1 - t2 > 0.5 and pair.severe.severity > 0
        assert (pair.risk > 0) == (moderate or severe)


@WORLDS
@given(towns)
def test_the_way_there_is_the_way_back(town: Town) -> None:
    extract = town.extract()
    there = pairs_in(extract, [town.plot], [*town.destinations], parameters=COARSE)
    back = pairs_in(extract, [*town.destinations], [town.plot], parameters=COARSE)
    assert_same(there, back)


@WORLDS
@given(towns)
def test_without_rail_nobody_crosses_a_track(town: Town) -> None:
    for pair in town.without("rail").measured():
        assert pair is None or all(each.barrier == "road" for each in pair.severe.crossings)
    for pair in town.without("rail").without("road").measured():
        assert pair is None or (pair.risk == 0 and not pair.severe.crossings)


@WORLDS
@given(towns, anywhere)
def test_another_plot_changes_none(town: Town, other: Place) -> None:
    extract = town.extract()
    alone = pairs_in(extract, [town.plot], [*town.destinations], parameters=COARSE)
    together = pairs_in(extract, [town.plot, other], [*town.destinations], parameters=COARSE)
    assert_same(alone, together[:2])


@WORLDS
@given(towns, st.permutations(range(12)))
def test_the_order_in_which_things_are_drawn_does_not_matter(town: Town, order: list[int]) -> None:
    extract = town.extract()
    lines_, rows = extract.lines, [each for each in order if each < len(extract.lines.tags)]
    rows += [each for each in range(len(lines_.tags)) if each not in rows]
    counts = np.diff(lines_.start)[rows]
    picked = np.concatenate([np.arange(lines_.start[row], lines_.start[row + 1]) for row in rows])
    shuffled = replace(
        extract,
        lines=replace(
            lines_,
            way=lines_.way[rows],
            start=np.concatenate([[0], np.cumsum(counts)]),
            node=lines_.node[picked],
            xy=lines_.xy[picked],
            tags=[lines_.tags[row] for row in rows],
        ),
    )
    one = pairs_in(extract, [town.plot], [*town.destinations], parameters=COARSE)
    other = pairs_in(shuffled, [town.plot], [*town.destinations[::-1]], parameters=COARSE)
    assert_same(one, other[::-1])


@WORLDS
@given(towns, st.integers(-40, 40))
def test_moving_the_world_by_whole_squares_changes_nothing(town: Town, east: int) -> None:
    # Rows of a hexagonal lattice never meet the squares again, so it is moved east only.
    parameters = ShortcutParameters(lattice_m=25.0, thin_m=15.0)
    shift = (east * 75.0, 0.0)
    one = pairs_in(town.extract(), [town.plot], [*town.destinations], parameters=parameters)
    other = pairs_in(
        town.extract(shift=shift),
        [(town.plot[0] + shift[0], town.plot[1])],
        [(x + shift[0], y) for x, y in town.destinations],
        parameters=parameters,
    )
    assert_same(one, other)


@WORLDS
@given(towns, line, st.sampled_from(HARMLESS))
def test_what_no_train_or_car_is_met_on_changes_nothing(
    town: Town, places: tuple[Place, ...], tags: Tags
) -> None:
    # Off the corners, so that it shares no node with anything.
    places = tuple((x + 3.3, y + 5.1) for x, y in places)
    assert_same(town.measured(), town.having(("harmless", places, tags)).measured())


@WORLDS
@given(st.integers(20, 90), st.sampled_from(HAZARDS), st.integers(0, 140))
def test_a_safe_crossing_of_the_only_barrier_never_raises_the_risk(
    reach: int, tags: Tags, at: int
) -> None:
    def risk(node: Tags) -> float:
        world = World(bounds=(-900, -900, 900, 900))
        middle = world.node(at, 0, node)
        world.way(
            [(-900, 0), (0, 0), middle, (900, 0)] if at else [(-900, 0), middle, (900, 0)], tags
        )
        for y in (-reach, reach):
            world.way([(0, y), (300, y)], FOOTWAY)
        world.way([(300, -reach), (300, reach)], {**FOOTWAY, "tunnel": "yes"})
        (pair,) = pairs_in(world.extract(), [(3, -reach)], [(12, reach)], parameters=COARSE)
        assert pair is not None
        return pair.risk

    is_rail = "railway" in tags
    safe = (
        {"railway": "crossing"}
        if is_rail
        else {"highway": "crossing", "crossing": "traffic_signals"}
    )
    assert risk(safe) <= risk({"crossing": "no"}) + 1e-9


@WORLDS
@given(st.integers(51, 110), st.integers(51, 110), st.floats(100, 400))
def test_a_faster_road_is_never_less_severe(one: int, other: int, d: float) -> None:
    slow, fast = sorted((one, other))

    def severity(speed: int) -> float:
        world = World(bounds=(-900, -900, 900, 900))
        world.way([(-900, 0), (0, 0), (900, 0)], {"highway": "trunk", "maxspeed": str(speed)})
        for y in (-50, 50):
            world.way([(0, y), (d, y)], FOOTWAY)
        world.way([(d, -50), (d, 50)], {**FOOTWAY, "tunnel": "yes"})
        (pair,) = pairs_in(world.extract(), [(0, -50)], [(0, 50)], parameters=COARSE)
        assert pair is not None
        return pair.severe.severity

    assert severity(slow) <= severity(fast)
