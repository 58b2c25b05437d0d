"""Contracted chains: fewer nodes, the same distances."""

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tomteanalyse.network.contraction import Chains, contract

Segments = list[tuple[int, int, float]]


def _contract(segments: Segments, *, nodes: int, kept: tuple[int, ...] = ()) -> Chains:
    return contract(
        np.array([u for u, _, _ in segments], dtype=np.int64),
        np.array([v for _, v, _ in segments], dtype=np.int64),
        np.array([length for *_, length in segments]),
        nodes=nodes,
        kept=np.array(kept, dtype=np.int64),
    )


def _edges(chains: Chains) -> list[tuple[int, int, float]]:
    """Return the contracted edges by the nodes they join, smaller first."""
    a, b = chains.terminal[chains.a].tolist(), chains.terminal[chains.b].tolist()
    return sorted(
        (min(pair), max(pair), round(length, 9))
        for pair, length in zip(zip(a, b, strict=True), chains.length.tolist(), strict=True)
    )


def test_a_street_with_bends_becomes_one_edge() -> None:
    chains = _contract([(0, 1, 10.0), (2, 1, 20.0), (2, 3, 30.0)], nodes=4)
    assert _edges(chains) == [(0, 3, 60.0)]
    assert chains.edge.tolist() == [0, 0, 0]


def test_a_point_on_a_chain_is_so_many_metres_from_its_start() -> None:
    chains = _contract([(0, 1, 10.0), (2, 1, 20.0), (2, 3, 30.0)], nodes=4)
    segment, along = np.array([0, 1, 1, 2]), np.array([0.5, 0.0, 0.75, 0.1])
    position = chains.position(segment, along, np.array([10.0, 20.0, 20.0, 30.0]))
    from_node_0 = [5.0, 30.0, 15.0, 33.0]
    if chains.terminal[chains.a[0]] == 0:
        assert position.tolist() == pytest.approx(from_node_0)
    else:
        assert position.tolist() == pytest.approx([60.0 - metres for metres in from_node_0])


def test_a_junction_and_a_kept_node_stay() -> None:
    star = [(0, 1, 1.0), (1, 2, 2.0), (1, 3, 4.0)]
    assert _edges(_contract(star, nodes=4)) == [(0, 1, 1.0), (1, 2, 2.0), (1, 3, 4.0)]
    street = [(0, 1, 1.0), (1, 2, 2.0)]
    assert _edges(_contract(street, nodes=3, kept=(1,))) == [(0, 1, 1.0), (1, 2, 2.0)]


def test_a_ring_without_a_junction_keeps_one_node() -> None:
    chains = _contract([(0, 1, 1.0), (1, 2, 2.0), (2, 0, 4.0)], nodes=3)
    ((a, b, length),) = _edges(chains)
    assert (a == b, length) == (True, 7.0)


def test_a_ring_at_the_end_of_a_street_is_a_loop() -> None:
    chains = _contract([(0, 1, 5.0), (1, 2, 1.0), (2, 3, 2.0), (3, 1, 4.0)], nodes=4)
    assert _edges(chains) == [(0, 1, 5.0), (1, 1, 7.0)]


def test_two_ways_between_the_same_nodes_are_two_edges() -> None:
    assert _edges(_contract([(0, 1, 3.0), (1, 0, 5.0)], nodes=2, kept=(0, 1))) == [
        (0, 1, 3.0),
        (0, 1, 5.0),
    ]
    ((a, b, length),) = _edges(_contract([(0, 1, 3.0), (1, 0, 5.0)], nodes=2))
    assert (a == b, length) == (True, 8.0)


def test_a_segment_from_a_node_to_itself_is_a_loop_of_its_own() -> None:
    segments = [(0, 0, 3.0), (0, 1, 5.0)]
    assert _edges(_contract(segments, nodes=2)) == [(0, 0, 3.0), (0, 1, 5.0)]
    assert _edges(_contract([(0, 0, 3.0)], nodes=1)) == [(0, 0, 3.0)]


def test_nodes_without_a_segment_are_no_terminals() -> None:
    chains = _contract([(1, 3, 2.0)], nodes=6)
    assert chains.terminal.tolist() == [1, 3]


@st.composite
def multigraphs(draw: st.DrawFn) -> tuple[Segments, int, tuple[int, ...]]:
    """Chains, rings and knots of up to 14 nodes, with loops, parallels and dead ends."""
    nodes = draw(st.integers(1, 14))
    node = st.integers(0, nodes - 1)
    length = st.sampled_from([1e-6, 0.5, 1.0, 2.0, 3.25, 7.0, 100.0])
    segments = draw(st.lists(st.tuples(node, node, length), min_size=1, max_size=24))
    kept = draw(st.sets(st.sampled_from(sorted({n for u, v, _ in segments for n in (u, v)}))))
    return segments, nodes, tuple(sorted(kept))


@settings(max_examples=200)
@given(multigraphs())
def test_contraction_changes_no_distance_and_loses_no_metre(
    case: tuple[Segments, int, tuple[int, ...]],
) -> None:
    segments, nodes, kept = case
    chains = _contract(segments, nodes=nodes, kept=kept)
    assert chains.length.sum() == pytest.approx(sum(length for *_, length in segments))
    assert set(kept) <= set(chains.terminal.tolist())

    whole, small = nx.MultiGraph(), nx.MultiGraph()
    whole.add_weighted_edges_from(segments)
    small.add_weighted_edges_from(_edges(chains))
    assert set(small) == set(chains.terminal.tolist())
    for terminal in small:
        far = nx.single_source_dijkstra_path_length(whole, terminal)
        near = nx.single_source_dijkstra_path_length(small, terminal)
        assert set(near) == set(far) & set(small)
        assert all(near[node] == pytest.approx(far[node]) for node in near)


@settings(max_examples=200)
@given(multigraphs())
def test_every_segment_lies_end_to_end_on_its_edge(
    case: tuple[Segments, int, tuple[int, ...]],
) -> None:
    segments, nodes, kept = case
    chains = _contract(segments, nodes=nodes, kept=kept)
    for edge in range(len(chains.length)):
        mine = sorted(np.flatnonzero(chains.edge == edge), key=lambda at: chains.near_offset[at])
        at_node, at_metre = chains.terminal[chains.a[edge]], 0.0
        for number in mine:
            u, v, length = segments[number]
            near, far = (u, v) if chains.forward[number] else (v, u)
            assert near == at_node
            assert chains.near_offset[number] == pytest.approx(at_metre)
            at_node, at_metre = far, at_metre + length
        assert at_node == chains.terminal[chains.b[edge]]
        assert at_metre == pytest.approx(chains.length[edge])
