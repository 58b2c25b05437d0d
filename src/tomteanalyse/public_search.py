"""What a public edition is searched for, and public things at the very place of a home.

OpenStreetMap draws shops and the corners of buildings whoever lives there, so a home may lie
exactly where the public map shows something. Only that much is let through: in the strings of the
page that are drawn from OpenStreetMap, and nowhere else. What planners draw is another matter: it
may have been made from the register, and where it lies at a home nothing is published.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pyproj
import shapely
from scipy.spatial import cKDTree

from tomteanalyse.errors import Notice, PrivacyError
from tomteanalyse.inputs.register_strings import register_strings
from tomteanalyse.public_assessment import PublicAssessment
from tomteanalyse.publishing.scan import refuse_leaks
from tomteanalyse.publishing.secrets import Secrets, register_secrets
from tomteanalyse.study import Study
from tomteanalyse.texts import Language
from tomteanalyse.views.public.map_data import public_map_data
from tomteanalyse.views.public.outputs import PAGE
from tomteanalyse.views.public.words import public_catalog
from tomteanalyse.views.web_map.packing import unpack_points

SAME_PLACE_M = 0.3
"""A home this near to something that a map shows cannot be told from it in a file."""
DRAWN_M = 0.4
"""The same of what the page shows: its coordinates are rounded to a millionth of a degree."""
FEW, FEW_SHARE = 3, 0.05
"""So many homes, or so large a share of them, may lie at something public by chance."""
FROM_OSM = ("background", "amenities", "routes", "shortcuts", "cuts")
"""Sections of the page's data that are drawn from OpenStreetMap."""
_PACKED = ("xy", "at")
"""What packed coordinates are called there."""

Points = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, repr=False)
class Search:
    """What to look for in a public edition.

    Parameters
    ----------
    everything
        Every id, address and place of the register.
    elsewhere
        The same without places where the page draws something from OpenStreetMap.
    same
        How many such places there are.
    drawn
        The packed strings of the page that are drawn from OpenStreetMap.
    """

    everything: Secrets
    elsewhere: Secrets
    same: int
    drawn: tuple[str, ...]

    def refuse_leaks(self, folder: Path) -> None:
        """Stop a publication that would tell of a place in the register.

        Where no home lies at something drawn, every file is searched for everything. Else the page
        is searched twice: for everything without what is drawn from OpenStreetMap, and as it is for
        the homes that do not lie there.

        Parameters
        ----------
        folder
            What is about to be published; nobody else may be using it.

        Raises
        ------
        PrivacyError
            See `tomteanalyse.publishing.scan.refuse_leaks`.
        """
        page = folder / PAGE
        if not self.same or not page.is_file():
            refuse_leaks(folder, self.everything)
            return
        whole = page.read_bytes()
        page.write_bytes(_without(whole, self.drawn))
        try:
            refuse_leaks(folder, self.everything)
        finally:
            page.write_bytes(whole)
        refuse_leaks(page, self.elsewhere)


def search_for(study: Study, found: PublicAssessment, *, language: Language) -> Search:
    """Gather what no public file of a study may hold.

    Parameters
    ----------
    study
        The study, with its register.
    found
        What is to be published of it.
    language
        Language of the page.

    Raises
    ------
    PrivacyError
        ``public.drawn_at_home`` if a file that planners drew lies at a home, and
        ``public.many_same_place`` if OpenStreetMap does so more often than by chance.
    """
    config = study.config
    strings = register_strings(study.folder, config=config.units, address_file=config.addresses)
    of_units = _points(study.units.geometry, study.crs)
    of_addresses = _points(strings.places, study.crs)
    homes = np.concatenate([of_units, of_addresses])
    _refuse_drawn(study, homes)
    hidden, drawn = _at_osm(homes, found, language=language)
    if _too_many(hidden):
        raise PrivacyError(Notice("public.many_same_place", file=study.input_name("extract")))
    shown, shown_addresses = hidden[: len(of_units)], hidden[len(of_units) :]

    def secrets(units: gpd.GeoDataFrame, places: gpd.GeoSeries) -> Secrets:
        ids = (*strings.ids, *map(str, study.units.index))
        return register_secrets(units, ids=ids, addresses=strings.addresses, places=places)

    everything = secrets(study.units, strings.places)
    if not hidden.any():
        return Search(everything, everything, 0, ())
    elsewhere = secrets(study.units[~shown], strings.places[~shown_addresses])
    return Search(everything, elsewhere, int(hidden.sum()), drawn)


def _refuse_drawn(study: Study, homes: Points) -> None:
    """Refuse what planners drew at homes: what goes public at one, what decides at many."""
    public = {
        "plots": study.plots,
        "entrances": study.entrances,
        "visits": study.visits,
        "corrections": study.corrections,
    }
    faults = [
        Notice("public.drawn_at_home", file=study.input_name(role))
        for role, table in public.items()
        if _near(homes, _corners(table, study.crs), SAME_PLACE_M).any()
    ]
    files = {each.key: each.file for each in study.config.constraints if each.file is not None}
    faults += [
        Notice("public.drawn_at_home", file=Path(files.get(key, key)).name)
        for key, layer in sorted(study.constraint_layers.items())
        if _too_many(_near(homes, _corners(layer, study.crs), SAME_PLACE_M))
    ]
    if faults:
        raise PrivacyError(*faults)


def _corners(table: gpd.GeoDataFrame, crs: pyproj.CRS) -> Points:
    """Return every vertex in a layer, and what lies in the middle of its shapes [m]."""
    if not len(table):
        return np.empty((0, 2))
    shapes = table.geometry.to_crs(crs).to_numpy()
    middles = (shapely.point_on_surface(shapes), shapely.centroid(shapes))
    return np.concatenate([shapely.get_coordinates(each) for each in (shapes, *middles)])


def _at_osm(
    homes: Points, found: PublicAssessment, *, language: Language
) -> tuple[Mask, tuple[str, ...]]:
    """Return which homes lie where the page draws from OpenStreetMap, and what it draws."""
    candidates = _near(homes, _osm_points(found), SAME_PLACE_M)
    if not candidates.any():
        return candidates, ()
    data = public_map_data(found, public_catalog(language))
    packed = sorted({text for name in FROM_OSM for text in _packed_in(data[name])})
    to_metres = pyproj.Transformer.from_crs("EPSG:4326", found.study.crs, always_xy=True)
    degrees = np.concatenate([np.empty((0, 2)), *map(unpack_points, packed)])
    drawn = np.column_stack(to_metres.transform(degrees[:, 0], degrees[:, 1]))
    return candidates & _near(homes, drawn, DRAWN_M), tuple(packed)


def _osm_points(found: PublicAssessment) -> Points:
    """Return the places that OpenStreetMap itself has, without those that planners corrected [m].

    What a correction makes has negative ids.
    """
    extract, amenities = found.study.extract, found.ranked.amenities
    own = np.array([not str(each)[1:].startswith("-") for each in extract.areas.osm_id], dtype=bool)
    named = np.array([not str(each)[1:].startswith("-") for each in amenities.index], dtype=bool)
    spots = amenities.geometry.to_numpy()[named]
    return np.concatenate(
        [
            extract.lines.xy[extract.lines.node > 0],
            extract.points.xy[extract.points.node > 0],
            shapely.get_coordinates(extract.areas.geometry[own]),
            shapely.get_coordinates(shapely.point_on_surface(spots)),
        ]
    )


def _packed_in(section: Any) -> Iterator[str]:  # noqa: ANN401 - JSON
    """Yield the packed coordinates in a section of the page's data."""
    if isinstance(section, Mapping):
        for name, each in section.items():
            if name in _PACKED and isinstance(each, str):
                yield each
            else:
                yield from _packed_in(each)
    elif isinstance(section, list):
        for each in section:
            yield from _packed_in(each)


def _without(page: bytes, packed: tuple[str, ...]) -> bytes:
    for each in packed:
        page = page.replace(f'"{each}"'.encode(), b'""')
    return page


def _too_many(hidden: Mask) -> bool:
    return bool(hidden.sum() > max(FEW, FEW_SHARE * hidden.size))


def _near(homes: Points, places: Points, within_m: float) -> Mask:
    known = places[np.isfinite(places).all(axis=1)]
    if not len(known) or not len(homes):
        return np.zeros(len(homes), dtype=bool)
    distance, _ = cKDTree(known).query(homes, distance_upper_bound=within_m)
    near: Mask = distance <= within_m
    return near


def _points(places: gpd.GeoSeries, crs: pyproj.CRS) -> Points:
    points: Points = shapely.get_coordinates(places.to_crs(crs).to_numpy()).reshape(-1, 2)
    return points
