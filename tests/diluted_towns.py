"""Made-up towns with dwellings all around, where homes may be sold, bought and moved."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from tomteanalyse.study import InputFile, Study
from worlds import CRS, FOOTWAY, STREET, World, study_in

WEST, SOUTH = 500_000.0, 6_600_000.0
STREET_M = 100.0
"""Streets run this far from each other."""


def town_world(*, blocks: int) -> World:
    """Return streets in squares, a bus stop in the middle and a grocery in the south-west."""
    world = World()
    across = [WEST + STREET_M * number for number in range(blocks + 1)]
    along = [SOUTH + STREET_M * number for number in range(blocks + 1)]
    for y in along:
        world.way([(x, y) for x in across], STREET)
    for x in across:
        world.way([(x, y) for y in along], FOOTWAY)
    middle = STREET_M * (blocks // 2)
    world.node(WEST + middle, SOUTH + middle + 5, {"highway": "bus_stop"})
    world.node(WEST + 5, SOUTH + 5, {"shop": "supermarket"})
    return world


def diluted_town(
    houses: Sequence[tuple[float, float, int, int]],
    *,
    plots: Mapping[str, tuple[float, float, int | None]] | None = None,
    areas: Mapping[str, tuple[str, shapely.Geometry]] | None = None,
    blocks: int = 12,
    steps: Sequence[int | None] = (),
    **sections: Any,
) -> Study:
    """Return a study of a town.

    Parameters
    ----------
    houses
        Metres east and north of the corner, dwellings, and how many of them are municipal: a house
        with municipal homes is one unit of the register, E000 for the first of all houses.
    plots
        Metres east and north, and how many homes are planned, by id.
    areas
        Name and shape (in metres of the corner) by id.
    blocks
        How many squares of streets there are in a row.
    steps
        Step of each unit in turn; the first where they are fewer.
    sections
        More of the study file.
    """
    plots = plots or {"T1": (50.0, 50.0, 4)}
    municipal = [(number, house) for number, house in enumerate(houses) if house[3]]
    step_of = [*steps, *[1] * len(municipal)][: len(municipal)]
    study = study_in(
        town_world(blocks=blocks),
        {
            name: shapely.box(WEST + x - 5, SOUTH + y - 5, WEST + x + 5, SOUTH + y + 5)
            for name, (x, y, _) in plots.items()
        },
        units=[
            (WEST + x, SOUTH + y, homes, step)
            for (_, (x, y, _, homes)), step in zip(municipal, step_of, strict=True)
        ],
        **{"dwellings": {"source": "addresses", "file": "boliger.csv"}, **sections},
    )
    unit_ids = [f"E{number:03d}" for number, _ in municipal]
    units = study.units.set_index(pd.Index(unit_ids, name="unit_id", dtype="str"))
    units["building_id"] = pd.array([f"H{number:03d}" for number, _ in municipal], dtype="str")
    planned = [plots[name][2] for name in study.plots.index]
    no_day = np.full(len(houses), "NaT", dtype="datetime64[ns]")
    return replace(
        study,
        units=units,
        plots=study.plots.assign(planned_homes=pd.array(planned, dtype="Int64")),
        dwellings=gpd.GeoDataFrame(
            {
                "dwellings": np.array([house[2] for house in houses], dtype=np.int64),
                "built": no_day,
                "gone": no_day,
                "building_id": pd.array([f"H{n:03d}" for n in range(len(houses))], dtype="str"),
            },
            geometry=[shapely.Point(WEST + x, SOUTH + y) for x, y, *_ in houses],
            crs=CRS,
            index=pd.Index([f"D{n:03d}" for n in range(len(houses))], dtype="str"),
        ).rename_axis("dwelling_place"),
        areas=_areas(areas or {}),
        inputs=(InputFile("dwellings", "boliger.csv", "0" * 64, len(houses)),),
    )


def random_town(seed: int, *, houses: int = 60, units: int = 9, plots: int = 2) -> Study:
    """Return a town with houses strewn over 1.2 km, its municipal ones more to the west."""
    generator = np.random.default_rng(seed)
    east = generator.uniform(0, 1200, houses).round(1)
    north = generator.uniform(0, 1200, houses).round(1)
    dwellings = generator.integers(1, 15, houses)
    chosen = set(np.argsort(east + generator.uniform(0, 700, houses))[:units].tolist())
    municipal = [
        int(generator.integers(1, min(all_, 6) + 1)) if number in chosen else 0
        for number, all_ in enumerate(dwellings.tolist())
    ]
    where = generator.uniform(100, 1100, (plots, 2)).round(1)
    return diluted_town(
        list(zip(east.tolist(), north.tolist(), dwellings.tolist(), municipal, strict=True)),
        plots={
            f"T{number}": (float(x), float(y), int(generator.integers(2, 7)))
            for number, (x, y) in enumerate(where)
        },
        steps=generator.integers(1, 6, units).tolist(),
    )


def _areas(areas: Mapping[str, tuple[str, shapely.Geometry]]) -> gpd.GeoDataFrame:
    if not areas:
        return gpd.GeoDataFrame()
    ids = sorted(areas)
    return gpd.GeoDataFrame(
        {"name": pd.array([areas[each][0] for each in ids], dtype="str")},
        geometry=[
            shapely.transform(areas[each][1], lambda xy: xy + np.array([WEST, SOUTH]))
            for each in ids
        ],
        crs=CRS,
        index=pd.Index(ids, name="area_id", dtype="str"),
    )
