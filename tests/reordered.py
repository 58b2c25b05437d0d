"""The same answer as if its input had been read in the opposite order."""

from dataclasses import replace

import pandas as pd

from tomteanalyse.assessment import Assessment
from tomteanalyse.measures.measurement import Measurement


def reversed_input(assessment: Assessment) -> Assessment:
    """Return the same answer with every table's rows in the opposite order."""
    study, evaluation = assessment.study, assessment.evaluation
    return replace(
        assessment,
        study=replace(
            study,
            plots=study.plots.iloc[::-1],
            units=study.units.iloc[::-1],
            inputs=study.inputs[::-1],
            dropped=study.dropped.iloc[::-1],
        ),
        amenities=assessment.amenities.iloc[::-1],
        measurements={
            name: Measurement(**_turned(vars(each)))
            for name, each in reversed(assessment.measurements.items())
        },
        routes=assessment.routes.iloc[::-1],
        network_cuts=assessment.network_cuts.iloc[::-1],
        evaluation=replace(
            evaluation,
            **{
                name: part
                for name, part in _turned(vars(evaluation)).items()
                if not name.startswith("weight")
            },
        ),
        shortcuts=replace(
            assessment.shortcuts,
            # The tables are sorted as they are made; what is by plot follows the plots.
            **{
                name: part
                for name, part in _turned(vars(assessment.shortcuts)).items()
                if isinstance(part, pd.Series)
            },
        ),
        robustness=replace(assessment.robustness, **_turned(vars(assessment.robustness))),
    )


def _turned(parts: dict[str, object]) -> dict[str, object]:
    return {
        name: part.iloc[::-1]
        for name, part in parts.items()
        if isinstance(part, pd.Series | pd.DataFrame)
    }
