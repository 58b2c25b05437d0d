"""Fetch the study's OpenStreetMap extract: the only command that uses the network.

What leaves the machine is a place name from the study file and boxes of some kilometres around the
plots, rounded outwards. Nothing of the register is read here, let alone sent.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pyproj
import shapely

from tomteanalyse.config import StudyConfig
from tomteanalyse.errors import Notice, TomteanalyseError, UsageError
from tomteanalyse.inputs.files import find_source
from tomteanalyse.inputs.overpass.area import boxes_to_fetch
from tomteanalyse.inputs.overpass.pieces import Piece, fetch_pieces, pieces_folder
from tomteanalyse.inputs.overpass.service import Services, session
from tomteanalyse.inputs.overpass.store import SUFFIXES, store_extract
from tomteanalyse.inputs.plots import read_plots
from tomteanalyse.inputs.study_file import StudyFile, read_study_file
from tomteanalyse.texts import Language, catalog


@dataclass(frozen=True)
class Fetched:
    """What was fetched.

    Parameters
    ----------
    path
        The extract.
    timestamp
        When OpenStreetMap looked like this (ISO 8601, UTC); the oldest of the pieces.
    place
        The full name of the place that was found, None where the plots gave the area.
    previous
        Where the extract that was there before now lies; None if there was none, or the same.
    nodes, ways, relations
        How many objects there are.
    """

    path: Path
    timestamp: str
    place: str | None
    previous: Path | None
    nodes: int
    ways: int
    relations: int

    def text(self, language: Language) -> str:
        """Say it in `language`, a few lines."""
        say = catalog(language)
        lines = [
            say(
                "fetch.done",
                file=self.path.name,
                date=say.date(self.timestamp),
                nodes=say.number(self.nodes),
                ways=say.number(self.ways),
                relations=say.number(self.relations),
            )
        ]
        if self.place is not None:
            lines.append(say("fetch.found", place=self.place))
        if self.previous is not None:
            lines.append(say("fetch.previous", file=self.previous.name))
        return "\n".join(lines)


def fetch_study(
    path: Path,
    *,
    services: Services | None = None,
    on_progress: Callable[[int, int], None] | None = None,
) -> Fetched:
    """Fetch the extract of a study: `fetch_extract` for its study file and plots.

    Parameters
    ----------
    path
        The study's folder, or its study file.
    services, on_progress
        As for `fetch_extract`.

    Returns
    -------
    Fetched
        What was written.

    Raises
    ------
    DataError
        If the study file or the plots are at fault. A missing plot file is one only where no place
        is named.
    UsageError, NetworkError
        As for `fetch_extract`.
    """
    study = read_study_file(path)
    try:
        plots = _extent(study)
    except TomteanalyseError as error:
        error.language = study.config.language
        raise
    return fetch_extract(
        study.config, study.folder, plots=plots, services=services, on_progress=on_progress
    )


def _extent(study: StudyFile) -> shapely.Polygon | None:
    written = study.config.plots
    if study.config.extract.place is not None and not (study.folder / written.file).exists():
        return None
    source = find_source(study.folder, written.file, role="plots")
    loaded = read_plots(source, config=written, study_crs=study.crs, extent=None)
    return shapely.box(*loaded.table.to_crs("EPSG:4326").total_bounds)


def fetch_extract(
    config: StudyConfig,
    folder: Path,
    *,
    plots: shapely.Geometry | None,
    services: Services | None = None,
    on_progress: Callable[[int, int], None] | None = None,
) -> Fetched:
    """Fetch the extract the study file names, in the format its name says.

    The area is the place of the study file, if it names one, and the plots' extent, both with the
    study's margin. It is fetched in pieces; pieces that came before a break are kept for a day
    in the user's cache folder, so that the next attempt goes on from there. The extract that was
    there before stays until the new one has been read back whole, and then as ``….forrige…``.

    Parameters
    ----------
    config
        The study file.
    folder
        The study's folder.
    plots
        The plots' extent in degrees (EPSG:4326), None where there are no plots yet.
    services
        Where to ask and how long to wait; None for the public services.
    on_progress
        Called with how many pieces are there and how many there will be.

    Returns
    -------
    Fetched
        What was written. A sidecar ``<name>.json`` beside it holds query, dates and licence.

    Raises
    ------
    UsageError
        If there is neither place nor plots, or the file name has another suffix than an extract's.
    NetworkError
        If the place is unknown, the area too large, or no whole answer came. Nothing is written.
    DataError
        If the extract cannot be written, or lies outside the study's coordinate system.
    """
    try:
        return _fetched(config, folder, plots, services or Services(), on_progress)
    except TomteanalyseError as error:
        error.language = config.language
        raise


def _fetched(
    config: StudyConfig,
    folder: Path,
    plots: shapely.Geometry | None,
    services: Services,
    on_progress: Callable[[int, int], None] | None,
) -> Fetched:
    target = folder / config.extract.file
    if not target.name.endswith(SUFFIXES):
        raise UsageError(Notice("fetch.suffix", file=target.name))
    if config.extract.place is None and plots is None:
        raise UsageError(Notice("fetch.no_area"))
    report = on_progress or (lambda _done, _all: None)
    with (
        pieces_folder() as cache,
        session(services, cache=cache, language=config.language) as service,
    ):
        place = service.locate(config.extract.place) if config.extract.place else None
        boxes = boxes_to_fetch(place, plots, margin_m=config.extract.margin_m)
        pieces: list[Piece] = []
        for done, box in enumerate(boxes):
            report(done, len(boxes))
            pieces += fetch_pieces(service, box, cache)
        report(len(boxes), len(boxes))
        place_name = place.name if place else None
        stored = store_extract(
            target,
            pieces,
            crs=pyproj.CRS.from_user_input(config.crs),
            service_url=service.overpass_url,
            place=place_name,
        )
        for piece in pieces:
            piece.file.unlink(missing_ok=True)
    return Fetched(
        path=target,
        timestamp=stored.timestamp,
        place=place_name,
        previous=stored.previous,
        nodes=stored.nodes,
        ways=stored.ways,
        relations=stored.relations,
    )
