"""What the shortcut measure found for a study, as tables: what scoring, views and messages read."""

from collections.abc import Mapping
from dataclasses import dataclass

import geopandas as gpd
import pandas as pd


@dataclass(frozen=True)
class ShortcutFindings:
    """Unsafe shortcuts of every plot.

    Two passes stand behind it. The screening pass measures every plot alike and gives the index
    that is scored, so that no plot's score depends on which others were looked at closely. The
    fine pass looks closer at the best plots and at those asked for by name; its pairs, ways and
    places replace the coarse ones of those plots wherever they are shown.

    Parameters
    ----------
    index
        The screening index by ``plot_id``, 0-1; NaN where a plot has no way near it. It is an
        index, no probability.
    index_fine
        The index of the fine pass by ``plot_id``; NaN for plots that were not looked at closely.
    low, high, least
        Between what the screening index may lie (see `bounds.index_bounds`), by ``plot_id``.
    pairs
        One row per plot and destination in reach, sorted by both: ``plot_id``, ``destination_id``
        (str), ``category`` ("bus", "shop", "service", "visit"), ``name`` (str or NA),
        ``safe_distance_m`` (inf without a safe way), ``tempting_distance_m``, ``saving_m``,
        ``saving_moderate_m``, ``saving_severe_m`` [m], ``saving_at_least`` (bool: no way without a
        hazard was found within the limit, so that more may be saved than is said),
        ``gross_saving_m`` [m], ``detour_ratio``,
        ``severity``, ``temptation``, ``risk``, ``weight`` (0-1), ``flags`` (tuple of str),
        ``tolerable_crossings`` (int, on the safe way), ``fine`` (bool).
    crossings
        Where the tempting ways cross hazards, in walking order, index 0…: ``plot_id``,
        ``destination_id``, ``order`` (from 1), ``barrier`` ("rail", "road"), ``road_class``,
        ``name``, ``ref`` (str or NA), ``way`` (OSM id), ``speed_kmh`` (NaN unknown),
        ``speed_assumed`` (bool), ``lanes`` (NaN for tracks), ``severity`` (0-1), ``severe`` (bool),
        ``metres`` (from the plot), ``place`` (Int64: number of the crossing place, NA where the
        crossing is in none), ``geometry`` (Point).
    stretches
        Where tempting ways run along hazards: ``plot_id``, ``destination_id``, ``barrier``,
        ``name``, ``ref``, ``way``, ``metres`` [m], ``severity``, ``severe``.
    safe_paths, tempting_paths
        The two ways of every pair with a risk, and of every pair of the plots that were looked at
        closely, on the pairs' row numbers: ``plot_id``, ``destination_id``, ``metres`` [m],
        ``geometry`` (LineString, from the plot). A pair without a safe way has only the other.
    places
        Crossing places on ``place`` (1…: severe ones first, each list by load, those that are not
        sure last): ``severe`` (bool), ``barrier``, ``road_class``, ``name``, ``ref``,
        ``speed_kmh``, ``lanes``, ``severity``, ``load``, ``median_saving_m``,
        ``median_safe_distance_m`` (the safe alternative; inf without one), ``plots``,
        ``destinations`` (tuples of ids), ``ways`` (tuple of OSM ids), ``edge``, ``winding`` (bool),
        ``peak`` (Point: the crossing with the largest load), ``geometry`` (the stretch: LineString
        along the barrier, or Point).
    steps
        The ways of the closely looked-at plots step by step: ``plot_id``, ``destination_id``,
        ``way`` ("safe", "tempting"), ``order`` (from 1), ``kind``, ``barrier``, ``name``, ``ref``
        (str or NA), ``osm_way`` (Int64), ``metres`` [m], see `steps.Step`; ``place`` (Int64: number
        of the crossing place, of unsafe crossings only) and ``geometry`` (Point: where it begins).
    must_clear
        Plots whose ways cross a railway or a motorway with more risk than the threshold:
        ``plot_id``, ``barrier`` ("rail", "motorway"), ``risk`` (what it gives to the plot's index,
        0-1), ``state`` ("violated", or "unknown" where the finding hangs on the extract's edge),
        ``places`` (tuple of numbers of crossing places, sorted).
    near_edge
        Whether a plot lies so near the extract's edge that ways may be missing, by ``plot_id``.
    not_reachable
        Categories without a destination in reach, by ``plot_id``.
    parameters
        Figures of both passes by name: {"screen": {...}, "fine": {...}}.
    """

    index: pd.Series
    index_fine: pd.Series
    low: pd.Series
    high: pd.Series
    least: pd.Series
    pairs: pd.DataFrame
    crossings: gpd.GeoDataFrame
    stretches: pd.DataFrame
    safe_paths: gpd.GeoDataFrame
    tempting_paths: gpd.GeoDataFrame
    places: gpd.GeoDataFrame
    steps: gpd.GeoDataFrame
    must_clear: pd.DataFrame
    near_edge: pd.Series
    not_reachable: Mapping[str, tuple[str, ...]]
    parameters: Mapping[str, Mapping[str, float]]
