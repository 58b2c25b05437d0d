"""Write what corrections would change into a folder, whole or not at all."""

import json
from pathlib import Path

from tomteanalyse.difference import Difference
from tomteanalyse.errors import Notice
from tomteanalyse.texts import Language, catalog
from tomteanalyse.views.manifest import write_manifest
from tomteanalyse.views.outputs import Output, folder_name, output_in
from tomteanalyse.views.provenance import MANIFEST, run_id
from tomteanalyse.views.release import release
from tomteanalyse.views.what_if.columns import sheets
from tomteanalyse.views.what_if.facts import facts
from tomteanalyse.views.workbook import write_sheets

OUTPUTS = ("hva_om.html", "hva_om.json", "hva_om.xlsx")


def write_difference(
    found: Difference, folder: Path, *, language: Language
) -> tuple[tuple[Output, ...], tuple[Notice, ...]]:
    """Write map, tables, data and manifest to `folder`.

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
    from tomteanalyse.views.what_if.page import what_if_page  # folium is heavy

    say = catalog(language)
    written: list[Output] = []

    def fill(new: Path) -> None:
        (new / "hva_om.html").write_text(what_if_page(found, say=say), "utf-8", newline="\n")
        told = json.dumps(facts(found, say), ensure_ascii=False, allow_nan=False, indent=1)
        (new / "hva_om.json").write_text(f"{told}\n", "utf-8", newline="\n")
        named = [(say(f"whatif.sheet.{sheet.key}"), sheet) for sheet in sheets(found, say)]
        study_name, run = found.after.study.config.name, run_id(found.after)
        title = f"{say('whatif.page.title')} · {study_name}"
        write_sheets(
            named, new / "hva_om.xlsx", study_name=study_name, run=run, say=say, title=title
        )
        more = {"what_if": {"run_before": run_id(found.before), "moved": found.moved}}
        write_manifest(found.after, new, OUTPUTS, language=language, more=more)
        written.extend(output_in(new, name) for name in (*OUTPUTS, MANIFEST))

    notices = release(folder, fill, study_folder=found.after.study.folder)
    return tuple(written), notices


def default_what_if_folder(study_name: str, corrections: Path) -> Path:
    """Return where the answer lies if nothing else is said: beside the study's result."""
    return folder_name(f"{study_name} – hva om {corrections.stem}")
