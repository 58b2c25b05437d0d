"""A whole study is read, or every fault of every file is told together."""

import gzip
import hashlib
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest

from study_folders import CRS, STUDY, at, contents, refusal, some_plots, square, write_study
from tomteanalyse.errors import DataError, PrivacyError
from tomteanalyse.inputs.reading import read_study

CONSTRAINT = """
[[constraints]]
key = "flom"
reason = "ligger i flomsone"
source = "prøve"
file = "flom.gpkg"
layer = "soner"
coverage = "kartlagt.geojson"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_study(tmp_path / "studie")


def change(folder: Path, old: str, new: str) -> None:
    file = folder / "tomteanalyse.toml"
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), "utf-8")


def test_a_study_without_faults_is_read_whole_and_nothing_is_written(folder: Path) -> None:
    before = contents(folder)
    study = read_study(folder)
    assert contents(folder) == before
    assert study.folder == folder
    assert study.crs == CRS
    assert list(study.plots.index) == ["T1", "T2", "T3"]
    assert list(study.units.index) == ["E1", "E2"]
    assert len(study.entrances) == 0
    assert len(study.extract.lines.way) == 3
    assert study.constraint_layers == {}
    assert list(study.unplaced.columns) == ["homes", "step", "current"]
    assert len(study.unplaced) == 0
    assert list(study.dropped.columns) == ["file", "row", "id", "reason"]
    assert [one.code for one in study.warnings] == ["register.taken_for_study_crs"]


def test_every_file_is_listed_with_its_fingerprint_and_counts(folder: Path) -> None:
    inputs = {one.role: one for one in read_study(folder).inputs}
    assert {(one.role, one.name, one.read, one.dropped) for one in inputs.values()} == {
        ("study", "tomteanalyse.toml", 1, 0),
        ("extract", "omraade.osm", 3, 0),
        ("plots", "tomter.gpkg", 3, 0),
        ("register", "enheter.csv", 2, 0),
    }
    for one in inputs.values():
        assert one.sha256 == hashlib.sha256((folder / one.name).read_bytes()).hexdigest()


def test_reading_twice_gives_the_same(folder: Path) -> None:
    first, second = read_study(folder), read_study(folder / "tomteanalyse.toml")
    assert first.plots.equals(second.plots)
    assert first.units.equals(second.units)
    assert first.inputs == second.inputs
    assert first.warnings == second.warnings


def test_text_paths_are_taken_too(folder: Path) -> None:
    assert read_study(str(folder)).config.name == "Prøvestudie"


def test_faults_of_all_files_are_told_together_in_the_studys_language(folder: Path) -> None:
    change(folder, 'name = "Prøvestudie"', 'name = "P"\nlanguage = "nn"')
    (folder / "omraade.osm").write_text("<osm>", "utf-8")
    some_plots().assign(tomt_id="A").to_file(folder / "tomter.gpkg", layer="tomter")
    (folder / "enheter.csv").write_text("id;trinn;x;y\nE1;9;1;2\n", "utf-8")
    with refusal(folder, "osm.unreadable", "plots.duplicate_id", "register.bad_step"):
        read_study(folder)
    with pytest.raises(DataError) as refused:
        read_study(folder)
    assert refused.value.language == "nn"
    assert refused.value.exit_code == 1


def test_person_data_decides_the_exit_code_whatever_else_is_wrong(folder: Path) -> None:
    (folder / "omraade.osm").unlink()
    (folder / "enheter.csv").write_text("id;fnr;x;y\nE1;;597000;6643000\n", "utf-8")
    with refusal(folder, "study.missing_extract", "persons.column"):
        read_study(folder)
    with pytest.raises(PrivacyError) as refused:
        read_study(folder)
    assert refused.value.exit_code == 4


@pytest.mark.parametrize(
    ("gone", "codes"),
    [
        ("omraade.osm", ["study.missing_extract"]),
        ("tomter.gpkg", ["study.missing_input"]),
        ("enheter.csv", ["study.missing_input"]),
        ("tomteanalyse.toml", ["study.missing_file"]),
    ],
)
def test_a_missing_file_is_told_by_its_name(folder: Path, gone: str, codes: list[str]) -> None:
    (folder / gone).unlink()
    with refusal(folder, *codes) as told:
        read_study(folder)
    assert told[0].file == gone


def test_a_missing_extract_is_told_with_how_to_get_one(folder: Path) -> None:
    (folder / "omraade.osm").unlink()
    with refusal(folder, "study.missing_extract") as told:
        read_study(folder)
    for language in ("nb", "nn", "en"):
        assert "tomteanalyse fetch" in told[0].text(language)


def test_a_gzipped_extract_that_swells_is_refused_before_it_is_read(folder: Path) -> None:
    spaces = b" " * 1_000_000
    with gzip.open(folder / "omraade.osm.gz", "wb") as stream:
        stream.write((folder / "omraade.osm").read_bytes())
        for _ in range(51):
            stream.write(spaces)
    assert (folder / "omraade.osm.gz").stat().st_size < 100_000
    change(folder, 'file = "omraade.osm"', 'file = "omraade.osm.gz"')
    with refusal(folder, "osm.too_much") as told:
        read_study(folder)
    assert told[0].file == "omraade.osm.gz"


@pytest.mark.parametrize(
    ("written", "code", "name"),
    [
        (r"data\tomter.gpkg", "study.tab_in_path", "tomter.gpkg"),
        (r"C:\temp\tomter.gpkg", "study.tab_in_path", "tomter.gpkg"),
        (r"kart\nye.gpkg", "study.control_in_path", "nye.gpkg"),
        (r"kart\u0000.gpkg", "study.control_in_path", "x00.gpkg"),
    ],
)
def test_a_path_that_lost_a_backslash_is_told_as_such(
    folder: Path, written: str, code: str, name: str
) -> None:
    change(folder, 'file = "tomter.gpkg"', f'file = "{written}"')
    with refusal(folder, code) as told:
        read_study(folder)
    assert told[0].file == name
    assert "Skriv stier med /." in told[0].text("nb")


def test_an_extract_with_entities_is_refused_unread(folder: Path) -> None:
    text = (folder / "omraade.osm").read_text("utf-8")
    hostile = text.replace("<osm ", '<!DOCTYPE osm [<!ENTITY a "a">]><osm ')
    (folder / "omraade.osm").write_text(hostile, "utf-8")
    with refusal(folder, "vector.doctype"):
        read_study(folder)


def test_without_an_extract_the_plots_tell_where_the_register_should_be(folder: Path) -> None:
    (folder / "omraade.osm").unlink()
    (folder / "enheter.csv").write_text("id;x;y\nE1;262600;6650600\n", "utf-8")
    with refusal(folder, "study.missing_extract", "vector.wrong_zone"):
        read_study(folder)


def test_the_study_may_be_in_another_zone_than_its_files(folder: Path) -> None:
    change(folder, 'crs = "EPSG:25832"', 'crs = "EPSG:25833"')
    change(folder, "[register]", '[register]\ncrs = "EPSG:25832"')
    study = read_study(folder)
    assert study.plots.crs.to_epsg() == 25833
    back = study.units.geometry.to_crs(CRS)
    assert back["E2"].distance(at(100, 100)) < 0.01
    west, south, east, north = study.extract.bounds
    assert study.plots.geometry.within(square(0, 0, 600)).sum() == 0
    assert ((study.plots.bounds.minx > west) & (study.plots.bounds.maxx < east)).all()
    assert ((study.plots.bounds.miny > south) & (study.plots.bounds.maxy < north)).all()


@pytest.mark.parametrize("crs", ["EPSG:3857", "EPSG:32610"])
def test_a_system_in_which_metres_are_no_metres_here_is_refused(folder: Path, crs: str) -> None:
    change(folder, 'crs = "EPSG:25832"', f'crs = "{crs}"')
    change(folder, "[register]", '[register]\ncrs = "EPSG:25832"')
    with pytest.raises(DataError) as refused:
        read_study(folder)
    assert "study.crs_distorts" in [one.code for one in refused.value.notices]


def test_entrances_are_read_with_the_plots(folder: Path) -> None:
    entrances = gpd.GeoDataFrame({"tomt": ["T1"]}, geometry=[at(100, 110)], crs=CRS)
    entrances.to_file(folder / "innganger.geojson", driver="GeoJSON")
    change(folder, "[register]", '[entrances]\nfile = "innganger.geojson"\n[register]')
    study = read_study(folder)
    assert list(study.entrances.index) == ["T1"]
    assert "entrances" in {one.role for one in study.inputs}


def test_entrances_of_broken_plots_are_still_looked_at(folder: Path) -> None:
    (folder / "tomter.gpkg").unlink()
    entrances = gpd.GeoDataFrame({"tomt": ["T1"]}, geometry=[square(0, 0)], crs=CRS)
    entrances.to_file(folder / "innganger.gpkg")
    change(folder, "[register]", '[entrances]\nfile = "innganger.gpkg"\n[register]')
    with refusal(folder, "study.missing_input", "entrances.not_points"):
        read_study(folder)


def test_constraint_and_coverage_layers_are_kept_by_the_constraints_key(folder: Path) -> None:
    with (folder / "tomteanalyse.toml").open("a", encoding="utf-8") as file:
        file.write(CONSTRAINT)
    zones = gpd.GeoDataFrame(geometry=[square(100, 100)], crs=CRS)
    zones.to_file(folder / "flom.gpkg", layer="soner")
    zones.to_file(folder / "flom.gpkg", layer="annet")
    mapped = gpd.GeoDataFrame(geometry=[square(0, 0, 400)], crs=CRS).to_crs("EPSG:4326")
    mapped.to_file(folder / "kartlagt.geojson", driver="GeoJSON")
    study = read_study(folder)
    assert study.constraint_layers["flom"].geometry[0].equals(square(100, 100))
    assert study.coverage_layers["flom"].area.sum() == pytest.approx(160_000, rel=1e-4)
    assert [one.name for one in study.inputs if one.role == "constraint"] == [
        "flom.gpkg",
        "kartlagt.geojson",
    ]


def test_addresses_place_units_and_appear_nowhere(folder: Path) -> None:
    (folder / "adresser.csv").write_text(
        "adresseTekst;EPSG-kode;Nord;Øst\nLønnlia 1;25832;6643050;597050\n", "utf-8-sig"
    )
    (folder / "enheter.csv").write_text("id;adresse\nE1;Lønnlia 1\nE2;Lønnlia 99\n", "utf-8-sig")
    change(folder, "[register]", '[addresses]\nfile = "adresser.csv"\n[register]')
    study = read_study(folder)
    assert study.units.geometry["E1"].equals(at(50, 50))
    assert study.dropped.to_dict("records") == [
        {"file": "enheter.csv", "row": 3, "id": "E2", "reason": "register.not_placed"}
    ]
    assert study.unplaced.to_dict("records") == [{"homes": 1, "step": None, "current": True}]
    shown = [study.units.to_string(), study.dropped.to_string(), str(study.inputs)]
    shown += [one.text("nb") for one in study.warnings]
    assert not any("Lønnlia" in text for text in shown)


def test_a_study_outside_norway_works(tmp_path: Path) -> None:
    extract = Path(__file__).parents[2] / "shared/data/osm/garmisch.osm.pbf"
    if not extract.exists():
        pytest.skip("the real extracts in ../shared/data are not here")
    text = STUDY.replace("omraade.osm", str(extract)).replace("tomter.gpkg", "tomter.geojson")
    (tmp_path / "tomteanalyse.toml").write_text(text, "utf-8")
    (tmp_path / "enheter.csv").write_text("id;lat;lon\nE1;47,4925;11,0956\n", "utf-8")
    plots = gpd.GeoDataFrame(
        {"id": ["A"]}, geometry=gpd.points_from_xy([11.0956], [47.4925]), crs="EPSG:4326"
    )
    plots.to_file(tmp_path / "tomter.geojson")
    study = read_study(tmp_path)
    assert study.plots.geometry["A"].distance(study.units.geometry["E1"]) < 0.01
    assert study.inputs[1].name == "garmisch.osm.pbf"


def test_the_oslo_case_is_read_whole(tmp_path: Path) -> None:
    data = Path(__file__).parents[2] / "shared/data"
    if not data.exists():
        pytest.skip("the real extracts in ../shared/data are not here")
    text = (
        STUDY.replace("omraade.osm", f"{data}/osm/oslo-center.osm.pbf")
        .replace("tomter.gpkg", f"{data}/oslo/plots.geojson")
        .replace("enheter.csv", f"{data}/oslo/units.csv")
    )
    (tmp_path / "tomteanalyse.toml").write_text(text, "utf-8")
    study = read_study(tmp_path)
    assert (len(study.plots), len(study.units)) == (24, 180)
    assert study.plots.is_valid.all()
    # What the file itself says of its areas, to a square metre.
    said = gpd.read_file(data / "oslo/plots.geojson").set_index("plot_id")["area_m2"]
    assert (study.plots.area - said).abs().max() < 2
    assert isinstance(study.units["valid_from"].iloc[0], pd.Timestamp)
    assert study.units["current"].sum() == study.units["valid_to"].isna().sum()
