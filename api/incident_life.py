"""
The story of an incident after it was answered: under control, merged, closed, opened again.

Said twice, each is as if it were said once. An incident ends when every unit is released and every supply
settled; one that turns out to be another hands them over, and only a person says so.
"""

from collections.abc import Callable, Sequence

from sqlalchemy.orm import Session

from api.dispatching import Centre
from api.saying_so import checked_speaker
from api.stepping import moved, stepped
from data import assignments, incident_states, incidents, reservations
from data.audit import speaking_as
from data.database import DATABASE_LOST, transaction
from data.dispatches import hold_assignment, hold_unit_of
from data.duplicates import Duplicate, Near
from data.duplicates import possible_duplicates as find_duplicates
from data.incident_states import hold, refuse_over
from data.incidents import IncidentFacts
from data.models import AssignmentState, IncidentStatus
from data.moving import move_reservation
from data.steps import Step, TransitionError
from geo.errors import InvalidInputError, RescueError


class ImpossibleChangeError(RescueError):
    """Something that cannot become of an incident as it stands; the message says what stands in the way."""


def incident(incident_id: int, centre: Centre) -> IncidentFacts:
    """Return an incident as it stands."""
    with transaction(centre.sessions) as session:
        return incidents.facts(session, incident_id)


def possible_duplicates(incident_id: int, centre: Centre) -> Sequence[Duplicate]:
    """Return the incidents that stand and may be the same as this one; a person decides whether they are."""
    near = Near(centre.settings.duplicate_within_m, centre.settings.duplicate_within_s)
    with transaction(centre.sessions) as session:
        incidents.facts(session, incident_id)
        return find_duplicates(session, incident_id, near)


def duplicates_of_new(incident_id: int, centre: Centre) -> Sequence[Duplicate]:
    """Return what a call that was just recorded may be; none where the database went away."""
    try:
        return possible_duplicates(incident_id, centre)
    except DATABASE_LOST:
        return ()


def bring_under_control(incident_id: int, told: Step, centre: Centre) -> IncidentFacts:
    """Say that an incident is under control."""
    change = incident_states.bring_under_control
    return _changed(incident_id, IncidentStatus.UNDER_CONTROL, change, told, centre)


def close(incident_id: int, told: Step, centre: Centre) -> IncidentFacts:
    """
    Close an incident.

    Raises
    ------
    UnfinishedError
        When units are out or supplies are not settled: each is named.
    ImpossibleChangeError
        When it was merged into another.
    """
    return _changed(incident_id, IncidentStatus.CLOSED, incident_states.close, told, centre)


def reopen(incident_id: int, told: Step, centre: Centre) -> IncidentFacts:
    """Open an incident again that was closed or under control; a merged one stays what it is."""
    return _changed(incident_id, IncidentStatus.OPEN, incident_states.open_again, told, centre)


def merge(incident_id: int, into_id: int, told: Step, centre: Centre) -> IncidentFacts:
    """
    Merge an incident into another: its units and supplies become the other's, as far as they have come.

    Raises
    ------
    InvalidInputError
        When it is to be merged into itself.
    ImpossibleChangeError
        When it is merged or closed already.
    IncidentOverError
        When the other is closed or merged.
    """
    checked_speaker(told)
    if incident_id == into_id:
        raise InvalidInputError("into", f"incident {incident_id} cannot be merged into itself")
    with transaction(centre.sessions) as session:
        statuses = hold(session, {incident_id, into_id})
        speaking_as(session, told.who, told.source)
        before = incidents.facts(session, incident_id)
        if before.merged_into_id == into_id:
            return before
        _refuse_ended(before)
        _refuse_before_call(before, told)
        refuse_over(into_id, statuses[into_id])
        carriers = _hand_over_units(session, incident_id, into_id, told)
        _hand_over_supplies(session, incident_id, into_id, carriers, told)
        return incident_states.merge(session, incident_id, into_id, told)


def _changed(
    incident_id: int,
    to: IncidentStatus,
    change: Callable[[Session, int, Step], IncidentFacts],
    told: Step,
    centre: Centre,
) -> IncidentFacts:
    checked_speaker(told)
    with transaction(centre.sessions) as session:
        hold(session, {incident_id})
        speaking_as(session, told.who, told.source)
        before = incidents.facts(session, incident_id)
        if before.status == to:
            return before
        _refuse_merged(before)
        _refuse_before_call(before, told)
        try:
            return change(session, incident_id, told)
        except TransitionError as error:
            raise ImpossibleChangeError(f"{error}: open it again first") from error


def _refuse_merged(incident: IncidentFacts) -> None:
    if incident.merged_into_id is not None:
        raise ImpossibleChangeError(
            f"incident {incident.id} was merged into {incident.merged_into_id} for good: go on with that one"
        )


def _refuse_ended(incident: IncidentFacts) -> None:
    _refuse_merged(incident)
    if incident.status == IncidentStatus.CLOSED:
        raise ImpossibleChangeError(f"incident {incident.id} is closed: open it again to merge it")


def _refuse_before_call(incident: IncidentFacts, told: Step) -> None:
    if told.happened_at is not None and told.happened_at < incident.reported_at:
        raise InvalidInputError(
            "happened_at", f"incident {incident.id} was reported at {incident.reported_at}: that was later"
        )


def _hand_over_units(session: Session, incident_id: int, into_id: int, told: Step) -> dict[int, int]:
    """Move every unit that is out, by id, and return the new assignment of each old one."""
    new: dict[int, int] = {}
    for listed in sorted(assignments.of_incident(session, incident_id), key=lambda one: one.unit_id):
        if listed.closed_at is not None:
            continue
        hold_unit_of(session, listed.id)
        hold_assignment(session, listed.id)
        one = assignments.facts(session, listed.id)
        if one.active:
            new[one.id] = moved(session, one.id, into_id, told, as_it_is=True).id
        elif one.state == AssignmentState.RETURNING:
            stepped(session, one.id, AssignmentState.RELEASED, told)
    return new


def _hand_over_supplies(
    session: Session, incident_id: int, into_id: int, carriers: dict[int, int], told: Step
) -> None:
    """Move every open reservation, by stock: whoever carries it goes on carrying it."""
    for one in sorted(reservations.open_of(session, incident_id), key=lambda one: one.stock_id):
        carrier = carriers.get(one.assignment_id) if one.assignment_id is not None else None
        move_reservation(session, one, into_id, carrier, told)
