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

from released_attacker import EVERYTHING, Attacker, Cell, Seen
from tomteanalyse import publication
from tomteanalyse.measures.concentration.grid import GRID_CRS, cell_corners
from tomteanalyse.publication import with_next
from tomteanalyse.publishing.believers import Believers
from tomteanalyse.publishing.disclosure import counts_in
from tomteanalyse.publishing.release_register import (
    NAME,
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
DENSE = [0, 0, 0, 0, 1, 2, 3, 8, 9, 12, 15, 30]
SPARSE = [*[0] * 14, 1, 2, 12, 15, 15, 30]
"""Homes in a cell, where much happens and where little does."""
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
    seed: int, folder: Path, *, most: int = 14
) -> tuple[tuple[Publication, ...], list[dict[Node, int]]]:
    """Publish six times through the register of releases; return what was told, and the truth.

    Fewer than `most` purchases and sales lie between two releases.
    """
    generator = np.random.default_rng(seed)
    study = town_of(generator)
    tree = with_next(on(study, date(2019, 1, 1), {}), ())[0][0].released.tree
    small = [node for node in nodes_of(tree) if node not in tree]
    now = {node: int(generator.choice(SPARSE if most < 4 else DENSE)) for node in small}
    truth = []
    for year in range(RELEASES):
        publications, _ = with_next(
            on(study, date(2020 + year, 1, 1), now), read_publications(folder / NAME)
        )
        write_publications(publications, folder / NAME)
        truth.append(counts_in(tree, now))
        for _ in range(int(generator.integers(0, most))):
            cell = small[int(generator.integers(len(small)))]
            now[cell] = max(0, now[cell] + int(generator.choice([-9, -4, -2, -1, 1, 1, 2, 3, 12])))
    return read_publications(folder / NAME), truth


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


def subtracted(
    publications: Sequence[Publication], truth: Sequence[dict[Node, int]]
) -> list[tuple[int, Node, int]]:
    """Return small cells that plain subtraction finds for who believes that nothing has moved.

    What was told of a cell at the nearest other time is put in where nothing was told; what is left
    of the number above is the cells that nothing was ever told of. Only beliefs that are true for
    the cells concerned, and cells whose number never changes, count: the others mislead.
    """
    tree = publications[0].released.tree
    told = [{node: each.homes for node, each in one.released.told.items()} for one in publications]
    found = []
    for time, counts in enumerate(truth):
        known: dict[Node, int] = {}
        for other in sorted(range(len(told)), key=lambda each: (abs(each - time), -each)):
            known = {**told[other], **known}
        for over, parts in tree.items():
            rest = [part for part in parts if part not in known]
            left = known.get(over, EVERYTHING) - sum(known.get(part, 0) for part in parts)
            steady = [
                part
                for part in rest
                if counts[part] < FLOOR and len({each[part] for each in truth}) == 1
            ]
            if left == sum(counts[part] for part in rest) and left < ROOM:
                found += [(time, part, left) for part in steady]
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
    assert subtracted(publications, truth) == []
    assert small_steps(publications) == []


def only_the_floor(
    tree: Tree, homes: dict[Node, int], *, floor: int = FLOOR, **_: object
) -> Released:
    """Break the decision: tell all that is large enough, and hold nothing else back with it."""
    counts = counts_in(tree, homes)
    told = {node: Told(count, exact=True) for node, count in counts.items() if count >= floor}
    return Released(told, tree, floor)


def without_memory(
    tree: Tree, homes: dict[Node, int], *, floor: int = FLOOR, **_: object
) -> Released:
    """Break the memory: every release is decided as if it were the first."""
    return REAL(tree, homes, floor=floor)


def for_this_year_alone(
    tree: Tree, homes: dict[Node, int], *, before: Released | None = None, **_: object
) -> Released:
    """Break the audit: a number told again leaves so much room that those beside it are told too.

    Whoever believes that they have not moved puts them into last year's sum.
    """
    monkey = pytest.MonkeyPatch()
    with monkey.context() as patch:
        patch.setattr(Believers, "to_hold", lambda *_: set())
        return REAL(tree, homes, before=before)


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


@pytest.mark.parametrize("most", [1, 3])
def test_in_a_town_where_little_happens_plain_subtraction_finds_nobody(
    most: int, tmp_path: Path
) -> None:
    for seed in range(BROKEN_TOWNS):
        assert subtracted(*bought_and_sold(seed, _new(tmp_path, seed), most=most)) == []


def test_plain_subtraction_breaks_releases_that_look_at_one_year_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publication, "release", for_this_year_alone)
    found = [
        subtracted(*bought_and_sold(seed, _new(tmp_path, seed), most=1))
        for seed in range(BROKEN_TOWNS)
    ]
    assert any(found)


def _new(folder: Path, seed: int) -> Path:
    made = folder / str(seed)
    made.mkdir()
    return made
