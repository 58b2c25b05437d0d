"""The main job, in the order of the work: study → survey → evaluation → assessment → result."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pandas as pd

from tomteanalyse.assessment import Assessment
from tomteanalyse.errors import DataError, Notice
from tomteanalyse.inputs.reading import read_study
from tomteanalyse.inputs.study_file import read_study_file
from tomteanalyse.measures.measurement import Measurement
from tomteanalyse.measures.survey import survey
from tomteanalyse.scoring.checks import config_faults, config_warnings
from tomteanalyse.scoring.constraints import clearing_verdicts
from tomteanalyse.scoring.evaluation import evaluate, ranking_order, with_verdicts
from tomteanalyse.scoring.explanation import Comparison, Explanation, compare, explain
from tomteanalyse.scoring.plot_names import plot_meant
from tomteanalyse.scoring.robustness import acceptability
from tomteanalyse.scoring.way_explanation import WayExplanation, explain_ways
from tomteanalyse.scoring.wording import Words
from tomteanalyse.study import Study
from tomteanalyse.texts import Language, catalog
from tomteanalyse.views.outputs import Output, write_result
from tomteanalyse.views.ranking import ranking_table

if TYPE_CHECKING:
    import folium

Stage = Literal["reading", "measuring", "scoring", "looking", "drawing", "writing"]
Measurements = Mapping[str, Measurement]
ROUTES_FOR = 200
"""Ways are drawn for so many of the best plots; a map of thousands of ways shows nothing."""


def check(path: Path) -> tuple[Study, tuple[Notice, ...]]:
    """Read everything and tell every fault at once, also those only the scoring would find.

    Returns
    -------
    tuple
        The study and the warnings.

    Raises
    ------
    DataError, PrivacyError
        All faults together.
    """
    try:
        study = read_study(path)
    except DataError as error:
        known = {(notice.code, str(notice.values)) for notice in error.notices}
        more = [
            notice
            for notice in _scoring_faults(path)
            if (notice.code, str(notice.values)) not in known
        ]
        raise type(error)(*error.notices, *more, language=error.language) from error
    faults = config_faults(study.config)
    if faults:
        raise DataError(*faults, language=study.config.language)
    return study, (*study.warnings, *config_warnings(study.config))


def _scoring_faults(path: Path) -> tuple[Notice, ...]:
    try:
        return config_faults(read_study_file(path).config)
    except DataError:
        return ()


def run(
    study: Study,
    *,
    closely: Sequence[str] = (),
    measured: Callable[[Measurements], Measurements] = lambda found: found,
    on_stage: Callable[[Stage], None] = lambda _: None,
) -> "Result":
    """Measure, score and rank the plots of a study.

    Parameters
    ----------
    study
        From `tomteanalyse.read_study`.
    closely
        Plots, by id or name, whose unsafe shortcuts are looked at closely, beside the best ones.
    measured
        Makes what is scored and shown of what was measured: the public edition tells classes.
    on_stage
        Called when a stage begins, to show progress.

    Raises
    ------
    DataError
        If the extract has no safe ways, or the study file's criteria cannot be scored.
    UsageError
        ``explain.unknown_plot``, ``explain.shared_name`` for a plot of `closely`.
    """
    named = [plot_meant(each, _plot_names(study)) for each in closely]
    on_stage("measuring")
    found = survey(study)
    on_stage("scoring")
    measurements = measured(found.measurements)
    evaluation = evaluate(
        measurements,
        plots=study.plots,
        config=study.config,
        constraint_layers=study.constraint_layers,
        coverage_layers=study.coverage_layers,
    )
    settings = study.config.robustness
    robustness = acceptability(evaluation, draws=settings.draws, seed=settings.seed)
    order = ranking_order(evaluation)
    on_stage("looking")
    shortcuts = found.shortcuts.findings([*order[: study.config.shortcuts.closely], *named])
    evaluation = with_verdicts(evaluation, clearing_verdicts(shortcuts.must_clear))
    on_stage("drawing")
    best = order[:ROUTES_FOR]
    return Result(
        Assessment(
            study=study,
            amenities=found.amenities,
            measurements=measurements,
            routes=found.routes(best),
            network_cuts=found.cuts,
            network_report=found.network.counts,
            evaluation=evaluation,
            shortcuts=shortcuts,
            robustness=robustness,
            concentration=found.concentration,
            warnings=(*study.warnings, *config_warnings(study.config), *found.warnings),
        )
    )


@dataclass(frozen=True)
class Result:
    """The answer: a ranking with reasons, to look at, ask and write to disk.

    Parameters
    ----------
    assessment
        Everything that was read, measured and scored.
    """

    assessment: Assessment

    @property
    def ranking(self) -> pd.DataFrame:
        """One row per plot on ``plot_id``, best first (see `views.ranking.ranking_table`)."""
        return ranking_table(self.assessment)

    def explain(self, plot: str) -> Explanation:
        """Say why a plot, by id or name, got its place and what would change it.

        Raises
        ------
        UsageError
            ``explain.unknown_plot`` if the study has no such plot, ``explain.shared_name`` if
            several have the name.
        """
        found = self.assessment
        plot_id = plot_meant(plot, self._plot_names)
        return explain(
            found.evaluation,
            found.robustness,
            plot_id,
            measurements=found.measurements,
            shortcuts=found.shortcuts,
            concentration=found.concentration,
        )

    def ways(self, plot: str, to: str) -> tuple[WayExplanation, ...]:
        """Say how the ways from a plot, by id or name, to a destination run, step by step.

        Raises
        ------
        UsageError
            As for `explain`, and see `explain_ways`: there is no such destination, or several, or
            the plot was not looked at closely.
        """
        plot_id = plot_meant(plot, self._plot_names)
        return explain_ways(self.assessment.shortcuts, plot_id, to)

    def compare(self, plot: str, other: str) -> Comparison:
        """Say why one plot scores more than another, either by id or name.

        Raises
        ------
        UsageError
            As for `explain`.
        """
        found = self.assessment
        one, two = (plot_meant(each, self._plot_names) for each in (plot, other))
        return compare(
            found.evaluation,
            found.robustness,
            one,
            two,
            measurements=found.measurements,
            shortcuts=found.shortcuts,
        )

    def map(self, *, language: Language | None = None) -> "folium.Map":
        """Return the web map; it shows itself in a notebook."""
        from tomteanalyse.views.web_map import build_map  # folium is heavy

        return build_map(self.assessment, language=language or self._language)

    def words(self, language: Language | None = None) -> Words:
        """Return a language with the names of this study's plots and places, to say things in."""
        found = self.assessment
        return Words(
            catalog(language or self._language),
            plot_names=self._plot_names,
            place_names=found.amenities["name"].dropna().to_dict(),
        )

    def write(
        self, folder: Path, *, language: Language | None = None
    ) -> tuple[tuple[Output, ...], tuple[Notice, ...]]:
        """Write every output to `folder`, whole or not at all (see `write_result`)."""
        return write_result(self.assessment, folder, language=language or self._language)

    @property
    def _plot_names(self) -> dict[str, str]:
        return _plot_names(self.assessment.study)

    @property
    def _language(self) -> Language:
        return self.assessment.study.config.language


def _plot_names(study: Study) -> dict[str, str]:
    return {
        str(plot_id): str(plot_id) if pd.isna(name) else str(name)
        for plot_id, name in study.plots["name"].items()
    }
