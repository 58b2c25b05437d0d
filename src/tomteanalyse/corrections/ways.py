"""Ways that are closed, speeds that are changed, fences that are put up and holes in them."""

from typing import Protocol

import shapely

from tomteanalyse.corrections.draft import Draft, Line
from tomteanalyse.corrections.misfit import Misfit
from tomteanalyse.corrections.touched import REACH_M, Touched, lines_meant, name_of
from tomteanalyse.network.barriers import WALLS
from tomteanalyse.network.shortcuts.surroundings import OPENING_M, fence_cost
from tomteanalyse.network.way_classes import (
    DEFAULT_SPEED_KMH,
    SPEED_KEYS,
    Grade,
    WayClass,
    grade,
    way_class,
)


class _OnWay(Protocol):
    geometry: shapely.Geometry
    way: int | None


class _Speed(_OnWay, Protocol):
    speed_kmh: float


class _Fence(Protocol):
    geometry: shapely.Geometry
    barrier: str | None


def change_speed(draft: Draft, correction: _Speed) -> Touched:
    """Give a road another speed limit: all of a way by a point, a stretch of it by a line.

    Raises
    ------
    Misfit
        As `lines_meant`.
    """
    meant = lines_meant(draft, correction.geometry, way=correction.way, fits=_is_road)
    for at in meant:
        others = {k: v for k, v in draft.lines[at].tags.items() if k not in SPEED_KEYS}
        draft.retag(at, {**others, "maxspeed": f"{correction.speed_kmh:g}"})
    return _touched(draft, meant)


def close_way(draft: Draft, correction: _OnWay) -> Touched:
    """Close a way for people on foot: all of it by a point, a stretch of it by a line.

    Raises
    ------
    Misfit
        As `lines_meant`.
    """
    meant = lines_meant(draft, correction.geometry, way=correction.way, fits=_is_walked)
    for at in meant:
        # A mapped sidewalk would say that one may still walk along the road.
        tags = {k: v for k, v in draft.lines[at].tags.items() if not k.startswith("sidewalk")}
        draft.retag(at, {**tags, "foot": "no", "access": "no"})
    return _touched(draft, meant)


def new_fence(draft: Draft, correction: _Fence) -> Touched:
    """Put up a fence, wall or the like."""
    kind = correction.barrier or "fence"
    # The way mappers write a noise wall.
    tags = {"barrier": "wall", "wall": kind} if kind == "noise_barrier" else {"barrier": kind}
    way = draft.add(shapely.get_coordinates(correction.geometry), tags, joined={})
    return Touched(None, ways=(way,))


def open_fence(draft: Draft, correction: _Fence) -> Touched:
    """Cut a hole into the fence nearest to where the correction is drawn.

    Raises
    ------
    Misfit
        ``corrections.no_fence_near``.
    """
    at = draft.nearest(correction.geometry, _is_fence, reach_m=REACH_M)
    if at is None:
        raise Misfit("corrections.no_fence_near", reach_m=REACH_M)
    fence = draft.lines[at]
    length_m, half_m = fence.drawn.length, OPENING_M / 2
    middle_m = fence.drawn.project(correction.geometry)
    start_m, end_m = middle_m - half_m, middle_m + half_m
    left = [(0.0, start_m), (end_m, length_m)]
    if fence.closed and start_m < 0:
        left = [(end_m, length_m + start_m)]
    elif fence.closed and end_m > length_m:
        left = [(end_m - length_m, start_m)]
    draft.keep_parts(at, left)
    return Touched(name_of(fence.tags), ways=(fence.way,))


def _touched(draft: Draft, meant: list[int]) -> Touched:
    lines = [draft.lines[at] for at in meant]
    return Touched(name_of(lines[0].tags), ways=tuple(sorted({line.way for line in lines})))


def _is_road(line: Line) -> bool:
    return line.tags.get("highway") in DEFAULT_SPEED_KMH


def _is_walked(line: Line) -> bool:
    return way_class(line.tags) in (WayClass.FOOT, WayClass.STREET)


def _is_fence(line: Line) -> bool:
    wall = line.tags.get("barrier") in WALLS
    return (wall or fence_cost(line.tags) > 0) and grade(line.tags) is Grade.GROUND
