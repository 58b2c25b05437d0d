"""Rank candidate plots for municipal welfare housing, with reasons."""

__version__ = "0.1.0"
