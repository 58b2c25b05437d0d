"""Which run made a result: its id and fingerprints, and how a result folder is recognised."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path, PurePosixPath, PureWindowsPath
from platform import python_version
from typing import Any

import tomteanalyse
from tomteanalyse.assessment import Assessment
from tomteanalyse.study import Study

MANIFEST = "kjoring.json"
PRODUCT = "tomteanalyse"
RUN_ID_LENGTH = 12

_SQLITE_MAGIC = b"SQLite format 3\0"
_SQLITE_HEADER_BYTES = 100
_LIBRARIES = (
    "folium",
    "geopandas",
    "numpy",
    "osmium",
    "pandas",
    "pydantic",
    "pyogrio",
    "pyproj",
    "scipy",
    "shapely",
    "xlsxwriter",
    "xstatic-leaflet",
)
_PATH_KEYS = frozenset({"file", "coverage", "releases"})


def run_id(assessment: Assessment) -> str:
    """Return the short id of the run that made an assessment; see `study_run_id`."""
    return study_run_id(assessment.study)


def study_run_id(study: Study, *, asked: Mapping[str, Any] | None = None) -> str:
    """Return the short id of a run: the same inputs, settings and versions give the same id.

    Parameters
    ----------
    study
        What was read.
    asked
        What was asked for beside it, as JSON-ready data.

    Returns
    -------
    str
        12 hexadecimal digits. Neither the clock nor the place of the files takes part.
    """
    facts = {
        "inputs": input_facts(study),
        "configuration": configuration(study),
        "versions": dict(versions()),
        **({"asked": dict(asked)} if asked else {}),
    }
    return hashlib.sha256(canonical(facts)).hexdigest()[:RUN_ID_LENGTH]


def input_facts(study: Study) -> list[dict[str, Any]]:
    """Return what is told of every file that was read, ordered by role and name."""
    return [
        {
            "role": file.role,
            "name": without_folder(file.name),
            "sha256": file.sha256,
            "read": int(file.read),
            "dropped": int(file.dropped),
        }
        for file in sorted(study.inputs, key=lambda file: (file.role, file.name))
    ]


def configuration(study: Study) -> dict[str, Any]:
    """Return the effective configuration, defaults filled in, free of absolute paths."""
    dumped: dict[str, Any] = study.config.model_dump(mode="json", by_alias=True)
    return {key: _without_folders(value) for key, value in dumped.items()}


@cache
def versions() -> Mapping[str, str]:
    """Return the versions a number may depend on: this package, GEOS, GDAL, PROJ, libraries."""
    import pyogrio
    import pyproj
    import shapely

    return {
        PRODUCT: tomteanalyse.__version__,
        "python": python_version(),
        "GEOS": shapely.geos_version_string,
        "GDAL": ".".join(map(str, pyogrio.__gdal_version__)),
        "PROJ": pyproj.proj_version_str,
        **{name: version(name) for name in _LIBRARIES},
    }


def canonical(data: object) -> bytes:
    """Write JSON data in the one form that is hashed."""
    written = json.dumps(
        data, sort_keys=True, ensure_ascii=False, allow_nan=False, separators=(",", ":")
    )
    return written.encode("utf-8", "surrogatepass")


def file_sha256(path: Path) -> str:
    """Return the SHA-256 of a file's bytes."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def content_sha256(path: Path) -> str:
    """Return a SHA-256 that stays the same when a file is only looked at.

    QGIS counts up a number in the header of a GeoPackage when it opens one; that is not an edit,
    so the header of an SQLite file is left out. Other files are hashed whole.
    """
    with path.open("rb") as stream:
        if stream.read(len(_SQLITE_MAGIC)) == _SQLITE_MAGIC:
            stream.seek(_SQLITE_HEADER_BYTES)
        else:
            stream.seek(0)
        return hashlib.file_digest(stream, "sha256").hexdigest()


@dataclass(frozen=True)
class Recorded:
    """What an earlier result says of itself.

    Parameters
    ----------
    outputs
        `content_sha256` of every output by its name; empty where the manifest has been edited,
        so that nothing is taken for ours on its word.
    intact
        Whether the manifest is as we wrote it.
    """

    outputs: Mapping[str, str]
    intact: bool


def recorded(folder: Path) -> Recorded | None:
    """Read what the manifest in `folder` vouches for; None where it is no result of ours."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    if not isinstance(manifest, dict) or manifest.get("product") != PRODUCT:
        return None
    checksum = manifest.pop("checksum", None)
    try:
        if checksum != manifest_checksum(manifest):
            return Recorded({}, intact=False)
        outputs = {
            str(output["name"]): str(output.get("content_sha256", output["sha256"]))
            for output in manifest["outputs"]
        }
    except (KeyError, TypeError, AttributeError, ValueError):
        return Recorded({}, intact=False)
    return Recorded(outputs, intact=True)


def manifest_checksum(manifest: Mapping[str, Any]) -> str:
    """Return the checksum a manifest carries of its own other entries."""
    return hashlib.sha256(canonical(dict(manifest))).hexdigest()


def without_folder(path: str) -> str:
    """Cut the folders off an absolute path, Windows' or POSIX'; leave a relative one as it is."""
    if PurePosixPath(path).is_absolute():
        return PurePosixPath(path).name
    windows = PureWindowsPath(path)
    return windows.name if windows.drive or windows.root else path


def _without_folders(value: Any, key: str = "") -> Any:  # noqa: ANN401 - JSON data of any form
    if isinstance(value, dict):
        return {name: _without_folders(inner, name) for name, inner in value.items()}
    if isinstance(value, list):
        return [_without_folders(inner, key) for inner in value]
    if isinstance(value, str) and key in _PATH_KEYS:
        return without_folder(value)
    return value
