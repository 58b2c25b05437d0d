"""Find the segments of the network that are near a point."""

import numpy as np
import numpy.typing as npt
from scipy.spatial import cKDTree

from tomteanalyse.network.walk import WalkNetwork

SAMPLE_M = 5.0
FIRST_TRY = 8
"""So many samples are looked at first; eight times as many where they do not settle it."""
CHUNK = 100_000
FEW_POINTS = 1000


class SegmentIndex:
    """Some segments of a network, to be found by distance, exactly.

    Parameters
    ----------
    network
        The network.
    segments
        Which of its segments, shape (m,).

    Notes
    -----
    A k-d tree on samples of the segments gives candidates; the distance to the segments themselves
    decides. Since samples lie at most `SAMPLE_M` apart, a segment none of whose samples is within
    half of that of the nearest sample cannot be nearer.
    """

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
        ends = np.concatenate(
            [network.node[network.u[segments]], network.node[network.v[segments]]]
        )
        self._end_order = np.argsort(ends, kind="stable")
        self._ends = ends[self._end_order]
        self._node_u, self._node_v = network.node[network.u], network.node[network.v]
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

    def sharing_end(
        self, segment: npt.NDArray[np.int64], along: npt.NDArray[np.float64]
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.float64]]:
        """Return the segments with an end in the OSM node that points at a segment's end lie on.

        Parameters
        ----------
        segment, along
            Points on segments of the network, shape (n,).

        Returns
        -------
        tuple
            Per segment found: which point, the segment, and the position of that end along it.
        """
        at_end = np.flatnonzero((along <= 0) | (along >= 1))
        node = np.where(along <= 0, self._node_u[segment], self._node_v[segment])[at_end]
        first = np.searchsorted(self._ends, node)
        count = np.searchsorted(self._ends, node, side="right") - first
        row = np.repeat(at_end, count)
        place = np.arange(len(row)) + np.repeat(first - np.cumsum(count) + count, count)
        end = self._end_order[place]
        size = len(self._segments)
        return row, self._segments[end % size], (end >= size).astype(float)

    def all_within(
        self, points: npt.NDArray[np.float64], *, within_m: float
    ) -> tuple[
        npt.NDArray[np.int64],
        npt.NDArray[np.int64],
        npt.NDArray[np.float64],
        npt.NDArray[np.float64],
    ]:
        """Return every pair of point and segment within reach.

        Parameters
        ----------
        points
            Places [m], shape (k, 2).
        within_m
            The reach [m].

        Returns
        -------
        tuple
            Per pair: point, segment, position along it, metres.
        """
        none = np.zeros(0, dtype=np.int64)
        found = [(none, none, np.zeros(0), np.zeros(0))]
        count = len(self._segments)
        for first in range(0, len(points), FEW_POINTS):
            hits = self._tree.query_ball_point(
                points[first : first + FEW_POINTS], within_m + SAMPLE_M
            )
            point = first + np.repeat(np.arange(len(hits)), [len(hit) for hit in hits])
            sample = np.concatenate([np.asarray(hit, dtype=np.int64) for hit in hits])
            # One number per pair sorts many times faster than two columns do.
            pair = np.unique(point * count + self._owner[sample])
            point, candidate = np.divmod(pair, max(count, 1))
            t, d = self._project(points[point], candidate)
            near = np.flatnonzero(d <= within_m)
            found.append((point[near], self._segments[candidate[near]], t[near], d[near]))
        point, segment, along, distance = (
            np.concatenate(part) for part in zip(*found, strict=True)
        )
        return point, segment, along, distance

    def _project(
        self, points: npt.NDArray[np.float64], candidate: npt.NDArray[np.int64]
    ) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
        away = points - self._u[candidate]
        along = self._along[candidate]
        t = np.clip((away * along).sum(axis=-1) / self._square[candidate], 0.0, 1.0)
        distance = np.hypot(*np.moveaxis(away - t[..., None] * along, -1, 0))
        return t, distance
