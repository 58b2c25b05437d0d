"""kart.html: the ranking on a map, one file that works from disk and asks nobody for anything."""

from typing import TYPE_CHECKING

from tomteanalyse.assessment import Assessment
from tomteanalyse.texts import Language, catalog

if TYPE_CHECKING:
    from tomteanalyse.views.web_map.folium_map import StudyMap


def build_map(assessment: Assessment, *, language: Language) -> "StudyMap":
    """Return the map of a finished analysis.

    Parameters
    ----------
    assessment
        The answer. At least one plot.
    language
        The language of everything that is read on it.

    Returns
    -------
    StudyMap
        A `folium.Map`; `page` turns it into the file.
    """
    import shapely

    from tomteanalyse.views.web_map.folium_map import StudyMap
    from tomteanalyse.views.web_map.online import HOST
    from tomteanalyse.views.web_map.packing import degrees
    from tomteanalyse.views.web_map.payload import as_json, payload
    from tomteanalyse.views.web_map.showable import showable

    say = catalog(language)
    shown, _ = showable(assessment)
    bounds = shapely.box(*shown.study.plots.total_bounds)
    middle = shapely.get_coordinates(shapely.centroid(bounds))
    lon, lat = degrees(middle, crs=assessment.study.crs)[0].tolist()
    data = payload(assessment, say=say)
    return StudyMap(
        (round(lat, 6), round(lon, 6)),
        data=as_json(data),
        say=say,
        tiles_from=HOST if data["online"] else None,
    )


def page(study_map: "StudyMap") -> str:
    """Return the map as one HTML page: the same map, the same text.

    Raises
    ------
    TomteanalyseError
        ``map.foreign_asset`` if something on it would be fetched from outside.
    """
    return study_map.page()
