"""Read the register of existing municipal homes."""

import re
from collections.abc import Mapping
from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj

from tomteanalyse.config import RegisterConfig
from tomteanalyse.inputs.addresses import AddressBook
from tomteanalyse.inputs.cells import date_of, is_blank, number_of, text_of, turned_into_date
from tomteanalyse.inputs.columns import match_columns, nearest_heading, plain
from tomteanalyse.inputs.files import Source
from tomteanalyse.inputs.findings import Findings, Loaded
from tomteanalyse.inputs.persons import is_bare_name, refuse_persons
from tomteanalyse.inputs.placement import Bounds
from tomteanalyse.inputs.register_columns import ALIASES, CAUSES, HOUSING_FORMS, NO, YES
from tomteanalyse.inputs.register_places import located
from tomteanalyse.inputs.tables import read_table

_STEP = re.compile(r"(?:(?:bolig|bustad)?trapp\w*|trinn|steg|step)?\.?\s*([1-5])(?:[.,]0+)?")
MOST_HOMES = 10_000
_ORDINARY, _SHARED = "ordinaer_bolig", "bofellesskap"


def read_register(
    source: Source,
    *,
    config: RegisterConfig,
    book: AddressBook | None,
    study_crs: pyproj.CRS,
    near: Bounds | None,
) -> Loaded:
    """Read the register as `Study.units` describes it.

    Parameters
    ----------
    source, config
        The file (CSV, XLSX or a map file), and what the study file says of it.
    book
        Addresses to place units by that have no coordinates; None where no file was given.
    study_crs, near
        The study's system, and the extent of its area in it [m] where that is known.

    Raises
    ------
    PrivacyError
        ``persons.*`` if a column holds persons, with every other fault of the file.
    DataError
        Every fault of the file: ``register.*``, ``table.*``, ``vector.*``.
    """
    findings = Findings(source.name, hide_names=True)
    table, read = read_table(source, sheet=config.sheet, layer=config.layer, findings=findings)
    refuse_persons(table, findings=findings)
    found = match_columns(
        list(table.columns), aliases=ALIASES, chosen=config.columns, findings=findings
    )
    if "unit_id" not in found:
        if "unit_id" not in config.columns:
            _tell_no_id(list(table.columns), findings=findings)
        findings.stop_if_faulty()
    for heading in sorted(filter(is_bare_name, found.values())):
        # Only a study file can choose such a column; as an id it would end up in every table.
        findings.fault("persons.column", column=f"«{heading}»")
    cells = pd.DataFrame(
        {name: table[heading].map(text_of).str.strip() for name, heading in found.items()},
        index=table.index,
        dtype="str",
    )
    units = _checked(cells, found, on=config.on, findings=findings)
    findings.stop_if_faulty()
    units["geometry"] = located(
        cells, read.frame, config=config, book=book, study_crs=study_crs, near=near,
        headings=found, findings=findings,
    )  # fmt: skip
    findings.stop_if_faulty()
    placed = units["geometry"].notna()
    if not len(units):
        findings.warn("register.empty")
    kept = gpd.GeoDataFrame(units[placed], geometry="geometry", crs=study_crs)
    # Only what is counted: a unit without a place is told by its id among the dropped rows.
    unplaced = units.loc[~placed, ["homes", "step", "current"]]
    return Loaded(
        kept.set_index("unit_id").sort_index(),
        read.inputs(dropped=len(unplaced)),
        tuple(findings.warnings),
        tuple(findings.dropped),
        unplaced.sort_values(list(unplaced.columns), ignore_index=True),
    )


def _tell_no_id(headings: list[str], *, findings: Findings) -> None:
    # The headings are not listed: where the heading row is missing they are somebody's data.
    near = nearest_heading(headings, ALIASES["unit_id"][:-1])
    code = "register.no_id_column" if near is None else "register.no_id_column_near"
    findings.fault(code, near=near)


def _checked(
    cells: pd.DataFrame, headings: Mapping[str, str], *, on: date | None, findings: Findings
) -> pd.DataFrame:
    """Return the units' facts, on the rows' numbers, with every fault noted."""
    ids = cells["unit_id"]
    _check_ids(ids, findings=findings)
    for name in ("unit_id", "building_id"):
        if name in cells:
            dates = cells[name].map(turned_into_date).astype(bool)
            if dates.any():
                rows = cells.index[dates]
                findings.fault("table.excel_date", rows=rows, column=headings[name])
    units = pd.DataFrame({"unit_id": ids}, index=cells.index)
    units["homes"] = _homes(cells, findings=findings)
    units["step"] = _steps(cells, findings=findings)
    units["housing_form"] = _forms(cells, findings=findings)
    units["building_id"] = _buildings(cells)
    for name in ("valid_from", "valid_to"):
        units[name] = _dates(cells, name, heading=headings.get(name, ""), findings=findings)
    reversed_ = units["valid_to"] < units["valid_from"]
    _tell("register.dates_reversed", reversed_, ids, findings=findings)
    for name, when in (("began", "valid_from"), ("ended", "valid_to")):
        units[name] = _causes(cells, name, heading=headings.get(name, ""), findings=findings)
        # Without its day a cause cannot be told in any year, and a home that is gone still counts.
        undated = units[name].notna() & units[when].isna()
        _tell(f"register.{name}_undated", undated, ids, findings=findings, fault=False)
    if on is None:
        units["current"] = units["valid_to"].isna()
    else:
        day = pd.Timestamp(on)
        begun = units["valid_from"].isna() | (units["valid_from"] <= day)
        units["current"] = begun & (units["valid_to"].isna() | (units["valid_to"] >= day))
    return units


def _tell(
    code: str, rows: pd.Series, ids: pd.Series, *, findings: Findings, fault: bool = True
) -> None:
    if rows.any():
        note = findings.fault if fault else findings.warn
        chosen = rows.to_numpy(dtype=bool)
        note(code, rows=rows.index[chosen], ids=ids[chosen], count=int(chosen.sum()))


def _check_ids(ids: pd.Series, *, findings: Findings) -> None:
    missing = ids.map(is_blank).astype(bool)
    if missing.any():
        findings.fault("register.missing_id", rows=ids.index[missing])
    twice = ids.duplicated(keep=False) & ~missing
    if twice.any():
        findings.fault("register.duplicate_id", rows=ids.index[twice], ids=sorted(set(ids[twice])))


def _homes(cells: pd.DataFrame, *, findings: Findings) -> pd.Series:
    if "homes" not in cells:
        if len(cells):
            findings.warn("register.no_homes_column")
        return pd.Series(1, index=cells.index, dtype="int64")
    numbers = cells["homes"].map(number_of).astype("float64")
    bad = ~((numbers >= 1) & (numbers <= MOST_HOMES) & (numbers % 1 == 0))
    _tell("register.bad_homes", bad, cells["unit_id"], findings=findings)
    return numbers.where(~bad, 1).astype("int64")


def _steps(cells: pd.DataFrame, *, findings: Findings) -> pd.Series:
    if "step" not in cells:
        if len(cells):
            findings.warn("register.no_step_column")
        return pd.Series(pd.NA, index=cells.index, dtype="Int64")
    digits = cells["step"].str.casefold().str.extract(f"^{_STEP.pattern}$", expand=False)
    blank = cells["step"].map(is_blank).astype(bool)
    _tell("register.bad_step", digits.isna() & ~blank, cells["unit_id"], findings=findings)
    return pd.to_numeric(digits).astype("Int64")


def _forms(cells: pd.DataFrame, *, findings: Findings) -> pd.Series:
    forms = pd.Series(None, index=cells.index, dtype="str")
    if "housing_form" in cells:
        blank = cells["housing_form"].map(is_blank).astype(bool)
        forms = cells["housing_form"].map(lambda text: HOUSING_FORMS.get(plain(text))).astype("str")
        unknown = forms.isna() & ~blank
        _tell("register.unknown_form", unknown, cells["unit_id"], findings=findings, fault=False)
    if "shared_housing" in cells:
        said = cells["shared_housing"].map(plain)
        unclear = ~said.isin(YES | NO) & ~cells["shared_housing"].map(is_blank).astype(bool)
        ids = cells["unit_id"]
        _tell("register.unclear_shared", unclear, ids, findings=findings, fault=False)
        # A kind of building («leilighet») says less than this; a particular form says more.
        forms = forms.mask(said.isin(YES) & (forms.isna() | (forms == _ORDINARY)), _SHARED)
    return forms


def _causes(cells: pd.DataFrame, name: str, *, heading: str, findings: Findings) -> pd.Series:
    if name not in cells:
        return pd.Series(None, index=cells.index, dtype="str")
    blank = cells[name].map(is_blank).astype(bool)
    causes = cells[name].map(lambda text: CAUSES[name].get(plain(text))).astype("str")
    unknown = causes.isna() & ~blank
    if unknown.any():
        rows, ids = cells.index[unknown], cells["unit_id"][unknown]
        findings.warn(f"register.unknown_{name}", rows=rows, ids=ids, column=heading)
    return causes


def _buildings(cells: pd.DataFrame) -> pd.Series:
    if "building_id" not in cells:
        return pd.Series(None, index=cells.index, dtype="str")
    return cells["building_id"].mask(cells["building_id"].map(is_blank).astype(bool))


def _dates(cells: pd.DataFrame, name: str, *, heading: str, findings: Findings) -> pd.Series:
    if name not in cells:
        return pd.Series(pd.NaT, index=cells.index, dtype="datetime64[s]")
    days: list[date | None] = []
    bad: list[int] = []
    for row, text in zip(cells.index, cells[name], strict=True):
        try:
            days.append(None if is_blank(text) else date_of(text))
        except ValueError:
            days.append(None)
            bad.append(row)
    if bad:
        findings.fault("register.bad_date", rows=bad, ids=cells["unit_id"].loc[bad], column=heading)
    stamps = np.array([np.datetime64(day, "s") if day else np.datetime64("NaT") for day in days])
    return pd.Series(stamps.astype("datetime64[s]"), index=cells.index)
