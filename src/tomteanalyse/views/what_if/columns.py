"""What corrections would change, as tables for people."""

import math

import pandas as pd

from tomteanalyse.assessment import Assessment
from tomteanalyse.difference import Difference
from tomteanalyse.scoring.criteria import Criterion
from tomteanalyse.scoring.shortcut_rows import rows_of
from tomteanalyse.scoring.wording import POINT_DECIMALS, measured_text
from tomteanalyse.texts import Catalog
from tomteanalyse.views.corrections import correction_lines
from tomteanalyse.views.edition import edition_line
from tomteanalyse.views.provenance import run_id
from tomteanalyse.views.sheets import Sheet
from tomteanalyse.views.tables import Cell, Column
from tomteanalyse.views.what_if.words import (
    crossed_texts,
    list_text,
    place_text,
    summary,
    words_of,
)

LOAD_DECIMALS, INDEX_DECIMALS, SCORE_DECIMALS = 3, 3, 1


def sheets(found: Difference, say: Catalog) -> list[Sheet]:
    """Return plots, criteria, crossing places, corrections and what is to be known of them."""
    return [
        Sheet("plots", plot_columns(found, say), frozen_columns=2),
        Sheet("criteria", _criteria(found, say), frozen_columns=2),
        Sheet("places", place_columns(found, say), frozen_columns=1),
        Sheet("corrections", _corrections(found, say)),
        Sheet("about", _about(found, say)),
    ]


def plot_columns(found: Difference, say: Catalog) -> list[Column]:
    """Return one row per plot: score, rank and index, before and after."""
    table = found.plots
    cells: dict[str, tuple[list[Cell], int]] = {
        "plot_id": ([str(each) for each in table.index], 0),
        "name": ([None if pd.isna(each) else str(each) for each in table["name"]], 0),
    }
    for name, decimals in (("score", SCORE_DECIMALS), ("index", INDEX_DECIMALS)):
        for part in ("before", "after", "change"):
            cells[f"{name}_{part}"] = (_numbers(table[f"{name}_{part}"]), decimals)
    for part in ("before", "after"):
        ranks = table[f"rank_{part}"]
        cells[f"rank_{part}"] = (
            [say("tables.unranked") if pd.isna(each) else int(each) for each in ranks],
            0,
        )
        cells[f"clear_{part}"] = (
            [say("word.yes" if each else "word.no") for each in table[f"clear_{part}"]],
            0,
        )
    return _columns("plots", cells, say)


def _criteria(found: Difference, say: Catalog) -> list[Column]:
    words, criteria = words_of(found, say), _by_key(found.before)
    rows = found.criteria.to_dict("records")
    cells: dict[str, tuple[list[Cell], int]] = {
        "plot": ([words.plot(row["plot_id"]) for row in rows], 0),
        "criterion": ([words.criterion(row["criterion"]) for row in rows], 0),
        **{
            f"measured_{part}": (
                [
                    measured_text(criteria[row["criterion"]], row[f"measured_{part}"], say)
                    for row in rows
                ],
                0,
            )
            for part in ("before", "after")
        },
        **{
            f"points_{part}": ([float(row[f"points_{part}"]) for row in rows], POINT_DECIMALS)
            for part in ("before", "after")
        },
    }
    return _columns("criteria", cells, say)


def place_columns(found: Difference, say: Catalog) -> list[Column]:
    """Return one row per crossing place of either state, and what becomes of it."""
    words, rows = words_of(found, say), rows_of(found.places)
    cells: dict[str, tuple[list[Cell], int]] = {
        "change": ([say(f"whatif.change.{row['change']}") for row in rows], 0),
        "list": (
            [list_text(severe=row["severe"], unsure=row["unsure"], say=say) for row in rows],
            0,
        ),
        "crossed": (list(crossed_texts(found, say)), 0),
        **{
            f"place_{part}": ([place_text(row[f"place_{part}"], say) for row in rows], 0)
            for part in ("before", "after")
        },
        **{
            f"load_{part}": ([float(row[f"load_{part}"]) for row in rows], LOAD_DECIMALS)
            for part in ("before", "after")
        },
        **{
            f"plots_{part}": (
                [", ".join(words.plot(each) for each in row[f"plots_{part}"]) for row in rows],
                0,
            )
            for part in ("before", "after")
        },
        "east": ([round(row["peak"].x) for row in rows], 0),
        "north": ([round(row["peak"].y) for row in rows], 0),
    }
    return _columns("places", cells, say)


def _corrections(found: Difference, say: Catalog) -> list[Column]:
    own = found.before.study.corrections
    lines = [correction_lines(table, say) for table in (found.tried, own)]
    state = [["tried"] * len(lines[0]), ["standing"] * len(lines[1])]
    cells: dict[str, tuple[list[Cell], int]] = {
        "state": ([say(f"whatif.state.{each}") for part in state for each in part], 0),
        "correction": ([line for part in lines for line in part], 0),
    }
    return _columns("corrections", cells, say)


def _about(found: Difference, say: Catalog) -> list[Column]:
    told: list[tuple[str, str]] = [
        ("edition", edition_line("internal", say)),
        ("study", found.after.study.config.name),
        *(("summary", sentence) for sentence in summary(found, say)),
        ("run_before", run_id(found.before)),
        ("run_after", run_id(found.after)),
    ]
    cells: dict[str, tuple[list[Cell], int]] = {
        "what": ([say(f"whatif.about.{key}") for key, _ in told], 0),
        "answer": ([answer for _, answer in told], 0),
    }
    return _columns("about", cells, say)


def _by_key(assessment: Assessment) -> dict[str, Criterion]:
    return {criterion.key: criterion for criterion in assessment.evaluation.criteria}


def _columns(sheet: str, cells: dict[str, tuple[list[Cell], int]], say: Catalog) -> list[Column]:
    return [
        Column(name, say(f"whatif.{sheet}_column.{name}"), values, decimals=decimals)
        for name, (values, decimals) in cells.items()
    ]


def _numbers(values: pd.Series) -> list[Cell]:
    return [None if math.isnan(each) else float(each) for each in values]
