"""Everything an answer rests on, read at one moment, and where everybody starts from."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from api.needs import Needs
from api.situations import Situation
from data.candidates import DepotColumns, UnitColumns
from data.incidents import IncidentFacts
from geo.places import Place, geodesic_m
from routing.dispatch import Candidates


@dataclass(frozen=True)
class Picture:
    """The incident, its needs and everybody who might help, read in one transaction."""

    incident: IncidentFacts
    needs: Needs
    units: UnitColumns
    depots: DepotColumns
    situation: Situation
    read_at: datetime


@dataclass(frozen=True)
class Starts:
    """
    Where units start from: the last position, or the base where it is unknown or dated in the future.

    Attributes
    ----------
    lon, lat : float64, shape (units,)
        WGS84 degrees.
    from_fix : bool, shape (units,)
        Whether that is the last position.
    age_s : float64, shape (units,)
        How old the last position is; negative when dated in the future, nan where none is known.
    """

    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    from_fix: NDArray[np.bool_]
    age_s: NDArray[np.float64]


@dataclass(frozen=True)
class ByRoad:
    """How candidates reach the incident: distance from the road, road time (``inf``: never), and why not."""

    off_m: NDArray[np.float64]
    travel_s: NDArray[np.float64]
    hindrance: tuple[str, ...]


def unit_starts(picture: Picture, clock_tolerance_s: float) -> Starts:
    """Return where each unit starts from."""
    units = picture.units
    age_s = picture.read_at.timestamp() - units.position_at_s
    from_fix = age_s >= -clock_tolerance_s
    return Starts(
        lon=np.where(from_fix, units.lon, units.base_lon),
        lat=np.where(from_fix, units.lat, units.base_lat),
        from_fix=from_fix,
        age_s=age_s,
    )


def unit_candidates(picture: Picture, starts: Starts, by_road: ByRoad) -> Candidates:
    """Return the units as the choice wants them."""
    units = picture.units
    return Candidates(
        id=units.id,
        ready_s=units.turnout_s,
        travel_s=by_road.travel_s,
        off_m=by_road.off_m,
        straight_m=_straight_m(starts.lon, starts.lat, picture.incident.place),
        offered=units.offered,
        level=np.zeros_like(units.offered),
        in_service=units.in_service,
        ahead_s=np.nan_to_num(-starts.age_s, nan=0.0),
        hindrance=by_road.hindrance,
        expired=((),) * len(units.id),
        held=(None,) * len(units.id),
    )


def depot_candidates(picture: Picture, by_road: ByRoad) -> Candidates:
    """Return the depots as the choice wants them."""
    depots = picture.depots
    return Candidates(
        id=depots.id,
        ready_s=depots.loading_s,
        travel_s=by_road.travel_s,
        off_m=by_road.off_m,
        straight_m=_straight_m(depots.lon, depots.lat, picture.incident.place),
        offered=depots.offered,
        level=np.zeros_like(depots.offered),
        in_service=np.ones(len(depots.id), dtype=np.bool_),
        ahead_s=np.zeros(len(depots.id)),
        hindrance=by_road.hindrance,
        expired=((),) * len(depots.id),
        held=(None,) * len(depots.id),
    )


def _straight_m(lon: NDArray[np.float64], lat: NDArray[np.float64], place: Place) -> NDArray[np.float64]:
    return geodesic_m(lon, lat, np.full_like(lon, place.lon), np.full_like(lat, place.lat))
