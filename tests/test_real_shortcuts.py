"""On real maps: places that anyone who knows them would name, and artefacts that must be marked."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pyproj
import pytest
import shapely

from tomteanalyse.extract import OsmExtract
from tomteanalyse.inputs.osm import read_extract
from tomteanalyse.measures.amenities import find_amenities
from tomteanalyse.measures.shortcuts.barrier_lines import BarrierLines
from tomteanalyse.measures.shortcuts.destinations import shortcut_destinations
from tomteanalyse.measures.shortcuts.encounters import Crossing
from tomteanalyse.measures.shortcuts.measure import ShortcutMeasure, measure_shortcuts
from tomteanalyse.measures.shortcuts.places import crossing_places
from tomteanalyse.network.shortcuts.build import build_graphs

DATA = Path(__file__).parents[2] / "shared" / "data" / "osm"
CRS = pyproj.CRS("EPSG:25832")
pytestmark = pytest.mark.skipif(
    not DATA.exists(), reason="the real extracts are not on this machine"
)


def extract(name: str) -> OsmExtract:
    return read_extract(DATA / f"{name}.osm.pbf", crs=CRS)


def measured(city: OsmExtract, *plots: tuple[float, float]) -> ShortcutMeasure:
    places = shortcut_destinations(find_amenities(city, crs=CRS), city)
    ids = [f"p{number}" for number in range(len(plots))]
    return measure_shortcuts(city, gpd.GeoSeries(shapely.points(plots), ids, crs=CRS), places)


def test_in_dreieich_the_way_to_the_shops_leads_over_the_tracks() -> None:
    # Houses north of the line; a discount shop lies right across it, the level crossing 250 m away.
    found = measured(extract("dreieich"), (478869, 5539267), (478915, 5539215))
    severe, _ = crossing_places([found])
    place = severe[0]
    assert (place.barrier, place.ref, place.speed_kmh) == ("rail", "3653", 80.0)
    assert shapely.distance(place.stretch, shapely.Point(478788, 5539242)) < 40
    # The level crossings on either side end the stretch.
    assert place.stretch.length < 400
    assert place.median_saving_m > 80


def test_in_oslo_every_place_where_the_map_cuts_the_tracks_is_marked() -> None:
    city = extract("oslo-center")
    east = city.bounds[2]
    found = measured(city, *((east - 150, y) for y in np.arange(6_642_050.0, 6_642_250.0, 75.0)))
    severe, moderate = crossing_places([found])
    by_edge = [each for each in severe + moderate if east - each.peak[0] < 150]
    assert len(by_edge) >= 2
    assert all(each.edge for each in by_edge)


def test_in_liechtenstein_a_road_of_hairpins_winds_and_the_valley_road_does_not() -> None:
    graphs = build_graphs(extract("liechtenstein"), area=shapely.Point(0, 0).buffer(1))
    lines = BarrierLines(graphs.ground.network)

    def winds(x: float, y: float, name: str) -> bool:
        here = Crossing((x, y), "road", "secondary", name, None, 0, 50, False, 2, 0.2, False, 0)
        return lines.winds(here)

    assert winds(541_625.9, 5_218_068.2, "Bergstrasse")
    assert not winds(538_613, 5_223_782, "Landstrasse")
