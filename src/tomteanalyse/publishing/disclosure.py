"""What may be told: a floor, what must be held back with it, and an audit by attack."""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from tomteanalyse.publishing.attack import MOST, Ladder, Whole
from tomteanalyse.publishing.believers import Believers
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
    earlier: Sequence[Released] = (),
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
    earlier
        Those before that, the first one first.
    floor
        Nothing below it is told, nor a change by less.

    Returns
    -------
    Released
        No number below the floor can be reckoned out from it to a width below `WIDTH`, nor one
        that has moved by less than the floor since it was last told; nor that one below the floor
        is not none. The same width is kept from whoever knows how numbers are chosen (see
        `_to_who_knows_why`), and from whoever believes that some have not moved (`Believers`).

    Raises
    ------
    ValueError
        If the tree is another one than before.

    Notes
    -----
    Primary suppression by the floor, complementary suppression until an attack by linear
    programming fails (Fischetti & Salazar 2000 call it the audit; `Ladder` solves it). What is held
    back besides is the smallest number that lies beside, then the number above. Those who believe
    that nothing has moved can use a number that is told for the first time for an earlier release
    too: it is held back where that would tell of a small cell.
    """
    if before is not None and dict(before.tree) != dict(tree):
        raise ValueError("releases can only be compared on the same cells")
    counts = counts_in(tree, homes)
    last = {node: None if before is None else before.last(node) for node in counts}
    told = {
        node: number
        for node in nodes_of(tree)
        if (number := _told(counts[node], last[node], floor))
    }
    ladder = Ladder(tree)
    numbers = np.array([counts[node] for node in ladder.nodes])
    believers = Believers(
        [*earlier, *([] if before is None else [before])],
        numbers,
        ladder,
        tree,
        floor=floor,
        room=min(WIDTH, floor - 1),
    )
    above = {part: node for node, parts in tree.items() for part in parts}
    covered = np.array([_is_covered(counts[node], last[node], floor) for node in ladder.nodes])
    while True:
        held = set[Node]()
        freed = set[Node]()
        for node, by_parts in _too_narrow(told, numbers, covered, ladder, floor).items():
            next_held = _part_of(node, told, tree) if by_parts else _beside(node, told, tree, above)
            if next_held is None:
                continue
            # What lies in different cells of which the number is right is held back at once: they
            # do not bear on each other.
            within = _parted_off(next_held, told, above)
            if within not in freed:
                held.add(next_held)
                freed.add(within)
        if not held:
            # Last, since it costs most: it looks at every release.
            held = believers.to_hold(told)
        if not held:
            break
        told = {node: number for node, number in told.items() if node not in held}
    least, most = ladder.ends(*ladder.limits(told, floor=floor))
    if (most - least < min(WIDTH, floor - 1))[covered].any():
        raise AssertionError("with everything held back nothing can be reckoned out")
    return Released(told, tree, floor, _held_back(told, before))


def raised(released: Released, *, floor: int) -> Released:
    """Return a release under a higher floor, of the same register: fewer numbers, no new ones.

    To decide anew would tell numbers that were held back before, and the register is the same.

    Raises
    ------
    ValueError
        If the floor is not higher.
    """
    if floor <= released.floor:
        raise ValueError("the floor is not higher")
    told = {node: each for node, each in released.told.items() if each.homes >= floor}
    return Released(told, released.tree, floor, _held_back(told, released))


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


def _is_covered(count: int, last: int | None, floor: int) -> bool:
    """Say whether a number must keep its room: it is small, or has moved by less than the floor."""
    return count < floor or (last is not None and 0 < abs(count - last) < floor)


def _too_narrow(
    told: Mapping[Node, Told],
    numbers: Whole,
    covered: npt.NDArray[np.bool_],
    ladder: Ladder,
    floor: int,
) -> dict[Node, bool]:
    """Return what has too little room, and whether that follows from its own parts alone."""
    limits = ladder.limits(told, floor=floor)
    # None and one below the floor must look the same.
    seen = (numbers < floor) & (ladder.ends(*limits)[0] > 0)
    limits = _to_who_knows_why(limits, numbers, ladder, floor)
    # No wider than from none to one below the floor need it be: that is what the floor says itself.
    need = min(WIDTH, floor - 1)
    least, most = ladder.ends(*limits)
    lowest, highest = ladder.from_parts(*limits)
    return {
        ladder.nodes[place]: bool(highest[place] - lowest[place] < need)
        for place in np.flatnonzero(covered & (seen | (most - least < need)))
    }


def _to_who_knows_why(
    limits: tuple[Whole, Whole], numbers: Whole, ladder: Ladder, floor: int
) -> tuple[Whole, Whole]:
    """Return what is known to who sees why each number is held back, as the program chooses.

    A number is held back since it is below the floor, or to protect another one and then because
    it is not larger than those beside it. Nobody can know as much; many can know some of it.
    """
    least, most = (each.copy() for each in limits)
    held = most == MOST
    small = held & (numbers < floor)
    beside = np.full(len(held), MOST, dtype=np.int64)
    np.minimum.at(beside, ladder.over[~held], most[~held])
    most[small] = floor - 1
    protects = held & ~small
    least[protects] = floor
    protects[0] = False
    most[protects] = np.maximum(beside[ladder.over], floor)[protects]
    return least, most


def _part_of(node: Node, told: Mapping[Node, Told], tree: Tree) -> Node | None:
    """Return the smallest number in a cell that is right: of all its parts together it follows."""
    parts = tree.get(node, ())
    right = [each for each in parts if each in told and told[each].exact]
    if right:
        return min(right, key=lambda each: (told[each].homes, each))
    return next((found for each in parts if (found := _part_of(each, told, tree))), None)


def _beside(
    node: Node, told: Mapping[Node, Told], tree: Tree, above: Mapping[Node, Node]
) -> Node | None:
    """Return what is held back next: the smallest number beside it, else the one above.

    A number that is told again leaves itself room: what is held back is another one, one that is
    right if there is any.
    """
    if node == WHOLE:
        return None
    over = above[node]
    beside = [each for each in tree[over] if each in told and each != node]
    if node in told:
        beside = [each for each in beside if told[each].exact]
    if beside:
        return min(beside, key=lambda each: (told[each].homes, each))
    return over if over in told else _beside(over, told, tree, above)


def _parted_off(node: Node, told: Mapping[Node, Told], above: Mapping[Node, Node]) -> Node:
    """Return the nearest node above of which the number is right: it parts what is in it."""
    over = above.get(node, WHOLE)
    while over != WHOLE and not (over in told and told[over].exact):
        over = above[over]
    return over
