"""Every figure of the method for unsafe shortcuts, with its default and where it comes from."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ShortcutParameters:
    """Figures of the method; the result carries those it was made with.

    Parameters
    ----------
    step_m
        Lines are cut to pieces no longer than this [m]; every cut of a hazard is a place where it
        may be crossed. Measured: 6-25 m change little.
    lattice_m
        Spacing of the hexagonal lattice on open ground [m]. Measured against an 8 m lattice:
        25 m makes ways 1.5 % too long on average, 15 m 0.5 %.
    reach_m
        Points on open ground are linked up to this distance [m].
    thin_m
        Of the vertices in a square of this size [m] one is linked to the open ground; 0 keeps all.
    unknown_ground
        Cost of a metre on ground nobody has mapped. Between light brush 1.2 to 1.5 (Soule &
        Goldman 1972) and off-path walking 1.67 (Tobler 1993).
    crossing_m, crossing_traffic_m
        Cost of an informal crossing [m]: the first, plus the second times the traffic factor.
        Normative; depends on traffic, not on speed (Anciaes & Jones 2017).
    temptation_m
        Metres saved at which temptation is 1 - 1/e. Normative: no study gives the share of this
        group that crosses by metres saved; the ranking hardly depends on it.
    least_severity
        A road or track below this is an ordinary street. Normative.
    severe
        Severity from which a hazard is severe rather than moderate. Normative.
    limit_m
        Ways are followed up to this cost [m]; a safer way that is longer counts as this long.
    max_m
        A destination counts when the tempting way to it is no longer than this [m]. Normative.
    choice_m
        Scale of the choice between destinations of a category [m]. Normative.
    most_destinations
        Destinations of a category that a plot is assessed for: those nearest by the tempting way.
    free_distance_m, decay_m
        Up to the first a category counts in full; beyond it fades with the second [m]. Normative.
    along_m
        Walking this far along a hazard gives 1 - 1/e of its severity [m]. Normative.
    along_cost
        A metre along a hazard costs this times its severity more. Normative.
    verge_m
        Nobody walks on open ground this near a fast road without a sidewalk [m]. Normative.
    rail_apart_m, road_apart_m
        Parallel tracks and carriageways this near each other are one barrier [m].
    quay_m, on_line_m
        A station within the first of a hazard, and any stop within the second, lies on both sides
        of it [m].
    margin_m
        A plot nearer the edge of the extract than this is marked [m]. Measured: less gave errors of
        300-800 m.
    end_links
        A plot or destination is linked to so many visible points at most.
    saving_error_m
        Savings are this uncertain [m]: the 95th percentile of the error against an 8 m lattice,
        measured once for each setting.
    must_clear_risk
        Crossing a railway or a motorway must be cleared where it makes up this much of a plot's
        index. Normative.
    """

    step_m: float = 20.0
    lattice_m: float = 25.0
    reach_m: float = 60.0
    thin_m: float = 15.0
    unknown_ground: float = 1.5
    crossing_m: float = 10.0
    crossing_traffic_m: float = 40.0
    temptation_m: float = 100.0
    least_severity: float = 0.10
    severe: float = 0.50
    limit_m: float = 2500.0
    max_m: float = 1500.0
    choice_m: float = 200.0
    most_destinations: int = 6
    free_distance_m: float = 500.0
    decay_m: float = 500.0
    along_m: float = 200.0
    along_cost: float = 0.2
    verge_m: float = 6.0
    rail_apart_m: float = 15.0
    road_apart_m: float = 20.0
    quay_m: float = 12.0
    on_line_m: float = 1.5
    margin_m: float = 1500.0
    end_links: int = 24
    saving_error_m: float = 22.0
    must_clear_risk: float = 0.05


SCREEN = ShortcutParameters()
"""For all plots."""

FINE = ShortcutParameters(
    step_m=10.0, lattice_m=15.0, reach_m=40.0, thin_m=10.0, saving_error_m=8.0
)
"""For the shortlist: ways 0.5 % too long instead of 1.5 %."""
