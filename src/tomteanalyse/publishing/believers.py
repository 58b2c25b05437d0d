"""What those reckon out who rightly take it that some numbers have not moved between releases.

Nobody knows what somebody believes, and most cells do not change from one year to the next. So
every belief is tried that puts numbers of one release into another one: a number, less any choice
of numbers that were ever told of its parts, must not leave so little that its other parts are
known. It does not matter whether the belief is true, nor whether it fits the rest of the
municipality, nor whether a number was held back in between.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

import numpy as np

from tomteanalyse.publishing.attack import Ladder, Whole
from tomteanalyse.publishing.released import WHOLE, Node, Released, Told, Tree

SLACK = 2
"""A belief may be wrong by so many homes and still come near the truth."""

CHOICES = 8
"""Of more numbers than this, some choice or other adds up to anything: nobody learns from it."""

Numbers = Mapping[Node, int]
Values = tuple[tuple[int, ...], tuple[int, ...]]
"""What a number may be believed to be: as told before, and as told for the first time now."""
Sums = tuple[int, int]
"""Sums that can be reached, bit by bit: with what was told before alone, and with something new."""


class Believers:
    """Those who have all releases of a tree and put one into the other.

    Parameters
    ----------
    releases
        All before this one, the first one first.
    numbers
        The true number of each node now, in the ladder's order.
    ladder
        The tree, level by level.
    tree
        How nodes lie in each other.
    floor
        Nothing below it is told.
    room
        As much room a number below the floor must have.
    """

    def __init__(
        self,
        releases: Sequence[Released],
        numbers: Whole,
        ladder: Ladder,
        tree: Tree,
        *,
        floor: int,
        room: int,
    ) -> None:
        self._numbers, self._ladder, self._tree = numbers, ladder, tree
        self._floor, self._room, self._slack = floor, room, min(SLACK, floor - 1)
        self._above = {part: node for node, parts in tree.items() for part in parts}
        self._past = [{node: each.homes for node, each in one.told.items()} for one in releases]
        self._ever: dict[Node, tuple[int, ...]] = {}
        for one in self._past:
            for node, homes in one.items():
                known = (each for each in self._ever.get(node, ()) if each != homes)
                self._ever[node] = (*known, homes)
        self._stands = np.zeros(len(numbers), dtype=np.bool_)
        for node, ever in self._ever.items():
            place = ladder.place[node]
            self._stands[place] = numbers[place] in ever

    def to_hold(self, told: Mapping[Node, Told]) -> set[Node]:
        """Return numbers to hold back from them, of those told for the first time; then ask again.

        What was told before cannot be taken back: to hold it back now helps nobody.
        """
        if not self._past:
            return set()
        now = {node: each.homes for node, each in told.items()}
        fresh = {node for node, homes in now.items() if homes not in self._ever.get(node, ())}
        held = self._follow_now(told, now, fresh)
        if held:
            return held
        wholes = {over for node in fresh for over in self._with_all_above(node)}
        for over in sorted(wholes & self._tree.keys()):
            for at in (*self._past, now):
                found = self._given_away(over, at, now, fresh)
                if found is not None:
                    held.add(found)
                    break
        return held

    def _follow_now(
        self, told: Mapping[Node, Told], now: Numbers, fresh: Collection[Node]
    ) -> set[Node]:
        """Return what lets numbers follow now to who knows all that was ever told and still stands.

        This looks through all levels at once.
        """
        least, most = (
            np.where(self._stands, self._numbers, each)
            for each in self._ladder.limits(told, floor=self._floor)
        )
        sure = least == most
        lowest, highest = self._ladder.ends(least, most)
        narrow = (self._numbers < self._floor) & (highest - lowest < self._room)
        # One number for all that bears on each other: it leaves room for every one of them.
        chosen: dict[Node, Node] = {}
        places = np.flatnonzero(narrow)
        for over in sorted({self._above.get(self._ladder.nodes[each], WHOLE) for each in places}):
            found = self._fresh_in(over, now, fresh)
            if found is not None:
                above = self._with_all_above(over)
                within = next((each for each in above if sure[self._ladder.place[each]]), WHOLE)
                chosen[within] = _smallest([found, chosen.get(within, found)], now)
        return set(chosen.values())

    def _given_away(
        self, over: Node, at: Numbers, now: Numbers, fresh: Collection[Node]
    ) -> Node | None:
        """Return a new number that gives away parts of a whole at the time of a release, if any."""

        def values(node: Node) -> Values:
            if node in at:
                new = at is now and node in fresh
                return ((), (at[node],)) if new else ((at[node],), ())
            return self._ever.get(node, ()), ((now[node],) if node in fresh else ())

        parts = self._tree[over]
        # A large cell of which nothing was ever told is as good as its parts.
        small = [
            each
            for part in parts
            for each in (self._tree.get(part, (part,)) if not any(values(part)) else (part,))
        ]
        both = (parts, small) if len(small) > len(parts) else (parts,)
        given = (self._given_by(over, each, at, values) for each in both)
        return next((_smallest(each, now) for each in given if each), None)

    def _given_by(
        self, over: Node, parts: Sequence[Node], at: Numbers, values: Callable[[Node], Values]
    ) -> list[Node]:
        """Return the new numbers of a whole and its parts if they give one of the parts away."""
        wholes = values(over)
        new = [node for node in parts if values(node)[1]]
        if not new and not wholes[1]:
            return []
        told = _sums((values(each) for each in parts if each in at), start=(1, 0))
        believed = [values(each) for each in parts if each not in at and any(values(each))]
        if len(believed) > CHOICES:
            return []
        unknown = len(parts) - len(believed) - sum(each in at for each in parts)
        # Where something was told of every part at some time, one of them is what is asked for.
        without = range(len(believed)) if unknown == 0 else ()
        choices = [[*believed[:each], *believed[each + 1 :]] for each in without]
        for choice in choices if unknown == 0 else [believed]:
            left = [(_sums(choice, start=told, any_of_them=True), self._room)]
            if unknown <= 1:
                left.append((_sums(choice, start=told), self._floor))
            if any(self._is_little_left(wholes, *each) for each in left):
                return new or [over]
        return []

    def _is_little_left(self, wholes: Values, sums: Sums, room: int) -> bool:
        """Say whether a sum of parts with something new in it comes near that of the whole."""
        before, new = sums
        for told, reached in ((wholes[0], new), (wholes[1], before | new)):
            for whole in told:
                first = max(whole - room + 1, 0)
                if (reached >> first) & ((1 << (whole + self._slack + 1 - first)) - 1):
                    return True
        return False

    def _fresh_in(self, over: Node, now: Numbers, fresh: Collection[Node]) -> Node | None:
        """Return the smallest number in a cell that nobody has been told before, else one above."""
        for each in self._with_all_above(over):
            parts = [part for part in self._tree[each] if part in fresh]
            if parts or each in fresh:
                return _smallest(parts or [each], now)
        return None

    def _with_all_above(self, node: Node) -> list[Node]:
        found = [node]
        while found[-1] in self._above:
            found.append(self._above[found[-1]])
        return found


def _smallest(nodes: Iterable[Node], now: Numbers) -> Node:
    """Return the smallest number, the one of the whole last: that is what most people ask for."""
    return min(nodes, key=lambda node: (node == WHOLE, now[node], node))


def _sums(parts: Iterable[Values], *, start: Sums, any_of_them: bool = False) -> Sums:
    """Return what numbers of parts can add up to: of all parts, or of any choice of them."""
    before, new = start
    for known, fresh in parts:
        with_before, with_new = (before, new) if any_of_them else (0, 0)
        for homes in known:
            with_before |= before << homes
            with_new |= new << homes
        for homes in fresh:
            with_new |= (before | new) << homes
        before, new = with_before, with_new
    return before, new
