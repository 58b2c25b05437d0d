"""Find the files a study file names, and take their fingerprints."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from tomteanalyse.errors import DataError, Notice
from tomteanalyse.study import InputFile

AS_TYPED = {sign: repr(chr(sign))[1:-1] for sign in (*range(32), 127)} | {8: "\\b", 12: "\\f"}
"""Signs that TOML makes of a Windows path in quotes (``\\t`` is a tab), and how they were typed."""


@dataclass(frozen=True)
class Source:
    """One input file.

    Parameters
    ----------
    path
        Where it lies.
    name
        What the planner calls it: as the study file writes it, but never an absolute path.
    role
        What it is for, as in `InputFile.role`.
    """

    path: Path
    name: str
    role: str

    def fingerprint(self, *, read: int, dropped: int = 0) -> InputFile:
        """Return the manifest's entry: name, SHA-256, rows read and dropped."""
        return InputFile(self.role, self.name, sha256(self.path), read, dropped)

    def beside(self, path: Path) -> "Source":
        """Return a companion file in the same folder, e.g. the ``.dbf`` of a ``.shp``."""
        return Source(path, str(Path(self.name).with_name(path.name)), self.role)


def find_source(folder: Path, written: str, *, role: str) -> Source:
    """Find the file that a study file names, relative to the study's folder.

    Raises
    ------
    DataError
        ``study.tab_in_path``, ``study.control_in_path``, ``study.missing_input``,
        ``study.missing_extract``, ``study.folder_input``, ``study.empty_input`` or
        ``study.closed_input``.
    """
    typed = written.translate(AS_TYPED)
    if typed != written:
        code = "study.tab_in_path" if "\t" in written else "study.control_in_path"
        raise DataError(Notice(code, file=typed.replace("\\", "/").rsplit("/", 1)[-1]))
    path = folder / written
    # A path from another system is absolute there though not here; its folders are nobody's affair.
    absolute = path == Path(written) or "\\" in written
    name = written.replace("\\", "/").rsplit("/", 1)[-1] if absolute else written
    if path.is_dir():
        raise DataError(Notice("study.folder_input", file=name))
    if not path.is_file():
        code = "study.missing_extract" if role == "extract" else "study.missing_input"
        raise DataError(Notice(code, file=name))
    if path.stat().st_size == 0:
        raise DataError(Notice("study.empty_input", file=name))
    try:
        path.open("rb").close()
    except OSError as error:
        raise DataError(Notice("study.closed_input", file=name)) from error
    return Source(path, name, role)


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
