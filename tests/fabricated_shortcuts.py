"""Unsafe shortcuts of a small fictional answer made by hand, so that views can be tested."""

from dataclasses import asdict, replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely

from tomteanalyse.measures.shortcuts.findings import ShortcutFindings
from tomteanalyse.network.shortcuts.parameters import FINE, SCREEN

RAILWAY = "Heggdalsbanen"
"""Name of the fictional railway."""


def fabricated_shortcuts(
    plots: gpd.GeoDataFrame,
    amenities: gpd.GeoDataFrame,
    crs: pyproj.CRS,
    *,
    barrier_name: str = RAILWAY,
) -> ShortcutFindings:
    """Build findings in which the first plot crosses a railway to the bus and a street to the shop.

    The railway is place 1 (severe), the street place 2 (moderate); the second plot, where there is
    one, crosses the railway too, has no safe way, and hangs on the extract's edge. The first plot
    was looked at closely. Everything else is quiet.
    """
    ids = plots.index
    zero = pd.Series(0.0, index=ids)
    index = zero.copy()
    index.iloc[0] = 0.62
    bus, shop = "n100", "n200"
    to_bus, to_shop = amenities.geometry[bus], amenities.geometry[shop]
    first, second = ids[0], ids[min(1, len(ids) - 1)]
    home, other = (plots.geometry[each].representative_point() for each in (first, second))
    peak = shapely.line_interpolate_point(shapely.LineString([home, to_bus]), 0.5, normalized=True)
    street = shapely.line_interpolate_point(
        shapely.LineString([home, to_shop]), 0.5, normalized=True
    )
    rows = [
        (first, bus, "bus", 812.0, 240.0, 410.0, 0.0, 410.0, 0.9, 0.98, 0.88, 0.6, ()),
        (first, shop, "shop", 500.0, 380.0, 60.0, 60.0, 0.0, 0.24, 0.45, 0.11, 1.0, ("implied",)),
    ]
    if second != first:
        index.iloc[1] = 0.31
        flags = ("edge", "no_safe_route")
        rows.append(
            (second, bus, "bus", np.inf, 300.0, 700.0, 0.0, 700.0, 0.9, 1.0, 0.9, 0.3, flags)
        )
    pairs = pd.DataFrame(
        [
            (
                *(plot, place, category, amenities["name"][place]),
                *(safe, tempting, saving, moderate, severe, False, safe - tempting),
                *(safe / tempting, *judged, 1, plot == first),
            )
            for plot, place, category, safe, tempting, saving, moderate, severe, *judged in rows
        ],
        columns=[
            *("plot_id", "destination_id", "category", "name", "safe_distance_m"),
            *("tempting_distance_m", "saving_m", "saving_moderate_m", "saving_severe_m"),
            *("saving_at_least", "gross_saving_m", "detour_ratio", "severity", "temptation"),
            *("risk", "weight", "flags", "tolerable_crossings", "fine"),
        ],
    )
    rail = ("rail", "rail", barrier_name, None, 70, np.nan, False, np.nan, 0.9, True)
    road = ("road", "primary", "Storgata", "9900", 71, 50.0, True, 2.0, 0.24, False)
    met = [(first, bus, *rail, 118.0, 1, peak), (first, shop, *road, 190.0, 2, street)]
    if second != first:
        met.append((second, bus, *rail, 150.0, 1, peak))
    crossings = _table(
        [(plot, place, 1, *rest) for plot, place, *rest in met],
        [
            *("plot_id", "destination_id", "order", "barrier", "road_class", "name", "ref"),
            *("way", "speed_kmh", "speed_assumed", "lanes", "severity", "severe", "metres"),
            *("place", "geometry"),
        ],
        crs,
    )
    ends = {first: home, second: other}
    targets = {bus: to_bus, shop: to_shop}
    tempting = [
        (plot, place, metres, shapely.LineString([ends[plot], targets[place]]))
        for plot, place, metres in zip(
            pairs["plot_id"], pairs["destination_id"], pairs["tempting_distance_m"], strict=True
        )
    ]
    safe = [
        (plot, place, metres, _round_about(line))
        for (plot, place, _, line), metres in zip(tempting, pairs["safe_distance_m"], strict=True)
        if np.isfinite(metres)
    ]
    paths = ["plot_id", "destination_id", "metres", "geometry"]
    steps = [
        (first, bus, way, order, kind, barrier, name, None, osm_way, metres, place, home)
        for way, order, kind, barrier, name, osm_way, metres, place in (
            ("safe", 1, "start", None, None, pd.NA, 12.0, pd.NA),
            ("safe", 2, "street", None, "Storgata", 71, 700.0, pd.NA),
            ("safe", 3, "safe_crossing", "rail", barrier_name, 70, 0.0, pd.NA),
            ("safe", 4, "path", None, None, 72, 100.0, pd.NA),
            ("tempting", 1, "start", None, None, pd.NA, 12.0, pd.NA),
            ("tempting", 2, "ground", None, None, pd.NA, 106.0, pd.NA),
            ("tempting", 3, "crossing", "rail", barrier_name, 70, 0.0, 1),
            ("tempting", 4, "ground", None, None, pd.NA, 122.0, pd.NA),
        )
    ]
    clear = [(first, "rail", 0.53, "violated", (1,))]
    if second != first:
        clear.append((second, "rail", 0.27, "unknown", (1,)))
    return ShortcutFindings(
        index=index,
        index_fine=pd.Series(np.nan, index=ids).mask(ids == first, 0.64),
        low=index - 0.02 * (index > 0),
        high=index + 0.02 * (index > 0),
        least=index.mask(ids == second, 0.0) if second != first else index,
        pairs=pairs,
        crossings=crossings,
        stretches=pd.DataFrame(
            [],
            columns=[
                *("plot_id", "destination_id", "barrier", "name", "ref", "way", "metres"),
                *("severity", "severe"),
            ],
        ),
        safe_paths=gpd.GeoDataFrame(
            pd.DataFrame(safe, columns=paths).rename_axis("pair"), crs=crs, geometry="geometry"
        ),
        tempting_paths=gpd.GeoDataFrame(
            pd.DataFrame(tempting, columns=paths).rename_axis("pair"), crs=crs, geometry="geometry"
        ),
        places=_places(peak, street, barrier_name, first, second, crs),
        steps=_table(
            steps,
            [
                *("plot_id", "destination_id", "way", "order", "kind", "barrier", "name", "ref"),
                *("osm_way", "metres", "place", "geometry"),
            ],
            crs,
        ).astype({"osm_way": "Int64"}),
        must_clear=pd.DataFrame(clear, columns=["plot_id", "barrier", "risk", "state", "places"]),
        near_edge=pd.Series(ids == second, index=ids),
        not_reachable={str(each): ("visit",) for each in ids},
        parameters={"screen": asdict(SCREEN), "fine": asdict(FINE)},
    )


def no_shortcuts(found: ShortcutFindings) -> ShortcutFindings:
    """Return findings of the same plots in which nothing was found and nowhere was in reach."""
    tables = ("pairs", "crossings", "stretches", "safe_paths", "tempting_paths", "places", "steps")
    nothing = {name: getattr(found, name).iloc[:0] for name in (*tables, "must_clear")}
    zero = dict.fromkeys(("index", "low", "high", "least"), 0.0 * found.index)
    return replace(found, **nothing, **zero, index_fine=np.nan * found.index_fine)


def _round_about(line: shapely.LineString) -> shapely.LineString:
    (x, y), (to_x, to_y) = line.coords
    return shapely.LineString([(x, y), (x, to_y), (to_x, to_y)])


def _table(rows: list, columns: list[str], crs: pyproj.CRS) -> gpd.GeoDataFrame:
    table = pd.DataFrame(rows, columns=columns)
    table["place"] = table["place"].astype("Int64")
    return gpd.GeoDataFrame(table, geometry="geometry", crs=crs)


def _places(
    peak: shapely.Point,
    street: shapely.Point,
    barrier_name: str,
    first: str,
    second: str,
    crs: pyproj.CRS,
) -> gpd.GeoDataFrame:
    track = shapely.LineString([(peak.x - 30, peak.y), (peak.x + 30, peak.y)])
    both = (first, second) if second != first else (first,)
    table = pd.DataFrame(
        {
            "severe": [True, False],
            "barrier": ["rail", "road"],
            "road_class": ["rail", "primary"],
            "name": [barrier_name, "Storgata"],
            "ref": [None, "9900"],
            "severity": [0.9, 0.24],
            "load": [0.8, 0.1],
            "median_saving_m": [410.0, 60.0],
            "median_safe_distance_m": [812.0, 500.0],
            "plots": [both, (first,)],
            "destinations": [("n100",), ("n200",)],
            "ways": [(70,), (71,)],
            "edge": [False, False],
            "winding": [False, False],
            "speed_kmh": [np.nan, 50.0],
            "lanes": [np.nan, 2.0],
        },
        index=pd.RangeIndex(1, 3, name="place"),
    )
    table["peak"] = gpd.GeoSeries([peak, street], index=table.index, crs=crs)
    return gpd.GeoDataFrame(table, geometry=[track, street], crs=crs)
