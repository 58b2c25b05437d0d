"""The safe walking network of an extract, as arrays of straight segments."""

from collections.abc import Mapping
from dataclasses import dataclass

import geopandas as gpd
import networkx as nx
import numpy as np
import numpy.typing as npt
import pyproj
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from tomteanalyse.errors import DataError, Notice
from tomteanalyse.extract import OsmExtract
from tomteanalyse.network.cuts import Cut, cuts_at_nodes, cuts_between_nodes
from tomteanalyse.network.segments import Segments, nodes_of, segments_of
from tomteanalyse.network.way_classes import Grade, WayClass, grade, way_class

SAFE = (WayClass.FOOT, WayClass.STREET)
SHORTEST_M = 1e-6
"""A segment is never shorter: a zero would vanish from a sparse matrix."""


@dataclass(frozen=True)
class WalkNetwork:
    """Safe ways as segments between OSM nodes.

    Parameters
    ----------
    node
        OSM id per node, shape (n,). Where the network was cut, several nodes share one id; where
        it was cut between nodes, the new ends share a negative id of their own.
    xy
        Coordinates [m], shape (n, 2).
    u, v
        Ends of each segment, shape (m,).
    length
        Metres, shape (m,).
    way
        OSM way id, shape (m,).
    at_ground
        False for bridges and tunnels, which nobody steps onto from the side, shape (m,).
    component
        Connected part that each node belongs to, shape (n,).
    component_length
        Metres of way per part.
    cuts
        Where the network was cut.
    counts
        Lines by class, clipped lines, connected parts, cuts.
    """

    node: npt.NDArray[np.int64]
    xy: npt.NDArray[np.float64]
    u: npt.NDArray[np.int64]
    v: npt.NDArray[np.int64]
    length: npt.NDArray[np.float64]
    way: npt.NDArray[np.int64]
    at_ground: npt.NDArray[np.bool_]
    component: npt.NDArray[np.int64]
    component_length: npt.NDArray[np.float64]
    cuts: tuple[Cut, ...]
    counts: Mapping[str, int]

    def to_networkx(self) -> nx.MultiGraph:
        """Return the segments as a graph for people: nodes with ``x``, ``y``, ``osm_id`` [m]."""
        graph = nx.MultiGraph()
        for place, (osm_id, (x, y)) in enumerate(
            zip(self.node.tolist(), self.xy.tolist(), strict=True)
        ):
            graph.add_node(place, x=x, y=y, osm_id=osm_id)
        graph.add_edges_from(
            (u, v, {"length": length, "way": way})
            for u, v, length, way in zip(
                self.u.tolist(),
                self.v.tolist(),
                self.length.tolist(),
                self.way.tolist(),
                strict=True,
            )
        )
        return graph


def build_network(extract: OsmExtract) -> WalkNetwork:
    """Build the safe walking network of an extract.

    Safe ways are joined where they share an OSM node. Where a safe way meets a railway, a motorway
    or a fast road without a crossing that counts, its ends are separated and the place is listed.

    Raises
    ------
    DataError
        ``network.no_safe_ways`` if the extract has none.
    """
    lines = extract.lines
    classes = [way_class(tags) for tags in lines.tags]
    grades = [grade(tags) for tags in lines.tags]
    is_safe = np.array([kind in SAFE for kind in classes])
    segments = segments_of(lines, is_safe)
    if not len(segments.first):
        raise DataError(Notice("network.no_safe_ways", file=extract.path.name))
    nodes = nodes_of(lines, segments)
    on_ground = np.array([where is Grade.GROUND for where in grades])
    u, v = nodes.ends.reshape(2, -1)
    kept = _first_of_each(u, v, on_ground[segments.line])
    segments = Segments(segments.first[kept], segments.line[kept])
    nodes = nodes_of(lines, segments)
    cuts, nodes = cuts_at_nodes(extract, classes, grades, nodes)
    crossing_cuts, severed, share = cuts_between_nodes(lines, classes, grades, segments)
    nodes, owner = nodes.parted(severed, share)
    u, v = nodes.ends.reshape(2, -1)
    line = segments.line[owner]
    at_ground, xy = on_ground[line], nodes.xy
    length = np.maximum(np.hypot(*(xy[u] - xy[v]).T), SHORTEST_M)
    links = coo_array((np.ones(len(u)), (u, v)), shape=(len(xy), len(xy)))
    parts, component = connected_components(links, directed=False)
    component_length = np.bincount(component[u], weights=length, minlength=parts).astype(float)
    all_cuts = (*cuts, *crossing_cuts)
    counts = {f"ways_{kind.value}": classes.count(kind) for kind in WayClass}
    return WalkNetwork(
        node=nodes.osm_id,
        xy=xy,
        u=u,
        v=v,
        length=length,
        way=lines.way[line],
        at_ground=at_ground,
        component=component.astype(np.int64),
        component_length=component_length,
        cuts=tuple(sorted(all_cuts, key=lambda cut: (cut.kind.value, cut.xy, cut.way))),
        counts={
            **counts,
            "clipped_lines": int((lines.clipped & is_safe).sum()),
            "connected_parts": int((component_length > 0).sum()),
            "cuts": len(all_cuts),
        },
    )


def _first_of_each(
    u: npt.NDArray[np.int64], v: npt.NDArray[np.int64], at_ground: npt.NDArray[np.bool_]
) -> npt.NDArray[np.bool_]:
    """Mark one of the segments between two nodes: several ways may be drawn along one stretch."""
    pair = np.column_stack([np.minimum(u, v), np.maximum(u, v), at_ground])
    first = np.zeros(len(u), dtype=np.bool_)
    first[np.unique(pair, axis=0, return_index=True)[1]] = True
    return first


def cuts_table(network: WalkNetwork, *, crs: pyproj.CRS) -> gpd.GeoDataFrame:
    """Return the cuts as points: ``kind``, ``node`` and ``way`` (OSM ids), ``geometry`` [crs]."""
    return gpd.GeoDataFrame(
        {
            "kind": [cut.kind.value for cut in network.cuts],
            "node": np.array([cut.node for cut in network.cuts], dtype=np.int64),
            "way": np.array([cut.way for cut in network.cuts], dtype=np.int64),
        },
        geometry=[shapely.Point(cut.xy) for cut in network.cuts],
        crs=crs,
    )
