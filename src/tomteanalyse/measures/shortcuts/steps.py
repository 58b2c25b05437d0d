"""A way step by step, so that somebody can follow it on the ground and on the map."""

from dataclasses import dataclass, replace

from tomteanalyse.measures.shortcuts.search import Path
from tomteanalyse.network.shortcuts.crossing_classes import TOLERABLE, UNSAFE
from tomteanalyse.network.shortcuts.edges import ALONG, CROSSING, GROUND, KERB
from tomteanalyse.network.shortcuts.hazards import FOOT, RAIL
from tomteanalyse.network.shortcuts.levels import Levels
from tomteanalyse.network.way_classes import Grade, grade

LEAST_STEP_M = 0.5
"""What is walked for less than this is no step."""


@dataclass(frozen=True)
class Step:
    """One step of a way.

    Parameters
    ----------
    kind
        "start" and "end" (between a plot or destination and the nearest way or point), "path",
        "street", "kerb" (along a road, on its side), "bridge", "tunnel", "ground", "along" (a
        hazard), "crossing" (without a crossing), "tolerable_crossing", "safe_crossing".
    barrier
        "rail" or "road" for what is crossed or followed, else None.
    name, ref
        As mapped, or None.
    osm_way
        OSM way id, None on open ground; of a step over several ways the first.
    metres
        Length [m], 0 for crossings.
    xy
        Where the step begins [m].
    """

    kind: str
    barrier: str | None
    name: str | None
    ref: str | None
    osm_way: int | None
    metres: float
    xy: tuple[float, float]


def path_steps(path: Path, levels: Levels) -> tuple[Step, ...]:
    """Return a way step by step, walks of the same kind on a way of the same name as one.

    Parameters
    ----------
    path, levels
        The way and the graphs it was found on.
    """
    found = [_free("start", path.lead_m, path.xy[0].tolist())]
    for node, edge in zip(path.nodes.tolist(), path.edges.tolist(), strict=False):
        found.append(_step(levels, edge, levels.ground.node_xy[node].tolist()))
    walked_m = sum(each.metres for each in found)
    found.append(_free("end", path.metres - walked_m, path.xy[-1].tolist()))
    steps: list[Step] = []
    for each in found:
        if "crossing" not in each.kind and each.metres < LEAST_STEP_M:
            # Too short to be told, but its metres are walked.
            if steps and "crossing" not in steps[-1].kind:
                steps[-1] = replace(steps[-1], metres=steps[-1].metres + each.metres)
            continue
        if steps and _same(steps[-1], each):
            steps[-1] = replace(steps[-1], metres=steps[-1].metres + each.metres)
        else:
            steps.append(each)
    return tuple(steps)


def _free(kind: str, metres: float, xy: list[float]) -> Step:
    return Step(kind, None, None, None, None, float(metres), (xy[0], xy[1]))


def _same(one: Step, other: Step) -> bool:
    if "crossing" in other.kind:
        return False
    return (one.kind, one.name, one.ref) == (other.kind, other.name, other.ref)


def _step(levels: Levels, edge: int, xy: list[float]) -> Step:
    table, network = levels.edges, levels.ground.network
    kind, line = int(table.kind[edge]), int(table.line[edge])
    metres = float(table.metres[edge])
    if kind == GROUND:
        return _free("ground", metres, xy)
    tags, role = network.extract.lines.tags[line], int(network.roles.role[line])
    hazard = kind in (ALONG, CROSSING)
    return Step(
        kind=_kind(kind, int(table.crossing[edge]), role, grade(tags)),
        barrier=("rail" if role == RAIL else "road") if hazard else None,
        name=tags.get("name"),
        ref=tags.get("ref"),
        osm_way=int(network.extract.lines.way[line]),
        metres=metres,
        xy=(xy[0], xy[1]),
    )


def _kind(kind: int, crossing: int, role: int, where: Grade) -> str:
    if kind == CROSSING:
        if crossing == UNSAFE:
            return "crossing"
        return "tolerable_crossing" if crossing == TOLERABLE else "safe_crossing"
    if kind == ALONG:
        return "along"
    if where is Grade.BRIDGE:
        return "bridge"
    if where is Grade.TUNNEL:
        return "tunnel"
    if kind == KERB:
        return "kerb"
    return "path" if role == FOOT else "street"
