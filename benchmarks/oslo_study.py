"""The Oslo case as a study folder, and the same with many made-up plots."""

import shutil
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely

from benchmarks.cases import DATA, OSLO
from tomteanalyse.study import Study

SEED = 42
STUDY_FILE = """\
name = "Oslo sentrum"
crs = "EPSG:25832"

[profile]
step = 3
housing_form = "samlokalisert"

[plots]
file = "plots.geojson"

[register]
file = "units.csv"
crs = "EPSG:25832"

[extract]
file = "oslo-center.osm.pbf"
"""


def write_study(folder: Path) -> Path:
    """Write the Oslo case (24 real plots, 180 fictional units) to a new folder."""
    folder.mkdir()
    (folder / "tomteanalyse.toml").write_text(STUDY_FILE, "utf-8")
    for source in (DATA / "oslo" / "plots.geojson", DATA / "oslo" / "units.csv", OSLO.extract):
        shutil.copyfile(source, folder / source.name)
    return folder


def with_made_up_plots(study: Study, count: int, *, along_ways: bool = True) -> Study:
    """Return the study with so many made-up square plots of 15 to 60 m.

    With `along_ways` they lie up to 60 m from a way, as plots do; otherwise anywhere in the
    extract, also in the fjord, on the tracks and inside buildings, where no way out is found.
    """
    draw = np.random.default_rng(SEED)
    west, south, east, north = study.extract.bounds
    if along_ways:
        lines = study.extract.lines
        is_way = np.repeat(["highway" in tags for tags in lines.tags], np.diff(lines.start))
        inside = (lines.xy >= (west, south)).all(axis=1) & (lines.xy <= (east, north)).all(axis=1)
        near = draw.choice(np.flatnonzero(is_way & inside), count)
        x, y = (lines.xy[near] + draw.uniform(-60.0, 60.0, (count, 2))).T
    else:
        x, y = draw.uniform(west, east, count), draw.uniform(south, north, count)
    half = draw.uniform(15.0, 60.0, count) / 2
    ids = [f"P{number:06d}" for number in range(count)]
    plots = gpd.GeoDataFrame(
        {"name": ids, "gnr": None, "bnr": None, "plan_status": None},
        geometry=shapely.box(x - half, y - half, x + half, y + half),
        index=ids,
        crs=study.crs,
    )
    plots = plots.rename_axis(index="plot_id").astype(study.plots.dtypes.drop("geometry").to_dict())
    return replace(study, plots=plots)
