"""Corrections to try out: the stop by the motorway back and gone again, and a footbridge there."""

import json

import pyproj

from eksempelvik_town.geometry import Xy
from eksempelvik_town.osm_file import CRS, ORIGIN

STOP: Xy = (3842, 2400)
BRIDGE: list[Xy] = [(3850, 2390), (4190, 2390)]
SOURCE = "fiktivt eksempel"

CORRECTIONS: dict[str, tuple[dict[str, str], list[Xy]]] = {
    "holdeplass_tilbake.geojson": (
        {
            "type": "ny_holdeplass",
            "navn": "Sletta",
            "dato": "2019-08-01",
            "kilde": SOURCE,
            "merknad": "Slik det var før holdeplassen ble lagt ned.",
        },
        [STOP],
    ),
    "holdeplass_fjernet.geojson": (
        {
            "type": "fjernet_holdeplass",
            "navn": "",
            "dato": "2023-08-01",
            "kilde": SOURCE,
            "merknad": "Bussen kjører utenom Sletta.",
        },
        [STOP],
    ),
    "gangbru.geojson": (
        {
            "type": "ny_kryssing",
            "kryssing": "gangbru",
            "navn": "Slettabrua",
            "dato": "2027-06-01",
            "kilde": SOURCE,
            "merknad": "Forslag.",
        },
        BRIDGE,
    ),
}
"""File by file: what a correction says, and the point or line it is drawn as."""


def as_geojson(name: str) -> str:
    """Return one of the files as text."""
    cells, places = CORRECTIONS[name]
    to_degrees = pyproj.Transformer.from_crs(CRS, "EPSG:4326", always_xy=True)
    corners = [
        [round(degree, 7) for degree in to_degrees.transform(x + ORIGIN[0], y + ORIGIN[1])]
        for x, y in places
    ]
    single = len(corners) == 1
    geometry = {
        "type": "Point" if single else "LineString",
        "coordinates": corners[0] if single else corners,
    }
    feature = {"type": "Feature", "properties": cells, "geometry": geometry}
    whole = {"type": "FeatureCollection", "features": [feature]}
    return f"{json.dumps(whole, ensure_ascii=False, indent=1)}\n"
