"""Plots and destinations as ends of ways: linked to what is visible, never walked through."""

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass

import numpy as np
import shapely
from scipy.spatial import cKDTree

from tomteanalyse.network.shortcuts.arrays import Bools, Floats, Geometries, Ints, bearings
from tomteanalyse.network.shortcuts.edges import KERB, NO_HAZARD, SAFE_NET, WALK
from tomteanalyse.network.shortcuts.end_links import EndLinks, joined_links
from tomteanalyse.network.shortcuts.ground import level_at
from tomteanalyse.network.shortcuts.levels import SHORTEST_M, Levels
from tomteanalyse.network.shortcuts.parameters import ShortcutParameters
from tomteanalyse.network.shortcuts.walls import shortened
from tomteanalyse.network.snapping import access_points

STATION_CLEAR_M = 3.0
"""A station's links begin so far beyond the distance at which it lies on both sides [m]."""
LEAST_LINKS = 6
NEAR_EDGES = 8
EDGE_SHARES = (0.2, 0.5, 1.0)
"""Ways are looked for this far first, as shares of the reach."""
ASIDE = 1e-6
DECIMALS = 6
"""Distances that agree to so many decimals [m] are equal, whatever rounding says."""
TRIED_AT_ONCE = 16
REACHES = (1.0, 2.0, 4.0)
"""What is visible is looked for within the reach, and farther where nothing is."""


@dataclass(frozen=True)
class _Points:
    """Points that ends may be left at: coordinates, end, hazard-free start [m], links each."""

    xy: Floats
    end: Ints
    clear_m: Floats
    links: Ints

    def chosen(self, rows: Bools) -> "_Points":
        return _Points(self.xy[rows], self.end[rows], self.clear_m[rows], self.links[rows])


class EndLinker:
    """Links plots and destinations to the graphs.

    Parameters
    ----------
    levels
        The graphs.
    parameters
        Reach, number of links, distances at stops.
    """

    def __init__(self, levels: Levels, *, parameters: ShortcutParameters) -> None:
        self.levels, self._parameters = levels, parameters
        self._points = cKDTree(levels.ground.xy)
        edges, network = levels.edges, levels.ground.network
        location = network.sides.location
        walked = (edges.level == SAFE_NET) & ((edges.kind == WALK) | (edges.kind == KERB))
        roles = network.roles
        rows = np.flatnonzero(walked & (roles.at_ground | roles.indoor)[edges.line])
        self._edge = rows
        self._edge_ends = network.pieces.xy[
            np.stack([location[edges.u[rows]], location[edges.v[rows]]], axis=1)
        ]
        self._edge_tree = shapely.STRtree(shapely.linestrings(self._edge_ends))

    def on(self, levels: Levels) -> "EndLinker":
        """Return the same for graphs of the same network with other open ground."""
        other = copy(self)
        other.levels, other._points = levels, cKDTree(levels.ground.xy)
        return other

    def link(
        self, ends: Geometries, stations: Bools, *, onto_ways: EndLinks | None = None
    ) -> EndLinks:
        """Link ends to the graphs.

        Parameters
        ----------
        ends
            Points, lists of entrances as MultiPoint, or polygons left at their outline [m],
            shape (n,).
        stations
            Whether an end that lies near a hazard is reached from both its sides, shape (n,).
        onto_ways
            Their links onto ways where they are known (see `link_onto_ways`).

        Returns
        -------
        EndLinks
            Sorted by end.
        """
        points = self._access(ends, stations)
        onto = (
            self._farther_and_farther(self._onto_edges, points) if onto_ways is None else onto_ways
        )
        return joined_links([self._farther_and_farther(self._straight, points), onto]).sorted()

    def link_onto_ways(self, ends: Geometries, stations: Bools) -> EndLinks:
        """Link ends to the ways next to them, whatever open ground there is (see `link`)."""
        return self._farther_and_farther(self._onto_edges, self._access(ends, stations))

    def _access(self, ends: Geometries, stations: Bools) -> _Points:
        xy, end = access_points(ends)
        each = self._parameters.end_links
        count = np.bincount(end, minlength=len(ends))
        links = np.maximum(np.minimum(LEAST_LINKS, each), each // np.maximum(count, 1))
        return _Points(xy, end, self._clear_m(xy, stations[end]), links[end])

    def _farther_and_farther(
        self, search: Callable[[_Points, float], EndLinks], points: _Points
    ) -> EndLinks:
        """Return what is found within the reach, or farther for ends without any."""
        found = []
        for share in REACHES:
            found.append(search(points, self._parameters.reach_m * share))
            points = points.chosen(~np.isin(points.end, found[-1].end))
            if not len(points.end):
                break
        return joined_links(found)

    def _clear_m(self, xy: Floats, station: Bools) -> Floats:
        """Return how far from its beginning a link may ignore hazards [m]."""
        hazards, points = self.levels.ground.walls.hazards, shapely.points(xy)
        parameters = self._parameters
        clear_m = np.zeros(len(xy))
        near = hazards.query(points, predicate="dwithin", distance=parameters.quay_m)[0]
        near = near[station[near]]
        on_line = hazards.query(points, predicate="dwithin", distance=parameters.on_line_m)[0]
        clear_m[on_line] = 2 * parameters.on_line_m
        clear_m[near] = parameters.quay_m + STATION_CLEAR_M
        return clear_m

    def _straight(self, points: _Points, reach_m: float) -> EndLinks:
        ground = self.levels.ground
        near = cKDTree(points.xy).sparse_distance_matrix(
            self._points, reach_m, output_type="ndarray"
        )
        # Points equally far, as two lines drawn on each other have them, go by their number.
        order = np.lexsort((near["j"], near["v"].round(DECIMALS), near["i"]))
        row, target = near["i"][order].astype(np.int64), near["j"][order].astype(np.int64)
        row, target, cost = self._nearest_free(points, row, target)
        start, end = points.xy[row], ground.xy[target]
        level = level_at(ground, target, severe=self._parameters.severe)
        lattice = ground.location[target] < 0
        return EndLinks(
            end=points.end[row],
            node=ground.nodes_towards(target, bearings(end, start)),
            cost=cost,
            metres=np.hypot(*(end - start).T),
            level=np.where((level == NO_HAZARD) & ~lattice, SAFE_NET, level),
            start=start,
            via=end,
            edge=np.full(len(row), -1),
            along_m=np.full(len(row), np.nan),
        )

    def _nearest_free(self, points: _Points, row: Ints, target: Ints) -> tuple[Ints, Ints, Floats]:
        """Return the first visible targets of each row, as many as it may have, and their cost [m].

        Targets are tried a few at a time: most rows have enough long before they are through.
        """
        ground = self.levels.ground
        wanted = points.links.copy()
        rank = np.arange(len(row)) - np.searchsorted(row, row)
        todo = np.arange(len(row))
        found, costs = [todo[:0]], [np.zeros(0)]
        tried = 0
        while len(todo):
            tried += TRIED_AT_ONCE
            now = todo[rank[todo] < tried]
            at = target[now]
            cost, free = self._walk(
                points.xy[row[now]], ground.xy[at], ground.on_hazard[at], points.clear_m[row[now]]
            )
            free = free[
                np.arange(len(free)) - np.searchsorted(row[now[free]], row[now[free]])
                < wanted[row[now[free]]]
            ]
            found.append(now[free])
            costs.append(cost[free])
            wanted -= np.bincount(row[now[free]], minlength=len(wanted))
            todo = todo[(rank[todo] >= tried) & (wanted[row[todo]] > 0)]
        chosen, cost = np.concatenate(found), np.concatenate(costs)
        order = np.argsort(chosen)
        return row[chosen[order]], target[chosen[order]], cost[order]

    def _onto_edges(self, points: _Points, reach_m: float) -> EndLinks:
        """Return the links to the nearest visible way, and on along it to both of its nodes."""
        found, todo = [], points
        for share in EDGE_SHARES:
            links, rows = self._onto_near_edges(todo, share * reach_m)
            found.append(links)
            # What is visible nearby is nearer than what is farther off.
            without = np.ones(len(todo.end), dtype=np.bool_)
            without[rows] = False
            todo = todo.chosen(without)
        return joined_links(found)

    def _onto_near_edges(self, points: _Points, reach_m: float) -> tuple[EndLinks, Ints]:
        """Return such links within a distance, and which of the points have one."""
        drawn, edges = self._edge_tree.geometries, self.levels.edges
        places = shapely.points(points.xy)
        row, hit = self._edge_tree.query(places, predicate="dwithin", distance=reach_m)
        away = shapely.distance(places[row], drawn[hit])
        order = np.lexsort((self._edge[hit], away.round(DECIMALS), row))
        row, hit = row[order], hit[order]
        row, hit = (each[self._on_side(points.xy[row], hit)] for each in (row, hit))
        row, hit = (each[self._same_room(places[row], hit)] for each in (row, hit))
        kept = np.arange(len(row)) - np.searchsorted(row, row) < NEAR_EDGES
        row, hit = row[kept], hit[kept]
        u, v = self._edge_ends[hit, 0], self._edge_ends[hit, 1]
        whole = np.hypot(*(v - u).T)
        along = np.clip(
            ((points.xy[row] - u) * (v - u)).sum(axis=1) / np.maximum(whole, SHORTEST_M) ** 2,
            0.0,
            1.0,
        )
        foot = u + along[:, None] * (v - u)
        is_kerb = edges.kind[self._edge[hit]] == KERB
        cost, free = self._walk(points.xy[row], foot, is_kerb, points.clear_m[row])
        # Where a way meets a hazard, rounding would say from which side it is reached: from none.
        hazards, feet = self.levels.ground.walls.hazards, shapely.points(foot[free])
        touching = np.zeros(len(free), dtype=np.bool_)
        touching[hazards.query(feet, predicate="dwithin", distance=ASIDE)[0]] = True
        free = free[~touching | is_kerb[free]]
        free = free[np.unique(row[free], return_index=True)[1]]
        row, hit, along, foot, cost = (each[free] for each in (row, hit, along, foot, cost))
        edge, leg_m = self._edge[hit], np.hypot(*(foot - points.xy[row]).T)
        along_m = along * whole[free]
        rest_m = whole[free] - along_m
        links = EndLinks(
            end=np.tile(points.end[row], 2),
            node=np.concatenate([edges.u[edge], edges.v[edge]]),
            cost=np.concatenate([cost + along_m, cost + rest_m]),
            metres=np.concatenate([leg_m + along_m, leg_m + rest_m]),
            level=np.full(2 * len(row), SAFE_NET),
            start=np.tile(points.xy[row], (2, 1)),
            via=np.tile(foot, (2, 1)),
            edge=np.tile(edge, 2),
            along_m=np.tile(along_m, 2),
        )
        return links, row

    def _same_room(self, places: Geometries, hit: Ints) -> Bools:
        """Tell whether a way is out of doors, or in the building that a place lies in."""
        fits = ~self.levels.ground.network.roles.indoor[self.levels.edges.line[self._edge[hit]]]
        way_in = shapely.shortest_line(places[~fits], self._edge_tree.geometries[hit[~fits]])
        fits[~fits] = self.levels.ground.walls.surroundings.within_building(way_in)
        return fits

    def _on_side(self, xy: Floats, hit: Ints) -> Bools:
        """Tell whether points lie on the side of the road whose kerb an edge is."""
        edges, network = self.levels.edges, self.levels.ground.network
        edge, ends = self._edge[hit], self._edge_ends[hit]
        location = network.sides.location
        a, b = edges.u[edge], edges.v[edge]
        out = bearings(ends[:, 0], ends[:, 1])
        direction, offset = ends[:, 1] - ends[:, 0], xy - ends[:, 0]
        left = direction[:, 0] * offset[:, 1] - direction[:, 1] * offset[:, 0]
        aside = np.where(left >= 0, ASIDE, -ASIDE)
        towards = network.sides.node_towards
        same = (towards(location[a], (out + aside) % (2 * np.pi)) == a) & (
            towards(location[b], (out + np.pi - aside) % (2 * np.pi)) == b
        )
        on_line = np.abs(left) <= 1e-9 * (1.0 + np.abs(direction).sum(axis=1))
        fits: Bools = same | on_line | (edges.kind[edge] != KERB)
        return fits

    def _walk(
        self, start: Floats, end: Floats, ends_on_hazard: Bools, clear_m: Floats
    ) -> tuple[Floats, Ints]:
        """Return the cost of straight links [m] and which of them are free."""
        walls = self.levels.ground.walls
        surroundings = walls.surroundings
        metres = np.hypot(*(end - start).T)
        nowhere = np.zeros(len(start), dtype=np.bool_)
        whole = shortened(start, end, at_start=nowhere, at_end=ends_on_hazard)
        skipped = np.minimum(clear_m, metres) / np.where(metres > 0, metres, 1.0)
        begun = start + skipped[:, None] * (end - start)
        tested = shortened(begun, end, at_start=nowhere, at_end=ends_on_hazard)
        crosses = walls.crosses_hazard(tested) & ((clear_m == 0) | (clear_m < metres))
        free = np.flatnonzero(~crosses & ~walls.on_verge(start, end))
        free = free[~surroundings.blocked_from_inside(whole[free], start[free])]
        cost = metres * surroundings.ground_cost(shapely.points((start + end) / 2))
        # A fence round the plot itself is no hindrance: who builds there makes a gate.
        left = shortened(start, end, at_start=~nowhere, at_end=ends_on_hazard)
        return cost + surroundings.climbing(left), free
