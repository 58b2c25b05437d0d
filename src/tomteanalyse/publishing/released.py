"""What has been told the public of how many municipal homes there are where.

Nothing below the floor is ever told, not even that it is none: whether a cell has no municipal
home or nine cannot be seen. A number that has been told is told again until the true one has moved
by the floor or more, so that no two releases differ by a home bought; also when it was held back in
between, since it had fallen below the floor or stood beside one that had.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

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
    earlier
        What was last told of nodes that are held back now, by node. It is to be kept with the
        release, or a number that comes back could differ from the one that went by a home.
    """

    told: Mapping[Node, Told]
    tree: Tree
    floor: int
    earlier: Mapping[Node, int] = field(default_factory=dict)

    def last(self, node: Node) -> int | None:
        """Return the number that was last told of a node, or None if none ever was."""
        told = self.told.get(node)
        return self.earlier.get(node) if told is None else told.homes


def nodes_of(tree: Tree) -> tuple[Node, ...]:
    """Return all nodes, each after the one it lies in."""
    return tuple(_below(WHOLE, tree))


def _below(node: Node, tree: Tree) -> Iterator[Node]:
    yield node
    for part in tree.get(node, ()):
        yield from _below(part, tree)
