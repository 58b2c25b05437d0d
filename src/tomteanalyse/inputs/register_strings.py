"""The ids and addresses of a register, for those who must see to it that they are told nobody."""

from dataclasses import dataclass
from pathlib import Path

from tomteanalyse.config import RegisterConfig
from tomteanalyse.inputs.cells import is_blank, text_of
from tomteanalyse.inputs.columns import match_columns
from tomteanalyse.inputs.files import find_source
from tomteanalyse.inputs.findings import Findings
from tomteanalyse.inputs.register_columns import ALIASES
from tomteanalyse.inputs.spreadsheet import is_spreadsheet, read_sheet
from tomteanalyse.inputs.vector import read_layer


@dataclass(frozen=True, repr=False)
class RegisterStrings:
    """What the register calls its units and where it says that they are.

    Parameters
    ----------
    ids
        Ids of units and buildings, of those without a place and those no longer owned too.
    addresses
        Addresses as they are written.
    """

    ids: tuple[str, ...]
    addresses: tuple[str, ...]


def register_strings(folder: Path, *, config: RegisterConfig) -> RegisterStrings:
    """Read them from the register's file; they are kept nowhere.

    Parameters
    ----------
    folder
        The study's folder.
    config
        What the study file says of the register.

    Raises
    ------
    DataError
        If the file cannot be read; see `tomteanalyse.inputs.register`.
    """
    source = find_source(folder, config.file, role="register")
    findings = Findings(source.name)
    if is_spreadsheet(source):
        table = read_sheet(source, sheet=config.sheet, findings=findings)
    else:
        table = read_layer(source, layer=config.layer, findings=findings).frame
    headings = [str(each) for each in table.columns if each != "geometry"]
    found = match_columns(headings, aliases=ALIASES, chosen=config.columns, findings=findings)
    findings.stop_if_faulty()

    def of(*names: str) -> tuple[str, ...]:
        columns = [table[found[name]] for name in names if name in found]
        texts = {text_of(cell).strip() for column in columns for cell in column}
        return tuple(sorted(each for each in texts if not is_blank(each)))

    return RegisterStrings(of("unit_id", "building_id"), of("address"))
