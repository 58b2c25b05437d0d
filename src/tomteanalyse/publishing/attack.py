"""What somebody can reckon out from a release: the least and the most of every number held back.

The attacker knows the rules and every earlier release. What earlier releases add is known from the
numbers themselves: one that is told anew is right, one that is told again is right to less than the
floor. Numbers of parts add up to that of the whole; the rest is linear programming.
"""

from collections.abc import Iterable, Mapping

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import coo_array

from tomteanalyse.publishing.released import WHOLE, Node, Released, Told, Tree

MOST = 100_000
"""More homes than there are anywhere."""


def reckoned(release: Released, wanted: Iterable[Node]) -> dict[Node, tuple[int, int]]:
    """Return between what numbers must lie.

    Parameters
    ----------
    release
        What was told.
    wanted
        Nodes to reckon out.

    Returns
    -------
    dict
        Least and most whole number by node.

    Raises
    ------
    ValueError
        If no numbers fit what was told.
    """
    blocks = _blocks(release)
    above = {part: node for node, parts in release.tree.items() for part in parts}
    alike: dict[tuple[Node | None, Told | None], tuple[int, int]] = {}
    found: dict[Node, tuple[int, int]] = {}
    for node in wanted:
        if node in release.tree:
            found[node] = blocks[node].ends(node)
            continue
        # Smallest cells side by side of which the same is known are exchangeable.
        key = (above.get(node), release.told.get(node))
        if key not in alike:
            alike[key] = blocks[node].ends(node)
        found[node] = alike[key]
    return found


class _Block:
    """Nodes whose numbers say something of each other."""

    def __init__(self, release: Released, nodes: list[Node]) -> None:
        self._column = {node: place for place, node in enumerate(nodes)}
        self._limits = [_limits(release, node) for node in nodes]
        rows, places, signs, row = [], [], [], 0
        for node, parts in release.tree.items():
            if parts and parts[0] in self._column:
                for part, sign in ((node, -1.0), *((part, 1.0) for part in parts)):
                    rows.append(row)
                    places.append(self._column[part])
                    signs.append(sign)
                row += 1
        self._sums = coo_array((signs, (rows, places)), shape=(row, len(nodes))).tocsr()

    def ends(self, node: Node) -> tuple[int, int]:
        least, most = (self._end(node, sign) for sign in (1.0, -1.0))
        return int(np.ceil(least - 1e-6)), int(np.floor(most + 1e-6))

    def _end(self, node: Node, sign: float) -> float:
        goal = np.zeros(len(self._column))
        goal[self._column[node]] = sign
        none = self._sums.shape[0] == 0
        solved = linprog(
            goal,
            A_eq=None if none else self._sums,
            b_eq=None if none else np.zeros(self._sums.shape[0]),
            bounds=self._limits,
            method="highs",
        )
        if solved.status != 0:
            raise ValueError("no numbers fit what was told")
        return float(sign * solved.fun)


def _blocks(release: Released) -> Mapping[Node, _Block]:
    """Return the block of every node: a number that is right parts what is below from the rest."""
    blocks: dict[Node, _Block] = {}

    def gather(node: Node, nodes: list[Node], later: list[Node]) -> None:
        nodes.append(node)
        for part in release.tree.get(node, ()):
            told = release.told.get(part)
            if told is not None and told.exact and part in release.tree:
                nodes.append(part)
                later.append(part)
            else:
                gather(part, nodes, later)

    tops = [WHOLE]
    while tops:
        top, nodes = tops.pop(), list[Node]()
        gather(top, nodes, tops)
        block = _Block(_within(release, nodes), nodes)
        for node in nodes:
            # A node that parts two blocks is known: either says so.
            blocks.setdefault(node, block)
    return blocks


def _within(release: Released, nodes: list[Node]) -> Released:
    inside = frozenset(nodes)
    tree: Tree = {
        node: parts
        for node, parts in release.tree.items()
        if node in inside and parts and parts[0] in inside
    }
    return Released(release.told, tree, release.floor)


def _limits(release: Released, node: Node) -> tuple[float, float]:
    told = release.told.get(node)
    if told is None:
        return 0.0, float(MOST)
    if told.exact:
        return float(told.homes), float(told.homes)
    apart = release.floor - 1
    return float(max(told.homes - apart, release.floor)), float(told.homes + apart)
