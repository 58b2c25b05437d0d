"""What the manifest says of concentration: what shares are shares of, and how it was measured."""

from dataclasses import asdict
from typing import Any

from tomteanalyse.assessment import Assessment
from tomteanalyse.measures.concentration.among import IN_CELL_M, SAME_HOUSE_M
from tomteanalyse.measures.concentration.around import MOST_ON_FOOT, NEAREST
from tomteanalyse.measures.concentration.grid import SMALL_M
from tomteanalyse.measures.concentration.homes import RADII_M
from tomteanalyse.measures.concentration.municipality import DRAWS, SEED
from tomteanalyse.measures.concentration.on_foot import LONGEST_WALK_M
from tomteanalyse.measures.concentration.small_areas import FALSE_DISCOVERIES
from tomteanalyse.views.ranking import plain


def concentration_facts(assessment: Assessment) -> dict[str, Any]:
    """Return them as JSON-ready data; internal, since the indices follow from the register."""
    found = assessment.concentration
    return {
        "shares_of": found.basis,
        "dwellings": found.dwellings,
        "building_limit": found.limit,
        "indices": {
            name: {part: plain(figure) for part, figure in asdict(index).items()}
            for name, index in found.indices.items()
        },
        "top_areas": found.top_areas,
        "hot_cells": int(found.cells["hot"].fillna(value=False).sum()),
        "parameters": {
            "radii_m": list(RADII_M),
            "nearest": list(NEAREST),
            "longest_walk_m": LONGEST_WALK_M,
            "most_plots_on_foot": MOST_ON_FOOT,
            "same_house_m": SAME_HOUSE_M,
            "same_cell_m": IN_CELL_M,
            "cell_m": SMALL_M,
            "false_discoveries": FALSE_DISCOVERIES,
            "random_labellings": DRAWS,
            "seed": SEED,
        },
    }
