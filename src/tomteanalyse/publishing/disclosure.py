"""What may be told: a floor, what must be held back with it, and an audit by attack."""

from collections.abc import Collection, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from tomteanalyse.publishing.attack import Ladder
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
        that has moved by less than the floor since it was last told. The same holds for whoever
        takes it that nothing has changed but what was told to have changed (see `_believed`).

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
    past = [each.told for each in (*earlier, *([] if before is None else [before]))]
    ladder = Ladder(tree)
    numbers = np.array([counts[node] for node in ladder.nodes])
    above = {part: node for node, parts in tree.items() for part in parts}
    covered = np.array([_is_covered(counts[node], last[node], floor) for node in ladder.nodes])
    while True:
        held = set[Node]()
        freed = set[Node]()
        for node, by_parts in _too_narrow(told, covered, ladder, floor).items():
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
            held = _for_believers(told, past, covered, numbers, ladder, tree, above, floor)
        if not held:
            break
        told = {node: number for node, number in told.items() if node not in held}
    if len(_too_narrow(told, covered, ladder, floor)):
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
    told: Mapping[Node, Told], covered: npt.NDArray[np.bool_], ladder: Ladder, floor: int
) -> dict[Node, bool]:
    """Return what has too little room, and whether that follows from its own parts alone."""
    limits = ladder.limits(told, floor=floor)
    # No wider than from none to one below the floor need it be: that is what the floor says itself.
    need = min(WIDTH, floor - 1)
    least, most = ladder.ends(*limits)
    lowest, highest = ladder.from_parts(*limits)
    return {
        ladder.nodes[place]: bool(highest[place] - lowest[place] < need)
        for place in np.flatnonzero(covered & (most - least < need))
    }


def _for_believers(
    told: Mapping[Node, Told],
    past: Sequence[Mapping[Node, Told]],
    covered: npt.NDArray[np.bool_],
    numbers: npt.NDArray[np.int64],
    ladder: Ladder,
    tree: Tree,
    above: Mapping[Node, Node],
    floor: int,
) -> set[Node]:
    """Return what must be held back from those who believe that nothing has moved unseen."""
    need = min(WIDTH, floor - 1)
    small = covered & (numbers < floor)
    fresh = {
        node
        for node, each in told.items()
        if all(node not in one or one[node].homes != each.homes for one in past)
    }
    held = set[Node]()
    for number in range(len(past) + 1 if past else 0):
        believed = _believed([*past, told], number)
        limits = ladder.limits(believed, floor=1)
        least, most = ladder.ends(*limits)
        # A belief that is wrong gives nobody away.
        true = (least <= numbers) & (numbers <= most)
        narrow = [
            ladder.nodes[place] for place in np.flatnonzero(small & true & (most - least < need))
        ]
        if not narrow:
            continue
        closed = ladder.room_in_parts(*limits) < need
        shut = {ladder.nodes[place] for place in np.flatnonzero(closed)}
        # One number for all that bears on each other: it leaves room for every one of them.
        chosen: dict[Node, Node] = {}
        for over in sorted({above[node] for node in narrow if node != WHOLE}):
            found = _fresh_in(over, told, fresh, shut, tree, above)
            if found is not None:
                within = over if over in believed else _parted_off(over, believed, above)
                least_harm = [found, *([chosen[within]] if within in chosen else [])]
                chosen[within] = min(least_harm, key=lambda each: _harm(each, told, shut))
        held |= set(chosen.values())
    return held


def _believed(releases: Sequence[Mapping[Node, Told]], at: int) -> dict[Node, Told]:
    """Return what is known to who believes that each number holds until another one is told.

    All that was told at one time is taken to be right, and what was not told then to be what was
    told of it at the nearest other time.
    """
    believed: dict[Node, Told] = {}
    for other in sorted(range(len(releases)), key=lambda other: (abs(other - at), -other)):
        for node, each in releases[other].items():
            believed.setdefault(node, Told(each.homes, exact=True))
    return believed


def _harm(
    node: Node, told: Mapping[Node, Told], shut: Collection[Node]
) -> tuple[bool, bool, int, Node]:
    """Return what to order by to lose least: a number that follows from its parts comes last."""
    return node in shut, node == WHOLE, told[node].homes, node


def _fresh_in(
    over: Node,
    told: Mapping[Node, Told],
    fresh: Collection[Node],
    shut: Collection[Node],
    tree: Tree,
    above: Mapping[Node, Node],
) -> Node | None:
    """Return the smallest number in a cell that nobody has been told before, else one above.

    One that follows from its own parts is taken last: to hold it back alone helps nobody.
    """
    parts = [each for each in tree[over] if each in fresh]
    if parts:
        return min(parts, key=lambda each: _harm(each, told, shut))
    if over in fresh:
        return over
    return None if over == WHOLE else _fresh_in(above[over], told, fresh, shut, tree, above)


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
