"""Which unsafe shortcuts a home tempts to: the index per plot, the pairs, the places behind it."""
