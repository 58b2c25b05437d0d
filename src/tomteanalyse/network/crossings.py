"""Where a hazard meets the safe ways, and whether people can cross there safely."""

from tomteanalyse.extract import Tags
from tomteanalyse.network.way_classes import WayClass, lanes, speed_kmh

RAIL_CROSSINGS = frozenset({"level_crossing", "crossing", "tram_level_crossing", "tram_crossing"})
CROSSING_WAYS = ("footway", "path", "cycleway")
"""Keys that call a way of their kind the crossing itself."""
MARKED = frozenset({"uncontrolled", "marked", "zebra", "island", "traffic_signals"})


def passable_on_foot(hazard: WayClass, hazard_tags: Tags, node_tags: Tags) -> bool:
    """Tell whether a node on a hazard is a crossing that counts as safe or tolerable.

    Parameters
    ----------
    hazard
        RAIL, FAST_ROAD or MOTORWAY: the class of the line that is crossed.
    hazard_tags
        Tags of that line.
    node_tags
        Tags of the shared node; empty where it has none.

    Notes
    -----
    Source: the project's method for unsafe shortcuts, 4.5. Stricter than that table in one point:
    a path that shares an untagged node with a railway is not passable, since nothing says that
    there is a crossing.
    """
    if node_tags.get("crossing") == "no" or hazard is WayClass.MOTORWAY:
        return False
    if hazard is WayClass.RAIL:
        return says_rail_crossing(node_tags)
    speed = speed_kmh(hazard_tags)[0]
    if _signalled(node_tags):
        return True
    # A fast road is above 50 km/h by definition: marked crossings count up to 60 km/h only.
    narrow = lanes(hazard_tags) <= 2 or _has_island(node_tags)
    return _marked(node_tags) and speed <= 60 and narrow


def says_rail_crossing(tags: Tags) -> bool:
    """Tell whether tags say that people may cross a track: of the track, or of who crosses it."""
    if tags.get("crossing") == "no":
        return False
    of_track = {value.strip() for value in tags.get("railway", "").split(";")}
    of_way = {tags.get(key) for key in CROSSING_WAYS}
    return bool(of_track & RAIL_CROSSINGS) or "crossing" in tags or "crossing" in of_way


def _signalled(tags: Tags) -> bool:
    return (
        tags.get("crossing") == "traffic_signals"
        or tags.get("crossing:signals") == "yes"
        or (tags.get("highway") == "traffic_signals" and tags.get("crossing") in MARKED)
    )


def _marked(tags: Tags) -> bool:
    if tags.get("crossing:markings") == "no" or tags.get("crossing") == "unmarked":
        return False
    return (
        tags.get("crossing") in MARKED
        or "crossing_ref" in tags
        or tags.get("highway") == "crossing"
        or tags.get("crossing:markings", "no") != "no"
    )


def _has_island(tags: Tags) -> bool:
    return tags.get("crossing:island") == "yes" or tags.get("crossing") == "island"
