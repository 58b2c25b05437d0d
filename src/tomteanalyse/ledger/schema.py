"""The tables of the ledger, as a GeoPackage that QGIS opens.

Source of the layout: OGC GeoPackage Encoding Standard 1.3 (12-128r18), clauses 1.1.1-1.1.3 and
2.1; a geometry is a header of eight bytes and well-known binary behind it.
"""

import sqlite3
import struct
from collections.abc import Callable, Mapping

import pyproj

from tomteanalyse.texts import Language, catalog

PRODUCT = "tomteanalyse register"
SCHEMA_VERSION = 1
APPLICATION_ID = 0x47504B47
"""The letters GPKG."""
_GEOPACKAGE_VERSION = 10300
_MOMENT = "2020-01-01T00:00:00.000Z"
"""Stands where a GeoPackage wants the time of a change: the ledger goes by the register's days."""
_OWN_SRS_ID = 100_000
"""For a system that has no number with EPSG."""
_CERTAIN = 100
"""A system that is only much like one with a number is kept by its own definition [%]."""

MIGRATIONS: Mapping[int, Callable[[sqlite3.Connection], None]] = {}
"""By version, what makes tables of that version those of the next; run inside one transaction."""

_GEOPACKAGE = """
CREATE TABLE gpkg_spatial_ref_sys (
    srs_name TEXT NOT NULL,
    srs_id INTEGER PRIMARY KEY,
    organization TEXT NOT NULL,
    organization_coordsys_id INTEGER NOT NULL,
    definition TEXT NOT NULL,
    description TEXT
);
CREATE TABLE gpkg_contents (
    table_name TEXT NOT NULL PRIMARY KEY,
    data_type TEXT NOT NULL,
    identifier TEXT UNIQUE,
    description TEXT DEFAULT '',
    last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
    min_x DOUBLE,
    min_y DOUBLE,
    max_x DOUBLE,
    max_y DOUBLE,
    srs_id INTEGER REFERENCES gpkg_spatial_ref_sys (srs_id)
);
CREATE TABLE gpkg_geometry_columns (
    table_name TEXT NOT NULL UNIQUE REFERENCES gpkg_contents (table_name),
    column_name TEXT NOT NULL,
    geometry_type_name TEXT NOT NULL,
    srs_id INTEGER NOT NULL REFERENCES gpkg_spatial_ref_sys (srs_id),
    z TINYINT NOT NULL,
    m TINYINT NOT NULL,
    PRIMARY KEY (table_name, column_name)
);
"""
_LEDGER = """
CREATE TABLE ledger (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
);
CREATE TABLE states (
    state INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    day DATE NOT NULL,
    sha256 TEXT NOT NULL
);
CREATE TABLE versions (
    fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    geom POINT,
    unit_id TEXT NOT NULL,
    state INTEGER NOT NULL REFERENCES states (state),
    status TEXT NOT NULL CHECK (status IN ('placed', 'unplaced', 'gone')),
    homes INTEGER,
    step INTEGER,
    housing_form TEXT,
    building_id TEXT,
    valid_from DATE,
    valid_to DATE,
    began TEXT,
    ended TEXT,
    UNIQUE (state, unit_id)
);
"""
_KEPT = """
CREATE TRIGGER {table}_{verb}_never BEFORE {verb} ON {table}
BEGIN
    SELECT RAISE(ABORT, 'the ledger is only added to');
END;
"""


def create_tables(database: sqlite3.Connection, *, crs: pyproj.CRS, language: Language) -> None:
    """Write the empty ledger of places in `crs` into an empty database.

    What the layers are and that they are internal is said in `language`.
    """
    say = catalog(language)
    name, words = (say(f"edition.internal.{part}") for part in ("name", "words"))
    line = say("edition.line", name=name, words=words)
    kept = "".join(
        _KEPT.format(table=table, verb=verb)
        for table in ("states", "versions")
        for verb in ("update", "delete")
    )
    database.executescript(
        f"PRAGMA application_id={APPLICATION_ID}; PRAGMA user_version={_GEOPACKAGE_VERSION};"
        f"BEGIN; {_GEOPACKAGE} {_LEDGER} {kept}"
    )
    database.executemany(
        "INSERT INTO gpkg_spatial_ref_sys VALUES (?, ?, ?, ?, ?, NULL)", _systems(crs)
    )
    srs_id = srs_id_of(crs)
    database.executemany(
        "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, last_change,"
        " srs_id) VALUES (?, ?, ?, ?, ?, ?)",
        [
            (
                table,
                kind,
                say("edition.internal.title", title=table),
                f"{line} {say(f'ledger.layer.{table}')}",
                _MOMENT,
                of_places,
            )
            for table, kind, of_places in (
                ("versions", "features", srs_id),
                ("states", "attributes", None),
            )
        ],
    )
    database.execute(
        "INSERT INTO gpkg_geometry_columns VALUES ('versions', 'geom', 'POINT', ?, 0, 0)", (srs_id,)
    )
    facts = {"product": PRODUCT, "schema_version": str(SCHEMA_VERSION), "crs": _written(crs)}
    database.executemany("INSERT INTO ledger VALUES (?, ?)", facts.items())
    database.execute("COMMIT")


def srs_id_of(crs: pyproj.CRS) -> int:
    """Return the number under which the ledger holds its system."""
    code = crs.to_epsg(min_confidence=_CERTAIN)
    return _OWN_SRS_ID if code is None else code


def point_blob(x: float, y: float, *, srs_id: int) -> bytes:
    """Write a point as a GeoPackage does: little-endian, without envelope."""
    header = struct.pack("<2sBBi", b"GP", 0, 1, srs_id)
    return header + struct.pack("<BIdd", 1, 1, x, y)


def point_of(blob: bytes) -> tuple[float, float]:
    """Read a point that `point_blob` wrote.

    Raises
    ------
    ValueError
        If it is no such point.
    """
    try:
        magic, version, flags, _ = struct.unpack_from("<2sBBi", blob)
        order, kind, x, y = struct.unpack_from("<BIdd", blob, 8)
    except struct.error as error:
        raise ValueError("too short for a point") from error
    if (magic, version, flags, order, kind) != (b"GP", 0, 1, 1, 1):
        raise ValueError("no point of ours")
    return x, y


def _written(crs: pyproj.CRS) -> str:
    code = crs.to_epsg(min_confidence=_CERTAIN)
    return crs.to_wkt() if code is None else f"EPSG:{code}"


def _systems(crs: pyproj.CRS) -> list[tuple[str, int, str, int, str]]:
    """Return the systems every GeoPackage names, and the ledger's own."""
    degrees = pyproj.CRS.from_epsg(4326)
    systems = {
        -1: ("Undefined cartesian SRS", -1, "NONE", -1, "undefined"),
        0: ("Undefined geographic SRS", 0, "NONE", 0, "undefined"),
        4326: (degrees.name, 4326, "EPSG", 4326, degrees.to_wkt("WKT1_GDAL")),
    }
    own = srs_id_of(crs)
    owner = "NONE" if own == _OWN_SRS_ID else "EPSG"
    systems[own] = (crs.name, own, owner, own, crs.to_wkt("WKT1_GDAL"))
    return list(systems.values())
