"""The command line: exit codes, what goes where, and that nothing is written when it should not."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tomteanalyse import cli
from tomteanalyse.failure_log import LOG_NAME

STUDY = Path(__file__).parents[1] / "data" / "eksempelvik"


def command(*arguments: object, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tomteanalyse", *map(str, arguments)],
        cwd=cwd,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONIOENCODING": "utf-8", **environment},
        check=False,
    )


def test_run_writes_to_maps_and_the_studys_name_and_prints_the_ranking(tmp_path: Path) -> None:
    done = command("run", STUDY, cwd=tmp_path)
    assert done.returncode == 0
    written = {path.name for path in (tmp_path / "maps" / "Eksempelvik").iterdir()}
    assert {"kart.html", "rangering.csv", "rangering.xlsx", "resultat.gpkg"} < written
    assert "Torget" in done.stdout
    assert "[network.cut]" in done.stderr
    assert "[network.cut]" not in done.stdout


def test_json_is_one_object_on_stdout_and_nothing_else_anywhere(tmp_path: Path) -> None:
    done = command("run", STUDY, "--json", "--out", tmp_path / "ut", cwd=tmp_path)
    assert done.returncode == 0
    assert done.stderr == ""
    answer = json.loads(done.stdout)
    assert set(answer) == {
        *("edition", "ranking", "crossing_places", "concentration", "warnings", "outputs")
    }
    assert answer["concentration"]["shares_of"] == "addresses"
    first = answer["ranking"][0]
    named = ("plot_id", "rank", "score", "score_low", "score_high", "flags", "criteria")
    assert {*named, "shortcuts"} <= set(first)
    assert all(each["sentence"] for each in answer["crossing_places"])
    assert len(answer["ranking"]) == 16
    assert {each["name"] for each in answer["outputs"]} == {
        path.name for path in (tmp_path / "ut").iterdir()
    }


@pytest.mark.parametrize(
    ("language", "heading"), [("nb", "Merknader"), ("nn", "Merknader"), ("en", "Notes")]
)
def test_the_ranking_speaks_the_language_asked_for(
    tmp_path: Path, language: str, heading: str
) -> None:
    done = command("run", STUDY, "--language", language, "--out", tmp_path / "ut", cwd=tmp_path)
    assert heading in done.stdout
    assert f'lang="{language}' in (tmp_path / "ut" / "kart.html").read_text("utf-8")


def test_check_reads_everything_and_writes_nothing(tmp_path: Path) -> None:
    study = Path(shutil.copytree(STUDY, tmp_path / "studie"))
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    done = command("check", study, cwd=tmp_path)
    assert done.returncode == 0
    assert "16 tomter" in done.stdout
    assert "Alt er i orden." in done.stdout
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before


def test_check_does_not_say_that_all_is_well_after_a_warning(tmp_path: Path) -> None:
    study = Path(shutil.copytree(STUDY, tmp_path / "studie"))
    toml = study / "tomteanalyse.toml"
    changed = re.sub(
        r'(\[profile\][^\[]*housing_form = )"\w+"', r'\1"smaahus"', toml.read_text("utf-8")
    )
    toml.write_text(changed, "utf-8")
    done = command("check", study, cwd=tmp_path)
    assert done.returncode == 0
    assert "[profile.not_described]" in done.stderr
    assert "småhus" in done.stderr
    assert "Alt er i orden" not in done.stdout
    assert "Ingen feil hindrer kjøringen. 1 advarsel bør vurderes. 16 tomter, " in done.stdout
    english = command("check", study, "--language", "en", cwd=tmp_path)
    assert "“small house”" in english.stderr


def test_check_tells_faults_of_the_files_and_of_the_scoring_together(tmp_path: Path) -> None:
    study = Path(shutil.copytree(STUDY, tmp_path / "studie"))
    (study / "enheter.csv").unlink()
    (study / "eksempelvik.osm.pbf").write_bytes(b"nothing of the kind")
    done = command("check", study, cwd=tmp_path)
    assert done.returncode == 1
    assert "[study.missing_input] enheter.csv" in done.stderr
    assert "[osm.unreadable] eksempelvik.osm.pbf" in done.stderr
    assert done.stdout == ""


def test_explain_names_an_unknown_plot_and_leaves_with_the_usage_code(tmp_path: Path) -> None:
    done = command("explain", STUDY, "T99", cwd=tmp_path)
    assert done.returncode == 2
    assert "explain.unknown_plot" in done.stderr
    assert done.stdout == ""


def test_explain_takes_a_name_for_an_id_and_suggests_by_name(tmp_path: Path) -> None:
    by_id = command("explain", STUDY, "T14", cwd=tmp_path)
    by_name = command("explain", STUDY, " torget", cwd=tmp_path)
    assert by_id.stdout.startswith("Tomt T14 Torget\n")
    assert by_name.stdout == by_id.stdout
    missed = command("explain", STUDY, "Torgett", cwd=tmp_path)
    assert missed.returncode == 2
    assert "Mente du «T14 Torget»?" in missed.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["explain"], "Mangler STUDY."),
        (["rangér"], "Ukjent kommando «rangér»."),
        (["run", "--ut", "x", "y"], "Ukjent valg --ut."),
        (["run", "y", "--out"], "Valget --out er ikke brukt riktig"),
        (["explain", "a", "b", "c", "d"], "For mange ord: d."),
        (["run", "y", "--language", "sv"], "Ukjent språk «sv»."),
    ],
)
def test_faults_in_the_command_are_told_in_norwegian(
    arguments: list[str], said: str, tmp_path: Path
) -> None:
    done = command(*arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert f"Feil i kommandoen: {said}" in done.stderr
    assert done.stdout == ""
    for english in ("Usage", "Error", "Try", "Missing", "No such", "Did you"):
        assert english not in done.stderr


@pytest.mark.parametrize("command_name", ["", "new", "check", "fetch", "run", "explain"])
def test_help_is_in_norwegian(command_name: str, tmp_path: Path) -> None:
    done = command(*command_name.split(), "--help", cwd=tmp_path)
    assert done.returncode == 0
    assert done.stdout.startswith("Bruk: ")
    assert "Vis denne hjelpen." in done.stdout
    for english in ("Usage", "Options", "Arguments", "Commands", "OPTIONS", "required", "Show"):
        assert english not in done.stdout


def test_explain_prints_every_source_and_what_would_change_it(tmp_path: Path) -> None:
    done = command("explain", STUDY, "T03", cwd=tmp_path)
    assert done.returncode == 0
    assert "Sum: " in done.stdout
    assert "Kilde: " in done.stdout
    other = command("explain", STUDY, "T03", "T14", "--language", "en", cwd=tmp_path)
    assert "compared with" in other.stdout


def test_explain_prints_both_ways_to_one_destination_step_by_step(tmp_path: Path) -> None:
    done = command("explain", STUDY, "støyskjermen", "--to", "dagligvare øst", cwd=tmp_path)
    assert done.returncode == 0
    text = done.stdout.replace("\N{NO-BREAK SPACE}", " ")
    assert text.startswith("Fra tomt T02 Støyskjermen til Dagligvare Øst\nTil Dagligvare Øst: ")
    safe, tempting = text.split("\nTrygg vei, ")[1].split("\nFristende vei, ")
    # By the underpass on the safe way, across both carriageways at one place on the other.
    assert "Gjennom undergang eller tunnel: Slettundergangen, " in safe
    assert "uten noen kryssing" not in safe
    assert tempting.count("Krysser E 99 Eksempelvegen uten noen kryssing (punkt ") == 2
    for way in (safe, tempting):
        total, *steps = (int(number) for number in re.findall(r"(\d[\d ]*) m\b", unspaced(way)))
        # Every step is rounded by itself.
        assert abs(total - sum(steps)) <= len(steps) / 2


def unspaced(text: str) -> str:
    """Return text without the spaces between the digits of its numbers."""
    return re.sub(r"(?<=\d) (?=\d{3}\b)", "", text)


def test_explain_names_the_destinations_there_are_when_none_is_meant(tmp_path: Path) -> None:
    done = command("explain", STUDY, "T02", "--to", "Dagligvare", "--language", "en", cwd=tmp_path)
    assert done.returncode == 2
    assert done.stdout == ""
    assert "[explain.unknown_destination]" in done.stderr
    assert "Did you mean “Dagligvare Øst”? The destinations are: Apotek Øst; " in done.stderr


def test_explain_takes_another_plot_or_a_destination_but_not_both(tmp_path: Path) -> None:
    done = command("explain", STUDY, "T02", "T01", "--to", "Dagligvare Øst", cwd=tmp_path)
    assert done.returncode == 2
    assert "[explain.to_and_other]" in done.stderr


def test_an_unknown_language_is_a_usage_error(tmp_path: Path) -> None:
    done = command("run", STUDY, "--language", "sv", cwd=tmp_path)
    assert done.returncode == 2
    assert not list(tmp_path.iterdir())


def test_an_error_nobody_foresaw_shows_no_traceback_and_logs_no_data(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(**_: object) -> None:
        address = "Fiktivgata 7"
        raise KeyError(address)

    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.setattr(cli, "app", broken)
    with pytest.raises(SystemExit) as left:
        cli.main()
    assert left.value.code == 5
    said = capsys.readouterr().err
    assert "Traceback" not in said
    assert "Fiktivgata" not in said
    log = (tmp_path / "tomteanalyse" / LOG_NAME).read_text("utf-8")
    assert "KeyError" in log
    assert "broken" in log
    assert "Fiktivgata" not in log


def test_help_needs_no_heavy_library() -> None:
    heavy = {"geopandas", "osmnx", "folium", "pandas", "numpy", "shapely", "osmium", "xlsxwriter"}
    code = (
        "import sys; sys.argv = ['tomteanalyse', '--help']\n"
        "from tomteanalyse.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        f"loaded = sorted(set(sys.modules) & set({sorted(heavy)}))\n"
        "sys.exit(f'loaded: {loaded}' if loaded else 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, encoding="utf-8"
    )
    assert done.returncode == 0, done.stderr
    assert "explain" in done.stdout
