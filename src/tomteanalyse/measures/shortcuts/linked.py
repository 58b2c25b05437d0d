"""The graphs for some pairs of plots and destinations, and the links of both to them."""

from dataclasses import dataclass, replace

import geopandas as gpd
import numpy as np
import shapely

from tomteanalyse.measures.shortcuts.narrowing import (
    ROUNDING_M,
    Candidates,
    discs,
    ground_that_matters,
    may_count,
    safe_bounds,
)
from tomteanalyse.measures.shortcuts.search import Search
from tomteanalyse.network.shortcuts.arrays import Bools, Floats, Geometries, Ints
from tomteanalyse.network.shortcuts.edges import SAFE_NET
from tomteanalyse.network.shortcuts.end_links import EndLinks
from tomteanalyse.network.shortcuts.ends import REACHES, EndLinker
from tomteanalyse.network.shortcuts.ground import Site, build_ground, no_ground, only_points
from tomteanalyse.network.shortcuts.levels import Levels, build_levels
from tomteanalyse.network.shortcuts.parameters import ShortcutParameters


@dataclass(frozen=True)
class LinkedGraphs:
    """The graphs, and the links of plots and destinations to them."""

    levels: Levels
    plots: EndLinks
    places: EndLinks


def linked_graphs(
    site: Site,
    asked: Candidates,
    doors: Geometries,
    places: gpd.GeoDataFrame,
    *,
    parameters: ShortcutParameters,
) -> LinkedGraphs:
    """Return the graphs for some pairs.

    Parameters
    ----------
    site
        The ways, and what stands between them.
    asked
        The pairs.
    doors, places
        Plots and destinations.
    parameters
        Figures of the method.
    """
    drawn = places.geometry.to_numpy()
    area = ground_that_matters(doors, drawn, asked.plot, asked.destination, limit_m=asked.limit_m)
    levels = build_levels(build_ground(site, area=area, parameters=parameters))
    linker = EndLinker(levels, parameters=parameters)
    return LinkedGraphs(
        levels, linker.link(doors, _no_station(doors)), linker.link(drawn, _stations(places))
    )


def narrowed_graphs(
    site: Site,
    asked: Candidates,
    doors: Geometries,
    places: gpd.GeoDataFrame,
    *,
    parameters: ShortcutParameters,
) -> tuple[LinkedGraphs, Candidates, gpd.GeoDataFrame]:
    """Return the graphs for those of some pairs that can count, these, and their destinations.

    Parameters
    ----------
    site, asked, doors, places, parameters
        See `linked_graphs`.

    Notes
    -----
    A way on open ground, and one past hazards, costs no more than the safe way, which needs no open
    ground but at its ends: no more ground is looked at than holds all ways that are no longer.
    """
    drawn = places.geometry.to_numpy()
    linker = EndLinker(build_levels(no_ground(site), last=SAFE_NET), parameters=parameters)
    onto_plots = linker.link_onto_ways(doors, _no_station(doors))
    onto_places = linker.link_onto_ways(drawn, _stations(places))
    shape = (len(doors), len(places))
    search = _search(linker, onto_plots.sorted(), onto_places.sorted(), shape)
    all_of_them = np.ones(len(asked.plot), dtype=np.bool_)
    safe_m = safe_bounds(search, asked, all_of_them, shape=shape, limit_m=parameters.max_m)
    kept = may_count(
        asked, apart_m(asked, doors, places), safe_m, places=places, parameters=parameters
    )
    asked, safe_m = asked.chosen(kept), safe_m[kept]
    longer_m = safe_bounds(search, asked, np.isinf(safe_m), shape=shape, limit_m=parameters.limit_m)
    safe_m = np.minimum(safe_m, longer_m)

    # An end whose nearest way leads nowhere has others in sight.
    lost = np.isinf(safe_m)
    lost_plots, lost_places = np.unique(asked.plot[lost]), np.unique(asked.destination[lost])
    around = np.concatenate([doors[lost_plots], drawn[lost_places]])
    if len(around):
        area = shapely.union_all(discs(around, parameters.reach_m))
        ground = only_points(site, area=area, parameters=parameters)
        closely = linker.on(build_levels(ground, last=SAFE_NET))
        few = LinkedGraphs(
            closely.levels,
            closely.link(
                doors[lost_plots], _no_station(lost_plots), onto_ways=onto_plots.of(lost_plots)
            ),
            closely.link(
                drawn[lost_places],
                _stations(places)[lost_places],
                onto_ways=onto_places.of(lost_places),
            ),
        )
        safe_m[lost] = _safe_m(few, asked.chosen(lost), lost_plots, lost_places, parameters)
    asked = replace(asked, limit_m=np.minimum(asked.limit_m, safe_m + ROUNDING_M))

    used, number = np.unique(asked.destination, return_inverse=True)
    asked, places = replace(asked, destination=number), places.iloc[used]
    area = ground_that_matters(
        doors,
        drawn[used],
        asked.plot,
        number,
        limit_m=asked.limit_m,
        round_ends_m=parameters.reach_m * max(REACHES),
    )
    linker = linker.on(build_levels(build_ground(site, area=area, parameters=parameters)))
    linked = LinkedGraphs(
        linker.levels,
        linker.link(doors, _no_station(doors), onto_ways=onto_plots),
        linker.link(drawn[used], _stations(places), onto_ways=onto_places.of(used)),
    )
    return linked, asked, places


def _safe_m(
    graphs: LinkedGraphs,
    asked: Candidates,
    plots: Ints,
    places: Ints,
    parameters: ShortcutParameters,
) -> Floats:
    """Return what the safe ways of pairs of some plots and some places cost at most [m]."""
    numbered = replace(
        asked,
        plot=np.searchsorted(plots, asked.plot),
        destination=np.searchsorted(places, asked.destination),
    )
    shape = (len(plots), len(places))
    search = Search(
        graphs.levels, graphs.plots, graphs.places, plot_count=shape[0], destination_count=shape[1]
    )
    wanted = np.ones(len(asked.plot), dtype=np.bool_)
    return safe_bounds(search, numbered, wanted, shape=shape, limit_m=parameters.limit_m)


def _search(linker: EndLinker, plots: EndLinks, places: EndLinks, shape: tuple[int, int]) -> Search:
    return Search(linker.levels, plots, places, plot_count=shape[0], destination_count=shape[1])


def _no_station(ends: Geometries | Ints) -> Bools:
    return np.zeros(len(ends), dtype=np.bool_)


def _stations(places: gpd.GeoDataFrame) -> Bools:
    found: Bools = places["station"].to_numpy(dtype=np.bool_)
    return found


def apart_m(asked: Candidates, doors: Geometries, places: gpd.GeoDataFrame) -> Floats:
    """Return the straight distance of each pair [m]."""
    drawn = places.geometry.to_numpy()
    found: Floats = shapely.distance(doors[asked.plot], drawn[asked.destination])
    return found
