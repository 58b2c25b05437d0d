"""A plan of several moves: the best next one as long as it helps, then exchanges that help more.

Where few moves are possible every plan is tried. Else the plan is good, not proven best: the tests
compare it with the exact optimum. Of plans that lower the index alike the one that costs the fewest
homes is taken, then the one that lowers the other indices more. Nothing is left to chance.
"""

from tomteanalyse.dilution.candidates import Candidates
from tomteanalyse.dilution.evenness import INDEX_NAMES
from tomteanalyse.dilution.search import PlanSearch
from tomteanalyse.measures.concentration.evenness import Counts

EXCHANGED = 4
"""So many of the best plans begun with are bettered by exchange."""
AHEAD = 12
"""Moves that an exchange of the best plan begins with in turn, also such as do not help alone."""


def best_plan(
    candidates: Candidates,
    municipal: Counts,
    dwellings: Counts,
    *,
    top_areas: int,
    objective: str,
    sell: int,
    keep_capacity: bool,
) -> tuple[int, ...]:
    """Choose the moves that together lower an index most, and put them in order.

    Parameters
    ----------
    candidates
        What may be chosen; a move more than once, if the unit has homes enough.
    municipal, dwellings
        By cell today.
    top_areas
        How many cells the top share counts.
    objective
        One of `INDEX_NAMES`.
    sell
        How many times units may give up homes in all.
    keep_capacity
        Whether there must be as many homes after as before, at least.

    Returns
    -------
    tuple of int
        Rows of `candidates`: each the one of the rest that helps most when it is its turn. Where
        capacity is kept, homes are bought before as many are given up. Empty where nothing helps.
    """
    search = PlanSearch(
        candidates,
        municipal,
        dwellings,
        top_areas=top_areas,
        order=(objective, *(name for name in INDEX_NAMES if name != objective)),
        sell=sell,
        keep_capacity=keep_capacity,
    )
    if search.is_small:
        return search.in_order(search.best_of_all())
    begun = sorted(search.starts(), key=search.key)[:EXCHANGED]
    found = min((search.exchanged(each) for each in begun), key=search.key)
    return search.in_order(search.exchanged(found, ahead=AHEAD))
