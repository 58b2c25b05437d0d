"""Publishing: what is told, what is searched, what is remembered, and when nothing happens."""

import json
import multiprocessing
import sqlite3
import zipfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import shapely

import tomteanalyse as ta
from public_towns import DAY, USUAL, Home, canaries, town, unit_points, write_town
from study_folders import contents
from tomteanalyse import publication
from tomteanalyse.errors import DataError, PrivacyError, UsageError
from tomteanalyse.measures.measurement import Measurement
from tomteanalyse.pipeline import run
from tomteanalyse.public_assessment import PublicAssessment, without_register
from tomteanalyse.publication import public_answer, publish, with_next
from tomteanalyse.publishing.release_register import NAME, read_publications, told_digest
from tomteanalyse.publishing.released import WHOLE
from tomteanalyse.views.lock import locked
from tomteanalyse.views.manifest import write_manifest_facts
from tomteanalyse.views.public import outputs
from tomteanalyse.views.public.columns import public_ranking, public_sheets
from tomteanalyse.views.public.layers import public_layers, write_public_geopackage
from tomteanalyse.views.public.map_data import public_map_data
from tomteanalyse.views.public.outputs import public_facts, write_public_files
from tomteanalyse.views.public.page import public_page
from tomteanalyse.views.public.words import public_catalog

FILES = {"kart.html", "rangering.csv", "rangering.xlsx", "resultat.gpkg", "kjoring.json"}


def published(folder: Path) -> publication.Published:
    """Publish, as somebody who knows whether it is the first time."""
    return publish(ta.read_study(folder), first=not (folder / NAME).exists())


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> publication.Published:
    folder = write_town(tmp_path_factory.mktemp("by") / "Prøve by")
    return published(folder)


@pytest.fixture
def quick(made: publication.Published, monkeypatch: pytest.MonkeyPatch) -> None:
    """Measure only once: what is measured does not hang on the register."""
    answer = made.found

    def remembered(_: object, publications: object, **__: object) -> PublicAssessment:
        return replace(answer, publications=publications)  # type: ignore[arg-type]

    monkeypatch.setattr(publication, "public_answer", remembered)


@pytest.fixture
def light(quick: None, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ARG001 - comes first
    """Write the manifest alone, where it is about what is remembered."""

    def bare(found: PublicAssessment, folder: Path, *, language: ta.texts.Language) -> None:
        write_manifest_facts(public_facts(found, language=language), folder, ())

    monkeypatch.setattr(outputs, "OUTPUTS", ())
    monkeypatch.setattr(outputs, "write_public_files", bare)


def everything_in(folder: Path) -> str:
    """Return all text there is in a folder, unpacked in the plainest way, without the scan."""
    found = []
    for file in sorted(folder.rglob("*")):
        data = file.read_bytes()
        if zipfile.is_zipfile(file):
            with zipfile.ZipFile(file) as packed:
                data += b"".join(packed.read(name) for name in packed.namelist())
        if data.startswith(b"SQLite"):
            with closing(sqlite3.connect(file)) as database:
                data += "\n".join(database.iterdump()).encode("utf-8", "replace")
        found += [str(file.relative_to(folder)), data.decode("utf-8", "replace")]
    return "\n".join(found).casefold()


def test_a_public_edition_holds_nothing_of_the_register(made: publication.Published) -> None:
    assert {path.name for path in made.folder.iterdir()} == FILES
    text = everything_in(made.folder)
    others = [
        Home("KB-9900", "3009990", 0, "Solgt Allé 3", None),
        Home("KB-9900", "3009990", 0, "Bokbergvegen 9", None),
        Home("KB-9900", "3009990", 0, "Ukjent Brygge 77", None),
    ]
    for canary in canaries([*town(*USUAL), *others]):
        assert canary.casefold() not in text, canary
    for secret in ("enheter.csv", "adresser.csv", "enhet_id", "antall_boliger"):
        assert secret not in text
    # The search itself is not blind: what is public is found in the same way.
    assert "prøvestudie" in text
    assert "t3" in text


def test_every_file_says_that_it_is_public(made: publication.Published) -> None:
    manifest = json.loads((made.folder / "kjoring.json").read_text("utf-8"))
    assert manifest["edition"] == "public"
    assert 'content="public"' in (made.folder / "kart.html").read_text("utf-8")
    assert "Offentlig utgave" in (made.folder / "rangering.csv").read_text("utf-8-sig")
    assert "INTERN." not in everything_in(made.folder).upper().replace("INTERN.D", "")


def test_the_manifest_tells_nothing_that_hangs_on_the_register(made: publication.Published) -> None:
    manifest = json.loads((made.folder / "kjoring.json").read_text("utf-8"))
    assert {each["role"] for each in manifest["inputs"]} == {"plots", "extract"}
    assert set(manifest["counts"]) == {"plots", "plots_ranked", "entrances", "amenities"}
    assert not {"register", "addresses"} & set(manifest["configuration"])
    (told,) = manifest["publications"]
    assert told.pop("told_sha256") == told_digest(made.found.publications[0])
    assert told == {
        "day": "2026-01-01",
        "floor": 10,
        "reason": None,
        "homes": 72,
        "cells_told": 2,
    }
    assert set(manifest["configuration"]["public"]) == {"floor", "reason"}
    assert "columns" not in json.dumps(manifest["configuration"])


def test_cells_with_enough_homes_are_told_and_no_others(made: publication.Published) -> None:
    told = {node: each.homes for node, each in made.found.released.told.items()}
    # 23 and two addressed; 4 is too few; 31; 12 would leave the 4 to be reckoned out of the 72.
    assert sorted(told.values()) == [25, 31, 72]
    assert told[WHOLE] == 72
    columns = {each.key: each.cells for each in dict(public_sheets_of(made))["grid"]}
    shown = [each for each in columns["homes"] if isinstance(each, int)]
    assert sorted(shown) == [25, 31, 72]
    assert set(columns["homes"]) - set(shown) == {"ikke oppgitt"}


def public_sheets_of(made: publication.Published) -> list[tuple[str, list]]:
    named = public_sheets(made.found, public_catalog("nb"))
    return [(sheet.key, list(sheet.columns)) for _, sheet in named]


# A canary is let out on purpose, one writer at a time.


def csv_with_an_address(folder: Path, homes: list[Home]) -> None:
    path = folder / "rangering.csv"
    path.write_text(f"{path.read_text('utf-8-sig')}\r\nT1;{homes[2].address}\r\n", "utf-8-sig")


def page_with_an_id(folder: Path, homes: list[Home]) -> None:
    path = folder / "kart.html"
    path.write_text(path.read_text("utf-8").replace("<footer", f"<!--{homes[0].unit}--><footer"))


def geopackage_with_the_units(folder: Path, homes: list[Home]) -> None:
    (point, *_) = unit_points(homes)
    with closing(sqlite3.connect(folder / "resultat.gpkg")) as database, database:
        database.execute("CREATE TABLE hidden (geom BLOB)")
        database.execute("INSERT INTO hidden VALUES (?)", (shapely.to_wkb(point),))


def manifest_with_a_place(folder: Path, homes: list[Home]) -> None:
    (_, point, *_) = unit_points(homes)
    (folder / "merknad.json").write_text(json.dumps({"at": [point.x, point.y]}), "utf-8")


def a_file_named_after_a_unit(folder: Path, homes: list[Home]) -> None:
    (folder / f"{homes[3].unit}.txt").write_text("", "utf-8")


def the_addressed_units_place(folder: Path, _: list[Home]) -> None:
    book = (folder.parent / "adresser.csv").read_text("utf-8-sig").splitlines()[1].split(";")
    (folder / "merknad.json").write_text(json.dumps({"n": [book[5], book[6]]}), "utf-8")


def a_unit_without_a_place(folder: Path, _: list[Home]) -> None:
    (folder / "merknad.txt").write_text("se KB-99003", "utf-8")


LEAKS: list[tuple[Callable[[Path, list[Home]], None], str, str]] = [
    (csv_with_an_address, "rangering.csv", "en id eller adresse"),
    (page_with_an_id, "kart.html", "en id eller adresse"),
    (geopackage_with_the_units, "resultat.gpkg", "koordinater i et geometrifelt (WKB)"),
    (manifest_with_a_place, "merknad.json", "koordinater skrevet som tall"),
    (a_file_named_after_a_unit, "….txt", "en id eller adresse i navnet"),
    (the_addressed_units_place, "merknad.json", "koordinater skrevet som tall"),
    (a_unit_without_a_place, "merknad.txt", "en id eller adresse"),
]


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize(("leak", "file", "kind"), LEAKS, ids=[each[0].__name__ for each in LEAKS])
def test_a_leaky_writer_publishes_nothing_and_names_the_file_not_the_home(
    leak: Callable[[Path, list[Home]], None],
    file: str,
    kind: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    homes = town(*USUAL)
    folder = write_town(tmp_path / "by")
    before = contents(folder)

    def leaky(found: PublicAssessment, new: Path, *, language: ta.texts.Language) -> None:
        write_public_files(found, new, language=language)
        leak(new, homes)

    monkeypatch.setattr(outputs, "write_public_files", leaky)
    with pytest.raises(PrivacyError) as refused:
        published(folder)
    assert refused.value.exit_code == 4
    told = str(refused.value)
    assert f"{file}: " in told
    assert kind in told
    for canary in canaries(homes):
        assert canary not in told
    assert contents(folder) == before


@pytest.mark.usefixtures("light")
def test_a_foreign_file_in_the_public_folder_is_searched_too(tmp_path: Path) -> None:
    folder = write_town(tmp_path / "by")
    published(folder)
    (folder / "offentlig" / "utkast.txt").write_text(f"Vurder {town(*USUAL)[0].address}", "utf-8")
    before = contents(folder)
    with pytest.raises(PrivacyError, match=r"publishing\.leak"):
        published(folder)
    assert contents(folder) == before


# What is remembered.


@pytest.mark.usefixtures("quick")
def test_publishing_the_same_register_again_changes_nothing(tmp_path: Path) -> None:
    folder = write_town(tmp_path / "by")
    first = published(folder)
    before = {name: data for name, (data, _) in contents(folder).items()}
    second = published(folder)
    assert (first.again, second.again) == (False, True)
    assert {name: data for name, (data, _) in contents(folder).items()} == before


@pytest.mark.usefixtures("light")
def test_a_corrected_register_of_the_same_day_tells_no_new_numbers(tmp_path: Path) -> None:
    folder = write_town(tmp_path / "by")
    published(folder)
    remembered = (folder / NAME).read_bytes()
    write_town(folder, town([60], [2], [31], [45]))
    again = published(folder)
    assert again.again
    assert {each.code for each in again.notices} >= {"public.same_day"}
    assert (folder / NAME).read_bytes() == remembered
    assert again.found.released.told[WHOLE].homes == 72


@pytest.mark.usefixtures("light")
def test_a_later_register_adds_to_what_is_remembered(tmp_path: Path) -> None:
    folder = write_town(tmp_path / "by")
    published(folder)
    write_town(folder, town([15, 9], [2, 1, 1], [43], [12]), day=date(2027, 1, 1))
    edition = published(folder)
    first, second = read_publications(folder / NAME)
    assert [first.day, second.day] == [DAY, date(2027, 1, 1)]
    assert edition.found.publications == (first, second)
    numbers = sorted(each.homes for each in second.released.told.values())
    # One home bought in the first cell is not told; twelve in the third are, and so is the sum.
    # The twelve in the fourth cell leave the second one room now, but put into last year's 72 they
    # would tell of its four.
    assert numbers == [25, 43, 85]
    assert not any(told.exact for told in second.released.told.values() if told.homes == 25)
    changes = {each.key: each.cells for each in dict(public_sheets_of(edition))["releases"]}
    assert sorted(map(str, changes["change"])) == ["0", "12", "13"]


@pytest.mark.usefixtures("light")
def test_what_is_told_is_remembered_before_it_is_put_in_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_town(tmp_path / "by")

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("tomteanalyse.views.release._swap", killed)
    with pytest.raises(KeyboardInterrupt):
        published(folder)
    assert not (folder / "offentlig").exists()
    (remembered,) = read_publications(folder / NAME)
    monkeypatch.undo()
    again = with_next(ta.read_study(folder), (remembered,))
    assert again[0] == (remembered,)


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda text: text.replace("31,", "32,"), "public.register_damaged"),
        (lambda text: text[: len(text) // 2], "public.register_damaged"),
        (lambda _: "", "public.register_damaged"),
        (lambda _: "[1, 2]", "public.register_damaged"),
        (lambda text: text.replace('"reason": null', '"reason": "x"'), "public.register_damaged"),
        (None, "public.register_missing"),
    ],
    ids=["edited", "cut off", "empty", "something else", "reason written in", "deleted"],
)
@pytest.mark.usefixtures("light")
def test_nothing_is_published_where_it_is_not_known_what_has_been_told(
    spoil: Callable[[str], str] | None, code: str, tmp_path: Path
) -> None:
    folder = write_town(tmp_path / "by")
    published(folder)
    write_town(folder, day=date(2027, 1, 1))
    register = folder / NAME
    if spoil is None:
        register.unlink()
    else:
        register.write_text(spoil(register.read_text("utf-8")), "utf-8")
    before = contents(folder)
    with pytest.raises(DataError) as refused:
        published(folder)
    assert [each.code for each in refused.value.notices] == [code]
    assert contents(folder) == before


@pytest.mark.usefixtures("light")
def test_an_old_copy_of_what_has_been_told_is_refused(tmp_path: Path) -> None:
    folder = write_town(tmp_path / "by")
    published(folder)
    old = (folder / NAME).read_bytes()
    write_town(folder, day=date(2027, 1, 1))
    published(folder)
    (folder / NAME).write_bytes(old)
    write_town(folder, day=date(2028, 1, 1))
    with pytest.raises(DataError) as refused:
        published(folder)
    assert [each.code for each in refused.value.notices] == ["public.register_older"]


@pytest.mark.parametrize(
    ("day", "more", "code"),
    [
        (None, "", "public.no_day"),
        (date(2025, 12, 31), "", "public.day_before"),
        (date(2027, 1, 1), "[public]\nfloor = 10\n", "public.floor_lowered"),
    ],
    ids=["no day", "an earlier day", "a lower floor"],
)
@pytest.mark.usefixtures("light")
def test_what_a_study_must_say_is_said_before_anything_is_written(
    day: date | None, more: str, code: str, tmp_path: Path
) -> None:
    folder = write_town(tmp_path / "by", more="[public]\nfloor = 15\n")
    published(folder)
    write_town(folder, day=day, more=more or "[public]\nfloor = 15\n")
    before = contents(folder)
    with pytest.raises(DataError) as refused:
        published(folder)
    assert [each.code for each in refused.value.notices] == [code]
    for language in ("nb", "nn", "en"):
        assert refused.value.notices[0].text(language)
    assert contents(folder) == before


@pytest.mark.usefixtures("quick")
def test_a_lower_floor_takes_a_reason_which_is_kept_and_told(tmp_path: Path) -> None:
    reason = "Vedtak 12/2026: tallene er kjent fra budsjettet"
    more = f'[public]\nfloor = 4\nreason = "{reason}"\n'
    folder = write_town(tmp_path / "by", more=more)
    edition = published(folder)
    # The 4 is large enough now, but would tell of the cells with none; with the 72 in all, so would
    # knowing that some number has been held back for that.
    (remembered,) = read_publications(folder / NAME)
    assert (remembered.released.floor, remembered.reason) == (4, reason)
    assert reason in (edition.folder / "kart.html").read_text("utf-8")
    assert sorted(each.homes for each in remembered.released.told.values()) == [12, 25, 31]


@pytest.mark.usefixtures("light")
def test_a_raised_floor_holds_at_once_and_tells_nothing_new(tmp_path: Path) -> None:
    folder = write_town(tmp_path / "by")
    before = published(folder).found.released.told
    write_town(folder, more="[public]\nfloor = 30\n")
    after = published(folder).found.released
    assert after.floor == 30
    assert dict(after.told) == {node: each for node, each in before.items() if each.homes >= 30}
    assert sorted(after.earlier.values()) == [25]


@pytest.mark.usefixtures("light")
def test_the_cells_stay_when_the_map_grows(tmp_path: Path) -> None:
    folder = write_town(tmp_path / "by")
    published(folder)
    write_town(folder, day=date(2027, 1, 1))
    study = ta.read_study(folder)
    west, south, east, north = study.extract.bounds
    grown = replace(study.extract, bounds=(west, south, east + 3000, north))
    publications, notices = with_next(
        replace(study, extract=grown), read_publications(folder / NAME)
    )
    assert {each.code for each in notices} == {"public.outgrown", "public.unplaced_few"}
    assert dict(publications[1].released.tree) == dict(publications[0].released.tree)


def test_cells_do_not_hang_on_where_the_homes_are(tmp_path: Path) -> None:
    near = ta.read_study(write_town(tmp_path / "a", town([20])))
    far = ta.read_study(write_town(tmp_path / "b", town([], [], [], [], [], [90])))
    trees = [dict(with_next(each, ())[0][0].released.tree) for each in (near, far)]
    assert trees[0] == trees[1]


@pytest.mark.usefixtures("light")
def test_two_that_publish_at_once_do_not_both(tmp_path: Path) -> None:
    folder = write_town(tmp_path / "by")
    study = ta.read_study(folder)
    ready, done = multiprocessing.Event(), multiprocessing.Event()
    other = multiprocessing.Process(target=_hold, args=(folder, ready, done))
    other.start()
    try:
        assert ready.wait(20)
        with pytest.raises(UsageError, match=r"release\.busy"):
            publish(study, first=True)
    finally:
        done.set()
        other.join()
    assert not (folder / NAME).exists()
    assert publish(study, first=True).folder.is_dir()


def _hold(folder: Path, ready: object, done: object) -> None:
    with locked(folder / f".{NAME}.lock", folder="offentlig"):
        ready.set()  # type: ignore[attr-defined]
        done.wait(20)  # type: ignore[attr-defined]


# Types: an internal answer cannot become a public file.


@pytest.mark.parametrize(
    "writer",
    [
        lambda found, _: public_page(found, language="nb"),
        lambda found, _: public_map_data(found, public_catalog("nb")),
        lambda found, _: public_ranking(found, public_catalog("nb")),
        lambda found, _: public_sheets(found, public_catalog("nb")),
        lambda found, _: public_layers(found, public_catalog("nb")),
        lambda found, folder: write_public_geopackage(found, folder / "a.gpkg", language="nb"),
        lambda found, _: public_facts(found, language="nb"),
        lambda found, folder: write_public_files(found, folder, language="nb"),
    ],
)
def test_no_public_writer_takes_an_internal_answer(
    writer: Callable[[object, Path], object], made: publication.Published, tmp_path: Path
) -> None:
    internal = made.found.ranked
    with pytest.raises(TypeError, match="PublicAssessment"):
        writer(internal, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_an_internal_answer_cannot_be_called_public(tmp_path: Path) -> None:
    study = ta.read_study(write_town(tmp_path / "by"))
    publications, _ = with_next(study, ())
    internal = run(study).assessment
    with pytest.raises(ValueError, match=r"units, units without a place, the register's file"):
        PublicAssessment(internal, publications)
    bare = run(without_register(study)).assessment
    with pytest.raises(ValueError, match="weighted_homes"):
        PublicAssessment(bare, publications)
    public = public_answer(study, publications)
    with pytest.raises(ValueError, match="nothing has been released"):
        replace(public, publications=())


def test_a_figure_that_is_no_class_is_refused(made: publication.Published) -> None:
    ranked = made.found.ranked
    name = next(each.measure for each in ranked.evaluation.criteria if each.from_register)
    told = ranked.measurements[name]
    exact = Measurement(told.value + 0.5, told.low, told.high, told.nearest, told.reason)
    with pytest.raises(ValueError, match=name):
        replace(
            made.found, ranked=replace(ranked, measurements={**ranked.measurements, name: exact})
        )
    hidden = {**ranked.measurements, "nearest_unit": exact}
    with pytest.raises(ValueError, match="nearest_unit"):
        replace(made.found, ranked=replace(ranked, measurements=hidden))


def test_a_register_beside_the_plots_takes_the_files_fingerprint_with_it(tmp_path: Path) -> None:
    study = ta.read_study(write_town(tmp_path / "by"))
    plots = next(each for each in study.inputs if each.role == "plots")
    shared = tuple(
        replace(each, name=plots.name, sha256=plots.sha256) if each.role == "register" else each
        for each in study.inputs
    )
    bare = without_register(replace(study, inputs=shared))
    assert {each.role for each in bare.inputs} == {"extract"}
    assert all(each.file != plots.name for each in bare.warnings)
