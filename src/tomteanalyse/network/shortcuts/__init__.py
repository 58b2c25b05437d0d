"""The safe way and the tempting way: hazards with sides, open ground, four nested graphs."""
