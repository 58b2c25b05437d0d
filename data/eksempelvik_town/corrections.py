"""Corrections to try out: the stop by the motorway back and gone again, and two new crossings."""

import json

import pyproj

from eksempelvik_town.geometry import Xy
from eksempelvik_town.osm_file import CRS, ORIGIN

STOP: Xy = (3842, 2400)
BRIDGE: list[Xy] = [(3850, 2390), (4190, 2390)]
LEVEL_CROSSING: Xy = (760, 1436)
SOURCE = "fiktivt eksempel"

Correction = tuple[dict[str, str], list[Xy]]
"""What a correction says, and the point or line it is drawn as."""

CORRECTIONS: dict[str, list[Correction]] = {
    "holdeplass_tilbake.geojson": [
        (
            {
                "type": "ny_holdeplass",
                "navn": "Sletta",
                "dato": "2019-08-01",
                "kilde": SOURCE,
                "merknad": "Slik det var før holdeplassen ble lagt ned.",
            },
            [STOP],
        )
    ],
    "holdeplass_fjernet.geojson": [
        (
            {
                "type": "fjernet_holdeplass",
                "dato": "2023-08-01",
                "kilde": SOURCE,
                "merknad": "Bussen kjører utenom Sletta.",
            },
            [STOP],
        )
    ],
    "tiltak.geojson": [
        (
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
        (
            {
                "type": "ny_kryssing",
                "kryssing": "planovergang",
                "dato": "2027-06-01",
                "kilde": SOURCE,
                "merknad": "Forslag: bom og gangvei der stien går over sporet.",
            },
            [LEVEL_CROSSING],
        ),
    ],
}
"""The files and what stands in them."""


def as_geojson(name: str) -> str:
    """Return one of the files as text."""
    to_degrees = pyproj.Transformer.from_crs(CRS, "EPSG:4326", always_xy=True)
    features = []
    for cells, places in CORRECTIONS[name]:
        corners = [
            [round(degree, 7) for degree in to_degrees.transform(x + ORIGIN[0], y + ORIGIN[1])]
            for x, y in places
        ]
        single = len(corners) == 1
        geometry = {
            "type": "Point" if single else "LineString",
            "coordinates": corners[0] if single else corners,
        }
        features.append({"type": "Feature", "properties": cells, "geometry": geometry})
    whole = {"type": "FeatureCollection", "features": features}
    return f"{json.dumps(whole, ensure_ascii=False, indent=1)}\n"
