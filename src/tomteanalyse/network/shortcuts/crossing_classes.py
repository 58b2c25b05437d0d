"""Where hazards can be crossed, and how well: safe, tolerable, or not at all."""

from dataclasses import dataclass

import numpy as np

from tomteanalyse.extract import Tags
from tomteanalyse.network.crossings import says_rail_crossing

SAFE, TOLERABLE, UNSAFE = range(3)
IMPLIED, UNVERIFIED, UNVERIFIED_GRADE = 1, 2, 4
"""Flags of a crossing: no crossing is mapped but streets meet on both sides; a way shares a node
with a track and nothing says that there is a crossing; lines cross on the map without a node."""

MARKED = frozenset({"uncontrolled", "marked", "zebra", "island", "pelican", "toucan", "puffin"})


@dataclass(frozen=True)
class Meeting:
    """What meets a hazard at one place.

    Parameters
    ----------
    tags
        Tags of the shared node, empty where there are none.
    foot
        Whether a way made for walking meets it.
    street
        Whether a street or another road meets it.
    both_sides
        Whether walkable ways leave on both sides of the arm that is crossed.
    unshared
        Whether lines cross here without sharing a node.
    """

    tags: Tags
    foot: bool
    street: bool
    both_sides: bool
    unshared: bool


def road_crossing(
    meeting: Meeting, *, speed_kmh: float, lanes: int, motorway: bool
) -> tuple[int, int]:
    """Classify a place where a road can be crossed; return the class and its flags.

    Source: the project's method for unsafe shortcuts, 4.5; marked crossings of more than two lanes
    have more than twice the risk (Trafikksikkerhetshåndboken 3.14).
    """
    tags = meeting.tags
    if motorway or tags.get("crossing") == "no":
        return UNSAFE, 0
    slow, narrow = speed_kmh <= 50.0, lanes <= 2
    if meeting.unshared:
        return TOLERABLE, UNVERIFIED_GRADE
    if is_signalled(tags):
        return (SAFE if speed_kmh <= 70.0 else TOLERABLE), 0
    if is_marked(tags):
        if slow:
            return (SAFE if narrow else TOLERABLE), 0
        islanded = tags.get("crossing:island") == "yes" or tags.get("crossing") == "island"
        return (TOLERABLE if speed_kmh <= 60.0 and (narrow or islanded) else UNSAFE), 0
    if slow and narrow and (tags.get("crossing") == "unmarked" or meeting.foot):
        return TOLERABLE, 0
    if slow and narrow and meeting.both_sides:
        return TOLERABLE, IMPLIED
    return UNSAFE, 0


def rail_crossing(meeting: Meeting, *, tram: bool = False) -> tuple[int, int]:
    """Classify a place where a track can be crossed; return the class and its flags.

    Stricter than the project's method, 4.5, in one point, as the safe network is: a trodden path
    that shares a node with a railway is no crossing, since nothing says that there is one. At
    Søbstadvegen in Trondheim such a path is the unsafe shortcut itself. A street is let through:
    cars would not cross where there is no level crossing; and so is a path over a tram line.
    """
    tags = meeting.tags
    if tags.get("crossing") == "no":
        return UNSAFE, 0
    if says_rail_crossing(tags):
        guarded = (
            tags.get("crossing:barrier", "no") != "no"
            or tags.get("crossing:light", "no") != "no"
            or tags.get("crossing:activation") == "automatic"
        )
        return (SAFE if guarded else TOLERABLE), 0
    if meeting.unshared:
        return TOLERABLE, UNVERIFIED_GRADE
    if meeting.street or (meeting.foot and tram):
        return TOLERABLE, UNVERIFIED
    return UNSAFE, UNVERIFIED if meeting.foot else 0


def is_signalled(tags: Tags) -> bool:
    """Tell whether a crossing has traffic lights."""
    return (
        tags.get("crossing") == "traffic_signals"
        or tags.get("crossing:signals") == "yes"
        or (tags.get("highway") == "traffic_signals" and tags.get("crossing") in MARKED)
    )


def is_marked(tags: Tags) -> bool:
    """Tell whether a crossing is painted, or mapped without saying how."""
    if tags.get("crossing:markings") == "no" or tags.get("crossing") in ("unmarked", "no"):
        return False
    return (
        tags.get("crossing") in MARKED
        or "crossing_ref" in tags
        or tags.get("highway") == "crossing"
        or tags.get("footway") == "crossing"
        or "crossing:markings" in tags
    )


def mapped_crossing(tags: Tags) -> bool:
    """Tell whether a node is mapped as a crossing of a road or track."""
    return says_rail_crossing(tags) or tags.get("highway") == "crossing"


def classes_at(
    meetings: list[Meeting],
    *,
    rail: "np.ndarray[tuple[int], np.dtype[np.bool_]]",
    tram: "np.ndarray[tuple[int], np.dtype[np.bool_]]",
    speed_kmh: "np.ndarray[tuple[int], np.dtype[np.float64]]",
    lanes: "np.ndarray[tuple[int], np.dtype[np.int64]]",
    motorway: "np.ndarray[tuple[int], np.dtype[np.bool_]]",
) -> tuple[
    "np.ndarray[tuple[int], np.dtype[np.int64]]", "np.ndarray[tuple[int], np.dtype[np.int64]]"
]:
    """Classify many meetings; return classes and flags, shape (n,) each."""
    found = [
        rail_crossing(meeting, tram=is_tram)
        if is_rail
        else road_crossing(meeting, speed_kmh=speed, lanes=wide, motorway=no_walking)
        for meeting, is_rail, is_tram, speed, wide, no_walking in zip(
            meetings,
            rail.tolist(),
            tram.tolist(),
            speed_kmh.tolist(),
            lanes.tolist(),
            motorway.tolist(),
            strict=True,
        )
    ]
    both = np.array(found, dtype=np.int64).reshape(-1, 2)
    return both[:, 0], both[:, 1]
