"""Plane geometry for drawing a town: curves, offsets, cuts and boxes [m]."""

import math
from collections.abc import Iterable, Sequence

from shapely import LineString, Point

Xy = tuple[float, float]


def rounded(xy: Iterable[float]) -> Xy:
    """Round a position to whole centimetres, so that equal places have equal numbers."""
    x, y = xy
    return (round(x, 2) + 0.0, round(y, 2) + 0.0)


def curve(points: Sequence[Xy], *, spacing_m: float = 28.0, closed: bool = False) -> list[Xy]:
    """Draw a smooth curve (Catmull-Rom) through every point given.

    Parameters
    ----------
    points
        Where the curve must pass.
    spacing_m
        About how far apart its vertices lie.
    closed
        Whether it returns to its first point.
    """
    if len(points) < 3:
        return [rounded(p) for p in points]
    if closed:
        ring = [points[-1], *points, points[0], points[1]]
    else:
        ring = [points[0], *points, points[-1]]
    drawn: list[Xy] = []
    for before, start, end, after in zip(ring, ring[1:], ring[2:], ring[3:], strict=False):
        steps = max(1, round(math.dist(start, end) / spacing_m))
        for step in range(steps):
            t = step / steps
            drawn.append(
                rounded(_catmull_rom(before[i], start[i], end[i], after[i], t) for i in (0, 1))
            )
    drawn.append(rounded(ring[-2]))
    kept = LineString(drawn).simplify(0.25).coords if not closed else drawn
    return [rounded(p) for p in kept]


def _catmull_rom(before: float, start: float, end: float, after: float, t: float) -> float:
    bend = 2 * before - 5 * start + 4 * end - after
    return 0.5 * (
        2 * start + (end - before) * t + bend * t**2 + (3 * start - before - 3 * end + after) * t**3
    )


def offset(points: Sequence[Xy], *, left_m: float) -> list[Xy]:
    """Move a line sideways, to the left of its direction where ``left_m`` is positive."""
    moved = []
    for i, (x, y) in enumerate(points):
        (x0, y0), (x1, y1) = points[max(i - 1, 0)], points[min(i + 1, len(points) - 1)]
        length = math.dist((x0, y0), (x1, y1))
        moved.append(rounded((x - (y1 - y0) / length * left_m, y + (x1 - x0) / length * left_m)))
    return moved


def cut(points: Sequence[Xy], start_m: float, end_m: float) -> list[Xy]:
    """Cut out the part of a line between two distances along it."""
    line, kept, passed = LineString(points), [], 0.0
    for i, place in enumerate(points):
        passed += math.dist(points[i - 1], place) if i else 0.0
        if start_m + 0.01 < passed < end_m - 0.01:
            kept.append(rounded(place))
    ends = (rounded(line.interpolate(d).coords[0]) for d in (start_m, end_m))
    return [next(ends), *kept, next(ends)]


def between(points: Sequence[Xy], start: Xy, end: Xy) -> list[Xy]:
    """Cut out the part of a line between the places on it nearest to two points."""
    line = LineString(points)
    return cut(points, *sorted((line.project(Point(start)), line.project(Point(end)))))


def nearest_on(points: Sequence[Xy], place: Xy) -> Xy:
    """Give the place on a line nearest to a point."""
    line = LineString(points)
    return rounded(line.interpolate(line.project(Point(place))).coords[0])


def roughened(points: Sequence[Xy], *, depth_m: float) -> list[Xy]:
    """Make a line uneven as shores and forest edges are; the same line gives the same edge."""
    drawn, passed = [], 0.0
    for i, (x, y) in enumerate(points):
        passed += math.dist(points[i - 1], (x, y)) if i else 0.0
        out = (
            math.sin(passed / 71)
            + 0.6 * math.sin(passed / 29 + 1)
            + 0.4 * math.sin(x / 13 + y / 17)
        )
        turn = math.sin(passed / 113 + x / 400) * math.pi
        drawn.append(
            rounded(
                (x + depth_m / 2 * out * math.cos(turn), y + depth_m / 2 * out * math.sin(turn))
            )
        )
    return drawn


def box(centre: Xy, along_m: float, across_m: float, *, bearing: float = 0.0) -> list[Xy]:
    """Draw a rectangle; ``bearing`` [rad] turns its long side anticlockwise from east."""
    cos, sin = math.cos(bearing), math.sin(bearing)
    corners = ((-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1))
    return [
        rounded(
            (
                centre[0] + (i * along_m * cos - j * across_m * sin) / 2,
                centre[1] + (i * along_m * sin + j * across_m * cos) / 2,
            )
        )
        for i, j in corners
    ]


def bearing_at(points: Sequence[Xy], place: Xy) -> float:
    """Give the direction of a line [rad] where it is nearest to a place."""
    line = LineString(points)
    at = line.project(Point(place))
    a, b = line.interpolate(max(at - 1, 0)), line.interpolate(min(at + 1, line.length))
    return math.atan2(b.y - a.y, b.x - a.x)
