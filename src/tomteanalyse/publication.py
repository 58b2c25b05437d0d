"""Publish: decide what may be told, write the public edition, search it, and only then place it.

What is told is written down before anything is put in place. A run that dies in between has told
nobody anything, but counts as if it had: the next one may never tell less carefully.
"""

import errno
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import geopandas as gpd
import shapely

from tomteanalyse.config import USUAL_FLOOR
from tomteanalyse.errors import DataError, Notice, TomteanalyseError, UsageError
from tomteanalyse.pipeline import Stage, run
from tomteanalyse.public_assessment import (
    PublicAssessment,
    open_answer,
    public_measurements,
    without_register,
)
from tomteanalyse.public_search import search_for
from tomteanalyse.publishing.area import homes_by_cell, large_cells_over, tree_of
from tomteanalyse.publishing.disclosure import raised, release
from tomteanalyse.publishing.release_register import (
    NAME,
    Publication,
    read_publications,
    told_digest,
    write_publications,
)
from tomteanalyse.publishing.released import Tree
from tomteanalyse.study import Study
from tomteanalyse.texts import Language
from tomteanalyse.views.lock import locked
from tomteanalyse.views.outputs import Output
from tomteanalyse.views.provenance import recorded
from tomteanalyse.views.public.outputs import FOLDER, published, write_public
from tomteanalyse.views.release import check_folder

_DENIED = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})


@dataclass(frozen=True)
class Published:
    """What came of a publication.

    Parameters
    ----------
    found
        What was written, as data.
    folder
        Where it lies.
    outputs
        The files, the manifest last.
    notices
        What those who publish should know; it is for them alone.
    again
        Whether the register's day had been published before: then nothing new was told.
    """

    found: PublicAssessment
    folder: Path
    outputs: tuple[Output, ...]
    notices: tuple[Notice, ...]
    again: bool


def publish(
    study: Study,
    *,
    first: bool = False,
    language: Language | None = None,
    on_stage: Callable[[Stage], None] = lambda _: None,
) -> Published:
    """Publish what may be told of a study in ``offentlig/`` in its folder.

    Parameters
    ----------
    study
        From `tomteanalyse.read_study`, with a register that says which day it is of.
    first
        Whether nothing has ever been published of the register, in this study or another. It must
        be said, since a file that was lost looks the same.
    language
        Language of the files; the study's by default.
    on_stage
        Called when a stage begins, to show progress.

    Raises
    ------
    DataError
        ``public.no_day``, ``public.day_before``, ``public.floor_lowered`` if the study does not say
        what it must; ``public.register_damaged``, ``public.register_newer``,
        ``public.register_missing``, ``public.register_older`` if it is not known what has been told
        before; ``public.releases_place`` if that cannot be kept where it shall be.
    PrivacyError
        ``publishing.leak``, ``publishing.unreadable``, ``public.drawn_at_home``,
        ``public.many_same_place``: nothing has been published.
    UsageError
        ``public.first``, ``public.not_first`` if `first` is not as it is; if ``offentlig/`` cannot
        be written, or somebody else is publishing.
    """
    chosen = language or study.config.language
    folder = study.folder / FOLDER
    check_folder(folder, study_folder=study.folder)
    try:
        path = releases_path(study)
        with locked(path.with_name(f".{path.name}.lock"), folder=FOLDER):
            return _published(study, folder, path, first=first, language=chosen, on_stage=on_stage)
    except TomteanalyseError as error:
        error.language = chosen
        raise
    except OSError as error:
        if error.errno not in _DENIED:
            raise
        raise UsageError(
            Notice("release.cannot_write", values={"folder": FOLDER}), language=chosen
        ) from error


def releases_path(study: Study) -> Path:
    """Return where it is remembered what has been told: the same for all studies of a register.

    Raises
    ------
    DataError
        ``public.releases_place`` if there is no such folder, or it is the public one.
    """
    config = study.config
    chosen = config.public.releases
    path = Path(config.units.file).parent / NAME if chosen is None else Path(chosen)
    path = (study.folder / path).resolve()
    if not path.parent.is_dir() or path.is_relative_to((study.folder / FOLDER).resolve()):
        raise DataError(Notice("public.releases_place", file=study.input_name("study")))
    return path


def _published(
    study: Study,
    folder: Path,
    path: Path,
    *,
    first: bool,
    language: Language,
    on_stage: Callable[[Stage], None],
) -> Published:
    earlier = read_publications(path)
    _refuse_forgotten(folder, path, earlier)
    if first == bool(earlier):
        code = "public.not_first" if first else "public.first"
        raise UsageError(Notice(code, values={"file": path.name}))
    publications, notices = with_next(study, earlier)
    again = publications == earlier
    found = public_answer(study, publications, on_stage=on_stage)
    on_stage("writing")
    search = search_for(study, found, language=language)

    def approve(new: Path) -> None:
        search.refuse_leaks(new)
        if not again:
            write_publications(publications, path)

    outputs, kept = write_public(found, folder, language=language, approve=approve)
    seen = _counted("public.same_place", search.same, floor=publications[-1].released.floor)
    return Published(found, folder, outputs, (*notices, *seen, *kept), again)


def public_answer(
    study: Study,
    publications: tuple[Publication, ...],
    *,
    on_stage: Callable[[Stage], None] = lambda _: None,
) -> PublicAssessment:
    """Assess a study anew, without its register, from what has been released of it.

    Parameters
    ----------
    study
        The study. Its register is taken away before anything is measured.
    publications
        Everything that has been published, what is told now last.
    on_stage
        Called when a stage begins.
    """
    bare, last = without_register(study), publications[-1]
    ranked = run(
        bare,
        measured=lambda found: public_measurements(found, bare, last.released, day=last.day),
        on_stage=on_stage,
    ).assessment
    return PublicAssessment(open_answer(ranked), publications)


def _refuse_forgotten(folder: Path, path: Path, earlier: tuple[Publication, ...]) -> None:
    """Refuse to publish on, where less is known to have been told than stands in ``offentlig/``."""
    if recorded(folder) is None:
        return
    if not earlier:
        raise DataError(Notice("public.register_missing", file=path.name))
    told = published(folder)
    if [told_digest(each) for each in earlier][: len(told)] != told:
        raise DataError(Notice("public.register_older", file=path.name))


def _day(study: Study, earlier: tuple[Publication, ...]) -> date:
    day = study.config.units.on
    file = study.input_name("register")
    if day is None:
        raise DataError(Notice("public.no_day", file=file))
    if earlier and day < earlier[-1].day:
        last = earlier[-1].day.isoformat()
        values = {"day": day.isoformat(), "last": last}
        raise DataError(Notice("public.day_before", file=file, values=values))
    return day


def _refuse_lower_floor(study: Study, earlier: tuple[Publication, ...]) -> None:
    public = study.config.public
    last = earlier[-1].released.floor if earlier else USUAL_FLOOR
    if public.floor < max(last, USUAL_FLOOR) and public.reason is None:
        values = {"floor": public.floor, "last": max(last, USUAL_FLOOR)}
        raise DataError(
            Notice("public.floor_lowered", file=study.input_name("study"), values=values)
        )


def with_next(
    study: Study, earlier: tuple[Publication, ...]
) -> tuple[tuple[Publication, ...], tuple[Notice, ...]]:
    """Return all publications, the one of the register's day last, and what to know of it.

    Parameters
    ----------
    study
        The study.
    earlier
        What has been published so far.

    Raises
    ------
    DataError
        ``public.no_day``, ``public.day_before``, ``public.floor_lowered``.
    """
    day = _day(study, earlier)
    _refuse_lower_floor(study, earlier)
    public = study.config.public
    before = earlier[-1] if earlier else None
    if before is not None and before.day == day:
        notice = Notice("public.same_day", values={"day": day.isoformat()})
        if public.floor <= before.released.floor:
            return earlier, (notice,)
        fewer = Publication(day, raised(before.released, floor=public.floor), public.reason)
        return (*earlier, fewer), (notice,)
    cells = large_cells_over(_area(study))
    tree = tree_of(cells) if before is None else before.released.tree
    current = study.units[study.units["current"].to_numpy(dtype=bool)]
    homes, outside = homes_by_cell(current, tree)
    released = release(
        tree,
        homes,
        before=None if before is None else before.released,
        earlier=[each.released for each in earlier[:-1]],
        floor=public.floor,
    )
    lowered = public.floor < USUAL_FLOOR or (
        before is not None and public.floor < before.released.floor
    )
    new = Publication(day, released, public.reason if lowered else None)
    return (*earlier, new), (*_outgrown(tree, cells), *_outside(study, outside))


def _area(study: Study) -> gpd.GeoSeries:
    """Return what the study covers: its districts where they are given, else its map."""
    if len(study.areas):
        return study.areas.geometry
    return gpd.GeoSeries([shapely.box(*study.extract.bounds)], crs=study.crs)


def _outgrown(tree: Tree, cells: tuple[int, ...]) -> tuple[Notice, ...]:
    known = {node.cell for node in tree if node.cell}
    new = sum(cell not in known for cell in cells)
    return (Notice("public.outgrown", values={"count": new}),) if new else ()


def _outside(study: Study, outside: int) -> tuple[Notice, ...]:
    unplaced = study.unplaced
    nowhere = (
        int(unplaced.loc[unplaced["current"].astype(bool), "homes"].sum()) if len(unplaced) else 0
    )
    floor = study.config.public.floor
    return (
        *_counted("public.outside", outside, floor=floor),
        *_counted("public.unplaced", nowhere, floor=floor),
    )


def _counted(code: str, count: int, *, floor: int) -> tuple[Notice, ...]:
    """Say how many, or only that there are fewer than the floor: what is said is passed on."""
    if not count:
        return ()
    few = count < floor
    return (Notice(f"{code}_few" if few else code, values={"count": floor if few else count}),)
