"""``rangering.xlsx``: the sheets in a form that a planner can sort, filter and print."""

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tomteanalyse.assessment import Assessment
from tomteanalyse.texts import Catalog, Language, catalog
from tomteanalyse.views.edition import COLOURS, Edition, edition_line, edition_name, titled
from tomteanalyse.views.palette import GRADE_COLOURS, INK_ON
from tomteanalyse.views.provenance import PRODUCT, run_id
from tomteanalyse.views.sheets import Sheet, sheets
from tomteanalyse.views.tables import Cell, Column

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

CREATED = datetime(2020, 1, 1)
"""Stands where a workbook wants the time it was made: same input, same bytes."""

LONGEST_TEXT = 32_767
"""What a cell can hold; longer text would be left out without a word."""

WIDEST, NARROWEST = 60, 8
BAND_ROW, HEADING_ROW, FIRST_ROW = 0, 1, 2
"""Rows of every sheet: whom it is for, the headings, the first of the cells."""
FILTERED = frozenset(
    {"ranking", "shortcuts", "weight_sets", "indices", "changes", "areas", "cells"}
)
"""Sheets whose rows are chosen among by what stands in a column."""
_SAMPLE_ROWS = 200
_LONGEST_HEADER = 200
_BAND_HEIGHT = 20


def write_xlsx(assessment: Assessment, path: Path, *, language: Language) -> None:
    """Write the workbook; the same assessment gives the same bytes.

    Nothing in it is a formula or a link: every cell is written as the text or number it is.

    Parameters
    ----------
    assessment
        What to write.
    path
        The file.
    language
        Language of the sheets.

    Raises
    ------
    OSError
        If the file cannot be written.
    """
    say = catalog(language)
    named = [(say(f"tables.sheet.{sheet.key}"), sheet) for sheet in sheets(assessment, say)]
    write_sheets(
        named, path, study_name=assessment.study.config.name, run=run_id(assessment), say=say
    )


def write_sheets(
    named: Sequence[tuple[str, Sheet]],
    path: Path,
    *,
    study_name: str,
    run: str,
    say: Catalog,
    title: str | None = None,
    edition: Edition = "internal",
) -> None:
    """Write sheets under their names as a workbook; the same sheets give the same bytes.

    On top of every sheet stands a band that says which edition it is; the headings follow.

    Parameters
    ----------
    named
        The sheets.
    path
        The file.
    study_name, run
        The study they are of, and the id of the run that made them.
    say
        The texts of their language.
    title
        Title of the workbook; a ranking's by default. The edition is added to it.
    edition
        Whom they are for.

    Raises
    ------
    OSError
        If the file cannot be written.
    """
    from xlsxwriter import Workbook

    options = {
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        # Nothing of the register is left in a temporary folder by a run that dies.
        "in_memory": True,
    }
    # Put together in memory, so that a full disk is met by one plain write.
    written = BytesIO()
    workbook = Workbook(written, options)
    title = title or say("tables.title", study=study_name)
    workbook.set_properties(_properties(title, run, edition=edition, say=say))
    formats = _Formats(workbook)
    for name, sheet in named:
        worksheet = workbook.add_worksheet(name)
        _band(worksheet, formats, edition=edition, say=say)
        _fill(worksheet, sheet, formats)
        _lay_out(worksheet, sheet)
        _head_and_foot(worksheet, study_name, run, edition=edition_name(edition, say))
    workbook.close()
    path.write_bytes(written.getvalue())


def _properties(title: str, run: str, *, edition: Edition, say: Catalog) -> dict[str, Any]:
    name = edition_name(edition, say)
    return {
        "title": titled(title, edition=edition, say=say),
        "subject": edition_line(edition, say),
        "category": name,
        "keywords": name,
        "comments": f"{edition_line(edition, say)} {PRODUCT}, {run}",
        "author": PRODUCT,
        "created": CREATED,
    }


class _Formats:
    """The workbook's cell formats, each made once."""

    def __init__(self, workbook: "Workbook") -> None:
        self._workbook = workbook
        self._made: dict[tuple[tuple[str, Any], ...], Any] = {}
        self.heading = self._format(bold=True, text_wrap=True, valign="top", bottom=1)
        self.text = self._format(text_wrap=True, valign="top")

    def band(self, edition: Edition) -> Any:  # noqa: ANN401 - xlsxwriter has no types
        ground, ink = COLOURS[edition]
        return self._format(bg_color=ground, font_color=ink, bold=True, valign="vcenter")

    def number(self, decimals: int) -> Any:  # noqa: ANN401 - xlsxwriter has no types
        shown = f"0.{'0' * decimals}" if decimals else "0"
        return self._format(num_format=shown, valign="top")

    def grade(self, letter: str) -> Any:  # noqa: ANN401 - xlsxwriter has no types
        return self._format(
            bg_color=GRADE_COLOURS[letter],
            font_color=INK_ON[letter],
            bold=True,
            align="center",
            valign="top",
        )

    def _format(self, **properties: object) -> Any:  # noqa: ANN401 - xlsxwriter has no types
        key = tuple(sorted(properties.items()))
        if key not in self._made:
            self._made[key] = self._workbook.add_format(properties)
        return self._made[key]


def _band(worksheet: "Worksheet", formats: _Formats, *, edition: Edition, say: Catalog) -> None:
    band = formats.band(edition)
    # The whole row, so that it is seen however far to the right somebody has gone; the cells stay
    # apart, since merged ones cannot be sorted under.
    worksheet.set_row(BAND_ROW, _BAND_HEIGHT, band)
    worksheet.write_string(BAND_ROW, 0, edition_line(edition, say), band)
    worksheet.set_tab_color(COLOURS[edition][0])


def _fill(worksheet: "Worksheet", sheet: Sheet, formats: _Formats) -> None:
    for place, column in enumerate(sheet.columns):
        worksheet.set_column(place, place, _width(column))
        worksheet.write_string(HEADING_ROW, place, _fitting(column.heading), formats.heading)
        for row, cell in enumerate(column.cells, start=FIRST_ROW):
            _write(worksheet, row, place, cell, column, formats)


def _write(
    worksheet: "Worksheet",
    row: int,
    place: int,
    cell: Cell,
    column: Column,
    formats: _Formats,
) -> None:
    if cell is None:
        return
    if isinstance(cell, str):
        shown = (
            formats.grade(cell) if column.key == "grade" and cell in GRADE_COLOURS else formats.text
        )
        worksheet.write_string(row, place, _fitting(cell), shown)
    else:
        decimals = column.decimals if isinstance(cell, float) else 0
        worksheet.write_number(row, place, cell, formats.number(decimals))


def _lay_out(worksheet: "Worksheet", sheet: Sheet) -> None:
    last_row = HEADING_ROW + len(sheet.columns[0].cells)
    worksheet.freeze_panes(FIRST_ROW, sheet.frozen_columns)
    worksheet.repeat_rows(BAND_ROW, HEADING_ROW)
    worksheet.set_landscape()
    worksheet.set_paper(9)  # A4
    worksheet.fit_to_pages(1, 0)
    if sheet.key in FILTERED and last_row > HEADING_ROW:
        worksheet.autofilter(HEADING_ROW, 0, last_row, len(sheet.columns) - 1)
    for place, column in enumerate(sheet.columns):
        if column.key == "score":
            bar = {"type": "data_bar", "bar_color": "#9db8d9", "bar_solid": True}
            ends = {"min_type": "num", "min_value": 0, "max_type": "num", "max_value": 100}
            worksheet.conditional_format(FIRST_ROW, place, last_row, place, bar | ends)


def _head_and_foot(worksheet: "Worksheet", study_name: str, run: str, *, edition: str) -> None:
    name = _fitting(study_name, most=_LONGEST_HEADER // 2)
    # An ampersand begins a code there; two stand for one.
    worksheet.set_header(f"&L&B{edition}&R{name.replace('&', '&&')}")
    worksheet.set_footer(f"&L{edition}&C&P / &N&R{run}")


def _width(column: Column) -> int:
    longest = max(
        (len(cell) for cell in column.cells[:_SAMPLE_ROWS] if isinstance(cell, str)), default=0
    )
    # A heading may break between words, so its longest word is what must have room.
    word = max(len(word) for word in column.heading.split()) + 2
    return min(max(longest + 1, word, NARROWEST), WIDEST)


def _fitting(text: str, *, most: int = LONGEST_TEXT) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
