"""Kill real runs at every point where they touch the disk, and look at what is left.

Run by `test_release.py` in a process of its own: it forks, and every fork is killed with SIGKILL
just before its n-th operation on the disk, for n = 1, 2, … until a run gets through.
"""

import hashlib
import json
import os
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from tomteanalyse.errors import PrivacyError
from tomteanalyse.views import carry, release
from tomteanalyse.views.provenance import MANIFEST, content_sha256, manifest_checksum

OUTPUTS = ("kart.html", "resultat.gpkg")
FOREIGN = {
    "notat frå møtet.txt": "vår",
    "vedlegg/ås.txt": "ø",
    "vedlegg/indre/æ.txt": "å",
}
TOUCHING = ("open", "os.", "shutil.")
Approve = Callable[[Path], None] | None


def filler(version: str, *, written: int = len(OUTPUTS)) -> Callable[[Path], None]:
    """Return a function that writes the made-up result called `version`."""

    def fill(folder: Path) -> None:
        for name in OUTPUTS[:written]:
            (folder / name).write_text(f"{name} {version}", "utf-8")
        if written < len(OUTPUTS):
            raise OSError(28, "No space left on device")
        manifest = {
            "product": "tomteanalyse",
            "version": version,
            "outputs": [
                {"name": name, "sha256": hashlib.sha256((folder / name).read_bytes()).hexdigest()}
                for name in OUTPUTS
            ],
        }
        manifest["checksum"] = manifest_checksum(manifest)
        (folder / MANIFEST).write_text(json.dumps(manifest), "utf-8")

    return fill


def whole_result(folder: Path) -> str:
    """Return which version lies in `folder`, having checked that every output belongs to it."""
    manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
    for output in manifest["outputs"]:
        assert content_sha256(folder / output["name"]) == output["sha256"], output["name"]
    return str(manifest["version"])


def foreign_files(folder: Path) -> dict[str, str]:
    """Return every file in `folder` that is no output, with its text."""
    return {
        path.relative_to(folder).as_posix(): path.read_text("utf-8")
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name not in (*OUTPUTS, MANIFEST)
    }


def lay_out(root: Path, *, edited: bool) -> Path:
    """Make a study and an earlier result with foreign files, one of its outputs edited."""
    shutil.rmtree(root, ignore_errors=True)
    (root / "studie").mkdir(parents=True)
    target = root / "Åsen øst"
    target.mkdir()
    filler("old")(target)
    for name, text in FOREIGN.items():
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        (target / name).write_text(text, "utf-8")
    if edited:
        (target / "kart.html").write_text("håndarbeid", "utf-8")
    return target


def run_killed_at(operation: int, target: Path, approve: Approve) -> bool:
    """Run in a fork that is killed before its n-th operation; say whether it got through."""
    child = os.fork()
    if child == 0:
        left = operation

        def strike(event: str, _: object) -> None:
            nonlocal left
            if event.startswith(TOUCHING):
                left -= 1
                if left == 0:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(strike)
        release.release(
            target, filler("new"), study_folder=target.parent / "studie", approve=approve
        )
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WIFEXITED(status) or os.WTERMSIG(status) == signal.SIGKILL
    return os.WIFEXITED(status)


def kill_everywhere(
    root: Path, *, swaps_at_once: bool, first: bool, approve: Approve
) -> tuple[int, set[str]]:
    """Kill at every operation; return how many kills there were and what was seen after them."""
    expected = {} if first else {**FOREIGN, "kart.endret.html": "håndarbeid"}
    seen = set()
    for operation in range(1, 10_000):
        target = lay_out(root, edited=not first)
        if first:
            shutil.rmtree(target)
        through = run_killed_at(operation, target, approve)
        if not target.exists():
            # Nothing was there before, or the system needs two renames and this is between them.
            assert first or not swaps_at_once
            seen.add("nothing")
        elif first or (target / "kart.html").read_text("utf-8") != "håndarbeid":
            seen.add(whole_result(target))
            assert foreign_files(target) == expected, operation
        else:
            seen.add("old")
            assert foreign_files(target) == FOREIGN, operation
        if approve is not None:
            refuse(target)
        release.release(target, filler("next"), study_folder=root / "studie", approve=approve)
        assert whole_result(target) == "next"
        assert foreign_files(target) == expected, operation
        assert {path.name for path in root.iterdir()} == {"studie", target.name}, operation
        if through:
            return operation - 1, seen
    raise AssertionError("no run ever got through")


def refuse(target: Path) -> None:
    """Refuse the next result, and see that what the killed run left comes into no folder."""

    def no(_: Path) -> None:
        raise PrivacyError

    study = target.parent / "studie"
    before = target.exists() and _everything(target)
    try:
        release.release(target, filler("next"), study_folder=study, approve=no)
    except PrivacyError:
        # Between two renames the earlier result comes back.
        assert not before or _everything(target) == before
    else:
        raise AssertionError("it was refused")


def _everything(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def no_hard_links(*_: object, **__: object) -> None:
    """Stand in for `os.link` on a disk that has no hard links."""
    raise OSError(95, "Operation not supported")


def main() -> None:
    """Kill runs in the way the arguments say and print what was seen."""
    root, way = Path(sys.argv[1]), sys.argv[2]
    # What is killed is a process, not the machine: waiting for the disk would prove nothing.
    os.fsync = lambda _: None
    approve: Approve = (lambda _: None) if way.startswith("approved") else None
    if way.endswith("two_renames"):
        release._exchange = lambda *_: False
        carry.os.link = no_hard_links
    at_once = not way.endswith("two_renames")
    kills, seen = kill_everywhere(
        root, swaps_at_once=at_once, first=way == "first", approve=approve
    )
    print(json.dumps({"kills": kills, "seen": sorted(seen)}))  # noqa: T201 - read by the test


if __name__ == "__main__":
    main()
