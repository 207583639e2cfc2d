"""How fast a car drives on a road of each class, where the road itself does not say."""

from functools import cache
from importlib.resources import files

import numpy as np
import pandas as pd
from numpy.typing import NDArray

KMH_WHERE_THE_CLASS_IS_UNKNOWN = 25.0


@cache
def class_speeds_kmh() -> pd.Series:
    """
    Return the speed of each road class, indexed by class: the shipped table ``road_classes.csv``.

    These are free-flow speeds of an ordinary car, with nothing added for lights and sirens. From motorway to
    service road they are the figures of OSRM's open car profile; busway, track and the ways that only a tag
    opens to motor vehicles are our own cautious choice. They are assumptions, not measurements of any one
    city: a posted limit on a road wins over them.
    """
    with files("routing").joinpath("road_classes.csv").open(encoding="utf-8") as table:
        return pd.read_csv(table, index_col="road_class")["kmh"].astype(np.float64)


def speeds_kmh(road_class: pd.Series, posted_kmh: pd.Series) -> NDArray[np.float64]:
    """Return each road's speed: the posted one, else its class's, else that of an unknown class."""
    by_class = road_class.map(class_speeds_kmh()).fillna(KMH_WHERE_THE_CLASS_IS_UNKNOWN)
    kmh: NDArray[np.float64] = posted_kmh.fillna(by_class).to_numpy(dtype=np.float64)
    return kmh
