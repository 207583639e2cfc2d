"""Every unit and depot as columns, with what each brings of what is needed."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from data.columns import EPOCH, columns_of, of_owners, positions
from data.measures import factor
from data.models import ACTIVE_STATES, Assignment, AssignmentState, Depot, RescueBase, Stock, Team, Unit
from data.shares import shares_of

NONE_ID = 0
FREE = ""
NO_REASON = "no reason given"


@dataclass(frozen=True)
class UnitColumns:
    """
    All units, ordered by id.

    Attributes
    ----------
    id, name, team, vehicle_profile, turnout_s, in_service, synthetic, crew : shape (n,)
        As written in the registry.
    tier, call_sign, phone, staffing : shape (n,)
        The team's.
    authority_id, hazard_source_id : int64, shape (n,)
        Whose the team is, 0 where it is ours; the source whose own team it is, 0 where there is none.
    base : object, shape (n,)
        The name of the base.
    lon, lat, base_lon, base_lat : float64, shape (n,)
        The last position (nan where none is known) and the base, WGS84 degrees.
    position_at_s : float64, shape (n,)
        When the position was taken, seconds since 1970 UTC; nan where none is known.
    busy_with : int64, shape (n,)
        The incident whose active assignment binds it, 0 where it is free; a returning unit is free.
    busy_state : object, shape (n,)
        The state of that assignment, ``""`` where it is free.
    refused : object, shape (n,)
        Why it refused the incident that is asked about, when it was last asked; ``""`` where it did not.
    offered : float64, shape (n, capabilities)
        Quantity of each capability asked for; zero where the unit lacks it.
    level : float64, shape (n, capabilities)
        The level of skill, which is the quantity itself for capabilities of which the best counts.
    role_crew : float64, shape (n, capabilities)
        People of the crew whom the whole quantity ties up; zero for what the vehicle does by itself.
    valid_until_day : float64, shape (n, capabilities)
        The last day of the certificate, days since 1970-01-01; nan where it has no end.
    """

    id: NDArray[np.int64]
    name: NDArray[np.object_]
    team: NDArray[np.object_]
    vehicle_profile: NDArray[np.object_]
    turnout_s: NDArray[np.float64]
    in_service: NDArray[np.bool_]
    synthetic: NDArray[np.bool_]
    crew: NDArray[np.int64]
    tier: NDArray[np.object_]
    call_sign: NDArray[np.object_]
    phone: NDArray[np.object_]
    staffing: NDArray[np.object_]
    authority_id: NDArray[np.int64]
    hazard_source_id: NDArray[np.int64]
    base: NDArray[np.object_]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    base_lon: NDArray[np.float64]
    base_lat: NDArray[np.float64]
    position_at_s: NDArray[np.float64]
    busy_with: NDArray[np.int64]
    busy_state: NDArray[np.object_]
    refused: NDArray[np.object_]
    offered: NDArray[np.float64]
    level: NDArray[np.float64]
    role_crew: NDArray[np.float64]
    valid_until_day: NDArray[np.float64]


@dataclass(frozen=True)
class DepotColumns:
    """
    All depots, ordered by id.

    Attributes
    ----------
    id, name, tier, loading_s, delivers, contact, phone, synthetic : shape (n,)
        As written in the registry.
    lon, lat : float64, shape (n,)
        WGS84 degrees.
    """

    id: NDArray[np.int64]
    name: NDArray[np.object_]
    tier: NDArray[np.object_]
    loading_s: NDArray[np.float64]
    delivers: NDArray[np.bool_]
    contact: NDArray[np.object_]
    phone: NDArray[np.object_]
    synthetic: NDArray[np.bool_]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]


@dataclass(frozen=True)
class StockColumns:
    """
    The stock of supplies asked for, a row a batch, ordered by id.

    Attributes
    ----------
    id : int64, shape (m,)
        As written in the registry.
    depot, item : int64, shape (m,)
        Positions among the depots and among the supplies asked for.
    quantity, minimum : float64, shape (m,)
        What is there and set aside for no incident, and what should stay there, in the unit of measure asked
        for; nan where the depot counts in one that cannot be compared.
    unit_of_measure, batch : object, shape (m,)
        As written in the registry; an unnamed batch is ``""``.
    expires_day : float64, shape (m,)
        The last day of use, days since 1970-01-01; nan where it keeps.
    available_after_s : float64, shape (m,)
        How long after the order it is there; above zero for what is still to be produced.
    """

    id: NDArray[np.int64]
    depot: NDArray[np.int64]
    item: NDArray[np.int64]
    quantity: NDArray[np.float64]
    minimum: NDArray[np.float64]
    unit_of_measure: NDArray[np.object_]
    batch: NDArray[np.object_]
    expires_day: NDArray[np.float64]
    available_after_s: NDArray[np.float64]


def all_units(session: Session, capabilities: Sequence[str], incident_id: int | None = None) -> UnitColumns:
    """
    Read every unit with its share of the capabilities named, in their order; one may be named twice.

    Whoever refused the incident says so.
    """
    rows = session.execute(
        select(
            Unit.id,
            Unit.name,
            Team.name,
            Unit.vehicle_profile,
            Unit.turnout_s,
            Unit.in_service,
            Unit.synthetic,
            Unit.crew,
            Team.tier,
            Team.call_sign,
            Team.phone,
            Team.staffing,
            func.coalesce(Team.authority_id, NONE_ID),
            func.coalesce(Team.hazard_source_id, NONE_ID),
            RescueBase.name,
            func.ST_X(Unit.position),
            func.ST_Y(Unit.position),
            func.ST_X(RescueBase.place),
            func.ST_Y(RescueBase.place),
            func.extract("epoch", Unit.position_at),
            func.coalesce(Assignment.incident_id, NONE_ID),
            func.coalesce(Assignment.state, FREE),
        )
        .join(Team, Unit.team_id == Team.id)
        .join(RescueBase, Team.base_id == RescueBase.id)
        .outerjoin(Assignment, and_(Assignment.unit_id == Unit.id, Assignment.state.in_(ACTIVE_STATES)))
        .order_by(Unit.id)
    ).all()
    column = columns_of(rows, 22)
    ids, crew = column[0].astype(np.int64), column[7].astype(np.int64)
    shares = shares_of(session, ids, crew, capabilities)
    return UnitColumns(
        id=ids,
        name=column[1],
        team=column[2],
        vehicle_profile=column[3],
        turnout_s=column[4].astype(np.float64),
        in_service=column[5].astype(np.bool_),
        synthetic=column[6].astype(np.bool_),
        crew=crew,
        tier=column[8],
        call_sign=column[9],
        phone=column[10],
        staffing=column[11],
        authority_id=column[12].astype(np.int64),
        hazard_source_id=column[13].astype(np.int64),
        base=column[14],
        lon=column[15].astype(np.float64),
        lat=column[16].astype(np.float64),
        base_lon=column[17].astype(np.float64),
        base_lat=column[18].astype(np.float64),
        position_at_s=column[19].astype(np.float64),
        busy_with=column[20].astype(np.int64),
        busy_state=column[21],
        refused=_refused(session, ids, incident_id),
        offered=shares.offered,
        level=shares.level,
        role_crew=shares.role_crew,
        valid_until_day=shares.valid_until_day,
    )


def _refused(session: Session, ids: NDArray[np.int64], incident_id: int | None) -> NDArray[np.object_]:
    """Return why each unit refused an incident when it was last sent there."""
    sent = (
        select(Assignment.unit_id, Assignment.state, Assignment.state_note)
        .where(Assignment.incident_id == incident_id)
        .order_by(Assignment.id)
    )
    last = {unit: (state, note) for unit, state, note in session.execute(sent)}
    why = {
        unit: note or NO_REASON for unit, (state, note) in last.items() if state == AssignmentState.REFUSED
    }
    refused = np.full(len(ids), FREE, dtype=np.object_)
    refused[:] = [why.get(unit, FREE) for unit in ids.tolist()]
    return refused


def all_depots(session: Session) -> DepotColumns:
    """Read every depot."""
    rows = session.execute(
        select(
            Depot.id,
            Depot.name,
            Depot.tier,
            Depot.loading_s,
            Depot.delivers,
            Depot.contact,
            Depot.phone,
            Depot.synthetic,
            func.ST_X(Depot.place),
            func.ST_Y(Depot.place),
        ).order_by(Depot.id)
    ).all()
    column = columns_of(rows, 10)
    return DepotColumns(
        id=column[0].astype(np.int64),
        name=column[1],
        tier=column[2],
        loading_s=column[3].astype(np.float64),
        delivers=column[4].astype(np.bool_),
        contact=column[5],
        phone=column[6],
        synthetic=column[7].astype(np.bool_),
        lon=column[8].astype(np.float64),
        lat=column[9].astype(np.float64),
    )


def stock_columns(
    session: Session, depots: DepotColumns, supplies: Sequence[tuple[str, str]]
) -> StockColumns:
    """Read the stock of the supplies named, each an item, once, and the unit of measure wanted."""
    items = [item for item, _ in supplies]
    rows = session.execute(
        select(
            Stock.id,
            Stock.depot_id,
            Stock.item,
            Stock.quantity - Stock.reserved,
            Stock.minimum,
            Stock.unit_of_measure,
            Stock.batch,
            Stock.expires_on - EPOCH,
            Stock.available_after_s,
        )
        .where(Stock.item.in_(items))
        .order_by(Stock.id)
    ).all()
    column = of_owners(columns_of(rows, 9), 1, depots.id)
    item = positions(column[2], items)
    factors = np.array(
        [factor(counted, supplies[i][1]) for i, counted in zip(item, column[5], strict=True)], dtype=float
    )
    return StockColumns(
        id=column[0].astype(np.int64),
        depot=np.searchsorted(depots.id, column[1].astype(np.int64)),
        item=item,
        quantity=column[3].astype(np.float64) * factors,
        minimum=column[4].astype(np.float64) * factors,
        unit_of_measure=column[5],
        batch=column[6],
        expires_day=column[7].astype(np.float64),
        available_after_s=column[8].astype(np.float64),
    )
