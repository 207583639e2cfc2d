"""
Whose arrival became worse: units that are on their way, under the roads and positions of this moment.

A unit is there when it set out plus its way. It sets out from where it was last seen, at that time if it
rolls or stands there still; else when it was ordered plus its turnout. So the mere passing of time changes
nothing, and a unit without a device is late only where the roads are: silence has clocks of its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from api.dispatching import Centre
from api.settings import Settings
from api.situations import Situation
from api.succession import Succession, succession_now
from data import incidents
from data.database import transaction
from data.models import AssignmentState
from data.watched import EASED, WORSENED, Arrival, OnItsWay, clock, note_arrival, on_their_way
from geo.errors import RescueError
from geo.places import Place
from routing.fleet import fleet_travel
from routing.hindrances import hindrances
from routing.profiles import CAR


@dataclass(frozen=True)
class Ahead:
    """
    What lies ahead of a unit.

    Attributes
    ----------
    promised : Arrival or None
        What was said when it was ordered; None where nothing was.
    arrival : Arrival
        As it is now.
    why : str
        What cuts it off, where that is known; else empty.
    version : int
        Of the road conditions.
    """

    one: OnItsWay
    promised: Arrival | None
    arrival: Arrival
    why: str
    version: int

    @property
    def told(self) -> Arrival | None:
        """What was said last; None where nothing was."""
        return self.one.told.arrival if self.one.told else self.promised


@dataclass(frozen=True)
class Redispatch:
    """A unit whose arrival became worse, and who would be there sooner, if anybody."""

    ahead: Ahead
    successor: Succession | None


def redispatch_of(incident_id: int, centre: Centre) -> tuple[Redispatch, ...]:
    """
    Return the units of an incident that are cut off, or late against what was said when they were ordered.

    Raises
    ------
    NotFoundError
        When there is no such incident.
    """
    with transaction(centre.sessions) as session:
        incidents.facts(session, incident_id)
        now, situation = clock(session), centre.situations.now(session)
        sent = on_their_way(session, incident_id)
    with centre.turn:
        found = look_ahead(sent, situation, now, centre.settings)
    threshold_s = centre.settings.redispatch_threshold_s
    worse = [ahead for ahead in found if worsened(ahead.promised, ahead.arrival, threshold_s)]
    return tuple(Redispatch(ahead, better_than(ahead, centre)) for ahead in worse)


def look_ahead(
    sent: Sequence[OnItsWay], situation: Situation, now: datetime, settings: Settings
) -> tuple[Ahead, ...]:
    """
    Return what lies ahead of the units of one incident: one search for each vehicle profile.

    Raises
    ------
    OffNetworkError
        When the incident is too far from every road.
    AllClosedError
        When no road is open.
    """
    if not sent:
        return ()
    latest = now + timedelta(seconds=settings.clock_tolerance_s)
    starts = [start_of(one, latest) for one in sent]
    target = situation.snap_incident(sent[0].incident, settings.incident_limit_m)
    origins = situation.roads.index.snap(
        np.array([start.lon for start, _ in starts]), np.array([start.lat for start, _ in starts])
    )
    profiles = [one.vehicle_profile for one in sent]
    travel = fleet_travel(situation.router, profiles, origins, target)
    why = hindrances(travel, profiles, target, situation.roads.routers.get(CAR), situation.closing)
    return tuple(
        Ahead(one, promised_of(one), arrival_of(leaves_at, float(travel_s)), hindrance, situation.version)
        for one, (_, leaves_at), travel_s, hindrance in zip(sent, starts, travel.time_s, why, strict=True)
    )


def start_of(one: OnItsWay, latest: datetime) -> tuple[Place, datetime]:
    """Return where a unit sets out from, and when; a position dated after ``latest`` is not believed."""
    leaves_at = ready_at(one)
    if one.seen is None or one.seen_at is None or one.seen_at > latest:
        return one.base, leaves_at
    return one.seen, max(one.seen_at, leaves_at)


def ready_at(one: OnItsWay) -> datetime:
    """Return when a unit rolled, else when it is to roll."""
    if one.assignment.state == AssignmentState.EN_ROUTE:
        return one.progress.started_at or one.assignment.state_at
    ordered_at = one.progress.ordered_at or one.assignment.opened_at
    return ordered_at + timedelta(seconds=one.assignment.predicted.predicted_turnout_s or 0.0)


def promised_of(one: OnItsWay) -> Arrival | None:
    """Return the arrival that was said when a unit was ordered."""
    predicted, ordered_at = one.assignment.predicted, one.progress.ordered_at or one.assignment.opened_at
    if predicted.predicted_turnout_s is None or predicted.predicted_travel_s is None:
        return None
    return arrival_of(ordered_at, predicted.predicted_turnout_s + predicted.predicted_travel_s)


def arrival_of(leaves_at: datetime, travel_s: float) -> Arrival:
    """Return when somebody is there who leaves at a moment."""
    return Arrival(leaves_at + timedelta(seconds=travel_s) if np.isfinite(travel_s) else None)


def worsened(before: Arrival | None, after: Arrival, threshold_s: float) -> bool:
    """Whether a unit is cut off that was not, or is later than was said by more than a threshold."""
    if after.at is None:
        return before is None or before.at is not None
    if before is None or before.at is None:
        return False
    return (after.at - before.at).total_seconds() > threshold_s


def eased(before: Arrival, after: Arrival, threshold_s: float) -> bool:
    """Whether a unit that was said to be cut off or late is no longer so late."""
    return worsened(after, before, threshold_s)


def say_changes(found: Sequence[Ahead], centre: Centre) -> tuple[int, ...]:
    """Write an event for each arrival that differs from what was said last, and return their assignments."""
    threshold_s = centre.settings.redispatch_threshold_s
    in_order = sorted(found, key=lambda ahead: ahead.one.assignment.id)
    kinds = [(ahead, _kind(ahead, threshold_s)) for ahead in in_order]
    with transaction(centre.sessions) as session:
        return tuple(
            ahead.one.assignment.id
            for ahead, kind in kinds
            if kind is not None and note_arrival(session, ahead.one, kind, _detail(ahead))
        )


def better_than(ahead: Ahead, centre: Centre) -> Succession | None:
    """Return who could go instead of a unit, if all of them are there before it."""
    with transaction(centre.sessions) as session:
        now = clock(session)
    try:
        found = succession_now(ahead.one.assignment, centre)
    except RescueError:
        return None
    return found if is_better(found, ahead.arrival, now) else None


def is_better(found: Succession, arrival: Arrival, now: datetime) -> bool:
    """Whether all who could go instead of a unit are there before it."""
    if not found.instead:
        return False
    return arrival.at is None or found.there_s < (arrival.at - now).total_seconds()


def _kind(ahead: Ahead, threshold_s: float) -> str | None:
    if worsened(ahead.told, ahead.arrival, threshold_s):
        return WORSENED
    if ahead.one.told and ahead.one.told.worse and eased(ahead.one.told.arrival, ahead.arrival, threshold_s):
        return EASED
    return None


def _detail(ahead: Ahead) -> dict[str, object]:
    told = ahead.told
    return {
        "told_arrival_at": _iso(told),
        "arrival_at": _iso(ahead.arrival),
        "later_s": later_s(told, ahead.arrival),
        "why": ahead.why,
        "conditions_version": ahead.version,
    }


def later_s(before: Arrival | None, after: Arrival) -> float | None:
    """Return how much later an arrival is than another; None where either never comes, or is not known."""
    if before is None or before.at is None or after.at is None:
        return None
    return (after.at - before.at).total_seconds()


def _iso(arrival: Arrival | None) -> str | None:
    return None if arrival is None or arrival.at is None else arrival.at.isoformat()
