"""Walkable lines and hazards, cut to short pieces between locations."""

from dataclasses import dataclass

import numpy as np
import shapely
from scipy.spatial import cKDTree

from tomteanalyse.extract import OsmExtract
from tomteanalyse.network.shortcuts.arrays import Bools, Floats, Geometries, Ints
from tomteanalyse.network.shortcuts.hazards import NOTHING, LineRoles, embedded_trams
from tomteanalyse.network.shortcuts.stretches import TOUCHING_M, Stretches

PARALLEL = 1e-9
"""Segments are parallel where the sine of the angle between them is no more than this."""


@dataclass(frozen=True)
class Segments:
    """Straight segments between the OSM nodes of the lines that matter, in a fixed order.

    Parameters
    ----------
    line
        Line of the extract, shape (n,).
    first, last
        OSM nodes at the ends, shape (n,).
    ends
        Coordinates of the ends [m], shape (n, 2, 2).
    """

    line: Ints
    first: Ints
    last: Ints
    ends: Floats

    def drawn(self) -> Geometries:
        """Return the segments as lines."""
        lines: Geometries = shapely.linestrings(self.ends)
        return lines


@dataclass(frozen=True)
class Pieces:
    """Pieces of lines, and the locations they run between.

    Parameters
    ----------
    u, v
        Locations, shape (n,).
    line
        Line of the extract, shape (n,).
    xy
        Coordinates of the locations [m], shape (m, 2): OSM nodes by their id first, then places
        where lines cross without a node, then cuts.
    osm_node
        OSM id of a location, 0 for those that are no node, shape (m,).
    unshared
        Whether lines cross at the location without sharing a node, shape (m,).
    """

    u: Ints
    v: Ints
    line: Ints
    xy: Floats
    osm_node: Ints
    unshared: Bools


def find_segments(extract: OsmExtract, roles: LineRoles) -> Segments:
    """Return the segments of all lines that are walkable or a hazard; no tram in a street."""
    lines = extract.lines
    counts = np.diff(lines.start)
    line = np.repeat(np.arange(len(counts)), counts)
    begins = np.ones(len(lines.node), dtype=np.bool_)
    begins[lines.start[1:] - 1] = False
    at = np.flatnonzero(begins & (roles.role[line] != NOTHING))
    at = at[(lines.node[at] != lines.node[at + 1]) & (lines.xy[at] != lines.xy[at + 1]).any(axis=1)]
    ends = np.stack([lines.xy[at], lines.xy[at + 1]], axis=1)
    tram = np.flatnonzero(roles.tram[line[at]])
    kept = np.ones(len(at), dtype=np.bool_)
    kept[tram] = ~embedded_trams(extract, roles, shapely.linestrings(ends[tram]))
    at, ends = at[kept], ends[kept]
    first, last = lines.node[at], lines.node[at + 1]
    order = np.lexsort((lines.way[line[at]], last, first))
    return Segments(line[at][order], first[order], last[order], ends[order])


def cut_pieces(segments: Segments, roles: LineRoles, *, step_m: float) -> Pieces:
    """Cut segments where they cross a hazard without a shared node, and to at most a step [m].

    Two lines on the ground and of the same layer that cross meet there, whatever the nodes say: a
    bridge or tunnel that is not tagged as one looks the same, and the place is marked.
    """
    count = len(segments.line)
    osm_node, inverse = np.unique(
        np.concatenate([segments.first, segments.last]), return_inverse=True
    )
    node_xy = np.empty((len(osm_node), 2))
    node_xy[inverse] = np.concatenate([segments.ends[:, 0], segments.ends[:, 1]])
    first, last = inverse[:count], inverse[count:]

    met = _unshared_meetings(segments, roles)
    crossed, along, place, crossed_xy = _crossings(met)
    at_place, place_xy = _places(crossed_xy, node_xy)
    touched, touched_along, segment_at, at_last = _touchings(met)
    touching = np.where(at_last, last[segment_at], first[segment_at])
    every = np.arange(count)
    segment = np.concatenate([every, every, crossed, touched])
    share = np.concatenate([np.zeros(count), np.ones(count), along, touched_along])
    location = np.concatenate([first, last, at_place[place], touching])
    order = np.lexsort((location, share, segment))
    segment, share, location = segment[order], share[order], location[order]
    begin = np.flatnonzero(segment[:-1] == segment[1:])
    begin = begin[location[begin] != location[begin + 1]]

    xy = np.concatenate([node_xy, place_xy])
    a, b, line = location[begin], location[begin + 1], segments.line[segment[begin]]
    metres = np.hypot(*(xy[b] - xy[a]).T)
    steps = np.maximum(1, np.ceil(metres / step_m - 1e-9)).astype(np.int64)
    owner = np.repeat(np.arange(len(a)), steps)
    number = np.arange(len(owner)) - np.repeat(np.cumsum(steps) - steps, steps)
    is_last = number == steps[owner] - 1
    cuts = np.flatnonzero(~is_last)
    part = ((number[cuts] + 1) / steps[owner[cuts]])[:, None]
    cut_xy = xy[a[owner[cuts]]] * (1 - part) + xy[b[owner[cuts]]] * part
    u, v = a[owner].copy(), b[owner].copy()
    v[cuts] = u[cuts + 1] = len(xy) + np.arange(len(cuts))
    return Pieces(
        u=u,
        v=v,
        line=line[owner],
        xy=np.concatenate([xy, cut_xy]),
        osm_node=np.concatenate([osm_node, np.zeros(len(place_xy) + len(cuts), dtype=np.int64)]),
        unshared=np.isin(np.arange(len(xy) + len(cuts)), at_place),
    )


def _places(crossed_xy: Floats, node_xy: Floats) -> tuple[Ints, Floats]:
    """Return the location of every crossing, and where those are that lie at no node [m].

    Where lines cross right at a node of a third, or several cross in one point, there is one place:
    with two in the same spot rounding would say which of them a way leads through.
    """
    location = np.full(len(crossed_xy), -1, dtype=np.int64)
    if not len(crossed_xy):
        return location, crossed_xy
    at_nodes = cKDTree(node_xy).query_ball_point(crossed_xy, TOUCHING_M)
    alike = cKDTree(crossed_xy).query_ball_point(crossed_xy, TOUCHING_M)
    own: list[int] = []
    for number, (nodes, others) in enumerate(zip(at_nodes, alike, strict=True)):
        if nodes:
            location[number] = min(nodes)
        elif min(others) < number:
            location[number] = location[min(others)]
        else:
            location[number] = len(node_xy) + len(own)
            own.append(number)
    return location, crossed_xy[own]


@dataclass(frozen=True)
class _Meetings:
    """Segments that meet a hazard's without sharing a node.

    Parameters
    ----------
    segment
        The segment and the hazard's, shape (n, 2).
    along
        How far along each they meet, 0-1, shape (n, 2).
    at_first, at_last
        Whether they meet at the first and at the last node of each, shape (n, 2).
    xy
        Where [m], shape (n, 2).
    """

    segment: Ints
    along: Floats
    at_first: Bools
    at_last: Bools
    xy: Floats

    @property
    def at_end(self) -> Bools:
        """Whether they meet at a node of each, shape (n, 2)."""
        return self.at_first | self.at_last


def _unshared_meetings(segments: Segments, roles: LineRoles) -> _Meetings:
    line = segments.line
    ground = np.flatnonzero(roles.at_ground[line])
    hazard = ground[roles.hazard[line[ground]]]
    mine, theirs = Stretches(segments.ends[hazard]).met_by(segments.drawn()[ground])
    a, b = ground[mine], hazard[theirs]
    apart = roles.layer[line[a]] == roles.layer[line[b]]
    for one in (segments.first, segments.last):
        for other in (segments.first, segments.last):
            apart &= one[a] != other[b]
    # Two hazards find each other twice.
    apart &= ~(roles.hazard[line[a]] & (a > b))
    a, b = a[apart], b[apart]
    order = np.lexsort((b, a))
    a, b = a[order], b[order]
    p, r = segments.ends[a, 0], segments.ends[a, 1] - segments.ends[a, 0]
    q, s = segments.ends[b, 0], segments.ends[b, 1] - segments.ends[b, 0]
    metres = np.column_stack([np.hypot(*r.T), np.hypot(*s.T)])
    across = _cross(r, s)
    # What runs along each other meets nowhere in particular.
    askew = np.abs(across) > PARALLEL * metres.prod(axis=1)
    a, b, p, q, r, s, across, metres = (each[askew] for each in (a, b, p, q, r, s, across, metres))
    along = np.column_stack([_cross(q - p, s) / across, _cross(q - p, r) / across])
    return _Meetings(
        segment=np.column_stack([a, b]),
        along=along,
        at_first=along * metres <= TOUCHING_M,
        at_last=(1.0 - along) * metres <= TOUCHING_M,
        xy=p + along[:, :1] * r,
    )


def _crossings(met: _Meetings) -> tuple[Ints, Floats, Ints, Floats]:
    """Return segments, shares along them, places and the places' coordinates [m]."""
    rows = np.flatnonzero(~met.at_end.any(axis=1))
    place = np.arange(len(rows))
    return (
        met.segment[rows].T.ravel(),
        met.along[rows].T.ravel(),
        np.concatenate([place, place]),
        met.xy[rows],
    )


def _touchings(met: _Meetings) -> tuple[Ints, Floats, Ints, Bools]:
    """Return where a node of one segment lies on the other: there it is a node of both.

    Returns
    -------
    tuple
        The other segment and how far along it, the segment whose node it is, and whether it is
        that one's last.
    """
    found = []
    for owner, other in ((0, 1), (1, 0)):
        rows = np.flatnonzero(met.at_end[:, owner] & ~met.at_end[:, other])
        found.append(
            (
                met.segment[rows, other],
                met.along[rows, other],
                met.segment[rows, owner],
                met.at_last[rows, owner],
            )
        )
    one, other_way = found
    return (
        np.concatenate([one[0], other_way[0]]),
        np.concatenate([one[1], other_way[1]]),
        np.concatenate([one[2], other_way[2]]),
        np.concatenate([one[3], other_way[3]]),
    )


def _cross(a: Floats, b: Floats) -> Floats:
    product: Floats = a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]
    return product
