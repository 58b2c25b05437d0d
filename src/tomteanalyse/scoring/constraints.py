"""Conditions that nothing can buy off: polygons a plot must not touch, limits it must keep."""

from collections.abc import Mapping, Sequence

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from tomteanalyse.config import ConstraintConfig
from tomteanalyse.scoring.criteria import source_text
from tomteanalyse.texts import Catalog

Mask = npt.NDArray[np.bool_]
COLUMNS = ["plot_id", "constraint", "effect", "state", "reason", "source", "decision"]


def verdicts(
    constraints: Sequence[ConstraintConfig],
    *,
    plots: gpd.GeoDataFrame,
    measured: pd.DataFrame,
    measured_low: pd.DataFrame,
    measured_high: pd.DataFrame,
    constraint_layers: Mapping[str, gpd.GeoDataFrame],
    coverage_layers: Mapping[str, gpd.GeoDataFrame],
) -> pd.DataFrame:
    """Return the constraints that are not met, or not known to be met.

    A polygon layer is violated by touching it. With a coverage layer, a plot that does not lie
    wholly inside what has been mapped is *unknown*: no hit is not the same as mapped and clear.
    A limit is violated when the measured figure breaks it (unreachable breaks any ``max``), and
    unknown when nothing was measured or the figure's doubt reaches past the limit.

    Parameters
    ----------
    constraints
        As the study file has them; criteria are keys of `measured`.
    plots
        Candidate plots, in the layers' CRS.
    measured, measured_low, measured_high
        Per plot and criterion, in the criterion's unit; NaN unknown, inf unreachable.
    constraint_layers, coverage_layers
        Polygons by the constraint's key.

    Returns
    -------
    DataFrame
        ``plot_id``, ``constraint`` (key), ``effect`` ("knock_out", "must_clear"), ``state``
        ("violated", "unknown"), and the study file's ``reason``, ``source`` and ``decision`` (str
        or NA); in the constraints' order, then the plots'.

    Raises
    ------
    ValueError
        If a layer is in another coordinate system than the plots.
    """
    rows: list[tuple[object, ...]] = []
    ids = plots.index.to_numpy()
    for each in constraints:
        if each.criterion is None:
            violated, unknown = _touching(
                plots, constraint_layers[each.key], coverage_layers.get(each.key)
            )
        else:
            violated, unknown = _beyond(
                measured[each.criterion].to_numpy(),
                measured_low[each.criterion].to_numpy(),
                measured_high[each.criterion].to_numpy(),
                low=-np.inf if each.min is None else each.min,
                high=np.inf if each.max is None else each.max,
            )
        told = (each.reason, each.source, each.decision)
        rows += [
            (ids[row], each.key, each.effect, "violated" if violated[row] else "unknown", *told)
            for row in np.flatnonzero(violated | unknown)
        ]
    return pd.DataFrame(rows, columns=COLUMNS).astype("str")


def clearing_verdicts(must_clear: pd.DataFrame) -> pd.DataFrame:
    """Return the verdicts on plots from which a railway or a motorway is crossed.

    Parameters
    ----------
    must_clear
        See `ShortcutFindings.must_clear`.

    Returns
    -------
    DataFrame
        As `verdicts`, with text keys (``clear.…``, ``source.…``) for reason and source.
    """
    return pd.DataFrame(
        {
            "plot_id": must_clear["plot_id"],
            "constraint": "unsafe_shortcut_" + must_clear["barrier"],
            "effect": "must_clear",
            "state": must_clear["state"],
            "reason": "clear." + must_clear["barrier"],
            "source": "source.clear",
            "decision": pd.NA,
        },
        columns=COLUMNS,
    ).astype("str")


def in_words(found: pd.DataFrame, say: Catalog) -> pd.DataFrame:
    """Return verdicts with the words of their reasons and sources in place of text keys."""
    return found.assign(
        **{
            name: [source_text(str(each), say) for each in found[name]]
            for name in ("reason", "source")
        }
    )


def _touching(
    plots: gpd.GeoDataFrame, layer: gpd.GeoDataFrame, coverage: gpd.GeoDataFrame | None
) -> tuple[Mask, Mask]:
    if any(each is not None and each.crs != plots.crs for each in (layer, coverage)):
        raise ValueError("constraint layers must be in the plots' coordinate system")
    shapes = plots.geometry.to_numpy()
    touching = np.zeros(len(shapes), dtype=np.bool_)
    touching[
        shapely.STRtree(layer.geometry.to_numpy()).query(shapes, predicate="intersects")[0]
    ] = True
    if coverage is None:
        return touching, np.zeros_like(touching)
    mapped = shapely.union_all(coverage.geometry.to_numpy())
    shapely.prepare(mapped)
    return touching, ~shapely.covers(mapped, shapes) & ~touching


def _beyond(
    value: npt.NDArray[np.float64],
    least: npt.NDArray[np.float64],
    greatest: npt.NDArray[np.float64],
    *,
    low: float,
    high: float,
) -> tuple[Mask, Mask]:
    violated = (value < low) | (value > high)
    doubtful = (least < low) | (greatest > high) | np.isnan(value)
    return violated, doubtful & ~violated
