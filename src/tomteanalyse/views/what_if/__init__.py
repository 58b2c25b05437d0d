"""What corrections would change: in words, as tables, on a map, as data."""
