"""Dwellings from Statistics Norway's grid: spread over the buildings in every cell.

Statistics Norway's grids are in EPSG:25833 whatever their files say, and the id of a cell is the
corner of it: 20 000 000 000 000 plus ten million times the easting plus the northing.
"""

import re

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyproj
import shapely

from tomteanalyse.config import DwellingsConfig
from tomteanalyse.errors import DataError
from tomteanalyse.extract import OsmExtract
from tomteanalyse.inputs.cells import is_blank, number_of
from tomteanalyse.inputs.columns import match_columns
from tomteanalyse.inputs.dwellings_buildings import Homes, homes_on_map
from tomteanalyse.inputs.dwellings_rows import ALIASES, PLACE_DECIMALS, Found, counts_of
from tomteanalyse.inputs.dwellings_spread import Ints, largest_remainder
from tomteanalyse.inputs.files import Source
from tomteanalyse.inputs.findings import Findings
from tomteanalyse.inputs.placement import Bounds
from tomteanalyse.inputs.tables import read_table
from tomteanalyse.inputs.vector import in_study_crs

GRID = "EPSG:25833"
SMALL_M, LARGE_M = 250, 1000
FIRST, EAST = 20_000_000_000_000, 10_000_000
GRID_ALIASES: dict[str, list[str]] = {
    "dwellings": ALIASES["dwellings"],
    "residents": [
        "residents", "poptot", "pop", "population", "folkemengde", "folketal", "befolkning",
        "innbyggere", "innbyggjarar", "bosatte", "busette", "antallinnbyggere", "antallpersoner",
    ],
    "cell": ["ssbid0250m", "ssbid250m", "ssbid1000m", "ssbid", "ru250m", "ru1000m", "ruteid",
             "rute", "cellid", "cell", "gridid"],
}  # fmt: skip
UNTOLD_M2 = 40.0
"""Of buildings without a kind, smaller ones are taken for sheds and garages."""
_ID = re.compile(r"\d{14}")


def read_dwelling_grid(
    source: Source,
    *,
    config: DwellingsConfig,
    extract: OsmExtract | None,
    study_crs: pyproj.CRS,
    near: Bounds | None,
    findings: Findings,
) -> Found:
    """Read a grid of dwellings or residents, and spread it over the buildings in each cell.

    Parameters
    ----------
    source, config
        The file (squares in a map file, or a table with the cells' ids), and what the study file
        says of it.
    extract
        The OpenStreetMap extract; None where it could not be read.
    study_crs, near
        The study's system, and the extent of its area in it [m] where that is known.
    findings
        Gets what was assumed, and faults.

    Raises
    ------
    DataError
        Every fault of the file; none where only the extract is missing, which has been told.
    """
    texts, read = read_table(source, sheet=config.sheet, layer=config.layer, findings=findings)
    found = match_columns(
        list(texts.columns), aliases=GRID_ALIASES, chosen=config.columns, findings=findings
    )
    cells = pd.DataFrame(
        {name: texts[heading].str.strip() for name, heading in found.items()},
        index=texts.index,
        dtype="str",
    )
    counted = _counted(cells, found, list(texts.columns), config=config, findings=findings)
    squares = _squares(cells, read.frame, said=config.crs is not None, findings=findings)
    findings.stop_if_faulty()
    frame = in_study_crs(
        squares.assign(number=counted)[counted > 0],
        declared=config.crs if isinstance(read.frame, gpd.GeoDataFrame) else None,
        study_crs=study_crs,
        # The grid's system is known. Cells of the whole country are told as such, not as misplaced.
        near=near if config.crs is not None else None,
        findings=findings,
    )
    frame = _sorted(frame, findings=findings)
    findings.stop_if_faulty()
    if extract is None:
        # What is wrong with the extract has been told; without it nothing can be spread.
        raise DataError
    totals = _whole(frame["number"].to_numpy(), config=config, cells=cells, findings=findings)
    places = _spread(frame, totals, homes_on_map(extract), findings=findings)
    return Found(places, read.inputs(dropped=len(texts) - len(frame)))


def _counted(
    cells: pd.DataFrame,
    headings: dict[str, str],
    all_headings: list[str],
    *,
    config: DwellingsConfig,
    findings: Findings,
) -> pd.Series:
    """Return the number of dwellings, or else of residents, of every cell."""
    name = "dwellings" if "dwellings" in cells else "residents"
    if name not in cells:
        if not {"dwellings", "residents"} & set(config.columns):
            findings.fault("dwellings.no_grid_column", columns=", ".join(all_headings))
        findings.stop_if_faulty()
    if name == "residents" and config.residents_per_dwelling is None:
        findings.fault("dwellings.residents_per_dwelling", column=headings[name])
    if name == "dwellings":
        return counts_of(cells[name], heading=headings[name], findings=findings).astype("float64")
    numbers = cells[name].map(number_of).astype("float64")
    blank = cells[name].map(is_blank).to_numpy(dtype=bool)
    bad = ~(numbers >= 0).to_numpy() & ~blank
    if bad.any():
        findings.fault("dwellings.bad_residents", rows=cells.index[bad], column=headings[name])
    return numbers.where(~bad, 0.0).fillna(0.0)


def _squares(
    cells: pd.DataFrame, frame: pd.DataFrame, *, said: bool, findings: Findings
) -> gpd.GeoDataFrame:
    """Return the cells as areas, in the grid's own system unless another is `said`."""
    if isinstance(frame, gpd.GeoDataFrame):
        flat = ~(shapely.get_dimensions(frame.geometry.values) == 2)
        if flat.any():
            findings.fault("dwellings.not_cells", rows=frame.index[flat])
            findings.stop_if_faulty()
        coded = frame.crs is not None and frame.crs.to_epsg(min_confidence=90) is not None
        if not coded and not said:
            findings.warn("dwellings.grid_system", crs=GRID)
            frame = frame.set_crs(GRID, allow_override=True)
        return gpd.GeoDataFrame(geometry=frame.geometry)
    if "cell" not in cells:
        findings.fault("dwellings.no_cell_column")
        findings.stop_if_faulty()
    odd = ~cells["cell"].map(lambda text: bool(_ID.fullmatch(text))).to_numpy(dtype=bool)
    if odd.any():
        findings.fault("dwellings.bad_cell", rows=cells.index[odd])
        findings.stop_if_faulty()
    ids = cells["cell"].astype("int64").to_numpy()
    north = np.mod(ids - FIRST, EAST)
    east = (ids - FIRST - north) // EAST
    size_m = LARGE_M if not (np.mod(east, LARGE_M) | np.mod(north, LARGE_M)).any() else SMALL_M
    findings.warn("dwellings.cell_size", size_m=size_m)
    boxes = shapely.box(east, north, east + size_m, north + size_m)
    return gpd.GeoDataFrame(geometry=boxes, index=cells.index, crs=GRID)


def _sorted(frame: gpd.GeoDataFrame, *, findings: Findings) -> gpd.GeoDataFrame:
    """Return the cells from south-west to north-east; the same cell twice is a fault."""
    # Statistics Norway's own borders are off in the fifth decimal.
    shapes = shapely.transform(frame.geometry.values, lambda xy: xy.round(PLACE_DECIMALS))
    frame = frame.set_geometry(shapes, crs=frame.crs)
    middle = shapely.centroid(shapes)
    at = pd.DataFrame(
        {"x": shapely.get_x(middle).round(1), "y": shapely.get_y(middle).round(1)},
        index=frame.index,
    )
    twice = at.duplicated(keep=False).to_numpy()
    if twice.any():
        findings.fault("dwellings.duplicate_cell", rows=frame.index[twice])
    return frame.iloc[np.lexsort([at["y"], at["x"]])]


def _whole(
    numbers: npt.NDArray[np.float64],
    *,
    config: DwellingsConfig,
    cells: pd.DataFrame,
    findings: Findings,
) -> Ints:
    """Return how many dwellings each cell has; residents are turned into dwellings."""
    if "dwellings" in cells or config.residents_per_dwelling is None or not len(numbers):
        return numbers.astype(np.int64)
    total = np.array([int(numbers.sum() / config.residents_per_dwelling + 0.5)], dtype=np.int64)
    findings.warn(
        "dwellings.from_residents",
        residents=float(numbers.sum()),
        per_dwelling=config.residents_per_dwelling,
        count=float(total[0]),
    )
    return largest_remainder(total, np.zeros(len(numbers), dtype=np.int64), numbers)


def _spread(
    frame: gpd.GeoDataFrame, totals: Ints, homes: Homes, *, findings: Findings
) -> pd.DataFrame:
    """Put the dwellings of every cell in its buildings, or in its middle where it has none."""
    shapes = np.array(frame.geometry.values, dtype=object)
    number, cell = _inside(homes.table, shapes)
    told = (homes.table["how"] != "untold").to_numpy(dtype=bool)[number]
    large = homes.table["floor_m2"].to_numpy(dtype=np.float64)[number] >= UNTOLD_M2
    # A building without a kind is lived in only where none is known to be.
    lived_in = np.isin(np.arange(len(shapes)), cell[told])
    used = told | (large & ~lived_in[cell])
    number, cell = number[used], cell[used]
    inside = homes.table.iloc[number]
    shared = largest_remainder(totals, cell, inside["floor_m2"].to_numpy(dtype=np.float64))
    bare = np.flatnonzero(~np.isin(np.arange(len(shapes)), cell))
    middle = shapely.centroid(shapes[bare])
    untold = int(totals[np.unique(cell[(inside["how"] == "untold").to_numpy()])].sum())
    findings.warn(
        "dwellings.spread",
        count=float(totals.sum()),
        cells=float(len(shapes)),
        buildings=float(totals.sum() - totals[bare].sum() - untold),
        untold=float(untold),
        bare=float(totals[bare].sum()),
        bare_cells=float(len(bare)),
    )
    places = pd.DataFrame(
        {
            "x": np.concatenate([inside["x"], shapely.get_x(middle)]),
            "y": np.concatenate([inside["y"], shapely.get_y(middle)]),
            "dwellings": np.concatenate([shared, totals[bare]]),
            "building_id": [*inside["building_id"], *[None] * len(bare)],
        }
    ).astype({"building_id": "str"})
    places = places.assign(built=np.datetime64("NaT", "s"), gone=np.datetime64("NaT", "s"))
    return places[places["dwellings"] > 0]


def _inside(homes: pd.DataFrame, shapes: npt.NDArray[np.object_]) -> tuple[Ints, Ints]:
    """Return buildings and the cells they are in; on a border the cell to the east and north."""
    if not len(homes) or not len(shapes):
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    points = shapely.points(homes["x"].to_numpy(), homes["y"].to_numpy())
    number, cell = shapely.STRtree(shapes).query(points, predicate="intersects")
    order = np.lexsort([-cell, number])
    number, cell = number[order], cell[order]
    first = np.unique(number, return_index=True)[1]
    return number[first], cell[first]
