"""Read an OpenStreetMap extract in one pass into arrays."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyproj

from tomteanalyse.errors import DataError, Notice
from tomteanalyse.extract import Lines, OsmExtract, Points, Tags
from tomteanalyse.inputs.osm_areas import LINEAR_NATURAL, areas_of
from tomteanalyse.inputs.osm_raw import (
    NOWHERE,
    RawExtract,
    header_box,
    is_closed,
    unbroken,
)

HEADER_SLACK_M = 5000.0
SHORT_WAY_M = 300.0
ENOUGH_WAYS = 100
DEGREES = 1e-7


def read_extract(path: Path, *, crs: pyproj.CRS) -> OsmExtract:
    """Read ``.osm.pbf``, ``.osm`` or ``.osm.gz`` into arrays in a metric system.

    Parameters
    ----------
    path
        The extract. Nodes must come before ways, as in every file a service hands out.
    crs
        The study's metric coordinate system.

    Returns
    -------
    OsmExtract
        Coordinates in `crs` [m]. A way that misses nodes is cut where they are missing; the gap is
        never bridged.

    Raises
    ------
    DataError
        ``osm.unreadable`` if the file is broken off or not OpenStreetMap data, ``osm.unsorted`` if
        ways come before their nodes, ``osm.no_ways`` if nobody can walk in it.
    """
    raw = RawExtract()
    try:
        raw.read(path)
        box = header_box(path)
    except (RuntimeError, ValueError, OSError, EOFError) as error:
        # libosmium's words may carry the full path, which has no place in a message.
        raise DataError(Notice("osm.unreadable", file=path.name)) from error
    if not any("highway" in tags for tags in raw.way_tags):
        raise DataError(Notice("osm.no_ways", file=path.name))
    way_x = np.frombuffer(raw.way_x, dtype=np.int32)
    present = way_x != NOWHERE
    if not present.any():
        raise DataError(Notice("osm.unsorted", file=path.name))

    to_metres = pyproj.Transformer.from_crs("EPSG:4326", crs, always_xy=True)
    way_xy = _metres(to_metres, way_x, np.frombuffer(raw.way_y, dtype=np.int32), present)
    node_x = np.frombuffer(raw.node_x, dtype=np.int32)
    node_y = np.frombuffer(raw.node_y, dtype=np.int32)
    node_xy = _metres(to_metres, node_x, node_y, node_x != NOWHERE)
    if not np.isfinite(way_xy[present]).all():
        raise DataError(
            Notice("osm.outside_crs", file=path.name, values={"crs": crs.to_string() or crs.name})
        )
    lines = _lines(raw, way_xy, present)
    bounds = _extent(lines)
    if box is not None:
        # A header may claim the whole planet; an honest one reaches a little past its ways.
        west, south, east, north = to_metres.transform_bounds(*box)
        bounds = (
            max(west, bounds[0] - HEADER_SLACK_M),
            max(south, bounds[1] - HEADER_SLACK_M),
            min(east, bounds[2] + HEADER_SLACK_M),
            min(north, bounds[3] + HEADER_SLACK_M),
        )
    return OsmExtract(
        path=path,
        timestamp=raw.timestamp,
        bounds=bounds,
        lines=lines,
        areas=areas_of(raw, way_xy, present),
        points=Points(np.array(raw.node_id, dtype=np.int64), node_xy, raw.node_tags),
    )


def _metres(
    to_metres: pyproj.Transformer,
    x: npt.NDArray[np.int32],
    y: npt.NDArray[np.int32],
    present: npt.NDArray[np.bool_],
) -> npt.NDArray[np.float64]:
    xy = np.full((len(x), 2), np.nan)
    east, north = to_metres.transform(x[present] * DEGREES, y[present] * DEGREES)
    xy[present, 0], xy[present, 1] = east, north
    return xy


def _lines(raw: RawExtract, xy: npt.NDArray[np.float64], present: npt.NDArray[np.bool_]) -> Lines:
    node = np.frombuffer(raw.way_ref, dtype=np.int64)
    ways: list[int] = []
    spans: list[tuple[int, int]] = []
    clipped: list[bool] = []
    tags: list[Tags] = []
    missing_before = np.concatenate([[0], np.cumsum(~present)])
    for way, (first, end), way_tags in zip(raw.way_id, raw.spans(), raw.way_tags, strict=True):
        if not _is_line(way_tags, closed=is_closed(node, first, end)):
            continue
        whole = missing_before[first] == missing_before[end]
        for piece in [(first, end)] if whole else unbroken(present, first, end):
            if piece[1] - piece[0] > 1:
                ways.append(way)
                spans.append(piece)
                clipped.append(not whole)
                tags.append(way_tags)
    counts = np.array([end - first for first, end in spans], dtype=np.int64)
    start = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    firsts = np.array([first for first, _ in spans], dtype=np.int64)
    index = np.arange(start[-1]) + np.repeat(firsts - start[:-1], counts)
    return Lines(
        way=np.array(ways, dtype=np.int64),
        start=start,
        node=node[index],
        xy=xy[index],
        clipped=np.array(clipped, dtype=np.bool_),
        tags=tags,
    )


def _extent(lines: Lines) -> tuple[float, float, float, float]:
    """Return how far the data of an extract reaches [m], where no header tells.

    Ways are stored whole: a river or a power line reaches far out of the area that was cut. Short
    ways do not, so where there are many they tell how far everything was read.
    """
    low = np.minimum.reduceat(lines.xy, lines.start[:-1])
    high = np.maximum.reduceat(lines.xy, lines.start[:-1])
    short = np.hypot(*(high - low).T) < SHORT_WAY_M
    if short.sum() >= ENOUGH_WAYS and short.mean() > 0.5:
        low, high = low[short], high[short]
    west, south = low.min(axis=0).tolist()
    east, north = high.max(axis=0).tolist()
    return west, south, east, north


def _is_line(tags: Tags, *, closed: bool) -> bool:
    if "natural" in tags and tags["natural"] in LINEAR_NATURAL:
        return True
    if "highway" in tags or "barrier" in tags:
        return True
    if tags.get("public_transport") == "platform":
        return True
    if "railway" in tags or "waterway" in tags or "man_made" in tags:
        return not closed or "building" not in tags
    return False
