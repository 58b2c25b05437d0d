"""The one JSON text that carries everything the page shows."""

import json
import re
from typing import Any

import numpy as np
import pandas as pd
import shapely

from tomteanalyse.assessment import Assessment
from tomteanalyse.scoring.evaluation import GRADES
from tomteanalyse.scoring.wording import DECIMALS, TIMES
from tomteanalyse.texts import Catalog
from tomteanalyse.views.palette import GRADE_COLOURS, UNMEASURED
from tomteanalyse.views.ranking import ranking_table, undecided
from tomteanalyse.views.web_map.account import account
from tomteanalyse.views.web_map.background import background, frame
from tomteanalyse.views.web_map.concentration import concentration_data
from tomteanalyse.views.web_map.grid import grade_grid
from tomteanalyse.views.web_map.offered_profiles import offered_profiles
from tomteanalyse.views.web_map.online import tiles_for
from tomteanalyse.views.web_map.packing import pack_points, pack_shapes
from tomteanalyse.views.web_map.page_texts import page_texts
from tomteanalyse.views.web_map.places import amenities_in, network_cuts, registered_homes
from tomteanalyse.views.web_map.plot_data import plot_data
from tomteanalyse.views.web_map.shortcuts import drawable_ways, shortcut_data
from tomteanalyse.views.web_map.showable import showable

MOST_IN_FULL = 5_000
LEADING = 500
"""How many plots are shown in full where there are more than `MOST_IN_FULL`."""

SWING_DECIMALS = 6
"""Weights are whole multiples of 1/2^40; 60 swing points come back as 60, not as 59.9999999."""

_RISKY = re.compile("[<>&\u2028\u2029\ud800-\udfff]")


def payload(assessment: Assessment, *, say: Catalog) -> dict[str, Any]:
    """Return what the page shows as plain data; texts are finished, geometry is packed.

    Parameters
    ----------
    assessment
        The answer.
    say
        The texts, in the page's language.
    """
    order_of_all = ranking_table(assessment).index
    assessment, left_out = showable(assessment)
    study = assessment.study
    everyone = order_of_all[order_of_all.isin(study.plots.index)].tolist()
    many = len(everyone) > MOST_IN_FULL
    order = everyone[:LEADING] if many else everyone
    shapes = study.plots.geometry.loc[order].to_numpy()
    routes = assessment.routes[assessment.routes["plot_id"].isin(order)]
    routes = routes.sort_values(["plot_id", "amenity_class"], kind="stable")
    paths = routes.geometry.to_numpy()
    around = (study.plots.geometry.to_numpy(), paths, drawable_ways(assessment.shortcuts, order))
    drawn = frame(study.extract, np.concatenate(around))
    nearest = {
        str(amenity_id)
        for criterion in assessment.evaluation.criteria
        for amenity_id in assessment.measurements[criterion.measure].nearest.loc[order].dropna()
    }
    amenities = amenities_in(assessment.amenities, drawn=drawn, nearest=nearest, crs=study.crs)
    numbered = {
        (str(plot_id), str(amenity_class)): number
        for number, (plot_id, amenity_class) in enumerate(
            zip(routes["plot_id"], routes["amenity_class"], strict=True)
        )
    }
    return {
        "language": say.language,
        "texts": page_texts(),
        "account": account(assessment, left_out=left_out),
        "online": tiles_for(drawn, crs=study.crs),
        "count": len(everyone),
        "undecided": _undecided(assessment),
        "grades": [
            {"letter": letter, "least": least, "colour": GRADE_COLOURS[letter]}
            for letter, least in GRADES
        ],
        "bare": UNMEASURED,
        "criteria": _criteria(assessment),
        "amenities": amenities.classes,
        "plots": plot_data(assessment, order, amenities=amenities, routes=numbered),
        "profiles": offered_profiles(assessment),
        "shapes": pack_shapes(shapely.simplify(shapes, 0.2), crs=study.crs),
        "spots": pack_points(
            shapely.get_coordinates(shapely.point_on_surface(shapes)), crs=study.crs
        ),
        "routes": pack_shapes(shapely.simplify(paths, 0.5), crs=study.crs),
        "shortcuts": shortcut_data(assessment, order),
        "concentration": concentration_data(assessment, order),
        "units": registered_homes(study.units, drawn=drawn, crs=study.crs),
        "cuts": network_cuts(assessment.network_cuts, drawn=drawn, crs=study.crs),
        "grid": grade_grid(
            study.plots.geometry.to_numpy(),
            assessment.evaluation.grade.loc[study.plots.index],
            crs=study.crs,
        )
        if many
        else None,
        "background": background(study.extract, drawn=drawn, plots=shapes, crs=study.crs),
    }


def as_json(data: dict[str, Any]) -> str:
    r"""Write data as JSON that may stand in a ``<script>`` element.

    ``<``, ``>``, ``&`` and the two line separators that older JavaScript takes for line ends are
    written as ``\uXXXX``; so are lone surrogates, which no encoding can write.
    """
    written = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return _RISKY.sub(lambda found: f"\\u{ord(found.group()):04x}", written)


def _undecided(assessment: Assessment) -> list[int] | None:
    """Return of how many criteria, out of how many in use, nobody has decided the figures."""
    count = len(undecided(assessment))
    return [count, int((assessment.evaluation.weights > 0).sum())] if count else None


def _criteria(assessment: Assessment) -> list[dict[str, Any]]:
    """Return how each criterion is valued and weighed, and who says so."""
    evaluation = assessment.evaluation
    most = float(evaluation.weights.max())
    rows = []
    for criterion in evaluation.criteria:
        weight = float(evaluation.weights[criterion.key])
        of_weight = evaluation.weight_decision[criterion.key]
        rows.append(
            {
                "key": criterion.key,
                "decimals": DECIMALS[criterion.unit],
                "times": TIMES[criterion.unit],
                "straight": criterion.measure.startswith("straight_"),
                "anchors": [[float(x), float(value)] for x, value in criterion.value.anchors],
                "source": criterion.source,
                "decision": criterion.decision,
                "adopted_weight": weight,
                "swing": round(100 * weight / most, SWING_DECIMALS),
                "weight_source": str(evaluation.weight_source[criterion.key]),
                "weight_decision": None if pd.isna(of_weight) else str(of_weight),
            }
        )
    return rows
