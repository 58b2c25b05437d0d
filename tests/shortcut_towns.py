"""Small towns drawn at random: rail, roads, walls, buildings, bridges, tunnels, loops."""

from dataclasses import dataclass, replace

import hypothesis.strategies as st
import numpy as np
import pytest
import shapely
from tests.shortcut_worlds import RAIL, pairs_in
from tests.worlds import FOOTWAY, World

from tomteanalyse.extract import OsmExtract, Tags
from tomteanalyse.measures.shortcuts.pairs import Pair
from tomteanalyse.network.shortcuts.parameters import ShortcutParameters

COARSE = ShortcutParameters(lattice_m=25.0, thin_m=15.0)
Place = tuple[float, float]
Drawn = tuple[str, tuple[Place, ...], Tags]

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
MARKED: Tags = {"highway": "crossing", "crossing": "marked"}
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
open_line = st.lists(corner, min_size=2, max_size=4, unique=True).map(tuple)
loop = st.lists(corner, min_size=3, max_size=4, unique=True).map(lambda at: (*at, at[0]))
line = st.one_of(open_line, open_line, loop)
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

    def extract(
        self, *, shift: Place = (0.0, 0.0), half_m: float = 400.0, crossing: Tags = MARKED
    ) -> OsmExtract:
        low, high = (np.array(shift) + side * half_m for side in (-1, 1))
        world = World(bounds=(low[0], low[1], high[0], high[1]))
        for x, y in self.crossings:
            world.node(x + shift[0], y + shift[1], crossing)
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


single_barriers = st.builds(
    Town,
    drawn=st.tuples(
        st.sampled_from(HAZARDS).map(
            lambda tags: (("barrier", tuple((x * 41.0, 0.0) for x in range(-60, 61)), tags),)
        ),
        lines("way", WAYS, 6),
        lines("fence", [{"barrier": "fence"}, {"barrier": "wall"}], 1),
    ).map(lambda parts: tuple(each for part in parts for each in part)),
    buildings=st.lists(anywhere, max_size=3).map(tuple),
    crossings=st.lists(
        st.integers(-3, 3).map(lambda x: (x * 41.0, 0.0)), min_size=1, max_size=2, unique=True
    ).map(tuple),
    plot=anywhere,
    destinations=st.tuples(anywhere, anywhere),
)
