"""Write what moves would do into a folder, whole or not at all."""

from pathlib import Path

from tomteanalyse.dilution.found import Dilution
from tomteanalyse.errors import Notice
from tomteanalyse.texts import Language, catalog
from tomteanalyse.views.dilution.columns import sheets
from tomteanalyse.views.dilution.facts import asked, run_of
from tomteanalyse.views.manifest import study_facts, write_manifest_facts
from tomteanalyse.views.outputs import Output, folder_name, output_in
from tomteanalyse.views.provenance import MANIFEST
from tomteanalyse.views.release import release
from tomteanalyse.views.workbook import write_sheets

OUTPUTS = ("fortynning.html", "fortynning.xlsx")


def write_dilution(
    found: Dilution, folder: Path, *, language: Language
) -> tuple[tuple[Output, ...], tuple[Notice, ...]]:
    """Write map, tables and manifest to `folder`.

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
    from tomteanalyse.views.dilution.page import dilution_page  # folium is heavy

    say, run = catalog(language), run_of(found)
    study = found.study
    written: list[Output] = []

    def fill(new: Path) -> None:
        page = dilution_page(found, say=say)
        (new / "fortynning.html").write_text(page, "utf-8", newline="\n")
        named = [
            (say(f"dilution.sheet.{sheet.key}"), sheet) for sheet in sheets(found, say, run=run)
        ]
        title = f"{say('dilution.page.title')} · {study.config.name}"
        write_sheets(
            named,
            new / "fortynning.xlsx",
            study_name=study.config.name,
            run=run,
            say=say,
            title=title,
        )
        told = study_facts(study, run=run, warnings=found.warnings, language=language)
        more = {
            "dilution": {
                **asked(found)["dilute"],
                "basis": found.basis,
                "parameters": dict(found.parameters or {}),
                "moves": len(found.moves),
                "plan": list(found.plan),
            }
        }
        write_manifest_facts({**told, **more}, new, OUTPUTS)
        written.extend(output_in(new, name) for name in (*OUTPUTS, MANIFEST))

    notices = release(folder, fill, study_folder=study.folder)
    return tuple(written), notices


def default_dilution_folder(study_name: str) -> Path:
    """Return where the answer lies if nothing else is said: beside the study's result."""
    return folder_name(f"{study_name} – fortynning")
