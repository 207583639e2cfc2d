"""What was set aside for incidents and was not given back. Nothing here commits."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from data.models import Reservation, ReservationState, Stock

GIVEN = (ReservationState.RESERVED, ReservationState.ISSUED, ReservationState.USED)


def brought_so_far(session: Session, incident_id: int) -> Sequence[tuple[str, float, str]]:
    """Return what an incident has of each item: its name, the quantity, and what that is counted in."""
    quantity = func.sum(func.coalesce(Reservation.used_quantity, Reservation.quantity))
    had = (
        select(Stock.item, quantity, Stock.unit_of_measure)
        .join(Reservation, Reservation.stock_id == Stock.id)
        .where(Reservation.incident_id == incident_id, Reservation.state.in_(GIVEN))
        .group_by(Stock.item, Stock.unit_of_measure)
        .order_by(Stock.item, Stock.unit_of_measure)
    )
    return [(item, quantity, unit) for item, quantity, unit in session.execute(had)]
