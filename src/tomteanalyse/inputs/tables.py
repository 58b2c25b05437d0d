"""Read a table from whichever file it is in: a spreadsheet, or the attributes of a map layer."""

from dataclasses import dataclass

import pandas as pd

from tomteanalyse.inputs.cells import text_of
from tomteanalyse.inputs.files import Source
from tomteanalyse.inputs.findings import Findings
from tomteanalyse.inputs.spreadsheet import is_spreadsheet, read_sheet
from tomteanalyse.inputs.vector import Layer, read_layer
from tomteanalyse.study import InputFile


@dataclass(frozen=True)
class Sheet:
    """A spreadsheet, in the form of a map layer without geometry."""

    frame: pd.DataFrame
    source: Source

    def inputs(self, *, dropped: int = 0) -> tuple[InputFile, ...]:
        """Return the manifest's entry."""
        return (self.source.fingerprint(read=len(self.frame), dropped=dropped),)


def read_table(
    source: Source, *, sheet: str | None, layer: str | None, findings: Findings
) -> tuple[pd.DataFrame, Layer | Sheet]:
    """Read a CSV, a workbook or a map file.

    Parameters
    ----------
    source
        The file.
    sheet, layer
        Which sheet of a workbook, which layer of a map file; needed where there are several.
    findings
        Gets what is wrong or odd.

    Returns
    -------
    texts : DataFrame
        Every attribute as text, on the rows' numbers.
    read : Layer or Sheet
        The file as it was read; its frame is a GeoDataFrame where it has geometry. Same rows.

    Raises
    ------
    DataError
        ``table.*`` or ``vector.*``.
    """
    if is_spreadsheet(source):
        table = read_sheet(source, sheet=sheet, findings=findings)
        return table, Sheet(table, source)
    read = read_layer(source, layer=layer, findings=findings)
    attributes = read.frame.drop(columns="geometry", errors="ignore")
    texts = pd.DataFrame(
        {name: attributes[name].map(text_of).astype("str") for name in attributes.columns},
        index=attributes.index,
    )
    return texts, read
