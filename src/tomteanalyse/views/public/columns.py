"""``rangering.csv`` and the sheets of ``rangering.xlsx`` in the public edition."""

from tomteanalyse.public_assessment import PublicAssessment, require_public
from tomteanalyse.publishing.area import small_cells
from tomteanalyse.publishing.released import WHOLE, Node, Released
from tomteanalyse.texts import Catalog
from tomteanalyse.views.edition import edition_line
from tomteanalyse.views.provenance import run_id, versions
from tomteanalyse.views.public.words import counted_words, edition_notes, told_class, told_homes
from tomteanalyse.views.ranking import ranking_table
from tomteanalyse.views.sheets import Sheet, sheets
from tomteanalyse.views.tables import Cell, Column, ranking_columns

OPEN_SHEETS = ("ranking", "criteria", "constraints", "shortcuts", "weight_sets")
"""Sheets of the internal workbook that can be made without the register."""


OPEN_COLUMNS = frozenset(
    {
        "rank",
        "plot_id",
        "name",
        "grade",
        "score",
        "score_low",
        "score_high",
        "best",
        "top_three",
        "coverage",
        "knock_outs",
        "must_clear",
        "crossing_places",
        "flags",
    }
)
"""The same of its columns, beside those of the criteria: no other is public by itself."""


def public_ranking(found: PublicAssessment, say: Catalog) -> list[Column]:
    """Return the ranking, best first, with classes where the internal one has figures."""
    public = require_public(found)
    table = ranking_table(public.ranked)
    taken = {each.key: each for each in ranking_columns(public.ranked, say)}
    columns = [each for key, each in taken.items() if key in OPEN_COLUMNS]
    for criterion in public.ranked.evaluation.criteria:
        key = criterion.key
        if key in public.classes:
            classes = public.classes[key]
            words = [told_class(value, classes, say) for value in table[f"{key}_measured"]]
            heading = say("public.class_of", criterion=say(f"criterion.{key}.short"))
            columns.append(Column(f"{key}_class", heading, words))
        else:
            columns.append(taken[f"{key}_measured"])
        columns.append(taken[f"{key}_points"])
    return columns


def public_sheets(found: PublicAssessment, say: Catalog) -> list[tuple[str, Sheet]]:
    """Return the sheets under their names: the open ones, the grid, what was released, about."""
    public = require_public(found)
    taken = {each.key: each for each in sheets(public.ranked, say)}
    named = [
        (say(f"tables.sheet.{key}"), taken[key])
        for key in OPEN_SHEETS
        if key in taken and key != "ranking"
    ]
    ranking = Sheet("ranking", public_ranking(public, say), frozen_columns=3)
    return [
        (say("tables.sheet.ranking"), ranking),
        *named,
        (say("public.sheet.grid"), Sheet("grid", _grid(public.released, say), frozen_columns=2)),
        (say("public.sheet.releases"), Sheet("releases", _releases(public, say), frozen_columns=2)),
        (say("tables.sheet.about"), Sheet("about", _about(public, say))),
    ]


def _grid(released: Released, say: Catalog) -> list[Column]:
    """Return every cell with its number, or that it was held back."""
    nodes = (WHOLE, *(each for each in released.tree[WHOLE]), *small_cells(released.tree))
    over = {part: large for large, parts in released.tree.items() for part in parts}
    return [
        *_named(nodes, say),
        Column("in_cell", say("public.grid.in_cell"), [_over(each, over) for each in nodes]),
        Column(
            "homes",
            say("public.grid.homes"),
            [told_homes(released, each, say) for each in nodes],
        ),
    ]


def _releases(found: PublicAssessment, say: Catalog) -> list[Column]:
    """Return what was told of every cell, release by release; cells never told of are left out."""
    listed = found.publications
    told = {node for each in listed for node in each.released.told}
    nodes = tuple(sorted(told)) or (WHOLE,)
    columns = _named(nodes, say)
    for number, each in enumerate(listed):
        heading = say("public.releases.day", day=say.date(each.day.isoformat()))
        cells = [told_homes(each.released, node, say) for node in nodes]
        columns.append(Column(f"release_{number + 1}", heading, cells))
    if len(listed) > 1:
        before, now = (each.released for each in listed[-2:])
        columns.append(
            Column(
                "change",
                say("public.releases.change"),
                [_change(before, now, node, say) for node in nodes],
            )
        )
    return columns


def _change(before: Released, now: Released, node: Node, say: Catalog) -> Cell:
    """Return the difference of two numbers that were both told: it gives nothing more away."""
    if node not in before.told or node not in now.told:
        return say("public.held_back")
    return now.told[node].homes - before.told[node].homes


def _named(nodes: tuple[Node, ...], say: Catalog) -> list[Column]:
    return [
        Column("size", say("public.grid.size"), [_size(each, say) for each in nodes]),
        Column("cell", say("public.grid.cell"), [_name(each) for each in nodes]),
    ]


def _size(node: Node, say: Catalog) -> str:
    return say("public.grid.whole") if node == WHOLE else say(f"public.grid.size_{node.size_m}")


def _name(node: Node) -> Cell:
    return None if node == WHOLE else str(node.cell)


def _over(node: Node, over: dict[Node, Node]) -> Cell:
    return None if node == WHOLE else _name(over[node])


def _about(found: PublicAssessment, say: Catalog) -> list[Column]:
    study = found.study
    profile = study.config.profile
    stamp = study.extract.timestamp
    rows: list[tuple[str, Cell]] = [
        (say("tables.about.edition"), edition_line("public", say)),
        *((say("public.note"), note) for note in edition_notes(found, say)),
        (say("tables.about.study"), study.config.name),
        *(((say("tables.about.note"), study.config.note),) if study.config.note else ()),
        (
            say("tables.about.profile"),
            f"{say(f'profile.step.{profile.step}')}; {say(f'profile.form.{profile.housing_form}')}",
        ),
        *(
            (say(f"criterion.{key}.name"), counted_words(classes, say))
            for key, classes in found.classes.items()
            if classes
        ),
        (say("tables.about.osm"), say.date(stamp) if stamp else say("tables.about.undated")),
        (
            say("tables.about.attribution"),
            study.config.extract.attribution or say("map.footer.attribution"),
        ),
        (say("tables.about.crs"), f"{study.crs.name} ({study.crs.to_string()})"),
        (say("public.grid.crs_name"), say("public.grid.crs")),
        (say("tables.about.run"), run_id(found.ranked)),
        (say("tables.about.version"), versions()["tomteanalyse"]),
        (say("tables.about.score"), say("tables.about.score_words")),
        (say("tables.about.interval"), say("tables.about.interval_words")),
        *((say("tables.about.warning"), each.text(say.language)) for each in found.ranked.warnings),
    ]
    return [
        Column("what", say("tables.about.what"), [what for what, _ in rows]),
        Column("answer", say("tables.about.answer"), [answer for _, answer in rows]),
    ]
