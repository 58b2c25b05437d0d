"""What was found about unsafe shortcuts from one plot, most important first: as data."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from tomteanalyse.measures.shortcuts.findings import ShortcutFindings
from tomteanalyse.scoring.barrier_text import Row, missing
from tomteanalyse.scoring.shortcut_rows import Ends, has_finding, met_by_pair, rows_of

MOST_TOLD = 6
"""So many pairs of a plot are told in words; the tables hold all."""


@dataclass(frozen=True)
class ToldPair:
    """A pair with what its tempting way meets; rows as in `ShortcutFindings`."""

    pair: Row
    crossings: tuple[Row, ...]
    stretches: tuple[Row, ...]


@dataclass(frozen=True)
class ShortcutAccount:
    """Unsafe shortcuts from one plot.

    Parameters
    ----------
    index, index_fine
        Of the screening and of the fine pass, 0-1; NaN unknown, or not looked at closely.
    told
        The pairs that count most, the most important first, of a stop or place with several
        entries the one that counts most; no more than `MOST_TOLD`.
    found, looked_at
        How many pairs have an unsafe shortcut worth showing, and to how many destinations ways were
        looked at.
    must_clear
        Rows of `ShortcutFindings.must_clear`.
    not_reachable
        Categories without a destination in reach.
    near_edge
        Whether the plot lies so near the extract's edge that ways may be missing.
    """

    index: float
    index_fine: float
    told: tuple[ToldPair, ...]
    found: int
    looked_at: int
    must_clear: tuple[Row, ...]
    not_reachable: tuple[str, ...]
    near_edge: bool


def shortcut_account(found: ShortcutFindings, plot_id: str) -> ShortcutAccount:
    """Return what was found about unsafe shortcuts from a plot."""
    return shortcut_accounts(found, [plot_id])[0]


def shortcut_accounts(found: ShortcutFindings, plot_ids: Sequence[str]) -> list[ShortcutAccount]:
    """Return what was found about unsafe shortcuts from each of these plots, in their order."""
    met = met_by_pair(found)
    pairs, clear = (_by_plot(table, plot_ids) for table in (found.pairs, found.must_clear))
    return [
        _account(found, plot_id, pairs.get(plot_id, []), clear.get(plot_id, []), met)
        for plot_id in plot_ids
    ]


def _account(
    found: ShortcutFindings,
    plot_id: str,
    pairs: Sequence[Row],
    clear: Sequence[Row],
    met: Mapping[Ends, tuple[list[Row], list[Row]]],
) -> ShortcutAccount:
    # What a pair takes away from the plot's index grows with the product, as the method has it.
    counting = sorted(
        (each for each in pairs if has_finding(each)),
        key=lambda each: (-each["weight"] * each["risk"], each["destination_id"]),
    )
    told: dict[tuple[str, str], ToldPair] = {}
    for pair in counting:
        ends = (plot_id, str(pair["destination_id"]))
        known = str(pair["destination_id"] if missing(pair["name"]) else pair["name"])
        crossings, stretches = met.get(ends, ([], []))
        told.setdefault(
            (str(pair["category"]), known), ToldPair(pair, tuple(crossings), tuple(stretches))
        )
    return ShortcutAccount(
        # Where no way could be looked at, nothing found is not the same as no unsafe shortcut.
        index=float(found.index[plot_id]) if pairs else math.nan,
        index_fine=float(found.index_fine[plot_id]),
        told=tuple(told.values())[:MOST_TOLD],
        found=len(counting),
        looked_at=len(pairs),
        must_clear=tuple(clear),
        not_reachable=tuple(found.not_reachable.get(plot_id, ())),
        near_edge=bool(found.near_edge[plot_id]),
    )


def _by_plot(table: pd.DataFrame, plot_ids: Sequence[str]) -> dict[str, list[Row]]:
    rows: dict[str, list[Row]] = {}
    for row in rows_of(table[table["plot_id"].isin(list(plot_ids))]):
        rows.setdefault(str(row["plot_id"]), []).append(row)
    return rows
