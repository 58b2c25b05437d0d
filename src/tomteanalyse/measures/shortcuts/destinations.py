"""Where residents walk to, for the shortcut measure: stops with their quays, shops, services."""

from collections.abc import Mapping

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from tomteanalyse.extract import OsmExtract, Tags

CATEGORY_OF = {
    "bus": "bus",
    "grocery": "shop",
    "pharmacy": "service",
    "doctor": "service",
    "services": "service",
}
CATEGORY_WEIGHTS: Mapping[str, float] = {"bus": 1.0, "shop": 1.0, "visit": 1.0, "service": 0.5}
"""How much a category counts (normative)."""
STATIONS = frozenset({"station", "halt", "tram_stop", "stop"})
SAME_STOP_M = 150.0
"""Quays of the same name this near each other are one stop."""


def shortcut_destinations(
    amenities: gpd.GeoDataFrame, extract: OsmExtract, *, visits: gpd.GeoDataFrame | None = None
) -> gpd.GeoDataFrame:
    """Choose the places that shortcuts are looked for to.

    Parameters
    ----------
    amenities
        All places (see `find_amenities`).
    extract
        The extract they were found in.
    visits
        Named places that residents go to (see `Study.visits`); none where there are none.

    Returns
    -------
    geopandas.GeoDataFrame
        On ``destination_id`` (that of the place), in the order of `amenities`, then of `visits`:
        ``category`` ("bus", "shop", "service", "visit"),
        ``name`` (str or NA), ``stop`` (what quays of one stop share), ``station`` (bool: reached
        from both sides of a line it lies at), ``geometry``.
    """
    chosen = amenities[amenities["amenity_class"].isin(list(CATEGORY_OF))]
    tags_of = {
        f"n{node}": tags
        for node, tags in zip(extract.points.node.tolist(), extract.points.tags, strict=True)
    }
    tags_of |= dict(zip(extract.areas.osm_id.tolist(), extract.areas.tags, strict=True))
    osm_ids = [str(each).partition(":")[0] for each in chosen.index]
    category = chosen["amenity_class"].map(CATEGORY_OF)
    found = gpd.GeoDataFrame(
        {
            "category": category.to_numpy(),
            "name": chosen["name"].to_numpy(),
            "stop": _stops(chosen),
            "station": [is_station(tags_of.get(each, {})) for each in osm_ids],
        },
        geometry=chosen.geometry.to_numpy(),
        crs=amenities.crs,
        index=pd.Index(chosen.index, name="destination_id"),
    )
    return found if visits is None or visits.empty else pd.concat([found, _visited(visits)])


def _visited(visits: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {
            "category": "visit",
            "name": visits["name"],
            "stop": visits.index.astype("str"),
            "station": False,
        },
        geometry=visits.geometry,
        crs=visits.crs,
        index=pd.Index(visits.index, name="destination_id"),
    )


def is_station(tags: Tags) -> bool:
    """Tell whether a stop lies on both sides of its line."""
    return tags.get("railway") in STATIONS or tags.get("public_transport") == "stop_position"


def _stops(places: gpd.GeoDataFrame) -> list[str]:
    """Return for each place the first id of those of the same class and name near it."""
    ids = places.index.astype(str).to_numpy()
    names = places["name"].fillna("").to_numpy()
    classes = places["amenity_class"].to_numpy()
    tree = shapely.STRtree(places.geometry.to_numpy())
    a, b = tree.query(places.geometry.to_numpy(), predicate="dwithin", distance=SAME_STOP_M)
    same = (classes[a] == "bus") & (classes[b] == "bus") & (names[a] == names[b]) & (names[a] != "")
    a, b = a[same], b[same]
    links = coo_array((np.ones(len(a)), (a, b)), shape=(len(ids), len(ids)))
    group = connected_components(links, directed=False)[1]
    first = pd.Series(ids).groupby(group).transform("min")
    return [str(each) for each in first]
