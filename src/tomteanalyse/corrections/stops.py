"""Stops that are taken away or put up."""

from typing import Protocol

import numpy as np
import numpy.typing as npt
import shapely

from tomteanalyse.corrections.draft import Draft, Line
from tomteanalyse.corrections.misfit import Misfit
from tomteanalyse.corrections.touched import REACH_M, Touched, name_of
from tomteanalyse.extract import Tags
from tomteanalyse.network.way_classes import WayClass, way_class

STOP_TAGS = {
    "highway": frozenset({"bus_stop"}),
    "public_transport": frozenset({"platform"}),
    "amenity": frozenset({"bus_station"}),
    "railway": frozenset({"station", "halt", "tram_stop", "subway_entrance"}),
}
"""What makes a node or area a stop, as for `tomteanalyse.measures.amenities`."""
ONE_QUAY_M = 10.0
"""A stop is often drawn twice, as a sign and as a platform. Those this near each other that are
tagged otherwise are one; two signs are two quays."""
ROADS = frozenset({WayClass.FAST_ROAD, WayClass.MOTORWAY})
WALKED = frozenset({WayClass.FOOT, WayClass.STREET})


class _Stop(Protocol):
    name: str | None
    geometry: shapely.Geometry


def is_stop(tags: Tags) -> bool:
    """Tell whether a node or area is a place where one boards."""
    return bool(stop_keys(tags))


def stop_keys(tags: Tags) -> tuple[str, ...]:
    """Return the keys of the tags that make something a stop."""
    return tuple(
        key
        for key, values in STOP_TAGS.items()
        if tags.get(key) in values and not (key == "public_transport" and tags.get("bus") == "no")
    )


def remove_stop(draft: Draft, correction: _Stop) -> Touched:
    """Take away the stop nearest to where the correction is drawn.

    Raises
    ------
    Misfit
        ``corrections.no_stop_near``.
    """
    nodes = [node for node, (_, tags) in draft.points.items() if is_stop(tags)]
    areas = [at for at, tags in enumerate(draft.area_tags) if is_stop(tags)]
    shapes = np.array(
        [
            *(shapely.Point(draft.points[node][0]) for node in nodes),
            *(draft.areas.geometry[at] for at in areas),
        ],
        dtype=object,
    )
    tags = [*(draft.points[node][1] for node in nodes), *(draft.area_tags[at] for at in areas)]
    distance = shapely.distance(shapes, correction.geometry) if len(shapes) else np.zeros(0)
    if not len(distance) or distance.min() > REACH_M:
        raise Misfit("corrections.no_stop_near", reach_m=REACH_M)
    ids = np.array([*nodes, *areas])
    nearest = int(np.lexsort((ids, distance.round(3)))[0])
    gone = _one_quay(shapes, tags, ids, nearest)
    for at in gone:
        if at < len(nodes):
            xy, _ = draft.points[nodes[at]]
            draft.points[nodes[at]] = (xy, _disused(tags[at]))
        else:
            draft.area_tags[areas[at - len(nodes)]] = _disused(tags[at])
    return Touched(
        name_of(tags[nearest]),
        ways=tuple(
            sorted(
                str(draft.areas.osm_id[areas[at - len(nodes)]]) for at in gone if at >= len(nodes)
            )
        ),
        nodes=tuple(sorted(nodes[at] for at in gone if at < len(nodes))),
    )


def _one_quay(
    shapes: npt.NDArray[np.object_], tags: list[Tags], ids: npt.NDArray[np.int64], first: int
) -> list[int]:
    """Return a stop and the nearest other drawings of it, at most one for each way of tagging."""
    distance = shapely.distance(shapes, shapes[first])
    near = np.lexsort((ids, distance.round(3)))
    gone, keys = [first], {*stop_keys(tags[first])}
    for at in near[distance[near] <= ONE_QUAY_M].tolist():
        if not keys & {*stop_keys(tags[at])}:
            gone.append(at)
            keys |= {*stop_keys(tags[at])}
    return gone


def add_stop(draft: Draft, correction: _Stop) -> Touched:
    """Put up a bus stop where the correction is drawn.

    Raises
    ------
    Misfit
        ``corrections.no_road_near`` where there is neither road nor path beside it.
    """
    if draft.nearest(correction.geometry, _is_beside, reach_m=REACH_M) is None:
        raise Misfit("corrections.no_road_near", reach_m=REACH_M)
    x, y = shapely.get_coordinates(correction.geometry)[0].tolist()
    node = draft.fresh_id()
    named = {"name": correction.name} if correction.name else {}
    draft.tag_node(node, (x, y), {"highway": "bus_stop", **named})
    return Touched(correction.name, nodes=(node,))


def _is_beside(line: Line) -> bool:
    return way_class(line.tags) in ROADS | WALKED


def _disused(tags: Tags) -> Tags:
    keys = stop_keys(tags)
    return {f"disused:{key}" if key in keys else key: value for key, value in tags.items()}
