"""Public things at the very place of a home: what OpenStreetMap draws, and what planners draw."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely

import tomteanalyse as ta
from public_towns import canaries, town, write_town
from study_folders import CRS, at, square
from tomteanalyse import publication
from tomteanalyse.errors import PrivacyError
from tomteanalyse.public_assessment import PublicAssessment
from tomteanalyse.public_search import search_for
from tomteanalyse.publication import public_answer, publish, with_next
from tomteanalyse.publishing.scan import scan
from tomteanalyse.study import Study
from tomteanalyse.views.public import outputs
from tomteanalyse.views.public.outputs import write_public_files
from tomteanalyse.views.web_map.packing import pack_points, unpack_points

STREET_END = at(0, 300)
Alter = Callable[[Study], Study]


def homes_at(study: Study, *places: shapely.Point) -> Study:
    """Return the study with its first homes there."""
    moved = study.units.geometry.copy()
    moved.iloc[: len(places)] = list(places)
    return replace(study, units=study.units.set_geometry(moved))


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return ta.read_study(write_town(tmp_path_factory.mktemp("by")))


@pytest.fixture(scope="module")
def found(study: Study) -> PublicAssessment:
    return public_answer(study, with_next(study, ())[0])


@pytest.fixture
def quick(found: PublicAssessment, monkeypatch: pytest.MonkeyPatch) -> None:
    """Measure only once: what is measured does not hang on the register."""
    monkeypatch.setattr(publication, "public_answer", lambda *_, **__: found)


def in_folder(study: Study, folder: Path) -> Study:
    """Return the same study in a folder of its own."""
    return replace(study, folder=write_town(folder))


# What OpenStreetMap draws.


@pytest.mark.usefixtures("quick")
def test_a_home_at_a_street_corner_does_not_stop_everything_and_the_corner_stays(
    study: Study, found: PublicAssessment, tmp_path: Path
) -> None:
    there = homes_at(in_folder(study, tmp_path / "by"), STREET_END)
    edition = publish(there, first=True)
    assert "public.same_place_few" in {each.code for each in edition.notices}
    apart = tmp_path / "uten"
    apart.mkdir()
    write_public_files(found, apart, language="nb")
    assert (edition.folder / "kart.html").read_bytes() == (apart / "kart.html").read_bytes()


def into_the_page(folder: Path) -> None:
    page = folder / "kart.html"
    xy = f"{STREET_END.x:.1f} {STREET_END.y:.1f}"
    page.write_text(page.read_text("utf-8").replace("<footer", f"<!-- {xy} --><footer"), "utf-8")


def into_the_plots(folder: Path) -> None:
    page = folder / "kart.html"
    places = [at(150, 160), STREET_END, at(420, 90)]
    spot = pack_points(shapely.get_coordinates(places), crs=CRS)
    written = page.read_text("utf-8").replace('"spots":"', f'"extra":"{spot}","spots":"')
    page.write_text(written, "utf-8")


def into_another_file(folder: Path) -> None:
    (folder / "merknad.json").write_text(json.dumps([STREET_END.x, STREET_END.y]), "utf-8")


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("leak", [into_the_page, into_the_plots, into_another_file])
def test_its_place_is_searched_for_everywhere_else(
    leak: Callable[[Path], None], study: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def leaky(found: PublicAssessment, new: Path, *, language: ta.texts.Language) -> None:
        write_public_files(found, new, language=language)
        before = {path: path.read_bytes() for path in new.iterdir()}
        leak(new)
        assert {path: path.read_bytes() for path in new.iterdir()} != before

    monkeypatch.setattr(outputs, "write_public_files", leaky)
    there = homes_at(in_folder(study, tmp_path / "by"), STREET_END)
    with pytest.raises(PrivacyError, match=r"publishing\.leak"):
        publish(there, first=True)
    assert not (there.folder / "offentlig").exists()


def test_what_is_in_the_extract_but_not_drawn_hides_no_home(
    study: Study, found: PublicAssessment
) -> None:
    """OpenStreetMap has an address point at nearly every house."""
    xy = shapely.get_coordinates(study.units.geometry.to_numpy())
    points = replace(
        found.study.extract.points,
        node=np.arange(1, len(xy) + 1),
        xy=xy,
        tags=[{"addr:housenumber": "1"}] * len(xy),
    )
    extract = replace(found.study.extract, points=points)
    mapped = replace(
        found, ranked=replace(found.ranked, study=replace(found.study, extract=extract))
    )
    search = search_for(study, mapped, language="nb")
    assert search.same == 0
    assert search.elsewhere is search.everything


def test_too_many_homes_at_what_is_drawn_are_no_chance(
    study: Study, found: PublicAssessment
) -> None:
    corners = [at(east, north) for north in (0, 300, 600) for east in (0, 600)]
    assert search_for(homes_at(study, *corners[:3]), found, language="nb").same == 3
    with pytest.raises(PrivacyError, match=r"public\.many_same_place"):
        search_for(homes_at(study, *corners[:4]), found, language="nb")


# What planners draw.


def layer(*shapes: shapely.Geometry, **columns: list[str]) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(columns, geometry=list(shapes), crs=CRS)


def home(study: Study) -> shapely.Point:
    point: shapely.Point = study.units.geometry.iloc[4]
    return point


def plot_with_a_corner_there(study: Study) -> Study:
    plots = study.plots.copy()
    plots.loc["T2", "geometry"] = shapely.box(*home(study).coords[0], home(study).x + 30, 6643900)
    return replace(study, plots=plots)


def entrance_there(study: Study) -> Study:
    return replace(study, entrances=layer(home(study), plot_id=["T1"]))


def place_to_visit_there(study: Study) -> Study:
    return replace(study, visits=layer(home(study), name=["Biblioteket"]))


def way_drawn_there(study: Study) -> Study:
    return replace(study, corrections=layer(shapely.LineString([at(5, 5), home(study)])))


@pytest.mark.parametrize(
    "alter",
    [plot_with_a_corner_there, entrance_there, place_to_visit_there, way_drawn_there],
)
def test_what_planners_drew_at_a_home_stops_it(
    alter: Alter, study: Study, found: PublicAssessment
) -> None:
    search_for(study, found, language="nb")
    with pytest.raises(PrivacyError) as refused:
        search_for(alter(study), found, language="nb")
    assert refused.value.exit_code == 4
    assert [each.code for each in refused.value.notices] == ["public.drawn_at_home"]
    for language in ta.texts.LANGUAGES:
        told = refused.value.notices[0].text(language)
        assert not any(canary in told for canary in canaries(town([14, 9])))


@pytest.mark.parametrize("around_m", [0, 25])
def test_a_constraint_made_from_the_register_stops_it_and_one_that_meets_a_home_does_not(
    around_m: float, study: Study, found: PublicAssessment
) -> None:
    shapes = study.units.geometry.buffer(around_m) if around_m else study.units.geometry
    flood = [square(40 * place, 480, 10) for place in range(12)]
    met = replace(study, constraint_layers={"flood": layer(*flood, shapes.iloc[0])})
    assert search_for(met, found, language="nb").same == 0
    made = replace(study, constraint_layers={"homes": layer(*shapes)})
    with pytest.raises(PrivacyError, match=r"public\.drawn_at_home"):
        search_for(made, found, language="nb")


@pytest.mark.parametrize("name", ["constraint_layers", "visits", "entrances", "corrections"])
def test_no_layer_of_the_planners_takes_a_place_out_of_the_search(
    name: str, study: Study, found: PublicAssessment, tmp_path: Path
) -> None:
    drawn = layer(*study.units.geometry, plot_id=["T1"] * len(study.units))
    value = {"homes": drawn} if name == "constraint_layers" else drawn
    bare = replace(found.study, **{name: value})
    altered = replace(found, ranked=replace(found.ranked, study=bare))
    search = search_for(study, altered, language="nb")
    assert search.same == 0
    for point in study.units.geometry:
        (tmp_path / "a.txt").write_text(f"{point.x:.1f} {point.y:.1f}", "utf-8")
        assert scan(tmp_path / "a.txt", search.elsewhere)


def test_a_way_that_planners_added_to_the_map_hides_no_home(
    study: Study, found: PublicAssessment
) -> None:
    lines = found.study.extract.lines
    ends = shapely.get_coordinates([home(study), at(300, 300)])
    added = replace(
        lines,
        way=np.append(lines.way, -1),
        start=np.append(lines.start, len(lines.xy) + 2),
        node=np.append(lines.node, [-1, -2]),
        xy=np.concatenate([lines.xy, ends]),
        clipped=np.append(lines.clipped, False),
        tags=[*lines.tags, {"highway": "footway"}],
    )
    extract = replace(found.study.extract, lines=added)
    mapped = replace(
        found, ranked=replace(found.ranked, study=replace(found.study, extract=extract))
    )
    assert search_for(study, mapped, language="nb").same == 0


def test_packed_points_come_back_to_a_millionth_of_a_degree() -> None:
    generator = np.random.default_rng(7)
    xy = np.column_stack(
        [generator.uniform(250_000, 700_000, 500), generator.uniform(6.4e6, 7.9e6, 500)]
    )
    back = unpack_points(pack_points(xy, crs=CRS))
    degrees = gpd.GeoSeries(gpd.points_from_xy(*xy.T), crs=CRS).to_crs("EPSG:4326")
    assert np.abs(back - shapely.get_coordinates(degrees.to_numpy())).max() <= 0.5000001e-6
    assert unpack_points(pack_points(np.empty((0, 2)), crs=CRS)).shape == (0, 2)
