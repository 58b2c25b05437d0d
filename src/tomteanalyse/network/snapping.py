"""From a place to the ways around it: where its boundary meets the network on foot."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely
from scipy.spatial import cKDTree

from tomteanalyse.network.barriers import Barriers
from tomteanalyse.network.walk import WalkNetwork

BOUNDARY_STEP_M = 20.0
"""A polygon may be left at its corners and at points no farther apart than this."""
NEAR_M = 30.0
"""Every way this near a boundary point is a way out of the place."""
FAR_M = 150.0
"""Where there is no near way, the place's single nearest way counts up to this distance."""
ON_BRIDGE_M = 3.0
"""A place this near a bridge or tunnel, with no other way, lies on it: a stop on a bridge."""
SAMPLE_M = 5.0
SMALL_PART_M = 1000.0
"""A connected part with fewer metres of way is used only where there is nothing else."""
FIRST_TRY = 8
CHUNK = 100_000


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

    Notes
    -----
    A k-d tree on samples of the segments gives candidates; the distance to the segments themselves
    decides. Since samples lie at most `SAMPLE_M` apart, a segment none of whose samples is within
    half of that of the nearest sample cannot be nearer.
    """

    def __init__(self, network: WalkNetwork, barriers: Barriers) -> None:
        self._network = network
        self._barriers = barriers
        part = network.component_length[network.component[network.u]]
        main = network.at_ground & (part >= min(SMALL_PART_M, part.max()))
        self._main = _SegmentIndex(network, np.flatnonzero(main))
        self._small = _SegmentIndex(network, np.flatnonzero(network.at_ground & ~main))
        self._raised = _SegmentIndex(network, np.flatnonzero(~network.at_ground))

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
            (self._nearest_free, self._main, FAR_M, False),
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
        index: "_SegmentIndex",
        *,
        within_m: float,
        through_buildings: bool = False,
    ) -> Attachments:
        """Return the leg of each point to its nearest segment, where it crosses nothing."""
        segment, along, distance = index.nearest(points, within_m=within_m)
        hit = np.flatnonzero(segment >= 0)
        stopped = self._stopped(points[hit], segment[hit], along[hit], through_buildings)
        free = hit[~stopped]
        return Attachments(owner[free], segment[free], along[free], distance[free], points[free])

    def _first_free(
        self,
        points: npt.NDArray[np.float64],
        owner: npt.NDArray[np.int64],
        index: "_SegmentIndex",
        *,
        within_m: float,
        through_buildings: bool = False,
    ) -> Attachments:
        """Return the shortest leg of each place that crosses nothing, to whatever segment."""
        point, segment, along, distance = index.all_within(points, within_m=within_m)
        place = owner[point]
        order = np.lexsort((segment, distance, place))
        chosen: list[npt.NDArray[np.int64]] = []
        take = FIRST_TRY
        while len(order):
            # The nearest few of every place that is still without; most need no more.
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
            take *= FIRST_TRY
        rows = np.concatenate([*chosen, np.zeros(0, dtype=np.int64)])
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
        return self._barriers.crossed_by(points, foot, through_buildings=through_buildings)


class _SegmentIndex:
    """Some segments of a network, to be found by distance."""

    def __init__(self, network: WalkNetwork, segments: npt.NDArray[np.int64]) -> None:
        self._segments = segments
        self._u = network.xy[network.u[segments]]
        self._along = network.xy[network.v[segments]] - self._u
        self._square = np.maximum((self._along**2).sum(axis=1), 1e-18)
        pieces = np.maximum(np.ceil(network.length[segments] / SAMPLE_M).astype(np.int64), 1)
        counts = pieces + 1
        self._owner = np.repeat(np.arange(len(segments)), counts)
        ends = np.cumsum(counts)
        step = np.arange(len(self._owner)) - np.repeat(ends - counts, counts)
        share = step / np.repeat(pieces, counts)
        samples = self._u[self._owner] + share[:, None] * self._along[self._owner]
        self._tree = cKDTree(samples.reshape(-1, 2), balanced_tree=False)

    def nearest(
        self, points: npt.NDArray[np.float64], *, within_m: float
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        """Return segment (-1 beyond `within_m`), position along it and distance per point."""
        segment = np.full(len(points), -1, dtype=np.int64)
        along, distance = np.zeros(len(points)), np.full(len(points), np.inf)
        for first in range(0, len(points), CHUNK):
            todo = np.arange(first, min(first + CHUNK, len(points)))
            k = FIRST_TRY
            while len(self._segments) and len(todo):
                best, sure = self._best_of(points[todo], k=k, within_m=within_m)
                segment[todo], along[todo], distance[todo] = best
                todo = todo[~sure]
                k *= FIRST_TRY
        return segment, along, distance

    def _best_of(
        self, points: npt.NDArray[np.float64], *, k: int, within_m: float
    ) -> tuple[
        tuple[npt.NDArray[np.int64], npt.NDArray[np.float64], npt.NDArray[np.float64]],
        npt.NDArray[np.bool_],
    ]:
        """Return the best of the segments at the `k` nearest samples, and whether that is final."""
        apart, sample = self._tree.query(points, k=k, distance_upper_bound=within_m + SAMPLE_M)
        found = np.isfinite(apart)
        candidate = self._owner[np.where(found, sample, 0)]
        t, d = self._project(points[:, None, :], candidate)
        d[~found] = np.inf
        rows, best = np.arange(len(points)), np.argmin(d, axis=1)
        distance = d[rows, best]
        known = distance <= within_m
        # The farthest sample seen bounds what the unseen ones can offer.
        sure = ~found[:, -1] | (apart[:, -1] - SAMPLE_M / 2 > distance)
        segment = np.where(known, self._segments[candidate[rows, best]], -1)
        return (segment, t[rows, best], np.where(known, distance, np.inf)), sure

    def all_within(
        self, points: npt.NDArray[np.float64], *, within_m: float
    ) -> tuple[
        npt.NDArray[np.int64],
        npt.NDArray[np.int64],
        npt.NDArray[np.float64],
        npt.NDArray[np.float64],
    ]:
        """Return every pair of point and segment within reach: point, segment, along, distance."""
        hits = self._tree.query_ball_point(points, within_m + SAMPLE_M)
        pairs = [np.unique(self._owner[hit]) for hit in hits]
        point = np.repeat(np.arange(len(points)), [len(pair) for pair in pairs])
        candidate = np.concatenate([*pairs, np.zeros(0, dtype=np.int64)])
        t, d = self._project(points[point], candidate)
        near = d <= within_m
        return point[near], self._segments[candidate[near]], t[near], d[near]

    def _project(
        self, points: npt.NDArray[np.float64], candidate: npt.NDArray[np.int64]
    ) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        away = points - self._u[candidate]
        along = self._along[candidate]
        t = np.clip((away * along).sum(axis=-1) / self._square[candidate], 0.0, 1.0)
        distance = np.hypot(*np.moveaxis(away - t[..., None] * along, -1, 0))
        return t, distance


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
