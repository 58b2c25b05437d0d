"""A correction that does not fit the map it is made on."""

from tomteanalyse.errors import Notice


class Misfit(Exception):  # noqa: N818 - no error of the program: it becomes a notice
    """What is the matter with one correction.

    Parameters
    ----------
    code
        Key of its texts.
    values
        What the texts' placeholders stand for.
    """

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code)
        self.code = code
        self.values = values

    def notice(self, *, file: str, row: int) -> Notice:
        """Return it as a notice that says where the correction stands."""
        return Notice(self.code, file=file, rows=(row,), values=self.values)
