"""Write the whole result of a run into a folder."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tomteanalyse.assessment import Assessment
from tomteanalyse.errors import Notice
from tomteanalyse.study import Study
from tomteanalyse.texts import Language
from tomteanalyse.views.geopackage import write_geopackage
from tomteanalyse.views.manifest import write_manifest
from tomteanalyse.views.provenance import MANIFEST, file_sha256
from tomteanalyse.views.ranking_file import write_csv
from tomteanalyse.views.release import release
from tomteanalyse.views.workbook import write_xlsx

RESULTS = Path("maps")
OUTPUTS = ("kart.html", "rangering.csv", "rangering.xlsx", "resultat.gpkg")

_LONGEST_NAME = 80
_NOT_IN_NAMES = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]+')
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


@dataclass(frozen=True)
class Output:
    """One file of a result.

    Parameters
    ----------
    name
        Its name in the result folder.
    sha256
        Its fingerprint.
    size
        Its size [bytes].
    """

    name: str
    sha256: str
    size: int

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON-ready data."""
        return {"name": self.name, "sha256": self.sha256, "bytes": self.size}


def write_result(
    assessment: Assessment, folder: Path, *, language: Language
) -> tuple[tuple[Output, ...], tuple[Notice, ...]]:
    """Write map, tables, GeoPackage and manifest to `folder`, whole or not at all.

    Parameters
    ----------
    assessment
        What to write.
    folder
        Where the result shall lie: a new or empty folder, or an earlier result to replace.
    language
        Language of everything a person reads in it.

    Returns
    -------
    tuple
        The files written, the manifest last; and what the planner should know of files that
        were kept under another name.

    Raises
    ------
    UsageError
        If the folder may not or cannot be written; see `tomteanalyse.views.release`.
    """
    written: list[Output] = []

    def fill(new: Path) -> None:
        _write_map(assessment, new / "kart.html", language=language)
        write_csv(assessment, new / "rangering.csv", language=language)
        write_xlsx(assessment, new / "rangering.xlsx", language=language)
        write_geopackage(assessment, new / "resultat.gpkg", language=language)
        write_manifest(assessment, new, OUTPUTS, language=language)
        written.extend(output_in(new, name) for name in (*OUTPUTS, MANIFEST))

    notices = release(folder, fill, study_folder=assessment.study.folder)
    return tuple(written), notices


def default_folder(study: Study) -> Path:
    """Return where a study's result lies if nothing else is said: ``maps/<study name>``."""
    return folder_name(study.config.name)


def folder_name(name: str) -> Path:
    """Return the folder among the results that bears a name, as any disk allows it."""
    allowed = _NOT_IN_NAMES.sub("-", name)[:_LONGEST_NAME].strip(" .-")
    if not allowed or _RESERVED.fullmatch(allowed):
        allowed = f"studie {allowed}".strip()
    return RESULTS / allowed


def _write_map(assessment: Assessment, path: Path, *, language: Language) -> None:
    from tomteanalyse.views.web_map import build_map, page

    html = page(build_map(assessment, language=language))
    path.write_text(html, "utf-8", newline="\n")


def output_in(folder: Path, name: str) -> Output:
    """Return what is told of a file that has been written."""
    path = folder / name
    return Output(path.name, file_sha256(path), path.stat().st_size)
