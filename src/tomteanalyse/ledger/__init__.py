"""The register over time: every state it has been in, kept as it was known then.

The ledger is sensitive: each row of it is a welfare home. It lies in the study's own folder, only
its owner can read it, and nothing public is made from it.
"""

from tomteanalyse.ledger.history import as_known, states
from tomteanalyse.ledger.keeping import Kept, keep_state
from tomteanalyse.ledger.late import late_corrections
from tomteanalyse.ledger.restated import corrections
from tomteanalyse.ledger.writing import FILE_NAME, Added, add_state

__all__ = [
    "FILE_NAME",
    "Added",
    "Kept",
    "add_state",
    "as_known",
    "corrections",
    "keep_state",
    "late_corrections",
    "states",
]
