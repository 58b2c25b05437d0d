"""Made-up worlds drawn in metres: an extract, and a study on it, without writing a file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely

from tomteanalyse.config import StudyConfig
from tomteanalyse.extract import Areas, Lines, OsmExtract, Points, Tags
from tomteanalyse.study import Study

CRS = pyproj.CRS("EPSG:25832")
Place = int | tuple[float, float]
"""A node's id, or where it lies: the node made there first is used again."""

FOOTWAY: Tags = {"highway": "footway"}
RAIL: Tags = {"railway": "rail"}
STREET: Tags = {"highway": "residential"}
FAST_ROAD: Tags = {"highway": "primary", "maxspeed": "80"}
MOTORWAY: Tags = {"highway": "motorway"}


@dataclass
class World:
    """Nodes, ways and areas as they are added; numbered from 1 in that order."""

    xy: dict[int, tuple[float, float]] = field(default_factory=dict)
    node_tags: dict[int, Tags] = field(default_factory=dict)
    ways: list[tuple[int, list[int], Tags]] = field(default_factory=list)
    areas: list[tuple[str, shapely.Geometry, Tags]] = field(default_factory=list)
    bounds: tuple[float, float, float, float] | None = None
    _at: dict[tuple[float, float], int] = field(default_factory=dict)

    def node(self, x: float, y: float, tags: Tags | None = None) -> int:
        """Add a node of its own, also where there is one already; return its id."""
        node = len(self.xy) + 1
        self.xy[node] = (float(x), float(y))
        self._at.setdefault(self.xy[node], node)
        if tags:
            self.node_tags[node] = tags
        return node

    def way(self, places: Sequence[Place], tags: Tags) -> int:
        """Add a way through nodes (ids) or places (shared where they are the same); its id."""
        nodes = [place if isinstance(place, int) else self._node_at(place) for place in places]
        self.ways.append((len(self.ways) + 1, nodes, tags))
        return len(self.ways)

    def area(self, shape: shapely.Geometry | tuple[float, float, float, float], tags: Tags) -> str:
        """Add an area: a geometry, or a rectangle as west, south, east, north; its id."""
        geometry = shapely.box(*shape) if isinstance(shape, tuple) else shape
        self.areas.append((f"w{100_000 + len(self.areas)}", geometry, tags))
        return self.areas[-1][0]

    def extract(self) -> OsmExtract:
        """Return the world as the reader would."""
        counts = [len(nodes) for _, nodes, _ in self.ways]
        flat = [node for _, nodes, _ in self.ways for node in nodes]
        tagged = sorted(self.node_tags)
        everywhere = np.array([*self.xy.values()]).reshape(-1, 2)
        low, high = everywhere.min(axis=0) - 3000.0, everywhere.max(axis=0) + 3000.0
        return OsmExtract(
            path=Path("verden.osm"),
            timestamp=None,
            bounds=self.bounds or (low[0], low[1], high[0], high[1]),
            lines=Lines(
                way=np.array([way for way, _, _ in self.ways], dtype=np.int64),
                start=np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
                node=np.array(flat, dtype=np.int64),
                xy=np.array([self.xy[node] for node in flat]).reshape(-1, 2),
                clipped=np.zeros(len(self.ways), dtype=np.bool_),
                tags=[tags for _, _, tags in self.ways],
            ),
            areas=Areas(
                osm_id=np.array([osm_id for osm_id, _, _ in self.areas], dtype=np.str_),
                geometry=np.array([shape for _, shape, _ in self.areas], dtype=object),
                tags=[tags for _, _, tags in self.areas],
            ),
            points=Points(
                node=np.array(tagged, dtype=np.int64),
                xy=np.array([self.xy[node] for node in tagged]).reshape(-1, 2),
                tags=[self.node_tags[node] for node in tagged],
            ),
        )

    def _node_at(self, place: tuple[float, float]) -> int:
        known = self._at.get((float(place[0]), float(place[1])))
        return self.node(*place) if known is None else known


def points(*places: tuple[float, float]) -> "np.ndarray[tuple[int], np.dtype[np.object_]]":
    """Return points as an array of geometries."""
    return np.array([shapely.Point(place) for place in places], dtype=object)


def no_unplaced() -> pd.DataFrame:
    """Return the table of units without a place, where every unit has one."""
    return pd.DataFrame(
        {
            "homes": np.array([], dtype=np.int64),
            "step": pd.array([], dtype="Int64"),
            "current": np.array([], dtype=np.bool_),
        }
    )


def study_in(
    world: World,
    plots: Mapping[str, shapely.Geometry],
    *,
    units: Sequence[tuple[float, float, int, int | None]] = (),
    entrances: Sequence[tuple[str, float, float]] = (),
    **sections: object,
) -> Study:
    """Return a study of a world.

    Parameters
    ----------
    world
        The world.
    plots
        Geometries by ``plot_id``.
    units
        The register: x, y, homes, step (None where unknown).
    entrances
        ``plot_id``, x, y.
    sections
        More sections of the study file.
    """
    order = sorted(plots)
    nothing = pd.array([pd.NA] * len(order), dtype="str")
    unit_ids = [f"E{number:03d}" for number in range(len(units))]
    no_day = pd.Series(pd.NaT, index=unit_ids, dtype="datetime64[ns]")
    return Study(
        folder=Path(),
        config=StudyConfig.model_validate(
            {"name": "Verden", "profile": {"step": 3, "housing_form": "smaahus"}, **sections}
        ),
        crs=CRS,
        plots=gpd.GeoDataFrame(
            {
                "name": order,
                "gnr": nothing,
                "bnr": nothing,
                "plan_status": nothing,
                "planned_homes": pd.array([pd.NA] * len(order), dtype="Int64"),
            },
            geometry=[plots[name] for name in order],
            crs=CRS,
            index=pd.Index(order, name="plot_id", dtype="str"),
        ),
        entrances=gpd.GeoDataFrame(
            geometry=[shapely.Point(x, y) for _, x, y in entrances],
            crs=CRS,
            index=pd.Index([name for name, *_ in entrances], name="plot_id", dtype="str"),
        ),
        units=gpd.GeoDataFrame(
            {
                "homes": np.array([homes for *_, homes, _ in units], dtype=np.int64),
                "step": pd.array([step for *_, step in units], dtype="Int64"),
                "housing_form": pd.array([pd.NA] * len(units), dtype="str"),
                "building_id": pd.array([pd.NA] * len(units), dtype="str"),
                "valid_from": no_day.to_numpy(),
                "valid_to": no_day.to_numpy(),
                "began": pd.array([pd.NA] * len(units), dtype="str"),
                "ended": pd.array([pd.NA] * len(units), dtype="str"),
                "current": np.ones(len(units), dtype=np.bool_),
            },
            geometry=[shapely.Point(x, y) for x, y, *_ in units],
            crs=CRS,
            index=pd.Index(unit_ids, name="unit_id", dtype="str"),
        ),
        unplaced=no_unplaced(),
        extract=world.extract(),
        constraint_layers={},
        coverage_layers={},
        inputs=(),
        dropped=pd.DataFrame({"file": [], "row": [], "id": [], "reason": []}),
        warnings=(),
    )
