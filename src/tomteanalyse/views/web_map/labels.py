"""Names on the background: places as points, streets along their longest straight stretch."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pyproj
import shapely
from shapely import Polygon

from tomteanalyse.extract import OsmExtract
from tomteanalyse.views.web_map.packing import Shapes, pack_numbers, pack_points, pack_shapes

PLACES = {
    "city": 0,
    "town": 1,
    "suburb": 2,
    "village": 2,
    "borough": 2,
    "quarter": 3,
    "hamlet": 3,
    "island": 3,
    "neighbourhood": 4,
    "locality": 5,
    "isolated_dwelling": 5,
    "farm": 5,
}
"""How important a place is: 0 is drawn on the smallest map."""
MOST_PLACES = 400
MOST_STREETS = 900
STRAIGHT_M = 5.0
"""How far a stretch may bend and still carry a name on one straight line."""
LEAST_STRETCH_M = 60.0
APART_M = 600.0
"""One street's name is repeated after this distance."""


def place_labels(extract: OsmExtract, *, drawn: Polygon, crs: pyproj.CRS) -> dict[str, Any]:
    """Return names of places with their rank and position, the most important first."""
    west, south, east, north = drawn.bounds
    found = []
    for tags, (x, y) in zip(extract.points.tags, extract.points.xy, strict=True):
        rank = PLACES.get(tags.get("place", ""))
        if rank is None or not tags.get("name"):
            continue
        if west <= x <= east and south <= y <= north:
            found.append((rank, tags["name"], float(x), float(y)))
    found = sorted(found)[:MOST_PLACES]
    return {
        "names": [name for _, name, _, _ in found],
        "ranks": [rank for rank, _, _, _ in found],
        "at": pack_points(np.array([at[2:] for at in found], dtype=float).reshape(-1, 2), crs=crs),
    }


def street_labels(
    lines: Shapes,
    names: npt.NDArray[np.object_],
    main: npt.NDArray[np.bool_],
    *,
    drawn: Polygon,
    near: shapely.STRtree,
    crs: pyproj.CRS,
) -> dict[str, Any]:
    """Return street names with the straight stretch each is to be written along.

    Parameters
    ----------
    lines, names, main
        Streets [m], their names ("" without) and whether they are main roads, shape (n,).
    drawn
        The rectangle that is drawn [m].
    near
        The plots: where there are too many names, those nearest to them are kept.
    crs
        The study's system.
    """
    shown = (names != "") & shapely.intersects(lines, drawn)
    known, code = np.unique(names[shown].astype(str), return_inverse=True)
    is_main = np.bincount(code, weights=main[shown], minlength=known.size) > 0
    start, end, street = _straight_stretches(lines[shown], code, drawn)
    kept = _apart(start, end, street)
    stretches = shapely.linestrings(np.stack([start[kept], end[kept]], axis=1))
    if kept.size > MOST_STREETS:
        (of_stretch, _), distance = near.query_nearest(
            stretches, return_distance=True, all_matches=False
        )
        nearest = np.sort(of_stretch[np.argsort(distance, kind="stable")[:MOST_STREETS]])
        stretches, kept = stretches[nearest], kept[nearest]
    used, index = np.unique(street[kept], return_inverse=True)
    return {
        "names": known[used].tolist(),
        "name": pack_numbers(index),
        "main": pack_numbers(is_main[street[kept]].astype(np.int64)),
        "along": pack_shapes(stretches, crs=crs),
    }


def _straight_stretches(
    lines: Shapes, code: npt.NDArray[np.int64], drawn: Polygon
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64], npt.NDArray[np.int64]]:
    """Return start, end [m] and street of every straight stretch, the longest first."""
    order = np.argsort(code, kind="stable")
    streets = shapely.line_merge(shapely.multilinestrings(lines[order], indices=code[order]))
    parts, street = shapely.get_parts(
        shapely.simplify(shapely.clip_by_rect(streets, *drawn.bounds), STRAIGHT_M),
        return_index=True,
    )
    xy, part = shapely.get_coordinates(parts, return_index=True)
    joined = part[1:] == part[:-1]
    start, end, street = xy[:-1][joined], xy[1:][joined], street[part[:-1][joined]]
    length = np.hypot(*(end - start).T)
    longest = np.argsort(-length, kind="stable")
    longest = longest[length[longest] >= LEAST_STRETCH_M]
    return start[longest], end[longest], street[longest]


def _apart(
    start: npt.NDArray[np.float64], end: npt.NDArray[np.float64], street: npt.NDArray[np.int64]
) -> npt.NDArray[np.int64]:
    """Return the stretches that keep away from a longer one with the same name."""
    middles: dict[int, list[npt.NDArray[np.float64]]] = {}
    kept = []
    for i, middle in enumerate((start + end) / 2):
        others = middles.setdefault(int(street[i]), [])
        if all(np.hypot(*(middle - other)) >= APART_M for other in others):
            others.append(middle)
            kept.append(i)
    return np.array(kept, dtype=np.int64)
