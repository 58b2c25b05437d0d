import errno
import json
import os
import shutil
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from killed_runs import (
    FOREIGN,
    OUTPUTS,
    filler,
    foreign_files,
    lay_out,
    no_hard_links,
    whole_result,
)
from tomteanalyse.errors import UsageError
from tomteanalyse.texts import LANGUAGES
from tomteanalyse.views import carry
from tomteanalyse.views import release as release_module
from tomteanalyse.views.lock import locked
from tomteanalyse.views.provenance import MANIFEST, content_sha256, manifest_checksum
from tomteanalyse.views.release import check_folder, release

HERE = Path(__file__).parent


@pytest.fixture
def study(tmp_path: Path) -> Path:
    folder = tmp_path / "studie"
    folder.mkdir()
    return folder


def snapshot(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def refusal(folder: Path, study: Path, fill: Callable[[Path], None] | None = None) -> str:
    with pytest.raises(UsageError) as caught:
        release(folder, fill or filler("new"), study_folder=study)
    for language in LANGUAGES:
        caught.value.language = language
        assert "{" not in str(caught.value)
    return caught.value.notices[0].code


@pytest.mark.parametrize(
    "way", ["at_once", "two_renames", "first", "approved", "approved_two_renames"]
)
def test_a_run_killed_anywhere_leaves_the_old_or_the_new_result_whole(
    way: str, tmp_path: Path
) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", HERE / "killed_runs.py", tmp_path / "æ ø", way],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout)
    assert seen["kills"] > 10
    assert (
        set(seen["seen"])
        == {
            "at_once": {"old", "new"},
            "two_renames": {"old", "new", "nothing"},
            "first": {"nothing", "new"},
            "approved": {"old", "new"},
            "approved_two_renames": {"old", "new", "nothing"},
        }[way]
    )


def test_a_new_folder_is_made_with_the_folders_above_it(tmp_path: Path, study: Path) -> None:
    target = tmp_path / "kart og sånt" / "Åsen øst"
    assert release(target, filler("new"), study_folder=study) == ()
    assert whole_result(target) == "new"
    assert [path.name for path in target.parent.iterdir()] == ["Åsen øst"]


def test_an_empty_folder_is_taken_and_keeps_its_permissions(tmp_path: Path, study: Path) -> None:
    target = tmp_path / "ut"
    target.mkdir()
    target.chmod(0o750)
    release(target, filler("new"), study_folder=study)
    assert whole_result(target) == "new"
    assert stat.S_IMODE(target.stat().st_mode) == 0o750


def test_a_new_folder_can_be_read_by_those_the_umask_allows(tmp_path: Path, study: Path) -> None:
    before = os.umask(0o022)
    try:
        release(tmp_path / "ut", filler("new"), study_folder=study)
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "ut").stat().st_mode) == 0o755


@pytest.mark.parametrize("kind", ["files", "other json", "json list", "damaged json", "deep json"])
def test_a_folder_that_is_no_earlier_result_is_refused_and_left_alone(
    kind: str, tmp_path: Path, study: Path
) -> None:
    target = tmp_path / "ut"
    target.mkdir()
    (target / "budsjett.xlsx").write_text("viktig")
    text = {
        "other json": '{"product": "noe annet"}',
        "json list": "[]",
        "damaged json": '{"product": "tomteanalyse"',
        "deep json": "[" * 100_000,
    }.get(kind)
    if text:
        (target / MANIFEST).write_text(text)
    before = snapshot(tmp_path)
    assert refusal(target, study) == "release.folder_in_use"
    assert snapshot(tmp_path) == before


def test_the_study_folder_and_those_above_it_are_refused(tmp_path: Path, study: Path) -> None:
    (study / "tomteanalyse.toml").write_text("name = 'x'")
    for folder in (study, tmp_path, study / "..", study / "under" / ".."):
        assert refusal(folder, study) == "release.holds_study"
    link = tmp_path / "snarvei"
    link.symlink_to(study)
    assert refusal(link, study) == "release.holds_study"
    assert snapshot(study) == {"tomteanalyse.toml": b"name = 'x'"}


def test_a_new_folder_inside_the_study_is_fine(study: Path) -> None:
    (study / "tomteanalyse.toml").write_text("name = 'x'")
    release(study / "resultat", filler("new"), study_folder=study)
    assert whole_result(study / "resultat") == "new"
    assert {path.name for path in study.iterdir()} == {"tomteanalyse.toml", "resultat"}


def test_a_link_to_a_folder_stays_a_link(tmp_path: Path, study: Path) -> None:
    (tmp_path / "ekte").mkdir()
    (tmp_path / "lenke").symlink_to(tmp_path / "ekte")
    release(tmp_path / "lenke", filler("new"), study_folder=study)
    assert (tmp_path / "lenke").is_symlink()
    assert whole_result(tmp_path / "ekte") == "new"


def test_standing_in_the_result_folder_is_refused(
    tmp_path: Path, study: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = lay_out(tmp_path, edited=False)
    monkeypatch.chdir(target / "vedlegg")
    assert refusal(target, study) == "release.standing_in_folder"
    monkeypatch.chdir(target)
    assert refusal(Path(), study) == "release.standing_in_folder"
    assert whole_result(target) == "old"


def test_a_file_in_the_way_is_refused(tmp_path: Path, study: Path) -> None:
    (tmp_path / "fil").write_text("x")
    assert refusal(tmp_path / "fil", study) == "release.not_a_folder"
    assert refusal(tmp_path / "fil" / "ut", study) == "release.cannot_write"
    assert (tmp_path / "fil").read_text() == "x"


def test_a_place_that_cannot_be_written_to_is_said_plainly(study: Path) -> None:
    # RefusedError by the system for everybody, the superuser too.
    assert refusal(Path("/sys/tomter/ut"), study) == "release.cannot_write"


def test_a_name_too_long_for_the_disk_is_said_plainly(tmp_path: Path, study: Path) -> None:
    assert refusal(tmp_path / ("å" * 125), study) == "release.name_too_long"
    assert [path.name for path in tmp_path.iterdir()] == ["studie"]


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (errno.ENOSPC, "release.disk_full"),
        (errno.EDQUOT, "release.disk_full"),
        (errno.EACCES, "release.cannot_write"),
        (errno.EROFS, "release.cannot_write"),
    ],
)
def test_what_the_disk_answers_is_said_plainly_and_leaves_nothing(
    number: int, code: str, tmp_path: Path, study: Path
) -> None:
    target = lay_out(tmp_path, edited=True)
    before = snapshot(tmp_path)

    def fill(folder: Path) -> None:
        (folder / "kart.html").write_text("halv")
        raise OSError(number, os.strerror(number))

    assert refusal(target, study, fill) == code
    assert snapshot(tmp_path) == before
    assert refusal(tmp_path / "ny" / "dypt", study, fill) == code
    assert snapshot(tmp_path) == before
    assert not (tmp_path / "ny").exists()


def test_a_fault_of_our_own_is_not_dressed_up_and_leaves_nothing(
    tmp_path: Path, study: Path
) -> None:
    target = lay_out(tmp_path, edited=True)
    before = snapshot(tmp_path)

    def fill(folder: Path) -> None:
        (folder / "kart.html").write_text("halv")
        raise FileNotFoundError(errno.ENOENT, "leaflet.js")

    with pytest.raises(FileNotFoundError):
        release(target, fill, study_folder=study)
    assert snapshot(tmp_path) == before


def test_an_interrupted_run_leaves_nothing(tmp_path: Path, study: Path) -> None:
    target = lay_out(tmp_path, edited=True)
    before = snapshot(tmp_path)

    def fill(folder: Path) -> None:
        (folder / "kart.html").write_text("halv")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        release(target, fill, study_folder=study)
    assert snapshot(tmp_path) == before


@pytest.mark.parametrize("links", [True, False])
def test_foreign_files_are_carried_over_untouched(
    links: bool, tmp_path: Path, study: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = lay_out(tmp_path, edited=False)
    (target / "vedlegg" / "tom mappe").mkdir()
    (target / "snarvei").symlink_to("vedlegg/ås.txt")
    (target / "ingensteds").symlink_to("/finnes/ikke")
    os.utime(target / "vedlegg/ås.txt", (1_000_000_000, 1_000_000_000))
    (target / "vedlegg/ås.txt").chmod(0o600)
    if not links:
        monkeypatch.setattr(carry.os, "link", no_hard_links)
    for version in ("new", "next"):
        assert release(target, filler(version), study_folder=study) == ()
        assert whole_result(target) == version
        assert foreign_files(target) == {**FOREIGN, "snarvei": FOREIGN["vedlegg/ås.txt"]}
        assert (target / "vedlegg" / "tom mappe").is_dir()
        assert (target / "snarvei").readlink() == Path("vedlegg/ås.txt")
        assert (target / "ingensteds").readlink() == Path("/finnes/ikke")
        kept = (target / "vedlegg/ås.txt").stat()
        assert (kept.st_mtime, stat.S_IMODE(kept.st_mode)) == (1_000_000_000, 0o600)


def test_an_edited_output_is_kept_under_another_name_and_said(tmp_path: Path, study: Path) -> None:
    target = lay_out(tmp_path, edited=True)
    (notice,) = release(target, filler("new"), study_folder=study)
    assert notice.code == "release.kept"
    assert notice.values == {"name": "kart.html", "kept": "kart.endret.html"}
    for language in LANGUAGES:
        assert "kart.endret.html" in notice.text(language)
    assert whole_result(target) == "new"
    assert (target / "kart.endret.html").read_text("utf-8") == "håndarbeid"
    # Not touched since: nothing to say, nothing doubled.
    assert release(target, filler("next"), study_folder=study) == ()
    assert foreign_files(target) == {**FOREIGN, "kart.endret.html": "håndarbeid"}


def test_every_edit_is_kept(tmp_path: Path, study: Path) -> None:
    target = lay_out(tmp_path, edited=True)
    release(target, filler("new"), study_folder=study)
    (target / "kart.html").write_text("nok en gang")
    (notice,) = release(target, filler("next"), study_folder=study)
    assert notice.values["kept"] == "kart.endret-2.html"
    (target / "kart.html").write_text("nok en gang")
    assert release(target, filler("last"), study_folder=study) == ()
    assert foreign_files(target) == {
        **FOREIGN,
        "kart.endret.html": "håndarbeid",
        "kart.endret-2.html": "nok en gang",
    }


def test_a_kept_copy_keeps_its_name_whatever_becomes_of_its_original(
    tmp_path: Path, study: Path
) -> None:
    # «rangering.csv» comes before «rangering.endret.csv», «kart.html» after «kart.endret.html».
    target = tmp_path / "ut"
    fill = filler("old")

    def with_table(folder: Path) -> None:
        fill(folder)
        (folder / "rangering.csv").write_text("tabell")
        manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
        del manifest["checksum"]
        sha256 = content_sha256(folder / "rangering.csv")
        manifest["outputs"].append({"name": "rangering.csv", "sha256": sha256})
        manifest["checksum"] = manifest_checksum(manifest)
        (folder / MANIFEST).write_text(json.dumps(manifest), "utf-8")

    release(target, with_table, study_folder=study)
    for said, text in (("rangering.endret.csv", "først"), ("rangering.endret-2.csv", "så")):
        (target / "rangering.csv").write_text(text)
        (notice,) = release(target, with_table, study_folder=study)
        assert notice.values == {"name": "rangering.csv", "kept": said}
        assert release(target, with_table, study_folder=study) == ()
    texts = {path.name: path.read_text() for path in target.glob("rangering*")}
    assert texts == {
        "rangering.csv": "tabell",
        "rangering.endret.csv": "først",
        "rangering.endret-2.csv": "så",
    }


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="the system has no /proc")
@pytest.mark.parametrize("folder", ["/proc/x", "/proc/x/y"])
def test_a_folder_of_the_system_itself_is_refused(folder: str, study: Path) -> None:
    assert refusal(Path(folder), study) == "release.cannot_write"


def test_an_edited_manifest_is_kept_and_not_believed(tmp_path: Path, study: Path) -> None:
    target = lay_out(tmp_path, edited=False)
    manifest = json.loads((target / MANIFEST).read_text("utf-8"))
    note = target / "notat frå møtet.txt"
    # A manifest that claims a foreign file as an output must not have it thrown away.
    manifest["outputs"].append(
        {"name": note.name, "sha256": content_sha256(note), "note": "lagt til for hånd"}
    )
    (target / MANIFEST).write_text(json.dumps(manifest), "utf-8")
    kept = {
        notice.values["name"]: notice.values["kept"]
        for notice in release(target, filler("new"), study_folder=study)
    }
    assert kept == {
        MANIFEST: "kjoring.endret.json",
        "kart.html": "kart.endret.html",
        "resultat.gpkg": "resultat.endret.gpkg",
    }
    assert whole_result(target) == "new"
    assert note.read_text("utf-8") == FOREIGN[note.name]


def test_a_foreign_file_whose_name_is_now_an_output_is_kept(tmp_path: Path, study: Path) -> None:
    target = lay_out(tmp_path, edited=False)
    for name in OUTPUTS:
        (target / name).unlink()
    manifest = {"product": "tomteanalyse", "outputs": []}
    manifest["checksum"] = manifest_checksum(manifest)
    (target / MANIFEST).write_text(json.dumps(manifest))
    (target / "kart.html").write_text("mitt eget kart")
    (target / "resultat.gpkg").mkdir()
    (target / "resultat.gpkg" / "a.txt").write_text("a")
    release(target, filler("new"), study_folder=study)
    assert whole_result(target) == "new"
    assert (target / "kart.endret.html").read_text() == "mitt eget kart"
    assert (target / "resultat.endret.gpkg" / "a.txt").read_text() == "a"


def test_unwritten_changes_of_a_database_follow_it_and_never_lie_beside_the_new_one(
    tmp_path: Path, study: Path
) -> None:
    target = lay_out(tmp_path, edited=False)
    (target / "resultat.gpkg-wal").write_text("endringer")
    (target / "resultat.gpkg-shm").write_text("")
    (target / "egen.gpkg").write_text("egen")
    (target / "egen.gpkg-wal").write_text("egne")
    (notice,) = release(target, filler("new"), study_folder=study)
    assert notice.values == {"name": "resultat.gpkg", "kept": "resultat.endret.gpkg"}
    assert foreign_files(target) == {
        **FOREIGN,
        "resultat.endret.gpkg": "resultat.gpkg old",
        "resultat.endret.gpkg-wal": "endringer",
        "resultat.endret.gpkg-shm": "",
        "egen.gpkg": "egen",
        "egen.gpkg-wal": "egne",
    }


def test_looking_at_a_database_is_no_edit(tmp_path: Path, study: Path) -> None:
    def fill(folder: Path) -> None:
        database = folder / "resultat.gpkg"
        with sqlite3.connect(database) as connection:
            connection.execute("CREATE TABLE plots (id TEXT)")
        connection.close()
        (folder / "kart.html").write_text("kart")
        manifest = {
            "product": "tomteanalyse",
            "outputs": [
                {
                    "name": database.name,
                    "sha256": "0" * 64,
                    "content_sha256": content_sha256(database),
                }
            ],
        }
        manifest["checksum"] = manifest_checksum(manifest)
        (folder / MANIFEST).write_text(json.dumps(manifest))

    def open_in_qgis(sql: str) -> bytes:
        connection = sqlite3.connect(tmp_path / "ut" / "resultat.gpkg")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute(sql)
        connection.commit()
        connection.execute("PRAGMA journal_mode = DELETE")
        connection.close()
        return (tmp_path / "ut" / "resultat.gpkg").read_bytes()

    release(tmp_path / "ut", fill, study_folder=study)
    before = (tmp_path / "ut" / "resultat.gpkg").read_bytes()
    assert open_in_qgis("SELECT * FROM plots") != before
    assert release(tmp_path / "ut", fill, study_folder=study) == ()
    open_in_qgis("INSERT INTO plots VALUES ('T01')")
    kept = release(tmp_path / "ut", fill, study_folder=study)
    assert [notice.values["name"] for notice in kept] == ["resultat.gpkg"]


def test_what_was_changed_while_the_run_was_at_work_is_kept(
    tmp_path: Path, study: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = lay_out(tmp_path, edited=False)
    swap = release_module._swap

    def change_then_swap(new: Path, old: Path) -> None:
        (old / "kart.html").write_text("endret i siste liten")
        (old / "sent.txt").write_text("kom sent")
        (old / "vedlegg" / "sent.txt").write_text("kom også sent")
        swap(new, old)

    monkeypatch.setattr(release_module, "_swap", change_then_swap)
    (notice,) = release(target, filler("new"), study_folder=study)
    assert notice.values["kept"] == "kart.endret.html"
    assert whole_result(target) == "new"
    assert foreign_files(target) == {
        **FOREIGN,
        "kart.endret.html": "endret i siste liten",
        "sent.txt": "kom sent",
        "vedlegg/sent.txt": "kom også sent",
    }


def test_a_second_run_into_the_same_folder_is_turned_away_while_the_first_is_at_work(
    tmp_path: Path, study: Path
) -> None:
    target = lay_out(tmp_path, edited=False)
    codes = []

    def fill(folder: Path) -> None:
        codes.append(refusal(target, study, filler("second")))
        filler("first")(folder)

    release(target, fill, study_folder=study)
    assert codes == ["release.busy"]
    assert whole_result(target) == "first"
    assert {path.name for path in tmp_path.iterdir()} == {"studie", target.name}


def test_many_runs_at_once_leave_one_of_them_whole(tmp_path: Path, study: Path) -> None:
    target = lay_out(tmp_path, edited=False)
    script = (
        "import sys, pathlib\n"
        "from killed_runs import filler\n"
        "from tomteanalyse.errors import UsageError\n"
        "from tomteanalyse.views.release import release\n"
        "sys.stdin.readline()\n"
        "done = 0\n"
        "for turn in range(30):\n"
        "    try:\n"
        "        release(pathlib.Path(sys.argv[1]), filler(f'{sys.argv[3]}.{turn}'),"
        " study_folder=pathlib.Path(sys.argv[2]))\n"
        "        done += 1\n"
        "    except UsageError as error:\n"
        "        assert error.notices[0].code == 'release.busy', error\n"
        "print(done)\n"
    )
    runs = [
        subprocess.Popen(
            [sys.executable, "-c", script, target, study, str(number)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=HERE,
            text=True,
        )
        for number in range(3)
    ]
    for run in runs:
        assert run.stdin is not None
        run.stdin.write("\n")
        run.stdin.flush()
    answers = [run.communicate() for run in runs]
    assert [error for _, error in answers] == ["", "", ""]
    assert sum(int(done) for done, _ in answers) >= 1
    assert whole_result(target) != "old"
    assert foreign_files(target) == FOREIGN
    assert {path.name for path in tmp_path.iterdir()} == {"studie", target.name}


def test_a_lock_left_by_a_killed_run_is_no_hindrance(tmp_path: Path, study: Path) -> None:
    lock = tmp_path / ".ut.tomteanalyse-lock"
    lock.write_text("")
    release(tmp_path / "ut", filler("new"), study_folder=study)
    assert not lock.exists()


def test_a_lock_is_let_go_of_after_a_fault(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    for _ in range(2):
        with suppress(ZeroDivisionError), locked(lock, folder="ut"):
            assert lock.exists()
            1 / 0  # noqa: B018 - any fault will do
    assert not lock.exists()


def test_looking_whether_a_folder_may_be_written_to_changes_nothing(
    tmp_path: Path, study: Path
) -> None:
    assert check_folder(tmp_path / "a" / "b", study_folder=study) == tmp_path / "a" / "b"
    assert [path.name for path in tmp_path.iterdir()] == ["studie"]


# A folder that everything must be approved for.


class RefusedError(Exception):
    pass


def refuse(_: Path) -> None:
    raise RefusedError


def test_nothing_comes_into_an_approved_folder_when_it_is_refused(
    tmp_path: Path, study: Path
) -> None:
    target = lay_out(tmp_path, edited=True)
    before = snapshot(tmp_path)
    with pytest.raises(RefusedError):
        release(target, filler("new"), study_folder=study, approve=refuse)
    assert snapshot(tmp_path) == before


@pytest.mark.parametrize("role", ["new", "old"])
def test_what_a_killed_run_left_comes_into_an_approved_folder_through_approval_or_not_at_all(
    role: str, tmp_path: Path, study: Path
) -> None:
    target = lay_out(tmp_path, edited=False)
    before = snapshot(target)
    leftover = tmp_path / f".{target.name}.tomteanalyse-{role}"
    shutil.copytree(target, leftover)
    (leftover / "liste.txt").write_text("slettet siden")
    (leftover / "kart.html").write_text("endret siden")
    asked: list[set[str]] = []

    def look_and_refuse(folder: Path) -> None:
        asked.append({path.name for path in folder.iterdir()})
        raise RefusedError

    for _ in range(2):
        with pytest.raises(RefusedError):
            release(target, filler("new"), study_folder=study, approve=look_and_refuse)
        assert snapshot(target) == before
    seen = {"liste.txt", "kart.endret.html"}
    assert all((seen <= names) == (role == "old") for names in asked)
    release(target, filler("next"), study_folder=study, approve=lambda _: None)
    assert whole_result(target) == "next"
    assert (seen <= {path.name for path in target.iterdir()}) == (role == "old")
    assert {path.name for path in tmp_path.iterdir()} == {"studie", target.name}


def test_what_changes_in_an_approved_folder_meanwhile_stops_it(tmp_path: Path, study: Path) -> None:
    target = lay_out(tmp_path, edited=False)

    def disturb(_: Path) -> None:
        (target / "vedlegg" / "sent.txt").write_text("kom sent")

    with pytest.raises(UsageError) as refused:
        release(target, filler("new"), study_folder=study, approve=disturb)
    assert [each.code for each in refused.value.notices] == ["release.changed"]
    assert whole_result(target) == "old"
    assert foreign_files(target) == {**FOREIGN, "vedlegg/sent.txt": "kom sent"}
    release(target, filler("new"), study_folder=study, approve=lambda _: None)
    assert foreign_files(target) == {**FOREIGN, "vedlegg/sent.txt": "kom sent"}


@pytest.mark.parametrize("swap", ["at once", "two renames"])
def test_an_approved_folder_leaves_nothing_beside_it(
    swap: str, tmp_path: Path, study: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = lay_out(tmp_path, edited=True)
    if swap == "two renames":
        monkeypatch.setattr(release_module, "_exchange", lambda *_: False)
    (notice,) = release(target, filler("new"), study_folder=study, approve=lambda _: None)
    assert notice.values["kept"] == "kart.endret.html"
    assert whole_result(target) == "new"
    assert {path.name for path in tmp_path.iterdir()} == {"studie", target.name}


def test_only_its_owner_can_look_into_a_folder_that_is_being_made(
    tmp_path: Path, study: Path
) -> None:
    target = lay_out(tmp_path, edited=False)
    target.chmod(0o755)
    modes: list[int] = []

    def note(folder: Path) -> None:
        modes.append(stat.S_IMODE(folder.stat().st_mode))

    def fill(folder: Path) -> None:
        note(folder)
        filler("new")(folder)

    release(target, fill, study_folder=study, approve=note)
    assert modes == [0o700, 0o700]
    assert stat.S_IMODE(target.stat().st_mode) == 0o755
