"""Some 2,000 moves in a made-up town of 20,000 municipal homes among 200,000 dwellings."""

import resource
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from statistics import median

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from benchmarks.figures import Figure, seconds
from benchmarks.oslo_study import write_study
from benchmarks.timing import in_turn
from tomteanalyse.config import AreasConfig, DwellingsConfig, ProfileConfig
from tomteanalyse.dilution.dilute import dilute
from tomteanalyse.dilution.found import Terms
from tomteanalyse.inputs.reading import read_study
from tomteanalyse.study import Study

HOMES, DWELLINGS, PLACES, UNITS = 20_000, 200_000, 60_000, 12_000
MAY_BE_SOLD, PLOTS, SELL = 330, 5, 5
AIM_S = 30
AREA = "utvalg"


def figures(*, rounds: int = 3) -> list[Figure]:
    """Measure two plans, with and without capacity kept."""
    with tempfile.TemporaryDirectory() as folder:
        path = write_study(Path(folder) / "study")
        town = large_town(read_study(path))
        plots = tuple(town.plots.index[:PLOTS])
        free = Terms(SELL, plots, area=AREA)
        kept = replace(free, keep_capacity=True)
        moves = len(dilute(town, free).moves)
        taken = in_turn(
            {"free": lambda: dilute(town, free), "kept": lambda: dilute(town, kept)},
            rounds=rounds,
        )
        peak_mb = float(
            subprocess.run(
                [sys.executable, "-m", "benchmarks.dilution", path],
                capture_output=True,
                text=True,
                check=True,
            ).stdout
        )
    case = f"{HOMES:,} homes in {UNITS:,} units, {DWELLINGS:,} dwellings, Oslo's streets"
    return [
        *(
            Figure(
                f"`dilute`: {moves:,} moves and a plan{words}",
                case,
                seconds(median(taken[name])),
                "",
                f"{median(taken[name]):.1f} s",
                f"< {AIM_S} s",
                median(taken[name]) < AIM_S,
            )
            for name, words in (("free", ""), ("kept", ", capacity kept"))
        ),
        Figure(
            "peak memory, reading and diluting", case, f"{peak_mb:.0f} MB", "", f"{peak_mb:.0f} MB"
        ),
    ]


def large_town(study: Study, *, seed: int = 0) -> Study:
    """Return a study with made-up homes and dwellings strewn around the middle of its extract.

    Municipal homes gather in some of the town, as they do; nothing in it is real.
    """
    generator = np.random.default_rng(seed)
    west, south, east, north = study.extract.bounds
    middle = np.array([(west + east) / 2, (south + north) / 2])
    spread = np.array([east - west, north - south]) / 6
    xy = middle + generator.normal(size=(PLACES, 2)) * spread
    dwellings = 1 + generator.multinomial(DWELLINGS - PLACES, generator.dirichlet(np.ones(PLACES)))
    # A unit in each of so many places, those in the east rather.
    wanted = np.exp(generator.normal(size=PLACES) + 2 * (xy[:, 0] > middle[0]))
    chosen = np.sort(generator.choice(PLACES, UNITS, replace=False, p=wanted / wanted.sum()))
    homes = 1 + generator.multinomial(HOMES - UNITS, generator.dirichlet(np.ones(UNITS)))
    dwellings[chosen] = np.maximum(dwellings[chosen], homes)
    ids = [f"E{number:05d}" for number in range(UNITS)]
    houses = pd.array([f"H{number:05d}" for number in range(PLACES)], dtype="str")
    points = shapely.points(xy)
    units = gpd.GeoDataFrame(
        {
            "homes": homes.astype(np.int64),
            "step": pd.array(generator.integers(1, 6, UNITS), dtype="Int64"),
            "housing_form": pd.array([pd.NA] * UNITS, dtype="str"),
            "building_id": houses[chosen],
            "valid_from": pd.NaT,
            "valid_to": pd.NaT,
            "began": pd.NA,
            "ended": pd.NA,
            "current": True,
        },
        geometry=points[chosen],
        crs=study.crs,
        index=pd.Index(ids, name="unit_id", dtype="str"),
    )
    # The area holds the units nearest to the middle.
    away = np.sort(np.hypot(*(xy[chosen] - middle).T))[MAY_BE_SOLD]
    never = np.full(PLACES, "NaT", dtype="datetime64[ns]")
    return replace(
        study,
        config=study.config.model_copy(
            update={
                "dwellings": DwellingsConfig(source="addresses", file="boliger.csv"),
                "areas": AreasConfig(file="omraader.gpkg"),
                "profile": ProfileConfig(step=4, housing_form="modulhus", homes=4),
            }
        ),
        units=units,
        dwellings=gpd.GeoDataFrame(
            {"dwellings": dwellings, "built": never, "gone": never, "building_id": houses},
            geometry=points,
            crs=study.crs,
            index=pd.RangeIndex(PLACES).astype("str").rename("dwelling_place"),
        ),
        areas=gpd.GeoDataFrame(
            {"name": pd.array([AREA], dtype="str")},
            geometry=[shapely.Point(middle).buffer(away)],
            crs=study.crs,
            index=pd.Index([AREA], name="area_id", dtype="str"),
        ),
    )


def _peak_mb(path: Path) -> float:
    """Read and dilute in this process and return the most memory it ever held [MB]."""
    town = large_town(read_study(path))
    dilute(town, Terms(SELL, tuple(town.plots.index[:PLOTS]), area=AREA))
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6


if __name__ == "__main__":
    print(_peak_mb(Path(sys.argv[1])))
