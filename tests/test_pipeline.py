"""The main job on the embedded study: what must hold whatever the numbers are."""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import folium
import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

import tomteanalyse as ta
from tomteanalyse.pipeline import Result

STUDY = Path(__file__).parents[1] / "data" / "eksempelvik"
OUTPUTS = {"kart.html", "rangering.csv", "rangering.xlsx", "resultat.gpkg", "kjoring.json"}
SCORED = ["score", "score_low", "score_high", "grade", "coverage"]


@pytest.fixture(scope="module")
def result() -> Result:
    return ta.run(ta.read_study(STUDY))


def copied_study(folder: Path) -> Path:
    return Path(shutil.copytree(STUDY, folder / "eksempelvik"))


def changed_plots(study: Path, change: str) -> None:
    plots = gpd.read_file(study / "tomter.gpkg")
    changed = {
        "reversed": plots.iloc[::-1],
        "without the best": plots[plots.iloc[:, 0] != "T14"],
        "only one": plots[plots.iloc[:, 0] == "T05"],
    }[change]
    entrances = gpd.read_file(study / "innganger.gpkg")
    entrances = entrances[entrances.iloc[:, 0].isin(changed.iloc[:, 0])]
    for name, table in (("tomter.gpkg", changed), ("innganger.gpkg", entrances)):
        (study / name).unlink()
        table.to_file(study / name, driver="GPKG")


def test_the_ranking_has_every_plot_once_and_the_best_first(result: Result) -> None:
    ranking = result.ranking
    assert sorted(ranking.index) == sorted(result.assessment.study.plots.index)
    ranked = ranking["rank"].dropna()
    assert ranked.is_monotonic_increasing
    assert ranked.iloc[0] == 1
    scores = ranking.loc[ranked.index, "score"]
    assert scores.is_monotonic_decreasing


def test_the_points_of_every_plot_sum_to_its_score_exactly(result: Result) -> None:
    points = [name for name in result.ranking.columns if name.endswith("_points")]
    assert points
    for plot_id, row in result.ranking.iterrows():
        assert sum(row[points]) == row["score"], plot_id


def test_every_score_lies_in_its_interval(result: Result) -> None:
    ranking = result.ranking
    assert (ranking["score_low"] <= ranking["score"]).all()
    assert (ranking["score"] <= ranking["score_high"]).all()


@pytest.mark.parametrize("change", ["reversed", "without the best", "only one"])
def test_other_plots_and_their_order_change_no_score(
    result: Result, tmp_path: Path, change: str
) -> None:
    study = copied_study(tmp_path)
    changed_plots(study, change)
    other = ta.run(ta.read_study(study)).ranking
    expected = result.ranking.loc[other.index, SCORED]
    pd.testing.assert_frame_equal(other[SCORED], expected, check_exact=True)
    if change == "reversed":
        pd.testing.assert_frame_equal(other, result.ranking, check_exact=True)


def test_the_order_of_the_register_changes_nothing(result: Result, tmp_path: Path) -> None:
    study = copied_study(tmp_path)
    heading, *rows = (study / "enheter.csv").read_text("utf-8-sig").splitlines()
    (study / "enheter.csv").write_text("\n".join([heading, *rows[::-1]]), "utf-8-sig")
    other = ta.run(ta.read_study(study))
    pd.testing.assert_frame_equal(other.ranking, result.ranking, check_exact=True)


def test_two_runs_in_two_processes_write_the_same_bytes(tmp_path: Path) -> None:
    digests = []
    for seed in ("1", "2"):
        out = tmp_path / f"utdata {seed} æøå"
        subprocess.run(
            [sys.executable, "-m", "tomteanalyse", "run", str(STUDY), "--out", str(out)],
            check=True,
            capture_output=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
        )
        assert {path.name for path in out.iterdir()} == OUTPUTS
        digests.append(
            {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in out.iterdir()}
        )
    assert digests[0] == digests[1]


def test_every_route_begins_at_its_plot_and_is_as_long_as_was_measured(result: Result) -> None:
    found = result.assessment
    routes = found.routes
    assert len(routes) > 50
    assert np.allclose(routes.geometry.length, routes["distance_m"], atol=1e-3)
    entrances = found.study.entrances
    for row in routes.itertuples():
        start = row.geometry.interpolate(0)
        doors = (
            entrances.loc[[row.plot_id]].geometry
            if row.plot_id in entrances.index
            else found.study.plots.loc[[row.plot_id]].geometry
        )
        assert doors.distance(start).min() < 1e-6, (row.plot_id, row.amenity_class)


def test_no_route_crosses_track_or_motorway_but_on_a_crossing_bridge_or_tunnel(
    result: Result,
) -> None:
    """The embedded town has no crossing of its motorway at ground level at all."""
    found = result.assessment
    lines = found.study.extract.lines
    motorway = [
        place
        for place, tags in enumerate(lines.tags)
        if tags.get("highway") == "motorway" and "bridge" not in tags and "tunnel" not in tags
    ]
    assert motorway
    passages = [
        gpd.points_from_xy(*lines.xy[lines.start[place] : lines.start[place + 1]].T)
        for place, tags in enumerate(lines.tags)
        if tags.get("bridge") == "yes" or tags.get("tunnel") == "yes"
    ]
    near_passage = gpd.GeoSeries(np.concatenate(passages)).buffer(60).union_all()
    for place in motorway:
        road = shapely.LineString(lines.xy[lines.start[place] : lines.start[place + 1]])
        crossing = found.routes.geometry.intersection(road)
        for where in crossing[~crossing.is_empty]:
            assert near_passage.covers(where)


def test_the_result_shows_itself_as_a_folium_map(result: Result) -> None:
    assert isinstance(result.map(), folium.Map)
