"""The plans that may be made of some moves, and ways from one to a better one."""

from dataclasses import dataclass
from itertools import combinations
from math import comb

import numpy as np

from tomteanalyse.dilution.candidates import NONE, Candidates, Numbers
from tomteanalyse.dilution.evenness import Evenness
from tomteanalyse.measures.concentration.evenness import Counts, Floats

DECIMALS = 12
"""Indices that differ by less are equal: the rest is what divisions leave."""
ALL_TRIED = 4_000
"""Where no more beginnings of plans than this are possible, every plan is tried."""
STARTS = 20
"""Moves that the search begins with in turn: the best first move need not be in the best plan."""
OUT_AT_ONCE = {1: 10_000, 2: 12, 3: 6}
"""How many moves are exchanged at once, in plans of so many at most: what can be done in time."""

Key = tuple[float, ...]
"""What plans are compared by: the index, homes lost, moves, the other indices."""


@dataclass(frozen=True)
class State:
    """Some chosen moves and where they lead."""

    chosen: tuple[int, ...]
    evenness: Evenness
    key: Key
    given: int
    capacity: int
    lots: Counts
    room: Counts


class PlanSearch:
    """The plans that may be made, and ways to better ones."""

    def __init__(
        self,
        candidates: Candidates,
        municipal: Counts,
        dwellings: Counts,
        *,
        top_areas: int,
        order: tuple[str, ...],
        sell: int,
        keep_capacity: bool,
    ) -> None:
        self._all = candidates
        self._start = municipal, dwellings
        self._top_areas, self._order = top_areas, order
        self._sell, self._keep = sell, keep_capacity

    @property
    def is_small(self) -> bool:
        """Whether every plan can be tried."""
        moves = len(self._all.unit)
        most = min(self._sell, int(self._all.lots.sum())) + len(self._all.room)
        return sum(comb(moves + size - 1, size) for size in range(most)) <= ALL_TRIED

    def best_of_all(self) -> tuple[int, ...]:
        """Try every plan and return the best."""
        best: tuple[int, ...] = ()
        best_key = self._state(()).key
        waiting: list[tuple[int, ...]] = [()]
        while waiting:
            chosen = waiting.pop()
            state = self._state(chosen)
            rows = self._allowed(state)
            # In rising order, so that no plan is met twice.
            rows = rows[rows >= (chosen[-1] if chosen else 0)]
            waiting += [(*chosen, row) for row in rows[::-1].tolist()]
            kept = self._keeps(state, rows)
            if len(kept):
                key, row = self._least(state, kept)
                if key < best_key:
                    best, best_key = (*chosen, row), key
        return best

    def key(self, chosen: tuple[int, ...]) -> Key:
        """Return what a plan is compared by."""
        return self._state(chosen).key

    def starts(self) -> list[tuple[int, ...]]:
        """Return plans filled up from nothing, from each purchase and from each of the best moves.

        None of them twice, and only such as keep capacity where it must be kept.
        """
        buying = np.flatnonzero(~self._all.gives_up).tolist()
        best = self._best((), most=STARTS)
        begun = [(), *((row,) for row in sorted({*best, *buying}))]
        filled = {tuple(sorted(self._filled(each))) for each in begun}
        return sorted(each for each in filled if not self._short(self._state(each)))

    def exchanged(self, chosen: tuple[int, ...], *, ahead: int = 0) -> tuple[int, ...]:
        """Exchange moves as long as that helps (see `_exchanged`)."""
        while (better := self._exchanged(chosen, ahead=ahead)) is not None:
            chosen = better
        return chosen

    def _filled(self, chosen: tuple[int, ...], *, most: int | None = None) -> tuple[int, ...]:
        """Add what helps most, again and again, at most so many times."""
        while most is None or most > 0:
            best = self._best_addition(self._state(chosen))
            if best is None:
                break
            chosen = (*chosen, *best)
            most = None if most is None else most - 1
        return chosen

    def _exchanged(self, chosen: tuple[int, ...], *, ahead: int) -> tuple[int, ...] | None:
        """Take out a few moves and put in what helps most; None where nothing is gained.

        Parameters
        ----------
        chosen
            The plan.
        ahead
            With how many moves to begin in turn when putting in.
        """
        best, best_key = None, self._state(chosen).key
        for size in (each for each, most in OUT_AT_ONCE.items() if len(chosen) <= most):
            for out in combinations(range(len(chosen)), size):
                rest = tuple(row for at, row in enumerate(chosen) if at not in out)
                begun = [rest, *((*rest, row) for row in self._best(rest, most=ahead))]
                for start in begun:
                    found = self._filled(start, most=size + 1)
                    state = self._state(found)
                    if state.key < best_key and not self._short(state):
                        best, best_key = found, state.key
        return best

    def in_order(self, chosen: tuple[int, ...]) -> tuple[int, ...]:
        """Put the moves in the order in which they help most, homes bought before given up."""
        done: tuple[int, ...] = ()
        rest = sorted(chosen)
        while rest:
            state = self._state(done)
            rows = np.array(sorted(set(rest)), dtype=np.int64)
            if self._keep:
                rows = rows[state.capacity + self._all.capacity[rows] >= 0]
            row = self._least(state, rows)[1]
            done = (*done, row)
            rest.remove(row)
        return done

    def _best(self, chosen: tuple[int, ...], *, most: int) -> list[int]:
        """Return the moves that help most by themselves after some others, the best first."""
        if not most:
            return []
        state = self._state(chosen)
        allowed = self._allowed(state)
        order = np.argsort(self._after(state, allowed, self._order[0]), kind="stable")
        found: list[int] = allowed[order[:most]].tolist()
        return found

    def _best_addition(self, state: State) -> tuple[int, ...] | None:
        """Return the move, or the purchase and what it makes room for, that helps most."""
        allowed = self._allowed(state)
        single = self._keeps(state, allowed)
        best = state.key[0]
        found: tuple[int, ...] | None = None
        if len(single):
            key, row = self._least(state, single)
            if key[0] < best:
                best, found = key[0], (row,)
        for bought in allowed[~self._all.gives_up[allowed]].tolist() if self._keep else ():
            with_new = self._state((*state.chosen, bought))
            after = self._allowed(with_new)
            after = self._keeps(with_new, after[self._all.capacity[after] < 0])
            if len(after):
                key, row = self._least(with_new, after)
                if key[0] < best:
                    best, found = key[0], (bought, row)
        return found

    def _least(self, state: State, rows: Numbers) -> tuple[Key, int]:
        """Return the least key after a move, and the first move that gives it."""
        found: list[float] = []
        for name in (self._order[0], None, *self._order[1:]):
            after = -self._all.capacity[rows] if name is None else self._after(state, rows, name)
            least = after.min()
            found.append(float(least - state.capacity if name is None else least))
            rows = rows[after == least]
        moves = float(len(state.chosen) + 1)
        return (*found[:2], moves, *found[2:]), int(rows[0])

    def _after(self, state: State, rows: Numbers, index: str) -> Floats:
        found = state.evenness.after(self._all.shifts.chosen(rows), index=index)
        return np.where(np.isnan(found), np.inf, found.round(DECIMALS))

    def _allowed(self, state: State) -> Numbers:
        every = self._all
        allowed = ~every.gives_up | (state.lots[every.unit] > 0)
        if state.given >= self._sell:
            allowed &= ~every.gives_up
        if len(state.room):
            allowed &= (every.plot == NONE) | (state.room[every.plot] >= every.homes)
        return np.flatnonzero(allowed)

    def _keeps(self, state: State, rows: Numbers) -> Numbers:
        if not self._keep:
            return rows
        kept: Numbers = rows[state.capacity + self._all.capacity[rows] >= 0]
        return kept

    def _short(self, state: State) -> bool:
        return self._keep and state.capacity < 0

    def _state(self, chosen: tuple[int, ...]) -> State:
        every, rows = self._all, np.array(chosen, dtype=np.int64)
        evenness = Evenness(
            *every.shifts.chosen(rows).added_to(*self._start), top_areas=self._top_areas
        )
        indices = [round(evenness.now(index=name), DECIMALS) for name in self._order]
        capacity = int(every.capacity[rows].sum())
        lots, room = every.lots.copy(), every.room.copy()
        giving, getting = rows[every.gives_up[rows]], rows[every.plot[rows] != NONE]
        np.subtract.at(lots, every.unit[giving], 1)
        np.subtract.at(room, every.plot[getting], every.homes[getting])
        return State(
            chosen,
            evenness,
            (indices[0], float(-capacity), float(len(chosen)), *indices[1:]),
            given=len(giving),
            capacity=capacity,
            lots=lots,
            room=room,
        )
