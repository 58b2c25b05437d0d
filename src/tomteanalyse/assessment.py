"""The whole answer of a run as data: what the views show and the manifest records."""

from collections.abc import Mapping
from dataclasses import dataclass

import geopandas as gpd

from tomteanalyse.errors import Notice
from tomteanalyse.measures.concentration.findings import ConcentrationFindings
from tomteanalyse.measures.measurement import Measurement
from tomteanalyse.measures.shortcuts.findings import ShortcutFindings
from tomteanalyse.scoring.evaluation import Evaluation
from tomteanalyse.scoring.robustness import Robustness
from tomteanalyse.study import Study


@dataclass(frozen=True)
class Assessment:
    """A study, measured and scored.

    Parameters
    ----------
    study
        What was read.
    amenities
        Every place of interest on ``amenity_id`` (str, e.g. "n123"): ``amenity_class`` (str),
        ``name`` (str or NA), ``geometry`` [study CRS].
    measurements
        Every quantity measured, by name (``walk_bus``, ``homes_500``, …).
    routes
        The way to the nearest place of each class, for the plots it was drawn for: ``plot_id``,
        ``amenity_class``, ``amenity_id``, ``distance_m``, ``geometry`` (LineString, from the plot).
    network_cuts
        Points where the safe network was cut: ``kind`` ("rail", "fast_road"), ``node`` (OSM id),
        ``way`` (OSM id of what is crossed), ``geometry`` (Point).
    network_report
        Counts to tell the planner: ways by class, clipped ways, components, cuts.
    evaluation
        Values, points, scores, ranks, knock-outs.
    shortcuts
        Unsafe shortcuts: index, ways, crossing places.
    robustness
        How sure the ranking is.
    concentration
        Municipal housing in buildings, around the plots and over the municipality.
    warnings
        The study's warnings and those of the analysis.
    """

    study: Study
    amenities: gpd.GeoDataFrame
    measurements: Mapping[str, Measurement]
    routes: gpd.GeoDataFrame
    network_cuts: gpd.GeoDataFrame
    network_report: Mapping[str, int]
    evaluation: Evaluation
    shortcuts: ShortcutFindings
    robustness: Robustness
    concentration: ConcentrationFindings
    warnings: tuple[Notice, ...]
