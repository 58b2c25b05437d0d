"""The days that are looked at: the first of every year, or of every quarter."""

from datetime import date

from tomteanalyse.errors import Notice, UsageError
from tomteanalyse.monitoring.found import Step

_MONTHS: dict[Step, tuple[int, ...]] = {"year": (1,), "quarter": (1, 4, 7, 10)}


def first_days(start: date, end: date, *, step: Step) -> tuple[date, ...]:
    """Return the first day of every year or quarter from one day to another, both included.

    Parameters
    ----------
    start, end
        The span. To name a year is to name its first of January, also as the end: the quarters of
        the last year are not looked at then.
    step
        What lies between the days.

    Raises
    ------
    UsageError
        ``monitoring.no_days`` where there is no such day in the span.
    """
    days = tuple(
        day
        for year in range(start.year, end.year + 1)
        for month in _MONTHS[step]
        for day in [date(year, month, 1)]
        if start <= day <= end
    )
    if not days:
        values = {"start": start, "end": end}
        raise UsageError(Notice("monitoring.no_days", values=values))
    return days
