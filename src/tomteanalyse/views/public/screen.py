"""What ``publish`` prints: what was told, what was held back, where it lies."""

import json
from collections.abc import Sequence
from pathlib import Path

from tomteanalyse.errors import Notice
from tomteanalyse.public_assessment import PublicAssessment
from tomteanalyse.publishing.area import small_cells
from tomteanalyse.publishing.released import WHOLE, Node, Released
from tomteanalyse.texts import Catalog, Language, catalog
from tomteanalyse.views.outputs import Output
from tomteanalyse.views.public.words import edition_notes

ON_SCREEN = frozenset({"ledger.corrected", "ledger.looks_back"})
"""What is said of single homes; no program is told it."""


def published_text(found: PublicAssessment, *, again: bool, language: Language) -> str:
    """Say what was told and what was held back."""
    say = catalog(language)
    last = found.publications[-1]
    released = last.released
    whole = released.told.get(WHOLE)
    homes = say("public.held_back") if whole is None else say.number(whole.homes)
    day = say.date(last.day.isoformat())
    return "\n".join(
        [
            say(f"public.done.{'again' if again else 'first'}", day=day),
            say("public.done.whole", homes=homes),
            _cells("large", released.tree[WHOLE], released, say),
            _cells("small", small_cells(released.tree), released, say),
            say("public.done.searched"),
        ]
    )


def published_json(
    found: PublicAssessment,
    folder: Path,
    outputs: Sequence[Output],
    notices: Sequence[Notice],
    *,
    again: bool,
    language: Language,
) -> str:
    """Return what was told as one JSON object; its notices are for those who publish.

    Such an object is easily passed on, so nothing in it counts homes below the floor or says what
    became of single ones: what the ledger of the register tells is said on the screen alone.
    """
    say = catalog(language)
    last = found.publications[-1]
    released = last.released
    whole = released.told.get(WHOLE)
    answer = {
        "edition": "public",
        "day": last.day.isoformat(),
        "again": again,
        "floor": released.floor,
        "reason": last.reason,
        "homes": None if whole is None else whole.homes,
        "cells": {
            name: {"told": told, "held_back": held}
            for name, (told, held) in {
                "large": _counted(released.tree[WHOLE], released),
                "small": _counted(small_cells(released.tree), released),
            }.items()
        },
        "notes": edition_notes(found, say),
        "folder": folder.name,
        "outputs": [each.as_dict() for each in outputs],
        "notices": [each.as_dict(language) for each in notices if each.code not in ON_SCREEN],
    }
    return json.dumps(answer, ensure_ascii=False, allow_nan=False, indent=1)


def _cells(name: str, nodes: Sequence[Node], released: Released, say: Catalog) -> str:
    told, held = (say.number(each) for each in _counted(nodes, released))
    return say(f"public.done.{name}", told=told, held=held)


def _counted(nodes: Sequence[Node], released: Released) -> tuple[int, int]:
    told = sum(node in released.told for node in nodes)
    return told, len(nodes) - told
