"""From an extract to the four graphs."""

from dataclasses import dataclass

import shapely

from tomteanalyse.extract import OsmExtract
from tomteanalyse.network.shortcuts.ground import Site, build_ground, find_site
from tomteanalyse.network.shortcuts.hazards import LineRoles, line_roles
from tomteanalyse.network.shortcuts.levels import Levels, build_levels
from tomteanalyse.network.shortcuts.network_edges import build_edges
from tomteanalyse.network.shortcuts.parameters import SCREEN, ShortcutParameters
from tomteanalyse.network.shortcuts.pieces import Segments, cut_pieces, find_segments
from tomteanalyse.network.shortcuts.sides import find_sides
from tomteanalyse.network.shortcuts.surroundings import Surroundings, find_surroundings


@dataclass(frozen=True)
class Mapped:
    """What an extract shows, however finely it is looked at.

    Parameters
    ----------
    extract
        The extract.
    roles, segments
        Its lines and their straight segments.
    surroundings
        What lies between them.
    least_severity, unknown_ground
        The figures it depends on (see `ShortcutParameters`).
    """

    extract: OsmExtract
    roles: LineRoles
    segments: Segments
    surroundings: Surroundings
    least_severity: float
    unknown_ground: float


def find_mapped(
    extract: OsmExtract, *, parameters: ShortcutParameters, known: Mapped | None = None
) -> Mapped:
    """Collect what an extract shows, or return it where it is known with the same figures."""
    figures = parameters.least_severity, parameters.unknown_ground
    if (
        known is not None
        and known.extract is extract
        and (known.least_severity, known.unknown_ground) == figures
    ):
        return known
    roles = line_roles(extract, least_severity=parameters.least_severity)
    return Mapped(
        extract,
        roles,
        find_segments(extract, roles),
        find_surroundings(extract, unknown_ground=parameters.unknown_ground),
        *figures,
    )


def build_site(mapped: Mapped, *, parameters: ShortcutParameters) -> Site:
    """Build the ways and hazards, and collect what stands between them."""
    extract, roles, segments = mapped.extract, mapped.roles, mapped.segments
    pieces = cut_pieces(segments, roles, step_m=parameters.step_m)
    sides = find_sides(
        pieces,
        roles,
        clipped=extract.lines.clipped,
        bounds=extract.bounds,
        reach_m=parameters.reach_m,
    )
    network = build_edges(extract, roles, segments, pieces, sides, parameters=parameters)
    return find_site(network, mapped.surroundings, parameters=parameters)


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
    site = build_site(find_mapped(extract, parameters=parameters), parameters=parameters)
    return build_levels(build_ground(site, area=area, parameters=parameters))
