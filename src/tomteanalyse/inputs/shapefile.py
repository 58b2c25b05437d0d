"""Check that a Shapefile is whole: GDAL reads a broken one without a word."""

import struct
from pathlib import Path

from tomteanalyse.errors import DataError, Notice
from tomteanalyse.inputs.files import Source

REQUIRED = (".shx", ".dbf")
PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")


def shapefile_parts(shape: Path) -> dict[str, Path]:
    """Return the files that belong to a ``.shp``, by suffix in small letters."""
    return {
        file.suffix.lower(): file
        for file in sorted(shape.parent.iterdir())
        if file.stem == shape.stem and file.suffix.lower() in PARTS
    }


def refuse_broken(shape: Path, *, source: Source) -> None:
    """Check that all parts are there and as long as their headers say.

    Raises
    ------
    DataError
        ``vector.missing_part`` or ``vector.truncated``.
    """
    parts = shapefile_parts(shape)
    missing = [suffix for suffix in REQUIRED if suffix not in parts]
    if missing:
        values = {"parts": ", ".join(missing)}
        raise DataError(Notice("vector.missing_part", file=source.name, values=values))
    for suffix in (".shp", ".shx"):
        with parts[suffix].open("rb") as file:
            header = file.read(100)
        if len(header) < 100 or struct.unpack(">i", header[:4])[0] != 9994:
            raise DataError(Notice("vector.unreadable", file=source.name))
        if parts[suffix].stat().st_size < 2 * struct.unpack(">i", header[24:28])[0]:
            raise DataError(Notice("vector.truncated", file=source.name))
    with parts[".dbf"].open("rb") as file:
        header = file.read(32)
    if len(header) < 32:
        raise DataError(Notice("vector.truncated", file=source.name))
    records, header_length, record_length = struct.unpack("<IHH", header[4:12])
    if parts[".dbf"].stat().st_size < header_length + records * record_length:
        raise DataError(Notice("vector.truncated", file=source.name))
