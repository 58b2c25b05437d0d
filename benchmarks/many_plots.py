"""All measures for 50,000 made-up plots against the same for 24 real ones; peak memory."""

import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

from benchmarks.figures import Figure, seconds
from benchmarks.oslo_study import with_made_up_plots, write_study
from benchmarks.timing import in_turn
from tomteanalyse.inputs.reading import read_study
from tomteanalyse.measures.survey import survey

MANY = 50_000
AIM_MB = 1000


def figures(*, rounds: int = 3) -> list[Figure]:
    """Measure the Oslo case."""
    with tempfile.TemporaryDirectory() as folder:
        path = write_study(Path(folder) / "study")
        few = read_study(path)
        many = with_made_up_plots(few, MANY)
        anywhere = with_made_up_plots(few, MANY, along_ways=False)
        taken = in_turn(
            {
                "few": lambda: survey(few),
                "many": lambda: survey(many),
                "anywhere": lambda: survey(anywhere),
            },
            rounds=rounds,
        )
        peak_mb = float(
            subprocess.run(
                [sys.executable, "-m", "benchmarks.many_plots", path],
                capture_output=True,
                text=True,
                check=True,
            ).stdout
        )
    return [
        _against_few(taken, "many", f"all measures for {MANY:,} made-up plots along ways"),
        _against_few(taken, "anywhere", "the same strewn anywhere, also in water and buildings"),
        Figure(
            f"peak memory, reading and measuring {MANY:,} plots",
            "Oslo case",
            f"{peak_mb:.0f} MB",
            "",
            f"{peak_mb:.0f} MB",
            f"< {AIM_MB} MB",
            peak_mb < AIM_MB,
        ),
    ]


def _against_few(taken: dict[str, list[float]], name: str, title: str) -> Figure:
    few_s, many_s = median(taken["few"]), median(taken[name])
    over = median(many - 3 * few for few, many in zip(taken["few"], taken[name], strict=True))
    return Figure(
        title,
        "Oslo case, 180 units",
        seconds(many_s),
        f"24 plots {seconds(few_s)}",
        f"3 × that {over:+.2f} s",
        "≤ 3 × + 2 s",
        over <= 2,
    )


def _peak_mb(path: Path) -> float:
    """Read and measure in this process and return the most memory it ever held [MB]."""
    import resource  # not on Windows

    survey(with_made_up_plots(read_study(path), MANY))
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6


if __name__ == "__main__":
    print(_peak_mb(Path(sys.argv[1])))
