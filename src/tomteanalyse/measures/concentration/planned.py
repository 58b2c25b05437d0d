"""How many homes are planned on a plot."""

import geopandas as gpd
import pandas as pd

from tomteanalyse.config import ProfileConfig


def planned_homes(plots: gpd.GeoDataFrame, profile: ProfileConfig) -> pd.Series:
    """Return how many homes are planned on each plot (Int64), NA where nobody says.

    Parameters
    ----------
    plots
        As `Study.plots`.
    profile
        Whom the housing is for; its number holds where the plot does not say so itself.
    """
    planned: pd.Series = plots["planned_homes"].astype("Int64").rename("planned_homes")
    return planned if profile.homes is None else planned.fillna(profile.homes)
