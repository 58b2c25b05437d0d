"""Read tables from municipal desks, CSV and XLSX, cell by cell as the text that was typed."""

import csv
import io

import pandas as pd
import python_calamine

from tomteanalyse.errors import DataError, Notice
from tomteanalyse.inputs.archive import refuse_unsafe
from tomteanalyse.inputs.cells import LOST_LETTER, MOJIBAKE, is_garbled, repaired, text_of
from tomteanalyse.inputs.files import Source
from tomteanalyse.inputs.findings import Findings

CSV_SUFFIXES = (".csv", ".txt", ".tsv")
EXCEL_SUFFIXES = (".xlsx", ".xlsm")
LOCKED_WORKBOOK = b"\xd0\xcf\x11\xe0"
"""How a workbook with a password begins: it is no zip then, but Microsoft's older container."""
DELIMITERS = (";", "\t", ",", "|")


def is_spreadsheet(source: Source) -> bool:
    """Say whether a file is read here rather than by the door for map files."""
    return source.path.suffix.lower() in (*CSV_SUFFIXES, *EXCEL_SUFFIXES)


def read_sheet(source: Source, *, sheet: str | None, findings: Findings) -> pd.DataFrame:
    """Read a CSV or one sheet of a workbook.

    Parameters
    ----------
    source
        The file. CSV may be separated by semicolon, tab, comma or bar, in UTF-8, UTF-16 or
        Windows' Latin-1, with or without a byte order mark.
    sheet
        Which sheet of a workbook; needed where several hold something.

    Returns
    -------
    DataFrame
        Every cell as text, on the row numbers a spreadsheet shows; columns are the headings.
        Blank rows are left out.

    Raises
    ------
    DataError
        ``table.*``; ``vector.zip_*`` for a workbook that is no safe zip.
    """
    if source.path.suffix.lower() in EXCEL_SUFFIXES:
        rows = _workbook_rows(source, sheet=sheet)
    else:
        rows = _csv_rows(source)
    return _table(rows, findings=findings)


def _csv_rows(source: Source) -> list[list[str]]:
    text = _decoded(source.path.read_bytes())
    if "\x00" in text:
        raise DataError(Notice("table.unreadable", file=source.name))
    first, _, rest = text.partition("\n")
    offset = 0
    if first.strip().casefold().startswith("sep="):  # Excel's own hint
        delimiter, text, offset = first.strip()[4:5] or ";", rest, 1
    else:
        heading = next((line for line in text.splitlines() if line.strip()), "")
        delimiter = max(DELIMITERS, key=lambda mark: _outside_quotes(heading, mark))
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise DataError(Notice("table.unreadable", file=source.name)) from error
    return [[] for _ in range(offset)] + rows


def _decoded(raw: bytes) -> str:
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16", errors="replace")
    for little, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        # UTF-16 without its mark: every other byte of plain text is nought.
        if len(raw) > 20 and raw[little:200:2].count(0) > 0.8 * len(raw[little:200:2]):
            return raw.decode(encoding, errors="replace")
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("latin-1")


def _outside_quotes(line: str, mark: str) -> int:
    return sum(part.count(mark) for part in line.split('"')[::2])


def _workbook_rows(source: Source, *, sheet: str | None) -> list[list[str]]:
    with source.path.open("rb") as file:
        beginning = file.read(4)
    if beginning == LOCKED_WORKBOOK:
        raise DataError(Notice("table.password", file=source.name))
    if beginning != b"PK\x03\x04":
        raise DataError(Notice("table.unreadable", file=source.name))
    refuse_unsafe(source.path, name=source.name, broken="table.broken_workbook")
    try:
        with python_calamine.CalamineWorkbook.from_path(source.path) as workbook:
            name = _chosen_sheet(workbook, source, sheet=sheet)
            rows = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
    except python_calamine.PasswordError as error:
        raise DataError(Notice("table.password", file=source.name)) from error
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        raise DataError(Notice("table.unreadable", file=source.name)) from error
    return [[text_of(cell) for cell in row] for row in rows]


def _chosen_sheet(
    workbook: python_calamine.CalamineWorkbook, source: Source, *, sheet: str | None
) -> str:
    names = workbook.sheet_names
    if sheet is not None:
        if sheet not in names:
            values = {"sheet": sheet, "sheets": ", ".join(names)}
            raise DataError(Notice("table.no_such_sheet", file=source.name, values=values))
        return sheet
    filled = [name for name in names if workbook.get_sheet_by_name(name).height > 0]
    if len(filled) > 1:
        values = {"sheets": ", ".join(filled)}
        raise DataError(Notice("table.several_sheets", file=source.name, values=values))
    if not filled:
        raise DataError(Notice("table.empty", file=source.name))
    return filled[0]


def _table(rows: list[list[str]], *, findings: Findings) -> pd.DataFrame:
    numbered = [
        (number, row)
        for number, row in enumerate(rows, start=1)
        if any(cell.strip() for cell in row)
    ]
    if not numbered:
        findings.fault("table.empty")
        findings.stop_if_faulty()
    (_, heading), *body = numbered
    width = len(heading)
    while width and not heading[width - 1].strip():
        width -= 1
    extra = [number for number, row in body if any(cell.strip() for cell in row[width:])]
    if extra:
        findings.fault("table.extra_cells", rows=extra)
    frame = pd.DataFrame(
        [[*row[:width], *[""] * (width - len(row))] for _, row in body],
        index=pd.Index([number for number, _ in body], dtype="int64"),
        columns=[cell.strip() for cell in heading[:width]],
        dtype="str",
    )
    frame = _mended_letters(frame, findings=findings)
    named = [name for name in frame.columns if name]
    if len(set(named)) < len(named):
        twice = [place for place, name in enumerate(frame.columns, 1) if named.count(name) > 1]
        findings.fault("table.duplicate_columns", places=", ".join(str(one) for one in twice))
    findings.stop_if_faulty()
    return frame


def _mended_letters(frame: pd.DataFrame, *, findings: Findings) -> pd.DataFrame:
    """Undo UTF-8 read as Latin-1; what cannot be undone is a fault."""
    frame = frame.rename(columns=repaired)
    touched = pd.Series(False, index=frame.index)
    lost = touched.copy()
    for place in range(frame.shape[1]):
        column = frame.iloc[:, place]
        odd = column.str.contains(MOJIBAKE.pattern, regex=True) | column.str.contains(
            LOST_LETTER, regex=False
        )
        if odd.any():
            mended = column.where(~odd, column.map(repaired))
            frame.isetitem(place, mended.array)
            touched |= odd
            lost |= mended.map(is_garbled)
    if lost.any() or any(is_garbled(name) for name in frame.columns):
        findings.fault("table.letters_lost", rows=frame.index[lost])
    elif touched.any():
        findings.warn("table.mojibake_repaired", rows=frame.index[touched])
    return frame
