"""From an extract to the four graphs."""

import shapely

from tomteanalyse.extract import OsmExtract
from tomteanalyse.network.shortcuts.ground import build_ground
from tomteanalyse.network.shortcuts.hazards import line_roles
from tomteanalyse.network.shortcuts.levels import Levels, build_levels
from tomteanalyse.network.shortcuts.network_edges import build_edges
from tomteanalyse.network.shortcuts.parameters import SCREEN, ShortcutParameters
from tomteanalyse.network.shortcuts.pieces import cut_pieces, find_segments
from tomteanalyse.network.shortcuts.sides import find_sides
from tomteanalyse.network.shortcuts.surroundings import find_surroundings


def build_graphs(
    extract: OsmExtract,
    *,
    area: shapely.Geometry | None = None,
    parameters: ShortcutParameters = SCREEN,
) -> Levels:
    """Build the four nested graphs S ⊆ N ⊆ T1 ⊆ T2 of an extract.

    Parameters
    ----------
    extract
        The extract.
    area
        Where open ground matters [m]; None for the whole extract. Ways are taken from all of it.
    parameters
        Figures of the method.
    """
    roles = line_roles(extract, least_severity=parameters.least_severity)
    segments = find_segments(extract, roles)
    pieces = cut_pieces(segments, roles, step_m=parameters.step_m)
    sides = find_sides(
        pieces,
        roles,
        clipped=extract.lines.clipped,
        bounds=extract.bounds,
        reach_m=parameters.reach_m,
    )
    network = build_edges(extract, roles, segments, pieces, sides, parameters=parameters)
    surroundings = find_surroundings(extract, unknown_ground=parameters.unknown_ground)
    ground = build_ground(network, surroundings, area=area, parameters=parameters)
    return build_levels(ground)
