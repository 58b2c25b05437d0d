"""Six publications of a town in which homes are bought and sold, and somebody who has them all."""

import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from released_attacker import Attacker, Cell, Seen
from tomteanalyse import publication
from tomteanalyse.measures.concentration.grid import GRID_CRS, cell_corners
from tomteanalyse.publication import with_next
from tomteanalyse.publishing.disclosure import counts_in
from tomteanalyse.publishing.release_register import (
    Publication,
    read_publications,
    write_publications,
)
from tomteanalyse.publishing.released import FLOOR, Node, Released, Told, Tree, nodes_of
from tomteanalyse.study import Study
from worlds import STREET, World, study_in

TOWNS = int(os.environ.get("DISCLOSURE_TOWNS", "8"))
RELEASES = 6
ROOM = 5
BROKEN_TOWNS = 4
WEST, SOUTH = 300_000.0, 6_650_000.0
"""A corner of the grid, in its own system."""


def town_of(generator: np.random.Generator) -> Study:
    """Return a study whose area is one to four large cells."""
    world = World()
    world.way([(WEST, SOUTH), (WEST + 100, SOUTH)], STREET)
    study = study_in(world, {}, register={"date": date(2020, 1, 1)}, crs="EPSG:25833")
    across = int(generator.integers(1, 5))
    area = shapely.box(WEST + 10, SOUTH + 10, WEST + 1000 * across - 10, SOUTH + 990)
    areas = gpd.GeoDataFrame(
        {"name": ["A"]}, geometry=[area], crs=GRID_CRS, index=pd.Index(["1"], name="area_id")
    )
    return replace(study, crs=GRID_CRS, areas=areas)


def on(study: Study, day: date, homes: dict[Node, int]) -> Study:
    """Return the study as it is on a day: one unit a cell, wherever in it."""
    held = [(node, count) for node, count in homes.items() if count]
    corners = cell_corners(np.array([node.cell for node, _ in held], dtype=np.int64))
    units = gpd.GeoDataFrame(
        {"homes": [count for _, count in held], "current": True},
        geometry=gpd.points_from_xy(*(corners + 77.0).T),
        index=[f"E{place}" for place in range(len(held))],
        crs=GRID_CRS,
    )
    register = study.config.units.model_copy(update={"on": day})
    return replace(study, units=units, config=study.config.model_copy(update={"units": register}))


def bought_and_sold(
    seed: int, folder: Path
) -> tuple[tuple[Publication, ...], list[dict[Node, int]]]:
    """Publish six times through the register of releases; return what was told, and the truth."""
    generator = np.random.default_rng(seed)
    study = town_of(generator)
    tree = with_next(on(study, date(2019, 1, 1), {}), ())[0][0].released.tree
    small = [node for node in nodes_of(tree) if node not in tree]
    now = {node: int(generator.choice([0, 0, 0, 0, 1, 2, 3, 8, 9, 12, 15, 30])) for node in small}
    truth = []
    for year in range(RELEASES):
        publications, _ = with_next(
            on(study, date(2020 + year, 1, 1), now), read_publications(folder)
        )
        write_publications(publications, folder)
        truth.append(counts_in(tree, now))
        for _ in range(int(generator.integers(1, 14))):
            cell = small[int(generator.integers(len(small)))]
            now[cell] = max(0, now[cell] + int(generator.choice([-9, -4, -2, -1, 1, 1, 2, 3, 12])))
    return read_publications(folder), truth


def narrowed(
    publications: Sequence[Publication], truth: Sequence[dict[Node, int]]
) -> list[tuple[int, Node, int]]:
    """Return the cells below the floor that can be told to within less than the room, by release.

    Also those that have moved by less than the floor since a number was last told of them: the room
    is what keeps a single purchase from being seen.
    """
    tree = publications[0].released.tree
    parts = {_cell(node): [_cell(part) for part in inner] for node, inner in tree.items()}
    seen = [
        Seen({_cell(node): told.homes for node, told in each.released.told.items()}, FLOOR)
        for each in publications
    ]
    attacker = Attacker(parts, seen)
    over = {part: node for node, inner in tree.items() for part in inner}
    found, last = list[tuple[int, Node, int]](), dict[Node, int]()
    for time, counts in enumerate(truth):
        told = publications[time].released.told
        # Cells beside each other of which nothing was told are alike to whoever knows no more.
        alike: dict[object, int] = {}
        for node, count in counts.items():
            near = node in last and 0 < abs(count - last[node]) < FLOOR
            if count >= FLOOR and not near:
                continue
            key = (over.get(node), node.size_m) if node not in tree and node not in told else node
            if key not in alike:
                least, most = attacker.between(_cell(node), time)
                assert least <= count <= most
                alike[key] = most - least
            if alike[key] < ROOM:
                found.append((time, node, alike[key]))
        last |= {node: each.homes for node, each in told.items()}
    return found


def small_steps(publications: Sequence[Publication]) -> list[int]:
    """Return by how much numbers changed that changed by less than the floor."""
    found, last = list[int](), dict[Node, int]()
    for each in publications:
        for node, told in each.released.told.items():
            apart = abs(told.homes - last.get(node, told.homes))
            if 0 < apart < FLOOR:
                found.append(apart)
            last[node] = told.homes
    return found


def _cell(node: Node) -> Cell:
    return node.size_m, node.cell


@pytest.mark.parametrize("seed", range(TOWNS))
def test_whoever_has_all_releases_narrows_down_no_cell_and_sees_no_single_purchase(
    seed: int, tmp_path: Path
) -> None:
    publications, truth = bought_and_sold(seed, tmp_path)
    assert len(publications) == RELEASES
    assert narrowed(publications, truth) == []
    assert small_steps(publications) == []


def only_the_floor(
    tree: Tree, homes: dict[Node, int], *, before: Released | None = None, floor: int = FLOOR
) -> Released:
    """Break the decision: tell all that is large enough, and hold nothing else back with it."""
    del before
    counts = counts_in(tree, homes)
    told = {node: Told(count, exact=True) for node, count in counts.items() if count >= floor}
    return Released(told, tree, floor)


def without_memory(
    tree: Tree, homes: dict[Node, int], *, before: Released | None = None, floor: int = FLOOR
) -> Released:
    """Break the memory: every release is decided as if it were the first."""
    del before
    return REAL(tree, homes, floor=floor)


REAL: Callable[..., Released] = publication.release


def test_the_same_attack_breaks_releases_under_the_floor_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publication, "release", only_the_floor)
    found = [narrowed(*bought_and_sold(seed, _new(tmp_path, seed))) for seed in range(BROKEN_TOWNS)]
    assert sum(map(bool, found)) >= BROKEN_TOWNS // 2
    assert any(width == 0 for each in found for *_, width in each)


def test_the_same_attack_breaks_releases_that_do_not_know_of_each_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publication, "release", without_memory)
    publications, _ = bought_and_sold(1, tmp_path)
    assert 1 in small_steps(publications)


def _new(folder: Path, seed: int) -> Path:
    made = folder / str(seed)
    made.mkdir()
    return made
