"""Whose the units are that are not ours, and the mutual-aid agreements they come under."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.models import Agreement, Authority


@dataclass(frozen=True)
class AuthorityFacts:
    """An organisation that is asked for its units: the office that approves, and how long that takes."""

    id: int
    name: str
    approver: str
    phone: str
    approval_s: float


@dataclass(frozen=True)
class AgreementFacts:
    """What an authority has promised; a kind or capability of None is any."""

    authority_id: int
    number: str
    incident_kind: str | None
    capability: str | None
    mobilise_within_s: float
    call_out_cost_yuan: float
    cost_per_hour_yuan: float
    consents_to_bare_site: bool
    valid_from: date
    valid_until: date | None

    def holds(self, day: date, kind: str) -> bool:
        """Whether it is in force on a day for a kind of incident."""
        begun = self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)
        return begun and self.incident_kind in (None, kind)


def all_authorities(session: Session) -> tuple[AuthorityFacts, ...]:
    """Read every authority, in order of id."""
    rows = session.scalars(select(Authority).order_by(Authority.id))
    return tuple(AuthorityFacts(row.id, row.name, row.approver, row.phone, row.approval_s) for row in rows)


def all_agreements(session: Session) -> tuple[AgreementFacts, ...]:
    """Read every agreement, those that name more first, then in order of id."""
    rows = session.scalars(
        select(Agreement).order_by(
            Agreement.capability.is_(None), Agreement.incident_kind.is_(None), Agreement.id
        )
    )
    return tuple(
        AgreementFacts(
            authority_id=row.authority_id,
            number=row.number,
            incident_kind=row.incident_kind,
            capability=row.capability,
            mobilise_within_s=row.mobilise_within_s,
            call_out_cost_yuan=row.call_out_cost_yuan,
            cost_per_hour_yuan=row.cost_per_hour_yuan,
            consents_to_bare_site=row.consents_to_bare_site,
            valid_from=row.valid_from,
            valid_until=row.valid_until,
        )
        for row in rows
    )
