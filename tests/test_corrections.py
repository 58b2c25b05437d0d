"""Corrections rewrite the extract: what they change, what they leave, and what is told of them."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from shapely import LineString, Point
from shapely.geometry.base import BaseGeometry

from study_folders import CRS, at, contents, refusal, write_study
from tomteanalyse.corrections import COLUMNS, CROSSINGS, KINDS, corrected
from tomteanalyse.corrections.stops import is_stop
from tomteanalyse.errors import DataError
from tomteanalyse.extract import OsmExtract, Tags
from tomteanalyse.inputs.correction_words import CROSSING_WORDS
from tomteanalyse.inputs.correction_words import KINDS as KIND_WORDS
from tomteanalyse.inputs.corrections import with_corrections
from tomteanalyse.inputs.reading import read_study
from tomteanalyse.measures.amenities import AMENITY_PROFILE
from tomteanalyse.network.walk import build_network
from worlds import FAST_ROAD, FOOTWAY, MOTORWAY, RAIL, STREET, World

DAY = np.datetime64("2026-02-01", "s")


def table(*rows: dict[str, object]) -> gpd.GeoDataFrame:
    """Return corrections as the reader gives them; each row names its kind and ``at``."""
    told: dict[str, list[object]] = {name: [] for name in COLUMNS}
    for number, row in enumerate(rows, start=1):
        full = {"date": DAY, "source": "Befaring", "file": "rettelser.gpkg", "row": number, **row}
        for name in told:
            told[name].append(full.get(name))
    return gpd.GeoDataFrame(
        {name: pd.Series(told[name], dtype=dtype) for name, dtype in COLUMNS.items()},
        geometry=[row["at"] for row in rows],
        crs=CRS,
    )


def walk_m(extract: OsmExtract, one: tuple[float, float], other: tuple[float, float]) -> float:
    """Return the metres between two vertices on the safe walking network, inf without a way."""
    import networkx as nx

    graph = build_network(extract).to_networkx()
    ends = [
        min(graph, key=lambda n: np.hypot(graph.nodes[n]["x"] - x, graph.nodes[n]["y"] - y))
        for x, y in (one, other)
    ]
    try:
        return float(nx.shortest_path_length(graph, *ends, weight="length"))
    except nx.NetworkXNoPath:
        return float("inf")


def barrier_world(tags: Tags, *, detour_m: float = 300.0) -> World:
    """Return two footways 100 m apart, a barrier between them, and an underpass far to the east."""
    world = World()
    world.way([(0, -50), (detour_m, -50)], FOOTWAY)
    world.way([(0, 50), (detour_m, 50)], FOOTWAY)
    tunnel = {**FOOTWAY, "tunnel": "yes", "layer": "-1"}
    world.way([(detour_m, -50), (detour_m, 50)], tunnel)
    world.way([(-1000, 0), (1000, 0)], tags)
    return world


SOUTH_END, NORTH_END = (0.0, -50.0), (0.0, 50.0)


def refused(extract: OsmExtract, *rows: dict[str, object]) -> list[tuple[str, tuple[int, ...]]]:
    """Return codes and rows of what is told of corrections that do not fit."""
    with pytest.raises(DataError) as told:
        corrected(extract, table(*rows))
    return [(notice.code, notice.rows) for notice in told.value.notices]


def tags_of(extract: OsmExtract, way: int) -> list[Tags]:
    lines = extract.lines
    return [lines.tags[at] for at in np.flatnonzero(lines.way == way).tolist()]


def drawn(extract: OsmExtract) -> list[tuple[int, LineString, Tags]]:
    lines = extract.lines
    return [
        (int(lines.way[at]), LineString(lines.xy[lines.start[at] : lines.start[at + 1]]), tags)
        for at, tags in enumerate(lines.tags)
    ]


@pytest.mark.parametrize(
    ("tags", "crossing"),
    [
        (RAIL, "underpass"),
        (RAIL, "bridge"),
        (RAIL, "level_crossing"),
        (MOTORWAY, "underpass"),
        (FAST_ROAD, "bridge"),
        ({"highway": "primary", "maxspeed": "70"}, "signals"),
    ],
)
def test_a_new_crossing_shortens_the_safe_way_by_what_can_be_reckoned(
    tags: Tags, crossing: str
) -> None:
    world = barrier_world(tags)
    assert walk_m(world.extract(), SOUTH_END, NORTH_END) == pytest.approx(700)
    new, applied = corrected(
        world.extract(), table({"kind": "new_crossing", "crossing": crossing, "at": Point(40, 3)})
    )
    # 40 m east, straight across 100 m, 40 m west.
    assert walk_m(new, SOUTH_END, NORTH_END) == pytest.approx(180)
    ways = applied.loc[1, "ways"]
    assert 4 in ways
    assert min(ways) < 0


def test_a_crossing_drawn_as_a_line_is_led_on_to_the_ways_at_both_ends() -> None:
    line = LineString([(100, -40), (110, 0), (100, 35)])
    new, _ = corrected(
        barrier_world(RAIL).extract(),
        table({"kind": "new_crossing", "crossing": "underpass", "at": line}),
    )
    assert walk_m(new, SOUTH_END, NORTH_END) == pytest.approx(200 + 10 + line.length + 15)


def test_a_crossing_that_begins_on_the_ways_has_no_vertex_twice() -> None:
    line = LineString([(100, -50.2), (100, 50)])
    new, applied = corrected(
        barrier_world(RAIL).extract(),
        table({"kind": "new_crossing", "crossing": "bridge", "at": line}),
    )
    [made] = [shape for way, shape, _ in drawn(new) if way == min(applied.loc[1, "ways"])]
    assert shapely.get_num_coordinates(made) == 2
    assert walk_m(new, SOUTH_END, NORTH_END) == pytest.approx(300)


def test_a_level_crossing_leads_across_every_track_and_a_marked_one_over_both_carriageways() -> (
    None
):
    for tags, crossing in (
        (RAIL, "level_crossing"),
        ({"highway": "primary", "maxspeed": "50", "oneway": "yes"}, "marked"),
    ):
        world = barrier_world(tags)
        world.way([(-1000, 8), (1000, 8)], tags)
        new, applied = corrected(
            world.extract(),
            table({"kind": "new_crossing", "crossing": crossing, "at": Point(40, 2)}),
        )
        assert len(applied.loc[1, "nodes"]) == 2
        made = dict(zip(new.points.node.tolist(), new.points.tags, strict=True))
        assert all("crossing" in str(made[node]) for node in applied.loc[1, "nodes"])
        assert walk_m(new, SOUTH_END, NORTH_END) == pytest.approx(180)


def test_a_trodden_path_over_the_track_becomes_a_crossing_where_one_is_built() -> None:
    world = barrier_world(RAIL)
    spot = world.node(20, 0)
    world.ways[3][1].insert(1, spot)
    world.way([(20, -50), spot, (20, 50)], {"highway": "path"})
    assert walk_m(world.extract(), (20, -50), (20, 50)) > 600
    new, applied = corrected(
        world.extract(),
        table({"kind": "new_crossing", "crossing": "level_crossing", "at": Point(22, 1)}),
    )
    assert walk_m(new, (20, -50), (20, 50)) == pytest.approx(100, abs=2)
    assert applied.loc[1, "nodes"] != ()


def test_a_marked_crossing_on_a_slow_street_needs_no_path_to_it() -> None:
    world = World()
    road = world.way([(-300, 0), (300, 0)], {"highway": "secondary", "maxspeed": "50"})
    new, applied = corrected(
        world.extract(), table({"kind": "new_crossing", "crossing": "marked", "at": Point(10, 4)})
    )
    [node] = applied.loc[1, "nodes"]
    assert dict(zip(new.points.node.tolist(), new.points.tags, strict=True))[node] == {
        "highway": "crossing",
        "crossing": "marked",
    }
    at_road = new.lines.way == road
    assert at_road.sum() == 1
    assert node in new.lines.node


@pytest.mark.parametrize(
    ("tags", "crossing", "code"),
    [
        (FAST_ROAD, "marked", "corrections.crossing_does_not_fit"),
        (MOTORWAY, "signals", "corrections.crossing_does_not_fit"),
        (RAIL, "marked", "corrections.nothing_to_cross"),
        (FAST_ROAD, "level_crossing", "corrections.nothing_to_cross"),
    ],
)
def test_a_crossing_that_would_not_be_safe_there_is_refused(
    tags: Tags, crossing: str, code: str
) -> None:
    row = {"kind": "new_crossing", "crossing": crossing, "at": Point(40, 3)}
    assert refused(barrier_world(tags).extract(), row) == [(code, (1,))]


def test_a_crossing_at_grade_does_not_lead_over_a_railway_beside_the_road() -> None:
    world = barrier_world({"highway": "primary", "maxspeed": "50"})
    world.way([(-1000, 20), (1000, 20)], RAIL)
    line = LineString([(40, -50), (40, 50)])
    row = {"kind": "new_crossing", "crossing": "marked", "at": line}
    assert refused(world.extract(), row) == [("corrections.crosses_more", (1,))]


def test_a_crossing_without_ways_to_join_is_refused() -> None:
    world = World()
    world.way([(-1000, 0), (1000, 0)], RAIL)
    world.way([(0, -30), (100, -30)], FOOTWAY)
    point = {"kind": "new_crossing", "crossing": "underpass", "at": Point(40, 3)}
    line = {**point, "at": LineString([(40, -30), (40, 60)])}
    assert sorted(refused(world.extract(), point, line)) == [
        ("corrections.end_not_joined", (2,)),
        ("corrections.no_way_on_side", (1,)),
    ]


def test_a_point_closes_the_whole_way_and_a_line_the_stretch_it_is_drawn_along() -> None:
    world = World()
    world.way([(0, 0), (400, 0)], FOOTWAY)
    world.way([(0, 0), (0, 100), (400, 100), (400, 0)], FOOTWAY)
    before = world.extract()
    assert walk_m(before, (0, 0), (400, 0)) == pytest.approx(400)
    whole, _ = corrected(before, table({"kind": "close_way", "at": Point(200, 5)}))
    assert walk_m(whole, (0, 0), (400, 0)) == pytest.approx(600)
    line = LineString([(100, 3), (150, -2)])
    part, applied = corrected(before, table({"kind": "close_way", "at": line}))
    assert walk_m(part, (0, 0), (400, 0)) == pytest.approx(600)
    shapes = {shape.length: tags.get("foot") for way, shape, tags in drawn(part) if way == 1}
    assert {round(length): foot for length, foot in shapes.items()} == {
        100: None,
        50: "no",
        250: None,
    }
    assert applied.loc[1, "ways"] == (1,)


def test_closing_a_street_also_closes_its_sidewalk() -> None:
    world = World()
    world.way([(0, 0), (400, 0)], {**STREET, "sidewalk": "both", "name": "Storgata"})
    world.way([(0, 50), (400, 50)], STREET)
    new, applied = corrected(world.extract(), table({"kind": "close_way", "at": Point(200, 5)}))
    assert "sidewalk" not in tags_of(new, 1)[0]
    assert build_network(new).counts["ways_closed"] == 1
    assert applied.loc[1, "touched"] == "Storgata"


def test_a_way_is_chosen_by_its_number_where_one_is_given() -> None:
    world = World()
    world.way([(0, 0), (400, 0)], FOOTWAY)
    world.way([(0, 10), (400, 10)], FOOTWAY)
    world.way([(0, 90), (400, 90)], FOOTWAY)
    world.way([(0, 12), (400, 12)], RAIL)
    row = {"kind": "close_way", "at": Point(200, 1)}
    new, _ = corrected(world.extract(), table({**row, "way": 2}))
    assert [tags_of(new, way)[0].get("foot") for way in (1, 2, 3)] == [None, "no", None]
    told = refused(world.extract(), *({**row, "way": way} for way in (3, 4, 99)))
    assert sorted(told) == [
        ("corrections.unknown_way", (3,)),
        ("corrections.way_elsewhere", (1,)),
        ("corrections.wrong_way", (2,)),
    ]


def test_a_line_that_follows_no_way_is_refused() -> None:
    world = World()
    world.way([(0, 0), (400, 0)], FOOTWAY)
    across = {"kind": "close_way", "at": LineString([(100, -20), (100, 20)])}
    astray = {"kind": "close_way", "at": LineString([(100, 0), (150, 60)])}
    far = {"kind": "close_way", "at": Point(100, 30)}
    assert sorted(refused(world.extract(), across, astray, far)) == [
        ("corrections.not_along", (1, 2)),
        ("corrections.nothing_near", (3,)),
    ]


def test_a_changed_speed_makes_a_road_safe_to_walk_along_and_back() -> None:
    world = World()
    world.way([(0, 0), (400, 0)], {**FAST_ROAD, "maxspeed:forward": "80"})
    world.way([(0, 90), (400, 90)], FOOTWAY)
    slow, applied = corrected(
        world.extract(), table({"kind": "speed_changed", "speed_kmh": 50.0, "at": Point(200, 1)})
    )
    assert tags_of(slow, 1) == [{"highway": "primary", "maxspeed": "50"}]
    assert build_network(slow).counts["ways_street"] == 1
    fast, _ = corrected(
        slow, table({"kind": "speed_changed", "speed_kmh": 80.0, "at": Point(200, 1)})
    )
    assert build_network(fast).counts["ways_fast_road"] == 1
    assert applied.loc[1, ["kind", "speed_kmh", "source"]].tolist() == [
        "speed_changed",
        50.0,
        "Befaring",
    ]


def test_a_hole_takes_four_metres_out_of_a_fence() -> None:
    world = World()
    world.way([(0, 0), (100, 0)], {"barrier": "fence"})
    new, applied = corrected(world.extract(), table({"kind": "hole_in_fence", "at": Point(30, 2)}))
    left = sorted(shape.bounds[::2] for _, shape, _ in drawn(new))
    assert np.array(left) == pytest.approx(np.array([(0, 28), (32, 100)]))
    assert applied.loc[1, "ways"] == (1,)
    assert refused(world.extract(), {"kind": "hole_in_fence", "at": Point(30, 40)}) == [
        ("corrections.no_fence_near", (1,))
    ]


@pytest.mark.parametrize("spot", [(0, 0), (1, 0), (0, 1), (50, 0)])
def test_a_closed_fence_is_opened_once_wherever_it_was_begun(spot: tuple[float, float]) -> None:
    world = World()
    world.way([(0, 0), (50, 0), (50, 50), (0, 50), (0, 0)], {"barrier": "fence"})
    new, _ = corrected(world.extract(), table({"kind": "hole_in_fence", "at": Point(spot)}))
    shapes = [shape for _, shape, _ in drawn(new)]
    assert sum(shape.length for shape in shapes) == pytest.approx(196)
    assert min(shape.distance(Point(spot)) for shape in shapes) > 1.4
    whole = shapely.line_merge(shapely.MultiLineString(shapes))
    assert whole.geom_type == "LineString"


def test_no_scrap_of_a_fence_is_left_beside_a_hole_at_its_end() -> None:
    world = World()
    world.way([(0, 0), (4.3, 0)], {"barrier": "fence"})
    world.way([(0, 9), (100, 9)], FOOTWAY)
    new, _ = corrected(world.extract(), table({"kind": "hole_in_fence", "at": Point(2, 0)}))
    assert [way for way, _, _ in drawn(new)] == [2]


def test_a_new_fence_is_tagged_as_mappers_do() -> None:
    world = World()
    world.way([(0, 0), (100, 0)], FOOTWAY)
    line = LineString([(0, 20), (50, 20)])
    new, applied = corrected(
        world.extract(),
        table(
            {"kind": "new_fence", "at": line},
            {"kind": "new_fence", "barrier": "noise_barrier", "at": line.reverse()},
        ),
    )
    made = {way: tags for way, _, tags in drawn(new) if way < 0}
    assert sorted(map(str, made.values())) == sorted(
        map(str, [{"barrier": "fence"}, {"barrier": "wall", "wall": "noise_barrier"}])
    )
    assert {way for ways in applied["ways"] for way in ways} == {*made}


def test_removing_a_stop_takes_its_platform_and_leaves_the_quay_across_the_road() -> None:
    world = World()
    world.way([(0, 0), (400, 0)], STREET)
    near = world.node(100, 5, {"highway": "bus_stop", "name": "Torget"})
    across = world.node(100, -4, {"highway": "bus_stop", "name": "Torget"})
    world.area((98, 6, 104, 8), {"public_transport": "platform"})
    new, applied = corrected(world.extract(), table({"kind": "stop_removed", "at": Point(101, 9)}))
    tags = dict(zip(new.points.node.tolist(), new.points.tags, strict=True))
    assert tags[near] == {"disused:highway": "bus_stop", "name": "Torget"}
    assert tags[across] == {"highway": "bus_stop", "name": "Torget"}
    assert new.areas.tags == [{"disused:public_transport": "platform"}]
    # The platform is nearest and has no name of its own.
    assert (applied.loc[1, "nodes"], applied.loc[1, "ways"]) == ((near,), ("w100000",))


def test_a_stop_can_be_moved_across_the_road() -> None:
    world = World()
    world.way([(0, 0), (400, 0)], STREET)
    world.node(100, 5, {"highway": "bus_stop", "name": "Torget"})
    new, applied = corrected(
        world.extract(),
        table(
            {"kind": "stop_added", "name": "Torget", "at": Point(102, -5)},
            {"kind": "stop_removed", "at": Point(100, 5)},
        ),
    )
    assert applied["kind"].tolist() == ["stop_removed", "stop_added"]
    stops = [
        xy
        for xy, tags in zip(new.points.xy.tolist(), new.points.tags, strict=True)
        if is_stop(tags)
    ]
    assert stops == [[102, -5]]
    told = refused(
        world.extract(),
        {"kind": "stop_added", "at": Point(100, 40)},
        {"kind": "stop_removed", "at": Point(300, 5)},
    )
    assert sorted(told) == [("corrections.no_road_near", (1,)), ("corrections.no_stop_near", (2,))]


def test_a_stop_is_what_the_access_measure_takes_for_one() -> None:
    for rule in AMENITY_PROFILE:
        for value in rule.values:
            assert is_stop({rule.key: value}) == (rule.amenity_class == "bus"), value
    assert not is_stop({"public_transport": "platform", "bus": "no"})


def test_the_order_in_the_file_does_not_matter_and_the_extract_is_left_alone() -> None:
    world = barrier_world(RAIL)
    world.way([(0, 70), (300, 70)], {"barrier": "fence"})
    world.node(10, 52, {"highway": "bus_stop"})
    rows: list[dict[str, object]] = [
        {"kind": "new_crossing", "crossing": "underpass", "at": Point(40, 3)},
        {"kind": "new_crossing", "crossing": "bridge", "at": Point(200, 3)},
        {"kind": "hole_in_fence", "at": Point(30, 70)},
        {"kind": "stop_removed", "at": Point(10, 52)},
        {"kind": "stop_added", "at": Point(60, 52)},
        {"kind": "close_way", "at": LineString([(250, 50), (290, 50)])},
    ]
    extract = world.extract()
    untouched = world.extract()
    forth, told = corrected(extract, table(*rows))
    back, _ = corrected(extract, table(*reversed(rows)))
    for one, other in ((forth.lines, back.lines), (forth.points, back.points)):
        for name in one.__dataclass_fields__:
            np.testing.assert_array_equal(getattr(one, name), getattr(other, name))
    assert extract.lines.tags == untouched.lines.tags
    np.testing.assert_array_equal(extract.lines.xy, untouched.lines.xy)
    assert extract.points.tags == untouched.points.tags
    assert told.index.tolist() == [1, 2, 3, 4, 5, 6]
    # Made in the order of the kinds; the new ids are below all that there can be.
    assert told["kind"].tolist() == sorted(told["kind"], key=KINDS.index)
    fresh = np.setdiff1d(forth.lines.node, extract.lines.node)
    assert (fresh < -1_000_000_000).all()


def test_corrections_of_a_corrected_extract_get_ids_of_their_own() -> None:
    once, _ = corrected(
        barrier_world(RAIL).extract(),
        table({"kind": "new_crossing", "crossing": "bridge", "at": Point(40, 3)}),
    )
    twice, _ = corrected(
        once, table({"kind": "new_crossing", "crossing": "bridge", "at": Point(80, 3)})
    )
    ways, counts = np.unique(twice.lines.way, return_counts=True)
    assert counts.max() == 1
    assert (ways < 0).sum() == 2


def test_lines_far_away_are_left_as_they_are() -> None:
    world = barrier_world(RAIL)
    world.way([(5000, 5000), (5100, 5000)], FOOTWAY)
    extract = replace(world.extract(), bounds=(-9000.0, -9000.0, 9000.0, 9000.0))
    new, _ = corrected(extract, table({"kind": "close_way", "at": Point(100, 50)}))
    assert [tags.get("foot") for _, shape, tags in drawn(new) if shape.bounds[0] == 5000] == [None]
    assert len(new.lines.way) == len(extract.lines.way)
    assert refused(extract, {"kind": "close_way", "at": Point(9100, 50)}) == [
        ("corrections.outside_extract", (1,))
    ]


# The file


def write(folder: Path, rows: Sequence[dict[str, object]], name: str = "rettelser.geojson") -> Path:
    """Write corrections whose ``at`` is in metres from the study's corner; return the study."""
    frame = gpd.GeoDataFrame(
        [{key: value for key, value in row.items() if key != "at"} for row in rows],
        geometry=[row["at"] for row in rows],
        crs=CRS,
    )
    if not (folder / "tomteanalyse.toml").exists():
        write_study(folder)
    with (folder / "tomteanalyse.toml").open("a", encoding="utf-8") as file:
        file.write(f'[corrections]\nfile = "{name}"\n')
    frame.to_file(folder / name)
    return folder


def row(place: BaseGeometry, **cells: object) -> dict[str, object]:
    return {"type": "stengt_vei", "dato": "01.02.2026", "kilde": "Befaring", "at": place, **cells}


def test_a_study_reads_its_corrections_and_works_on_the_corrected_extract(tmp_path: Path) -> None:
    plain = read_study(write_study(tmp_path / "uten"))
    folder = write(
        tmp_path / "med",
        [
            row(at(300, 302), merknad="sperret av anleggsgjerde"),
            row(at(100, 595), type="Ny holdeplass", navn="Nyvegen"),
        ],
    )
    study = read_study(folder)
    assert plain.corrections.empty
    assert study.corrections[["kind", "note", "name"]].fillna("").to_numpy().tolist() == [
        ["close_way", "sperret av anleggsgjerde", ""],
        ["stop_added", "", "Nyvegen"],
    ]
    assert study.corrections["date"].tolist() == [pd.Timestamp("2026-02-01")] * 2
    assert study.corrections["ways"].tolist()[0] == (2,)
    assert tags_of(study.extract, 2)[0]["foot"] == "no"
    assert "foot" not in tags_of(plain.extract, 2)[0]
    [entry] = [each for each in study.inputs if each.role == "corrections"]
    assert (entry.name, entry.read) == ("rettelser.geojson", 2)
    assert len(entry.sha256) == 64


def test_a_geopackage_may_keep_points_and_lines_in_layers_of_their_own(tmp_path: Path) -> None:
    folder = write(tmp_path, [row(at(300, 302))], "rettelser.gpkg")
    gpd.GeoDataFrame(
        {"slag": ["nytt gjerde"], "dato": ["2026-02-01"], "kjelde": ["Plan"]},
        geometry=[LineString([at(10, 10), at(50, 10)])],
        crs=CRS,
    ).to_file(folder / "rettelser.gpkg", layer="linjer")
    assert read_study(folder).corrections["kind"].tolist() == ["close_way", "new_fence"]
    study = folder / "tomteanalyse.toml"
    study.write_text(f'{study.read_text("utf-8")}layer = "linjer"\n', "utf-8")
    assert read_study(folder).corrections["kind"].tolist() == ["new_fence"]


def test_a_fault_in_one_of_several_layers_names_the_layer(tmp_path: Path) -> None:
    folder = write(tmp_path, [row(at(300, 302))], "rettelser.gpkg")
    gpd.GeoDataFrame(
        {"slag": ["nytt gjerde"], "dato": [""], "kjelde": ["Plan"]},
        geometry=[LineString([at(10, 10), at(50, 10)])],
        crs=CRS,
    ).to_file(folder / "rettelser.gpkg", layer="linjer")
    with refusal(folder, "corrections.no_date") as told:
        read_study(folder)
    assert "linjer · rettelser.gpkg, objekt 1" in told[0].text("nb")


def test_all_faults_are_told_at_once_with_their_rows_and_nothing_is_touched(tmp_path: Path) -> None:
    line = LineString([at(10, 300), at(60, 300)])
    folder = write(
        tmp_path,
        [
            row(at(300, 302), type="stengt himmel"),
            row(at(300, 302), kilde="", dato="i fjor"),
            row(at(300, 302), type="", dato=""),
            row(at(300, 302), type="ny_kryssing"),
            row(at(300, 302), type="ny_kryssing", kryssing="luftbru"),
            row(at(300, 302), type="endret_fartsgrense"),
            row(at(300, 302), type="endret_fartsgrense", fartsgrense="500"),
            row(line, type="ny_holdeplass"),
            row(at(300, 302), type="nytt_gjerde"),
            row(line, type="nytt_gjerde", gjerde="stråmann"),
            row(at(300, 302).buffer(3)),
            row(at(300, 302), osm_id="vei nr. 3"),
            row(at(300, 200)),
            row(at(300, 302), osm_id="77"),
        ],
    )
    with refusal(
        folder,
        "corrections.unknown_kind",
        "corrections.no_source",
        "corrections.bad_date",
        "corrections.no_kind",
        "corrections.no_date",
        "corrections.no_crossing",
        "corrections.unknown_crossing",
        "corrections.no_speed",
        "corrections.bad_speed",
        "corrections.needs_point",
        "corrections.needs_line",
        "corrections.unknown_barrier",
        "corrections.not_point_or_line",
        "corrections.bad_way",
        "corrections.nothing_near",
        "corrections.unknown_way",
    ) as told:
        read_study(folder)
    rows = {notice.code.removeprefix("corrections."): notice.rows for notice in told}
    assert rows["unknown_kind"] == (1,)
    assert rows["no_source"] == rows["bad_date"] == (2,)
    assert rows["no_kind"] == rows["no_date"] == (3,)
    assert rows["no_crossing"] == (4,)
    assert rows["needs_point"] == (8,)
    assert rows["nothing_near"] == (13,)
    assert rows["unknown_way"] == (14,)


def test_a_missing_column_is_told_with_the_one_it_might_be(tmp_path: Path) -> None:
    cells = {"type": "stengt_vei", "dattoo": "01.02.2026", "at": at(300, 302)}
    folder = write(tmp_path, [cells])
    with refusal(folder, "corrections.no_column_near", "corrections.no_column") as told:
        read_study(folder)
    assert {notice.values["column"]: notice.values["near"] for notice in told} == {
        "dato": "dattoo",
        "kilde": None,
    }


def test_faults_of_other_files_are_told_together_with_those_of_the_corrections(
    tmp_path: Path,
) -> None:
    folder = write(tmp_path, [row(at(300, 302), kilde=" ")])
    (folder / "omraade.osm").unlink()
    with refusal(folder, "study.missing_extract", "corrections.no_source"):
        read_study(folder)


def test_columns_may_be_named_in_the_study_file(tmp_path: Path) -> None:
    cells = {"hva": "close_way", "nar": "2026-02-01", "hvem": "Politiet", "at": at(300, 302)}
    folder = write(tmp_path, [cells])
    with (folder / "tomteanalyse.toml").open("a", encoding="utf-8") as file:
        file.write('columns = { kind = "hva", date = "nar", source = "hvem" }\n')
    assert read_study(folder).corrections["source"].tolist() == ["Politiet"]


def test_a_file_without_corrections_is_told_and_changes_nothing(tmp_path: Path) -> None:
    folder = write(tmp_path, [row(at(300, 302))])
    empty = {"type": "FeatureCollection", "features": []}
    (folder / "rettelser.geojson").write_text(json.dumps(empty), "utf-8")
    study = read_study(folder)
    assert "corrections.none" in [notice.code for notice in study.warnings]
    assert study.corrections.empty
    with pytest.raises(DataError) as told:
        with_corrections(study, folder / "rettelser.geojson")
    assert [notice.code for notice in told.value.notices] == ["corrections.none_to_try"]


def test_more_corrections_are_made_after_those_of_the_study(tmp_path: Path) -> None:
    folder = write(tmp_path, [row(at(300, 302))])
    other = tmp_path / "prøve"
    write(other, [row(at(300, 2)), row(at(100, 595), type="stop_added")], "forslag.geojson")
    study = read_study(folder)
    before = contents(tmp_path)
    tried = with_corrections(study, other / "forslag.geojson")
    assert tried.corrections["file"].tolist() == ["rettelser.geojson"] + ["forslag.geojson"] * 2
    assert tried.corrections.index.tolist() == [1, 2, 3]
    closed = [way for way, _, tags in drawn(tried.extract) if tags.get("foot") == "no"]
    assert sorted(closed) == [1, 2]
    assert [each.name for each in tried.inputs if each.role == "corrections"] == [
        "rettelser.geojson",
        "forslag.geojson",
    ]
    assert contents(tmp_path) == before


def test_a_file_that_does_not_exist_is_told_in_the_studys_language(tmp_path: Path) -> None:
    study = read_study(write_study(tmp_path))
    english = replace(study, config=study.config.model_copy(update={"language": "en"}))
    with pytest.raises(DataError) as told:
        with_corrections(english, tmp_path / "borte.gpkg")
    assert "The file does not exist" in str(told.value)
    assert str(tmp_path) not in str(told.value)


def test_every_kind_and_crossing_has_words_in_bokmaal_nynorsk_and_english() -> None:
    assert {*KIND_WORDS.values()} == {*KINDS}
    assert {*CROSSING_WORDS.values()} == {*CROSSINGS}
    for kind in KINDS:
        assert sum(meant == kind for meant in KIND_WORDS.values()) >= 3
        assert KIND_WORDS[kind.replace("_", "")] == kind
