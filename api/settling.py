"""What becomes of supplies set aside: issued, used, given back or called off."""

from api.dispatching import Centre
from api.saying_so import checked_speaker
from data import reservations
from data.audit import speaking_as
from data.database import transaction
from data.models import ReservationState
from data.reservations import ReservationFacts
from data.steps import Step
from geo.errors import InvalidInputError


def settle(reservation_id: int, to: str, used: float | None, told: Step, centre: Centre) -> ReservationFacts:
    """
    Take a reservation to a state; said twice, it is as if it were said once.

    ``used`` is how much was used, in the unit of measure that the depot counts in: the rest is given back.

    Raises
    ------
    NotFoundError
        When there is no such reservation.
    InvalidInputError
        When nobody says it, the state is none, or how much was used is missing or cannot be.
    TransitionError
        When it cannot follow on the state the reservation is in.
    """
    checked_speaker(told)
    if (to == ReservationState.USED) != (used is not None):
        raise InvalidInputError("used", "say how much was used with the state used, and with no other")
    with transaction(centre.sessions) as session:
        speaking_as(session, told.who, told.source)
        before = reservations.facts(session, reservation_id)
        if (before.state, before.used_quantity) == (to, used):
            return before
        if used is None:
            return reservations.step(session, reservation_id, to, told)
        return reservations.settle(session, reservation_id, used, told)
