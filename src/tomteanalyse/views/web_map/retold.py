"""Sentences as what was said and of what, so that the page can say them in each of its languages.

A `Retelling` takes the place of a language where sentences are made, by the very functions that
make them elsewhere. What comes out is a number; `page/retold.js` turns it into words.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tomteanalyse.texts import NBSP, Catalog, Phrase, catalog

NUMBER, LISTING, JOINED = -1, -2, -3
"""What a node is that is no text of the catalogue (see `Retelling.packed`)."""

Part = str | int
"""A text as it stands, or the number of a node."""

# Two code points that Unicode keeps out of texts, for such use inside a program.
_MARK = re.compile("\ufdd0([0-9]+)\ufdd1")


@dataclass(frozen=True)
class Retelling(Catalog):
    """A catalogue that does not say its texts but keeps note of what was to be said.

    It stands in for any language, for the keys are the same in all of them. Whatever it returns
    may be joined with other text and handed to it again; `part` then tells what it was.

    Parameters
    ----------
    language, entries
        Of some language; they tell which texts there are.
    nodes
        What was said: a form and its parts, each only once.
    """

    nodes: dict[tuple[Any, ...], int] = field(default_factory=dict)
    forms: dict[tuple[str, ...], int] = field(default_factory=dict)

    def __call__(self, key: str, /, **values: object) -> str:
        """Return a mark for the text at `key` with these values."""
        if key not in self.entries:
            raise KeyError(key)
        form = self.forms.setdefault((key, *values), len(self.forms))
        return self._kept(form, *(self.part(str(self._shown(each))) for each in values.values()))

    def number(self, value: float, *, decimals: int | None = 0) -> str:
        """Return a mark for a number, rounded already; for unknown and unreachable, their words."""
        if not math.isfinite(value):
            return self("number.unknown" if math.isnan(value) else "number.unreachable")
        shown = float(f"{value:.{6 if decimals is None else decimals}f}")
        return self._kept(NUMBER, int(shown) if shown.is_integer() else shown, decimals)

    def metres(self, value: float) -> str:
        """Return a mark for a distance in whole metres, or for why there is none."""
        written = self.number(value)
        return f"{written}{NBSP}m" if math.isfinite(value) else written

    def listing(self, items: list[str]) -> str:
        """Return a mark for words joined as the language does."""
        if len(items) < 2:
            return "".join(items)
        return self._kept(LISTING, *map(self.part, items))

    def part(self, written: str) -> Part:
        """Return a text that may hold marks as the number of a node, or as the text it is."""
        pieces: list[Part] = []
        for place, piece in enumerate(_MARK.split(written)):
            if place % 2 == 0:
                pieces += [piece] if piece else []
            else:
                # A name could hold what looks like a mark: none leads to what is not there yet.
                pieces.append(int(piece) if int(piece) < len(self.nodes) else piece)
        if not pieces:
            return ""
        return pieces[0] if len(pieces) == 1 else self.nodes_number((JOINED, *pieces))

    def nodes_number(self, node: tuple[Any, ...]) -> int:
        """Return the number of a node, which is the same for the same node."""
        return self.nodes.setdefault(node, len(self.nodes))

    def packed(self) -> dict[str, list[Any]]:
        """Return everything that was said.

        Returns
        -------
        dict
            ``forms``: key and names of placeholders. ``nodes``: a form's number and a part for
            each placeholder; or `NUMBER` with the figure and its decimals, `LISTING` with the
            items, `JOINED` with what is joined.
        """
        return {"forms": [list(form) for form in self.forms], "nodes": list(map(list, self.nodes))}

    def _shown(self, value: object) -> object:
        return self(value.key) if isinstance(value, Phrase) else super()._shown(value)

    def _kept(self, *node: Any) -> str:  # noqa: ANN401 - numbers, texts and None
        return f"\ufdd0{self.nodes_number(node)}\ufdd1"


def retelling() -> Retelling:
    """Return a catalogue that keeps note of what is said, with nothing said yet."""
    any_language: Mapping[str, str] = catalog("nb").entries
    return Retelling("nb", any_language)
