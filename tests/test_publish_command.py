"""``tomteanalyse publish``: what it prints, and how it leaves."""

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import geopandas as gpd

from public_towns import DAY, USUAL, canaries, town, write_town
from study_folders import some_plots
from tomteanalyse.ledger import FILE_NAME, states


def publish(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tomteanalyse", "publish", str(folder), *options],
        capture_output=True,
        text=True,
        check=False,
        encoding="utf-8",
    )


def test_it_says_what_was_told_what_was_held_back_and_where_it_lies(tmp_path: Path) -> None:
    folder = write_town(tmp_path / "by")
    first = publish(folder, "--first")
    assert first.returncode == 0, first.stderr
    assert "Offentlig utgave for 01.01.2026." in first.stdout
    assert "Kommunale boliger i alt: 72." in first.stdout
    assert "Ruter på 250 m: 2 med tall" in first.stdout
    assert str(folder / "offentlig" / "kart.html") in first.stdout
    again = publish(folder, "--json", "--language", "en")
    answer = json.loads(again.stdout)
    assert (answer["again"], answer["homes"], answer["floor"]) == (True, 72, 10)
    assert answer["cells"]["small"]["told"] == 2
    assert "public.same_day" in {each["code"] for each in answer["notices"]}
    for canary in canaries(town(*USUAL)):
        assert canary not in first.stdout + first.stderr + again.stdout


def test_a_plot_named_after_a_home_stops_it_with_exit_code_4(tmp_path: Path) -> None:
    folder = write_town(tmp_path / "by")
    address = town(*USUAL)[1].address
    plots = some_plots()
    plots.loc[0, "navn"] = address
    gpd.GeoDataFrame(plots).to_file(folder / "tomter.gpkg", layer="tomter")
    refused = publish(folder, "--first")
    assert refused.returncode == 4
    assert "kart.html" in refused.stderr
    assert address not in refused.stdout + refused.stderr
    assert not (folder / "offentlig").exists()
    assert not (folder / "publiseringer.json").exists()


def test_without_a_day_it_leaves_with_exit_code_1(tmp_path: Path) -> None:
    folder = write_town(tmp_path / "by", day=None)
    refused = publish(folder, "--first")
    assert refused.returncode == 1
    assert "public.no_day" in refused.stderr


def test_the_first_time_must_be_said(tmp_path: Path) -> None:
    folder = write_town(tmp_path / "by")
    refused = publish(folder, "--language", "nn")
    assert refused.returncode == 2
    assert "--first" in refused.stderr
    assert "publiseringer.json" in refused.stderr
    assert not (folder / "offentlig").exists()
    assert not (folder / FILE_NAME).exists()


def test_the_register_is_kept_in_the_ledger_as_after_every_other_run(tmp_path: Path) -> None:
    folder = write_town(tmp_path / "by")
    assert publish(folder, "--first").returncode == 0
    assert states(folder / FILE_NAME)["day"].dt.date.tolist() == [DAY]
    assert not (folder / "offentlig" / FILE_NAME).exists()
    assert publish(folder).returncode == 0
    assert len(states(folder / FILE_NAME)) == 1


def test_what_became_of_single_homes_is_said_on_the_screen_alone(tmp_path: Path) -> None:
    folder = write_town(tmp_path / "by")
    assert publish(folder, "--first").returncode == 0
    later = town([14], [2, 1, 1], [31], [12])
    write_town(folder, later, day=date(2027, 1, 1))
    told = publish(folder, "--json")
    assert told.returncode == 0, told.stderr
    codes = {each["code"] for each in json.loads(told.stdout)["notices"]}
    assert codes == {"public.unplaced_few"}
    assert "ledger.corrected" in publish(folder).stderr
