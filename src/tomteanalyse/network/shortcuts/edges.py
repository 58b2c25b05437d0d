"""Edges of the graphs as one table."""

from dataclasses import dataclass, fields

import numpy as np

from tomteanalyse.network.shortcuts.arrays import Floats, Ints

SAFE_NET, NO_HAZARD, MODERATE, SEVERE = range(4)
"""The four nested graphs: an edge of a level is in that graph and in all above it."""

WALK, KERB, GROUND, ALONG, CROSSING = range(5)
"""Kinds of edges: ways and streets, the side of a road, open ground, the side of a hazard where
nobody should walk, and crossing from one side of a hazard to the other."""


@dataclass(frozen=True)
class Edges:
    """Undirected edges, one row each; all of shape (n,).

    Parameters
    ----------
    u, v
        Nodes.
    cost, metres
        Cost [m] and length [m].
    level
        SAFE_NET, NO_HAZARD, MODERATE or SEVERE.
    kind
        WALK, KERB, GROUND, ALONG or CROSSING.
    severity
        0-1: of an informal crossing, or of the hazard walked along.
    line
        Line of the extract, -1 on open ground.
    crossing
        Class of a crossing (see `crossing_classes`), -1 otherwise.
    flags
        Flags of a crossing.
    """

    u: Ints
    v: Ints
    cost: Floats
    metres: Floats
    level: Ints
    kind: Ints
    severity: Floats
    line: Ints
    crossing: Ints
    flags: Ints

    def chosen(self, rows: Ints) -> "Edges":
        """Return some of the edges, in their order."""
        return Edges(**{each.name: getattr(self, each.name)[rows] for each in fields(self)})


def edges(
    u: Ints,
    v: Ints,
    *,
    cost: Floats,
    metres: Floats,
    level: Ints | int,
    kind: Ints | int,
    severity: Floats | float = 0.0,
    line: Ints | int = -1,
    crossing: Ints | int = -1,
    flags: Ints | int = 0,
) -> Edges:
    """Return a table of edges; a single value stands for all of them."""
    count = len(u)

    def whole(value: Ints | int) -> Ints:
        return np.broadcast_to(np.asarray(value, dtype=np.int64), count)

    return Edges(
        u=u.astype(np.int64),
        v=v.astype(np.int64),
        cost=cost,
        metres=metres,
        level=whole(level),
        kind=whole(kind),
        severity=np.broadcast_to(np.asarray(severity, dtype=np.float64), count),
        line=whole(line),
        crossing=whole(crossing),
        flags=whole(flags),
    )


def joined(tables: list[Edges]) -> Edges:
    """Return tables of edges as one."""
    return Edges(
        **{
            each.name: np.concatenate([getattr(table, each.name) for table in tables])
            for each in fields(Edges)
        }
    )
