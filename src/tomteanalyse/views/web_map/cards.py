"""What is said of each plot: place, points, distances, what is unknown, what stops it."""

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from tomteanalyse.assessment import Assessment
from tomteanalyse.measures.measurement import Measurement
from tomteanalyse.scoring.constraints import in_words
from tomteanalyse.scoring.criteria import Criterion
from tomteanalyse.scoring.evaluation import Evaluation
from tomteanalyse.scoring.wording import POINT_DECIMALS, measured_text, percent_text
from tomteanalyse.texts import Catalog
from tomteanalyse.views.web_map.places import Amenities, homes_text

WITHIN_M = (300, 500, 1000)


def cards(
    assessment: Assessment,
    order: list[str],
    *,
    amenities: Amenities,
    routes: Mapping[tuple[str, str], int],
    say: Catalog,
) -> list[dict[str, Any]]:
    """Return one card a plot, in `order`. Every figure is written out in the catalogue's language.

    Parameters
    ----------
    assessment
        The answer.
    order
        The plots to show.
    amenities
        What the page shows of the amenities.
    routes
        Number of the route in the page, by plot id and amenity class.
    say
        The texts.
    """
    evaluation = assessment.evaluation
    stops: dict[str, list[dict[str, Any]]] = {plot_id: [] for plot_id in order}
    verdicts = in_words(evaluation.verdicts, say)
    columns = ("plot_id", "effect", "state", "reason", "source")
    for plot_id, *verdict in zip(*(verdicts[column] for column in columns), strict=True):
        if plot_id in stops:
            stops[plot_id].append(_stop(*verdict, say=say))
    ranked = int(evaluation.rank.notna().sum())
    rows = [_rows(assessment, each, order, amenities, routes, say) for each in evaluation.criteria]
    about = assessment.study.plots.loc[order]
    made = []
    for number, plot_id in enumerate(order):
        plot = about.iloc[number]
        measures = [of_criterion[number] for of_criterion in rows]
        standing = _standing(assessment, plot_id, ranked, say)
        name = plot_id if pd.isna(plot["name"]) or not plot["name"].strip() else plot["name"]
        unknown = sum(row[2] is None for row in measures)
        made.append(
            {
                "id": plot_id,
                "name": name,
                "facts": _facts(plot, say),
                "measures": measures,
                "homes": _homes_near(assessment.measurements, plot_id, say),
                "stops": stops[plot_id],
                "unknown": _unknown_text(unknown, say),
                "label": say(
                    "map.say.plot" if standing["grade"] else "map.say.plot_without_class",
                    name=name,
                    **standing,
                ),
                **standing,
            }
        )
    return made


def _rows(
    assessment: Assessment,
    criterion: Criterion,
    order: list[str],
    amenities: Amenities,
    routes: Mapping[tuple[str, str], int],
    say: Catalog,
) -> list[list[Any]]:
    """Return what is said of one criterion, a row a plot.

    A row is: points (text), measured (text), points (number, None where unknown), least and
    greatest points it may be, why it is unknown or unreachable, amenity (class, number) and route.
    """
    evaluation, key = assessment.evaluation, criterion.key
    measurement = assessment.measurements[criterion.measure]
    amenity_class = criterion.measure.partition("_")[2]
    most = 100 * float(evaluation.weights[key])
    columns = zip(
        order,
        evaluation.points[key].loc[order].tolist(),
        evaluation.measured[key].loc[order].tolist(),
        (most * evaluation.value_low[key].loc[order]).tolist(),
        (most * evaluation.value_high[key].loc[order]).tolist(),
        measurement.reason.loc[order].tolist(),
        measurement.nearest.loc[order].tolist(),
        strict=True,
    )
    return [
        [
            say.number(points, decimals=POINT_DECIMALS),
            measured_text(criterion, measured, say),
            None if math.isnan(measured) else round(points, 2),
            round(low, 2),
            round(high, 2),
            None if pd.isna(reason) else say(f"reason.{reason}"),
            None if pd.isna(nearest) else amenities.address.get(nearest),
            routes.get((plot_id, amenity_class)),
        ]
        for plot_id, points, measured, low, high, reason, nearest in columns
    ]


def _standing(assessment: Assessment, plot_id: str, ranked: int, say: Catalog) -> dict[str, Any]:
    evaluation, robustness = assessment.evaluation, assessment.robustness
    rank, grade = evaluation.rank[plot_id], evaluation.grade[plot_id]
    low, high = float(evaluation.score_low[plot_id]), float(evaluation.score_high[plot_id])
    low_text, high_text = say.number(low, decimals=1), say.number(high, decimals=1)
    best = float(robustness.best[plot_id])
    drawn = not math.isnan(best)
    return {
        "rank": None if pd.isna(rank) else say.number(float(rank)),
        "place": _place(evaluation, plot_id, ranked, say),
        "bare": bool(evaluation.too_little_measured[plot_id]),
        "out": bool(evaluation.knocked_out[plot_id]),
        "grade": None if pd.isna(grade) else str(grade),
        "score": say.number(float(evaluation.score[plot_id]), decimals=1),
        "range": [round(float(evaluation.score[plot_id]), 2), round(low, 2), round(high, 2)],
        "interval": say("map.card.certain")
        if low_text == high_text
        else say("map.card.interval", low=low_text, high=high_text),
        "coverage": say("map.card.coverage", share=percent_text(evaluation.coverage[plot_id], say)),
        "best": percent_text(best, say) if drawn else None,
        "accepted": say(
            "map.card.best",
            best=percent_text(best, say),
            top_three=percent_text(robustness.top_three[plot_id], say),
        )
        if drawn
        else say("map.card.not_drawn"),
    }


def _place(evaluation: Evaluation, plot_id: str, ranked: int, say: Catalog) -> str:
    if evaluation.knocked_out[plot_id]:
        return say("map.card.unranked")
    if evaluation.too_little_measured[plot_id]:
        return say("map.card.too_little_measured")
    rank = say.number(evaluation.rank[plot_id])
    return say("map.card.place", rank=rank, count=say.number(ranked))


def _unknown_text(count: int, say: Catalog) -> str | None:
    if not count:
        return None
    return say("map.table.unknown_one") if count == 1 else say("map.table.unknown", count=count)


def _stop(effect: str, state: str, reason: str, source: str, *, say: Catalog) -> dict[str, Any]:
    knocked_out = effect == "knock_out" and state == "violated"
    return {
        "out": knocked_out,
        "title": say("map.card.stop" if knocked_out else "map.card.clear"),
        "reason": str(reason),
        "note": say("map.card.not_mapped") if state == "unknown" else None,
        "source": say("map.card.source", source=source),
    }


def _facts(plot: pd.Series, say: Catalog) -> list[str]:
    facts = []
    if not pd.isna(plot["gnr"]) and not pd.isna(plot["bnr"]):
        facts.append(say("map.card.cadastre", gnr=plot["gnr"], bnr=plot["bnr"]))
    if not pd.isna(plot["plan_status"]):
        facts.append(say("map.card.plan", status=plot["plan_status"]))
    return facts


def _homes_near(
    measurements: Mapping[str, Measurement], plot_id: str, say: Catalog
) -> list[list[str]]:
    """Return walking distance and number of registered homes within it, as words."""
    rows = []
    for within_m in WITHIN_M:
        measurement = measurements.get(f"homes_{within_m}")
        if measurement is not None:
            count = float(measurement.value[plot_id])
            words = homes_text(count, say) if math.isfinite(count) else say.number(count)
            rows.append([say("map.card.homes_within", metres=say.metres(within_m)), words])
    return rows
