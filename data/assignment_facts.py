"""Assignments as the database keeps them, and how to reach the units they bind."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from data.models import ACTIVE_STATES, Assignment, Team, Unit


@dataclass(frozen=True)
class Predicted:
    """
    What the answer promised of a unit; None where it promised nothing.

    Attributes
    ----------
    predicted_turnout_s, predicted_travel_s, predicted_p90_s : float or None
        From the order to the start, from there to the place, and the time nine of ten keep in all.
    predicted_distance_m : float or None
        The length of the way.
    predicted_class : str or None
        The class of road with most of the metres.
    preset : str or None
        The surroundings that slowed every road.
    """

    predicted_turnout_s: float | None = None
    predicted_travel_s: float | None = None
    predicted_p90_s: float | None = None
    predicted_distance_m: float | None = None
    predicted_class: str | None = None
    preset: str | None = None


NOTHING_PREDICTED = Predicted()


@dataclass(frozen=True)
class AssignmentFacts:
    """
    An assignment as recorded, and how to reach whom it binds.

    ``state_at`` is when the state was reached, ``opened_at`` when the assignment was entered, and
    ``diverted_to_id`` the assignment for which a returning unit was released.
    """

    id: int
    incident_id: int
    unit_id: int
    state: str
    how: str
    roles: Mapping[str, float]
    recommendation_number: int | None
    tier: str
    predicted: Predicted
    opened_at: datetime
    state_at: datetime
    state_by: str
    state_source: str
    state_note: str
    diverted_to_id: int | None
    closed_at: datetime | None
    unit: str
    team: str
    call_sign: str
    phone: str

    @property
    def active(self) -> bool:
        """Whether it binds its unit."""
        return self.state in ACTIVE_STATES


def read_assignments(session: Session, wanted: ColumnElement[bool]) -> tuple[AssignmentFacts, ...]:
    """Return the assignments of which something holds, in the order they were made."""
    rows = session.execute(
        select(Assignment, Unit.name, Team.name, Team.call_sign, Team.phone)
        .join(Unit, Assignment.unit_id == Unit.id)
        .join(Team, Unit.team_id == Team.id)
        .where(wanted)
        .order_by(Assignment.id)
        .execution_options(populate_existing=True)
    )
    return tuple(_facts(*row) for row in rows)


def _facts(row: Assignment, unit: str, team: str, call_sign: str, phone: str) -> AssignmentFacts:
    return AssignmentFacts(
        id=row.id,
        incident_id=row.incident_id,
        unit_id=row.unit_id,
        state=row.state,
        how=row.how,
        roles=row.roles,
        recommendation_number=row.recommendation_number,
        tier=row.tier,
        predicted=Predicted(**{one.name: getattr(row, one.name) for one in fields(Predicted)}),
        opened_at=row.opened_at,
        state_at=row.state_at,
        state_by=row.state_by,
        state_source=row.state_source,
        state_note=row.state_note,
        diverted_to_id=row.diverted_to_id,
        closed_at=row.closed_at,
        unit=unit,
        team=team,
        call_sign=call_sign,
        phone=phone,
    )
