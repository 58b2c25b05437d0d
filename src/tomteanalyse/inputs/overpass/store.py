"""Put the fetched pieces together as one extract, and put it in place of the previous one."""

import gzip
import hashlib
import json
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import osmium
import pyproj
import shapely

from tomteanalyse.errors import DataError, NetworkError, Notice
from tomteanalyse.inputs.osm import read_extract
from tomteanalyse.inputs.overpass.answers import notice
from tomteanalyse.inputs.overpass.area import Bounds
from tomteanalyse.inputs.overpass.osm_xml import ATTRIBUTION, LICENCE, LICENCE_URL, OsmXml
from tomteanalyse.inputs.overpass.pieces import Piece

SUFFIXES = (".osm", ".osm.gz", ".osm.pbf", ".pbf")
AREA = re.compile(r"\(poly:'([^']*)'\)")


@dataclass(frozen=True)
class Stored:
    """What was written: the map's date, how many objects, and where the previous extract lies."""

    timestamp: str
    nodes: int
    ways: int
    relations: int
    previous: Path | None


def store_extract(
    target: Path,
    pieces: Sequence[Piece],
    *,
    crs: pyproj.CRS,
    service_url: str,
    place: str | None,
) -> Stored:
    """Write the pieces as one extract with a sidecar, once it has been read back.

    The extract that was there before is kept as ``<name>.forrige.<suffix>``.

    Parameters
    ----------
    target
        The extract; its suffix decides the format.
    pieces
        What was fetched. An object that lies in several comes from the newest of them.
    crs
        The study's metric coordinate system, to read the extract back with.
    service_url, place
        Where it comes from, for the sidecar.

    Raises
    ------
    NetworkError
        ``fetch.not_understood`` if an answer's objects are not as Overpass writes them,
        ``fetch.empty`` if there is no way in the area.
    DataError
        ``fetch.cannot_write`` if the disk refuses; the reader's own if the area lies outside `crs`.
    """
    objects = _merged(pieces, service_url)
    timestamp = min(piece.timestamp for piece in pieces)
    west, south, east, north = shapely.total_bounds([piece.box for piece in pieces])
    bounds = (float(west), float(south), float(east), float(north))
    try:
        with _workplace(target) as workplace:
            extract = workplace / target.name
            xml = workplace / "overpass.osm"
            objects.write(xml, timestamp=timestamp, bounds=bounds)
            _convert(xml, extract, timestamp=timestamp, bounds=bounds)
            _read_back(extract, crs)
            about = {
                "file": target.name,
                "sha256": _sha256(extract),
                "source": "OpenStreetMap",
                "attribution": ATTRIBUTION,
                "licence": LICENCE,
                "licence_url": LICENCE_URL,
                "osm_base": timestamp,
                "service": service_url,
                "place": place,
                "bounds": bounds,
                "counts": {
                    "nodes": len(objects.nodes),
                    "ways": len(objects.ways),
                    "relations": len(objects.relations),
                },
                **_queries(pieces),
            }
            sidecar = workplace / f"{target.name}.json"
            sidecar.write_text(json.dumps(about, ensure_ascii=False, indent=1) + "\n", "utf-8")
            previous = _put_in_place(extract, sidecar, target)
    except OSError as error:
        raise DataError(Notice("fetch.cannot_write", file=target.name)) from error
    return Stored(
        timestamp, len(objects.nodes), len(objects.ways), len(objects.relations), previous
    )


def _merged(pieces: Sequence[Piece], service_url: str) -> OsmXml:
    merged = OsmXml()
    for piece in sorted(pieces, key=lambda piece: piece.timestamp):
        try:
            merged.add(piece.elements())
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            # Otherwise the next attempt would start from the same nonsense.
            piece.file.unlink(missing_ok=True)
            raise NetworkError(notice("fetch.not_understood", service_url)) from error
    return merged


@contextmanager
def _workplace(target: Path) -> Iterator[Path]:
    folder = target.with_name(f".{target.name}.tomteanalyse-fetch")
    shutil.rmtree(folder, ignore_errors=True)  # left by a fetch that was killed
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _convert(xml: Path, extract: Path, *, timestamp: str, bounds: Bounds) -> None:
    if extract.name.endswith(".gz"):
        # Name and time of day would go into the file, and make every fetch another one.
        with (
            xml.open("rb") as plain,
            extract.open("wb") as file,
            gzip.GzipFile("", "wb", fileobj=file, mtime=0) as packed,
        ):
            shutil.copyfileobj(plain, packed)
    elif extract.name.endswith(".pbf"):
        header = osmium.io.Header()
        header.set("generator", "tomteanalyse")
        header.set("osmosis_replication_timestamp", timestamp)
        header.add_box(osmium.osm.Box(*bounds))
        with osmium.SimpleWriter(str(extract), header=header) as writer:
            for item in osmium.FileProcessor(str(xml)):
                writer.add(item)
    else:
        xml.rename(extract)


def _read_back(extract: Path, crs: pyproj.CRS) -> None:
    try:
        read_extract(extract, crs=crs)
    except DataError as error:
        if any(each.code == "osm.no_ways" for each in error.notices):
            raise NetworkError(Notice("fetch.empty")) from error
        raise


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _queries(pieces: Sequence[Piece]) -> Mapping[str, object]:
    """Return the query once with ``{area}`` for the outline, and the outline of every piece."""
    found = [AREA.search(piece.query) for piece in pieces]
    return {
        "query": AREA.sub("(poly:'{area}')", pieces[0].query),
        "pieces": [
            {"area": area.group(1) if area else None, "osm_base": piece.timestamp}
            for area, piece in zip(found, pieces, strict=True)
        ],
    }


def _put_in_place(extract: Path, sidecar: Path, target: Path) -> Path | None:
    kept = None
    about = target.with_name(sidecar.name)
    if target.exists() and _sha256(target) != _sha256(extract):
        stem, suffixes = target.name.split(".", 1)
        kept = target.with_name(f"{stem}.forrige.{suffixes}")
        _keep(target, kept)
        if about.exists():
            _keep(about, kept.with_name(f"{kept.name}.json"))
    # The extract first: killed between the two, the sidecar's checksum tells that it is old.
    extract.replace(target)
    sidecar.replace(about)
    return kept


def _keep(file: Path, kept: Path) -> None:
    """Give `file` a second name, so that there is no moment without it."""
    second = file.with_name(f".{file.name}.tomteanalyse-kept")
    second.unlink(missing_ok=True)
    try:
        second.hardlink_to(file)
    except OSError:  # many network drives have no links
        shutil.copy2(file, second)
    second.replace(kept)
