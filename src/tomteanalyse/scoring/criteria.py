"""THE LIST of criteria: what is measured, how it is valued, where the anchors come from.

Adding a criterion is one declaration here and its texts: ``criterion.<key>.name``, ``.short`` and
``.unit``, and ``source.<its source>`` where that is new. Evaluation, robustness, explanation and
every view follow from the list. A new criterion is measured and shown at once; it weighs nothing
until a profile (`tomteanalyse.scoring.profiles`) or a study file gives it weight.

No metre value stands in any of the sources the product builds on. The default anchors are
therefore judgements, say so, and can be replaced in the study file with a source and a decision.
"""

from dataclasses import dataclass, replace
from typing import Literal

from tomteanalyse.config import CriterionConfig, StudyConfig
from tomteanalyse.scoring.value_functions import PiecewiseLinear
from tomteanalyse.texts import Catalog

Unit = Literal["m", "weighted_homes", "share", "index"]

TEXT_KEYS = ("source.", "clear.")
"""A source or reason that begins so is the key of a text; others are the study file's own words."""


@dataclass(frozen=True)
class Criterion:
    """One criterion, as a value.

    Parameters
    ----------
    key
        Its name in study files, columns and texts (``criterion.<key>.name`` and so on).
    measure
        Which measurement it values, e.g. ``"walk_bus"``.
    unit
        Unit of the measurement.
    value
        From measurement to value 0-1, with fixed anchors.
    source
        Where the anchors come from: a text key ("source.…") or the study file's words.
        `source_text` turns either into words.
    decision
        The municipality's decision that adopted them, or None: an undecided default.
    from_register
        Whether it is measured from the register of municipal homes: what depends on it is told in
        public as classes only, and from the released grid.
    """

    key: str
    measure: str
    unit: Unit
    value: PiecewiseLinear
    source: str
    decision: str | None = None
    from_register: bool = False


def source_text(source: str, say: Catalog) -> str:
    """Return the words of a source or reason: a text key's, or the study file's own."""
    return say(source) if source.startswith(TEXT_KEYS) and source in say else source


def _metres(key: str, measure: str, source: str, *anchors: tuple[float, float]) -> Criterion:
    return Criterion(key, measure, "m", PiecewiseLinear(anchors), f"source.anchors.{source}")


CRITERIA: tuple[Criterion, ...] = (
    _metres("bus", "walk_bus", "judgement", (150, 1), (1000, 0)),
    _metres("grocery", "walk_grocery", "grocery", (300, 1), (800, 0.5), (1500, 0)),
    _metres("pharmacy", "walk_pharmacy", "judgement", (500, 1), (2000, 0)),
    _metres("doctor", "walk_doctor", "judgement", (500, 1), (2000, 0)),
    _metres("services", "walk_services", "judgement", (500, 1), (2500, 0)),
    _metres("recreation", "walk_recreation", "judgement", (200, 1), (1000, 0)),
    _metres("centre", "walk_centre", "centre", (500, 1), (3000, 0)),
    # Two-sided: near is wanted, next door is not (access through a fire station marks people out).
    _metres(
        "emergency", "straight_emergency", "emergency", (0, 0.3), (200, 1), (1500, 1), (5000, 0)
    ),
    _metres("school", "straight_school", "school", (100, 0), (500, 1)),
    _metres("kindergarten", "straight_kindergarten", "kindergarten", (50, 0), (300, 1)),
    Criterion(
        "concentration",
        # With the planned homes, where they are stated: the concentration that there would be.
        "weighted_homes_500_to_be",
        "weighted_homes",
        # The first homes nearby matter more than the hundredth.
        PiecewiseLinear(((0, 1), (20, 0.5), (100, 0))),
        "source.anchors.concentration",
        from_register=True,
    ),
    Criterion(
        "municipal_share",
        "share_100_walk_to_be",
        "share",
        PiecewiseLinear(((0, 1), (0.1, 0.5), (0.3, 0))),
        "source.anchors.municipal_share",
        from_register=True,
    ),
    Criterion(
        "shortcuts",
        "shortcut_index",
        "index",
        # The index is on a scale of its own already; nobody has found a threshold in it.
        PiecewiseLinear(((0, 1), (1, 0))),
        "source.anchors.shortcuts",
    ),
)


def criteria_in_use(config: StudyConfig) -> tuple[Criterion, ...]:
    """Return the list with the study file's anchors, sources and decisions in place.

    A section that names a source but neither anchors nor weight adopts the default anchors: they
    keep their numbers and get its source and decision.

    Raises
    ------
    ValueError
        If the study file's anchors cannot be used (`tomteanalyse.scoring.checks` says it first).
    """
    return tuple(_overridden(each, config.criteria.get(each.key)) for each in CRITERIA)


def _overridden(criterion: Criterion, section: CriterionConfig | None) -> Criterion:
    if section is None or (section.anchors is None and section.weight is not None):
        return criterion
    value = PiecewiseLinear(tuple(section.anchors)) if section.anchors else criterion.value
    return replace(criterion, value=value, source=section.source, decision=section.decision)
