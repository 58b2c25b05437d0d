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
    begin = time.perf_counter()
    network = pandana.Network(
        x,
        x * 0.0,
        pd.Series(given["start"]),
        pd.Series(given["end"]),
        pd.DataFrame({"metres": given["metres"]}),
        twoway=False,
    )
    built = time.perf_counter()
    found = []
    for name in given["classes"]:
        places = given[f"places_{name}"]
        network.set_pois(name, limit_m, 1, x[places], x[places] * 0.0)
        found.append(network.nearest_pois(limit_m, name, num_pois=1)[1].to_numpy())
    done = time.perf_counter()
    np.savez(answer, metres=np.array(found), build_s=built - begin, sweeps_s=done - built)


if __name__ == "__main__":
    main(*sys.argv[1:])
