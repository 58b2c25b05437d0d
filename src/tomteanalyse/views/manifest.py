"""``kjoring.json``: what a result was made of, so that it can be checked and made again."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tomteanalyse.assessment import Assessment
from tomteanalyse.errors import Notice
from tomteanalyse.measures.shortcuts.destinations import CATEGORY_WEIGHTS
from tomteanalyse.measures.shortcuts.places import (
    NEAR_M,
    SAME_BARRIER_M,
    SHOWN_RISK,
    SHOWN_SAVING_M,
)
from tomteanalyse.scoring.criteria import source_text
from tomteanalyse.study import Study
from tomteanalyse.texts import Catalog, Language, catalog
from tomteanalyse.views.concentration_facts import concentration_facts
from tomteanalyse.views.corrections import correction_facts
from tomteanalyse.views.provenance import (
    MANIFEST,
    PRODUCT,
    configuration,
    content_sha256,
    file_sha256,
    input_facts,
    manifest_checksum,
    run_id,
    versions,
    without_folder,
)
from tomteanalyse.views.ranking import plain, undecided

FORMAT = 1
"""Counted up when the meaning of a field changes."""

OSM_LICENCE = "ODbL-1.0"


def write_manifest(
    assessment: Assessment,
    folder: Path,
    outputs: Sequence[str],
    *,
    language: Language,
    more: Mapping[str, Any] | None = None,
) -> None:
    """Write the manifest of the outputs that lie in `folder`; no clock, no absolute path in it.

    Parameters
    ----------
    assessment
        What the outputs were made from.
    folder
        Where they lie.
    outputs
        Their names.
    language
        Language of the warnings' and sources' words.
    more
        Further entries.
    """
    facts = manifest_facts(assessment, language=language) | dict(more or {})
    write_manifest_facts(facts, folder, outputs)


def write_manifest_facts(facts: Mapping[str, Any], folder: Path, outputs: Sequence[str]) -> None:
    """Write a manifest of facts and of the outputs that lie in `folder`.

    Parameters
    ----------
    facts
        As `study_facts`, with what else is told.
    folder
        Where the outputs lie.
    outputs
        Their names.
    """
    manifest = dict(facts)
    manifest["outputs"] = [_output(folder / name) for name in sorted(outputs)]
    manifest["checksum"] = manifest_checksum(manifest)
    written = json.dumps(manifest, ensure_ascii=False, allow_nan=False, indent=1)
    (folder / MANIFEST).write_text(f"{written}\n", "utf-8", newline="\n")


def study_facts(
    study: Study, *, run: str, warnings: Sequence[Notice], language: Language
) -> dict[str, Any]:
    """Return what every manifest tells of the study an output was made from.

    Parameters
    ----------
    study
        What was read.
    run
        The run's id, see `study_run_id`.
    warnings
        What the planner was told.
    language
        Language of the warnings' words.
    """
    own = study.config.extract.attribution
    return {
        "product": PRODUCT,
        "format": FORMAT,
        "run_id": run,
        "study": study.config.name,
        "edition": "internal",
        "language": language,
        "inputs": input_facts(study),
        "dropped": _dropped(study),
        "corrections": correction_facts(study.corrections),
        "openstreetmap": {
            "timestamp": study.extract.timestamp,
            "licence": None if own else OSM_LICENCE,
            "attribution": own or "© OpenStreetMap contributors",
        },
        "counts": _study_counts(study),
        "crs": study.crs.to_string(),
        "configuration": configuration(study),
        "warnings": [notice.as_dict(language) for notice in warnings],
        "versions": dict(versions()),
    }


def manifest_facts(assessment: Assessment, *, language: Language) -> dict[str, Any]:
    """Return everything in the manifest that does not hang on the files written."""
    study, robustness = assessment.study, assessment.robustness
    say, shortcuts = catalog(language), assessment.shortcuts
    facts = study_facts(
        study, run=run_id(assessment), warnings=assessment.warnings, language=language
    )
    return facts | {
        "counts": facts["counts"] | _counts(assessment),
        "network": {str(key): int(count) for key, count in assessment.network_report.items()},
        "criteria": _criteria(assessment, say),
        "shortcuts": {
            "closely": sorted(map(str, shortcuts.index_fine.dropna().index)),
            "parameters": {name: dict(each) for name, each in shortcuts.parameters.items()},
            "category_weights": dict(CATEGORY_WEIGHTS),
            "shown": {
                "risk": SHOWN_RISK,
                "saving_m": SHOWN_SAVING_M,
                "same_barrier_m": SAME_BARRIER_M,
                "near_m": NEAR_M,
            },
            "crossing_places": len(shortcuts.places),
        },
        "concentration": concentration_facts(assessment),
        "undecided": undecided(assessment),
        "robustness": {
            "seed": robustness.seed,
            "draws": robustness.draws,
            "plots_drawn": robustness.drawn,
        },
    }


def _output(path: Path) -> dict[str, Any]:
    whole, content = file_sha256(path), content_sha256(path)
    # Only a database has a part that changes when it is looked at.
    beside = {} if content == whole else {"content_sha256": content}
    return {"name": path.name, "bytes": path.stat().st_size, "sha256": whole, **beside}


def _dropped(study: Study) -> list[dict[str, Any]]:
    order = study.dropped.sort_values(["file", "row", "id"], kind="stable")
    return [
        {
            "file": without_folder(str(row["file"])),
            **{key: plain(row[key]) for key in ("row", "id", "reason")},
        }
        for row in order.to_dict("records")
    ]


def _study_counts(study: Study) -> dict[str, int]:
    return {
        "plots": len(study.plots),
        "entrances": len(study.entrances),
        "units": len(study.units),
        "units_current": int(study.units["current"].sum()),
        "homes_current": int(study.units.loc[study.units["current"], "homes"].sum()),
    }


def _counts(assessment: Assessment) -> dict[str, int]:
    return {
        "plots_ranked": int(assessment.evaluation.rank.notna().sum()),
        "amenities": len(assessment.amenities),
    }


def _criteria(assessment: Assessment, say: Catalog) -> list[dict[str, Any]]:
    evaluation = assessment.evaluation
    return [
        {
            "key": criterion.key,
            "measure": criterion.measure,
            "unit": criterion.unit,
            "anchors": [[float(at), float(value)] for at, value in criterion.value.anchors],
            "source": source_text(criterion.source, say),
            "decision": criterion.decision,
            "weight": float(evaluation.weights[criterion.key]),
            "weight_source": source_text(evaluation.weight_source[criterion.key], say),
            "weight_decision": plain(evaluation.weight_decision[criterion.key]),
        }
        for criterion in evaluation.criteria
    ]
