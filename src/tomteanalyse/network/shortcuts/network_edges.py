"""Edges along ways and hazards, and across hazards: everything but open ground."""

from dataclasses import dataclass

import numpy as np

from tomteanalyse.extract import OsmExtract, Tags
from tomteanalyse.network.crossings import CROSSING_WAYS
from tomteanalyse.network.shortcuts.arrays import Bools, Floats, Ints, bearings
from tomteanalyse.network.shortcuts.crossing_classes import UNSAFE, Meeting, classes_at
from tomteanalyse.network.shortcuts.edges import (
    ALONG,
    CROSSING,
    KERB,
    MODERATE,
    SAFE_NET,
    SEVERE,
    WALK,
    Edges,
    edges,
    joined,
)
from tomteanalyse.network.shortcuts.hazards import FOOT, RAIL, ROAD, LineRoles
from tomteanalyse.network.shortcuts.parallel import share_of_barrier
from tomteanalyse.network.shortcuts.parameters import ShortcutParameters
from tomteanalyse.network.shortcuts.pieces import Pieces, Segments
from tomteanalyse.network.shortcuts.sides import Sides

ASIDE = 1e-7


@dataclass(frozen=True)
class SidedNetwork:
    """Lines of an extract as pieces, sides and edges.

    Parameters
    ----------
    extract, roles
        The lines, and what each is.
    segments, pieces, sides
        Their straight segments, cut to pieces, and the nodes.
    edges
        Edges along and across.
    on_ground
        Whether each location lies on the ground, shape (m,): a bridge's or tunnel's own nodes do
        not.
    """

    extract: OsmExtract
    roles: LineRoles
    segments: Segments
    pieces: Pieces
    sides: Sides
    edges: Edges
    on_ground: Bools


def build_edges(
    extract: OsmExtract,
    roles: LineRoles,
    segments: Segments,
    pieces: Pieces,
    sides: Sides,
    *,
    parameters: ShortcutParameters,
) -> SidedNetwork:
    """Build the edges along ways, along hazards and across them."""
    on_ground = np.zeros(len(pieces.xy), dtype=np.bool_)
    grounded = roles.at_ground[pieces.line]
    on_ground[pieces.u[grounded]] = on_ground[pieces.v[grounded]] = True
    found = joined(
        [
            _walk_edges(roles, pieces, sides),
            *_edges_along(roles, pieces, sides, parameters),
            _edges_across(extract, roles, segments, pieces, sides, on_ground, parameters),
        ]
    )
    return SidedNetwork(extract, roles, segments, pieces, sides, found, on_ground)


def _lengths(pieces: Pieces, rows: Ints) -> Floats:
    metres: Floats = np.hypot(*(pieces.xy[pieces.u[rows]] - pieces.xy[pieces.v[rows]]).T)
    return metres


def _walk_edges(roles: LineRoles, pieces: Pieces, sides: Sides) -> Edges:
    rows = np.flatnonzero(~roles.hazard[pieces.line])
    u, v = pieces.u[rows], pieces.v[rows]
    metres = _lengths(pieces, rows)
    # A way drawn right on a hazard keeps to its left, rather than changing sides by rounding.
    out = (bearings(pieces.xy[u], pieces.xy[v]) + ASIDE) % (2 * np.pi)
    back = (bearings(pieces.xy[v], pieces.xy[u]) - ASIDE) % (2 * np.pi)
    return edges(
        sides.node_towards(u, out),
        sides.node_towards(v, back),
        cost=metres,
        metres=metres,
        level=SAFE_NET,
        kind=WALK,
        line=pieces.line[rows],
    )


def _edges_along(
    roles: LineRoles, pieces: Pieces, sides: Sides, parameters: ShortcutParameters
) -> list[Edges]:
    """Return the edges on the left and on the right of every piece of a hazard."""
    arms = sides.arms
    real = np.flatnonzero(arms.piece >= 0)
    begins = real[~arms.at_end[real]]
    ends = real[arms.at_end[real]]
    begins = begins[np.argsort(arms.piece[begins], kind="stable")]
    ends = ends[np.argsort(arms.piece[ends], kind="stable")]
    rows = arms.piece[begins]
    line, metres = pieces.line[rows], _lengths(pieces, rows)
    severity = roles.severity[line]
    # What is left of a piece where it begins is right of it looking back from its end.
    left_u, right_u = sides.side_nodes(begins)
    right_v, left_v = sides.side_nodes(ends)
    found = []
    for side, (u, v) in enumerate(((left_u, left_v), (right_u, right_v))):
        kerb = roles.kerb[line, side]
        level = np.where(severity < parameters.severe, MODERATE, SEVERE)
        found.append(
            edges(
                u,
                v,
                cost=metres * np.where(kerb, 1.0, 1.0 + parameters.along_cost * severity),
                metres=metres,
                level=np.where(kerb, SAFE_NET, level),
                kind=np.where(kerb, KERB, ALONG),
                severity=np.where(kerb, 0.0, severity),
                line=line,
            )
        )
    return found


def _edges_across(
    extract: OsmExtract,
    roles: LineRoles,
    segments: Segments,
    pieces: Pieces,
    sides: Sides,
    on_ground: Bools,
    parameters: ShortcutParameters,
) -> Edges:
    arms = sides.arms
    arm = np.flatnonzero((arms.piece >= 0) & (sides.arm_count[arms.location] > 1))
    line, at = pieces.line[arms.piece[arm]], arms.location[arm]
    # A hazard that goes on is crossed once; where its two halves differ, at the worse one.
    worst = np.lexsort((arm, extract.lines.way[line], -roles.severity[line], at))
    again = np.append(False, at[worst][1:] == at[worst][:-1]) & (sides.arm_count[at[worst]] == 2)
    arm = np.sort(arm[worst[~again]])
    line, at = pieces.line[arms.piece[arm]], arms.location[arm]

    left, right = sides.side_nodes(arm)
    kind, flags = classes_at(
        _meetings(extract, roles, pieces, sides, at, left, right),
        rail=roles.role[line] == RAIL,
        tram=roles.tram[line],
        speed_kmh=roles.speed[line],
        lanes=roles.lanes[line],
        motorway=roles.motorway[line],
    )
    share = _shares(roles, segments, pieces, sides, arm, parameters)
    unsafe = kind == UNSAFE
    severity = roles.severity[line]
    full = parameters.crossing_m + parameters.crossing_traffic_m * roles.traffic[line]
    split = np.where(roles.role[line] == RAIL, 1.0 - (1.0 - severity) ** (1.0 / share), severity)
    found = edges(
        left,
        right,
        cost=np.where(unsafe, full / share, 0.0),
        metres=np.zeros(len(arm)),
        level=np.where(unsafe, np.where(severity < parameters.severe, MODERATE, SEVERE), SAFE_NET),
        kind=CROSSING,
        severity=np.where(unsafe, split, 0.0),
        line=line,
        crossing=kind,
        flags=flags,
    )
    # Nobody climbs over the railing of a bridge.
    return found.chosen(np.flatnonzero(on_ground[at] | ~unsafe))


def _shares(
    roles: LineRoles,
    segments: Segments,
    pieces: Pieces,
    sides: Sides,
    arm: Ints,
    parameters: ShortcutParameters,
) -> Floats:
    line = pieces.line[sides.arms.piece[arm]]
    share = np.ones(len(arm))
    ground = roles.at_ground[segments.line]
    for role, apart_m in ((ROAD, parameters.road_apart_m), (RAIL, parameters.rail_apart_m)):
        mine = np.flatnonzero((roles.role[line] == role) & roles.at_ground[line])
        share[mine] = share_of_barrier(
            pieces.xy[sides.arms.location[arm[mine]]],
            sides.arms.bearing[arm[mine]],
            segments,
            ground & (roles.role[segments.line] == role),
            apart_m=apart_m,
        )
    return share


def _meetings(
    extract: OsmExtract,
    roles: LineRoles,
    pieces: Pieces,
    sides: Sides,
    at: Ints,
    left: Ints,
    right: Ints,
) -> list[Meeting]:
    """Return what meets the hazards at locations, seen from the two nodes beside the arm."""
    tags_of = dict(zip(extract.points.node.tolist(), extract.points.tags, strict=True))
    role = roles.role[pieces.line]
    ends = np.concatenate([pieces.u, pieces.v])
    others = np.concatenate([pieces.v, pieces.u])
    foot_at = np.zeros(len(pieces.xy), dtype=np.bool_)
    street_at, rail_at = foot_at.copy(), foot_at.copy()
    of_end = np.concatenate([role, role])
    foot_at[ends[of_end == FOOT]] = True
    street_at[ends[(of_end != FOOT) & (of_end != RAIL)]] = True
    rail_at[ends[of_end == RAIL]] = True
    walkable = np.flatnonzero((of_end < ROAD) & (sides.arm_count[ends] > 1))
    has_way = np.zeros(len(sides.location), dtype=np.bool_)
    towards = bearings(pieces.xy[ends[walkable]], pieces.xy[others[walkable]])
    has_way[sides.node_towards(ends[walkable], towards)] = True
    marked_ways = _crossing_ways(extract, roles, pieces)
    nowhere: Tags = {}
    return [
        Meeting(
            tags={**marked_ways.get(place, nowhere), **tags_of.get(node, nowhere)},
            foot=foot,
            street=street,
            both_sides=both,
            unshared=unshared,
        )
        for place, node, foot, street, both, unshared in zip(
            at.tolist(),
            pieces.osm_node[at].tolist(),
            foot_at[at].tolist(),
            (street_at & rail_at)[at].tolist(),
            (has_way[left] & has_way[right]).tolist(),
            pieces.unshared[at].tolist(),
            strict=True,
        )
    ]


def _crossing_ways(extract: OsmExtract, roles: LineRoles, pieces: Pieces) -> dict[int, Tags]:
    """Return what is said of a crossing on the way itself, by location."""
    said = {
        place: {
            key: tags[key] for key in tags if key in CROSSING_WAYS or key.startswith("crossing")
        }
        for place, tags in enumerate(extract.lines.tags)
        if roles.role[place] == FOOT
        and ("crossing" in tags or any(tags.get(key) == "crossing" for key in CROSSING_WAYS))
    }
    found: dict[int, Tags] = {}
    for row in np.flatnonzero(np.isin(pieces.line, np.array(sorted(said), dtype=np.int64))):
        for place in (int(pieces.u[row]), int(pieces.v[row])):
            found.setdefault(place, said[int(pieces.line[row])])
    return found
