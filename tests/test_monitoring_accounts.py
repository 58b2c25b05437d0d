"""The accounts of any town, of random homes and dwellings: exact in every place. All fictional."""

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from followed_towns import Row, town
from registers import Home
from tomteanalyse.measures.concentration.change import ADDS_DWELLINGS, CAUSES, MUNICIPAL
from tomteanalyse.measures.concentration.denominator import dwellings_by_cell
from tomteanalyse.measures.concentration.grid import parent_cells
from tomteanalyse.measures.concentration.stock import CAME, WENT, homes_at
from tomteanalyse.monitoring.happened import Happened
from tomteanalyse.monitoring.monitor import monitor
from tomteanalyse.monitoring.shortage import shortage

FAR = (2_000.0, 0.0)
FIRST, LAST = date(2020, 1, 1), date(2023, 1, 1)
moments = st.integers(-200, 1200).map(lambda count: (FIRST + timedelta(days=count)).isoformat())
places = st.sampled_from([(0.0, 0.0), (130.0, 40.0), (300.0, 0.0), FAR])
buildings = st.sampled_from([None, "1", "2"])


@st.composite
def lives(draw: st.DrawFn) -> Home:
    first, last = sorted(draw(st.tuples(moments, moments)))
    return {
        "homes": draw(st.integers(1, 9)),
        "at": draw(places),
        "building_id": draw(buildings),
        "valid_from": draw(st.sampled_from([None, first])),
        "valid_to": draw(st.sampled_from([None, last])),
        "began": draw(st.sampled_from([None, *CAME])),
        "ended": draw(st.sampled_from([None, *WENT])),
    }


@st.composite
def houses(draw: st.DrawFn) -> Row:
    built, gone = sorted(draw(st.tuples(moments, moments)))
    return {
        "dwellings": draw(st.integers(1, 12)),
        "at": draw(places),
        "building_id": draw(buildings),
        "built": draw(st.sampled_from([None, built])),
        "gone": draw(st.sampled_from([None, None, gone])),
    }


registers = st.dictionaries(st.sampled_from([f"E{n}" for n in range(8)]), lives())
stocks = st.lists(houses(), min_size=1, max_size=8)
AREAS = {"A": (-100.0, -100.0, 120.0, 100.0), "B": (120.0, -100.0, 400.0, 100.0)}


def wide(counts: pd.Series) -> pd.DataFrame:
    """Return a table with a row for each day and a column for each area."""
    rows = counts.rename("count").astype("int64").reset_index()
    return rows.pivot_table(index="day", columns="area", values="count", aggfunc="sum")


def checked(table: pd.DataFrame, changes: pd.DataFrame, days: Sequence[pd.Timestamp]) -> None:
    """Check that changes lead from each day to the next, and split the share without rest."""
    for column, adds in (("homes", MUNICIPAL), ("dwellings", ADDS_DWELLINGS)):
        there = wide(table[column])
        by_cause = [f"count_{cause}" for cause in CAUSES]
        net = (changes[by_cause] * [adds[cause] for cause in CAUSES]).sum(axis=1)
        moved = wide(net).reindex(index=list(days[1:]), columns=there.columns).fillna(0)
        assert (there.diff().iloc[1:].to_numpy() == moved.to_numpy()).all()
    assert (table["homes"] <= table["dwellings"]).all()
    assert (table["homes"] >= 0).all()
    assert (changes[["count_bought", "count_built", "count_new_others"]] >= 0).all(axis=None)
    assert (changes[["count_sold", "count_demolished", "count_others_gone"]] <= 0).all(axis=None)
    parts = changes[[f"part_{cause}" for cause in CAUSES]].sum(axis=1, skipna=False)
    split = changes["change"].notna()
    assert (split == parts.notna()).all()
    assert np.abs(parts - changes["change"])[split].max() <= 1e-12 if split.any() else True
    after = table["share"].reindex(changes.index)
    assert ((changes["share_after"] == after) | after.isna()).all()


@given(registers, stocks, st.sampled_from(["year", "quarter"]))
@settings(max_examples=30, deadline=None)
def test_in_every_town_the_accounts_are_exact(
    homes: dict[str, Home], rows: list[Row], step: str
) -> None:
    study = town(homes, rows, areas=AREAS)
    found = monitor(
        study,
        start=FIRST,
        end=LAST,
        step="year" if step == "year" else "quarter",
    )
    days = [pd.Timestamp(day) for day in found.days]
    for geography in found.geographies.values():
        checked(geography.states, geography.changes, days)
    whole = {
        name: table.assign(area="all").set_index("area", append=True)
        for name, table in (("totals", found.totals), ("changes", found.changes))
    }
    checked(whole["totals"], whole["changes"], days)
    small, large = (found.geographies[key] for key in ("cell_250", "cell_1000"))
    above = parent_cells(small.areas.index.to_numpy(dtype=np.int64), size_m=1000)
    parent = dict(zip(small.areas.index, above.astype(str), strict=True))
    for column in ("homes", "dwellings"):
        in_small = wide(small.states[column]).rename(columns=parent)
        in_large = wide(large.states[column])
        assert in_small.T.groupby(level=0).sum().T.eq(in_large).all(axis=None)
        assert in_large.sum(axis=1).eq(found.totals[column]).all()
    by_cause = [f"count_{cause}" for cause in CAUSES]
    for geography in (small, large):
        summed = geography.changes.groupby("day")[by_cause].sum()
        # Homes counted otherwise in one place and the other way round in another cancel out.
        assert summed[(summed != 0).any(axis=1)].equals(found.changes[by_cause])


@given(registers, stocks)
@settings(max_examples=15, deadline=None)
def test_homes_of_every_day_and_cell_are_those_of_the_units_that_are_there(
    homes: dict[str, Home], rows: list[Row]
) -> None:
    study = town(homes, rows)
    found = monitor(study, start=FIRST, end=LAST, step="year")
    states = found.geographies["cell_250"].states
    for day in found.days:
        counted = homes_at(study.units, day, size_m=250)
        told = states.xs(pd.Timestamp(day), level="day")["homes"]
        assert told[told > 0].to_dict() == counted.rename(str).to_dict()


@given(registers, stocks)
@settings(max_examples=15, deadline=None)
def test_where_nothing_is_built_or_torn_down_or_lacking_dwellings_are_those_of_the_source(
    homes: dict[str, Home], rows: list[Row]
) -> None:
    others = {unit: {**home, "began": "bought", "ended": "sold"} for unit, home in homes.items()}
    # As many dwellings without dates in every place as there can be homes.
    plenty: list[Row] = [
        {"dwellings": 100, "at": at} for at in [(0.0, 0.0), (130.0, 40.0), (300.0, 0.0), FAR]
    ]
    study = town(others, [*rows, *plenty])
    found = monitor(study, start=FIRST, end=LAST, step="year")
    states = found.geographies["cell_250"].states
    for day in found.days:
        counted = dwellings_by_cell(study.dwellings, day, size_m=250)
        told = states.xs(pd.Timestamp(day), level="day")["dwellings"]
        assert told[told > 0].to_dict() == counted.rename(str).to_dict()


def _happened(events: list[tuple[int, int]]) -> Happened:
    days, sizes = (np.array([each[k] for each in events], dtype=np.int64) for k in (0, 1))
    return Happened(np.zeros(len(events), dtype=np.int64), days, sizes)


signed = st.lists(st.tuples(st.integers(1, 9), st.integers(-4, 4)), max_size=8)
positive = st.lists(st.tuples(st.integers(1, 9), st.integers(0, 4)), max_size=6)


@given(signed, positive, positive, signed)
@settings(max_examples=100, deadline=None)
def test_the_raise_is_the_least_that_changes_only_as_the_source_does(
    homes: list[tuple[int, int]],
    came: list[tuple[int, int]],
    went: list[tuple[int, int]],
    own: list[tuple[int, int]],
) -> None:
    found = shortage(
        _happened(homes), came=_happened(came), went=_happened(went), own=_happened(own)
    )

    def on(events: list[tuple[int, int]], day: int) -> int:
        return sum(size for at, size in events if at == day)

    def told(events: Happened, day: int) -> int:
        return int(events.count[events.day == day].sum())

    # Nothing has happened yet on the first of them.
    span = range(10)
    lacking = np.cumsum(
        [on(homes, day) - on(came, day) + on(went, day) - on(own, day) for day in span]
    )
    least = [
        max(
            max(0, int(lacking[other]))
            - sum(on(came, span[k]) for k in range(other + 1, at + 1))
            - sum(on(went, span[k]) for k in range(at + 1, other + 1))
            for other in range(len(span))
        )
        for at in range(len(span))
    ]
    begins = int(found.grows.count[found.grows.day < 1].sum())
    raised = begins + np.cumsum([told(found.grows, day) - told(found.shrinks, day) for day in span])
    assert raised.tolist() == [max(0, each) for each in least]
    for day in span:
        assert told(found.shrinks, day) <= on(came, day)
        assert told(found.grows, day) <= on(went, day)
