"""Numbers per plot: pure functions from checked tables and the walking network to measurements."""
