"""What the page tells about the analysis: what it was made of, how, and what it does not say."""

from typing import Any

import tomteanalyse
from tomteanalyse.assessment import Assessment
from tomteanalyse.measures.concentration.homes import STEP_WEIGHTS
from tomteanalyse.texts import LANGUAGES, catalog
from tomteanalyse.views.corrections import correction_lines
from tomteanalyse.views.provenance import input_facts, run_id


def account(assessment: Assessment, *, left_out: int) -> dict[str, Any]:
    """Return facts about the run, and its warnings in every language.

    Parameters
    ----------
    assessment
        The answer.
    left_out
        How many things could not be drawn.

    Returns
    -------
    dict
        ``edition``: whom it is for; ``name``, ``note``, ``step``, ``form``: what was asked;
        ``credit`` (None for OpenStreetMap's own), ``osm_date``, ``inputs`` (role, name, rows read,
        rows left out), ``register_date``, ``crs``, ``draws``, ``seed``, ``drawn``,
        ``step_weights``, ``run`` and ``version``: what it was made of; ``warnings`` and
        ``corrections`` of the map by language, ``dropped`` and ``left_out``.
    """
    study, robustness = assessment.study, assessment.robustness
    config = study.config
    weighting = config.concentration.step_weights if config.concentration else STEP_WEIGHTS
    return {
        "edition": "internal",
        "name": config.name,
        "note": config.note,
        "step": config.profile.step,
        "form": config.profile.housing_form,
        "credit": config.extract.attribution,
        "osm_date": study.extract.timestamp,
        "inputs": [
            [each["role"], each["name"], each["read"], each["dropped"]]
            for each in input_facts(study)
        ],
        "register_date": config.units.on.isoformat() if config.units.on else None,
        "crs": config.crs,
        "draws": robustness.draws,
        "seed": robustness.seed,
        "drawn": robustness.drawn,
        "step_weights": [[str(step), float(weight)] for step, weight in weighting.items()],
        "run": run_id(assessment),
        "version": tomteanalyse.__version__,
        "warnings": {
            language: [warning.text(language) for warning in assessment.warnings]
            for language in LANGUAGES
        },
        "corrections": {
            language: correction_lines(study.corrections, catalog(language))
            for language in LANGUAGES
        },
        "dropped": len(study.dropped),
        "left_out": left_out,
    }
