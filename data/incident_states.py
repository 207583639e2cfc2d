"""
Where an incident stands: open, under control, closed, or merged into another. Nothing here commits.

The database refuses a step that the table of transitions does not have, and an end while units are not
released or supplies not settled; here that is said in words before it is tried.
"""

from collections.abc import Collection, Sequence

from sqlalchemy import exists, func, select, update
from sqlalchemy.orm import Session

from data.audit import speaking_as
from data.incidents import IncidentFacts, NotFoundError, Told, facts, note
from data.models import Assignment, AssignmentState, Incident, IncidentStatus, IncidentTransition, Reservation
from data.steps import Step, TransitionError, checked_moment
from geo.errors import InvalidInputError, RescueError

STANDING = (IncidentStatus.OPEN, IncidentStatus.UNDER_CONTROL)
"""The statuses of an incident that something can still be sent to."""
ENDED = (IncidentStatus.CLOSED, IncidentStatus.MERGED)


class IncidentOverError(RescueError):
    """An incident that is closed or merged, to which nothing can be sent."""


class UnfinishedError(RescueError):
    """An incident that cannot end yet: units are not released, or supplies not settled."""

    def __init__(
        self, incident_id: int, assignment_ids: Sequence[int], reservation_ids: Sequence[int]
    ) -> None:
        left = [
            f"{what} {', '.join(map(str, ids))}"
            for what, ids in (
                ("release or cancel assignments", assignment_ids),
                ("settle reservations", reservation_ids),
            )
            if ids
        ]
        super().__init__(f"incident {incident_id} cannot end yet: {' and '.join(left)}")
        self.assignment_ids = assignment_ids
        self.reservation_ids = reservation_ids


def hold(session: Session, incident_ids: Collection[int]) -> dict[int, str]:
    """Return the status of incidents, keeping others from changing them until the end; locked by id."""
    held = select(Incident.id, Incident.status).where(Incident.id.in_(incident_ids)).order_by(Incident.id)
    found = dict(session.execute(held.with_for_update(key_share=True)).all())
    for incident_id in sorted(set(incident_ids) - set(found)):
        raise NotFoundError(f"there is no incident {incident_id}")
    return found


def hold_standing(session: Session, incident_id: int) -> None:
    """Hold an incident, or raise ``IncidentOverError`` where it is closed or merged."""
    refuse_over(incident_id, hold(session, [incident_id])[incident_id])


def refuse_over(incident_id: int, status: str) -> None:
    """Raise ``IncidentOverError`` unless something can still be sent to an incident of this status."""
    if status not in STANDING:
        raise IncidentOverError(f"incident {incident_id} is {status}: nothing can be sent to it")


def bring_under_control(session: Session, incident_id: int, step: Step) -> IncidentFacts:
    """Say that an incident is under control."""
    _check(session, incident_id, hold(session, [incident_id])[incident_id], IncidentStatus.UNDER_CONTROL)
    return _change(session, incident_id, IncidentStatus.UNDER_CONTROL, step, None)


def open_again(session: Session, incident_id: int, step: Step) -> IncidentFacts:
    """Open an incident that was under control or closed."""
    _check(session, incident_id, hold(session, [incident_id])[incident_id], IncidentStatus.OPEN)
    return _change(session, incident_id, IncidentStatus.OPEN, step, None)


def close(session: Session, incident_id: int, step: Step) -> IncidentFacts:
    """Close an incident; proposals for it end, while units not released or supplies not settled forbid it."""
    _check(session, incident_id, hold(session, [incident_id])[incident_id], IncidentStatus.CLOSED)
    _finish(session, incident_id, step)
    return _change(session, incident_id, IncidentStatus.CLOSED, step, None)


def merge(session: Session, incident_id: int, into_id: int, step: Step) -> IncidentFacts:
    """Merge an incident into another that stands, for good; what closing needs, merging needs."""
    if incident_id == into_id:
        raise InvalidInputError("into", f"incident {incident_id} cannot be merged into itself")
    statuses = hold(session, [incident_id, into_id])
    _check(session, incident_id, statuses[incident_id], IncidentStatus.MERGED)
    refuse_over(into_id, statuses[into_id])
    _finish(session, incident_id, step)
    return _change(session, incident_id, IncidentStatus.MERGED, step, into_id)


def _check(session: Session, incident_id: int, status: str, to: IncidentStatus) -> None:
    allowed = exists().where(IncidentTransition.from_state == status, IncidentTransition.to_state == to)
    if not session.scalar(select(allowed)):
        raise TransitionError(f"incident {incident_id}", status, to)


def _finish(session: Session, incident_id: int, step: Step) -> None:
    """End what is only proposed, and raise ``UnfinishedError`` for what binds somebody or something."""
    of_incident = Assignment.incident_id == incident_id
    session.execute(
        update(Assignment)
        .where(of_incident, Assignment.state == AssignmentState.PROPOSED)
        .values(
            state=AssignmentState.CANCELLED,
            state_at=checked_moment(session, step.happened_at) or func.now(),
            state_by=step.who,
            state_source=step.source,
            state_note="",
        )
        .execution_options(synchronize_session=False)
    )
    units = select(Assignment.id).where(of_incident, Assignment.closed_at.is_(None))
    supplies = select(Reservation.id).where(
        Reservation.incident_id == incident_id, Reservation.closed_at.is_(None)
    )
    out = session.scalars(units.order_by(Assignment.id)).all()
    unsettled = session.scalars(supplies.order_by(Reservation.id)).all()
    if out or unsettled:
        raise UnfinishedError(incident_id, out, unsettled)


def _change(
    session: Session, incident_id: int, to: IncidentStatus, step: Step, into_id: int | None
) -> IncidentFacts:
    at = checked_moment(session, step.happened_at)
    speaking_as(session, step.who, step.source)
    incident = session.get_one(Incident, incident_id, populate_existing=True)
    before, incident.status, incident.merged_into_id = incident.status, to.value, into_id
    if to == IncidentStatus.UNDER_CONTROL:
        incident.under_control_at = at or func.now()
    elif to in ENDED:
        incident.closed_at = at or func.now()
    session.flush()
    session.refresh(incident)
    said = {"from": before, "note": step.note, "into": into_id}
    detail: dict[str, object] = {name: value for name, value in said.items() if value}
    note(session, incident_id, f"incident.{to}", step.who, detail, Told(at, step.source))
    return facts(session, incident_id)
