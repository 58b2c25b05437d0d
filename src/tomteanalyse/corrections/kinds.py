"""Which corrections there are, what each is drawn as, and the columns they are told in."""

from typing import Literal

CorrectionKind = Literal[
    "speed_changed",
    "close_way",
    "new_fence",
    "hole_in_fence",
    "stop_removed",
    "stop_added",
    "new_crossing",
]
NEEDS: dict[CorrectionKind, str] = {
    "speed_changed": "any",
    "close_way": "any",
    "new_fence": "line",
    "hole_in_fence": "point",
    "stop_removed": "point",
    "stop_added": "point",
    "new_crossing": "any",
}
"""What each kind is drawn as, in the order in which they are made: a stop is removed before one is
added beside it, a fence stands before there is a hole in it, and a crossing is joined to ways as
all other corrections leave them."""
KINDS: tuple[CorrectionKind, ...] = tuple(NEEDS)

CROSSINGS = ("marked", "signals", "level_crossing", "underpass", "bridge")
"""What a new crossing may be: the first three at grade, over a road or, the third, a railway."""
GRADE_SEPARATED = frozenset({"underpass", "bridge"})

COLUMNS: dict[str, str] = {
    "kind": "str",
    "date": "datetime64[s]",
    "source": "str",
    "note": "str",
    "name": "str",
    "crossing": "str",
    "barrier": "str",
    "speed_kmh": "float64",
    "way": "Int64",
    "file": "str",
    "row": "int64",
}
"""Columns of a table of corrections, before it has been applied."""
