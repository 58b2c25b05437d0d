"""How far it is on foot from homes that would be given up, and from plots instead of them."""

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from tomteanalyse.measures.access import PlotFeet, walk_to_nearest
from tomteanalyse.measures.amenities import doors, find_amenities
from tomteanalyse.measures.survey import plot_doors
from tomteanalyse.network.barriers import find_barriers
from tomteanalyse.network.routing import Router
from tomteanalyse.network.snapping import Snapper
from tomteanalyse.network.walk import build_network
from tomteanalyse.study import Study

WALKED_TO = ("bus", "grocery")


def walks(
    study: Study, units: gpd.GeoDataFrame, plots: Sequence[str]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Measure the walk to the nearest bus and grocery from units and from plots.

    Parameters
    ----------
    study
        What was read.
    units
        Units of the study, as `Study.units`.
    plots
        Ids of plots of the study.

    Returns
    -------
    tuple
        Of the units, on ``unit_id``, and of the plots, on ``plot_id``: ``walk_bus_m`` and
        ``walk_grocery_m`` on the safe network [m], measured as for the ranking. NaN where it is
        unknown, inf where no safe way leads.

    Raises
    ------
    DataError
        ``network.no_safe_ways`` if nobody can walk safely anywhere in the extract.
    """
    network = build_network(study.extract)
    amenities = find_amenities(study.extract, crs=study.crs)
    amenities = amenities[amenities["amenity_class"].isin(WALKED_TO)]
    snapper = Snapper(network, find_barriers(study.extract))
    places = doors(amenities, study.extract)
    router = Router(network, snapper.attach(places), count=len(places))
    left_at = pd.Series(plot_doors(study), index=study.plots.index)
    starts = (
        (units.index, units.geometry.to_numpy()),
        (pd.Index(list(plots), name="plot_id", dtype="str"), left_at.loc[list(plots)].to_numpy()),
    )
    found = []
    for index, shapes in starts:
        feet = _feet(study, index, shapes, snapper=snapper, router=router)
        found.append(
            pd.DataFrame(
                {
                    f"walk_{name}_m": walk_to_nearest(
                        feet, amenities, amenity_class=name, router=router
                    ).measurement.value
                    for name in WALKED_TO
                },
                index=index,
            )
        )
    return found[0], found[1]


def _feet(
    study: Study,
    index: pd.Index,
    shapes: npt.NDArray[np.object_],
    *,
    snapper: Snapper,
    router: Router,
) -> PlotFeet:
    bounds = shapely.box(*study.extract.bounds)
    inside = shapely.intersects(bounds, shapes)
    legs = snapper.attach(np.where(inside, shapes, shapely.Point()))
    unplaced = pd.Series(pd.NA, index=index, dtype="str")
    unplaced[~legs.attached(len(index))] = "no_way_near"
    unplaced[~inside] = "outside_extract"
    to_edge = np.where(inside, shapely.distance(bounds.exterior, shapes), np.nan)
    return PlotFeet(
        plots=index,
        feet=router.feet(legs),
        unplaced=unplaced,
        edge_m=pd.Series(to_edge, index=index),
    )
