"""Unsafe shortcuts: what they add to a run, many plots against few, a country, growing areas."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

import geopandas as gpd
import numpy as np
import pyproj
import shapely

from benchmarks.cases import DATA, OSLO, Case
from benchmarks.figures import Figure, seconds
from benchmarks.oslo_study import SEED, with_made_up_plots, write_study
from benchmarks.timing import processor_s
from tomteanalyse.extract import OsmExtract
from tomteanalyse.inputs.osm import read_extract
from tomteanalyse.inputs.reading import read_study
from tomteanalyse.measures.amenities import find_amenities
from tomteanalyse.measures.shortcuts.destinations import shortcut_destinations
from tomteanalyse.measures.shortcuts.passes import ShortcutPasses
from tomteanalyse.network.shortcuts.build import build_graphs

LIECHTENSTEIN = Case(
    "Liechtenstein", DATA / "osm" / "liechtenstein.osm.pbf", pyproj.CRS("EPSG:32632")
)
MANY = 5_000
CLOSELY = 10
VILLAGE_M, CROWD_M = 1000.0, 300.0
AIM_S, AIM_MB, AIM_RATIO, COUNTRY_AIM_S = 10.0, 1000.0, 6.0, 8.0
AREAS_KM2 = (3.0, 6.0, 12.0)


def figures(*, rounds: int = 3) -> list[Figure]:
    """Measure in new processes, one after the other."""
    few = [_cold("oslo", "24") for _ in range(rounds)]
    many = _cold("oslo", str(MANY))
    few_s, few_mb = median(each["s"] for each in few), max(each["mb"] for each in few)
    ratio = many["s"] / few_s
    found = [
        Figure(
            "unsafe shortcuts, both passes, cold",
            "Oslo case, 24 plots",
            seconds(few_s),
            "",
            f"{few_s:.1f} s",
            f"≤ {AIM_S:.0f} s",
            few_s <= AIM_S,
        ),
        _memory("Oslo case, 24 plots", few_mb),
        Figure(
            f"unsafe shortcuts for {MANY:,} made-up plots along ways",
            "Oslo case",
            seconds(many["s"]),
            f"24 plots {seconds(few_s)}",
            f"{ratio:.1f} × that",
            f"≤ {AIM_RATIO:.0f} ×",
            ratio <= AIM_RATIO,
        ),
        _memory(f"Oslo case, {MANY:,} plots", many["mb"]),
    ]
    for where, title in (("village", "buildings of one town"), ("country", "all over the country")):
        taken_s = median(_cold(where, "24")["s"] for _ in range(rounds))
        found.append(
            Figure(
                "unsafe shortcuts, both passes, cold",
                f"{LIECHTENSTEIN.name}, 24 plots, {title}",
                seconds(taken_s),
                "",
                f"{taken_s:.1f} s",
                f"≤ {COUNTRY_AIM_S:.0f} s",
                taken_s <= COUNTRY_AIM_S,
            )
        )
    return [*found, _growth(rounds)]


def _memory(case: str, mb: float) -> Figure:
    return Figure(
        "peak memory, reading and measuring unsafe shortcuts",
        case,
        f"{mb:.0f} MB",
        "",
        f"{mb:.0f} MB",
        f"< {AIM_MB:.0f} MB",
        mb < AIM_MB,
    )


def _growth(rounds: int) -> Figure:
    """Compare the time per km² to build the graphs of three areas round the middle of Oslo."""
    extract = read_extract(OSLO.extract, crs=OSLO.crs)
    west, south, east, north = extract.bounds
    x, y = (west + east) / 2, (south + north) / 2
    taken: dict[float, list[float]] = {size: [] for size in AREAS_KM2}
    for _ in range(rounds):
        for size in AREAS_KM2:
            half_m = np.sqrt(size) * 500.0
            area = shapely.box(x - half_m, y - half_m, x + half_m, y + half_m)
            begun_s = processor_s()
            build_graphs(extract, area=area)
            taken[size].append(processor_s() - begun_s)
    times_s = [median(taken[size]) for size in AREAS_KM2]
    growth = times_s[-1] / times_s[0]
    return Figure(
        "graphs of " + ", ".join(f"{size:.0f}" for size in AREAS_KM2) + " km² of open ground",
        OSLO.name,
        ", ".join(seconds(each) for each in times_s),
        "",
        f"{growth:.1f} × the time for {AREAS_KM2[-1] / AREAS_KM2[0]:.0f} × the area",
        "no faster than the area",
        growth <= AREAS_KM2[-1] / AREAS_KM2[0],
    )


def _cold(where: str, count: str) -> dict[str, float]:
    told = subprocess.run(
        [sys.executable, "-m", "benchmarks.shortcuts", where, count],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    found: dict[str, float] = json.loads(told.splitlines()[-1])
    return found


def _buildings(extract: OsmExtract, count: int, *, village: bool) -> gpd.GeoSeries:
    """Return some buildings, of the most crowded place or of the whole extract."""
    drawn = extract.areas.geometry[["building" in tags for tags in extract.areas.tags]]
    drawn = drawn[shapely.contains(shapely.box(*extract.bounds), drawn)]
    draw = np.random.default_rng(SEED)
    if village:
        middles = shapely.centroid(drawn)
        tree = shapely.STRtree(middles)
        near = tree.query(middles, predicate="dwithin", distance=CROWD_M)[0]
        crowd = middles[np.bincount(near, minlength=len(drawn)).argmax()]
        drawn = drawn[shapely.dwithin(middles, crowd, VILLAGE_M)]
    chosen = np.sort(draw.choice(len(drawn), count, replace=False))
    ids = [f"P{number:04d}" for number in range(count)]
    return gpd.GeoSeries(drawn[chosen], index=ids, crs=LIECHTENSTEIN.crs)


def _measure(where: str, count: int) -> dict[str, float]:
    """Read and measure in this process; return seconds of the measure, and peak memory [MB]."""
    import resource  # not on Windows

    if where == "oslo":
        with tempfile.TemporaryDirectory() as folder:
            study = read_study(write_study(Path(folder) / "study"))
        if count == MANY:
            study = with_made_up_plots(study, count)
        extract, crs, plots = study.extract, study.crs, study.plots.geometry
    else:
        extract, crs = read_extract(LIECHTENSTEIN.extract, crs=LIECHTENSTEIN.crs), LIECHTENSTEIN.crs
        plots = _buildings(extract, count, village=where == "village")
    places = shortcut_destinations(find_amenities(extract, crs=crs), extract)
    begun_s = processor_s()
    passes = ShortcutPasses(extract, plots, places)
    best = passes.screen.risk.sort_values(kind="stable").index[:CLOSELY]
    passes.findings([str(each) for each in best])
    unit = 1 if sys.platform == "darwin" else 1024
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6
    return {"s": processor_s() - begun_s, "mb": peak_mb}


if __name__ == "__main__":
    print(json.dumps(_measure(sys.argv[1], int(sys.argv[2]))))
