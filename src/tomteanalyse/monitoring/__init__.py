"""Municipal housing over time, on one fixed geometry: how much, how concentrated, and why."""
