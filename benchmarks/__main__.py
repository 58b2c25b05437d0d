"""Measure, and print the table: ``python -m benchmarks [figure …]``."""

import argparse
from importlib import import_module

from benchmarks.figures import HEADING, row

MODULES = (
    "read_network",
    "nearest",
    "many_plots",
    "monitoring",
    "dilution",
    "cold_run",
    "map_page",
)


def main() -> None:
    """Measure what was asked for, all of it by default."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("figure", nargs="*", choices=[[], *MODULES], help="default: all")
    chosen = parser.parse_args().figure or MODULES
    print(HEADING)
    for name in chosen:
        # Printed as they come: the whole takes some ten minutes.
        for figure in import_module(f"benchmarks.{name}").figures():
            print(row(figure), flush=True)


if __name__ == "__main__":
    main()
