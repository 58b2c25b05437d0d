"""Read ``tomteanalyse.toml`` and say everything that is wrong with it, in its own language."""

import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, cast, get_args

import pydantic
import pyproj
from pydantic_core import ErrorDetails

from tomteanalyse.config import StudyConfig
from tomteanalyse.errors import DataError, Notice
from tomteanalyse.inputs.files import Source
from tomteanalyse.inputs.placement import horizontal
from tomteanalyse.texts import LANGUAGES, Language

STUDY_FILE = "tomteanalyse.toml"
CRITERION_KEYS = (
    "bus",
    "grocery",
    "pharmacy",
    "doctor",
    "services",
    "recreation",
    "centre",
    "emergency",
    "school",
    "kindergarten",
    "concentration",
    "municipal_share",
    "shortcuts",
)
"""What a study file may call a criterion; `tomteanalyse.scoring` says what they are."""


LONGEST_GIVEN = 40
"""Characters of a value that a message shows."""


@dataclass(frozen=True)
class StudyFile:
    """A study file that holds together: its folder, content, metric system and fingerprint."""

    folder: Path
    config: StudyConfig
    crs: pyproj.CRS
    source: Source


def read_study_file(path: Path) -> StudyFile:
    """Read and check a study file.

    Parameters
    ----------
    path
        The study's folder, or the file itself.

    Raises
    ------
    DataError
        Every fault at once, ``study.*``, in the study file's language.
    """
    file = path / STUDY_FILE if path.is_dir() else path
    if not file.is_file():
        raise DataError(Notice("study.missing_file", file=file.name))
    raw, language = _parse(file)
    faults: list[Notice] = []
    config = None
    try:
        config = StudyConfig.model_validate(raw)
    except pydantic.ValidationError as error:
        faults += [_fault(file.name, detail) for detail in error.errors(include_url=False)]
    faults += _criterion_faults(file.name, raw)
    crs = _metric(raw.get("crs", StudyConfig.model_fields["crs"].default), file.name, faults)
    if config is not None:
        faults += _meaning_faults(file.name, config)
    if faults or config is None or crs is None:
        raise DataError(*faults, language=language)
    return StudyFile(file.parent, config, crs, Source(file, file.name, "study"))


def _parse(file: Path) -> tuple[dict[str, Any], Language]:
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DataError(Notice("study.not_utf8", file=file.name)) from error
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        said = re.search(r"^\s*language\s*=\s*[\"'](nb|nn|en)[\"']", text, re.MULTILINE)
        language = cast("Language", said[1]) if said else "nb"
        at = re.search(r"line (\d+)", str(error))
        line = int(at[1]) if at else len(text.splitlines())
        notice = Notice("study.not_toml", file=file.name, values={"line": line})
        raise DataError(notice, language=language) from error
    return raw, raw["language"] if raw.get("language") in LANGUAGES else "nb"


def _fault(file: str, detail: ErrorDetails) -> Notice:
    """Say one of pydantic's findings as a notice."""
    location = [part for part in detail["loc"] if part != "[key]"]
    where = ".".join(_shown(location))
    kind, context = detail["type"], detail.get("ctx", {})
    wrong_key = "[key]" in detail["loc"] or kind == "extra_forbidden"
    if wrong_key:
        allowed = list(_allowed_keys(location[:-1]))
        return _unknown_key(file, where, str(location[-1]), allowed)
    values: dict[str, object] = {"where": where}
    if kind == "missing":
        code = "study.missing_source" if location[-1] == "source" else "study.missing_key"
    elif kind == "value_error":
        code = f"study.{context['error']}"
    elif kind == "literal_error":
        code, values["given"] = "study.not_allowed", _given(detail["input"])
        values["expected"] = str(context["expected"]).replace(" or ", ", ")
    elif kind in _LIMITS:
        code, values["limit"] = f"study.{_LIMITS[kind]}", float(context[_LIMIT_NAMES[kind]])
        values["given"] = _given(detail["input"])
    else:
        code = next((f"study.{to}" for start, to in _KINDS.items() if kind.startswith(start)), "")
    return Notice(code or "study.bad_value", file=file, values=values)


def _given(value: object) -> object:
    """Return what stands in the study file, short; a number as one, for the language to write."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return float(value)
    written = " ".join(str(value).split())
    return written if len(written) <= LONGEST_GIVEN else f"{written[: LONGEST_GIVEN - 1]}…"


_LIMITS = {
    "greater_than_equal": "too_small",
    "greater_than": "not_above",
    "less_than_equal": "too_large",
}
_LIMIT_NAMES = {"greater_than_equal": "ge", "greater_than": "gt", "less_than_equal": "le"}
_KINDS = {
    "string_too_short": "empty_text",
    "string": "not_text",
    "float": "not_number",
    "int": "not_whole_number",
    "finite": "not_number",
    "date": "not_date",
    "model": "not_section",
    "dict": "not_section",
    "list": "not_list",
    "too_short": "too_few",
    "tuple": "not_list",
}


def _shown(location: list[int | str]) -> Iterator[str]:
    """Count the entries of a list from one, as a reader does."""
    for part in location:
        yield str(part + 1) if isinstance(part, int) else part


def _unknown_key(file: str, where: str, key: str, allowed: list[str]) -> Notice:
    values = {"where": where, "allowed": ", ".join(allowed)}
    close = get_close_matches(key.casefold(), allowed, n=1, cutoff=0.5)
    if close:
        return Notice("study.unknown_key_near", file=file, values={**values, "near": close[0]})
    return Notice("study.unknown_key", file=file, values=values)


def _allowed_keys(location: list[int | str]) -> Iterator[str]:
    """Return the keys that may stand in a section of the study file."""
    kind: Any = StudyConfig
    for part in location:
        if isinstance(kind, type) and issubclass(kind, pydantic.BaseModel):
            fields = {field.alias or name: field for name, field in kind.model_fields.items()}
            kind = _section(fields[str(part)].annotation)
        else:
            kind = _section(get_args(kind)[-1])
    if isinstance(kind, type) and issubclass(kind, pydantic.BaseModel):
        yield from (field.alias or name for name, field in kind.model_fields.items())
    else:
        yield from get_args(get_args(kind)[0])


def _section(annotation: Any) -> Any:  # noqa: ANN401 - a type, of which typing has no name
    """Return the section behind an annotation like ``EntrancesConfig | None``."""
    inner = [one for one in get_args(annotation) if one is not type(None)]
    optional = type(None) in get_args(annotation)
    return inner[0] if optional else annotation


def _criterion_faults(file: str, raw: Mapping[str, Any]) -> Iterator[Notice]:
    """Find names of criteria that there are none of, whatever else is wrong."""

    def check(where: str, key: object) -> Iterator[Notice]:
        if isinstance(key, str) and key not in CRITERION_KEYS:
            yield _unknown_key(file, where, key, list(CRITERION_KEYS))

    for key in _table(raw.get("criteria")):
        yield from check(f"criteria.{key}", key)
    for place, weight_set in enumerate(_rows(raw.get("weight_sets")), start=1):
        for key in _table(weight_set.get("weights")):
            yield from check(f"weight_sets.{place}.weights.{key}", key)
    for place, constraint in enumerate(_rows(raw.get("constraints")), start=1):
        yield from check(f"constraints.{place}.criterion", constraint.get("criterion"))


def _table(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _rows(value: object) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _meaning_faults(file: str, config: StudyConfig) -> Iterator[Notice]:
    """Find what is well formed but cannot be meant."""
    counted = Counter(constraint.key for constraint in config.constraints)
    for key in sorted(key for key, count in counted.items() if count > 1):
        yield Notice("study.duplicate_constraint", file=file, values={"constraint": key})
    for place, constraint in enumerate(config.constraints, start=1):
        low, high = constraint.min, constraint.max
        if low is not None and high is not None and low > high:
            where = f"constraints.{place}"
            yield Notice("study.min_above_max", file=file, values={"where": where})
    for weight_set in config.weight_sets:
        if not any(weight_set.weights.values()):
            values = {"where": f"weight_sets «{weight_set.name}»"}
            yield Notice("study.zero_weights", file=file, values=values)
    overridden = [one.weight for one in config.criteria.values() if one.weight is not None]
    if len(overridden) == len(CRITERION_KEYS) and not any(overridden):
        yield Notice("study.zero_weights", file=file, values={"where": "criteria"})


def _metric(written: object, file: str, faults: list[Notice]) -> pyproj.CRS | None:
    """Return the study's system if lengths can be measured in it."""
    if not isinstance(written, str):
        return None
    try:
        crs = horizontal(pyproj.CRS.from_user_input(written))
    except pyproj.exceptions.CRSError:
        faults.append(Notice("study.unknown_crs", file=file, values={"crs": written}))
        return None
    metric = crs.is_projected and all(axis.unit_conversion_factor == 1 for axis in crs.axis_info)
    if not metric:
        faults.append(Notice("study.crs_not_metric", file=file, values={"crs": written}))
        return None
    return crs
