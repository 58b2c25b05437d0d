"""The whole job on real extracts: Oslo with its test case, and a study made from scratch."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely

import tomteanalyse as ta
from tomteanalyse.inputs.scaffold import new_study

DATA = Path(__file__).parents[1].parent / "shared" / "data"
pytestmark = pytest.mark.skipif(
    not DATA.is_dir(), reason="the real extracts are not on this machine (../shared/data)"
)
OUTPUTS = {"kart.html", "rangering.csv", "rangering.xlsx", "resultat.gpkg", "kjoring.json"}


def oslo_study(folder: Path) -> Path:
    folder.mkdir()
    (folder / "tomteanalyse.toml").write_text(
        f"""\
name = "Oslo sentrum"
note = "fiktivt register"
[plots]
file = "{DATA / "oslo" / "plots.geojson"}"
[register]
file = "{DATA / "oslo" / "units.csv"}"
crs = "EPSG:25832"
date = 2025-06-01
[extract]
file = "{DATA / "osm" / "oslo-center.osm.pbf"}"
[profile]
step = 3
housing_form = "samlokalisert"
""",
        "utf-8",
    )
    return folder


def test_the_oslo_case_is_ranked_and_written(tmp_path: Path) -> None:
    result = ta.run(ta.read_study(oslo_study(tmp_path / "oslo")))
    ranking = result.ranking
    assert len(ranking) == 24
    assert ranking["rank"].notna().all()
    walks = [name for name in ranking if name.endswith("_measured")]
    # The study names no dwellings, so that there is nothing to be a share of.
    assert ranking.pop("municipal_share_measured").isna().all()
    walks.remove("municipal_share_measured")
    assert ranking[walks].notna().all(axis=None), "everything can be measured in central Oslo"
    outputs, kept = result.write(tmp_path / "ut")
    assert {each.name for each in outputs} == OUTPUTS
    assert kept == ()
    for name in ("kart.html", "kjoring.json", "rangering.csv"):
        assert str(DATA) not in (tmp_path / "ut" / name).read_text("utf-8-sig")


def test_a_study_made_from_scratch_runs_on_garmisch(tmp_path: Path) -> None:
    """A coordinate system outside Norway works too."""
    study = tmp_path / "garmisch"
    new_study(study, language="nb", name="Garmisch")
    settings = (study / "tomteanalyse.toml").read_text("utf-8")
    settings = settings.replace('crs = "EPSG:25832"', 'crs = "EPSG:32632"', 1)
    extract = DATA / "osm" / "garmisch.osm.pbf"
    settings = settings.replace('"omraade.osm.pbf"', f'"{extract}"', 1)
    (study / "tomteanalyse.toml").write_text(settings, "utf-8")
    template = gpd.read_file(study / "tomter.gpkg")
    assert len(template) == 0
    centres = np.array([[657_160, 5_261_990], [657_580, 5_261_740], [656_380, 5_261_700]])
    plots = gpd.GeoDataFrame(
        {"tomt_id": ["T1", "T2", "T3"], "navn": ["Sør", "Nord", "Vest"]},
        geometry=shapely.buffer(shapely.points(centres), 20, quad_segs=2),
        crs="EPSG:32632",
    )
    (study / "tomter.gpkg").unlink()
    plots.to_file(study / "tomter.gpkg", driver="GPKG")
    with (study / "enheter.csv").open("a", encoding="utf-8") as register:
        register.write("E1;4;4;modulhus;;2020-01-01;;;;657100,5;5262100,5;\n")
    result = ta.run(ta.read_study(study))
    assert len(result.ranking) == 3
    assert (result.ranking["score"] > 0).all()
    outputs, _ = result.write(tmp_path / "ut")
    assert {each.name for each in outputs} == OUTPUTS
