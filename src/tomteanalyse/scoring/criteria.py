"""THE LIST of criteria: what is measured, how it is valued, where the anchors come from."""

from dataclasses import dataclass
from typing import Literal

Unit = Literal["m", "homes"]


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
        Where the anchors come from.
    decision
        The municipality's decision that adopted them, or None: an undecided default.
    """

    key: str
    measure: str
    unit: Unit
    value: "object"
    source: str
    decision: str | None = None
