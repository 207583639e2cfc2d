"""The story of an incident: the call is recorded, then answered, and the answer is kept."""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from threading import Semaphore

from sqlalchemy.orm import Session

from api.answer import Answer
from api.answering import make_answer
from api.decision_parts import Parts, parts_of
from api.decision_version import DECISION_VERSION
from api.incident_plan import with_asked, with_plan
from api.live_roads import LiveRoads
from api.needs import NeedsAsked
from api.picture import Picture
from api.reading import read_picture, unrecorded
from api.settings import Settings
from api.situations import AS_IT_IS, Situations, WhatIf
from data import incidents
from data.audit import speaking_as
from data.database import DATABASE_LOST, Sessions, transaction
from data.decisions import Basis, keep_inputs
from data.incidents import TOLD_AT_ONCE, KeptAnswer
from data.registry import NewIncident
from geo.errors import InvalidInputError, RescueError

AT_ONCE = os.cpu_count() or 1
Beside = Callable[[Session, int], None]
LOST_MEANWHILE = "the database went away before the answer was kept; ask for a recommendation again"


@dataclass(frozen=True)
class Centre:
    """
    What a command centre works with: the store, the roads, the settings.

    As many incidents as there are processors are answered at once, and others wait their turn: those that
    share a processor would all be late. Calls are recorded without waiting.
    """

    sessions: Sessions
    roads: LiveRoads
    settings: Settings
    turn: Semaphore = field(default_factory=lambda: Semaphore(AT_ONCE), compare=False, repr=False)

    @cached_property
    def situations(self) -> Situations:
        """The roads under the conditions of each moment."""
        return Situations(self.roads)


@dataclass(frozen=True)
class Reported:
    """A recorded incident, and the number of its first recommendation or why there is none."""

    incident_id: int
    number: int | None
    why_none: str | None


def nothing_more(_: Session, __: int) -> None:
    """Write nothing beside a call."""


def answer_call(
    call: NewIncident, asked: NeedsAsked, centre: Centre, beside: Beside = nothing_more
) -> Reported:
    """Record a call, then recommend. A call that cannot be answered stays recorded, and says its number."""
    incident_id = report(call, asked, centre, beside)
    try:
        return Reported(incident_id, recommend(incident_id, asked, centre).number, None)
    except RescueError as error:
        return Reported(incident_id, None, str(error))
    except DATABASE_LOST:
        return Reported(incident_id, None, LOST_MEANWHILE)


def report(call: NewIncident, asked: NeedsAsked, centre: Centre, beside: Beside = nothing_more) -> int:
    """
    Record a call and commit it, before any routing: whatever fails later, the call is not lost.

    ``beside`` writes with it, by the incident's number, what must not be there without it.
    """
    centre.roads.refuse_swapped(call.place)
    _refuse_future(call, centre.settings)
    with transaction(centre.sessions) as session:
        planned = with_plan(session, call, asked, centre.settings.site_radius_m)
        speaking_as(session, call.reported_by, TOLD_AT_ONCE.source)
        incident_id = incidents.record(session, planned)
        beside(session, incident_id)
        return incident_id


def _refuse_future(call: NewIncident, settings: Settings) -> None:
    ahead_s = (call.reported_at - datetime.now(UTC)).total_seconds()
    if ahead_s > settings.clock_tolerance_s:
        raise InvalidInputError("reported_at", f"it is {ahead_s:.0f} s in the future")


@dataclass(frozen=True)
class Made:
    """An answer that is not kept yet, and what it rests on."""

    answer: Answer
    parts: Parts


def recommend(incident_id: int, asked: NeedsAsked, centre: Centre) -> KeptAnswer:
    """Answer a recorded incident with the picture of this moment; keep the answer under the next number."""
    with centre.turn:
        made = _answered(incident_id, asked, centre)
        with transaction(centre.sessions) as session:
            return keep_made(session, incident_id, made)


def answer_anew(incident_id: int, asked: NeedsAsked, centre: Centre) -> Made:
    """Answer a recorded incident with the picture of this moment; nothing of it is kept yet."""
    with centre.turn:
        return _answered(incident_id, asked, centre)


def _answered(incident_id: int, asked: NeedsAsked, centre: Centre) -> Made:
    picture = picture_of_recorded(incident_id, asked, AS_IT_IS, centre)
    return Made(make_answer(picture, centre.settings), parts_of(picture, centre.settings))


def imagine(incident_id: int, asked: NeedsAsked, what_if: WhatIf, centre: Centre) -> Answer:
    """Answer a recorded incident as it would be if something were otherwise; nothing of it is kept."""
    return make_answer(picture_of_recorded(incident_id, asked, what_if, centre), centre.settings)


def recommend_unrecorded(
    call: NewIncident, asked: NeedsAsked, centre: Centre, what_if: WhatIf = AS_IT_IS
) -> Answer:
    """Answer an incident that is only asked about: nothing is recorded."""
    return make_answer(picture_of_call(call, asked, centre, what_if), centre.settings)


def picture_of_call(
    call: NewIncident, asked: NeedsAsked, centre: Centre, what_if: WhatIf = AS_IT_IS
) -> Picture:
    """Read everything an answer to an unrecorded call rests on."""
    with transaction(centre.sessions) as session:
        planned = with_plan(session, call, asked, centre.settings.site_radius_m)
        situation = centre.situations.what_if(session, what_if)
        return read_picture(session, unrecorded(planned), asked, situation, centre.settings)


def kept_answer(incident_id: int, number: int | None, centre: Centre) -> str:
    """Return an answer as it was given: the newest, or the one with a number."""
    with transaction(centre.sessions) as session:
        return incidents.kept_answer(session, incident_id, number).answer


def newest_answered_incident(centre: Centre) -> int | None:
    """Return the last reported incident that has an answer, or None."""
    with transaction(centre.sessions) as session:
        return incidents.newest_answered(session)


def as_kept(answer: Answer, number: int) -> str:
    """Return an answer as it is kept under a number."""
    return answer.model_copy(update={"number": number}).model_dump_json()


def picture_of_recorded(incident_id: int, asked: NeedsAsked, what_if: WhatIf, centre: Centre) -> Picture:
    """Read everything an answer to a recorded incident rests on."""
    with transaction(centre.sessions) as session:
        situation = centre.situations.what_if(session, what_if)
        incident = with_asked(session, incidents.facts(session, incident_id), asked)
        return read_picture(session, incident, asked, situation, centre.settings)


def keep_made(session: Session, incident_id: int, made: Made) -> KeptAnswer:
    """Keep an answer under the incident's next number."""
    answer = made.answer
    number = incidents.next_number(session, incident_id)
    basis = Basis(answer.roads.hash, DECISION_VERSION, keep_inputs(session, made.parts))
    kept = KeptAnswer(incident_id, number, answer.made_at, as_kept(answer, number), basis)
    incidents.keep_answer(session, kept)
    return kept
