"""Judge what the services answer: whole, worth asking again, too much at once, or refused."""

import json
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tomteanalyse.errors import NetworkError, Notice

BUSY = frozenset({429, 502, 503, 504})
TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


@dataclass(frozen=True)
class Answer:
    """One whole answer: the query in Overpass QL, the map's date, and the JSON as it came."""

    query: str
    timestamp: str
    body: bytes


class TooMuchError(Exception):
    """Overpass gave up on the area: too many objects for the time or memory it allows."""

    def __init__(self, notice: Notice) -> None:
        super().__init__(notice.code)
        self.notice = notice


class TryAgainError(Exception):
    """The service is busy or its answer broke off: it may do better in ``wait_s`` seconds."""

    def __init__(self, notice: Notice, wait_s: float = 0.0) -> None:
        super().__init__(notice.code)
        self.notice = notice
        self.wait_s = wait_s


def judged(response: Any) -> Answer | None:  # noqa: ANN401 - of requests, which is imported late
    """Return Overpass' answer if it is whole, None for Nominatim's.

    Parameters
    ----------
    response
        The `requests.Response`: to a POST from Overpass, to a GET from Nominatim.

    Raises
    ------
    TryAgainError
        If the service is busy, or the answer is broken off or something else than data.
    TooMuchError
        If Overpass gave up halfway (a ``remark``).
    NetworkError
        ``fetch.refused`` if the service will not answer this at all.
    """
    url, status = response.url, response.status_code
    if status in BUSY:
        wait = response.headers.get("Retry-After", "")
        wait_s = float(wait) if wait.isdigit() else 0.0
        raise TryAgainError(notice("fetch.busy", url, status=status), wait_s)
    if not response.ok:
        raise NetworkError(notice("fetch.refused", url, status=status))
    body = response.content
    try:
        data = json.loads(body)
    except ValueError as error:
        page = body.lstrip()[:1] == b"<"
        code = "fetch.not_understood" if page else "fetch.broken_off"
        raise TryAgainError(notice(code, url)) from error
    if response.request.method == "POST":
        return _whole(url, data, _query(response.request.body), body)
    if not isinstance(data, list):
        raise TryAgainError(notice("fetch.not_understood", url))
    return None


def failure(error: Exception, url: str) -> TryAgainError:
    """Judge what requests raised: went silent, hung up halfway, or is not there at all.

    Raises
    ------
    NetworkError
        ``fetch.no_connection`` if the service cannot be reached: waiting would not help.
    """
    from requests import exceptions
    from urllib3.exceptions import MaxRetryError, ReadTimeoutError

    cause = error.args[0] if error.args else None
    if isinstance(error, exceptions.ReadTimeout) or isinstance(cause, ReadTimeoutError):
        return TryAgainError(notice("fetch.timeout", url))
    met = isinstance(error, exceptions.ConnectionError) and not isinstance(cause, MaxRetryError)
    if met or isinstance(error, exceptions.ChunkedEncodingError):
        return TryAgainError(notice("fetch.broken_off", url))
    raise NetworkError(notice("fetch.no_connection", url)) from error


def slot_wait_s(status: str) -> float:
    """Read from Overpass' status text how long to wait for a free slot [s].

    Zero where a slot is free, where the server has no limit, and where the text says neither.
    """
    if re.search(r"^[1-9]\d* slots? available now", status, re.MULTILINE):
        return 0.0
    waits = re.findall(r"^Slot available after: .*, in (\d+) seconds", status, re.MULTILINE)
    return min((max(float(wait), 1.0) for wait in waits), default=0.0)


def notice(code: str, url: str, **values: object) -> Notice:
    """Make a notice about the service at `url`."""
    return Notice(code, values={"host": urlsplit(url).hostname or url, **values})


def _whole(url: str, data: object, query: str, body: bytes) -> Answer:
    if not isinstance(data, dict) or not isinstance(data.get("elements"), list):
        raise TryAgainError(notice("fetch.not_understood", url))
    if "remark" in data:
        said = " ".join(str(data["remark"]).split())[:200]
        raise TooMuchError(notice("fetch.incomplete", url, remark=said))
    source = data.get("osm3s")
    timestamp = str(source.get("timestamp_osm_base")) if isinstance(source, dict) else ""
    if not TIMESTAMP.fullmatch(timestamp):
        raise TryAgainError(notice("fetch.not_understood", url))
    return Answer(query, timestamp, body)


def _query(form: str | bytes) -> str:
    sent = form if isinstance(form, str) else form.decode("utf-8")
    return "".join(parse_qs(sent).get("data", []))
