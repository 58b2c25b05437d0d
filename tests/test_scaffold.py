"""A new study folder is valid as it stands, explains itself and never overwrites anything."""

import re
import tomllib
from pathlib import Path

import geopandas as gpd
import pyogrio
import pytest

from study_folders import CRS, EXTENT, contents, osm_xml, refusal, square
from tomteanalyse.config import PlotsConfig, PublicConfig, RegisterConfig, StudyConfig
from tomteanalyse.errors import UsageError
from tomteanalyse.inputs.files import find_source
from tomteanalyse.inputs.plots import read_plots
from tomteanalyse.inputs.reading import read_study
from tomteanalyse.inputs.register import read_register
from tomteanalyse.inputs.scaffold import new_study
from tomteanalyse.inputs.study_file import read_study_file
from tomteanalyse.scoring.checks import config_warnings
from tomteanalyse.texts import LANGUAGES, Language

OPTIONAL = re.compile(r"^#(?=[\w\[])", re.MULTILINE)
NAMES = ["tomteanalyse.toml", "tomter.gpkg", "enheter.csv"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_study_file_is_valid_as_written(tmp_path: Path, language: Language) -> None:
    folder = tmp_path / "ny" / "Prøve"
    assert new_study(folder, language=language) == [folder / name for name in NAMES]
    assert sorted(file.name for file in folder.iterdir()) == sorted(NAMES)
    config = read_study_file(folder).config
    assert config_warnings(config) == ()
    assert (config.name, config.language, config.crs) == ("Prøve", language, "EPSG:25832")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_optional_line_is_valid_once_it_is_taken_into_use(
    tmp_path: Path, language: Language
) -> None:
    new_study(tmp_path, language=language)
    file = tmp_path / "tomteanalyse.toml"
    file.write_text(OPTIONAL.sub("", file.read_text("utf-8")), "utf-8")
    written = tomllib.loads(file.read_text("utf-8"))
    fields = {field.alias or name for name, field in StudyConfig.model_fields.items()}
    assert set(written) == fields
    assert read_study_file(tmp_path).config.constraints[1].criterion == "school"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_default_values_the_file_shows_are_the_real_ones(
    tmp_path: Path, language: Language
) -> None:
    new_study(tmp_path, language=language)
    text = (tmp_path / "tomteanalyse.toml").read_text("utf-8")
    shown = tomllib.loads(OPTIONAL.sub("", text))
    assert shown["robustness"] == StudyConfig.model_fields["robustness"].default.model_dump()
    assert shown["extract"]["margin_m"] == 2500
    assert shown["public"] == {"floor": PublicConfig().floor}
    assert shown["plots"]["file"] == PlotsConfig().file
    assert shown["register"]["file"] == RegisterConfig().file


@pytest.mark.parametrize("name", ['Rå "prøve" – 100 %', "C:\\users\\ola", "{name}", "a\nb", "\x7f"])
def test_any_name_ends_up_as_it_is_in_the_study_file(tmp_path: Path, name: str) -> None:
    new_study(tmp_path, language="nb", name=name)
    raw = tomllib.loads((tmp_path / "tomteanalyse.toml").read_text("utf-8"))
    assert raw["name"] == name


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_templates_headings_are_understood_when_filled_in(
    tmp_path: Path, language: Language
) -> None:
    new_study(tmp_path, language=language)
    info = pyogrio.read_info(tmp_path / "tomter.gpkg")
    assert (info["features"], info["crs"], info["layer_name"]) == (0, "EPSG:25832", "tomter")
    values = ["T1", "Navnet", "12", "34", "regulert", 6]
    filled = gpd.GeoDataFrame(
        dict(zip(info["fields"], [[value] for value in values], strict=True)),
        geometry=[square(0, 0)],
        crs=CRS,
    )
    filled.to_file(tmp_path / "fylt.gpkg")
    plot = read_plots(
        find_source(tmp_path, "fylt.gpkg", role="plots"),
        config=PlotsConfig(),
        study_crs=CRS,
        extent=EXTENT,
    ).table.loc["T1"]
    said = ["name", "gnr", "bnr", "plan_status", "planned_homes"]
    assert list(plot[said]) == values[1:]

    register = tmp_path / "enheter.csv"
    known = {"nb": "kjøpt;solgt", "nn": "kjøpt;seld", "en": "bought;sold"}[language]
    facts = f"E1;2;3;bofellesskap;B1;01.01.2020;31.12.2030;{known}"
    row = f"{facts};{EXTENT[0]};{EXTENT[1]};Lia 1\r\n"
    register.write_bytes(register.read_bytes() + row.encode())
    unit = read_register(
        find_source(tmp_path, "enheter.csv", role="register"),
        config=RegisterConfig(),
        book=None,
        study_crs=CRS,
        near=EXTENT,
    ).table.loc["E1"]
    assert (unit["homes"], unit["step"], unit["housing_form"]) == (2, 3, "bofellesskap")
    assert (unit["building_id"], unit["valid_from"].year, unit["valid_to"].year) == (
        "B1",
        2020,
        2030,
    )
    assert (unit["began"], unit["ended"]) == ("bought", "sold")


def test_the_register_opens_in_a_norwegian_excel(tmp_path: Path) -> None:
    new_study(tmp_path, language="nn")
    raw = (tmp_path / "enheter.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbfeining_id;tal_bustader;")
    assert raw.endswith(b";adresse\r\n")
    assert "gyldig_frå" in raw.decode("utf-8-sig")


def test_two_new_studies_are_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        new_study(tmp_path / name, language="nb", name="Lik")
    first, second = ({f: raw for f, (raw, _) in contents(tmp_path / n).items()} for n in "ab")
    assert first == second


@pytest.mark.parametrize("there", NAMES)
def test_nothing_is_overwritten_and_nothing_half_made(tmp_path: Path, there: str) -> None:
    (tmp_path / there).write_text("mitt", "utf-8")
    with refusal(tmp_path, "scaffold.exists") as told:
        new_study(tmp_path, language="nb")
    assert told[0].file == there
    assert [file.name for file in tmp_path.iterdir()] == [there]


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "fil").write_text("x", "utf-8")
    with refusal(tmp_path, "scaffold.not_writable"):
        new_study(tmp_path / "fil", language="nb")
    with pytest.raises(UsageError) as refused:
        new_study(tmp_path / "fil" / "under", language="en")
    assert refused.value.exit_code == 2
    assert refused.value.language == "en"


def test_other_files_in_the_folder_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notat.txt").write_text("mitt", "utf-8")
    before = contents(tmp_path)
    new_study(tmp_path, language="nb")
    assert contents(tmp_path)["notat.txt"] == before["notat.txt"]


def test_a_new_study_is_ready_once_it_has_plots_and_an_extract(tmp_path: Path) -> None:
    new_study(tmp_path, language="nb")
    with refusal(tmp_path, "study.missing_extract", "plots.none"):
        read_study(tmp_path)
    file = tmp_path / "tomteanalyse.toml"
    file.write_text(file.read_text("utf-8").replace("omraade.osm.pbf", "omraade.osm"), "utf-8")
    (tmp_path / "omraade.osm").write_text(osm_xml(), "utf-8")
    gpd.GeoDataFrame({"tomt_id": ["A"]}, geometry=[square(0, 0)], crs=CRS).to_file(
        tmp_path / "tomter.gpkg", layer="tomter"
    )
    study = read_study(tmp_path)
    assert list(study.plots.index) == ["A"]
    assert [one.code for one in study.warnings] == ["register.empty"]
