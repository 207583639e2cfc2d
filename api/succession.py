"""
Who goes instead of a unit that does not come, for what, and how much later each need is met.

The choice is made twice on one picture: as if the unit came as it was promised, and without it. Whoever goes
only in the second one is its successor; nobody is claimed, a person decides.

Where an incident lost several, each is replaced in the order in which they were sent: those sent before it
are out, those sent after it are taken as coming. So no two of them have one successor.
"""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from api.answer import OlderAnswerError, read_answer
from api.answer_choice import ChoiceSaid, SentSaid
from api.answering import search, tested_units
from api.claiming import asked_again
from api.dispatching import Centre, picture_of_recorded
from api.found import Found
from api.needs import NeedsAsked
from api.picture import Picture
from api.saying_choice import say_choice
from api.sending import send
from api.settings import Settings
from api.situations import AS_IT_IS
from data import assignments, incidents
from data.assignment_facts import AssignmentFacts
from data.database import transaction
from data.incident_states import hold_standing
from data.incidents import NotFoundError
from data.models import AssignmentState
from data.record import Progress
from data.watched import clock, overdue_units, progress_of

ALERTED = AssignmentState.ORDERED.value
S_PER_MIN = 60


@dataclass(frozen=True)
class Lost:
    """
    A unit that does not come, by its id.

    Attributes
    ----------
    promised_s : float or None
        How soon it was to be there, from now; None where nothing was promised.
    out : frozenset of int
        Units that the incident lost before.
    coming : frozenset of int
        Units that it lost too, whose successors come after this one's.
    """

    unit_id: int
    promised_s: float | None = None
    out: frozenset[int] = frozenset()
    coming: frozenset[int] = frozenset()


@dataclass(frozen=True)
class NeedFares:
    """
    When a need is met, seconds from now, had the unit come and without it; None where it never is.

    ``missing`` is how much more of it nobody brings.
    """

    need: str
    with_s: float | None
    without_s: float | None
    missing: float

    @property
    def later_s(self) -> float | None:
        """How much later it is met; None where it is never met, or was not to be."""
        if self.with_s is None or self.without_s is None:
            return None
        return self.without_s - self.with_s

    @property
    def later_min(self) -> float | None:
        """The same in minutes, to a tenth."""
        return None if self.later_s is None else round(self.later_s / S_PER_MIN, 1)


@dataclass(frozen=True)
class Succession:
    """Who goes instead of a unit, soonest first, and how each need fares; nobody where nobody helps."""

    unit_id: int
    instead: tuple[SentSaid, ...]
    needs: tuple[NeedFares, ...]

    @property
    def there_s(self) -> float:
        """When all who go instead are there; never where nobody goes."""
        return max((one.arrival_s for one in self.instead), default=math.inf)


def successor_of(assignment_id: int, centre: Centre) -> Succession:
    """
    Return who goes instead of the unit of an assignment, whether it is lost or may yet come.

    Raises
    ------
    NotFoundError
        When there is no such assignment.
    IncidentOverError
        When its incident is closed or merged.
    """
    with transaction(centre.sessions) as session:
        one = assignments.facts(session, assignment_id)
        hold_standing(session, one.incident_id)
    return succession_now(one, centre)


def succession_now(one: AssignmentFacts, centre: Centre) -> Succession:
    """Return who goes instead of the unit of an assignment at this moment."""
    with transaction(centre.sessions) as session:
        lost = lost_unit(session, one)
        asked = asked_before(session, one.incident_id)
    with centre.turn:
        picture = picture_of_recorded(one.incident_id, asked, AS_IT_IS, centre)
        return succession(picture, lost, centre.settings)


def lost_unit(session: Session, one: AssignmentFacts) -> Lost:
    """Return the unit of an assignment as lost, and which others its incident lost."""
    sent = {each.unit_id: each for each in assignments.of_incident(session, one.incident_id)}
    silent = overdue_units(session, one.incident_id)
    gone = [
        each
        for each in sent.values()
        if each.unit_id != one.unit_id and (each.state == AssignmentState.REFUSED or each.id in silent)
    ]
    return Lost(
        one.unit_id,
        promised_s(one, progress_of(session, one.id), clock(session)),
        frozenset(each.unit_id for each in gone if each.id < one.id),
        frozenset(each.unit_id for each in gone if each.id > one.id),
    )


def promised_s(one: AssignmentFacts, progress: Progress, now: datetime) -> float | None:
    """Return how soon a unit was to be there, from now; None where nothing was promised of it."""
    turnout_s, travel_s = one.predicted.predicted_turnout_s, one.predicted.predicted_travel_s
    if turnout_s is None or travel_s is None:
        return None
    passed_s = (now - (progress.ordered_at or one.opened_at)).total_seconds()
    return max(turnout_s + travel_s - passed_s, 0.0)


def asked_before(session: Session, incident_id: int) -> NeedsAsked:
    """Return the needs that people asked for when the incident was last answered."""
    try:
        return asked_again(read_answer(incidents.kept_answer(session, incident_id, None).answer))
    except (NotFoundError, OlderAnswerError):
        return NeedsAsked()


def succession(picture: Picture, lost: Lost, settings: Settings) -> Succession:
    """Return who goes instead of a unit on a picture of this moment."""
    whole = _bound_here(_out_of_service(picture, lost.out), {lost.unit_id, *lost.coming})
    found = search(whole, settings)
    had = _choice(whole, _as_promised(whole, found, lost), settings)
    has = _choice(_out_of_service(whole, {lost.unit_id}), found, settings)
    return compared(lost.unit_id, had, has)


def compared(unit_id: int, had: ChoiceSaid, has: ChoiceSaid) -> Succession:
    """
    Return who goes only in the second of two choices, and how much later it meets each need.

    Where that is nobody, because somebody who would go anyway has not been sent yet, it is whoever that is.
    """
    sent = {one.id for one in had.units}
    unsent = [one for one in has.units if one.assigned is None]
    return Succession(
        unit_id,
        tuple([one for one in unsent if one.id not in sent] or unsent),
        tuple(
            NeedFares(
                need,
                with_s,
                has.met_at_s[need],
                max(has.shortfall.get(need, 0.0) - had.shortfall.get(need, 0.0), 0.0),
            )
            for need, with_s in had.met_at_s.items()
        ),
    )


def said_of(found: Succession) -> dict[str, object]:
    """Return what an event tells of a succession."""
    return {
        "instead": [
            {
                "unit": one.name,
                "unit_id": one.id,
                "call_sign": one.call_sign,
                "phone": one.phone,
                "roles": {role.requirement: role.amount for role in one.roles},
                "arrival_s": one.arrival_s,
            }
            for one in found.instead
        ],
        "needs": _needs(found.needs),
    }


def _needs(needs: Sequence[NeedFares]) -> list[Mapping[str, object]]:
    return [{"need": one.need, "later_min": one.later_min, "missing": one.missing} for one in needs]


def _choice(picture: Picture, found: Found, settings: Settings) -> ChoiceSaid:
    tested = tested_units(picture, found, settings)
    return say_choice(picture, tested.units, found.arrivals, send(tested.offering), ())


def _rows(picture: Picture, unit_ids: Collection[int]) -> NDArray[np.bool_]:
    rows: NDArray[np.bool_] = np.isin(picture.units.id, list(unit_ids))
    return rows


def _out_of_service(picture: Picture, unit_ids: Collection[int]) -> Picture:
    units = picture.units
    return replace(picture, units=replace(units, in_service=units.in_service & ~_rows(picture, unit_ids)))


def _bound_here(picture: Picture, unit_ids: Collection[int]) -> Picture:
    """Return a picture in which units are sent to this incident, as those that are already stay."""
    rows, units = _rows(picture, unit_ids), picture.units
    newly = rows & ~picture.busy_here
    return replace(
        picture,
        units=replace(
            units,
            in_service=units.in_service | rows,
            busy_with=np.where(newly, picture.incident.id or 0, units.busy_with),
            busy_state=np.where(newly, ALERTED, units.busy_state),
        ),
    )


def _as_promised(picture: Picture, found: Found, lost: Lost) -> Found:
    """Return what was found as if a unit were there when it was promised to be."""
    if lost.promised_s is None:
        return found
    row, travel = _rows(picture, {lost.unit_id}), found.units.travel
    time_s = np.where(row, lost.promised_s, travel.time_s)
    ready_s = np.where(row, 0.0, found.arrivals.ready_s)
    return replace(
        found,
        units=replace(found.units, travel=replace(travel, time_s=time_s)),
        arrivals=replace(found.arrivals, ready_s=ready_s),
    )
