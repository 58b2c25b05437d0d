"""Unsafe shortcuts: what crossing a hazard would save from every plot to every destination."""
