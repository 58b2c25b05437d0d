"""Write what monitoring found into a folder, whole or not at all."""

from pathlib import Path
from typing import Any

from tomteanalyse.errors import Notice
from tomteanalyse.monitoring.found import Monitoring
from tomteanalyse.study import Study
from tomteanalyse.texts import Language, catalog
from tomteanalyse.views.geopackage import write_layers
from tomteanalyse.views.manifest import study_facts, write_manifest_facts
from tomteanalyse.views.monitoring.layers import monitoring_layers, monitoring_styles
from tomteanalyse.views.monitoring.sheets import sheets
from tomteanalyse.views.outputs import Output, folder_name, output_in
from tomteanalyse.views.provenance import MANIFEST, study_run_id
from tomteanalyse.views.release import release
from tomteanalyse.views.workbook import write_sheets

OUTPUTS = ("overvaking.gpkg", "overvaking.html", "overvaking.xlsx")


def write_monitoring(
    found: Monitoring, folder: Path, *, language: Language
) -> tuple[tuple[Output, ...], tuple[Notice, ...]]:
    """Write page, workbook, layers and manifest to `folder`.

    Parameters
    ----------
    found
        What to write.
    folder
        A new or empty folder, or an earlier result to replace.
    language
        Language of everything a person reads in it.

    Returns
    -------
    tuple
        The files written, the manifest last; and what the planner should know of files that were
        kept under another name.

    Raises
    ------
    UsageError
        If the folder may not or cannot be written; see `tomteanalyse.views.release`.
    """
    from tomteanalyse.views.monitoring.page import monitoring_page  # folium is heavy

    say, study = catalog(language), found.study
    asked = _asked(found)
    run = study_run_id(study, asked=asked)
    written: list[Output] = []

    def fill(new: Path) -> None:
        (new / "overvaking.html").write_text(monitoring_page(found, say=say), "utf-8", newline="\n")
        named = [
            (say(f"monitoring_tables.sheet.{sheet.key}"), sheet)
            for sheet in sheets(found, say, run=run)
        ]
        write_sheets(
            named,
            new / "overvaking.xlsx",
            study_name=study.config.name,
            run=run,
            say=say,
            title=f"{say('monitoring_page.title')} · {study.config.name}",
        )
        write_layers(
            monitoring_layers(found, say),
            monitoring_styles(found, say),
            new / "overvaking.gpkg",
            edition="internal",
            say=say,
        )
        facts = study_facts(study, run=run, warnings=found.warnings, language=language)
        write_manifest_facts(facts | {"monitoring": _facts(found, asked)}, new, OUTPUTS)
        written.extend(output_in(new, name) for name in (*OUTPUTS, MANIFEST))

    notices = release(folder, fill, study_folder=study.folder)
    return tuple(written), notices


def default_monitoring_folder(study: Study) -> Path:
    """Return where monitoring lies if nothing else is said: beside the study's result."""
    return folder_name(f"{study.config.name} – overvåking")


def _asked(found: Monitoring) -> dict[str, Any]:
    """Return what was asked for beside the study: with the same files, other days are a new run."""
    return {"days": [day.isoformat() for day in found.days], "step": found.step}


def _facts(found: Monitoring, asked: dict[str, Any]) -> dict[str, Any]:
    return asked | {
        "basis": found.basis,
        "grid": "SSB, EPSG:25833",
        "divisions": {
            key: {"areas": len(each.areas), "top_areas": each.top_areas}
            for key, each in found.geographies.items()
        },
        "late_corrections": len(found.known),
    }
