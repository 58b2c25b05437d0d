"""The two ways from a plot to one destination, step by step: in words."""

import math
from collections.abc import Sequence

from tomteanalyse.scoring.barrier_text import Row, barrier_name, missing
from tomteanalyse.scoring.shortcut_text import (
    destination_name,
    pair_figures,
    pair_notes,
    pair_sentence,
)
from tomteanalyse.scoring.way_explanation import WayExplanation
from tomteanalyse.scoring.wording import Words
from tomteanalyse.texts import Catalog

INDENT = "  "


def ways_text(plot_id: str, ways: Sequence[WayExplanation], words: Words) -> str:
    """Say how the ways to a destination run, as plain text: the safe one, then the tempting one."""
    return "\n\n".join(_way_text(plot_id, each, words) for each in ways)


def _way_text(plot_id: str, way: WayExplanation, words: Words) -> str:
    say, told = words.say, way.told
    place = destination_name(told.pair, say)
    lines = [
        say("shortcut.way.heading", plot=words.plot(plot_id), place=place),
        pair_sentence(told.pair, told.crossings, told.stretches, say=say),
        " ".join(pair_notes(told.pair, say=say)),
        f"{pair_figures(told.pair, say=say)} {say('shortcut.index.meaning')}",
        "",
    ]
    safe, tempting = (_lines(steps, say) for steps in (way.safe, way.tempting))
    if math.isinf(float(told.pair["safe_distance_m"])):
        lines.append(say("shortcut.way.no_safe"))
    else:
        metres = say.metres(told.pair["safe_distance_m"])
        lines += [say("shortcut.way.safe", metres=metres), *safe]
    if tempting == safe:
        return "\n".join([*lines, "", say("shortcut.way.same")])
    metres = say.metres(told.pair["tempting_distance_m"])
    return "\n".join([*lines, "", say("shortcut.way.tempting", metres=metres), *tempting])


def _lines(steps: Sequence[Row], say: Catalog) -> list[str]:
    """Return a numbered line a step, with the metres walked where it is no crossing."""
    lines = []
    for number, step in enumerate(steps, start=1):
        text = _step(step, say)
        if "crossing" not in step["kind"]:
            metres = say.metres(step["metres"])
            text = say("shortcut.way.walked", step=text, metres=metres)
        lines.append(f"{INDENT}{number}. {text}")
    return lines


def _step(step: Row, say: Catalog) -> str:
    kind, name = str(step["kind"]), barrier_name(step)
    if kind == "crossing" or kind.endswith("_crossing") or kind == "along":
        what = name or say(f"shortcut.stretch.{step['barrier']}")
        text = say(f"shortcut.step.{kind}", name=what)
        if missing(step["place"]):
            return text
        return say("shortcut.way.at_place", step=text, place=int(step["place"]))
    if name and f"shortcut.step.{kind}_named" in say:
        return say(f"shortcut.step.{kind}_named", name=name)
    return say(f"shortcut.step.{kind}")
