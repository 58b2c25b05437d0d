"""Concentration as columns of tables: around the plots, of buildings, of the municipality.

Internal: every figure follows from the register.
"""

import math
from collections.abc import Sequence

import pandas as pd

from tomteanalyse.assessment import Assessment
from tomteanalyse.measures.concentration.around import NEAREST
from tomteanalyse.measures.concentration.evenness import Index
from tomteanalyse.measures.concentration.homes import RADII_M
from tomteanalyse.scoring.concentration_account import WAYS
from tomteanalyse.scoring.concentration_text import basis_text, share_text
from tomteanalyse.scoring.criteria import source_text
from tomteanalyse.scoring.wording import decision_text
from tomteanalyse.texts import Catalog
from tomteanalyse.views.ranking import plain, ranking_table
from tomteanalyse.views.tables import Cell, Column

IN_RANKING = ("homes_500", "homes_500_planned", "share_100_walk", "share_100_walk_planned")
"""What of it stands beside the score already in the ranking."""
SHARE_DECIMALS, INDEX_DECIMALS, HOMES_DECIMALS = 1, 3, 1


def in_ranking(assessment: Assessment, say: Catalog) -> list[Column]:
    """Return the columns that stand at the end of the ranking, in its order."""
    by_key = {column.key: column for column in around_columns(assessment, say)}
    found = assessment.concentration
    basis: list[Cell] = [basis_text(found.basis, found.dwellings, say)] * len(found.plots)
    return [
        *(by_key[key] for key in IN_RANKING),
        Column("shares_of", say("concentration.about.basis"), basis),
    ]


def around_columns(assessment: Assessment, say: Catalog) -> list[Column]:
    """Return concentration around every plot, in the ranking's order."""
    ranking = ranking_table(assessment)
    found = assessment.concentration.plots.loc[ranking.index]
    columns = [
        Column("plot_id", say("concentration.sheet.around.plot_id"), [*map(str, found.index)]),
        Column("name", say("concentration.sheet.around.name"), [plain(x) for x in ranking["name"]]),
        Column(
            "planned_homes",
            say("concentration.sheet.around.planned_homes"),
            [None if pd.isna(each) else int(each) for each in found["planned_homes"]],
        ),
    ]
    for kind in ("homes", "weighted_homes"):
        for radius in RADII_M:
            for end in ("", "_planned"):
                key = f"{kind}_{radius}{end}"
                heading = say(f"concentration.sheet.around.{kind}{end}", metres=say.number(radius))
                columns.append(_figures(key, heading, found, say, decimals=HOMES_DECIMALS))
    for way in WAYS:
        for nearest in NEAREST:
            words = {"count": say.number(nearest), "way": say(f"concentration.way.{way}")}
            for end, text in (
                ("", "share"),
                ("_planned", "share_planned"),
                ("_low", "low"),
                ("_high", "high"),
            ):
                heading = say(f"concentration.sheet.around.{text}", **words)
                columns.append(_shares(f"share_{nearest}_{way}{end}", heading, found, say))
    return columns


def building_columns(assessment: Assessment, say: Catalog) -> list[Column]:
    """Return the buildings that have a municipal home, most homes first."""
    found = assessment.concentration.buildings

    def named(key: str, cells: Sequence[Cell], decimals: int = 0) -> Column:
        return Column(key, say(f"concentration.sheet.buildings.{key}"), cells, decimals)

    if not len(found):
        return [named("building_id", [say("concentration.sheet.buildings.none")])]
    limit = assessment.concentration.limit
    above_limit: list[Cell] = [_yes_or_no(each, say) for each in found["above_limit"]]
    return [
        named("building_id", [*map(str, found.index)]),
        named("homes", [int(each) for each in found["homes"]]),
        named(
            "dwellings",
            [say.number(math.nan) if pd.isna(x) else int(x) for x in found["dwellings"]],
        ),
        *(
            named(key, _percents(found[key], say), decimals=SHARE_DECIMALS)
            for key in ("share", "low", "high")
        ),
        named("above_chance", [_yes_or_no(each, say) for each in found["above_chance"]]),
        named(
            "above_limit",
            [say("concentration.word.unstated")] * len(found) if limit is None else above_limit,
        ),
        named("east", [float(point.x) for point in found.geometry]),
        named("north", [float(point.y) for point in found.geometry]),
    ]


def municipality_columns(assessment: Assessment, say: Catalog) -> list[Column]:
    """Return the indices of evenness, a row each, with what chance alone would give."""
    found = assessment.concentration
    areas = say.number(found.top_areas)
    words = {
        name: say(
            f"concentration.index.{name}", **({"areas": areas} if name == "top_share" else {})
        )
        for name in found.indices
    }
    rows: list[tuple[str, Index | None]] = [(words[name], found.indices[name]) for name in words]
    if not rows:
        rows = [(say("concentration.municipality.unknown"), None)]

    def named(key: str, cells: Sequence[Cell], decimals: int = INDEX_DECIMALS) -> Column:
        return Column(key, say(f"concentration.sheet.municipality.{key}"), cells, decimals)

    basis = basis_text(found.basis, found.dwellings, say)
    return [
        named("index", [text for text, _ in rows]),
        *(
            named(key, [None if each is None else float(getattr(each, key)) for _, each in rows])
            for key in ("value", "expected", "low", "high", "corrected")
        ),
        named(
            "share_above",
            [None if each is None else 100 * each.share_above for _, each in rows],
            decimals=SHARE_DECIMALS,
        ),
        named("basis", [basis] * len(rows)),
    ]


def about_rows(assessment: Assessment, say: Catalog) -> list[tuple[str, str]]:
    """Return what shares are shares of and the limit for a building, each with its heading."""
    found, own = assessment.concentration, assessment.study.config.concentration
    limit = say("concentration.about.limit_none")
    if found.limit is not None and own is not None:
        limit = say(
            "concentration.about.limit_words",
            share=share_text(found.limit, say),
            source=source_text(own.source, say),
            status=decision_text(own.decision, say),
        )
    basis = basis_text(found.basis, found.dwellings, say)
    return [
        (say("concentration.about.basis"), basis),
        (say("concentration.about.limit"), limit),
        (say("concentration.municipality.heading"), say("concentration.municipality.method")),
    ]


def _figures(key: str, heading: str, table: pd.DataFrame, say: Catalog, *, decimals: int) -> Column:
    cells: list[Cell] = [say.number(x) if math.isnan(x) else float(x) for x in table[key]]
    return Column(key, heading, cells, decimals)


def _shares(key: str, heading: str, table: pd.DataFrame, say: Catalog) -> Column:
    return Column(key, heading, _percents(table[key], say), SHARE_DECIMALS)


def _percents(shares: pd.Series, say: Catalog) -> list[Cell]:
    return [say.number(x) if math.isnan(x) else 100 * float(x) for x in shares]


def _yes_or_no(found: object, say: Catalog) -> str:
    if found is pd.NA:
        return say.number(math.nan)
    return say("concentration.word.yes" if found else "concentration.word.no")
