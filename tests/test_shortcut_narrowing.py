"""Leaving out pairs and ground that cannot matter changes nothing of what is found."""

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from tests.shortcut_towns import COARSE, Town, towns

from tomteanalyse.measures.shortcuts.measure import ShortcutMeasure, measure_shortcuts
from tomteanalyse.measures.shortcuts.narrowing import Candidates, may_count, near_enough

CATEGORIES = ("bus", "service", "shop")
CRS = "EPSG:25832"


def places_around(count: int) -> gpd.GeoDataFrame:
    """Return places strewn over a town, two quays to a stop."""
    draw = np.random.default_rng(count)
    number = np.arange(count)
    return gpd.GeoDataFrame(
        {
            "category": [CATEGORIES[each] for each in number % 3],
            "name": None,
            "stop": [f"{each % 3}-{each // 6}" for each in number.tolist()],
            "station": False,
        },
        geometry=shapely.points(draw.uniform(-260.0, 260.0, (count, 2))),
        index=[f"d{each:02d}" for each in number.tolist()],
        crs=CRS,
    )


def found(measure: ShortcutMeasure) -> list[tuple[object, ...]]:
    return [
        (
            measure.plots[each.plot],
            measure.destinations.index[each.destination],
            *each.costs,
            each.risk,
            each.tempting_distance_m,
            each.severe.severity,
        )
        for each in measure.pairs
    ]


@settings(max_examples=12)
@given(towns)
def test_only_what_can_matter_is_looked_at_and_all_of_it(town: Town) -> None:
    extract, places = town.extract(half_m=400.0), places_around(24)
    plots = gpd.GeoSeries(shapely.points([town.plot, (-120.0, 90.0)]), ["A", "B"], crs=CRS)
    few = replace(COARSE, most_destinations=2)
    narrow = measure_shortcuts(extract, plots, places, parameters=few)
    # Pairs that are asked for are all looked at, with all ground that ways of them may cross.
    every = near_enough(plots.to_numpy(), places.geometry.to_numpy(), few)
    wide = measure_shortcuts(extract, plots, places, candidates=every, parameters=few)
    assert narrow.levels.count <= wide.levels.count
    assert len(found(narrow)) == len(found(wide))
    for one, other in zip(found(narrow), found(wide), strict=True):
        assert one[:2] == other[:2]
        assert one[2:] == pytest.approx(other[2:], abs=1e-9)
    pd.testing.assert_series_equal(narrow.risk, wide.risk, rtol=1e-9)


def test_a_stop_farther_off_than_enough_others_by_safe_ways_cannot_count() -> None:
    places = pd.DataFrame({"category": "bus", "stop": ["a", "b", "c", "c", "d"]})
    asked = Candidates(np.zeros(5, dtype=np.int64), np.arange(5), np.full(5, 2500.0))
    apart_m = np.array([100.0, 200.0, 250.0, 900.0, 305.0])
    two = replace(COARSE, most_destinations=2)

    def counting(*safe_m: float) -> list[bool]:
        found = may_count(asked, apart_m, np.array(safe_m), places=places, parameters=two)
        return [bool(each) for each in found]

    # Two stops lie within 300 m by their safe ways; of a stop that may be nearer all quays count.
    assert counting(300.0, 220.0, np.inf, np.inf, np.inf) == [True, True, True, True, False]
    # A safe way to only one of them says nothing about the others.
    assert counting(300.0, np.inf, np.inf, np.inf, np.inf) == [True] * 5
    # Nor does one that is longer than what counts.
    assert counting(300.0, 1600.0, np.inf, np.inf, np.inf) == [True] * 5
