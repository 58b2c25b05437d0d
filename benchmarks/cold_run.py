"""A whole run in a new process, and how long the program takes to say what it can do."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

from benchmarks.figures import Figure, seconds
from benchmarks.oslo_study import write_study
from benchmarks.timing import in_turn

PROGRAM = [sys.executable, "-c", "from tomteanalyse.cli import main; main()"]
HEAVY = (
    "folium",
    "geopandas",
    "matplotlib",
    "networkx",
    "numpy",
    "osmium",
    "osmnx",
    "pandas",
    "pydantic",
    "pyproj",
    "scipy",
    "shapely",
    "xlsxwriter",
)
RUN_AIM_S = 5.0
HELP_AIM_S = 0.3


def figures(*, rounds: int = 5) -> list[Figure]:
    """Measure the Oslo case."""
    with tempfile.TemporaryDirectory() as folder:
        study = write_study(Path(folder) / "study")
        out = Path(folder) / "out"
        taken = in_turn(
            {
                "run": lambda: _call("run", str(study), "--out", str(out)),
                "help": lambda: _call("--help"),
                "python": lambda: subprocess.run([sys.executable, "-c", "pass"], check=True),
            },
            rounds=rounds,
        )
    run_s, help_s, python_s = (median(taken[name]) for name in ("run", "help", "python"))
    heavy = _imported_by_help()
    return [
        Figure(
            "whole cold `tomteanalyse run`, all outputs written",
            "Oslo case, 24 plots",
            f"{run_s:.1f} s",
            "",
            f"{run_s:.1f} s",
            f"≤ {RUN_AIM_S:.0f} s",
            run_s <= RUN_AIM_S,
        ),
        Figure(
            "`tomteanalyse --help`",
            "cold",
            seconds(help_s),
            f"Python alone {seconds(python_s)}",
            f"{help_s:.2f} s, heavy imports: {', '.join(heavy) or 'none'}",
            f"< {HELP_AIM_S} s, none",
            help_s < HELP_AIM_S and not heavy,
        ),
    ]


def _call(*arguments: str) -> None:
    subprocess.run([*PROGRAM, *arguments], check=True, capture_output=True)


def _imported_by_help() -> list[str]:
    told = subprocess.run(
        [
            sys.executable,
            "-c",
            "import json, sys\n"
            "from tomteanalyse.cli import main\n"
            "sys.argv = ['tomteanalyse', '--help']\n"
            "try:\n    main()\n"
            "except SystemExit:\n    pass\n"
            "print('\\n' + json.dumps(sorted(sys.modules)))",
        ],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    modules = json.loads(told.splitlines()[-1])
    return [name for name in HEAVY if name in modules]
