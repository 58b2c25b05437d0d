"""From measurements to a ranking: value functions, criteria, profiles, robustness, explanation."""
