"""Kill processes that write the ledger, and look at what is left. All homes are fictional.

Run by `test_ledger_killed.py` in a process of its own: it forks, and the forks are killed with
SIGKILL: by the clock, inside a random statement of SQLite, or just before they touch a file.
"""

import json
import os
import random
import shutil
import signal
import sqlite3
import stat
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from pathlib import Path

from registers import study_of
from tomteanalyse.ledger import FILE_NAME, add_state, keep_state, states, writing
from tomteanalyse.ledger import database as ledger_database
from tomteanalyse.ledger.contents import Content, content_of
from tomteanalyse.ledger.history import content_at, states_in
from tomteanalyse.study import Study

FIRST = date(2000, 1, 1)
STATES = 24
UNITS = 40
KILLS_A_LEDGER = 10
"""Then a new one is begun, so that its making is met as well."""
LONGEST_S = 0.25
MOST_STEPS = 60
MOST_FILES = 40
TOUCHING = ("open", "os.", "shutil.", "tempfile.", "sqlite3.")


def registers() -> list[Study]:
    """Return states of a register; in each, some homes are bought, sold and told otherwise."""
    return [
        study_of(
            {
                f"E{unit:02}": {"homes": 1 + (unit * state) % 5, "at": (unit, state % 3)}
                for unit in range(UNITS)
                if (unit + state) % 7
            },
            on=FIRST + timedelta(days=state),
        )
        for state in range(STATES)
    ]


def write_on(path: Path, studies: list[Study], mine: range, told: int) -> None:
    """Add states and tell each one that has been taken."""
    for number in mine:
        add_state(path, studies[number])
        os.write(told, bytes([number]))


def die_at_statement(steps: int) -> None:
    """Have the process kill itself after so many hundreds of SQLite's own instructions."""
    connect = ledger_database._connection
    left = steps

    def strike() -> None:
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def connected(path: Path, *, wait_s: float) -> sqlite3.Connection:
        database = connect(path, wait_s=wait_s)
        database.set_progress_handler(strike, 100)
        return database

    ledger_database._connection = connected


def die_at_file(operations: int) -> None:
    """Have the process kill itself just before its n-th operation on a file."""
    left = operations

    def strike(event: str, _: object) -> None:
        nonlocal left
        if event.startswith(TOUCHING):
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(strike)


def forked(work: Callable[[], object]) -> int:
    """Do some work in a fork; return its id."""
    child = os.fork()
    if child == 0:
        try:
            work()
        except BaseException as error:
            os.write(2, f"{type(error).__name__}: {error}\n".encode())
            os._exit(1)
        os._exit(0)
    return child


def ended(child: int) -> bool:
    """Wait for a fork; say whether it was killed."""
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0, status
    return os.WIFSIGNALED(status)


def look(path: Path, studies: list[Study], taken: set[int]) -> None:
    """Check that every state that was taken is there, each as it was, and none in part."""
    for file in path.parent.iterdir():
        assert file.name.startswith((FILE_NAME, f".{FILE_NAME}.")), file.name
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file.name
    if not path.exists():
        assert not taken
        return
    with ledger_database.opened(path, wait_s=20.0) as database:
        listed = states_in(database)
        found = {
            (date.fromisoformat(state.day) - FIRST).days: content_at(
                database, state, name=path.name
            )
            for state in listed
        }
    assert len(found) == len(listed)
    assert taken <= found.keys(), sorted(taken - found.keys())
    for number, content in found.items():
        study = studies[number]
        assert content == content_of(study.units, unplaced=(), crs=study.crs), number


def kill(root: Path, *, kills: int, seed: int) -> Iterator[str]:
    """Kill so many times; yield how, each time."""
    draw = random.Random(seed)
    studies = registers()
    path, taken = root / FILE_NAME, set[int]()
    done = 0
    while done < kills:
        if done % KILLS_A_LEDGER == 0 or len(taken) == STATES:
            shutil.rmtree(root, ignore_errors=True)
            root.mkdir(parents=True)
            taken.clear()
        way = draw.choice(("clock", "statement", "file"))
        strike: Callable[[], None] = {
            "clock": lambda: None,
            "statement": partial(die_at_statement, draw.randint(1, MOST_STEPS)),
            "file": partial(die_at_file, draw.randint(1, MOST_FILES)),
        }[way]
        hears, tells = os.pipe()
        missing = [number for number in range(STATES) if number not in taken]

        def work(start: int, strike: Callable[[], None] = strike, tells: int = tells) -> None:
            strike()
            write_on(path, studies, range(start, STATES, 2), tells)

        # Two at once: one takes the even states, the other the odd ones, from where they stand.
        first = missing[0]
        children = [forked(lambda start=start: work(start)) for start in (first, first + 1)]
        if way == "clock":
            time.sleep(draw.uniform(0, LONGEST_S))
            os.kill(children[draw.randrange(2)], signal.SIGKILL)
        killed = sum([ended(child) for child in children])
        os.close(tells)
        with os.fdopen(hears, "rb") as heard:
            taken |= set(heard.read())
        look(path, studies, taken)
        done += killed
        yield from [way] * killed
    # What is left goes on as if nothing had been.
    for study in studies:
        add_state(path, study)
    look(path, studies, set(range(STATES)))
    assert [file.name for file in root.iterdir()] == [FILE_NAME]


def upgrade(root: Path) -> Iterator[str]:
    """Kill an upgrade before each of its operations on files; yield what version was left."""
    studies = registers()[:3]
    path = root / FILE_NAME
    for operation in range(1, 1000):
        shutil.rmtree(root, ignore_errors=True)
        root.mkdir(parents=True)
        for study in studies[:2]:
            add_state(path, study)
        before = path.read_bytes()

        def work(n: int = operation) -> None:
            upgrade_to_two()
            die_at_file(n)
            add_state(path, studies[2])

        killed = ended(forked(work))
        with sqlite3.connect(path) as database:
            (version,) = database.execute(
                "SELECT value FROM ledger WHERE name = 'schema_version'"
            ).fetchone()
        database.close()
        backups = [file for file in root.iterdir() if file.name.endswith(".bak")]
        # The backup comes first; without one nothing has been touched.
        assert len(backups) <= 1
        assert version == "1" or len(backups) == 1
        assert version == "2" or path.read_bytes() == before
        ended(forked(lambda: (upgrade_to_two(), add_state(path, studies[2]))[0]))
        names = sorted(file.name for file in root.iterdir())
        assert names == [FILE_NAME, f"{FILE_NAME}.v1.bak"], names
        yield str(version)
        if not killed:
            return
    raise AssertionError("no upgrade ever got through")


def upgrade_to_two() -> None:
    """Pretend that this program has a second version of the ledger."""
    ledger_database.SCHEMA_VERSION = 2
    ledger_database.MIGRATIONS = {
        1: lambda database: database.execute("ALTER TABLE versions ADD COLUMN note TEXT")
    }


def together(root: Path) -> Iterator[str]:
    """Let two processes add the same and different states at once; yield what is there."""
    root.mkdir(parents=True)
    path, studies = root / FILE_NAME, registers()
    both = [studies[number] for number in range(0, STATES, 4)]
    own = [[studies[number] for number in range(rest, STATES, 4)] for rest in (1, 3)]

    changes = writing._changes

    def slowly(*contents: Content) -> Iterator[writing.Row]:
        # Between reading and writing: the other would come in there, if it could.
        time.sleep(0.02)
        return changes(*contents)

    def work(mine: list[Study]) -> None:
        writing._changes = slowly
        for shared, single in zip(both, mine, strict=True):
            add_state(path, single)
            add_state(path, shared)

    for child in [forked(lambda mine=mine: work(mine)) for mine in own]:
        assert not ended(child)
    expected = [number for number in range(STATES) if number % 4 != 2]
    look(path, studies, set(expected))
    # What both of them brought is there once.
    assert len(states(path)) == len(expected)
    yield from (str(number) for number in expected)


def keep(root: Path) -> Iterator[str]:
    """Kill a run before each of its operations on the ledger; yield how many states were left."""
    for operation in range(1, 1000):
        shutil.rmtree(root, ignore_errors=True)
        root.mkdir(parents=True)
        studies = [replace(study, folder=root) for study in registers()[:2]]
        path = root / FILE_NAME
        assert keep_state(studies[0]).new

        def work(n: int = operation, study: Study = studies[1]) -> None:
            die_at_file(n)
            assert keep_state(study).state == 2

        killed = ended(forked(work))
        left = len(states(path))
        # The next two runs at once go on as if nothing had been; one of them adds the state.
        again = [forked(partial(keep_state, studies[1])) for _ in range(2)]
        for child in again:
            assert not ended(child)
        look(path, studies, {0, 1})
        kept = keep_state(studies[1])
        assert (kept.state, kept.new) == (2, False)
        assert [file.name for file in root.iterdir()] == [FILE_NAME]
        yield str(left)
        if not killed:
            return
    raise AssertionError("no run ever got through")


def main() -> None:
    """Do what the arguments say and print what was seen."""
    root, way, kills, seed = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    seen = {
        "kill": lambda: list(kill(root, kills=kills, seed=seed)),
        "upgrade": lambda: list(upgrade(root)),
        "keep": lambda: list(keep(root)),
        "together": lambda: list(together(root)),
    }[way]()
    print(json.dumps(seen))  # noqa: T201 - read by the test


if __name__ == "__main__":
    main()
