"""The municipal share of every building or association that has a municipal home."""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.stats import hypergeom

from tomteanalyse.measures.concentration.among import DwellingPlaces
from tomteanalyse.measures.concentration.evenness import Counts
from tomteanalyse.measures.concentration.findings import Basis
from tomteanalyse.measures.concentration.small_areas import by_chance, discoveries


def municipal_buildings(
    units: gpd.GeoDataFrame,
    dwellings: gpd.GeoDataFrame,
    places: DwellingPlaces | None,
    *,
    basis: Basis | None,
    limit: float | None,
) -> gpd.GeoDataFrame:
    """Return the buildings that have a municipal home, with their share of all homes there.

    Parameters
    ----------
    units
        As `Study.units`, those that count.
    dwellings
        As `Study.dwellings`, those that count.
    places
        The municipal homes among the dwellings, or None where there are no dwellings.
    basis
        What the dwellings were taken from: the cells of a bare grid say nothing of buildings.
    limit
        The greatest share (0-1) that the municipality wants, or None.

    Returns
    -------
    geopandas.GeoDataFrame
        See `ConcentrationFindings`. A building lies in the middle of its units.

    Notes
    -----
    A building's dwellings are those that bear its id; where none does, those of the places where
    its units' homes were found. Where the source has no dwelling there, or fewer than the register
    has homes, how many there are is unknown: one row for a whole block would else make it all
    municipal. Under random labelling the municipal homes of a building are hypergeometric; for the
    flags every building of the municipality was looked at, also those without a municipal home.
    """
    building = _building_of(units)
    homes = units["homes"].groupby(building.to_numpy()).sum()
    shapes = units.geometry.groupby(building.to_numpy()).agg(
        lambda points: shapely.MultiPoint(points.tolist()).centroid
    )
    table = pd.DataFrame({"homes": homes.astype("int64")}).rename_axis(index="building_id")
    table["dwellings"] = pd.array([pd.NA] * len(table), dtype="Int64")
    for name in ("share", "low", "high"):
        table[name] = np.nan
    for name in ("above_chance", "above_limit"):
        table[name] = pd.array([pd.NA] * len(table), dtype="boolean")
    if places is not None and basis != "grid" and len(table):
        of_building = _dwellings_of(building, dwellings, places).reindex(table.index)
        table["dwellings"] = of_building.where(of_building >= table["homes"]).astype("Int64")
        table = _compared(table, dwellings, places)
    if limit is not None:
        known = table["share"].notna()
        table["above_limit"] = (table["share"] > limit).astype("boolean").where(known)
    found = gpd.GeoDataFrame(table, geometry=shapes.reindex(table.index).to_numpy(), crs=units.crs)
    order = np.lexsort((found.index.to_numpy(dtype=str), -found["homes"].to_numpy()))
    return found.iloc[order]


def _building_of(units: gpd.GeoDataFrame) -> pd.Series:
    own = units["building_id"].astype("object")
    named: pd.Series = own.where(own.notna(), units.index.to_series()).astype("str")
    return named


def _dwellings_of(
    building: pd.Series, dwellings: gpd.GeoDataFrame, places: DwellingPlaces
) -> pd.Series:
    """Return dwellings (Int64) by building; NA where the source has none there."""
    named = pd.Series(dtype="int64")
    if len(dwellings):
        named = dwellings["dwellings"].groupby(dwellings["building_id"].astype("object")).sum()
    # Places that only the register knows say nothing of how many dwellings there are.
    given = places.place < places.given
    rows = pd.DataFrame(
        {
            "building": building.to_numpy(dtype=object)[places.unit[given]],
            "place": places.place[given],
        }
    ).drop_duplicates()
    rows["dwellings"] = _given_counts(dwellings)[rows["place"].to_numpy(dtype=np.int64)]
    at_places = rows.groupby("building")["dwellings"].sum().astype("Int64")
    return named.astype("Int64").combine_first(at_places)


def _given_counts(dwellings: gpd.GeoDataFrame) -> Counts:
    if not len(dwellings):
        return np.zeros(0, dtype=np.int64)
    counts: Counts = dwellings["dwellings"].to_numpy(dtype=np.int64)
    return counts


def _compared(
    table: pd.DataFrame, dwellings: gpd.GeoDataFrame, places: DwellingPlaces
) -> pd.DataFrame:
    """Return the table with shares, intervals and flags where the dwellings are known."""
    known = table["dwellings"].notna().to_numpy(dtype=bool)
    there = table["dwellings"][known].to_numpy(dtype=np.int64)
    mine = table["homes"][known].to_numpy(dtype=np.int64)
    in_all = int(places.municipal.sum()), int(places.dwellings.sum())
    low, high = by_chance(there, municipal=in_all[0], among=in_all[1])
    chance = hypergeom.sf(mine - 1, in_all[1], in_all[0], there)
    above = pd.array([pd.NA] * len(table), dtype="boolean")
    above[known] = discoveries(chance, tests=_buildings_in_all(dwellings))
    columns = {"share": mine / there, "low": low / there, "high": high / there}
    for name, numbers in columns.items():
        table.loc[known, name] = numbers
    return table.assign(above_chance=above)


def _buildings_in_all(dwellings: gpd.GeoDataFrame) -> int:
    if not len(dwellings):
        return 0
    named = dwellings["building_id"]
    return int(named.nunique() + named.isna().sum())
