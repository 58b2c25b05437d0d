"""The embedded study: what a good analysis must find for each plot (``data/README.md``)."""

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import shapely

from tomteanalyse.assessment import Assessment
from tomteanalyse.extract import Points
from tomteanalyse.inputs.reading import read_study
from tomteanalyse.measures.survey import survey
from tomteanalyse.pipeline import run
from tomteanalyse.scoring.evaluation import ranking_order
from tomteanalyse.study import Study

FOLDER = Path(__file__).parents[1] / "data" / "eksempelvik"
WALKED = ("bus", "grocery", "pharmacy", "doctor", "services", "recreation", "centre")

# Plot, what is measured, from, to [m or homes]. The case each stands for is in data/README.md.
EXPECTED = [
    ("T01", "walk_grocery", 1800, 2300),
    ("T01", "walk_bus", 800, 1200),
    ("T02", "walk_bus", 1000, 1300),
    ("T02", "walk_grocery", 1100, 1600),
    ("T03", "walk_grocery", 0, 250),
    ("T03", "walk_pharmacy", 0, 250),
    ("T03", "walk_doctor", 0, 250),
    ("T03", "walk_bus", 0, 200),
    ("T04", "walk_grocery", 0, 400),
    ("T04", "walk_pharmacy", 0, 400),
    ("T04", "walk_bus", 0, 600),
    ("T04", "homes_500", 0, 0),
    ("T05", "straight_school", 0, 50),
    ("T05", "walk_bus", 0, 300),
    ("T06", "walk_bus", 0, 400),
    ("T06", "straight_emergency", 3000, 4000),
    ("T06", "homes_500", 7, 7),
    ("T07", "homes_300", 136, 150),
    ("T07", "weighted_homes_500", 200, 300),
    ("T08", "walk_grocery", 0, 250),
    ("T08", "walk_centre", 2500, 3500),
    ("T08", "homes_500", 6, 6),
    ("T09", "walk_doctor", 0, 500),
    ("T09", "walk_services", 0, 600),
    ("T10", "walk_recreation", 0, 100),
    ("T10", "walk_grocery", 1600, 2000),
    ("T13", "walk_bus", 0, 300),
    ("T14", "walk_grocery", 0, 250),
    ("T14", "walk_services", 0, 200),
    ("T14", "walk_centre", 0, 150),
    ("T15", "walk_bus", 0, 300),
    ("T15", "walk_services", 0, 250),
    ("T15", "homes_1000", 60, 120),
    ("T16", "straight_emergency", 0, 100),
]


@pytest.fixture(scope="module")
def study() -> Study:
    return read_study(FOLDER)


@pytest.fixture(scope="module")
def assessment(study: Study) -> Assessment:
    return run(study).assessment


def measured(assessment: Assessment, plot: str, key: str) -> float:
    return float(assessment.measurements[key].value[plot])


def with_points(study: Study, points: Points) -> Study:
    """Give the same town with other tagged nodes."""
    return replace(study, extract=replace(study.extract, points=points))


def test_the_study_is_read_without_a_warning_or_a_dropped_row(study: Study) -> None:
    assert study.warnings == ()
    assert study.dropped.empty
    assert len(study.plots) == 16
    assert study.units.loc[study.units["current"], "homes"].sum() >= 250


@pytest.mark.parametrize(("plot", "key", "least", "most"), EXPECTED)
def test_a_plot_measures_what_its_case_says(
    assessment: Assessment, plot: str, key: str, least: float, most: float
) -> None:
    assert least <= measured(assessment, plot, key) <= most


def test_the_shop_beyond_the_railway_is_near_only_as_the_crow_flies(
    study: Study, assessment: Assessment
) -> None:
    shops = assessment.amenities.query("amenity_class == 'grocery'").geometry
    straight = shops.distance(study.plots.geometry["T01"]).min()
    assert straight < 200
    assert measured(assessment, "T01", "walk_grocery") > 10 * straight


def test_the_trodden_paths_over_the_railway_are_cut_and_listed(assessment: Assessment) -> None:
    rail = assessment.network_cuts.query("kind == 'rail'").geometry
    east = sorted(round(x - 450_000) for x in rail.x)
    assert east == [760, 3332]


def test_with_a_mapped_crossing_there_the_shop_would_be_near(study: Study) -> None:
    lines, points = study.extract.lines, study.extract.points
    at = int(np.hypot(*(lines.xy - (450_760, 7_121_434.9)).T).argmin())
    with_crossing = Points(
        node=np.append(points.node, lines.node[at]),
        xy=np.vstack([points.xy, lines.xy[at]]),
        tags=[*points.tags, {"railway": "crossing"}],
    )
    found = survey(with_points(study, with_crossing)).measurements["walk_grocery"].value
    assert found["T01"] < 300


def test_the_removed_stop_was_near_and_only_its_neighbours_lost_by_it(
    study: Study, assessment: Assessment
) -> None:
    points = study.extract.points
    tags = [
        {"highway": "bus_stop", "name": "Sletta"} if "disused:highway" in old else old
        for old in points.tags
    ]
    before = survey(with_points(study, replace(points, tags=tags))).measurements["walk_bus"].value
    now = assessment.measurements["walk_bus"].value
    assert before["T02"] < 200
    assert now["T02"] > 1000
    known = now.dropna().index
    assert (before[known] <= now[known]).all()
    assert before.drop(["T02", "T10"]).equals(now.drop(["T02", "T10"]))


def test_the_stop_that_is_left_lies_just_across_the_motorway(
    study: Study, assessment: Assessment
) -> None:
    stops = assessment.amenities.query("amenity_class == 'bus'").geometry
    plot = study.plots.geometry["T02"]
    nearest = stops[stops.distance(plot).idxmin()]
    way = shapely.shortest_line(plot, nearest)
    lines = study.extract.lines
    motorway = [
        shapely.LineString(lines.xy[lines.start[i] : lines.start[i + 1]])
        for i, tags in enumerate(lines.tags)
        if tags.get("highway") == "motorway"
    ]
    assert way.length < 250
    assert sum(way.intersects(carriageway) for carriageway in motorway) == 2


def test_the_safe_way_to_the_shop_crosses_the_road_where_it_is_marked(
    study: Study, assessment: Assessment
) -> None:
    [route] = assessment.routes.query("plot_id == 'T03' and amenity_class == 'grocery'").geometry
    points = study.extract.points
    marked = [i for i, tags in enumerate(points.tags) if tags.get("crossing") == "uncontrolled"]
    assert shapely.distance(shapely.points(points.xy[marked]), route).min() < 0.01


def test_the_own_footpath_leads_past_the_motorway_without_crossing_a_road(
    study: Study, assessment: Assessment
) -> None:
    [route] = assessment.routes.query("plot_id == 'T04' and amenity_class == 'grocery'").geometry
    lines = study.extract.lines
    crossed = {
        tags.get("name")
        for i, tags in enumerate(lines.tags)
        if tags.get("highway") in ("motorway", "primary", "secondary", "tertiary")
        and route.intersects(shapely.LineString(lines.xy[lines.start[i] : lines.start[i + 1]]))
    }
    assert crossed == set()


def test_the_block_of_136_makes_its_neighbour_the_most_concentrated_plot(
    assessment: Assessment,
) -> None:
    homes = assessment.measurements["homes_300"].value
    assert homes.idxmax() == "T07"
    assert homes["T07"] > 5 * homes.drop("T07").max()


def test_the_mill_hamlet_counts_only_the_homes_that_are_left(
    study: Study, assessment: Assessment
) -> None:
    near = study.units.geometry.distance(study.plots.geometry["T08"]) < 500
    ever = study.units.loc[near, "homes"].sum()
    ended = study.units.loc[near & study.units["valid_to"].notna(), "homes"].sum()
    assert (ever, ended) == (22, 16)
    assert measured(assessment, "T08", "homes_500") == ever - ended


def test_the_hamlet_on_the_fast_road_reaches_its_own_stop_and_no_shop(
    assessment: Assessment,
) -> None:
    found = {key: measured(assessment, "T06", f"walk_{key}") for key in WALKED}
    assert {key for key, metres in found.items() if math.isinf(metres)} == set(WALKED) - {
        "bus",
        "recreation",
    }
    assert assessment.measurements["walk_grocery"].reason["T06"] == "no_safe_way"


def test_the_island_reaches_nothing_and_the_deep_wood_is_unknown(assessment: Assessment) -> None:
    for key in WALKED:
        measurement = assessment.measurements[f"walk_{key}"]
        assert math.isinf(measurement.value["T11"])
        assert measurement.reason["T11"] == "no_safe_way"
        assert math.isnan(measurement.value["T12"])
        assert measurement.reason["T12"] == "no_way_near"


def test_near_the_edge_of_the_map_a_distance_is_an_upper_bound(assessment: Assessment) -> None:
    for key in ("walk_grocery", "straight_school", "straight_emergency"):
        measurement = assessment.measurements[key]
        assert measurement.least is not None
        assert measurement.least["T13"] < 0.2 * measurement.value["T13"]


def test_the_constraints_fall_as_they_should(assessment: Assessment) -> None:
    verdicts = assessment.evaluation.verdicts
    found = set(
        verdicts[["plot_id", "constraint", "effect", "state"]].itertuples(index=False, name=None)
    )
    assert found == {
        ("T09", "flom", "knock_out", "violated"),
        ("T10", "flom", "knock_out", "unknown"),
        ("T05", "skole", "must_clear", "violated"),
        ("T13", "skole", "must_clear", "unknown"),
        # Built in, whatever the study file says: what ways cross must be cleared.
        ("T01", "unsafe_shortcut_rail", "must_clear", "violated"),
        ("T02", "unsafe_shortcut_motorway", "must_clear", "violated"),
    }


def test_the_flooded_plot_has_no_rank_though_it_scores_better_than_most(
    assessment: Assessment,
) -> None:
    rank, score = assessment.evaluation.rank, assessment.evaluation.score
    assert rank.isna()["T09"]
    assert score["T09"] > score.median()


def test_the_plot_in_the_deep_wood_is_too_little_measured_to_be_ranked(
    assessment: Assessment,
) -> None:
    evaluation = assessment.evaluation
    assert evaluation.coverage["T12"] < 0.5 <= evaluation.coverage.drop("T12").min()
    assert set(evaluation.rank.index[evaluation.rank.isna()]) == {"T09", "T12"}
    assert ranking_order(evaluation)[-2:].tolist() == ["T12", "T09"]
    assert math.isnan(assessment.robustness.best["T12"])


def test_the_good_places_come_before_the_bad_ones(assessment: Assessment) -> None:
    rank = assessment.evaluation.rank.astype("Float64")
    good, bad = ["T03", "T04", "T14", "T15"], ["T01", "T02", "T06", "T07", "T11"]
    assert rank[good].max() < rank[bad].min()
