"""Read what was sent: assignments with how their units are reached, and supplies set aside."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from api.dispatching import Centre
from data import assignments, incidents, reservations
from data.assignment_facts import AssignmentFacts
from data.database import transaction
from data.dispatches import cards_of, next_states
from data.incidents import NotFoundError
from data.reaching import Reach, reach_of
from data.reservations import ReservationFacts


@dataclass(frozen=True)
class AssignmentTold:
    """An assignment, what may follow, and how its unit is reached."""

    facts: AssignmentFacts
    next_states: tuple[str, ...]
    reach: Reach


def assignment(assignment_id: int, centre: Centre) -> AssignmentTold:
    """Return one assignment."""
    with transaction(centre.sessions) as session:
        return told_of(session, [assignments.facts(session, assignment_id)])[0]


def assignments_of_incident(incident_id: int, centre: Centre) -> Sequence[AssignmentTold]:
    """Return every assignment an incident has or had, in the order they were made."""
    with transaction(centre.sessions) as session:
        incidents.facts(session, incident_id)
        return told_of(session, assignments.of_incident(session, incident_id))


def assignments_of_unit(unit_id: int, centre: Centre) -> Sequence[AssignmentTold]:
    """Return every assignment a unit has or had, in the order they were made."""
    with transaction(centre.sessions) as session:
        if not cards_of(session, [unit_id]):
            raise NotFoundError(f"there is no unit {unit_id}")
        return told_of(session, assignments.of_unit(session, unit_id))


def reservations_of_incident(incident_id: int, centre: Centre) -> Sequence[ReservationFacts]:
    """Return every reservation an incident has or had, in the order they were made."""
    with transaction(centre.sessions) as session:
        incidents.facts(session, incident_id)
        return reservations.of_incident(session, incident_id)


def told_of(session: Session, facts: Sequence[AssignmentFacts]) -> Sequence[AssignmentTold]:
    """Return assignments with what may follow and how their units are reached."""
    reach = reach_of(session, {one.unit_id for one in facts})
    follow = {state: next_states(session, state) for state in {one.state for one in facts}}
    return [AssignmentTold(one, follow[one.state], reach[one.unit_id]) for one in facts]
