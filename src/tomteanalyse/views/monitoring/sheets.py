"""What stands on each sheet of ``overvaking.xlsx``."""

from collections.abc import Sequence
from datetime import date

import pandas as pd

from tomteanalyse.measures.concentration.change import CAUSES
from tomteanalyse.measures.concentration.municipality import DRAWS
from tomteanalyse.measures.concentration.stock import MUNICIPAL_CAUSES
from tomteanalyse.monitoring.found import Geography, Monitoring
from tomteanalyse.texts import Catalog
from tomteanalyse.views.edition import edition_line
from tomteanalyse.views.monitoring.late_corrections import late_corrections
from tomteanalyse.views.monitoring.place_names import cell_names
from tomteanalyse.views.monitoring.words import basis_text, days_text, share_heading
from tomteanalyse.views.provenance import versions
from tomteanalyse.views.sheets import Sheet
from tomteanalyse.views.tables import Cell, Column

SHARE_DECIMALS, POINT_DECIMALS, INDEX_DECIMALS = 2, 3, 4
WHOLE = "whole"
"""Stands for the whole municipality among the divisions."""


def sheets(found: Monitoring, say: Catalog, *, run: str) -> list[Sheet]:
    """Return the sheets in order; that on areas only where the study names any.

    Parameters
    ----------
    found
        What to show.
    say
        The texts of their language.
    run
        Id of the run that found it.
    """
    names = {str(key): area_names(each, found, say) for key, each in found.geographies.items()}
    cells = [key for key in found.geographies if key != "area"]
    listed = [
        Sheet("about", _about(found, say, run=run)),
        Sheet("totals", _totals(found, say), frozen_columns=1),
        Sheet("indices", _indices(found, say), frozen_columns=3),
        Sheet("changes", _changes(found, names, say), frozen_columns=5),
    ]
    if "area" in found.geographies:
        listed.append(Sheet("areas", _states(found, ["area"], names, say), frozen_columns=3))
    listed.append(Sheet("cells", _states(found, cells, names, say), frozen_columns=3))
    return [*listed, Sheet("corrections", _corrections(found, say))]


def area_names(geography: Geography, found: Monitoring, say: Catalog) -> pd.Series:
    """Return what people call every area, on its id."""
    ids = [str(each) for each in geography.areas.index]
    if geography.key != "area":
        shapes = geography.areas.geometry.to_numpy()
        return pd.Series(cell_names(ids, shapes, found.study.extract, say), index=ids)
    names = geography.areas["name"].astype("object").to_numpy()
    called = [own if pd.isna(name) else str(name) for own, name in zip(ids, names, strict=True)]
    return pd.Series(called, index=ids)


def _about(found: Monitoring, say: Catalog, *, run: str) -> list[Column]:
    study = found.study
    register_day = study.config.units.on
    rows: list[tuple[str, Cell]] = [
        ("edition", edition_line("internal", say)),
        ("study", study.config.name),
        *((("note", study.config.note),) if study.config.note else ()),
        ("days", days_text(found, say)),
        ("basis", basis_text(found, say)),
        ("register", say.date(register_day.isoformat()) if register_day else None),
        ("geometry", say("monitoring_tables.about.geometry_words")),
        ("share", say("monitoring_tables.about.share_words")),
        ("parts", say("monitoring_tables.about.parts_words")),
        ("counted", say("monitoring_tables.about.counted_words")),
        ("interval", say("monitoring_tables.about.interval_words", draws=say.number(DRAWS))),
        ("corrected", say("monitoring_tables.about.corrected_words")),
        ("shrunken", say("monitoring_page.meaning.shrunken.words")),
        ("hot", say("monitoring_page.meaning.hot.words")),
        ("rows", say("monitoring_tables.about.rows_words")),
        ("attribution", study.config.extract.attribution or say("map.footer.attribution")),
        ("run", run),
        ("version", versions()["tomteanalyse"]),
        *(("warning", notice.text(say.language)) for notice in found.warnings),
    ]
    what = [say(f"monitoring_tables.about.{key}") for key, _ in rows]
    return [
        Column("what", say("tables.about.what"), what),
        Column("answer", say("tables.about.answer"), [answer for _, answer in rows]),
    ]


def _totals(found: Monitoring, say: Catalog) -> list[Column]:
    table = found.totals
    return [
        _column("day", [day.isoformat() for day in found.days], say),
        _column("homes", _counts(table["homes"], say), say),
        _column("dwellings", _counts(table["dwellings"], say), say),
        _share("share", table["share"], found, say),
    ]


def _indices(found: Monitoring, say: Catalog) -> list[Column]:
    tables = [
        each.indices.reset_index().assign(division=key, top_areas=each.top_areas)
        for key, each in found.geographies.items()
    ]
    rows = pd.concat(tables, ignore_index=True)
    top = rows["top_areas"].where(rows["index"] == "top_share")
    return [
        _column("day", _dates(rows["day"]), say),
        _column("division", _divisions(rows["division"], say), say),
        _column(
            "index", [say(f"monitoring_page.index.{each}.name") for each in rows["index"]], say
        ),
        *(
            Column(
                name,
                say(f"monitoring_tables.column.{name}"),
                _numbers(rows[name], say),
                INDEX_DECIMALS,
            )
            for name in ("value", "low", "high", "expected", "corrected", "share_above")
        ),
        _column("top_areas", [None if pd.isna(each) else int(each) for each in top], say),
    ]


def _changes(found: Monitoring, names: dict[str, pd.Series], say: Catalog) -> list[Column]:
    """Return what changed of the whole and the areas, and in cells where municipal homes changed.

    In every cell where somebody has built, a large city would have more rows than anybody reads.
    """
    whole = found.changes.reset_index().assign(division=WHOLE, area=WHOLE)
    tables = [whole]
    for key, each in found.geographies.items():
        table = each.changes.reset_index().assign(division=key)
        tables.append(table if key == "area" else table[_municipal(table)])
    rows = pd.concat(tables, ignore_index=True)
    before = dict(zip(map(pd.Timestamp, found.days[1:]), found.days, strict=False))
    return [
        _column("from", [before[day].isoformat() for day in rows["day"]], say),
        _column("to", _dates(rows["day"]), say),
        _column("division", _divisions(rows["division"], say), say),
        _column("area", [None if each == WHOLE else each for each in rows["area"]], say),
        _column("name", _names(rows, names, say), say),
        _share("share_before", rows["share_before"], found, say),
        _share("share_after", rows["share_after"], found, say),
        _points("change", 100 * rows["change"], say),
        *(_points(f"part_{cause}", 100 * rows[f"part_{cause}"], say, cause) for cause in CAUSES),
        *(
            Column(
                f"count_{cause}",
                say("monitoring_tables.column.count", cause=_cause(cause, say)),
                _counts(rows[f"count_{cause}"], say),
            )
            for cause in CAUSES
        ),
        _column("assumed", _counts(rows["assumed"], say), say),
    ]


def _municipal(changes: pd.DataFrame) -> pd.Series:
    moved: pd.Series = (changes[[f"count_{cause}" for cause in MUNICIPAL_CAUSES]] != 0).any(axis=1)
    return moved


def _states(
    found: Monitoring, keys: Sequence[str], names: dict[str, pd.Series], say: Catalog
) -> list[Column]:
    """Return what there is in every area over time, area by area.

    Of cells, those that ever hold a municipal home: on the first and the last day, and on those on
    which the number of homes is another than on the day before.
    """
    tables = []
    for key, each in found.geographies.items():
        if key in keys:
            told = each.states.swaplevel().sort_index().reset_index().assign(division=key)
            tables.append(told if key == "area" else told[_turns(told, found)])
    rows = pd.concat(tables, ignore_index=True)
    yes = [
        None if pd.isna(each) else say("word.yes" if each else "word.no") for each in rows["hot"]
    ]
    return [
        _column("division", _divisions(rows["division"], say), say),
        _column("area", [str(each) for each in rows["area"]], say),
        _column("name", _names(rows, names, say), say),
        _column("day", _dates(rows["day"]), say),
        _column("homes", _counts(rows["homes"], say), say),
        _column("dwellings", _counts(rows["dwellings"], say), say),
        _share("share", rows["share"], found, say),
        _share("shrunken", rows["shrunken"], found, say),
        _column("hot", yes, say),
    ]


def _turns(states: pd.DataFrame, found: Monitoring) -> pd.Series:
    homes = states.groupby("area")["homes"]
    ends = states["day"].isin([pd.Timestamp(found.days[0]), pd.Timestamp(found.days[-1])])
    turns: pd.Series = (homes.transform("max") > 0) & (ends | (homes.diff().fillna(0) != 0))
    return turns


def _corrections(found: Monitoring, say: Catalog) -> list[Column]:
    table = late_corrections(found.known, say)
    cells = list(zip(*table.rows, strict=True)) or [()] * len(table.headings)
    return [
        Column(f"correction_{at}", heading, list(each))
        for at, (heading, each) in enumerate(zip(table.headings, cells, strict=True))
    ]


def _names(rows: pd.DataFrame, names: dict[str, pd.Series], say: Catalog) -> list[Cell]:
    return [
        say("monitoring_tables.division.whole") if key == WHOLE else str(names[key][str(area)])
        for key, area in zip(rows["division"], rows["area"], strict=True)
    ]


def _divisions(keys: pd.Series, say: Catalog) -> list[Cell]:
    said = {key: say(f"monitoring_tables.division.{key}") for key in keys.unique()}
    return [said[key] for key in keys]


def _dates(days: pd.Series) -> list[Cell]:
    return [date.isoformat(each.date()) for each in days]


def _counts(counts: pd.Series, say: Catalog) -> list[Cell]:
    unknown = say("number.unknown")
    return [unknown if pd.isna(each) else int(each) for each in counts]


def _numbers(numbers: pd.Series, say: Catalog) -> list[Cell]:
    unknown = say("number.unknown")
    return [unknown if pd.isna(each) else float(each) for each in numbers]


def _share(key: str, shares: pd.Series, found: Monitoring, say: Catalog) -> Column:
    return Column(key, share_heading(key, found, say), _numbers(100 * shares, say), SHARE_DECIMALS)


def _points(key: str, points: pd.Series, say: Catalog, cause: str | None = None) -> Column:
    heading = (
        say(f"monitoring_tables.column.{key}")
        if cause is None
        else say("monitoring_tables.column.part", cause=_cause(cause, say))
    )
    return Column(key, heading, _numbers(points, say), POINT_DECIMALS)


def _cause(cause: str, say: Catalog) -> str:
    return say(f"monitoring_page.cause.{cause}")


def _column(key: str, cells: Sequence[Cell], say: Catalog) -> Column:
    return Column(key, say(f"monitoring_tables.column.{key}"), cells)
