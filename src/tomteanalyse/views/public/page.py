"""``kart.html`` in the public edition."""

from pathlib import Path

import shapely

from tomteanalyse.public_assessment import PublicAssessment, require_public
from tomteanalyse.texts import Language
from tomteanalyse.views.public.map_data import public_map_data
from tomteanalyse.views.public.words import public_catalog
from tomteanalyse.views.web_map.folium_map import StudyMap
from tomteanalyse.views.web_map.online import HOST
from tomteanalyse.views.web_map.packing import degrees
from tomteanalyse.views.web_map.payload import as_json
from tomteanalyse.views.web_map.showable import showable


def public_page(found: PublicAssessment, *, language: Language) -> str:
    """Return the public map as one HTML page: the same answer, the same text.

    Raises
    ------
    TomteanalyseError
        ``map.foreign_asset`` if something on it would be fetched from outside.
    """
    public, say = require_public(found), public_catalog(language)
    shown, _ = showable(public.ranked)
    middle = shapely.get_coordinates(shapely.box(*shown.study.plots.total_bounds).centroid)
    lon, lat = degrees(middle, crs=public.study.crs)[0].tolist()
    data = public_map_data(public, say)
    return StudyMap(
        (round(lat, 6), round(lon, 6)),
        data=as_json(data),
        say=say,
        tiles_from=HOST if data["online"] else None,
        edition="public",
    ).page()


def write_public_page(found: PublicAssessment, path: Path, *, language: Language) -> None:
    """Write the public map."""
    path.write_text(public_page(found, language=language), "utf-8", newline="\n")
