"""Straight segments of lines, and the nodes at their ends."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tomteanalyse.extract import Lines


@dataclass(frozen=True)
class Segments:
    """Position of each segment's first vertex in the line arrays, and its line."""

    first: npt.NDArray[np.int64]
    line: npt.NDArray[np.int64]


@dataclass(frozen=True)
class Nodes:
    """Nodes at the ends of segments: OSM ids (sorted, unique before cutting), places [m], ends.

    ``ends`` holds the node of every segment's first end, then of every second end, shape (2m,).
    """

    osm_id: npt.NDArray[np.int64]
    xy: npt.NDArray[np.float64]
    ends: npt.NDArray[np.int64]

    def place(self, osm_ids: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Return the node of each OSM id, -1 where no safe way has it."""
        place = np.minimum(np.searchsorted(self.osm_id, osm_ids), len(self.osm_id) - 1)
        return np.where(self.osm_id[place] == osm_ids, place, -1)

    def with_copies(self, moved: list[tuple[int, npt.NDArray[np.int64]]]) -> "Nodes":
        """Return the nodes with a copy for each group of ends that leaves a node."""
        ends = self.ends.copy()
        for copy, (_, group) in enumerate(moved):
            ends[group] = len(self.osm_id) + copy
        copied = np.array([at for at, _ in moved], dtype=np.int64)
        return Nodes(
            np.concatenate([self.osm_id, self.osm_id[copied]]),
            np.concatenate([self.xy, self.xy[copied]]),
            ends,
        )

    def parted(
        self, segment: npt.NDArray[np.int64], share: npt.NDArray[np.float64]
    ) -> tuple["Nodes", npt.NDArray[np.int64]]:
        """Return the nodes with segments parted, and the old segment of every new one.

        Parameters
        ----------
        segment, share
            Which segments, and where along them (0-1), sorted by both and without repeats. At 0
            or 1 the segment's end there is parted from all others.
        """
        u, v = self.ends.reshape(2, -1)
        start, end = self.xy[u[segment]], self.xy[v[segment]]
        xy = start + share[:, None] * (end - start)
        fresh = len(self.osm_id) + 2 * np.arange(len(segment))
        new_u, new_v = u.copy(), v.copy()
        at_start, at_end = share <= 0, share >= 1
        inside = np.flatnonzero(~(at_start | at_end))
        # Each parting inside gives the piece before it an end and the piece after it a beginning.
        following = np.append(inside[1:], inside[:1])
        same = np.append(segment[inside[1:]] == segment[inside[:-1]], False)[: len(inside)]
        first = np.append(True, ~same[:-1])[: len(inside)]
        piece_u = fresh[inside] + 1
        piece_v = np.where(same, fresh[following], v[segment[inside]])
        new_v[segment[inside[first]]] = fresh[inside[first]]
        new_u[segment[at_start]] = fresh[at_start]
        last = np.flatnonzero(at_end)
        # A segment parted inside as well ends in its last piece.
        pieces_of = segment[inside]
        for parting in last.tolist():
            mine = np.flatnonzero(pieces_of == segment[parting])
            if len(mine):
                piece_v[mine[-1]] = fresh[parting]
            else:
                new_v[segment[parting]] = fresh[parting]
        owner = np.concatenate([np.arange(len(u)), pieces_of])
        shared = -1 - np.arange(len(segment))
        shared[at_start] = self.osm_id[u[segment[at_start]]]
        shared[at_end] = self.osm_id[v[segment[at_end]]]
        return Nodes(
            np.concatenate([self.osm_id, np.repeat(shared, 2)]),
            np.concatenate([self.xy, np.repeat(xy, 2, axis=0)]),
            np.concatenate([new_u, piece_u, new_v, piece_v]),
        ), owner


def segments_of(lines: Lines, chosen: npt.NDArray[np.bool_]) -> Segments:
    """Return the segments of the chosen lines, `chosen` of shape (number of lines,)."""
    counts = np.diff(lines.start)
    line_of_vertex = np.repeat(np.arange(len(counts)), counts)
    begins = np.ones(len(lines.node), dtype=np.bool_)
    begins[lines.start[1:] - 1] = False
    first = np.flatnonzero(begins & chosen[line_of_vertex])
    # A vertex repeated in a way leads nowhere.
    first = first[lines.node[first] != lines.node[first + 1]]
    return Segments(first, line_of_vertex[first])


def nodes_of(lines: Lines, segments: Segments) -> Nodes:
    """Return the nodes at the ends of segments: those with one OSM id are one node."""
    vertex = np.concatenate([segments.first, segments.first + 1])
    osm_id, first_seen, ends = np.unique(lines.node[vertex], return_index=True, return_inverse=True)
    return Nodes(osm_id, lines.xy[vertex[first_seen]], ends.astype(np.int64))
