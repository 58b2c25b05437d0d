"""Small towns with a barrier through them, and one way between a plot and a destination in them."""

import numpy as np
import shapely
from tests.worlds import FOOTWAY, World

from tomteanalyse.extract import OsmExtract, Tags
from tomteanalyse.measures.shortcuts.pairs import Pair, measure_pairs
from tomteanalyse.measures.shortcuts.search import Search
from tomteanalyse.network.shortcuts.build import build_graphs
from tomteanalyse.network.shortcuts.ends import EndLinker
from tomteanalyse.network.shortcuts.parameters import SCREEN, ShortcutParameters

RAIL: Tags = {"railway": "rail"}
HALF_M = 3000.0
"""Barriers run this far to either side, so that no way leads round their ends."""
AROUND_M = 250.0
"""Open ground is looked at this far round the ends: the worlds are no larger."""
PLOT, DESTINATION = (0.0, -50.0), (0.0, 50.0)


def barrier(world: World, tags: Tags, y: float = 0.0, *, at: tuple[float, ...] = (0.0,)) -> None:
    """Draw a barrier along a y, with vertices at some x."""
    world.way([(x, y) for x in sorted({-HALF_M, HALF_M, *at})], tags)


def two_footways(d: float, *, way_across: Tags | None = None) -> World:
    """Return footways at y = -50 and 50 from 0 to `d`, joined by an underpass at `d`."""
    world = World()
    world.way([(0, -50), (d, -50)], FOOTWAY)
    world.way([(0, 50), (d, 50)], FOOTWAY)
    across = {**FOOTWAY, "tunnel": "yes", "layer": "-1"} if way_across is None else way_across
    world.way([(d, -50), (d, 50)], across)
    return world


def pairs_in(
    extract: OsmExtract,
    plots: list[tuple[float, float]],
    destinations: list[tuple[float, float]],
    *,
    stations: bool = False,
    around_m: float = AROUND_M,
    parameters: ShortcutParameters = SCREEN,
) -> list[Pair | None]:
    """Measure every pair of points in an extract, by plot and then by destination."""
    ends = shapely.MultiPoint([*plots, *destinations])
    area = shapely.buffer(shapely.convex_hull(ends), around_m)
    graphs = build_graphs(extract, area=area, parameters=parameters)
    linker = EndLinker(graphs, parameters=parameters)
    one, other = shapely.points(np.array(plots)), shapely.points(np.array(destinations))
    search = Search(
        graphs,
        linker.link(one, np.zeros(len(one), dtype=np.bool_)),
        linker.link(other, np.full(len(other), stations)),
        plot_count=len(one),
        destination_count=len(other),
    )
    return measure_pairs(
        search,
        graphs,
        np.repeat(np.arange(len(one)), len(other)),
        np.tile(np.arange(len(other)), len(one)),
        parameters=parameters,
    )


def pair_in(
    world: World,
    plot: tuple[float, float] = PLOT,
    destination: tuple[float, float] = DESTINATION,
    **choices: object,
) -> Pair:
    """Measure one pair in a world."""
    (found,) = pairs_in(world.extract(), [plot], [destination], **choices)  # type: ignore[arg-type]
    assert found is not None
    return found
