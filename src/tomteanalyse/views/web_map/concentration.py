"""What the page tells of concentration: around every plot, and over the municipality."""

from typing import Any

import numpy as np

from tomteanalyse.assessment import Assessment
from tomteanalyse.measures.concentration.around import NEAREST
from tomteanalyse.measures.concentration.homes import RADII_M
from tomteanalyse.scoring.concentration_account import WAYS
from tomteanalyse.scoring.concentration_text import basis_text, municipality_lines
from tomteanalyse.texts import LANGUAGES, catalog
from tomteanalyse.views.web_map.packing import pack_floats


def concentration_data(assessment: Assessment, order: list[str]) -> dict[str, Any]:
    """Return concentration around the plots, packed, in `order`; internal.

    Returns
    -------
    dict
        ``basis`` and ``municipality`` (sentences) by language, ``planned`` (homes, NaN where nobody
        says), ``homes`` (``within``, ``today``, ``then``) and ``shares`` (``way``, ``nearest``,
        ``today``, ``then``, ``low``, ``high``), smallest first; ``shares`` is empty where the study
        names no dwellings. `page/concentration.js` reads it.
    """
    found = assessment.concentration
    table = found.plots.loc[order]

    def packed(name: str) -> str:
        return pack_floats(table[name].to_numpy(dtype=np.float64, na_value=np.nan))

    return {
        "basis": {
            language: basis_text(found.basis, found.dwellings, catalog(language))
            for language in LANGUAGES
        },
        "municipality": {
            language: municipality_lines(found, catalog(language)) for language in LANGUAGES
        },
        "planned": packed("planned_homes"),
        "homes": [
            {
                "within": radius,
                "today": packed(f"homes_{radius}"),
                "then": packed(f"homes_{radius}_planned"),
            }
            for radius in RADII_M
        ],
        "shares": [
            {
                "way": way,
                "nearest": nearest,
                "today": packed(f"share_{nearest}_{way}"),
                "then": packed(f"share_{nearest}_{way}_planned"),
                "low": packed(f"share_{nearest}_{way}_low"),
                "high": packed(f"share_{nearest}_{way}_high"),
            }
            for way in WAYS
            for nearest in NEAREST
        ]
        if found.basis is not None
        else [],
    }
