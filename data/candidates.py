"""Every unit and depot as columns, with what each brings of what is needed."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from data.measures import factor
from data.models import Depot, RescueBase, Stock, Team, Unit, UnitCapability


@dataclass(frozen=True)
class UnitColumns:
    """
    All units, ordered by id.

    Attributes
    ----------
    id, name, team, vehicle_profile, turnout_s, in_service, synthetic : shape (n,)
        As written in the registry.
    lon, lat, base_lon, base_lat : float64, shape (n,)
        The last position (nan where none is known) and the base, WGS84 degrees.
    position_at_s : float64, shape (n,)
        When the position was taken, seconds since 1970 UTC; nan where none is known.
    offered : float64, shape (n, capabilities)
        Quantity of each capability asked for; zero where the unit lacks it.
    """

    id: NDArray[np.int64]
    name: NDArray[np.object_]
    team: NDArray[np.object_]
    vehicle_profile: NDArray[np.object_]
    turnout_s: NDArray[np.float64]
    in_service: NDArray[np.bool_]
    synthetic: NDArray[np.bool_]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    base_lon: NDArray[np.float64]
    base_lat: NDArray[np.float64]
    position_at_s: NDArray[np.float64]
    offered: NDArray[np.float64]


@dataclass(frozen=True)
class DepotColumns:
    """
    All depots, ordered by id.

    Attributes
    ----------
    id, name, tier, loading_s, delivers, synthetic : shape (n,)
        As written in the registry.
    lon, lat : float64, shape (n,)
        WGS84 degrees.
    offered : float64, shape (n, supplies)
        Quantity of each supply asked for, in the unit of measure asked for; zero where the depot has none, or
        counts it in a unit that cannot be compared.
    """

    id: NDArray[np.int64]
    name: NDArray[np.object_]
    tier: NDArray[np.object_]
    loading_s: NDArray[np.float64]
    delivers: NDArray[np.bool_]
    synthetic: NDArray[np.bool_]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    offered: NDArray[np.float64]


def all_units(session: Session, capabilities: Sequence[str]) -> UnitColumns:
    """Read every unit with its share of the capabilities named, in their order."""
    rows = session.execute(
        select(
            Unit.id,
            Unit.name,
            Team.name,
            Unit.vehicle_profile,
            Unit.turnout_s,
            Unit.in_service,
            Unit.synthetic,
            func.ST_X(Unit.position),
            func.ST_Y(Unit.position),
            func.ST_X(RescueBase.place),
            func.ST_Y(RescueBase.place),
            func.extract("epoch", Unit.position_at),
        )
        .join(Team, Unit.team_id == Team.id)
        .join(RescueBase, Team.base_id == RescueBase.id)
        .order_by(Unit.id)
    ).all()
    shares = session.execute(
        select(UnitCapability.unit_id, UnitCapability.capability, UnitCapability.quantity).where(
            UnitCapability.capability.in_(capabilities)
        )
    ).all()
    column = _columns(rows, 12)
    ids = column[0].astype(np.int64)
    return UnitColumns(
        id=ids,
        name=column[1],
        team=column[2],
        vehicle_profile=column[3],
        turnout_s=column[4].astype(np.float64),
        in_service=column[5].astype(np.bool_),
        synthetic=column[6].astype(np.bool_),
        lon=column[7].astype(np.float64),
        lat=column[8].astype(np.float64),
        base_lon=column[9].astype(np.float64),
        base_lat=column[10].astype(np.float64),
        position_at_s=column[11].astype(np.float64),
        offered=_offered(ids, capabilities, [(u, c, q) for u, c, q in shares]),
    )


def all_depots(session: Session, supplies: Sequence[tuple[str, str]]) -> DepotColumns:
    """Read every depot with its stock of the supplies named, each an item and the unit of measure wanted."""
    rows = session.execute(
        select(
            Depot.id,
            Depot.name,
            Depot.tier,
            Depot.loading_s,
            Depot.delivers,
            Depot.synthetic,
            func.ST_X(Depot.place),
            func.ST_Y(Depot.place),
        ).order_by(Depot.id)
    ).all()
    wanted = dict(supplies)
    held = session.execute(
        select(Stock.depot_id, Stock.item, Stock.quantity, Stock.unit_of_measure).where(
            Stock.item.in_(wanted)
        )
    ).all()
    column = _columns(rows, 8)
    ids = column[0].astype(np.int64)
    return DepotColumns(
        id=ids,
        name=column[1],
        tier=column[2],
        loading_s=column[3].astype(np.float64),
        delivers=column[4].astype(np.bool_),
        synthetic=column[5].astype(np.bool_),
        lon=column[6].astype(np.float64),
        lat=column[7].astype(np.float64),
        offered=_offered(
            ids, list(wanted), [(d, i, q * (factor(u, wanted[i]) or 0.0)) for d, i, q, u in held]
        ),
    )


def _columns(rows: Sequence[Sequence[object]], width: int) -> list[NDArray[np.object_]]:
    table = np.empty((len(rows), width), dtype=np.object_)
    for i, row in enumerate(rows):
        table[i] = tuple(row)
    return [table[:, j] for j in range(width)]


def _offered(
    ids: NDArray[np.int64], names: Sequence[str], shares: Sequence[tuple[int, str, float]]
) -> NDArray[np.float64]:
    offered = np.zeros((len(ids), len(names)))
    place = {name: j for j, name in enumerate(names)}
    owner = np.searchsorted(ids, [share[0] for share in shares])
    for i, (_, name, quantity) in zip(owner, shares, strict=True):
        offered[i, place[name]] = quantity
    return offered
