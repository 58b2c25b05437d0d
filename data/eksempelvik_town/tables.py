"""Read the tables of what is drawn where (``*.csv`` beside this file)."""

import csv
from pathlib import Path

from eksempelvik_town.canvas import Tags
from eksempelvik_town.geometry import Xy

Section = tuple[Xy, Xy, Tags]


def read(table: str) -> list[dict[str, str]]:
    """Read a table of semicolon-separated values."""
    with Path(__file__).with_name(f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def tags_of(text: str) -> Tags:
    """Read tags written as ``key=value, key=value``."""
    pairs = (tag.split("=", 1) for tag in text.split(", "))
    return {key: value for key, value in pairs}  # noqa: C416  (dict() takes no list of lists)


def points_of(text: str) -> list[Xy]:
    """Read positions [m] written as ``x,y x,y``."""
    pairs = (pair.split(",") for pair in text.split())
    return [(float(x), float(y)) for x, y in pairs]


def sections_of(text: str) -> list[Section]:
    """Read where a line carries other tags, written as ``x,y x,y key=value, key=value``."""
    if not text:
        return []
    start, end, tags = text.split(" ", 2)
    return [(*points_of(start), *points_of(end), tags_of(tags))]


def box_of(row: dict[str, str]) -> tuple[Xy, float, float, float]:
    """Read a rectangle: its middle, length, width [m] and direction [rad]."""
    middle = (float(row["x"]), float(row["y"]))
    return middle, float(row["length"]), float(row["width"]), float(row["direction"])
