"""The walking network as arrays: which ways are safe to walk, snapping, shortest paths."""
