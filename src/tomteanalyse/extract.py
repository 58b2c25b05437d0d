"""An OpenStreetMap extract as arrays: nodes, lines and areas with their tags, in metres."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

Tags = dict[str, str]


@dataclass(frozen=True)
class Lines:
    """Ways as lines; a way that is clipped at the extract's edge is one line per unbroken piece.

    Parameters
    ----------
    way
        OSM way id per line, shape (n,). Pieces of one way share it.
    start
        Where line ``i`` begins in `node` and `xy`: ``start[i]:start[i + 1]``, shape (n + 1,).
    node
        OSM node ids, shape (k,).
    xy
        Coordinates [m], shape (k, 2).
    clipped
        Whether the way misses nodes in this extract, shape (n,).
    tags
        Tags per line, length n.
    """

    way: npt.NDArray[np.int64]
    start: npt.NDArray[np.int64]
    node: npt.NDArray[np.int64]
    xy: npt.NDArray[np.float64]
    clipped: npt.NDArray[np.bool_]
    tags: list[Tags]


@dataclass(frozen=True)
class Areas:
    """Closed ways and multipolygon relations that stand for an area.

    Parameters
    ----------
    osm_id
        "w123" for a way, "r123" for a relation, shape (n,) of str.
    geometry
        Polygon or MultiPolygon [m], shape (n,) of object.
    tags
        Tags per area, length n.
    """

    osm_id: npt.NDArray[np.str_]
    geometry: npt.NDArray[np.object_]
    tags: list[Tags]


@dataclass(frozen=True)
class Points:
    """Nodes that carry tags.

    Parameters
    ----------
    node
        OSM node ids, shape (n,).
    xy
        Coordinates [m], shape (n, 2).
    tags
        Tags per node, length n.
    """

    node: npt.NDArray[np.int64]
    xy: npt.NDArray[np.float64]
    tags: list[Tags]


@dataclass(frozen=True)
class OsmExtract:
    """What one extract file holds that matters to people on foot.

    Parameters
    ----------
    path
        The file.
    timestamp
        When OpenStreetMap looked like this (ISO 8601, UTC), or None where the file does not say.
    bounds
        Extent of the data: west, south, east, north in the study's CRS [m].
    lines
        Ways drawn as lines: roads, paths, rail, barriers, streams, …
    areas
        Ways and relations drawn as areas: buildings, water, parks, shops, …
    points
        Nodes with tags: stops, shops, crossings, gates, …
    """

    path: Path
    timestamp: str | None
    bounds: tuple[float, float, float, float]
    lines: Lines
    areas: Areas
    points: Points
