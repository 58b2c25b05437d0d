"""What has been told the public of how many municipal homes there are where.

Nothing below the floor is ever told, not even that it is none: whether a cell has no municipal
home or nine cannot be seen. A number that has been told is told again until the true one has moved
by the floor or more (or fallen below it), so that two releases never differ by a home bought.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

FLOOR = 10
"""Fewer homes than this are never told, nor a change by fewer (Statistics Norway gives no exact
count from 1 to 9)."""


@dataclass(frozen=True, order=True)
class Node:
    """A number that could be told.

    Parameters
    ----------
    size_m
        Side of the cell [m]; 0 for the whole municipality.
    cell
        Id of the cell of the statistical grid; 0 for the whole municipality.
    """

    size_m: int
    cell: int


WHOLE = Node(0, 0)
Tree = Mapping[Node, tuple[Node, ...]]
"""The nodes right below each node that is no smallest cell."""


@dataclass(frozen=True)
class Told:
    """A number in a release.

    Parameters
    ----------
    homes
        The number.
    exact
        Whether it was right in this release; else the true one differs by less than the floor.
    """

    homes: int
    exact: bool


@dataclass(frozen=True)
class Released:
    """One release.

    Parameters
    ----------
    told
        What was told, by node; a node of the tree that is missing was held back.
    tree
        How nodes lie in each other.
    floor
        The floor that applied.
    """

    told: Mapping[Node, Told]
    tree: Tree
    floor: int


def nodes_of(tree: Tree) -> tuple[Node, ...]:
    """Return all nodes, each after the one it lies in."""
    return tuple(_below(WHOLE, tree))


def _below(node: Node, tree: Tree) -> Iterator[Node]:
    yield node
    for part in tree.get(node, ()):
        yield from _below(part, tree)
