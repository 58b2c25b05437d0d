"""What moves of municipal homes would do: in words, as tables, on a map, as data. Internal only."""
