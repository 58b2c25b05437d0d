"""The colours of the grades, the same in every view; always shown with their letter."""

GRADE_COLOURS = {
    "A": "#00224e",
    "B": "#434e6c",
    "C": "#7d7c78",
    "D": "#bcae6c",
    "E": "#fee838",
}
"""Five steps of cividis, which people with red-green colour blindness tell apart best."""

INK_ON = {"A": "#ffffff", "B": "#ffffff", "C": "#000000", "D": "#000000", "E": "#000000"}
"""The colour of a letter that is readable on its grade's colour."""

KNOCKED_OUT = "#ffffff"
"""Plots that are knocked out are hatched on white, not coloured by their score."""
