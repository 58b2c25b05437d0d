"""Measure, and print the table: ``python -m benchmarks [figure …]``."""

import argparse
from importlib import import_module

from benchmarks.figures import table

MODULES = ("read_network", "nearest", "many_plots", "cold_run")


def main() -> None:
    """Measure what was asked for, all of it by default."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("figure", nargs="*", choices=[[], *MODULES], help="default: all")
    chosen = parser.parse_args().figure or MODULES
    figures = [
        figure for name in chosen for figure in import_module(f"benchmarks.{name}").figures()
    ]
    print(table(figures))


if __name__ == "__main__":
    main()
