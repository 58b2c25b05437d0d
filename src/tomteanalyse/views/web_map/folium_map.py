"""The ranking as a `folium.Map` that shows and saves itself as one self-contained page."""

import folium
from folium.template import Template

from tomteanalyse.texts import Catalog
from tomteanalyse.views.edition import Edition
from tomteanalyse.views.web_map.page_figure import PageFigure


class StudyMap(folium.Map):
    """The map of a study.

    In a notebook it shows itself; ``save(path)`` writes the page. Layers may be added as to any
    Folium map, as long as they fetch nothing: what a plugin would load from elsewhere makes
    rendering fail.

    Parameters
    ----------
    location
        Latitude and longitude of the middle [°].
    data
        The page's data as JSON, ready to stand in a ``<script>`` element.
    say
        The texts of the page.
    tiles_from
        The one host that pictures may be fetched from, when the reader asks for them.
    edition
        Whom it is for; the page says so on top, in its title and on paper.
    """

    # Folium's own list also has jQuery, Bootstrap and icon fonts, from four hosts.
    default_js = [("leaflet", "leaflet.js")]  # noqa: RUF012 - Folium's own form; copied per map
    default_css = [("leaflet_css", "leaflet.css")]  # noqa: RUF012 - Folium's own form; copied per map

    _template = Template(
        """
        {% macro html(this, kwargs) %}
        <div class="folium-map" id="{{ this.get_name() }}"
             aria-label="{{ this.say('map.area.label')|e }}" role="region"></div>
        {% endmacro %}

        {% macro script(this, kwargs) %}
        var {{ this.get_name() }} = L.map("{{ this.get_name() }}",
            {center: {{ this.location|tojson }}, ...{{ this.options|tojavascript }}});
        tomteanalyse.start({{ this.get_name() }});
        {% endmacro %}
        """
    )

    def __init__(
        self,
        location: tuple[float, float],
        *,
        data: str,
        say: Catalog,
        tiles_from: str | None = None,
        edition: Edition = "internal",
    ) -> None:
        super().__init__(
            location=location,
            tiles=None,
            zoom_start=14,
            zoom_control=False,
            attribution_control=False,
            zoom_snap=0.25,
            zoom_delta=0.5,
            wheel_px_per_zoom_level=90,
        )
        # Folium keeps these lists on the class: a link added to one map would follow all others.
        self.default_js = list(type(self).default_js)
        self.default_css = list(type(self).default_css)
        self.say = say
        PageFigure(data=data, say=say, tiles_from=tiles_from, edition=edition).add_child(self)

    def page(self) -> str:
        """Return the whole page."""
        page: str = self.get_root().render()
        return page
