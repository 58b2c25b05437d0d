"""The dwellings nearest on foot: brute force on the same towns, and counted by hand on a street."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from oracle import Oracle
from test_routing import Case, towns
from tomteanalyse.extract import OsmExtract
from tomteanalyse.inputs.osm import read_extract
from tomteanalyse.measures.access import PlotFeet
from tomteanalyse.measures.concentration.evenness import Counts, Floats
from tomteanalyse.measures.concentration.on_foot import Neighbours, neighbours_on_foot
from tomteanalyse.network.barriers import find_barriers
from tomteanalyse.network.routing import Router
from tomteanalyse.network.snapping import Snapper
from tomteanalyse.network.walk import build_network
from worlds import RAIL, STREET, World, points

DATA = Path(__file__).parents[2] / "shared" / "data"
CRS = pyproj.CRS("EPSG:25832")


def _neighbours(
    extract: OsmExtract,
    plots: list[shapely.Geometry],
    xy: Floats,
    dwellings: Counts,
    municipal: Counts,
    *,
    numbers: list[int],
    edge_m: float = np.inf,
    longest_m: float = 5000.0,
) -> Neighbours:
    network = build_network(extract)
    snapper = Snapper(network, find_barriers(extract))
    router = Router(network, snapper.attach(points()), count=0)
    legs = snapper.attach(np.array(plots, dtype=object))
    ids = pd.Index([f"T{number}" for number in range(len(plots))])
    feet = PlotFeet(
        plots=ids,
        feet=router.feet(legs),
        unplaced=pd.Series(pd.NA, index=ids, dtype="str"),
        edge_m=pd.Series(edge_m, index=ids),
    )
    return neighbours_on_foot(
        feet,
        xy,
        dwellings,
        municipal,
        nearest=np.tile(numbers, (len(plots), 1)),
        router=router,
        snapper=snapper,
        longest_m=longest_m,
    )


def _brute(
    oracle: Oracle, plot: int, first: int, dwellings: Counts, municipal: Counts, number: int
) -> float:
    """Walk from the plot to every dwelling, and count them one level of distance at a time."""
    metres = {
        place - first: round(metres, 3)
        for (_, place), metres in oracle.distances(plot).items()
        if place >= first
    }
    counted, mine = 0.0, 0.0
    for at in sorted(set(metres.values())):
        level = [place for place, away in metres.items() if away == at]
        part = min(1.0, (number - counted) / dwellings[level].sum())
        counted += part * dwellings[level].sum()
        mine += part * municipal[level].sum()
        if counted >= number - 1e-9:
            return float(mine)
    return float("nan")


@settings(max_examples=60)
@given(towns(), st.integers(0, 10_000))
def test_in_small_towns_the_nearest_on_foot_are_those_of_brute_force(case: Case, seed: int) -> None:
    generator = np.random.default_rng(seed)
    west, south, east, north = 0, 0, 170, 200
    xy = np.round(generator.uniform((west, south), (east, north), (14, 2)), 2)
    xy[9] = xy[3]
    dwellings = generator.integers(1, 4, len(xy))
    municipal = generator.binomial(dwellings, 0.4)
    extract = case.world.extract()
    numbers = [1, 4, 9, 16]
    found = _neighbours(extract, case.plots, xy, dwellings, municipal, numbers=numbers)
    oracle = Oracle(extract, [*case.plots, *shapely.points(xy)])
    for plot in range(len(case.plots)):
        expected = [
            _brute(oracle, plot, len(case.plots), dwellings, municipal, number)
            for number in numbers
        ]
        assert found.municipal[plot].tolist() == pytest.approx(expected, abs=1e-6, nan_ok=True)


@pytest.mark.skipif(not DATA.exists(), reason="the real extracts are not on this machine")
def test_in_oslo_the_nearest_on_foot_are_those_of_brute_force() -> None:
    extract = read_extract(DATA / "osm" / "oslo-center.osm.pbf", crs=CRS)
    plots = list(gpd.read_file(DATA / "oslo" / "plots.geojson").to_crs(CRS).geometry.iloc[:5])
    generator = np.random.default_rng(7)
    middle = plots[0].centroid
    xy = np.round(generator.normal((middle.x, middle.y), 350, (150, 2)), 2)
    dwellings = generator.integers(1, 30, len(xy))
    municipal = generator.binomial(dwellings, 0.1)
    numbers = [50, 100, 400]
    found = _neighbours(extract, plots, xy, dwellings, municipal, numbers=numbers)
    oracle = Oracle(extract, [*plots, *shapely.points(xy)])
    assert dwellings.sum() > 1000
    for plot in range(len(plots)):
        expected = [
            _brute(oracle, plot, len(plots), dwellings, municipal, number) for number in numbers
        ]
        assert found.municipal[plot].tolist() == pytest.approx(expected, abs=1e-6)


def _street() -> World:
    world = World()
    world.way([(-3000, 0), (0, 0), (3000, 0)], STREET)
    return world


STREET_XY = np.array([(100.0, 5.0), (-200.0, 5.0), (300.0, 5.0), (1500.0, 5.0)])


def _on_street(
    numbers: list[int], *, edge_m: float = np.inf, longest_m: float = 5000.0
) -> Neighbours:
    return _neighbours(
        _street().extract(),
        [shapely.Point(0, 10)],
        STREET_XY,
        np.array([4, 10, 6, 20]),
        np.array([1, 0, 3, 20]),
        numbers=numbers,
        edge_m=edge_m,
        longest_m=longest_m,
    )


def test_neighbours_are_counted_until_the_number_is_reached() -> None:
    # 4 at 115 m, 10 at 215 m, 6 at 315 m, 20 at 1515 m.
    found = _on_street([0, 4, 14, 17, 20, 30, 40, 41]).municipal[0]
    assert found[:7].tolist() == [0, 1, 1, 1 + 1.5, 4, 4 + 10, 24]
    assert np.isnan(found[7])


def test_dwellings_too_far_to_walk_to_are_nobodys_neighbours() -> None:
    assert _on_street([20, 21], longest_m=1500).municipal[0].tolist()[:1] == [4]
    assert np.isnan(_on_street([20, 21], longest_m=1500).municipal[0, 1])
    assert _on_street([20, 21], longest_m=1515.1).municipal[0].tolist() == [4, 5]


def test_what_lies_beyond_the_edge_may_take_the_place_of_what_is_farther_away() -> None:
    found = _on_street([14, 20, 40], edge_m=250.0)
    assert found.municipal[0].tolist() == [1, 4, 24]
    assert found.surely[0].tolist() == [1, 1, 1]


def test_a_house_across_the_tracks_is_as_far_as_the_way_round() -> None:
    world = World()
    world.way([(-500, 0), (500, 0)], STREET)
    world.way([(500, 0), (500, 100)], {"highway": "footway", "bridge": "yes"})
    world.way([(500, 100), (-500, 100)], STREET)
    world.way([(-1000, 50), (1000, 50)], RAIL)
    near_in_the_air, near_on_foot = (0.0, 90.0), (-400.0, 5.0)
    found = _neighbours(
        world.extract(),
        [shapely.Point(0, 10)],
        np.array([near_in_the_air, near_on_foot]),
        np.array([1, 1]),
        np.array([1, 0]),
        numbers=[1, 2],
    )
    assert found.municipal[0].tolist() == [0, 1]
