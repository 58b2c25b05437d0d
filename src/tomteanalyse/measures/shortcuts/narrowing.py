"""Which pairs of plots and destinations are looked at, and where open ground matters to them."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely

from tomteanalyse.measures.shortcuts.search import Search
from tomteanalyse.network.shortcuts.arrays import Bools, Floats, Geometries, Ints
from tomteanalyse.network.shortcuts.edges import SAFE_NET
from tomteanalyse.network.shortcuts.parameters import ShortcutParameters

MOST_ELLIPSES = 20_000
ELLIPSE_CORNERS = 32
CIRCUMSCRIBED = 1.02
ROUNDING_M = 1.0
"""Ways are allowed this much more than they can be long, whatever rounding says [m]."""


@dataclass(frozen=True)
class Candidates:
    """Pairs to look at, and how long their ways may be.

    Parameters
    ----------
    plot, destination
        Numbers, shape (n,).
    limit_m
        Open ground is looked at as far as ways no longer than this lead [m], shape (n,).
    """

    plot: Ints
    destination: Ints
    limit_m: Floats

    def chosen(self, rows: Bools) -> "Candidates":
        """Return some of the pairs."""
        return Candidates(self.plot[rows], self.destination[rows], self.limit_m[rows])


def near_enough(
    doors: Geometries, places: Geometries, parameters: ShortcutParameters
) -> Candidates:
    """Return all pairs whose ends are near enough."""
    near, far = shapely.STRtree(doors).query(places, predicate="dwithin", distance=parameters.max_m)
    return Candidates(far, near, np.full(len(near), parameters.limit_m))


def safe_bounds(
    search: Search, asked: Candidates, wanted: Bools, *, shape: tuple[int, int], limit_m: float
) -> Floats:
    """Return what the safe ways of some pairs cost [m], inf beyond a limit and for the others.

    Parameters
    ----------
    search
        Ways on the safe network; where links of ends are missing, ways are too long.
    asked, wanted
        The pairs, and which of them are wanted, shape (n,).
    shape
        Number of plots and of destinations.
    limit_m
        How far is looked [m].
    """
    grid = np.zeros(shape, dtype=np.bool_)
    grid[asked.plot[wanted], asked.destination[wanted]] = True
    costs = search.costs(SAFE_NET, grid, limit_m=limit_m)
    return np.where(wanted, costs[asked.plot, asked.destination], np.inf)


def may_count(
    asked: Candidates,
    apart_m: Floats,
    safe_m: Floats,
    *,
    places: pd.DataFrame,
    parameters: ShortcutParameters,
) -> Bools:
    """Tell which pairs can be among those that count (see `choose_destinations`).

    Parameters
    ----------
    asked
        The pairs.
    apart_m, safe_m
        Straight distance, and what a safe way costs at most [m], shape (n,).
    places
        The destinations: ``category``, ``stop``.
    parameters
        Figures of the method.

    Notes
    -----
    Exact: a way past hazards costs no more than the safe way and no less than the straight line. A
    stop farther off in a straight line than enough others of its category by their safe ways is
    never among the nearest.
    """
    ends = pd.DataFrame(
        {
            "plot": asked.plot,
            "category": places["category"].to_numpy()[asked.destination],
            "stop": places["stop"].to_numpy()[asked.destination],
        }
    )
    one_stop = ends.groupby(["plot", "category", "stop"]).ngroup().to_numpy()
    one_category = ends.groupby(["plot", "category"]).ngroup().to_numpy()
    count = int(one_stop.max(initial=-1)) + 1
    nearest_m, least_m = np.full(count, np.inf), np.full(count, np.inf)
    np.minimum.at(nearest_m, one_stop, apart_m)
    np.minimum.at(least_m, one_stop, np.where(safe_m <= parameters.max_m, safe_m, np.inf))
    owner = np.zeros(count, dtype=np.int64)
    owner[one_stop] = one_category
    order = np.lexsort((least_m, owner))
    rank = np.arange(count) - np.searchsorted(owner[order], owner[order])
    last = order[rank == parameters.most_destinations - 1]
    # Where there are too few, every stop may count.
    farthest_m = np.full(count, np.inf)
    farthest_m[owner[last]] = least_m[last]
    may: Bools = nearest_m <= farthest_m[owner] + ROUNDING_M
    return may[one_stop]


def ground_that_matters(
    doors: Geometries,
    places: Geometries,
    plot: Ints,
    place: Ints,
    *,
    limit_m: Floats,
    round_ends_m: float = 0.0,
) -> shapely.Geometry:
    """Return an area that holds every way of some pairs that is no longer than a limit [m].

    Such a way stays within the ellipse round its ends; no metre of ground costs less than one.

    Parameters
    ----------
    doors, places
        Plots and destinations [m].
    plot, place
        The pairs.
    limit_m
        The limit of each [m].
    round_ends_m
        All ground this near the ends is in it too [m].
    """
    if not len(plot):
        return shapely.Polygon()
    if len(plot) > MOST_ELLIPSES:
        apart_m = float(shapely.distance(doors[plot], places[place]).max())
        return shapely.union_all(shapely.buffer(doors, (float(limit_m.max()) + apart_m) / 2.0))
    # Ends that are no points: ways may start anywhere on them.
    wide = [shapely.minimum_bounding_radius(each) for each in (doors, places)]
    one, other = (_middle(each) for each in (doors, places))
    middle, half = (one[plot] + other[place]) / 2, (other[place] - one[plot]) / 2
    focal_m = np.hypot(*half.T)
    long_m = np.maximum(limit_m / 2 + wide[0][plot] + wide[1][place], focal_m + 1.0)
    short_m = np.sqrt(long_m**2 - focal_m**2)
    turn = np.linspace(0, 2 * np.pi, ELLIPSE_CORNERS, endpoint=False)
    # Corners lie outside, so that the sides touch the ellipse.
    outside = 1.0 / np.cos(np.pi / ELLIPSE_CORNERS)
    unit = np.where(focal_m[:, None] > 0, half / np.maximum(focal_m, 1e-9)[:, None], [[1.0, 0.0]])
    across = np.column_stack([-unit[:, 1], unit[:, 0]])
    corners = (
        middle[:, None, :]
        + (outside * long_m)[:, None, None] * np.cos(turn)[None, :, None] * unit[:, None, :]
        + (outside * short_m)[:, None, None] * np.sin(turn)[None, :, None] * across[:, None, :]
    )
    parts = [shapely.polygons(corners)]
    if round_ends_m > 0:
        parts.append(discs(doors[np.unique(plot)], round_ends_m))
        parts.append(discs(places[np.unique(place)], round_ends_m))
    return shapely.union_all(np.concatenate(parts))


def discs(ends: Geometries, radius_m: float) -> Geometries:
    """Return areas that hold all that is this near to ends [m]."""
    # A buffer's corners lie on the circle, its sides within.
    found: Geometries = shapely.buffer(ends, CIRCUMSCRIBED * radius_m)
    return found


def _middle(shapes: Geometries) -> Floats:
    """Return where shapes lie [m], NaN for one that is empty: a plot outside the extract."""
    xy = np.full((len(shapes), 2), np.nan)
    there = ~shapely.is_empty(shapes)
    xy[there] = shapely.get_coordinates(shapely.centroid(shapes[there]))
    return xy
