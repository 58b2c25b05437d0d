"""Unpack a zip or gzip without trusting it: no way out of the folder, no bomb."""

import gzip
import stat
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from tomteanalyse.errors import DataError, Notice

UNPACKED_LIMIT = 1024**3
"""Bytes. No municipality's plots or register come near it."""
RATIO_LIMIT = 200
"""Map files shrink 3 to 20 times; a bomb a thousand times and more."""
RATIO_FROM = 10 * 1024**2
"""Bytes. Below this a high ratio does no harm: blank space in small files is common."""
GZIP_RATIO_LIMIT = 60
"""OpenStreetMap's XML shrinks 10 to 20 times."""
GZIP_RATIO_FROM = 50 * 1000**2
"""Bytes. Below this even a bomb is read in a moment."""
GZIP_LIMIT = 2 * 1000**3
"""Bytes. A county as XML; who needs more has a ``.pbf``, a tenth of the size."""
MEMBER_LIMIT = 10_000
CHUNK = 1024**2


def refuse_swollen(
    path: Path,
    *,
    ratio: float = GZIP_RATIO_LIMIT,
    ratio_from_bytes: int = GZIP_RATIO_FROM,
    limit_bytes: int = GZIP_LIMIT,
) -> None:
    """Check how much comes out of a gzipped extract before an XML reader has to go through it.

    A file that is broken or no gzip passes; its own reader says what is wrong with it.

    Raises
    ------
    DataError
        ``osm.too_much`` if more than `limit_bytes` come out, or more than `ratio_from_bytes` and
        `ratio` times what went in.
    """
    most = min(limit_bytes, max(ratio_from_bytes, ratio * path.stat().st_size))
    unpacked = 0
    # Counted, since the length that a gzip ends in is of its last part only, and may lie.
    try:
        with gzip.open(path) as stream:
            while unpacked <= most and (chunk := stream.read(CHUNK)):
                unpacked += len(chunk)
    except (OSError, EOFError, zlib.error):
        return
    if unpacked > most:
        raise DataError(Notice("osm.too_much", file=path.name, values={"mb": most / 1000**2}))


def refuse_unsafe(path: Path, *, name: str, broken: str = "vector.zip_unreadable") -> None:
    """Check what a zip says of itself before anything is unpacked.

    Parameters
    ----------
    path, name
        The zip, and what the planner calls it.
    broken
        The code to tell a damaged one by: a planner does not know that a workbook is a zip.

    Raises
    ------
    DataError
        `broken`, ``vector.zip_bomb`` or ``vector.zip_escape``.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError, NotImplementedError, ValueError) as error:
        raise DataError(Notice(broken, file=name)) from error
    if any(_escapes(member) for member in members):
        raise DataError(Notice("vector.zip_escape", file=name))
    if any(member.flag_bits & 0x1 for member in members):
        raise DataError(Notice("vector.zip_password", file=name))
    unpacked = sum(member.file_size for member in members)
    packed = max(1, sum(member.compress_size for member in members))
    swollen = unpacked > RATIO_FROM and unpacked / packed > RATIO_LIMIT
    if swollen or unpacked > UNPACKED_LIMIT or len(members) > MEMBER_LIMIT:
        raise DataError(Notice("vector.zip_bomb", file=name))


def unpack_shapefile(path: Path, *, name: str, into: Path, layer: str | None) -> Path:
    """Unpack one Shapefile from a zip.

    Parameters
    ----------
    path, name
        The zip, and what the planner calls it.
    into
        A folder of our own.
    layer
        Which Shapefile, by its name without ``.shp``; needed where the zip holds several.

    Returns
    -------
    Path
        The unpacked ``.shp``.

    Raises
    ------
    DataError
        As `refuse_unsafe`; ``vector.zip_no_shapefile``; ``vector.several_layers``;
        ``vector.no_such_layer``.
    """
    refuse_unsafe(path, name=name)
    with zipfile.ZipFile(path) as archive:
        files = [member for member in archive.infolist() if not member.is_dir()]
        # macOS adds a shadow of every file.
        files = [member for member in files if "__MACOSX" not in member.filename]
        shapes = {
            PurePosixPath(member.filename).stem: member.filename
            for member in files
            if member.filename.lower().endswith(".shp")
        }
        if not shapes:
            raise DataError(Notice("vector.zip_no_shapefile", file=name))
        if layer is None and len(shapes) > 1:
            layers = ", ".join(sorted(shapes))
            raise DataError(Notice("vector.several_layers", file=name, values={"layers": layers}))
        if layer is not None and layer not in shapes:
            values = {"layer": layer, "layers": ", ".join(sorted(shapes))}
            raise DataError(Notice("vector.no_such_layer", file=name, values=values))
        stem = layer or next(iter(shapes))
        base = str(PurePosixPath(shapes[stem]).with_suffix("")).lower()
        for member in files:
            inside = PurePosixPath(member.filename)
            if str(inside.with_suffix("")).lower() == base:
                _copy_out(archive, member, into / f"{stem}{inside.suffix.lower()}", name=name)
    return into / f"{stem}.shp"


def _escapes(member: zipfile.ZipInfo) -> bool:
    inside = PurePosixPath(member.filename.replace("\\", "/"))
    link = stat.S_ISLNK(member.external_attr >> 16)
    return link or inside.is_absolute() or ".." in inside.parts or ":" in member.filename


def _copy_out(archive: zipfile.ZipFile, member: zipfile.ZipInfo, to: Path, *, name: str) -> None:
    # The sizes in a zip's directory may lie: what counts is what comes out.
    left = UNPACKED_LIMIT
    try:
        with archive.open(member) as packed, to.open("wb") as out:
            while chunk := packed.read(CHUNK):
                left -= len(chunk)
                if left < 0:
                    raise DataError(Notice("vector.zip_bomb", file=name))
                out.write(chunk)
    except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError, ValueError) as error:
        raise DataError(Notice("vector.zip_unreadable", file=name)) from error
    except Exception as error:  # zlib.error and lzma.LZMAError share no base class
        if isinstance(error, DataError):
            raise
        raise DataError(Notice("vector.zip_unreadable", file=name)) from error
