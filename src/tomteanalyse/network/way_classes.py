"""Which ways people may walk, and which of them count as safe.

The classes follow Norwegian law and tagging: a *gang- og sykkelveg* is ``cycleway`` with
``foot=designated`` and is the safe way; motorways and *motortrafikkveg* (``motorroad=yes``) may not
be walked; a road above 50 km/h is safe to walk along only where a sidewalk is mapped. A missing tag
means unknown, never safe.
"""

import re
from enum import Enum

from tomteanalyse.extract import Tags

FOOT_HIGHWAYS = frozenset(
    {
        "bridleway",
        "corridor",
        "cycleway",
        "elevator",
        "footway",
        "path",
        "pedestrian",
        "platform",
        "steps",
        "track",
    }
)
DEFAULT_SPEED_KMH = {
    "motorway": 100.0,
    "motorway_link": 70.0,
    "trunk": 80.0,
    "trunk_link": 60.0,
    "primary": 60.0,
    "primary_link": 50.0,
    "secondary": 50.0,
    "secondary_link": 50.0,
    "tertiary": 50.0,
    "tertiary_link": 50.0,
    "unclassified": 50.0,
    "road": 40.0,
    "residential": 30.0,
    "service": 20.0,
    "living_street": 15.0,
    "busway": 50.0,
}
"""Assumed where no speed is mapped. Source: the project's method for unsafe shortcuts, 4.3."""

SPEED_KEYS = ("maxspeed", "maxspeed:forward", "maxspeed:backward")
ZONE_SPEED_KMH = {"urban": 50.0, "rural": 80.0, "walk": 7.0, "living_street": 7.0, "none": 130.0}
SAFE_SPEED_KMH = 50.0
RAIL = frozenset({"rail", "narrow_gauge", "light_rail", "subway"})
CLOSED = frozenset({"no", "private"})
MOUNTAIN = frozenset(
    {
        "demanding_mountain_hiking",
        "alpine_hiking",
        "demanding_alpine_hiking",
        "difficult_alpine_hiking",
    }
)


class WayClass(Enum):
    """What a line means to a person on foot."""

    FOOT = "foot"
    """Made for walking, or free of fast traffic."""
    STREET = "street"
    """A street that is safe to walk along: at most 50 km/h, or with a mapped sidewalk."""
    FAST_ROAD = "fast_road"
    """Not safe to walk along, and not to cross without a safe crossing."""
    MOTORWAY = "motorway"
    """Walking is forbidden, and there is no safe crossing at grade."""
    RAIL = "rail"
    """Track at ground level."""
    CLOSED = "closed"
    """Could be walked but is closed to the public."""


class Grade(Enum):
    """Where a line lies: lines of different grade meet only in shared nodes."""

    GROUND = "ground"
    BRIDGE = "bridge"
    TUNNEL = "tunnel"


def way_class(tags: Tags) -> WayClass | None:
    """Classify a line, or return None where it is nothing to walk on or to be wary of."""
    highway = tags.get("highway")
    if tags.get("railway") in RAIL:
        return WayClass.RAIL if grade(tags) is not Grade.TUNNEL else None
    if highway in ("motorway", "motorway_link") or (
        tags.get("motorroad") == "yes" and highway in DEFAULT_SPEED_KMH
    ):
        return WayClass.MOTORWAY
    platform = "platform" in (tags.get("railway"), tags.get("public_transport"))
    if highway in FOOT_HIGHWAYS or (highway is None and platform):
        if _closed_to_foot(tags) or tags.get("sac_scale") in MOUNTAIN:
            return WayClass.CLOSED
        return WayClass.FOOT
    if highway not in DEFAULT_SPEED_KMH or highway == "busway":
        return None
    fast = speed_kmh(tags)[0] > SAFE_SPEED_KMH and not has_sidewalk(tags)
    if fast:
        return WayClass.FAST_ROAD
    if _closed_to_foot(tags):
        return WayClass.CLOSED
    return WayClass.STREET


def grade(tags: Tags) -> Grade:
    """Return where a line lies. ``covered=yes`` alone is still ground."""
    if (
        tags.get("tunnel", "no") != "no"
        or tags.get("location") == "underground"
        or tags.get("indoor") == "yes"
        or ("railway" in tags and layer(tags) < 0)
    ):
        return Grade.TUNNEL
    return Grade.BRIDGE if tags.get("bridge", "no") != "no" else Grade.GROUND


def speed_kmh(tags: Tags) -> tuple[float, bool]:
    """Return the speed limit of a road [km/h] and whether it was assumed from its class."""
    written = (tags.get(key, "") for key in SPEED_KEYS)
    speeds = [_one_speed(part) for each in written for part in each.split(";")]
    known = [speed for speed in speeds if speed is not None]
    if known:
        return max(known), False
    return DEFAULT_SPEED_KMH.get(tags.get("highway", ""), 50.0), True


def has_sidewalk(tags: Tags) -> bool:
    """Tell whether a sidewalk is mapped on either side of a road."""
    if tags.get("sidewalk") in ("both", "left", "right", "yes"):
        return True
    return any(tags.get(f"sidewalk:{side}") == "yes" for side in ("both", "left", "right"))


def lanes(tags: Tags) -> int:
    """Return the number of lanes; 2 where it is not mapped (1 for a slip road)."""
    written = tags.get("lanes", "")
    if written.isdecimal() and int(written) > 0:
        return int(written)
    return 1 if tags.get("highway", "").endswith("_link") else 2


def layer(tags: Tags) -> int:
    """Return the mapped layer: 0 where none is mapped or it is no whole number."""
    written = tags.get("layer", "0")
    return int(written) if re.fullmatch(r"-?\d+", written) else 0


def _closed_to_foot(tags: Tags) -> bool:
    foot = tags.get("foot")
    if foot is not None:
        return foot in CLOSED or foot == "use_sidepath"
    return tags.get("access") in CLOSED


def _one_speed(written: str) -> float | None:
    text = written.strip().lower()
    figure = re.fullmatch(r"(\d+(?:\.\d+)?)\s*(mph|km/h|kmh)?", text)
    if figure:
        return float(figure[1]) * (1.609344 if figure[2] == "mph" else 1.0)
    return ZONE_SPEED_KMH.get(text.rpartition(":")[2])
