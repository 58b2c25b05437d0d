"""What a way meets: the hazards it crosses, and those it runs along."""

from dataclasses import dataclass

import numpy as np

from tomteanalyse.measures.shortcuts.search import Path
from tomteanalyse.network.shortcuts.crossing_classes import TOLERABLE, UNSAFE
from tomteanalyse.network.shortcuts.edges import ALONG, CROSSING, SEVERE
from tomteanalyse.network.shortcuts.hazards import RAIL
from tomteanalyse.network.shortcuts.levels import Levels


@dataclass(frozen=True)
class Crossing:
    """A place where a way crosses a hazard without a crossing.

    Parameters
    ----------
    xy
        Where [m].
    barrier
        "rail" or "road".
    road_class
        The value of ``highway`` or ``railway``.
    name, ref
        As mapped, or None.
    way
        OSM way id.
    speed_kmh
        Speed of the road or line, None where it is unknown (a track).
    speed_assumed
        Whether the speed was assumed.
    lanes
        Lanes, None for a track.
    severity
        0-1; of parallel tracks, each track's part.
    severe
        Whether the barrier is severe.
    metres
        How far along the way it lies [m].
    """

    xy: tuple[float, float]
    barrier: str
    road_class: str
    name: str | None
    ref: str | None
    way: int
    speed_kmh: float | None
    speed_assumed: bool
    lanes: int | None
    severity: float
    severe: bool
    metres: float


@dataclass(frozen=True)
class Stretch:
    """A stretch of a way along a hazard where nobody should walk.

    Parameters
    ----------
    barrier, way, severity, severe
        As of a crossing, the severity that of the whole hazard.
    metres
        Its length [m].
    """

    barrier: str
    way: int
    severity: float
    severe: bool
    metres: float


@dataclass(frozen=True)
class Encounters:
    """Everything dangerous on a way, in walking order.

    Parameters
    ----------
    crossings, along
        Crossings and stretches.
    severity
        One minus the product of the chances to be spared by each, 0-1.
    tolerable
        Number of tolerable crossings passed.
    flags
        Flags of the crossings passed, joined.
    """

    crossings: tuple[Crossing, ...]
    along: tuple[Stretch, ...]
    severity: float
    tolerable: int
    flags: int


def encounters(path: Path, levels: Levels, *, along_m: float) -> Encounters:
    """Return what a way meets.

    Parameters
    ----------
    path, levels
        The way and the graphs it was found on.
    along_m
        Walking this far along a hazard gives 1 - 1/e of its severity [m].
    """
    table = levels.edges
    kind = table.kind[path.edges]
    walked = path.lead_m + np.cumsum(table.metres[path.edges])
    spared, tolerable, flags = 1.0, 0, 0
    crossings: list[Crossing] = []
    along: list[Stretch] = []
    previous = -1
    for place in np.flatnonzero((kind == ALONG) | (kind == CROSSING)).tolist():
        edge = int(path.edges[place])
        if kind[place] == ALONG:
            stretch = _stretch(levels, edge)
            if along and place == previous + 1 and _same(along[-1], stretch):
                before = along.pop()
                stretch = Stretch(
                    stretch.barrier,
                    before.way,
                    stretch.severity,
                    stretch.severe,
                    before.metres + stretch.metres,
                )
            along.append(stretch)
            previous = place
            continue
        flags |= int(table.flags[edge])
        if table.crossing[edge] == TOLERABLE:
            tolerable += 1
        elif table.crossing[edge] == UNSAFE:
            node = int(path.nodes[place])
            crossings.append(_crossing(levels, edge, node, float(walked[place])))
            spared *= 1.0 - crossings[-1].severity
    # All metres along hazards of a kind together: where a way changes sides it is not safer.
    walked_along: dict[tuple[str, float], float] = {}
    for each in along:
        kind_of = (each.barrier, each.severity)
        walked_along[kind_of] = walked_along.get(kind_of, 0.0) + each.metres
    for (_, severity), metres in walked_along.items():
        spared *= 1.0 - severity * -np.expm1(-metres / along_m)
    return Encounters(tuple(crossings), tuple(along), float(1.0 - spared), tolerable, flags)


def _same(one: Stretch, other: Stretch) -> bool:
    return (one.barrier, one.severity) == (other.barrier, other.severity)


def _stretch(levels: Levels, edge: int) -> Stretch:
    table, network = levels.edges, levels.ground.network
    line = int(table.line[edge])
    return Stretch(
        barrier="rail" if network.roles.role[line] == RAIL else "road",
        way=int(network.extract.lines.way[line]),
        severity=float(table.severity[edge]),
        severe=bool(table.level[edge] == SEVERE),
        metres=float(table.metres[edge]),
    )


def _crossing(levels: Levels, edge: int, node: int, walked_m: float) -> Crossing:
    table, network = levels.edges, levels.ground.network
    line, roles = int(table.line[edge]), network.roles
    tags = network.extract.lines.tags[line]
    is_rail = bool(roles.role[line] == RAIL)
    speed = float(roles.speed[line])
    x, y = levels.ground.node_xy[node].tolist()
    return Crossing(
        xy=(x, y),
        barrier="rail" if is_rail else "road",
        road_class=tags.get("railway" if is_rail else "highway", ""),
        name=tags.get("name"),
        ref=tags.get("ref"),
        way=int(network.extract.lines.way[line]),
        speed_kmh=None if np.isnan(speed) else speed,
        speed_assumed=bool(roles.speed_assumed[line]),
        lanes=None if is_rail else int(roles.lanes[line]),
        severity=float(table.severity[edge]),
        severe=bool(table.level[edge] == SEVERE),
        metres=walked_m,
    )
