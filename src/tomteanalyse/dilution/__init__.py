"""Boligfortynning: what selling, buying or moving municipal homes would do, and what it costs."""
