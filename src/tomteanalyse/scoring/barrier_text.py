"""What ways cross, in words: roads with their carriageways, railways with their tracks."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from tomteanalyse.texts import Catalog

Row = Mapping[str, Any]

CARRIAGEWAYS_APART_M = 60.0
"""Lines of one name that a way crosses within this of each other are one road or railway."""


def barrier_text(lines: Sequence[Row], *, say: Catalog) -> str:
    """Say what is crossed: ``E 6 (motorway, 2 carriageways, 100 km/h)``.

    Parameters
    ----------
    lines
        Rows of `ShortcutFindings.crossings` for the carriageways or tracks of one barrier.
    say
        The texts of a language.
    """
    first = lines[0]
    kind = _kind(first, say)
    name = barrier_name(first)
    parts = [say(f"shortcut.class.{kind}")] if name else []
    parts += _width(lines, say)
    speeds = [each for each in lines if not missing(each["speed_kmh"])]
    if speeds:
        fastest = max(speeds, key=lambda each: float(each["speed_kmh"]))
        assumed = bool(fastest["speed_assumed"])
        # Nobody puts up signs along a track: an assumed speed of trains says nothing.
        if not (assumed and first["barrier"] == "rail"):
            speed = say.number(float(fastest["speed_kmh"]))
            parts.append(say(f"shortcut.barrier.speed{'_assumed' if assumed else ''}", speed=speed))
    if name:
        return say("shortcut.barrier.named", name=name, details=", ".join(parts))
    one = say(f"shortcut.one.{kind}")
    return say("shortcut.barrier.unnamed", one=one, details=", ".join(parts)) if parts else one


def barrier_name(line: Row) -> str | None:
    """Return what a road or line is called: number and name, or None."""
    name = None if missing(line["name"]) else str(line["name"])
    ref = None if missing(line["ref"]) else "/".join(str(line["ref"]).split(";"))
    if line["barrier"] == "rail":
        return name or ref
    return " ".join(dict.fromkeys(each for each in (ref, name) if each)) or None


def barriers(crossings: Sequence[Row]) -> Iterable[list[Row]]:
    """Yield what is crossed one after the other, carriageways and tracks side by side as one."""
    group: list[Row] = []
    for each in crossings:
        if group and not _side_by_side(group[-1], each):
            yield group
            group = []
        group.append(each)
    if group:
        yield group


def same_line(one: Row, other: Row) -> bool:
    """Tell whether two lines are of the same kind and bear the same name."""
    return (
        one["barrier"] == other["barrier"]
        and one["road_class"] == other["road_class"]
        and barrier_name(one) == barrier_name(other)
    )


def missing(cell: object) -> bool:
    """Tell whether a cell is None, NaN or NA."""
    return bool(pd.isna(cell))  # type: ignore[call-overload]  # a cell, never a table


def _side_by_side(one: Row, other: Row) -> bool:
    return (
        same_line(one, other)
        and one["severe"] == other["severe"]
        and _same_place(one["place"], other["place"])
        and other["metres"] - one["metres"] <= CARRIAGEWAYS_APART_M
    )


def _same_place(one: Any, other: Any) -> bool:  # noqa: ANN401 - a number or NA
    if missing(one) or missing(other):
        return missing(one) and missing(other)
    return int(one) == int(other)


def _width(lines: Sequence[Row], say: Catalog) -> list[str]:
    """Say how many carriageways, lanes or tracks are crossed."""
    ways = len({each["way"] for each in lines})
    if lines[0]["barrier"] == "rail":
        return [say("shortcut.barrier.tracks", count=ways)] if ways > 1 else []
    if ways > 1:
        return [say("shortcut.barrier.carriageways", count=ways)]
    lanes = lines[0]["lanes"]
    if missing(lanes):
        return []
    if lanes == 1:
        return [say("shortcut.barrier.lane")]
    return [say("shortcut.barrier.lanes", count=int(lanes))]


def _kind(line: Row, say: Catalog) -> str:
    kind = str(line["road_class"])
    if line["barrier"] == "rail":
        if kind in ("rail", "narrow_gauge") and not line["severe"]:
            return "siding"
        return kind if f"shortcut.class.{kind}" in say else "rail"
    return kind if f"shortcut.class.{kind}" in say else "road"
