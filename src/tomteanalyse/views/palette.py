"""The colours of the grades, the same in every view; always shown with their letter."""

GRADE_COLOURS = {
    "A": "#142a66",
    "B": "#2670a9",
    "C": "#45b3ba",
    "D": "#a8dba8",
    "E": "#fff1a1",
}
"""From dark blue to pale yellow, lighter at every step.

For people who do not see red from green the two nearest of them are 25 apart (CIE 1976, Machado's
deuteranopia); five steps of cividis are 24 and have a grey that is lost on a grey map.
"""

INK_ON = {"A": "#ffffff", "B": "#ffffff", "C": "#000000", "D": "#000000", "E": "#000000"}
"""The colour of a letter that is readable on its grade's colour."""

UNMEASURED = "#e3e3e3"
"""Plots of which too little is measured have no letter; grey is no grade's colour."""

KNOCKED_OUT = "#ffffff"
"""Plots that are knocked out are hatched on white, not coloured by their score."""
