"""How concentrated municipal housing is, as tables: what scoring, views and messages read."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import geopandas as gpd
import pandas as pd

from tomteanalyse.measures.concentration.evenness import Index

Basis = Literal["addresses", "buildings", "extract_buildings", "grid", "grid_buildings"]
"""What dwellings were taken from: an address file, a file of buildings, the extract's buildings,
the cells of a grid as they are, or a grid spread over the buildings in it."""


@dataclass(frozen=True)
class ConcentrationFindings:
    """Concentration of municipal housing in three layers: buildings, around plots, municipality.

    Sensitive: the buildings are welfare homes. Nothing public is made from it.

    Parameters
    ----------
    basis
        What the dwellings were taken from; None where the study names none, and every share is NaN.
    dwellings
        How many dwellings there are in all (0 without a basis).
    buildings
        Buildings (or associations) with a municipal home, on ``building_id`` (str; a unit without
        one is a building of its own, under its unit id), most homes first, then by id: ``homes``,
        ``dwellings`` (Int64; NA where it is unknown), ``share`` (0-1), ``low``, ``high`` (between
        what 95 % of random labelling of all dwellings lies), ``above_chance`` (boolean: more than
        chance explains, under FDR; NA without a share), ``above_limit`` (boolean; NA without a
        stated limit or share), ``geometry`` (Point).
    limit
        The greatest share of a building that the municipality wants, as stated; None if none is.
    plots
        On ``plot_id``: by suffix "" (today) and "_planned" (with the planned homes added, where
        they are stated; else NaN): ``homes_300`` …, ``weighted_homes_300`` … [homes];
        ``share_<k>_straight``, ``share_<k>_walk`` (0-1, k of `NEAREST`), and today also
        ``share_<k>_straight_low``, ``…_high``, ``share_<k>_walk_low``, ``…_high`` (random
        labelling); ``planned_homes`` (Int64).
    indices
        Of the whole municipality, by name ("dissimilarity", "gini", "top_share"), over the cells of
        250 m; empty without a basis.
    top_areas
        How many cells the top share counts.
    cells
        On ``cell`` (int64) of 250 m, those with a municipal home or a dwelling: ``homes``,
        ``dwellings`` (Int64), ``share``, ``shrunken`` (empirical Bayes), ``low``, ``high`` (of the
        share, under random labelling), ``probability``, ``hot`` (boolean: more in it and its
        neighbours than chance explains, under FDR), ``geometry`` (Polygon, study's system).
    """

    basis: Basis | None
    dwellings: int
    buildings: gpd.GeoDataFrame
    limit: float | None
    plots: pd.DataFrame
    indices: Mapping[str, Index]
    top_areas: int
    cells: gpd.GeoDataFrame
