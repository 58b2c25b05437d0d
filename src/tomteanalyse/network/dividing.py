"""The network's segments divided where the legs of places stand on them."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tomteanalyse.network.snapping import Attachments
from tomteanalyse.network.walk import SHORTEST_M, WalkNetwork


@dataclass(frozen=True)
class Divided:
    """Segments divided at the feet of the places.

    ``first_piece[s]`` is the first piece of segment ``s``; ``cut`` holds segment number plus
    position along it of every division, sorted; ``begin`` and ``end`` say which part of its segment
    a piece is; ``foot`` is the node under each leg.
    """

    xy: npt.NDArray[np.float64]
    u: npt.NDArray[np.int64]
    v: npt.NDArray[np.int64]
    length: npt.NDArray[np.float64]
    begin: npt.NDArray[np.float64]
    end: npt.NDArray[np.float64]
    first_piece: npt.NDArray[np.int64]
    cut: npt.NDArray[np.float64]
    foot: npt.NDArray[np.int64]

    def find(
        self, segment: npt.NDArray[np.int64], along: npt.NDArray[np.float64]
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
        """Return the piece that points on segments lie on, and how far along it (0-1)."""
        before = np.searchsorted(self.cut, segment)
        passed = np.searchsorted(self.cut, segment + along, side="right") - before
        last = np.append(self.first_piece[1:], len(self.u))[segment] - 1
        piece = np.minimum(self.first_piece[segment] + passed, last)
        part = (along - self.begin[piece]) / (self.end[piece] - self.begin[piece])
        return piece, np.clip(part, 0.0, 1.0)


def divide(network: WalkNetwork, places: Attachments) -> Divided:
    """Divide the segments of a network where the legs of places stand on them."""
    segment, along = places.segment, places.along
    inside = (along > 0) & (along < 1)
    cuts, which = np.unique(
        np.column_stack([segment[inside], along[inside]]), axis=0, return_inverse=True
    )
    at, share = cuts[:, 0].astype(np.int64), cuts[:, 1]
    u_xy, v_xy = network.xy[network.u[at]], network.xy[network.v[at]]
    new = len(network.xy) + np.arange(len(at))
    foot = np.where(along <= 0, network.u[segment], network.v[segment])
    foot[inside] = new[which]

    count = len(network.u)
    pieces = 1 + np.bincount(at, minlength=count)
    first_piece = np.concatenate([[0], np.cumsum(pieces)[:-1]])
    owner = np.repeat(np.arange(count), pieces)
    # The i-th division of all is followed by one piece more on its own segment.
    after = first_piece[at] + 1 + np.arange(len(at)) - np.searchsorted(at, at)
    begin, end = np.zeros(len(owner)), np.ones(len(owner))
    u, v = network.u[owner], network.v[owner]
    begin[after], u[after] = share, new
    end[after - 1], v[after - 1] = share, new
    return Divided(
        xy=np.concatenate([network.xy, u_xy + share[:, None] * (v_xy - u_xy)]),
        u=u,
        v=v,
        length=np.maximum((end - begin) * network.length[owner], SHORTEST_M),
        begin=begin,
        end=end,
        first_piece=first_piece,
        cut=at + share,
        foot=foot,
    )
