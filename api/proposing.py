"""Propose who goes instead of a unit that was refused, called off, is silent, late or cut off: once each."""

from api.dispatching import Centre
from api.redispatch import is_better
from api.succession import Succession, said_of, succession_now
from data import assignments
from data.database import transaction
from data.watched import Loss, clock, losses, note_successor
from geo.errors import RescueError

NOBODY = "nobody else can go"
NOBODY_SOONER = "nobody else would be there sooner"


def propose_successors(centre: Centre) -> tuple[int, ...]:
    """Write an event for each loss that says who could go instead, or why nobody; return the assignments."""
    with transaction(centre.sessions) as session:
        lost = losses(session)
    return tuple(loss.assignment_id for loss in lost if _propose(loss, centre))


def _propose(loss: Loss, centre: Centre) -> bool:
    with transaction(centre.sessions) as session:
        one, now = assignments.facts(session, loss.assignment_id), clock(session)
    try:
        found = succession_now(one, centre)
    except RescueError as error:
        detail = _nobody(str(error))
    else:
        sooner = loss.arrival is None or is_better(found, loss.arrival, now)
        detail = _said(found) if sooner else _nobody(NOBODY_SOONER)
    with transaction(centre.sessions) as session:
        return note_successor(session, loss, one, detail)


def _said(found: Succession) -> dict[str, object]:
    return said_of(found) if found.instead else {**said_of(found), "why_none": NOBODY}


def _nobody(why: str) -> dict[str, object]:
    return {"instead": [], "needs": [], "why_none": why}
