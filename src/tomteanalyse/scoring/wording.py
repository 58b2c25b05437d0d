"""Phrases about criteria, measurements and weights, in the study's language."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from tomteanalyse.scoring.criteria import Criterion, Unit
from tomteanalyse.scoring.explanation import Contribution
from tomteanalyse.texts import NBSP, Catalog

POINT_DECIMALS = 2
DECIMALS: Mapping[Unit, int] = {"m": 0, "weighted_homes": 1, "share": 1, "index": 2}
"""Decimals that a measurement is written with, by its unit."""
TIMES: Mapping[Unit, float] = {"m": 1, "weighted_homes": 1, "share": 100, "index": 1}
"""What a measurement is written times of: shares of 1 are written in per cent."""


def measured_text(criterion: Criterion, measured: float, say: Catalog) -> str:
    """Write a measurement with its unit, or the word for unknown or unreachable."""
    decimals = DECIMALS[criterion.unit]
    shown = round(TIMES[criterion.unit] * measured, decimals)
    written = say.number(shown, decimals=None)
    if not math.isfinite(measured):
        return written
    if criterion.unit == "share":
        return say("explain.percent", number=written)
    one = f"criterion.{criterion.key}.unit_one"
    unit = say(one if shown == 1 and one in say else f"criterion.{criterion.key}.unit")
    return f"{written}{NBSP}{unit}"


def anchors_text(criterion: Criterion, say: Catalog) -> str:
    """Write a criterion's anchors: ``1 at 150 m or less; 0 at 1 000 m or more``."""
    last = len(criterion.value.anchors) - 1
    written = []
    for place, (x, v) in enumerate(criterion.value.anchors):
        form = (
            "anchor_first" if place == 0 and x > 0 else "anchor_last" if place == last else "anchor"
        )
        shown = measured_text(criterion, x, say)
        written.append(say(f"explain.{form}", value=say.number(v, decimals=None), measured=shown))
    return "; ".join(written)


def decision_text(decision: str | None, say: Catalog) -> str:
    """Say that something is not decided, or which decision adopted it."""
    return say("explain.decided", decision=decision) if decision else say("explain.undecided")


def percent_text(share: float, say: Catalog, *, decimals: int = 0) -> str:
    """Write a share as a percentage that never rounds to 0 or 100 % unless it is exactly that."""
    step = 10.0**-decimals
    low, high = (say.number(each, decimals=decimals) for each in (step, 100 - step))
    shown = round(100 * share, decimals)
    if shown < step and share > 0:
        return say("explain.percent_under", number=low)
    if shown > 100 - step and share < 1:
        return say("explain.percent_over", number=high)
    return say("explain.percent", number=say.number(shown, decimals=decimals))


def limit_text(share: float, say: Catalog, *, decimals: int = 0) -> str:
    """Write a share that something lies under or over: never 0 or 100 % unless it is that."""
    step = 10.0**-decimals
    least, most = (step if share > 0 else 0.0), (100 - step if share < 1 else 100.0)
    shown = min(max(round(100 * share, decimals), least), most)
    return say("explain.percent", number=say.number(shown, decimals=decimals))


@dataclass(frozen=True)
class Words:
    """A language together with the names of plots and places.

    Parameters
    ----------
    say
        The texts of the language.
    plot_names, place_names
        Names by ``plot_id`` and by ``amenity_id``, where there are any.
    """

    say: Catalog
    plot_names: Mapping[str, str] = field(default_factory=dict)
    place_names: Mapping[str, str] = field(default_factory=dict)

    def plot(self, plot_id: str) -> str:
        """Write a plot's id, and its name where that says more."""
        name = self.plot_names.get(plot_id, plot_id)
        return plot_id if name == plot_id else f"{plot_id} {name}"

    def score(self, value: float) -> str:
        """Write a score with one decimal."""
        return self.say.number(value, decimals=1)

    def points(self, value: float) -> str:
        """Write a part of a score; every figure is rounded by itself, so that like are alike."""
        return self.say.number(value, decimals=POINT_DECIMALS)

    def criterion(self, key: str) -> str:
        """Write a criterion's name."""
        return self.say(f"criterion.{key}.name")

    def measured(self, each: Contribution) -> str:
        """Write what was measured, to which place, why it is unknown, and between what it lies."""
        say = self.say
        written = measured_text(each.criterion, each.measured, say)
        place = self.place_names.get(each.nearest or "")
        if place is not None:
            written = say("explain.nearest", measured=written, place=place)
        if each.reason is not None:
            written = say("explain.because", measured=written, reason=say(f"reason.{each.reason}"))
        if math.isnan(each.measured) and each.weight > 0.0:
            return say("explain.unknown_half", measured=written)
        if each.measured_low < each.measured_high:
            ends = (each.measured_low, each.measured_high)
            low, high = (measured_text(each.criterion, end, say) for end in ends)
            return (
                say("explain.doubt", measured=written, low=low, high=high)
                if low != high
                else written
            )
        return written
