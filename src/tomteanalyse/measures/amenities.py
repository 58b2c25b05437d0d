"""Which places people walk to, as Norwegian mappers tag them: one table, one finder."""

import math
import re
from dataclasses import dataclass, field
from typing import Literal

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyproj
import shapely

from tomteanalyse.extract import OsmExtract, Tags

AmenityClass = Literal[
    "bus",
    "grocery",
    "pharmacy",
    "doctor",
    "services",
    "recreation",
    "emergency",
    "school",
    "kindergarten",
    "centre",
]
Kind = Literal["walk", "straight"]

NOT_FOR_VISITORS = frozenset({"no", "exit", "emergency", "service", "garage", "private"})
ON_OUTLINE_M = 0.01

AMENITY_CLASSES: dict[AmenityClass, Kind] = {
    "bus": "walk",
    "grocery": "walk",
    "pharmacy": "walk",
    "doctor": "walk",
    "services": "walk",
    "recreation": "walk",
    "centre": "walk",
    # Fire engines and police drive; what matters of a school is that it lies next door.
    "emergency": "straight",
    "school": "straight",
    "kindergarten": "straight",
}
"""The classes of places, and whether the way there is measured on foot or as the crow flies."""


@dataclass(frozen=True)
class AmenityRule:
    """One way a kind of place is tagged.

    Parameters
    ----------
    amenity_class
        The class it counts as.
    key, values
        The tag that makes it one.
    unless
        Tags that rule it out, e.g. a pitch for members only.
    name_starts
        If given, the name's first word must be this (case plays no part).
    least_m2
        Areas smaller than this do not count; points do.
    """

    amenity_class: AmenityClass
    key: str
    values: frozenset[str]
    unless: dict[str, frozenset[str]] = field(default_factory=dict)
    name_starts: str | None = None
    least_m2: float = 0.0

    def fits(self, tags: Tags, *, area_m2: float) -> bool:
        """Tell whether an object with these tags is such a place; a point's area is infinite."""
        if area_m2 < self.least_m2:
            return False
        if tags.get(self.key) not in self.values:
            return False
        if any(tags.get(key) in values for key, values in self.unless.items()):
            return False
        if self.name_starts is None:
            return True
        first_word = re.match(r"\w*", tags.get("name", ""))
        return first_word is not None and first_word[0].casefold() == self.name_starts.casefold()


def _rule(amenity_class: AmenityClass, key: str, values: str) -> AmenityRule:
    return AmenityRule(amenity_class, key, frozenset(values.split()))


def _ground(
    amenity_class: AmenityClass, key: str, values: str, *, least_m2: float = 0.0
) -> AmenityRule:
    return AmenityRule(
        amenity_class,
        key,
        frozenset(values.split()),
        unless={"access": frozenset({"private", "no", "members"})},
        least_m2=least_m2,
    )


AMENITY_PROFILE: tuple[AmenityRule, ...] = (
    _rule("bus", "highway", "bus_stop"),
    AmenityRule("bus", "public_transport", frozenset({"platform"}), {"bus": frozenset({"no"})}),
    _rule("bus", "amenity", "bus_station"),
    _rule("bus", "railway", "station halt tram_stop subway_entrance"),
    _rule("grocery", "shop", "supermarket convenience grocery"),
    _rule("pharmacy", "amenity", "pharmacy"),
    _rule("pharmacy", "healthcare", "pharmacy"),
    _rule("doctor", "amenity", "doctors clinic"),
    _rule("doctor", "healthcare", "doctor clinic"),
    _rule("services", "amenity", "townhall library post_office"),
    _rule("services", "post_office", "post_partner bureau"),
    AmenityRule("services", "office", frozenset({"government"}), name_starts="NAV"),
    AmenityRule("services", "government", frozenset({"social_security", "social_services"})),
    _ground("recreation", "leisure", "park pitch sports_centre nature_reserve"),
    # A few trees between houses are no forest to walk in.
    _ground("recreation", "landuse", "forest", least_m2=10_000.0),
    _ground("recreation", "natural", "wood", least_m2=10_000.0),
    _ground("recreation", "natural", "beach"),
    _rule("emergency", "amenity", "fire_station police"),
    AmenityRule("school", "amenity", frozenset({"school"})),
    AmenityRule("kindergarten", "amenity", frozenset({"kindergarten"})),
    _rule("centre", "place", "city town village"),
    _rule("centre", "shop", "mall department_store"),
)
"""THE TABLE. A school whose grounds are closed to the public is a school all the same."""


def find_amenities(extract: OsmExtract, *, crs: pyproj.CRS) -> gpd.GeoDataFrame:
    """Find the places of every class in an extract.

    Returns
    -------
    geopandas.GeoDataFrame
        On ``amenity_id`` (str: "n", "w" or "r" and the OSM id, then the class where an object is of
        several), sorted: ``amenity_class``, ``name`` (str or NA), ``geometry`` (Point, Polygon or
        MultiPolygon) [m].
    """
    points, areas = extract.points, extract.areas
    rows = [
        (f"n{node}:{rule.amenity_class}", rule, tags, shapely.Point(xy))
        for node, xy, tags in zip(points.node.tolist(), points.xy, points.tags, strict=True)
        for rule in _rules(tags, area_m2=math.inf)
    ]
    for osm_id, outline, tags in zip(areas.osm_id, areas.geometry, areas.tags, strict=True):
        rows += [
            (f"{osm_id}:{rule.amenity_class}", rule, tags, outline)
            for rule in _rules(tags, area_m2=outline.area)
        ]
    rows.sort(key=lambda row: row[0])
    names = [tags.get("name") for _, _, tags, _ in rows]
    return gpd.GeoDataFrame(
        {
            "amenity_class": pd.array([rule.amenity_class for _, rule, _, _ in rows], dtype="str"),
            "name": pd.array(names, dtype="str"),
        },
        geometry=[where for *_, where in rows],
        crs=crs,
        index=pd.Index([row[0] for row in rows], name="amenity_id", dtype="str"),
    )


def doors(amenities: gpd.GeoDataFrame, extract: OsmExtract) -> npt.NDArray[np.object_]:
    """Return where each place is entered: the entrances mapped on its outline, else its outline.

    Parameters
    ----------
    amenities
        From `find_amenities`.
    extract
        The extract they were found in.

    Returns
    -------
    numpy.ndarray
        Point, Polygon, MultiPolygon or MultiPoint [m] per place, shape (n,).
    """
    entered: npt.NDArray[np.object_] = amenities.geometry.to_numpy().copy()
    entrances = shapely.points(
        extract.points.xy[
            [tags.get("entrance", "no") not in NOT_FOR_VISITORS for tags in extract.points.tags]
        ]
    )
    outlines = np.flatnonzero(shapely.get_dimensions(entered) == 2)
    place, entrance = shapely.STRtree(entrances).query(
        shapely.boundary(entered[outlines]), predicate="dwithin", distance=ON_OUTLINE_M
    )
    for at in np.unique(place):
        entered[outlines[at]] = shapely.MultiPoint(entrances[entrance[place == at]])
    return entered


def _rules(tags: Tags, *, area_m2: float) -> list[AmenityRule]:
    """Return the rules an object fits: the table's first per class, in the order of the classes."""
    candidates = sorted(
        place for key in _KEYS.intersection(tags) for place in _BY_TAG.get((key, tags[key]), ())
    )
    fitting: dict[AmenityClass, AmenityRule] = {}
    for place in candidates:
        rule = AMENITY_PROFILE[place]
        if rule.amenity_class not in fitting and rule.fits(tags, area_m2=area_m2):
            fitting[rule.amenity_class] = rule
    return [fitting[name] for name in AMENITY_CLASSES if name in fitting]


_BY_TAG: dict[tuple[str, str], list[int]] = {}
for _place, _entry in enumerate(AMENITY_PROFILE):
    for _value in _entry.values:
        _BY_TAG.setdefault((_entry.key, _value), []).append(_place)
_KEYS = frozenset(key for key, _ in _BY_TAG)
