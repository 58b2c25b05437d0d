"""The embedded study: the unsafe shortcuts that a good analysis must find (``data/README.md``)."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import shapely

from tomteanalyse.inputs.reading import read_study
from tomteanalyse.measures.amenities import find_amenities
from tomteanalyse.measures.shortcuts.destinations import shortcut_destinations
from tomteanalyse.measures.shortcuts.encounters import Crossing
from tomteanalyse.measures.shortcuts.measure import ShortcutMeasure, measure_shortcuts
from tomteanalyse.measures.shortcuts.pairs import Pair
from tomteanalyse.measures.shortcuts.places import crossing_places
from tomteanalyse.study import Study

FOLDER = Path(__file__).parents[1] / "data" / "eksempelvik"
CORNER = np.array([450_000.0, 7_120_000.0])
"""The town is drawn in metres from here."""
TRODDEN = {"T01": (760.0, 1434.9), "T07": (3332.0, 1400.0)}
"""Where the trodden paths meet the track, as they are drawn."""
MOTORWAY = shapely.LineString([(4000, 2500), (4080, 2100)])
"""The middle of the motorway beside T02, as it is drawn; carriageways lie 10 m to either side."""
QUIET = ("T03", "T04", "T05", "T08", "T09", "T11", "T14", "T16")
FOUND_M = 25.0


def measured(study: Study, plots: list[str] | None = None) -> ShortcutMeasure:
    amenities = find_amenities(study.extract, crs=study.crs)
    chosen = study.plots.geometry if plots is None else study.plots.geometry[plots]
    return measure_shortcuts(study.extract, chosen, shortcut_destinations(amenities, study.extract))


@pytest.fixture(scope="module")
def study() -> Study:
    return read_study(FOLDER)


@pytest.fixture(scope="module")
def measure(study: Study) -> ShortcutMeasure:
    return measured(study)


def pairs_of(measure: ShortcutMeasure, plot: str, name: str | None = None) -> list[Pair]:
    """Return the pairs of a plot, or those of its pairs with destinations of a name."""
    names = measure.destinations["name"].tolist()
    return [
        each
        for each in measure.pairs
        if measure.plots[each.plot] == plot and name in (None, names[each.destination])
    ]


def crossed(pairs: list[Pair], barrier: str) -> list[Crossing]:
    return [each for pair in pairs for each in pair.severe.crossings if each.barrier == barrier]


def away_m(xy: tuple[float, float], place: tuple[float, float]) -> float:
    """Return the distance of a point in the extract from a place in the town [m]."""
    return float(np.hypot(*(np.array(xy) - CORNER - place)))


def test_the_railway_between_housing_and_shop_is_found_where_it_is_crossed(
    measure: ShortcutMeasure,
) -> None:
    (pair,) = pairs_of(measure, "T01", "Nærbutikken Vestgata")
    (crossing,) = pair.severe.crossings
    assert (crossing.barrier, crossing.name) == ("rail", "Eksempelbanen")
    assert away_m(crossing.xy, TRODDEN["T01"]) < FOUND_M
    assert 1800 < pair.safe_distance_m < 2300
    assert pair.tempting_distance_m < 200
    assert pair.risk > 0.85
    assert measure.risk["T01"] > 0.85


def test_the_motorway_is_found_although_there_is_a_noise_wall(
    study: Study, measure: ShortcutMeasure
) -> None:
    stops = measure.destinations.query("name == 'Sletta øst'").geometry
    plot = study.plots.geometry["T02"]
    nearest = stops[stops.distance(plot).idxmin()]
    straight = shapely.transform(shapely.shortest_line(plot, nearest), lambda xy: xy - CORNER)
    (there,) = straight.intersection(MOTORWAY).coords
    pairs = pairs_of(measure, "T02", "Sletta øst")
    assert pairs
    for pair in pairs:
        carriageways = [each for each in pair.severe.crossings if each.road_class == "motorway"]
        assert len(carriageways) == 2
        assert all(away_m(each.xy, there) < FOUND_M for each in carriageways)
        assert pair.saving_severe_m > 400
        assert pair.risk > 0.9
    assert measure.risk["T02"] == measure.risk.max()


def test_the_noise_wall_holds_back_but_does_not_cancel(
    study: Study, measure: ShortcutMeasure
) -> None:
    lines = study.extract.lines
    tags = [{} if each.get("wall") == "noise_barrier" else each for each in lines.tags]
    extract = replace(study.extract, lines=replace(lines, tags=tags))
    without = pairs_of(measured(replace(study, extract=extract), ["T02"]), "T02", "Sletta øst")
    now = pairs_of(measure, "T02", "Sletta øst")
    for before, after in zip(without, now, strict=True):
        assert 20 < before.saving_m - after.saving_m <= 80 + 1e-6


def test_the_removed_stop_made_it_worse_and_putting_it_back_mends_it(
    study: Study, measure: ShortcutMeasure
) -> None:
    points = study.extract.points
    tags = [
        {"highway": "bus_stop", "name": "Sletta"} if "disused:highway" in old else old
        for old in points.tags
    ]
    extract = replace(study.extract, points=replace(points, tags=tags))
    before = measured(replace(study, extract=extract), ["T02"])
    (to_stop,) = pairs_of(before, "T02", "Sletta")
    assert to_stop.risk == 0.0
    assert to_stop.tempting_distance_m < 200
    risk = {
        moment: float(each.index.by_category["risk"][number, "bus"])
        for moment, each, number in (
            ("before", before, 0),
            ("now", measure, int(measure.plots.get_loc("T02"))),
        )
    }
    # Three of four people now choose the stop that is left, all of them across the motorway.
    assert risk["before"] < 0.5 * risk["now"]
    assert before.risk["T02"] < measure.risk["T02"] - 0.01


@pytest.mark.parametrize("plot", QUIET)
def test_a_plot_whose_way_is_safe_stays_quiet(measure: ShortcutMeasure, plot: str) -> None:
    assert measure.risk[plot] < 0.05


def test_the_way_over_the_marked_crossing_saves_nothing_to_anyone(
    measure: ShortcutMeasure,
) -> None:
    pairs = pairs_of(measure, "T03")
    assert len(pairs) > 5
    assert measure.risk["T03"] == 0.0
    assert max(pair.risk for pair in pairs) == 0.0


def test_the_own_footpath_beside_the_motorway_leaves_no_reason_to_cross_it(
    measure: ShortcutMeasure,
) -> None:
    pairs = pairs_of(measure, "T04")
    near = [each for each in pairs if each.costs[0] < 700]
    assert len(near) >= 3
    assert max(pair.risk for pair in near) < 0.05
    assert not [
        each for pair in pairs for each in pair.severe.crossings if each.road_class == "motorway"
    ]


def test_the_trodden_path_by_the_blocks_is_weak_since_little_lies_beyond_it(
    measure: ShortcutMeasure,
) -> None:
    tracks = crossed(pairs_of(measure, "T07"), "rail")
    assert tracks
    assert all(away_m(each.xy, TRODDEN["T07"]) < FOUND_M for each in tracks)
    assert 0.0 < measure.risk["T07"] < 0.15


def test_the_disused_line_is_never_crossed(study: Study, measure: ShortcutMeasure) -> None:
    lines = study.extract.lines
    disused = {
        int(way)
        for way, tags in zip(lines.way.tolist(), lines.tags, strict=True)
        if tags.get("railway") == "disused"
    }
    assert disused
    assert not disused & {each.way for pair in measure.pairs for each in pair.severe.crossings}
    assert not crossed(pairs_of(measure, "T08"), "rail")


def test_the_hamlet_on_the_fast_road_has_no_safe_way_to_its_far_stop(
    measure: ShortcutMeasure,
) -> None:
    (row,) = [
        number
        for number, pair in enumerate(measure.pairs)
        if measure.plots[pair.plot] == "T06" and pair.risk > 0
    ]
    pair, (crossing,) = measure.pairs[row], measure.pairs[row].severe.crossings
    assert (crossing.name, crossing.speed_kmh) == ("Fjellgrendvegen", 80.0)
    assert np.isinf(pair.safe_distance_m)
    assert "no_safe_route" in measure.flags[row]


def test_the_plot_on_the_slope_is_tempted_a_little_over_the_fast_road(
    measure: ShortcutMeasure,
) -> None:
    roads = {each.name for each in crossed(pairs_of(measure, "T10"), "road")}
    assert roads == {"Åsvegen"}
    assert 0.0 < measure.risk["T10"] < 0.05


def test_the_island_and_the_deep_wood_have_nothing_in_reach(measure: ShortcutMeasure) -> None:
    for plot in ("T11", "T12"):
        assert not pairs_of(measure, plot)
        assert measure.not_reachable[plot] == ("bus", "service", "shop")


def test_the_plot_by_the_station_finds_the_underpass(measure: ShortcutMeasure) -> None:
    assert not crossed(pairs_of(measure, "T15"), "rail")
    assert measure.risk["T15"] < 0.1


def test_the_plot_at_the_border_is_marked_and_the_one_in_the_middle_is_not(
    measure: ShortcutMeasure,
) -> None:
    assert measure.near_edge["T13"]
    assert not measure.near_edge["T07"]


def test_railway_and_motorway_are_the_first_places_of_the_list(
    measure: ShortcutMeasure,
) -> None:
    severe, moderate = crossing_places([measure])
    assert all(each.severe for each in severe)
    assert not any(each.severe for each in moderate)
    first = {each.barrier: each for each in severe[::-1] if not each.edge}
    assert first["road"].road_class == "motorway"
    rail = [each for each in severe if each.barrier == "rail"]
    assert min(away_m(each.peak, TRODDEN["T01"]) for each in rail) < FOUND_M
