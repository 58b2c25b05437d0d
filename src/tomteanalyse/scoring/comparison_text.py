"""Why one plot is above another, in words."""

import math

from tomteanalyse.scoring.explanation import Comparison
from tomteanalyse.scoring.wording import Words, percent_text, shown_points

INDENT = "  "


def comparison_text(comparison: Comparison, words: Words) -> str:
    """Say why one plot scores more than another, as plain text.

    The differences shown are those of the points shown for either plot, so they add up.
    """
    say = words.say
    a, b = words.plot(comparison.a.plot_id), words.plot(comparison.b.plot_id)
    points = shown_points(comparison.a), shown_points(comparison.b)
    shown = [mine - other for mine, other in zip(*points, strict=True)]
    total = words.points(sum(shown))
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
        *_knocked_out(comparison, words),
    ]
    if not math.isnan(comparison.share_above):
        share = percent_text(comparison.share_above, say)
        draws = say.number(comparison.a.draws)
        lines.append(say("compare.share", a=a, b=b, share=share, draws=draws))
    lines += [
        "",
        say("compare.terms"),
        *(INDENT + each for each in _terms(comparison, words, shown)),
    ]
    lines += [INDENT + say("compare.sum", difference=total), "", *_swaps(comparison, words)]
    return "\n".join(lines)


def _knocked_out(comparison: Comparison, words: Words) -> list[str]:
    lines = []
    for told in (comparison.a, comparison.b):
        if told.rank is None:
            reasons = words.say.listing(
                [
                    each.reason
                    for each in told.verdicts
                    if each.effect == "knock_out" and each.state == "violated"
                ]
            )
            plot = words.plot(told.plot_id)
            lines.append(words.say("compare.knocked_out", plot=plot, reasons=reasons))
    return lines


def _terms(comparison: Comparison, words: Words, shown: list[float]) -> list[str]:
    """Return a line per criterion, the greatest difference first, then those without any."""
    pairs = zip(comparison.a.contributions, comparison.b.contributions, strict=True)
    rows = list(zip(shown, comparison.differences, pairs, strict=True))
    different = sorted(
        (row for row in rows if row[1] != 0.0 or words.points(row[0]) != words.points(0.0)),
        key=lambda row: -abs(row[1]),
    )
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
        for difference, _, (mine, other) in different
    ]
    told = {id(row) for row in different}
    same = [words.criterion(row[2][0].criterion.key) for row in rows if id(row) not in told]
    return [*lines, words.say("compare.same", criteria=words.say.listing(same))] if same else lines


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
