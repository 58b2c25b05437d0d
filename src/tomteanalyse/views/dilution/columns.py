"""What moves would do, as tables for people."""

import math

import pandas as pd

from tomteanalyse.dilution.found import Dilution
from tomteanalyse.dilution.stages import STEPS
from tomteanalyse.texts import Catalog
from tomteanalyse.views.dilution.words import (
    CHANGE_DECIMALS,
    INDEX_DECIMALS,
    SHARE_DECIMALS,
    assumed_sentences,
    costs,
    move_text,
    plot_text,
    summary,
    terms_sentences,
)
from tomteanalyse.views.edition import edition_line
from tomteanalyse.views.sheets import Sheet
from tomteanalyse.views.tables import Cell, Column

MOST_ROWS = 20_000
"""So many of the best moves stand in the workbook; more would hardly open."""
POINT_DECIMALS = 3

Cells = tuple[list[Cell], int]


def sheets(found: Dilution, say: Catalog, *, run: str) -> list[Sheet]:
    """Return the plan, the moves, the cells, and what is to be known of them."""
    return [
        Sheet("plan", plan_columns(found, say), frozen_columns=2),
        Sheet("moves", move_columns(found, say, most=MOST_ROWS), frozen_columns=2),
        Sheet("cells", cell_columns(found, say), frozen_columns=1),
        Sheet("about", _about(found, say, run=run)),
    ]


def move_columns(found: Dilution, say: Catalog, *, most: int) -> list[Column]:
    """Return one row per move, the best first, at most so many."""
    table = found.moves.head(most)
    cells: dict[str, Cells] = {
        "move": ([int(each) for each in table.index], 0),
        "kind": ([say(f"dilution.kind.{kind}") for kind in table["kind"]], 0),
        "unit_id": (_texts(table["unit_id"]), 0),
        "plot_id": (_texts(table["plot_id"]), 0),
        "plot": ([plot_text(found, plot) or None for plot in table["plot_id"]], 0),
        "homes": ([int(each) for each in table["homes"]], 0),
        "times": ([int(each) for each in table["times"]], 0),
        "steps": ([_steps(each, say) for each in table["steps"]], 0),
        "capacity": ([int(each) for each in table["capacity"]], 0),
        "dissimilarity": (_numbers(table["dissimilarity"]), CHANGE_DECIMALS),
        "gini": (_numbers(table["gini"]), CHANGE_DECIMALS),
        "top_share": (_numbers(100 * table["top_share"]), POINT_DECIMALS),
        "around": (_numbers(100 * table["around"]), POINT_DECIMALS),
        "hot": ([say("word.yes" if hot else "word.no") for hot in table["hot"]], 0),
    }
    for name in ("bus", "grocery"):
        for part, there in (("", table["unit_id"].notna()), ("_to", table["plot_id"].notna())):
            metres = table[f"walk_{name}{part}_m"]
            cells[f"walk_{name}{part}_m"] = (
                [
                    _metres(float(each), say) if is_there else None
                    for each, is_there in zip(metres, there, strict=True)
                ],
                0,
            )
    return _columns("moves", cells, say)


def plan_columns(found: Dilution, say: Catalog) -> list[Column]:
    """Return today and one row per move of the plan, in order."""
    table = found.steps
    what = [
        say("dilution.screen.today") if pd.isna(move) else move_text(found, int(move), say)
        for move in table["move"]
    ]
    cells: dict[str, Cells] = {
        "order": ([int(each) for each in table.index], 0),
        "what": (list(what), 0),
        "move": ([None if pd.isna(each) else int(each) for each in table["move"]], 0),
        "dissimilarity": (_numbers(table["dissimilarity"]), INDEX_DECIMALS),
        "gini": (_numbers(table["gini"]), INDEX_DECIMALS),
        "top_share": (_numbers(100 * table["top_share"]), SHARE_DECIMALS),
        "around": (_numbers(100 * table["around"]), SHARE_DECIMALS),
    }
    for name in ("homes", *(f"homes_step_{step}" for step in STEPS)):
        cells[name] = ([int(each) for each in table[name]], 0)
    for name in ("bus", "grocery"):
        cells[f"walk_{name}_m"] = (
            [_metres(float(each), say) for each in table[f"walk_{name}_m"]],
            0,
        )
        cells[f"no_way_{name}"] = ([int(each) for each in table[f"no_way_{name}"]], 0)
    return _columns("plan", cells, say)


def cell_columns(found: Dilution, say: Catalog) -> list[Column]:
    """Return one row per cell of 250 m: homes, dwellings and share before and after."""
    table = found.cells
    cells: dict[str, Cells] = {"cell": ([str(each) for each in table.index], 0)}
    for name in ("homes", "dwellings"):
        for part in ("before", "after"):
            cells[f"{name}_{part}"] = ([int(each) for each in table[f"{name}_{part}"]], 0)
    for part in ("before", "after"):
        cells[f"share_{part}"] = (_numbers(100 * table[f"share_{part}"]), SHARE_DECIMALS)
    return _columns("cells", cells, say)


def _about(found: Dilution, say: Catalog, *, run: str) -> list[Column]:
    told: list[tuple[str, str]] = [
        ("edition", edition_line("internal", say)),
        ("study", found.study.config.name),
        *(("caveat", sentence) for sentence in costs(say)),
        *(("terms", sentence) for sentence in terms_sentences(found, say)),
        *(("summary", sentence) for sentence in summary(found, say)[: -len(costs(say))]),
        ("meaning", say("dilution.meaning.dissimilarity")),
        *(("assumed", sentence) for sentence in assumed_sentences(found, say)),
        ("run", run),
    ]
    cells: dict[str, Cells] = {
        "what": ([say(f"dilution.about.{key}") for key, _ in told], 0),
        "answer": ([answer for _, answer in told], 0),
    }
    return _columns("about", cells, say)


def _columns(sheet: str, cells: dict[str, Cells], say: Catalog) -> list[Column]:
    return [
        Column(name, say(f"dilution.{sheet}_column.{name}"), values, decimals=decimals)
        for name, (values, decimals) in cells.items()
    ]


def _steps(steps: dict[str, int], say: Catalog) -> str:
    return ", ".join(
        say("number.unknown") if step == "unknown" else str(step) for step in sorted(steps)
    )


def _metres(metres: float, say: Catalog) -> Cell:
    return round(metres) if math.isfinite(metres) else say.number(metres)


def _texts(series: pd.Series) -> list[Cell]:
    return [None if pd.isna(each) else str(each) for each in series]


def _numbers(values: pd.Series) -> list[Cell]:
    return [None if math.isnan(each) else float(each) for each in values]
