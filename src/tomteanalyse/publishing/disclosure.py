"""What may be told: a floor, what must be held back with it, and an audit by attack."""

from collections.abc import Iterable, Mapping

from tomteanalyse.publishing.attack import reckoned
from tomteanalyse.publishing.released import FLOOR, WHOLE, Node, Released, Told, Tree, nodes_of

WIDTH = 5
"""As far as anybody can tell, a number below the floor must have this much room."""


def counts_in(tree: Tree, homes: Mapping[Node, int]) -> dict[Node, int]:
    """Return the number of every node from those of the smallest cells (a missing one is 0)."""
    counts: dict[Node, int] = {}
    for node in reversed(nodes_of(tree)):
        parts = tree.get(node)
        counts[node] = homes.get(node, 0) if parts is None else sum(counts[each] for each in parts)
    return counts


def release(
    tree: Tree,
    homes: Mapping[Node, int],
    *,
    before: Released | None = None,
    floor: int = FLOOR,
) -> Released:
    """Decide what is told of how many homes there are where.

    Parameters
    ----------
    tree
        How nodes lie in each other.
    homes
        Homes in the smallest cells.
    before
        The release before this one, of the same tree.
    floor
        Nothing below it is told, nor a change by less.

    Returns
    -------
    Released
        No number below the floor can be reckoned out from it to a width below `WIDTH`.

    Raises
    ------
    ValueError
        If the tree is another one than before.

    Notes
    -----
    Primary suppression by the floor, complementary suppression until an attack by linear
    programming fails (Fischetti & Salazar 2000 call it the audit). What is held back besides is the
    smallest number that lies beside, then the number above.
    """
    if before is not None and dict(before.tree) != dict(tree):
        raise ValueError("releases can only be compared on the same cells")
    counts = counts_in(tree, homes)
    told = {
        node: number
        for node in nodes_of(tree)
        if (number := _told(counts[node], before.last(node) if before else None, floor))
    }
    above = {part: node for node, parts in tree.items() for part in parts}
    small = [node for node in nodes_of(tree) if counts[node] < floor]
    while True:
        found = Released(told, tree, floor)
        narrow = _too_narrow(found, small)
        if not narrow:
            return Released(told, tree, floor, _held_back(told, before))
        for node in narrow:
            held = _beside(node, told, tree, above)
            if held is not None:
                told = {each: number for each, number in told.items() if each != held}
                break
        else:
            raise AssertionError("with everything held back nothing can be reckoned out")


def _told(count: int, last: int | None, floor: int) -> Told | None:
    """Return what is told if nothing else had to be held back with it."""
    if count < floor:
        return None
    if last is None or abs(count - last) >= floor:
        return Told(count, exact=True)
    # Where the floor has been raised, what was last told may lie below it now.
    return Told(last, exact=False) if last >= floor else None


def _held_back(told: Mapping[Node, Told], before: Released | None) -> dict[Node, int]:
    """Return what was last told of nodes that are held back now."""
    if before is None:
        return {}
    last = {**before.earlier, **{node: each.homes for node, each in before.told.items()}}
    return {node: homes for node, homes in last.items() if node not in told}


def _too_narrow(found: Released, small: Iterable[Node]) -> list[Node]:
    ends = reckoned(found, small)
    # No wider than from none to one below the floor need it be: that is what the floor says itself.
    need = min(WIDTH, found.floor - 1)
    return [node for node, (least, most) in ends.items() if most - least < need]


def _beside(
    node: Node, told: Mapping[Node, Told], tree: Tree, above: Mapping[Node, Node]
) -> Node | None:
    """Return what is held back next: the smallest number beside it, else the one above."""
    if node == WHOLE:
        return None
    over = above[node]
    beside = [each for each in tree[over] if each in told]
    if beside:
        return min(beside, key=lambda each: (told[each].homes, each))
    return over if over in told else _beside(over, told, tree, above)
