"""fortynning.html: cells today and after the plan on one map, with words and tables beside it."""

from importlib.resources import files

import jinja2

from tomteanalyse.dilution.found import Dilution
from tomteanalyse.texts import Catalog
from tomteanalyse.views.content_policy import with_policy
from tomteanalyse.views.dilution.columns import cell_columns, move_columns, plan_columns
from tomteanalyse.views.dilution.facts import run_of
from tomteanalyse.views.dilution.map_data import legend, map_data, plan_kinds
from tomteanalyse.views.dilution.words import (
    assumed_sentences,
    costs,
    summary,
    terms_sentences,
)
from tomteanalyse.views.edition import page_band, page_head, titled
from tomteanalyse.views.tables import Column
from tomteanalyse.views.web_map.leaflet import leaflet_css, leaflet_js
from tomteanalyse.views.web_map.payload import as_json

BASE_SCRIPTS = (
    "decode.js",
    "elements.js",
    "say.js",
    "background.js",
    "labels.js",
    "scale.js",
    "zoom.js",
    "printing.js",
)
"""Of the ranking's map: unpacking, making elements, the ground, the tools on it, and paper."""
SHOWN_MOVES = 50
PLAN_COLUMNS = (
    "order",
    "what",
    "dissimilarity",
    "gini",
    "top_share",
    "around",
    "homes",
    "walk_bus_m",
    "walk_grocery_m",
)
MOVE_COLUMNS = (
    "move",
    "kind",
    "unit_id",
    "plot",
    "homes",
    "steps",
    "capacity",
    "dissimilarity",
    "gini",
    "top_share",
    "around",
    "walk_bus_m",
    "walk_bus_to_m",
    "walk_grocery_m",
    "walk_grocery_to_m",
)
STEP_COLUMNS = (
    "order",
    "homes_step_1",
    "homes_step_2",
    "homes_step_3",
    "homes_step_4",
    "homes_step_5",
    "homes_step_unknown",
    "no_way_bus",
    "no_way_grocery",
)

Table = dict[str, list[list[str]]]


def dilution_page(found: Dilution, *, say: Catalog) -> str:
    """Return the page: self-contained, fetching nothing, the same bytes every time.

    Parameters
    ----------
    found
        What to show.
    say
        The texts of the page.
    """
    plan = plan_columns(found, say)
    shown = min(SHOWN_MOVES, len(found.moves))
    index = say(f"dilution.index.{found.objective}").lower()
    cells = found.cells
    touched = (
        (cells["homes_before"] != cells["homes_after"])
        | (cells["dwellings_before"] != cells["dwellings_after"])
    ).to_numpy(dtype=bool)
    about_all = costs(say)
    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined)
    page = environment.from_string(_own_file("page.html")).render(
        say=say,
        language=say.language,
        title=titled(
            f"{say('dilution.page.title')} · {found.study.config.name}",
            edition="internal",
            say=say,
        ),
        study=found.study.config.name,
        note=found.study.config.note,
        costs=about_all,
        summary=summary(found, say)[: -len(about_all)],
        meaning=say("dilution.meaning.dissimilarity"),
        terms=terms_sentences(found, say),
        warnings=[notice.text(say.language) for notice in found.warnings],
        plan=_table(plan, PLAN_COLUMNS, list(range(len(found.steps))), say=say),
        by_step=_table(plan, STEP_COLUMNS, list(range(len(found.steps))), say=say),
        moves=_table(
            move_columns(found, say, most=shown), MOVE_COLUMNS, list(range(shown)), say=say
        ),
        shown=say(
            "dilution.page.moves_shown",
            count=say.number(shown),
            all=say.number(len(found.moves)),
            index=index,
        ),
        cells=_table(
            cell_columns(found, say), None, [row for row, it in enumerate(touched) if it], say=say
        ),
        assumed=assumed_sentences(found, say),
        classes=[words for _, words in legend(say)],
        plan_kinds=plan_kinds(found),
        footer=_footer(found, say),
    )
    page = page.replace("<!--band-->", page_band("internal", say))
    page = page.replace("<!--head-->", f"{page_head('internal', say)}\n{_head(say)}")
    page = with_policy(page)
    # Last, so that nothing above ever looks at what users wrote.
    return page.replace("<!--data-->", as_json(map_data(found, say)))


def _table(
    columns: list[Column], chosen: tuple[str, ...] | None, rows: list[int], *, say: Catalog
) -> Table:
    """Return headings and some rows of some columns, written out; None is all columns."""
    by_key = {column.key: column for column in columns}
    picked = [by_key[key] for key in chosen or tuple(by_key)]
    return {
        "headings": [[column.heading] for column in picked],
        "rows": [[_written(column, row, say) for column in picked] for row in rows],
    }


def _written(column: Column, row: int, say: Catalog) -> str:
    cell = column.cells[row]
    if cell is None:
        return say("dilution.none")
    return cell if isinstance(cell, str) else say.number(cell, decimals=column.decimals)


def _footer(found: Dilution, say: Catalog) -> list[str]:
    study = found.study
    dated = study.extract.timestamp
    return [
        study.config.extract.attribution or say("map.footer.attribution"),
        say("map.footer.osm_date", date=say.date(dated))
        if dated
        else say("map.footer.osm_undated"),
        f"{say('dilution.about.run')}: {run_of(found)}",
    ]


def _head(say: Catalog) -> str:
    scripts = [*(_base_file(name) for name in BASE_SCRIPTS), _own_file("map.js")]
    whole = "\n".join(scripts)
    # The colours of the classes are ours, so that they may stand in a style.
    colours = "\n".join(
        f".class-{number} {{ background: {colour}; }}"
        for number, (colour, _) in enumerate(legend(say))
    )
    return "\n".join(
        [
            f"<style>{leaflet_css()}</style>",
            f"<style>{_own_file('style.css')}\n{colours}\n</style>",
            f"<script>{_base_file('trusted.js')}</script>",
            f"<script>{leaflet_js()}</script>",
            f'<script>(function () {{\n"use strict";\n{whole}\n}})();</script>',
        ]
    )


def _own_file(name: str) -> str:
    return files("tomteanalyse.views.dilution").joinpath("page_files", name).read_text("utf-8")


def _base_file(name: str) -> str:
    return files("tomteanalyse.views.web_map").joinpath("page", name).read_text("utf-8")
