"""Studies that are odd but not wrong: the run goes on and says what the planner must know."""

import hashlib
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyproj
import pytest

import tomteanalyse as ta
from study_folders import CRS, REGISTER, STUDY, at, osm_xml, some_plots, square, write_study
from tomteanalyse.errors import DataError
from tomteanalyse.pipeline import Result, check
from tomteanalyse.scoring.criteria import CRITERIA
from tomteanalyse.texts import LANGUAGES

FOOTPATH_ACROSS_THE_BAY = """\
<way id="9" version="1"><nd ref="91"/><nd ref="92"/><tag k="highway" v="footway"/></way>
"""


def fingerprints(folder: Path) -> dict[Path, str]:
    return {
        path: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def with_plots(folder: Path, plots: gpd.GeoDataFrame) -> Path:
    study = write_study(folder)
    (study / "tomter.gpkg").unlink()
    plots.to_file(study / "tomter.gpkg", driver="GPKG")
    return study


PLACES = (
    'k="shop" v="supermarket"',
    'k="highway" v="bus_stop"',
    'k="amenity" v="pharmacy"',
    'k="amenity" v="doctors"',
    'k="amenity" v="library"',
    'k="leisure" v="pitch"',
)
"""One for each of the six ends of the streets: enough for a plot to be ranked."""


def give_places(study: Path) -> None:
    xml = osm_xml()
    for number, tag in enumerate(PLACES, start=1):
        node = next(line for line in xml.splitlines() if line.startswith(f'<node id="{number}" '))
        xml = xml.replace(node, node.replace("/>", f"><tag {tag}/></node>"))
    (study / "omraade.osm").write_text(xml, "utf-8")


def without_the_middle_street() -> str:
    return "\n".join(line for line in osm_xml().splitlines() if '<way id="2"' not in line)


def analysed(study: Path) -> Result:
    """Run a study and see that this alone writes nothing."""
    before = fingerprints(study)
    result = ta.run(ta.read_study(study))
    assert fingerprints(study) == before
    return result


def codes(result: Result) -> set[str]:
    return {notice.code for notice in result.assessment.warnings}


def test_every_class_that_the_extract_lacks_is_named_and_counts_as_unknown(tmp_path: Path) -> None:
    result = analysed(write_study(tmp_path / "studie"))
    assert {f"amenities.no_{name}" for name in ("bus", "grocery", "school", "centre")} <= codes(
        result
    )
    for notice in result.assessment.warnings:
        for language in LANGUAGES:
            assert notice.text(language)
    assert result.ranking["bus_measured"].isna().all()
    weights = result.assessment.evaluation.weights
    assert result.ranking["bus_points"].to_numpy() == pytest.approx(100 * weights["bus"] / 2)


def test_a_single_plot_is_first_and_best_in_every_draw(tmp_path: Path) -> None:
    study = with_plots(tmp_path / "studie", some_plots().iloc[[1]])
    give_places(study)
    ranking = analysed(study).ranking
    assert ranking["rank"].tolist() == [1]
    assert ranking["best"].tolist() == [1.0]


def test_plots_that_are_equal_in_everything_share_the_first_place(tmp_path: Path) -> None:
    plots = some_plots()
    plots["geometry"] = [square(100, 100)] * len(plots)
    study = with_plots(tmp_path / "studie", plots)
    give_places(study)
    ranking = analysed(study).ranking
    assert ranking["rank"].tolist() == [1, 1, 1]
    assert ranking["score"].nunique() == 1
    # Their measurements are in doubt each on its own, so each is best in a third of the draws.
    assert ranking["best"].sum() == pytest.approx(1)
    assert ranking["best"].to_numpy() == pytest.approx(1 / 3, abs=0.03)


def test_a_plot_far_from_every_way_is_unknown_and_named(tmp_path: Path) -> None:
    """The streets of the small study lie at 0, 300 and 600 m: 150 m is the farthest one can be."""
    study = write_study(tmp_path / "studie")
    (study / "omraade.osm").write_text(without_the_middle_street(), "utf-8")
    plots = some_plots()
    plots["geometry"] = [square(100, 290), square(100, 100), square(200, 100)]
    (study / "tomter.gpkg").unlink()
    plots.to_file(study / "tomter.gpkg", driver="GPKG")
    result = analysed(study)
    lost = next(n for n in result.assessment.warnings if n.code == "network.no_way_near")
    assert lost.ids == ("T3",)
    measured = result.assessment.measurements["homes_500"]
    assert np.isnan(measured.value["T3"])
    assert measured.reason["T3"] == "no_way_near"


def test_a_plot_on_an_isolated_path_is_unreachable_and_named(tmp_path: Path) -> None:
    """Everything lies along one street; the second plot has a path of its own to nowhere."""
    study = write_study(tmp_path / "studie")
    plots = some_plots()
    plots["geometry"] = [at(50, 5), at(150, 8), at(300, 200)]
    shop = '<tag k="shop" v="supermarket"/>'
    xml = osm_xml()
    first = next(line for line in xml.splitlines() if line.startswith('<node id="1" '))
    xml = xml.replace(first, first.replace("/>", f">{shop}</node>"))
    # The street in the middle becomes a path 40 m long that meets nothing, the one in the north
    # goes: what is left of the network is the southern street.
    to_degrees = pyproj.Transformer.from_crs(CRS, "EPSG:4326", always_xy=True)
    ends = [to_degrees.transform(at(east, 205).x, at(east, 205).y) for east in (280, 320)]
    nodes = "\n".join(
        f'<node id="{number}" version="1" lat="{lat:.7f}" lon="{lon:.7f}"/>'
        for number, (lon, lat) in zip((91, 92), ends, strict=True)
    )
    kept = [
        line
        for line in xml.splitlines()
        if not line.startswith(('<way id="2"', '<way id="3"', "</osm>"))
    ]
    body = "\n".join(kept)
    split = body.index("<way ")
    xml = f"{body[:split]}{nodes}\n{body[split:]}\n{FOOTPATH_ACROSS_THE_BAY}</osm>\n"
    (study / "omraade.osm").write_text(xml, "utf-8")
    (study / "tomter.gpkg").unlink()
    plots.to_file(study / "tomter.gpkg", driver="GPKG")
    result = analysed(study)
    isolated = next(n for n in result.assessment.warnings if n.code == "network.isolated")
    assert isolated.ids == ("T2",)
    walk = result.assessment.measurements["walk_grocery"]
    assert np.isinf(walk.value["T2"])
    assert walk.reason["T2"] == "no_safe_way"
    assert walk.value["T3"] == pytest.approx(55, abs=0.01)


def test_weights_that_are_all_zero_are_refused(tmp_path: Path) -> None:
    study = write_study(tmp_path / "studie")
    zero = "".join(f'[criteria.{each.key}]\nweight = 0\nsource = "prøve"\n' for each in CRITERIA)
    (study / "tomteanalyse.toml").write_text(STUDY + zero, "utf-8")
    before = fingerprints(study)
    with pytest.raises(DataError) as refused:
        check(study)
    assert {notice.code for notice in refused.value.notices} & {
        "study.zero_weights",
        "scoring.zero_weights",
    }
    assert fingerprints(study) == before


def test_an_extract_without_a_safe_way_is_refused(tmp_path: Path) -> None:
    study = write_study(tmp_path / "studie")
    (study / "omraade.osm").write_text(osm_xml().replace("residential", "motorway"), "utf-8")
    with pytest.raises(DataError) as refused:
        analysed(study)
    assert [notice.code for notice in refused.value.notices] == ["network.no_safe_ways"]


def test_units_off_the_network_are_counted_in_the_warning_and_never_named(tmp_path: Path) -> None:
    study = write_study(tmp_path / "studie")
    (study / "omraade.osm").write_text(without_the_middle_street(), "utf-8")
    far = f"E9;5;4;småhus;;;{at(300, 300).x};{at(300, 300).y}\n"
    (study / "enheter.csv").write_text(REGISTER + far, "utf-8")
    result = analysed(study)
    unplaced = next(n for n in result.assessment.warnings if n.code == "network.units_unplaced")
    # Unit E1 at 200 m north is 200 m from the street as well.
    assert unplaced.values == {"count": 2}
    assert unplaced.ids == ()
    assert "E9" not in unplaced.text("nb")
