"""Everything that is measured for a study, in the order of the work."""

from collections.abc import Mapping
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from tomteanalyse.errors import Notice
from tomteanalyse.measures.access import PlotFeet, WalkAccess, draw_routes, measure_access
from tomteanalyse.measures.amenities import AMENITY_CLASSES, doors, find_amenities
from tomteanalyse.measures.concentration.around import PlotsOnMap
from tomteanalyse.measures.concentration.findings import ConcentrationFindings
from tomteanalyse.measures.concentration.homes import STEP_WEIGHTS, homes_within_walk
from tomteanalyse.measures.concentration.measure import measure_concentration
from tomteanalyse.measures.measurement import Measurement
from tomteanalyse.measures.shortcuts.destinations import shortcut_destinations
from tomteanalyse.measures.shortcuts.index_measurement import index_measurement
from tomteanalyse.measures.shortcuts.passes import ShortcutPasses
from tomteanalyse.network.barriers import find_barriers
from tomteanalyse.network.routing import Router
from tomteanalyse.network.snapping import Snapper
from tomteanalyse.network.walk import WalkNetwork, build_network, cuts_table
from tomteanalyse.study import Study


@dataclass(frozen=True)
class Survey:
    """What was measured, and what it was measured on.

    Parameters
    ----------
    amenities
        Every place of interest (see `find_amenities`).
    measurements
        Every quantity, by name.
    network
        The safe walking network.
    cuts
        Where it was cut (see `cuts_table`).
    shortcuts
        Unsafe shortcuts: every plot has been screened, any can be looked at closely.
    concentration
        Municipal housing in buildings, around the plots and over the municipality.
    warnings
        What the planner should know about the data.
    """

    amenities: gpd.GeoDataFrame
    measurements: Mapping[str, Measurement]
    network: WalkNetwork
    cuts: gpd.GeoDataFrame
    shortcuts: ShortcutPasses
    concentration: ConcentrationFindings
    warnings: tuple[Notice, ...]
    _router: Router
    _feet: PlotFeet
    _walks: Mapping[str, WalkAccess]

    def routes(self, plots: pd.Index) -> gpd.GeoDataFrame:
        """Draw the ways from `plots` to the nearest place of each class (see `draw_routes`)."""
        return draw_routes(
            self._feet, self._walks, self.amenities, router=self._router, chosen=plots
        )


def survey(study: Study) -> Survey:
    """Measure access, concentration and unsafe shortcuts for every plot of a study.

    Raises
    ------
    DataError
        ``network.no_safe_ways`` if nobody can walk safely anywhere in the extract.
    """
    network = build_network(study.extract)
    amenities = find_amenities(study.extract, crs=study.crs)
    units = study.units[study.units["current"]]
    snapper = Snapper(network, find_barriers(study.extract))
    places = np.concatenate([doors(amenities, study.extract), units.geometry.to_numpy()])
    router = Router(network, snapper.attach(places), count=len(places))
    feet = _plot_feet(study, snapper, router)
    measurements, walks = measure_access(study.plots, feet, amenities, router=router)
    step_weights = _step_weights(study)
    homes = homes_within_walk(
        feet,
        units,
        router=router,
        first_place=len(amenities),
        geometry=study.plots.geometry,
        nowhere=study.unplaced[study.unplaced["current"].astype(bool)],
        step_weights=step_weights,
    )
    where = PlotsOnMap(study.plots.geometry.to_numpy(), feet, router, snapper)
    concentration = measure_concentration(study, where, homes, step_weights=step_weights)
    unplaced_units = ~router.has_legs(len(amenities) + np.arange(len(units)))
    cuts = cuts_table(network, crs=study.crs)
    shortcuts = _shortcuts(study, amenities)
    index = index_measurement(shortcuts.screen, outside=feet.unplaced == "outside_extract")
    warnings = (
        *_network_warnings(study, network),
        *_plot_warnings(study, feet, walks),
        *_amenity_warnings(study, amenities),
        *_unit_warnings(study, int(unplaced_units.sum())),
        *concentration.warnings,
    )
    return Survey(
        amenities=amenities,
        measurements={
            **measurements,
            **homes,
            **concentration.measurements,
            "shortcut_index": index,
        },
        network=network,
        cuts=cuts,
        shortcuts=shortcuts,
        concentration=concentration.findings,
        warnings=warnings,
        _router=router,
        _feet=feet,
        _walks=walks,
    )


def _plot_feet(study: Study, snapper: Snapper, router: Router) -> PlotFeet:
    plots = study.plots
    bounds = shapely.box(*study.extract.bounds)
    inside = shapely.intersects(bounds, plots.geometry.to_numpy())
    legs = snapper.attach(plot_doors(study))
    to_edge = shapely.distance(bounds.exterior, plots.geometry.to_numpy())
    unplaced = pd.Series(pd.NA, index=plots.index, dtype="str")
    unplaced[~legs.attached(len(plots))] = "no_way_near"
    unplaced[~inside] = "outside_extract"
    return PlotFeet(
        plots=plots.index,
        feet=router.feet(legs),
        unplaced=unplaced,
        edge_m=pd.Series(np.where(inside, to_edge, np.nan), index=plots.index),
    )


def _shortcuts(study: Study, amenities: gpd.GeoDataFrame) -> ShortcutPasses:
    doors = gpd.GeoSeries(plot_doors(study), index=study.plots.index, crs=study.crs)
    places = shortcut_destinations(amenities, study.extract, visits=study.visits)
    return ShortcutPasses(study.extract, doors, places)


def plot_doors(study: Study) -> npt.NDArray[np.object_]:
    """Return where each plot is left: its entrances where they are given, else its own outline.

    Outside the extract some ways may be there by chance, but nobody knows which are not: a plot
    there is left nowhere.
    """
    doors: npt.NDArray[np.object_] = study.plots.geometry.to_numpy().copy()
    if len(study.entrances):
        entrances = study.entrances.geometry.groupby(level=0).agg(
            lambda points: shapely.MultiPoint(points.tolist())
        )
        doors[study.plots.index.get_indexer(entrances.index)] = entrances.to_numpy()
    inside = shapely.intersects(shapely.box(*study.extract.bounds), study.plots.geometry.to_numpy())
    return np.where(inside, doors, shapely.Point())


def _step_weights(study: Study) -> Mapping[str, float]:
    own = study.config.concentration
    chosen = own.step_weights.items() if own else ()
    return {**STEP_WEIGHTS, **{str(step): weight for step, weight in chosen}}


def _network_warnings(study: Study, network: WalkNetwork) -> list[Notice]:
    file = study.input_name("extract")
    found = []
    if network.cuts:
        found.append(Notice("network.cut", file, values={"count": len(network.cuts)}))
    if network.counts["clipped_lines"]:
        count = network.counts["clipped_lines"]
        found.append(Notice("network.clipped", file, values={"count": count}))
    return found


def _plot_warnings(study: Study, feet: PlotFeet, walks: Mapping[str, WalkAccess]) -> list[Notice]:
    found = []
    lost = feet.unplaced.index[feet.unplaced == "no_way_near"]
    if len(lost):
        found.append(Notice("network.no_way_near", study.input_name("plots"), ids=tuple(lost)))
    reached = np.column_stack(
        [np.isfinite(walk.measurement.value.to_numpy()) for walk in walks.values()]
    ).any(axis=1)
    isolated = feet.plots[~reached & feet.unplaced.isna().to_numpy()]
    if len(isolated):
        found.append(Notice("network.isolated", study.input_name("plots"), ids=tuple(isolated)))
    return found


def _amenity_warnings(study: Study, amenities: gpd.GeoDataFrame) -> list[Notice]:
    present = set(amenities["amenity_class"])
    return [
        Notice(f"amenities.no_{name}", study.input_name("extract"))
        for name in AMENITY_CLASSES
        if name not in present
    ]


def _unit_warnings(study: Study, unplaced: int) -> list[Notice]:
    if not unplaced:
        return []
    # The ids stay out: a warning is shown in places where the register is not.
    return [
        Notice("network.units_unplaced", study.input_name("register"), values={"count": unplaced})
    ]
