"""The rows of the shortcut findings that belong together: of a pair, of a crossing place."""

import math

import pandas as pd

from tomteanalyse.measures.shortcuts.findings import ShortcutFindings
from tomteanalyse.measures.shortcuts.places import SHOWN_RISK, SHOWN_SAVING_M
from tomteanalyse.scoring.barrier_text import Row, barriers, missing, same_line

Ends = tuple[str, str]


def met_by_pair(found: ShortcutFindings) -> dict[Ends, tuple[list[Row], list[Row]]]:
    """Return the crossings in walking order and the stretches of every pair that has any.

    Returns
    -------
    dict
        By plot and destination id; rows as `ShortcutFindings.crossings` and ``stretches``.
    """
    met: dict[Ends, tuple[list[Row], list[Row]]] = {}
    crossings = found.crossings.sort_values(["plot_id", "destination_id", "order"])
    for which, table in enumerate((crossings, found.stretches)):
        for row in rows_of(table):
            ends = (str(row["plot_id"]), str(row["destination_id"]))
            met.setdefault(ends, ([], []))[which].append(row)
    return met


def rows_of(table: pd.DataFrame) -> list[Row]:
    """Return the rows of a table of the findings."""
    return [
        {str(name): cell for name, cell in row.items()}
        for row in pd.DataFrame(table).to_dict("records")
    ]


def has_finding(pair: Row) -> bool:
    """Tell whether a pair has an unsafe shortcut that is worth showing.

    What saves less than the measure may err, or hardly gives any index, counts in the index but is
    not listed: the thresholds are those of crossing places.
    """
    return bool(pair["risk"] >= SHOWN_RISK and pair["saving_m"] >= SHOWN_SAVING_M)


def lines_by_place(found: ShortcutFindings) -> dict[int, list[Row]]:
    """Return the crossings that tell what is crossed at each crossing place, by its number.

    Of all ways over the place those of the one that crosses the most carriageways or tracks of
    what the place is named after. A place that no tempting way crosses, only the next best one,
    has what it says itself, without the speed: whether that was assumed is not known there.
    """
    places = dict(zip(found.places.index, rows_of(found.places), strict=True))
    widest: dict[int, list[Row]] = {}
    for crossings, _ in met_by_pair(found).values():
        for lines in barriers(crossings):
            number = lines[0]["place"]
            if missing(number) or not same_line(lines[0], places[int(number)]):
                continue
            before = widest.get(int(number), [])
            if len({each["way"] for each in lines}) > len({each["way"] for each in before}):
                widest[int(number)] = lines
    unmet = {"way": None, "speed_kmh": math.nan, "speed_assumed": False}
    return {number: widest.get(number, [{**place, **unmet}]) for number, place in places.items()}
