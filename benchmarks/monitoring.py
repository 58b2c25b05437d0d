"""Monitoring: ten years of a city by the quarter, on made-up homes and dwellings."""

import json
import subprocess
import sys
import tempfile
from dataclasses import replace
from datetime import date
from pathlib import Path
from statistics import median

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely

from benchmarks.figures import Figure, seconds
from benchmarks.timing import processor_s
from tomteanalyse.config import DwellingsConfig
from tomteanalyse.inputs.reading import read_study
from tomteanalyse.monitoring.monitor import monitor
from tomteanalyse.study import Study
from tomteanalyse.views.monitoring.outputs import write_monitoring

EXAMPLE = Path(__file__).parents[1] / "data" / "eksempelvik"
HOMES, DWELLINGS, QUARTERS = 20_000, 200_000, 40
AIM_S, AIM_MB = 60.0, 2000.0
SEED = 20_260_101
CRS = pyproj.CRS("EPSG:25832")
CENTRE = np.array([597_000.0, 6_643_000.0])
FIRST, LAST = date(2016, 1, 1), date(2025, 10, 1)
SUBURBS, TOWN_M, SUBURB_M = 40, 9_000.0, 900.0
DISTRICTS = 4


def figures(*, rounds: int = 3) -> list[Figure]:
    """Measure in new processes, one after the other."""
    taken = [_cold() for _ in range(rounds)]
    took_s, most_mb = median(each["s"] for each in taken), max(each["mb"] for each in taken)
    whole_s = took_s + median(each["written_s"] for each in taken)
    case = (
        f"{HOMES:,} homes, {DWELLINGS:,} dwellings, {QUARTERS} quarters,"
        f" {taken[0]['cells']:,.0f} cells of 250 m"
    )
    return [
        Figure(
            "monitoring, every index with its interval",
            case,
            seconds(took_s),
            "",
            f"{took_s:.0f} s",
            f"< {AIM_S:.0f} s",
            took_s < AIM_S,
        ),
        Figure(
            "the same, with page, workbook and layers written",
            case,
            seconds(whole_s),
            "",
            f"{whole_s:.0f} s",
            f"< {AIM_S:.0f} s",
            whole_s < AIM_S,
        ),
        Figure(
            "peak memory, monitoring and writing",
            case,
            f"{most_mb:.0f} MB",
            "",
            f"{most_mb:.0f} MB",
            f"< {AIM_MB:.0f} MB",
            most_mb < AIM_MB,
        ),
    ]


def city() -> Study:
    """Return a study of a made-up city: suburbs round a centre, dwellings and homes with dates."""
    generator = np.random.default_rng(SEED)
    middle = CENTRE + generator.normal(0.0, TOWN_M / 2, (SUBURBS, 2))
    at = middle[generator.integers(SUBURBS, size=DWELLINGS)]
    xy = at + generator.normal(0.0, SUBURB_M, at.shape)
    built = _days(generator, DWELLINGS, known=0.3)
    gone = _days(generator, DWELLINGS, known=0.02)
    gone[~(built < gone)] = np.datetime64("NaT")
    homes = generator.choice(DWELLINGS, HOMES, replace=False)
    began = generator.choice(np.array(["bought", "built", None]), HOMES, p=[0.6, 0.2, 0.2])
    ended = generator.choice(np.array(["sold", "demolished", None]), HOMES, p=[0.6, 0.1, 0.3])
    came, went = _days(generator, HOMES, known=0.6), _days(generator, HOMES, known=0.3)
    went[~(came < went)] = np.datetime64("NaT")
    began[np.isnat(came)] = None
    ended[np.isnat(went)] = None
    units = gpd.GeoDataFrame(
        {
            "homes": 1,
            "step": pd.array([3] * HOMES, dtype="Int64"),
            "building_id": pd.Series([pd.NA] * HOMES, dtype="str"),
            "valid_from": came,
            "valid_to": went,
            "began": pd.Series(began, dtype="str"),
            "ended": pd.Series(ended, dtype="str"),
            "current": np.isnat(went),
        },
        geometry=shapely.points(xy[homes]),
        crs=CRS,
    )
    dwellings = gpd.GeoDataFrame(
        {
            "dwellings": 1,
            "built": built,
            "gone": gone,
            "building_id": pd.Series([pd.NA] * DWELLINGS, dtype="str"),
        },
        geometry=shapely.points(xy),
        crs=CRS,
    )
    example = read_study(EXAMPLE)
    register = example.config.units.model_copy(update={"on": LAST})
    config = example.config.model_copy(
        update={"units": register, "dwellings": DwellingsConfig(source="addresses", file="-")}
    )
    return replace(
        example,
        config=config,
        crs=CRS,
        units=units,
        dwellings=dwellings,
        areas=_districts(xy),
        warnings=(),
    )


def _days(
    generator: np.random.Generator, count: int, *, known: float
) -> "np.ndarray[tuple[int], np.dtype[np.datetime64]]":
    """Return days of the years that are followed, NaT but for a known part."""
    days = np.datetime64(FIRST, "s") + generator.integers(
        1, (LAST - FIRST).days, count
    ) * np.timedelta64(86_400, "s")
    days[generator.random(count) >= known] = np.datetime64("NaT")
    return days


def _districts(xy: "np.ndarray[tuple[int, int], np.dtype[np.float64]]") -> gpd.GeoDataFrame:
    west, south = xy.min(axis=0)
    wide, high = (xy.max(axis=0) - (west, south)) / DISTRICTS
    squares = [
        shapely.box(
            west + c * wide, south + r * high, west + (c + 1) * wide, south + (r + 1) * high
        )
        for r in range(DISTRICTS)
        for c in range(DISTRICTS)
    ]
    ids = pd.Index([f"{number:02d}" for number in range(len(squares))], name="area_id")
    names = pd.Series([f"Bydel {each}" for each in ids], index=ids, dtype="str")
    return gpd.GeoDataFrame({"name": names}, geometry=squares, index=ids, crs=CRS)


def _cold() -> dict[str, float]:
    told = subprocess.run(
        [sys.executable, "-m", "benchmarks.monitoring"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    found: dict[str, float] = json.loads(told.splitlines()[-1])
    return found


def _measure() -> dict[str, float]:
    """Monitor in this process; return seconds, peak memory [MB] and how many cells there are."""
    import resource  # not on Windows

    study = city()
    begun_s = processor_s()
    found = monitor(study, start=FIRST, end=LAST, step="quarter")
    taken_s = processor_s() - begun_s
    with tempfile.TemporaryDirectory() as folder:
        write_monitoring(found, Path(folder) / "ut", language="nb")
    written_s = processor_s() - begun_s - taken_s
    unit = 1 if sys.platform == "darwin" else 1024
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6
    cells = len(found.geographies["cell_250"].areas)
    return {"s": taken_s, "written_s": written_s, "mb": peak_mb, "cells": cells}


if __name__ == "__main__":
    print(json.dumps(_measure()))
