"""Read and check what a planner brings; the only place that opens files or uses the network."""
