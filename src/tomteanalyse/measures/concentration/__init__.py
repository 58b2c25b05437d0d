"""How municipal housing is spread: around a plot, among the nearest dwellings, over areas."""
