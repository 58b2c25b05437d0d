"""Made-up plots and measurements for the tests of scoring."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely
from hypothesis import strategies as st

from tomteanalyse.config import StudyConfig
from tomteanalyse.measures.measurement import Measurement
from tomteanalyse.scoring.criteria import CRITERIA
from tomteanalyse.scoring.evaluation import Evaluation, evaluate

KEYS = [criterion.key for criterion in CRITERIA]
UNKNOWN = math.nan
UNREACHABLE = math.inf


def study(weights: Mapping[str, float] | None = None, **sections: Any) -> StudyConfig:
    """Return a study file; with `weights`, all other criteria weigh nothing."""
    criteria: dict[str, dict[str, Any]] = {}
    if weights is not None:
        criteria = {key: {"weight": weights.get(key, 0.0), "source": "testen"} for key in KEYS}
    for key, section in sections.pop("criteria", {}).items():
        criteria[key] = {**criteria.get(key, {}), "source": "testen", **section}
    profile = {"step": 4, "housing_form": "modulhus"}
    return StudyConfig.model_validate(
        {"name": "Prøve", "profile": profile, "criteria": criteria, **sections}
    )


def plots(ids: Sequence[str]) -> gpd.GeoDataFrame:
    """Return square plots of 10 m, 100 m apart along a line in the order of their ids."""
    index = pd.Index(ids, name="plot_id", dtype="str")
    west = [100 * sorted(ids).index(each) for each in ids]
    shapes = [shapely.box(x, 0, x + 10, 10) for x in west]
    return gpd.GeoDataFrame({"name": list(ids)}, index=index, geometry=shapes, crs="EPSG:25832")


def measurement(
    ids: Sequence[str], value: Sequence[float], *, doubt: float = 0.0, reason: str | None = None
) -> Measurement:
    index = pd.Index(ids, name="plot_id", dtype="str")
    best = pd.Series(value, index=index, dtype="float64")
    none = pd.Series(pd.NA, index=index, dtype="str")
    why = none.mask(best.isna(), reason) if reason else none
    return Measurement(best, best - doubt, best + doubt, none, why)


def measurements(
    table: Mapping[str, Mapping[str, float]], *, doubt: float = 0.0, elsewhere: float = 100.0
) -> dict[str, Measurement]:
    """Return measurements from plot -> criterion -> figure; what is not named is `elsewhere`."""
    ids = list(table)
    return {
        each.measure: measurement(
            ids, [table[plot].get(each.key, elsewhere) for plot in ids], doubt=doubt
        )
        for each in CRITERIA
    }


def evaluated(
    table: Mapping[str, Mapping[str, float]], config: StudyConfig, *, doubt: float = 0.0
) -> Evaluation:
    return evaluate(measurements(table, doubt=doubt), plots=plots(list(table)), config=config)


def measured_tables(figures: Any, *, smallest: int = 1, largest: int = 6) -> Any:
    """Return a hypothesis strategy of plot -> criterion -> figure."""
    row = st.fixed_dictionaries(dict.fromkeys(KEYS, figures))
    ids = st.text("ABCæø123", min_size=1, max_size=4)
    return st.dictionaries(ids, row, min_size=smallest, max_size=largest)


def limit(criterion: str, **bounds: Any) -> dict[str, Any]:
    return {"key": f"{criterion}_grense", "reason": "for langt", "source": "Vedtak", **bounds} | {
        "criterion": criterion
    }


BUS_AND_SHOP = study({"bus": 60, "grocery": 40})
# Bus 150 m -> 1 … 1000 m -> 0; grocery 300 m -> 1, 800 m -> 0.5, 1500 m -> 0.
BY_HAND = {
    "A": {"bus": 150, "grocery": 800},  # 60 + 20 = 80
    "B": {"bus": 575, "grocery": 300},  # 30 + 40 = 70
    "C": {"bus": 1000, "grocery": 1500},  # 0
    "D": {"bus": 150, "grocery": UNKNOWN},  # 60 + half of 40 = 80, 60 to 100
    "E": {"bus": UNREACHABLE, "grocery": 300},  # 0 + 40 = 40
}
figures = st.one_of(
    st.floats(0, 6000), st.just(UNKNOWN), st.just(UNREACHABLE), st.sampled_from([150.0, 400.0])
)
