"""Notice coordinates that are in another system than they say: wrong zone, swapped axes, degrees.

Such a mistake gives no error anywhere: zone 32 read as 33 just moves a town 336 km.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyproj

Bounds = tuple[float, float, float, float]
XY = npt.NDArray[np.float64]

NEAR_M = 50_000.0
"""What is farther than this from the study's area is not of it; a zone's mistake is 300 km."""
NORWEGIAN_ZONES = ("EPSG:25832", "EPSG:25833", "EPSG:25835")
LATITUDES = (57.0, 72.0)
LONGITUDES = (4.0, 32.0)
NORTHINGS = (6_400_000.0, 8_000_000.0)
EASTINGS = (-100_000.0, 1_250_000.0)


@dataclass(frozen=True)
class Suspicion:
    """Coordinates that cannot be right as they are said to be.

    Parameters
    ----------
    code
        What is suspected, e.g. ``"vector.wrong_zone"``.
    suspect
        Which points, shape (n,) of bool.
    guess
        What they probably are, e.g. ``"EPSG:25833"``; empty where nothing fits.
    """

    code: str
    suspect: npt.NDArray[np.bool_]
    guess: str


def horizontal(crs: pyproj.CRS) -> pyproj.CRS:
    """Return the system without its heights, e.g. EPSG:25832 for EPSG:5972."""
    return crs.sub_crs_list[0] if crs.is_compound else crs.to_2d()


def short_name(crs: pyproj.CRS) -> str:
    """Return ``EPSG:25832`` where the system has a code, else its name."""
    code = crs.to_epsg(min_confidence=90)
    return f"EPSG:{code}" if code else crs.name


def guess_crs(xy: XY, *, study_crs: pyproj.CRS, near: Bounds | None) -> str:
    """Guess what system bare numbers are in.

    Parameters
    ----------
    xy
        Points, shape (n, 2), unknown unit.
    study_crs
        The study's system.
    near
        Extent of the study's area in it [m], if known.

    Returns
    -------
    str
        ``"EPSG:25832"``, or several joined by ``/`` where they fit alike; empty if nothing fits.
    """
    xy = xy[np.isfinite(xy).all(axis=1)]
    if not len(xy):
        return ""
    if near is not None:
        candidates = [short_name(study_crs), *NORWEGIAN_ZONES, "EPSG:4326", "EPSG:3857"]
        for candidate in dict.fromkeys(candidates):
            if _share_near(xy, candidate, study_crs=study_crs, near=near) > 0.5:
                return candidate
    x, y = np.median(xy, axis=0)
    if abs(x) <= 180 and abs(y) <= 90:
        return "EPSG:4326"
    if EASTINGS[0] <= x <= EASTINGS[1] and NORTHINGS[0] <= y <= NORTHINGS[1]:
        return "EPSG:25832/EPSG:25833"
    return ""


def suspicion(
    xy: XY, *, crs: pyproj.CRS, study_crs: pyproj.CRS, near: Bounds | None
) -> Suspicion | None:
    """Look for coordinates that are not in the system they are said to be in.

    Parameters
    ----------
    xy
        One point per row in `crs`, shape (n, 2); NaN where a row has no place.
    crs
        What the file or the planner says.
    study_crs, near
        The study's system, and the extent of its area in it [m] where that is known.

    Returns
    -------
    Suspicion or None
        None where nothing speaks against them.
    """
    known = np.isfinite(xy).all(axis=1)
    if not known.any():
        return None
    small = known & (np.abs(xy[:, 0]) <= 180) & (np.abs(xy[:, 1]) <= 180)
    if crs.is_geographic and (known & ~small).any():
        guess = guess_crs(xy[known & ~small], study_crs=study_crs, near=near)
        return Suspicion("vector.not_degrees", known & ~small, guess)
    if crs.is_projected and small.any():
        guess = guess_crs(xy[small], study_crs=study_crs, near=near)
        return Suspicion("vector.degrees_as_metres", small, guess)
    if near is None:
        swapped = known & _norwegian_swapped(xy, crs)
        return Suspicion("vector.swapped_axes", swapped, short_name(crs)) if swapped.any() else None

    far = known & ~_is_near(xy, crs, study_crs=study_crs, near=near)
    if not far.any():
        return None
    attempts = [("vector.swapped_axes", crs, xy[:, ::-1])]
    attempts += [("vector.wrong_zone", zone, xy) for zone in _other_zones(crs)]
    for code, other, numbers in attempts:
        fits = far & _is_near(numbers, other, study_crs=study_crs, near=near)
        if fits.any():
            return Suspicion(code, fits, short_name(other))
    return None


def to_study(xy: XY, crs: pyproj.CRS, *, study_crs: pyproj.CRS) -> XY:
    """Transform points; ``inf`` where a point lies outside what the systems cover."""
    transformer = pyproj.Transformer.from_crs(crs, study_crs, always_xy=True)
    return np.column_stack(transformer.transform(xy[:, 0], xy[:, 1]))


def _is_near(
    xy: XY, crs: pyproj.CRS, *, study_crs: pyproj.CRS, near: Bounds
) -> npt.NDArray[np.bool_]:
    west, south, east, north = near
    x, y = to_study(xy, crs, study_crs=study_crs).T
    inside = (x >= west - NEAR_M) & (x <= east + NEAR_M)
    inside &= (y >= south - NEAR_M) & (y <= north + NEAR_M)
    return np.asarray(inside, dtype=np.bool_)


def _share_near(xy: XY, candidate: str, *, study_crs: pyproj.CRS, near: Bounds) -> float:
    try:
        crs = pyproj.CRS.from_user_input(candidate)
    except pyproj.exceptions.CRSError:  # the name of a system without a code
        crs = study_crs
    return float(_is_near(xy, crs, study_crs=study_crs, near=near).mean())


def _other_zones(crs: pyproj.CRS) -> list[pyproj.CRS]:
    code = crs.to_epsg(min_confidence=90)
    for first, last in ((25828, 25838), (32601, 32660), (32701, 32760)):
        if code is not None and first <= code <= last:
            # Nearest zones first: 32 and 33 are the ones that are mixed up.
            zones = sorted(range(first, last + 1), key=lambda zone: abs(zone - code))
            return [pyproj.CRS.from_epsg(zone) for zone in zones[1:]]
    return []


def _norwegian_swapped(xy: XY, crs: pyproj.CRS) -> npt.NDArray[np.bool_]:
    # In Norway a latitude is always larger than a longitude, and a northing than an easting.
    across, up = (LONGITUDES, LATITUDES) if crs.is_geographic else (EASTINGS, NORTHINGS)
    x, y = xy.T
    swapped = (x >= up[0]) & (x <= up[1]) & (y >= across[0]) & (y <= across[1])
    return np.asarray(swapped, dtype=np.bool_)
