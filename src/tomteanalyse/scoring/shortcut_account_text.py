"""What was found about unsafe shortcuts from one plot, in words."""

from tomteanalyse.measures.shortcuts.places import SHOWN_RISK, SHOWN_SAVING_M
from tomteanalyse.scoring.barrier_text import Row
from tomteanalyse.scoring.shortcut_account import ShortcutAccount, ToldPair
from tomteanalyse.scoring.shortcut_text import (
    index_sentence,
    pair_figures,
    pair_notes,
    pair_sentence,
)
from tomteanalyse.texts import Catalog

INDENT = "  "


def account_lines(account: ShortcutAccount, *, say: Catalog, most: int | None = None) -> list[str]:
    """Say what was found about unsafe shortcuts from a plot, a line each.

    Parameters
    ----------
    account
        What was found.
    say
        The texts of a language.
    most
        Tell no more pairs than this, and only their sentences; None tells all that the account
        has, with their figures and how sure they are.
    """
    told = account.told[:most]
    lines = found_lines(account, told=len(told), say=say)
    for each in told:
        lines.append(INDENT + _sentence(each, say))
        if most is None:
            notes = [pair_figures(each.pair, say=say), *pair_notes(each.pair, say=say)]
            lines.append(2 * INDENT + " ".join(notes))
    return [*lines, *reach_lines(account, say=say)]


def found_lines(account: ShortcutAccount, *, told: int, say: Catalog) -> list[str]:
    """Say the index, what must be cleared and how much was found, of which `told` pairs follow."""
    return [
        index_sentence(account.index, account.index_fine, say=say),
        *(_clearing(row, say) for row in account.must_clear),
        _found(account, told, say),
    ]


def reach_lines(account: ShortcutAccount, *, say: Catalog) -> list[str]:
    """Say what could not be looked at: categories out of reach, ways beyond the extract."""
    lines = []
    if account.not_reachable:
        categories = [say(f"shortcut.category.{each}") for each in account.not_reachable]
        # A category's own words hold commas.
        lines.append(say("shortcut.account.not_reachable", categories="; ".join(categories)))
    if account.near_edge:
        lines.append(say("shortcut.account.near_edge"))
    return lines


def clearing_barrier(row: Row, say: Catalog) -> str:
    """Say what must be cleared, and at which points: ``a motorway at point 1``."""
    barrier = say(f"shortcut.cleared.{row['barrier']}")
    if not row["places"]:
        return barrier
    places = say.listing([str(each) for each in row["places"]])
    return say("shortcut.account.at_places", barrier=barrier, places=places)


def _clearing(row: Row, say: Catalog) -> str:
    return say(
        f"shortcut.account.must_clear_{row['state']}",
        barrier=clearing_barrier(row, say),
        risk=say.number(float(row["risk"]), decimals=2),
    )


def _found(account: ShortcutAccount, told: int, say: Catalog) -> str:
    if account.looked_at == 0:
        return say("shortcut.account.nothing")
    destinations = _counted("destinations", account.looked_at, say)
    if account.found == 0:
        return say(
            "shortcut.account.none",
            destinations=destinations,
            saving=say.metres(SHOWN_SAVING_M),
            risk=say.number(SHOWN_RISK, decimals=2),
        )
    return say(
        "shortcut.account.found_most" if told < account.found else "shortcut.account.found",
        shortcuts=_counted("shortcuts", account.found, say),
        destinations=destinations,
    )


def _sentence(each: ToldPair, say: Catalog) -> str:
    return pair_sentence(each.pair, each.crossings, each.stretches, say=say)


def _counted(what: str, count: int, say: Catalog) -> str:
    key = f"shortcut.count.{what}"
    return say(f"{key}_one") if count == 1 else say(key, count=say.number(count))
