"""
Supplies set aside for an incident, and settled. Nothing here commits.

The database keeps ``stock.reserved`` equal to the sum of the open reservations and within the quantity,
whoever writes. Locks are taken as ``data.assignments`` says: the incident, then the units, then stock by id.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from math import inf

from sqlalchemy import ColumnElement, and_, exists, func, insert, or_, select, update
from sqlalchemy.orm import Session

from data.audit import speaking_as
from data.incident_states import hold_standing
from data.incidents import NotFoundError
from data.measures import factor
from data.models import Reservation, ReservationState, ReservationTransition, Stock
from data.steps import Step, TransitionError, checked_moment
from geo.errors import InvalidInputError


@dataclass(frozen=True)
class SupplyClaim:
    """
    What is wanted of a depot for an incident.

    Attributes
    ----------
    incident_id, depot_id : int
    item : str
    quantity : float
        In ``unit_of_measure``; the depot may count in another one that can be compared.
    unit_of_measure : str
    day : date
        The local day: what is past its date stays where it is.
    available_after_s : float
        Above zero for what is there only then, such as what is still to be produced.
    assignment_id : int or None
        Who carries it; None for the depot's own vehicle.
    approved_by : str or None
        Who lets the depot fall below its minimum; None where it keeps it.
    """

    incident_id: int
    depot_id: int
    item: str
    quantity: float
    unit_of_measure: str
    day: date
    available_after_s: float = 0.0
    assignment_id: int | None = None
    approved_by: str | None = None


@dataclass(frozen=True)
class ReservationFacts:
    """A reservation as recorded, in the unit of measure the depot counts in."""

    id: int
    incident_id: int
    stock_id: int
    depot_id: int
    item: str
    batch: str
    unit_of_measure: str
    quantity: float
    used_quantity: float | None
    state: str
    assignment_id: int | None
    approved_by: str | None
    opened_at: datetime
    state_at: datetime
    state_by: str
    closed_at: datetime | None


def reserve(session: Session, wanted: SupplyClaim, who: str, source: str = "api") -> tuple[int, ...] | None:
    """
    Set supplies aside and return the reservations, or None where the depot cannot give so much.

    Batches that expire first go first. The depot keeps its minimum of the item unless somebody approves.

    Raises
    ------
    IncidentOverError
        Where the incident is closed or merged.
    """
    if not 0 < wanted.quantity < inf:
        raise InvalidInputError("quantity", f"{wanted.quantity:g} is not a quantity above zero")
    hold_standing(session, wanted.incident_id)
    parts = _allot(wanted, _held_batches(session, wanted))
    if parts is None:
        return None
    speaking_as(session, who, source)
    row = {
        "incident_id": wanted.incident_id,
        "assignment_id": wanted.assignment_id,
        "approved_by": wanted.approved_by,
        "state_by": who,
        "state_source": source,
    }
    rows = [{"stock_id": stock_id, "quantity": float(part)} for stock_id, part in sorted(parts.items())]
    return tuple(
        session.scalars(insert(Reservation).values(row | part).returning(Reservation.id)).one()
        for part in rows
    )


def step(session: Session, reservation_id: int, to_state: str, told: Step) -> ReservationFacts:
    """Take a reservation to its next state: issued, returned, or cancelled; what was used is settled."""
    if to_state not in tuple(ReservationState):
        raise InvalidInputError("to", f"{to_state!r} is no state; known are {', '.join(ReservationState)}")
    if to_state == ReservationState.USED:
        raise InvalidInputError("to", "how much was used is not said: settle the reservation")
    return _write(session, _held(session, reservation_id), to_state, None, told)


def settle(session: Session, reservation_id: int, used: float, told: Step) -> ReservationFacts:
    """
    Say how much of a reservation was used, in the depot's unit of measure, and give back the rest.

    What was used comes off the stock.
    """
    held = _held(session, reservation_id)
    if not 0 <= used <= held.quantity:
        raise InvalidInputError(
            "used",
            f"{used:g} is not between 0 and the {held.quantity:g} that reservation {held.id} set aside",
        )
    if used == 0:
        return _write(session, held, ReservationState.RETURNED, None, told)
    return _write(session, held, ReservationState.USED, used, told)


def facts(session: Session, reservation_id: int) -> ReservationFacts:
    """Return a reservation as recorded."""
    found = _read(session, Reservation.id == reservation_id)
    if not found:
        raise NotFoundError(f"there is no reservation {reservation_id}")
    return found[0]


def of_incident(session: Session, incident_id: int) -> tuple[ReservationFacts, ...]:
    """Return every reservation an incident has or had, in the order they were made."""
    return _read(session, Reservation.incident_id == incident_id)


def open_of(session: Session, incident_id: int) -> tuple[ReservationFacts, ...]:
    """Return the reservations of an incident that are not settled, in the order they were made."""
    return _read(session, and_(Reservation.incident_id == incident_id, Reservation.closed_at.is_(None)))


def _held_batches(session: Session, wanted: SupplyClaim) -> Sequence[Stock]:
    """Lock the batches that may be given, by id, and return them: what expires first before what keeps."""
    usable = select(Stock).where(
        Stock.depot_id == wanted.depot_id,
        Stock.item == wanted.item,
        Stock.available_after_s == wanted.available_after_s,
        or_(Stock.expires_on.is_(None), Stock.expires_on >= wanted.day),
    )
    locked = session.scalars(
        usable.order_by(Stock.id).with_for_update(key_share=True).execution_options(populate_existing=True)
    ).all()
    return sorted(locked, key=lambda row: (row.expires_on or date.max, row.id))


def _allot(wanted: SupplyClaim, batches: Sequence[Stock]) -> dict[int, Decimal] | None:
    """
    Return how much of each batch is set aside, or None where together they cannot give so much.

    What is counted in decimals adds up exactly; what an hour will bring has no minimum to keep.
    """
    rates = {row.id: _exact(factor(wanted.unit_of_measure, row.unit_of_measure) or 0.0) for row in batches}
    counted = [row for row in batches if rates[row.id] > 0]
    free = {row.id: _exact(row.quantity) - _exact(row.reserved) for row in counted}
    keeps_minimum = wanted.approved_by is None and wanted.available_after_s <= 0
    kept = sum((_exact(row.minimum) / rates[row.id] for row in counted), Decimal()) * keeps_minimum
    missing = _exact(wanted.quantity)
    if sum((free[row.id] / rates[row.id] for row in counted), Decimal()) - kept < missing:
        return None
    parts: dict[int, Decimal] = {}
    for row in counted:
        part = min(free[row.id], missing * rates[row.id])
        if part > 0:
            parts[row.id] = part
            missing -= part / rates[row.id]
    return parts


def _exact(number: float) -> Decimal:
    """Return a number as it is written, 0.1 as one tenth."""
    return Decimal(repr(number))


def _held(session: Session, reservation_id: int) -> ReservationFacts:
    """Lock the stock of a reservation, then the reservation, and return it."""
    stock = select(Reservation.stock_id).where(Reservation.id == reservation_id).scalar_subquery()
    session.execute(select(Stock.id).where(Stock.id == stock).with_for_update(key_share=True))
    session.execute(
        select(Reservation.id).where(Reservation.id == reservation_id).with_for_update(key_share=True)
    )
    return facts(session, reservation_id)


def _write(
    session: Session, held: ReservationFacts, to_state: str, used: float | None, told: Step
) -> ReservationFacts:
    allowed = exists().where(
        ReservationTransition.from_state == held.state, ReservationTransition.to_state == to_state
    )
    if not session.scalar(select(allowed)):
        raise TransitionError(f"reservation {held.id}", held.state, to_state)
    speaking_as(session, told.who, told.source)
    session.execute(
        update(Reservation)
        .where(Reservation.id == held.id)
        .values(
            state=to_state,
            used_quantity=used,
            state_at=checked_moment(session, told.happened_at) or func.now(),
            state_by=told.who,
            state_source=told.source,
        )
        .execution_options(synchronize_session=False)
    )
    return facts(session, held.id)


def _read(session: Session, wanted: ColumnElement[bool]) -> tuple[ReservationFacts, ...]:
    rows = session.execute(
        select(Reservation, Stock.depot_id, Stock.item, Stock.batch, Stock.unit_of_measure)
        .join(Stock, Reservation.stock_id == Stock.id)
        .where(wanted)
        .order_by(Reservation.id)
        .execution_options(populate_existing=True)
    )
    return tuple(_facts(*row) for row in rows)


def _facts(row: Reservation, depot_id: int, item: str, batch: str, unit_of_measure: str) -> ReservationFacts:
    return ReservationFacts(
        id=row.id,
        incident_id=row.incident_id,
        stock_id=row.stock_id,
        depot_id=depot_id,
        item=item,
        batch=batch,
        unit_of_measure=unit_of_measure,
        quantity=row.quantity,
        used_quantity=row.used_quantity,
        state=row.state,
        assignment_id=row.assignment_id,
        approved_by=row.approved_by,
        opened_at=row.opened_at,
        state_at=row.state_at,
        state_by=row.state_by,
        closed_at=row.closed_at,
    )
