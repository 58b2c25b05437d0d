"""Make the fictional study Eksempelvik: ``python data/make_eksempelvik.py [--check]``.

The same files come out of every run. With ``--check`` nothing is written: the program says
whether the files that are there hold what it would make, and exits with 1 if they do not.
"""

import argparse
import sys
import tempfile
from pathlib import Path

import geopandas as gpd
import osmium
import pandas as pd
import pyogrio
from eksempelvik_town.corrections import CORRECTIONS, as_geojson
from eksempelvik_town.districts import districts
from eksempelvik_town.dwellings import as_csv as dwellings_as_csv
from eksempelvik_town.dwellings import houses
from eksempelvik_town.osm_file import CRS, ORIGIN, TIMESTAMP, write_osm
from eksempelvik_town.plots import ENTRANCES, flood_mapped, flood_zone, plots
from eksempelvik_town.register import as_csv, rows
from eksempelvik_town.study_file import BEFORE_THE_STOP_WENT, STUDY_FILE
from eksempelvik_town.town import draw_town
from geopandas.testing import assert_geodataframe_equal
from shapely import Point
from shapely.affinity import translate

FOLDER = Path(__file__).with_name("eksempelvik")


def make(folder: Path) -> None:
    """Write every file of the study into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    town = draw_town()
    write_osm(town, folder / "eksempelvik.osm.pbf")
    register = rows(town.areas)
    (folder / "enheter.csv").write_bytes(as_csv(register, origin=ORIGIN).encode("utf-8-sig"))
    dwellings = dwellings_as_csv(houses(town.areas, register), origin=ORIGIN)
    (folder / "boliger.csv").write_bytes(dwellings.encode("utf-8-sig"))
    (folder / "tomteanalyse.toml").write_bytes(STUDY_FILE.encode())
    (folder / "med_holdeplass.toml").write_bytes(BEFORE_THE_STOP_WENT.encode())
    for name in CORRECTIONS:
        (folder / name).write_bytes(as_geojson(name).encode())
    _write_layer(plots(), folder / "tomter.gpkg")
    _write_layer(districts(), folder / "kretser.gpkg")
    entrances = pd.DataFrame(ENTRANCES, columns=["tomt_id", "geometry"])
    entrances["geometry"] = entrances["geometry"].map(Point)
    _write_layer(entrances, folder / "innganger.gpkg")
    flood = pd.DataFrame({"gjentaksintervall": [200], "geometry": [flood_zone()]})
    _write_layer(flood, folder / "flomsone.gpkg")
    mapped = pd.DataFrame({"kartlagt": ["fiktiv kartlegging"], "geometry": [flood_mapped()]})
    _write_layer(mapped, folder / "flomsone_kartlagt.gpkg")


def differences(folder: Path) -> list[str]:
    """Name the files in a folder that do not hold what `make` would write."""
    with tempfile.TemporaryDirectory() as fresh:
        make(Path(fresh))
        return [
            made.name
            for made in sorted(Path(fresh).iterdir())
            if not same(made, folder / made.name)
        ]


def same(made: Path, there: Path) -> bool:
    """Tell whether two files hold the same, though another GDAL or zlib may have packed them."""
    if not there.exists():
        return False
    if made.read_bytes() == there.read_bytes():
        return True
    if made.suffix == ".gpkg":
        try:
            assert_geodataframe_equal(gpd.read_file(made), gpd.read_file(there))
        except AssertionError:
            return False
        return True
    return made.suffix == ".pbf" and _objects(made) == _objects(there)


def _objects(path: Path) -> list[str]:
    return [f"{o} {sorted((t.k, t.v) for t in o.tags)}" for o in osmium.FileProcessor(str(path))]


def _write_layer(table: pd.DataFrame, path: Path) -> None:
    geometry = [translate(shape, *ORIGIN) for shape in table["geometry"]]
    layer = gpd.GeoDataFrame(table.drop(columns="geometry"), geometry=geometry, crs=CRS)
    before = pyogrio.get_gdal_config_option("OGR_CURRENT_DATE")
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": TIMESTAMP.replace("Z", ".000Z")})
    try:
        path.unlink(missing_ok=True)
        pyogrio.write_dataframe(layer, path, layer=path.stem)
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": before})


def main() -> int:
    """Make the study, or check the one that is there."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing, compare")
    if not parser.parse_args().check:
        make(FOLDER)
        return 0
    stale = differences(FOLDER)
    print(f"differs: {', '.join(stale)}" if stale else "data/eksempelvik is what the script makes")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
