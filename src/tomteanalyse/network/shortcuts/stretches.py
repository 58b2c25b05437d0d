"""Straight stretches of hazards and fences, and which straight links meet them."""

import numpy as np
import shapely

from tomteanalyse.network.shortcuts.arrays import Bools, Floats, Geometries, Ints

TOUCHING_M = 1e-6
"""What is this near touches, whatever rounding says [m]."""


class Stretches:
    """Finds the straight stretches that straight links meet.

    Parameters
    ----------
    ends
        Where each stretch begins and ends [m], shape (n, 2, 2).
    """

    def __init__(self, ends: Floats) -> None:
        self._ends = ends.reshape(-1, 4)
        low, high = ends.min(axis=1) - TOUCHING_M, ends.max(axis=1) + TOUCHING_M
        self._boxes = shapely.STRtree(shapely.box(*low.T, *high.T))

    def met_by(self, links: Geometries) -> tuple[Ints, Ints]:
        """Return which links meet which stretches; touching is meeting.

        Parameters
        ----------
        links
            Lines of two points [m], shape (k,).
        """
        link, stretch = self._boxes.query(links)
        drawn = shapely.get_coordinates(links).reshape(-1, 4)
        # They meet where the ends of neither lie clearly on one side of the other.
        for one, other in (((self._ends, 1), (drawn, 0)), ((drawn, 0), (self._ends, 1))):
            numbers = (link, stretch)
            beside = _beside(one[0], numbers[one[1]], other[0], numbers[other[1]])
            link, stretch = link[~beside], stretch[~beside]
        return link, stretch


def _beside(lines: Floats, of_line: Ints, others: Floats, of_other: Ints) -> Bools:
    """Tell whether both ends of other segments lie clearly on the same side of lines."""
    # Column by column: there are millions.
    x, y, to_x, to_y = (column[of_line] for column in lines.T)
    to_x -= x
    to_y -= y
    touching = TOUCHING_M * np.hypot(to_x, to_y)
    sides = []
    for at_x, at_y in (others.T[:2], others.T[2:]):
        sides.append(to_x * (at_y[of_other] - y) - to_y * (at_x[of_other] - x))
    beside: Bools = (np.minimum(*sides) > touching) | (np.maximum(*sides) < -touching)
    return beside
