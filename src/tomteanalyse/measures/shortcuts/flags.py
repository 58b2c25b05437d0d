"""What a planner should know about a pair before trusting it."""

import numpy as np
from scipy.spatial import cKDTree

from tomteanalyse.extract import OsmExtract
from tomteanalyse.measures.shortcuts.pairs import NO_SAVING_M, Pair
from tomteanalyse.network.shortcuts.arrays import Floats
from tomteanalyse.network.shortcuts.crossing_classes import (
    IMPLIED,
    UNVERIFIED,
    UNVERIFIED_GRADE,
    mapped_crossing,
)
from tomteanalyse.network.shortcuts.edges import NO_HAZARD

CROSSING_NEAR_M = 300.0
"""Where no crossing is mapped this near on a slow road, crossings may not be mapped at all."""
SLOW_KMH = 50.0
BY_BIT = {
    IMPLIED: "implied",
    UNVERIFIED: "unverified",
    UNVERIFIED_GRADE: "unverified_grade",
}


class Flags:
    """Marks pairs.

    Parameters
    ----------
    extract
        The extract they were measured in.
    """

    def __init__(self, extract: OsmExtract) -> None:
        self._bounds = extract.bounds
        mapped = [mapped_crossing(tags) for tags in extract.points.tags]
        self._crossings = cKDTree(extract.points.xy[mapped].reshape(-1, 2))

    def of(self, pair: Pair) -> tuple[str, ...]:
        """Return the flags of a pair, sorted.

        ``edge``: a way outside the extract could be shorter than the best one without danger, so
        that the saving may not be real. ``no_safe_route``, ``default_speed`` (of a road that is
        crossed), ``few_crossings_mapped``, ``implied``, ``unverified``, ``unverified_grade``: see
        the method.
        """
        found = set()
        saves = pair.saving_m > NO_SAVING_M
        if saves and self._outside_m(pair) < pair.costs[NO_HAZARD]:
            found.add("edge")
        if pair.safe is None:
            found.add("no_safe_route")
        for meeting in (pair.moderate, pair.severe):
            found |= {name for bit, name in BY_BIT.items() if meeting.flags & bit}
            for crossing in meeting.crossings:
                if crossing.speed_kmh is None or crossing.barrier == "rail":
                    continue
                if crossing.speed_assumed:
                    found.add("default_speed")
                if crossing.speed_kmh <= SLOW_KMH and not self._crossing_near(crossing.xy):
                    found.add("few_crossings_mapped")
        return tuple(sorted(found))

    def _outside_m(self, pair: Pair) -> float:
        """Return the least metres of a way that leaves the extract: by reflection in its sides."""
        start, end = pair.tempting.xy[0], pair.tempting.xy[-1]
        west, south, east, north = self._bounds
        ways = []
        for axis, at in ((0, west), (0, east), (1, south), (1, north)):
            mirrored: Floats = start.copy()
            mirrored[axis] = 2 * at - mirrored[axis]
            ways.append(float(np.hypot(*(mirrored - end))))
        return min(ways)

    def _crossing_near(self, xy: tuple[float, float]) -> bool:
        return bool(self._crossings.n) and bool(self._crossings.query(xy)[0] <= CROSSING_NEAR_M)
