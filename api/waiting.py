"""
The waiting list: open incidents with what they still need, offered again when more can be had for them.

An offer is a recommendation: it claims nothing. It is made anew only where it is better than the last one, so
that a room is not told the same twice.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from api.answer import Answer, OlderAnswerError, read_answer
from api.dispatching import Centre, Made, answer_anew, keep_made
from api.incident_plan import plan_of, with_asked
from api.needs import Needs, NeedsAsked, label, less_reserved, needs_of
from data import assignments, incidents
from data.assignment_facts import AssignmentFacts
from data.brought import brought_so_far
from data.database import transaction
from data.incidents import IncidentFacts, Told, note
from data.waiting import OpenIncident, open_incidents, went_elsewhere
from geo.errors import RescueError

OFFERED_AGAIN = "incident.offered-again"
OFFERS = "rescuegrid"
NEVER_S = float("inf")


@dataclass(frozen=True)
class Unmet:
    """How much of a need nobody was sent for yet; of a level that one crew must have, 1."""

    name: str
    missing: float
    unit_of_measure: str | None = None


@dataclass(frozen=True)
class Waiting:
    """
    An incident on the waiting list.

    ``why_unknown`` says why nobody can tell what it needs: no plan speaks for it. ``number`` is its newest
    recommendation, None where there is none.
    """

    incident: IncidentFacts
    unmet: tuple[Unmet, ...]
    since: datetime
    number: int | None
    why_unknown: str | None


@dataclass(frozen=True)
class OfferedAgain:
    """A new recommendation for an incident that waits, better than the one before."""

    incident_id: int
    number: int
    units: tuple[int, ...]
    shortfall: Mapping[str, float]


def waiting_list(centre: Centre) -> tuple[Waiting, ...]:
    """Return the open incidents whose needs are not met by what was sent, the gravest first."""
    with transaction(centre.sessions) as session:
        found = [_waiting(session, one) for one in open_incidents(session)]
    return tuple(one for one in found if one.unmet or one.why_unknown)


def offer_again(centre: Centre) -> tuple[OfferedAgain, ...]:
    """Recommend anew for every incident that waits, and keep what is better than the last offer."""
    offered = (_offer(one, centre) for one in waiting_list(centre) if one.why_unknown is None)
    return tuple(one for one in offered if one is not None)


def _waiting(session: Session, one: OpenIncident) -> Waiting:
    incident = incidents.facts(session, one.id)
    try:
        needs = needs_of(session, plan_of(with_asked(session, incident, NeedsAsked())), None)
    except RescueError as error:
        return Waiting(incident, (), one.changed_at, one.number, str(error))
    sent = assignments.active_of(session, one.id)
    still = less_reserved(needs, brought_so_far(session, one.id))
    unmet = (
        *_unmet_roles(needs, sent),
        *(Unmet(s.item, s.quantity, s.unit_of_measure) for s in still.supplies),
    )
    return Waiting(incident, unmet, one.changed_at, one.number, None)


def _unmet_roles(needs: Needs, sent: Sequence[AssignmentFacts]) -> tuple[Unmet, ...]:
    left = [
        (label(need), round(need.needed - sum(one.roles.get(label(need), 0.0) for one in sent), 9))
        for need in needs.capabilities
    ]
    return tuple(Unmet(name, missing) for name, missing in left if missing > 0)


def _offer(waiting: Waiting, centre: Centre) -> OfferedAgain | None:
    """Answer an incident anew, and keep the answer where it is better than the last one."""
    incident_id = waiting.incident.id or 0
    try:
        before = _last_answer(incident_id, waiting.number, centre)
        made = answer_anew(incident_id, NeedsAsked(), centre)
    except RescueError:
        return None
    if better(made.answer, None if _had_gone(incident_id, before, centre) else before):
        return _keep(incident_id, made, centre)
    if before is not None and _void(before, made.answer):
        _replace_void(incident_id, made, centre)
    return None


def _had_gone(incident_id: int, before: Answer | None, centre: Centre) -> bool:
    """Whether somebody who was to go by the last answer went elsewhere meanwhile, back again or not."""
    if before is None:
        return False
    with transaction(centre.sessions) as session:
        return went_elsewhere(session, incident_id, _offered(before), before.made_at)


def _replace_void(incident_id: int, made: Made, centre: Centre) -> None:
    """Keep an answer that offers nobody in the place of one that no longer holds: who comes back is news."""
    with transaction(centre.sessions) as session:
        keep_made(session, incident_id, made)


def _last_answer(incident_id: int, number: int | None, centre: Centre) -> Answer | None:
    if number is None:
        return None
    with transaction(centre.sessions) as session:
        kept = incidents.kept_answer(session, incident_id, number)
    try:
        return read_answer(kept.answer)
    except OlderAnswerError:
        return None


def _keep(incident_id: int, made: Made, centre: Centre) -> OfferedAgain:
    units = _offered(made.answer)
    with transaction(centre.sessions) as session:
        number = keep_made(session, incident_id, made).number
        detail: dict[str, object] = {
            "number": number,
            "units": list(units),
            "shortfall": made.answer.choice.shortfall,
        }
        note(session, incident_id, OFFERED_AGAIN, OFFERS, detail, Told(source=OFFERS))
    return OfferedAgain(incident_id, number, units, made.answer.choice.shortfall)


def better(now: Answer, before: Answer | None) -> bool:
    """
    Whether an answer offers more than the one before.

    It does where it sends somebody new and there was none before, or one of those who were to go no longer
    can; or less is missing of something and more of nothing; or as much is met, something notably sooner.
    """
    if not _offered(now) and not now.supply_choice.deliveries:
        return False
    if before is None:
        return True
    if _void(before, now):
        return bool(_offered(now))
    less, more = _compared(_short(before), _short(now), 0.0)
    if less or more:
        return less and not more
    sooner, later = _compared(_met_s(before), _met_s(now), now.choice.tolerance_s)
    return sooner and not later


def _offered(answer: Answer) -> tuple[int, ...]:
    """Return the units an answer sends that the incident has not got yet."""
    return tuple(one.id for one in answer.choice.units if one.assigned is None)


def _void(before: Answer, now: Answer) -> bool:
    """Whether somebody who was to go by the last answer can go no longer."""
    return not set(_offered(before)) <= {unit.id for unit in now.units} | {one.id for one in now.choice.units}


def _short(answer: Answer) -> Mapping[str, float]:
    return {**answer.choice.shortfall, **answer.supply_choice.shortfall}


def _met_s(answer: Answer) -> Mapping[str, float]:
    return {name: NEVER_S if at_s is None else at_s for name, at_s in answer.choice.met_at_s.items()}


def _compared(before: Mapping[str, float], now: Mapping[str, float], by: float) -> tuple[bool, bool]:
    """Return whether anything became less, and whether anything became more, by more than so much."""
    names = before.keys() | now.keys()
    then_and_now = [(before.get(name, 0.0), now.get(name, 0.0)) for name in names]
    return any(b - a > by for b, a in then_and_now), any(a - b > by for b, a in then_and_now)
