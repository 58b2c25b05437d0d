"""A small study on disk whose register is full of canaries: what no public file may hold.

The place, its addresses and its homes are fictional.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyproj
import shapely

from study_folders import CRS, EXTENT, STUDY, at, write_study
from tomteanalyse.measures.concentration.grid import GRID_CRS, SMALL_M, cell_corners, cell_ids

DAY = date(2026, 1, 1)
HEADINGS = "enhet_id;bygning_id;antall_boliger;trinn;gyldig_fra;gyldig_til;x;y;adresse"
BOOK_HEADINGS = "adressenavn;nummer;bokstav;adresseTekst;EPSG-kode;Nord;Øst;postnummer;poststed"
STREETS = ("Kvitebjørkvegen", "Gamle Åsgate", "Øvre Myrhaug", "Fjøsbakken")


@dataclass(frozen=True)
class Home:
    """A row of the register: where it is in the grid's system [m], or nowhere."""

    unit: str
    building: str
    homes: int
    address: str
    xy: tuple[float, float] | None
    sold: bool = False


def cells() -> list[int]:
    """Return the small cells that lie for the most part in the town, in order."""
    west, south, east, north = EXTENT
    xs, ys = np.meshgrid(np.arange(west, east, 25.0), np.arange(south, north, 25.0))
    xy = np.column_stack(_to_grid().transform(xs.ravel(), ys.ravel()))
    found, count = np.unique(cell_ids(xy, size_m=SMALL_M), return_counts=True)
    return [int(each) for each, many in zip(found, count, strict=True) if many >= 55]


def middle(cell: int) -> tuple[float, float]:
    """Return the middle of a small cell [m, the grid's system]."""
    ((west, south),) = cell_corners(np.array([cell])).tolist()
    return west + SMALL_M / 2, south + SMALL_M / 2


def town(*counts: Iterable[int]) -> list[Home]:
    """Return homes in the town's cells, so many in each unit, all within 35 m of the middles."""
    made: list[Home] = []
    for place, (cell, units) in enumerate(zip(cells(), counts, strict=False)):
        x, y = middle(cell)
        for number, homes in enumerate(units):
            turn = 2.1 * number + place
            spot = (round(x + 34.3 * np.cos(turn), 2), round(y + 33.7 * np.sin(turn), 2))
            serial = len(made)
            address = f"{STREETS[serial % len(STREETS)]} {17 + 3 * serial} {'ABCDE'[serial % 5]}"
            made.append(
                Home(f"KB-{70_411 + 7 * serial}", f"3004455{serial:02d}", homes, address, spot)
            )
    return made


USUAL = ([14, 9], [2, 1, 1], [31], [12])
"""Units in the cells of the usual town: two cells that are told, one too small, one on the edge."""


def moved(homes: Iterable[Home], by: Mapping[str, tuple[float, float]]) -> list[Home]:
    """Return the homes with some units somewhere else, so many metres east and north."""
    return [
        replace(each, xy=(each.xy[0] + by[each.unit][0], each.xy[1] + by[each.unit][1]))
        if each.xy is not None and each.unit in by
        else each
        for each in homes
    ]


def write_town(
    folder: Path, homes: Iterable[Home] | None = None, *, day: date | None = DAY, more: str = ""
) -> Path:
    """Write the study with this register, and return its folder.

    Beside `homes` the register has a unit that was sold, one with an address only, and one that is
    nowhere at all.
    """
    write_study(folder)
    placed = town(*USUAL) if homes is None else list(homes)
    x, y = middle(cells()[0])
    others = [
        Home("KB-99001", "300999001", 3, "Solgt Allé 3", (x - 51.7, y + 12.9), sold=True),
        Home("KB-99002", "300999002", 2, "Bokbergvegen 9", None),
        Home("KB-99003", "300999003", 1, "Ukjent Brygge 77", None),
    ]
    rows = [_row(each) for each in (*placed, *others)]
    (folder / "enheter.csv").write_text("\n".join([HEADINGS, *rows]) + "\n", "utf-8-sig")
    east, north = _from_grid().transform(x + 41.3, y - 20.6)
    book = f"Bokbergvegen;9;;Bokbergvegen 9;25832;{north:.2f};{east:.2f};7600;LEVANGER"
    (folder / "adresser.csv").write_text(f"{BOOK_HEADINGS}\n{book}\n", "utf-8-sig")
    dated = "" if day is None else f"date = {day.isoformat()}\n"
    study = STUDY.replace("[register]\n", f"[register]\n{dated}")
    study += f'[addresses]\nfile = "adresser.csv"\n{more}'
    (folder / "tomteanalyse.toml").write_text(study, "utf-8")
    return folder


def spread_plots() -> gpd.GeoDataFrame:
    """Return three plots far from each other, as `study_folders` writes them."""
    return gpd.GeoDataFrame(
        {"tomt_id": ["T1", "T2", "T3"], "navn": ["En", "To", "Tre"]},
        geometry=[at(100, 100).buffer(10), at(300, 320).buffer(10), at(520, 540).buffer(10)],
        crs=CRS,
    )


def canaries(homes: Iterable[Home]) -> list[str]:
    """Return texts that stand for the register's rows in any plain search: ids, houses, places."""
    found: list[str] = []
    to_degrees = pyproj.Transformer.from_crs(GRID_CRS, "EPSG:4326", always_xy=True)
    for each in homes:
        found += [each.unit, each.building, each.address, each.address.rsplit(" ", 1)[0]]
        if each.xy is not None:
            east, north = _from_grid().transform(*each.xy)
            lon, lat = to_degrees.transform(*each.xy)
            found += [f"{east:.1f}", f"{north:.1f}", f"{lon:.5f}", f"{lat:.5f}"]
            found += [f"{each.xy[0]:.1f}", f"{each.xy[1]:.1f}"]
    return found


def unit_points(homes: Iterable[Home]) -> list[shapely.Point]:
    """Return where the units are, in the study's system."""
    return [
        shapely.Point(*_from_grid().transform(*each.xy)) for each in homes if each.xy is not None
    ]


def _row(home: Home) -> str:
    place = ("", "") if home.xy is None else _from_grid().transform(*home.xy)
    x, y = (f"{each:.2f}".replace(".", ",") if each else "" for each in place)
    end = "31.12.2020" if home.sold else ""
    return f"{home.unit};{home.building};{home.homes};3;01.01.2010;{end};{x};{y};{home.address}"


def _to_grid() -> pyproj.Transformer:
    return pyproj.Transformer.from_crs(CRS, GRID_CRS, always_xy=True)


def _from_grid() -> pyproj.Transformer:
    return pyproj.Transformer.from_crs(GRID_CRS, CRS, always_xy=True)
