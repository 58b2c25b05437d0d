"""``kjoring.json``: what a result was made of, so that it can be checked and made again."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tomteanalyse.assessment import Assessment
from tomteanalyse.measures.shortcuts.destinations import CATEGORY_WEIGHTS
from tomteanalyse.measures.shortcuts.places import (
    NEAR_M,
    SAME_BARRIER_M,
    SHOWN_RISK,
    SHOWN_SAVING_M,
)
from tomteanalyse.scoring.criteria import source_text
from tomteanalyse.texts import Catalog, Language, catalog
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
    manifest = manifest_facts(assessment, language=language) | dict(more or {})
    manifest["outputs"] = [_output(folder / name) for name in sorted(outputs)]
    manifest["checksum"] = manifest_checksum(manifest)
    written = json.dumps(manifest, ensure_ascii=False, allow_nan=False, indent=1)
    (folder / MANIFEST).write_text(f"{written}\n", "utf-8", newline="\n")


def manifest_facts(assessment: Assessment, *, language: Language) -> dict[str, Any]:
    """Return everything in the manifest that does not hang on the files written."""
    study, robustness = assessment.study, assessment.robustness
    say, shortcuts = catalog(language), assessment.shortcuts
    own = study.config.extract.attribution
    return {
        "product": PRODUCT,
        "format": FORMAT,
        "run_id": run_id(assessment),
        "study": study.config.name,
        "edition": "internal",
        "language": language,
        "inputs": input_facts(study),
        "dropped": _dropped(assessment),
        "corrections": correction_facts(study.corrections),
        "openstreetmap": {
            "timestamp": study.extract.timestamp,
            "licence": None if own else OSM_LICENCE,
            "attribution": own or "© OpenStreetMap contributors",
        },
        "counts": _counts(assessment),
        "network": {str(key): int(count) for key, count in assessment.network_report.items()},
        "crs": study.crs.to_string(),
        "configuration": configuration(study),
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
        "undecided": undecided(assessment),
        "robustness": {
            "seed": robustness.seed,
            "draws": robustness.draws,
            "plots_drawn": robustness.drawn,
        },
        "warnings": [notice.as_dict(language) for notice in assessment.warnings],
        "versions": dict(versions()),
    }


def _output(path: Path) -> dict[str, Any]:
    whole, content = file_sha256(path), content_sha256(path)
    # Only a database has a part that changes when it is looked at.
    beside = {} if content == whole else {"content_sha256": content}
    return {"name": path.name, "bytes": path.stat().st_size, "sha256": whole, **beside}


def _dropped(assessment: Assessment) -> list[dict[str, Any]]:
    dropped = assessment.study.dropped
    order = dropped.sort_values(["file", "row", "id"], kind="stable")
    return [
        {
            "file": without_folder(str(row["file"])),
            **{key: plain(row[key]) for key in ("row", "id", "reason")},
        }
        for row in order.to_dict("records")
    ]


def _counts(assessment: Assessment) -> dict[str, int]:
    study, evaluation = assessment.study, assessment.evaluation
    return {
        "plots": len(study.plots),
        "plots_ranked": int(evaluation.rank.notna().sum()),
        "entrances": len(study.entrances),
        "units": len(study.units),
        "units_current": int(study.units["current"].sum()),
        "homes_current": int(study.units.loc[study.units["current"], "homes"].sum()),
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
