"""Why a plot got its place and what would change it, in words."""

import math

from tomteanalyse.scoring import concentration_text
from tomteanalyse.scoring.criteria import Criterion, source_text
from tomteanalyse.scoring.explanation import Explanation
from tomteanalyse.scoring.flips import MeasureFlip, UnknownSpan, WeightRange
from tomteanalyse.scoring.shortcut_account_text import account_lines
from tomteanalyse.scoring.wording import (
    Words,
    anchors_text,
    decision_text,
    limit_text,
    measured_text,
    percent_text,
)
from tomteanalyse.texts import Catalog

INDENT = "  "


def explanation_text(explanation: Explanation, words: Words) -> str:
    """Say why a plot got its place and what would change it, as plain text.

    Every anchor and weight in use is written with its source and whether it has been decided.
    """
    lines = [
        words.say("explain.heading", plot=words.plot(explanation.plot_id)),
        *_standing(words, explanation),
        *_verdicts(words, explanation),
        "",
        *_contributions(words, explanation),
    ]
    if explanation.shortcuts is not None:
        found = account_lines(explanation.shortcuts, say=words.say)
        lines += ["", words.say("shortcut.account.heading"), *(INDENT + each for each in found)]
    if explanation.concentration is not None:
        around = concentration_text.account_lines(explanation.concentration, say=words.say)
        lines += ["", words.say("concentration.explain.heading")]
        lines += [INDENT + each for each in around]
    if explanation.rank is not None:
        lines += ["", words.say("explain.changes"), *_changes(words, explanation)]
    return "\n".join(lines)


def _standing(words: Words, told: Explanation) -> list[str]:
    say = words.say
    if told.rank is None:
        place = say("explain.knocked_out" if told.knock_outs else "explain.too_little_measured")
    elif told.tied:
        others = say.listing([words.plot(each) for each in told.tied])
        place = say("explain.rank_shared", rank=told.rank, count=told.ranked, tied=others)
    else:
        place = say("explain.rank", rank=told.rank, count=told.ranked)
    score = words.score(told.score)
    if told.grade is None:
        standing = say("explain.score_without_class", score=score)
    else:
        band = say(f"grade.{told.grade}")
        standing = say("explain.score", score=score, grade=told.grade, band=band)
    lines = [f"{place} {standing}"]
    if told.score_low < told.score_high:
        low, high = words.score(told.score_low), words.score(told.score_high)
        lines.append(say("explain.interval", low=low, high=high))
    lines.append(say("explain.coverage", share=percent_text(told.coverage, say)))
    if not math.isnan(told.best):
        lines.append(
            say(
                "explain.acceptability",
                best=percent_text(told.best, say),
                top=percent_text(told.top_three, say),
                draws=say.number(told.draws),
                rank=say.number(told.expected_rank, decimals=1),
            )
        )
    elif told.rank is not None:
        lines.append(say("explain.not_drawn", drawn=say.number(told.drawn)))
    return lines


def _verdicts(words: Words, told: Explanation) -> list[str]:
    if not told.verdicts:
        return []
    say = words.say
    return [
        say("explain.verdicts"),
        *(
            INDENT
            + say(
                "explain.verdict",
                effect=say(f"effect.{each.effect}"),
                state=say(f"state.{each.state}"),
                reason=source_text(each.reason, say),
                constraint=_constraint(each.constraint, say),
                source=source_text(each.source, say),
                status=decision_text(each.decision, say),
            )
            for each in told.verdicts
        ),
    ]


def _constraint(key: str, say: Catalog) -> str:
    """Return the name of a built-in condition, or what the study file calls its own."""
    own = f"constraint.{key}"
    return say(own) if own in say else key


def _contributions(words: Words, told: Explanation) -> list[str]:
    say = words.say
    lines = [say("explain.contributions")]
    for each in told.contributions:
        criterion = each.criterion
        if each.weight == 0.0:  # no anchor is in use: what was measured, and why it does not count
            unweighted = say(
                "explain.unweighted",
                criterion=words.criterion(criterion.key),
                measured=words.measured(each),
                source=source_text(each.weight_source, say),
            )
            lines.append(INDENT + unweighted)
            continue
        first = say(
            "explain.contribution",
            criterion=words.criterion(criterion.key),
            points=words.points(each.points),
            most=words.points(100 * each.weight),
            measured=words.measured(each),
        )
        value = say(
            "explain.value",
            value=say.number(each.value, decimals=2),
            anchors=anchors_text(criterion, say),
            source=source_text(criterion.source, say),
            status=decision_text(criterion.decision, say),
        )
        weight = say(
            "explain.weight",
            weight=percent_text(each.weight, say, decimals=1),
            source=source_text(each.weight_source, say),
            status=decision_text(each.weight_decision, say),
        )
        lines += [INDENT + first, 2 * INDENT + value, 2 * INDENT + weight]
    return [*lines, INDENT + say("explain.sum", score=words.points(told.score))]


def _changes(words: Words, told: Explanation) -> list[str]:
    criteria = {each.criterion.key: each.criterion for each in told.contributions}
    moves = [
        each
        for each in told.weight_ranges
        if told.rank != 1 or each.below is not None or each.above is not None
    ]
    lines = [_weight_range(words, each, best=told.rank == 1) for each in moves]
    lines += [_flip(words, each, criteria[each.criterion]) for each in told.measure_flips]
    lines += [_span(words, each) for each in told.unknown_spans]
    return [INDENT + line for line in lines or [words.say("explain.no_change")]]


def _weight_range(words: Words, each: WeightRange, *, best: bool) -> str:
    say = words.say
    weight = percent_text(each.weight, say, decimals=1)
    low, high = (limit_text(share, say, decimals=1) for share in (each.low, each.high))
    part = "under" if each.below is None else "over" if each.above is None else "between"
    parts = [
        say(
            f"explain.{'stays' if best else 'would_be'}_best_{part}",
            criterion=words.criterion(each.criterion),
            weight=weight,
            low=low,
            high=high,
        )
    ]
    if each.below is not None:
        parts.append(say("explain.best_below", plot=words.plot(each.below)))
    if each.above is not None:
        parts.append(say("explain.best_above", plot=words.plot(each.above)))
    return " ".join(parts)


def _flip(words: Words, each: MeasureFlip, criterion: Criterion) -> str:
    lifts = "explain.lifts" if math.isfinite(each.measured) else "explain.lifts_reached"
    return words.say(
        lifts if each.lifts else "explain.sinks",
        criterion=words.criterion(each.criterion),
        needed=measured_text(criterion, each.needed, words.say),
        measured=measured_text(criterion, each.measured, words.say),
        other=words.plot(each.other),
    )


def _span(words: Words, each: UnknownSpan) -> str:
    fixed = each.rank_best == each.rank_worst
    return words.say(
        "explain.unknown_fixed" if fixed else "explain.unknown_span",
        criterion=words.criterion(each.criterion),
        best=each.rank_best,
        worst=each.rank_worst,
        low=words.score(each.score_low),
        high=words.score(each.score_high),
    )
