"""Walkable lines and hazards, cut to short pieces between locations."""

from dataclasses import dataclass

import numpy as np
import shapely

from tomteanalyse.extract import OsmExtract
from tomteanalyse.network.shortcuts.arrays import Bools, Floats, Geometries, Ints
from tomteanalyse.network.shortcuts.hazards import NOTHING, LineRoles, embedded_trams


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

    crossed, along, place, place_xy = _unshared_crossings(segments, roles)
    every = np.arange(count)
    segment = np.concatenate([every, every, crossed])
    share = np.concatenate([np.zeros(count), np.ones(count), along])
    location = np.concatenate([first, last, len(osm_node) + place])
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
        unshared=np.concatenate(
            [
                np.zeros(len(osm_node), dtype=np.bool_),
                np.ones(len(place_xy), dtype=np.bool_),
                np.zeros(len(cuts), dtype=np.bool_),
            ]
        ),
    )


def _unshared_crossings(segments: Segments, roles: LineRoles) -> tuple[Ints, Floats, Ints, Floats]:
    """Return segments, shares along them, places and the places' coordinates [m]."""
    line = segments.line
    ground = np.flatnonzero(roles.at_ground[line])
    hazard = ground[roles.hazard[line[ground]]]
    drawn = segments.drawn()
    mine, theirs = shapely.STRtree(drawn[hazard]).query(drawn[ground], predicate="crosses")
    a, b = ground[mine], hazard[theirs]
    apart = roles.layer[line[a]] == roles.layer[line[b]]
    for one in (segments.first, segments.last):
        for other in (segments.first, segments.last):
            apart &= one[a] != other[b]
    # Two hazards find each other twice.
    apart &= ~(roles.hazard[line[a]] & (a > b))
    a, b = a[apart], b[apart]
    if not len(a):
        none = np.zeros(0, dtype=np.int64)
        return none, np.zeros(0), none, np.zeros((0, 2))
    order = np.lexsort((b, a))
    a, b = a[order], b[order]
    p, r = segments.ends[a, 0], segments.ends[a, 1] - segments.ends[a, 0]
    q, s = segments.ends[b, 0], segments.ends[b, 1] - segments.ends[b, 0]
    across = _cross(r, s)
    along_a, along_b = _cross(q - p, s) / across, _cross(q - p, r) / across
    place = np.arange(len(a))
    return (
        np.concatenate([a, b]),
        np.concatenate([along_a, along_b]),
        np.concatenate([place, place]),
        p + along_a[:, None] * r,
    )


def _cross(a: Floats, b: Floats) -> Floats:
    product: Floats = a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]
    return product
