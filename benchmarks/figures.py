"""One row of the table, and the table."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """Something that was measured, and what was aimed for.

    Parameters
    ----------
    what, case
        What was measured, on which data.
    ours, theirs
        What it took, ready written with unit; `theirs` says against whom.
    measured
        The figure itself, ready written.
    aim
        What the project aims for, ready written; empty where it is for information.
    reached
        Whether the aim was reached; None where there is no aim.
    """

    what: str
    case: str
    ours: str
    theirs: str
    measured: str
    aim: str = ""
    reached: bool | None = None


HEADING = """\
| figure | case | ours | against | measured | aim | reached |
| --- | --- | --- | --- | --- | --- | --- |"""


def row(figure: Figure) -> str:
    """Return a figure as a row of the Markdown table under `HEADING`."""
    f = figure
    answer = {True: "yes", False: "**no**", None: ""}[f.reached]
    return f"| {' | '.join((f.what, f.case, f.ours, f.theirs, f.measured, f.aim, answer))} |"


def seconds(taken: float) -> str:
    """Write a time with as many digits as it is worth."""
    return (
        f"{taken * 1000:.0f} ms"
        if taken < 1
        else f"{taken:.2g} s"
        if taken < 10
        else f"{taken:.0f} s"
    )
