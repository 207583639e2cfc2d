"""Who can be sent in a plan, and the road times between their bases and every place that calls."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from api.live_roads import LiveRoads
from api.picture import Starts
from api.simulating.asked import BaseNamed
from api.siting.sites import Equipment
from data.candidates import FREE, NONE_ID, UnitColumns
from data.models import Staffing, Tier
from geo.errors import InvalidInputError
from routing.snapping import Snapped

CREW = 6
"""How many people a new base's vehicle carries: an assumption."""
UNKNOWN = np.nan


@dataclass(frozen=True, eq=False)
class Fleet:
    """
    All units of a plan at their bases, and how they reach every spot.

    Attributes
    ----------
    units : UnitColumns
    starts : Starts
        Every unit starts from its base: only there it is free.
    off_m : float64, shape (units,)
        How far the base is from the road.
    drive_s, back_s : float64, shape (spots, units)
        From the base to each spot and back; ``inf`` where no road leads.
    """

    name: str
    units: UnitColumns
    starts: Starts
    off_m: NDArray[np.float64]
    drive_s: NDArray[np.float64]
    back_s: NDArray[np.float64]


def at_home(units: UnitColumns) -> UnitColumns:
    """Return the units as a simulation begins: free, at their bases, nobody having refused anything."""
    return replace(
        units,
        lon=np.full(len(units.id), UNKNOWN),
        lat=np.full(len(units.id), UNKNOWN),
        position_at_s=np.full(len(units.id), UNKNOWN),
        busy_with=np.full(len(units.id), NONE_ID),
        busy_state=np.full(len(units.id), FREE, dtype=np.object_),
        refused=np.full(len(units.id), FREE, dtype=np.object_),
    )


def with_bases(
    units: UnitColumns, bases: Sequence[BaseNamed], equipment: Equipment, capabilities: Sequence[str]
) -> UnitColumns:
    """
    Return the units with one more at each new base: one vehicle that holds the equipment and nothing else.

    Its crew is on duty, is a fire brigade's, and is ours to order.
    """
    known = set(units.base.tolist())
    taken = [base.name for base in bases if base.name in known]
    if taken:
        raise InvalidInputError("base", f"{taken[0]!r} stands already; give the new base another name")
    number = len(bases)
    column = list(capabilities).index(equipment.capability)

    def held(value: float) -> NDArray[np.float64]:
        laid = np.zeros((number, len(capabilities)))
        laid[:, column] = value
        return laid

    amount = equipment.level or 1.0
    names = np.array([base.name for base in bases], dtype=np.object_)
    lon = np.array([base.place.lon for base in bases], dtype=np.float64)
    lat = np.array([base.place.lat for base in bases], dtype=np.float64)
    first = int(units.id.max(initial=0)) + 1
    new = UnitColumns(
        id=np.arange(first, first + number),
        name=names,
        team=names,
        vehicle_profile=np.full(number, equipment.profile, dtype=np.object_),
        turnout_s=np.full(number, equipment.turnout_s),
        in_service=np.ones(number, dtype=np.bool_),
        synthetic=np.ones(number, dtype=np.bool_),
        crew=np.full(number, CREW),
        tier=np.full(number, Tier.FIRE_BRIGADE.value, dtype=np.object_),
        call_sign=names,
        phone=np.full(number, "", dtype=np.object_),
        staffing=np.full(number, Staffing.FULL_TIME.value, dtype=np.object_),
        authority_id=np.full(number, NONE_ID),
        hazard_source_id=np.full(number, NONE_ID),
        base=names,
        lon=np.full(number, UNKNOWN),
        lat=np.full(number, UNKNOWN),
        base_lon=lon,
        base_lat=lat,
        position_at_s=np.full(number, UNKNOWN),
        busy_with=np.full(number, NONE_ID),
        busy_state=np.full(number, FREE, dtype=np.object_),
        refused=np.full(number, FREE, dtype=np.object_),
        offered=held(amount),
        level=held(amount),
        role_crew=held(CREW),
        valid_until_day=np.full((number, len(capabilities)), np.nan),
    )
    return UnitColumns(
        **{
            each.name: np.concatenate((getattr(units, each.name), getattr(new, each.name)))
            for each in fields(UnitColumns)
        }
    )


def fleet_of(name: str, units: UnitColumns, spots: Snapped, roads: LiveRoads) -> Fleet:
    """Put the units of a plan on the road: two matrices for each vehicle profile, there and back."""
    origins = roads.index.snap(units.base_lon, units.base_lat)
    drive_s = np.full((len(spots), len(units.id)), np.inf)
    back_s = drive_s.copy()
    for profile in sorted(set(units.vehicle_profile.tolist())):
        own = np.flatnonzero(units.vehicle_profile == profile)
        where = np.column_stack((units.base_lon[own], units.base_lat[own]))
        _, first, base = np.unique(where, axis=0, return_index=True, return_inverse=True)
        bases, router = origins[own[first]], roads.routers.get(profile)
        drive_s[:, own] = router.matrix(bases, spots)[base].T
        back_s[:, own] = router.matrix(spots, bases)[:, base]
    never = np.zeros(len(units.id), dtype=np.bool_)
    starts = Starts(units.base_lon, units.base_lat, never, np.full(len(units.id), UNKNOWN))
    return Fleet(name, units, starts, origins.off_m, drive_s, back_s)


def fleet_bytes(spots: int, units: int) -> int:
    """Return about how much memory the matrices of a plan take, with what is needed to make them."""
    return 8 * spots * units * 4
