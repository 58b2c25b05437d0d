"""Faults, warnings and dropped rows, collected so that all of a file is told at once."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NoReturn

import geopandas as gpd
import pandas as pd

from tomteanalyse.errors import DataError, Notice, PrivacyError
from tomteanalyse.inputs.cells import looks_like_name
from tomteanalyse.study import InputFile
from tomteanalyse.texts import Language


@dataclass(frozen=True)
class Dropped:
    """One row left out: where it stood, whose it is, and the code of the reason."""

    file: str
    row: int
    id: str
    reason: str


@dataclass(frozen=True)
class Loaded:
    """A checked table and what the manifest says of the files it came from.

    ``unplaced`` is `Study.unplaced`; only a register has it.
    """

    table: gpd.GeoDataFrame
    inputs: tuple[InputFile, ...]
    warnings: tuple[Notice, ...]
    dropped: tuple[Dropped, ...] = ()
    unplaced: pd.DataFrame = field(default_factory=pd.DataFrame)


@dataclass
class Findings:
    """What is found wrong or odd in one file, in the order it is found.

    Parameters
    ----------
    file
        Name of the file as the planner knows it.
    hide_names
        Whether ids that look like a person's name are left out of what is told; the row is enough.
    """

    file: str
    hide_names: bool = False
    faults: list[Notice] = field(default_factory=list)
    warnings: list[Notice] = field(default_factory=list)
    dropped: list[Dropped] = field(default_factory=list)

    def fault(
        self, code: str, *, rows: Iterable[int] = (), ids: Iterable[str] = (), **values: object
    ) -> None:
        """Note something that stops the run."""
        self.faults.append(self._notice(code, rows, ids, values))

    def warn(
        self, code: str, *, rows: Iterable[int] = (), ids: Iterable[str] = (), **values: object
    ) -> None:
        """Note something the planner should know though the run goes on."""
        self.warnings.append(self._notice(code, rows, ids, values))

    def drop(self, code: str, *, rows: Iterable[int], ids: Iterable[str]) -> None:
        """Note rows that are left out, and warn of them."""
        gone = [
            Dropped(self.file, int(row), "" if self._hidden(unit) else unit, code)
            for row, unit in zip(rows, ids, strict=True)
        ]
        self.dropped += gone
        self.warn(
            code, rows=[one.row for one in gone], ids=[one.id for one in gone], count=len(gone)
        )

    def stop_if_faulty(self) -> None:
        """Raise every fault found so far.

        Raises
        ------
        DataError
            If there is any fault.
        PrivacyError
            If one of them is about person data.
        """
        if self.faults:
            raise_all(self.faults)

    def _hidden(self, unit: str) -> bool:
        return self.hide_names and looks_like_name(unit)

    def _notice(
        self, code: str, rows: Iterable[int], ids: Iterable[str], values: dict[str, object]
    ) -> Notice:
        return Notice(
            code,
            file=self.file,
            rows=tuple(int(row) for row in rows),
            ids=tuple(str(one) for one in ids if str(one) and not self._hidden(str(one))),
            values=values,
        )


def raise_all(faults: Iterable[Notice], *, language: Language = "nb") -> NoReturn:
    """Raise the faults of all files as one error.

    Raises
    ------
    PrivacyError
        If any of them is about person data: that is the graver matter and decides the exit code.
    DataError
        Otherwise.
    """
    notices = tuple(faults)
    private = any(notice.code.startswith("persons.") for notice in notices)
    raise (PrivacyError if private else DataError)(*notices, language=language)
