"""What the planner corrects on the map: every correction rewrites the extract, traceably."""

from tomteanalyse.corrections.apply import corrected
from tomteanalyse.corrections.kinds import COLUMNS, CROSSINGS, KINDS, NEEDS, CorrectionKind

__all__ = ["COLUMNS", "CROSSINGS", "KINDS", "NEEDS", "CorrectionKind", "corrected"]
