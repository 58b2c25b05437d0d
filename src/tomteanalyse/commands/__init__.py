"""What a planner types, a function for each command; results go to stdout, all else to stderr."""
