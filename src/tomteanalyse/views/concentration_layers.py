"""Concentration as layers of ``resultat.gpkg``: buildings and cells, and more fields of the plots.

Internal: every figure follows from the register.
"""

import geopandas as gpd
import pandas as pd

from tomteanalyse.assessment import Assessment
from tomteanalyse.texts import Catalog
from tomteanalyse.views.layer_styles import LayerStyle
from tomteanalyse.views.qml import categorized, fill, graduated, marker

BUILDINGS, CELLS = "concentration_buildings", "concentration_cells"
_HOT, _COLD = "#7a0177", "#f0f0f0"
_SHARES = (
    (0.0, 0.05, "#ffffcc"),
    (0.05, 0.1, "#a1dab4"),
    (0.1, 0.2, "#41b6c4"),
    (0.2, 1.0, "#225ea8"),
)
"""From light to dark; told apart also by those who see no red or green."""


def with_surroundings(plots: gpd.GeoDataFrame, assessment: Assessment) -> gpd.GeoDataFrame:
    """Return the plots' layer with concentration around them, today and with planned homes."""
    found = assessment.concentration.plots.reindex(plots["plot_id"])
    more = found.drop(columns=[name for name in found.columns if name in plots.columns])
    more = more.assign(shares_of=assessment.concentration.basis).set_axis(plots.index)
    # The geometry stays last.
    named = pd.concat([plots.drop(columns="geometry"), more], axis="columns")
    return gpd.GeoDataFrame(named, geometry=plots.geometry)


def concentration_layers(assessment: Assessment) -> dict[str, gpd.GeoDataFrame]:
    """Return the layers by name.

    Returns
    -------
    dict
        ``concentration_buildings``: a point a building that has a municipal home.
        ``concentration_cells``: cells of 250 m with a home or a dwelling. The field ``shares_of``
        says what the dwellings were taken from.
    """
    found = assessment.concentration
    return {
        BUILDINGS: found.buildings.reset_index().assign(shares_of=found.basis),
        CELLS: found.cells.reset_index().assign(shares_of=found.basis),
    }


def concentration_styles(say: Catalog) -> tuple[LayerStyle, ...]:
    """Return how QGIS draws them."""
    return (
        LayerStyle(BUILDINGS, say("concentration.style.buildings"), _buildings(say), True),
        LayerStyle(CELLS, say("concentration.style.share"), _shares(say), True),
        LayerStyle(CELLS, say("concentration.style.hot"), _hot(say), False),
    )


def _buildings(say: Catalog) -> str:
    # The shape tells them apart, not the colour alone.
    kind_of = (
        """CASE WHEN "above_limit" THEN 'limit' """
        """WHEN "above_chance" THEN 'chance' ELSE 'other' END"""
    )
    kinds = (("limit", "triangle", "#b3261e"), ("chance", "diamond", "#8a5a00"))
    return categorized(
        kind_of,
        [
            (kind, say(f"concentration.style.{kind}"), marker(shape, colour, size_mm=4))
            for kind, shape, colour in (*kinds, ("other", "circle", "#5a5a5a"))
        ],
    )


def _shares(say: Catalog) -> str:
    return graduated(
        "share",
        [
            (
                least,
                most,
                say(
                    "concentration.style.range",
                    low=say.number(100 * least),
                    high=say.number(100 * most),
                ),
                fill(colour, outline="#9a9a9a"),
            )
            for least, most, colour in _SHARES
        ],
    )


def _hot(say: Catalog) -> str:
    return categorized(
        """CASE WHEN "hot" THEN 'hot' ELSE 'cold' END""",
        [
            ("hot", say("concentration.style.is_hot"), fill(_HOT, pattern="b_diagonal")),
            ("cold", say("concentration.style.is_not"), fill(_COLD, outline="#9a9a9a")),
        ],
    )
