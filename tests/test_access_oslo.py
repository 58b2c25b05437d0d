"""Distances in a real city equal those of brute force on the same ways."""

import math
import random
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyproj
import pytest
import shapely

from oracle import Oracle
from tomteanalyse.inputs.osm import read_extract
from tomteanalyse.measures.amenities import find_amenities
from tomteanalyse.network.barriers import find_barriers
from tomteanalyse.network.routing import Router
from tomteanalyse.network.snapping import Snapper
from tomteanalyse.network.walk import build_network

DATA = Path(__file__).parents[2] / "shared" / "data"
CRS = pyproj.CRS("EPSG:25832")
SEED = 20_200_101


@pytest.mark.skipif(not DATA.exists(), reason="the real extracts are not on this machine")
def test_walks_in_oslo_equal_brute_force_to_a_millimetre() -> None:
    extract = read_extract(DATA / "osm" / "oslo-center.osm.pbf", crs=CRS)
    network = build_network(extract)
    amenities = find_amenities(extract, crs=CRS).geometry.to_numpy()
    drawn = gpd.read_file(DATA / "oslo" / "plots.geojson").to_crs(CRS).geometry
    # Real outlines and points at random; real places, small and large.
    rng = random.Random(SEED)
    west, south, east, north = extract.bounds
    plots = [
        *drawn.iloc[:4],
        *(shapely.Point(rng.uniform(west, east), rng.uniform(south, north)) for _ in range(7)),
    ]
    places = [amenities[number] for number in rng.sample(range(len(amenities)), 30)]

    oracle = Oracle(extract, [*plots, *places])
    snapper = Snapper(network, find_barriers(extract))
    router = Router(network, snapper.attach(np.array(places, dtype=object)), count=len(places))
    feet = router.feet(snapper.attach(np.array(plots, dtype=object)))
    from_places = router.distances_from(np.arange(len(places)), limit_m=math.inf)
    by_leg, _ = router.at_feet(feet, from_places)

    assert len(oracle.part_lengths) == network.counts["connected_parts"]
    reached = 0
    for plot in range(len(plots)):
        mine = np.flatnonzero(feet.place == plot)
        expected = oracle.distances(plot)
        for place in range(len(places)):
            found = min(by_leg[place, mine], default=math.inf)
            brute = expected.get(("to", len(plots) + place), math.inf)
            assert found == pytest.approx(brute, abs=1e-3), (plot, place)
            reached += math.isfinite(brute)
    assert reached >= 200
