"""Unsafe shortcuts in words: what lies between a plot and a place, and where ways cross."""

import math
from collections.abc import Mapping, Sequence
from itertools import groupby

from tomteanalyse.errors import SHOWN
from tomteanalyse.measures.shortcuts.findings import ShortcutFindings
from tomteanalyse.scoring.barrier_text import (
    Row,
    barrier_name,
    barrier_text,
    barriers,
    missing,
)
from tomteanalyse.scoring.shortcut_rows import rows_of
from tomteanalyse.scoring.wording import Words
from tomteanalyse.texts import Catalog

LEAST_TOLD_M = 10.0
"""A stretch along a hazard shorter than this is not told beside a crossing."""
LEAST_STRETCH_M = 30.0
"""A crossing place shorter than this is a point: it may be no more than a motorway's width."""


def pair_sentence(
    pair: Row, crossings: Sequence[Row], stretches: Sequence[Row], *, say: Catalog
) -> str:
    """Say how long the two ways to a place are, what the tempting one crosses and what it saves.

    Parameters
    ----------
    pair
        A row of `ShortcutFindings.pairs`.
    crossings, stretches
        The pair's own rows of `ShortcutFindings.crossings`, in walking order, and ``stretches``
        (see `shortcut_rows.met_by_pair`).
    say
        The texts of a language.

    Returns
    -------
    str
        Two or three sentences; that no unsafe shortcut was found where none was. How sure it is
        stands in `pair_notes`.
    """
    safe, tempting = float(pair["safe_distance_m"]), say.metres(pair["tempting_distance_m"])
    place = destination_name(pair, say)
    no_safe = "_no_safe" if math.isinf(safe) else ""
    ways = {"place": place, "safe": say.metres(safe), "tempting": tempting}
    if not (pair["risk"] > 0 and (crossings or stretches)):
        return say(f"shortcut.pair.quiet{no_safe}", **ways)
    followed = _stretches(stretches, beside=bool(crossings), say=say)
    kind = "crosses" if crossings else "follows"
    met = say(
        f"shortcut.pair.{kind}{'_and_follows' if crossings and followed else ''}",
        crossings=_crossings(crossings, say),
        stretches=say.listing(followed),
        saving=_saving(pair, crossed=bool(crossings), say=say),
    )
    return f"{say(f'shortcut.pair.ways{no_safe}', **ways)} {met}"


def pair_notes(pair: Row, *, say: Catalog) -> list[str]:
    """Say how sure a pair's figures are, what that means and what to do about it.

    Returns
    -------
    list of str
        A sentence or two for each flag, and one for the pass it was measured in, last.
    """
    looked = "fine" if pair["fine"] else "screen"
    return [
        *(say(f"shortcut.flag.{flag}") for flag in pair["flags"]),
        say(f"shortcut.pass.{looked}"),
    ]


def pair_figures(pair: Row, *, say: Catalog) -> str:
    """Say what a pair's part of the index is made of."""
    figures = ("severity", "temptation", "risk", "weight")
    written = {name: say.number(float(pair[name]), decimals=2) for name in figures}
    return say("shortcut.account.figures", **written)


def destination_name(pair: Row, say: Catalog) -> str:
    """Return the name of a pair's destination, or what it is where it has none."""
    name = pair["name"]
    return say(f"shortcut.unnamed.{pair['category']}") if missing(name) else str(name)


def place_sentence(
    number: int, place: Row, lines: Sequence[Row], *, names: Mapping[str, str], words: Words
) -> str:
    """Say what is crossed at a place, from where, to where, what it saves and what else to know.

    Parameters
    ----------
    number
        Its number.
    place
        A row of `ShortcutFindings.places`.
    lines
        What is crossed there, see `shortcut_rows.lines_by_place`.
    names
        Of the destinations, see `destination_names`.
    words
        The language, with the names of plots and places.
    """
    say = words.say
    length_m = float(place["geometry"].length)
    heading = say(
        "shortcut.place.heading_stretch"
        if length_m >= LEAST_STRETCH_M
        else "shortcut.place.heading",
        place=number,
        list=say(f"shortcut.place.{'severe' if place['severe'] else 'moderate'}"),
        barrier=barrier_text(lines, say=say),
        length=say.metres(length_m),
        east=f"{place['peak'].x:.0f}",
        north=f"{place['peak'].y:.0f}",
    )
    safe_m = float(place["median_safe_distance_m"])
    saving = say(
        f"shortcut.place.saving{'_no_safe' if math.isinf(safe_m) else ''}",
        saving=say.metres(place["median_saving_m"]),
        safe=say.metres(safe_m),
    )
    served = _shortened(place_destinations(place, names=names), say)
    serves = say("shortcut.place.plots", plots=_plots(place, words), destinations=served)
    return " ".join([heading, serves, saving, *place_notes(place, say=say)])


def place_notes(place: Row, *, say: Catalog) -> list[str]:
    """Say what makes a crossing place doubtful, and what to do about it."""
    return [say(f"shortcut.place.{doubt}") for doubt in ("edge", "winding") if place[doubt]]


def destination_names(found: ShortcutFindings, say: Catalog) -> dict[str, str]:
    """Return the names of all destinations by id, or what they are where they have none."""
    once = found.pairs.drop_duplicates("destination_id")
    return {str(each["destination_id"]): destination_name(each, say) for each in rows_of(once)}


def place_destinations(place: Row, *, names: Mapping[str, str]) -> list[str]:
    """Return the names of the destinations that a crossing place serves, each once, sorted."""
    return sorted({names[str(each)] for each in place["destinations"]})


def index_sentence(index: float, index_fine: float, *, say: Catalog) -> str:
    """Say a plot's index of unsafe shortcuts, and that it is no probability.

    Parameters
    ----------
    index, index_fine
        Of the screening and of the fine pass, 0-1; NaN unknown, or not looked at closely.
    say
        The texts of a language.
    """
    if math.isnan(index):
        return say("shortcut.index.unknown")
    kind = "screen" if math.isnan(index_fine) else "both"
    written = {"index": say.number(index, decimals=2), "fine": say.number(index_fine, decimals=2)}
    return f"{say(f'shortcut.index.{kind}', **written)} {say('shortcut.index.meaning')}"


def _saving(pair: Row, *, crossed: bool, say: Catalog) -> str:
    kind = "saves" if crossed else "saves_along"
    if pair["saving_at_least"]:
        kind = "saves_at_least"
    return say(f"shortcut.pair.{kind}", metres=say.metres(pair["saving_m"]))


def _crossings(crossings: Sequence[Row], say: Catalog) -> str:
    told = ""
    for lines in barriers(crossings):
        barrier, place = barrier_text(lines, say=say), lines[0]["place"]
        if missing(place):
            metres = say.metres(lines[0]["metres"])
            phrase = say("shortcut.pair.after", barrier=barrier, metres=metres)
        else:
            phrase = say("shortcut.pair.at_place", barrier=barrier, place=int(place))
        told = say("shortcut.pair.then", before=told, next=phrase) if told else phrase
    return told


def _stretches(stretches: Sequence[Row], *, beside: bool, say: Catalog) -> list[str]:
    """Say how far a way runs along what, in the order in which it comes to them."""

    def called(each: Row) -> str:
        return barrier_name(each) or say(f"shortcut.stretch.{each['barrier']}")

    metres: dict[str, float] = {}
    for name, rows in groupby(stretches, key=called):
        metres[name] = metres.get(name, 0.0) + sum(float(each["metres"]) for each in rows)
    return [
        say("shortcut.pair.along", metres=say.metres(length_m), barrier=name)
        for name, length_m in metres.items()
        if length_m >= LEAST_TOLD_M or not beside
    ]


def _plots(place: Row, words: Words) -> str:
    plots = [words.plot(str(each)) for each in place["plots"]]
    named = _shortened(plots, words.say)
    if len(plots) == 1:
        return named
    return words.say("shortcut.place.count", count=words.say.number(len(plots)), plots=named)


def _shortened(items: list[str], say: Catalog) -> str:
    hidden = len(items) - SHOWN
    if hidden <= 0:
        return say.listing(items)
    return say("shortcut.place.more", items=", ".join(items[:SHOWN]), count=say.number(hidden))
