"""Ask Overpass and Nominatim through OSMnx, politely, patiently and with every answer judged.

OSMnx writes the queries, posts them and pins the host's address; three of its habits are kept out:

- An answer with a ``remark`` (the server gave up halfway) or an error status is used as it is. Here
  a response hook, which OSMnx passes on to requests, judges every answer before OSMnx sees it.
- On 429 and 504 it waits 55 s and calls itself, without end; on a server without a limit its slot
  check never comes back. Here the hook interrupts, and the waiting has an end.
- It builds a table of geometries that nobody needs here: ``cache_only_mode`` stops it after the
  answer, which the hook has kept whole. Its own cache is off: it would hand out last year's map
  as today's. `tomteanalyse.inputs.overpass.pieces` keeps answers for a day, to go on after a break.
"""

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import shapely

from tomteanalyse import __version__
from tomteanalyse.errors import NetworkError
from tomteanalyse.inputs.overpass.answers import (
    Answer,
    TryAgainError,
    failure,
    judged,
    notice,
    slot_wait_s,
)
from tomteanalyse.texts import Language

KEYS = (
    "highway",
    "railway",
    "public_transport",
    "barrier",
    "building",
    "natural",
    "waterway",
    "landuse",
    "leisure",
    "amenity",
    "shop",
    "office",
    "craft",
    "healthcare",
    "emergency",
    "tourism",
    "man_made",
    "place",
)
"""Everything with one of these keys is fetched, with the nodes and ways it is made of."""

IDENTITY = f"tomteanalyse/{__version__}"
LONGEST_WAIT_S = 120.0


@dataclass(frozen=True)
class Services:
    """Where to ask, and how long to wait.

    Parameters
    ----------
    overpass_url
        Base address of the Overpass service; None for OSMnx's default.
    nominatim_url
        Base address of the Nominatim service; None for OSMnx's default.
    waits_s
        Pause before each new attempt when a service is busy or its answer broke off [s].
    timeout_s
        How long one answer may take [s]; Overpass is told the same.
    sleep
        What waits.
    """

    overpass_url: str | None = None
    nominatim_url: str | None = None
    waits_s: tuple[float, ...] = (10.0, 30.0, 60.0, 120.0)
    timeout_s: int = 180
    sleep: Callable[[float], None] = time.sleep


@dataclass(frozen=True)
class Place:
    """A place that was found: its full name and its extent in degrees (EPSG:4326)."""

    name: str
    extent: shapely.Geometry


@contextmanager
def session(services: Services, *, cache: Path, language: Language) -> Iterator["Session"]:
    """Set OSMnx up for this project, and leave it and the process as they were found.

    Parameters
    ----------
    services
        Where to ask, and how long to wait.
    cache
        Folder OSMnx is pointed to instead of the working directory; nothing is written there.
    language
        Language place names are asked for in.
    """
    from osmnx import settings

    before = dict(vars(settings))
    # OSMnx replaces this function for the whole process to pin the host's address.
    resolve = socket.getaddrinfo
    settings.http_user_agent = IDENTITY
    settings.http_referer = IDENTITY
    settings.http_accept_language = f"{language},no;q=0.9,en;q=0.5"
    settings.use_cache = False
    settings.cache_folder = cache
    settings.cache_only_mode = True
    settings.doh_url_template = None
    settings.overpass_rate_limit = False
    settings.overpass_url = services.overpass_url or settings.overpass_url
    settings.nominatim_url = services.nominatim_url or settings.nominatim_url
    settings.max_query_area_size = float("inf")
    settings.requests_timeout = services.timeout_s
    current = Session(services, settings.overpass_url, settings.nominatim_url)
    settings.requests_kwargs = {"hooks": {"response": current.judge}}
    try:
        yield current
    finally:
        vars(settings).update(before)
        socket.getaddrinfo = resolve


class Session:
    """A conversation with the two services; made by `session`."""

    def __init__(self, services: Services, overpass_url: str, nominatim_url: str) -> None:
        self._services = services
        self.overpass_url = overpass_url.rstrip("/")
        self._nominatim_url = nominatim_url
        self._kept: Answer | None = None

    def fetch(self, box: shapely.Polygon) -> Answer:
        """Fetch everything with one of `KEYS` in a box given in degrees.

        Raises
        ------
        NetworkError
            If no whole answer came.
        TooMuchError
            If Overpass gave up on the area; a smaller one may do.
        """
        import osmnx

        def ask() -> None:
            self._await_slot()
            try:
                osmnx.features_from_polygon(box, dict.fromkeys(KEYS, True))
            except InterruptedError:  # what cache_only_mode ends with
                return

        self._kept = None
        self._patiently(ask, self.overpass_url)
        answer = self._last_kept()
        if answer is None:
            raise NetworkError(notice("fetch.not_understood", self.overpass_url))
        return answer

    def _last_kept(self) -> "Answer | None":
        """Return what the hook kept of the last answer; it runs inside OSMnx's own call."""
        return self._kept

    def locate(self, name: str) -> Place:
        """Find a place by name: its outline, or its bounding box where it has none.

        Raises
        ------
        NetworkError
            ``fetch.place_unknown`` if there is no such place, others if no answer came.
        """
        import osmnx

        found: list[Place] = []

        def ask() -> None:
            try:
                table = osmnx.geocode_to_gdf(name)
            except TypeError:  # found, but not as an area
                table = osmnx.geocode_to_gdf(name, which_result=1)
            row = table.iloc[0]
            extent = row["geometry"]
            if shapely.get_dimensions(extent) < 2:
                extent = shapely.box(*row[["bbox_west", "bbox_south", "bbox_east", "bbox_north"]])
            found.append(Place(str(row.get("display_name", name)), extent))

        try:
            self._patiently(ask, self._nominatim_url)
        except KeyError as error:
            raise NetworkError(notice("fetch.not_understood", self._nominatim_url)) from error
        except ValueError as error:  # OSMnx's way to say that there were no hits
            raise NetworkError(
                notice("fetch.place_unknown", self._nominatim_url, place=name)
            ) from error
        return found[0]

    def judge(self, response: Any, *_args: object, **_options: object) -> None:  # noqa: ANN401 - of requests, which is imported late
        """Keep a whole answer; stop everything else before OSMnx works on it."""
        if response.is_redirect:
            return
        try:
            self._kept = judged(response) or self._kept
        except BaseException:
            response.close()
            raise

    def _patiently(self, ask: Callable[[], None], url: str) -> None:
        import requests

        for wait_s in (*self._services.waits_s, None):
            try:
                ask()
            except TryAgainError as error:
                trouble = error
            except requests.exceptions.RequestException as error:
                trouble = failure(error, url)
            else:
                return
            if wait_s is None:
                raise NetworkError(trouble.notice)
            self._services.sleep(min(max(wait_s, trouble.wait_s), LONGEST_WAIT_S))

    def _await_slot(self) -> None:
        import requests

        try:
            status = requests.get(
                f"{self.overpass_url}/status",
                headers={"User-Agent": IDENTITY, "Referer": IDENTITY},
                timeout=self._services.timeout_s,
            ).text
        except requests.exceptions.RequestException:
            return  # the query itself will show whether anybody is there
        wait_s = slot_wait_s(status)
        if wait_s > 0:
            self._services.sleep(min(wait_s, LONGEST_WAIT_S))
