"""Unsafe shortcuts, crossing places and both ways as layers of ``resultat.gpkg``."""

import geopandas as gpd
import pandas as pd

from tomteanalyse.assessment import Assessment
from tomteanalyse.scoring.shortcut_text import LEAST_STRETCH_M
from tomteanalyse.texts import Catalog
from tomteanalyse.views.shortcut_tables import places_in_words, shortcuts_in_words


def shortcut_layers(assessment: Assessment, say: Catalog) -> dict[str, gpd.GeoDataFrame]:
    """Return the layers by name, the topmost first.

    Returns
    -------
    dict
        ``crossing_places``: a point a place, where most crosses. ``crossing_stretches``: the line
        along the barrier, of places that are more than a point. ``shortcuts``: the crossings of a
        plot's way to a destination as one multipoint. ``tempting_paths``, ``safe_paths``: the two
        ways, of those with an unsafe shortcut and of the plots that were looked at closely. Lists
        are joined with commas; infinite is NULL.
    """
    places = places_in_words(assessment, say)
    places = places.assign(
        plot_count=places["plots"].map(len).astype("int64"),
        plots=_joined(places["plots"]),
        destinations=_joined(places["destinations"]),
        ways=_joined(places["ways"]),
        east=places.geometry.x,
        north=places.geometry.y,
        stretch_m=gpd.GeoSeries(places["stretch"], crs=places.crs).length,
    ).reset_index()
    lines = places[places["stretch_m"] >= LEAST_STRETCH_M]
    shortcuts = shortcuts_in_words(assessment, say)
    return {
        "crossing_places": places.drop(columns="stretch"),
        "crossing_stretches": gpd.GeoDataFrame(
            lines[["place", "list", "barrier", "crossed", "load", "stretch_m"]],
            geometry=gpd.GeoSeries(lines["stretch"], crs=places.crs),
        ),
        "shortcuts": shortcuts.assign(
            places=_joined(shortcuts["places"]), flags=_joined(shortcuts["flags"])
        ),
        "tempting_paths": _paths(assessment, assessment.shortcuts.tempting_paths, shortcuts),
        "safe_paths": _paths(assessment, assessment.shortcuts.safe_paths, shortcuts),
    }


def _paths(
    assessment: Assessment, paths: gpd.GeoDataFrame, shortcuts: gpd.GeoDataFrame
) -> gpd.GeoDataFrame:
    """Return ways with the names of their destinations and what was found for them."""
    pairs = assessment.shortcuts.pairs.loc[paths.index]
    severe = shortcuts.set_index(["plot_id", "destination_id"])["severe"]
    ends = pd.MultiIndex.from_frame(pairs[["plot_id", "destination_id"]])
    table = pd.DataFrame(
        {
            "plot_id": pairs["plot_id"],
            "destination_id": pairs["destination_id"],
            "destination": pairs["name"].astype("object"),
            "metres": paths["metres"].astype("float64"),
            "risk": pairs["risk"].astype("float64"),
            "unsafe": ends.isin(severe.index),
            "severe": severe.reindex(ends, fill_value=False).to_numpy(dtype=bool),
            "fine": pairs["fine"].astype("bool"),
        }
    )
    made = gpd.GeoDataFrame(table, geometry=paths.geometry.array, crs=paths.crs)
    return made.sort_values(["plot_id", "destination_id"], kind="stable", ignore_index=True)


def _joined(column: pd.Series) -> pd.Series:
    return pd.Series(
        [", ".join(map(str, each)) for each in column], index=column.index, dtype="object"
    )
