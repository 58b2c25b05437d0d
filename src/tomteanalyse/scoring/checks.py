"""What in a study file cannot be scored, and what the planner should know though it can."""

import math
from collections import Counter
from collections.abc import Iterable
from difflib import get_close_matches

from tomteanalyse.config import StudyConfig
from tomteanalyse.errors import Notice
from tomteanalyse.scoring.criteria import CRITERIA
from tomteanalyse.scoring.profiles import profile, swings_in_use
from tomteanalyse.scoring.value_functions import PiecewiseLinear
from tomteanalyse.texts import Phrase

STUDY_FILE = "tomteanalyse.toml"
SLIGHT = 10.0
"""A weight below this, beside a profile whose heaviest is 100, was likely meant on another scale:
as a share (0.25), or as "twice as much" (2)."""
KEYS = tuple(criterion.key for criterion in CRITERIA)


def config_faults(config: StudyConfig) -> tuple[Notice, ...]:
    """Return every reason why the study file's criteria, weights and limits cannot be used."""
    return (
        *_unknown_criteria(config),
        *_bad_anchors(config),
        *_bad_limits(config),
        *_repeated(config),
        *_zero_weights(config),
    )


def config_warnings(config: StudyConfig) -> tuple[Notice, ...]:
    """Return what the planner should know about the study file's choices."""
    step, form = config.profile.step, config.profile.housing_form
    warnings = []
    if not profile(step, form).described:
        values: dict[str, object] = {"step": step, "form": Phrase(f"profile.form.{form}")}
        warnings.append(Notice("profile.not_described", STUDY_FILE, values=values))
    weighted = [key for key in KEYS if (c := config.criteria.get(key)) and c.weight is not None]
    slight = [key for key in weighted if 0 < (config.criteria[key].weight or 0) < SLIGHT]
    if slight and (swings_in_use(config)["swing"].drop(weighted) >= SLIGHT).any():
        values = {"criteria": ", ".join(slight)}
        warnings.append(Notice("scoring.slight_weight", STUDY_FILE, values=values))
    warnings += [
        Notice("scoring.no_coverage", STUDY_FILE, values={"constraint": each.key})
        for each in config.constraints
        if each.file is not None and each.coverage is None
    ]
    return tuple(warnings)


def _unknown_criteria(config: StudyConfig) -> Iterable[Notice]:
    named = [(f"[criteria.{key}]", key) for key in config.criteria]
    named += [
        (f"[[constraints]] {each.key}", each.criterion)
        for each in config.constraints
        if each.criterion is not None
    ]
    named += [
        (f"[[weight_sets]] {each.name}", key) for each in config.weight_sets for key in each.weights
    ]
    for place, key in named:
        if key not in KEYS:
            guess = get_close_matches(key, KEYS, n=1, cutoff=0.0)[0]
            values = {"name": key, "place": place, "guess": guess, "known": ", ".join(KEYS)}
            yield Notice("scoring.unknown_criterion", STUDY_FILE, values=values)


def _bad_anchors(config: StudyConfig) -> Iterable[Notice]:
    for key, section in config.criteria.items():
        if section.anchors is not None:
            try:
                PiecewiseLinear(tuple(section.anchors))
            except ValueError:
                yield Notice("scoring.bad_anchors", STUDY_FILE, values={"name": key})


def _bad_limits(config: StudyConfig) -> Iterable[Notice]:
    for each in config.constraints:
        low = -math.inf if each.min is None else each.min
        high = math.inf if each.max is None else each.max
        if not low <= high:
            yield Notice("scoring.bad_limits", STUDY_FILE, values={"constraint": each.key})


def _repeated(config: StudyConfig) -> Iterable[Notice]:
    for name, count in Counter(each.name for each in config.weight_sets).items():
        if count > 1:
            values = {"name": name, "count": count}
            yield Notice("scoring.repeated_weight_set", STUDY_FILE, values=values)


def _zero_weights(config: StudyConfig) -> Iterable[Notice]:
    if not (swings_in_use(config)["swing"] > 0).any():
        yield Notice("scoring.zero_weights", STUDY_FILE, values={"place": "[criteria]"})
    for each in config.weight_sets:
        if not any(weight > 0 for weight in each.weights.values()):
            place = f"[[weight_sets]] {each.name}"
            yield Notice("scoring.zero_weights", STUDY_FILE, values={"place": place})
