"""``resultat.gpkg`` in the public edition: the plots, and the cells that were released."""

from collections.abc import Iterable
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd

from tomteanalyse.public_assessment import PublicAssessment, require_public
from tomteanalyse.publishing.area import node_boxes, small_cells
from tomteanalyse.publishing.released import WHOLE, Node, Released
from tomteanalyse.texts import Catalog, Language
from tomteanalyse.views.geopackage import Layer, plots_layer, write_layers
from tomteanalyse.views.layer_styles import LayerStyle, layer_styles
from tomteanalyse.views.public.words import public_catalog, told_class
from tomteanalyse.views.qml import categorized, fill

LARGE, SMALL = "released_1km", "released_250m"
OPEN_FIELDS = frozenset(
    {
        "plot_id",
        "name",
        "gnr",
        "bnr",
        "plan_status",
        "rank",
        "grade",
        "score",
        "score_low",
        "score_high",
        "coverage",
        "best",
        "top_three",
        "expected_rank",
        "flags",
        "knocked_out",
        "too_little_measured",
        "knock_outs",
        "must_clear",
        "shortcuts_looked_closely",
        "geometry",
    }
)
"""What of the internal layer can be made without the register, beside the criteria's own."""
_OF_CRITERION = ("measured", "measured_low", "measured_high", "state", "reason", "nearest", "value")
_FIGURES = ("measured", "measured_low", "measured_high", "nearest")
"""What the internal layer has of every criterion; of those told in classes it goes out."""
_HATCHED, _TOLD = "#5a5a5a", "#b79ac4"


def write_public_geopackage(found: PublicAssessment, path: Path, *, language: Language) -> None:
    """Write a new GeoPackage; the same answer gives the same bytes.

    Parameters
    ----------
    found
        What to write.
    path
        A file that does not exist yet.
    language
        Language of the classes, styles and layers' words.

    Raises
    ------
    OSError
        If the file cannot be written in full.
    """
    public, say = require_public(found), public_catalog(language)
    layers = public_layers(public, say)
    styles = layer_styles(layers[0].geometry_type or "", language)
    of_plots = [each for each in styles if each.layer == "plots"]
    name = say("public.grid.homes")
    of_cells = [LayerStyle(each, name, _cell_style(say), True) for each in (LARGE, SMALL)]
    write_layers(layers, [*of_plots, *of_cells], path, edition="public", say=say)


def public_layers(found: PublicAssessment, say: Catalog) -> tuple[Layer, ...]:
    """Return the layers: plots first, then the large cells, then the small ones."""
    public = require_public(found)
    plots = _plots(public, say)
    types = set(plots.geometry.geom_type)
    polygons = types <= {"Polygon", "MultiPolygon"}
    kind = "MultiPolygon" if polygons else types.pop() if len(types) == 1 else "Unknown"
    released = public.released
    return (
        Layer("plots", plots, kind),
        Layer(LARGE, _cells(released, released.tree[WHOLE]), "Polygon"),
        Layer(SMALL, _cells(released, small_cells(released.tree)), "Polygon"),
    )


def _plots(found: PublicAssessment, say: Catalog) -> gpd.GeoDataFrame:
    table = plots_layer(found.ranked, say)
    keys = [each.key for each in found.ranked.evaluation.criteria]
    of_criteria = {f"{key}_{figure}" for key in keys for figure in (*_OF_CRITERION, "points")}
    table = table[[name for name in table.columns if name in OPEN_FIELDS | of_criteria]]
    for key, classes in found.classes.items():
        counted = table[f"{key}_measured"]
        at = int(table.columns.get_loc(f"{key}_measured"))
        table = table.drop(columns=[f"{key}_{figure}" for figure in _FIGURES])
        table.insert(at, f"{key}_class", [told_class(each, classes, say) for each in counted])
    return table


def _cells(released: Released, nodes: Iterable[Node]) -> gpd.GeoDataFrame:
    """Return cells in the grid's own system; what was held back is NULL, not 0."""
    listed = list(nodes)
    homes = [released.told[each].homes if each in released.told else None for each in listed]
    return gpd.GeoDataFrame(
        {
            "cell": np.array([each.cell for each in listed], dtype=np.int64),
            "homes": pd.array(homes, dtype="Int64"),
            "told": np.array([each in released.told for each in listed], dtype=np.bool_),
        },
        geometry=node_boxes(listed).array,
    )


def _cell_style(say: Catalog) -> str:
    return categorized(
        """CASE WHEN "told" THEN 'told' ELSE 'held' END""",
        [
            ("told", say("public.grid.homes"), fill(_TOLD)),
            (
                "held",
                say("public.held_back"),
                fill(_HATCHED, pattern="b_diagonal", outline=_HATCHED),
            ),
        ],
    )
