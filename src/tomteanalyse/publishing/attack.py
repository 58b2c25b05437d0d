"""What somebody can reckon out from a release: the least and the most of every number held back.

The attacker knows the rules and every earlier release. What earlier releases add is known from the
numbers themselves: one that is told anew is right, one that is told again is right to less than the
floor. Numbers of parts add up to that of the whole. The least and the most of a number are then the
answers of two linear programmes; since cells lie in each other like a tree, passing limits up and
down that tree once solves all of them (constraints that form a tree are consistent when each is:
Beeri, Fagin, Maier & Yannakakis 1983). Tests compare it with a solver.
"""

import itertools
from collections.abc import Iterable, Mapping

import numpy as np
import numpy.typing as npt

from tomteanalyse.publishing.released import WHOLE, Node, Released, Told, Tree, nodes_of

MOST = 100_000
"""More homes than there are anywhere."""

Whole = npt.NDArray[np.int64]


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
        If some number has no room at all: what was told contradicts itself.
    """
    ladder = Ladder(release.tree)
    least, most = ladder.ends(*ladder.limits(release.told, floor=release.floor))
    if (least > most).any():
        raise ValueError("what was told contradicts itself")
    return {
        node: (int(least[ladder.place[node]]), int(most[ladder.place[node]])) for node in wanted
    }


class Ladder:
    """The nodes of a tree, level by level.

    Parameters
    ----------
    tree
        How nodes lie in each other.
    """

    def __init__(self, tree: Tree) -> None:
        depth = {WHOLE: 0}
        over = {WHOLE: WHOLE}
        for node in nodes_of(tree):
            for part in tree.get(node, ()):
                depth[part], over[part] = depth[node] + 1, node
        self.nodes = tuple(sorted(depth, key=lambda node: depth[node]))
        """All nodes, those of a level beside each other."""
        self.place = {node: number for number, node in enumerate(self.nodes)}
        """Number of each node."""
        self.over: Whole = np.array([self.place[over[node]] for node in self.nodes])
        """Number of the node above each; the whole lies in itself."""
        ends = np.searchsorted(
            [depth[node] for node in self.nodes], np.arange(depth[self.nodes[-1]] + 2)
        )
        self._levels = [slice(first, last) for first, last in itertools.pairwise(ends)]

    def limits(self, told: Mapping[Node, Told], *, floor: int) -> tuple[Whole, Whole]:
        """Return what is known of each node by itself: least and most, shape (n,) each."""
        least = np.zeros(len(self.nodes), dtype=np.int64)
        most = np.full(len(self.nodes), MOST, dtype=np.int64)
        for node, number in told.items():
            apart = 0 if number.exact else floor - 1
            at = self.place[node]
            least[at] = number.homes if number.exact else max(number.homes - apart, floor)
            most[at] = number.homes + apart
        return least, most

    def from_parts(self, least: Whole, most: Whole) -> tuple[Whole, Whole]:
        """Return what follows for each node from what is known of it and of all that is in it.

        A number that is known stays as it is, whatever its parts say: what does not fit in one
        place says nothing of another.
        """
        known = least == most
        least, most = least.copy(), most.copy()
        for level in reversed(self._levels[1:]):
            over = np.unique(self.over[level])
            free = over[~known[over]]
            least[free] = np.maximum(least[free], self._sums(level, least)[free])
            most[free] = np.minimum(most[free], self._sums(level, most)[free])
        return least, most

    def ends(self, least: Whole, most: Whole) -> tuple[Whole, Whole]:
        """Return what follows for each node from what is known of all.

        Where no numbers fit, some least is above its most, or a known number is not the sum of its
        parts.
        """
        known = least == most
        of_parts = self.from_parts(least, most)
        least, most = of_parts[0].copy(), of_parts[1].copy()
        for level in self._levels[1:]:
            low, high = (self._sums(level, each) for each in of_parts)
            over, fixed = self.over[level], known[level]
            lowest = least[over] - (high[over] - of_parts[1][level])
            highest = most[over] - (low[over] - of_parts[0][level])
            least[level] = np.where(fixed, least[level], np.maximum(of_parts[0][level], lowest))
            most[level] = np.where(fixed, most[level], np.minimum(of_parts[1][level], highest))
        return least, most

    def room_in_parts(self, least: Whole, most: Whole) -> Whole:
        """Return how much room each node has by its parts alone; a smallest cell has all of it."""
        lowest, highest = self.from_parts(least, most)
        room = np.full(len(self.nodes), MOST, dtype=np.int64)
        for level in self._levels[1:]:
            over = np.unique(self.over[level])
            room[over] = (self._sums(level, highest) - self._sums(level, lowest))[over]
        return room

    def _sums(self, level: slice, numbers: Whole) -> Whole:
        """Return for every node the sum of its parts at a level."""
        sums = np.zeros(len(self.nodes), dtype=np.int64)
        np.add.at(sums, self.over[level], numbers[level])
        return sums
