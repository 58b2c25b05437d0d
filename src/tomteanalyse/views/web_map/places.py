"""What lies around the plots: amenities by class, registered homes, cuts in the network."""

from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely
from shapely import Polygon

from tomteanalyse.texts import Catalog
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
        Per class: ``key``, ``label``, ``names`` (None without), ``at`` (packed points).
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
    say: Catalog,
) -> Amenities:
    """Return the amenities inside `drawn`, and those in `nearest` wherever they are.

    A class the catalogue does not know keeps its key as its label, so that a new one still shows.
    """
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
        label = f"map.class.{key}"
        classes.append(
            {
                "key": key,
                "label": say(label) if label in say else key,
                "names": [None if pd.isna(name) else str(name) for name in of_class["name"]],
                "at": pack_points(_spots(of_class.geometry.to_numpy()), crs=crs),
            }
        )
    return Amenities(classes, address)


def registered_homes(
    units: gpd.GeoDataFrame, *, drawn: Polygon, crs: pyproj.CRS, say: Catalog
) -> dict[str, Any]:
    """Return the register's current homes inside `drawn`: number, step and place, nothing else."""
    current = units[units["current"].to_numpy(dtype=bool)]
    shown = current[shapely.intersects(drawn, current.geometry.to_numpy())]
    xy = _spots(shown.geometry.to_numpy())
    homes = shown["homes"].to_numpy(dtype=np.int64)
    step = shown["step"].fillna(0).to_numpy(dtype=np.int64)
    # By place, so that the order of the register does not show.
    order = np.lexsort((step, homes, xy[:, 1], xy[:, 0]))
    labels = [
        say(
            "map.say.unit",
            homes=homes_text(float(count), say),
            step=say("map.say.unit_step", step=which) if which else say("map.say.unit_no_step"),
        )
        for count, which in zip(homes[order].tolist(), step[order].tolist(), strict=True)
    ]
    known, label = np.unique(np.array(labels, dtype=str), return_inverse=True)
    return {
        "at": pack_points(xy[order], crs=crs),
        "homes": pack_numbers(homes[order]),
        "labels": known.tolist(),
        "label": pack_numbers(label),
    }


def network_cuts(
    cuts: gpd.GeoDataFrame, *, drawn: Polygon, crs: pyproj.CRS, say: Catalog
) -> dict[str, Any]:
    """Return where the walking network was cut inside `drawn`, and at what."""
    shown = cuts[shapely.intersects(drawn, cuts.geometry.to_numpy())]
    kinds, kind = np.unique(shown["kind"].to_numpy(dtype=str), return_inverse=True)
    return {
        "at": pack_points(_spots(shown.geometry.to_numpy()), crs=crs),
        "labels": [
            say(f"map.cut.{each}") if f"map.cut.{each}" in say else str(each) for each in kinds
        ],
        "label": pack_numbers(kind),
    }


def homes_text(count: float, say: Catalog) -> str:
    """Write a number of homes: ``1 bolig``, ``12 boliger``."""
    if count == 1:
        return say("map.say.homes_one")
    whole = float(count).is_integer()
    return say("map.say.homes", count=say.number(count, decimals=0 if whole else 1))


def _spots(shapes: Shapes) -> Any:  # noqa: ANN401 - shapely returns untyped arrays
    """Return one coordinate pair inside each shape, shape (n, 2)."""
    return shapely.get_coordinates(shapely.point_on_surface(shapes)).reshape(-1, 2)
