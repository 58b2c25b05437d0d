"""Whatever registers come, in whatever order and however often. All homes are fictional."""

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledgers import dump
from registers import Home, study_of
from tomteanalyse.ledger import FILE_NAME, add_state, as_known, corrections, states
from tomteanalyse.study import Study

FIRST = date(2024, 1, 1)
LASTING = ["homes", "step", "housing_form", "building_id"]


def day_of(number: int) -> date:
    return FIRST + timedelta(days=number)


@st.composite
def homes(draw: st.DrawFn) -> Home:
    begun, over = sorted(draw(st.tuples(st.integers(0, 6), st.integers(0, 6))))
    return {
        "homes": draw(st.integers(1, 2)),
        "step": draw(st.sampled_from([None, 3])),
        "building_id": draw(st.sampled_from([None, "B1"])),
        "valid_from": draw(st.sampled_from([None, day_of(begun).isoformat()])),
        "valid_to": draw(st.sampled_from([None, day_of(over).isoformat()])),
        "ended": draw(st.sampled_from([None, "sold"])),
        "at": draw(st.sampled_from([(0.0, 0.0), (3.0, 4.0)])),
    }


registers = st.dictionaries(st.sampled_from(["E1", "E2", "E3"]), homes())
histories = st.dictionaries(st.integers(0, 6), registers, min_size=1, max_size=4).map(
    lambda by_day: {day_of(number): by_day[number] for number in sorted(by_day)}
)


@contextmanager
def a_ledger() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder) / FILE_NAME


def studies(history: Mapping[date, Mapping[str, Home]]) -> dict[date, Study]:
    return {day: study_of(register, on=day) for day, register in history.items()}


def known_by_day(path: Path) -> dict[pd.Timestamp, gpd.GeoDataFrame]:
    return {day: as_known(path, state) for state, day in states(path)["day"].items()}


@given(histories, st.data())
@settings(max_examples=12, deadline=None)
def test_repeating_any_import_at_any_time_changes_nothing(
    history: dict[date, dict[str, Home]], data: st.DataObject
) -> None:
    made = studies(history)
    with a_ledger() as plain, a_ledger() as repeated:
        done: list[Study] = []
        for study in made.values():
            add_state(plain, study)
            assert add_state(repeated, study).new
            done.append(study)
            for again in data.draw(st.lists(st.sampled_from(done), max_size=2)):
                assert not add_state(repeated, again).new
        assert dump(plain) == dump(repeated)


@given(histories, st.data())
@settings(max_examples=12, deadline=None)
def test_what_was_known_does_not_depend_on_the_order_of_imports(
    history: dict[date, dict[str, Home]], data: st.DataObject
) -> None:
    made = studies(history)
    with a_ledger() as path:
        for study in data.draw(st.permutations(list(made.values()))):
            add_state(path, study)
        known = known_by_day(path)
        assert list(known) == [pd.Timestamp(day) for day in made]
        for day, study in made.items():
            assert known[pd.Timestamp(day)].equals(study.units.drop(columns="current"))


def there(known: gpd.GeoDataFrame, day: date) -> dict[str, tuple[object, ...]]:
    """Return what a table says of every unit that was there on a day."""
    on = pd.Timestamp(day)
    begun = known["valid_from"].isna() | (known["valid_from"] <= on)
    kept = known[begun & (known["valid_to"].isna() | (known["valid_to"] >= on))]
    return {
        str(unit): (*[str(kept.loc[unit, name]) for name in LASTING], kept.geometry[unit].wkt)
        for unit in kept.index
    }


@given(registers, registers, st.integers(0, 6))
@settings(max_examples=20, deadline=None)
def test_a_correction_is_what_makes_some_day_up_to_the_known_one_look_different(
    earlier: dict[str, Home], later: dict[str, Home], number: int
) -> None:
    with a_ledger() as path:
        add_state(path, study_of(earlier), day=day_of(number))
        add_state(path, study_of(later), day=day_of(7))
        found = corrections(path, 1)
        before, after = as_known(path, 1), as_known(path)
    days = [date(1900, 1, 1), *(day_of(each) for each in range(number + 1))]
    restated: set[str] = set()
    for day in days:
        then, now = there(before, day), there(after, day)
        restated |= {unit for unit in {*then, *now} if then.get(unit) != now.get(unit)}
    # How a home went is no fact of a day it was there.
    told = found[found["correction"] & (found["field"] != "ended")]
    assert set(told["unit_id"]) == restated
    same = {
        unit
        for unit in before.index.intersection(after.index)
        if before.loc[[unit]].equals(after.loc[[unit]])
    }
    assert set(found["unit_id"]) == {*before.index, *after.index} - same
    assert not found.duplicated(["unit_id", "field"]).any()


LATE = "2020-01-01"


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        # Bought since, and told too late.
        (None, {"valid_from": "2024-06-01"}, ("unit", "absent", "placed", False)),
        (None, {"valid_from": LATE}, ("unit", "absent", "placed", True)),
        (None, {}, ("unit", "absent", "placed", True)),
        # Struck out: the register no longer says that it ever was there.
        ({"valid_from": LATE}, None, ("unit", "placed", "absent", True)),
        ({"valid_from": "2024-06-01"}, None, ("unit", "placed", "absent", False)),
        # Sold since, sold on the last known day, sold before it and told too late.
        ({}, {"valid_to": "2024-03-01"}, ("valid_to", None, "2024-03-01", False)),
        ({}, {"valid_to": "2024-01-01"}, ("valid_to", None, "2024-01-01", False)),
        ({}, {"valid_to": "2023-12-31"}, ("valid_to", None, "2023-12-31", True)),
        ({"valid_to": LATE}, {}, ("valid_to", LATE, None, True)),
        # A plan that was put off.
        (
            {"valid_from": "2024-05-01"},
            {"valid_from": "2024-07-01"},
            ("valid_from", "2024-05-01", "2024-07-01", False),
        ),
        # The known day itself: it is told otherwise whether the home was there on it.
        ({"valid_from": "2024-01-01"}, {"valid_from": "2024-02-01"},
         ("valid_from", "2024-01-01", "2024-02-01", True)),
        ({"valid_from": LATE}, {"valid_from": "2019-01-01"},
         ("valid_from", LATE, "2019-01-01", True)),
        # What holds for as long as the home does is said of the past as well.
        ({"homes": 2}, {"homes": 3}, ("homes", "2", "3", True)),
        ({"step": None}, {"step": 4}, ("step", None, "4", True)),
        (
            {"homes": 2, "valid_from": "2024-06-01"},
            {"homes": 3, "valid_from": "2024-06-01"},
            ("homes", "2", "3", False),
        ),
        ({"at": (0, 0)}, {"at": (1.5, 0)},
         ("geometry", "POINT (453000 7121000)", "POINT (453001.5 7121000)", True)),
        ({"began": None, "valid_from": LATE}, {"began": "built", "valid_from": LATE},
         ("began", None, "built", True)),
    ],
)  # fmt: skip
def test_what_is_new_and_what_is_corrected_are_told_apart(
    tmp_path: Path, before: Home | None, after: Home | None, expected: tuple[object, ...]
) -> None:
    path = tmp_path / FILE_NAME
    for day, home in ((date(2024, 1, 1), before), (date(2025, 1, 1), after)):
        add_state(path, study_of({} if home is None else {"E1": home}), day=day)
    found = corrections(path, 1)
    columns = found[["field", "before", "after", "correction"]].astype("object")
    assert [tuple(row) for row in columns.where(columns.notna(), None).to_numpy()] == [expected]


def test_what_happened_is_told_with_its_day_and_cause(tmp_path: Path) -> None:
    path = tmp_path / FILE_NAME
    add_state(path, study_of({"E1": {}, "E2": {"ended": "sold"}}), day=FIRST)
    later = {
        "E1": {"valid_to": "2024-03-01", "ended": "demolished"},
        "E2": {"valid_to": "2024-04-01", "ended": "sold"},
        "E3": {"valid_from": "2024-05-01", "began": "bought"},
        "E4": {"valid_from": "2024-06-01"},
    }
    add_state(path, study_of(later), day=day_of(200))
    found = corrections(path, 1)
    told = found[found["day"].notna()]
    assert told["day"].dt.strftime("%Y-%m-%d").tolist() == [
        "2024-03-01",
        "2024-04-01",
        "2024-05-01",
        "2024-06-01",
    ]
    assert told["cause"].fillna("?").tolist() == ["demolished", "sold", "bought", "?"]
    assert not found["correction"].any()
    assert found.equals(found.sort_values(["unit_id", "field"], ignore_index=True))
