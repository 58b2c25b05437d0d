"""Dwellings from buildings: a file of polygons with the number of flats, or those of the map.

What OpenStreetMap says of a building is seldom how many homes are in it. Where it does not say, a
house is one, and blocks and rows of houses are estimated from their floor area. The floor area that
a dwelling takes is our own assumption, rounded from what Norwegian blocks and row houses are like
with stairs, walls and stores; it is named in what the planner is told.
"""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely

from tomteanalyse.config import DwellingsConfig
from tomteanalyse.extract import OsmExtract, Tags
from tomteanalyse.inputs.cells import number_of
from tomteanalyse.inputs.columns import match_columns
from tomteanalyse.inputs.dwellings_addresses import points_of_layer
from tomteanalyse.inputs.dwellings_rows import (
    ALIASES,
    MOST_DWELLINGS,
    PLACE_DECIMALS,
    Found,
    counts_of,
    facts_of,
)
from tomteanalyse.inputs.files import Source
from tomteanalyse.inputs.findings import Findings
from tomteanalyse.inputs.placement import Bounds
from tomteanalyse.inputs.tables import read_table

HOUSES = frozenset({"house", "detached", "bungalow", "farm"})
PAIR, ROW, BLOCK, SOME_KIND = "semidetached_house", "terrace", "apartments", "residential"
RESIDENTIAL = HOUSES | {PAIR, ROW, BLOCK, SOME_KIND}
"""Buildings people live in. Cabins are for holidays, and halls of residence have no dwellings."""
UNTOLD = "yes"
"""A building of which the map does not say what it is."""
LEVELS = {PAIR: 2.0, ROW: 2.0, BLOCK: 3.0, SOME_KIND: 2.0}
"""Storeys where the map does not give them (houses: 1)."""
M2_PER_DWELLING = {ROW: 120.0, BLOCK: 90.0, SOME_KIND: 90.0}
"""Floor area that goes to a dwelling, outer walls and stairs included."""
PAIR_M2 = 110.0
"""A footprint from which a semi-detached house is both halves, not one."""
HOUSE_M2 = 200.0
"""A footprint below which a building that is only «residential» is one house."""
MOST_LEVELS = 60.0


@dataclass(frozen=True)
class Homes:
    """Buildings of a map that people live in, or may live in.

    Parameters
    ----------
    table
        From south-west to north-east: ``x``, ``y`` [m, a place inside], ``dwellings`` (int64; 0 for
        buildings of which nothing is told), ``floor_m2``, ``how`` ("stated", "house", "estimated",
        "untold"), ``building_id`` (str or NA).
    """

    table: pd.DataFrame

    def counted(self, how: str) -> tuple[int, int]:
        """Return how many buildings, and dwellings in them, are known in this way."""
        those = self.table["how"] == how
        return int(those.sum()), int(self.table["dwellings"][those].sum())


def homes_on_map(extract: OsmExtract) -> Homes:
    """Return the residential buildings of an extract, and those of no kind.

    Parameters
    ----------
    extract
        The OpenStreetMap extract.
    """
    chosen = [
        place
        for place, tags in enumerate(extract.areas.tags)
        if tags.get("building") in RESIDENTIAL
        or tags.get("building") == UNTOLD
        or ("building" in tags and _flats(tags) is not None)
    ]
    shapes = extract.areas.geometry[chosen]
    footprint = shapely.area(shapes)
    rows = [
        _estimate(extract.areas.tags[place], footprint_m2=float(size))
        for place, size in zip(chosen, footprint, strict=True)
    ]
    inside = shapely.point_on_surface(shapes)
    table = pd.DataFrame(rows, columns=["dwellings", "floor_m2", "how", "building_id"]).assign(
        x=shapely.get_x(inside).round(PLACE_DECIMALS), y=shapely.get_y(inside).round(PLACE_DECIMALS)
    )
    # Two buildings drawn on each other are told apart by their size.
    table = table.sort_values(["x", "y", "floor_m2", "dwellings"], ignore_index=True)
    kinds = {"dwellings": "int64", "floor_m2": "float64", "building_id": "str"}
    return Homes(table.astype(kinds))


def dwellings_of_extract(extract: OsmExtract, *, findings: Findings) -> Found:
    """Count the dwellings of the map's own buildings.

    Parameters
    ----------
    extract
        The OpenStreetMap extract.
    findings
        Gets what was assumed, and ``dwellings.no_buildings`` where there are none.
    """
    homes = homes_on_map(extract)
    known = homes.table[homes.table["dwellings"] > 0]
    if not len(known):
        findings.fault("dwellings.no_buildings")
        findings.stop_if_faulty()
    buildings, estimated = homes.counted("estimated")
    findings.warn(
        "dwellings.from_map",
        count=float(known["dwellings"].sum()),
        stated=float(homes.counted("stated")[1]),
        houses=float(homes.counted("house")[1]),
        estimated=float(estimated),
        buildings=float(buildings),
        block_m2=M2_PER_DWELLING[BLOCK],
        row_m2=M2_PER_DWELLING[ROW],
        block_levels=LEVELS[BLOCK],
        row_levels=LEVELS[ROW],
    )
    untold, _ = homes.counted("untold")
    if untold:
        findings.warn("dwellings.untold_buildings", count=float(untold))
    places = known[["x", "y", "dwellings", "building_id"]].assign(
        built=np.datetime64("NaT", "s"), gone=np.datetime64("NaT", "s")
    )
    return Found(places, ())


def read_dwelling_buildings(
    source: Source,
    *,
    config: DwellingsConfig,
    study_crs: pyproj.CRS,
    near: Bounds | None,
    findings: Findings,
) -> Found:
    """Read a map file of buildings with the number of dwellings in each.

    Parameters
    ----------
    source, config
        The file, and what the study file says of it.
    study_crs, near
        The study's system, and the extent of its area in it [m] where that is known.
    findings
        Gets what was assumed, and faults.

    Raises
    ------
    DataError
        Every fault of the file.
    """
    texts, read = read_table(source, sheet=config.sheet, layer=config.layer, findings=findings)
    if not isinstance(read.frame, gpd.GeoDataFrame):
        findings.fault("dwellings.no_geometry")
        findings.stop_if_faulty()
    found = match_columns(
        list(texts.columns), aliases=ALIASES, chosen=config.columns, findings=findings
    )
    if "dwellings" not in found:
        if "dwellings" not in config.columns:
            findings.fault("dwellings.no_number_column", columns=", ".join(texts.columns))
        findings.stop_if_faulty()
    cells = pd.DataFrame(
        {name: texts[heading].str.strip() for name, heading in found.items()},
        index=texts.index,
        dtype="str",
    )
    places = facts_of(cells, headings=found, findings=findings)
    places["dwellings"] = counts_of(
        cells["dwellings"], heading=found["dwellings"], findings=findings
    )
    findings.stop_if_faulty()
    counted = (places["dwellings"] > 0).to_numpy()
    xy = points_of_layer(
        read.frame[counted], declared=config.crs, study_crs=study_crs, near=near, findings=findings
    )
    places = places[counted].assign(x=xy[:, 0], y=xy[:, 1])
    lost = places["x"].isna().to_numpy()
    if lost.any():
        findings.drop("dwellings.not_placed", rows=places.index[lost], ids=[""] * int(lost.sum()))
    kept = places[~lost]
    return Found(kept, read.inputs(dropped=len(texts) - len(kept)))


def _estimate(tags: Tags, *, footprint_m2: float) -> tuple[int, float, str, str | None]:
    """Return a building's dwellings, floor area [m²], how they are known, and its number."""
    kind = tags["building"]
    number = tags.get("ref:bygningsnr")
    said = number_of(tags.get("building:levels", ""))
    levels = said if said is not None and 1 <= said <= MOST_LEVELS else LEVELS.get(kind, 1.0)
    floor_m2 = footprint_m2 * levels
    flats = _flats(tags)
    if flats is not None:
        return flats, floor_m2, "stated", number
    if kind == UNTOLD:
        return 0, floor_m2, "untold", number
    if kind in HOUSES or (kind == SOME_KIND and footprint_m2 < HOUSE_M2):
        return 1, floor_m2, "house", number
    if kind == PAIR:
        return (2 if footprint_m2 >= PAIR_M2 else 1), floor_m2, "estimated", number
    return max(1, int(floor_m2 / M2_PER_DWELLING[kind] + 0.5)), floor_m2, "estimated", number


def _flats(tags: Tags) -> int | None:
    """Return the number of dwellings that the map states, None where it is no sound number."""
    flats = number_of(tags.get("building:flats", ""))
    sound = flats is not None and flats % 1 == 0 and 1 <= flats <= MOST_DWELLINGS
    return int(flats) if sound and flats is not None else None
