"""What rows about dwellings say: how many there are, from when to when, and in which building."""

import re
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from tomteanalyse.inputs.cells import date_of, is_blank, number_of, turned_into_date
from tomteanalyse.inputs.findings import Findings
from tomteanalyse.inputs.register_columns import ALIASES as REGISTER_ALIASES
from tomteanalyse.study import InputFile

PLACE_DECIMALS = 2
"""Places are told apart to a centimetre, which no source is better than."""
MOST_DWELLINGS = 10_000
"""In one place: a cell of a kilometre in a large town, and more than any building."""
ALIASES: dict[str, list[str]] = {
    "dwellings": [
        "dwellings", "antallboliger", "antallbolig", "antboliger", "antbolig", "talbustader",
        "antalbustader", "boliger", "bustader", "antallboenheter", "boenheter", "buildingflats",
        "flats", "antallleiligheter", "leiligheter", "leilegheiter", "dwetodw",
    ],
    "built": [
        "built", "bygd", "bygget", "byggear", "byggjear", "oppfort", "ferdigdato", "ferdigstilt",
        "tattibruk", "tattibrukdato", "validfrom", "gyldigfra",
    ],
    "gone": ["gone", "revet", "rive", "rivi", "revetdato", "rivear", "utgatt", "validto",
             "gyldigtil"],
    "building_id": REGISTER_ALIASES["building_id"],
    "x": REGISTER_ALIASES["x"],
    "y": REGISTER_ALIASES["y"],
}  # fmt: skip
"""Our column to the headings it goes by, without case, accents and signs, best first."""
_YEAR = re.compile(r"(?:1[89]|20)\d\d")
FIRST_DAY, LAST_DAY = (1, 1), (12, 31)


@dataclass(frozen=True)
class Found:
    """Dwellings as a source gives them, before they are put in a table.

    Parameters
    ----------
    places
        ``x``, ``y`` [m, study's system], ``dwellings`` (int64, at least 1), ``built``, ``gone``
        (datetime64[s] or NaT), ``building_id`` (str or NA); in any order.
    inputs
        What the manifest says of the files.
    """

    places: pd.DataFrame
    inputs: tuple[InputFile, ...]


def facts_of(cells: pd.DataFrame, *, headings: dict[str, str], findings: Findings) -> pd.DataFrame:
    """Return the days and the building of every row.

    Parameters
    ----------
    cells
        Our columns as text, on the rows' numbers; those that are not there are unknown.
    headings
        Our columns to the file's.
    findings
        Gets ``dwellings.bad_date``, ``dwellings.dates_reversed``, ``table.excel_date``.
    """
    facts = pd.DataFrame(index=cells.index)
    for name, (month, day) in (("built", FIRST_DAY), ("gone", LAST_DAY)):
        facts[name] = _days(
            cells, name, month=month, day=day, heading=headings.get(name, ""), findings=findings
        )
    reversed_ = (facts["gone"] < facts["built"]).to_numpy()
    if reversed_.any():
        findings.fault("dwellings.dates_reversed", rows=cells.index[reversed_])
    facts["building_id"] = pd.Series(None, index=cells.index, dtype="str")
    if "building_id" in cells:
        dates = cells["building_id"].map(turned_into_date).to_numpy(dtype=bool)
        if dates.any():
            column = headings["building_id"]
            findings.fault("table.excel_date", rows=cells.index[dates], column=column)
        blank = cells["building_id"].map(is_blank).astype(bool)
        facts["building_id"] = cells["building_id"].mask(blank)
    return facts


def counts_of(cells: pd.Series, *, heading: str, findings: Findings) -> pd.Series:
    """Return how many dwellings every row says; 0 where it says none, which is told.

    Parameters
    ----------
    cells
        The column as text, on the rows' numbers.
    heading
        What the file calls it.
    findings
        Gets ``dwellings.bad_number`` and ``dwellings.without_number``.
    """
    numbers = cells.map(number_of).astype("float64")
    blank = cells.map(is_blank).to_numpy(dtype=bool)
    sound = (numbers >= 0) & (numbers <= MOST_DWELLINGS) & (numbers % 1 == 0)
    bad = ~sound.to_numpy() & ~blank
    if bad.any():
        findings.fault("dwellings.bad_number", rows=cells.index[bad], column=heading)
    counts = numbers.where(sound, 0).astype("int64")
    if blank.any():
        findings.warn("dwellings.without_number", count=float(blank.sum()), column=heading)
    return counts


def _days(
    cells: pd.DataFrame, name: str, *, month: int, day: int, heading: str, findings: Findings
) -> pd.Series:
    """Return a column of dates; of a bare year its first or last day."""
    if name not in cells:
        return pd.Series(pd.NaT, index=cells.index, dtype="datetime64[s]")
    known: dict[str, np.datetime64] = {}
    wrong: set[str] = set()
    for text in cells[name].unique():
        found: date | None = None
        if _YEAR.fullmatch(text):
            found = date(int(text), month, day)
        elif not is_blank(text):
            try:
                found = date_of(text)
            except ValueError:
                wrong.add(text)
        known[text] = np.datetime64(found, "s") if found else np.datetime64("NaT", "s")
    if wrong:
        rows = cells.index[cells[name].isin(wrong)]
        findings.fault("dwellings.bad_date", rows=rows, column=heading)
    return pd.Series(
        np.array([known[text] for text in cells[name]], dtype="datetime64[s]"), index=cells.index
    )
