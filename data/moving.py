"""Supplies of one incident that become another's. Nothing here commits."""

from sqlalchemy import insert
from sqlalchemy.orm import Session

from data import reservations
from data.models import Reservation, ReservationState
from data.reservations import ReservationFacts
from data.steps import Step

GIVEN_BACK = {
    ReservationState.RESERVED: ReservationState.CANCELLED,
    ReservationState.ISSUED: ReservationState.RETURNED,
}


def move_reservation(
    session: Session, held: ReservationFacts, to_incident_id: int, carrier: int | None, told: Step
) -> int:
    """Give back what one incident has of a batch and set the same aside for another."""
    reservations.step(session, held.id, GIVEN_BACK[ReservationState(held.state)], told)
    moved = {
        "incident_id": to_incident_id,
        "stock_id": held.stock_id,
        "quantity": held.quantity,
        "state": held.state,
        "assignment_id": carrier,
        "approved_by": held.approved_by,
        "state_by": told.who,
        "state_source": told.source,
    }
    return session.scalars(insert(Reservation).values(moved).returning(Reservation.id)).one()
