"""Write the whole public edition into a folder."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tomteanalyse.errors import Notice
from tomteanalyse.public_assessment import PublicAssessment, require_public
from tomteanalyse.publishing.release_register import Publication, told_digest
from tomteanalyse.publishing.released import WHOLE
from tomteanalyse.texts import Language
from tomteanalyse.views.manifest import manifest_facts, write_manifest_facts
from tomteanalyse.views.outputs import Output, output_in
from tomteanalyse.views.provenance import MANIFEST, run_id
from tomteanalyse.views.public.columns import public_ranking, public_sheets
from tomteanalyse.views.public.layers import write_public_geopackage
from tomteanalyse.views.public.page import write_public_page
from tomteanalyse.views.public.words import public_catalog
from tomteanalyse.views.release import release
from tomteanalyse.views.tables import write_columns
from tomteanalyse.views.workbook import write_sheets

FOLDER = "offentlig"
PAGE = "kart.html"
OUTPUTS = (PAGE, "rangering.csv", "rangering.xlsx", "resultat.gpkg")

OPEN_FACTS = (
    "product",
    "format",
    "run_id",
    "study",
    "language",
    "inputs",
    "dropped",
    "corrections",
    "openstreetmap",
    "network",
    "crs",
    "criteria",
    "shortcuts",
    "undecided",
    "robustness",
    "warnings",
    "versions",
)
"""What of the internal manifest can be told when it is made without the register."""
SECRET_SECTIONS = ("register", "addresses")
"""Sections of the study file that are not told, though they are back at their defaults."""
SECRET_KEYS = frozenset({"columns", "releases"})
"""What no section tells: how a file's columns are called, which may be the register's words too."""
OPEN_COUNTS = ("plots", "plots_ranked", "entrances", "amenities")


def write_public(
    found: PublicAssessment,
    folder: Path,
    *,
    language: Language,
    approve: Callable[[Path], None],
) -> tuple[tuple[Output, ...], tuple[Notice, ...]]:
    """Write map, tables, GeoPackage and manifest to `folder`, whole or not at all.

    Parameters
    ----------
    found
        What to write.
    folder
        Where it shall lie: a new or empty folder, or an earlier edition to replace.
    language
        Language of everything a person reads in it.
    approve
        Looks through all of it before it is put in place; what it raises stops that.

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
    public = require_public(found)
    written: list[Output] = []

    def fill(new: Path) -> None:
        write_public_files(public, new, language=language)
        written.extend(output_in(new, name) for name in (*OUTPUTS, MANIFEST))

    notices = release(folder, fill, study_folder=public.study.folder, approve=approve)
    return tuple(written), notices


def write_public_files(found: PublicAssessment, folder: Path, *, language: Language) -> None:
    """Write every file of the public edition into a folder."""
    public, say = require_public(found), public_catalog(language)
    write_public_page(public, folder / PAGE, language=language)
    columns = public_ranking(public, say)
    write_columns(columns, folder / "rangering.csv", edition="public", say=say)
    write_sheets(
        public_sheets(public, say),
        folder / "rangering.xlsx",
        study_name=public.study.config.name,
        run=run_id(public.ranked),
        say=say,
        edition="public",
    )
    write_public_geopackage(public, folder / "resultat.gpkg", language=language)
    write_manifest_facts(public_facts(public, language=language), folder, OUTPUTS)


def public_facts(found: PublicAssessment, *, language: Language) -> dict[str, Any]:
    """Return what the public manifest tells: nothing that was counted or read in the register."""
    public = require_public(found)
    everything = manifest_facts(public.ranked, language=language)
    configuration = {
        name: _without_secrets(section)
        for name, section in everything["configuration"].items()
        if name not in SECRET_SECTIONS
    }
    return {
        **{name: everything[name] for name in OPEN_FACTS},
        "edition": "public",
        "configuration": configuration,
        "counts": {name: everything["counts"][name] for name in OPEN_COUNTS},
        "classes": {
            key: [[each.key, each.least, each.counts_as] for each in classes]
            for key, classes in public.classes.items()
        },
        "publications": [_publication(each) for each in public.publications],
    }


def _without_secrets(section: Any) -> Any:  # noqa: ANN401 - JSON
    if isinstance(section, dict):
        return {key: each for key, each in section.items() if key not in SECRET_KEYS}
    return section


def published(folder: Path) -> list[str]:
    """Return the fingerprints of what an earlier edition says has been told, in order.

    An edition that cannot be read says none. See `told_digest`.
    """
    try:
        manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
        return [str(each["told_sha256"]) for each in manifest["publications"]]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return []


def _publication(each: Publication) -> dict[str, Any]:
    told = each.released.told
    return {
        "day": each.day.isoformat(),
        "floor": each.released.floor,
        "reason": each.reason,
        "homes": told[WHOLE].homes if WHOLE in told else None,
        "cells_told": sum(node != WHOLE for node in told),
        "told_sha256": told_digest(each),
    }
