"""``rangering.csv``, and what the ranking tells in the internal edition."""

from pathlib import Path

from tomteanalyse.assessment import Assessment
from tomteanalyse.texts import Catalog, Language, catalog
from tomteanalyse.views.concentration_columns import in_ranking
from tomteanalyse.views.tables import Column, ranking_columns, write_columns


def internal_ranking(assessment: Assessment, say: Catalog) -> list[Column]:
    """Return the ranking, best first, with the concentration around every plot at its end."""
    return [*ranking_columns(assessment, say), *in_ranking(assessment, say)]


def write_csv(assessment: Assessment, path: Path, *, language: Language) -> None:
    """Write the ranking for a Norwegian Excel (see `write_columns`).

    Parameters
    ----------
    assessment
        What to write.
    path
        The file.
    language
        Language of the headings and words; the number format is the same in all.
    """
    say = catalog(language)
    write_columns(internal_ranking(assessment, say), path, edition="internal", say=say)
