"""Nothing is lost from the ledger, however its writers end and however many there are."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
KILLS = int(os.environ.get("LEDGER_KILLS", "25"))
"""How many writers are killed; the full test is 100."""

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")


def seen(way: str, root: Path, *, kills: int = 0, seed: int = 0) -> list[str]:
    done = subprocess.run(
        [
            sys.executable,
            "-W",
            "error",
            HERE / "killed_ledgers.py",
            root / "æ ø",
            way,
            str(kills),
            str(seed),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told: list[str] = json.loads(done.stdout)
    return told


def test_writers_killed_at_random_moments_lose_nothing(tmp_path: Path) -> None:
    ways = seen("kill", tmp_path, kills=KILLS, seed=20_200_101)
    assert len(ways) >= KILLS
    assert set(ways) == {"clock", "statement", "file"}


def test_an_upgrade_killed_anywhere_leaves_the_old_ledger_or_the_new_one_and_a_backup(
    tmp_path: Path,
) -> None:
    versions = seen("upgrade", tmp_path)
    assert len(versions) > 10
    assert versions[0] == "1"
    assert versions[-1] == "2"


def test_a_run_killed_while_it_keeps_the_register_is_made_good_by_the_next(tmp_path: Path) -> None:
    left = seen("keep", tmp_path)
    assert len(left) > 3
    assert left[0] == "1"
    assert left[-1] == "2"


def test_two_processes_at_once_lose_nothing(tmp_path: Path) -> None:
    assert len(seen("together", tmp_path)) == 18
