"""What a straight link on open ground must not do: cross a hazard, or run along one."""

from dataclasses import dataclass

import numpy as np
import shapely

from tomteanalyse.network.shortcuts.arrays import Bools, Floats, Geometries, bearings
from tomteanalyse.network.shortcuts.network_edges import SidedNetwork
from tomteanalyse.network.shortcuts.stretches import Stretches
from tomteanalyse.network.shortcuts.surroundings import Surroundings

OFF_HAZARD_M = 3.0
"""No point of the lattice lies nearer a hazard: ways would leak through a point on the line."""
SHORTENED_M = 0.3
SHORTENED_SHARE = 0.2
"""A link that ends on a hazard is tested without its last bit there."""
SIDELONG = np.radians(45.0)


@dataclass(frozen=True)
class Walls:
    """What a link on open ground must not do, as search trees.

    Parameters
    ----------
    surroundings
        Obstacles, fences, cover.
    hazards, hazard_direction
        Straight stretches of hazards on the ground and those that go on outside the extract, and
        their directions [rad].
    hazard_stretches
        The same, for what crosses them.
    verges, verge_direction
        Straight stretches of fast roads without a sidewalk, and their directions [rad].
    verge_m
        How near those nobody walks [m].
    """

    surroundings: Surroundings
    hazards: shapely.STRtree
    hazard_direction: Floats
    hazard_stretches: Stretches
    verges: shapely.STRtree
    verge_direction: Floats
    verge_m: float

    def crosses_hazard(self, links: Geometries) -> Bools:
        """Tell which straight links meet a hazard."""
        crosses = np.zeros(len(links), dtype=np.bool_)
        crosses[self.hazard_stretches.met_by(links)[0]] = True
        return crosses

    def on_verge(self, start: Floats, end: Floats) -> Bools:
        """Tell which links run along the verge of a fast road rather than across it."""
        if not len(self.verge_direction):
            return np.zeros(len(start), dtype=np.bool_)
        return _runs_along(self.verges, self.verge_direction, start, end, within_m=self.verge_m)

    def beside_hazard(self, start: Floats, end: Floats) -> Bools:
        """Tell which links run right beside a hazard."""
        return _runs_along(self.hazards, self.hazard_direction, start, end, within_m=OFF_HAZARD_M)

    def near_hazard(self, xy: Floats) -> Bools:
        """Tell which points lie too near a hazard to stand on."""
        points, near = shapely.points(xy), np.zeros(len(xy), dtype=np.bool_)
        near[self.hazards.query(points, predicate="dwithin", distance=OFF_HAZARD_M)[0]] = True
        near[self.verges.query(points, predicate="dwithin", distance=self.verge_m)[0]] = True
        return near


def find_walls(network: SidedNetwork, surroundings: Surroundings, *, verge_m: float) -> Walls:
    """Collect what links must not cross."""
    roles, segments = network.roles, network.segments
    hazard = roles.hazard[segments.line] & roles.at_ground[segments.line]
    ends = np.concatenate([segments.ends[hazard], network.sides.beyond])
    verge = segments.ends[roles.verge[segments.line]]
    return Walls(
        surroundings=surroundings,
        hazards=shapely.STRtree(shapely.linestrings(ends)),
        hazard_direction=bearings(ends[:, 0], ends[:, 1]),
        hazard_stretches=Stretches(ends),
        verges=shapely.STRtree(shapely.linestrings(verge)),
        verge_direction=bearings(verge[:, 0], verge[:, 1]),
        verge_m=verge_m,
    )


def shortened(start: Floats, end: Floats, *, at_start: Bools, at_end: Bools) -> Geometries:
    """Return straight links without their last bit where they end on a hazard."""
    along = end - start
    metres = np.hypot(*along.T)
    bit = np.minimum(SHORTENED_M, SHORTENED_SHARE * metres) / np.where(metres > 0, metres, 1.0)
    cut = bit[:, None] * along
    links: Geometries = shapely.linestrings(
        np.stack([start + at_start[:, None] * cut, end - at_end[:, None] * cut], axis=1)
    )
    return links


def _runs_along(
    tree: shapely.STRtree, direction: Floats, start: Floats, end: Floats, *, within_m: float
) -> Bools:
    """Tell which links lie mostly within some metres of a straight stretch, in its direction."""
    found = np.zeros(len(start), dtype=np.bool_)
    middle = shapely.points((start + end) / 2)
    link, near = tree.query(middle, predicate="dwithin", distance=within_m)
    turn = bearings(start[link], end[link]) - direction[near]
    sidelong = np.abs((turn + np.pi / 2) % np.pi - np.pi / 2) < SIDELONG
    found[link[sidelong]] = True
    return found
