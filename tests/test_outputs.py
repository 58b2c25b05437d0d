import json
import resource
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from fabricated import fabricated_assessment
from reordered import reversed_input
from tomteanalyse.assessment import Assessment
from tomteanalyse.errors import UsageError
from tomteanalyse.texts import LANGUAGES, Language
from tomteanalyse.views import outputs
from tomteanalyse.views.outputs import OUTPUTS, default_folder, write_result
from tomteanalyse.views.provenance import MANIFEST, file_sha256, recorded, run_id


@pytest.fixture(scope="module")
def assessment() -> Assessment:
    return fabricated_assessment()


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_result_holds_every_output_and_the_manifest_vouches_for_them(
    assessment: Assessment, tmp_path: Path
) -> None:
    folder = tmp_path / "Åsen øst"
    written, notices = write_result(assessment, folder, language="nb")
    assert notices == ()
    assert [each.name for each in written] == [*OUTPUTS, MANIFEST]
    assert {path.name for path in folder.iterdir()} == {*OUTPUTS, MANIFEST}
    manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
    listed = {each["name"]: each["sha256"] for each in manifest["outputs"]}
    for each in written:
        path = folder / each.name
        assert each.as_dict() == {
            "name": each.name,
            "sha256": file_sha256(path),
            "bytes": path.stat().st_size,
        }
        if each.name != MANIFEST:
            assert listed[each.name] == each.sha256
    found = recorded(folder)
    assert found is not None
    assert found.intact


def test_running_again_gives_the_same_bytes_in_every_file_whatever_the_order(
    assessment: Assessment, tmp_path: Path
) -> None:
    write_result(assessment, tmp_path / "a", language="nb")
    first = contents(tmp_path / "a")
    _, notices = write_result(assessment, tmp_path / "a", language="nb")
    assert notices == ()
    assert contents(tmp_path / "a") == first
    # The network tells its cuts in an order of its own, whatever it was read from.
    turned = replace(reversed_input(assessment), network_cuts=assessment.network_cuts)
    write_result(turned, tmp_path / "b", language="nb")
    assert contents(tmp_path / "b") == first


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_result_can_be_written_in_every_language(
    language: Language, assessment: Assessment, tmp_path: Path
) -> None:
    write_result(assessment, tmp_path / "ut", language=language)
    assert {path.name for path in (tmp_path / "ut").iterdir()} == {*OUTPUTS, MANIFEST}
    assert run_id(assessment) in (tmp_path / "ut" / "kart.html").read_text("utf-8")


@pytest.mark.parametrize("step", ["_write_map", "write_csv", "write_xlsx", "write_geopackage"])
def test_a_run_that_fails_at_any_output_leaves_the_earlier_result(
    step: str, assessment: Assessment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "ut"
    write_result(assessment, folder, language="nb")
    before = contents(folder)

    def fail(_: object, path: Path, *, language: str) -> None:
        path.write_text(f"halv {language}")
        raise ZeroDivisionError

    monkeypatch.setattr(outputs, step, fail)
    with pytest.raises(ZeroDivisionError):
        write_result(assessment, folder, language="en")
    assert contents(folder) == before
    assert [path.name for path in tmp_path.iterdir()] == ["ut"]


@pytest.mark.parametrize("limit", [1_000, 100_000])
def test_a_disk_that_takes_no_more_is_said_plainly_and_costs_nothing(
    limit: int, assessment: Assessment, tmp_path: Path
) -> None:
    folder = tmp_path / "ut"
    write_result(assessment, folder, language="nb")
    before = contents(folder)
    usual = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, usual[1]))
    try:
        with pytest.raises(UsageError) as caught:
            write_result(assessment, folder, language="en")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, usual)
    assert caught.value.notices[0].code == "release.disk_full"
    assert contents(folder) == before
    assert [path.name for path in tmp_path.iterdir()] == ["ut"]


def test_a_result_that_is_open_in_another_program_does_not_stop_the_run(
    assessment: Assessment, tmp_path: Path
) -> None:
    folder = tmp_path / "ut"
    write_result(assessment, folder, language="nb")
    with closing(sqlite3.connect(folder / "resultat.gpkg")) as editing:
        editing.execute("PRAGMA journal_mode = WAL")
        editing.execute("UPDATE layer_styles SET description = 'min egen'")
        editing.commit()
        _, (notice,) = write_result(assessment, folder, language="nb")
    assert notice.values == {"name": "resultat.gpkg", "kept": "resultat.endret.gpkg"}
    with closing(sqlite3.connect(folder / "resultat.endret.gpkg")) as kept:
        kept_words = {row[0] for row in kept.execute("SELECT description FROM layer_styles")}
    assert kept_words == {"min egen"}
    with closing(sqlite3.connect(folder / "resultat.gpkg")) as new:
        words = {row[0] for row in new.execute("SELECT description FROM layer_styles")}
    assert "min egen" not in words
    assert not (folder / "resultat.gpkg-wal").exists()


def test_the_study_folder_is_never_written_over(assessment: Assessment, tmp_path: Path) -> None:
    (tmp_path / "tomteanalyse.toml").write_text("name = 'x'")
    here = replace(assessment, study=replace(assessment.study, folder=tmp_path))
    with pytest.raises(UsageError) as caught:
        write_result(here, tmp_path, language="nb")
    assert caught.value.notices[0].code == "release.holds_study"
    assert [path.name for path in tmp_path.iterdir()] == ["tomteanalyse.toml"]


@pytest.mark.parametrize(
    ("name", "folder"),
    [
        ("Eksempelvik", "Eksempelvik"),
        ("Åsen øst 2026", "Åsen øst 2026"),
        ("../../etc", "etc"),
        ("..", "studie"),
        ("a/b\\c", "a-b-c"),
        ("<script>alert(1)</script>", "script-alert(1)-script"),
        ("con", "studie con"),
        ("NUL.txt", "studie NUL.txt"),
        ("hva?\n", "hva"),
        ("x" * 300, "x" * 80),
    ],
)
def test_a_study_s_name_makes_a_folder_under_maps_and_nowhere_else(
    name: str, folder: str, assessment: Assessment
) -> None:
    config = assessment.study.config.model_copy(update={"name": name})
    assert default_folder(replace(assessment.study, config=config)) == Path("maps") / folder
