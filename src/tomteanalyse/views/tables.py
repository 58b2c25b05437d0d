"""``rangering.csv`` and the tables that ``rangering.xlsx`` shows, as columns of plain cells."""

import csv
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from tomteanalyse.assessment import Assessment
from tomteanalyse.scoring.constraints import in_words
from tomteanalyse.scoring.wording import DECIMALS, POINT_DECIMALS, TIMES
from tomteanalyse.texts import Catalog
from tomteanalyse.views.edition import Edition, with_edition_column
from tomteanalyse.views.ranking import ranking_table
from tomteanalyse.views.shortcut_records import places_by_plot

Cell = str | int | float | None

UNGRADED = "–"
"""Stands for the letter of a plot that has none."""
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


@dataclass(frozen=True)
class Column:
    """One column of a table for people.

    Parameters
    ----------
    key
        Name for programs.
    heading
        Words for people.
    cells
        Text, numbers, or None for nothing.
    decimals
        Digits shown after the decimal sign of its floats.
    """

    key: str
    heading: str
    cells: Sequence[Cell]
    decimals: int = 0


def write_columns(columns: Sequence[Column], path: Path, *, edition: Edition, say: Catalog) -> None:
    """Write columns for a Norwegian Excel: BOM, semicolons, decimal comma.

    Text that a spreadsheet would take for a formula gets a leading apostrophe. Every figure is
    rounded by itself, so that like are alike; the criteria's points may add up to a last digit
    beside the score's. The last column says which edition it is.

    Parameters
    ----------
    columns
        What to write.
    path
        The file.
    edition
        Whom it is for.
    say
        The texts of its language.
    """
    headings = [harmless(column.heading) for column in columns]
    cells = zip(
        *([_csv_cell(cell, column.decimals) for cell in column.cells] for column in columns),
        strict=True,
    )
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
        writer.writerows(with_edition_column([headings, *cells], edition=edition, say=say))


def harmless(text: str) -> str:
    """Return text that no spreadsheet takes for a formula, with a leading ``'`` where needed."""
    starts = text.startswith(_FORMULA_STARTS) or text.lstrip().startswith(_FORMULA_STARTS)
    return f"'{text}" if starts else text


def ranking_columns(assessment: Assessment, say: Catalog) -> list[Column]:
    """Return the ranking, best first: one row per plot."""
    table = ranking_table(assessment)
    verdicts = in_words(assessment.evaluation.verdicts, say)
    out = (verdicts["effect"] == "knock_out") & (verdicts["state"] == "violated")
    ranks = [say("tables.unranked") if pd.isna(rank) else int(rank) for rank in table["rank"]]
    flags = [", ".join(say(f"flag.{code}") for code in codes) for codes in table["flags"]]
    columns = [
        _column("rank", ranks, say),
        _column("plot_id", [str(each) for each in table.index], say),
        _column("name", _texts(table["name"]), say),
        _column("grade", _texts(table["grade"].fillna(UNGRADED)), say),
        *(
            _column(key, _numbers(table[key], say), say, decimals=POINT_DECIMALS)
            for key in ("score", "score_low", "score_high")
        ),
        *(
            _column(key, _numbers(100 * table[key], None), say, decimals=1)
            for key in ("best", "top_three", "coverage")
        ),
        _column("knock_outs", _reasons(verdicts[out], table.index), say),
        _column("must_clear", _reasons(verdicts[~out], table.index), say),
        _column("crossing_places", _places(assessment, table.index), say),
        _column("flags", flags, say),
    ]
    for criterion in assessment.evaluation.criteria:
        key = criterion.key
        own = f"criterion.{key}.measured"
        unit = say(f"criterion.{key}.unit")
        words = {
            "criterion": say(f"criterion.{key}.short"),
            "measured": say(own) if own in say else say("tables.ranking.in_unit", unit=unit),
        }
        measured, points = f"{key}_measured", f"{key}_points"
        columns += [
            Column(
                measured,
                say("tables.ranking.measured", **words),
                _numbers(TIMES[criterion.unit] * table[measured], say),
                decimals=DECIMALS[criterion.unit],
            ),
            Column(
                points,
                say("tables.ranking.points", **words),
                _numbers(table[points], say),
                decimals=POINT_DECIMALS,
            ),
        ]
    return columns


def _column(key: str, cells: Sequence[Cell], say: Catalog, *, decimals: int = 0) -> Column:
    return Column(key, say(f"tables.ranking.{key}"), cells, decimals)


def _texts(series: pd.Series) -> list[Cell]:
    return [None if pd.isna(each) else str(each) for each in series]


def _numbers(series: pd.Series, say: Catalog | None) -> list[Cell]:
    """Return floats, with words for unknown and unreachable, or nothing where `say` is None."""
    return [
        float(each) if math.isfinite(each) else (say.number(each) if say else None)
        for each in series.to_numpy(dtype=float)
    ]


def _reasons(verdicts: pd.DataFrame, index: Iterable[str]) -> list[Cell]:
    by_plot: dict[str, list[str]] = {}
    for plot_id, reason in zip(verdicts["plot_id"], verdicts["reason"], strict=True):
        by_plot.setdefault(plot_id, []).append(str(reason))
    return ["; ".join(by_plot[each]) if each in by_plot else None for each in index]


def _places(assessment: Assessment, index: Iterable[str]) -> list[Cell]:
    by_plot = places_by_plot(assessment)
    return [", ".join(map(str, by_plot[each])) if each in by_plot else None for each in index]


def _csv_cell(cell: Cell, decimals: int) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return harmless(cell)
    return str(cell) if isinstance(cell, int) else f"{cell:.{decimals}f}".replace(".", ",")
