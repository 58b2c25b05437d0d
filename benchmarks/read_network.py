"""Read the walkable ways and build their network: ours against OSMnx, from the same file."""

import tempfile
import warnings
from pathlib import Path
from statistics import median

import networkx as nx
import numpy as np

from benchmarks.cases import MILAN, OSLO, Case, write_walkable
from benchmarks.figures import Figure, seconds
from benchmarks.timing import in_turn, ratio
from tomteanalyse.inputs.osm import read_extract
from tomteanalyse.network.contraction import contract
from tomteanalyse.network.walk import WalkNetwork, build_network

AIM = 10.0


def figures(*, rounds: int = 3) -> list[Figure]:
    """Measure both extracts."""
    return [figure for case in (OSLO, MILAN) for figure in _measured(case, rounds)]


def _measured(case: Case, rounds: int) -> list[Figure]:
    import osmnx

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "walkable.osm"
        packed = path.with_suffix(".osm.pbf")
        ways = write_walkable(case, path)
        write_walkable(case, packed)
        _compare(_network(path, case), _graph(path))
        taken = in_turn(
            {
                "ours": lambda: _network(path, case),
                "osmnx": lambda: _graph(path),
                "ours packed": lambda: _network(packed, case),
                "ours contracted": lambda: _contracted(path, case),
                "osmnx simplified": lambda: osmnx.simplify_graph(_graph(path)),
                "ours, whole extract": lambda: _network(case.extract, case),
            },
            rounds=rounds,
        )
    name = f"{case.name}, {ways:,} ways"
    rows = [
        ("read + network, same .osm", "ours", "osmnx", "OSMnx `graph_from_xml`"),
        (
            "read + network, same ways as .osm.pbf",
            "ours packed",
            "osmnx",
            "OSMnx `graph_from_xml`, from .osm: it reads no .pbf",
        ),
        (
            "read + network, same .osm, chains contracted",
            "ours contracted",
            "osmnx simplified",
            "OSMnx `graph_from_xml` + `simplify_graph`",
        ),
    ]
    shown = []
    for what, ours, theirs, who in rows:
        faster = ratio(taken, theirs, ours)
        shown.append(
            Figure(
                what,
                name,
                seconds(median(taken[ours])),
                f"{who} {seconds(median(taken[theirs]))}",
                f"{faster:.0f}× faster",
                f"≥ {AIM:.0f}×",
                faster >= AIM,
            )
        )
    whole = median(taken["ours, whole extract"])
    shown.append(
        Figure(
            "read the whole extract (amenities, buildings, … too) + network",
            f"{case.name}, .osm.pbf",
            seconds(whole),
            "",
            seconds(whole),
        )
    )
    return shown


def _network(path: Path, case: Case) -> WalkNetwork:
    return build_network(read_extract(path, crs=case.crs))


def _contracted(path: Path, case: Case) -> None:
    network = _network(path, case)
    none = np.zeros(0, dtype=np.int64)
    contract(network.u, network.v, network.length, nodes=len(network.xy), kept=none)


def _graph(path: Path) -> nx.MultiDiGraph:
    import osmnx

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # on the file's generator
        return osmnx.graph_from_xml(path, bidirectional=True, simplify=False, retain_all=True)


def _compare(network: WalkNetwork, graph: nx.MultiDiGraph) -> None:
    """Make sure that both read the same: nodes, stretches between nodes, metres."""
    ours = np.unique(network.node)
    if set(ours[ours > 0].tolist()) != set(graph.nodes):
        raise AssertionError("OSMnx has other nodes")
    # A stretch that several ways share is one of ours; where we part a way at a hazard, it is two.
    theirs = {frozenset((u, v)): length for u, v, length in graph.edges(data="length") if u != v}
    whole = (network.node[network.u] > 0) & (network.node[network.v] > 0)
    mine = {
        frozenset(pair)
        for pair in zip(
            network.node[network.u[whole]].tolist(),
            network.node[network.v[whole]].tolist(),
            strict=True,
        )
    }
    parted = int((~whole).sum())
    if not mine <= theirs.keys() or len(theirs) - len(mine) > parted:
        raise AssertionError(f"{len(mine)} stretches, {len(theirs)} of OSMnx")
    if not np.isclose(network.length.sum(), sum(theirs.values()), rtol=0.005):
        raise AssertionError(f"{network.length.sum()} m, OSMnx {sum(theirs.values())} m")
