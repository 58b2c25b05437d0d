"""hva_om.html: before and after on one map, with the words and tables beside it."""

from importlib.resources import files

import jinja2

from tomteanalyse.difference import Difference
from tomteanalyse.scoring.shortcut_rows import rows_of
from tomteanalyse.texts import Catalog
from tomteanalyse.views.content_policy import with_policy
from tomteanalyse.views.corrections import correction_lines
from tomteanalyse.views.edition import page_band, page_head, titled
from tomteanalyse.views.provenance import run_id
from tomteanalyse.views.tables import Column
from tomteanalyse.views.web_map.leaflet import leaflet_css, leaflet_js
from tomteanalyse.views.web_map.payload import as_json
from tomteanalyse.views.what_if.columns import place_columns, plot_columns
from tomteanalyse.views.what_if.map_data import map_data
from tomteanalyse.views.what_if.words import summary

BASE_SCRIPTS = (
    "decode.js",
    "elements.js",
    "say.js",
    "background.js",
    "labels.js",
    "scale.js",
    "zoom.js",
)
"""Of the web map: unpacking geometry, making elements, the ground and the tools on it."""
PLOT_COLUMNS = (
    "plot_id",
    "name",
    "score_before",
    "score_after",
    "rank_before",
    "rank_after",
    "index_before",
    "index_after",
)
PLACE_COLUMNS = (
    "change",
    "list",
    "crossed",
    "place_before",
    "place_after",
    "load_before",
    "load_after",
)


def what_if_page(found: Difference, *, say: Catalog) -> str:
    """Return the page: self-contained, fetching nothing, the same bytes every time.

    Parameters
    ----------
    found
        What to show.
    say
        The texts of the page.
    """
    study = found.after.study.config.name
    changed = found.plots[found.plots["changed"]]
    count = len(found.tried)
    unchanged = len(found.plots) - len(changed)
    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined)
    page = environment.from_string(_own_file("page.html")).render(
        say=say,
        language=say.language,
        study=study,
        title=titled(f"{say('whatif.page.title')} · {study}", edition="internal", say=say),
        subtitle=say("whatif.page.subtitle_one")
        if count == 1
        else say("whatif.page.subtitle", count=say.number(count)),
        summary=summary(found, say),
        corrections=correction_lines(found.tried, say),
        plots=_table(plot_columns(found, say), PLOT_COLUMNS, rows=len(changed), say=say),
        places=_table(place_columns(found, say), PLACE_COLUMNS, rows=len(found.places), say=say),
        changes=[str(row["change"]) for row in rows_of(found.places)],
        unchanged=_unchanged(unchanged, say),
        footer=_footer(found, say),
    )
    page = page.replace("<!--head-->", f"{page_head('internal', say)}\n{_head()}")
    page = page.replace("<!--band-->", page_band("internal", say))
    page = with_policy(page)
    # Last, so that nothing above ever looks at what users wrote.
    return page.replace("<!--data-->", as_json(map_data(found, say)))


def _table(
    columns: list[Column], chosen: tuple[str, ...], *, rows: int, say: Catalog
) -> dict[str, list[list[str]]]:
    """Return headings and the first rows of some columns, written out."""
    by_key = {column.key: column for column in columns}
    picked = [by_key[key] for key in chosen]
    return {
        "headings": [[column.heading] for column in picked],
        "rows": [[_written(column, row, say) for column in picked] for row in range(rows)],
    }


def _written(column: Column, row: int, say: Catalog) -> str:
    cell = column.cells[row]
    if cell is None:
        return say("whatif.none")
    return cell if isinstance(cell, str) else say.number(cell, decimals=column.decimals)


def _unchanged(count: int, say: Catalog) -> str | None:
    if count == 0:
        return None
    if count == 1:
        return say("whatif.page.unchanged_one")
    return say("whatif.page.unchanged", count=say.number(count))


def _footer(found: Difference, say: Catalog) -> list[str]:
    study = found.after.study
    dated = study.extract.timestamp
    return [
        study.config.extract.attribution or say("map.footer.attribution"),
        say("map.footer.osm_date", date=say.date(dated))
        if dated
        else say("map.footer.osm_undated"),
        f"{say('whatif.about.run_before')}: {run_id(found.before)}",
        f"{say('whatif.about.run_after')}: {run_id(found.after)}",
    ]


def _head() -> str:
    scripts = [*(_base_file(name) for name in BASE_SCRIPTS), _own_file("map.js")]
    whole = "\n".join(scripts)
    return "\n".join(
        [
            f"<style>{leaflet_css()}</style>",
            f"<style>{_own_file('style.css')}</style>",
            f"<script>{_base_file('trusted.js')}</script>",
            f"<script>{leaflet_js()}</script>",
            f'<script>(function () {{\n"use strict";\n{whole}\n}})();</script>',
        ]
    )


def _own_file(name: str) -> str:
    return files("tomteanalyse.views.what_if").joinpath("page_files", name).read_text("utf-8")


def _base_file(name: str) -> str:
    return files("tomteanalyse.views.web_map").joinpath("page", name).read_text("utf-8")
