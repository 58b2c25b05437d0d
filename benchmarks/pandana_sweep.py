"""Pandana's part of the nearest-place figure; runs alone, also in another environment.

``python pandana_sweep.py arrays.npz answer.npz`` reads the arrays that `benchmarks.nearest` writes
and writes the distances and the time taken.
"""

import sys
import time

import numpy as np
import pandas as pd


def main(arrays: str, answer: str) -> None:
    import pandana

    given = np.load(arrays)
    nodes, limit_m = int(given["nodes"]), float(given["limit_m"])
    # Pandana finds a place's node by its coordinates; numbered ones make that exact.
    x = pd.Series(np.arange(nodes, dtype=float), index=np.arange(nodes))
    begin = _now()
    network = pandana.Network(
        x,
        x * 0.0,
        pd.Series(given["start"]),
        pd.Series(given["end"]),
        pd.DataFrame({"metres": given["metres"]}),
        twoway=False,
    )
    built = _now()
    found = []
    for name in given["classes"]:
        places = given[f"places_{name}"]
        network.set_pois(name, limit_m, 1, x[places], x[places] * 0.0)
        found.append(network.nearest_pois(limit_m, name, num_pois=1)[1].to_numpy())
    done = _now()
    np.savez(
        answer, metres=np.array(found), build_s=_least(begin, built), sweeps_s=_least(built, done)
    )


def _now() -> tuple[float, float]:
    return time.perf_counter(), time.process_time()


def _least(start: tuple[float, float], stop: tuple[float, float]) -> float:
    """Return the clock's or the processor's time [s], whichever is kinder to pandana's threads."""
    return min(stop[0] - start[0], stop[1] - start[1])


if __name__ == "__main__":
    main(*sys.argv[1:])
