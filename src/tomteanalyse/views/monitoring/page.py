"""overvaking.html: municipal housing over the days on one map, with its curves and causes."""

from importlib.resources import files

import jinja2

from tomteanalyse.measures.concentration.change import CAUSES, MUNICIPAL
from tomteanalyse.monitoring.found import INDICES, Monitoring
from tomteanalyse.texts import Catalog
from tomteanalyse.views.content_policy import with_policy
from tomteanalyse.views.edition import page_band, page_head, titled
from tomteanalyse.views.monitoring.late_corrections import late_corrections
from tomteanalyse.views.monitoring.map_data import monitoring_data
from tomteanalyse.views.monitoring.page_tables import cause_table, index_table, totals_table
from tomteanalyse.views.monitoring.words import basis_text, days_text
from tomteanalyse.views.web_map.leaflet import leaflet_css, leaflet_js
from tomteanalyse.views.web_map.payload import as_json

BASE_SCRIPTS = (
    "decode.js",
    "elements.js",
    "say.js",
    "background.js",
    "labels.js",
    "address.js",
    "scale.js",
    "zoom.js",
    "printing.js",
)
"""Of the ranking's map: unpacking, making elements, words, the ground, and the page's address."""
OWN_SCRIPTS = (
    "model.js",
    "figures.js",
    "cells.js",
    "map.js",
    "legend.js",
    "chart.js",
    "timeline.js",
    "curves.js",
    "bars.js",
    "card.js",
    "table.js",
    "start.js",
)
STYLES = ("style.css", "told.css", "print.css")
MEANING = ("share", "shrunken", "hot", "dissimilarity", "gini", "top_share", "band", "causes")
"""What is explained in plain words, in this order."""
WITHOUT_DWELLINGS = ("causes",)
HOME_CAUSES = tuple(cause for cause in CAUSES if MUNICIPAL[cause])
"""Causes that bring or take municipal homes."""


def monitoring_page(found: Monitoring, *, say: Catalog) -> str:
    """Return the page: self-contained, fetching nothing, the same bytes every time.

    Parameters
    ----------
    found
        What to show.
    say
        The texts of the page.
    """
    study, known = found.study, found.basis is not None
    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined)
    page = environment.from_string(_own_file("page.html")).render(
        say=say,
        language=say.language,
        title=titled(
            f"{say('monitoring_page.title')} · {study.config.name}", edition="internal", say=say
        ),
        study=study.config.name,
        note=study.config.note,
        subtitle=days_text(found, say),
        basis=basis_text(found, say),
        known=known,
        divisions=list(found.geographies),
        colourings=["share", "homes"] if known else ["homes"],
        warnings=[notice.text(say.language) for notice in found.warnings],
        mind=say("monitoring_page.mind_one")
        if len(found.warnings) == 1
        else say("monitoring_page.mind", count=say.number(len(found.warnings))),
        totals=totals_table(found, say),
        index_names=INDICES,
        top_words=[
            (key, say("monitoring_page.index.top_share.areas", count=str(each.top_areas)))
            for key, each in found.geographies.items()
        ],
        indices=[(key, index_table(each, found, say)) for key, each in found.geographies.items()],
        first_day=say.date(found.days[0].isoformat()),
        outside=_outside(found, say),
        causes=cause_table(found, say),
        home_causes=HOME_CAUSES,
        assumed=_assumed(found, say),
        late=late_corrections(found.known, say),
        meaning=MEANING if known else WITHOUT_DWELLINGS,
        footer=_footer(found, say),
    )
    page = page.replace("<!--band-->", page_band("internal", say))
    page = page.replace("<!--head-->", f"{page_head('internal', say)}\n{_head()}")
    page = with_policy(page)
    # Last, so that nothing above ever looks at what users wrote.
    return page.replace("<!--data-->", as_json(monitoring_data(found, say)))


def _outside(found: Monitoring, say: Catalog) -> list[tuple[str, str]]:
    """Say of each division how many homes lie in none of its areas, where there are any."""
    told: list[tuple[str, str]] = []
    for key, geography in found.geographies.items():
        most = int(geography.outside.max()) if len(geography.outside) else 0
        if most:
            told.append((key, say("monitoring_page.outside", count=say.number(most))))
    return told


def _assumed(found: Monitoring, say: Catalog) -> str | None:
    count = int(found.changes["assumed"].sum()) if len(found.changes) else 0
    return say("monitoring_page.assumed", count=say.number(count)) if count else None


def _footer(found: Monitoring, say: Catalog) -> list[str]:
    study = found.study
    dated = study.extract.timestamp
    lines = [
        study.config.extract.attribution or say("map.footer.attribution"),
        say("map.footer.osm_date", date=say.date(dated))
        if dated
        else say("map.footer.osm_undated"),
        say("monitoring_page.grid"),
    ]
    day = study.config.units.on
    if day is not None:
        lines.append(say("monitoring_page.register_day", day=say.date(day.isoformat())))
    return lines


def _head() -> str:
    scripts = [
        *(_base_file(name) for name in BASE_SCRIPTS),
        *(_own_file(name) for name in OWN_SCRIPTS),
    ]
    whole = "\n".join(scripts)
    looks = "\n".join(_own_file(name) for name in STYLES)
    return "\n".join(
        [
            f"<style>{leaflet_css()}</style>",
            f"<style>{looks}</style>",
            f"<script>{_base_file('trusted.js')}</script>",
            f"<script>{leaflet_js()}</script>",
            f'<script>(function () {{\n"use strict";\n{whole}\n}})();</script>',
        ]
    )


def _own_file(name: str) -> str:
    return files("tomteanalyse.views.monitoring").joinpath("page_files", name).read_text("utf-8")


def _base_file(name: str) -> str:
    return files("tomteanalyse.views.web_map").joinpath("page", name).read_text("utf-8")
