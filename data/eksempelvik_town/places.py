"""Shops, stops, schools and everything else one may want to reach, under invented names."""

import math

from eksempelvik_town.canvas import Canvas, Tags
from eksempelvik_town.geometry import Xy, bearing_at, box, nearest_on
from eksempelvik_town.tables import box_of, read, tags_of

# Bus stops, one quay on each side: name, road, place.
STOPS: list[tuple[str, str, Xy]] = [
    ("Vestgrensa", "Strandvegen", (270, 942)),
    ("Vestbyen", "Strandvegen", (1010, 943)),
    ("Elvebakken", "Strandvegen", (1610, 1012)),
    ("Rådhuset", "Strandvegen", (2410, 965)),
    ("Verkstedgata", "Strandvegen", (3030, 920)),
    ("Fjordlia", "Strandvegen", (3620, 923)),
    ("Solsletta", "Strandvegen", (4560, 1248)),
    ("Naustvegen", "Strandvegen", (5150, 1470)),
    ("Nordlia skole", "Nordlivegen", (2730, 1926)),
    ("Skyttervegen", "Nordlivegen", (3110, 1920)),
    ("Lia", "Kvernvegen", (1425, 1740)),
    ("Bruket", "Kvernvegen", (580, 2676)),
    ("Sletta øst", "Solslettvegen", (4200, 2400)),
    ("Fjellgrenda", "Fjellgrendvegen", (5330, 3510)),
]
QUAY_M = 5.0
PIERS: list[list[Xy]] = [
    [(2700, 690), (2695, 610)],
    [(2640, 690), (2590, 620), (2560, 640)],
    [(4990, 405), (4995, 345)],
    [(3620, 525), (3625, 470)],
]
PLATFORM: list[Xy] = [(2715, 1377), (2805, 1377), (2895, 1377)]
STATION = "Eksempelvik stasjon"


def draw_places(canvas: Canvas, roads: dict[str, list[Xy]]) -> None:
    """Draw everything that has a name and can be reached."""
    for row in read("buildings"):
        middle, length_m, width_m, bearing = box_of(row)
        canvas.area(box(middle, length_m, width_m, bearing=bearing), tags_of(row["tags"]))
    for row in read("points"):
        canvas.point((float(row["x"]), float(row["y"])), tags_of(row["tags"]))
    for name, road, place in STOPS:
        _draw_stop(canvas, name, roads[road], place)
    for points in PIERS:
        canvas.line(points, {"man_made": "pier"}, smooth=False, grade=None)
    platform = {"railway": "platform", "public_transport": "platform", "name": STATION}
    canvas.line(PLATFORM, platform, smooth=False, grade=None)


def mark_station(canvas: Canvas, railway: list[Xy]) -> None:
    """Put the station's node on the track; call after `Canvas.join`."""
    here = nearest_on(railway, (2790, 1370))
    canvas.nearest_line(here, name="Eksempelbanen").insert(here)
    tags: Tags = {"railway": "station", "public_transport": "station", "train": "yes"}
    canvas.point(here, tags | {"name": STATION})


def _draw_stop(canvas: Canvas, name: str, road: list[Xy], place: Xy) -> None:
    here = nearest_on(road, place)
    across = bearing_at(road, here) + math.pi / 2
    for side, ref in ((1, "A"), (-1, "B")):
        quay = (
            here[0] + side * QUAY_M * math.cos(across),
            here[1] + side * QUAY_M * math.sin(across),
        )
        tags = {"highway": "bus_stop", "public_transport": "platform", "bus": "yes", "name": name}
        canvas.point(quay, tags | {"local_ref": ref})
