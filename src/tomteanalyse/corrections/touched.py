"""What a correction has to do with the map: the line it is meant for, and what it touched."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import shapely

from tomteanalyse.corrections.draft import Draft, Line
from tomteanalyse.corrections.misfit import Misfit
from tomteanalyse.extract import Tags

REACH_M = 25.0
"""What a correction is meant for lies within this of where it is drawn (normative: a click on a
screen map at 1:5 000 is some 10 m off)."""
LEAST_STRETCH_M = 2.0


@dataclass(frozen=True)
class Touched:
    """Name or number of what was corrected, and the ids of ways, areas and nodes concerned."""

    name: str | None
    ways: tuple[int | str, ...] = ()
    nodes: tuple[int, ...] = ()


def name_of(tags: Tags) -> str | None:
    """Return what a way or place is called: its name, else its number."""
    return tags.get("name") or tags.get("ref")


def lines_meant(
    draft: Draft, drawn: shapely.Geometry, *, way: int | None, fits: Callable[[Line], bool]
) -> list[int]:
    """Return the lines a correction is meant for: a whole way by a point, a stretch by a line.

    Raises
    ------
    Misfit
        ``corrections.unknown_way``, ``corrections.wrong_way``, ``corrections.way_elsewhere``,
        ``corrections.nothing_near`` or ``corrections.not_along``.
    """
    if way is not None:
        _check_way(draft, drawn, way=way, fits=fits)

    def meant(line: Line) -> bool:
        return fits(line) and way in (None, line.way)

    if drawn.geom_type == "Point":
        nearest = draft.nearest(drawn, meant, reach_m=REACH_M)
        if nearest is None:
            raise Misfit("corrections.nothing_near", reach_m=REACH_M)
        return [at for at in draft.of_way(draft.lines[nearest].way) if fits(draft.lines[at])]
    return [_stretch(draft, drawn, meant)]


def _check_way(
    draft: Draft, drawn: shapely.Geometry, *, way: int, fits: Callable[[Line], bool]
) -> None:
    mine = draft.of_way(way)
    if not mine:
        raise Misfit("corrections.unknown_way", way=way)
    if not any(fits(draft.lines[at]) for at in mine):
        raise Misfit("corrections.wrong_way", way=way)
    if min(draft.lines[at].drawn.distance(drawn) for at in mine) > REACH_M:
        raise Misfit("corrections.way_elsewhere", way=way, reach_m=REACH_M)


def _stretch(draft: Draft, drawn: shapely.Geometry, fits: Callable[[Line], bool]) -> int:
    """Make the stretch of a line that another is drawn along a line of its own."""
    near, _ = draft.within(drawn, fits, reach_m=REACH_M)
    if not len(near):
        raise Misfit("corrections.nothing_near", reach_m=REACH_M)
    along = [drawn.interpolate(share, normalized=True) for share in np.linspace(0, 1, 9)]
    best = min(
        near.tolist(),
        key=lambda at: (
            round(sum(draft.lines[at].drawn.distance(each) for each in along), 3),
            draft.lines[at].way,
        ),
    )
    line = draft.lines[best].drawn
    start_m, end_m = sorted(line.project(each) for each in (along[0], along[-1]))
    strays = max(line.distance(each) for each in along) > REACH_M
    if strays or end_m - start_m < LEAST_STRETCH_M:
        raise Misfit("corrections.not_along", reach_m=REACH_M)
    return draft.part(best, start_m, end_m)
