"""The one JSON text that carries everything the page shows."""

import json
import re
from typing import Any

import numpy as np
import pandas as pd
import shapely

import tomteanalyse
from tomteanalyse.assessment import Assessment
from tomteanalyse.config import StudyConfig
from tomteanalyse.scoring.criteria import source_text
from tomteanalyse.scoring.evaluation import GRADES
from tomteanalyse.scoring.wording import POINT_DECIMALS, measured_text, percent_text
from tomteanalyse.texts import Catalog
from tomteanalyse.views.palette import GRADE_COLOURS, UNMEASURED
from tomteanalyse.views.provenance import run_id
from tomteanalyse.views.ranking import ranking_table, undecided
from tomteanalyse.views.web_map.background import background, frame
from tomteanalyse.views.web_map.cards import cards
from tomteanalyse.views.web_map.grid import grade_grid
from tomteanalyse.views.web_map.packing import pack_points, pack_shapes
from tomteanalyse.views.web_map.places import amenities_in, network_cuts, registered_homes
from tomteanalyse.views.web_map.showable import showable

MOST_IN_FULL = 5_000
LEADING = 500
"""How many plots are shown in full where there are more than `MOST_IN_FULL`."""

_RISKY = re.compile("[<>&\u2028\u2029\ud800-\udfff]")


def payload(assessment: Assessment, *, say: Catalog) -> dict[str, Any]:
    """Return what the page shows as plain data; texts are finished, geometry is packed.

    Parameters
    ----------
    assessment
        The answer.
    say
        The texts, in the page's language.
    """
    order_of_all = ranking_table(assessment).index
    assessment, left_out = showable(assessment)
    study = assessment.study
    everyone = order_of_all[order_of_all.isin(study.plots.index)].tolist()
    many = len(everyone) > MOST_IN_FULL
    order = everyone[:LEADING] if many else everyone
    shapes = study.plots.geometry.loc[order].to_numpy()
    routes = assessment.routes[assessment.routes["plot_id"].isin(order)]
    routes = routes.sort_values(["plot_id", "amenity_class"], kind="stable")
    paths = routes.geometry.to_numpy()
    drawn = frame(study.extract, np.concatenate([study.plots.geometry.to_numpy(), paths]))
    nearest = {
        str(amenity_id)
        for criterion in assessment.evaluation.criteria
        for amenity_id in assessment.measurements[criterion.measure].nearest.loc[order].dropna()
    }
    amenities = amenities_in(
        assessment.amenities, drawn=drawn, nearest=nearest, crs=study.crs, say=say
    )
    numbered = {
        (str(plot_id), str(amenity_class)): number
        for number, (plot_id, amenity_class) in enumerate(
            zip(routes["plot_id"], routes["amenity_class"], strict=True)
        )
    }
    return {
        "words": _words(say),
        "study": study.config.name,
        "profile": _subtitle(study.config, say),
        "count": _count(len(order), len(everyone), say),
        "undecided": _undecided(assessment, say),
        "grades": _grades(say),
        "bare": UNMEASURED,
        "criteria": _criteria(assessment, say),
        "amenities": amenities.classes,
        "plots": cards(assessment, order, amenities=amenities, routes=numbered, say=say),
        "shapes": pack_shapes(shapely.simplify(shapes, 0.2), crs=study.crs),
        "spots": pack_points(
            shapely.get_coordinates(shapely.point_on_surface(shapes)), crs=study.crs
        ),
        "routes": pack_shapes(shapely.simplify(paths, 0.5), crs=study.crs),
        "units": registered_homes(study.units, drawn=drawn, crs=study.crs, say=say),
        "cuts": network_cuts(assessment.network_cuts, drawn=drawn, crs=study.crs, say=say),
        "grid": grade_grid(
            study.plots.geometry.to_numpy(),
            assessment.evaluation.grade.loc[study.plots.index],
            crs=study.crs,
            say=say,
        )
        if many
        else None,
        "background": background(study.extract, drawn=drawn, plots=shapes, crs=study.crs),
        "remarks": say(
            "map.about.warnings",
            count=len(assessment.warnings) + bool(len(study.dropped)) + bool(left_out),
        ),
        "warnings": [
            *([say("map.about.left_out", count=left_out)] if left_out else []),
            *(warning.text(say.language) for warning in assessment.warnings),
        ],
        "dropped": say("map.about.dropped", count=len(study.dropped))
        if len(study.dropped)
        else None,
        "footer": _footer(assessment, say),
    }


def as_json(data: dict[str, Any]) -> str:
    r"""Write data as JSON that may stand in a ``<script>`` element.

    ``<``, ``>``, ``&`` and the two line separators that older JavaScript takes for line ends are
    written as ``\uXXXX``; so are lone surrogates, which no encoding can write.
    """
    written = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return _RISKY.sub(lambda found: f"\\u{ord(found.group()):04x}", written)


def _words(say: Catalog) -> dict[str, str]:
    """Return the fixed words the page's script needs; those with placeholders are filled here."""
    groups = ("area", "layers", "legend", "table", "card", "about", "say")
    prefixes = tuple(f"map.{group}." for group in groups)
    return {
        key.removeprefix("map."): text
        for key, text in sorted(say.entries.items())
        if key.startswith(prefixes) and ("{" not in text or key in ("map.say.selected",))
    }


def _count(shown: int, count: int, say: Catalog) -> str:
    if shown < count:
        return say(
            "map.table.leading", shown=say.number(float(shown)), count=say.number(float(count))
        )
    if count == 1:
        return say("map.table.count_one")
    return say("map.table.count", count=say.number(float(count)))


def _undecided(assessment: Assessment, say: Catalog) -> str | None:
    keys = undecided(assessment)
    if not keys:
        return None
    in_use = int((assessment.evaluation.weights > 0).sum())
    return say("map.table.undecided", count=len(keys), all=in_use)


def _grades(say: Catalog) -> list[dict[str, str]]:
    return [
        {
            "letter": letter,
            "words": say(f"grade.{letter}"),
            "colour": GRADE_COLOURS[letter],
        }
        for letter, _ in GRADES
    ]


def _criteria(assessment: Assessment, say: Catalog) -> list[dict[str, Any]]:
    evaluation = assessment.evaluation
    rows = []
    for criterion in evaluation.criteria:
        weight = float(evaluation.weights[criterion.key])
        most = say.number(100 * weight, decimals=POINT_DECIMALS)
        of_weight = evaluation.weight_decision[criterion.key]
        rows.append(
            {
                "name": say(f"criterion.{criterion.key}.name"),
                "most": round(100 * weight, 2),
                "of": most,
                "weight": percent_text(weight, say),
                "uncertain": say("map.card.uncertain", most=most),
                "straight": criterion.measure.startswith("straight_"),
                "anchors": [
                    say(
                        "map.about.anchor",
                        measured=measured_text(criterion, float(x), say),
                        value=say.number(float(value), decimals=None),
                    )
                    for x, value in criterion.value.anchors
                ],
                "sources": [
                    _adopted(
                        say("map.about.anchor_source", source=source_text(criterion.source, say)),
                        criterion.decision,
                        say,
                    ),
                    _adopted(
                        say(
                            "map.about.weight_source",
                            source=source_text(evaluation.weight_source[criterion.key], say),
                        ),
                        None if pd.isna(of_weight) else str(of_weight),
                        say,
                    ),
                ],
            }
        )
    return rows


def _adopted(source: str, decision: str | None, say: Catalog) -> dict[str, Any]:
    return {
        "source": source,
        "decision": say("map.about.adopted", decision=decision)
        if decision
        else say("map.about.undecided"),
        "decided": bool(decision),
    }


def _subtitle(config: StudyConfig, say: Catalog) -> str:
    profile = say(
        "map.profile",
        step=say(f"profile.step.{config.profile.step}"),
        form=say(f"profile.form.{config.profile.housing_form}"),
    )
    return f"{profile} · {config.note}" if config.note else profile


def _footer(assessment: Assessment, say: Catalog) -> list[str]:
    study = assessment.study
    dated = study.extract.timestamp
    return [
        study.config.extract.attribution or say("map.footer.attribution"),
        say("map.footer.osm_date", date=say.date(dated))
        if dated
        else say("map.footer.osm_undated"),
        say("map.footer.run", run=run_id(assessment)),
        say("map.footer.version", version=tomteanalyse.__version__),
        say("map.footer.edition", edition=say("map.edition.name")),
        say("map.footer.crs", crs=study.config.crs),
    ]
