"""The nearest place of every class for every node: ours against SciPy alone, networkx, pandana.

All get the same segments, places and legs, and must answer for every OpenStreetMap node. Ours
contracts chains first, which counts as build; against SciPy there is also a row for the junctions
alone, where both search the same contracted arrays. Ours gives the way and the place too, the
others the distance only. Pandana searches to 2 km only, and only what lies within is compared.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import networkx as nx
import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import dijkstra

from benchmarks.cases import MILAN, OSLO, Case
from benchmarks.figures import Figure, seconds
from benchmarks.timing import in_turn, ratio
from tomteanalyse.inputs.osm import read_extract
from tomteanalyse.measures.amenities import AMENITY_CLASSES, find_amenities
from tomteanalyse.network.barriers import find_barriers
from tomteanalyse.network.routing import Router
from tomteanalyse.network.snapping import Attachments, Snapper
from tomteanalyse.network.walk import SHORTEST_M, WalkNetwork, build_network

LIMIT_M = 2000.0
PANDANA_M = 0.5
"""Pandana keeps metres as 32-bit numbers and adds them up: this is its error on a long way."""
Places = Mapping[str, npt.NDArray[np.int64]]


@dataclass(frozen=True)
class _Task:
    """What everybody is given.

    Parameters
    ----------
    graph
        Segments as a matrix of metres, with a row for each place from which its legs lead.
    nodes
        The OpenStreetMap nodes to answer for.
    first_place
        The first place's row.
    places
        Numbers of the places by class.
    """

    graph: csr_array
    nodes: npt.NDArray[np.int64]
    first_place: int
    places: Places


def figures(*, rounds: int = 5) -> list[Figure]:
    """Measure both extracts."""
    return [figure for case in (OSLO, MILAN) for figure in _measured(case, rounds)]


def _measured(case: Case, rounds: int) -> list[Figure]:
    extract = read_extract(case.extract, crs=case.crs)
    amenities = find_amenities(extract, crs=case.crs)
    network = build_network(extract)
    legs = Snapper(network, find_barriers(extract)).attach(amenities.geometry.to_numpy())
    kinds = amenities["amenity_class"].to_numpy()

    def build() -> Router:
        return Router(network, legs, count=len(amenities))

    router = build()
    wanted = {name: np.flatnonzero(kinds == name) for name in AMENITY_CLASSES}
    places = {
        name: found[router.has_legs(found)]
        for name, found in wanted.items()
        if router.has_legs(found).any()
    }
    ours = np.array([router.nearest(found).distance for found in places.values()])
    _compare(ours, _scipy(router, places), "SciPy", within=1e-6)
    feet = router.feet(_at_nodes(network))
    nodes = np.unique(np.concatenate([network.u, network.v]))
    uncontracted = _uncontracted(router, legs)
    task = _Task(uncontracted, nodes, uncontracted.shape[0] - len(amenities), places)
    between = np.array([router.at_feet(feet, row)[0] for row in ours])
    _compare(between, _scipy_everywhere(task), "SciPy", within=1e-6)
    _compare(between, _networkx(task), "networkx", within=1e-6)

    methods: dict[str, Callable[[], object]] = {
        "ours": lambda: [router.nearest(found) for found in places.values()],
        "ours with build": lambda: _built_and_swept(build(), network, places),
        "scipy": lambda: _scipy(router, places),
        "ours, every node": lambda: [
            router.at_feet(feet, router.nearest(found).distance) for found in places.values()
        ],
        "scipy, every node": lambda: _scipy_everywhere(task),
    }
    taken = in_turn(methods, rounds=rounds)
    others = in_turn(
        {
            "ours with build": methods["ours with build"],
            "networkx": lambda: _networkx(task),
        },
        rounds=2,
    )
    name = f"{case.name}, {len(nodes):,} nodes, {len(places)} classes"
    against_scipy = ratio(taken, "ours", "scipy")
    everywhere = ratio(taken, "ours, every node", "scipy, every node")
    against_networkx = ratio(others, "networkx", "ours with build")
    shown = [
        Figure(
            "nearest place of every class, every OSM node",
            name,
            seconds(median(taken["ours, every node"])),
            f"SciPy's Dijkstra alone {seconds(median(taken['scipy, every node']))}",
            f"{everywhere:.2f}× as long",
            "≤ 1.5×",
            everywhere <= 1.5,
        ),
        Figure(
            "nearest place of every class, every junction",
            f"{case.name}, {router.terminals:,} nodes, {len(places)} classes",
            seconds(median(taken["ours"])),
            f"SciPy's Dijkstra alone {seconds(median(taken['scipy']))}",
            f"{against_scipy:.2f}× as long",
            "≤ 1.5×",
            against_scipy <= 1.5,
        ),
        Figure(
            "nearest place of every class, every OSM node, build included",
            name,
            seconds(median(others["ours with build"])),
            f"networkx {seconds(median(others['networkx']))}",
            f"{against_networkx:.0f}× faster",
            "≥ 10×",
            against_networkx >= 10,
        ),
    ]
    return [*shown, *_against_pandana(task, between, median(taken["ours with build"]), name)]


def _built_and_swept(router: Router, network: WalkNetwork, places: Places) -> None:
    feet = router.feet(_at_nodes(network))
    for found in places.values():
        router.at_feet(feet, router.nearest(found).distance)


def _scipy(router: Router, places: Places) -> npt.NDArray[np.float64]:
    return np.array(
        [
            dijkstra(router.graph, indices=router.terminals + found, min_only=True)
            for found in places.values()
        ]
    )[:, : router.terminals]


def _at_nodes(network: WalkNetwork) -> Attachments:
    """Attach every node of the network to the network, at itself."""
    ends = np.concatenate([network.u, network.v])
    node, first = np.unique(ends, return_index=True)
    count = len(network.u)
    return Attachments(
        place=np.arange(len(node)),
        segment=first % count,
        along=(first >= count).astype(float),
        leg_m=np.zeros(len(node)),
        start_xy=network.xy[node],
    )


def _uncontracted(router: Router, legs: Attachments) -> csr_array:
    """Return the network as it was before contraction, with the places after the nodes."""
    divided = router._divided
    nodes = len(divided.xy)
    u = np.concatenate([divided.u, divided.v, nodes + legs.place])
    v = np.concatenate([divided.v, divided.u, divided.foot])
    metres = np.concatenate([divided.length, divided.length, np.maximum(legs.leg_m, SHORTEST_M)])
    order = np.lexsort((metres, v, u))
    first = np.append(True, (np.diff(u[order]) != 0) | (np.diff(v[order]) != 0))
    kept = order[first]
    size = router.graph.shape[0] - router.terminals + nodes
    return coo_array((metres[kept], (u[kept], v[kept])), shape=(size, size)).tocsr()


def _scipy_everywhere(task: "_Task") -> npt.NDArray[np.float64]:
    return np.array(
        [
            dijkstra(task.graph, indices=task.first_place + found, min_only=True)[task.nodes]
            for found in task.places.values()
        ]
    )


def _networkx(task: "_Task") -> npt.NDArray[np.float64]:
    links = task.graph.tocoo()
    graph = nx.DiGraph()
    graph.add_nodes_from(range(task.graph.shape[0]))
    graph.add_weighted_edges_from(
        zip(links.row.tolist(), links.col.tolist(), links.data.tolist(), strict=True)
    )
    answer = np.full((len(task.places), task.graph.shape[0]), np.inf)
    for row, found in enumerate(task.places.values()):
        sources = set((task.first_place + found).tolist())
        reached = nx.multi_source_dijkstra_path_length(graph, sources)
        answer[row, list(reached)] = list(reached.values())
    return answer[:, task.nodes]


def _against_pandana(
    task: _Task, ours: npt.NDArray[np.float64], ours_s: float, name: str
) -> list[Figure]:
    python = os.environ.get("PANDANA_PYTHON", sys.executable)
    with tempfile.TemporaryDirectory() as folder:
        arrays, answer = Path(folder) / "arrays.npz", Path(folder) / "answer.npz"
        links = task.graph.tocoo()
        np.savez(
            arrays,
            nodes=task.graph.shape[0],
            limit_m=LIMIT_M,
            # Pandana walks from the node to the place: every edge the other way round.
            start=links.col.astype(np.int64),
            end=links.row.astype(np.int64),
            metres=links.data,
            classes=np.array(list(task.places)),
            **{f"places_{key}": task.first_place + found for key, found in task.places.items()},
        )
        script = Path(__file__).with_name("pandana_sweep.py")
        run = subprocess.run(
            [python, script, arrays, answer], capture_output=True, text=True, check=False
        )
        if run.returncode:
            what = "the same, against pandana"
            return [Figure(what, name, "", "", "not measured: " + run.stderr.splitlines()[-1])]
        given = np.load(answer)
        theirs, build_s, sweeps_s = (
            given["metres"],
            float(given["build_s"]),
            float(given["sweeps_s"]),
        )
    near = ours < LIMIT_M - PANDANA_M
    apart = _compare(ours[near], theirs[:, task.nodes][near], "pandana", within=PANDANA_M)
    faster = (build_s + sweeps_s) / ours_s
    return [
        Figure(
            "nearest place of every class, every OSM node, build included",
            name,
            seconds(ours_s),
            f"pandana, to 2 km: build {seconds(build_s)} + {seconds(sweeps_s)}, {apart:.2f} m off",
            f"{faster:.0f}× faster",
            "≥ 10×",
            faster >= 10,
        )
    ]


def _compare(
    ours: npt.NDArray[np.float64], theirs: npt.NDArray[np.float64], who: str, *, within: float
) -> float:
    """Return how many metres apart the two are at most; stop where that is too much."""
    if not np.array_equal(np.isfinite(ours), np.isfinite(theirs)):
        raise AssertionError(f"{who} reaches other nodes")
    apart = np.abs(ours[np.isfinite(ours)] - theirs[np.isfinite(ours)]).max()
    if apart > within:
        raise AssertionError(f"{who} is {apart} m off")
    return float(apart)
