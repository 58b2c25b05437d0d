"""Concentration around a plot and over the municipality, in words."""

import math

from tomteanalyse.measures.concentration.findings import ConcentrationFindings
from tomteanalyse.scoring.concentration_account import (
    ConcentrationAccount,
    HomesAround,
    ShareAround,
)
from tomteanalyse.texts import Catalog


def basis_text(basis: str | None, dwellings: int, say: Catalog) -> str:
    """Say what shares are shares of."""
    if basis is None:
        return say("concentration.basis_line.none")
    words = say(f"concentration.basis.{basis}")
    return say("concentration.basis_line.known", basis=words, count=say.number(dwellings))


def account_lines(told: ConcentrationAccount, *, say: Catalog) -> list[str]:
    """Return sentences on concentration around a plot, today and with the planned homes."""
    planned = (
        say("concentration.explain.unplanned")
        if told.planned is None
        else say("concentration.explain.planned", count=say.number(told.planned))
    )
    return [
        planned,
        *(_homes(each, say) for each in told.homes),
        *(_share(each, say) for each in told.shares if told.basis is not None),
        say("concentration.explain.basis", basis=basis_text(told.basis, told.dwellings, say)),
    ]


def municipality_lines(found: ConcentrationFindings, say: Catalog) -> list[str]:
    """Return sentences on how evenly homes are spread over the municipality."""
    lines = [
        say(
            "concentration.index_line.against",
            index=say(
                f"concentration.index_line.{name}",
                value=say.number(index.value, decimals=2),
                **({"areas": say.number(found.top_areas)} if name == "top_share" else {}),
            ),
            low=say.number(index.low, decimals=2),
            high=say.number(index.high, decimals=2),
        )
        for name, index in found.indices.items()
    ]
    basis = basis_text(found.basis, found.dwellings, say)
    return [
        *(lines or [say("concentration.municipality.unknown")]),
        say("concentration.municipality.basis", basis=basis),
        say("concentration.municipality.method"),
    ]


def share_text(share: float, say: Catalog) -> str:
    """Write a share (0-1) in per cent with one decimal, none where it would say nothing."""
    if math.isnan(share):
        return say.number(share)
    return say("explain.percent", number=say.number(round(100 * share, 1), decimals=None))


def _homes(each: HomesAround, say: Catalog) -> str:
    values = {"metres": say.metres(each.radius_m), "homes": _number(each.homes, say)}
    if math.isnan(each.homes):
        reason = say(f"reason.{each.reason or 'no_way_near'}")
        return say("concentration.explain.homes_unknown", reason=reason, **values)
    values["weighted"] = _number(each.weighted, say)
    if math.isnan(each.homes_then):
        return say("concentration.explain.homes", **values)
    return say(
        "concentration.explain.homes_planned",
        homes_then=_number(each.homes_then, say),
        weighted_then=_number(each.weighted_then, say),
        **values,
    )


def _share(each: ShareAround, say: Catalog) -> str:
    values = {
        "count": say.number(each.nearest),
        "way": say(f"concentration.way.{each.way}"),
    }
    if math.isnan(each.share):
        reason = say(f"reason.{each.reason or 'no_dwellings'}")
        return say("concentration.explain.share_unknown", reason=reason, **values)
    values |= {
        "share": share_text(each.share, say),
        "low": share_text(each.low, say),
        "high": share_text(each.high, say),
    }
    if math.isnan(each.then):
        return say("concentration.explain.share", **values)
    return say("concentration.explain.share_planned", then=share_text(each.then, say), **values)


def _number(value: float, say: Catalog) -> str:
    return say.number(round(value, 1), decimals=None)
