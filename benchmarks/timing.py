"""Take times in turn, so that a busy moment of the machine hits every method alike.

Processor time is what counts: on an idle machine it is what the clock says, or more where several
threads work at once, and on a busy one the clock only tells how busy it is.
"""

import gc
import os
import time
from collections.abc import Callable, Mapping
from statistics import median


def processor_s() -> float:
    """Return the processor time of this process and of those it has waited for [s]."""
    others = os.times()
    return time.process_time() + others.children_user + others.children_system


def in_turn(methods: Mapping[str, Callable[[], object]], *, rounds: int) -> dict[str, list[float]]:
    """Run every method once per round and return its processor times [s], one per round.

    Parameters
    ----------
    methods
        What to run, by name. Results are thrown away.
    rounds
        How many rounds.
    """
    taken: dict[str, list[float]] = {name: [] for name in methods}
    for _ in range(rounds):
        for name, method in methods.items():
            gc.collect()
            start = processor_s()
            method()
            taken[name].append(processor_s() - start)
    return taken


def ratio(taken: Mapping[str, list[float]], slower: str, faster: str) -> float:
    """Return the median over the rounds of how many times as long `slower` took as `faster`."""
    return median(a / b for a, b in zip(taken[slower], taken[faster], strict=True))
