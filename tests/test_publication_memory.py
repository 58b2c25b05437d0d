"""What has been told is remembered by register, and nothing starts anew by itself."""

import json
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

import tomteanalyse as ta
from public_towns import DAY, town, write_town
from study_folders import contents
from tomteanalyse import publication
from tomteanalyse.errors import TomteanalyseError, UsageError
from tomteanalyse.public_assessment import PublicAssessment
from tomteanalyse.publication import Published, public_answer, publish, releases_path, with_next
from tomteanalyse.publishing.release_register import NAME, read_publications, write_publications
from tomteanalyse.publishing.released import WHOLE, Told
from tomteanalyse.views.manifest import write_manifest_facts
from tomteanalyse.views.public import outputs
from tomteanalyse.views.public.outputs import public_facts

LATER = date(2027, 1, 1)
ONE_MORE = [15, 9], [2, 1, 1], [31], [12]
"""The usual town with a home more, in a cell that is told."""


@pytest.fixture(scope="module")
def answer(tmp_path_factory: pytest.TempPathFactory) -> PublicAssessment:
    study = ta.read_study(write_town(tmp_path_factory.mktemp("by")))
    return public_answer(study, with_next(study, ())[0])


@pytest.fixture(autouse=True)
def light(answer: PublicAssessment, monkeypatch: pytest.MonkeyPatch) -> None:
    """Measure once and write the manifest alone: it is about what is remembered."""

    def remembered(_: object, publications: object, **__: object) -> PublicAssessment:
        return replace(answer, publications=publications)  # type: ignore[arg-type]

    def bare(found: PublicAssessment, folder: Path, *, language: ta.texts.Language) -> None:
        write_manifest_facts(public_facts(found, language=language), folder, ())

    monkeypatch.setattr(publication, "public_answer", remembered)
    monkeypatch.setattr(outputs, "OUTPUTS", ())
    monkeypatch.setattr(outputs, "write_public_files", bare)


def published(folder: Path, *, first: bool = False) -> Published:
    return publish(ta.read_study(folder), first=first)


def refused(folder: Path, *, first: bool = False) -> str:
    """Return the code of the fault, having seen that nothing was written."""
    before = contents(folder.parent)
    with pytest.raises(TomteanalyseError) as caught:
        published(folder, first=first)
    assert contents(folder.parent) == before
    (notice,) = caught.value.notices
    for language in ta.texts.LANGUAGES:
        assert "{" not in notice.text(language)
    return notice.code


def sharing(root: Path) -> tuple[Path, Path]:
    """Return two studies whose register lies in a folder of its own."""
    studies = []
    for name in ("sør", "nord"):
        folder = write_town(root / name)
        (root / "register").mkdir(exist_ok=True)
        shutil.move(folder / "enheter.csv", root / "register" / "enheter.csv")
        at = folder / "tomteanalyse.toml"
        text = at.read_text("utf-8").replace('"enheter.csv"', '"../register/enheter.csv"')
        at.write_text(text, "utf-8")
        studies.append(folder)
    return studies[0], studies[1]


def change(root: Path, day: date) -> None:
    """Buy a home, and say of both studies that the register is of another day."""
    new = write_town(root / "ny", town(*ONE_MORE), day=day)
    shutil.copy(new / "enheter.csv", root / "register" / "enheter.csv")
    for name in ("sør", "nord"):
        at = root / name / "tomteanalyse.toml"
        at.write_text(at.read_text("utf-8").replace(DAY.isoformat(), day.isoformat()), "utf-8")
    shutil.rmtree(new)


def test_the_first_time_must_be_said_and_only_then(tmp_path: Path) -> None:
    folder = write_town(tmp_path / "by")
    assert refused(folder) == "public.first"
    published(folder, first=True)
    assert refused(folder, first=True) == "public.not_first"
    published(folder)


def test_it_is_a_fault_of_the_command_and_says_what_to_put_back(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        published(write_town(tmp_path / "by"))
    assert caught.value.exit_code == 2
    for language in ta.texts.LANGUAGES:
        caught.value.language = language
        assert NAME in str(caught.value)
        assert "--first" in str(caught.value)


def test_an_edition_moved_away_and_a_memory_lost_do_not_start_anew_by_themselves(
    tmp_path: Path,
) -> None:
    folder = write_town(tmp_path / "by")
    published(folder, first=True)
    (folder / "offentlig").rename(tmp_path / "offentlig i fjor")
    (folder / NAME).unlink()
    write_town(folder, town(*ONE_MORE), day=LATER)
    assert refused(folder) == "public.first"


def test_two_studies_of_one_register_know_of_each_other(tmp_path: Path) -> None:
    south, north = sharing(tmp_path)
    published(south, first=True)
    remembered = tmp_path / "register" / NAME
    assert not (south / NAME).exists()
    assert refused(north, first=True) == "public.not_first"
    assert published(north).again
    change(tmp_path, LATER)
    last = published(north).found
    assert [each.day for each in read_publications(remembered)] == [DAY, LATER]
    # One home was bought: the numbers stay, from whichever study they are told.
    told = [each.released.told[WHOLE].homes for each in last.publications]
    assert told == [72, 72]
    assert published(south).again


def test_two_registers_in_one_can_be_pointed_to_one_memory(tmp_path: Path) -> None:
    more = '[public]\nreleases = "../felles/fortalt.json"\n'
    south, north = (write_town(tmp_path / name, more=more) for name in ("sør", "nord"))
    assert refused(south, first=True) == "public.releases_place"
    (tmp_path / "felles").mkdir()
    published(south, first=True)
    assert published(north).again
    assert (tmp_path / "felles" / "fortalt.json").is_file()
    manifest = (north / "offentlig" / "kjoring.json").read_text("utf-8")
    assert "fortalt" not in manifest


def test_what_is_told_is_not_remembered_in_the_public_folder(tmp_path: Path) -> None:
    more = '[public]\nreleases = "offentlig/fortalt.json"\n'
    folder = write_town(tmp_path / "by", more=more)
    (folder / "offentlig").mkdir()
    assert refused(folder, first=True) == "public.releases_place"


def test_it_lies_beside_the_register_unless_another_place_is_said(tmp_path: Path) -> None:
    study = ta.read_study(write_town(tmp_path / "by"))
    assert releases_path(study) == (tmp_path / "by" / NAME).resolve()
    south, _ = sharing(tmp_path)
    assert releases_path(ta.read_study(south)) == (tmp_path / "register" / NAME).resolve()


@pytest.mark.parametrize("what", ["a number", "a cell"])
def test_another_memory_with_the_same_days_is_refused(what: str, tmp_path: Path) -> None:
    folder = write_town(tmp_path / "by")
    published(folder, first=True)
    (told,) = read_publications(folder / NAME)
    numbers = dict(told.released.told)
    node = min(each for each in numbers if each != WHOLE)
    if what == "a number":
        numbers[node] = Told(numbers[node].homes + 1, exact=True)
    else:
        del numbers[node]
    write_publications(
        [replace(told, released=replace(told.released, told=numbers))], folder / NAME
    )
    assert refused(folder) == "public.register_older"


def test_small_numbers_of_homes_outside_the_cells_are_not_told_exactly(tmp_path: Path) -> None:
    folder = write_town(tmp_path / "by")
    study = ta.read_study(folder)
    # One unit of one home has no place in the usual town.
    (notice,) = with_next(study, ())[1]
    assert (notice.code, notice.values) == ("public.unplaced_few", {"count": 10})
    many = replace(study, unplaced=study.unplaced.assign(homes=13))
    (notice,) = with_next(many, ())[1]
    assert (notice.code, notice.values) == ("public.unplaced", {"count": 13})


def test_the_public_manifest_does_not_tell_what_columns_of_any_file_are_called(
    tmp_path: Path,
) -> None:
    folder = write_town(tmp_path / "by")
    study = ta.read_study(folder)
    plots = study.config.plots.model_copy(update={"columns": {"name": "beboerliste"}})
    config = study.config.model_copy(update={"plots": plots})
    found = public_answer(replace(study, config=config), with_next(study, ())[0])
    assert "beboerliste" not in json.dumps(public_facts(found, language="nb"))
