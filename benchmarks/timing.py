"""Take times in turn, so that a busy moment of the machine hits every method alike."""

import gc
import time
from collections.abc import Callable, Mapping
from statistics import median


def in_turn(methods: Mapping[str, Callable[[], object]], *, rounds: int) -> dict[str, list[float]]:
    """Run every method once per round and return its times [s], one per round.

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
            start = time.perf_counter()
            method()
            taken[name].append(time.perf_counter() - start)
    return taken


def ratio(taken: Mapping[str, list[float]], slower: str, faster: str) -> float:
    """Return the median over the rounds of how many times as long `slower` took as `faster`."""
    return median(a / b for a, b in zip(taken[slower], taken[faster], strict=True))
