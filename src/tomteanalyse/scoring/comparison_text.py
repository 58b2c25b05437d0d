"""Why one plot is above another, in words."""

import math

from tomteanalyse.scoring.explanation import Comparison
from tomteanalyse.scoring.shortcut_account_text import account_lines
from tomteanalyse.scoring.wording import Words, percent_text

INDENT = "  "
TOLD_BESIDE = 2
"""Unsafe shortcuts that are told of each plot beside the other; `explain` tells more."""


def comparison_text(comparison: Comparison, words: Words) -> str:
    """Say why one plot scores more than another, as plain text."""
    say = words.say
    a, b = words.plot(comparison.a.plot_id), words.plot(comparison.b.plot_id)
    total = words.points(comparison.difference)
    lines = [
        say("compare.heading", a=a, b=b),
        say(
            "compare.above" if comparison.difference > 0 else "compare.alike",
            a=a,
            b=b,
            score_a=words.points(comparison.a.score),
            score_b=words.points(comparison.b.score),
            difference=total,
        ),
        *_unranked(comparison, words),
    ]
    if not math.isnan(comparison.share_above):
        share = percent_text(comparison.share_above, say)
        draws = say.number(comparison.a.draws)
        lines.append(say("compare.share", a=a, b=b, share=share, draws=draws))
    lines += [
        "",
        say("compare.terms"),
        *(INDENT + each for each in _terms(comparison, words)),
    ]
    lines += [INDENT + say("compare.sum", difference=total), "", *_swaps(comparison, words)]
    return "\n".join([*lines, *_shortcuts(comparison, words)])


def _unranked(comparison: Comparison, words: Words) -> list[str]:
    say = words.say
    lines = []
    for told in (comparison.a, comparison.b):
        plot = words.plot(told.plot_id)
        if told.knock_outs:
            reasons = say.listing([each.reason for each in told.knock_outs])
            lines.append(say("compare.knocked_out", plot=plot, reasons=reasons))
        elif told.rank is None:
            share = percent_text(told.coverage, say)
            lines.append(say("compare.too_little_measured", plot=plot, share=share))
    return lines


def _terms(comparison: Comparison, words: Words) -> list[str]:
    """Return a line per criterion, the greatest difference first, then those without any."""
    pairs = zip(comparison.a.contributions, comparison.b.contributions, strict=True)
    rows = list(zip(comparison.differences, pairs, strict=True))
    different = sorted((row for row in rows if row[0] != 0.0), key=lambda row: -abs(row[0]))
    lines = [
        words.say(
            "compare.term",
            criterion=words.criterion(mine.criterion.key),
            difference=words.points(difference),
            a=comparison.a.plot_id,
            b=comparison.b.plot_id,
            measured_a=words.measured(mine),
            measured_b=words.measured(other),
        )
        for difference, (mine, other) in different
    ]
    told = {id(row) for row in different}
    same = [words.criterion(row[1][0].criterion.key) for row in rows if id(row) not in told]
    return [*lines, words.say("compare.same", criteria=words.say.listing(same))] if same else lines


def _shortcuts(comparison: Comparison, words: Words) -> list[str]:
    lines = []
    for told in (comparison.a, comparison.b):
        if told.shortcuts is not None:
            heading = words.say("shortcut.account.heading_of", plot=words.plot(told.plot_id))
            found = account_lines(told.shortcuts, say=words.say, most=TOLD_BESIDE)
            lines += ["", heading, *(INDENT + each for each in found)]
    return lines


def _swaps(comparison: Comparison, words: Words) -> list[str]:
    if not comparison.swaps:
        return [words.say("compare.no_swap")]
    swaps = [
        words.say(
            "compare.swap",
            criterion=words.criterion(each.criterion),
            needed=percent_text(each.needed, words.say, decimals=1),
            weight=percent_text(each.weight, words.say, decimals=1),
        )
        for each in comparison.swaps
    ]
    return [words.say("compare.swaps"), *(INDENT + each for each in swaps)]
