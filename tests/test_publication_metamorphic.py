"""Where a unit is inside its cell shows in no public file, and nothing else of it either."""

import hashlib
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

import tomteanalyse as ta
from public_towns import USUAL, town, write_town
from tomteanalyse.measures.concentration.grid import GRID_CRS, SMALL_M, cell_ids
from tomteanalyse.public_assessment import PublicAssessment, without_register
from tomteanalyse.publication import public_answer, with_next
from tomteanalyse.study import Study
from tomteanalyse.views.public.outputs import write_public_files

EKSEMPELVIK = Path(__file__).parents[1] / "data" / "eksempelvik"
STEP_M = 60.0
Writer = Callable[[Study, Path], None]


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return ta.read_study(write_town(tmp_path_factory.mktemp("by")))


def shifted(study: Study, turns: dict[str, float]) -> Study:
    """Return the study with units moved 60 m, in the direction nearest the wanted that stays in."""
    units = study.units.copy()
    points = units.geometry.to_crs(GRID_CRS)
    xy = np.column_stack([points.x, points.y])
    cell = cell_ids(xy, size_m=SMALL_M)
    for unit, turn in turns.items():
        place = units.index.get_loc(unit)
        angles = turn + np.arange(0, 2 * np.pi, 0.1)
        tried = xy[place] + STEP_M * np.column_stack([np.cos(angles), np.sin(angles)])
        inside = np.flatnonzero(cell_ids(tried, size_m=SMALL_M) == cell[place])
        xy[place] = tried[inside[0]]
    there = gpd.GeoSeries(gpd.points_from_xy(*xy.T), index=units.index, crs=GRID_CRS)
    moved = there.to_crs(study.crs)
    for unit in turns:
        apart = moved[unit].distance(study.units.geometry[unit])
        assert apart == pytest.approx(STEP_M, rel=5e-3)
    return replace(study, units=units.set_geometry(moved))


def digests(study: Study, folder: Path, writer: Writer) -> dict[str, str]:
    """Return a fingerprint of every file a writer makes of a study."""
    folder.mkdir()
    writer(study, folder)
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.iterdir())
    }


def real(study: Study, folder: Path) -> None:
    publications, _ = with_next(study, ())
    write_public_files(public_answer(study, publications), folder, language="nb")


def with_the_registers_fingerprint(study: Study, folder: Path) -> None:
    """Break the manifest: it tells a checksum of where the units are."""
    real(study, folder)
    told = hashlib.sha256(study.units.geometry.to_wkb().sum()).hexdigest()
    (folder / "kjoring.json").write_text(told, "utf-8")


def with_the_nearest_unit(study: Study, folder: Path) -> None:
    """Break the table: it tells how far the nearest unit is, to the metre."""
    real(study, folder)
    nearest = study.plots.geometry.apply(lambda plot: study.units.distance(plot).min())
    nearest.round().to_csv(folder / "rangering.csv")


BROKEN = [with_the_registers_fingerprint, with_the_nearest_unit]


@pytest.fixture(scope="module")
def unmoved(study: Study, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return digests(study, tmp_path_factory.mktemp("ut") / "før", real)


def test_moving_every_unit_inside_its_cell_changes_no_byte(
    study: Study, unmoved: dict[str, str], tmp_path: Path
) -> None:
    moved = shifted(study, dict.fromkeys(study.units.index, 1.0))
    assert len(unmoved) == 5
    assert digests(moved, tmp_path / "etter", real) == unmoved


@pytest.mark.parametrize("writer", BROKEN)
def test_the_same_move_gives_a_broken_writer_away(
    writer: Writer, study: Study, tmp_path: Path
) -> None:
    moved = shifted(study, {str(study.units.index[0]): 1.0, str(study.units.index[5]): 1.0})
    before = digests(study, tmp_path / "før", writer)
    assert digests(moved, tmp_path / "etter", writer) != before


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(
        st.sampled_from([each.unit for each in town(*USUAL)]), st.floats(0, 6.28), min_size=1
    )
)
@example({"KB-70411": 0.0})
def test_what_the_public_answer_is_made_of_knows_no_place(
    study: Study, turns: dict[str, float]
) -> None:
    """The answer is a function of the study without its register and of what was released."""
    moved = shifted(study, turns)
    assert with_next(moved, ())[0] == with_next(study, ())[0]
    _assert_same(without_register(moved), without_register(study))


def test_ids_buildings_steps_and_years_do_not_show_either(
    study: Study, unmoved: dict[str, str], tmp_path: Path
) -> None:
    """Another register with as many homes in the same cells gives the same files."""
    units = study.units.copy()
    units["building_id"] = "ett bygg"
    units["step"] = pd.array([5] * len(units), dtype="Int64")
    units["valid_from"] = np.datetime64("1999-01-01", "s")
    units.index = pd.Index([f"X{number}" for number in range(len(units))], name="unit_id")
    # Two rows become three: only the sum in the cell may be seen.
    first = units[units["current"]].index[0]
    extra = units.loc[[first]].rename(index={first: "X99"})
    units.loc[first, "homes"] -= 1
    extra["homes"] = 1
    more = pd.concat([units, extra])
    inputs = tuple(
        replace(each, sha256="0" * 64, read=99) if each.role == "register" else each
        for each in study.inputs
    )
    other = replace(study, units=gpd.GeoDataFrame(more, crs=study.crs), inputs=inputs)
    assert digests(other, tmp_path / "etter", real) == unmoved


def test_moving_units_of_eksempelvik_changes_no_byte(tmp_path: Path) -> None:
    shutil.copytree(EKSEMPELVIK, tmp_path / "e", ignore=shutil.ignore_patterns("maps"))
    study = ta.read_study(tmp_path / "e")
    generator = np.random.default_rng(5)
    turns = {str(unit): float(generator.uniform(0, 6.28)) for unit in study.units.index}
    before = digests(study, tmp_path / "før", real)
    assert digests(shifted(study, turns), tmp_path / "etter", real) == before


def _assert_same(one: Study, other: Study) -> None:
    assert (one.config, one.inputs, one.warnings) == (other.config, other.inputs, other.warnings)
    pd.testing.assert_frame_equal(one.dropped, other.dropped)
    assert len(one.units) == len(other.units) == len(one.unplaced) == len(other.unplaced) == 0
    for name in ("plots", "entrances", "extract", "dwellings", "areas", "visits", "corrections"):
        assert getattr(one, name) is getattr(other, name)


def test_a_public_answer_holds_the_bare_study(study: Study) -> None:
    found = public_answer(study, with_next(study, ())[0])
    assert isinstance(found, PublicAssessment)
    _assert_same(found.study, without_register(study))
