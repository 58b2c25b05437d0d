"""The sea, which OpenStreetMap does not hold as an area: the water is to the right of a coast."""

import numpy as np
import numpy.typing as npt
import shapely
from shapely import LineString, Polygon

from tomteanalyse.views.web_map.packing import Shapes

ONE_SIDED = 0.9
"""Share of a face's coast that must agree before the face is called sea."""
BESIDE_M = 0.5


def sea(coast: Shapes, frame: Polygon) -> Shapes:
    """Return the parts of `frame` that are sea.

    The frame is cut along the coast. A face is sea if the coast around it has the face on its
    right. Where the coast does not agree with itself, or there is none, nothing is drawn.

    Parameters
    ----------
    coast
        Lines tagged ``natural=coastline`` in their drawn direction [m], shape (n,).
    frame
        The rectangle that is drawn [m].
    """
    pieces = shapely.get_parts(shapely.clip_by_rect(coast, *frame.bounds))
    pieces = pieces[shapely.get_type_id(pieces) == shapely.GeometryType.LINESTRING]
    if not pieces.size:
        return np.array([], dtype=object)
    cuts = shapely.union_all([frame.boundary, *pieces, *_continued(pieces, frame)])
    faces = shapely.get_parts(shapely.polygonize([cuts]))
    right, left = _beside(pieces)
    is_sea = _counted(faces, right)
    is_land = _counted(faces, left)
    found: Shapes = faces[(is_sea > 0) & (is_sea >= ONE_SIDED * (is_sea + is_land))]
    return found


def _continued(pieces: Shapes, frame: Polygon) -> list[LineString]:
    """Draw every loose end of the coast on to the frame: extracts stop short of their edge."""
    merged = shapely.get_parts(shapely.line_merge(shapely.union_all(pieces)))
    open_ends = merged[~shapely.is_closed(merged)]
    ends = np.concatenate([shapely.get_point(open_ends, 0), shapely.get_point(open_ends, -1)])
    onwards = shapely.shortest_line(ends, frame.boundary)
    return list(onwards[shapely.length(onwards) > 0])


def _beside(pieces: Shapes) -> tuple[Shapes, Shapes]:
    """Return points just right and just left of every segment."""
    xy, of_piece = shapely.get_coordinates(pieces, return_index=True)
    joined = of_piece[1:] == of_piece[:-1]
    start, end = xy[:-1][joined], xy[1:][joined]
    along = end - start
    length = np.hypot(along[:, 0], along[:, 1])
    kept = length > 4 * BESIDE_M
    middle = (start + end)[kept] / 2
    across = BESIDE_M * np.column_stack([along[:, 1], -along[:, 0]])[kept] / length[kept, None]
    return shapely.points(middle + across), shapely.points(middle - across)


def _counted(faces: Shapes, points: Shapes) -> npt.NDArray[np.int64]:
    _, face = shapely.STRtree(faces).query(points, predicate="within")
    return np.bincount(face, minlength=len(faces))
