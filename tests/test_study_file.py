"""What a study file may say, and what is said when it says something else."""

from pathlib import Path

import pytest

from study_folders import STUDY, refusal
from tomteanalyse.errors import DataError
from tomteanalyse.inputs.study_file import CRITERION_KEYS, read_study_file

TOP = 'name = "P"\n'
PROFILE = '[profile]\nstep = 4\nhousing_form = "smaahus"\n'


def write(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    file = folder / "tomteanalyse.toml"
    file.write_bytes(text.encode(encoding))
    return file


def test_a_folder_and_the_file_in_it_mean_the_same_study(tmp_path: Path) -> None:
    file = write(tmp_path, STUDY)
    assert read_study_file(tmp_path) == read_study_file(file)
    assert read_study_file(file).folder == tmp_path


def test_what_is_not_said_has_its_default(tmp_path: Path) -> None:
    config = read_study_file(write(tmp_path, TOP + PROFILE)).config
    assert (config.language, config.crs, config.units.file) == ("nb", "EPSG:25832", "enheter.csv")


def test_a_byte_order_mark_from_notepad_does_no_harm(tmp_path: Path) -> None:
    assert read_study_file(write(tmp_path, TOP + PROFILE, "utf-8-sig")).config.name == "P"


def test_a_system_with_heights_is_used_without_them(tmp_path: Path) -> None:
    study = read_study_file(write(tmp_path, TOP + 'crs = "EPSG:5972"\n' + PROFILE))
    assert study.crs.to_epsg() == 25832


def test_a_missing_study_file_is_told(tmp_path: Path) -> None:
    with refusal(tmp_path, "study.missing_file"):
        read_study_file(tmp_path)
    with refusal(tmp_path, "study.missing_file"):
        read_study_file(tmp_path / "borte")


def test_bad_toml_is_told_with_its_line_in_the_files_language(tmp_path: Path) -> None:
    write(tmp_path, 'language = "en"\nname = "P"\ncrs = "C:\\users\\ola"\n')
    with refusal(tmp_path, "study.not_toml") as told:
        read_study_file(tmp_path)
    assert told[0].values == {"line": 3}


def test_faults_are_told_in_the_language_of_the_study_file(tmp_path: Path) -> None:
    for language, word in (("nn", "manglar"), ("en", "missing"), ("nb", "mangler")):
        write(tmp_path, f'language = "{language}"\n{PROFILE}')
        with pytest.raises(DataError) as refused:
            read_study_file(tmp_path)
        assert refused.value.language == language
        assert word in str(refused.value)
    write(tmp_path, 'language = "nn"\nname = \n')
    with pytest.raises(DataError) as refused:
        read_study_file(tmp_path)
    assert refused.value.language == "nn"


def test_a_file_in_another_encoding_is_told(tmp_path: Path) -> None:
    write(tmp_path, STUDY, "latin-1")
    with refusal(tmp_path, "study.not_utf8"):
        read_study_file(tmp_path)


@pytest.mark.parametrize(
    ("text", "where", "near"),
    [
        ("[plot]\nfile = 'x'\n", "plot", "plots"),
        ("[plots]\nfil = 'x'\n", "plots.fil", "file"),
        ("[plots.columns]\nplotid = 'x'\n", "plots.columns.plotid", "plot_id"),
        ("[register]\ncolumn = 'x'\n", "register.column", "columns"),
        ("[criteria.grocry]\nweight = 1\nsource = 'x'\n", "criteria.grocry", "grocery"),
        ("[criteria.bus]\nwieght = 1\nsource = 'x'\n", "criteria.bus.wieght", "weight"),
        (
            "[[weight_sets]]\nname='a'\nsource='b'\nweights = {skool = 1, bus = 1}\n",
            "weight_sets.1.weights.skool",
            "school",
        ),
        (
            "[[constraints]]\nkey='a'\nreason='b'\nsource='c'\ncriterion='schol'\nmin=1\n",
            "constraints.1.criterion",
            "school",
        ),
        (
            "[[constraints]]\nkey='a'\nreason='b'\nsource='c'\nfile='d'\neffekt='e'\n",
            "constraints.1.effekt",
            "effect",
        ),
        (
            "[concentration]\nsource='x'\nstep_weights={unknwn=1}\n",
            "concentration.step_weights.unknwn",
            "unknown",
        ),
    ],
)
def test_an_unknown_key_is_refused_with_the_one_that_was_meant(
    tmp_path: Path, text: str, where: str, near: str
) -> None:
    write(tmp_path, TOP + PROFILE + text)
    with refusal(tmp_path, "study.unknown_key_near") as told:
        read_study_file(tmp_path)
    assert (told[0].values["where"], told[0].values["near"]) == (where, near)
    assert f"Mente du «{near}»?" in told[0].text("nb")


def test_an_unknown_key_that_is_like_nothing_lists_what_there_is(tmp_path: Path) -> None:
    write(tmp_path, TOP + PROFILE + "[criteria.xyzzy]\nweight = 1\nsource = 'x'\n")
    with refusal(tmp_path, "study.unknown_key") as told:
        read_study_file(tmp_path)
    assert told[0].values["allowed"] == ", ".join(CRITERION_KEYS)


def test_the_sources_of_dwellings_that_are_complete_are_taken(tmp_path: Path) -> None:
    write(tmp_path, TOP + PROFILE + "[dwellings]\nsource = 'buildings'\n")
    assert read_study_file(tmp_path).config.dwellings is not None
    write(tmp_path, TOP + PROFILE + "[public]\nfloor = 5\nreason = 'vedtak'\n")
    assert read_study_file(tmp_path).config.public.floor == 5


def test_an_override_without_a_source_is_refused(tmp_path: Path) -> None:
    write(
        tmp_path, TOP + PROFILE + "[criteria.bus]\nweight = 2\n[concentration]\nstep_weights={}\n"
    )
    with refusal(tmp_path, "study.missing_source", "study.missing_source") as told:
        read_study_file(tmp_path)
    assert [notice.values["where"] for notice in told] == [
        "criteria.bus.source",
        "concentration.source",
    ]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("[criteria.bus]\nsource='x'\nanchors=[[5, 1], [5, 0]]\n", "study.anchors_not_rising"),
        ("[criteria.bus]\nsource='x'\nanchors=[[5, 1]]\n", "study.too_few"),
        ("[criteria.bus]\nsource='x'\nanchors=[[5, 1.5], [6, 0]]\n", "study.too_large"),
        ("[criteria.bus]\nsource='x'\nweight=-1\n", "study.too_small"),
        ("[criteria.bus]\nsource='x'\nweight=inf\n", "study.not_number"),
        ("[criteria.bus]\nsource='x'\nweight='to'\n", "study.not_number"),
        ("[criteria.bus]\nsource=' '\nweight=1\n", "study.empty_text"),
        ("[register]\nfile = 3\n", "study.not_text"),
        ("[register]\ndate = 'i går'\n", "study.not_date"),
        ("[robustness]\ndraws = 10\n", "study.too_small"),
        ("[robustness]\ndraws = 1000.5\n", "study.not_whole_number"),
        ("[extract]\nmargin_m = 30000\n", "study.too_large"),
        ("[dwellings]\nsource='addresses'\n", "study.dwellings_file"),
        ("[dwellings]\nsource='grid'\n", "study.dwellings_file"),
        ("[dwellings]\nsource='folketelling'\nfile='a'\n", "study.not_allowed"),
        (
            "[dwellings]\nsource='grid'\nfile='a'\nresidents_per_dwelling=0\n",
            "study.not_above",
        ),
        ("[concentration]\nsource='x'\nbuilding_limit=0.0\n", "study.not_above"),
        ("[concentration]\nsource='x'\nbuilding_limit=20\n", "study.too_large"),
        ("[public]\nfloor = 5\n", "study.floor_reason"),
        ("[public]\nfloor = 2\nreason = 'x'\n", "study.too_small"),
        ("weight_sets = 3\n", "study.not_list"),
        ("criteria = 3\n", "study.not_section"),
        ("plots = 3\n", "study.not_section"),
        ("[[constraints]]\nkey='a'\nreason='b'\nsource='c'\n", "study.constraint_kind"),
        (
            "[[constraints]]\nkey='a'\nreason='b'\nsource='c'\ncriterion='bus'\n",
            "study.constraint_limit",
        ),
        (
            "[[constraints]]\nkey='a'\nreason='b'\nsource='c'\ncriterion='bus'\nmin=2\nmax=1\n",
            "study.min_above_max",
        ),
        (
            2 * "[[constraints]]\nkey='a'\nreason='b'\nsource='c'\nfile='d'\n",
            "study.duplicate_constraint",
        ),
        ("[[weight_sets]]\nname='a'\nsource='b'\nweights={bus=0}\n", "study.zero_weights"),
        ("[[weight_sets]]\nname='a'\nsource='b'\nweights={}\n", "study.zero_weights"),
        (
            "".join(f"[criteria.{key}]\nsource='b'\nweight=0\n" for key in CRITERION_KEYS),
            "study.zero_weights",
        ),
    ],
)
def test_a_value_that_cannot_be_meant_is_told_by_its_own_code(
    tmp_path: Path, text: str, code: str
) -> None:
    above = "" if text.startswith("[") else text
    below = text if text.startswith("[") else ""
    write(tmp_path, TOP + above + PROFILE + below)
    with refusal(tmp_path, code):
        read_study_file(tmp_path)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("[extract]\nmargin_m = 30000\n", "30\N{NO-BREAK SPACE}000"),
        ("[criteria.bus]\nsource='x'\nweight=-1.5\n", "\N{MINUS SIGN}1,5"),
        ("[robustness]\ndraws = 10\n", "(10)"),
        ("[[constraints]]\nkey='a'\nreason='b'\nsource='c'\nfile='d'\neffect='nei'\n", "«nei»"),
        (
            f"[[constraints]]\nkey='a'\nreason='b'\nsource='c'\nfile='d'\neffect='{'x' * 99}'\n",
            f"«{'x' * 39}…»",
        ),
    ],
)
def test_a_value_that_is_refused_is_shown(tmp_path: Path, text: str, shown: str) -> None:
    write(tmp_path, TOP + PROFILE + text)
    with pytest.raises(DataError) as refused:
        read_study_file(tmp_path)
    assert shown in refused.value.notices[0].text("nb")


@pytest.mark.parametrize(
    ("crs", "code"),
    [
        ("EPSG:4326", "study.crs_not_metric"),
        ("EPSG:99999", "study.unknown_crs"),
        ("UTM 32", "study.unknown_crs"),
        ("EPSG:2263", "study.crs_not_metric"),  # New York's, in feet
    ],
)
def test_a_system_that_lengths_cannot_be_measured_in_is_refused(
    tmp_path: Path, crs: str, code: str
) -> None:
    write(tmp_path, f'{TOP}crs = "{crs}"\n{PROFILE}')
    with refusal(tmp_path, code):
        read_study_file(tmp_path)


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    write(
        tmp_path,
        'language = "en"\ncrs = "EPSG:4326"\nmap = 1\n[profile]\nstep = 7\n'
        "[criteria.bas]\nweight = -1\n[register]\ndate = 3.5\n",
    )
    with refusal(
        tmp_path,
        "study.missing_key",  # name
        "study.missing_key",  # profile.housing_form
        "study.not_allowed",
        "study.crs_not_metric",
        "study.unknown_key",
        "study.unknown_key_near",
        "study.missing_source",
        "study.too_small",
        "study.not_date",
    ):
        read_study_file(tmp_path)
