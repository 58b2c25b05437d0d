"""What if: the main job twice, before and after some corrections of the map, and what differs."""

from collections.abc import Callable
from pathlib import Path

from tomteanalyse.assessment import Assessment
from tomteanalyse.difference import Difference, difference
from tomteanalyse.inputs.corrections import with_corrections
from tomteanalyse.pipeline import Stage, run
from tomteanalyse.scoring.evaluation import ranking_order
from tomteanalyse.study import Study

FEW_PLOTS = 30
"""So many plots are all looked at closely."""


def what_if(
    study: Study, corrections: Path, *, on_stage: Callable[[Stage], None] = lambda _: None
) -> Difference:
    """Tell what some corrections would change for the plots of a study.

    Parameters
    ----------
    study
        From `tomteanalyse.read_study`; the corrections it has itself hold in both states.
    corrections
        The file of corrections to try.
    on_stage
        Called when a stage begins, to show progress.

    Raises
    ------
    DataError
        Every fault of the corrections, or of the study, in the study's language.
    """
    on_stage("reading")
    corrected = with_corrections(study, corrections)
    few = study.plots.index.astype(str).tolist() if len(study.plots) <= FEW_PLOTS else []
    before = run(study, closely=few, on_stage=on_stage).assessment
    after = run(corrected, closely=few or _best(before), on_stage=on_stage).assessment
    # Places can be compared only if the same plots were looked at closely in both states.
    missing = set() if few else {*_best(after)} - {*_best(before)}
    if missing:
        before = run(study, closely=sorted(missing), on_stage=on_stage).assessment
    return difference(before, after)


def _best(found: Assessment) -> list[str]:
    order = ranking_order(found.evaluation)[: found.study.config.shortcuts.closely]
    return [str(plot_id) for plot_id in order]
