"""A small complete answer made by hand, so that views can be tested without running an analysis.

The place is fictional: a rectangle of made-up streets west of nowhere, in UTM zone 32.
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
from shapely import LineString, MultiPolygon, Point, Polygon, box

from fabricated_concentration import STEP_WEIGHT, fabricated_concentration
from fabricated_shortcuts import RAILWAY, fabricated_shortcuts
from tomteanalyse.assessment import Assessment
from tomteanalyse.config import StudyConfig
from tomteanalyse.errors import Notice
from tomteanalyse.extract import Areas, Lines, OsmExtract, Points
from tomteanalyse.measures.measurement import Measurement
from tomteanalyse.scoring.criteria import Criterion
from tomteanalyse.scoring.evaluation import Evaluation
from tomteanalyse.scoring.robustness import Robustness
from tomteanalyse.scoring.value_functions import PiecewiseLinear
from tomteanalyse.study import InputFile, Study
from worlds import no_unplaced

CRS = pyproj.CRS("EPSG:25832")
ORIGIN = np.array([597_000.0, 6_643_000.0])
SIZE_M = (4_000.0, 3_000.0)

CLASSES = (
    "bus",
    "grocery",
    "pharmacy",
    "doctor",
    "services",
    "recreation",
    "emergency",
    "school",
    "kindergarten",
    "centre",
)
STRAIGHT = ("emergency", "school", "kindergarten")
MEASURE = {
    **{key: f"straight_{key}" if key in STRAIGHT else f"walk_{key}" for key in CLASSES},
    "concentration": "weighted_homes_500_to_be",
}
CRITERIA = (
    "bus",
    "grocery",
    "pharmacy",
    "doctor",
    "services",
    "recreation",
    "centre",
    "emergency",
    "school",
    "kindergarten",
    "concentration",
)
AMENITY_NAMES = {
    "bus": "Tjernsvingen",
    "grocery": "Bakkebua",
    "pharmacy": "Apoteket Hegg",
    "doctor": "Legene ved elva",
    "services": "Rådhuset",
    "recreation": "Øvreparken",
    "emergency": "Brannstasjonen",
    "school": "Åsen skole",
    "kindergarten": "Blåklokka barnehage",
    "centre": "Torget",
}
PLOT_NAMES = (
    "Møllehagen",
    "Gamle sagbruket",
    "Nordre jorde",
    "Øvre Tjernsvei 12",
    "Stasjonstomta",
    "Åsen vest",
    "Parkeringa bak torget",
    "Bruddet",
    "Elvekanten",
    "Hegglia",
    "Verkstedet",
    "Sørmyra",
)

# What is special with the plots, counted from 0 and starting anew every 12 plots.
UNKNOWN_NEAR, UNREACHABLE, KNOCKED_OUT, MUST_CLEAR, OUTSIDE, MULTI, POINT = 2, 3, 4, 5, 6, 7, 8


def fabricated_assessment(
    plot_names: Sequence[str] | None = None,
    n: int = 12,
    *,
    plot_ids: Sequence[str] | None = None,
    amenity_name: str | None = None,
    study_name: str = "Heggdal (oppdiktet)",
    reason: str = "Ligger i flomsone",
    crs: pyproj.CRS = CRS,
    barrier_name: str = RAILWAY,
) -> Assessment:
    """Build an `Assessment` of `n` plots with every kind of answer in it.

    Plot 2 (counted from 0) has an unknown grocery, 3 an unreachable doctor, 4 a knock-out, 5 must
    be cleared, 6 lies outside the extract for the pharmacy, 7 is in two parts, 8 is a point; the
    same again every 12 plots.

    Parameters
    ----------
    plot_names
        Names of the first plots.
    n
        Number of plots; at least as many as there are names or ids.
    plot_ids
        Ids, if not T01, T02, ….
    amenity_name
        A name that every amenity gets instead of its own.
    study_name, reason
        The study's name; the words of the constraints.
    crs
        The metric system the same numbers are said to be in.
    barrier_name
        Name of the railway that unsafe shortcuts cross.
    """
    n = max(n, len(plot_names or ()), len(plot_ids or ()))
    digits = max(2, len(str(n)))
    ids = [f"T{i + 1:0{digits}d}" for i in range(n)]
    ids[: len(plot_ids or ())] = plot_ids or ()
    names = [PLOT_NAMES[i % 12] + (f" {i // 12 + 1}" if i >= 12 else "") for i in range(n)]
    names[: len(plot_names or ())] = plot_names or ()
    plots = _plots(ids, names, crs)
    amenities = _amenities(amenity_name, crs)
    measurements = _measurements(plots, amenities)
    evaluation = _evaluation(measurements, reason)
    return Assessment(
        study=_study(plots, study_name, reason, crs),
        amenities=amenities,
        measurements=measurements,
        routes=_routes(plots, amenities, measurements, crs),
        network_cuts=gpd.GeoDataFrame(
            {
                "kind": ["rail", "fast_road"],
                "node": np.array([9001, 9002]),
                "way": np.array([70, 71]),
            },
            geometry=[_at(1400, 1500), _at(2600, 700)],
            crs=crs,
        ),
        network_report={"ways": 24, "clipped_ways": 2, "components": 3, "cuts": 2},
        evaluation=evaluation,
        shortcuts=fabricated_shortcuts(plots, amenities, crs, barrier_name=barrier_name),
        robustness=_robustness(evaluation),
        concentration=fabricated_concentration(plots, _units(crs), measurements),
        warnings=(),
    )


def with_warnings(assessment: Assessment, *warnings: Notice) -> Assessment:
    """Return the same answer with these warnings."""
    return Assessment(**{**vars(assessment), "warnings": warnings})


def hardly_measured(assessment: Assessment, plot_id: str) -> Assessment:
    """Return the same answer with a plot of which only 30 % of the weight is measured."""
    found, robustness = assessment.evaluation, assessment.robustness
    here = found.score.index == plot_id
    return replace(
        assessment,
        evaluation=replace(
            found,
            coverage=found.coverage.mask(here, 0.3),
            grade=found.grade.mask(here),
            rank=found.score.mask(found.rank.isna() | here)
            .rank(ascending=False, method="min")
            .astype("Int64"),
        ),
        robustness=replace(
            robustness,
            best=robustness.best.mask(here),
            top_three=robustness.top_three.mask(here),
            expected_rank=robustness.expected_rank.mask(here),
        ),
    )


def _at(x: float, y: float) -> Point:
    return Point(ORIGIN[0] + x, ORIGIN[1] + y)


def _box(west: float, south: float, east: float, north: float) -> Polygon:
    x, y = ORIGIN
    return box(x + west, y + south, x + east, y + north)


def _plots(ids: list[str], names: list[str], crs: pyproj.CRS) -> gpd.GeoDataFrame:
    columns = int(np.ceil(np.sqrt(len(ids) * 4 / 3)))
    step = 3_400 / columns
    half = min(45.0, step / 4)
    shapes = []
    for i in range(len(ids)):
        x = 300 + (i % columns) * step + 37 * (i % 3)
        y = 250 + (i // columns) * step + 23 * (i % 4)
        centre = _at(x, y)
        yard = Polygon(
            [
                (centre.x - half, centre.y - half * 0.7),
                (centre.x + half, centre.y - half),
                (centre.x + half * 0.8, centre.y + half * 0.6),
                (centre.x - half * 0.6, centre.y + half),
            ]
        )
        if i % 12 == MULTI:
            shapes.append(
                MultiPolygon(
                    [
                        yard,
                        box(centre.x + 2 * half, centre.y - half, centre.x + 3 * half, centre.y),
                    ]
                )
            )
        elif i % 12 == POINT:
            shapes.append(centre)
        else:
            shapes.append(yard)
    table = gpd.GeoDataFrame(
        {
            "name": names,
            "gnr": [str(10 + i % 7) for i in range(len(ids))],
            "bnr": [str(1 + i) for i in range(len(ids))],
            "plan_status": pd.array(
                ["regulert" if i % 2 else pd.NA for i in range(len(ids))], dtype="string"
            ),
            "planned_homes": pd.array(
                [4 + i % 5 if i % 3 else pd.NA for i in range(len(ids))], dtype="Int64"
            ),
        },
        geometry=shapes,
        index=pd.Index(ids, name="plot_id", dtype="object"),
        crs=crs,
    )
    return table.sort_index()


def _amenities(name: str | None, crs: pyproj.CRS) -> gpd.GeoDataFrame:
    rows = []
    for k, key in enumerate(CLASSES):
        for copy in range(3):
            given = name or (
                AMENITY_NAMES[key] if copy == 0 else f"{AMENITY_NAMES[key]} {copy + 1}"
            )
            rows.append(
                {
                    "amenity_id": f"n{100 * (k + 1) + copy}",
                    "amenity_class": key,
                    # A place without a name is common in OpenStreetMap.
                    "name": pd.NA if copy == 2 and name is None else given,
                    "geometry": _at(500 + 310 * k + 90 * copy, 400 + 1_050 * copy + 61 * (k % 4)),
                }
            )
    return gpd.GeoDataFrame(rows, crs=crs).set_index("amenity_id").sort_index()


def _measurements(plots: gpd.GeoDataFrame, amenities: gpd.GeoDataFrame) -> dict[str, Measurement]:
    place = np.array([(g.x, g.y) for g in plots.geometry.centroid])
    order = np.arange(len(plots)) % 12
    measured = {}
    for key in CLASSES:
        of_class = amenities[amenities["amenity_class"] == key]
        target = np.array([(g.x, g.y) for g in of_class.geometry])
        apart = np.abs(place[:, None, :] - target[None, :, :])
        distance = (
            np.hypot(apart[..., 0], apart[..., 1]) if key in STRAIGHT else apart.sum(axis=2)
        ).round(1)
        value = pd.Series(distance.min(axis=1), index=plots.index)
        nearest = pd.Series(
            of_class.index.to_numpy()[distance.argmin(axis=1)], index=plots.index, dtype="object"
        )
        reason = pd.Series(pd.NA, index=plots.index, dtype="object")
        for case, class_, figure, why in (
            (UNKNOWN_NEAR, "grocery", np.nan, "no_way_near"),
            (UNREACHABLE, "doctor", np.inf, "no_safe_way"),
            (OUTSIDE, "pharmacy", np.nan, "outside_extract"),
        ):
            if class_ == key:
                value[order == case] = figure
                nearest[order == case] = pd.NA
                reason[order == case] = why
        doubt = 0.0 if key in STRAIGHT else 15.0
        measured[MEASURE[key]] = Measurement(
            value, (value - doubt).clip(lower=0), value + doubt, nearest, reason
        )
    nothing = pd.Series(pd.NA, index=plots.index, dtype="object")
    for within, share in ((300, 1), (500, 3), (1000, 11)):
        homes = pd.Series(
            (np.arange(len(plots)) * 7 % 13) * share, index=plots.index, dtype="float64"
        )
        for name, figure in ((f"homes_{within}", homes), (f"weighted_homes_{within}", homes * 1.5)):
            measured[name] = Measurement(figure, figure, figure, nothing, nothing)
    planned = plots["planned_homes"].astype("Float64").fillna(0.0).astype("float64")
    to_be = measured["weighted_homes_500"].value + STEP_WEIGHT * planned
    measured["weighted_homes_500_to_be"] = Measurement(to_be, to_be, to_be, nothing, nothing)
    return measured


def _criteria() -> tuple[Criterion, ...]:
    made = []
    for key in CRITERIA:
        anchors = {
            "school": ((100.0, 0.0), (500.0, 1.0)),
            "kindergarten": ((50.0, 0.0), (300.0, 1.0)),
            "concentration": ((0.0, 1.0), (60.0, 0.0)),
        }.get(key, ((200.0, 1.0), (2_000.0, 0.0)))
        made.append(
            Criterion(
                key=key,
                measure=MEASURE[key],
                unit="weighted_homes" if key == "concentration" else "m",
                value=PiecewiseLinear(anchors),
                source="Oppdiktet for testene",
                decision="Vedtak 12/25 (oppdiktet)" if key == "bus" else None,
            )
        )
    return tuple(made)


def _evaluation(measurements: dict[str, Measurement], reason: str) -> Evaluation:
    criteria = _criteria()
    keys = [criterion.key for criterion in criteria]
    index = measurements["walk_bus"].value.index

    def table(part: str) -> pd.DataFrame:
        return pd.DataFrame({c.key: getattr(measurements[c.measure], part) for c in criteria})

    measured, low, high = table("value"), table("low"), table("high")
    value = pd.DataFrame({c.key: c.value(measured[c.key]) for c in criteria}, index)
    bounds = [c.value.image(low[c.key], high[c.key]) for c in criteria]
    unknown = measured.isna()
    weights = pd.Series(np.arange(len(keys), 0, -1, dtype="float64"), index=keys)
    weights /= weights.sum()
    points = 100 * weights * value.fillna(0.5)
    value_low = pd.DataFrame(np.column_stack([low for low, _ in bounds]), index, keys).mask(
        unknown, 0.0
    )
    value_high = pd.DataFrame(np.column_stack([high for _, high in bounds]), index, keys).mask(
        unknown, 1.0
    )
    score = points.sum(axis=1)
    order = np.arange(len(index)) % 12
    out = pd.Series(order == KNOCKED_OUT, index=index)
    rank = score.mask(out).rank(ascending=False, method="min").astype("Int64")
    spread = score.rank(pct=True)
    return Evaluation(
        criteria=criteria,
        weights=weights,
        weight_source=pd.Series("Oppdiktet for testene", index=keys, dtype="object"),
        weight_decision=pd.Series(
            ["Vedtak 12/25 (oppdiktet)"] + [pd.NA] * (len(keys) - 1), index=keys, dtype="object"
        ),
        measured=measured,
        measured_low=low,
        measured_high=high,
        value=value,
        value_low=value_low,
        value_high=value_high,
        drawn_low=value_low,
        drawn_high=value_high,
        points=points,
        score=score,
        score_low=100 * (value_low * weights).sum(axis=1),
        score_high=100 * (value_high * weights).sum(axis=1),
        coverage=(~unknown * weights).sum(axis=1),
        # Spread over all letters, so that a view shows each of them.
        grade=pd.cut(spread, [0, 0.2, 0.4, 0.6, 0.8, 1], labels=list("EDCBA")).astype("object"),
        rank=rank,
        verdicts=pd.DataFrame(
            [
                {
                    "plot_id": plot_id,
                    "constraint": constraint,
                    "effect": effect,
                    "state": state,
                    "reason": reason,
                    "source": "Oppdiktet for testene",
                    "decision": pd.NA,
                }
                for plot_id, case in zip(index, order, strict=True)
                for at, constraint, effect, state in (
                    (KNOCKED_OUT, "flomsone", "knock_out", "violated"),
                    (MUST_CLEAR, "kvikkleire", "must_clear", "unknown"),
                )
                if case == at
            ],
            columns=["plot_id", "constraint", "effect", "state", "reason", "source", "decision"],
        ),
    )


def _robustness(evaluation: Evaluation) -> Robustness:
    ranked = evaluation.rank.notna()
    strength = np.exp((evaluation.score - evaluation.score.max()) / 4).where(ranked)
    best = strength / strength.sum()
    top = (3 * best).clip(upper=1.0)
    leading = evaluation.rank.dropna().sort_values().index[:10]
    versus = np.subtract.outer(
        evaluation.score[leading].to_numpy(), evaluation.score[leading].to_numpy()
    )
    return Robustness(
        draws=10_000,
        seed=1,
        best=best,
        top_three=top,
        expected_rank=evaluation.rank.astype("float64"),
        pairwise=pd.DataFrame(1 / (1 + np.exp(-versus / 4)), leading, leading),
        drawn=int(ranked.sum()),
    )


def _routes(
    plots: gpd.GeoDataFrame,
    amenities: gpd.GeoDataFrame,
    measurements: dict[str, Measurement],
    crs: pyproj.CRS,
) -> gpd.GeoDataFrame:
    rows = []
    for plot_id, shape in plots.geometry.centroid.items():
        for key in CLASSES:
            nearest = measurements[MEASURE[key]].nearest[plot_id]
            if key in STRAIGHT or pd.isna(nearest):
                continue
            goal = amenities.geometry[nearest]
            rows.append(
                {
                    "plot_id": plot_id,
                    "amenity_class": key,
                    "amenity_id": nearest,
                    "distance_m": measurements[MEASURE[key]].value[plot_id],
                    "geometry": LineString([shape, (shape.x, goal.y), goal]),
                }
            )
    columns = ["plot_id", "amenity_class", "amenity_id", "distance_m", "geometry"]
    return gpd.GeoDataFrame(rows, columns=columns, geometry="geometry", crs=crs)


def _study(plots: gpd.GeoDataFrame, name: str, reason: str, crs: pyproj.CRS) -> Study:
    config = StudyConfig.model_validate(
        {
            "name": name,
            "profile": {"step": 4, "housing_form": "modulhus"},
            "constraints": [
                {"key": "flomsone", "reason": reason, "file": "flom.gpkg", "source": "Oppdiktet"},
                {
                    "key": "kvikkleire",
                    "reason": reason,
                    "effect": "must_clear",
                    "file": "kvikkleire.gpkg",
                    "source": "Oppdiktet",
                },
            ],
        }
    )
    zone = gpd.GeoDataFrame(geometry=[_at(1_200, 250).buffer(150)], crs=crs)
    inputs = tuple(
        InputFile(role, file, f"{k:064x}", read)
        for k, (role, file, read) in enumerate(
            [
                ("study", "tomteanalyse.toml", 1),
                ("plots", "tomter.gpkg", len(plots)),
                ("register", "enheter.csv", 40),
                ("extract", "omraade.osm.pbf", 24),
            ]
        )
    )
    return Study(
        folder=Path("heggdal"),
        config=config,
        crs=crs,
        plots=plots,
        entrances=gpd.GeoDataFrame(geometry=[], index=pd.Index([], name="plot_id"), crs=crs),
        units=_units(crs),
        unplaced=no_unplaced(),
        extract=_extract(),
        constraint_layers={"flomsone": zone, "kvikkleire": zone},
        coverage_layers={},
        inputs=inputs,
        dropped=pd.DataFrame(
            [{"file": "enheter.csv", "row": 7, "id": "E07", "reason": "outside_extract"}],
            columns=["file", "row", "id", "reason"],
        ),
        warnings=(),
    )


def _units(crs: pyproj.CRS) -> gpd.GeoDataFrame:
    count = 40
    return gpd.GeoDataFrame(
        {
            "homes": np.array([1 + i % 3 for i in range(count)]),
            "step": pd.array([pd.NA if i % 9 == 0 else 1 + i % 5 for i in range(count)], "Int64"),
            "housing_form": pd.array(
                ["modulhus" if i % 5 == 3 else pd.NA for i in range(count)], "string"
            ),
            "building_id": pd.array([pd.NA] * count, "string"),
            "valid_from": pd.to_datetime(["2015-01-01"] * count),
            "valid_to": pd.to_datetime([None if i % 8 else "2022-06-30" for i in range(count)]),
            "began": pd.array([pd.NA if i % 4 else "built" for i in range(count)], "string"),
            "ended": pd.array([pd.NA if i % 8 else "sold" for i in range(count)], "string"),
            "current": [bool(i % 8) for i in range(count)],
        },
        geometry=[_at(350 + 83 * i % 3_300, 300 + 211 * i % 2_300) for i in range(count)],
        index=pd.Index([f"E{i + 1:02d}" for i in range(count)], name="unit_id"),
        crs=crs,
    )


def _extract() -> OsmExtract:
    width, height = SIZE_M
    ways: list[tuple[list[tuple[float, float]], dict[str, str]]] = []
    for i, y in enumerate(range(200, 3_000, 400)):
        kind = ("primary", "residential", "tertiary", "residential")[i % 4]
        ways.append(
            ([(0, y), (width / 2, y + 30), (width, y)], {"highway": kind, "name": f"Gate {i}"})
        )
    for i, x in enumerate(range(250, 4_000, 500)):
        kind = ("residential", "footway", "secondary", "cycleway")[i % 4]
        ways.append(([(x, 0), (x + 20, height / 2), (x, height)], {"highway": kind}))
    ways.append(([(0, 900), (width, 2_700)], {"railway": "rail"}))
    ways.append(([(0, 720), (width, 620)], {"highway": "motorway", "ref": "E99"}))
    ways.append(
        ([(900, 0), (1_100, 1_300), (1_050, height)], {"waterway": "river", "name": "Heggelva"})
    )
    ways.append(([(300, 40), (3_800, 60)], {"barrier": "fence"}))
    count = np.cumsum([0] + [len(points) for points, _ in ways])
    lines = Lines(
        way=np.arange(50, 50 + len(ways)),
        start=count.astype(np.int64),
        node=np.arange(1_000, 1_000 + count[-1]),
        xy=np.array([point for points, _ in ways for point in points]) + ORIGIN,
        clipped=np.array([False] * len(ways)),
        tags=[tags for _, tags in ways],
    )
    shapes = [
        (_at(3_300, 2_300).buffer(260), {"natural": "water", "name": "Tjernet"}),
        (
            _box(1_900, 1_450, 2_350, 1_780),
            {"leisure": "park", "name": "Øvreparken"},
        ),
        (_box(0, 2_500, 900, 3_000), {"landuse": "forest"}),
    ]
    for i in range(60):
        x, y = 300 + 61 * i % 3_500, 240 + 173 * i % 2_500
        shapes.append((_box(x, y, x + 18, y + 12), {"building": "house"}))
    areas = Areas(
        osm_id=np.array([f"w{500 + i}" for i in range(len(shapes))]),
        geometry=np.array([shape for shape, _ in shapes], dtype=object),
        tags=[tags for _, tags in shapes],
    )
    spots = [
        (2_000, 1_500, {"place": "town", "name": "Heggdal"}),
        (600, 2_300, {"place": "suburb", "name": "Åsen"}),
        (3_200, 600, {"place": "hamlet", "name": "Sørmyra"}),
        (1_410, 1_540, {"railway": "crossing"}),
    ]
    points = Points(
        node=np.arange(8_000, 8_000 + len(spots)),
        xy=np.array([(x, y) for x, y, _ in spots], dtype=float) + ORIGIN,
        tags=[tags for _, _, tags in spots],
    )
    return OsmExtract(
        path=Path("omraade.osm.pbf"),
        timestamp="2025-06-01T20:21:33Z",
        bounds=(*ORIGIN, *(ORIGIN + SIZE_M)),
        lines=lines,
        areas=areas,
        points=points,
    )
