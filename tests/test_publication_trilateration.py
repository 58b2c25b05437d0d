"""Somebody who takes every figure of 30 plots for a distance or a count, and looks for the homes.

The attacker has all fields of the published plots and the value of every criterion by itself, as
sliders give it. Each field is tried as the distance to the nearest unit: places where several
circles meet, and none is crossed, are where a unit would be. How often that is right is compared
with the base rate: what the same guesses hit in towns with as many homes in the same cells.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
import shapely

from tomteanalyse.measures.concentration.grid import GRID_CRS
from tomteanalyse.public_assessment import PublicAssessment
from tomteanalyse.publication import public_answer, with_next
from tomteanalyse.study import Study
from tomteanalyse.views.public.layers import public_layers
from tomteanalyse.views.public.words import public_catalog
from worlds import STREET, World, study_in

WEST, SOUTH, SIDE_M = 300_000.0, 6_650_000.0, 2_000.0
PLOTS, UNITS = 30, 12
GUESS_M, NEAR_M, APART_M, EXACTLY_M = 10.0, 25.0, 60.0, 8.0
TOWNS = 3
DECOYS = 200

Floats = npt.NDArray[np.float64]
Fields = Callable[[PublicAssessment, Study], pd.DataFrame]


def town(seed: int) -> Study:
    """Return a town with 30 plots and 12 units of 1 to 30 homes, wherever."""
    generator = np.random.default_rng(seed)
    world = World()
    for step in np.arange(0.0, SIDE_M + 1, 250.0):
        world.way([(WEST + step, SOUTH), (WEST + step, SOUTH + SIDE_M)], STREET)
        world.way([(WEST, SOUTH + step), (WEST + SIDE_M, SOUTH + step)], STREET)
    world.bounds = (WEST, SOUTH, WEST + SIDE_M, SOUTH + SIDE_M)
    at = generator.uniform(100, SIDE_M - 100, (PLOTS, 2)) + np.array([WEST, SOUTH])
    plots = {f"T{place:02d}": shapely.Point(xy).buffer(8) for place, xy in enumerate(at)}
    spots = generator.uniform(50, SIDE_M - 50, (UNITS, 2)) + np.array([WEST, SOUTH])
    units = [(x, y, int(generator.choice([1, 2, 4, 12, 15, 30])), 3) for x, y in spots]
    study = study_in(
        world, plots, units=units, crs="EPSG:25833", register={"date": date(2026, 1, 1)}
    )
    moved = {
        name: getattr(study, name).set_crs(GRID_CRS, allow_override=True)
        for name in ("plots", "units", "entrances")
    }
    none = pd.array([pd.NA] * PLOTS, dtype="Int64")
    return replace(
        study, crs=GRID_CRS, **{**moved, "plots": moved["plots"].assign(planned_homes=none)}
    )


def published(found: PublicAssessment, _: Study) -> pd.DataFrame:
    """Return every number of the published plots, and what each slider gives by itself."""
    layer = public_layers(found, public_catalog("nb"))[0].table.set_index("plot_id")
    numbers = layer.select_dtypes("number")
    sliders = found.ranked.evaluation.value.add_prefix("slider_")
    classes = {
        f"class_{name}": codes
        for name in layer.columns
        if name.endswith("_class")
        for codes in [pd.Series(pd.factorize(layer[name])[0], index=layer.index, dtype=float)]
    }
    return numbers.join(sliders).assign(**classes)


def with_the_nearest_unit(found: PublicAssessment, study: Study) -> pd.DataFrame:
    """Break the writer: it tells how far the nearest unit is, to the metre."""
    middles = study.plots.geometry.centroid
    nearest = [study.units.distance(each).min() for each in middles]
    return published(found, study).assign(nearest=np.round(nearest))


def with_a_slider_for_it(found: PublicAssessment, study: Study) -> pd.DataFrame:
    """Break the page: a slider gives the value of the exact distance, from which it follows."""
    exact = with_the_nearest_unit(found, study)
    return exact.drop(columns="nearest").assign(slider_nearest=1 - exact["nearest"] / 3_000)


def guesses(plots: Floats, field: Floats) -> Floats:
    """Return the likeliest places of units if a field is the distance to the nearest one."""
    known = np.isfinite(field)
    if known.sum() < 3 or np.ptp(field[known]) == 0:
        return np.empty((0, 2))
    steps = np.arange(GUESS_M / 2, SIDE_M, GUESS_M)
    place = np.stack(np.meshgrid(WEST + steps, SOUTH + steps), axis=-1).reshape(-1, 2)
    away = np.hypot(*(place[:, None, :] - plots[known][None, :, :]).transpose(2, 0, 1))
    off = away - field[known]
    # Nobody is nearer than the nearest, and several plots may have the same one.
    met = (np.abs(off) <= EXACTLY_M).sum(axis=1) - (off < -EXACTLY_M).sum(axis=1)
    found: list[Floats] = []
    for best in np.argsort(-met, kind="stable"):
        if len(found) == UNITS:
            break
        if all(np.hypot(*(place[best] - other)) >= APART_M for other in found):
            found.append(place[best])
    return np.array(found).reshape(-1, 2)


def readings(fields: pd.DataFrame) -> list[Floats]:
    """Return every field as it is, and as a share of a scale that an attacker may think of."""
    found = []
    for name in fields:
        figure = fields[name].to_numpy(dtype=np.float64, na_value=np.nan)
        found += [figure, 3_000 * (1 - figure), 1_000 * (1 - figure), 500 * (1 - figure)]
    return found


def right(guessed: Floats, units: Floats) -> float:
    """Return the share of the guesses that are near a unit."""
    if not len(guessed):
        return 0.0
    apart = np.hypot(*(guessed[:, None, :] - units[None, :, :]).transpose(2, 0, 1))
    return float((apart.min(axis=1) <= NEAR_M).mean())


def decoys(units: Floats, generator: np.random.Generator) -> Floats:
    """Return units somewhere else in the same cells."""
    return np.floor(units / 250) * 250 + generator.uniform(0, 250, units.shape)


def attacked(seed: int, fields: Fields) -> tuple[float, float]:
    """Return the luckiest reading's share of right guesses, and the base rate (95th percentile)."""
    study = town(seed)
    found = public_answer(study, with_next(study, ())[0])
    told = fields(found, study)
    plots = shapely.get_coordinates(study.plots.geometry.centroid.to_numpy())
    units = shapely.get_coordinates(study.units.geometry.to_numpy())
    guessed = [guesses(plots, field) for field in readings(told)]
    generator = np.random.default_rng(seed)
    rates = [
        max(right(each, other) for each in guessed)
        for other in (decoys(units, generator) for _ in range(DECOYS))
    ]
    return max(right(each, units) for each in guessed), float(np.quantile(rates, 0.95))


def test_published_plots_lead_to_the_homes_no_better_than_the_base_rate() -> None:
    found = [attacked(seed, published) for seed in range(TOWNS)]
    # One in twenty towns lies above its own 95 %: not all of three do.
    assert sum(hits > base for hits, base in found) < len(found) - 1
    assert np.mean([hits for hits, _ in found]) <= np.mean([base for _, base in found])


@pytest.mark.parametrize("fields", [with_the_nearest_unit, with_a_slider_for_it])
def test_the_same_attack_finds_the_homes_where_exact_figures_are_told(fields: Fields) -> None:
    hits, base = attacked(2, fields)
    assert hits > 0.5
    assert hits > 4 * base


def test_the_attack_reads_what_is_really_published() -> None:
    study = town(0)
    found = public_answer(study, with_next(study, ())[0])
    told = published(found, study)
    assert {"score", "slider_concentration", "class_concentration_class"} <= set(told.columns)
    assert len(told) == PLOTS
    # The slider of what depends on the register has no more values than there are classes.
    assert told["slider_concentration"].nunique() <= len(found.classes["concentration"])


def test_whatever_is_published_of_a_plot_stays_when_all_homes_move_inside_their_cells() -> None:
    study = town(1)
    units = study.units.copy()
    xy = decoys(shapely.get_coordinates(units.geometry.to_numpy()), np.random.default_rng(9))
    there = gpd.GeoSeries(gpd.points_from_xy(*xy.T), index=units.index, crs=GRID_CRS)
    moved = replace(study, units=units.set_geometry(there))
    told = [published(public_answer(each, with_next(each, ())[0]), each) for each in (study, moved)]
    pd.testing.assert_frame_equal(*told, check_exact=True)
