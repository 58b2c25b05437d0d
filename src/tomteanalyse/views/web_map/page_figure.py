"""The page around the map: self-contained, the same bytes every time, no data as code."""

import re
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

from branca.element import Element, Figure
from folium.template import Template

from tomteanalyse.errors import Notice, TomteanalyseError
from tomteanalyse.texts import Catalog
from tomteanalyse.views.content_policy import with_policy
from tomteanalyse.views.edition import Edition, page_band, page_head, titled
from tomteanalyse.views.palette import GRADE_COLOURS, INK_ON, UNMEASURED
from tomteanalyse.views.web_map.leaflet import leaflet_css, leaflet_js

SCRIPTS = (
    "decode.js",
    "elements.js",
    "say.js",
    "scoring.js",
    "model.js",
    "flips.js",
    "reasons.js",
    "state.js",
    "background.js",
    "labels.js",
    "symbols.js",
    "layers.js",
    "overlays.js",
    "released.js",
    "online.js",
    "plots.js",
    "routes.js",
    "retold.js",
    "crossing_lists.js",
    "crossings.js",
    "shortcuts.js",
    "rows.js",
    "table.js",
    "measures.js",
    "compare.js",
    "concentration.js",
    "card.js",
    "weights.js",
    "address.js",
    "about.js",
    "scale.js",
    "zoom.js",
    "ruler.js",
    "find.js",
    "printing.js",
    "controls.js",
    "start.js",
)
"""The page's own script, in the order in which the parts need each other."""

STYLES = ("style.css", "tools.css", "scoring.css", "shortcuts.css", "released.css", "print.css")

LEAFLET_TAGS = ('<script src="leaflet.js"></script>', '<link rel="stylesheet" href="leaflet.css"/>')
"""What Folium writes for the assets of `StudyMap`; Leaflet itself takes their place."""

_FOREIGN = re.compile(r"\S{0,40}(?:://|\bsrc\s*=|<link\b|@import\b|url\()\S{0,80}", re.IGNORECASE)


def _page_file(name: str) -> str:
    return files(__package__).joinpath("page", name).read_text("utf-8")


class PageFigure(Figure):
    """The whole page, with the map as its child.

    Parameters
    ----------
    data
        JSON, ready to stand in a ``<script>`` element.
    say
        The texts of the page.
    tiles_from
        The one host that pictures may be fetched from, when the reader asks for them; None for
        none.
    edition
        Whom the page is for.
    """

    _template = Template(_page_file("page.html"))

    def __init__(
        self,
        *,
        data: str,
        say: Catalog,
        tiles_from: str | None = None,
        edition: Edition = "internal",
    ) -> None:
        super().__init__(height="720px")
        self.data = data
        self.say = say
        self.tiles_from = tiles_from
        self.edition = edition
        self.title = titled(say("map.title"), edition=edition, say=say)

    def render(self, **kwargs: Any) -> str:  # noqa: ANN401 - Folium's signature
        """Return the page.

        Raises
        ------
        TomteanalyseError
            ``map.foreign_asset`` if something on the map would be fetched from outside,
            ``map.wrong_leaflet`` if Leaflet's files are not the ones that were checked.
        """
        page = _renumbered(super().render(**kwargs), self)
        for tag in LEAFLET_TAGS:
            page = page.replace(tag, "")
        if foreign := _FOREIGN.search(page):
            raise TomteanalyseError(
                Notice("map.foreign_asset", values={"asset": foreign.group()}),
                language=self.say.language,
            )
        page = page.replace("<!--head-->", f"{page_head(self.edition, self.say)}\n{_head()}")
        page = page.replace("<!--band-->", page_band(self.edition, self.say))
        page = with_policy(page, tiles_from=self.tiles_from)
        # Last, so that nothing above ever looks at what users wrote.
        return page.replace("<!--data-->", self.data)


def _head() -> str:
    own = "\n".join(_page_file(name) for name in SCRIPTS)
    looks = "\n".join(_page_file(name) for name in STYLES)
    return "\n".join(
        [
            f"<style>{leaflet_css()}</style>",
            f"<style>{_grade_css()}\n{looks}</style>",
            f"<script>{_page_file('trusted.js')}</script>",
            f"<script>{leaflet_js()}</script>",
            f'<script>(function () {{\n"use strict";\n{own}\n}})();</script>',
        ]
    )


def _grade_css() -> str:
    rules = [
        f".grade-{letter} {{ background: {colour}; color: {INK_ON[letter]}; }}"
        for letter, colour in GRADE_COLOURS.items()
    ]
    return "\n".join([*rules, f".grade-none {{ background: {UNMEASURED}; color: #000000; }}"])


def _renumbered(page: str, figure: Figure) -> str:
    """Replace the random ids of Folium's elements by their number in the tree."""
    numbers = {element._id: str(number) for number, element in enumerate(_tree(figure))}
    return re.sub(
        r"(?<=_)[0-9a-f]{32}\b", lambda found: numbers.get(found.group(), found.group()), page
    )


def _tree(element: Element) -> Iterator[Element]:
    yield element
    for child in element._children.values():
        yield from _tree(child)
