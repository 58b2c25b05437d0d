"""Find the plot a planner means, whether its id or its name was written."""

from collections.abc import Mapping
from difflib import get_close_matches

from tomteanalyse.errors import Notice, UsageError


def plot_meant(written: str, names: Mapping[str, str]) -> str:
    """Return the id of the plot that `written` is the id or, if only one has it, the name of.

    Parameters
    ----------
    written
        An id as it stands in the study, or a name in any case.
    names
        Every plot's name by its id; its id where it has none.

    Raises
    ------
    UsageError
        ``explain.unknown_plot`` if there is none; ``explain.shared_name`` if there are several.
    """
    if written in names:
        return written
    sought = alike(written)
    found = sorted(plot_id for plot_id, name in names.items() if alike(name) == sought)
    if len(found) == 1:
        return found[0]
    if found:
        raise UsageError(Notice("explain.shared_name", ids=tuple(found), values={"name": written}))
    by_words = {
        alike(words): plot_id
        for plot_id in sorted(names, reverse=True)
        for words in (names[plot_id], plot_id)
    }
    guess = get_close_matches(sought, by_words, n=1, cutoff=0.0)
    shown = _shown(by_words[guess[0]], names) if guess else "–"
    values = {"plot": written, "guess": shown, "count": len(names)}
    raise UsageError(Notice("explain.unknown_plot", values=values))


def alike(words: str) -> str:
    """Return words as they are compared: without regard to case and spaces."""
    return " ".join(words.split()).casefold()


def _shown(plot_id: str, names: Mapping[str, str]) -> str:
    name = names[plot_id]
    return plot_id if name == plot_id else f"{plot_id} {name}"
