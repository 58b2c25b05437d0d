"""The two ways from a plot to one destination, step by step: as data."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from tomteanalyse.errors import Notice, UsageError
from tomteanalyse.measures.shortcuts.findings import ShortcutFindings
from tomteanalyse.scoring.barrier_text import Row, missing
from tomteanalyse.scoring.plot_names import alike
from tomteanalyse.scoring.shortcut_account import ToldPair
from tomteanalyse.scoring.shortcut_rows import met_by_pair, rows_of


@dataclass(frozen=True)
class WayExplanation:
    """The safe and the tempting way to a destination.

    Parameters
    ----------
    told
        What was found for the pair.
    safe, tempting
        Rows of `ShortcutFindings.steps` in walking order; no safe ones where there is no safe way.
    """

    told: ToldPair
    safe: tuple[Row, ...]
    tempting: tuple[Row, ...]


def explain_ways(found: ShortcutFindings, plot_id: str, to: str) -> tuple[WayExplanation, ...]:
    """Return the ways from a plot to the destination of a name or id.

    Parameters
    ----------
    found
        What was found; the plot must have been looked at closely.
    plot_id
        The plot.
    to
        Name (in any case) or id of a destination within reach.

    Returns
    -------
    tuple
        One; of a stop with several quays one for each.

    Raises
    ------
    UsageError
        ``explain.unknown_destination``, ``explain.shared_destination`` (several places, not quays
        of a stop), ``explain.no_destination`` (nothing is within reach of the plot),
        ``explain.not_looked_at`` (no steps are known: the plot was not looked at closely).
    """
    pairs = rows_of(found.pairs[found.pairs["plot_id"] == plot_id])
    meant = _meant(pairs, plot_id, to)
    steps = rows_of(
        found.steps[found.steps["plot_id"] == plot_id].sort_values(["destination_id", "order"])
    )
    if not steps:
        raise UsageError(Notice("explain.not_looked_at", ids=(plot_id,)))
    met = met_by_pair(found)
    return tuple(
        WayExplanation(
            ToldPair(pair, *map(tuple, met.get((plot_id, str(pair["destination_id"])), ((), ())))),
            *(
                tuple(
                    each
                    for each in steps
                    if each["destination_id"] == pair["destination_id"] and each["way"] == way
                )
                for way in ("safe", "tempting")
            ),
        )
        for pair in meant
    )


def _meant(pairs: Sequence[Row], plot_id: str, to: str) -> list[Row]:
    if not pairs:
        raise UsageError(Notice("explain.no_destination", ids=(plot_id,)))
    by_id = [each for each in pairs if str(each["destination_id"]) == to]
    sought = alike(to)
    found = by_id or [each for each in pairs if alike(_name(each)) == sought]
    if not found:
        names = sorted({_name(each) for each in pairs})
        guess = get_close_matches(to, names, n=1, cutoff=0.0)[0]
        values = {"to": to, "guess": guess, "known": "; ".join(names)}
        raise UsageError(Notice("explain.unknown_destination", ids=(plot_id,), values=values))
    if len(found) > 1 and {each["category"] for each in found} != {"bus"}:
        ids = tuple(sorted(str(each["destination_id"]) for each in found))
        counted = {"to": to, "count": len(ids), "known": "; ".join(ids)}
        raise UsageError(Notice("explain.shared_destination", ids=(plot_id,), values=counted))
    return found


def _name(pair: Row) -> str:
    """Return what a planner would write: the name, the id where there is none."""
    return str(pair["destination_id"] if missing(pair["name"]) else pair["name"])
