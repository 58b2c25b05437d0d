"""From a place to the ways around it: where its boundary meets the network on foot."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from tomteanalyse.network.barriers import STEP_M, Barriers
from tomteanalyse.network.segment_index import SegmentIndex
from tomteanalyse.network.walk import WalkNetwork

BOUNDARY_STEP_M = 20.0
"""A polygon may be left at its corners and at points no farther apart than this."""
NEAR_M = 30.0
"""Every way this near a boundary point is a way out of the place."""
FAR_M = 150.0
"""Where there is no near way, the place's single nearest way counts up to this distance."""
ON_BRIDGE_M = 3.0
"""A place this near a bridge or tunnel, with no other way, lies on it: a stop on a bridge."""
SMALL_PART_M = 1000.0
"""A connected part with fewer metres of way is used only where there is nothing else."""
FIRST_TRY = 8


@dataclass(frozen=True)
class Attachments:
    """Where places meet the network: one row per usable leg.

    Parameters
    ----------
    place
        Which place, shape (k,), sorted.
    segment
        Which segment of the network, shape (k,).
    along
        How far along the segment from its `u` end, 0-1, shape (k,).
    leg_m
        Length of the straight leg to the segment [m], shape (k,).
    start_xy
        Where the leg begins at the place [m], shape (k, 2).
    """

    place: npt.NDArray[np.int64]
    segment: npt.NDArray[np.int64]
    along: npt.NDArray[np.float64]
    leg_m: npt.NDArray[np.float64]
    start_xy: npt.NDArray[np.float64]

    def attached(self, places: int) -> npt.NDArray[np.bool_]:
        """Tell for each of so many places whether it has a leg at all."""
        return np.bincount(self.place, minlength=places) > 0


class Snapper:
    """Finds the nearest point on the network, exactly, without stepping across a barrier.

    Parameters
    ----------
    network
        The safe network.
    barriers
        What a leg must not cross.
    """

    def __init__(self, network: WalkNetwork, barriers: Barriers) -> None:
        self._network = network
        self._barriers = barriers
        part = network.component_length[network.component[network.u]]
        main = network.at_ground & (part >= min(SMALL_PART_M, part.max()))
        self._main = SegmentIndex(network, np.flatnonzero(main))
        self._small = SegmentIndex(network, np.flatnonzero(network.at_ground & ~main))
        self._raised = SegmentIndex(network, np.flatnonzero(~network.at_ground))

    def attach(self, places: npt.NDArray[np.object_]) -> Attachments:
        """Attach places (points, polygons or lists of points as MultiPoint) to the network.

        Every access point takes the leg to its nearest segment within `NEAR_M`. A place that has
        none takes its one shortest leg within `FAR_M`, if it must through a building (a closed
        courtyard has a gateway), never across a line barrier; a place without that is not attached.

        Parameters
        ----------
        places
            Geometries [m], shape (n,).
        """
        points, owner = access_points(places)
        legs = self._nearest_free(points, owner, self._main, within_m=NEAR_M)
        lonely = np.setdiff1d(np.arange(len(places)), legs.place)
        # What follows costs more and is for the few: from the likely to the last resort.
        for search, index, within_m, through_buildings in (
            (self._first_free, self._main, FAR_M, False),
            (self._nearest_free, self._raised, ON_BRIDGE_M, False),
            (self._first_free, self._main, FAR_M, True),
            (self._first_free, self._small, FAR_M, True),
        ):
            mine = np.isin(owner, lonely)
            if not mine.any():
                break
            found = _shortest(
                search(
                    points[mine],
                    owner[mine],
                    index,
                    within_m=within_m,
                    through_buildings=through_buildings,
                )
            )
            legs = _joined(legs, found)
            lonely = np.setdiff1d(lonely, found.place)
        return legs

    def _nearest_free(
        self,
        points: npt.NDArray[np.float64],
        owner: npt.NDArray[np.int64],
        index: SegmentIndex,
        *,
        within_m: float,
        through_buildings: bool = False,
    ) -> Attachments:
        """Return the leg of each point to its nearest segment, where it crosses nothing."""
        nearest = index.nearest(points, within_m=within_m)
        every = np.arange(len(points))
        return self._free(points, owner, index, every, *nearest, through_buildings)

    def _shortest_free(
        self,
        points: npt.NDArray[np.float64],
        owner: npt.NDArray[np.int64],
        index: SegmentIndex,
        within_m: float,
        through_buildings: bool,
    ) -> Attachments:
        """Return each place's shortest leg of all, where it crosses nothing."""
        segment, along, distance = index.nearest(points, within_m=within_m)
        order = np.lexsort((distance, owner))
        shortest = order[np.unique(owner[order], return_index=True)[1]]
        return self._free(
            points, owner, index, shortest, segment, along, distance, through_buildings
        )

    def _free(
        self,
        points: npt.NDArray[np.float64],
        owner: npt.NDArray[np.int64],
        index: SegmentIndex,
        chosen: npt.NDArray[np.int64],
        segment: npt.NDArray[np.int64],
        along: npt.NDArray[np.float64],
        distance: npt.NDArray[np.float64],
        through_buildings: bool,
    ) -> Attachments:
        """Return the legs of the chosen points to their segments (-1: none) that cross nothing."""
        hit = chosen[segment[chosen] >= 0]
        stopped = self._stopped(points[hit], segment[hit], along[hit], through_buildings)
        # Where a path was cut, its ends on both sides are equally near: the other may be free.
        row, other, other_along = index.sharing_end(segment[hit[stopped]], along[hit[stopped]])
        again = hit[stopped][row]
        blocked = self._stopped(points[again], other, other_along, through_buildings)
        free_row, first = np.unique(row[~blocked], return_index=True)
        turned = hit[stopped][free_row]
        segment[turned], along[turned] = other[~blocked][first], other_along[~blocked][first]
        free = np.union1d(hit[~stopped], turned)
        return Attachments(owner[free], segment[free], along[free], distance[free], points[free])

    def _first_free(
        self,
        points: npt.NDArray[np.float64],
        owner: npt.NDArray[np.int64],
        index: SegmentIndex,
        *,
        within_m: float,
        through_buildings: bool = False,
    ) -> Attachments:
        """Return each place's shortest leg that crosses nothing."""
        # The shortest of all is mostly free. What is free within a short reach is the shortest
        # of all that are, so that few need the whole reach.
        legs = self._shortest_free(points, owner, index, within_m, through_buildings)
        for reach in (within_m / 4, within_m / 2, within_m):
            todo = ~np.isin(owner, legs.place)
            found = self._first_free_within(
                points[todo], owner[todo], index, reach, through_buildings
            )
            legs = _joined(legs, found)
        return legs

    def _first_free_within(
        self,
        points: npt.NDArray[np.float64],
        owner: npt.NDArray[np.int64],
        index: SegmentIndex,
        within_m: float,
        through_buildings: bool,
    ) -> Attachments:
        point, segment, along, distance = index.all_within(points, within_m=within_m)
        place = owner[point]
        order = np.lexsort((point, segment, distance, place))
        chosen = [np.zeros(0, dtype=np.int64)]
        take = FIRST_TRY
        while len(order):
            # The nearest few of every place that is still without.
            _, first, count = np.unique(place[order], return_index=True, return_counts=True)
            nearest = np.arange(len(order)) - np.repeat(first, count) < take
            tried, order = order[nearest], order[~nearest]
            stopped = self._stopped(
                points[point[tried]], segment[tried], along[tried], through_buildings
            )
            free = tried[~stopped]
            won = free[np.unique(place[free], return_index=True)[1]]
            chosen.append(won)
            order = order[~np.isin(place[order], place[won])]
            take *= 2
        rows = np.concatenate(chosen)
        return Attachments(
            place[rows], segment[rows], along[rows], distance[rows], points[point[rows]]
        )

    def _stopped(
        self,
        points: npt.NDArray[np.float64],
        segment: npt.NDArray[np.int64],
        along: npt.NDArray[np.float64],
        through_buildings: bool,
    ) -> npt.NDArray[np.bool_]:
        if not len(points):
            return np.zeros(0, dtype=np.bool_)
        network = self._network
        u, v = network.xy[network.u[segment]], network.xy[network.v[segment]]
        foot = u + along[:, None] * (v - u)
        inward = (u + v) / 2 - foot
        half = np.hypot(*inward.T)[:, None]
        onward = foot + np.minimum(STEP_M, half) / np.where(half > 0, half, 1.0) * inward
        return self._barriers.crossed_by(points, foot, onward, through_buildings=through_buildings)


def access_points(
    places: npt.NDArray[np.object_],
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int64]]:
    """Return the points a place may be left at: xy [m], shape (k, 2), and the place of each.

    A point is left at itself, a MultiPoint at its points, a polygon at its outer boundary's corners
    and at points no more than `BOUNDARY_STEP_M` apart.
    """
    parts, owner = shapely.get_parts(places, return_index=True)
    is_polygon = shapely.get_type_id(parts) == shapely.GeometryType.POLYGON
    parts = parts.copy()
    parts[is_polygon] = shapely.segmentize(
        shapely.get_exterior_ring(parts[is_polygon]), BOUNDARY_STEP_M
    )
    xy, part = shapely.get_coordinates(parts, return_index=True)
    points, first = np.unique(np.column_stack([owner[part], xy]), axis=0, return_index=True)
    return points[:, 1:], owner[part][first].astype(np.int64)


def _shortest(legs: Attachments) -> Attachments:
    order = np.lexsort((legs.segment, legs.leg_m, legs.place))
    return _chosen(legs, order[np.unique(legs.place[order], return_index=True)[1]])


def _joined(one: Attachments, other: Attachments) -> Attachments:
    both = Attachments(
        np.concatenate([one.place, other.place]),
        np.concatenate([one.segment, other.segment]),
        np.concatenate([one.along, other.along]),
        np.concatenate([one.leg_m, other.leg_m]),
        np.concatenate([one.start_xy, other.start_xy]),
    )
    return _chosen(both, np.argsort(both.place, kind="stable"))


def _chosen(legs: Attachments, rows: npt.NDArray[np.int64]) -> Attachments:
    return Attachments(
        legs.place[rows],
        legs.segment[rows],
        legs.along[rows],
        legs.leg_m[rows],
        legs.start_xy[rows],
    )
