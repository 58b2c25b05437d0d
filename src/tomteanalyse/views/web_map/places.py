"""What lies around the plots: amenities by class, registered homes, cuts in the network."""

from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely
from shapely import Polygon

from tomteanalyse.views.web_map.packing import Shapes, pack_numbers, pack_points

AMENITY_CLASSES = (
    "bus",
    "grocery",
    "pharmacy",
    "doctor",
    "services",
    "recreation",
    "centre",
    "emergency",
    "school",
    "kindergarten",
)


@dataclass(frozen=True)
class Amenities:
    """The amenities that the page shows.

    Parameters
    ----------
    classes
        Per class: ``key``, ``names`` (None without), ``at`` (packed points).
    address
        Where to find an ``amenity_id``: number of its class, number in the class.
    """

    classes: list[dict[str, Any]]
    address: dict[str, tuple[int, int]]


def amenities_in(
    amenities: gpd.GeoDataFrame,
    *,
    drawn: Polygon,
    nearest: set[str],
    crs: pyproj.CRS,
) -> Amenities:
    """Return the amenities inside `drawn`, and those in `nearest` wherever they are."""
    known = amenities["amenity_class"].unique()
    keys = [*AMENITY_CLASSES, *sorted(set(known) - set(AMENITY_CLASSES))]
    shown = amenities[
        shapely.intersects(drawn, amenities.geometry.to_numpy()) | amenities.index.isin(nearest)
    ].sort_index()
    classes: list[dict[str, Any]] = []
    address: dict[str, tuple[int, int]] = {}
    for key in keys:
        of_class = shown[shown["amenity_class"] == key]
        address |= {
            str(amenity_id): (len(classes), number)
            for number, amenity_id in enumerate(of_class.index)
        }
        classes.append(
            {
                "key": key,
                "names": [None if pd.isna(name) else str(name) for name in of_class["name"]],
                "at": pack_points(_spots(of_class.geometry.to_numpy()), crs=crs),
            }
        )
    return Amenities(classes, address)


def registered_homes(units: gpd.GeoDataFrame, *, drawn: Polygon, crs: pyproj.CRS) -> dict[str, Any]:
    """Return the register's current homes inside `drawn`: number, step and place, nothing else.

    ``at`` (packed points), ``homes`` and ``step`` (packed numbers; 0 where it is unknown).
    """
    current = units[units["current"].to_numpy(dtype=bool)]
    shown = current[shapely.intersects(drawn, current.geometry.to_numpy())]
    xy = _spots(shown.geometry.to_numpy())
    homes = shown["homes"].to_numpy(dtype=np.int64)
    step = shown["step"].fillna(0).to_numpy(dtype=np.int64)
    # By place, so that the order of the register does not show.
    order = np.lexsort((step, homes, xy[:, 1], xy[:, 0]))
    return {
        "at": pack_points(xy[order], crs=crs),
        "homes": pack_numbers(homes[order]),
        "step": pack_numbers(step[order]),
    }


def network_cuts(cuts: gpd.GeoDataFrame, *, drawn: Polygon, crs: pyproj.CRS) -> dict[str, Any]:
    """Return where the walking network was cut inside `drawn`, and at what.

    ``at`` (packed points), ``kinds`` (their keys) and ``kind`` (packed: which of them).
    """
    shown = cuts[shapely.intersects(drawn, cuts.geometry.to_numpy())]
    kinds, kind = np.unique(shown["kind"].to_numpy(dtype=str), return_inverse=True)
    return {
        "at": pack_points(_spots(shown.geometry.to_numpy()), crs=crs),
        "kinds": kinds.tolist(),
        "kind": pack_numbers(kind),
    }


def _spots(shapes: Shapes) -> Any:  # noqa: ANN401 - shapely returns untyped arrays
    """Return one coordinate pair inside each shape, shape (n, 2)."""
    return shapely.get_coordinates(shapely.point_on_surface(shapes)).reshape(-1, 2)
