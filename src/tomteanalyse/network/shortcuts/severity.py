"""How dangerous a road or track is to someone who crosses it where there is no crossing.

The figures follow the project's method for unsafe shortcuts, 4.3 and 4.4. A missing tag is assumed
from the class and said to be assumed.
"""

import math

from tomteanalyse.extract import Tags
from tomteanalyse.network.way_classes import DEFAULT_SPEED_KMH, speed_kmh

TRAFFIC = {
    "motorway": 0.95,
    "motorway_link": 0.85,
    "trunk": 0.90,
    "trunk_link": 0.80,
    "primary": 0.85,
    "primary_link": 0.75,
    "secondary": 0.70,
    "secondary_link": 0.60,
    "tertiary": 0.55,
    "tertiary_link": 0.50,
    "busway": 0.40,
    "unclassified": 0.30,
    "road": 0.30,
    "residential": 0.20,
    "service": 0.10,
    "living_street": 0.05,
}
"""Traffic factor by class: the daily vehicles over themselves plus 2,000, where none are known."""

GENERAL_LIMIT_KMH = 80.0
"""The general limit in Norway, outside built-up areas."""
GENERAL_LIMIT_CLASSES = frozenset({"primary", "secondary", "tertiary", "unclassified"})
MOTORROAD_KMH = 90.0

RAIL_USAGE = {"main": 0.9, "freight": 0.6, "branch": 0.7, "industrial": 0.4}
RAIL_SELDOM = {"military": 0.3, "tourism": 0.3}
RAIL_SERVICE = {"yard": 0.4, "siding": 0.4, "spur": 0.4, "crossover": 0.4}
RAIL_OTHER = {"light_rail": 0.7, "subway": 0.95, "preserved": 0.2, "funicular": 0.2}


def fatality(speed: float) -> float:
    """Return the probability that a pedestrian who is hit at a speed [km/h] dies.

    Source: odds ratio 1.11 per km/h and 50 % at 59 km/h, Hussain et al. 2019, Accident Analysis and
    Prevention 129:241-249.
    """
    return 1.0 / (1.0 + math.exp(-math.log(1.11) * (speed - 59.0)))


def road_speed(tags: Tags, *, built_up: bool) -> tuple[float, bool]:
    """Return the speed of a road [km/h] and whether it was assumed.

    Parameters
    ----------
    tags
        The road's.
    built_up
        Whether it lies in a built-up area; outside, the general limit is assumed.
    """
    speed, assumed = speed_kmh(tags)
    if assumed and not built_up and tags.get("highway") in GENERAL_LIMIT_CLASSES:
        speed = GENERAL_LIMIT_KMH
    if tags.get("motorroad") == "yes":
        speed = max(speed, MOTORROAD_KMH)
    return speed, assumed


def lane_count(tags: Tags) -> int:
    """Return the number of lanes, by class where it is not mapped."""
    written = tags.get("lanes", "")
    if written.isdecimal() and int(written) > 0:
        return int(written)
    highway = tags.get("highway", "")
    if highway == "motorway":
        return 2 if tags.get("oneway") == "yes" else 4
    return 1 if highway.endswith("_link") else 2


def road_severity(tags: Tags, *, speed: float, lanes: int) -> tuple[float, float]:
    """Return the severity (0-1) and the traffic factor (0-1) of crossing a road informally."""
    traffic = TRAFFIC[tags["highway"]]
    severity = fatality(speed) * traffic
    if lanes > 2:
        severity = 1.0 - (1.0 - severity) ** (lanes / 2.0)
    return severity, traffic


def rail_severity(tags: Tags) -> float | None:
    """Return the severity (0-1) of stepping onto a track, None where no train comes.

    A tram counts as on its own ground here; whether it runs in a street only the map shows.
    """
    railway = tags.get("railway", "")
    speed, assumed = speed_kmh(tags)
    if railway in ("rail", "narrow_gauge"):
        base = RAIL_SERVICE.get(tags.get("service", ""))
        if base is None:
            usage = tags.get("usage", "main")
            base = {**RAIL_USAGE, **RAIL_SELDOM}.get(usage, RAIL_USAGE["main"])
        if tags.get("railway:preserved") == "yes":
            base = RAIL_OTHER["preserved"]
    elif railway == "tram":
        base = 0.2 if assumed or speed <= 50.0 else 0.5
    elif railway in RAIL_OTHER:
        base = RAIL_OTHER[railway]
    else:
        return None
    return base if assumed else base * min(1.0, max(0.5, speed / 40.0))


def is_road(tags: Tags) -> bool:
    """Tell whether a line is for motor traffic."""
    return tags.get("highway") in DEFAULT_SPEED_KMH
