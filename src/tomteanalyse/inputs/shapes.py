"""Mend and simplify geometry without changing what it says."""

import numpy as np
import numpy.typing as npt
import shapely

AREA_KEPT = 0.01
"""A mended polygon may differ by this share of its area; a bow-tie differs by all of it."""

Shapes = npt.NDArray[np.object_]
Mask = npt.NDArray[np.bool_]


def mended_polygons(shapes: Shapes, *, smallest_m2: float) -> tuple[Shapes, Mask, Mask]:
    """Make polygons valid where that keeps their area.

    Parameters
    ----------
    shapes
        Polygons, MultiPolygons or collections with an area, shape (n,), none empty.
    smallest_m2
        An area below this is no area.

    Returns
    -------
    shapes
        Valid Polygons and MultiPolygons, shape (n,); a MultiPolygon of one is a Polygon.
    mended
        Which were mended.
    hopeless
        Which have no area, or would have another one after mending (a bow-tie: its two halves
        cancel out, and which way round the planner meant it cannot be known). Left as they were.
    """
    shapes = np.array(shapes, dtype=object)
    fixed, broken = made_valid(shapes)
    after = shapely.area(fixed)
    hopeless = (after < smallest_m2) | (np.abs(after - shapely.area(shapes)) > AREA_KEPT * after)
    fixed[hopeless] = shapes[hopeless]
    return fixed, broken & ~hopeless, hopeless


def made_valid(shapes: Shapes) -> tuple[Shapes, Mask]:
    """Make areas valid whatever it does to their size: every part a line runs round counts.

    Returns
    -------
    shapes
        Valid Polygons and MultiPolygons (empty where there was no area), shape (n,).
    broken
        Which were not valid before.
    """
    kinds = shapely.get_type_id(shapes)
    broken = ~shapely.is_valid(shapes) | (kinds == shapely.GeometryType.GEOMETRYCOLLECTION)
    fixed = np.array(shapes, dtype=object)
    for place in np.flatnonzero(broken):
        parts = shapely.get_parts(shapely.make_valid(shapes[place]))
        flat = shapely.get_parts(parts[shapely.get_dimensions(parts) == 2])
        fixed[place] = shapely.union_all(flat)
    return _unwrapped(fixed), broken


def as_points(shapes: Shapes) -> tuple[Shapes, Mask]:
    """Return points as points, also those written as MultiPoints of one.

    Returns
    -------
    points
        Shape (n,); only to be used where `odd` is False.
    odd
        Which are empty or are no single point.
    """
    shapes = np.array(shapes, dtype=object)
    multi = shapely.get_type_id(shapes) == shapely.GeometryType.MULTIPOINT
    single = multi & (shapely.get_num_geometries(shapes) == 1)
    shapes[single] = shapely.get_geometry(shapes[single], 0)
    odd = (shapely.get_type_id(shapes) != shapely.GeometryType.POINT) | shapely.is_empty(shapes)
    return shapes, odd


def _unwrapped(shapes: Shapes) -> Shapes:
    single = (shapely.get_type_id(shapes) == shapely.GeometryType.MULTIPOLYGON) & (
        shapely.get_num_geometries(shapes) == 1
    )
    shapes = shapes.copy()
    shapes[single] = shapely.get_geometry(shapes[single], 0)
    return shapes
