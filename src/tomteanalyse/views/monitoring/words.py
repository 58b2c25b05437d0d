"""What days were looked at, and what shares are shares of, in words."""

from tomteanalyse.measures.concentration.findings import Basis
from tomteanalyse.monitoring.found import Monitoring
from tomteanalyse.study import Study
from tomteanalyse.texts import Catalog


def days_text(found: Monitoring, say: Catalog) -> str:
    """Say from when to when, and how often."""
    first, last = (say.date(day.isoformat()) for day in (found.days[0], found.days[-1]))
    if len(found.days) == 1:
        return first
    step = say(f"monitoring_page.step.{found.step}")
    return say("monitoring_page.days", first=first, last=last, step=step)


def basis_text(found: Monitoring, say: Catalog) -> str:
    """Name the denominator, with the file it was taken from."""
    if found.basis is None:
        return say("monitoring_page.basis.none")
    return say("monitoring_page.basis.from", what=source_text(found.basis, found.study, say))


def source_text(basis: Basis, study: Study, say: Catalog) -> str:
    """Name what all dwellings were taken from, e.g. «adressefilen (adresser.csv)»."""
    file = next((each.name for each in study.inputs if each.role == "dwellings"), None)
    return say(f"monitoring_page.basis.{basis}") + (f" ({file})" if file else "")


def share_heading(key: str, found: Monitoring, say: Catalog) -> str:
    """Head a column of shares with what they are shares of.

    Parameters
    ----------
    key
        Which share: of the texts ``monitoring_tables.column``.
    found
        What was found.
    say
        The texts.
    """
    name = say(f"monitoring_tables.column.{key}")
    if found.basis is None:
        return name
    basis = say(f"monitoring_page.basis.{found.basis}")
    return say("monitoring_tables.of", share=name, basis=basis)
