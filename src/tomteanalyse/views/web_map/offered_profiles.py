"""Weights that the page offers to try: each interested party's, and those of other profiles."""

from typing import Any

from tomteanalyse.assessment import Assessment
from tomteanalyse.scoring.profiles import DESCRIBED, profile


def offered_profiles(assessment: Assessment) -> list[dict[str, Any]]:
    """Return the study's weight sets, then the profiles that the sources describe.

    Each has ``swings`` (0-100, in the evaluation's order) and either ``name`` (of a weight set) or
    ``step`` and ``form``. A set's greatest weight becomes 100; what it does not name is 0.
    """
    keys = [criterion.key for criterion in assessment.evaluation.criteria]
    offered: list[dict[str, Any]] = []
    for each in assessment.study.config.weight_sets:
        most = max(each.weights.values())
        swings = [100 * each.weights.get(key, 0.0) / most for key in keys]
        offered.append({"name": each.name, "swings": swings})
    known = assessment.study.config.dwellings is not None
    for step, form in sorted(DESCRIBED):
        of_profile = profile(step, form, with_dwellings=known).swings
        swings = [float(of_profile[key].points) if key in of_profile else 0.0 for key in keys]
        offered.append({"step": step, "form": form, "swings": swings})
    return offered
