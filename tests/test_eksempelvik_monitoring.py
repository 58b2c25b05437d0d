"""The story of Eksempelvik, as it shows when its homes are followed. It is all made up."""

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from tomteanalyse.inputs.reading import read_study
from tomteanalyse.measures.concentration.change import CAUSES
from tomteanalyse.measures.concentration.denominator import dwellings_by_cell, with_homes
from tomteanalyse.measures.concentration.municipality import spread_over_cells
from tomteanalyse.measures.concentration.stock import homes_at
from tomteanalyse.monitoring.found import Monitoring
from tomteanalyse.monitoring.monitor import monitor
from tomteanalyse.views.monitoring.period import over_period

EXAMPLE = Path(__file__).parents[1] / "data" / "eksempelvik"
BRUKET = "99990103"


@pytest.fixture(scope="module")
def found() -> Monitoring:
    study = read_study(EXAMPLE)
    return monitor(study, start=date(2018, 1, 1), end=date(2026, 1, 1), step="year")


def test_the_diluted_hamlet_falls_by_what_was_sold_torn_down_and_built_by_others(
    found: Monitoring,
) -> None:
    geography = found.geographies["area"]
    assert geography.areas["name"][BRUKET] == "Bruket"
    period = over_period(geography, found.days).loc[BRUKET].to_dict()
    assert (period["homes_before"], period["homes"]) == (22, 6)
    counts = {cause: int(period[f"count_{cause}"]) for cause in CAUSES}
    assert {cause: count for cause, count in counts.items() if count} == {
        "sold": -10,
        "demolished": -6,
        "new_others": 39,
    }
    assert period["share_before"] == pytest.approx(22 / 139)
    assert period["share"] == pytest.approx(6 / (139 - 6 + 39))
    parts = {cause: float(period[f"part_{cause}"]) for cause in CAUSES}
    assert sum(parts.values()) == pytest.approx(period["change"], abs=1e-12)
    # All three dilute, the sales most; each part is of the years in which it happened.
    assert parts["sold"] < parts["demolished"] < parts["new_others"] < 0


def test_the_block_that_is_torn_down_and_the_private_homes_in_its_place_are_two_causes(
    found: Monitoring,
) -> None:
    changes = found.geographies["area"].changes.xs(BRUKET, level="area")
    told = {
        pd.Timestamp(row["day"]).year: {
            cause: row[f"count_{cause}"] for cause in CAUSES if row[f"count_{cause}"]
        }
        for row in changes.reset_index().to_dict("records")
    }
    assert told[2021] == {"demolished": -6}
    assert told[2022] == {"sold": -2, "new_others": 22}
    row = changes.loc[pd.Timestamp("2021-01-01")]
    # Six fewer municipal homes and six fewer dwellings: 18 of 139 before, 12 of 133 after.
    assert row["change"] == pytest.approx(12 / 133 - 18 / 139)
    assert row["part_demolished"] == pytest.approx(row["change"], abs=1e-12)


def test_the_hamlet_falls_in_the_municipality_and_the_municipality_does_not(
    found: Monitoring,
) -> None:
    assert (found.totals["homes"].iloc[[0, -1]] == 296).all()
    assert found.basis == "addresses"
    assert {notice.code for notice in found.warnings if notice.code.startswith("monitoring.")} == (
        set()
    )
    indices = found.geographies["area"].indices.xs("gini", level="index")
    first, last = indices.iloc[0], indices.iloc[-1]
    # Over districts homes have become less even since: what was built elsewhere weighs more.
    assert last["value"] > first["value"] > first["high"]


def test_the_registers_day_is_told_as_the_ranking_tells_it(found: Monitoring) -> None:
    day = date(2026, 1, 1)
    both = with_homes(
        dwellings_by_cell(found.study.dwellings, day, size_m=250),
        homes_at(found.study.units, day, size_m=250),
    )
    spread = spread_over_cells(both, known=True, crs=found.study.crs)
    small = found.geographies["cell_250"]
    states = small.states.xs(pd.Timestamp(day), level="day")
    states = states[states["dwellings"] > 0]
    for column in ("homes", "dwellings", "share", "shrunken", "hot"):
        assert states[column].tolist() == spread.cells[column].tolist(), column
    assert small.top_areas == spread.top_areas
    told = pd.DataFrame(small.indices.xs(pd.Timestamp(day), level="day")).to_dict("index")
    assert told == {name: vars(index) for name, index in spread.indices.items()}
